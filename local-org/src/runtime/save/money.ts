/** What an org with several currencies checks and keeps in line when records are saved. */
import type { ObjectDescribe } from '../../schema/types.ts';
import type { ExchangeRates } from '../../soql/ExchangeRates.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { Decimal } from '../../values/Decimal.ts';
import { addError, sameValue, textOf } from './rows.ts';
import type { SaveRow } from './rows.ts';
import type { SaveServices } from './services.ts';

type Check = (row: SaveRow, services: SaveServices, rates: ExchangeRates) => void;

/** Object Reference, CurrencyType. The corporate currency is chosen when the org is made. */
const currencyType: Check = (row, _services, rates) => {
  const { values } = row.record;
  const isCorporate = values.get('IsoCode') === rates.corporate;
  const rate = values.get('ConversionRate');
  if (values.get('IsCorporate') === true && !isCorporate)
    addError(
      row,
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      `the local org does not change the corporate currency; it is ${rates.corporate}`,
      ['IsCorporate'],
    );
  if (!isCorporate) {
    if (rate instanceof Decimal && rate.signum() <= 0)
      addError(row, 'NUMBER_OUTSIDE_VALID_RANGE', 'Conversion Rate: must be greater than zero', ['ConversionRate']);
    return;
  }
  values.set('IsCorporate', true);
  if (rate instanceof Decimal && !rate.equals(Decimal.ONE))
    addError(row, 'FIELD_INTEGRITY_EXCEPTION', 'The conversion rate of the corporate currency is 1', [
      'ConversionRate',
    ]);
  if (values.get('IsActive') !== true)
    addError(row, 'FIELD_INTEGRITY_EXCEPTION', 'The corporate currency is always active', ['IsActive']);
};

const datedRate: Check = (row, services) => {
  const { values } = row.record;
  const rate = values.get('ConversionRate');
  if (rate instanceof Decimal && rate.signum() <= 0)
    addError(row, 'NUMBER_OUTSIDE_VALID_RANGE', 'Exchange Rate: must be greater than zero', ['ConversionRate']);
  const start = values.get('StartDate');
  if (!row.old && start instanceof ApexDate) {
    const same = services.store.all('SELECT "Id" FROM "DatedConversionRate" WHERE "IsoCode" = ? AND "StartDate" = ?', [
      textOf(values.get('IsoCode')),
      start.days,
    ]);
    if (same.length > 0)
      addError(
        row,
        'DUPLICATE_VALUE',
        `there is a rate of ${textOf(values.get('IsoCode'))} from ${start.toString()} on`,
        ['StartDate'],
      );
  }
};

/** Object Reference, OpportunityLineItem: CurrencyIsoCode must match that of the price book entry. */
const lineItem: Check = (row, services) => {
  const { values } = row.record;
  const entry = values.get('PricebookEntryId');
  if (typeof entry !== 'string') return;
  if (!sameValue(services.derivation.lookUp('PricebookEntry', entry, 'CurrencyIsoCode'), values.get('CurrencyIsoCode')))
    addError(
      row,
      'FIELD_INTEGRITY_EXCEPTION',
      'field integrity exception: PricebookEntryId (the currency of the price book entry does not match the currency of the opportunity)',
      ['PricebookEntryId'],
    );
};

/** Object Reference, Opportunity: CurrencyIsoCode must match the price book entries of its products. Amounts stay as they are. */
const opportunity: Check = (row, services) => {
  const { values } = row.record;
  const currency = values.get('CurrencyIsoCode');
  if (!row.old || sameValue(row.old.values.get('CurrencyIsoCode'), currency)) return;
  const other = services.store.all(
    'SELECT 1 FROM "OpportunityLineItem" WHERE "IsDeleted" = 0 AND "OpportunityId" = ? AND "CurrencyIsoCode" IS NOT ? LIMIT 1',
    [row.record.id, textOf(currency)],
  );
  if (other.length > 0)
    addError(
      row,
      'FIELD_INTEGRITY_EXCEPTION',
      'field integrity exception: CurrencyIsoCode (the opportunity has products with prices in another currency)',
      ['CurrencyIsoCode'],
    );
};

const CHECKS: Readonly<Record<string, Check>> = {
  CurrencyType: currencyType,
  DatedConversionRate: datedRate,
  OpportunityLineItem: lineItem,
  Opportunity: opportunity,
};

export function checkMoney(
  rows: readonly SaveRow[],
  describe: ObjectDescribe,
  services: SaveServices,
  rates: ExchangeRates,
): void {
  const check = CHECKS[describe.name];
  if (check) for (const row of rows) check(row, services, rates);
}

const RATE_OBJECTS: ReadonlySet<string> = new Set(['CurrencyType', 'DatedConversionRate']);

/** After rows of an object were written or deleted. */
export function moneyWritten(describe: ObjectDescribe, services: SaveServices): void {
  if (!RATE_OBJECTS.has(describe.name)) return;
  if (describe.name === 'DatedConversionRate')
    services.store.run(
      'UPDATE "DatedConversionRate" SET "NextStartDate" = (SELECT min(later."StartDate") FROM "DatedConversionRate" later WHERE later."IsoCode" = "DatedConversionRate"."IsoCode" AND later."StartDate" > "DatedConversionRate"."StartDate")',
      [],
    );
  services.ratesWritten();
}
