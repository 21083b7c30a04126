/** Facts about objects, picklists and layouts in the UI API's JSON. */
import { controllingValues, validIndexes } from '../../schema/controllingValues.ts';
import type { FieldDescribe, FieldType, ObjectDescribe, RecordTypeDescribe } from '../../schema/types.ts';
import { badRequest } from './errors.ts';
import { partsOf, titleField } from './recordRepresentation.ts';
import { defaultRecordTypeId, masterRecordTypeId, recordTypeInfos, recordTypeOf } from './recordTypes.ts';
import type { UiSession } from './session.ts';

const dataTypes: Readonly<Record<FieldType, string>> = {
  id: 'Reference',
  reference: 'Reference',
  boolean: 'Boolean',
  string: 'String',
  textarea: 'TextArea',
  email: 'Email',
  phone: 'Phone',
  url: 'Url',
  picklist: 'Picklist',
  multipicklist: 'MultiPicklist',
  combobox: 'ComboBox',
  encryptedstring: 'EncryptedString',
  int: 'Int',
  long: 'Long',
  double: 'Double',
  currency: 'Currency',
  percent: 'Percent',
  date: 'Date',
  datetime: 'DateTime',
  time: 'Time',
  address: 'Address',
  location: 'Location',
  base64: 'Base64',
  anyType: 'AnyType',
};

export function objectInfo(session: UiSession, object: ObjectDescribe) {
  const access = session.access.object(object);
  const { metadata, org } = session.context;
  const readable = object.fields.filter((field) => session.access.field(object, field).readable);
  const title = titleField(object);
  return {
    apiName: object.name,
    associateEntityType: null,
    associateParentEntity: null,
    childRelationships: object.childRelationships.flatMap(({ relationshipName, childObject, field }) =>
      relationshipName === null
        ? []
        : [
            {
              childObjectApiName: childObject,
              fieldName: field,
              junctionIdListNames: [],
              junctionReferenceTo: [],
              relationshipName,
            },
          ],
    ),
    compactLayoutable: true,
    createable: access.createable,
    custom: object.custom,
    defaultRecordTypeId: defaultRecordTypeId(session, object),
    deletable: access.deletable,
    dependentFields: dependentFields(object),
    feedEnabled: false,
    fields: Object.fromEntries(readable.map((field) => [field.name, fieldInfo(session, object, field)])),
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: true,
    mruEnabled: true,
    nameFields: title ? [title.name, ...partsOf(object, title).map(({ name }) => name)] : [],
    queryable: access.queryable,
    recordTypeInfos: recordTypeInfos(session, object),
    searchLayoutable: true,
    searchable: object.searchable,
    themeInfo: themeInfo(metadata.icon(object)),
    updateable: access.updateable,
    eTag: `${org.organizationId}-${object.name}`,
  };
}

/** Dependent picklists below the fields that control them, at every level. */
function dependentFields(object: ObjectDescribe): Readonly<Record<string, unknown>> {
  const below = (controller: string): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      object.fields
        .filter(({ controllerName }) => controllerName === controller)
        .map(({ name }) => [name, below(name)]),
    );
  const isTop = (name: string): boolean => object.field(name)?.controllerName === null;
  const controllers = object.fields.flatMap(({ controllerName }) => controllerName ?? []).filter(isTop);
  return Object.fromEntries([...new Set(controllers)].map((name) => [name, below(name)]));
}

function themeInfo(icon: string) {
  return { color: null, iconName: icon, iconUrl: null };
}

/** A person must fill it: the platform fills standard fields with defaults by itself, a custom default only starts the form. */
const isRequired = (field: FieldDescribe): boolean =>
  !field.nillable && field.type !== 'boolean' && (field.custom || !field.defaultedOnCreate);

function fieldInfo(session: UiSession, object: ObjectDescribe, field: FieldDescribe) {
  const access = session.access.field(object, field);
  return {
    apiName: field.name,
    calculated: field.calculated,
    compound:
      field.type === 'address' || field.type === 'location' || (field.nameField && partsOf(object, field).length > 0),
    compoundComponentName: null,
    compoundFieldName: field.compoundFieldName,
    controllerName: field.controllerName,
    controllingFields: field.controllerName === null ? [] : [field.controllerName],
    createable: access.createable,
    custom: field.custom,
    dataType: dataTypes[field.type],
    externalId: field.externalId,
    extraTypeInfo: field.htmlFormatted ? 'RichTextArea' : field.type === 'textarea' ? 'PlainTextArea' : null,
    filterable: field.filterable,
    filteredLookupInfo: filteredLookup(field),
    highScaleNumber: false,
    htmlFormatted: field.htmlFormatted,
    inlineHelpText: field.inlineHelpText,
    label: field.label,
    length: field.length,
    nameField: field.nameField,
    polymorphicForeignKey: field.referenceTo.length > 1,
    precision: field.precision,
    reference: field.type === 'reference',
    referenceTargetField: null,
    referenceToInfos: field.referenceTo.map((apiName) => ({
      apiName,
      nameFields: [session.context.org.schema.object(apiName)?.nameField?.name ?? 'Name'],
    })),
    relationshipName: field.relationshipName,
    required: isRequired(field) && access.createable,
    restrictedPicklist: field.restrictedPicklist,
    scale: field.scale,
    searchPrefilterable: false,
    sortable: field.sortable,
    unique: field.unique,
    updateable: access.updateable,
  };
}

/** What the search of a lookup depends on; null when it has no filter. */
function filteredLookup({ lookupFilter }: FieldDescribe) {
  if (lookupFilter === null) return null;
  const paths = lookupFilter.items.flatMap(({ field, valueField }) => [field, valueField ?? '']);
  const controllingFields = [
    ...new Set(paths.flatMap((path) => (path.startsWith('$Source.') ? [path.split('.')[1] ?? ''] : []))),
  ];
  return { controllingFields, dependent: controllingFields.length > 0, optionalFilter: lookupFilter.optional };
}

/** Values of a picklist, for a record type those that it offers. */
export function picklistValues(object: ObjectDescribe, field: FieldDescribe, recordType: RecordTypeDescribe | null) {
  const controlling = controllingValues(object, field) ?? [];
  const offered = recordType?.picklistValues.get(field.name);
  const values = field.picklistValues
    .filter(({ active, value }) => active && (!offered || offered.some((own) => own.value === value)))
    .map((value) => ({
      attributes:
        value.isClosed === undefined
          ? null
          : {
              picklistAtrributesValueType: 'OpportunityStage',
              closed: value.isClosed,
              won: value.isWon ?? false,
              defaultProbability: value.probability ?? null,
              forecastCategoryName: value.forecastCategory ?? null,
            },
      label: value.label,
      validFor: validIndexes(value, controlling),
      value: value.value,
    }));
  const standard = (offered ?? field.picklistValues).find(({ isDefault }) => isDefault);
  return {
    controllerValues: Object.fromEntries(controlling.map((value, index) => [value, index])),
    defaultValue: standard ? (values.find(({ value }) => value === standard.value) ?? null) : null,
    url: null,
    values,
  };
}

export const picklistFields = (object: ObjectDescribe): readonly FieldDescribe[] =>
  object.fields.filter(({ type }) => type === 'picklist' || type === 'multipicklist' || type === 'combobox');

/**
 * Layout representation; hidden fields are left out, and read-only ones are marked as such.
 * @param recordTypeId whose layout the user's profile has; missing: the master one's
 */
export function layoutRepresentation(
  session: UiSession,
  object: ObjectDescribe,
  layoutType: string,
  mode: string,
  recordTypeId?: string,
) {
  const { metadata } = session.context;
  const recordType = recordTypeOf(session, object, recordTypeId);
  const layout = metadata.layout(object, session.user.profileName, recordType);
  if (layoutType !== 'Full' && layoutType !== 'Compact')
    throw badRequest(`The layout type ${layoutType} does not exist; use Full or Compact.`);
  const item = (name: string | null, behavior: string) => {
    const field = name === null ? undefined : object.field(name);
    if (!field) return name === null ? emptyItem : undefined;
    const access = session.access.field(object, field);
    if (!access.readable) return undefined;
    // A compound field is written when its parts are.
    const parts = partsOf(object, field).map((part) => session.access.field(object, part));
    const writable = behavior !== 'Readonly';
    const createable = writable && (access.createable || parts.some((part) => part.createable));
    const updateable = writable && (access.updateable || parts.some((part) => part.updateable));
    const required = behavior === 'Required' || (isRequired(field) && createable);
    return {
      editableForNew: createable,
      editableForUpdate: updateable,
      label: field.label,
      layoutComponents: [{ apiName: field.name, componentType: 'Field', label: field.label }],
      lookupIdApiName: field.type === 'reference' ? field.name : null,
      required: required && (createable || updateable),
      sortable: field.sortable,
    };
  };
  const sections = (
    layoutType === 'Full'
      ? layout.sections.map((section) => ({
          ...section,
          cells: section.columns.map((column) =>
            column.map(({ field, behavior }) => item(field, behavior)).filter((cell) => cell !== undefined),
          ),
        }))
      : [
          {
            heading: object.label,
            useHeading: false,
            editHeading: false,
            leftToRight: false,
            cells: [
              metadata
                .compactFields(object)
                .map((name) => item(name, 'Readonly'))
                .filter((cell) => cell !== undefined),
            ],
          },
        ]
  ).filter(({ cells }) => cells.some((column) => column.length > 0));
  return {
    id: layout.fullName,
    layoutType,
    mode,
    objectApiName: object.name,
    recordTypeId: recordTypeId ?? masterRecordTypeId,
    saveOptions: [],
    eTag: layout.fullName,
    excludedButtons: layout.excludedButtons,
    sections: sections.map((section, index) => ({
      id: `${layout.fullName}-${index}`,
      collapsible: true,
      columns: section.cells.length,
      heading: section.heading,
      useHeading: mode === 'View' ? section.useHeading : section.editHeading,
      rows: Math.max(...section.cells.map(({ length }) => length)),
      tabOrder: section.leftToRight ? 'LeftRight' : 'TopDown',
      layoutRows: Array.from({ length: Math.max(...section.cells.map(({ length }) => length)) }, (_row, row) => ({
        layoutItems: section.cells.map((column) => column[row] ?? emptyItem),
      })),
    })),
  };
}

const emptyItem = {
  editableForNew: false,
  editableForUpdate: false,
  label: '',
  layoutComponents: [{ apiName: null, componentType: 'EmptySpace', label: null }],
  lookupIdApiName: null,
  required: false,
  sortable: false,
};
