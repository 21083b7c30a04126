/** What an org holds before any history: rates, fiscal years, products with prices, users. */
import type { OrgRuntime } from '../../local-org/src/runtime/OrgRuntime.ts';
import type { Transaction } from '../../local-org/src/runtime/types.ts';
import { date, decimal, dml, insert, query, record } from '../../local-org/test/runtime/helpers.ts';
import { rates } from '../../local-org/test/support/currencies.ts';
import { DATED_RATES, RATES } from './expected.ts';
import { FISCAL_PERIODS } from './fiscal.ts';
import { CURRENCIES, PRICES, USERS } from './generate/scene.ts';
import type { Variant } from './variants.ts';

/** Fills a new org; returns the Ids of what histories call by name. */
export function furnish(org: OrgRuntime, transaction: Transaction, variant: Variant): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  if (variant.hasCurrencies) rates(org, transaction, RATES, DATED_RATES);
  if (variant.hasCustomFiscalYears) defineFiscalYears(org, transaction);
  if (variant.sources?.some((source) => source !== 'Imported_Invoices'))
    for (const currency of variant.hasCurrencies ? CURRENCIES : [null]) addPrices(org, transaction, currency, names);
  if (variant.sources?.includes('Opportunity_Splits'))
    for (const type of rowsOf(transaction, 'SELECT Id, DeveloperName FROM OpportunitySplitType'))
      names.set(`split${type['DeveloperName'] ?? ''}`, type['Id'] ?? '');
  if (variant.hasUsers || variant.sources?.includes('Opportunity_Splits'))
    for (const name of USERS) names.set(name, addAccountManager(org, transaction, name));
  return names;
}

type TextRow = Readonly<Record<string, string>>;
const rowsOf = (transaction: Transaction, soql: string): readonly TextRow[] =>
  query(transaction, soql) as unknown as readonly TextRow[];

function defineFiscalYears(org: OrgRuntime, transaction: Transaction): void {
  let year: string | null = null;
  for (const { type, start, end, number } of FISCAL_PERIODS) {
    const days = { StartDate: date(start), EndDate: date(end) };
    const add = (object: string, values: Readonly<Record<string, unknown>>): string | null =>
      dml(transaction, 'insert', [record(org, object, { ...days, ...values })], { fromClient: true })[0]?.id ?? null;
    if (type === 'Year') year = add('FiscalYearSettings', { Name: `Fiscal ${start.slice(0, 4)}` });
    add('Period', { FiscalYearSettingsId: year, Type: type, Number: number });
  }
}

function addPrices(
  org: OrgRuntime,
  transaction: Transaction,
  currency: string | null,
  names: Map<string, string>,
): void {
  const [book] = rowsOf(transaction, 'SELECT Id FROM Pricebook2 WHERE IsStandard = TRUE');
  const canUseSchedules = org.object('Product2').field('CanUseRevenueSchedule') !== undefined;
  for (const price of PRICES) {
    const [product] = insert(
      transaction,
      record(org, 'Product2', {
        Name: `Product at ${price}`,
        IsActive: true,
        ...(canUseSchedules ? { CanUseRevenueSchedule: true } : {}),
      }),
    );
    const [entry = ''] = insert(
      transaction,
      record(org, 'PricebookEntry', {
        Product2Id: product,
        Pricebook2Id: book?.['Id'],
        UnitPrice: decimal(price),
        IsActive: true,
        ...(currency === null ? {} : { CurrencyIsoCode: currency }),
      }),
    );
    names.set(`price${price}${currency ?? ''}`, entry);
  }
  names.set('pricebook', book?.['Id'] ?? '');
}

/** A standard user with the package's Account Manager permission set and nothing more. */
function addAccountManager(org: OrgRuntime, transaction: Transaction, name: string): string {
  const [profile] = rowsOf(transaction, "SELECT Id FROM Profile WHERE Name = 'Standard User'");
  const [set] = rowsOf(transaction, "SELECT Id FROM PermissionSet WHERE Name = 'Keystone_Account_Manager'");
  return transaction.runAs(org.administratorId, () => {
    const [user = ''] = insert(
      transaction,
      record(org, 'User', {
        Alias: name,
        LastName: name,
        Username: `${name}@example.com`,
        Email: `${name}@example.com`,
        ProfileId: profile?.['Id'],
        TimeZoneSidKey: 'America/Los_Angeles',
        LocaleSidKey: 'en_US',
        LanguageLocaleKey: 'en_US',
        EmailEncodingKey: 'UTF-8',
      }),
    );
    insert(transaction, record(org, 'PermissionSetAssignment', { AssigneeId: user, PermissionSetId: set?.['Id'] }));
    return user;
  });
}
