import type { ApexType } from '../types/symbols.ts';
import { makeException } from './errors.ts';
import { HEADER_SIZE, heap, REFERENCE_SIZE } from './heap.ts';

const changedWhileIterated = (): never => {
  throw makeException('FinalException', 'Cannot modify a collection while it is being iterated.');
};

export class ApexList {
  /** `List<Account>` */
  readonly type: ApexType;
  readonly items: unknown[];
  /** Number of running for-each loops over this list. */
  iterating = 0;
  readOnly = false;

  constructor(type: ApexType, items: unknown[] = []) {
    this.type = type;
    this.items = items;
    heap.allocate(HEADER_SIZE + REFERENCE_SIZE * items.length);
  }

  get(index: number): unknown {
    const { items } = this;
    if (index >= 0 && index < items.length) return items[index];
    throw makeException('ListException', `List index out of bounds: ${index}`);
  }

  set(index: number, value: unknown): void {
    if (!(index >= 0 && index < this.items.length))
      throw makeException('ListException', `List index out of bounds: ${index}`);
    if (this.readOnly) throw makeException('FinalException', 'Collection is read-only');
    this.items[index] = value;
  }

  add(value: unknown): void {
    this.change();
    heap.allocate(REFERENCE_SIZE);
    this.items.push(value);
  }

  /** Throws when the list can't be changed now. */
  change(): void {
    if (this.readOnly) throw makeException('FinalException', 'Collection is read-only');
    if (this.iterating > 0) changedWhileIterated();
  }

  iterator$(): ApexIterator {
    return new ApexIterator(this.items[Symbol.iterator]());
  }
}

/** `Iterator<T>` over a library collection. */
export class ApexIterator {
  private readonly source: Iterator<unknown>;
  private ahead: IteratorResult<unknown> | null = null;

  constructor(source: Iterator<unknown>) {
    this.source = source;
  }
  hasnext$(): boolean {
    this.ahead ??= this.source.next();
    return this.ahead.done !== true;
  }
  next$(): unknown {
    const result = this.ahead ?? this.source.next();
    this.ahead = null;
    if (result.done === true) throw makeException('NoSuchElementException', 'No more elements in the collection.');
    return result.value;
  }
}
