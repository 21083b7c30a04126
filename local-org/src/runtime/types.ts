/**
 * The narrow interface between what runs Apex (apex/), what serves clients (api/) and the data engine (runtime/ and
 * below). Apex is plugged into the runtime as a CodeHost; the runtime knows nothing of compilers.
 */
import type { ApexDatetime } from '../values/ApexDatetime.ts';
import type { Project } from '../project/types.ts';
import type { CompiledFormula } from '../formula/compile.ts';
import type { FieldValue, SObjectRecord } from '../schema/record.ts';
import type { FieldDescribe, ObjectDescribe, Schema } from '../schema/types.ts';
import type { DefinitionRow } from './approvals/definitionRows.ts';
import type { Approvals } from './approvals/types.ts';
import type { FormulaFieldError } from './FormulaHost.ts';
import type { LeadConversion, LeadConversionOptions, LeadConversionResult } from './leads/types.ts';
import type { ExchangeRates } from '../soql/ExchangeRates.ts';
import type { Security } from '../security/Security.ts';
import type {
  FailedJob,
  ItemSink,
  JobRequest,
  JobStep,
  QueuedJob,
  ScheduleRequest,
  StepFailure,
  StepOutcome,
} from './jobs/types.ts';

/** `user`: CRUD, field-level security and sharing are checked. `system`: neither CRUD nor FLS. */
export type AccessMode = 'user' | 'system';
/** Record sharing of the code that runs; user mode always enforces sharing. */
export type SharingMode = 'with' | 'without';

export interface RecordError {
  /** System.StatusCode: FIELD_CUSTOM_VALIDATION_EXCEPTION, REQUIRED_FIELD_MISSING … */
  readonly statusCode: string;
  readonly message: string;
  /** Canonical field names. */
  readonly fields: readonly string[];
}

export type DmlOperation = 'insert' | 'update' | 'upsert' | 'delete' | 'undelete' | 'merge';

export interface DmlRequest {
  readonly operation: DmlOperation;
  /** For merge: the losing records; `master` is the winner. Ids are written onto inserted records. */
  readonly records: readonly SObjectRecord[];
  readonly master?: SObjectRecord;
  /** True: the first failure rolls the statement back and throws DmlFailure. */
  readonly allOrNone: boolean;
  readonly accessMode: AccessMode;
  readonly sharing: SharingMode;
  /** False for requests of API clients; true (the default) counts against the limits of Apex. */
  readonly countLimits?: boolean;
  /**
   * True for requests of API clients: values for fields that nobody can write are refused. Apex, whose compiler refuses such
   * assignments, may pass records from queries and clones; what they carry is passed over.
   */
  readonly fromClient?: boolean;
  /** Records whose texts are cut to the length of their fields; others fail with STRING_TOO_LONG. */
  readonly truncated?: ReadonlySet<SObjectRecord>;
  /** Records that are saved although a duplicate rule alerts; one that blocks still does. */
  readonly allowedDuplicates?: ReadonlySet<SObjectRecord>;
  /** Upsert by this field instead of Id. */
  readonly externalIdField?: string;
}

export interface DmlResult {
  readonly id: string | null;
  readonly success: boolean;
  /** Upsert: true when the record was inserted. */
  readonly created: boolean;
  readonly errors: readonly RecordError[];
}

export interface QueryOptions {
  readonly accessMode: AccessMode;
  readonly sharing: SharingMode;
  /** Values of `:name` binds by lower-cased name (dynamic SOQL) or by generated slot name (inline SOQL). */
  readonly binds?: ReadonlyMap<string, unknown>;
  /** Include deleted and archived rows, as queryAll does. */
  readonly allRows?: boolean;
  /** SOSL in tests: the records that any search finds (Test.setFixedSearchResults). */
  readonly searchIds?: readonly string[];
  /** False for requests of API clients, which page through any number of rows; true (the default) counts against the limits of Apex. */
  readonly countLimits?: boolean;
}

export interface QueryResult {
  /** Rows, or AggregateResult records for an aggregate query; empty for `SELECT COUNT()`. */
  readonly records: readonly SObjectRecord[];
  /** Number of rows that match; for `SELECT COUNT()` the answer itself. */
  readonly totalSize: number;
  readonly kind: 'records' | 'aggregate' | 'count';
}

/** Opaque to everyone but the transaction that made it. */
export interface Savepoint {
  readonly ordinal: number;
}

/** One Salesforce transaction: a request, an anonymous execution, a test method or an async job. */
export interface Transaction {
  readonly org: Org;
  /** Acting user; `runAs` changes it for the duration of a callback. */
  readonly userId: string;
  readonly limits: Limits;
  /** Instant of `Datetime.now()` in epoch milliseconds. */
  now(): number;
  query(text: string, options: QueryOptions): QueryResult;
  /** Throws QueryError when the query is wrong, without running it. */
  checkQuery(text: string, options: QueryOptions): void;
  /**
   * Ids of the records that a query finds, in its order and without reading their fields: any number of them. Counts
   * neither as a query nor as query rows; it is how a batch walks through a query locator.
   */
  queryIds(text: string, options: QueryOptions): Iterable<string>;
  /** The same query on the given records only, without its conditions and in any order. */
  queryByIds(text: string, ids: readonly string[], options: QueryOptions): readonly SObjectRecord[];
  /** SOSL. */
  search(text: string, options: QueryOptions): readonly (readonly SObjectRecord[])[];
  /** Throws DmlFailure when allOrNone and a record failed; LimitExceeded past a governor limit. */
  dml(request: DmlRequest): readonly DmlResult[];
  /** Throws DmlFailure when allOrNone and a lead failed. */
  convertLeads(requests: readonly LeadConversion[], options: LeadConversionOptions): readonly LeadConversionResult[];
  /** Approval requests and record locks of the acting user. */
  readonly approvals: Approvals;
  /** True when the record that the lookup points to suits the lookup's filter; `record` need not be stored. */
  passesLookupFilter(record: SObjectRecord, fieldName: string): boolean;
  /** Value of a formula on a record, made to fit a field of any object; null when it can't be computed. */
  evaluateFormula(formula: CompiledFormula, record: SObjectRecord, field: FieldDescribe): FieldValue;
  /** Computes all formula fields of records in memory; for each record, the fields that can't be computed. */
  recalculateFormulas(records: readonly SObjectRecord[]): readonly (readonly FormulaFieldError[])[];
  /** Overwrites a record's creation date (Test.setCreatedDate); false when there is no such record. */
  setCreatedDate(id: string, date: ApexDatetime): boolean;
  /** Removes deleted records for good; answers the Ids that stood in the recycle bin. */
  emptyRecycleBin(ids: readonly string[]): readonly string[];
  setSavepoint(): Savepoint;
  rollback(savepoint: Savepoint): void;
  releaseSavepoint(savepoint: Savepoint): void;
  runAs<T>(userId: string, work: () => T): T;
  /** Runs `work` as a transaction within this one, for the user: with limits of its own, and taken back when it throws. */
  nested<T>(userId: string, work: (transaction: Transaction) => T): T;
  /** Puts a job in the queue; it comes into being with the commit. Returns the Id of its AsyncApexJob row. */
  enqueue(request: JobRequest): string;
  /** Schedules a job by a cron expression. Returns the Id of its CronTrigger row. */
  schedule(request: ScheduleRequest): string;
  /** Takes a job (AsyncApexJob Id) or a schedule (CronTrigger Id) out of the queue; false when nothing of that Id waits. */
  abortJob(id: string): boolean;
  /** Tests run the queue within their own transaction. */
  readonly queue: NestedQueue;
  /** Per-transaction storage for a room's own state (Apex statics, async jobs): made by `create` on first use. */
  state<T>(key: symbol, create: () => T): T;
}

/** The queue as tests see it: jobs run when the test says so, within its transaction, with limits of their own. */
export interface NestedQueue {
  /** Jobs that wait, also those that are due later. */
  waiting(): readonly QueuedJob[];
  /** Does a job's next step; what it wrote is taken back when it fails. Returns what failed, or null. */
  step(job: QueuedJob): StepFailure | null;
  /** Takes a job out without running it. */
  drop(job: QueuedJob): void;
}

/** Governor limits by Apex's names (Limits.getQueries …): counts used and allowed. */
export type LimitName =
  | 'queries'
  | 'queryRows'
  | 'dmlStatements'
  | 'dmlRows'
  | 'soslQueries'
  | 'aggregateQueries'
  | 'queryLocatorRows'
  | 'callouts'
  | 'emailInvocations'
  | 'futureCalls'
  | 'queueableJobs'
  | 'cpuTime'
  | 'heapSize'
  | 'publishImmediateDml'
  | 'mobilePushApexCalls'
  | 'asyncCalls'
  | 'apexCursorRows'
  | 'fetchCallsOnApexCursor';

export interface Limits {
  used(name: LimitName): number;
  allowed(name: LimitName): number;
  /** Adds and throws LimitExceeded when the sum is over the limit. */
  count(name: LimitName, by?: number): void;
  /** From now on not one is allowed, until the counters are popped: DML in methods whose result is cached. */
  forbid(name: LimitName): void;
  /** New counters for Test.startTest; `restore` of the outcome brings the former ones back. */
  push(asynchronous: boolean): void;
  pop(): void;
}

export type TriggerEvent =
  | 'before insert'
  | 'before update'
  | 'before delete'
  | 'after insert'
  | 'after update'
  | 'after delete'
  | 'after undelete';

/** What runs code for the runtime. The apex room implements it; `null` in an org without Apex. */
export interface CodeHost {
  hasTriggers(objectName: string, event: TriggerEvent): boolean;
  /**
   * Runs every active trigger of the object for the event, on at most 200 records. `records` are Trigger.new (null for
   * deletes), `old` Trigger.old (null for inserts and undeletes), in the same order. Before-save triggers write to
   * `records`; `addError` lands in `SObjectRecord.errors`.
   */
  fireTriggers(
    transaction: Transaction,
    objectName: string,
    event: TriggerEvent,
    records: readonly SObjectRecord[] | null,
    old: readonly SObjectRecord[] | null,
  ): void;
  /** Publishes what was written to the triggers on the object's change events, where its changes are captured. */
  captureChanges(transaction: Transaction, object: ObjectDescribe, changes: readonly CapturedChange[]): void;
  /** Compiles and runs anonymous Apex; returns the debug log. */
  executeAnonymous(transaction: Transaction, source: string): AnonymousOutcome;
  /**
   * Runs one transaction's worth of a job. Whatever fails in it comes in the outcome; nothing is thrown.
   *
   * @param addItem for the step that starts a batch: takes what is to be worked through, one item after another
   */
  runStep(transaction: Transaction, step: JobStep, addItem: ItemSink): StepOutcome;
  /** Runs the Apex REST service of a path. Throws RestRefusal when there is none or the body does not fit, ApexCallError when its code fails. */
  callRest(transaction: Transaction, call: RestCall): RestAnswer;
  /**
   * Runs a post-install script as the first installation of a package does. Returns the debug log's lines.
   * Throws ApexCallError when it fails or when the class is no post-install script.
   */
  runPostInstallScript(transaction: Transaction, className: string): readonly string[];
  /** Calls a static `@AuraEnabled` method with JSON arguments; returns JSON. */
  invokeAura(transaction: Transaction, className: string, methodName: string, parameters: unknown): unknown;
}

/** A record as it was written, for change events. */
export interface CapturedChange {
  readonly kind: 'CREATE' | 'UPDATE' | 'DELETE' | 'UNDELETE';
  readonly record: SObjectRecord;
  /** Before an update. */
  readonly old: SObjectRecord | null;
}

/** A request to an Apex REST service. */
export interface RestCall {
  readonly method: string;
  /** Below /services/apexrest: `/accounts/001…`. */
  readonly path: string;
  readonly parameters: readonly (readonly [string, string])[];
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
  readonly remoteAddress: string;
}

export interface RestAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

export interface AnonymousOutcome {
  readonly compiled: boolean;
  readonly success: boolean;
  readonly line: number;
  readonly column: number;
  readonly compileProblem: string | null;
  readonly exceptionMessage: string | null;
  readonly exceptionStackTrace: string | null;
  readonly log: string;
}

export interface TransactionOptions {
  readonly userId: string;
  readonly asynchronous?: boolean;
}

/** One project on one database. */
export interface Org {
  readonly project: Project;
  readonly schema: Schema;
  /** Id of the default administrator. */
  readonly administratorId: string;
  /** Id (00D…) of the organisation record. */
  readonly organizationId: string;
  /** The project's approval processes in their order, with the Ids of their rows. */
  readonly approvalProcesses: readonly DefinitionRow[];
  /** What users may do with objects, fields and records. */
  readonly security: Security;
  /** What currencies are worth; null in an org with one currency. */
  readonly rates: ExchangeRates | null;
  readonly code: CodeHost | null;
  attachCode(code: CodeHost): void;
  /**
   * Runs `work` in a database transaction and commits; rolls everything back when it throws. Synchronous and never
   * nested: requests are serial, which is what makes every write atomic and every total exact.
   */
  transaction<T>(options: TransactionOptions, work: (transaction: Transaction) => T): T;
  /**
   * Does one step of the job whose turn it is, in a transaction of its own.
   *
   * @returns false when no job is due
   */
  runNextStep(): boolean;
  /** When the next job is due, in epoch milliseconds; null when none waits. */
  nextJobDue(): number | null;
  /** Calls `listener` with each job, or scope of a batch, that fails. Returns the function that ends it. */
  onJobFailure(listener: (failed: FailedJob) => void): () => void;
  /**
   * Calls `listener` after every commit with the records that the transaction wrote, triggers' and cascades' included,
   * once each; not those that a savepoint took back. Returns the function that ends it.
   */
  onCommit(listener: (changes: readonly CommittedChange[]) => void): () => void;
  close(): void;
}

/** A record that a committed transaction wrote. */
export interface CommittedChange {
  readonly id: string;
  readonly objectApiName: string;
  readonly operation: 'created' | 'updated' | 'deleted' | 'undeleted';
}
