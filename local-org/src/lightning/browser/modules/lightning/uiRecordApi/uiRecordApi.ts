/** `lightning/uiRecordApi`: records through Lightning Data Service. */
import { apiNameOf, apiNamesOf, createAdapter, notifyChanged } from 'platform/dataService';
import { queryString, request } from 'platform/http';
import { normalizedId, RecordAdapter } from 'platform/records';
import type { FieldRepresentation, RecordInput, RecordRepresentation } from 'platform/records';

export { createRecord, deleteRecord, updateRecord } from 'platform/records';

/** Wire adapter: one record's fields. */
export const getRecord = RecordAdapter;

interface RecordsParameter {
  readonly recordIds: readonly string[];
  readonly fields?: unknown;
  readonly optionalFields?: unknown;
}

/** Wire adapter: several records, each with fields of its own. */
export const getRecords = createAdapter<{
  readonly results: readonly { readonly statusCode: number; readonly result: RecordRepresentation }[];
}>(({ records }) => {
  if (!Array.isArray(records) || records.length === 0) return undefined;
  const batches = (records as readonly RecordsParameter[]).map(({ recordIds, fields, optionalFields }) => ({
    ids: recordIds.map(normalizedId).filter((id) => id !== undefined),
    parameters: queryString({ fields: apiNamesOf(fields), optionalFields: apiNamesOf(optionalFields) }),
  }));
  return {
    key: `records:${JSON.stringify(batches)}`,
    tags: batches.flatMap(({ ids }) => ids),
    fetch: async () => {
      const answers = await Promise.all(
        batches
          .filter(({ ids }) => ids.length > 0)
          .map(({ ids, parameters }) =>
            request<{ results: { statusCode: number; result: RecordRepresentation }[] }>(
              'GET',
              `/ui-api/records/batch/${ids.join(',')}${parameters}`,
            ),
          ),
      );
      return { results: answers.flatMap(({ results }) => results) };
    },
  };
});

/** Wire adapter: default values and layout for a new record. */
export const getRecordCreateDefaults = createAdapter<RecordCreateDefaults>((configuration) => {
  const objectApiName = apiNameOf(configuration.objectApiName);
  if (objectApiName === undefined) return undefined;
  const parameters = queryString({
    formFactor: apiNameOf(configuration.formFactor),
    recordTypeId: apiNameOf(configuration.recordTypeId),
    optionalFields: apiNamesOf(configuration.optionalFields),
  });
  return {
    key: `defaults:${objectApiName}${parameters}`,
    tags: [`object:${objectApiName}`],
    fetch: () => request('GET', `/ui-api/record-defaults/create/${objectApiName}${parameters}`),
  };
});

interface FieldFacts {
  readonly apiName: string;
  readonly createable: boolean;
  readonly updateable: boolean;
}

interface ObjectFacts {
  readonly apiName: string;
  readonly fields: Readonly<Record<string, FieldFacts>>;
}

interface RecordCreateDefaults {
  readonly record: RecordRepresentation;
  readonly objectInfos: Readonly<Record<string, ObjectFacts>>;
}

/** Wire adapter: layout, object info and record in one. */
export const getRecordUi = createAdapter<unknown>((configuration) => {
  const recordIds = apiNamesOf(configuration.recordIds)
    .map(normalizedId)
    .filter((id) => id !== undefined);
  if (recordIds.length === 0) return undefined;
  const parameters = queryString({
    layoutTypes: apiNamesOf(configuration.layoutTypes),
    modes: apiNamesOf(configuration.modes),
    optionalFields: apiNamesOf(configuration.optionalFields),
  });
  return {
    key: `recordUi:${recordIds.join()}${parameters}`,
    tags: recordIds,
    fetch: () => request('GET', `/ui-api/record-ui/${recordIds.join(',')}${parameters}`),
  };
});

type FieldReference = string | { readonly fieldApiName: string };

function fieldAt(record: RecordRepresentation | undefined, field: FieldReference): FieldRepresentation | undefined {
  const path = typeof field === 'string' ? field.split('.').slice(1) : field.fieldApiName.split('.');
  let current: RecordRepresentation | null | undefined = record;
  for (const [index, name] of path.entries()) {
    const representation: FieldRepresentation | undefined = current?.fields[name];
    if (index === path.length - 1) return representation;
    current = representation?.value as RecordRepresentation | null | undefined;
  }
  return undefined;
}

/** Raw value of a field (relationship paths too); undefined when the record has none of that name. */
export function getFieldValue(record: RecordRepresentation | undefined, field: FieldReference): unknown {
  return fieldAt(record, field)?.value;
}

/** Value in the user's format; null when it is the same as the raw value. */
export function getFieldDisplayValue(
  record: RecordRepresentation | undefined,
  field: FieldReference,
): string | null | undefined {
  return fieldAt(record, field)?.displayValue;
}

/** Input for `createRecord` from a record's fields; with object facts only those that can be created. */
export function generateRecordInputForCreate(record: RecordRepresentation, objectInfo?: ObjectFacts): RecordInput {
  return { apiName: record.apiName, fields: inputFields(record, objectInfo, ({ createable }) => createable) };
}

/** Input for `updateRecord`; the Id is among the fields. */
export function generateRecordInputForUpdate(record: RecordRepresentation, objectInfo?: ObjectFacts): RecordInput {
  return { fields: { ...inputFields(record, objectInfo, ({ updateable }) => updateable), Id: record.id } };
}

function inputFields(
  record: RecordRepresentation,
  objectInfo: ObjectFacts | undefined,
  writable: (field: FieldFacts) => boolean,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record.fields)
      .filter(([name, { value }]) => {
        const facts = objectInfo?.fields[name];
        const isParent = typeof value === 'object' && value !== null && 'fields' in value;
        return !isParent && (objectInfo === undefined || (facts !== undefined && writable(facts)));
      })
      .map(([name, { value }]) => [name, value]),
  );
}

/** The fields of `recordInput` whose value differs from the original record's. */
export function createRecordInputFilteredByEditedFields(
  recordInput: RecordInput,
  originalRecord: RecordRepresentation,
): RecordInput {
  const fields = Object.fromEntries(
    Object.entries(recordInput.fields).filter(
      ([name, value]) => name === 'Id' || originalRecord.fields[name]?.value !== value,
    ),
  );
  return { fields: { ...fields, Id: originalRecord.id } };
}

/** Tells Lightning Data Service that records changed by other means (Apex); resolves when the page shows them. */
export async function notifyRecordUpdateAvailable(records: readonly { readonly recordId: string }[]): Promise<void> {
  await notifyChanged(records.map(({ recordId }) => normalizedId(recordId)).filter((id) => id !== undefined));
}

/** Older form of `notifyRecordUpdateAvailable`. */
export function getRecordNotifyChange(records: readonly { readonly recordId: string }[]): void {
  void notifyRecordUpdateAvailable(records);
}
