/** One DML statement: split by object and into chunks, partial success with retries, results in the order of the records. */
import { SObjectRecord } from '../../schema/record.ts';
import type { ObjectDescribe } from '../../schema/types.ts';
import { DmlFailure, RuntimeProblem } from '../errors.ts';
import type { RowFailure } from '../errors.ts';
import type { DmlOperation, DmlRequest, DmlResult } from '../types.ts';
import { deleteChunk, moveChildren, undeleteChunk } from './deleteRecords.ts';
import { mergePersons } from './personAccounts.ts';
import { findByValue } from './references.ts';
import { addError, isBlank, withoutErrors } from './rows.ts';
import type { SaveRow } from './rows.ts';
import { CHUNK_SIZE, saveChunk } from './saveRecords.ts';
import type { SaveServices } from './services.ts';

/** A list may hold at most this many runs of records of one object (Apex Developer Guide, "sObjects that can't be used together"). */
const MAXIMUM_RUNS = 10;
/** Partial success: a chunk is saved again without the rows that failed, at most this often. */
const MAXIMUM_ATTEMPTS = 3;

interface Item {
  readonly row: SaveRow;
  readonly operation: 'insert' | 'update' | 'delete' | 'undelete';
  readonly created: boolean;
}

/** Runs a statement. Throws DmlFailure when allOrNone and a record failed. */
export function runDml(request: DmlRequest, services: SaveServices): readonly DmlResult[] {
  if (request.operation === 'merge') return runMerge(request, services);
  const rows = request.records.map((input, index): SaveRow => ({ index, input, record: input, old: null, errors: [] }));
  const items =
    request.operation === 'upsert'
      ? resolveUpsert(rows, request, services)
      : rows.map((row): Item => ({ row, operation: request.operation as Item['operation'], created: false }));
  return runItems(items, request, request.operation, services);
}

function runItems(
  items: readonly Item[],
  request: DmlRequest,
  operation: DmlOperation,
  services: SaveServices,
): readonly DmlResult[] {
  const runs = splitByObject(items);
  if (new Set(items.map((item) => item.row.input.describe.name)).size > 1 && runs.length > MAXIMUM_RUNS) {
    throw new RuntimeProblem(
      'INVALID_OPERATION',
      `Cannot have more than ${MAXIMUM_RUNS} chunks in a single operation. Please rearrange the data to reduce chunking.`,
    );
  }
  const statement = services.store.savepoint();
  try {
    for (const run of runs) {
      const describe = run[0]?.row.input.describe as ObjectDescribe;
      if (!describe.apexDml && request.fromClient !== true)
        throw new RuntimeProblem(
          'INVALID_OPERATION',
          `DML operation ${operation.charAt(0).toUpperCase()}${operation.slice(1)} not allowed on ${describe.name}`,
        );
      const mixed = services.mixedDml(
        describe,
        run.map((item) => item.row.input),
        operation,
      );
      if (mixed !== null) {
        for (const item of run) addError(item.row, 'MIXED_DML_OPERATION', mixed);
      } else
        for (let start = 0; start < run.length; start += CHUNK_SIZE)
          saveWithRetries(run.slice(start, start + CHUNK_SIZE), describe, request, services);
      if (request.allOrNone && run.some((item) => item.row.errors.length > 0))
        throw new DmlFailure(operation, failuresOf(items));
    }
  } catch (error) {
    services.store.rollbackTo(statement);
    services.rolledBack();
    throw error;
  } finally {
    services.store.release(statement);
  }
  return items.map((item): DmlResult => {
    const success = item.row.errors.length === 0;
    if (success && item.operation === 'insert') item.row.input.values.set('Id', item.row.record.id);
    return {
      id: success
        ? item.operation === 'insert'
          ? item.row.record.id
          : item.row.input.id
        : item.operation === 'insert'
          ? null
          : item.row.input.id,
      success,
      created: success && item.created,
      errors: item.row.errors,
    };
  });
}

function failuresOf(items: readonly Item[]): readonly RowFailure[] {
  return items
    .filter((item) => item.row.errors.length > 0)
    .map((item) => ({
      index: item.row.index,
      id: item.operation === 'insert' ? null : item.row.input.id,
      errors: item.row.errors,
    }));
}

/** Runs of neighbours of the same object. */
function splitByObject(items: readonly Item[]): readonly (readonly Item[])[] {
  const runs: Item[][] = [];
  for (const item of items) {
    const run = runs.at(-1);
    if (run?.[0]?.row.input.describe === item.row.input.describe) run.push(item);
    else runs.push([item]);
  }
  return runs;
}

/**
 * Without allOrNone, the rows that pass are saved again when others failed after triggers had run for all of them, so that
 * the triggers see only what is saved (Apex Developer Guide, "Bulk DML exception handling").
 */
function saveWithRetries(
  items: readonly Item[],
  describe: ObjectDescribe,
  request: DmlRequest,
  services: SaveServices,
): void {
  let remaining = items;
  const limits = services.limits.snapshot();
  for (let attempt = 1; remaining.length > 0; attempt += 1) {
    const savepoint = services.store.savepoint();
    for (const operation of ['insert', 'update', 'delete', 'undelete'] as const) {
      const rows = remaining.filter((item) => item.operation === operation).map((item) => item.row);
      if (rows.length > 0) saveRows(rows, operation, describe, request, services);
    }
    const passed = remaining.filter((item) => item.row.errors.length === 0);
    if (request.allOrNone || passed.length === remaining.length) {
      services.store.release(savepoint);
      return;
    }
    services.store.rollbackTo(savepoint);
    services.store.release(savepoint);
    services.rolledBack();
    if (attempt === MAXIMUM_ATTEMPTS) {
      for (const item of passed)
        addError(
          item.row,
          'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
          'Too many retries of batch save in the presence of Apex triggers with failures: AllOrNone=false',
        );
      return;
    }
    services.limits.restore(limits);
    for (const item of passed) item.row.old = null;
    remaining = passed;
  }
}

function saveRows(
  rows: readonly SaveRow[],
  operation: Item['operation'],
  describe: ObjectDescribe,
  request: DmlRequest,
  services: SaveServices,
): void {
  if (operation === 'delete') deleteChunk(rows, describe, services, request);
  else if (operation === 'undelete') undeleteChunk(rows, describe, services, request);
  else saveChunk(rows, { describe, operation, internal: false }, services, request);
}

/** Decides for each row whether it is inserted or updated; rows that match several records fail. */
function resolveUpsert(rows: readonly SaveRow[], request: DmlRequest, services: SaveServices): readonly Item[] {
  const fieldName = request.externalIdField ?? 'Id';
  const seen = new Map<string, SaveRow>();
  return rows.map((row): Item => {
    const { input } = row;
    const field = input.describe.field(fieldName);
    if (!field || (field.name !== 'Id' && !field.idLookup)) {
      addError(
        row,
        'INVALID_FIELD',
        `Field name provided, ${fieldName} is not an External ID or indexed field for ${input.describe.name}`,
      );
      return { row, operation: 'update', created: false };
    }
    if (field.name === 'Id')
      return { row, operation: input.id === null ? 'insert' : 'update', created: input.id === null };
    const value = input.values.get(field.name);
    if (isBlank(value)) {
      addError(row, 'MISSING_ARGUMENT', `${field.name} not specified`);
      return { row, operation: 'insert', created: true };
    }
    const key = String(value).toLowerCase();
    if (seen.has(key))
      addError(row, 'DUPLICATE_VALUE', `Duplicate external id specified: ${String(value)}`, [field.name]);
    seen.set(key, row);
    const ids = findByValue(input.describe, field.name, value, services);
    if (ids.length > 1)
      addError(row, 'DUPLICATE_EXTERNAL_ID', `More than one record found for external id field: [${ids.join(', ')}]`);
    const [id] = ids;
    if (id === undefined) return { row, operation: 'insert', created: true };
    input.values.set('Id', id);
    return { row, operation: 'update', created: false };
  });
}

/** Merges up to two losers into the winner: children move, losers are deleted, the winner is updated. */
function runMerge(request: DmlRequest, services: SaveServices): readonly DmlResult[] {
  const { master, records: losers } = request;
  const describe = master?.describe;
  if (!master || !describe?.mergeable)
    throw new RuntimeProblem('INVALID_OPERATION', `merge is not supported for ${describe?.name ?? 'this object'}`);
  if (losers.length === 0 || losers.length > 2)
    throw new RuntimeProblem('INVALID_OPERATION', 'merge takes one or two records besides the master record');
  const rows = losers.map((input, index): SaveRow => ({ index, input, record: input, old: null, errors: [] }));
  const winner: SaveRow = { index: 0, input: master, record: master, old: null, errors: [] };
  const statement = services.store.savepoint();
  try {
    for (const row of rows) {
      if (row.input.describe !== describe)
        addError(row, 'INVALID_CROSS_REFERENCE_KEY', 'merge request must have records of one object');
      else if (row.input.id === master.id)
        addError(row, 'INVALID_FIELD', "the master record can't be merged with itself");
    }
    const stored = services.store.load(describe, [master.id ?? '']).get(master.id ?? '');
    if (!stored || stored.get('IsDeleted') === true)
      addError(winner, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    if (withoutErrors([...rows, winner]).length === rows.length + 1) {
      for (const row of rows) {
        if (row.input.id === null) continue;
        moveChildren(row.input.id, master.id ?? '', describe, services);
        if (describe.name !== 'Account') continue;
        const problem = mergePersons(row.input.id, master.id ?? '', services, (from, to, object) =>
          moveChildren(from, to, object, services),
        );
        if (problem !== null) addError(row, 'INVALID_CROSS_REFERENCE_KEY', problem);
      }
      if (withoutErrors(rows).length === rows.length) deleteChunk(rows, describe, services, request, master.id);
      if (withoutErrors(rows).length === rows.length)
        saveChunk([winner], { describe, operation: 'update', internal: false }, services, request);
    }
    const failed = [...rows, winner].find((row) => row.errors.length > 0);
    if (failed) {
      for (const row of rows) if (row.errors.length === 0) row.errors = failed.errors;
      services.store.rollbackTo(statement);
      if (request.allOrNone)
        throw new DmlFailure('merge', [{ index: failed.index, id: failed.input.id, errors: failed.errors }]);
    }
  } finally {
    services.store.release(statement);
  }
  return rows.map((row): DmlResult => ({
    id: row.input.id,
    success: row.errors.length === 0,
    created: false,
    errors: row.errors,
  }));
}

/** A record that carries nothing but its Id. */
export function recordWithId(describe: ObjectDescribe, id: string): SObjectRecord {
  const record = new SObjectRecord(describe);
  record.values.set('Id', id);
  return record;
}
