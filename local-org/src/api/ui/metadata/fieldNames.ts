/**
 * Field names of list views, related lists and search layouts. Metadata writes many of them in an older spelling
 * (`OPPORTUNITY.STAGE_NAME`, `CORE.USERS.ALIAS`); here they become API paths (`StageName`, `Owner.Alias`).
 */
import { MetadataError } from '../../../project/errors.ts';
import type { Position } from '../../../project/types.ts';
import type { FieldDescribe, ObjectDescribe, Schema } from '../../../schema/types.ts';

/** Names that no rule derives. */
const special: Readonly<Record<string, string>> = {
  'CORE.USERS.ALIAS': 'Owner.Alias',
  'CORE.USERS.FULL_NAME': 'Owner.Name',
  'CORE.USERS.FIRST_NAME': 'Owner.FirstName',
  'CORE.USERS.LAST_NAME': 'Owner.LastName',
  'OWNER.ALIAS': 'Owner.Alias',
  'OWNER.FIRST_NAME': 'Owner.FirstName',
  'OWNER.LAST_NAME': 'Owner.LastName',
  OWNER_NAME: 'Owner.Name',
  OWNER_ALIAS: 'Owner.Alias',
  CREATEDBY_USER: 'CreatedBy.Name',
  'CREATEDBY_USER.ALIAS': 'CreatedBy.Alias',
  'CREATED_BY_USER.ALIAS': 'CreatedBy.Alias',
  UPDATEDBY_USER: 'LastModifiedBy.Name',
  'UPDATEDBY_USER.ALIAS': 'LastModifiedBy.Alias',
  CREATED_DATE: 'CreatedDate',
  LAST_UPDATE: 'LastModifiedDate',
  LAST_ACTIVITY: 'LastActivityDate',
  RECORDTYPE: 'RecordType.Name',
  CURRENCY_ISO_CODE: 'CurrencyIsoCode',
  FULL_NAME: 'Name',
  PHONE1: 'Phone',
  PHONE2: 'Fax',
  PHONE3: 'MobilePhone',
  EMAIL1: 'Email',
  URL: 'Website',
  SALES: 'AnnualRevenue',
  EMPLOYEES: 'NumberOfEmployees',
  ADDRESS1_STREET: 'BillingStreet',
  ADDRESS1_CITY: 'BillingCity',
  ADDRESS1_STATE: 'BillingState',
  ADDRESS1_ZIP: 'BillingPostalCode',
  ADDRESS1_COUNTRY: 'BillingCountry',
  EXP_AMOUNT: 'ExpectedRevenue',
  LEAD_SOURCE: 'LeadSource',
  SUBJECT: 'Subject',
  WHO_NAME: 'Who.Name',
  WHAT_NAME: 'What.Name',
};

/** Objects whose mailing address has the name that other objects call billing. */
const addressPrefix: Readonly<Record<string, string>> = { Contact: 'Mailing', Lead: '' };

const folded = (name: string): string => name.replace(/[_.]/g, '').toLowerCase();

/**
 * API path of a name as list metadata writes it; relationships one step up are followed.
 * @throws MetadataError naming the object and the unknown field
 */
export function fieldPathOf(schema: Schema, object: ObjectDescribe, name: string, position: Position): string {
  const path = candidates(object, name)
    .map((candidate) => resolvePath(schema, object, candidate))
    .find((resolved) => resolved !== undefined);
  if (path === undefined)
    throw new MetadataError(position, `${object.name} has no field ${name}; correct the name or add the field`);
  return path;
}

function candidates(object: ObjectDescribe, name: string): readonly string[] {
  const upper = name.toUpperCase();
  const own = new RegExp(`^${object.name.toUpperCase()}[._]`);
  const withoutObject = upper.replace(own, '');
  const found = [
    special[upper],
    special[withoutObject],
    upper === 'NAME' || withoutObject === 'NAME' ? 'Name' : undefined,
  ].filter((path) => path !== undefined);
  return [
    ...found.map((path) => path.replace(/^Billing/, addressPrefix[object.name] ?? 'Billing')),
    name,
    name.replace(own, ''),
    withoutObject,
  ];
}

function resolvePath(schema: Schema, object: ObjectDescribe, path: string): string | undefined {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) return fieldBySpelling(object, first)?.name;
  const reference = object.fieldByRelationship(first);
  if (reference?.relationshipName) {
    const parent = schema.object(
      reference.referenceTo.length === 1
        ? (reference.referenceTo[0] ?? '')
        : reference.referenceTo.includes('User')
          ? 'User'
          : 'Name',
    );
    const field = parent && resolvePath(schema, parent, rest.join('.'));
    return field === undefined ? undefined : `${reference.relationshipName}.${field}`;
  }
  return undefined;
}

/** By API name, or by the older spelling without its underscores: STAGE_NAME, CLOSE_DATE. */
function fieldBySpelling(object: ObjectDescribe, name: string): FieldDescribe | undefined {
  if (name.toUpperCase() === 'NAME') return object.nameField ?? undefined;
  return (
    object.field(name) ??
    object.fields.find((field) => !field.custom && folded(field.name) === folded(name)) ??
    object.fields.find((field) => !field.custom && folded(field.name) === `${folded(name)}id`)
  );
}

/** The last field of an API path and the object that it stands on; undefined when a step does not exist. */
export function fieldAt(
  schema: Schema,
  object: ObjectDescribe,
  path: string,
): { readonly object: ObjectDescribe; readonly field: FieldDescribe } | undefined {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    const field = object.field(first);
    return field && { object, field };
  }
  const reference = object.fieldByRelationship(first);
  if (!reference) return undefined;
  const parents =
    reference.referenceTo.length === 1
      ? reference.referenceTo
      : [...reference.referenceTo.filter((name) => name === 'User'), 'Name', ...reference.referenceTo];
  for (const name of parents) {
    const parent = schema.object(name);
    const found = parent && fieldAt(schema, parent, rest.join('.'));
    if (found) return found;
  }
  return undefined;
}
