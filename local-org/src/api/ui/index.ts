/**
 * The UI API: Salesforce's REST resources under /services/data/vNN.N/ui-api, as far as record pages, lists and
 * Lightning Data Service need them. Source: User Interface API Developer Guide.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { recordFromJson } from '../../runtime/json.ts';
import type { SObjectRecord } from '../../schema/record.ts';
import type { ObjectDescribe } from '../../schema/types.ts';
import { badRequest, UiApiError } from './errors.ts';
import {
  listInfo,
  listInfos,
  listRecords,
  lookupRecords,
  relatedListCount,
  relatedListInfo,
  relatedListInfos,
  relatedListRecords,
} from './lists.ts';
import type { ListRequest } from './lists.ts';
import { layoutRepresentation, objectInfo, picklistFields, picklistValues } from './objectInfo.ts';
import { createRecord, deleteRecord, objectOfId, readRecord, updateRecord } from './records.ts';
import type { FieldSelection } from './records.ts';
import { masterRecordTypeId, recordTypeOf } from './recordTypes.ts';
import { recordDefaults } from './recordDefaults.ts';
import { visibleApps } from './navigation.ts';
import type { UiContext, UiSession } from './session.ts';
import { inSession, visibleObject } from './session.ts';

export type { UiContext } from './session.ts';

/** Path prefix of every version that clients may name; all of them get the newest. */
const base = '/services/data/:version/ui-api';

interface Call {
  readonly session: UiSession;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly request: FastifyRequest;
}

type Handler = (call: Call) => unknown;

const list = (text: unknown): readonly string[] =>
  (Array.isArray(text) ? text : typeof text === 'string' ? text.split(',') : [])
    .map((name: unknown) => String(name).trim())
    .filter((name) => name !== '');

const fieldSelection = (query: Call['query']): FieldSelection => ({
  fields: list(query['fields']),
  optionalFields: list(query['optionalFields']),
  layoutTypes: list(query['layoutTypes']),
});

/** Parameters of a list, from the query string (GET) or the body (POST). */
function listRequest({ query, body }: Call): ListRequest {
  const value = (name: string): unknown => body[name] ?? query[name];
  const pageSize = value('pageSize');
  const searchTerm = value('searchTerm');
  const pageToken = value('pageToken');
  if (value('where') !== undefined) throw badRequest('The parameter where is not supported by the local org.');
  return {
    fields: list(value('fields')),
    optionalFields: list(value('optionalFields')),
    sortBy: list(value('sortBy')),
    ...(pageSize === undefined ? {} : { pageSize: Number(pageSize) }),
    ...(typeof pageToken === 'string' || typeof pageToken === 'number' ? { pageToken: String(pageToken) } : {}),
    ...(typeof searchTerm === 'string' ? { searchTerm } : {}),
  };
}

/** Fields that a write is asked for. */
function inputFields(body: Call['body']): Readonly<Record<string, unknown>> {
  const { fields } = body;
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw badRequest('The request body needs an object "fields".', 'JSON_PARSER_ERROR');
  return fields as Readonly<Record<string, unknown>>;
}

const parameter = (call: Call, name: string): string => call.parameters[name] ?? '';
const object = (call: Call) => visibleObject(call.session, parameter(call, 'object'));
const recordType = (call: Call) => recordTypeOf(call.session, object(call), parameter(call, 'recordTypeId'));

/** Method, path below /ui-api, handler. */
const routes: readonly (readonly ['GET' | 'POST' | 'PATCH' | 'DELETE', string, Handler])[] = [
  ['GET', '/object-info/:object', (call) => objectInfo(call.session, object(call))],
  [
    'GET',
    '/object-info/batch/:names',
    (call) => ({
      results: list(parameter(call, 'names')).map((name) => ({
        statusCode: 200,
        result: objectInfo(call.session, visibleObject(call.session, name)),
      })),
    }),
  ],
  [
    'GET',
    '/object-info/:object/picklist-values/:recordTypeId',
    (call) => ({
      picklistFieldValues: Object.fromEntries(
        picklistFields(object(call))
          .filter((field) => call.session.access.field(object(call), field).readable)
          .map((field) => [field.name, picklistValues(object(call), field, recordType(call))]),
      ),
    }),
  ],
  [
    'GET',
    '/object-info/:object/picklist-values/:recordTypeId/:field',
    (call) => {
      const name = parameter(call, 'field');
      const field = picklistFields(object(call)).find(
        (candidate) => candidate.name.toLowerCase() === name.toLowerCase(),
      );
      if (!field || !call.session.access.field(object(call), field).readable)
        throw new UiApiError(400, 'INVALID_FIELD', `${name} is no picklist of ${object(call).name}.`);
      return picklistValues(object(call), field, recordType(call));
    },
  ],
  ['GET', '/records/:id', (call) => readRecord(call.session, parameter(call, 'id'), fieldSelection(call.query))],
  [
    'GET',
    '/records/batch/:ids',
    (call) => ({
      hasErrors: false,
      results: list(parameter(call, 'ids')).map((id) => ({
        statusCode: 200,
        result: readRecord(call.session, id, fieldSelection(call.query)),
      })),
    }),
  ],
  [
    'POST',
    '/records',
    (call) => {
      const { apiName } = call.body;
      if (typeof apiName !== 'string')
        throw badRequest('The request body needs "apiName", the object’s name.', 'JSON_PARSER_ERROR');
      return createRecord(call.session, apiName, inputFields(call.body));
    },
  ],
  [
    'PATCH',
    '/records/:id',
    (call) => {
      const since = call.request.headers['if-unmodified-since'] ?? call.body['ifUnmodifiedSince'];
      return updateRecord(
        call.session,
        parameter(call, 'id'),
        inputFields(call.body),
        typeof since === 'string' ? since : undefined,
      );
    },
  ],
  ['DELETE', '/records/:id', (call) => deleteRecord(call.session, parameter(call, 'id'))],
  [
    'GET',
    '/record-defaults/create/:object',
    (call) => recordDefaults(call.session, object(call), call.query['recordTypeId']),
  ],
  [
    'GET',
    '/record-ui/:ids',
    (call) => {
      const ids = list(parameter(call, 'ids'));
      const objects = [...new Set(ids.map((id) => objectOfId(call.session, id)))];
      const layoutTypes = list(call.query['layoutTypes'] ?? 'Full');
      const modes = list(call.query['modes'] ?? 'View');
      const records = ids.map((id) =>
        readRecord(call.session, id, { layoutTypes, optionalFields: list(call.query['optionalFields']) }),
      );
      const layouts = (one: ObjectDescribe, recordTypeId: string) =>
        Object.fromEntries(
          layoutTypes.map((type) => [
            type,
            Object.fromEntries(
              modes.map((mode) => [mode, layoutRepresentation(call.session, one, type, mode, recordTypeId)]),
            ),
          ]),
        );
      return {
        layoutUserStates: {},
        layouts: Object.fromEntries(
          objects.map((one) => [
            one.name,
            Object.fromEntries(
              records
                .filter(({ apiName }) => apiName === one.name)
                .map(({ recordTypeId }) => recordTypeId ?? masterRecordTypeId)
                .map((recordTypeId) => [recordTypeId, layouts(one, recordTypeId)]),
            ),
          ]),
        ),
        objectInfos: Object.fromEntries(objects.map((one) => [one.name, objectInfo(call.session, one)])),
        records: Object.fromEntries(records.map((record) => [record.id ?? '', record])),
      };
    },
  ],
  [
    'GET',
    '/layout/:object',
    (call) =>
      layoutRepresentation(
        call.session,
        object(call),
        call.query['layoutType'] ?? 'Full',
        call.query['mode'] ?? 'View',
        call.query['recordTypeId'],
      ),
  ],
  ['GET', '/list-info/:object', (call) => listInfos(call.session, object(call))],
  ['GET', '/list-info/:object/:listView', (call) => listInfo(call.session, object(call), parameter(call, 'listView'))],
  [
    'GET',
    '/list-records/:object/:listView',
    (call) => listRecords(call.session, object(call), parameter(call, 'listView'), listRequest(call)),
  ],
  [
    'POST',
    '/list-records/:object/:listView',
    (call) => listRecords(call.session, object(call), parameter(call, 'listView'), listRequest(call)),
  ],
  [
    'GET',
    '/related-list-info/:object',
    (call) => relatedListInfos(call.session, object(call), call.query['recordTypeId']),
  ],
  [
    'GET',
    '/related-list-info/:object/:relatedList',
    (call) => relatedListInfo(call.session, object(call), parameter(call, 'relatedList'), call.query['recordTypeId']),
  ],
  [
    'GET',
    '/related-list-records/:parentId/:relatedList',
    (call) =>
      relatedListRecords(call.session, parameter(call, 'parentId'), parameter(call, 'relatedList'), listRequest(call)),
  ],
  [
    'POST',
    '/related-list-records/:parentId/:relatedList',
    (call) =>
      relatedListRecords(call.session, parameter(call, 'parentId'), parameter(call, 'relatedList'), listRequest(call)),
  ],
  [
    'GET',
    '/related-list-count/:parentId/:relatedList',
    (call) =>
      relatedListCount(
        call.session,
        parameter(call, 'parentId'),
        parameter(call, 'relatedList'),
        Number(call.query['maxCount'] ?? 999),
      ),
  ],
  [
    'GET',
    '/lookups/:object/:field/:target',
    (call) => {
      const field = object(call).field(parameter(call, 'field'));
      const target = visibleObject(call.session, parameter(call, 'target'));
      if (!field?.referenceTo.includes(target.name))
        throw badRequest(`${parameter(call, 'field')} does not look up ${target.name}.`);
      const pageSize = Number(call.query['pageSize'] ?? 25);
      return lookupRecords(
        call.session,
        target,
        call.query['q'] ?? '',
        pageSize,
        Number(call.query['page'] ?? 0) * pageSize,
        { record: sourceRecord(call, object(call)), fieldName: field.name },
      );
    },
  ],
  ['GET', '/apps', ({ session }) => ({ apps: visibleApps(session).map((app) => appRepresentation(app)) })],
  [
    'GET',
    '/nav-items',
    ({ session }) => {
      const navItems = visibleApps(session)
        .flatMap(({ tabs }) => tabs)
        .map((tab) => navItem(tab));
      return { navItems: [...new Map(navItems.map((item) => [item.developerName, item])).values()] };
    },
  ],
];

/**
 * The record that a lookup is on: the stored one that `sourceRecordId` names, with the values of
 * `dependentFieldBindings` (`AccountId=001…,Type__c=New`) laid over it.
 */
function sourceRecord(call: Call, describe: ObjectDescribe): SObjectRecord {
  const id = call.query['sourceRecordId'] ?? '';
  const bindings = (call.query['dependentFieldBindings'] ?? '').split(',').flatMap((binding) => {
    const at = binding.indexOf('=');
    return at < 0 ? [] : [[binding.slice(0, at).trim(), binding.slice(at + 1).trim()] as const];
  });
  const given = Object.fromEntries(bindings.map(([name, value]) => [name, value === '' ? null : value]));
  const record = recordFromJson(describe, given);
  if (id === '') return record;
  const fields = describe.fields.filter(({ type }) => type !== 'address' && type !== 'location');
  const [stored] = call.session.transaction.query(
    `SELECT ${fields.map(({ name }) => name).join(', ')} FROM ${describe.name} WHERE Id = :id`,
    { accessMode: 'system', sharing: 'with', binds: new Map([['id', id]]) },
  ).records;
  for (const [name, value] of stored?.values ?? []) if (!record.values.has(name)) record.values.set(name, value);
  return record;
}

function appRepresentation(app: UiContext['metadata']['apps'][number]) {
  return {
    appId: app.name,
    developerName: app.name,
    label: app.label,
    description: app.description,
    formFactors: app.formFactors,
    headerColor: app.headerColor,
    navItems: app.tabs.map(navItem),
    type: 'Lightning',
  };
}

function navItem(tab: UiContext['metadata']['apps'][number]['tabs'][number]) {
  return {
    developerName: tab.name,
    label: tab.label,
    iconName: tab.icon,
    itemType: tab.kind === 'object' ? 'Entity' : tab.kind,
    objectApiName: tab.kind === 'object' ? tab.target : null,
    target: tab.target,
    standardType: tab.name.startsWith('standard-') ? tab.name.slice('standard-'.length) : null,
    custom: !tab.name.startsWith('standard-'),
  };
}

/**
 * Adds the UI API to a server.
 * @param server authentication is the server's own; `context.userIdOf` tells whom it found
 */
export function registerUiApi(server: FastifyInstance, context: UiContext): void {
  for (const [method, path, handler] of routes) {
    server.route({
      method,
      url: base + path,
      handler: (request, reply) =>
        respond(reply, method, () =>
          inSession(context, request, (session) =>
            handler({
              session,
              parameters: request.params as Readonly<Record<string, string>>,
              query: request.query as Readonly<Record<string, string | undefined>>,
              body: (request.body ?? {}) as Readonly<Record<string, unknown>>,
              request,
            }),
          ),
        ),
    });
  }
}

/** Answers with JSON: 201 for what was created, 204 for nothing, the error's own body for a refusal. */
export function respond(reply: FastifyReply, method: string, work: () => unknown): FastifyReply {
  try {
    const result = work();
    if (result === undefined) return reply.code(204).send();
    const created =
      method === 'POST' && typeof result === 'object' && result !== null && 'apiName' in result && 'eTag' in result;
    return reply
      .code(created ? 201 : 200)
      .header('cache-control', 'no-store')
      .send(result);
  } catch (fault) {
    if (fault instanceof UiApiError)
      return reply.code(fault.status).header('cache-control', 'no-store').send(fault.body);
    const { code, message } = fault as { code?: unknown; message?: string };
    // Errors of the data engine carry Salesforce's code; what has none is a defect of the local org, not of the request.
    if (typeof code !== 'string' || code.startsWith('ERR_')) throw fault;
    return reply
      .code(400)
      .header('cache-control', 'no-store')
      .send({ message: message ?? code, statusCode: 400, errorCode: code });
  }
}
