import { Worker } from 'node:worker_threads';
import type { MethodRun, RunningTests, StartTests } from '../api/tooling/types.ts';
import type { LaunchOptions } from './launch.ts';
import type { TestWorkerData, TestWorkerMessage } from './testWorker.ts';

/**
 * Lets a server run tests: each run has a thread and an org in memory of its own.
 *
 * @param options folder of the project, and what shapes its org
 */
export function testStarter(options: Pick<LaunchOptions, 'source' | 'definition'>): StartTests {
  return (selection, coverage) =>
    new Promise<RunningTests>((resolve, reject) => {
      const data: TestWorkerData = { ...options, selection, coverage };
      const worker = new Worker(new URL('./testWorker.ts', import.meta.url), { workerData: data });
      worker.unref(); // a run that nobody waits for does not keep a stopped server alive
      const finished = new Promise<readonly MethodRun[]>((resolveRuns, rejectRuns) => {
        const fail = (error: Error): void => {
          rejectRuns(error);
          reject(error);
        };
        worker.on('message', (message: TestWorkerMessage) => {
          if (message.kind === 'found') {
            resolve({ found: message.found, finished });
          } else if (message.kind === 'finished') {
            resolveRuns(message.runs);
          } else {
            fail(new Error(message.message));
          }
        });
        worker.once('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
        worker.once('exit', (code) => fail(new Error(`The thread that ran the tests ended with code ${code}.`)));
      });
      finished.catch(() => {}); // whoever waits for the run learns of it; here it must not end the process
    });
}
