/** Field values as the UI API writes and reads them: REST's JSON but for instants, which end in Z. */
import { fieldValueToJson as fieldValueToRest, readFieldValue } from '../../runtime/json.ts';
import type { FieldValue } from '../../schema/record.ts';
import type { FieldDescribe } from '../../schema/types.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';

/** JSON value of a field: numbers as numbers, dates in ISO 8601. */
export function fieldValueToJson(value: FieldValue): unknown {
  return value instanceof ApexDatetime ? value.toIso() : fieldValueToRest(value);
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

/**
 * Field value of a JSON value; blank texts are null.
 *
 * @throws FieldValueError naming the field by its label when the value does not fit its type
 */
export function fieldValueFromJson(value: unknown, field: FieldDescribe): FieldValue {
  const read = readFieldValue(value, field);
  if (read === undefined) {
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    throw new FieldValueError(field, `${field.label}: value not of required type: ${shown}`);
  }
  return read;
}
