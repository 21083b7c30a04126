/** System validation: what the platform checks on every field before a record is saved. */
import type { FieldDescribe, FieldType, ObjectDescribe } from '../../schema/types.ts';
import { fold } from '../../store/folding.ts';
import { storageScale } from '../../store/encoding.ts';
import { normalizeId, prefixOf } from '../../store/ids.ts';
import { ApexBlob } from '../../values/ApexBlob.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { ApexDouble } from '../../values/ApexDouble.ts';
import { ApexTime } from '../../values/ApexTime.ts';
import { Decimal } from '../../values/Decimal.ts';
import { addError, isBlank } from './rows.ts';
import type { SaveRow } from './rows.ts';

/** The address syntax that Salesforce accepts: one @, a dotted domain, RFC 2822 characters. */
const EMAIL =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9]{2,}$/;
const INT_RANGE = 2_147_483_647;
/** Years that date fields hold: 1700 to 4000. */
const FIRST_DAY = ApexDate.of(1700, 1, 1).days;
const LAST_DAY = ApexDate.of(4000, 12, 31).days;

const TEXT_TYPES: ReadonlySet<FieldType> = new Set([
  'string',
  'textarea',
  'email',
  'phone',
  'url',
  'picklist',
  'multipicklist',
  'combobox',
  'encryptedstring',
]);
const DECIMAL_TYPES: ReadonlySet<FieldType> = new Set(['double', 'currency', 'percent']);

/** Puts a value into the field's own representation: trims text, rounds decimals, completes Ids. Undefined: wrong type. */
export function normalizeValue(field: FieldDescribe, value: unknown): unknown {
  if (value === null || value === undefined) return field.type === 'boolean' ? false : null;
  if (TEXT_TYPES.has(field.type)) {
    if (typeof value !== 'string') return undefined;
    const trimmed = value.trim();
    return trimmed === '' ? null : trimmed;
  }
  // Rounding on save is not documented; the choice is half up, as in the editor. Whole amounts keep their cents.
  if (DECIMAL_TYPES.has(field.type)) {
    const decimal = toDecimal(value);
    const short = decimal?.setScale(field.scale, 'HALF_UP');
    const stored = decimal?.setScale(storageScale(field), 'HALF_UP');
    return short && stored && short.compare(stored) !== 0 ? stored : short;
  }
  switch (field.type) {
    case 'reference':
    case 'id':
      return typeof value !== 'string' ? undefined : value === '' ? null : (normalizeId(value) ?? value);
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'int': {
      const number = typeof value === 'number' ? value : Number(toDecimal(value)?.toString() ?? Number.NaN);
      return Number.isNaN(number) ? undefined : Math.round(number);
    }
    case 'long':
      return typeof value === 'bigint' ? value : typeof value === 'number' ? BigInt(Math.round(value)) : undefined;
    case 'date':
      return value instanceof ApexDate ? value : value instanceof ApexDatetime ? value.utcDate : undefined;
    case 'datetime':
      return value instanceof ApexDatetime
        ? value
        : value instanceof ApexDate
          ? new ApexDatetime(value.days * 86_400_000)
          : undefined;
    case 'time':
      return value instanceof ApexTime ? value : undefined;
    case 'base64':
      return value instanceof ApexBlob ? value : undefined;
    default:
      return value;
  }
}

function toDecimal(value: unknown): Decimal | undefined {
  if (value instanceof Decimal) return value;
  if (typeof value === 'number') return Decimal.fromNumber(value);
  if (typeof value === 'bigint') return Decimal.fromBigInt(value);
  if (value instanceof ApexDouble) return Decimal.fromNumber(value.value);
  return undefined;
}

/** Before the before triggers: restricted picklists and the form of Ids (Apex Developer Guide, order of execution, step 1). */
export function checkBeforeTriggers(row: SaveRow, describe: ObjectDescribe): void {
  for (const [name, value] of row.record.values) {
    const field = describe.field(name);
    if (!field || isBlank(value)) continue;
    if (field.type === 'reference') checkReferenceForm(row, field, value);
  }
}

/**
 * After the before triggers: everything else.
 *
 * @param truncates texts that are too long are cut instead of refused (Apex Reference, DMLOptions.allowFieldTruncation)
 */
export function checkFields(
  row: SaveRow,
  describe: ObjectDescribe,
  changed: (field: FieldDescribe) => boolean,
  truncates: boolean,
): void {
  checkRequired(row, describe);
  for (const field of describe.fields) {
    if (field.calculated || field.autoNumber) continue;
    if (truncates) truncate(row, field);
    const value = row.record.values.get(field.name);
    if (isBlank(value) || !changed(field)) continue;
    checkValue(row, field, value);
  }
}

function truncate(row: SaveRow, field: FieldDescribe): void {
  const value = row.record.values.get(field.name);
  if (!TEXT_TYPES.has(field.type) || field.type === 'multipicklist' || typeof value !== 'string') return;
  if (field.length > 0 && value.length > field.length)
    row.record.values.set(field.name, normalizeValue(field, value.slice(0, field.length)));
}

function checkRequired(row: SaveRow, describe: ObjectDescribe): void {
  const missing = describe.fields.filter(
    (field) =>
      !field.nillable &&
      (field.createable || field.updateable) &&
      !field.autoNumber &&
      !field.calculated &&
      field.type !== 'boolean' &&
      field.name !== 'OwnerId' &&
      isBlank(row.record.values.get(field.name)),
  );
  if (missing.length === 0) return;
  const names = missing.map((field) => field.name);
  addError(row, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${names.join(', ')}]`, names);
}

function checkValue(row: SaveRow, field: FieldDescribe, value: unknown): void {
  if (TEXT_TYPES.has(field.type)) checkText(row, field, value as string);
  else if (DECIMAL_TYPES.has(field.type)) checkDecimal(row, field, value as Decimal);
  else if (field.type === 'int' && Math.abs(value as number) > INT_RANGE)
    addError(
      row,
      'NUMBER_OUTSIDE_VALID_RANGE',
      `${field.label}: value outside of valid range on numeric field: ${String(value)}`,
      [field.name],
    );
  else if (field.type === 'reference') checkReferenceForm(row, field, value);
  else if (field.type === 'date' && outOfRange((value as ApexDate).days))
    addError(row, 'INVALID_TYPE_ON_FIELD_IN_RECORD', `${field.label}: invalid date: ${String(value)}`, [field.name]);
  else if (field.type === 'datetime' && outOfRange((value as ApexDatetime).utcDate.days))
    addError(row, 'INVALID_TYPE_ON_FIELD_IN_RECORD', `${field.label}: invalid date: ${String(value)}`, [field.name]);
}

function outOfRange(days: number): boolean {
  return days < FIRST_DAY || days > LAST_DAY;
}

function checkText(row: SaveRow, field: FieldDescribe, text: string): void {
  if (field.type === 'picklist' || field.type === 'multipicklist') {
    checkPicklist(row, field, text);
    if (field.type === 'multipicklist') return;
  }
  if (field.length > 0 && text.length > field.length) {
    addError(row, 'STRING_TOO_LONG', `${field.label}: data value too large: ${text} (max length=${field.length})`, [
      field.name,
    ]);
    return;
  }
  if (field.type === 'email' && !EMAIL.test(text))
    addError(row, 'INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${text}`, [field.name]);
}

function checkPicklist(row: SaveRow, field: FieldDescribe, text: string): void {
  if (!field.restrictedPicklist) return;
  const given = field.type === 'multipicklist' ? text.split(';').map((part) => part.trim()) : [text];
  const wrong = given.find(
    (part) => !field.picklistValues.some((value) => value.active && fold(value.value) === fold(part)),
  );
  if (wrong === undefined) return;
  addError(
    row,
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    `${field.label}: bad value for restricted picklist field: ${wrong}`,
    [field.name],
  );
}

function checkDecimal(row: SaveRow, field: FieldDescribe, value: Decimal): void {
  const limit = 10n ** BigInt(Math.max(field.precision - field.scale, 0) + field.scale);
  const magnitude = value.setScale(field.scale, 'DOWN').unscaled;
  // Columns hold 64 bits: 16 digits before the point for an amount that keeps cents.
  const stored = value.setScale(storageScale(field), 'HALF_UP').unscaled;
  if (magnitude < limit && magnitude > -limit && BigInt.asIntN(64, stored) === stored) return;
  addError(
    row,
    'NUMBER_OUTSIDE_VALID_RANGE',
    `${field.label}: value outside of valid range on numeric field: ${value.toString()}`,
    [field.name],
  );
}

function checkReferenceForm(row: SaveRow, field: FieldDescribe, value: unknown): void {
  if (normalizeId(String(value)) === null) {
    addError(row, 'MALFORMED_ID', `${field.label}: id value of incorrect type: ${String(value)}`, [field.name]);
  }
}

/** True when the prefix is one that the reference may point to. */
export function pointsToTarget(field: FieldDescribe, id: string, prefixes: ReadonlyMap<string, string>): boolean {
  return field.referenceTo.some((target) => prefixes.get(target) === prefixOf(id));
}
