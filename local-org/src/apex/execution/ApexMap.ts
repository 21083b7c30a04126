import type { ApexType } from '../types/symbols.ts';
import { makeException } from './errors.ts';
import { HEADER_SIZE, heap, REFERENCE_SIZE } from './heap.ts';
import { keyOf, type HashBuckets } from './keys.ts';

export class ApexMap {
  /** `Map<Id,Account>` */
  readonly type: ApexType;
  private readonly slots = new Map<unknown, [unknown, unknown]>();
  private readonly buckets: HashBuckets = new Map();
  iterating = 0;
  readOnly = false;

  constructor(type: ApexType, entries: Iterable<readonly [unknown, unknown]> = []) {
    this.type = type;
    for (const [key, value] of entries) this.slots.set(this.key(key), [key, value]);
    heap.allocate(HEADER_SIZE + 2 * REFERENCE_SIZE * this.slots.size);
  }
  private key(value: unknown): unknown {
    return typeof value === 'string' ? value : keyOf(value, this.buckets);
  }
  get size(): number {
    return this.slots.size;
  }
  /** Throws when the map can't be changed now. */
  change(): void {
    if (this.readOnly) throw makeException('FinalException', 'Collection is read-only');
    if (this.iterating > 0)
      throw makeException('FinalException', 'Cannot modify a collection while it is being iterated.');
  }
  has(key: unknown): boolean {
    return this.slots.has(this.key(key));
  }
  /** The value, or null. */
  get(key: unknown): unknown {
    const slot = this.slots.get(this.key(key));
    return slot === undefined ? null : slot[1];
  }
  /** The value that stood there before, or null. */
  put(key: unknown, value: unknown): unknown {
    if (this.readOnly) throw makeException('FinalException', 'Collection is read-only');
    const normal = this.key(key);
    const slot = this.slots.get(normal);
    if (slot !== undefined) {
      const before = slot[1];
      slot[1] = value;
      return before;
    }
    this.change();
    heap.allocate(2 * REFERENCE_SIZE);
    this.slots.set(normal, [key, value]);
    return null;
  }
  remove(key: unknown): unknown {
    this.change();
    const normal = this.key(key);
    const slot = this.slots.get(normal);
    if (slot === undefined) return null;
    this.slots.delete(normal);
    return slot[1];
  }
  clear(): void {
    this.change();
    this.slots.clear();
    this.buckets.clear();
  }
  *keys(): IterableIterator<unknown> {
    for (const slot of this.slots.values()) yield slot[0];
  }
  *values(): IterableIterator<unknown> {
    for (const slot of this.slots.values()) yield slot[1];
  }
  entries(): IterableIterator<[unknown, unknown]> {
    return this.slots.values();
  }
}
