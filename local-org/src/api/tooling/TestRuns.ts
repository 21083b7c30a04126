/** Test runs that clients started: what runs, what came out, and the rows of the Tooling API that tell of it. */
import type { ClassCoverage, TestSelection } from '../../apex/testRunner.ts';
import type { Org } from '../../runtime/types.ts';
import { ApiError } from '../errors.ts';
import { Coverage } from './Coverage.ts';
import { IdSequence, TOOLING_OBJECTS } from './tables.ts';
import type { ToolingObjectName, ToolingRow } from './tables.ts';
import type { FoundTests, MethodRun, StartTests } from './types.ts';

/** Runs whose rows are kept; the oldest goes first. */
const KEPT_RUNS = 50;
/** Id of the background job that stands for a run. */
const JOB_PREFIX = '707';

interface Run {
  readonly jobId: string;
  readonly resultId: string;
  readonly userId: string;
  readonly startedAt: number;
  readonly isAllTests: boolean;
  readonly classes: readonly { readonly itemId: string; readonly apexClass: ToolingRow; readonly tests: FoundTests }[];
  endedAt: number | null;
  results: readonly ToolingRow[];
}

/** A run that was asked for. */
export interface TestRunRequest {
  readonly selection: TestSelection;
  readonly coverage: boolean;
  readonly userId: string;
}

export class TestRuns {
  readonly #org: Org;
  readonly #start: StartTests;
  readonly #ids = new IdSequence();
  readonly #coverage = new Coverage(this.#ids);
  readonly #runs = new Map<string, Run>();

  constructor(org: Org, start: StartTests) {
    this.#org = org;
    this.#start = start;
  }

  /**
   * Starts a run and answers once its tests are known.
   *
   * @returns Id of the run's job, and its outcome when it has ended
   * @throws ApiError INVALID_INPUT when nothing is to run or a class has no tests
   */
  async start(request: TestRunRequest): Promise<{ jobId: string; ended: Promise<readonly MethodRun[]> }> {
    const { selection, coverage, userId } = request;
    const { found, finished } = await this.#start(selection, coverage);
    checkFound(selection, found);
    const run: Run = {
      jobId: this.#ids.next(JOB_PREFIX),
      resultId: this.#ids.next(TOOLING_OBJECTS.ApexTestRunResult.keyPrefix),
      userId,
      startedAt: Date.now(),
      isAllTests: !selection.classes && !selection.methods,
      classes: found.map((tests) => ({
        itemId: this.#ids.next(TOOLING_OBJECTS.ApexTestQueueItem.keyPrefix),
        apexClass: this.apex('ApexClass', tests.className),
        tests,
      })),
      endedAt: null,
      results: [],
    };
    this.#keep(run);
    const ended = finished.then(
      (methods) => {
        this.#end(run, methods, coverage);
        return methods;
      },
      (error: unknown) => {
        this.#end(run, failedMethods(found, error), false);
        throw error;
      },
    );
    ended.catch(() => {}); // asynchronous runs tell of it by their rows
    return { jobId: run.jobId, ended };
  }

  /** Rows of a tooling object. */
  rows(name: ToolingObjectName): readonly ToolingRow[] {
    const runs = [...this.#runs.values()];
    const tables: Readonly<Record<ToolingObjectName, () => readonly ToolingRow[]>> = {
      ApexTestRunResult: () => runs.map(summaryRow),
      ApexTestQueueItem: () => runs.flatMap(queueRows),
      ApexTestResult: () => runs.flatMap(({ results }) => results),
      ApexCodeCoverage: () => this.#coverage.byMethod,
      ApexCodeCoverageAggregate: () => this.#coverage.aggregate,
      ApexOrgWideCoverage: () => this.#coverage.orgWide,
    };
    return tables[name]();
  }

  /**
   * Id, name and namespace of a class or trigger of the running org.
   *
   * @throws ApiError when the source is newer than the org
   */
  apex(objectName: 'ApexClass' | 'ApexTrigger', name: string): ToolingRow {
    const { records } = this.#org.transaction({ userId: this.#org.administratorId }, (transaction) =>
      transaction.query(`SELECT Id, Name FROM ${objectName} WHERE Name = :name LIMIT 1`, {
        accessMode: 'system',
        sharing: 'without',
        countLimits: false,
        binds: new Map([['name', name]]),
      }),
    );
    const [record] = records;
    if (!record?.id) {
      throw new ApiError(
        400,
        'INVALID_INPUT',
        `${name} is not in the running org: its source was added after the start. Start the local org again.`,
      );
    }
    const namespace = this.#org.project.namespace;
    return { Id: record.id, Name: name, NamespacePrefix: namespace === '' ? null : namespace };
  }

  #keep(run: Run): void {
    this.#runs.set(run.jobId, run);
    const oldest = this.#runs.keys().next().value;
    if (this.#runs.size > KEPT_RUNS && oldest !== undefined) {
      this.#runs.delete(oldest);
    }
  }

  #end(run: Run, methods: readonly MethodRun[], coverage: boolean): void {
    run.endedAt = Date.now();
    const byName = new Map(run.classes.map((entry) => [entry.tests.className, entry] as const));
    run.results = methods.flatMap(({ result }) => {
      const entry = byName.get(result.className);
      return entry ? [resultRow(run, entry, result, this.#ids)] : [];
    });
    if (!coverage) {
      return;
    }
    const known = new Map<string, ToolingRow>();
    const apexOf = ({ file, name }: ClassCoverage): ToolingRow => {
      const apex = known.get(file) ?? this.apex(file.endsWith('.trigger') ? 'ApexTrigger' : 'ApexClass', name);
      known.set(file, apex);
      return apex;
    };
    for (const method of methods) {
      const testClass = byName.get(method.result.className)?.apexClass;
      if (testClass) {
        this.#coverage.add(testClass, method.result.methodName, method.coverage, apexOf);
      }
    }
  }
}

/** Every class and method that was named must have been found. */
function checkFound({ classes, methods }: TestSelection, found: readonly FoundTests[]): void {
  const names = new Set(found.map(({ className }) => className.toLowerCase()));
  const lost = classes?.find((name) => !names.has(name.toLowerCase()));
  if (lost !== undefined) {
    throw new ApiError(
      400,
      'INVALID_INPUT',
      `This class name's value is invalid: ${lost}. Provide the name of an Apex class that has test methods.`,
    );
  }
  const known = new Set(
    found.flatMap((each) => each.methods.map((method) => `${each.className}.${method}`.toLowerCase())),
  );
  const lostMethod = methods?.find((name) => !known.has(name.toLowerCase()));
  if (lostMethod !== undefined) {
    throw new ApiError(400, 'INVALID_INPUT', `There is no test method ${lostMethod}.`);
  }
  if (found.length === 0) {
    throw new ApiError(400, 'INVALID_INPUT', 'Always provide a classes, suites, tests, or testLevel property.');
  }
}

/** When a run breaks off, all of its methods have failed with what broke it. */
function failedMethods(found: readonly FoundTests[], error: unknown): MethodRun[] {
  const message = error instanceof Error ? error.message : String(error);
  return found.flatMap(({ className, methods }) =>
    methods.map((methodName) => ({
      result: { className, methodName, outcome: 'Fail', message, stackTrace: null, runTime: 0, log: [] } as const,
      coverage: [],
    })),
  );
}

const instant = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : new Date(milliseconds).toISOString().replace('Z', '+0000');

const count = (run: Run): number => run.classes.reduce((sum, { tests }) => sum + tests.methods.length, 0);

function summaryRow(run: Run): ToolingRow {
  const hasEnded = run.endedAt !== null;
  const failures = run.results.filter((row) => row['Outcome'] === 'Fail').length;
  return {
    Id: run.resultId,
    AsyncApexJobId: run.jobId,
    ClassesCompleted: hasEnded ? run.classes.length : 0,
    ClassesEnqueued: run.classes.length,
    EndTime: instant(run.endedAt),
    IsAllTests: run.isAllTests,
    JobName: null,
    MethodsCompleted: run.results.length,
    MethodsEnqueued: count(run),
    MethodsFailed: failures,
    Source: 'API',
    StartTime: instant(run.startedAt),
    Status: hasEnded ? (failures > 0 ? 'Failed' : 'Completed') : 'Processing',
    TestSetupTime: 0,
    TestTime: run.results.reduce((sum, row) => sum + Number(row['RunTime']), 0),
    UserId: run.userId,
  };
}

function queueRows(run: Run): ToolingRow[] {
  return run.classes.map(({ itemId, apexClass, tests }) => {
    const own = run.results.filter((row) => row['QueueItemId'] === itemId);
    const passed = own.filter((row) => row['Outcome'] === 'Pass').length;
    return {
      Id: itemId,
      ApexClassId: apexClass.Id,
      ApexClass: apexClass,
      ExtendedStatus: run.endedAt === null ? null : `(${passed}/${tests.methods.length})`,
      ParentJobId: run.jobId,
      Status: run.endedAt === null ? 'Processing' : 'Completed',
      TestRunResultId: run.resultId,
    };
  });
}

function resultRow(
  run: Run,
  { apexClass, itemId }: Run['classes'][number],
  result: MethodRun['result'],
  ids: IdSequence,
): ToolingRow {
  return {
    Id: ids.next(TOOLING_OBJECTS.ApexTestResult.keyPrefix),
    ApexClassId: apexClass.Id,
    ApexClass: apexClass,
    ApexLogId: null,
    ApexTestRunResultId: run.resultId,
    AsyncApexJobId: run.jobId,
    IsTestSetup: false,
    Message: result.message,
    MethodName: result.methodName,
    Outcome: result.outcome,
    QueueItemId: itemId,
    RunTime: Math.round(result.runTime),
    StackTrace: result.stackTrace,
    TestTimestamp: instant(run.startedAt),
  };
}
