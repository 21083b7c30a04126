/** An sObject in memory: what queries return, DML takes and Apex variables hold. */
import type { RecordError } from '../runtime/types.ts';
import type { ObjectDescribe } from './types.ts';

/**
 * Field values by their Apex representation: text, Id and picklists as string; boolean; int as number; long as bigint;
 * double, currency and percent as Decimal; date, datetime, time and base64 as the classes in values/; null when blank.
 */
export type FieldValue = unknown;

export class SObjectRecord {
  readonly describe: ObjectDescribe;
  /** By canonical field name; a field that is absent was neither set nor queried. */
  readonly values = new Map<string, FieldValue>();
  /** Parent records (by canonical relationship name) and child lists of a query. */
  readonly related = new Map<string, SObjectRecord | readonly SObjectRecord[] | null>();
  /** Filled by `addError`; read by DML after the triggers ran. */
  errors: RecordError[] = [];
  /** Fields that SOQL retrieved, or null for a record made by `new`: reading any other is an SObjectException. */
  retrieved: ReadonlySet<string> | null = null;
  /** For query results: names in the order of the SELECT clause (fields, parent and child relationships); JSON follows it. */
  shape: readonly string[] | null = null;
  /** True in after triggers and for Trigger.old: writing a field is a FinalException. */
  readOnly = false;

  constructor(describe: ObjectDescribe) {
    this.describe = describe;
  }

  get id(): string | null {
    return (this.values.get('Id') as string | null | undefined) ?? null;
  }
}
