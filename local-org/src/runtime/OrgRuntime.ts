/** One project on one database. */
import { FormulaCatalog } from '../formula/catalog.ts';
import type { Project } from '../project/types.ts';
import { buildSchema } from '../schema/buildSchema.ts';
import type { ObjectDescribe, Schema } from '../schema/types.ts';
import { Security } from '../security/Security.ts';
import { GroupRows } from '../security/groupRows.ts';
import { readPermissionMetadata } from '../security/permissionMetadata.ts';
import { PermissionRows } from '../security/permissionRows.ts';
import { mirrorPermissionSetGroups } from '../security/permissionSetGroups.ts';
import { ShareRows } from '../security/shareRows.ts';
import { readSharingMetadata } from '../security/sharingMetadata.ts';
import { CustomFiscalCalendar, StandardFiscalCalendar } from '../soql/fiscalCalendar.ts';
import type { FiscalCalendar } from '../soql/fiscalCalendar.ts';
import { registerQueryFunctions } from '../soql/functions.ts';
import { QueryEngine } from '../soql/runQuery.ts';
import { registerSearchFunction } from '../soql/search.ts';
import type { PlannerEnvironment } from '../soql/types.ts';
import type { Store } from '../store/Store.ts';
import { mirrorApprovalProcesses } from './approvals/definitionRows.ts';
import type { DefinitionRow } from './approvals/definitionRows.ts';
import { Locks } from './approvals/locks.ts';
import { readApprovalProcesses } from './approvals/metadata.ts';
import { languageTag, localeFormat } from '../values/LocaleFormat.ts';
import { ExchangeRates } from '../soql/ExchangeRates.ts';
import { registerMoneyFunctions } from '../soql/moneyFunctions.ts';
import { FISCAL_OBJECTS, makeStandardPeriods, readPeriods } from './fiscalPeriods.ts';
import { checkShape } from './checkShape.ts';
import type { Session } from './session.ts';
import { readLeadFieldMapping, type LeadFieldMapping } from './leads/fieldMapping.ts';
import { readDuplicateRules } from './duplicates/metadata.ts';
import type { DuplicateRule } from './duplicates/metadata.ts';
import { mirrorCustomMetadata } from './customMetadataRows.ts';
import { RuntimeProblem } from './errors.ts';
import { FormulaHost } from './FormulaHost.ts';
import { JobQueue } from './jobs/JobQueue.ts';
import type { FailedJob } from './jobs/types.ts';
import { mirrorFieldDefinitions, mirrorProject, seedOrg } from './seed.ts';
import { timeZone } from './timeZone.ts';
import { TransactionRuntime } from './TransactionRuntime.ts';
import type { CodeHost, CommittedChange, Org, TransactionOptions } from './types.ts';

export interface OpenOptions {
  readonly project: Project;
  /** Path of the database, or `:memory:` (the default). */
  readonly databaseFile?: string;
  /** Instant of `now` in epoch milliseconds; the system clock unless given. */
  readonly clock?: () => number;
  /**
   * True: jobs wait until somebody calls `runNextStep` (see BackgroundJobs). False, the default: they run right after the
   * commit that enqueued them.
   */
  readonly jobsInBackground?: boolean;
}

export class OrgRuntime implements Org {
  readonly project: Project;
  readonly schema: Schema;
  readonly store: Store;
  readonly clock: () => number;
  readonly catalog: FormulaCatalog;
  readonly formulas: FormulaHost;
  readonly engine: QueryEngine;
  readonly security: Security;
  /** The share rows that the platform keeps. */
  readonly shares: ShareRows;
  readonly organizationId: string;
  readonly administratorId: string;
  readonly groups: GroupRows;
  readonly locks: Locks;
  readonly duplicateRules: readonly DuplicateRule[];
  readonly leadFieldMapping: LeadFieldMapping;
  readonly approvalProcesses: readonly DefinitionRow[];
  /** Null in an org with one currency. */
  readonly rates: ExchangeRates | null;
  readonly #environment: PlannerEnvironment;
  #fiscal: FiscalCalendar | null = null;
  readonly #listeners = new Set<(changes: readonly CommittedChange[]) => void>();
  readonly jobs: JobQueue;
  readonly #jobsInBackground: boolean;
  readonly #failureListeners = new Set<(failed: FailedJob) => void>();
  #isRunningJobs = false;
  #code: CodeHost | null = null;
  #current: TransactionRuntime | null = null;

  constructor(store: Store, options: OpenOptions) {
    this.project = options.project;
    this.store = store;
    this.clock = options.clock ?? Date.now;
    this.#jobsInBackground = options.jobsInBackground ?? false;
    this.schema = buildSchema(options.project, store.keyPrefixes());
    const permissions = readPermissionMetadata(options.project, this.schema);
    const sharing = readSharingMetadata(options.project, this.schema);
    this.catalog = new FormulaCatalog(this.schema, {
      customPermissions: new Set([...permissions.customPermissions.keys()].map((name) => name.toLowerCase())),
    });
    this.duplicateRules = readDuplicateRules(options.project, this.schema);
    this.leadFieldMapping = readLeadFieldMapping(options.project, this.schema);
    const approvals = readApprovalProcesses(options.project, this.schema, this.catalog);
    this.#environment = {
      schema: this.schema,
      formulas: this.catalog,
      prepare: (name) => {
        if (FISCAL_OBJECTS.has(name) && !options.project.orgShape.facts.has('customFiscalYears'))
          makeStandardPeriods(
            store,
            this.schema,
            options.project.orgShape.fiscalYear,
            this.administratorId,
            timeZone(options.project.orgShape.timeZone).dayAt(this.clock()),
          );
        if (name === 'FieldDefinition') mirrorFieldDefinitions(store, this.schema, this.administratorId, this.clock());
      },
    };
    checkShape(store, options.project.orgShape);
    store.applySchema(this.schema);
    this.jobs = new JobQueue(this);
    this.formulas = new FormulaHost(
      this.schema,
      store,
      this.catalog,
      () => this.organizationId,
      () => this.rates,
    );
    this.formulas.register(() => this.#running().formulaEnvironment);
    const { orgShape } = options.project;
    this.rates = orgShape.facts.has('multiCurrency') ? new ExchangeRates(this.schema, store, orgShape.currency) : null;
    const zone = timeZone(orgShape.timeZone);
    const format = localeFormat(languageTag(orgShape.locale), orgShape.timeZone);
    registerQueryFunctions(
      store,
      () => this.schema,
      () => ({
        fiscal: this.fiscal,
        offsetAt: (instant) => (this.#current?.session.zone ?? zone).offsetAt(instant),
        format: this.#current?.session.format ?? format,
        currency: this.currencyOf(this.#current?.session),
        rates: this.rates,
      }),
    );
    if (this.rates)
      registerMoneyFunctions(
        store,
        () => this.rates as ExchangeRates,
        () => this.currencyOf(this.#current?.session),
      );
    registerSearchFunction(store);
    this.engine = new QueryEngine(this.#environment, store);
    const seeds = store.transaction(() => {
      const ids = seedOrg(store, this.schema, options.project, this.clock());
      mirrorProject(store, this.schema, options.project, ids.administratorId, this.clock());
      mirrorCustomMetadata(store, this.schema, ids.administratorId, this.clock());
      return ids;
    });
    this.rates?.reload();
    this.organizationId = seeds.organizationId;
    this.administratorId = seeds.administratorId;
    this.security = new Security(this.schema, store, permissions);
    this.groups = new GroupRows(this.schema, store);
    this.locks = new Locks(store);
    this.shares = new ShareRows(this.schema, store, this.groups, () => this.security.sharing.membership, sharing);
    this.approvalProcesses = store.transaction(() => {
      const author = { userId: this.administratorId, now: this.clock() };
      new PermissionRows(this.schema, store, permissions).mirror(author.userId, author.now);
      mirrorPermissionSetGroups(store, this.schema, permissions.groups, author.userId, author.now);
      this.groups.mirror(sharing, author.userId, author.now);
      this.shares.recalculateWhenChanged(author);
      return mirrorApprovalProcesses(store, this.schema, approvals, author.userId, author.now);
    });
  }

  get code(): CodeHost | null {
    return this.#code;
  }

  attachCode(code: CodeHost): void {
    this.#code = code;
  }

  transaction<T>(options: TransactionOptions, work: (transaction: TransactionRuntime) => T): T {
    if (this.#current)
      throw new RuntimeProblem('NESTED_TRANSACTION', 'a transaction is running already; use the one that is open');
    const transaction = new TransactionRuntime(this, options);
    this.#current = transaction;
    let result: T;
    try {
      result = this.store.transaction(() => {
        const outcome = work(transaction);
        transaction.finish();
        return outcome;
      });
    } catch (error) {
      this.security.reset();
      if (transaction.ratesChanged) this.rates?.reload();
      this.forgetFiscalYears();
      throw error;
    } finally {
      this.#current = null;
    }
    this.#announce();
    if (!this.#jobsInBackground) this.#runJobs();
    return result;
  }

  /** Jobs that are due run until none is left; those that they enqueue too. */
  #runJobs(): void {
    if (this.#isRunningJobs) return;
    this.#isRunningJobs = true;
    try {
      while (this.runNextStep());
    } finally {
      this.#isRunningJobs = false;
    }
  }

  runNextStep(): boolean {
    if (!this.#code) return false;
    const [job] = this.jobs.waiting(this.clock(), 1);
    if (!job) return false;
    const failure = this.jobs.step(job, (userId, work) => this.transaction({ userId, asynchronous: true }, work));
    if (failure) for (const listener of this.#failureListeners) listener({ ...job, failure });
    return true;
  }

  nextJobDue(): number | null {
    return this.jobs.nextDue();
  }

  onJobFailure(listener: (failed: FailedJob) => void): () => void {
    this.#failureListeners.add(listener);
    return () => this.#failureListeners.delete(listener);
  }

  get fiscal(): FiscalCalendar {
    const { facts, fiscalYear } = this.project.orgShape;
    this.#fiscal ??= facts.has('customFiscalYears')
      ? new CustomFiscalCalendar(readPeriods(this.store, this.schema))
      : new StandardFiscalCalendar(fiscalYear);
    return this.#fiscal;
  }

  /** Periods of custom fiscal years were written, or taken back. */
  forgetFiscalYears(): void {
    this.#fiscal = null;
  }

  /** A user's currency; the corporate one where users have none of their own. */
  currencyOf(session: Session | undefined): string {
    const own = session?.user.get('DefaultCurrencyIsoCode');
    return typeof own === 'string' ? own : this.project.orgShape.currency;
  }

  #announce(): void {
    const written = this.store.takeChanges();
    if (this.#listeners.size === 0 || written.length === 0) return;
    const changes = written.map((change): CommittedChange => ({
      id: change.id,
      objectApiName: change.objectName,
      operation: change.operation,
    }));
    for (const listener of this.#listeners) listener(changes);
  }

  onCommit(listener: (changes: readonly CommittedChange[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #running(): TransactionRuntime {
    if (!this.#current) throw new Error('no transaction is running');
    return this.#current;
  }

  /** Object of an API name. Throws RuntimeProblem when there is none. */
  object(name: string): ObjectDescribe {
    const object = this.schema.object(name);
    if (!object) throw new RuntimeProblem('INVALID_OPERATION', `there is no object ${name}`);
    return object;
  }

  close(): void {
    this.store.close();
  }
}
