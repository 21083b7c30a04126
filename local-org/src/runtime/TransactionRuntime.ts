/** One Salesforce transaction on an open org. */
import type { ApexDatetime } from '../values/ApexDatetime.ts';
import type { FieldValue, SObjectRecord } from '../schema/record.ts';
import type { CompiledLookupFilter } from '../formula/catalog.ts';
import type { CompiledFormula } from '../formula/compile.ts';
import type { FieldDescribe, ObjectDescribe, ValidationRule } from '../schema/types.ts';
import type { SharingParty } from '../security/sharingMetadata.ts';
import type { FormulaEnvironment } from '../formula/functions.ts';
import type { ExchangeRates } from '../soql/ExchangeRates.ts';
import { QueryError } from '../soql/errors.ts';
import { IDS_BIND, onlyIds, onTheseIds } from '../soql/rewrite.ts';
import type { RunOptions } from '../soql/runQuery.ts';
import { FOUND_IDS, matchingIds, parseSearch, queryOfFound, searchedObject } from '../soql/search.ts';
import type { ExecutionContext } from '../soql/values.ts';
import { ApprovalEngine } from './approvals/ApprovalEngine.ts';
import { fromFormulaValue, type FormulaFieldError } from './FormulaHost.ts';
import { checkActivityQuery } from './activityQueries.ts';
import { RuntimeProblem } from './errors.ts';
import { quote } from '../store/encoding.ts';
import { convertLeads } from './leads/convertLeads.ts';
import type { LeadConversion, LeadConversionOptions, LeadConversionResult } from './leads/types.ts';
import { TransactionLimits } from './limits.ts';
import type { OrgRuntime } from './OrgRuntime.ts';
import { runDml } from './save/dml.ts';
import type { DerivationContext } from './save/derived.ts';
import { publishHistory } from './save/history.ts';
import type { RecordAccess, SaveServices } from './save/services.ts';
import { calendarOf, openSession } from './session.ts';
import { prepareUserRecordAccess, USER_RECORD_ACCESS } from './userRecordAccess.ts';
import type { Session } from './session.ts';
import type { JobRequest, ScheduleRequest } from './jobs/types.ts';
import type {
  AccessMode,
  CodeHost,
  DmlOperation,
  DmlRequest,
  DmlResult,
  NestedQueue,
  Org,
  QueryOptions,
  QueryResult,
  Savepoint,
  SharingMode,
  Transaction,
  TransactionOptions,
} from './types.ts';

const MAXIMUM_TRIGGER_DEPTH = 16;
const MINIMUM_SEARCH_LENGTH = 2;
/** A user without a role may be inserted together with other records (Apex Developer Guide, "sObjects That Cannot Be Used Together"). */
const FREE_USER_FIELDS: ReadonlySet<string> = new Set([
  'UserRoleId',
  'IsActive',
  'ForecastEnabled',
  'IsPortalEnabled',
  'Username',
  'ProfileId',
]);

interface LiveSavepoint {
  readonly savepoint: Savepoint;
  readonly name: string;
}

/** First object of each kind that was written, for the mixed-DML rule; runAs starts afresh. */
interface WrittenKinds {
  setup: string | null;
  data: string | null;
}

export class TransactionRuntime implements Transaction, SaveServices {
  readonly #org: OrgRuntime;
  readonly limits: TransactionLimits;
  readonly #states = new Map<symbol, unknown>();
  readonly #savepoints: LiveSavepoint[] = [];
  readonly #histories = new Set<ObjectDescribe>();
  readonly #stack: { session: Session; written: WrittenKinds }[] = [];
  #ordinal = 0;
  #depth = 0;
  #ratesChanged = false;

  constructor(org: OrgRuntime, options: TransactionOptions) {
    this.#org = org;
    this.limits = new TransactionLimits(options.asynchronous === true);
    this.#enter(options.userId);
  }

  get org(): Org {
    return this.#org;
  }

  get session(): Session {
    return (this.#stack.at(-1) as { session: Session }).session;
  }

  get userId(): string {
    return this.session.userId;
  }

  get schema(): OrgRuntime['schema'] {
    return this.#org.schema;
  }

  get store(): OrgRuntime['store'] {
    return this.#org.store;
  }

  get shares(): OrgRuntime['shares'] {
    return this.#org.shares;
  }

  get code(): CodeHost | null {
    return this.#org.code;
  }

  get transaction(): Transaction {
    return this;
  }

  get rates(): ExchangeRates | null {
    return this.#org.rates;
  }

  get currency(): string {
    return this.#org.currencyOf(this.session);
  }

  /** True when this transaction wrote exchange rates, which a rollback must take back. */
  get ratesChanged(): boolean {
    return this.#ratesChanged;
  }

  ratesWritten(): void {
    this.#ratesChanged = true;
    this.rates?.reload();
  }

  rolledBack(): void {
    if (this.#ratesChanged) this.rates?.reload();
    this.#org.forgetFiscalYears();
  }

  fiscalYearsWritten(): void {
    this.#org.forgetFiscalYears();
  }

  now(): number {
    return this.#org.clock();
  }

  query(text: string, options: QueryOptions): QueryResult {
    const { engine } = this.#org;
    const counted = options.countLimits !== false;
    if (counted) this.limits.count('queries');
    const tree = engine.parse(text);
    const execution = this.#execution(options.binds ?? new Map());
    if (tree.from.toLowerCase() === USER_RECORD_ACCESS.toLowerCase())
      prepareUserRecordAccess(tree, text, execution, this.#org);
    if (!this.#org.security.user(this.userId).grants.viewAllData) checkActivityQuery(tree, text);
    const result = engine.run(text, this.#runOptions(text, options), execution);
    if (counted) {
      this.limits.count('queryRows', result.rowsRead);
      this.limits.count('aggregateQueries', result.aggregateQueries);
    }
    return { records: result.records, totalSize: result.totalSize, kind: result.kind };
  }

  /** Access of a query: its own WITH clause goes before what the caller asks for. */
  #runOptions(text: string, options: QueryOptions): RunOptions {
    const { mode } = this.#org.engine.parse(text);
    const accessMode =
      mode === 'USER_MODE' || mode === 'SECURITY_ENFORCED'
        ? 'user'
        : mode === 'SYSTEM_MODE'
          ? 'system'
          : options.accessMode;
    const sharing: SharingMode = mode === 'USER_MODE' ? 'with' : options.sharing;
    return {
      access: this.#org.security.queryAccess(
        this.userId,
        accessMode,
        mode === 'SECURITY_ENFORCED' ? options.sharing : sharing,
      ),
      allRows: options.allRows === true,
    };
  }

  checkQuery(text: string, options: QueryOptions): void {
    this.#org.engine.check(text, this.#runOptions(text, options), this.#execution(options.binds ?? new Map()));
  }

  *queryIds(text: string, options: QueryOptions): Iterable<string> {
    const { engine } = this.#org;
    const runOptions = this.#runOptions(text, options);
    const execution = this.#execution(options.binds ?? new Map());
    // What the query selects is read later, but must be there.
    engine.check(text, runOptions, execution);
    yield* engine.ids(onlyIds(engine.parse(text), text), runOptions, execution);
  }

  queryByIds(text: string, ids: readonly string[], options: QueryOptions): readonly SObjectRecord[] {
    const binds = new Map([...(options.binds ?? []), [IDS_BIND, ids] as const]);
    return this.query(onTheseIds(this.#org.engine.parse(text), text), { ...options, binds }).records;
  }

  search(text: string, options: QueryOptions): readonly (readonly SObjectRecord[])[] {
    if (options.countLimits !== false) this.limits.count('soslQueries');
    const search = parseSearch(text);
    const { term } = search;
    const given = term.kind === 'text' ? term.value : options.binds?.get(term.name);
    const words = typeof given === 'string' ? given : '';
    if (words.replace(/[^\p{L}\p{N}]/gu, '').length < MINIMUM_SEARCH_LENGTH && !options.searchIds)
      throw new QueryError('MALFORMED_SEARCH', 'search term must be longer than one character', text, 0);
    return search.returning.map((returning) => {
      const object = searchedObject(this.schema, returning, text);
      const ids =
        options.searchIds?.filter((id) => id.startsWith(object.keyPrefix)) ??
        matchingIds(this.store, object, search.group, words);
      const binds = new Map([...(options.binds ?? []), [FOUND_IDS, ids] as const]);
      const access =
        search.mode === 'USER_MODE' ? 'user' : search.mode === 'SYSTEM_MODE' ? 'system' : options.accessMode;
      return this.query(queryOfFound(returning, search.limit), {
        ...options,
        accessMode: access,
        binds,
        countLimits: false,
      }).records;
    });
  }

  dml(request: DmlRequest): readonly DmlResult[] {
    // DML on no records is none: it counts against no limit.
    if (request.countLimits !== false && request.records.length > 0) {
      this.limits.count('dmlStatements');
      this.limits.count('dmlRows', request.records.length);
    }
    return runDml(request, this);
  }

  convertLeads(requests: readonly LeadConversion[], options: LeadConversionOptions): readonly LeadConversionResult[] {
    this.limits.count('dmlStatements');
    this.limits.count('dmlRows', requests.length);
    return convertLeads(requests, options, this.#org.leadFieldMapping, this);
  }

  recalculateFormulas(records: readonly SObjectRecord[]): readonly (readonly FormulaFieldError[])[] {
    const lacking = records.filter((record) => this.#org.formulas.lacksValues(record));
    if (lacking.length > 0) {
      this.limits.count('queries');
      this.limits.count('queryRows', lacking.length);
    }
    const environment = this.formulaEnvironment;
    return records.map((record) => this.#org.formulas.recalculate(record, environment));
  }

  // --- savepoints

  setSavepoint(): Savepoint {
    this.limits.count('dmlStatements');
    this.#ordinal += 1;
    const savepoint: Savepoint = { ordinal: this.#ordinal };
    this.#savepoints.push({ savepoint, name: this.store.savepoint() });
    return savepoint;
  }

  rollback(savepoint: Savepoint): void {
    this.limits.count('dmlStatements');
    const index = this.#alive(savepoint);
    this.store.rollbackTo((this.#savepoints[index] as LiveSavepoint).name);
    this.#savepoints.length = index + 1;
    this.#org.security.reset();
    this.rolledBack();
  }

  releaseSavepoint(savepoint: Savepoint): void {
    const index = this.#alive(savepoint);
    this.store.release((this.#savepoints[index] as LiveSavepoint).name);
    this.#savepoints.length = index;
  }

  #alive(savepoint: Savepoint): number {
    const index = this.#savepoints.findIndex((live) => live.savepoint === savepoint);
    if (index < 0 || !this.store.isAlive((this.#savepoints[index] as LiveSavepoint).name))
      throw new RuntimeProblem('INVALID_SAVEPOINT', 'Savepoint does not exist or was released');
    return index;
  }

  // --- users

  #enter(userId: string): void {
    this.#stack.push({ session: openSession(this.store, this.schema, userId), written: { setup: null, data: null } });
  }

  runAs<T>(userId: string, work: () => T): T {
    this.#enter(userId);
    try {
      return work();
    } finally {
      this.#stack.pop();
    }
  }

  // --- jobs

  enqueue(request: JobRequest): string {
    return this.#org.jobs.enqueue(request, this.userId);
  }

  schedule(request: ScheduleRequest): string {
    return this.#org.jobs.schedule(request, this.userId);
  }

  abortJob(id: string): boolean {
    return this.#org.jobs.abort(id);
  }

  get queue(): NestedQueue {
    const { jobs } = this.#org;
    return {
      waiting: () => jobs.waiting(Number.MAX_SAFE_INTEGER),
      step: (job) => jobs.step(job, (userId, work) => this.nested(userId, work, true), true),
      drop: (job) => jobs.drop(job),
    };
  }

  nested<T>(userId: string, work: (transaction: Transaction) => T, asynchronous = false): T {
    const savepoint = this.store.savepoint();
    this.limits.push(asynchronous);
    try {
      return this.runAs(userId, () => work(this));
    } catch (error) {
      this.store.rollbackTo(savepoint);
      this.#org.security.reset();
      throw error;
    } finally {
      this.store.release(savepoint);
      this.limits.pop();
    }
  }

  state<T>(key: symbol, create: () => T): T {
    if (!this.#states.has(key)) this.#states.set(key, create());
    return this.#states.get(key) as T;
  }

  // --- what the save order asks

  #execution(binds: ReadonlyMap<string, unknown>): ExecutionContext {
    const { session } = this;
    return {
      binds,
      userId: session.userId,
      calendar: calendarOf(session, this.now(), this.#org.fiscal),
      startOfDay: (date) => session.zone.startOfDay(date),
    };
  }

  get derivation(): DerivationContext {
    const { session } = this;
    return {
      now: this.now(),
      today: session.zone.dayAt(this.now()),
      fiscal: this.#org.fiscal,
      dayAt: (milliseconds) => session.zone.dayAt(milliseconds),
      startOfDay: (day) => session.zone.startOfDay(day),
      unique: () => this.store.nextNumber('$unique'),
      userId: session.userId,
      lookUp: (objectName, id, field) => {
        const describe = this.schema.object(objectName);
        return describe && id.startsWith(describe.keyPrefix)
          ? (this.store.load(describe, [id]).get(id)?.get(field) ?? null)
          : null;
      },
      find: (objectName, referenceField, id) => {
        const describe = this.schema.object(objectName);
        const [found] = describe ? this.store.loadWhere(describe, `${quote(referenceField)} = ?`, [id]).keys() : [];
        return found ?? null;
      },
    };
  }

  get formulaEnvironment(): FormulaEnvironment {
    return this.#org.formulas.environment({
      session: this.session,
      now: () => this.now(),
      hasCustomPermission: (name) => this.#org.security.hasCustomPermission(this.userId, name),
    });
  }

  enterTrigger<T>(objectName: string, event: string, work: () => T): T {
    if (this.#depth >= MAXIMUM_TRIGGER_DEPTH)
      throw new RuntimeProblem(
        'MAXIMUM_TRIGGER_DEPTH',
        `maximum trigger depth exceeded\n${objectName} trigger event ${event}`,
      );
    this.#depth += 1;
    try {
      return work();
    } finally {
      this.#depth -= 1;
    }
  }

  evaluateFormulas(records: readonly SObjectRecord[]): void {
    if (records.some((record) => record.describe.fields.some((field) => field.formula !== null)))
      this.#org.formulas.evaluate(records, this.formulaEnvironment);
  }

  evaluateFormula(formula: CompiledFormula, record: SObjectRecord, field: FieldDescribe): FieldValue {
    return this.#org.formulas.valueOn(record, formula, field, this.formulaEnvironment);
  }

  ruleApplies(
    rule: ValidationRule,
    _object: ObjectDescribe,
    record: SObjectRecord,
    old: SObjectRecord | null,
  ): boolean {
    const environment = this.formulaEnvironment;
    return this.#org.catalog.ruleApplies(
      rule,
      this.#org.formulas.reader(record, environment),
      old && this.#org.formulas.reader(old, environment),
      environment,
    );
  }

  defaultValue(object: ObjectDescribe, fieldName: string, record: SObjectRecord): unknown {
    const field = object.field(fieldName);
    if (!field) return null;
    const environment = this.formulaEnvironment;
    return this.#org.catalog.defaultValue(object, field, this.#org.formulas.reader(record, environment), environment);
  }

  holds(condition: CompiledFormula, record: SObjectRecord, old: SObjectRecord | null, isNew: boolean): boolean {
    const environment = this.formulaEnvironment;
    const { catalog, formulas } = this.#org;
    return catalog.holds(
      condition,
      formulas.reader(record, environment),
      old && formulas.reader(old, environment),
      isNew,
      environment,
    );
  }

  lookupFilter(field: FieldDescribe): CompiledLookupFilter | undefined {
    return this.#org.catalog.lookupFilter(field);
  }

  passesLookupFilter(record: SObjectRecord, fieldName: string): boolean {
    const field = record.describe.field(fieldName);
    const filter = field && this.lookupFilter(field);
    return !filter || this.holds(filter.condition, record, null, true);
  }

  expressionValue(expression: CompiledFormula, field: FieldDescribe, record: SObjectRecord): unknown {
    const environment = this.formulaEnvironment;
    const { catalog, formulas } = this.#org;
    return fromFormulaValue(
      field,
      catalog.valueOf(expression, field, formulas.reader(record, environment), environment),
    );
  }

  // --- approvals

  get approvals(): ApprovalEngine {
    return new ApprovalEngine(this, this.#org.approvalProcesses, this.#org.locks);
  }

  lockedForUser(object: ObjectDescribe, ids: readonly string[]): ReadonlySet<string> {
    return this.approvals.lockedForUser(object, ids);
  }

  get duplicateRules(): OrgRuntime['duplicateRules'] {
    return this.#org.duplicateRules;
  }

  modifiesAll(object: ObjectDescribe): boolean {
    return this.#org.security.user(this.userId).object(object).modifyAll;
  }

  groupId(party: SharingParty): string | null {
    return this.#org.groups.groupId(party);
  }

  usersOf(groupId: string): ReadonlySet<string> {
    return this.#org.security.sharing.membership.users(groupId);
  }

  access(mode: AccessMode, sharing: SharingMode): RecordAccess | null {
    return this.#org.security.recordAccess(this.userId, mode, sharing);
  }

  setCreatedDate(id: string, date: ApexDatetime): boolean {
    const object = this.schema.objectByKeyPrefix(id.slice(0, 3));
    if (!object?.field('CreatedDate') || this.store.load(object, [id]).size === 0) return false;
    this.store.update(object, id, new Map([['CreatedDate', date]]));
    return true;
  }

  emptyRecycleBin(ids: readonly string[]): readonly string[] {
    if (ids.length > 0) this.limits.count('dmlStatements');
    this.limits.count('dmlRows', ids.length);
    const removed: string[] = [];
    for (const [prefix, some] of Map.groupBy(ids, (id) => id.slice(0, 3))) {
      const object = this.schema.objectByKeyPrefix(prefix);
      if (!object?.softDelete) continue;
      const deleted = [...this.store.deletionsOf(object, some).keys()];
      this.store.purge(object, deleted);
      removed.push(...deleted);
    }
    return removed;
  }

  get editsConvertedLeads(): boolean {
    return this.#org.security.user(this.userId).grants.userPermissions.has('ViewAndEditConvertedLeads');
  }

  get setsAuditFields(): boolean {
    return this.#org.security.user(this.userId).grants.userPermissions.has('CreateAuditFields');
  }

  historyWritten(object: ObjectDescribe): void {
    this.#histories.add(object);
  }

  /** Before the commit: history rows that wait for it can be read. */
  finish(): void {
    publishHistory(this.store, this.#histories);
  }

  accessChanged(): void {
    this.#org.security.reset();
  }

  mixedDml(object: ObjectDescribe, records: readonly SObjectRecord[], operation: DmlOperation): string | null {
    if (
      object.kind === 'customSetting' ||
      object.kind === 'platformEvent' ||
      object.kind === 'share' ||
      object.name === 'Organization' ||
      // Groups may be inserted and updated along with anything (Apex Developer Guide, sObjects That Can’t Be Used Together in DML Operations).
      (object.name === 'Group' && (operation === 'insert' || operation === 'update'))
    )
      return null;
    const { written } = this.#stack.at(-1) as { written: WrittenKinds };
    if (object.setup && !(object.name === 'User' && records.every((record) => isFreeUserChange(record, operation)))) {
      if (written.data !== null) return mixedMessage(object.name, written.data);
      written.setup ??= object.name;
    } else if (!object.setup) {
      if (written.setup !== null) return mixedMessage(object.name, written.setup);
      written.data ??= object.name;
    }
    return null;
  }
}

function isFreeUserChange(record: SObjectRecord, operation: DmlOperation): boolean {
  if (operation === 'insert') return (record.values.get('UserRoleId') ?? null) === null;
  return operation === 'update' && ![...record.values.keys()].some((name) => FREE_USER_FIELDS.has(name));
}

function mixedMessage(objectName: string, original: string): string {
  return `DML operation on setup object is not permitted after you have updated a non-setup object (or vice versa): ${objectName}, original object: ${original}`;
}
