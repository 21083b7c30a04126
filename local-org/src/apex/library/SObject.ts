import { SObjectRecord } from '../../schema/record.ts';
import type { FieldDescribe } from '../../schema/types.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { ApexDouble } from '../../values/ApexDouble.ts';
import { Decimal } from '../../values/Decimal.ts';
import { ApexList } from '../execution/ApexList.ts';
import { ApexMap } from '../execution/ApexMap.ts';
import { fieldError, readChildren, readField, readParent, writeField, writeParent } from '../execution/data.ts';
import { SObjectFieldToken, SObjectTypeToken } from '../execution/describe.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { recordOptions, type RecordOptions } from '../execution/recordOptions.ts';
import { equalValues, hashCodeOf } from '../execution/keys.ts';
import { fullId, toId } from '../execution/ids.ts';
import { libraryEnum, type ApexEnum } from '../execution/ApexEnum.ts';
import { STATUS_CODES } from './StatusCode.ts';
import { cloneRecord } from './collections.ts';
import type { LibraryClass } from './define.ts';

function fieldOf(record: SObjectRecord, name: string | null): FieldDescribe {
  const field = record.describe.field(name ?? nullPointer());
  if (!field) throw makeException('SObjectException', `Invalid field ${name} for ${record.describe.name}`);
  return field;
}
const tokenField = (record: SObjectRecord, token: SObjectFieldToken | null): FieldDescribe =>
  fieldOf(record, (token ?? nullPointer()).field.name);

/** A value put dynamically, as the field's type; throws SObjectException when it doesn't fit. */
export function coerce(record: SObjectRecord, field: FieldDescribe, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  const illegal = (): never => {
    throw makeException(
      'SObjectException',
      `Illegal assignment from ${execution().program.typeOf(value).name} to ${fieldTypeName(field)}`,
    );
  };
  switch (field.type) {
    case 'id':
      return typeof value === 'string' ? toId(value) : illegal();
    case 'reference':
      // Whether a text is the Id of a record is asked when it is saved.
      return typeof value === 'string' ? (fullId(value) ?? value) : illegal();
    case 'boolean':
      return typeof value === 'boolean' ? value : illegal();
    case 'int':
      return typeof value === 'number' ? value : value instanceof Decimal ? value.intValue() : illegal();
    case 'long':
      return typeof value === 'bigint' ? value : typeof value === 'number' ? BigInt(value) : illegal();
    case 'double':
    case 'currency':
    case 'percent':
      if (value instanceof Decimal) return value;
      if (typeof value === 'number') return Decimal.fromNumber(value);
      if (typeof value === 'bigint') return Decimal.fromBigInt(value);
      return value instanceof ApexDouble ? Decimal.fromNumber(value.value) : illegal();
    case 'date':
      if (value instanceof ApexDatetime) return value.utcDate;
      return value instanceof ApexDate ? value : illegal();
    case 'datetime':
      if (value instanceof ApexDate) return new ApexDatetime(value.days * 86_400_000);
      return value instanceof ApexDatetime ? value : illegal();
    case 'time':
    case 'base64':
    case 'anyType':
    case 'address':
    case 'location':
      return value;
    default:
      void record;
      return typeof value === 'string' ? value : illegal();
  }
}

function fieldTypeName(field: FieldDescribe): string {
  return (
    {
      id: 'Id',
      reference: 'Id',
      boolean: 'Boolean',
      int: 'Integer',
      long: 'Long',
      double: 'Decimal',
      currency: 'Decimal',
      percent: 'Decimal',
      date: 'Date',
      datetime: 'Datetime',
    }[field.type as 'id'] ?? 'String'
  );
}

function get(record: SObjectRecord, name: string | null): unknown {
  const field = record.describe.field(name ?? nullPointer());
  if (field) return readField(record, field.name);
  // Aliases: of aggregates, and of converted, formatted and translated fields.
  for (const [key, value] of record.values) if (key.toLowerCase() === (name as string).toLowerCase()) return value;
  throw makeException('SObjectException', `Invalid field ${name} for ${record.describe.name}`);
}

function put(record: SObjectRecord, field: FieldDescribe, value: unknown): unknown {
  const before = record.values.get(field.name) ?? null;
  writeField(record, field.name, coerce(record, field, value));
  return before;
}

function relationship(record: SObjectRecord, name: string | null): string {
  const found = record.describe.fieldByRelationship(name ?? nullPointer())?.relationshipName;
  if (!found) throw makeException('SObjectException', `Invalid relationship ${name} for ${record.describe.name}`);
  return found;
}

function children(record: SObjectRecord, name: string | null): ApexList | null {
  const found = record.describe.childRelationship(name ?? nullPointer());
  if (!found?.relationshipName)
    throw makeException('SObjectException', `Invalid relationship ${name} for ${record.describe.name}`);
  const { table } = execution().program;
  const symbol = table.sobjectSymbol(found.childObject);
  const list = readChildren(record, found.relationshipName, table.list(symbol ? table.of(symbol) : table.sobject));
  return list.items.length === 0 && record.retrieved !== null ? null : list;
}

const clone = (self: SObjectRecord, keepId = false, deep = false, stamps = false, numbers = false): SObjectRecord => {
  const copy = cloneRecord(self, keepId, stamps, numbers);
  void deep;
  clones.add(copy);
  if (self.id) sources.set(copy, self.id);
  return copy;
};
const clones = new WeakSet<SObjectRecord>();
const sources = new WeakMap<SObjectRecord, string>();

/** An error of Database.Error, as getErrors returns it. */
export class DatabaseError {
  readonly statusCode: string;
  readonly message: string;
  readonly fields: readonly string[];
  constructor(statusCode: string, message: string, fields: readonly string[]) {
    this.statusCode = statusCode;
    this.message = message;
    this.fields = fields;
  }
  toString(): string {
    return `Database.Error[getFields=(${this.fields.join(', ')});getMessage=${this.message};getStatusCode=${this.statusCode};]`;
  }
}

export const sobjectClass: LibraryClass = {
  name: 'SObject',
  instance: SObjectRecord,
  methods: {
    'void addError(String message)': (self: SObjectRecord, message: string) => fieldError(self, null, message),
    'void addError(String message, Boolean escape)': (self: SObjectRecord, message: string) =>
      fieldError(self, null, message),
    'void addError(Exception error)': (self: SObjectRecord, message: unknown) => fieldError(self, null, message),
    'void addError(Exception error, Boolean escape)': (self: SObjectRecord, message: unknown) =>
      fieldError(self, null, message),
    'void addError(String field, String message)': (self: SObjectRecord, field: string, message: string) =>
      fieldError(self, fieldOf(self, field).name, message),
    'void addError(String field, String message, Boolean escape)': (
      self: SObjectRecord,
      field: string,
      message: string,
    ) => fieldError(self, fieldOf(self, field).name, message),
    'void addError(Schema.SObjectField field, String message)': (
      self: SObjectRecord,
      field: SObjectFieldToken,
      message: string,
    ) => fieldError(self, tokenField(self, field).name, message),
    'void addError(Schema.SObjectField field, String message, Boolean escape)': (
      self: SObjectRecord,
      field: SObjectFieldToken,
      message: string,
    ) => fieldError(self, tokenField(self, field).name, message),
    'void clear()': (self: SObjectRecord) => {
      self.values.clear();
      self.related.clear();
    },
    'SObject clone()': (self: SObjectRecord) => clone(self),
    'SObject clone(Boolean preserveId)': (self: SObjectRecord, keepId: boolean) => clone(self, keepId),
    'SObject clone(Boolean preserveId, Boolean isDeepClone)': (self: SObjectRecord, keepId: boolean, deep: boolean) =>
      clone(self, keepId, deep),
    'SObject clone(Boolean preserveId, Boolean isDeepClone, Boolean preserveTimestamps)': (
      self: SObjectRecord,
      keepId: boolean,
      deep: boolean,
      stamps: boolean,
    ) => clone(self, keepId, deep, stamps),
    'SObject clone(Boolean preserveId, Boolean isDeepClone, Boolean preserveTimestamps, Boolean preserveAutonumber)': (
      self: SObjectRecord,
      keepId: boolean,
      deep: boolean,
      stamps: boolean,
      numbers: boolean,
    ) => clone(self, keepId, deep, stamps, numbers),
    'Boolean equals(Object other)': (self: SObjectRecord, other: unknown) => equalValues(self, other, false),
    'Object get(String field)': get,
    'Object get(Schema.SObjectField field)': (self: SObjectRecord, token: SObjectFieldToken) =>
      readField(self, tokenField(self, token).name),
    'Database.DMLOptions getOptions()': (self: SObjectRecord) => recordOptions.get(self) ?? null,
    'void setOptions(Database.DMLOptions options)': (self: SObjectRecord, options: RecordOptions | null) =>
      options ? void recordOptions.set(self, options) : void recordOptions.delete(self),
    'String getCloneSourceId()': (self: SObjectRecord) => sources.get(self) ?? null,
    'List<Database.Error> getErrors()': (self: SObjectRecord) =>
      new ApexList(
        execution().program.table.parse('List<Database.Error>'),
        self.errors.map((error) => new DatabaseError(error.statusCode, error.message, error.fields)),
      ),
    'Map<String,Object> getPopulatedFieldsAsMap()': (self: SObjectRecord) => {
      const { table } = execution().program;
      const entries: [string, unknown][] = [...self.values].filter(
        ([, value]) => value !== null || self.retrieved === null || false,
      );
      for (const [name, value] of self.related) {
        if (value instanceof SObjectRecord) entries.push([name, value]);
        else if (Array.isArray(value) && value.length > 0) entries.push([name, children(self, name)]);
      }
      return new ApexMap(table.map(table.string, table.object), entries);
    },
    'SObject getSObject(String relationship)': (self: SObjectRecord, name: string) => {
      const field = self.describe.field(name);
      return readParent(self, field?.relationshipName ?? relationship(self, name));
    },
    'SObject getSObject(Schema.SObjectField field)': (self: SObjectRecord, token: SObjectFieldToken) =>
      readParent(self, token.field.relationshipName ?? nullPointer()),
    'List<SObject> getSObjects(String relationship)': children,
    'Schema.SObjectType getSObjectType()': (self: SObjectRecord) => SObjectTypeToken.of(self.describe),
    'Boolean hasErrors()': (self: SObjectRecord) => self.errors.length > 0,
    'Integer hashCode()': (self: SObjectRecord) => hashCodeOf(self),
    'Boolean isClone()': (self: SObjectRecord) => clones.has(self),
    'Boolean isSet(String field)': (self: SObjectRecord, name: string) => self.values.has(fieldOf(self, name).name),
    'Boolean isSet(Schema.SObjectField field)': (self: SObjectRecord, token: SObjectFieldToken) =>
      self.values.has(tokenField(self, token).name),
    'Object put(String field, Object value)': (self: SObjectRecord, name: string, value: unknown) =>
      put(self, fieldOf(self, name), value),
    'Object put(Schema.SObjectField field, Object value)': (
      self: SObjectRecord,
      token: SObjectFieldToken,
      value: unknown,
    ) => put(self, tokenField(self, token), value),
    'SObject putSObject(String relationship, SObject parent)': (
      self: SObjectRecord,
      name: string,
      parent: SObjectRecord | null,
    ) => {
      const relation = relationship(self, name);
      const before = (self.related.get(relation) as SObjectRecord | null | undefined) ?? null;
      writeParent(self, relation, parent);
      return before;
    },
    'SObject putSObject(Schema.SObjectField field, SObject parent)': (
      self: SObjectRecord,
      token: SObjectFieldToken,
      parent: SObjectRecord | null,
    ) => {
      const relation = token.field.relationshipName ?? nullPointer();
      const before = (self.related.get(relation) as SObjectRecord | null | undefined) ?? null;
      writeParent(self, relation, parent);
      return before;
    },
  },
};

export const aggregateResultClass: LibraryClass = { name: 'AggregateResult', extends: 'SObject', methods: {} };

export const idClass: LibraryClass = {
  name: 'Id',
  statics: {
    'Id valueOf(String text)': (text: string | null) => toId(text ?? nullPointer()),
    'Id valueOf(String text, Boolean restoreCasing)': (text: string | null) => toId(text ?? nullPointer()),
  },
  methods: {
    'Schema.SObjectType getSObjectType()': (self: string) => {
      const describe = execution().program.table.schema.objectByKeyPrefix(self.slice(0, 3));
      if (!describe) throw makeException('SObjectException', `Cannot locate Apex Type for ID: ${self}`);
      return SObjectTypeToken.of(describe);
    },
    'String to15()': (self: string) => self.slice(0, 15),
    'String toString()': (self: string) => self,
    'Integer hashCode()': hashCodeOf,
    'void addError(String message)': () => {
      throw makeException('FinalException', 'SObject row does not allow errors');
    },
    'Boolean equals(Object other)': (self: string, other: unknown) =>
      typeof other === 'string' && fullId(self) === fullId(other),
  },
};

export const databaseErrorClass: LibraryClass = {
  name: 'Database.Error',
  instance: DatabaseError,
  json: {
    fields: { fields: 'List<String>', message: 'String', statusCode: 'StatusCode' },
    make: (values) =>
      new DatabaseError(
        (values.get('statusCode') as ApexEnum | undefined)?.name ?? '',
        (values.get('message') as string | undefined) ?? '',
        ((values.get('fields') as ApexList | undefined)?.items as string[] | undefined) ?? [],
      ),
    write: (self: DatabaseError) => ({
      statusCode: self.statusCode,
      message: self.message,
      fields: new ApexList(execution().program.table.parse('List<String>'), [...self.fields]),
    }),
  },
  methods: {
    'String getMessage()': (self: DatabaseError) => self.message,
    'List<String> getFields()': (self: DatabaseError) =>
      new ApexList(execution().program.table.parse('List<String>'), [...self.fields]),
    'StatusCode getStatusCode()': (self: DatabaseError) =>
      libraryEnum('StatusCode', STATUS_CODES)[`v_${self.statusCode}`] ?? null,
  },
};

class CompoundValue {
  readonly parts: Readonly<Record<string, unknown>>;
  constructor(parts: Readonly<Record<string, unknown>>) {
    this.parts = parts;
  }
}
const part =
  (name: string) =>
  (self: CompoundValue): unknown =>
    self.parts[name] ?? null;

/** Values of compound fields. */
export const compoundClasses: readonly LibraryClass[] = [
  {
    name: 'Address',
    instance: CompoundValue,
    methods: {
      'String getCity()': part('city'),
      'String getCountry()': part('country'),
      'String getCountryCode()': part('countryCode'),
      'String getPostalCode()': part('postalCode'),
      'String getState()': part('state'),
      'String getStateCode()': part('stateCode'),
      'String getStreet()': part('street'),
      'Double getLatitude()': part('latitude'),
      'Double getLongitude()': part('longitude'),
    },
  },
  {
    name: 'Location',
    methods: { 'Double getLatitude()': part('latitude'), 'Double getLongitude()': part('longitude') },
  },
];
