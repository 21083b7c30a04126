/** `/composite/sobjects`: up to 200 records in one request. */
import type { FastifyInstance } from 'fastify';
import { recordToJson } from '../../runtime/json.ts';
import type { DmlOperation } from '../../runtime/types.ts';
import type { SObjectRecord } from '../../schema/record.ts';
import { DATA_PATH } from '../context.ts';
import type { ApiContext } from '../context.ts';
import { ApiError } from '../errors.ts';
import { fieldNames, idOf, objectOf, recordOf, recordWithId, saveMany } from './records.ts';
import type { SaveResultJson } from './records.ts';
import { inTransaction, jsonObject, parameter, queryParameter, resource } from './resource.ts';
import type { ApiRequest } from './resource.ts';

/** Records a request may carry, and Ids that a read may name (REST API Developer Guide, sObject Collections). */
const RECORD_LIMIT = 200;
const READ_LIMIT = 2000;

/** Adds the collection resources. */
export function addCollections(server: FastifyInstance, { org }: ApiContext): void {
  const path = `${DATA_PATH}/composite/sobjects`;

  const save = (
    request: ApiRequest,
    operation: DmlOperation,
    records: readonly SObjectRecord[],
    allOrNone: boolean,
    externalIdField?: string,
  ): SaveResultJson[] =>
    inTransaction(org, request, (transaction) => saveMany(transaction, operation, records, allOrNone, externalIdField));

  /** Records of the body; each names its object in `attributes.type`, unless the path names one for all. */
  const bodyRecords = (request: ApiRequest, withId: boolean, objectName?: string): SObjectRecord[] =>
    recordList(request).map((json) => {
      const describe = objectOf(org, objectName ?? typeOf(json));
      const { id, Id = id, ...fields } = json;
      if (withId && typeof Id !== 'string') {
        throw new ApiError(400, 'MISSING_ARGUMENT', 'Every record that is to be updated needs its id.');
      }
      return recordOf(describe, fields, withId ? idOf(describe, Id as string) : undefined);
    });

  const read = (request: ApiRequest, ids: readonly string[], fields: readonly string[]): unknown => {
    const describe = objectOf(org, parameter(request, 'object'));
    limit(ids.length, READ_LIMIT);
    if (fields.length === 0) {
      throw new ApiError(400, 'MISSING_ARGUMENT', 'The fields parameter must name at least one field.');
    }
    const byId = inTransaction(org, request, (transaction) => {
      const { records } = transaction.query(
        `SELECT Id, ${otherThanId(fields)} FROM ${describe.name} WHERE Id IN :ids`,
        {
          accessMode: 'user',
          sharing: 'with',
          binds: new Map([['ids', ids.map((id) => idOf(describe, id))]]),
        },
      );
      return new Map(records.map((record) => [record.id?.slice(0, 15), recordToJson(record)]));
    });
    return ids.map((id) => byId.get(id.slice(0, 15)) ?? null);
  };

  resource(server, path, {
    POST: (request) => save(request, 'insert', bodyRecords(request, false), allOrNoneOf(request)),
    PATCH: (request) => save(request, 'update', bodyRecords(request, true), allOrNoneOf(request)),
    DELETE: (request) => {
      const ids = fieldNames(queryParameter(request, 'ids')) ?? [];
      limit(ids.length, RECORD_LIMIT);
      const records = ids.map((id) => {
        const describe = org.schema.objectByKeyPrefix(id.slice(0, 3));
        if (!describe) {
          throw new ApiError(400, 'MALFORMED_ID', `${id} is not a valid ID for the type SObject`);
        }
        return recordWithId(describe, idOf(describe, id));
      });
      return save(request, 'delete', records, queryParameter(request, 'allOrNone') === 'true');
    },
  });
  resource(server, `${path}/:object`, {
    GET: (request) =>
      read(
        request,
        fieldNames(queryParameter(request, 'ids')) ?? [],
        fieldNames(queryParameter(request, 'fields')) ?? [],
      ),
    POST: (request) => {
      const { ids, fields } = jsonObject(request);
      return read(request, textList(ids, 'ids'), textList(fields, 'fields'));
    },
  });
  resource(server, `${path}/:object/:field`, {
    PATCH: (request) =>
      save(
        request,
        'upsert',
        bodyRecords(request, false, parameter(request, 'object')),
        allOrNoneOf(request),
        parameter(request, 'field'),
      ),
  });
}

function recordList(request: ApiRequest): Record<string, unknown>[] {
  const { records } = jsonObject(request);
  if (!Array.isArray(records) || records.some((record) => typeof record !== 'object' || record === null)) {
    throw new ApiError(400, 'JSON_PARSER_ERROR', 'The request body needs a list "records" of objects.');
  }
  limit(records.length, RECORD_LIMIT);
  return records as Record<string, unknown>[];
}

function typeOf(json: Record<string, unknown>): string {
  const type = (json['attributes'] as { type?: unknown } | undefined)?.type;
  if (typeof type !== 'string') {
    throw new ApiError(
      400,
      'MISSING_ARGUMENT',
      'Every record needs its object in attributes.type, for example {"attributes":{"type":"Account"}}.',
    );
  }
  return type;
}

function allOrNoneOf(request: ApiRequest): boolean {
  return jsonObject(request)['allOrNone'] === true;
}

function limit(count: number, most: number): void {
  if (count === 0 || count > most) {
    throw new ApiError(400, 'EXCEEDED_ID_LIMIT', `A request takes from 1 to ${most} records, not ${count}.`);
  }
}

function otherThanId(fields: readonly string[]): string {
  const others = fields.filter((name) => name.toLowerCase() !== 'id');
  return others.length > 0 ? others.join(', ') : 'SystemModstamp';
}

function textList(value: unknown, name: string): string[] {
  if (!Array.isArray(value) || value.some((entry) => typeof entry !== 'string')) {
    throw new ApiError(400, 'JSON_PARSER_ERROR', `The request body needs a list "${name}" of texts.`);
  }
  return value as string[];
}
