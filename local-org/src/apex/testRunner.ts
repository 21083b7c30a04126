/** Runs Apex tests: every method in its own rolled-back state with fresh statics, limits and users. */
import type { Org, Transaction } from '../runtime/types.ts';
import { TRIGGER_SUFFIX, type CompiledProject } from './compile.ts';
import { describeError, enter, renewExecution } from './host.ts';
import { runJobs } from './library/jobSteps.ts';
import type { MethodSymbol, TypeSymbol } from './types/symbols.ts';

export interface TestSelection {
  /** Names of test classes, any case; all when absent. */
  readonly classes?: readonly string[];
  /** `Class.method`, any case. */
  readonly methods?: readonly string[];
}

export interface TestResult {
  readonly className: string;
  readonly methodName: string;
  readonly outcome: 'Pass' | 'Fail';
  /** Null when the test passed. */
  readonly message: string | null;
  readonly stackTrace: string | null;
  /** Milliseconds. */
  readonly runTime: number;
  readonly log: readonly string[];
}

export interface ClassCoverage {
  readonly name: string;
  readonly file: string;
  readonly covered: readonly number[];
  readonly uncovered: readonly number[];
}

export interface TestRun {
  readonly results: readonly TestResult[];
  /** Classes and triggers that are not tests, by name; empty when the project was compiled without coverage. */
  readonly coverage: readonly ClassCoverage[];
  readonly startedAt: number;
  /** Milliseconds, the whole run. */
  readonly duration: number;
  readonly organizationId: string;
  readonly userId: string;
}

interface TestClass {
  readonly symbol: TypeSymbol;
  readonly setups: readonly MethodSymbol[];
  readonly tests: readonly MethodSymbol[];
}

const has = (method: MethodSymbol, annotation: string): boolean =>
  method.annotations?.some((candidate) => candidate.name === annotation) ?? false;

function isTest(method: MethodSymbol): boolean {
  const words = method.node?.modifiers.words;
  return (
    method.isStatic && method.parameters.length === 0 && (has(method, 'istest') || (words?.has('testmethod') ?? false))
  );
}

/** @IsTest(SeeAllData=true) on a method or class. */
const seesAllData = ({ annotations }: Pick<MethodSymbol, 'annotations'>): boolean =>
  annotations?.some(
    ({ name, parameters }) => name === 'istest' && String(parameters.get('seealldata')).toLowerCase() === 'true',
  ) ?? false;

/** Test classes in alphabetical order, methods as they stand in the source. */
export function findTests(compiled: CompiledProject, selection: TestSelection = {}): readonly TestClass[] {
  const classes = selection.classes?.map((name) => name.toLowerCase());
  const methods = selection.methods?.map((name) => name.toLowerCase());
  const found: TestClass[] = [];
  for (const symbol of [...compiled.classes].sort((left, right) => (left.name < right.name ? -1 : 1))) {
    const own = [...symbol.methods.values()].flat();
    const wanted = own.filter(isTest).filter((method) => {
      if (!classes && !methods) return true;
      return (
        (classes?.includes(symbol.name.toLowerCase()) ?? false) ||
        (methods?.includes(`${symbol.name}.${method.name}`.toLowerCase()) ?? false)
      );
    });
    if (wanted.length > 0)
      found.push({ symbol, setups: own.filter((method) => has(method, 'testsetup')), tests: wanted });
  }
  return found;
}

/** Ends the transaction of a test class: nothing of it is kept. */
class RollBack extends Error {}

/** What a run may be given. */
export interface RunOptions {
  /** Called after each test method. */
  readonly report?: (result: TestResult) => void;
  /**
   * Index of the test class to run next, and again until it is past the last one: runs that share the classes of one
   * selection share the counter behind it. Every class in order when absent.
   */
  readonly next?: () => number;
}

/** Runs tests on an org whose database holds no business data. The code host of `compiled` must be attached to the org. */
export function runTests(
  org: Org,
  compiled: CompiledProject,
  selection: TestSelection = {},
  { report = () => {}, next = counter() }: RunOptions = {},
): TestRun {
  const startedAt = Date.now();
  const begin = performance.now();
  for (const counters of compiled.program.counters.values()) counters.fill(0);
  const results: TestResult[] = [];
  const classes = findTests(compiled, selection);
  for (let testClass = classes[next()]; testClass; testClass = classes[next()]) {
    const current = testClass;
    try {
      org.transaction({ userId: org.administratorId }, (transaction) => {
        runClass(org, compiled, transaction, current, (result) => {
          results.push(result);
          report(result);
        });
        throw new RollBack();
      });
    } catch (error) {
      if (!(error instanceof RollBack)) throw error;
    }
  }
  return {
    results,
    coverage: compiled.options.coverage ? coverageOf(compiled) : [],
    startedAt,
    duration: performance.now() - begin,
    organizationId: org.organizationId,
    userId: org.administratorId,
  };
}

function counter(): () => number {
  let index = 0;
  return () => index++;
}

/**
 * One run of runs that shared the classes of one selection.
 *
 * @param runs the first began first
 * @param duration milliseconds from the first one's begin to the last one's end
 */
export function mergeRuns(runs: readonly TestRun[], duration: number): TestRun {
  const [first] = runs;
  if (!first) throw new Error('there is no run to merge');
  const results = runs.flatMap((run) => run.results);
  const place = new Map([...new Set(results.map(({ className }) => className))].sort().map((name, at) => [name, at]));
  return {
    ...first,
    duration,
    results: results.toSorted((left, right) => (place.get(left.className) ?? 0) - (place.get(right.className) ?? 0)),
    coverage: mergeCoverage(runs.map((run) => run.coverage)),
  };
}

function mergeCoverage(runs: readonly (readonly ClassCoverage[])[]): readonly ClassCoverage[] {
  const [first = [], ...others] = runs;
  const covered = new Map(
    first.map(({ file }) => [
      file,
      new Set([first, ...others].flatMap((run) => run.find((entry) => entry.file === file)?.covered ?? [])),
    ]),
  );
  return first.map((entry) => {
    const lines = [...entry.covered, ...entry.uncovered].sort((left, right) => left - right);
    const ran = covered.get(entry.file);
    return {
      ...entry,
      covered: lines.filter((line) => ran?.has(line) === true),
      uncovered: lines.filter((line) => ran?.has(line) !== true),
    };
  });
}

function runClass(
  org: Org,
  compiled: CompiledProject,
  transaction: Transaction,
  testClass: TestClass,
  report: (result: TestResult) => void,
): void {
  const { symbol, setups, tests } = testClass;
  let setupFailure: Pick<TestResult, 'message' | 'stackTrace'> | null = null;
  for (const setup of setups) {
    const outcome = runMethod(org, compiled, transaction, symbol, setup);
    if (outcome.message !== null) setupFailure ??= outcome;
  }
  const untouched = aside(transaction, () => transaction.setSavepoint());
  for (const test of tests) {
    const from = performance.now();
    const outcome = setupFailure ? { ...setupFailure, log: [] } : runMethod(org, compiled, transaction, symbol, test);
    report({
      className: symbol.name,
      methodName: test.name,
      outcome: outcome.message === null ? 'Pass' : 'Fail',
      message: outcome.message,
      stackTrace: outcome.stackTrace,
      runTime: performance.now() - from,
      log: outcome.log,
    });
    aside(transaction, () => transaction.rollback(untouched));
  }
}

/** Work of the runner itself, which no test's limits count. */
function aside<T>(transaction: Transaction, work: () => T): T {
  transaction.limits.push(false);
  try {
    return work();
  } finally {
    transaction.limits.pop();
  }
}

function runMethod(
  org: Org,
  compiled: CompiledProject,
  transaction: Transaction,
  symbol: TypeSymbol,
  method: MethodSymbol,
): Pick<TestResult, 'message' | 'stackTrace' | 'log'> {
  return aside(transaction, () =>
    transaction.runAs(org.administratorId, () => {
      const execution = renewExecution(compiled, transaction);
      execution.test = {
        started: false,
        stopped: false,
        seesAllData: seesAllData(method) || seesAllData(symbol),
        mocks: new Map(),
      };
      return enter(execution, () => {
        try {
          const loaded = compiled.program.class(symbol.fullName) as unknown as Record<string, () => void>;
          (loaded[method.javascriptName] as () => void)();
          // Without stopTest, asynchronous work runs when the method ends.
          runJobs(execution);
          return { message: null, stackTrace: null, log: execution.log };
        } catch (error) {
          const { message, stack } = describeError(execution, error);
          return { message, stackTrace: stack, log: execution.log };
        } finally {
          if (execution.test?.started && !execution.test.stopped) transaction.limits.pop();
        }
      });
    }),
  );
}

/** Covered and uncovered lines of every class and trigger that is no test. */
export function coverageOf(compiled: CompiledProject): readonly ClassCoverage[] {
  const coverage: ClassCoverage[] = [];
  for (const [name, module] of compiled.program.modules) {
    if (module.symbol.isTest || name === 'AnonymousBlock') continue;
    const counts = compiled.program.counters.get(name);
    const covered: number[] = [];
    const uncovered: number[] = [];
    for (const [line, index] of module.writer.counters) ((counts?.[index] ?? 0) > 0 ? covered : uncovered).push(line);
    if (covered.length + uncovered.length === 0) continue;
    const ascending = (left: number, right: number): number => left - right;
    coverage.push({
      name: name.replace(TRIGGER_SUFFIX, ''),
      file: module.source.file,
      covered: covered.sort(ascending),
      uncovered: uncovered.sort(ascending),
    });
  }
  return coverage.sort((left, right) => (left.name < right.name ? -1 : 1));
}
