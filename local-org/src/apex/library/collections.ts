/** List, Set and Map. Constructors get the static type first. */
import { SObjectRecord } from '../../schema/record.ts';
import type { ApexType } from '../types/symbols.ts';
import { ApexEnum } from '../execution/ApexEnum.ts';
import { ApexIterator, ApexList } from '../execution/ApexList.ts';
import { ApexMap } from '../execution/ApexMap.ts';
import { ApexSet } from '../execution/ApexSet.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { HEADER_SIZE, heap, REFERENCE_SIZE } from '../execution/heap.ts';
import { equalValues, hashCodeOf } from '../execution/keys.ts';
import { compareValues } from '../execution/helpers.ts';
import { toText } from '../execution/text.ts';
import { SObjectTypeToken } from '../execution/describe.ts';
import { iterateItems } from './iterate.ts';
import type { LibraryClass } from './define.ts';
import { SelectOption } from './selectOption.ts';

const need = <T>(value: T | null): T => value ?? nullPointer();

interface Comparable {
  compareto$Object?(other: unknown): number | null;
}

/** Order of list elements: nulls first, then Comparable, then the natural order of primitives; sObjects by name. */
function compareElements(left: unknown, right: unknown): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  if (left instanceof ApexEnum && right instanceof ApexEnum) return left.ordinal - right.ordinal;
  if (left instanceof SObjectRecord && right instanceof SObjectRecord) return compareRecords(left, right);
  if (left instanceof SelectOption && right instanceof SelectOption) return compareOptions(left, right);
  const object = left as Comparable;
  if (typeof object === 'object' && typeof object.compareto$Object === 'function')
    return object.compareto$Object(right) ?? nullPointer();
  const result = compareValues(left, right);
  if (Number.isNaN(result))
    throw makeException('ListException', 'One or more of the items in this list is not Comparable.');
  return result;
}

/** By type, then Name, then the other fields in alphabetical order. */
function compareRecords(left: SObjectRecord, right: SObjectRecord): number {
  const names = [
    'Name',
    ...[...new Set([...left.values.keys(), ...right.values.keys()])].filter((name) => name !== 'Name').sort(),
  ];
  for (const name of names) {
    const result = compareElements(left.values.get(name) ?? null, right.values.get(name) ?? null);
    if (result !== 0) return result;
  }
  return 0;
}

/** By value, then by label (Apex Developer Guide, "Default Sort Order of SelectOptions"). */
function compareOptions(left: SelectOption, right: SelectOption): number {
  const byValue = compareElements(left.get('Value'), right.get('Value'));
  return byValue === 0 ? compareElements(left.get('Label'), right.get('Label')) : byValue;
}

function sortStable(list: ApexList, compare: (left: unknown, right: unknown) => number): void {
  list.change();
  list.items.sort(compare);
}

function sobjectTypeOf(type: ApexType): SObjectTypeToken | null {
  const element = type.typeArguments[type.typeArguments.length - 1];
  return element?.symbol.describe ? SObjectTypeToken.of(element.symbol.describe) : null;
}

function checkIndex(list: ApexList, index: number, size: number): void {
  if (!(need(index) >= 0 && index < size)) throw makeException('ListException', `List index out of bounds: ${index}`);
  void list;
}

export function deepCloneRecord(record: SObjectRecord, keepId: boolean): SObjectRecord {
  const copy = new SObjectRecord(record.describe);
  for (const [name, value] of record.values) if (keepId || name !== 'Id') copy.values.set(name, value);
  for (const [name, value] of record.related) copy.related.set(name, value);
  if (record.retrieved) copy.retrieved = record.retrieved;
  heap.allocate(HEADER_SIZE + 2 * REFERENCE_SIZE * copy.values.size);
  return copy;
}

export const listClass: LibraryClass = {
  name: 'List',
  typeParameters: ['T'],
  implements: ['Iterable<T>'],
  constructors: {
    '()': (type: ApexType) => new ApexList(type),
    '(Integer capacity)': (type: ApexType) => new ApexList(type),
    '(Iterable<T> elements)': (type: ApexType, elements: unknown) => new ApexList(type, [...iterateItems(elements)]),
  },
  methods: {
    'void add(T element)': (self: ApexList, element: unknown) => self.add(element),
    'void add(Integer index, T element)': (self: ApexList, index: number, element: unknown) => {
      self.change();
      checkIndex(self, index, self.items.length + 1);
      heap.allocate(REFERENCE_SIZE);
      self.items.splice(index, 0, element);
    },
    'void addAll(Iterable<T> elements)': (self: ApexList, elements: unknown) => {
      self.change();
      const added = [...iterateItems(elements)];
      heap.allocate(REFERENCE_SIZE * added.length);
      for (const element of added) self.items.push(element);
    },
    'void clear()': (self: ApexList) => {
      self.change();
      self.items.length = 0;
    },
    'List<T> clone()': (self: ApexList) => new ApexList(self.type, [...self.items]),
    'Boolean contains(T element)': (self: ApexList, element: unknown) =>
      self.items.some((item) => equalValues(item, element, false)),
    'List<T> deepClone()': (self: ApexList) => deepClone(self, false, false, false),
    'List<T> deepClone(Boolean preserveId)': (self: ApexList, keepId: boolean) => deepClone(self, keepId, false, false),
    'List<T> deepClone(Boolean preserveId, Boolean preserveTimestamps)': (
      self: ApexList,
      keepId: boolean,
      stamps: boolean,
    ) => deepClone(self, keepId, stamps, false),
    'List<T> deepClone(Boolean preserveId, Boolean preserveTimestamps, Boolean preserveAutonumber)': (
      self: ApexList,
      keepId: boolean,
      stamps: boolean,
      numbers: boolean,
    ) => deepClone(self, keepId, stamps, numbers),
    'Boolean equals(Object other)': (self: ApexList, other: unknown) => equalValues(self, other, false),
    'T get(Integer index)': (self: ApexList, index: number) => self.get(need(index)),
    'Schema.SObjectType getSObjectType()': (self: ApexList) => sobjectTypeOf(self.type),
    'Integer hashCode()': (self: ApexList) => hashCodeOf(self),
    'Integer indexOf(T element)': (self: ApexList, element: unknown) =>
      self.items.findIndex((item) => equalValues(item, element, false)),
    'Boolean isEmpty()': (self: ApexList) => self.items.length === 0,
    'Iterator<T> iterator()': (self: ApexList) => self.iterator$(),
    'T remove(Integer index)': (self: ApexList, index: number) => {
      self.change();
      checkIndex(self, index, self.items.length);
      return self.items.splice(index, 1)[0];
    },
    'void set(Integer index, T element)': (self: ApexList, index: number, element: unknown) =>
      self.set(need(index), element),
    'Integer size()': (self: ApexList) => self.items.length,
    'void sort()': (self: ApexList) => sortStable(self, compareElements),
    'void sort(Comparator<T> comparator)': (
      self: ApexList,
      comparator: Record<string, (left: unknown, right: unknown) => number>,
    ) => {
      const compare = need(comparator)['compare$Object$Object'];
      if (!compare) throw makeException('ListException', 'Comparator has no compare method');
      sortStable(self, (left, right) => compare.call(comparator, left, right));
    },
    'String toString()': (self: ApexList) => toText(self),
  },
};

function deepClone(self: ApexList, keepId: boolean, stamps: boolean, numbers: boolean): ApexList {
  return new ApexList(
    self.type,
    self.items.map((item) => (item instanceof SObjectRecord ? cloneRecord(item, keepId, stamps, numbers) : item)),
  );
}

const STAMPS = ['CreatedById', 'CreatedDate', 'LastModifiedById', 'LastModifiedDate'];

/** SObject.clone: without Id, audit fields and auto-numbers unless they are asked for. */
export function cloneRecord(record: SObjectRecord, keepId: boolean, stamps: boolean, numbers: boolean): SObjectRecord {
  const copy = deepCloneRecord(record, keepId);
  copy.retrieved = record.retrieved;
  for (const field of record.describe.fields) {
    const isStamp = STAMPS.includes(field.name);
    const isSystem = !field.createable && !field.calculated && !field.autoNumber && !isStamp && field.name !== 'Id';
    if (isSystem || (isStamp && !stamps) || (field.autoNumber && !numbers)) copy.values.delete(field.name);
  }
  if (record.retrieved && !keepId) copy.retrieved = null;
  return copy;
}

const bulk = (self: ApexSet, elements: unknown, change: (element: unknown) => boolean): boolean => {
  let changed = false;
  for (const element of [...iterateItems(elements)]) if (change(element)) changed = true;
  void self;
  return changed;
};

export const setClass: LibraryClass = {
  name: 'Set',
  typeParameters: ['T'],
  implements: ['Iterable<T>'],
  constructors: {
    '()': (type: ApexType) => new ApexSet(type),
    '(Integer capacity)': (type: ApexType) => new ApexSet(type),
    '(Iterable<T> elements)': (type: ApexType, elements: unknown) => new ApexSet(type, iterateItems(elements)),
  },
  methods: {
    'Boolean add(T element)': (self: ApexSet, element: unknown) => self.add(element),
    'Boolean addAll(Iterable<T> elements)': (self: ApexSet, elements: unknown) =>
      bulk(self, elements, (element) => self.add(element)),
    'void clear()': (self: ApexSet) => self.clear(),
    'Set<T> clone()': (self: ApexSet) => new ApexSet(self.type, self.values()),
    'Boolean contains(T element)': (self: ApexSet, element: unknown) => self.has(element),
    'Boolean containsAll(Iterable<T> elements)': (self: ApexSet, elements: unknown) =>
      [...iterateItems(elements)].every((element) => self.has(element)),
    'Boolean equals(Object other)': (self: ApexSet, other: unknown) => equalValues(self, other, false),
    'Integer hashCode()': (self: ApexSet) => hashCodeOf(self),
    'Boolean isEmpty()': (self: ApexSet) => self.size === 0,
    'Iterator<T> iterator()': (self: ApexSet) => self.iterator$(),
    'Boolean remove(T element)': (self: ApexSet, element: unknown) => self.delete(element),
    'Boolean removeAll(Iterable<T> elements)': (self: ApexSet, elements: unknown) =>
      bulk(self, elements, (element) => self.delete(element)),
    'Boolean retainAll(Iterable<T> elements)': (self: ApexSet, elements: unknown) => {
      const keep = new ApexSet(self.type, iterateItems(elements));
      return bulk(
        self,
        new ApexList(
          self.type,
          [...self.values()].filter((value) => !keep.has(value)),
        ),
        (element) => self.delete(element),
      );
    },
    'Integer size()': (self: ApexSet) => self.size,
    'String toString()': (self: ApexSet) => toText(self),
  },
};

const listType = (type: ApexType): ApexType => execution().program.table.list(type);
const setType = (type: ApexType): ApexType => execution().program.table.set(type);

/** Records by their Ids, as `new Map<Id, Account>(records)` makes them. */
function byId(records: Iterable<unknown>): [unknown, unknown][] {
  const entries: [unknown, unknown][] = [];
  const seen = new Set<unknown>();
  let index = 0;
  for (const record of records) {
    const id = record instanceof SObjectRecord ? record.id : nullPointer();
    if (id === null) throw makeException('ListException', `Row with null Id at index: ${index}`);
    if (seen.has(id)) throw makeException('ListException', `Row with duplicate Id at index: ${index}`);
    seen.add(id);
    entries.push([id, record]);
    index++;
  }
  return entries;
}

export const mapClass: LibraryClass = {
  name: 'Map',
  typeParameters: ['K', 'V'],
  constructors: {
    '()': (type: ApexType) => new ApexMap(type),
    '(Map<K,V> other)': (type: ApexType, other: ApexMap) => new ApexMap(type, need(other).entries()),
    '(List<V> records)': (type: ApexType, records: ApexList) => new ApexMap(type, byId(need(records).items)),
  },
  methods: {
    'void clear()': (self: ApexMap) => self.clear(),
    'Map<K,V> clone()': (self: ApexMap) => new ApexMap(self.type, self.entries()),
    'Boolean containsKey(K key)': (self: ApexMap, key: unknown) => self.has(key),
    'Map<K,V> deepClone()': (self: ApexMap) =>
      new ApexMap(
        self.type,
        [...self.entries()].map(
          ([key, value]) => [key, value instanceof SObjectRecord ? deepCloneRecord(value, true) : value] as const,
        ),
      ),
    'Boolean equals(Object other)': (self: ApexMap, other: unknown) => equalValues(self, other, false),
    'V get(K key)': (self: ApexMap, key: unknown) => self.get(key),
    'Schema.SObjectType getSObjectType()': (self: ApexMap) => sobjectTypeOf(self.type),
    'Integer hashCode()': (self: ApexMap) => hashCodeOf(self),
    'Boolean isEmpty()': (self: ApexMap) => self.size === 0,
    'Set<K> keySet()': (self: ApexMap) => new ApexSet(setType(self.type.typeArguments[0] as ApexType), self.keys()),
    'V put(K key, V value)': (self: ApexMap, key: unknown, value: unknown) => self.put(key, value),
    'void putAll(Map<K,V> other)': (self: ApexMap, other: ApexMap) => {
      for (const [key, value] of [...need(other).entries()]) self.put(key, value);
    },
    'void putAll(List<V> records)': (self: ApexMap, records: ApexList) => {
      // Unlike the constructor, it takes records without Id and lets the last of several with one Id win.
      for (const record of need(records).items as (SObjectRecord | null)[]) self.put(need(record).id, record);
    },
    'V remove(K key)': (self: ApexMap, key: unknown) => self.remove(key),
    'Integer size()': (self: ApexMap) => self.size,
    'String toString()': (self: ApexMap) => toText(self),
    'List<V> values()': (self: ApexMap) =>
      new ApexList(listType(self.type.typeArguments[1] as ApexType), [...self.values()]),
  },
};

export { ApexIterator };
