/** Options of DML that a record carries itself (Apex Reference, SObject.setOptions). */
import type { SObjectRecord } from '../../schema/record.ts';

/** What of Database.DMLOptions acts on a single record. */
export interface RecordOptions {
  readonly AllowFieldTruncation: boolean | null;
  readonly DuplicateRuleHeader: { readonly AllowSave: boolean | null } | null;
}

export const recordOptions = new WeakMap<SObjectRecord, RecordOptions>();
