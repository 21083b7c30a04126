/** A history: settings of the org and what people do one after another. Plain data, so that it can be printed and cut down. */

import type { SourceName, VariantName } from './variants.ts';

export type ObjectName =
  | 'Account'
  | 'Opportunity'
  | 'Key_Account_Plan__c'
  | 'OpportunityLineItem'
  | 'OpportunityLineItemSchedule'
  | 'OpportunitySplit'
  | 'Order'
  | 'OrderItem'
  | 'Imported_Invoice__c';
/** Text in the form of the field's type; `@name` points to the record of that name. */
export type Value = string | number | boolean | null;

export interface Row {
  /** Name of the record within the history: a1, o12, p3. */
  readonly name: string;
  readonly fields: Readonly<Record<string, Value>>;
}

export interface Writing {
  readonly verb: 'insert' | 'update' | 'upsert' | 'delete' | 'undelete';
  readonly object: ObjectName;
  readonly rows: readonly Row[];
  readonly allOrNone: boolean;
}

export type Statement =
  | Writing
  /** The first row is the winner. */
  | { readonly verb: 'merge'; readonly rows: readonly Row[] }
  | { readonly verb: 'savepoint' }
  | { readonly verb: 'rollback' };

export interface Operation {
  /** What a person would call it. */
  readonly label: string;
  /** Run in one transaction. */
  readonly statements: readonly Statement[];
  /** True: code goes on after a statement that failed as a whole. False: the transaction ends there and is rolled back. */
  readonly catches: boolean;
  /** Minutes that pass before the operation. */
  readonly minutes: number;
  /**
   * What happens outside of transactions; `jobs`: the queued jobs run; `audit`: the statements run while the package's
   * triggers are switched off, and an audit after them.
   */
  readonly more?: 'jobs' | 'empty recycle bin' | 'audit';
  /** Name of the account manager who does it, with no more than they may; an administrator unless given. */
  readonly by?: string;
  /** An exchange rate that is changed before the audit. */
  readonly rate?: RateChange;
}

export interface RateChange {
  readonly isoCode: string;
  /** First day of the dated rate; null for the rate that holds before all of them. */
  readonly from: string | null;
  readonly rate: string;
}

export interface OrgSettings {
  readonly variant: VariantName;
  /** What plans of the history may be measured by besides opportunity amounts. */
  readonly sources: readonly SourceName[];
  readonly allowsOverlaps: boolean;
  /** Revenue_Row_Budget__c; null: the package's default. */
  readonly rowBudget: number | null;
  /** True: queued jobs run only when the history says so and at its end; false: after each step. */
  readonly jobsLag: boolean;
}

export interface History {
  readonly seed: number;
  readonly settings: OrgSettings;
  readonly operations: readonly Operation[];
}

const PRINTED_ROWS = 6;

/** A history as text, one statement a line. */
export function describeHistory({ settings, operations }: History): string {
  return [
    `settings ${JSON.stringify(settings)}`,
    ...operations.map((operation, index) => `${index + 1}. ${describeOperation(operation)}`),
  ].join('\n');
}

function describeOperation({ label, statements, catches, minutes, more, by, rate }: Operation): string {
  const facts = [
    more,
    by === undefined ? undefined : `by ${by}`,
    rate === undefined ? undefined : JSON.stringify(rate),
    minutes > 1 ? `${minutes} minutes later` : undefined,
    catches ? 'failures caught' : undefined,
  ];
  const note = facts.filter((fact) => fact !== undefined).join(', ');
  return [`${label}${note === '' ? '' : ` (${note})`}`, ...statements.map(describeStatement)].join('\n     ');
}

function describeStatement(statement: Statement): string {
  if (!('rows' in statement)) return statement.verb;
  const { rows } = statement;
  const object = 'object' in statement ? ` ${statement.object}` : '';
  const partly = 'allOrNone' in statement && !statement.allOrNone ? ', allOrNone=false' : '';
  const printed = rows.slice(0, PRINTED_ROWS).map(({ name, fields }) => `${name} ${JSON.stringify(fields)}`);
  const rest = rows.length > PRINTED_ROWS ? `; … ${rows.length} rows` : '';
  return `${statement.verb}${object}${partly}: ${printed.join('; ')}${rest}`;
}
