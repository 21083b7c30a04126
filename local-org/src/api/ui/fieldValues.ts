/** Field values between Apex's representation and the JSON of REST and UI API. */
import type { FieldValue } from '../../schema/record.ts';
import type { FieldDescribe, FieldType } from '../../schema/types.ts';
import { ApexBlob } from '../../values/ApexBlob.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { ApexTime } from '../../values/ApexTime.ts';
import { Decimal } from '../../values/Decimal.ts';

/** JSON value of a field: numbers as numbers, dates in ISO 8601. */
export function fieldValueToJson(value: FieldValue): unknown {
  if (value === undefined) return null;
  if (value instanceof Decimal || typeof value === 'bigint') return Number(value.toString());
  if (value instanceof ApexDate) return value.toString();
  if (value instanceof ApexDatetime) return value.toIso();
  if (value instanceof ApexTime) return value.toString();
  if (value instanceof ApexBlob) return value.toBase64();
  return value;
}

/** A JSON value that does not fit its field. */
export class FieldValueError extends Error {
  readonly code = 'INVALID_FIELD_VALUE';
  readonly field: string;

  constructor(field: FieldDescribe, message: string) {
    super(message);
    this.name = 'FieldValueError';
    this.field = field.name;
  }
}

type Reader = (value: unknown, field: FieldDescribe) => FieldValue;

const asText: Reader = (value, field) => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new FieldValueError(field, `${field.label}: expected a text.`);
};

const asDecimal: Reader = (value, field) => {
  if (typeof value === 'number' && Number.isFinite(value)) return Decimal.parse(String(value));
  if (typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(value.trim()))
    return Decimal.parse(value.trim());
  throw new FieldValueError(field, `${field.label}: value not of required type: ${String(value)}`);
};

const parsing =
  (parse: (text: string) => FieldValue): Reader =>
  (value, field) => {
    if (typeof value === 'string') {
      try {
        return parse(value);
      } catch {
        // Falls through to the message below.
      }
    }
    throw new FieldValueError(field, `${field.label}: value not of required type: ${String(value)}`);
  };

const readers: Partial<Record<FieldType, Reader>> = {
  boolean: (value, field) => {
    if (typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    throw new FieldValueError(field, `${field.label}: value not of required type: ${String(value)}`);
  },
  int: (value, field) => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number)) return number;
    throw new FieldValueError(field, `${field.label}: value not of required type: ${String(value)}`);
  },
  long: (value, field) => BigInt(asDecimal(value, field) instanceof Decimal ? String(value) : 0),
  double: asDecimal,
  currency: asDecimal,
  percent: asDecimal,
  date: parsing((text) => ApexDate.parse(text.slice(0, 10))),
  datetime: parsing((text) => ApexDatetime.parse(text)),
  time: parsing((text) => ApexTime.parse(text)),
  base64: parsing((text) => ApexBlob.fromBase64(text)),
};

/**
 * Field value of a JSON value; blank texts are null.
 * @throws FieldValueError naming the field when the value does not fit its type
 */
export function fieldValueFromJson(value: unknown, field: FieldDescribe): FieldValue {
  if (value === null || value === undefined) return field.type === 'boolean' ? false : null;
  if (typeof value === 'string' && value.trim() === '') return field.type === 'boolean' ? false : null;
  return (readers[field.type] ?? asText)(value, field);
}
