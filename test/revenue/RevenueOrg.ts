/** A local org with the package on which histories run one after another, each from the same beginning. */
import { join } from 'node:path';
import { launch } from '../../local-org/src/cli/launch.ts';
import { DmlFailure, RuntimeProblem } from '../../local-org/src/runtime/errors.ts';
import type { OrgRuntime } from '../../local-org/src/runtime/OrgRuntime.ts';
import type { FailedJob } from '../../local-org/src/runtime/jobs/types.ts';
import type { QueryResult, RecordError, Savepoint, Transaction } from '../../local-org/src/runtime/types.ts';
import { SObjectRecord } from '../../local-org/src/schema/record.ts';
import { ApexDate } from '../../local-org/src/values/ApexDate.ts';
import { Decimal } from '../../local-org/src/values/Decimal.ts';
import { rates } from '../../local-org/test/support/currencies.ts';
import { DATED_RATES, FIGURES, FORMULAS, money, RATES } from './expected.ts';
import type { Money, OpportunityRow, PlanRow, Rows } from './expected.ts';
import type { ObjectName, Operation, OrgSettings, Row, Statement, Value, Writing } from './history.ts';

const ROOT = join(import.meta.dirname, '../..');
const SINGLE_CURRENCY = join(ROOT, 'config/project-scratch-def.json');
const MULTI_CURRENCY = join(ROOT, 'config/multi-currency-scratch-def.json');
const BEGINNING = Date.UTC(2027, 4, 15, 12);
const MINUTE = 60_000;
/** The store's own tables that describe it, and Ids that are never used twice. */
const KEPT_TABLES = "'$format', '$object', '$field', '$sequence', '$value'";

/** What came of a row that a person wrote. */
export interface WrittenRow {
  readonly id: string;
  readonly fields: Row['fields'];
}

/** What came of an operation. */
export interface Outcome {
  /** Rows that were saved and not taken back, the last state of each last. */
  readonly written: readonly WrittenRow[];
  /** Errors that no rule of data explains: something broke. */
  readonly breakages: readonly string[];
}

/** What a program that broke says; everything else is a refusal for a reason. */
const BREAKAGE = /exception|too many|limit|internal|cannot read|undefined/i;
/** Refusals that the words above would catch. */
const REFUSAL = /FIELD_CUSTOM_VALIDATION_EXCEPTION/;
/** Fields that the package fills: what it fills may not be refused. */
const LINK_FIELDS: readonly string[] = ['Key_Account_Plan__c'];

export class RevenueOrg {
  readonly #org: OrgRuntime;
  readonly #isMultiCurrency: boolean;
  /** Condition of the rows that histories made, by table. */
  readonly #made: ReadonlyMap<string, string>;
  readonly #failedJobs: FailedJob[] = [];
  #names = new Map<string, string>();
  #now = BEGINNING;

  constructor(isMultiCurrency: boolean) {
    this.#isMultiCurrency = isMultiCurrency;
    const { org } = launch({
      source: ROOT,
      definition: isMultiCurrency ? MULTI_CURRENCY : SINGLE_CURRENCY,
      jobsInBackground: true,
      clock: () => this.#now,
    });
    this.#org = org as OrgRuntime;
    this.#org.onJobFailure((failed) => this.#failedJobs.push(failed));
    if (isMultiCurrency) this.#inTransaction((transaction) => rates(this.#org, transaction, RATES, DATED_RATES));
    this.#made = this.#conditions();
  }

  close(): void {
    this.#org.close();
  }

  /** Forgets everything that histories did, and gives the org its settings. */
  begin(settings: OrgSettings): void {
    const { store } = this.#org;
    this.#names = new Map();
    this.#failedJobs.length = 0;
    this.#now = BEGINNING;
    this.#inTransaction(() => {
      for (const [table, condition] of this.#made) store.run(`DELETE FROM "${table}" WHERE ${condition}`, []);
    });
    const record = new SObjectRecord(this.#org.object('Keystone_Settings__c'));
    record.values.set('SetupOwnerId', this.#org.organizationId);
    record.values.set('Allow_Overlapping_Plans__c', settings.allowsOverlaps);
    if (settings.rowBudget !== null) record.values.set('Revenue_Row_Budget__c', Decimal.fromNumber(settings.rowBudget));
    this.#inTransaction((transaction) =>
      transaction.dml({
        operation: 'insert',
        records: [record],
        allOrNone: true,
        accessMode: 'system',
        sharing: 'without',
      }),
    );
  }

  /** Runs an operation in a transaction of its own. What it queues waits for `runJobs`. */
  run(operation: Operation): Outcome {
    this.#now += operation.minutes * MINUTE;
    if (operation.more === 'empty recycle bin') this.#emptyRecycleBin();
    const names = new Map(this.#names);
    const breakages: string[] = [];
    try {
      const written = this.#inTransaction((transaction) =>
        new Script(this.#org, transaction, names, breakages).run(operation),
      );
      this.#names = names;
      return { written, breakages };
    } catch (error) {
      if (!(error instanceof DmlFailure || error instanceof RuntimeProblem)) throw error;
      return { written: [], breakages };
    }
  }

  /** Runs the jobs that are due; returns what went wrong. */
  runJobs(): readonly string[] {
    const most = 500;
    let steps = 0;
    while (this.#org.runNextStep()) if (++steps > most) return [`the jobs did not end after ${most} steps`];
    const failures = this.#failedJobs.map(({ failure }) => `a job failed: ${JSON.stringify(failure)}`);
    this.#failedJobs.length = 0;
    return failures;
  }

  /** Name of a record within the history, or its Id. */
  nameOf(id: string | null): string {
    if (id === null) return 'none';
    for (const [name, known] of this.#names) if (known === id) return name;
    return id;
  }

  rows(): Rows {
    const currency = this.#isMultiCurrency ? ', CurrencyIsoCode' : '';
    return this.#inTransaction((transaction) => ({
      accounts: read(transaction, 'SELECT Id, ParentId FROM Account').map((row) => ({
        id: text(row, 'Id') as string,
        parentId: text(row, 'ParentId'),
      })),
      plans: read(
        transaction,
        `SELECT Id, Account__c, Start_Date__c, End_Date__c, Approval_Status__c, Covers_Child_Accounts__c, Sales_Target__c,
           Needs_Recalculation__c, ${FIGURES.join(', ')}, ${FORMULAS.join(', ')}${currency} FROM Key_Account_Plan__c`,
      ).map((row): PlanRow => ({
        id: text(row, 'Id') as string,
        accountId: text(row, 'Account__c') as string,
        start: text(row, 'Start_Date__c') as string,
        end: text(row, 'End_Date__c') as string,
        isApproved: text(row, 'Approval_Status__c') === 'Approved',
        coversChildren: row.get('Covers_Child_Accounts__c') === true,
        target: amount(row, 'Sales_Target__c'),
        currency: text(row, 'CurrencyIsoCode'),
        needsRecalculation: row.get('Needs_Recalculation__c') === true,
        figures: amounts(row, FIGURES),
        formulas: amounts(row, FORMULAS),
      })),
      opportunities: read(
        transaction,
        `SELECT Id, AccountId, CloseDate, IsClosed, IsWon, ForecastCategory, Amount, ExpectedRevenue, Probability,
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
      })),
    }));
  }

  /** What waits in the package's queue: Ids of plans, and whether links wait too. */
  waiting(): { readonly plans: ReadonlySet<string>; readonly links: boolean } {
    return this.#inTransaction((transaction) => {
      const requests = read(transaction, 'SELECT Kind__c, Key_Account_Plan__c FROM Recalculation_Request__c');
      return {
        plans: new Set(
          requests.map((row) => text(row, 'Key_Account_Plan__c')).filter((id): id is string => id !== null),
        ),
        links: requests.some((row) => text(row, 'Kind__c') === 'Links'),
      };
    });
  }

  /** Messages of the package's error log. */
  logged(): readonly string[] {
    return this.#inTransaction((transaction) =>
      read(transaction, 'SELECT Area__c, Message__c FROM Error_Log__c').map(
        (row) => `${text(row, 'Area__c') ?? ''}: ${text(row, 'Message__c') ?? ''}`,
      ),
    );
  }

  #emptyRecycleBin(): void {
    this.#inTransaction((transaction) => {
      for (const object of ['Opportunity', 'Key_Account_Plan__c', 'Account'] as const) {
        const rows = read(transaction, `SELECT Id FROM ${object} WHERE IsDeleted = TRUE`, true);
        transaction.emptyRecycleBin(rows.map((row) => text(row, 'Id') as string));
      }
    });
  }

  #inTransaction<T>(work: (transaction: Transaction) => T): T {
    return this.#org.transaction({ userId: this.#org.administratorId }, work);
  }

  #conditions(): ReadonlyMap<string, string> {
    const { store } = this.#org;
    const tables = store.all(
      `SELECT name, sql LIKE '%WITHOUT ROWID' FROM sqlite_master WHERE type = 'table' AND name NOT IN (${KEPT_TABLES})`,
      [],
    );
    return new Map(
      tables.map(([name, isWithoutRowId]) => {
        const table = String(name);
        // The tables without are those of waiting jobs and locked records, empty in a new org.
        if (isWithoutRowId === 1n) return [table, 'TRUE'];
        return [table, `rowid > ${String(store.all(`SELECT COALESCE(MAX(rowid), 0) FROM "${table}"`, [])[0]?.[0])}`];
      }),
    );
  }
}

/** The statements of one transaction. */
class Script {
  readonly #org: OrgRuntime;
  readonly #transaction: Transaction;
  readonly #names: Map<string, string>;
  readonly #breakages: string[];
  #written: WrittenRow[] = [];
  #savepoint: { savepoint: Savepoint; names: ReadonlyMap<string, string>; written: readonly WrittenRow[] } | null =
    null;

  constructor(org: OrgRuntime, transaction: Transaction, names: Map<string, string>, breakages: string[]) {
    this.#org = org;
    this.#transaction = transaction;
    this.#names = names;
    this.#breakages = breakages;
  }

  run({ statements, catches }: Operation): readonly WrittenRow[] {
    for (const statement of statements) {
      try {
        this.#run(statement);
      } catch (error) {
        if (!(error instanceof DmlFailure || error instanceof RuntimeProblem)) throw error;
        if (error instanceof DmlFailure)
          for (const { index, errors } of error.failures) {
            const row = 'object' in statement ? this.#rows(statement)[index]?.row : undefined;
            this.#note(errors, row);
          }
        if (!catches) throw error;
      }
    }
    return this.#written;
  }

  #run(statement: Statement): void {
    if (statement.verb === 'savepoint') {
      this.#savepoint = {
        savepoint: this.#transaction.setSavepoint(),
        names: new Map(this.#names),
        written: [...this.#written],
      };
      return;
    }
    if (statement.verb === 'rollback') {
      if (!this.#savepoint) return;
      this.#transaction.rollback(this.#savepoint.savepoint);
      this.#names.clear();
      for (const [name, id] of this.#savepoint.names) this.#names.set(name, id);
      this.#written = [...this.#savepoint.written];
      return;
    }
    if (statement.verb === 'merge') this.#merge(statement.rows);
    else this.#write(statement);
  }

  #merge(rows: readonly Row[]): void {
    const [master, ...losers] = rows.map((row) => this.#record('Account', row)).filter((record) => record !== null);
    if (!master || losers.length === 0) return;
    this.#transaction.dml({
      operation: 'merge',
      records: losers,
      master,
      allOrNone: true,
      accessMode: 'system',
      sharing: 'without',
    });
  }

  #write(statement: Writing): void {
    const { verb, allOrNone } = statement;
    const rows = this.#rows(statement);
    if (rows.length === 0) return;
    const results = this.#transaction.dml({
      operation: verb,
      records: rows.map(({ record }) => record),
      allOrNone,
      accessMode: 'system',
      sharing: 'without',
    });
    results.forEach(({ id, success, errors }, index) => {
      const row = rows[index]?.row as Row;
      this.#note(errors, row);
      if (!success || id === null) return;
      if (mayCreate(verb, row)) this.#names.set(row.name, id);
      this.#written.push({ id, fields: row.fields });
    });
  }

  #note(errors: readonly RecordError[], row: Row | undefined): void {
    for (const { statusCode, message, fields } of errors) {
      const isOwn = row !== undefined && fields.some((name) => LINK_FIELDS.includes(name) && !(name in row.fields));
      if (isOwn || (!REFUSAL.test(statusCode) && BREAKAGE.test(`${statusCode} ${message}`)))
        this.#breakages.push(`${statusCode}: ${message} [${fields.join(', ')}]`);
    }
  }

  /** The records of a statement; those that can't be made are left out. */
  #rows({ verb, object, rows }: Writing): readonly MadeRow[] {
    return rows.flatMap((row) => {
      const record = this.#record(object, row, mayCreate(verb, row));
      return record ? [{ row, record }] : [];
    });
  }

  /** Null when it, or a record that it points to, was never made. */
  #record(object: ObjectName, { name, fields }: Row, mayCreate = false): SObjectRecord | null {
    const record = new SObjectRecord(this.#org.object(object));
    const id = this.#names.get(name);
    if (id !== undefined) record.values.set('Id', id);
    else if (!mayCreate) return null;
    for (const [field, value] of Object.entries(fields)) {
      const made = this.#value(object, field, value);
      if (made === undefined) return null;
      record.values.set(field, made);
    }
    return record;
  }

  #value(object: ObjectName, fieldName: string, value: Value): unknown {
    if (value === null || typeof value !== 'string') return value;
    if (value.startsWith('@')) return this.#names.get(value.slice(1));
    const type = this.#org.object(object).field(fieldName)?.type;
    if (type === 'date') return ApexDate.parse(value);
    if (type === 'currency' || type === 'percent' || type === 'double') return Decimal.parse(value);
    if (type === undefined) throw new Error(`${object} has no field ${fieldName}`);
    return type === 'int' ? Number(value) : value;
  }
}

interface MadeRow {
  readonly row: Row;
  readonly record: SObjectRecord;
}

/** An upsert changes what exists; only a row with everything that a new record needs makes one. */
function mayCreate(verb: Writing['verb'], { fields }: Row): boolean {
  return verb === 'insert' || (verb === 'upsert' && 'Name' in fields);
}

type Values = SObjectRecord['values'];

function read(transaction: Transaction, soql: string, allRows = false): readonly Values[] {
  const { records }: QueryResult = transaction.query(soql, {
    accessMode: 'system',
    sharing: 'without',
    countLimits: false,
    allRows,
  });
  return records.map(({ values }) => values);
}

function text(values: Values, name: string): string | null {
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
