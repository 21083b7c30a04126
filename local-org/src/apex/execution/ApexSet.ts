import type { ApexType } from '../types/symbols.ts';
import { ApexIterator } from './ApexList.ts';
import { makeException } from './errors.ts';
import { HEADER_SIZE, heap, REFERENCE_SIZE } from './heap.ts';
import { keyOf, type HashBuckets } from './keys.ts';

export class ApexSet {
  /** `Set<Id>` */
  readonly type: ApexType;
  private readonly elements = new Map<unknown, unknown>();
  private readonly buckets: HashBuckets = new Map();
  iterating = 0;
  readOnly = false;

  constructor(type: ApexType, values: Iterable<unknown> = []) {
    this.type = type;
    for (const value of values) this.elements.set(keyOf(value, this.buckets), value);
    heap.allocate(HEADER_SIZE + REFERENCE_SIZE * this.elements.size);
  }
  get size(): number {
    return this.elements.size;
  }
  /** Throws when the set can't be changed now. */
  change(): void {
    if (this.readOnly) throw makeException('FinalException', 'Collection is read-only');
    if (this.iterating > 0)
      throw makeException('FinalException', 'Cannot modify a collection while it is being iterated.');
  }
  has(value: unknown): boolean {
    return this.elements.has(typeof value === 'string' ? value : keyOf(value, this.buckets));
  }
  /** True when the value was new. */
  add(value: unknown): boolean {
    this.change();
    const key = typeof value === 'string' ? value : keyOf(value, this.buckets);
    if (this.elements.has(key)) return false;
    heap.allocate(REFERENCE_SIZE);
    this.elements.set(key, value);
    return true;
  }
  delete(value: unknown): boolean {
    this.change();
    return this.elements.delete(keyOf(value, this.buckets));
  }
  clear(): void {
    this.change();
    this.elements.clear();
    this.buckets.clear();
  }
  values(): IterableIterator<unknown> {
    return this.elements.values();
  }
  iterator$(): ApexIterator {
    return new ApexIterator(this.elements.values());
  }
}
