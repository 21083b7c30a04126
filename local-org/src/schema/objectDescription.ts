/** The one implementation of ObjectDescribe and of its fields' defaults. */
import type {
  ChildRelationship,
  CustomMetadataRecord,
  FieldDescribe,
  FieldType,
  ObjectDescribe,
  ObjectKind,
  PicklistValue,
  RecordTypeDescribe,
  Schema,
  SharingModel,
  ValidationRule,
  ViewSql,
} from './types.ts';
import type { Position } from '../project/types.ts';

export type MutableField = { -readonly [Key in keyof FieldDescribe]: FieldDescribe[Key] };

/** Types whose values are characters. */
const GROUPABLE: ReadonlySet<FieldType> = new Set([
  'id',
  'reference',
  'boolean',
  'string',
  'textarea',
  'email',
  'phone',
  'url',
  'picklist',
  'combobox',
  'int',
  'date',
]);
const NOT_SORTABLE: ReadonlySet<FieldType> = new Set(['multipicklist', 'base64', 'address', 'location', 'anyType']);
const NOT_FILTERABLE: ReadonlySet<FieldType> = new Set(['base64', 'address', 'location', 'anyType']);
const NOT_AGGREGATABLE: ReadonlySet<FieldType> = new Set([
  'boolean',
  'multipicklist',
  'base64',
  'address',
  'location',
  'time',
  'anyType',
]);
/** Text areas longer than this can't be filtered, sorted or grouped. */
export const LONGEST_FILTERABLE_TEXT = 255;

/** A field with the describe facts that follow from its type; `facts` wins. */
export function createField(
  facts: Partial<FieldDescribe> & { readonly name: string; readonly type: FieldType },
): MutableField {
  const { type } = facts;
  const isLong = type === 'textarea' && (facts.length ?? 0) > LONGEST_FILTERABLE_TEXT;
  const calculated = facts.calculated ?? false;
  const isBoolean = type === 'boolean';
  return {
    label: facts.name,
    custom: facts.name.endsWith('__c') || facts.name.endsWith('__s'),
    length: 0,
    precision: 0,
    scale: 0,
    nillable: !isBoolean,
    createable: !calculated,
    updateable: !calculated,
    filterable: !isLong && !NOT_FILTERABLE.has(type),
    sortable: !isLong && !NOT_SORTABLE.has(type),
    groupable: !isLong && !calculated && GROUPABLE.has(type),
    aggregatable: !isLong && !NOT_AGGREGATABLE.has(type),
    unique: false,
    caseSensitive: false,
    externalId: false,
    idLookup: false,
    nameField: false,
    namePointing: (facts.referenceTo?.length ?? 0) > 1,
    htmlFormatted: false,
    autoNumber: false,
    displayFormat: null,
    calculated,
    formula: null,
    formulaTreatBlanksAsZero: false,
    defaultValueFormula: isBoolean ? 'false' : null,
    defaultedOnCreate:
      isBoolean ||
      (facts.defaultValueFormula ?? null) !== null ||
      (facts.picklistValues ?? []).some((value) => value.isDefault),
    restrictedPicklist: false,
    picklistValues: [],
    referenceTo: [],
    relationshipName: null,
    relationshipOrder: null,
    deleteConstraint: null,
    reparentableMasterDetail: false,
    writeRequiresMasterRead: false,
    trackHistory: false,
    trackFeedHistory: false,
    inlineHelpText: null,
    metadataControllingField: null,
    compoundFieldName: null,
    controllerName: null,
    lookupFilter: null,
    summary: null,
    position: null,
    ...facts,
  };
}

/** What the builders collect about an object before its describe is made. */
export interface ObjectFacts {
  name: string;
  label: string;
  labelPlural: string;
  kind: ObjectKind;
  custom: boolean;
  keyPrefix: string;
  createable: boolean;
  updateable: boolean;
  deletable: boolean;
  undeletable: boolean;
  queryable: boolean;
  searchable: boolean;
  mergeable: boolean;
  triggerable: boolean;
  setup: boolean;
  sharingModel: SharingModel;
  customSettingsType: 'Hierarchy' | 'List' | null;
  fields: MutableField[];
  controllingParentFieldName: string | null;
  currencyPath: readonly string[] | null;
  rateDatePath: readonly string[] | null;
  apexDml: boolean;
  activitiesAllowed: boolean;
  feedEnabled: boolean;
  historyEnabled: boolean;
  /** SQL of a view that the object's rows come from; null for an object with a table. */
  view: ViewSql | null;
  softDelete: boolean;
  closedStatuses: readonly string[];
  recordTypes: RecordTypeDescribe[];
  stored: boolean;
  validationRules: ValidationRule[];
  childRelationships: ChildRelationship[];
  position: Position | null;
}

export function createFacts(
  facts: Partial<ObjectFacts> & { readonly name: string; readonly kind: ObjectKind },
): ObjectFacts {
  const label = facts.label ?? facts.name;
  return {
    label,
    labelPlural: facts.labelPlural ?? label,
    custom: false,
    keyPrefix: '',
    createable: true,
    updateable: true,
    deletable: true,
    undeletable: false,
    queryable: true,
    searchable: false,
    mergeable: false,
    triggerable: false,
    setup: false,
    sharingModel: 'ReadWrite',
    customSettingsType: null,
    fields: [],
    controllingParentFieldName: null,
    currencyPath: null,
    rateDatePath: null,
    apexDml: true,
    activitiesAllowed: false,
    feedEnabled: false,
    historyEnabled: false,
    view: null,
    softDelete: false,
    closedStatuses: [],
    recordTypes: [],
    stored: true,
    validationRules: [],
    childRelationships: [],
    position: null,
    ...facts,
  };
}

export class ObjectDescription implements ObjectDescribe {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly kind: ObjectKind;
  readonly custom: boolean;
  readonly keyPrefix: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly undeletable: boolean;
  readonly queryable: boolean;
  readonly searchable: boolean;
  readonly mergeable: boolean;
  readonly triggerable: boolean;
  readonly setup: boolean;
  readonly sharingModel: SharingModel;
  readonly customSettingsType: 'Hierarchy' | 'List' | null;
  readonly fields: readonly FieldDescribe[];
  readonly childRelationships: readonly ChildRelationship[];
  readonly nameField: FieldDescribe | null;
  readonly controllingParentField: FieldDescribe | null;
  readonly currencyPath: readonly string[] | null;
  readonly rateDatePath: readonly string[] | null;
  readonly apexDml: boolean;
  readonly activitiesAllowed: boolean;
  readonly feedEnabled: boolean;
  readonly historyEnabled: boolean;
  readonly view: ViewSql | null;
  readonly softDelete: boolean;
  readonly closedStatuses: readonly string[];
  readonly recordTypes: readonly RecordTypeDescribe[];
  readonly stored: boolean;
  readonly validationRules: readonly ValidationRule[];
  readonly position: Position | null;
  readonly #fields = new Map<string, FieldDescribe>();
  readonly #relationships = new Map<string, FieldDescribe>();
  readonly #children = new Map<string, ChildRelationship>();

  constructor(facts: ObjectFacts) {
    this.name = facts.name;
    this.label = facts.label;
    this.labelPlural = facts.labelPlural;
    this.kind = facts.kind;
    this.custom = facts.custom;
    this.keyPrefix = facts.keyPrefix;
    this.createable = facts.createable;
    this.updateable = facts.updateable;
    this.deletable = facts.deletable;
    this.undeletable = facts.undeletable;
    this.queryable = facts.queryable;
    this.searchable = facts.searchable;
    this.mergeable = facts.mergeable;
    this.triggerable = facts.triggerable;
    this.setup = facts.setup;
    this.sharingModel = facts.sharingModel;
    this.customSettingsType = facts.customSettingsType;
    this.fields = facts.fields;
    this.childRelationships = facts.childRelationships;
    this.currencyPath = facts.currencyPath;
    this.rateDatePath = facts.rateDatePath;
    this.apexDml = facts.apexDml;
    this.activitiesAllowed = facts.activitiesAllowed;
    this.feedEnabled = facts.feedEnabled;
    this.historyEnabled = facts.historyEnabled;
    this.view = facts.view;
    this.softDelete = facts.softDelete;
    this.closedStatuses = facts.closedStatuses;
    this.recordTypes = facts.recordTypes;
    this.stored = facts.stored;
    this.validationRules = facts.validationRules;
    this.position = facts.position;
    for (const field of facts.fields) {
      this.#fields.set(field.name.toLowerCase(), field);
      if (field.relationshipName !== null) this.#relationships.set(field.relationshipName.toLowerCase(), field);
    }
    for (const child of facts.childRelationships) {
      if (child.relationshipName !== null) this.#children.set(child.relationshipName.toLowerCase(), child);
    }
    this.nameField = facts.fields.find((field) => field.nameField) ?? null;
    this.controllingParentField =
      facts.controllingParentFieldName === null ? null : (this.field(facts.controllingParentFieldName) ?? null);
  }

  field(name: string): FieldDescribe | undefined {
    return this.#fields.get(name.toLowerCase());
  }

  fieldByRelationship(relationshipName: string): FieldDescribe | undefined {
    return this.#relationships.get(relationshipName.toLowerCase());
  }

  childRelationship(relationshipName: string): ChildRelationship | undefined {
    return this.#children.get(relationshipName.toLowerCase());
  }
}

export class SchemaDescription implements Schema {
  readonly objects: readonly ObjectDescribe[];
  readonly customMetadataRecords: readonly CustomMetadataRecord[];
  readonly #byName = new Map<string, ObjectDescribe>();
  readonly #byPrefix = new Map<string, ObjectDescribe>();

  readonly activeCurrencies: PicklistValue[];

  constructor(
    objects: readonly ObjectDescribe[],
    customMetadataRecords: readonly CustomMetadataRecord[],
    activeCurrencies: PicklistValue[] = [],
  ) {
    this.activeCurrencies = activeCurrencies;
    this.objects = [...objects].sort((left, right) => (left.name < right.name ? -1 : 1));
    this.customMetadataRecords = customMetadataRecords;
    for (const object of this.objects) {
      this.#byName.set(object.name.toLowerCase(), object);
      // Views show rows of other objects, whose Ids they have.
      if (object.keyPrefix !== '' && object.view === null) this.#byPrefix.set(object.keyPrefix, object);
    }
  }

  object(name: string): ObjectDescribe | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  objectByKeyPrefix(prefix: string): ObjectDescribe | undefined {
    return this.#byPrefix.get(prefix);
  }
}
