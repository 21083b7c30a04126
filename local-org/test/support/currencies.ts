/** A project whose org has several currencies, and its rows of rates. */
import type { OrgRuntime } from '../../src/runtime/OrgRuntime.ts';
import type { Transaction } from '../../src/runtime/types.ts';
import { planProject } from '../schema/planProject.ts';
import { date, decimal, dml, record } from '../runtime/helpers.ts';

/** @param dated dated exchange rates (advanced currency management) */
export function multiCurrencyProject(dated: boolean, changes: Readonly<Record<string, string>> = {}): string {
  return planProject({
    ...changes,
    'config/project-scratch-def.json': JSON.stringify({
      orgName: 'Currencies',
      features: ['MultiCurrency'],
      settings: { currencySettings: { enableMultiCurrency: true, enableCurrencyEffectiveDates: dated } },
    }),
  });
}

/** Inserts currencies with their static rates, and dated rates, as a client of the REST API does. */
export function rates(
  org: OrgRuntime,
  transaction: Transaction,
  currencies: Readonly<Record<string, string>>,
  dated: readonly (readonly [isoCode: string, from: string, rate: string])[],
): void {
  const types = Object.entries(currencies).map(([IsoCode, rate]) =>
    record(org, 'CurrencyType', { IsoCode, ConversionRate: decimal(rate), DecimalPlaces: 2, IsActive: true }),
  );
  transaction.runAs(org.administratorId, () => {
    dml(transaction, 'insert', types, { fromClient: true });
    if (dated.length > 0)
      dml(
        transaction,
        'insert',
        dated.map(([IsoCode, from, rate]) =>
          record(org, 'DatedConversionRate', { IsoCode, StartDate: date(from), ConversionRate: decimal(rate) }),
        ),
        { fromClient: true },
      );
  });
}
