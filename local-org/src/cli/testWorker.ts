/** The thread that runs tests for a server: an org in memory, apart from the data and the compiled code that it serves. */
import { parentPort, workerData } from 'node:worker_threads';
import type { FoundTests, MethodRun } from '../api/tooling/types.ts';
import { coverageOf, findTests, runTests } from '../apex/testRunner.ts';
import type { TestSelection } from '../apex/testRunner.ts';
import { definitionOption, launch } from './launch.ts';
import { explain } from './usage.ts';

export interface TestWorkerData {
  readonly source: string;
  readonly definition?: string;
  readonly selection: TestSelection;
  readonly coverage: boolean;
}

export type TestWorkerMessage =
  | { readonly kind: 'found'; readonly found: readonly FoundTests[] }
  | { readonly kind: 'finished'; readonly runs: readonly MethodRun[] }
  | { readonly kind: 'failed'; readonly message: string };

const { source, definition, selection, coverage } = workerData as TestWorkerData;
const send = (message: TestWorkerMessage): void => parentPort?.postMessage(message);

try {
  const { org, compiled } = launch({ source, coverage, ...definitionOption(definition) });
  const found = findTests(compiled, selection).map(({ symbol, tests }) => ({
    className: symbol.name,
    methods: tests.map(({ name }) => name),
  }));
  send({ kind: 'found', found });
  const runs: MethodRun[] = [];
  runTests(org, compiled, selection, {
    report: (result) => {
      runs.push({ result, coverage: coverage ? coverageOf(compiled) : [] });
      // The next method counts anew, so that coverage can be told by method.
      for (const counters of compiled.program.counters.values()) {
        counters.fill(0);
      }
    },
  });
  org.close();
  send({ kind: 'finished', runs });
} catch (error) {
  send({ kind: 'failed', message: explain(error) });
}
