/** The local org's HTTP server: Salesforce's REST paths on the loopback address. */
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { parseExactJson } from '../runtime/json.ts';
import type { Org } from '../runtime/types.ts';
import { newestVersion } from './context.ts';
import { ApiError, notFound } from './errors.ts';
import { guard } from './guard.ts';
import { toApiError } from './platformErrors.ts';
import { addAnonymousApex } from './rest/anonymousApex.ts';
import { addApprovals } from './rest/approvals.ts';
import { addCollections } from './rest/collections.ts';
import { addApexRest } from './rest/apexRest.ts';
import { addComposite } from './rest/composite.ts';
import { addLimits } from './rest/limits.ts';
import { addQuery } from './rest/query.ts';
import { addSObjects } from './rest/sobjects.ts';
import { addTooling } from './rest/tooling.ts';
import { addTree } from './rest/tree.ts';
import { addVersions } from './rest/versions.ts';
import { addApexSoap } from './soap/apex.ts';
import { Sessions } from './sessions.ts';
import type { StartTests } from './tooling/types.ts';

/** Largest request body in bytes; the platform's own limit for the resources served here. */
const BODY_LIMIT = 50 * 1024 * 1024;

export interface ServerOptions {
  readonly org: Org;
  /** Bearer token of the default administrator; clients may write the organisation's Id and "!" before it. */
  readonly token: string;
  /** Runs tests for clients, apart from the data; without it they can't start any. */
  readonly startTests?: StartTests;
}

/**
 * Builds the server; the caller listens, on 127.0.0.1 only.
 *
 * @param options the org and the administrator's token
 * @returns a fastify instance, to which other rooms may add their routes before it listens
 */
export function createServer({ org, token, startTests }: ServerOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: BODY_LIMIT,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 2000 },
    rewriteUrl: (request) => newestVersion(request.url ?? '/'),
    // Paths that fastify refuses before any route is looked for.
    frameworkErrors: (error, _request, reply) => void answerWith(reply, error),
  });
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, parseJson(String(body)));
    } catch (error) {
      done(error as ApiError);
    }
  });
  server.setErrorHandler((error, _request, reply) => answerWith(reply, error));
  server.setNotFoundHandler((_request, reply) => answerWith(reply, notFound()));
  const sessions = new Sessions(org.organizationId, token, org.administratorId);
  guard(server, sessions);
  const context = { org, sessions };
  addVersions(server, context);
  addLimits(server);
  addQuery(server, context);
  addSObjects(server, context);
  addApprovals(server, context);
  addCollections(server, context);
  addTree(server, context);
  addAnonymousApex(server, context);
  addApexSoap(server, context);
  addTooling(server, context, startTests);
  addComposite(server, context);
  addApexRest(server, context);
  return server;
}

function answerWith(reply: FastifyReply, error: unknown): FastifyReply {
  const { status, body } = toApiError(error);
  return reply.code(status).type('application/json;charset=UTF-8').send(body);
}

function parseJson(text: string): unknown {
  if (text === '') {
    return undefined;
  }
  try {
    return parseExactJson(text);
  } catch (error) {
    const message = (error as Error).message;
    const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(message) ?? [, '1', String(text.length + 1)];
    const problem = message.replace(/ in JSON at position.*$| \(line.*$/s, '');
    throw new ApiError(400, 'JSON_PARSER_ERROR', `${problem} at [line:${line}, column:${column}]`);
  }
}
