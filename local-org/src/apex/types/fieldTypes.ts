import { CHANGE_EVENT_HEADER } from '../../schema/changeEvents.ts';
import type { FieldDescribe, FieldType } from '../../schema/types.ts';
import type { ApexType } from './symbols.ts';
import type { TypeTable } from './TypeTable.ts';

const FIELD_TYPES: Readonly<Record<FieldType, string>> = {
  id: 'Id',
  reference: 'Id',
  boolean: 'Boolean',
  string: 'String',
  textarea: 'String',
  email: 'String',
  phone: 'String',
  url: 'String',
  picklist: 'String',
  multipicklist: 'String',
  combobox: 'String',
  encryptedstring: 'String',
  int: 'Integer',
  long: 'Long',
  double: 'Decimal',
  currency: 'Decimal',
  percent: 'Decimal',
  date: 'Date',
  datetime: 'Datetime',
  time: 'Time',
  address: 'Address',
  location: 'Location',
  base64: 'Blob',
  anyType: 'Object',
};

/** Apex type of an sObject field. */
export function fieldType(table: TypeTable, field: FieldDescribe): ApexType {
  // Custom metadata can refer to objects and fields by name; those fields hold names.
  if (
    field.type === 'reference' &&
    field.referenceTo.some((name) => name === 'EntityDefinition' || name === 'FieldDefinition')
  )
    return table.string;
  if (field.type === 'anyType' && field.name === CHANGE_EVENT_HEADER) return table.parse('EventBus.ChangeEventHeader');
  return table.parse(FIELD_TYPES[field.type]);
}
