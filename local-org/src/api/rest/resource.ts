import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
export type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];

/**
 * Adds one REST resource; every method without a handler answers 405 and names the methods that there are.
 *
 * @param server the server
 * @param url fastify path pattern
 * @param handlers handler by HTTP method; what it returns is sent as JSON
 */
export function resource(server: FastifyInstance, url: string, handlers: Partial<Record<Method, Handler>>): void {
  const allowed = METHODS.filter((method) => handlers[method]);
  for (const method of METHODS) {
    const handler: Handler =
      handlers[method] ??
      (method === 'HEAD' ? handlers.GET : undefined) ??
      (() => {
        throw new ApiError(
          405,
          'METHOD_NOT_ALLOWED',
          `HTTP Method '${method}' not allowed. Allowed are ${allowed.join(',')}`,
        );
      });
    server.route({ method, url, handler: (request, reply) => handler(request, reply), exposeHeadRoute: false });
  }
}

/** Path parameter of a request; the pattern guarantees that it is there. */
export function parameter(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string>)[name] ?? '';
}

/** Query parameter of a request, or undefined. Of a repeated one the first counts. */
export function queryParameter(request: FastifyRequest, name: string): string | undefined {
  const value = (request.query as Record<string, string | string[] | undefined>)[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * The request's body as a JSON object.
 *
 * @throws ApiError JSON_PARSER_ERROR when it is anything else
 */
export function jsonObject(request: FastifyRequest): Record<string, unknown> {
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
