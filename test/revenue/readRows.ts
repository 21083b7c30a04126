/** Reads an org's rows as plain values, in system mode. */
import type { QueryResult, Transaction } from '../../local-org/src/runtime/types.ts';
import type { SObjectRecord } from '../../local-org/src/schema/record.ts';
import type { ApexDate } from '../../local-org/src/values/ApexDate.ts';
import type { Decimal } from '../../local-org/src/values/Decimal.ts';
import { FIGURES, FORMULAS, money } from './expected.ts';
import type { Money, OpportunityRow, PlanRow, Rates, Rows } from './expected.ts';
import type { DocumentRow, PartRow, ScheduleRow, SourceRecords } from './sourceRecords.ts';
import { VARIANTS } from './variants.ts';
import type { SourceName, Variant, VariantName } from './variants.ts';

type Values = SObjectRecord['values'];

/** Rows of a query. */
export function read(transaction: Transaction, soql: string, allRows = false): readonly Values[] {
  return records(transaction, soql, allRows).map(({ values }) => values);
}

function records(transaction: Transaction, soql: string, allRows = false): readonly SObjectRecord[] {
  const { records: found }: QueryResult = transaction.query(soql, {
    accessMode: 'system',
    sharing: 'without',
    countLimits: false,
    allRows,
  });
  return found;
}

/** A value as text. */
export function text(values: Values, name: string): string | null {
  const value = (values.get(name) ?? null) as string | ApexDate | Decimal | null;
  return value === null ? null : value.toString();
}

function amount(values: Values, name: string): Money | null {
  const value = text(values, name);
  return value === null ? null : money(value);
}

function amounts<Name extends string>(values: Values, names: readonly Name[]): Record<Name, Money | null> {
  return Object.fromEntries(names.map((name) => [name, amount(values, name)])) as Record<Name, Money | null>;
}

/** Everything that plans and links depend on, and what they are. */
export function readRows(transaction: Transaction, name: VariantName, sources: readonly SourceName[]): Rows {
  const variant: Variant = VARIANTS[name];
  const currency = variant.hasCurrencies ? ', CurrencyIsoCode' : '';
  const locked = variant.isAutomated ? ', Locked__c' : '';
  return {
    accounts: read(transaction, 'SELECT Id, ParentId FROM Account').map((row) => ({
      id: text(row, 'Id') as string,
      parentId: text(row, 'ParentId'),
    })),
    plans: read(
      transaction,
      `SELECT Id, Account__c, Period__c, Start_Date__c, End_Date__c, Approval_Status__c, Covers_Child_Accounts__c,
         Sales_Target__c, Revenue_Source__c, Needs_Recalculation__c, ${FIGURES.join(', ')},
         ${FORMULAS.join(', ')}${currency}${locked} FROM Key_Account_Plan__c`,
    ).map((row): PlanRow => ({
      id: text(row, 'Id') as string,
      accountId: text(row, 'Account__c') as string,
      period: text(row, 'Period__c'),
      start: text(row, 'Start_Date__c') as string,
      end: text(row, 'End_Date__c') as string,
      status: text(row, 'Approval_Status__c'),
      source: text(row, 'Revenue_Source__c'),
      isLocked: row.get('Locked__c') === true,
      coversChildren: row.get('Covers_Child_Accounts__c') === true,
      target: amount(row, 'Sales_Target__c'),
      currency: text(row, 'CurrencyIsoCode'),
      needsRecalculation: row.get('Needs_Recalculation__c') === true,
      figures: amounts(row, FIGURES),
      formulas: amounts(row, FORMULAS),
    })),
    opportunities: read(
      transaction,
      `SELECT Id, AccountId, CloseDate, IsClosed, IsWon, ForecastCategory, Amount, ExpectedRevenue, Probability, NextStep,
         Key_Account_Plan__c, Plan_Assignment__c${currency} FROM Opportunity`,
    ).map((row): OpportunityRow => ({
      id: text(row, 'Id') as string,
      accountId: text(row, 'AccountId'),
      closeDate: text(row, 'CloseDate') as string,
      isClosed: row.get('IsClosed') === true,
      isWon: row.get('IsWon') === true,
      category: text(row, 'ForecastCategory') as string,
      amount: amount(row, 'Amount'),
      expected: amount(row, 'ExpectedRevenue'),
      probability: amount(row, 'Probability'),
      currency: text(row, 'CurrencyIsoCode'),
      planId: text(row, 'Key_Account_Plan__c'),
      assignment: text(row, 'Plan_Assignment__c'),
      isDisputed: variant.isAutomated === true && text(row, 'NextStep') === 'Disputed',
    })),
    records: readSources(transaction, currency, sources),
    rates: variant.hasCurrencies ? readRates(transaction) : { fixed: new Map(), dated: [] },
  };
}

function readSources(transaction: Transaction, currency: string, sources: readonly SourceName[]): SourceRecords {
  const when = <T>(source: SourceName, readAll: () => readonly T[]): readonly T[] =>
    sources.includes(source) ? readAll() : [];
  const parts = (object: string, amountField: string): readonly PartRow[] =>
    read(transaction, `SELECT OpportunityId, ${amountField}${currency} FROM ${object}`).map((row) => ({
      opportunityId: text(row, 'OpportunityId') as string,
      amount: amount(row, amountField),
      currency: text(row, 'CurrencyIsoCode'),
    }));
  const documents = (object: string, [account, day, status, total]: readonly string[]): readonly DocumentRow[] =>
    read(
      transaction,
      `SELECT ${account ?? ''}, ${day ?? ''}, ${status ?? ''}, ${total ?? ''}${currency} FROM ${object}`,
    ).map((row) => ({
      accountId: text(row, account ?? ''),
      day: text(row, day ?? ''),
      status: text(row, status ?? ''),
      amount: amount(row, total ?? ''),
      currency: text(row, 'CurrencyIsoCode'),
    }));
  return {
    lines: when('Product_Lines', () => parts('OpportunityLineItem', 'TotalPrice')),
    splits: when('Opportunity_Splits', () => parts('OpportunitySplit', 'SplitAmount')),
    schedules: when('Product_Schedules', () =>
      records(
        transaction,
        `SELECT ScheduleDate, Revenue, OpportunityLineItem.OpportunityId${currency} FROM OpportunityLineItemSchedule`,
      ).map((row): ScheduleRow => ({
        opportunityId: text(
          (row.related.get('OpportunityLineItem') as SObjectRecord).values,
          'OpportunityId',
        ) as string,
        day: text(row.values, 'ScheduleDate') as string,
        amount: amount(row.values, 'Revenue'),
        currency: text(row.values, 'CurrencyIsoCode'),
      })),
    ),
    orders: when('Orders', () => documents('Order', ['AccountId', 'EffectiveDate', 'StatusCode', 'TotalAmount'])),
    invoices: when('Imported_Invoices', () =>
      documents('Imported_Invoice__c', ['Account__c', 'Invoice_Date__c', 'Status__c', 'Amount__c']),
    ),
  };
}

function readRates(transaction: Transaction): Rates {
  return {
    fixed: new Map(
      read(transaction, 'SELECT IsoCode, ConversionRate FROM CurrencyType').map((row) => [
        text(row, 'IsoCode') as string,
        amount(row, 'ConversionRate') as Money,
      ]),
    ),
    dated: read(
      transaction,
      'SELECT IsoCode, StartDate, ConversionRate FROM DatedConversionRate ORDER BY StartDate',
    ).map((row) => ({
      isoCode: text(row, 'IsoCode') as string,
      from: text(row, 'StartDate') as string,
      rate: amount(row, 'ConversionRate') as Money,
    })),
  };
}
