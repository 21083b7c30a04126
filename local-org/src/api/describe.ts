/** Describe calls: objects and fields as the acting user may use them, in the REST API's shape. */
import type { Org } from '../runtime/types.ts';
import { controllingValues, validIndexes } from '../schema/controllingValues.ts';
import type { FieldDescribe, ObjectDescribe, PicklistValue } from '../schema/types.ts';
import { DATA_PATH } from './context.ts';
import { notFound } from './errors.ts';

/** SOAP type by field type, where it is not a string. */
const SOAP_TYPES: Readonly<Record<string, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  long: 'xsd:long',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  time: 'xsd:time',
  base64: 'xsd:base64Binary',
  address: 'urn:address',
  location: 'urn:location',
  anyType: 'xsd:anyType',
};

/** The list of objects that the user may read. */
export function describeGlobalJson(org: Org, userId: string): Record<string, unknown> {
  const sobjects = org.schema.objects
    .filter((describe) => describe.kind !== 'aggregate' && org.security.user(userId).object(describe).read)
    .map((describe) => objectJson(org, userId, describe));
  return { encoding: 'UTF-8', maxBatchSize: 200, sobjects };
}

/**
 * One object with the fields that the user may see.
 *
 * @throws ApiError NOT_FOUND when the user may not read the object
 */
export function describeJson(
  org: Org,
  userId: string,
  describe: ObjectDescribe,
): Record<string, unknown> & { fields: unknown[] } {
  const access = org.security.describeAccess(userId, describe);
  if (!access.read) {
    throw notFound();
  }
  return {
    ...objectJson(org, userId, describe),
    childRelationships: describe.childRelationships.map((relationship) => ({
      cascadeDelete: relationship.cascadeDelete,
      childSObject: relationship.childObject,
      deprecatedAndHidden: false,
      field: relationship.field,
      junctionIdListNames: [],
      junctionReferenceTo: [],
      relationshipName: relationship.relationshipName,
      restrictedDelete: relationship.restrictedDelete,
    })),
    fields: describe.fields
      .filter((field) => access.fields.get(field.name)?.read)
      .map((field) => fieldJson(describe, field, access.fields.get(field.name)?.edit === true)),
    recordTypeInfos: [],
    supportedScopes: [
      { label: 'All', name: 'everything' },
      { label: 'My', name: 'mine' },
    ],
  };
}

function objectJson(org: Org, userId: string, describe: ObjectDescribe): Record<string, unknown> {
  const access = org.security.user(userId).object(describe);
  const path = `${DATA_PATH}/sobjects/${describe.name}`;
  return {
    activateable: false,
    createable: describe.createable && access.create,
    custom: describe.custom,
    customSetting: describe.kind === 'customSetting',
    deletable: describe.deletable && access.delete,
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    isSubtype: false,
    keyPrefix: describe.keyPrefix,
    label: describe.label,
    labelPlural: describe.labelPlural,
    layoutable: describe.kind === 'standard' || describe.kind === 'custom',
    mergeable: describe.mergeable && access.delete,
    mruEnabled: false,
    name: describe.name,
    queryable: describe.queryable,
    replicateable: describe.queryable,
    retrieveable: describe.queryable,
    searchable: describe.searchable,
    triggerable: describe.triggerable,
    undeletable: describe.undeletable && access.delete,
    updateable: describe.updateable && access.edit,
    urls: { describe: `${path}/describe`, rowTemplate: `${path}/{ID}`, sobject: path },
  };
}

function fieldJson(object: ObjectDescribe, field: FieldDescribe, editable: boolean): Record<string, unknown> {
  return {
    aggregatable: field.aggregatable,
    autoNumber: field.autoNumber,
    byteLength: field.length * 3,
    calculated: field.calculated,
    calculatedFormula: field.formula,
    cascadeDelete: field.deleteConstraint === 'Cascade',
    caseSensitive: field.caseSensitive,
    compoundFieldName: field.compoundFieldName,
    controllerName: field.controllerName,
    createable: field.createable && editable,
    custom: field.custom,
    defaultValue: field.type === 'boolean' ? field.defaultValueFormula?.toLowerCase() === 'true' : null,
    defaultValueFormula: field.defaultValueFormula,
    defaultedOnCreate: field.defaultedOnCreate,
    dependentPicklist: field.controllerName !== null,
    deprecatedAndHidden: false,
    digits: field.type === 'int' ? field.precision : 0,
    displayLocationInDecimal: false,
    encrypted: field.type === 'encryptedstring',
    externalId: field.externalId,
    extraTypeInfo: field.htmlFormatted ? 'richtextarea' : field.type === 'textarea' ? 'plaintextarea' : null,
    filterable: field.filterable,
    groupable: field.groupable,
    highScaleNumber: false,
    htmlFormatted: field.htmlFormatted,
    idLookup: field.idLookup,
    inlineHelpText: field.inlineHelpText,
    label: field.label,
    length: field.length,
    name: field.name,
    nameField: field.nameField,
    namePointing: field.namePointing,
    nillable: field.nillable,
    permissionable: field.custom,
    picklistValues: field.picklistValues
      .filter(({ active }) => active)
      .map((value) => picklistJson(value, controllingValues(object, field))),
    polymorphicForeignKey: field.referenceTo.length > 1,
    precision: field.precision,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
    relationshipOrder: field.relationshipOrder,
    restrictedDelete: field.deleteConstraint === 'Restrict',
    restrictedPicklist: field.restrictedPicklist,
    scale: field.scale,
    searchPrefilterable: false,
    soapType: SOAP_TYPES[field.type] ?? 'xsd:string',
    sortable: field.sortable,
    type: field.type,
    unique: field.unique,
    updateable: field.updateable && editable,
    writeRequiresMasterRead: field.writeRequiresMasterRead,
  };
}

function picklistJson(value: PicklistValue, controlling: readonly string[] | null): Record<string, unknown> {
  return {
    active: value.active,
    defaultValue: value.isDefault,
    label: value.label,
    validFor: controlling && bitmap(validIndexes(value, controlling), controlling.length),
    value: value.value,
  };
}

/** One bit for each controlling value, the first one leftmost, in base 64 (SOAP API Developer Guide, "PicklistEntry"). */
function bitmap(indexes: readonly number[], length: number): string {
  const bytes = new Uint8Array(Math.ceil(length / 8));
  for (const index of indexes) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (0x80 >> (index % 8));
  return Buffer.from(bytes).toString('base64');
}
