/** CustomObject, ValidationRule and RecordType metadata → object facts. */
import { MetadataError } from '../project/errors.ts';
import type { MetadataComponent, MetadataElement, Project } from '../project/types.ts';
import { createFacts, createField } from './objectDescription.ts';
import type { MutableField, ObjectFacts } from './objectDescription.ts';
import { auditFields, idField, isDeletedField } from './systemFields.ts';
import type { ObjectKind, RecordTypeDescribe, RecordTypeValue, SharingModel, ValidationRule } from './types.ts';

const SHARING_MODELS = [
  'Private',
  'Read',
  'ReadWrite',
  'ReadWriteTransfer',
  'FullAccess',
  'ControlledByParent',
] as const satisfies readonly SharingModel[];
const KIND_BY_SUFFIX: readonly (readonly [string, ObjectKind])[] = [
  ['__mdt', 'customMetadata'],
  ['__e', 'platformEvent'],
  ['__c', 'custom'],
];

/** Elements of CustomObject that change nothing in the local org. */
const WITHOUT_EFFECT = [
  'description',
  'deploymentStatus',
  'actionOverrides',
  'allowInChatterGroups',
  'compactLayoutAssignment',
  'enableBulkApi',
  'enableDataTranslation',
  'enableEnhancedLookup',
  'enableLicensing',
  'enableReports',
  'enableSharing',
  'enableStreamingApi',
  'externalSharingModel',
  'gender',
  'startsWith',
  'articleTypeChannelDisplay',
  'enablePublicRssFeed',
  'enableChangeDataCapture',
  'enableDivisions',
  'searchLayouts',
  'customHelp',
  'customHelpPage',
  'caseType',
  'recordTypeTrackHistory',
  'recordTypeTrackFeedHistory',
  'profileSearchLayouts',
  'isAgentEnabled',
  'publishBehavior',
  'eventType',
  'visibility',
  'protected',
  'pluralLabel',
  'deprecated',
  'historyRetentionPolicy',
] as const;

/** The kind that an object's name and metadata make it; undefined for a standard object's name. */
export function customObjectKind(name: string, root: MetadataElement): ObjectKind | undefined {
  const kind = KIND_BY_SUFFIX.find(([suffix]) => name.endsWith(suffix))?.[1];
  return kind === 'custom' && root.string('customSettingsType') !== undefined ? 'customSetting' : kind;
}

/** Reads a custom object's own file; fields, rules and record types are added later. */
export function parseCustomObject(component: MetadataComponent, kind: ObjectKind): ObjectFacts {
  const { root, fullName: name } = component;
  const label = root.requiredString('label');
  const facts = createFacts({
    name,
    kind,
    label,
    labelPlural: root.string('pluralLabel') ?? label,
    custom: true,
    position: root.position,
  });
  facts.sharingModel = root.oneOf('sharingModel', SHARING_MODELS) ?? 'ReadWrite';
  facts.activitiesAllowed = root.boolean('enableActivities', false);
  facts.feedEnabled = root.boolean('enableFeeds', false);
  facts.searchable = root.boolean('enableSearch', false);
  facts.historyEnabled = root.boolean('enableHistory', false);
  facts.customSettingsType = root.oneOf('customSettingsType', ['Hierarchy', 'List'] as const) ?? null;
  const nameField = kind === 'custom' ? readNameField(root, component) : undefined;
  root.ignore('only custom objects have a name field of their own', 'nameField');
  root.ignore('changes nothing in the local org', ...WITHOUT_EFFECT);
  root.finish();
  facts.fields = KIND_FIELDS[kind as keyof typeof KIND_FIELDS](facts, nameField);
  facts.softDelete = kind === 'custom' || kind === 'customSetting';
  facts.undeletable = kind === 'custom';
  facts.triggerable = kind === 'custom' || kind === 'platformEvent';
  facts.stored = kind !== 'platformEvent';
  if (kind === 'customMetadata') {
    facts.createable = false;
    facts.updateable = false;
    facts.deletable = false;
  }
  if (kind === 'platformEvent') {
    facts.updateable = false;
    facts.deletable = false;
    facts.queryable = false;
  }
  return facts;
}

const KIND_FIELDS = {
  custom: (_facts: ObjectFacts, name: MutableField | undefined) => [
    idField(),
    isDeletedField(),
    ...(name ? [name] : []),
    ...auditFields('full'),
  ],
  customSetting: (facts: ObjectFacts) => [
    idField(),
    isDeletedField(),
    createField({
      name: 'Name',
      label: `${facts.label} Name`,
      type: 'string',
      length: 38,
      nameField: true,
      unique: facts.customSettingsType === 'List',
      nillable: facts.customSettingsType === 'Hierarchy',
      idLookup: true,
    }),
    ...(facts.customSettingsType === 'Hierarchy'
      ? [
          createField({
            name: 'SetupOwnerId',
            unique: true,
            label: 'Location',
            type: 'reference',
            length: 18,
            nillable: false,
            updateable: false,
            defaultedOnCreate: true,
            referenceTo: ['Organization', 'Profile', 'User'],
            relationshipName: 'SetupOwner',
          }),
        ]
      : []),
    ...auditFields('full'),
  ],
  customMetadata: () => [
    idField(),
    createField({
      name: 'DeveloperName',
      label: 'Custom Metadata Record Name',
      type: 'string',
      length: 40,
      nillable: false,
      nameField: true,
    }),
    createField({ name: 'MasterLabel', label: 'Label', type: 'string', length: 40, nillable: false }),
    createField({ name: 'Language', label: 'Master Language', type: 'picklist', length: 40, nillable: false }),
    createField({ name: 'NamespacePrefix', label: 'Namespace Prefix', type: 'string', length: 15 }),
    createField({ name: 'Label', label: 'Label', type: 'string', length: 40, nillable: false }),
    createField({ name: 'QualifiedApiName', label: 'Qualified API Name', type: 'string', length: 70, nillable: false }),
    ...auditFields('stamp'),
  ],
  platformEvent: () => [
    createField({
      name: 'ReplayId',
      label: 'Replay ID',
      type: 'string',
      length: 1000,
      createable: false,
      updateable: false,
    }),
    createField({
      name: 'EventUuid',
      label: 'Event UUID',
      type: 'string',
      length: 36,
      createable: false,
      updateable: false,
    }),
    ...auditFields('created'),
  ],
} as const;

function readNameField(root: MetadataElement, component: MetadataComponent): MutableField {
  const element = root.child('nameField');
  if (!element) throw new MetadataError(root.position, `${component.fullName} needs the element nameField`);
  const label = element.requiredString('label');
  const automatic = element.oneOf('type', ['Text', 'AutoNumber']) === 'AutoNumber';
  const displayFormat = automatic ? element.string('displayFormat') || '{0}' : null;
  const trackHistory = element.boolean('trackHistory', false);
  const trackFeedHistory = element.boolean('trackFeedHistory', false);
  element.ignore('numbers start where the org’s counter stands', 'startingNumber', 'displayFormat');
  element.finish();
  return createField({
    name: 'Name',
    label,
    type: 'string',
    length: 80,
    nillable: true,
    nameField: true,
    idLookup: true,
    trackHistory,
    trackFeedHistory,
    autoNumber: automatic,
    displayFormat,
    createable: !automatic,
    updateable: !automatic,
    defaultedOnCreate: true,
  });
}

/** Merges a standard object's own metadata file (`Account.object-meta.xml`). */
export function applyStandardObject(component: MetadataComponent, facts: ObjectFacts): void {
  const { root } = component;
  facts.sharingModel = root.oneOf('sharingModel', SHARING_MODELS) ?? facts.sharingModel;
  facts.feedEnabled = root.boolean('enableFeeds', facts.feedEnabled);
  facts.historyEnabled = root.boolean('enableHistory', facts.historyEnabled);
  root.ignore(
    'changes nothing in the local org',
    ...WITHOUT_EFFECT,
    'label',
    'enableActivities',
    'enableSearch',
    'nameField',
    'customSettingsType',
  );
  root.finish();
}

/** Reads a ValidationRule component. */
export function parseValidationRule(component: MetadataComponent): ValidationRule {
  const { root } = component;
  const rule: ValidationRule = {
    name: component.fullName.slice(component.fullName.indexOf('.') + 1),
    active: root.boolean('active', false),
    condition: root.requiredString('errorConditionFormula'),
    message: root.requiredString('errorMessage'),
    errorField: root.string('errorDisplayField') ?? null,
    position: root.child('errorConditionFormula')?.position ?? root.position,
  };
  root.ignore('describes, does not act', 'fullName', 'description', 'shouldEvaluateOnClient');
  root.finish();
  return rule;
}

/** Reads a RecordType component; its picklist values bind forms, not the API. */
export function parseRecordType(component: MetadataComponent, project: Project): RecordTypeDescribe {
  const { root } = component;
  const developerName = component.fullName.slice(component.fullName.indexOf('.') + 1);
  const recordType: RecordTypeDescribe = {
    developerName,
    label: root.requiredString('label'),
    description: root.string('description') ?? null,
    active: root.boolean('active', true),
    picklistValues: new Map([
      ...root.children('picklistValues').map(readRecordTypeValues),
      ...readProcess(component, project),
    ]),
    position: root.position,
  };
  root.ignore('the object’s own compact layout holds', 'compactLayoutAssignment');
  root.ignore('stands in the file’s name', 'fullName');
  root.finish();
  return recordType;
}

/** The picklist that an object's business processes are about (Metadata API Developer Guide, "BusinessProcess"). */
const PROCESS_FIELDS: Readonly<Record<string, string>> = {
  Opportunity: 'StageName',
  Lead: 'Status',
  Case: 'Status',
  Solution: 'Status',
};

/** The stages or statuses of the process that a record type follows. */
function readProcess(
  { root, fullName }: MetadataComponent,
  project: Project,
): readonly (readonly [string, readonly RecordTypeValue[]])[] {
  const name = root.string('businessProcess');
  const objectName = fullName.slice(0, fullName.indexOf('.'));
  const field = PROCESS_FIELDS[objectName];
  if (name === undefined || field === undefined) return [];
  const process = project.component('BusinessProcess', `${objectName}.${name}`);
  if (!process)
    throw new MetadataError(
      root.child('businessProcess')?.position ?? root.position,
      `the record type follows the business process ${name}, which the project does not have`,
    );
  return [[field, readValues(process.root)]];
}

function readRecordTypeValues(element: MetadataElement): readonly [string, readonly RecordTypeValue[]] {
  const picklist = element.requiredString('picklist');
  const values = readValues(element);
  element.finish();
  return [picklist, values];
}

function readValues(element: MetadataElement): readonly RecordTypeValue[] {
  return element.children('values').map((entry) => {
    // Letters that a full name can't hold are written as in addresses: %2F.
    const value = { value: decodeValue(entry.requiredString('fullName')), isDefault: entry.boolean('default', false) };
    entry.ignore('of processes of other kinds', 'allowEmail', 'closed', 'color', 'converted', 'cssExposed');
    entry.ignore('stands at the value itself', 'description', 'label', 'isActive');
    entry.finish();
    return value;
  });
}

function decodeValue(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
