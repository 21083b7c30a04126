/** Equality and keys of Apex values: what `==`, Set and Map go by. */
import { SObjectRecord } from '../../schema/record.ts';
import { ApexBlob } from '../../values/ApexBlob.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { ApexDouble } from '../../values/ApexDouble.ts';
import { ApexTime } from '../../values/ApexTime.ts';
import { Decimal } from '../../values/Decimal.ts';
import { ApexList } from './ApexList.ts';
import { ApexMap } from './ApexMap.ts';
import { ApexSet } from './ApexSet.ts';

interface UserObject {
  readonly equals$Object?: (this: unknown, other: unknown) => boolean | null;
  readonly hashcode$?: () => number | null;
}

let nextIdentity = 1;
const identities = new WeakMap<object, number>();
function identity(value: object): number {
  let found = identities.get(value);
  if (found === undefined) {
    found = nextIdentity++;
    identities.set(value, found);
  }
  return found;
}

/** Objects of classes with equals and hashCode, by hash code: the first of each class of equal objects stands for all. */
export type HashBuckets = Map<number, UserObject[]>;

/**
 * A JavaScript Map key for a value: equal keys for values that are the same element of a set. Strings are case-sensitive,
 * 1.1 and 1.10 differ (their hash codes do), sObjects and collections go by value as it is now.
 */
export function keyOf(value: unknown, buckets: HashBuckets): unknown {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
    case 'boolean':
      return value;
    case 'object':
      break;
    default:
      return value;
  }
  if (value === null) return null;
  if (value instanceof Decimal) return `\u0000D${value.toString()}`;
  if (value instanceof ApexDouble) return `\u0000F${value.toKey()}`;
  if (value instanceof ApexDate) return `\u0000d${value.days}`;
  if (value instanceof ApexDatetime) return `\u0000t${value.milliseconds}`;
  if (value instanceof ApexTime) return `\u0000h${value.milliseconds}`;
  if (value instanceof ApexBlob) return `\u0000B${value.toKey()}`;
  if (
    value instanceof SObjectRecord ||
    value instanceof ApexList ||
    value instanceof ApexSet ||
    value instanceof ApexMap
  ) {
    return `\u0000${structure(value, buckets)}`;
  }
  const object = value as UserObject;
  if (typeof object.hashcode$ !== 'function' || typeof object.equals$Object !== 'function') return value;
  const hash = object.hashcode$() ?? 0;
  const bucket = buckets.get(hash);
  if (!bucket) {
    buckets.set(hash, [object]);
    return object;
  }
  const equal = bucket.find((other) => other === object || object.equals$Object?.(other) === true);
  if (equal) return equal;
  bucket.push(object);
  return object;
}

function structure(value: unknown, buckets: HashBuckets): string {
  if (value instanceof SObjectRecord) {
    const fields = [...value.values]
      .filter(([, field]) => field !== null)
      .sort(([left], [right]) => (left < right ? -1 : 1));
    return `S${value.describe.name}{${fields.map(([name, field]) => `${name}=${structure(field, buckets)}`).join(',')}}`;
  }
  if (value instanceof ApexList) return `L[${value.items.map((item) => structure(item, buckets)).join(',')}]`;
  if (value instanceof ApexSet)
    return `E{${[...value.values()]
      .map((item) => structure(item, buckets))
      .sort()
      .join(',')}}`;
  if (value instanceof ApexMap) {
    return `M{${[...value.entries()]
      .map(([key, item]) => `${structure(key, buckets)}=${structure(item, buckets)}`)
      .sort()
      .join(',')}}`;
  }
  const key = keyOf(value, buckets);
  if (typeof key === 'object' && key !== null) return `#${identity(key)}`;
  return typeof key === 'string' ? JSON.stringify(key) : `${typeof key}:${String(key)}`;
}

const isNumber = (value: unknown): value is number | bigint | Decimal | ApexDouble =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal || value instanceof ApexDouble;

/** A number of any type as a Decimal; null for NaN and infinities. */
export function asDecimal(value: number | bigint | Decimal | ApexDouble): Decimal | null {
  if (value instanceof Decimal) return value;
  if (typeof value === 'bigint') return Decimal.fromBigInt(value);
  const plain = typeof value === 'number' ? value : value.value;
  return Number.isFinite(plain) ? Decimal.fromNumber(plain) : null;
}

/** `==` on values of types that are not known before run time. `foldCase` false: as collections compare. */
export function equalValues(left: unknown, right: unknown, foldCase = true): boolean {
  if (left === right) return true;
  if (left === null || right === null || left === undefined || right === undefined) return false;
  if (typeof left === 'string') {
    return (
      typeof right === 'string' &&
      foldCase &&
      left.length === right.length &&
      left.toLowerCase() === right.toLowerCase()
    );
  }
  if (isNumber(left)) {
    if (!isNumber(right)) return false;
    if (left instanceof ApexDouble && right instanceof ApexDouble) return left.value === right.value;
    const [a, b] = [asDecimal(left), asDecimal(right)];
    return a !== null && b !== null && a.equals(b);
  }
  if (left instanceof ApexDate)
    return right instanceof ApexDate
      ? left.equals(right)
      : right instanceof ApexDatetime && left.days * 86_400_000 === right.milliseconds;
  if (left instanceof ApexDatetime)
    // Milliseconds do not count, as in fields; < and > see them.
    return right instanceof ApexDatetime
      ? Math.floor(left.milliseconds / 1000) === Math.floor(right.milliseconds / 1000)
      : right instanceof ApexDate && right.days * 86_400_000 === left.milliseconds;
  if (left instanceof ApexTime) return right instanceof ApexTime && left.equals(right);
  if (left instanceof ApexBlob) return right instanceof ApexBlob && left.equals(right);
  if (left instanceof SObjectRecord) return right instanceof SObjectRecord && equalRecords(left, right);
  if (left instanceof ApexList) {
    return (
      right instanceof ApexList &&
      left.items.length === right.items.length &&
      left.items.every((item, index) => equalValues(item, right.items[index], false))
    );
  }
  if (left instanceof ApexSet)
    return right instanceof ApexSet && left.size === right.size && [...left.values()].every((item) => right.has(item));
  if (left instanceof ApexMap) {
    return (
      right instanceof ApexMap &&
      left.size === right.size &&
      [...left.entries()].every(([key, value]) => right.has(key) && equalValues(value, right.get(key), false))
    );
  }
  if (typeof left === 'object' && typeof right === 'object') {
    const equals = (left as UserObject).equals$Object;
    if (typeof equals === 'function') return equals.call(left, right) === true;
  }
  return false;
}

function equalRecords(left: SObjectRecord, right: SObjectRecord): boolean {
  if (left.describe !== right.describe) return false;
  for (const name of new Set([...left.values.keys(), ...right.values.keys()])) {
    if (!equalValues(left.values.get(name) ?? null, right.values.get(name) ?? null, false)) return false;
  }
  return true;
}

/** The hash code that `System.hashCode` and Object.hashCode give. */
export function hashCodeOf(value: unknown): number {
  if (value === null || value === undefined) return 0;
  if (typeof value === 'number') return value | 0;
  if (typeof value === 'boolean') return value ? 1231 : 1237;
  if (typeof value === 'object' && typeof (value as UserObject).hashcode$ === 'function')
    return (value as UserObject).hashcode$?.() ?? 0;
  const text = typeof value === 'string' ? value : structure(value, new Map());
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(31, hash) + text.charCodeAt(index)) | 0;
  return hash;
}
