/** What runs now: one Salesforce transaction's Apex side. Apex is synchronous and requests are serial, so there is one. */
import type { SObjectRecord } from '../../schema/record.ts';
import type { AccessMode, SharingMode, Transaction, TriggerEvent } from '../../runtime/types.ts';
import type { JobKind, JobStep } from '../../runtime/jobs/types.ts';
import { heap, type HeapOwner, type HeldValues } from './heap.ts';
import { measureHeap } from './measureHeap.ts';
import type { Program } from './Program.ts';

/** Sharing and access mode of a class, as the compiler writes them into its module. */
export interface ClassContext {
  readonly className: string;
  readonly accessMode: AccessMode;
  readonly sharing: SharingMode | 'inherited' | 'omitted';
}

export interface CallSite {
  readonly context: ClassContext;
  readonly line: number;
}

export interface TriggerContext {
  readonly event: TriggerEvent;
  readonly objectName: string;
  readonly records: readonly SObjectRecord[] | null;
  readonly old: readonly SObjectRecord[] | null;
  /** Lists and maps made for Trigger.new and the like, on first use. */
  readonly made: Map<string, unknown>;
}

/** State of the test method that runs, if one does. */
export interface TestState {
  /** Between startTest and stopTest. */
  started: boolean;
  stopped: boolean;
  /** @IsTest(SeeAllData=true) on the method or its class. */
  readonly seesAllData: boolean;
  /** Mocks by interface: HttpCalloutMock … */
  readonly mocks: Map<string, unknown>;
}

export class Execution implements HeapOwner {
  readonly program: Program;
  readonly transaction: Transaction;
  readonly log: string[] = [];
  trigger: TriggerContext | null = null;
  triggerDepth = 0;
  /** Sharing of the caller, for classes that inherit it; null at the start of a transaction. */
  sharing: SharingMode | null = null;
  test: TestState | null = null;
  /** Set once an error is on its way that no finally block may see. */
  aborting = false;
  /** The step of an asynchronous job that runs; null in synchronous code. */
  job: JobStep | null = null;
  /** performance.now() when CPU time began to count. */
  startedAt = performance.now();
  readonly uncommitted: { callout: boolean } = { callout: false };
  /** State of library classes (outbox, email invocations …) by their own keys. */
  readonly extras = new Map<string, unknown>();

  constructor(program: Program, transaction: Transaction) {
    this.program = program;
    this.transaction = transaction;
  }

  /** Kind of the asynchronous job that runs. */
  get asynchronous(): JobKind | null {
    return this.job?.kind ?? null;
  }

  get heapLimit(): number {
    return this.transaction.limits.allowed('heapSize');
  }

  measureHeap(held: Iterable<HeldValues>): number {
    const roots: unknown[] = this.program.statics();
    for (const values of held) roots.push(...values());
    if (this.trigger) roots.push(...(this.trigger.records ?? []), ...(this.trigger.old ?? []));
    return measureHeap(roots);
  }

  extra<T>(key: string, create: () => T): T {
    let found = this.extras.get(key);
    if (found === undefined) {
      found = create();
      this.extras.set(key, found);
    }
    return found as T;
  }
}

let current: Execution | null = null;

/** The running execution; throws when no Apex runs (a fault of this program). */
export function execution(): Execution {
  if (current === null) throw new Error('No Apex transaction is running');
  return current;
}

/** Makes an execution the running one for the duration of `work`. */
export function withExecution<T>(next: Execution, work: () => T): T {
  const before = current;
  current = next;
  next.program.claimExceptions();
  try {
    return heap.within(next, work);
  } finally {
    current = before;
  }
}

export function sharingOf(site: CallSite): SharingMode {
  const { sharing } = site.context;
  if (sharing === 'with' || sharing === 'without') return sharing;
  return execution().sharing ?? (sharing === 'inherited' ? 'with' : 'without');
}
