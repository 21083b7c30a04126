/** What the record resources share: finding objects and records, and DML as the session's user. */
import { DmlFailure } from '../../runtime/errors.ts';
import { recordFromJson, recordToJson } from '../../runtime/json.ts';
import type { DmlOperation, DmlResult, Org, RecordError, Transaction } from '../../runtime/types.ts';
import { SObjectRecord } from '../../schema/record.ts';
import type { ObjectDescribe } from '../../schema/types.ts';
import { ApiError, notFound, statusOf } from '../errors.ts';

/** Clients act in user mode: object and field permissions and sharing hold. */
const AS_USER = { accessMode: 'user', sharing: 'with', countLimits: false, fromClient: true } as const;

/** Result of one record, as the REST API writes it. */
export interface SaveResultJson {
  readonly id?: string | null;
  readonly success: boolean;
  readonly created?: boolean;
  readonly errors: readonly RecordError[];
}

/**
 * @param name object name in any case
 * @throws ApiError NOT_FOUND when there is no such object that clients can reach
 */
export function objectOf(org: Org, name: string): ObjectDescribe {
  const describe = org.schema.object(name);
  if (!describe || describe.kind === 'aggregate') {
    throw notFound();
  }
  return describe;
}

/**
 * @param text a record Id of 15 or 18 characters
 * @throws ApiError NOT_FOUND when it is no Id, or one of another object
 */
export function idOf(describe: ObjectDescribe, text: string): string {
  if (!/^[a-zA-Z0-9]{15}([a-zA-Z0-9]{3})?$/.test(text) || !text.startsWith(describe.keyPrefix)) {
    throw notFound(`Provided external ID field does not exist or is not accessible: ${text}`);
  }
  return text;
}

/**
 * Reads one record.
 *
 * @param fields field names, or undefined for every field that the user may see
 * @throws ApiError NOT_FOUND when there is none that the user may see
 */
export function readRecord(
  transaction: Transaction,
  describe: ObjectDescribe,
  condition: { readonly field: string; readonly value: unknown },
  fields?: readonly string[],
): Record<string, unknown> {
  const { records } = transaction.query(
    `SELECT ${fields ? withId(fields).join(', ') : 'FIELDS(ALL)'} FROM ${describe.name} WHERE ${condition.field} = :value LIMIT 2`,
    { ...AS_USER, binds: new Map([['value', condition.value]]) },
  );
  const [record, second] = records;
  if (!record) {
    throw notFound();
  }
  if (second) {
    throw new ApiError(300, 'DUPLICATE_VALUE', 'More than one record has this external Id value.');
  }
  // The platform answers with the Id, asked for or not.
  return { ...recordToJson(record), Id: record.id };
}

/** Names of a comma-separated `fields` parameter; undefined when it is absent. */
export function fieldNames(text: string | undefined): string[] | undefined {
  return text
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function withId(fields: readonly string[]): readonly string[] {
  return fields.some((name) => name.toLowerCase() === 'id') ? fields : [...fields, 'Id'];
}

/** A record of the object from a request's JSON, with the Id that the path or the body names. */
export function recordOf(describe: ObjectDescribe, json: Record<string, unknown>, id?: string): SObjectRecord {
  const record = recordFromJson(describe, json);
  if (id !== undefined) {
    record.values.set('Id', id);
  }
  return record;
}

/** A record that carries nothing but its Id. */
export function recordWithId(describe: ObjectDescribe, id: string): SObjectRecord {
  return recordOf(describe, {}, id);
}

/**
 * Saves one record and throws what went wrong.
 *
 * @returns the result of the record
 * @throws ApiError with the status and body that a single-record request answers with
 */
export function saveOne(
  transaction: Transaction,
  operation: DmlOperation,
  record: SObjectRecord,
  externalIdField?: string,
): DmlResult {
  try {
    const [result] = transaction.dml({
      operation,
      records: [record],
      allOrNone: true,
      ...AS_USER,
      ...(externalIdField === undefined ? {} : { externalIdField }),
    });
    if (!result) {
      throw new Error(`The ${operation} of a record answered without a result.`);
    }
    return result;
  } catch (error) {
    const errors = error instanceof DmlFailure ? error.failures[0]?.errors : undefined;
    const [first] = errors ?? [];
    if (!first || !errors) {
      throw error;
    }
    if (operation !== 'insert' && first.statusCode === 'INVALID_CROSS_REFERENCE_KEY' && first.fields.length === 0) {
      throw notFound(); // the record itself is not there, or not for this user
    }
    const failure = new ApiError(statusOf(first.statusCode), first.statusCode, first.message, first.fields);
    throw Object.assign(failure, { body: errors.map(errorJson) });
  }
}

/**
 * Saves records in their order; runs of one object are saved together.
 *
 * @param allOrNone true: nothing is saved when one fails
 * @returns one result a record, in their order
 */
export function saveMany(
  transaction: Transaction,
  operation: DmlOperation,
  records: readonly SObjectRecord[],
  allOrNone: boolean,
  externalIdField?: string,
): SaveResultJson[] {
  const savepoint = allOrNone ? transaction.setSavepoint() : undefined;
  const results = runsOf(records).flatMap((run) =>
    transaction.dml({
      operation,
      records: run,
      allOrNone: false,
      ...AS_USER,
      ...(externalIdField === undefined ? {} : { externalIdField }),
    }),
  );
  if (savepoint && results.some(({ success }) => !success)) {
    transaction.rollback(savepoint);
    return results.map((result) => saveResultJson(result.success ? rolledBack(result) : result, operation));
  }
  return results.map((result) => saveResultJson(result, operation));
}

function runsOf(records: readonly SObjectRecord[]): SObjectRecord[][] {
  const runs: SObjectRecord[][] = [];
  for (const record of records) {
    const run = runs.at(-1);
    if (run && run[0]?.describe === record.describe) {
      run.push(record);
    } else {
      runs.push([record]);
    }
  }
  return runs;
}

function rolledBack(result: DmlResult): DmlResult {
  const message = 'Record rolled back because not all records were valid and the request was using AllOrNone header';
  return {
    ...result,
    success: false,
    errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK', message, fields: [] }],
  };
}

function saveResultJson({ id, success, created, errors }: DmlResult, operation: DmlOperation): SaveResultJson {
  return {
    ...(success ? { id } : {}),
    success,
    ...(operation === 'upsert' && success ? { created } : {}),
    errors: errors.map(({ statusCode, message, fields }) => ({ statusCode, message, fields })),
  };
}

function errorJson({ statusCode, message, fields }: RecordError): Record<string, unknown> {
  return { message, errorCode: statusCode, fields };
}
