/** Schema.*: describe calls. Access methods answer for the acting user. */
import { randomUUID } from 'node:crypto';
import { SObjectRecord } from '../../schema/record.ts';
import type { ChildRelationship, FieldDescribe, FieldType, ObjectDescribe } from '../../schema/types.ts';
import { libraryEnum, type ApexEnum } from '../execution/ApexEnum.ts';
import { ApexList } from '../execution/ApexList.ts';
import { ApexMap } from '../execution/ApexMap.ts';
import {
  DescribeField,
  DescribeObject,
  PicklistEntry,
  SObjectFieldToken,
  SObjectTypeToken,
} from '../execution/describe.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { hashCodeOf } from '../execution/keys.ts';
import { accessDecisions } from './access.ts';
import { defaultValueOf } from './defaults.ts';
import type { LibraryClass } from './define.ts';
import { foldedMap } from './foldedMap.ts';

const DISPLAY_TYPES = [
  'ADDRESS',
  'ANYTYPE',
  'BASE64',
  'BOOLEAN',
  'COMBOBOX',
  'CURRENCY',
  'DATE',
  'DATETIME',
  'DOUBLE',
  'EMAIL',
  'ENCRYPTEDSTRING',
  'ID',
  'INTEGER',
  'LOCATION',
  'LONG',
  'MULTIPICKLIST',
  'PERCENT',
  'PHONE',
  'PICKLIST',
  'REFERENCE',
  'STRING',
  'TEXTAREA',
  'TIME',
  'URL',
  'SOBJECT',
  'JSON',
  'DATACATEGORYGROUPREFERENCE',
  'COMPLEXVALUE',
];
const SOAP_TYPES = [
  'ANYTYPE',
  'BASE64BINARY',
  'BOOLEAN',
  'DATE',
  'DATETIME',
  'DOUBLE',
  'ID',
  'INTEGER',
  'STRING',
  'TIME',
  'ADDRESS',
  'LOCATION',
  'LONG',
];
const SOAP: Readonly<Partial<Record<FieldType, string>>> = {
  id: 'ID',
  reference: 'ID',
  boolean: 'BOOLEAN',
  int: 'INTEGER',
  long: 'LONG',
  double: 'DOUBLE',
  currency: 'DOUBLE',
  percent: 'DOUBLE',
  date: 'DATE',
  datetime: 'DATETIME',
  time: 'TIME',
  base64: 'BASE64BINARY',
  address: 'ADDRESS',
  location: 'LOCATION',
  anyType: 'ANYTYPE',
};
const displayType = (type: FieldType): ApexEnum =>
  libraryEnum('Schema.DisplayType', DISPLAY_TYPES)[`v_${type === 'int' ? 'INTEGER' : type.toUpperCase()}`] as ApexEnum;

function list(element: string, items: readonly unknown[]): ApexList {
  return new ApexList(execution().program.table.parse(`List<${element}>`), [...items]);
}
function fieldMap(describe: ObjectDescribe): ApexMap {
  const { table } = execution().program;
  return new ApexMap(
    table.parse('Map<String,Schema.SObjectField>'),
    describe.fields.map((field) => [field.name.toLowerCase(), SObjectFieldToken.of(describe, field.name)] as const),
  );
}

class RecordTypeInfo {
  readonly id: string | null;
  readonly name: string;
  readonly developerName: string;
  readonly isAvailable: boolean;
  readonly isDefault: boolean;
  readonly isActive: boolean;
  readonly isMaster: boolean;
  constructor(facts: {
    id: string | null;
    name: string;
    developerName: string;
    isAvailable: boolean;
    isDefault: boolean;
    isActive: boolean;
    isMaster: boolean;
  }) {
    this.id = facts.id;
    this.name = facts.name;
    this.developerName = facts.developerName;
    this.isAvailable = facts.isAvailable;
    this.isDefault = facts.isDefault;
    this.isActive = facts.isActive;
    this.isMaster = facts.isMaster;
  }
}

class SObjectTypeFields {
  readonly describe: ObjectDescribe;
  constructor(describe: ObjectDescribe) {
    this.describe = describe;
  }
}
class ChildRelationshipResult {
  readonly relationship: ChildRelationship;
  constructor(relationship: ChildRelationship) {
    this.relationship = relationship;
  }
  private static readonly made = new WeakMap<ChildRelationship, ChildRelationshipResult>();
  /** The same object every time: describe results serve as keys of maps. */
  static of(relationship: ChildRelationship): ChildRelationshipResult {
    let result = this.made.get(relationship);
    if (!result) this.made.set(relationship, (result = new ChildRelationshipResult(relationship)));
    return result;
  }
}

/** A field set of the project's metadata. */
class FieldSet {
  readonly describe: ObjectDescribe;
  readonly name: string;
  readonly label: string;
  readonly members: readonly { readonly path: string; readonly required: boolean }[];
  constructor(describe: ObjectDescribe, name: string, label: string, members: FieldSet['members']) {
    this.describe = describe;
    this.name = name;
    this.label = label;
    this.members = members;
  }
}
class FieldSetMember {
  readonly field: SObjectFieldToken;
  readonly path: string;
  readonly required: boolean;
  constructor(field: SObjectFieldToken, path: string, required: boolean) {
    this.field = field;
    this.path = path;
    this.required = required;
  }
}

function fieldSets(describe: ObjectDescribe): FieldSet[] {
  const prefix = `${describe.name}.`.toLowerCase();
  return execution()
    .transaction.org.project.ofType('FieldSet')
    .filter((component) => component.fullName.toLowerCase().startsWith(prefix))
    .map(
      ({ root, fullName }) =>
        new FieldSet(
          describe,
          fullName.slice(prefix.length),
          root.string('label') ?? '',
          root.children('displayedFields').map((element) => ({
            path: element.requiredString('field'),
            required: element.boolean('isRequired', false),
          })),
        ),
    );
}

function membersOf(set: FieldSet): FieldSetMember[] {
  const { schema } = execution().program.table;
  return set.members.map(({ path, required }) => {
    const names = path.split('.');
    let describe: ObjectDescribe | undefined = set.describe;
    for (const name of names.slice(0, -1))
      describe = schema.object(describe?.fieldByRelationship(name)?.referenceTo[0] ?? '');
    return new FieldSetMember(
      SObjectFieldToken.of(describe ?? nullPointer(), names[names.length - 1] as string),
      path,
      required,
    );
  });
}

/** A field set by name; throws when the project has none of that name. */
export function fieldSetNamed(objectName: string, name: string): FieldSet {
  const describe = execution().program.table.schema.object(objectName) ?? nullPointer();
  return fieldSets(describe).find((set) => set.name.toLowerCase() === name.toLowerCase()) ?? nullPointer();
}

class FieldSetsOfObject {
  readonly describe: ObjectDescribe;
  constructor(describe: ObjectDescribe) {
    this.describe = describe;
  }
}

/** Record types of an object: the rows of RecordType and the master record type, which every object has. */
function recordTypes(describe: ObjectDescribe): RecordTypeInfo[] {
  const infos: RecordTypeInfo[] = [];
  const { transaction, program } = execution();
  const { available, standard } = transaction.org.security.user(transaction.userId).recordTypes(describe);
  if (program.table.schema.object('RecordType')) {
    const { records } = transaction.query(
      'SELECT Id, Name, DeveloperName, IsActive FROM RecordType WHERE SobjectType = :name ORDER BY Name',
      {
        accessMode: 'system',
        sharing: 'without',
        binds: new Map([['name', describe.name]]),
      },
    );
    for (const record of records) {
      infos.push(
        new RecordTypeInfo({
          id: record.id,
          name: String(record.values.get('Name')),
          developerName: String(record.values.get('DeveloperName')),
          isActive: record.values.get('IsActive') !== false,
          isAvailable: available.some(({ developerName }) => developerName === record.values.get('DeveloperName')),
          isDefault: standard !== null && standard.developerName === record.values.get('DeveloperName'),
          isMaster: false,
        }),
      );
    }
  }
  infos.push(
    new RecordTypeInfo({
      id: '012000000000000AAA',
      name: 'Master',
      developerName: 'Master',
      isAvailable: true,
      isDefault: standard === null,
      isActive: true,
      isMaster: true,
    }),
  );
  return infos;
}

const objectMethods: NonNullable<LibraryClass['methods']> = {
  'List<Schema.ChildRelationship> getChildRelationships()': (self: DescribeObject) =>
    list(
      'Schema.ChildRelationship',
      self.describe.childRelationships.map((child) => ChildRelationshipResult.of(child)),
    ),
  'String getKeyPrefix()': (self: DescribeObject) => self.describe.keyPrefix || null,
  'String getLabel()': (self: DescribeObject) => self.describe.label,
  'String getLabelPlural()': (self: DescribeObject) => self.describe.labelPlural,
  'String getLocalName()': (self: DescribeObject) => self.describe.name,
  'String getName()': (self: DescribeObject) => self.describe.name,
  'List<Schema.RecordTypeInfo> getRecordTypeInfos()': (self: DescribeObject) =>
    list('Schema.RecordTypeInfo', recordTypes(self.describe)),
  'Map<String,Schema.RecordTypeInfo> getRecordTypeInfosByDeveloperName()': (self: DescribeObject) =>
    new ApexMap(
      execution().program.table.parse('Map<String,Schema.RecordTypeInfo>'),
      recordTypes(self.describe).map((info) => [info.developerName, info] as const),
    ),
  'Map<Id,Schema.RecordTypeInfo> getRecordTypeInfosById()': (self: DescribeObject) =>
    new ApexMap(
      execution().program.table.parse('Map<Id,Schema.RecordTypeInfo>'),
      recordTypes(self.describe).map((info) => [info.id, info] as const),
    ),
  'Map<String,Schema.RecordTypeInfo> getRecordTypeInfosByName()': (self: DescribeObject) =>
    new ApexMap(
      execution().program.table.parse('Map<String,Schema.RecordTypeInfo>'),
      recordTypes(self.describe).map((info) => [info.name, info] as const),
    ),
  'Schema.SObjectType getSObjectType()': (self: DescribeObject) => SObjectTypeToken.of(self.describe),
  'Boolean isAccessible()': (self: DescribeObject) => accessDecisions().object(self.describe, 'read'),
  'Boolean isCreateable()': (self: DescribeObject) =>
    self.describe.createable && accessDecisions().object(self.describe, 'create'),
  'Boolean isUpdateable()': (self: DescribeObject) =>
    self.describe.updateable && accessDecisions().object(self.describe, 'edit'),
  'Boolean isDeletable()': (self: DescribeObject) =>
    self.describe.deletable && accessDecisions().object(self.describe, 'delete'),
  'Boolean isUndeletable()': (self: DescribeObject) =>
    self.describe.undeletable && accessDecisions().object(self.describe, 'delete'),
  'Boolean isQueryable()': (self: DescribeObject) =>
    self.describe.queryable && accessDecisions().object(self.describe, 'read'),
  'Boolean isSearchable()': (self: DescribeObject) => self.describe.searchable,
  'Boolean isMergeable()': (self: DescribeObject) => self.describe.mergeable,
  'Boolean isCustom()': (self: DescribeObject) => self.describe.custom,
  'Boolean isCustomSetting()': (self: DescribeObject) => self.describe.kind === 'customSetting',
  'Boolean isFeedEnabled()': () => false,
};

const plainField =
  <K extends keyof FieldDescribe>(key: K) =>
  (self: DescribeField): unknown =>
    self.token.field[key];

/** Options only say when child relationships are loaded (Apex Reference, Schema.SObjectDescribeOptions). */
function describeSObjects(names: ApexList): ApexList {
  const { schema } = execution().program.table;
  return list(
    'Schema.DescribeSObjectResult',
    names.items.map((name) => DescribeObject.of(schema.object(String(name)) ?? unknownObject(String(name)))),
  );
}

function unknownObject(name: string): never {
  throw makeException('InvalidParameterValueException', `sobject type '${name}' is not supported.`);
}

export const schemaClasses: readonly LibraryClass[] = [
  { name: 'Schema.DisplayType', kind: 'enum', values: DISPLAY_TYPES },
  { name: 'Schema.SoapType', kind: 'enum', values: SOAP_TYPES },
  { name: 'Schema.SObjectDescribeOptions', kind: 'enum', values: ['DEFAULT', 'DEFERRED', 'FULL'] },
  {
    name: 'Schema.SObjectType',
    instance: SObjectTypeToken,
    properties: {
      'Schema.SObjectTypeFields fields': { get: (self: SObjectTypeToken) => new SObjectTypeFields(self.describe) },
    },
    methods: {
      'Schema.DescribeSObjectResult getDescribe()': (self: SObjectTypeToken) => DescribeObject.of(self.describe),
      'Schema.DescribeSObjectResult getDescribe(Object options)': (self: SObjectTypeToken) =>
        DescribeObject.of(self.describe),
      'SObject newSObject()': (self: SObjectTypeToken) => new SObjectRecord(self.describe),
      'SObject newSObject(Id recordId)': (self: SObjectTypeToken, id: string | null) => {
        const record = new SObjectRecord(self.describe);
        record.values.set('Id', id);
        return record;
      },
      'SObject newSObject(Id recordTypeId, Boolean loadDefaults)': (
        self: SObjectTypeToken,
        recordTypeId: string | null,
        loadsDefaults: boolean,
      ) => {
        const record = new SObjectRecord(self.describe);
        if (recordTypeId !== null) record.values.set('RecordTypeId', recordTypeId);
        for (const field of loadsDefaults ? self.describe.fields : []) {
          const value = defaultValueOf(self.describe, field);
          if (value !== null) record.values.set(field.name, value);
        }
        // Publish callbacks know events again by this identifier.
        if (loadsDefaults && self.describe.kind === 'platformEvent') record.values.set('EventUuid', randomUUID());
        return record;
      },
      'String toString()': (self: SObjectTypeToken) => self.describe.name,
      'Boolean equals(Object other)': (self: SObjectTypeToken, other: unknown) => self === other,
      'Integer hashCode()': (self: SObjectTypeToken) => hashCodeOf(self.describe.name),
    },
  },
  {
    name: 'Schema.SObjectField',
    instance: SObjectFieldToken,
    methods: {
      'Schema.DescribeFieldResult getDescribe()': (self: SObjectFieldToken) => DescribeField.of(self),
      'Schema.DescribeFieldResult getDescribe(Object options)': (self: SObjectFieldToken) => DescribeField.of(self),
      'String toString()': (self: SObjectFieldToken) => self.field.name,
      'Boolean equals(Object other)': (self: SObjectFieldToken, other: unknown) => self === other,
      'Integer hashCode()': (self: SObjectFieldToken) => hashCodeOf(`${self.object.name}.${self.field.name}`),
    },
  },
  {
    name: 'Schema.SObjectTypeFields',
    instance: SObjectTypeFields,
    methods: {
      'Map<String,Schema.SObjectField> getMap()': (self: SObjectTypeFields) =>
        foldedMap('Map<String,Schema.SObjectField>', fieldMap(self.describe).entries()),
    },
  },
  {
    name: 'Schema.DescribeSObjectResult',
    instance: DescribeObject,
    methods: objectMethods,
    properties: {
      'Schema.SObjectTypeFieldSets fieldSets': { get: (self: DescribeObject) => new FieldSetsOfObject(self.describe) },
      'Schema.SObjectTypeFields fields': { get: (self: DescribeObject) => new SObjectTypeFields(self.describe) },
    },
  },
  {
    name: 'Schema.SObjectTypeFieldSets',
    instance: FieldSetsOfObject,
    methods: {
      'Map<String,Schema.FieldSet> getMap()': (self: FieldSetsOfObject) =>
        foldedMap(
          'Map<String,Schema.FieldSet>',
          fieldSets(self.describe).map((set) => [set.name.toLowerCase(), set] as const),
        ),
    },
  },
  {
    name: 'Schema.FieldSet',
    instance: FieldSet,
    methods: {
      'String getDescription()': () => null,
      'List<Schema.FieldSetMember> getFields()': (self: FieldSet) => list('Schema.FieldSetMember', membersOf(self)),
      'String getLabel()': (self: FieldSet) => self.label,
      'String getName()': (self: FieldSet) => self.name,
      'String getNamespace()': () => null,
      'Schema.SObjectType getSObjectType()': (self: FieldSet) => SObjectTypeToken.of(self.describe),
    },
  },
  {
    name: 'Schema.FieldSetMember',
    instance: FieldSetMember,
    methods: {
      'Boolean getDbRequired()': (self: FieldSetMember) => !self.field.field.nillable,
      'String getFieldPath()': (self: FieldSetMember) => self.path,
      'String getLabel()': (self: FieldSetMember) => self.field.field.label,
      'Boolean getRequired()': (self: FieldSetMember) => self.required,
      'Schema.SObjectField getSObjectField()': (self: FieldSetMember) => self.field,
      'Schema.DisplayType getType()': (self: FieldSetMember) => displayType(self.field.field.type),
    },
  },
  {
    name: 'Schema.DescribeFieldResult',
    instance: DescribeField,
    methods: {
      'Integer getByteLength()': (self: DescribeField) => self.token.field.length * 3,
      'String getCompoundFieldName()': plainField('compoundFieldName'),
      'Integer getDigits()': (self: DescribeField) =>
        self.token.field.type === 'int' ? self.token.field.precision : 0,
      'String getDefaultValueFormula()': plainField('defaultValueFormula'),
      'Object getDefaultValue()': (self: DescribeField) =>
        self.token.field.type === 'boolean' ? self.token.field.defaultValueFormula === 'true' : null,
      'String getCalculatedFormula()': plainField('formula'),
      'String getInlineHelpText()': plainField('inlineHelpText'),
      'String getLabel()': plainField('label'),
      'Integer getLength()': plainField('length'),
      'String getLocalName()': plainField('name'),
      'String getName()': plainField('name'),
      'Schema.SObjectField getController()': (self: DescribeField) => {
        const { object, field } = self.token;
        return field.controllerName === null ? null : SObjectFieldToken.of(object, field.controllerName);
      },
      'Boolean isDependentPicklist()': (self: DescribeField) => self.token.field.controllerName !== null,
      'List<Schema.PicklistEntry> getPicklistValues()': (self: DescribeField) =>
        list(
          'Schema.PicklistEntry',
          self.token.field.picklistValues.map((value) => new PicklistEntry(value)),
        ),
      'Integer getPrecision()': plainField('precision'),
      'List<Schema.SObjectType> getReferenceTo()': (self: DescribeField) => {
        const { schema } = execution().program.table;
        const targets = self.token.field.referenceTo
          .map((name) => schema.object(name))
          .filter((describe) => describe !== undefined);
        return list(
          'Schema.SObjectType',
          targets.map((describe) => SObjectTypeToken.of(describe)),
        );
      },
      'String getRelationshipName()': plainField('relationshipName'),
      'Integer getRelationshipOrder()': plainField('relationshipOrder'),
      'Integer getScale()': plainField('scale'),
      'Schema.SoapType getSoapType()': (self: DescribeField) =>
        libraryEnum('Schema.SoapType', SOAP_TYPES)[`v_${SOAP[self.token.field.type] ?? 'STRING'}`],
      'Schema.SObjectField getSObjectField()': (self: DescribeField) => self.token,
      'Schema.SObjectType getSObjectType()': (self: DescribeField) => SObjectTypeToken.of(self.token.object),
      'Schema.DisplayType getType()': (self: DescribeField) => displayType(self.token.field.type),
      'Boolean isAccessible()': (self: DescribeField) =>
        accessDecisions().field(self.token.object, self.token.field, 'read'),
      'Boolean isCreateable()': (self: DescribeField) =>
        self.token.field.createable && accessDecisions().field(self.token.object, self.token.field, 'create'),
      'Boolean isUpdateable()': (self: DescribeField) =>
        self.token.field.updateable && accessDecisions().field(self.token.object, self.token.field, 'edit'),
      'Boolean isAutoNumber()': plainField('autoNumber'),
      'Boolean isCalculated()': plainField('calculated'),
      'Boolean isCascadeDelete()': (self: DescribeField) => self.token.field.deleteConstraint === 'Cascade',
      'Boolean isCaseSensitive()': plainField('caseSensitive'),
      'Boolean isCustom()': plainField('custom'),
      'Boolean isDefaultedOnCreate()': plainField('defaultedOnCreate'),
      'Boolean isEncrypted()': (self: DescribeField) => self.token.field.type === 'encryptedstring',
      'Boolean isExternalId()': plainField('externalId'),
      'Boolean isFilterable()': plainField('filterable'),
      'Boolean isGroupable()': plainField('groupable'),
      'Boolean isHtmlFormatted()': plainField('htmlFormatted'),
      'Boolean isIdLookup()': plainField('idLookup'),
      'Boolean isNameField()': plainField('nameField'),
      'Boolean isNamePointing()': plainField('namePointing'),
      'Boolean isNillable()': plainField('nillable'),
      'Boolean isPermissionable()': (self: DescribeField) => self.token.field.custom && self.token.field.nillable,
      'Boolean isRestrictedDelete()': (self: DescribeField) => self.token.field.deleteConstraint === 'Restrict',
      'Boolean isRestrictedPicklist()': plainField('restrictedPicklist'),
      'Boolean isSortable()': plainField('sortable'),
      'Boolean isUnique()': plainField('unique'),
      'Boolean isWriteRequiresMasterRead()': plainField('writeRequiresMasterRead'),
    },
  },
  {
    name: 'Schema.PicklistEntry',
    instance: PicklistEntry,
    methods: {
      'String getLabel()': (self: PicklistEntry) => self.value.label,
      'String getValue()': (self: PicklistEntry) => self.value.value,
      'Boolean isActive()': (self: PicklistEntry) => self.value.active,
      'Boolean isDefaultValue()': (self: PicklistEntry) => self.value.isDefault,
    },
  },
  {
    name: 'Schema.ChildRelationship',
    instance: ChildRelationshipResult,
    methods: {
      'Schema.SObjectType getChildSObject()': (self: ChildRelationshipResult) =>
        SObjectTypeToken.of(execution().program.table.schema.object(self.relationship.childObject) ?? nullPointer()),
      'Schema.SObjectField getField()': (self: ChildRelationshipResult) =>
        SObjectFieldToken.of(
          execution().program.table.schema.object(self.relationship.childObject) ?? nullPointer(),
          self.relationship.field,
        ),
      'String getRelationshipName()': (self: ChildRelationshipResult) => self.relationship.relationshipName,
      'Boolean isCascadeDelete()': (self: ChildRelationshipResult) => self.relationship.cascadeDelete,
      'Boolean isRestrictedDelete()': (self: ChildRelationshipResult) => self.relationship.restrictedDelete,
    },
  },
  {
    name: 'Schema.RecordTypeInfo',
    instance: RecordTypeInfo,
    methods: {
      'String getDeveloperName()': (self: RecordTypeInfo) => self.developerName,
      'String getName()': (self: RecordTypeInfo) => self.name,
      'Id getRecordTypeId()': (self: RecordTypeInfo) => self.id,
      'Boolean isActive()': (self: RecordTypeInfo) => self.isActive,
      'Boolean isAvailable()': (self: RecordTypeInfo) => self.isAvailable,
      'Boolean isDefaultRecordTypeMapping()': (self: RecordTypeInfo) => self.isDefault,
      'Boolean isMaster()': (self: RecordTypeInfo) => self.isMaster,
    },
  },
  {
    name: 'Schema',
    statics: {
      'Map<String,Schema.SObjectType> getGlobalDescribe()': () =>
        execution().extra('globalDescribe', () =>
          foldedMap(
            'Map<String,Schema.SObjectType>',
            execution().program.table.schema.objects.map(
              (describe) => [describe.name.toLowerCase(), SObjectTypeToken.of(describe)] as const,
            ),
          ),
        ),
      'List<Schema.DescribeSObjectResult> describeSObjects(List<String> names)': describeSObjects,
      'List<Schema.DescribeSObjectResult> describeSObjects(List<String> names, Schema.SObjectDescribeOptions options)':
        describeSObjects,
    },
  },
];
