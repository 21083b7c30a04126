/** Test classes shared among threads: every class runs once, and the outcome is that of one thread. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { mergeRuns, runTests } from '../../src/apex/testRunner.ts';
import type { TestRun } from '../../src/apex/testRunner.ts';
import { launch } from '../../src/cli/launch.ts';
import { SharedRun } from '../../src/cli/SharedRun.ts';

const options = { source: join(import.meta.dirname, '../fixtures/ledger'), coverage: true };

/** What does not depend on the clock. */
function facts(run: TestRun): unknown {
  return {
    results: run.results.map(({ className, methodName, outcome, message }) => ({
      className,
      methodName,
      outcome,
      message,
    })),
    coverage: run.coverage,
  };
}

/** The run of the classes whose index the filter lets through. */
function share(isOwn: (index: number) => boolean): TestRun {
  const { org, compiled } = launch(options);
  let index = -1;
  try {
    return runTests(
      org,
      compiled,
      {},
      {
        next: () => {
          do index += 1;
          while (!isOwn(index) && index < 100);
          return index;
        },
      },
    );
  } finally {
    org.close();
  }
}

void test('shares merge to the run of one thread, lines covered by any of them included', () => {
  const whole = share(() => true);
  const parts = [share((index) => index % 2 === 1), share((index) => index % 2 === 0)];
  assert.ok(
    parts.every((part) => part.results.length > 0),
    'each share has tests',
  );
  assert.notDeepEqual(parts[0]?.coverage, whole.coverage, 'a share alone covers less');
  assert.deepEqual(facts(mergeRuns(parts, 1)), facts(whole));
});

void test('threads take part and are gone at the end', async () => {
  const { org, compiled } = launch(options);
  try {
    const shared = new SharedRun({ launch: options, selection: {}, launchTime: 0, threads: 2 });
    const run = await shared.finish(() => {
      // The main thread leaves the classes to the others until both have had time to take one.
      shared.next();
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000);
      return runTests(org, compiled, {}, { next: shared.next });
    });
    const whole = share((index) => index > 0);
    assert.deepEqual(facts(run), facts(whole), 'all but the first class, which was taken and not run');
  } finally {
    org.close();
  }
});
