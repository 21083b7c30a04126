/** How field values lie in SQLite, and back. */
import type { SQLOutputValue } from 'node:sqlite';
import type { FieldDescribe, FieldType } from '../schema/types.ts';
import { ApexBlob } from '../values/ApexBlob.ts';
import { ApexDate } from '../values/ApexDate.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import { ApexTime } from '../values/ApexTime.ts';
import { Decimal } from '../values/Decimal.ts';
import { fold } from './folding.ts';

/** A value that SQLite stores. Statements read integers as bigint, so that 18 digits stay exact. */
export type StoredValue = string | number | bigint | Uint8Array | null;

/**
 * `text` columns have a second, folded column for comparisons unless they are long; decimals are the unscaled value as
 * integer at the field's scale, which makes comparisons, ORDER BY and SUM exact; dates are days, instants milliseconds.
 */
export type StorageClass =
  | 'text'
  | 'longText'
  | 'id'
  | 'boolean'
  | 'integer'
  | 'long'
  | 'decimal'
  | 'date'
  | 'datetime'
  | 'time'
  | 'blob'
  | 'any'
  | 'none';

const STORAGE: Readonly<Record<FieldType, StorageClass>> = {
  id: 'id',
  reference: 'id',
  boolean: 'boolean',
  string: 'text',
  textarea: 'text',
  email: 'text',
  phone: 'text',
  url: 'text',
  picklist: 'text',
  multipicklist: 'text',
  combobox: 'text',
  encryptedstring: 'text',
  int: 'integer',
  long: 'long',
  double: 'decimal',
  currency: 'decimal',
  percent: 'decimal',
  date: 'date',
  datetime: 'datetime',
  time: 'time',
  address: 'none',
  location: 'none',
  base64: 'blob',
  anyType: 'any',
};

/** Storage of a field's values; compound fields have none of their own. */
export function storageClass(field: FieldDescribe): StorageClass {
  const storage = STORAGE[field.type];
  return storage === 'text' && !field.filterable && field.length > 255 ? 'longText' : storage;
}

/** Digits after the point of a whole amount of a standard object: the page shows none, but cents that Apex wrote stay. */
const CENTS = 2;

/** Digits after the point that are stored, at least as many as the field shows. */
export function storageScale(field: FieldDescribe): number {
  return field.type === 'currency' && !field.custom ? Math.max(field.scale, CENTS) : field.scale;
}

function shortened(value: Decimal, scale: number): Decimal {
  if (value.scale <= scale) return value;
  const short = value.setScale(scale, 'DOWN');
  return short.compare(value) === 0 ? short : value;
}

/** False for fields that are computed from others when they are read. */
export function hasColumn(field: FieldDescribe): boolean {
  return storageClass(field) !== 'none' && field.formula === null;
}

/** Column with the folded text, or null when the field has none. */
export function foldedColumn(field: FieldDescribe): string | null {
  return storageClass(field) === 'text' && hasColumn(field) ? `${field.name}$folded` : null;
}

/** Quotes an SQL identifier. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Encodes a value of the field. The runtime has checked the type; anything else is a fault of this program. */
export function encode(field: FieldDescribe, value: unknown): StoredValue {
  if (value === null || value === undefined) return null;
  switch (storageClass(field)) {
    case 'boolean':
      return value === true ? 1 : 0;
    case 'decimal':
      if (value instanceof Decimal) return value.setScale(storageScale(field), 'HALF_UP').unscaled;
      if (typeof value === 'number') return Decimal.fromNumber(value).setScale(storageScale(field), 'HALF_UP').unscaled;
      break;
    case 'date':
      if (value instanceof ApexDate) return value.days;
      break;
    case 'datetime':
      if (value instanceof ApexDatetime) return value.milliseconds;
      break;
    case 'time':
      if (value instanceof ApexTime) return value.milliseconds;
      break;
    case 'blob':
      if (value instanceof ApexBlob) return value.bytes;
      break;
    case 'any':
      return encodeAny(value);
    default:
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  }
  throw new TypeError(`${field.name} (${field.type}) can't hold a value of type ${typeof value}`);
}

/** A value of a field that holds any type: text with a letter for the type before it. */
function encodeAny(value: unknown): string {
  if (typeof value === 'boolean') return `b${value ? 1 : 0}`;
  if (value instanceof Decimal || typeof value === 'number' || typeof value === 'bigint') return `n${value.toString()}`;
  if (value instanceof ApexDate) return `d${value.days}`;
  if (value instanceof ApexDatetime) return `i${value.milliseconds}`;
  if (value instanceof ApexTime) return `t${value.milliseconds}`;
  if (typeof value === 'string') return `s${value}`;
  throw new TypeError(`a field of any type can't hold a value of type ${typeof value}`);
}

function decodeAny(stored: string): unknown {
  const text = stored.slice(1);
  switch (stored.charAt(0)) {
    case 'b':
      return text === '1';
    case 'n':
      return Decimal.parse(text);
    case 'd':
      return new ApexDate(Number(text));
    case 'i':
      return new ApexDatetime(Number(text));
    case 't':
      return new ApexTime(Number(text));
    default:
      return text;
  }
}

/** Folded text for `foldedColumn`. */
export function encodeFolded(value: unknown): StoredValue {
  return typeof value === 'string' ? fold(value) : null;
}

/** Decodes what a statement with `setReadBigInts(true)` returned for the field's column. */
export function decode(field: FieldDescribe, stored: SQLOutputValue | undefined): unknown {
  return stored === null || stored === undefined
    ? null
    : decodeAs(storageClass(field), storageScale(field), stored, field.scale);
}

/** @param shown digits after the point that the value has at least; digits beyond them are kept where they aren't zero */
export function decodeAs(storage: StorageClass, scale: number, stored: SQLOutputValue, shown = scale): unknown {
  switch (storage) {
    case 'boolean':
      return stored === 1n;
    case 'integer':
      return Number(stored);
    case 'decimal':
      return shortened(new Decimal(stored as bigint, scale), shown);
    case 'date':
      return new ApexDate(Number(stored));
    case 'datetime':
      return new ApexDatetime(Number(stored));
    case 'time':
      return new ApexTime(Number(stored));
    case 'blob':
      return new ApexBlob(stored as Uint8Array);
    case 'any':
      return decodeAny(stored as string);
    // Compound fields come as JSON of their parts.
    case 'none':
      return Object.freeze(JSON.parse(stored as string));
    default:
      return stored;
  }
}
