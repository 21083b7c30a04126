/** The rows of one DML statement on their way through the save order. */
import { SObjectRecord } from '../../schema/record.ts';
import type { ObjectDescribe } from '../../schema/types.ts';
import { recordError } from '../errors.ts';
import type { RecordError } from '../types.ts';

export interface SaveRow {
  /** Index in the statement's records. */
  readonly index: number;
  /** What the caller passed. */
  readonly input: SObjectRecord;
  /** Trigger.new: a copy with every field. */
  record: SObjectRecord;
  /** Trigger.old; null on insert. */
  old: SObjectRecord | null;
  errors: RecordError[];
}

/** A record with these values; `readOnly` for Trigger.old. */
export function recordOf(
  describe: ObjectDescribe,
  values: ReadonlyMap<string, unknown>,
  readOnly = false,
): SObjectRecord {
  const record = new SObjectRecord(describe);
  for (const [name, value] of values) record.values.set(name, value);
  record.readOnly = readOnly;
  return record;
}

export function addError(row: SaveRow, statusCode: string, message: string, fields: readonly string[] = []): void {
  row.errors.push(recordError(statusCode, message, fields));
}

/** Takes over what addError left on the trigger's records. */
export function collectTriggerErrors(
  rows: readonly SaveRow[],
  recordOfRow: (row: SaveRow) => SObjectRecord | null,
): void {
  for (const row of rows) {
    const record = recordOfRow(row);
    if (!record || record.errors.length === 0) continue;
    row.errors.push(...record.errors);
    record.errors = [];
  }
}

export function withoutErrors(rows: readonly SaveRow[]): SaveRow[] {
  return rows.filter((row) => row.errors.length === 0);
}

/** Blank: null, undefined or empty text. */
export function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

/** Equality of field values by their meaning: decimals by number, dates by day, text exactly. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (isBlank(left)) return isBlank(right);
  if (left === right) return true;
  if (
    typeof left === 'object' &&
    left !== null &&
    typeof right === 'object' &&
    right !== null &&
    'equals' in left &&
    typeof left.equals === 'function'
  ) {
    return left.constructor === right.constructor && Boolean((left.equals as (other: unknown) => boolean)(right));
  }
  return false;
}

/** Text of a stored value that is text by its field's type; '' when blank. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
