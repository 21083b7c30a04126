/** Reading and writing single records. */
import { SObjectRecord } from '../../schema/record.ts';
import type { ObjectDescribe, RecordTypeDescribe } from '../../schema/types.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { badRequest, notFound, recordError, UiApiError } from './errors.ts';
import { FieldValueError, fieldValueFromJson } from './fieldValues.ts';
import type { Layout } from './metadata/layout.ts';
import { partsOf, represent, resolveFields, selectList, titleField, withLookupNames } from './recordRepresentation.ts';
import type { RecordRepresentation } from './recordRepresentation.ts';
import { recordTypeOfRecord } from './recordTypes.ts';
import type { UiSession } from './session.ts';
import { visibleObject } from './session.ts';

const idPattern = /^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/;

/** The object of a record Id. Throws 404 for an Id of no object, 400 for what is no Id at all. */
export function objectOfId(session: UiSession, id: string): ObjectDescribe {
  if (!idPattern.test(id)) throw badRequest(`The record ID ${id} is malformed.`, 'MALFORMED_ID');
  const object = session.context.org.schema.objectByKeyPrefix(id.slice(0, 3));
  if (!object) throw notFound();
  return visibleObject(session, object.name);
}

export interface FieldSelection {
  readonly fields?: readonly string[];
  readonly optionalFields?: readonly string[];
  /** Full or Compact: the fields of a layout. */
  readonly layoutTypes?: readonly string[];
}

/** Paths that a selection stands for. */
function selectedPaths(
  session: UiSession,
  object: ObjectDescribe,
  id: string,
  { fields = [], optionalFields = [], layoutTypes = [] }: FieldSelection,
): readonly string[] {
  const recordType = layoutTypes.length === 0 ? null : recordTypeOfRecord(session, object, id);
  const layoutFields = layoutTypes.flatMap((type) => layoutPaths(session, object, type, recordType));
  return [
    ...new Set([
      ...resolveFields(session, object, fields, true),
      ...resolveFields(session, object, [...layoutFields, ...optionalFields], false),
    ]),
  ];
}

function layoutPaths(
  session: UiSession,
  object: ObjectDescribe,
  type: string,
  recordType: RecordTypeDescribe | null,
): readonly string[] {
  const { metadata } = session.context;
  if (type !== 'Full' && type !== 'Compact')
    throw badRequest(`The layout type ${type} does not exist; use Full or Compact.`);
  const names =
    type === 'Full'
      ? fieldsOfLayout(metadata.layout(object, session.user.profileName, recordType))
      : metadata.compactFields(object);
  const title = titleField(object);
  const compound = title ? partsOf(object, title).map(({ name }) => name) : [];
  const all = [
    ...names,
    ...(title ? [title.name, ...compound] : []),
    ...['RecordTypeId', 'CurrencyIsoCode', 'OwnerId'].filter((name) => object.field(name)),
  ];
  return withLookupNames(
    session,
    object,
    all.filter((name) => name.includes('.') || object.field(name)),
  );
}

/** Names of the fields on a layout. */
export const fieldsOfLayout = (layout: Layout): readonly string[] =>
  layout.sections.flatMap(({ columns }) => columns.flat().flatMap(({ field }) => field ?? []));

/** One record. Throws 404 when it is missing or hidden. */
export function readRecord(session: UiSession, id: string, selection: FieldSelection): RecordRepresentation {
  const object = objectOfId(session, id);
  const paths = selectedPaths(session, object, id, selection);
  if (
    (selection.fields ?? []).length + (selection.optionalFields ?? []).length + (selection.layoutTypes ?? []).length ===
    0
  ) {
    throw badRequest('You must specify fields, optionalFields or layoutTypes.');
  }
  return represent(session, loadRecord(session, object, id, paths), paths);
}

function loadRecord(session: UiSession, object: ObjectDescribe, id: string, paths: readonly string[]): SObjectRecord {
  const { records } = session.transaction.query(
    `SELECT ${selectList(session, object, paths)} FROM ${object.name} WHERE Id = '${id}'`,
    { accessMode: 'user', sharing: 'with' },
  );
  const record = records[0];
  if (!record) throw notFound();
  return record;
}

type Fields = Readonly<Record<string, unknown>>;

/** Inserts a record and returns it with the fields that were given. */
export function createRecord(session: UiSession, apiName: string, fields: Fields): RecordRepresentation {
  const object = visibleObject(session, apiName);
  if (!session.access.object(object).createable)
    throw new UiApiError(
      403,
      'INSUFFICIENT_ACCESS_OR_READONLY',
      `You don't have permission to create ${object.labelPlural}.`,
    );
  const record = fill(session, object, fields, 'create');
  const [result] = session.transaction.dml({
    operation: 'insert',
    records: [record],
    allOrNone: false,
    accessMode: 'user',
    sharing: 'with',
    countLimits: false,
    fromClient: true,
  });
  if (!result?.success || result.id === null) throw recordError(object, result?.errors ?? [], 'create');
  return readRecord(session, result.id, { optionalFields: [titleField(object)?.name ?? 'Id', ...Object.keys(fields)] });
}

/**
 * Updates a record and returns it with the fields that were given.
 * @param ifUnmodifiedSince refuse (412) when the record was changed after this instant
 */
export function updateRecord(
  session: UiSession,
  id: string,
  fields: Fields,
  ifUnmodifiedSince?: string,
): RecordRepresentation {
  const object = objectOfId(session, id);
  const current = loadRecord(session, object, id, []);
  const modified = current.values.get('LastModifiedDate');
  if (
    ifUnmodifiedSince !== undefined &&
    modified instanceof ApexDatetime &&
    modified.milliseconds > Date.parse(ifUnmodifiedSince)
  ) {
    throw new UiApiError(
      412,
      'CONFLICT',
      'Someone else changed this record while you were editing it. Reload it and enter your changes again.',
    );
  }
  const record = fill(session, object, fields, 'update');
  record.values.set('Id', current.id);
  const [result] = session.transaction.dml({
    operation: 'update',
    records: [record],
    allOrNone: false,
    accessMode: 'user',
    sharing: 'with',
    countLimits: false,
    fromClient: true,
  });
  if (!result?.success) throw recordError(object, result?.errors ?? [], 'update');
  return readRecord(session, id, { optionalFields: [titleField(object)?.name ?? 'Id', ...Object.keys(fields)] });
}

/** Deletes a record. */
export function deleteRecord(session: UiSession, id: string): void {
  const object = objectOfId(session, id);
  const record = new SObjectRecord(object);
  record.values.set('Id', loadRecord(session, object, id, []).id);
  const [result] = session.transaction.dml({
    operation: 'delete',
    records: [record],
    allOrNone: false,
    accessMode: 'user',
    sharing: 'with',
    countLimits: false,
    fromClient: true,
  });
  if (result?.success) return;
  const error = recordError(object, result?.errors ?? [], 'delete');
  // A deletion has no fields to report at: what was refused is the message.
  const [first] = result?.errors ?? [];
  throw first ? new UiApiError(error.status, first.statusCode, first.message, error.body.output) : error;
}

function fill(session: UiSession, object: ObjectDescribe, fields: Fields, verb: 'create' | 'update'): SObjectRecord {
  const record = new SObjectRecord(object);
  const errors: { statusCode: string; message: string; fields: readonly string[] }[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'Id') continue;
    const field = object.field(name);
    if (!field)
      throw badRequest(
        `No such column '${name}' on entity '${object.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.`,
        'INVALID_FIELD',
      );
    const access = session.access.field(object, field);
    if (!(verb === 'create' ? access.createable : access.updateable)) {
      errors.push({
        statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
        message: `You can't change ${field.label}.`,
        fields: [field.name],
      });
      continue;
    }
    try {
      record.values.set(field.name, fieldValueFromJson(value, field));
    } catch (fault) {
      if (!(fault instanceof FieldValueError)) throw fault;
      errors.push({ statusCode: 'INVALID_TYPE_ON_FIELD_IN_RECORD', message: fault.message, fields: [field.name] });
    }
  }
  if (errors.length > 0) throw recordError(object, errors, verb);
  return record;
}

/** What a lookup shows of the record that it points to. Throws 404 when the record is missing or hidden. */
export function recordTitle(session: UiSession, id: string) {
  const object = objectOfId(session, id);
  const field = titleField(object)?.name ?? 'Id';
  const value = readRecord(session, id, { optionalFields: [field] }).fields[field]?.value;
  return {
    id,
    objectApiName: object.name,
    title: typeof value === 'string' ? value : id,
    iconName: session.context.metadata.icon(object),
  };
}
