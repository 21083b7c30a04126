/** An org in memory, with the UI API (and the shell) on a server, for tests. */
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { createServer } from '../../src/api/server.ts';
import { registerUiApi } from '../../src/api/ui/index.ts';
import { readUiMetadata } from '../../src/api/ui/metadata/index.ts';
import type { UiContext } from '../../src/api/ui/session.ts';
import { launch } from '../../src/cli/launch.ts';
import type { Org } from '../../src/runtime/types.ts';
import { fieldValueFromJson } from '../../src/api/ui/fieldValues.ts';
import { SObjectRecord } from '../../src/schema/record.ts';

export const fixtures = path.resolve(import.meta.dirname, '../fixtures');
export const token = 'local';
/** Built files, kept between runs: the library alone takes seconds. */
export const cacheDirectory = path.join(tmpdir(), 'local-org-test-cache');

/** JSON whose shape the test knows. */
export type Json = ReturnType<JSON['parse']>;

export interface TestOrg {
  readonly org: Org;
  readonly server: FastifyInstance;
  readonly context: UiContext;
  /** Inserts a record in system mode and returns its Id. */
  insert(objectName: string, values: Readonly<Record<string, unknown>>): string;
  /** A request as the administrator; the parsed body. */
  call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: Json }>;
  close(): Promise<void>;
}

/** Opens a fixture (or any SFDX project) with the UI API. */
export function openTestOrg(directory: string): TestOrg {
  const { org } = launch({ source: directory });
  const server = createServer({ org, token });
  const context: UiContext = {
    org,
    metadata: readUiMetadata(org.project, org.schema),
    userIdOf: (request) => request.userId,
  };
  registerUiApi(server, context);
  return {
    org,
    server,
    context,
    insert(objectName, values) {
      const describe = org.schema.object(objectName);
      if (!describe) throw new Error(`no object ${objectName}`);
      const record = new SObjectRecord(describe);
      for (const [name, value] of Object.entries(values)) {
        const field = describe.field(name);
        if (!field) throw new Error(`no field ${name}`);
        record.values.set(field.name, fieldValueFromJson(value, field));
      }
      const [result] = org.transaction({ userId: org.administratorId }, (transaction) =>
        transaction.dml({
          operation: 'insert',
          records: [record],
          allOrNone: true,
          accessMode: 'system',
          sharing: 'without',
        }),
      );
      return result?.id ?? '';
    },
    async call(method, url, body) {
      const response = await server.inject({
        method,
        url: `/services/data/v67.0${url}`,
        headers: {
          host: 'localhost',
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      return { status: response.statusCode, body: response.body === '' ? undefined : JSON.parse(response.body) };
    },
    async close() {
      await server.close();
      org.close();
    },
  };
}
