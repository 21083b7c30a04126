/**
 * How many bytes Apex values take. The platform's own sizes are not published; these come near what `Limits.getHeapSize()`
 * is reported to say (an Integer 8, a character of text 1, an element of a list 4 beside its value, the same value once),
 * and are the same on every machine.
 */
import { SObjectRecord } from '../../schema/record.ts';
import { ApexBlob } from '../../values/ApexBlob.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexTime } from '../../values/ApexTime.ts';
import type { TypeSymbol } from '../types/symbols.ts';
import { ApexEnum } from './ApexEnum.ts';
import { ApexList } from './ApexList.ts';
import { ApexMap } from './ApexMap.ts';
import { ApexSet } from './ApexSet.ts';
import { ApexException } from './errors.ts';
import { HEADER_SIZE, REFERENCE_SIZE } from './heap.ts';
import type { ApexObject } from './Program.ts';

const SMALL_VALUE = 8;
const LARGE_VALUE = 12;

/** Names of an object's fields in JavaScript, its superclasses' included, by its class. */
const fieldNames = new WeakMap<TypeSymbol, readonly string[]>();

function fieldsOf(symbol: TypeSymbol): readonly string[] {
  let names = fieldNames.get(symbol);
  if (!names) {
    const inherited =
      symbol.superclass && !symbol.superclass.symbol.isLibrary ? fieldsOf(symbol.superclass.symbol) : [];
    const own = [...symbol.fields.values()]
      .filter((field) => !field.isStatic)
      .map(({ javascriptName, kind, node }) => {
        const isComputed =
          kind === 'property' && node?.kind === 'property' && Boolean(node.getter?.body ?? node.setter?.body);
        return isComputed ? `$${javascriptName}` : javascriptName;
      });
    names = [...inherited, ...own];
    fieldNames.set(symbol, names);
  }
  return names;
}

/** Bytes of a record's own values, roughly: what a query makes of each row. */
export function roughRecordSize(record: SObjectRecord): number {
  let size = HEADER_SIZE;
  for (const value of record.values.values())
    size += 2 * REFERENCE_SIZE + (typeof value === 'string' ? value.length : LARGE_VALUE);
  for (const related of record.related.values()) {
    if (related instanceof SObjectRecord) size += roughRecordSize(related);
    else for (const child of related ?? []) size += roughRecordSize(child);
  }
  return size;
}

/** Bytes of all values that can be reached from these, each value once. */
export function measureHeap(roots: Iterable<unknown>): number {
  const seen = new Set<unknown>();
  const open: unknown[] = [...roots];
  let size = 0;
  while (open.length > 0) {
    const value = open.pop();
    switch (typeof value) {
      case 'number':
      case 'boolean':
        size += SMALL_VALUE;
        continue;
      case 'bigint':
        size += LARGE_VALUE;
        continue;
      case 'string':
        if (seen.has(value)) continue;
        seen.add(value);
        size += HEADER_SIZE + value.length;
        continue;
      case 'object':
        break;
      default:
        continue;
    }
    if (value === null || value instanceof ApexEnum || seen.has(value)) continue;
    seen.add(value);
    size += HEADER_SIZE;
    if (value instanceof ApexList) {
      size += REFERENCE_SIZE * value.items.length;
      for (const item of value.items) open.push(item);
    } else if (value instanceof SObjectRecord) {
      size += 2 * REFERENCE_SIZE * (value.values.size + value.related.size);
      for (const field of value.values.values()) open.push(field);
      for (const related of value.related.values()) {
        if (related instanceof SObjectRecord) open.push(related);
        else for (const child of related ?? []) open.push(child);
      }
    } else if (value instanceof ApexMap) {
      size += 2 * REFERENCE_SIZE * value.size;
      for (const [key, item] of value.entries()) open.push(key, item);
    } else if (value instanceof ApexSet) {
      size += REFERENCE_SIZE * value.size;
      for (const item of value.values()) open.push(item);
    } else if (value instanceof ApexBlob) {
      size += value.size;
    } else if (value instanceof ApexDate || value instanceof ApexTime) {
      size += SMALL_VALUE - HEADER_SIZE;
    } else {
      if (value instanceof ApexException) open.push(value.apexMessage, value.apexCause);
      const type = (value as Partial<ApexObject>).$type;
      if (!type || type.symbol.isLibrary) {
        // Other numbers, datetimes, and objects of library classes, whose inside is not Apex.
        size += LARGE_VALUE - HEADER_SIZE;
        continue;
      }
      const names = fieldsOf(type.symbol);
      size += REFERENCE_SIZE * names.length;
      for (const name of names) open.push((value as Readonly<Record<string, unknown>>)[name]);
    }
  }
  return size;
}
