/** A thread's share of a test run: see SharedRun. */
import { parentPort, workerData } from 'node:worker_threads';
import { runTests } from '../apex/testRunner.ts';
import { launch } from './launch.ts';
import { take } from './SharedRun.ts';
import type { ShareData, ShareMessage } from './SharedRun.ts';
import { explain } from './usage.ts';

const { options, selection, shared, slot } = workerData as ShareData;
const send = (message: ShareMessage): void => parentPort?.postMessage(message);

try {
  const { org, compiled } = launch(options);
  Atomics.store(shared, slot, 1);
  const run = runTests(org, compiled, selection, { next: () => take(shared) });
  org.close();
  send({ kind: 'finished', run });
} catch (error) {
  send({ kind: 'failed', message: explain(error) });
}
