/** Records in the UI API's JSON, with values in the user's format and parents nested. */
import { createHash } from 'node:crypto';
import { SObjectRecord } from '../../schema/record.ts';
import { parentOf } from '../../schema/shareObjects.ts';
import type { FieldDescribe, ObjectDescribe, Schema } from '../../schema/types.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { fieldValueToJson } from './fieldValues.ts';
import type { RecordCurrency } from './locale.ts';
import { fieldAt } from './metadata/fieldNames.ts';
import { badRequest } from './errors.ts';
import { recordTypeInfo } from './recordTypes.ts';
import type { UiSession } from './session.ts';

export interface FieldRepresentation {
  readonly displayValue: string | null;
  readonly value: unknown;
}

export interface RecordRepresentation {
  readonly apiName: string;
  readonly childRelationships: Readonly<Record<string, never>>;
  readonly eTag: string;
  readonly fields: Record<string, FieldRepresentation>;
  readonly id: string | null;
  readonly lastModifiedById: string | null;
  readonly lastModifiedDate: string | null;
  readonly recordTypeId: string | null;
  readonly recordTypeInfo: ReturnType<typeof recordTypeInfo>;
  readonly systemModstamp: string | null;
  readonly weakEtag: number;
}

/** Fields that every representation is made with. */
const always = ['Id', 'LastModifiedById', 'LastModifiedDate', 'SystemModstamp', 'RecordTypeId', 'CurrencyIsoCode'];

/**
 * Canonical paths (without the object's name) of `Object.Field` references.
 * @param strict unknown and hidden fields are an error; otherwise they are left out
 */
export function resolveFields(
  session: UiSession,
  object: ObjectDescribe,
  references: readonly string[],
  strict: boolean,
): readonly string[] {
  const { schema } = session.context.org;
  const problems: string[] = [];
  const paths = references.flatMap((reference) => {
    const path = withoutObject(reference, object);
    const canonical = canonicalPath(session, schema, object, path);
    if (canonical === undefined && strict) problems.push(`${object.name}.${path}`);
    return canonical ?? [];
  });
  if (problems.length > 0) {
    throw badRequest(
      `No such field, or the field is hidden from you: ${problems.join(', ')}. Please check that you're specifying fields as Object.Field.`,
      'INVALID_FIELD',
    );
  }
  return [...new Set(paths)];
}

/** `Account.Name` of an Account is `Name`; a reference without the object's name is taken as it is. */
function withoutObject(reference: string, object: ObjectDescribe): string {
  const dot = reference.indexOf('.');
  return dot > 0 && reference.slice(0, dot).toLowerCase() === object.name.toLowerCase()
    ? reference.slice(dot + 1)
    : reference;
}

/** Addresses become their parts; a hidden field becomes undefined. */
function canonicalPath(
  session: UiSession,
  schema: Schema,
  object: ObjectDescribe,
  path: string,
): readonly string[] | undefined {
  const found = fieldAt(schema, object, path);
  if (!found || !session.access.field(found.object, found.field).readable) return undefined;
  const steps = path.split('.').slice(0, -1);
  const prefix = canonicalSteps(schema, object, steps);
  if (prefix === undefined) return undefined;
  if (found.field.type === 'address' || found.field.type === 'location') {
    return partsOf(found.object, found.field).map((part) => prefix + part.name);
  }
  return [prefix + found.field.name];
}

function canonicalSteps(schema: Schema, object: ObjectDescribe, steps: readonly string[]): string | undefined {
  let current: ObjectDescribe | undefined = object;
  let prefix = '';
  for (const step of steps) {
    const reference: FieldDescribe | undefined = current?.fieldByRelationship(step);
    if (!reference?.relationshipName) return undefined;
    prefix += `${reference.relationshipName}.`;
    current = schema.object(
      reference.referenceTo.length === 1
        ? (reference.referenceTo[0] ?? '')
        : reference.referenceTo.includes('User')
          ? 'User'
          : 'Name',
    );
  }
  return prefix;
}

/** The field that people know a record by: of tasks and events the subject. */
export const titleField = (object: ObjectDescribe): FieldDescribe | null =>
  object.nameField ?? (object.name === 'Task' || object.name === 'Event' ? (object.field('Subject') ?? null) : null);

/** Fields that a compound field (an address, a person's name) is made of. */
export function partsOf(object: ObjectDescribe, compound: FieldDescribe): readonly FieldDescribe[] {
  return object.fields.filter(
    (field) =>
      field.compoundFieldName === compound.name &&
      field.name !== compound.name &&
      !/(Latitude|Longitude|GeocodeAccuracy)$/.test(field.name),
  );
}

/** Adds to paths of lookups the name of what they point to, so that a page can show it. */
export function withLookupNames(
  session: UiSession,
  object: ObjectDescribe,
  paths: readonly string[],
): readonly string[] {
  const { schema } = session.context.org;
  const named = paths.flatMap((path) => {
    const found = fieldAt(schema, object, path);
    const relationship = found?.field.type === 'reference' ? found.field.relationshipName : null;
    if (!found || relationship === null) return [path];
    const prefix = path.includes('.') ? path.slice(0, path.lastIndexOf('.') + 1) : '';
    const target = schema.object(found.field.referenceTo[0] ?? '');
    const name = found.field.referenceTo.length > 1 ? 'Name' : target?.nameField?.name;
    return name === undefined ? [path] : [path, `${prefix}${relationship}.${name}`];
  });
  return [...new Set(named)];
}

/** SELECT list for paths, with what every representation needs. */
export function selectList(session: UiSession, object: ObjectDescribe, paths: readonly string[]): string {
  const system = always.filter((name) => {
    const field = object.field(name);
    return field && session.access.field(object, field).readable;
  });
  const compound = paths.filter(
    (path) => !fieldAt(session.context.org.schema, object, path)?.field.type.match(/^(address|location)$/),
  );
  const dated = object.rateDatePath === null ? [] : [object.rateDatePath.join('.')];
  return [...new Set([...system, ...dated, ...compound])].join(', ');
}

function currencyOf(session: UiSession, record: SObjectRecord): RecordCurrency | undefined {
  const { rates } = session.context.org;
  const code = record.values.get('CurrencyIsoCode');
  if (!rates || typeof code !== 'string') return undefined;
  const [first = '', second] = record.describe.rateDatePath ?? [];
  const parent = record.related.get(first);
  const day =
    second === undefined
      ? record.values.get(first)
      : parent instanceof SObjectRecord
        ? parent.values.get(second)
        : undefined;
  return { code, rates, day: day instanceof ApexDate ? day : null };
}

/** A row of field history names the field; people read its label. */
function historyFieldLabel(
  session: UiSession,
  object: ObjectDescribe,
  field: FieldDescribe,
  value: unknown,
): string | null {
  if (object.kind !== 'history' || field.name !== 'Field' || typeof value !== 'string') return null;
  if (value === 'created') return 'Created.';
  const parent = parentOf(session.context.org.schema, object)?.parent;
  return (parent?.field(value) ?? parent?.field(`${value}Id`))?.label.replace(/ ID$/, '') ?? null;
}

/** Representation of a record with the fields of `paths` (canonical). */
export function represent(session: UiSession, record: SObjectRecord, paths: readonly string[]): RecordRepresentation {
  const { describe } = record;
  const fields: Record<string, FieldRepresentation> = {};
  const nested = new Map<string, string[]>();
  const currency = currencyOf(session, record);
  for (const path of paths) {
    const dot = path.indexOf('.');
    if (dot > 0) {
      const step = path.slice(0, dot);
      nested.set(step, [...(nested.get(step) ?? []), path.slice(dot + 1)]);
      continue;
    }
    const field = describe.field(path);
    if (!field) continue;
    const value = record.values.get(field.name) ?? null;
    fields[field.name] = {
      displayValue:
        historyFieldLabel(session, describe, field, value) ?? session.formatter.display(value, field, currency),
      value: fieldValueToJson(value),
    };
  }
  for (const [step, inner] of nested) {
    const parent = record.related.get(step) as SObjectRecord | null | undefined;
    if (!parent) {
      fields[step] = { displayValue: null, value: null };
      continue;
    }
    const representation = represent(session, parent, inner);
    // Polymorphic parents come back as what they are; the Id's prefix tells.
    const reference = describe.fieldByRelationship(step);
    const id =
      representation.id ??
      (reference ? (record.values.get(reference.name) as string | null | undefined) : null) ??
      null;
    const actual = id === null ? undefined : session.context.org.schema.objectByKeyPrefix(id.slice(0, 3));
    const name = actual?.nameField ?? parent.describe.nameField;
    const display =
      (name && (parent.values.get(name.name) as string | null | undefined)) ??
      (parent.values.get('Name') as string | null | undefined) ??
      null;
    fields[step] = {
      displayValue: display,
      value: { ...representation, id, apiName: actual?.name ?? representation.apiName },
    };
  }
  const modified = record.values.get('LastModifiedDate');
  const text = (name: string): string | null =>
    (fieldValueToJson(record.values.get(name) ?? null) as string | null) ?? null;
  return {
    apiName: describe.name,
    childRelationships: {},
    eTag: createHash('md5').update(JSON.stringify(fields)).digest('hex'),
    fields,
    id: record.id,
    lastModifiedById: text('LastModifiedById'),
    lastModifiedDate: text('LastModifiedDate'),
    recordTypeId: text('RecordTypeId'),
    recordTypeInfo: recordTypeInfo(session, describe, text('RecordTypeId')),
    systemModstamp: text('SystemModstamp'),
    weakEtag: modified instanceof ApexDatetime ? modified.milliseconds : 0,
  };
}
