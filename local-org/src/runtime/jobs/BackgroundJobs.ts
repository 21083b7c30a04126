/** Runs an org's queue beside everything else: a step at a time, so that requests have their turn in between. */
import type { Org } from '../types.ts';

/** A timer can't wait longer than this; it is set anew then. */
const LONGEST_WAIT_MS = 2_000_000_000;

export class BackgroundJobs {
  readonly #org: Org;
  readonly #stopListening: () => void;
  #immediate: NodeJS.Immediate | null = null;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  /** Starts with what waits already. The org must have been opened with `jobsInBackground`. */
  constructor(org: Org) {
    this.#org = org;
    this.#stopListening = org.onCommit(() => this.#wake());
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopListening();
    if (this.#immediate) clearImmediate(this.#immediate);
    if (this.#timer) clearTimeout(this.#timer);
  }

  #wake(): void {
    if (this.#stopped) return;
    this.#immediate ??= setImmediate(() => this.#step());
  }

  #step(): void {
    this.#immediate = null;
    if (this.#stopped) return;
    if (this.#org.runNextStep()) this.#wake();
    else this.#wait();
  }

  #wait(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const due = this.#org.nextJobDue();
    if (due === null) return;
    // The process may end although a job waits for tomorrow.
    this.#timer = setTimeout(() => this.#wake(), Math.min(Math.max(due - Date.now(), 0), LONGEST_WAIT_MS)).unref();
  }
}
