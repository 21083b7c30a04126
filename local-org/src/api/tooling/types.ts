/** What the tooling resources need from outside: a way to run tests apart from the data that the server serves. */
import type { ClassCoverage, TestResult, TestSelection } from '../../apex/testRunner.ts';

/** A test class with the methods of it that will run. */
export interface FoundTests {
  readonly className: string;
  readonly methods: readonly string[];
}

/** A test method that has run. */
export interface MethodRun {
  readonly result: TestResult;
  /** Lines that ran during this method, by class and trigger; empty without coverage. */
  readonly coverage: readonly ClassCoverage[];
}

export interface RunningTests {
  readonly found: readonly FoundTests[];
  /** Every method's outcome, in the order in which they ran. */
  readonly finished: Promise<readonly MethodRun[]>;
}

/**
 * Compiles the project, finds the tests and lets them run in an org in memory.
 *
 * @returns once the tests are found, while they run
 * @throws Error with the compiler's message when the project does not compile
 */
export type StartTests = (selection: TestSelection, coverage: boolean) => Promise<RunningTests>;
