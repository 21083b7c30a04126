/** Governor limits of a transaction, synchronous and asynchronous. */
import { LimitExceeded } from './errors.ts';
import type { LimitName, Limits } from './types.ts';

interface LimitFacts {
  readonly synchronous: number;
  readonly asynchronous: number;
  /** Words of `System.LimitException: Too many … : n`. */
  readonly message: string;
}

/** Execution Governors and Limits, Apex Developer Guide. CPU time and heap are measured here, not comparable with an org's. */
const LIMITS: Readonly<Record<LimitName, LimitFacts>> = {
  queries: { synchronous: 100, asynchronous: 200, message: 'Too many SOQL queries' },
  queryRows: { synchronous: 50_000, asynchronous: 50_000, message: 'Too many query rows' },
  dmlStatements: { synchronous: 150, asynchronous: 150, message: 'Too many DML statements' },
  dmlRows: { synchronous: 10_000, asynchronous: 10_000, message: 'Too many DML rows' },
  soslQueries: { synchronous: 20, asynchronous: 20, message: 'Too many SOSL queries' },
  aggregateQueries: { synchronous: 300, asynchronous: 300, message: 'Too many aggregate queries' },
  queryLocatorRows: { synchronous: 10_000, asynchronous: 10_000, message: 'Too many query locator rows' },
  callouts: { synchronous: 100, asynchronous: 100, message: 'Too many callouts' },
  emailInvocations: { synchronous: 10, asynchronous: 10, message: 'Too many Email Invocations' },
  futureCalls: { synchronous: 50, asynchronous: 0, message: 'Too many future calls' },
  queueableJobs: { synchronous: 50, asynchronous: 1, message: 'Too many queueable jobs added to the queue' },
  cpuTime: { synchronous: 10_000, asynchronous: 60_000, message: 'Apex CPU time limit exceeded' },
  heapSize: { synchronous: 6_000_000, asynchronous: 12_000_000, message: 'Apex heap size too large' },
  apexCursorRows: { synchronous: 50_000_000, asynchronous: 50_000_000, message: 'Too many Apex cursor rows' },
  fetchCallsOnApexCursor: { synchronous: 10, asynchronous: 10, message: 'Too many fetch calls on cursors' },
  publishImmediateDml: { synchronous: 150, asynchronous: 150, message: 'Too many DML statements for EventBus.publish' },
  mobilePushApexCalls: { synchronous: 10, asynchronous: 10, message: 'Too many mobile push calls' },
  asyncCalls: { synchronous: 200, asynchronous: 200, message: 'Too many async calls' },
};

interface Counters {
  readonly asynchronous: boolean;
  readonly used: Map<LimitName, number>;
  readonly forbidden: Set<LimitName>;
}

export class TransactionLimits implements Limits {
  readonly #stack: Counters[];

  constructor(asynchronous: boolean) {
    this.#stack = [{ asynchronous, used: new Map(), forbidden: new Set() }];
  }

  get #top(): Counters {
    return this.#stack.at(-1) as Counters;
  }

  used(name: LimitName): number {
    return this.#top.used.get(name) ?? 0;
  }

  allowed(name: LimitName): number {
    const facts = LIMITS[name];
    if (this.#top.forbidden.has(name)) return 0;
    return this.#top.asynchronous ? facts.asynchronous : facts.synchronous;
  }

  count(name: LimitName, by = 1): void {
    const sum = this.used(name) + by;
    this.#top.used.set(name, sum);
    if (sum > this.allowed(name))
      throw new LimitExceeded(name, name === 'cpuTime' ? LIMITS[name].message : `${LIMITS[name].message}: ${sum}`);
  }

  forbid(name: LimitName): void {
    this.#top.forbidden.add(name);
  }

  push(asynchronous: boolean): void {
    this.#stack.push({ asynchronous, used: new Map(), forbidden: new Set() });
  }

  pop(): void {
    if (this.#stack.length > 1) this.#stack.pop();
  }

  /** Counters as they stand, for retries of partial success, which start from the same figures. */
  snapshot(): ReadonlyMap<LimitName, number> {
    return new Map(this.#top.used);
  }

  restore(snapshot: ReadonlyMap<LimitName, number>): void {
    this.#top.used.clear();
    for (const [name, value] of snapshot) this.#top.used.set(name, value);
  }
}
