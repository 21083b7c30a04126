/** One project on one database. */
import { FormulaCatalog } from '../formula/catalog.ts';
import type { Project } from '../project/types.ts';
import { buildSchema } from '../schema/buildSchema.ts';
import type { ObjectDescribe, Schema } from '../schema/types.ts';
import { Security } from '../security/Security.ts';
import { readPermissionMetadata } from '../security/permissionMetadata.ts';
import { registerQueryFunctions } from '../soql/functions.ts';
import { describeQuery, QueryEngine } from '../soql/runQuery.ts';
import type { PlannerEnvironment, QueryDescription } from '../soql/types.ts';
import { Store } from '../store/Store.ts';
import { mirrorCustomMetadata } from './customMetadataRows.ts';
import { RuntimeProblem } from './errors.ts';
import { FormulaHost } from './FormulaHost.ts';
import { mirrorProject, seedOrg } from './seed.ts';
import { timeZone } from './timeZone.ts';
import { TransactionRuntime } from './TransactionRuntime.ts';
import type { CodeHost, CommittedChange, Org, TransactionOptions } from './types.ts';

export interface OpenOptions {
  readonly project: Project;
  /** Path of the database, or `:memory:` (the default). */
  readonly databaseFile?: string;
  /** Instant of `now` in epoch milliseconds; the system clock unless given. */
  readonly clock?: () => number;
}

/**
 * Opens an org: builds the schema, compiles every formula, migrates and seeds the database.
 * @throws MetadataError, ProjectError or StoreError, each saying where and what to do
 */
export function openOrg(options: OpenOptions): OrgRuntime {
  const store = Store.open(options.databaseFile ?? ':memory:');
  try {
    return new OrgRuntime(store, options);
  } catch (error) {
    store.close();
    throw error;
  }
}

/** The schema's planner for compilers that have no org: formulas are not looked into. */
export function describeQueryWithoutOrg(text: string, schema: Schema): QueryDescription {
  return describeQuery(text, { schema, formulas: { references: () => [], key: (object, field) => `${object.name}.${field.name}` } });
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
  readonly organizationId: string;
  readonly administratorId: string;
  readonly fiscalYearStartMonth: number;
  readonly #environment: PlannerEnvironment;
  readonly #commitListeners = new Set<(changes: readonly CommittedChange[]) => void>();
  #code: CodeHost | null = null;
  #current: TransactionRuntime | null = null;

  constructor(store: Store, options: OpenOptions) {
    this.project = options.project;
    this.store = store;
    this.clock = options.clock ?? Date.now;
    this.schema = buildSchema(options.project, store.keyPrefixes());
    const permissions = readPermissionMetadata(options.project, this.schema);
    this.catalog = new FormulaCatalog(this.schema, { customPermissions: new Set([...permissions.customPermissions.keys()].map((name) => name.toLowerCase())) });
    this.#environment = { schema: this.schema, formulas: this.catalog };
    this.fiscalYearStartMonth = options.project.orgShape.fiscalYearStartMonth;
    store.applySchema(this.schema);
    this.formulas = new FormulaHost(this.schema, store, this.catalog, () => this.organizationId);
    this.formulas.register(() => this.#running().formulaEnvironment);
    const zone = timeZone(options.project.orgShape.timeZone);
    registerQueryFunctions(store, () => this.schema, () => ({ fiscalYearStartMonth: this.fiscalYearStartMonth, offsetAt: (instant) => (this.#current?.session.zone ?? zone).offsetAt(instant) }));
    this.engine = new QueryEngine(this.#environment, store);
    const seeds = store.transaction(() => {
      const ids = seedOrg(store, this.schema, options.project, this.clock());
      mirrorProject(store, this.schema, options.project, ids.administratorId, this.clock());
      mirrorCustomMetadata(store, this.schema, ids.administratorId, this.clock());
      return ids;
    });
    this.organizationId = seeds.organizationId;
    this.administratorId = seeds.administratorId;
    this.security = new Security(this.schema, store, permissions);
    store.transaction(() => this.security.mirrorPermissionSets(this.administratorId, this.clock()));
  }

  get code(): CodeHost | null {
    return this.#code;
  }

  attachCode(code: CodeHost): void {
    this.#code = code;
  }

  /** Facts of a query, for compilers and list views. Throws QueryError. */
  describeQuery(text: string): QueryDescription {
    return describeQuery(text, this.#environment);
  }

  transaction<T>(options: TransactionOptions, work: (transaction: TransactionRuntime) => T): T {
    if (this.#current) throw new RuntimeProblem('NESTED_TRANSACTION', 'a transaction is running already; use the one that is open');
    const transaction = new TransactionRuntime(this, options);
    this.#current = transaction;
    const changes = new Map<string, CommittedChange>();
    if (this.#commitListeners.size > 0) {
      this.store.onWrite = (object, id, operation) => {
        // A record that is created and then updated was created; the last word otherwise.
        if (changes.get(id)?.operation === 'created' && operation === 'updated') return;
        changes.set(id, { id, objectApiName: object.name, operation });
      };
    }
    let result: T;
    try {
      result = this.store.transaction(() => work(transaction));
    } catch (error) {
      this.security.reset();
      throw error;
    } finally {
      this.#current = null;
      this.store.onWrite = null;
    }
    if (changes.size > 0) for (const listener of [...this.#commitListeners]) listener([...changes.values()]);
    for (const work of transaction.takeAfterCommit()) work();
    return result;
  }

  onCommit(listener: (changes: readonly CommittedChange[]) => void): () => void {
    this.#commitListeners.add(listener);
    return () => this.#commitListeners.delete(listener);
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
