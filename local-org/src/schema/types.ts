/** Describe facts of objects and fields: one shape for standard objects (data) and custom ones (metadata). */
import type { Position } from '../project/types.ts';

/** Field types by the names that describe calls use (SOAP API type names, lower case as in REST). */
export type FieldType =
  | 'id'
  | 'reference'
  | 'boolean'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'picklist'
  | 'multipicklist'
  | 'combobox'
  | 'encryptedstring'
  | 'int'
  | 'long'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'time'
  | 'address'
  | 'location'
  | 'base64'
  | 'anyType';

export interface PicklistValue {
  readonly value: string;
  readonly label: string;
  readonly active: boolean;
  readonly isDefault: boolean;
  /** Dependent picklists: the controlling values (`true` and `false` of a checkbox) that it can be chosen for. */
  readonly validFor?: readonly string[];
  /** LeadStatus only. */
  readonly isConverted?: boolean;
  /** OpportunityStage only. */
  readonly isClosed?: boolean;
  readonly isWon?: boolean;
  /** 0 to 100, OpportunityStage only. */
  readonly probability?: number;
  /** Omitted, Pipeline, BestCase, MostLikely, Forecast, Closed; OpportunityStage only. */
  readonly forecastCategory?: string;
}

export interface FieldDescribe {
  /** Canonical API name, as written in the metadata: `Amount`, `Sales_Target__c`. */
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly custom: boolean;
  /** Characters, for text types. */
  readonly length: number;
  /** Digits in all, for numbers. */
  readonly precision: number;
  /** Digits right of the decimal point, for numbers. */
  readonly scale: number;
  readonly nillable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly filterable: boolean;
  readonly sortable: boolean;
  readonly groupable: boolean;
  readonly aggregatable: boolean;
  readonly unique: boolean;
  readonly caseSensitive: boolean;
  readonly externalId: boolean;
  readonly idLookup: boolean;
  readonly nameField: boolean;
  readonly namePointing: boolean;
  readonly htmlFormatted: boolean;
  readonly autoNumber: boolean;
  /** `A-{0000}`; auto-number fields only. */
  readonly displayFormat: string | null;
  readonly calculated: boolean;
  /** Source of the formula; null when the field is not a formula. */
  readonly formula: string | null;
  readonly formulaTreatBlanksAsZero: boolean;
  /** Formula source of the default value; null when there is none. */
  readonly defaultValueFormula: string | null;
  readonly defaultedOnCreate: boolean;
  readonly restrictedPicklist: boolean;
  readonly picklistValues: readonly PicklistValue[];
  /** The field whose value says which values can be chosen; null unless the picklist depends on one. */
  readonly controllerName: string | null;
  /** Target objects; more than one for a polymorphic field. */
  readonly referenceTo: readonly string[];
  /** `Account` for `AccountId`, `Invoice__r` for `Invoice__c`; null when not a reference. */
  readonly relationshipName: string | null;
  /** Of a relationship to FieldDefinition: the field of the same custom metadata type that holds the field's object. */
  readonly metadataControllingField: string | null;
  /** 0 or 1 for master-detail, null for a lookup. */
  readonly relationshipOrder: number | null;
  readonly deleteConstraint: 'SetNull' | 'Restrict' | 'Cascade' | null;
  readonly reparentableMasterDetail: boolean;
  readonly writeRequiresMasterRead: boolean;
  readonly trackHistory: boolean;
  readonly trackFeedHistory: boolean;
  readonly inlineHelpText: string | null;
  /** `name` of the compound field that this is a part of (BillingAddress, Name), or null. */
  readonly compoundFieldName: string | null;
  /** Which records the lookup may point to; null when any. */
  readonly lookupFilter: LookupFilter | null;
  /** Roll-up summary; null otherwise. */
  readonly summary: RollUpSummary | null;
  /** Where the metadata defines it; null for standard fields. */
  readonly position: Position | null;
}

export interface RollUpSummary {
  readonly operation: 'count' | 'sum' | 'min' | 'max';
  readonly childObject: string;
  readonly childReferenceField: string;
  readonly summarizedField: string | null;
  readonly filters: readonly { readonly field: string; readonly operation: string; readonly value: string }[];
}

export interface LookupFilter {
  readonly items: readonly LookupFilterItem[];
  /** `1 AND (2 OR 3)`; null: all must hold. */
  readonly logic: string | null;
  /** An optional filter only narrows what pages offer. */
  readonly optional: boolean;
  readonly errorMessage: string | null;
  readonly infoMessage: string | null;
  readonly position: Position;
}

export interface LookupFilterItem {
  /** `Account.Type` of the target, `$Source.AccountId` of the record itself, `$User.Department`. */
  readonly field: string;
  readonly operation: string;
  /** Several values stand between commas; '' for blank. */
  readonly value: string;
  /** Compares with this path instead of a value. */
  readonly valueField: string | null;
  readonly position: Position;
}

export interface ChildRelationship {
  /** `Opportunities`, `Invoices__r`; null when the relationship has no name (not usable in SOQL). */
  readonly relationshipName: string | null;
  readonly childObject: string;
  readonly field: string;
  readonly cascadeDelete: boolean;
  readonly restrictedDelete: boolean;
}

export interface ValidationRule {
  readonly name: string;
  readonly active: boolean;
  readonly condition: string;
  readonly message: string;
  /** Canonical field name, or null for the top of the page. */
  readonly errorField: string | null;
  readonly position: Position;
}

export type SharingModel = 'Private' | 'Read' | 'ReadWrite' | 'ReadWriteTransfer' | 'FullAccess' | 'ControlledByParent';

export type ObjectKind =
  | 'standard'
  | 'custom'
  | 'customSetting'
  | 'customMetadata'
  | 'platformEvent'
  | 'changeEvent'
  | 'share'
  | 'history'
  | 'feed'
  | 'aggregate';

/** Makes the SQL of a view; `foldedColumn` names the column with a field's folded text. */
export type ViewSql = (schema: Schema, foldedColumn: (field: FieldDescribe) => string | null) => string;

export interface ObjectDescribe {
  /** Canonical API name. */
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly kind: ObjectKind;
  readonly custom: boolean;
  /** Three characters that start every Id of this object. */
  readonly keyPrefix: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly undeletable: boolean;
  readonly queryable: boolean;
  readonly searchable: boolean;
  readonly mergeable: boolean;
  readonly triggerable: boolean;
  /** Setup objects count for the mixed-DML rule (User, PermissionSet …). */
  readonly setup: boolean;
  readonly sharingModel: SharingModel;
  /** 'Hierarchy' or 'List' for custom settings, else null. */
  readonly customSettingsType: 'Hierarchy' | 'List' | null;
  /** Canonical names, in metadata order. */
  readonly fields: readonly FieldDescribe[];
  /** Case-insensitive. */
  field(name: string): FieldDescribe | undefined;
  /** Reference field by its relationship name (`Account`, `Invoice__r`), case-insensitive. */
  fieldByRelationship(relationshipName: string): FieldDescribe | undefined;
  readonly childRelationships: readonly ChildRelationship[];
  /** Case-insensitive. */
  childRelationship(relationshipName: string): ChildRelationship | undefined;
  readonly nameField: FieldDescribe | null;
  /** Field whose parent decides access when `sharingModel` is ControlledByParent. */
  readonly controllingParentField: FieldDescribe | null;
  /** Path of the currency that the object's amounts are in; null in an org with one currency. */
  readonly currencyPath: readonly string[] | null;
  /** Path of the date whose exchange rate converts the object's amounts; null: the static rate does. */
  readonly rateDatePath: readonly string[] | null;
  /** False for objects that clients may write but Apex may not (CurrencyType). */
  readonly apexDml: boolean;
  /** Tasks and events can be related to it. */
  readonly activitiesAllowed: boolean;
  /** Its records have feeds (`enableFeeds`). */
  readonly feedEnabled: boolean;
  /** Changes of tracked fields are kept (`enableHistory`). */
  readonly historyEnabled: boolean;
  /** SQL of the view that its rows come from; null for an object with a table of its own. */
  readonly view: ViewSql | null;
  /** Deleted rows go to the recycle bin (`IsDeleted`). */
  readonly softDelete: boolean;
  /** Status values that close the record (Task, Case). */
  readonly closedStatuses: readonly string[];
  readonly recordTypes: readonly RecordTypeDescribe[];
  /** False for objects without rows of their own: Name, AggregateResult, platform events. */
  readonly stored: boolean;
  readonly validationRules: readonly ValidationRule[];
  readonly position: Position | null;
}

export interface RecordTypeDescribe {
  readonly developerName: string;
  readonly label: string;
  readonly description: string | null;
  readonly active: boolean;
  /** What forms offer, by picklist field; a picklist that is not in it offers all of its values. */
  readonly picklistValues: ReadonlyMap<string, readonly RecordTypeValue[]>;
  /** Of person accounts. */
  readonly personType?: boolean;
  /** Null for one that the platform has. */
  readonly position: Position | null;
}

/** A value that records of a type may be given in forms. */
export interface RecordTypeValue {
  readonly value: string;
  readonly isDefault: boolean;
}

/** A record of a custom metadata type, from a CustomMetadata component. */
export interface CustomMetadataRecord {
  readonly objectName: string;
  readonly developerName: string;
  readonly label: string;
  readonly protected: boolean;
  /** Text of each value by canonical field name; null for xsi:nil. */
  readonly values: ReadonlyMap<string, { readonly text: string | null; readonly position: Position }>;
  readonly position: Position;
}

export interface Schema {
  /** Values of every CurrencyIsoCode field, kept in line with the rows of CurrencyType; empty with one currency. */
  readonly activeCurrencies: PicklistValue[];
  readonly customMetadataRecords: readonly CustomMetadataRecord[];
  /** Case-insensitive. */
  object(name: string): ObjectDescribe | undefined;
  objectByKeyPrefix(prefix: string): ObjectDescribe | undefined;
  /** Sorted by name. */
  readonly objects: readonly ObjectDescribe[];
}
