/** `/sobjects`: describe, create, read, update, upsert, delete. */
import type { FastifyInstance } from 'fastify';
import type { FieldDescribe, ObjectDescribe } from '../../schema/types.ts';
import { DATA_PATH } from '../context.ts';
import type { ApiContext } from '../context.ts';
import { describeGlobalJson, describeJson } from '../describe.ts';
import { ApiError, notFound } from '../errors.ts';
import { fieldNames, idOf, objectOf, readRecord, recordOf, recordWithId, saveOne } from './records.ts';
import { inTransaction, jsonObject, parameter, queryParameter, resource } from './resource.ts';
import type { ApiRequest } from './resource.ts';

/** Adds the record resources. */
export function addSObjects(server: FastifyInstance, { org }: ApiContext): void {
  const path = `${DATA_PATH}/sobjects`;
  const object = (request: ApiRequest): ObjectDescribe => objectOf(org, parameter(request, 'object'));

  resource(server, path, {
    GET: (request) => describeGlobalJson(org, request.userId),
  });
  resource(server, `${path}/:object`, {
    GET: (request) => {
      const { fields: _fields, ...objectDescribe } = describeJson(org, request.userId, object(request));
      return { objectDescribe, recentItems: [] };
    },
    POST: (request, reply) => {
      const describe = object(request);
      const record = recordOf(describe, jsonObject(request));
      const { id } = inTransaction(org, request, (transaction) => saveOne(transaction, 'insert', record));
      void reply.code(201).header('location', `${path}/${describe.name}/${id}`);
      return { id, success: true, errors: [] };
    },
  });
  resource(server, `${path}/:object/describe`, {
    GET: (request) => describeJson(org, request.userId, object(request)),
  });
  resource(server, `${path}/:object/:id`, {
    GET: (request) => {
      const describe = object(request);
      const value = idOf(describe, parameter(request, 'id'));
      const fields = fieldNames(queryParameter(request, 'fields'));
      return inTransaction(org, request, (transaction) =>
        readRecord(transaction, describe, { field: 'Id', value }, fields),
      );
    },
    PATCH: (request, reply) => {
      const describe = object(request);
      const id = idOf(describe, parameter(request, 'id'));
      const body = jsonObject(request);
      refuseId(body);
      inTransaction(org, request, (transaction) => saveOne(transaction, 'update', recordOf(describe, body, id)));
      return reply.code(204).send();
    },
    DELETE: (request, reply) => {
      const describe = object(request);
      const id = idOf(describe, parameter(request, 'id'));
      inTransaction(org, request, (transaction) => saveOne(transaction, 'delete', recordWithId(describe, id)));
      return reply.code(204).send();
    },
  });
  resource(server, `${path}/:object/:field/:value`, {
    GET: (request) => {
      const [describe, field] = externalId(object(request), request);
      const value = parameter(request, 'value');
      const fields = fieldNames(queryParameter(request, 'fields'));
      return inTransaction(org, request, (transaction) =>
        readRecord(transaction, describe, { field: field.name, value }, fields),
      );
    },
    PATCH: (request, reply) => {
      const [describe, field] = externalId(object(request), request);
      const body = { ...jsonObject(request), [field.name]: parameter(request, 'value') };
      const { id, created } = inTransaction(org, request, (transaction) =>
        saveOne(transaction, 'upsert', recordOf(describe, body), field.name),
      );
      void reply.code(created ? 201 : 200);
      return { id, success: true, errors: [], created };
    },
    DELETE: (request, reply) => {
      const [describe, field] = externalId(object(request), request);
      inTransaction(org, request, (transaction) => {
        const condition = { field: field.name, value: parameter(request, 'value') };
        const { Id } = readRecord(transaction, describe, condition, ['Id']);
        saveOne(transaction, 'delete', recordWithId(describe, String(Id)));
      });
      return reply.code(204).send();
    },
  });
}

function externalId(describe: ObjectDescribe, request: ApiRequest): [ObjectDescribe, FieldDescribe] {
  const name = parameter(request, 'field');
  const field = describe.field(name);
  if (!field || !(field.externalId || field.idLookup)) {
    throw notFound(`Provided external ID field does not exist or is not accessible: ${name}`);
  }
  return [describe, field];
}

/** The Id of an updated record stands in the path alone. */
function refuseId(body: Record<string, unknown>): void {
  const id = Object.keys(body).find((name) => name.toLowerCase() === 'id');
  if (id !== undefined) {
    throw new ApiError(400, 'INVALID_FIELD', 'The Id field should not be specified in the sobject data.', [id]);
  }
}
