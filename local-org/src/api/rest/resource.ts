/** REST resources: paths with a handler for each HTTP method, reached over HTTP or from within a composite request. */
import type { FastifyInstance } from 'fastify';
import type { Org, Transaction } from '../../runtime/types.ts';
import { ApiError } from '../errors.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const;
export type Method = (typeof METHODS)[number];

/** What handlers read of a request; fastify's requests have it. */
export interface ApiRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body?: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly userId: string;
  /** Transaction of the composite request that this one is a part of. */
  readonly transaction?: Transaction;
}

/** What handlers write to an answer; fastify's replies have it. */
export interface ApiReply {
  code(status: number): ApiReply;
  header(name: string, value: string): ApiReply;
  type(contentType: string): ApiReply;
  send(body?: unknown): ApiReply;
}

export type Handler = (request: ApiRequest, reply: ApiReply) => unknown;

interface Route {
  readonly segments: readonly string[];
  readonly handlers: Readonly<Record<Method, Handler>>;
}

/** Resources by path, for requests that come inside of others. */
export class RouteTable {
  readonly #routes: Route[] = [];
  static readonly #tables = new WeakMap<FastifyInstance, RouteTable>();

  /** The resources of a server. */
  static of(server: FastifyInstance): RouteTable {
    let table = RouteTable.#tables.get(server);
    if (!table) RouteTable.#tables.set(server, (table = new RouteTable()));
    return table;
  }

  add(url: string, handlers: Readonly<Record<Method, Handler>>): void {
    this.#routes.push({ segments: url.split('/'), handlers });
  }

  /**
   * @param path path of a request, without its query
   * @returns the handlers and the path's parameters; fixed segments go before parameters; undefined when there are none
   */
  find(path: string): { readonly handlers: Route['handlers']; readonly params: Record<string, string> } | undefined {
    const parts = path.split('/');
    const fitting = this.#routes
      .filter(
        ({ segments }) =>
          segments.length === parts.length &&
          segments.every((segment, index) => segment.startsWith(':') || segment === parts[index]),
      )
      .sort((left, right) => parametersOf(left).length - parametersOf(right).length);
    const [route] = fitting;
    if (!route) return undefined;
    const params = Object.fromEntries(
      route.segments.flatMap((segment, index) =>
        segment.startsWith(':') ? [[segment.slice(1), decoded(parts[index] ?? '')]] : [],
      ),
    );
    return { handlers: route.handlers, params };
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ApiError(400, 'BAD_REQUEST', 'The path holds a % that is no escape.');
  }
}

const parametersOf = ({ segments }: Route): readonly string[] => segments.filter((segment) => segment.startsWith(':'));

/**
 * Adds one REST resource; every method without a handler answers 405 and names the methods that there are.
 *
 * @param server the server
 * @param url path pattern: `/things/:id`
 * @param handlers handler by HTTP method; what it returns is sent as JSON
 */
export function resource(server: FastifyInstance, url: string, handlers: Partial<Record<Method, Handler>>): void {
  const allowed = METHODS.filter((method) => handlers[method]);
  const all = Object.fromEntries(
    METHODS.map((method): [Method, Handler] => [
      method,
      handlers[method] ??
        (method === 'HEAD' ? handlers.GET : undefined) ??
        (() => {
          throw new ApiError(
            405,
            'METHOD_NOT_ALLOWED',
            `HTTP Method '${method}' not allowed. Allowed are ${allowed.join(',')}`,
          );
        }),
    ]),
  ) as Record<Method, Handler>;
  RouteTable.of(server).add(url, all);
  for (const method of METHODS)
    server.route({ method, url, handler: (request, reply) => all[method](request, reply), exposeHeadRoute: false });
}

/** Runs `work` in a transaction of the request's user; parts of a composite request share the whole's. */
export function inTransaction<T>(org: Org, request: ApiRequest, work: (transaction: Transaction) => T): T {
  const { transaction, userId } = request;
  return transaction ? transaction.nested(userId, work) : org.transaction({ userId }, work);
}

/** Path parameter of a request; the pattern guarantees that it is there. */
export function parameter(request: ApiRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? '';
}

/** Query parameter of a request, or undefined. Of a repeated one the first counts. */
export function queryParameter(request: ApiRequest, name: string): string | undefined {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * The request's body as a JSON object.
 *
 * @throws ApiError JSON_PARSER_ERROR when it is anything else
 */
export function jsonObject(request: ApiRequest): Record<string, unknown> {
  const { body } = request;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiError(
      400,
      'JSON_PARSER_ERROR',
      'The request body must be a JSON object, for example {"Name":"Acme"}.',
    );
  }
  return body as Record<string, unknown>;
}
