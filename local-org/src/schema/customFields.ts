/** CustomField metadata → field describes. */
import { MetadataError } from '../project/errors.ts';
import type { MetadataComponent, MetadataElement, Project } from '../project/types.ts';
import { readLookupFilter } from './lookupFilters.ts';
import { createField } from './objectDescription.ts';
import type { MutableField } from './objectDescription.ts';
import type { DeclaredChild } from './standardObjects.ts';
import type { FieldDescribe, FieldType, ObjectKind, PicklistValue } from './types.ts';

const FIELD_TYPES = [
  'AutoNumber',
  'Checkbox',
  'Currency',
  'Date',
  'DateTime',
  'Email',
  'EncryptedText',
  'Hierarchy',
  'Html',
  'Location',
  'LongTextArea',
  'Lookup',
  'MasterDetail',
  'MetadataRelationship',
  'MultiselectPicklist',
  'Number',
  'Percent',
  'Phone',
  'Picklist',
  'Summary',
  'Text',
  'TextArea',
  'Time',
  'Url',
] as const;
type MetadataFieldType = (typeof FIELD_TYPES)[number];

const DESCRIBE_TYPES: Readonly<Record<MetadataFieldType, FieldType>> = {
  AutoNumber: 'string',
  Checkbox: 'boolean',
  Currency: 'currency',
  Date: 'date',
  DateTime: 'datetime',
  Email: 'email',
  EncryptedText: 'encryptedstring',
  Hierarchy: 'reference',
  Html: 'textarea',
  Location: 'location',
  LongTextArea: 'textarea',
  Lookup: 'reference',
  MasterDetail: 'reference',
  MetadataRelationship: 'reference',
  MultiselectPicklist: 'multipicklist',
  Number: 'double',
  Percent: 'percent',
  Phone: 'phone',
  Picklist: 'picklist',
  Summary: 'double',
  Text: 'string',
  TextArea: 'textarea',
  Time: 'time',
  Url: 'url',
};

/** Characters of types that have no length element. */
const FIXED_LENGTHS: Partial<Record<MetadataFieldType, number>> = {
  AutoNumber: 30,
  Email: 80,
  Phone: 40,
  Url: 255,
  TextArea: 255,
  Picklist: 255,
  MultiselectPicklist: 4099,
  Lookup: 18,
  MasterDetail: 18,
  Hierarchy: 18,
  MetadataRelationship: 18,
};
/** Characters of a formula that returns text. */
const FORMULA_TEXT_LENGTH = 1300;
const SUMMARY_OPERATIONS = ['count', 'sum', 'min', 'max'] as const;

/** What a field's metadata says besides its describe. */
export interface ParsedField {
  readonly field: MutableField;
  /** Further fields of a compound: latitude and longitude. */
  readonly parts: readonly MutableField[];
  readonly child: DeclaredChild | null;
  /** The parent's key is part of the record: MasterDetail. */
  readonly masterDetail: boolean;
}

/** Reads `component` (type CustomField) of a custom field. Throws MetadataError on anything that is not supported. */
export function parseCustomField(
  project: Project,
  component: MetadataComponent,
  objectName: string,
  objectKind: ObjectKind,
): ParsedField {
  const { root } = component;
  const name = root.string('fullName') ?? component.fullName.slice(component.fullName.indexOf('.') + 1);
  if (!/^[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*__c$/.test(name)) {
    throw new MetadataError(
      root.child('fullName')?.position ?? root.position,
      `the name of a custom field is letters, digits and single underscores followed by __c, not “${name}”`,
    );
  }
  const type = root.oneOf('type', FIELD_TYPES);
  if (type === undefined) throw new MetadataError(root.position, `${component.fullName} needs the element type`);
  if (type === 'EncryptedText')
    throw new MetadataError(
      root.position,
      `${component.fullName}: encrypted text fields are not supported; see SUPPORT.md`,
    );
  const label = root.requiredString('label');
  const formula = root.string('formula') ?? null;
  const required = root.boolean('required', false);
  const unique = root.boolean('unique', false);
  const externalId = root.boolean('externalId', false);
  const facts: { -readonly [Key in keyof FieldDescribe]?: FieldDescribe[Key] } = {
    nillable: !required && type !== 'Checkbox',
    unique,
    externalId,
    idLookup: externalId,
    caseSensitive: root.boolean('caseSensitive', false),
    inlineHelpText: root.string('inlineHelpText') ?? null,
    trackHistory: root.boolean('trackHistory', false),
    trackFeedHistory: root.boolean('trackFeedHistory', false),
    htmlFormatted: type === 'Html',
    length: FIXED_LENGTHS[type] ?? 0,
    formula,
    calculated: formula !== null || type === 'Summary',
    formulaTreatBlanksAsZero: root.oneOf('formulaTreatBlanksAs', ['BlankAsZero', 'BlankAsBlank']) === 'BlankAsZero',
    position: root.position,
  };
  const defaultValue = root.string('defaultValue');
  if (defaultValue !== undefined && defaultValue !== '') facts.defaultValueFormula = defaultValue;
  const length = root.number('length');
  if (length !== undefined) facts.length = length;
  else if (formula !== null && type === 'Text') facts.length = FORMULA_TEXT_LENGTH;
  else if ((type === 'Text' || type === 'LongTextArea' || type === 'Html') && formula === null)
    throw new MetadataError(root.position, `${component.fullName} needs the element length`);
  facts.precision = root.number('precision') ?? (isNumeric(type) ? 18 : 0);
  facts.scale = root.number('scale') ?? (formula !== null && isNumeric(type) ? 2 : 0);

  let child: DeclaredChild | null = null;
  if (DESCRIBE_TYPES[type] === 'reference') child = readReference(root, component, type, name, objectName, facts);
  if (type === 'Picklist' || type === 'MultiselectPicklist') readPicklist(project, root, component, facts);
  if (type === 'AutoNumber') {
    facts.autoNumber = true;
    facts.displayFormat = root.string('displayFormat') || '{0}';
    facts.createable = false;
    facts.updateable = false;
    facts.nillable = false;
    facts.defaultedOnCreate = true;
    root.ignore('numbers start where the org’s counter stands', 'startingNumber');
  }
  if (type === 'Summary') readSummary(root, facts);
  const parts = type === 'Location' ? locationParts(name, label, facts) : [];

  root.ignore(
    'describes, does not act',
    'description',
    'businessOwner',
    'businessStatus',
    'securityClassification',
    'complianceGroup',
    'fieldManageability',
    'encryptionScheme',
    'isAIPredictionField',
  );
  root.ignore(
    'shapes the editor only',
    'visibleLines',
    'displayLocationInDecimal',
    'populateExistingRows',
    'trackTrending',
    'isFilteringDisabled',
    'isNameField',
    'isSortingDisabled',
    'mktDataLakeFieldAttributes',
  );
  if (root.boolean('stripMarkup', false))
    throw new MetadataError(root.position, `${component.fullName}: stripMarkup is not supported`);
  root.ignore('only asks for a conversion on deployment', 'stripMarkup', 'translateValues', 'deprecated');
  root.finish();
  if (objectKind === 'customMetadata' && (type === 'MasterDetail' || type === 'Lookup')) {
    throw new MetadataError(
      root.position,
      `${component.fullName}: a custom metadata type can have MetadataRelationship fields but no ${type}`,
    );
  }
  // A relationship to an entity or a field holds its API name, which Apex sees as text.
  const holdsName =
    type === 'MetadataRelationship' && facts.referenceTo?.some((target) => target.endsWith('Definition'));
  return {
    field: createField({
      ...facts,
      name,
      label,
      type: holdsName ? 'string' : DESCRIBE_TYPES[type],
      custom: true,
      ...(holdsName ? { length: 255 } : {}),
    }),
    parts,
    child,
    masterDetail: type === 'MasterDetail',
  };
}

/** Reads metadata of a standard field (`Account.Industry`): only tracking and help texts can be set. */
export function applyStandardField(component: MetadataComponent, field: MutableField): void {
  const { root } = component;
  field.trackHistory = root.boolean('trackHistory', field.trackHistory);
  field.trackFeedHistory = root.boolean('trackFeedHistory', field.trackFeedHistory);
  field.inlineHelpText = root.string('inlineHelpText') ?? field.inlineHelpText;
  field.lookupFilter = readLookupFilter(root);
  root.ignore(
    'fixed by the platform for a standard field',
    'fullName',
    'label',
    'type',
    'length',
    'precision',
    'scale',
    'required',
    'externalId',
    'unique',
    'caseSensitive',
    'description',
    'referenceTo',
    'relationshipName',
    'relationshipLabel',
    'deleteConstraint',
    'valueSet',
    'defaultValue',
    'visibleLines',
    'businessOwner',
    'businessStatus',
    'securityClassification',
    'complianceGroup',
  );
  root.finish();
}

function isNumeric(type: MetadataFieldType): boolean {
  return type === 'Number' || type === 'Currency' || type === 'Percent';
}

type Facts = { -readonly [Key in keyof FieldDescribe]?: FieldDescribe[Key] };

function readReference(
  root: MetadataElement,
  component: MetadataComponent,
  type: MetadataFieldType,
  name: string,
  objectName: string,
  facts: Facts,
): DeclaredChild | null {
  const target = type === 'Hierarchy' ? (root.string('referenceTo') ?? objectName) : root.requiredString('referenceTo');
  facts.referenceTo = [target];
  facts.relationshipName = name.replace(/__c$/, '__r');
  facts.lookupFilter = readLookupFilter(root);
  root.ignore('heading of the related list', 'relationshipLabel');
  if (type === 'MasterDetail') {
    facts.relationshipOrder = root.number('relationshipOrder') ?? 0;
    facts.reparentableMasterDetail = root.boolean('reparentableMasterDetail', false);
    facts.writeRequiresMasterRead = root.boolean('writeRequiresMasterRead', false);
    facts.deleteConstraint = 'Cascade';
    facts.nillable = false;
    if (!facts.reparentableMasterDetail) facts.updateable = false;
    root.ignore('a detail is always deleted with its master', 'deleteConstraint');
  } else {
    facts.deleteConstraint =
      root.oneOf('deleteConstraint', ['SetNull', 'Restrict', 'Cascade'] as const) ??
      (facts.nillable === false ? 'Restrict' : 'SetNull');
    root.ignore(
      'only master-detail relationships',
      'relationshipOrder',
      'reparentableMasterDetail',
      'writeRequiresMasterRead',
    );
  }
  if (type === 'MetadataRelationship') {
    facts.metadataControllingField = root.string('metadataRelationshipControllingField')?.replace(/^.*\./, '') ?? null;
  }
  const relationshipName = root.string('relationshipName');
  return relationshipName === undefined || relationshipName === ''
    ? null
    : { object: objectName, field: name, relationshipName: `${relationshipName}__r`, everyTarget: false };
}

function readPicklist(project: Project, root: MetadataElement, component: MetadataComponent, facts: Facts): void {
  const valueSet = root.child('valueSet');
  if (!valueSet) {
    if (facts.formula !== null) return;
    throw new MetadataError(root.position, `${component.fullName} needs the element valueSet`);
  }
  facts.restrictedPicklist = valueSet.boolean('restricted', false);
  facts.controllerName = valueSet.string('controllingField') ?? null;
  const validFor = readDependencies(valueSet);
  const definition = valueSet.child('valueSetDefinition');
  const name = valueSet.string('valueSetName');
  valueSet.finish();
  if (definition) {
    facts.picklistValues = withDependencies(readValues(definition, 'value', 'label'), facts, validFor);
    return;
  }
  if (name === undefined)
    throw new MetadataError(
      valueSet.position,
      `${component.fullName}: valueSet needs valueSetDefinition or valueSetName`,
    );
  facts.restrictedPicklist = true;
  const global = project.component('GlobalValueSet', name.replace(/__gvs$/, ''));
  if (!global)
    throw new MetadataError(
      valueSet.child('valueSetName')?.position ?? valueSet.position,
      `there is no global value set ${name} in the project`,
    );
  global.root.ignore('describes, does not act', 'masterLabel', 'description');
  facts.picklistValues = withDependencies(readValues(global.root, 'customValue', 'label'), facts, validFor);
}

/** Controlling values by dependent value, from `valueSettings`. */
function readDependencies(valueSet: MetadataElement): ReadonlyMap<string, readonly string[]> {
  return new Map(
    valueSet.children('valueSettings').map((setting) => {
      const name = decodeURIComponent(setting.requiredString('valueName'));
      const controlling = setting.children('controllingFieldValue').map(({ text }) => {
        const value = decodeURIComponent(text);
        return value === 'checked' ? 'true' : value === 'unchecked' ? 'false' : value;
      });
      setting.finish();
      return [name, controlling] as const;
    }),
  );
}

function withDependencies(
  values: readonly PicklistValue[],
  { controllerName }: Facts,
  validFor: ReadonlyMap<string, readonly string[]>,
): readonly PicklistValue[] {
  return controllerName ? values.map((value) => ({ ...value, validFor: validFor.get(value.value) ?? [] })) : values;
}

/** Values below `element`; `sorted` lists them by label. */
export function readValues(
  element: MetadataElement,
  valueElement: string,
  labelElement: string,
): readonly PicklistValue[] {
  const sorted = element.boolean('sorted', false);
  const values = element.children(valueElement).map((value): PicklistValue => {
    const fullName = decodeURIComponent(value.requiredString('fullName'));
    const probability = value.number('probability');
    const forecastCategory = value.string('forecastCategory');
    const read: PicklistValue = {
      value: fullName,
      label: value.string(labelElement) ?? fullName,
      active: value.boolean('isActive', true),
      isDefault: value.boolean('default', false),
      ...(value.child('closed') ? { isClosed: value.boolean('closed', false) } : {}),
      ...(value.child('converted') ? { isConverted: value.boolean('converted', false) } : {}),
      ...(value.child('won') ? { isWon: value.boolean('won', false) } : {}),
      ...(probability === undefined ? {} : { probability }),
      ...(forecastCategory === undefined ? {} : { forecastCategory }),
    };
    value.ignore(
      'describes, does not act',
      'color',
      'description',
      'allowEmail',
      'cssExposed',
      'highPriority',
      'reviewed',
      'reverseRole',
      'groupingString',
      'groupingStringEnum',
    );
    value.finish();
    return read;
  });
  element.ignore('describes, does not act', 'fullName', 'groupingStringEnum');
  element.finish();
  return sorted ? [...values].sort((left, right) => left.label.localeCompare(right.label)) : values;
}

function readSummary(root: MetadataElement, facts: Facts): void {
  const operation = root.oneOf('summaryOperation', SUMMARY_OPERATIONS);
  if (operation === undefined)
    throw new MetadataError(root.position, `${root.requiredString('fullName')} needs the element summaryOperation`);
  const [childObject = '', childReferenceField = ''] = root.requiredString('summaryForeignKey').split('.');
  const summarized = root.string('summarizedField');
  facts.summary = {
    operation,
    childObject,
    childReferenceField,
    summarizedField: summarized === undefined ? null : summarized.slice(summarized.indexOf('.') + 1),
    filters: root.children('summaryFilterItems').map((filter) => {
      const field = filter.requiredString('field');
      const read = {
        field: field.slice(field.indexOf('.') + 1),
        operation: filter.requiredString('operation'),
        value: filter.string('value') ?? '',
      };
      filter.finish();
      return read;
    }),
  };
  facts.precision = 18;
}

function locationParts(name: string, label: string, facts: Facts): MutableField[] {
  facts.createable = false;
  facts.updateable = false;
  const base = name.replace(/__c$/, '');
  return ['Latitude', 'Longitude'].map((axis) =>
    createField({
      name: `${base}__${axis}__s`,
      label: `${label} (${axis})`,
      type: 'double',
      custom: true,
      precision: 18,
      scale: 15,
      compoundFieldName: name,
      position: facts.position ?? null,
    }),
  );
}
