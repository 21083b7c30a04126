/** A project of Apex texts and a transaction without a database, for tests of the language itself. */
import type { ApexSource, Project } from '../../src/project/types.ts';
import type { Limits, Transaction } from '../../src/runtime/types.ts';
import type { ObjectDescribe, Schema } from '../../src/schema/types.ts';
import { compileProject, type CompiledProject } from '../../src/apex/compile.ts';
import { Execution, withExecution } from '../../src/apex/execution/Execution.ts';

export const emptySchema: Schema = {
  objects: [],
  activeCurrencies: [],
  customMetadataRecords: [],
  object: () => undefined,
  objectByKeyPrefix: () => undefined,
};

export function fakeProject(sources: Readonly<Record<string, string>>, apiVersion = 67): Project {
  const apex: ApexSource[] = Object.entries(sources).map(([name, text]) => ({
    kind: /^\s*trigger\b/.test(text) ? 'trigger' : 'class',
    name,
    file: `${name}.cls`,
    text,
    apiVersion,
    active: true,
  }));
  return {
    directory: '/',
    namespace: '',
    sourceApiVersion: apiVersion,
    packageDirectories: [],
    postInstallScript: null,
    apex,
    bundles: [],
    components: [],
    ofType: () => [],
    component: () => undefined,
    orgShape: {
      name: 'Test',
      features: [],
      locale: 'en_US',
      language: 'en_US',
      timeZone: 'UTC',
      currency: 'USD',
      unusedFeatures: [],
      unusedSettings: [],
      facts: new Set(),
      fiscalYear: { startMonth: 1, namedAfter: 'end' },
    },
  };
}

const limits: Limits = {
  used: () => 0,
  allowed: () => 10_000,
  count: () => {},
  forbid: () => {},
  push: () => {},
  pop: () => {},
};

export function compileSources(
  sources: Readonly<Record<string, string>>,
  schema: Schema = emptySchema,
  apiVersion = 67,
): CompiledProject {
  return compileProject(fakeProject(sources, apiVersion), schema);
}

/** Calls a static method of a compiled class. */
export function run(compiled: CompiledProject, className: string, method: string, ...values: unknown[]): unknown {
  return runWith(compiled, {}, className, method, ...values);
}

/** The same with parts of the transaction given. */
export function runWith(
  compiled: CompiledProject,
  parts: Partial<Transaction>,
  className: string,
  method: string,
  ...values: unknown[]
): unknown {
  const unused = (): never => {
    throw new Error('No database in this test');
  };
  const states = new Map<symbol, unknown>();
  const transaction: Transaction = {
    org: {
      project: compiled.project,
      schema: compiled.schema,
      administratorId: '005000000000001AAA',
      organizationId: '00D000000000001AAA',
      get security(): never {
        return unused();
      },
      approvalProcesses: [],
      rates: null,
      code: null,
      attachCode: unused,
      transaction: unused,
      runNextStep: unused,
      nextJobDue: unused,
      onJobFailure: unused,
      onCommit: unused,
      close: unused,
    },
    userId: '005000000000001AAA',
    limits,
    now: () => Date.UTC(2026, 10, 22),
    query: unused,
    checkQuery: unused,
    queryIds: unused,
    queryByIds: unused,
    search: unused,
    dml: unused,
    convertLeads: unused,
    recalculateFormulas: unused,
    get approvals(): never {
      return unused();
    },
    passesLookupFilter: unused,
    evaluateFormula: unused,
    setCreatedDate: unused,
    emptyRecycleBin: unused,
    setSavepoint: unused,
    rollback: unused,
    releaseSavepoint: unused,
    runAs: (_, work) => work(),
    nested: unused,
    enqueue: unused,
    schedule: unused,
    abortJob: unused,
    get queue(): never {
      return unused();
    },
    state: (key, create) => {
      if (!states.has(key)) states.set(key, create());
      return states.get(key) as ReturnType<typeof create>;
    },
    ...parts,
  };
  compiled.program.resetStatics();
  return withExecution(new Execution(compiled.program, transaction), () => {
    const loaded = compiled.program.class(className) as unknown as Record<
      string,
      (...parameters: unknown[]) => unknown
    >;
    const name = Object.getOwnPropertyNames(loaded).find((candidate) =>
      candidate.startsWith(`${method.toLowerCase()}$`),
    ) as string;
    return (loaded[name] as (...parameters: unknown[]) => unknown)(...values);
  });
}

export type { ObjectDescribe };
