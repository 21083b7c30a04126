/** A local org with the package on which histories run one after another, each from the same beginning. */
import { launch } from '../../local-org/src/cli/launch.ts';
import { AccessDenied, DmlFailure, RuntimeProblem } from '../../local-org/src/runtime/errors.ts';
import type { OrgRuntime } from '../../local-org/src/runtime/OrgRuntime.ts';
import type { FailedJob } from '../../local-org/src/runtime/jobs/types.ts';
import type { DmlRequest, RecordError, Savepoint, Transaction } from '../../local-org/src/runtime/types.ts';
import { SObjectRecord } from '../../local-org/src/schema/record.ts';
import { ApexDate } from '../../local-org/src/values/ApexDate.ts';
import { Decimal } from '../../local-org/src/values/Decimal.ts';
import { date, decimal, dml, record } from '../../local-org/test/runtime/helpers.ts';
import { DATED_RATES, RATES } from './expected.ts';
import type { Rows } from './expected.ts';
import { furnish } from './furnish.ts';
import type { ObjectName, Operation, OrgSettings, RateChange, Row, Statement, Value, Writing } from './history.ts';
import { read, readRows, text } from './readRows.ts';
import { makeProject, VARIANTS } from './variants.ts';
import type { Variant, VariantName, VariantProject } from './variants.ts';

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
const REFUSAL = /FIELD_CUSTOM_VALIDATION_EXCEPTION|FIELD_INTEGRITY_EXCEPTION|INVALID_FIELD_FOR_INSERT_UPDATE/;
/** Fields that the package fills: what it fills may not be refused. */
const LINK_FIELDS: readonly string[] = ['Key_Account_Plan__c'];

/** Triggers of the package that an admin may switch off. */
const SWITCHES = [
  'Disable_Account_Trigger__c',
  'Disable_Opportunity_Trigger__c',
  'Disable_Opportunity_Product_Trigger__c',
  'Disable_Key_Account_Plan_Trigger__c',
] as const;

/** What an audit says that it did. */
export interface AuditReport {
  readonly status: string | null;
  readonly opportunitiesChecked: number;
  readonly linksMended: number;
  readonly plansChecked: number;
  readonly plansMended: number;
  readonly failures: number;
}

export class RevenueOrg {
  readonly #org: OrgRuntime;
  readonly #variant: VariantName;
  readonly #project: VariantProject;
  /** Ids of what was there before any history. */
  readonly #furniture: ReadonlyMap<string, string>;
  /** Condition of the rows that histories made, by table. */
  readonly #made: ReadonlyMap<string, string>;
  readonly #failedJobs: FailedJob[] = [];
  #names = new Map<string, string>();
  #settings: OrgSettings | null = null;
  #settingsId: string | null = null;
  #hasOtherRates = false;
  #now = BEGINNING;

  constructor(variant: VariantName) {
    this.#variant = variant;
    this.#project = makeProject(variant);
    const { org } = launch({ ...this.#project, jobsInBackground: true, clock: () => this.#now });
    this.#org = org as OrgRuntime;
    this.#org.onJobFailure((failed) => this.#failedJobs.push(failed));
    this.#furniture = this.#inTransaction((transaction) => furnish(this.#org, transaction, this.variant));
    this.#made = this.#conditions();
  }

  get variant(): Variant {
    return VARIANTS[this.#variant];
  }

  close(): void {
    this.#org.close();
    this.#project.remove();
  }

  /** Forgets everything that histories did, and gives the org its settings. */
  begin(settings: OrgSettings): void {
    const { store } = this.#org;
    this.#names = new Map(this.#furniture);
    this.#settings = settings;
    this.#failedJobs.length = 0;
    this.#now = BEGINNING;
    this.#inTransaction(() => {
      for (const [table, condition] of this.#made) store.run(`DELETE FROM "${table}" WHERE ${condition}`, []);
    });
    if (this.#hasOtherRates) {
      for (const [isoCode, rate] of Object.entries(RATES)) this.changeRate({ isoCode, from: null, rate });
      for (const [isoCode, from, rate] of DATED_RATES) this.changeRate({ isoCode, from, rate });
      this.#hasOtherRates = false;
    }
    const { allowsOverlaps, rowBudget } = settings;
    this.#settingsId = this.#inTransaction(
      (transaction) =>
        dml(transaction, 'insert', [
          record(this.#org, 'Keystone_Settings__c', {
            SetupOwnerId: this.#org.organizationId,
            Allow_Overlapping_Plans__c: allowsOverlaps,
            ...(rowBudget === null ? {} : { Revenue_Row_Budget__c: Decimal.fromNumber(rowBudget) }),
          }),
        ])[0]?.id ?? null,
    );
  }

  /** Runs an operation in a transaction of its own. What it queues waits for `runJobs`. */
  run(operation: Operation): Outcome {
    this.#now += operation.minutes * MINUTE;
    if (operation.more === 'empty recycle bin') this.#emptyRecycleBin();
    const isBehindItsBack = operation.more === 'audit';
    if (isBehindItsBack) this.#switchTriggers(true);
    const names = new Map(this.#names);
    const breakages: string[] = [];
    const userId = operation.by === undefined ? this.#org.administratorId : (this.#names.get(operation.by) ?? '');
    try {
      const written = this.#org.transaction({ userId }, (transaction) =>
        new Script(this.#org, transaction, names, breakages).run(operation),
      );
      this.#names = names;
      return { written, breakages };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return { written: [], breakages };
    } finally {
      if (isBehindItsBack) this.#switchTriggers(false);
    }
  }

  /** An admin changes an exchange rate; the platform tells nobody. */
  changeRate({ isoCode, from, rate }: RateChange): void {
    this.#hasOtherRates = true;
    this.#inTransaction((transaction) => {
      const object = from === null ? 'CurrencyType' : 'DatedConversionRate';
      const day = from === null ? '' : ` AND StartDate = ${date(from).toString()}`;
      const [row] = read(transaction, `SELECT Id FROM ${object} WHERE IsoCode = '${isoCode}'${day}`);
      const changed = record(this.#org, object, { Id: row?.get('Id'), ConversionRate: decimal(rate) });
      dml(transaction, 'update', [changed], { fromClient: true });
    });
  }

  /** Audits the org as an admin does; returns what the audit reports and what went wrong with its jobs. */
  audit(): { readonly report: AuditReport; readonly failures: readonly string[] } {
    this.#execute('RevenueAuditBatch.run();');
    const failures = this.runJobs();
    const report = this.#inTransaction((transaction): AuditReport => {
      const [row] = read(
        transaction,
        `SELECT Status__c, Opportunities_Checked__c, Links_Mended__c, Plans_Checked__c, Plans_Mended__c, Failures__c
           FROM Revenue_Audit__c ORDER BY Id DESC LIMIT 1`,
      );
      const count = (field: string): number => Number((row && text(row, field)) ?? 'NaN');
      return {
        status: row ? text(row, 'Status__c') : null,
        opportunitiesChecked: count('Opportunities_Checked__c'),
        linksMended: count('Links_Mended__c'),
        plansChecked: count('Plans_Checked__c'),
        plansMended: count('Plans_Mended__c'),
        failures: count('Failures__c'),
      };
    });
    return { report, failures };
  }

  /** Presses Recalculate on every plan that is measured by a source. */
  recalculate(source: string): void {
    this
      .#execute(`for (Key_Account_Plan__c plan : [SELECT Id FROM Key_Account_Plan__c WHERE Revenue_Source__c = '${source}'])
      PlanRecalculationController.recalculate(plan.Id);`);
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
    return this.#inTransaction((transaction) => readRows(transaction, this.#variant, this.#settings?.sources ?? []));
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

  #execute(source: string): void {
    const outcome = this.#inTransaction((transaction) => this.#org.code?.executeAnonymous(transaction, source));
    if (outcome?.success !== true)
      throw new Error(outcome?.exceptionMessage ?? outcome?.compileProblem ?? 'the org runs no Apex');
  }

  #switchTriggers(areOff: boolean): void {
    this.#inTransaction((transaction) =>
      dml(transaction, 'update', [
        record(this.#org, 'Keystone_Settings__c', {
          Id: this.#settingsId,
          ...Object.fromEntries(SWITCHES.map((name) => [name, areOff])),
        }),
      ]),
    );
  }

  #emptyRecycleBin(): void {
    this.#inTransaction((transaction) => {
      for (const object of ['Opportunity', 'Key_Account_Plan__c', 'Account', ...this.#sourceObjects()]) {
        const rows = read(transaction, `SELECT Id FROM ${object} WHERE IsDeleted = TRUE`, true);
        transaction.emptyRecycleBin(rows.map((row) => text(row, 'Id') as string));
      }
    });
  }

  #sourceObjects(): readonly string[] {
    const objects = { Product_Lines: 'OpportunityLineItem', Orders: 'Order', Imported_Invoices: 'Imported_Invoice__c' };
    return (this.#settings?.sources ?? []).flatMap((source) =>
      source in objects ? objects[source as keyof typeof objects] : [],
    );
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
  readonly #access: Pick<DmlRequest, 'accessMode' | 'sharing'>;
  #written: WrittenRow[] = [];
  #savepoint: { savepoint: Savepoint; names: ReadonlyMap<string, string>; written: readonly WrittenRow[] } | null =
    null;

  constructor(org: OrgRuntime, transaction: Transaction, names: Map<string, string>, breakages: string[]) {
    this.#org = org;
    this.#transaction = transaction;
    this.#names = names;
    this.#breakages = breakages;
    const isAdministrator = transaction.userId === org.administratorId;
    this.#access = isAdministrator
      ? { accessMode: 'system', sharing: 'without' }
      : { accessMode: 'user', sharing: 'with' };
  }

  run({ statements, catches }: Operation): readonly WrittenRow[] {
    for (const statement of statements) {
      try {
        this.#run(statement);
      } catch (error) {
        if (!isRefusal(error)) throw error;
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
      ...this.#access,
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
      ...this.#access,
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

/** What people may get for an answer; anything else is a fault of the program. */
function isRefusal(error: unknown): boolean {
  return error instanceof DmlFailure || error instanceof RuntimeProblem || error instanceof AccessDenied;
}

/** An upsert changes what exists; only a row with everything that a new record needs makes one. */
function mayCreate(verb: Writing['verb'], { fields }: Row): boolean {
  return verb === 'insert' || (verb === 'upsert' && 'Name' in fields);
}
