/** What the save order asks of the org and of the running transaction. */
import type { CompiledLookupFilter } from '../../formula/catalog.ts';
import type { CompiledFormula } from '../../formula/compile.ts';
import type { FieldDescribe, ObjectDescribe, Schema, ValidationRule } from '../../schema/types.ts';
import type { SObjectRecord } from '../../schema/record.ts';
import type { ShareRows } from '../../security/shareRows.ts';
import type { SharingParty } from '../../security/sharingMetadata.ts';
import type { Store } from '../../store/Store.ts';
import type { DuplicateRule } from '../duplicates/metadata.ts';
import type { AccessMode, CodeHost, DmlOperation, SharingMode, Transaction } from '../types.ts';
import type { ExchangeRates } from '../../soql/ExchangeRates.ts';
import type { TransactionLimits } from '../limits.ts';
import type { DerivationContext } from './derived.ts';

/** Decisions about what the acting user may do with records. */
export interface RecordAccess {
  canCreate(object: ObjectDescribe): boolean;
  canUpdate(object: ObjectDescribe): boolean;
  canDelete(object: ObjectDescribe): boolean;
  /** Fields of `names` that the user may not write. */
  unwritableFields(object: ObjectDescribe, names: readonly string[], operation: 'insert' | 'update'): readonly string[];
  /** Ids among `ids` whose records the user may not edit (or delete) because of sharing. */
  withoutEditAccess(
    object: ObjectDescribe,
    ids: readonly string[],
    operation: 'update' | 'delete',
  ): ReadonlySet<string>;
  /** Ids among `ids` that the user can't see because of sharing. */
  withoutReadAccess(object: ObjectDescribe, ids: readonly string[]): ReadonlySet<string>;
  /** Ids among `ids` whose records the user may not share: not the owner, nobody above, no Modify All. */
  withoutAllAccess(object: ObjectDescribe, ids: readonly string[]): ReadonlySet<string>;
  /** The user may modify all data. */
  readonly modifiesAllData: boolean;
}

export interface SaveServices {
  readonly schema: Schema;
  readonly store: Store;
  readonly code: CodeHost | null;
  readonly transaction: Transaction;
  readonly limits: TransactionLimits;
  readonly userId: string;
  /** The share rows that the platform keeps. */
  readonly shares: ShareRows;
  readonly derivation: DerivationContext;
  /** Null in an org with one currency. */
  readonly rates: ExchangeRates | null;
  /** The acting user's currency. */
  readonly currency: string;
  /** Rows of CurrencyType or DatedConversionRate were written, or taken back. */
  ratesWritten(): void;
  /** Rows of FiscalYearSettings or Period were written. */
  fiscalYearsWritten(): void;
  /** A savepoint took writes back. */
  rolledBack(): void;
  /** Throws RuntimeProblem past 16 levels of triggers. */
  enterTrigger<T>(objectName: string, event: string, work: () => T): T;
  /** Values of formula fields for records that have them, written into `record.values`. */
  evaluateFormulas(records: readonly SObjectRecord[]): void;
  /** True when the rule's condition holds: the record may not be saved. */
  ruleApplies(rule: ValidationRule, object: ObjectDescribe, record: SObjectRecord, old: SObjectRecord | null): boolean;
  /** True when a condition holds on a record. */
  holds(condition: CompiledFormula, record: SObjectRecord, old: SObjectRecord | null, isNew: boolean): boolean;
  /** The filter of a lookup, or undefined. */
  lookupFilter(field: FieldDescribe): CompiledLookupFilter | undefined;
  /** What a field update's formula results in. */
  expressionValue(expression: CompiledFormula, field: FieldDescribe, record: SObjectRecord): unknown;
  /** Default of a field on a new record. */
  defaultValue(object: ObjectDescribe, fieldName: string, record: SObjectRecord): unknown;
  /** Decisions for one statement; null: nothing is checked. */
  access(mode: AccessMode, sharing: SharingMode): RecordAccess | null;
  /** Remembers what was written for the mixed-DML rule; throws its message as RecordError text or null. */
  mixedDml(object: ObjectDescribe, records: readonly SObjectRecord[], operation: DmlOperation): string | null;
  /** The user may say who created and changed a record, and when, on insert (Help, "Set Audit Fields upon Record Creation"). */
  readonly setsAuditFields: boolean;
  /** The user may change converted leads (Help, "View and Edit Converted Leads"). */
  readonly editsConvertedLeads: boolean;
  /** Active duplicate rules in their order. */
  readonly duplicateRules: readonly DuplicateRule[];
  /** True for administrators, and for who may modify all records of the object. */
  modifiesAll(object: ObjectDescribe): boolean;
  /** Ids among `ids` whose records are locked for the acting user. */
  lockedForUser(object: ObjectDescribe, ids: readonly string[]): ReadonlySet<string>;
  /** Id of the group that stands for a party, or null. */
  groupId(party: SharingParty): string | null;
  /** Users of a group or queue. */
  usersOf(groupId: string): ReadonlySet<string>;
  /** Rows of this object wait for the end of the transaction. */
  historyWritten(object: ObjectDescribe): void;
  /** Cached decisions about users are void: users, permission sets or groups changed. */
  accessChanged(): void;
}

/** One statement's settings. */
export interface SaveRequest {
  readonly allOrNone: boolean;
  readonly accessMode: AccessMode;
  readonly sharing: SharingMode;
  readonly fromClient?: boolean;
  readonly truncated?: ReadonlySet<SObjectRecord>;
  readonly allowedDuplicates?: ReadonlySet<SObjectRecord>;
}
