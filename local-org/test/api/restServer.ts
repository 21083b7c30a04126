/** A REST server on a free port over an org in memory, for tests. */
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { createServer } from '../../src/api/server.ts';
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import type { Org } from '../../src/runtime/types.ts';

export const TOKEN = 'secret';

export interface RestServer {
  readonly server: FastifyInstance;
  readonly org: Org;
  /** For example http://127.0.0.1:41234 */
  readonly url: string;
  /** Sends a request with the administrator's token; the body is JSON unless it is a text. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; undefined when the answer has no body. */
  readonly body: unknown;
}

/** Starts a server over the fixture project `invoices`. */
export async function startRestServer(): Promise<RestServer> {
  const project = loadProject(join(import.meta.dirname, '../fixtures/invoices'));
  const org = openOrg({ project, databaseFile: ':memory:' });
  const server = createServer({ org, token: TOKEN });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    server,
    org,
    url,
    async send(method, path, body, headers = {}) {
      const response = await fetch(`${url}${path.startsWith('/services') ? path : `/services/data/v67.0${path}`}`, {
        method,
        headers: {
          authorization: `Bearer ${TOKEN}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
      };
    },
    async close() {
      await server.close();
      org.close();
    },
  };
}
