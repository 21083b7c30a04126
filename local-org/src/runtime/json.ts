/** Records and field values as the REST API writes and reads them. */
import { SObjectRecord } from '../schema/record.ts';
import type { FieldValue } from '../schema/record.ts';
import type { FieldDescribe, FieldType, ObjectDescribe } from '../schema/types.ts';
import { ApexBlob } from '../values/ApexBlob.ts';
import { ApexDate } from '../values/ApexDate.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import { ApexTime } from '../values/ApexTime.ts';
import { Decimal } from '../values/Decimal.ts';

/** Not yet in TypeScript's declarations: the text of a number, written into JSON as it is. */
const rawJson = (JSON as unknown as { rawJSON(this: void, text: string): unknown }).rawJSON;

const SOBJECTS_PATH = '/services/data/v67.0/sobjects';

/** A JSON value or name that does not fit the object. `code` is the REST API's error code. */
export class JsonValueError extends Error {
  readonly code: 'JSON_PARSER_ERROR' | 'INVALID_FIELD';
  readonly fields: readonly string[];

  constructor(code: JsonValueError['code'], message: string, fields: readonly string[] = []) {
    super(message);
    this.name = 'JsonValueError';
    this.code = code;
    this.fields = fields;
  }
}

/**
 * Parses JSON without losing digits: a number that a double can't hold exactly comes back as its text, which number
 * fields accept.
 *
 * @throws SyntaxError from JSON.parse
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, (_name, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && isInexact(value, context.source)
      ? context.source
      : value,
  );
}

function isInexact(value: number, source: string): boolean {
  return (
    source.length > 15 && /^-?\d+(\.\d+)?$/.test(source) && !Decimal.parse(source).equals(Decimal.fromNumber(value))
  );
}

/**
 * JSON of a field's value: numbers as numbers with all their digits, dates in ISO 8601 (`2027-01-31`,
 * `2027-01-31T09:30:00.000+0000`), blank as null.
 */
export function fieldValueToJson(value: FieldValue): unknown {
  if (value instanceof Decimal) {
    const number = Number(value.toString());
    return Decimal.fromNumber(number).equals(value) ? number : rawJson(value.toString());
  }
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : rawJson(value.toString());
  }
  if (value instanceof ApexDatetime) {
    return new Date(value.milliseconds).toISOString().replace('Z', '+0000');
  }
  if (value instanceof ApexDate || value instanceof ApexTime) {
    return value.toString();
  }
  if (value instanceof ApexBlob) {
    return value.toBase64();
  }
  return value ?? null;
}

/**
 * JSON of a queried record: `attributes`, then fields, parents and child lists in the order of the query.
 */
export function recordToJson(record: SObjectRecord): Record<string, unknown> {
  const { describe, id } = record;
  const names = record.shape ?? [...record.values.keys(), ...record.related.keys()];
  const isAggregate = describe.kind === 'aggregate';
  return {
    attributes: {
      type: describe.name,
      ...(isAggregate || id === null ? {} : { url: `${SOBJECTS_PATH}/${describe.name}/${id}` }),
    },
    ...Object.fromEntries(names.map((name) => [name, memberToJson(record, name)])),
  };
}

function memberToJson(record: SObjectRecord, name: string): unknown {
  if (!record.related.has(name)) {
    return fieldValueToJson(record.values.get(name));
  }
  const related = record.related.get(name) ?? null;
  if (related === null || related instanceof SObjectRecord) {
    return related === null ? null : recordToJson(related);
  }
  // A child list without rows is null in REST.
  return related.length === 0
    ? null
    : { totalSize: related.length, done: true, records: related.map((child) => recordToJson(child)) };
}

/**
 * A record from a request's JSON.
 *
 * @param json field values by name in any case; `attributes` is passed over
 * @throws JsonValueError INVALID_FIELD for a name that is no field, JSON_PARSER_ERROR for a value of another type
 */
export function recordFromJson(describe: ObjectDescribe, json: Readonly<Record<string, unknown>>): SObjectRecord {
  const record = new SObjectRecord(describe);
  for (const [name, value] of Object.entries(json)) {
    if (name === 'attributes') {
      continue;
    }
    const field = describe.field(name);
    if (!field) {
      throw new JsonValueError('INVALID_FIELD', `No such column '${name}' on sobject of type ${describe.name}`, [name]);
    }
    record.values.set(field.name, fieldValueFromJson(value, field));
  }
  return record;
}

type Reader = (value: unknown) => FieldValue;

const readText: Reader = (value) =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined;

const readDecimal: Reader = (value) => {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i.test(text)
    ? Decimal.parse(text.trim())
    : undefined;
};

const parsing =
  (parse: (text: string) => FieldValue): Reader =>
  (value) => {
    try {
      return typeof value === 'string' ? parse(value) : undefined;
    } catch {
      return undefined;
    }
  };

const READERS: Partial<Record<FieldType, Reader>> = {
  boolean: (value) =>
    typeof value === 'boolean' ? value : value === 'true' ? true : value === 'false' ? false : undefined,
  int: (value) => {
    const number = typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
  },
  long: (value) => (/^-?\d+$/.test(String(value)) ? BigInt(String(value)) : undefined),
  double: readDecimal,
  currency: readDecimal,
  percent: readDecimal,
  date: parsing((text) => ApexDate.parse(text.slice(0, 10))),
  datetime: parsing((text) => ApexDatetime.parse(text)),
  time: parsing((text) => ApexTime.parse(text)),
  base64: parsing((text) => ApexBlob.fromBase64(text)),
};

/**
 * A field's value from JSON; a blank text is null (false for a checkbox).
 *
 * @returns undefined when the value does not fit the field's type
 */
export function readFieldValue(value: unknown, field: FieldDescribe): FieldValue {
  if (value === null || value === undefined || (typeof value === 'string' && value.trim() === '')) {
    return field.type === 'boolean' ? false : null;
  }
  return (READERS[field.type] ?? readText)(value);
}

/** Names of the types in Salesforce's message about a value that doesn't fit. */
const TYPE_NAMES: Partial<Record<FieldType, string>> = { currency: 'double', percent: 'double' };

/**
 * A field's value from a REST request's JSON.
 *
 * @throws JsonValueError JSON_PARSER_ERROR naming field, type and value
 */
export function fieldValueFromJson(value: unknown, field: FieldDescribe): FieldValue {
  const read = readFieldValue(value, field);
  if (read === undefined) {
    const type = TYPE_NAMES[field.type] ?? field.type;
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    throw new JsonValueError(
      'JSON_PARSER_ERROR',
      `Cannot deserialize instance of ${type} from value ${shown} of the field ${field.name}`,
      [field.name],
    );
  }
  return read;
}
