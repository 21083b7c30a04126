/**
 * The heap limit and the depth of calls. Emitted methods say what they hold while they run; values that are made are
 * counted roughly, and when as much was made as the limit leaves, what is still reachable is measured (`measureHeap.ts`).
 */
import { UncatchableError } from './errors.ts';

/** What a running method holds: its object, its parameters and its variables. */
export type HeldValues = () => readonly unknown[];

/** The transaction that the heap belongs to. */
export interface HeapOwner {
  /** Bytes that it may hold. */
  readonly heapLimit: number;
  /** Bytes that are reachable from its statics, its trigger and what its running methods hold. */
  measureHeap(held: Iterable<HeldValues>): number;
}

/** Bytes of any object, and of a place that refers to a value. */
export const HEADER_SIZE = 8;
export const REFERENCE_SIZE = 4;

/** “Maximum stack depth reached: 1001” is what the platform says of one call more. */
const DEEPEST_CALL = 1000;
/** A full heap is not measured anew for every value: the part of the limit that may be made between two measurements. */
const SMALLEST_BUDGET = 1 / 8;

class Heap {
  private readonly frames: HeldValues[] = [];
  private depth = 0;
  /** Depth at which the transaction began. */
  private base = 0;
  private owner: HeapOwner | null = null;
  /** Bytes that may be made before the heap is measured again. */
  private budget = Infinity;

  /** A method begins. Throws when calls are too deep. */
  enter(held: HeldValues): void {
    if (this.depth - this.base >= DEEPEST_CALL)
      throw new UncatchableError(
        'LIMIT_EXCEEDED',
        'System.LimitException',
        `Maximum stack depth reached: ${DEEPEST_CALL + 1}`,
      );
    this.frames[this.depth++] = held;
  }

  /** The method that began last ends. */
  leave(): void {
    this.depth--;
  }

  /** So many bytes were made. Throws when the transaction holds more than it may. */
  allocate(bytes: number): void {
    if ((this.budget -= bytes) < 0) this.check();
  }

  /** Bytes that the running transaction holds. */
  measure(): number {
    return this.owner?.measureHeap(this.frames.slice(this.base, this.depth)) ?? 0;
  }

  /** Runs the code of a transaction, which may stand inside another's. */
  within<T>(owner: HeapOwner, work: () => T): T {
    if (owner === this.owner) return work();
    const { base, budget, depth } = this;
    const outer = this.owner;
    this.owner = owner;
    this.base = depth;
    this.budget = owner.heapLimit;
    try {
      return work();
    } finally {
      this.owner = outer;
      this.base = base;
      this.budget = budget;
      this.depth = depth;
      // What ended methods held is garbage now.
      this.frames.length = depth;
    }
  }

  private check(): void {
    const { owner } = this;
    if (owner === null) {
      this.budget = Infinity;
      return;
    }
    const size = this.measure();
    const limit = owner.heapLimit;
    this.budget = Math.max(limit - size, limit * SMALLEST_BUDGET);
    if (size > limit)
      throw new UncatchableError('LIMIT_EXCEEDED', 'System.LimitException', `Apex heap size too large: ${size}`);
  }
}

/** One for the process: Apex is synchronous. */
export const heap = new Heap();
