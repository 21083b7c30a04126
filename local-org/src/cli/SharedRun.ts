/**
 * A test run on several cores: threads with orgs of their own take test classes from one shared counter. The main thread
 * begins alone; threads are started once its tests have taken as long as a thread needs to launch, and one that is not
 * ready before the last class is taken is let go.
 */
import { Worker } from 'node:worker_threads';
import { mergeRuns } from '../apex/testRunner.ts';
import type { TestRun, TestSelection } from '../apex/testRunner.ts';
import type { LaunchOptions } from './launch.ts';

export interface ShareData {
  readonly options: LaunchOptions;
  readonly selection: TestSelection;
  /** Index of the next test class; behind it, for each thread, 1 once it takes classes. */
  readonly shared: Int32Array<SharedArrayBuffer>;
  /** Where this thread says so. */
  readonly slot: number;
}

/** What a thread says at its end. */
export type ShareMessage =
  { readonly kind: 'finished'; readonly run: TestRun } | { readonly kind: 'failed'; readonly message: string };

interface Thread {
  readonly worker: Worker;
  readonly slot: number;
  readonly run: Promise<TestRun>;
}

/** The index of the next test class, taken for good. */
export function take(shared: Int32Array<SharedArrayBuffer>): number {
  return Atomics.add(shared, 0, 1);
}

export class SharedRun {
  readonly #launch: LaunchOptions;
  readonly #selection: TestSelection;
  readonly #shared: Int32Array<SharedArrayBuffer>;
  readonly #threadsFrom: number;
  #threads: readonly Thread[] = [];

  /**
   * @param options.launch how a thread gets an org like the main thread's
   * @param options.launchTime milliseconds that launching takes: a run that is over sooner is not worth a thread
   * @param options.threads number of threads beside the main one
   */
  constructor(options: {
    readonly launch: LaunchOptions;
    readonly selection: TestSelection;
    readonly launchTime: number;
    readonly threads: number;
  }) {
    this.#launch = options.launch;
    this.#selection = options.selection;
    this.#shared = new Int32Array(new SharedArrayBuffer((options.threads + 1) * Int32Array.BYTES_PER_ELEMENT));
    this.#threadsFrom = performance.now() + options.launchTime;
  }

  /** Index of the main thread's next test class. */
  readonly next = (): number => {
    if (this.#threads.length === 0 && performance.now() > this.#threadsFrom) this.#startThreads();
    return take(this.#shared);
  };

  /**
   * Runs the main thread's share and waits for those of the threads that took part.
   *
   * @throws whatever `own` or such a thread throws; no thread is left running
   */
  async finish(own: () => TestRun): Promise<TestRun> {
    const begin = performance.now();
    try {
      const run = own();
      // No class is left now: a thread that has taken none will take none.
      const others = this.#threads.filter(({ slot }) => Atomics.load(this.#shared, slot) === 1);
      return mergeRuns([run, ...(await Promise.all(others.map((thread) => thread.run)))], performance.now() - begin);
    } finally {
      await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
    }
  }

  #startThreads(): void {
    this.#threads = Array.from({ length: this.#shared.length - 1 }, (_, index) =>
      startThread({ options: this.#launch, selection: this.#selection, shared: this.#shared, slot: index + 1 }),
    );
  }
}

function startThread(data: ShareData): Thread {
  const worker = new Worker(new URL('./testShare.ts', import.meta.url), { workerData: data });
  const run = new Promise<TestRun>((resolve, reject) => {
    worker.once('message', (message: ShareMessage) =>
      message.kind === 'finished' ? resolve(message.run) : reject(new Error(message.message)),
    );
    worker.once('error', (error) => reject(error instanceof Error ? error : new Error(String(error))));
    worker.once('exit', (code) => reject(new Error(`A thread that ran tests ended with code ${code}.`)));
  });
  run.catch(() => {}); // it is looked at when the main thread has done its share
  return { worker, slot: data.slot, run };
}
