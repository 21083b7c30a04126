/** `/query`, `/queryAll` and their further pages. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { recordToJson } from '../../runtime/json.ts';
import { DATA_PATH } from '../context.ts';
import type { ApiContext } from '../context.ts';
import { ApiError } from '../errors.ts';
import { queryColumns } from '../queryColumns.ts';
import { inTransaction, parameter, queryParameter, resource } from './resource.ts';
import type { ApiRequest } from './resource.ts';

/** Rows a page, and the least that `Sforce-Query-Options: batchSize=` may ask for (REST API Developer Guide). */
const PAGE_SIZE = 2000;
const SMALLEST_PAGE_SIZE = 200;
/** Open cursors that are kept; the oldest goes first. The platform keeps ten a user. */
const CURSOR_LIMIT = 50;

interface Cursor {
  readonly records: readonly unknown[];
  readonly totalSize: number;
  readonly pageSize: number;
  readonly userId: string;
}

/** Adds the query resources. */
export function addQuery(server: FastifyInstance, { org }: ApiContext): void {
  const cursors = new Map<string, Cursor>();

  const page = (locator: string, cursor: Cursor, offset: number): Record<string, unknown> => {
    const records = cursor.records.slice(offset, offset + cursor.pageSize);
    const next = offset + records.length;
    const done = next >= cursor.records.length;
    if (done) {
      cursors.delete(locator);
    } else if (!cursors.has(locator)) {
      cursors.set(locator, cursor);
      const oldest = cursors.keys().next().value;
      if (cursors.size > CURSOR_LIMIT && oldest !== undefined) {
        cursors.delete(oldest);
      }
    }
    return {
      totalSize: cursor.totalSize,
      done,
      ...(done ? {} : { nextRecordsUrl: `${DATA_PATH}/query/${locator}-${next}` }),
      records,
    };
  };

  const run = (request: ApiRequest, allRows: boolean): unknown => {
    const text = queryParameter(request, 'q');
    if (text === undefined || text.trim() === '') {
      throw new ApiError(
        400,
        'MALFORMED_QUERY',
        'Give the SOQL query in the parameter q, for example ?q=SELECT+Id+FROM+Account.',
      );
    }
    const { userId } = request;
    const describesColumns = queryParameter(request, 'columns') === 'true';
    const cursor = inTransaction(org, request, (transaction): Cursor => {
      const { records, totalSize } = transaction.query(text, {
        accessMode: 'user',
        sharing: 'with',
        countLimits: false,
        allRows,
      });
      return {
        records: records.map((record) => recordToJson(record)),
        totalSize,
        pageSize: pageSizeOf(request),
        userId,
      };
    });
    if (describesColumns) {
      return queryColumns(text, org.schema); // after the query itself, which refuses what the user may not see
    }
    return page(`01g${randomUUID().replaceAll('-', '').slice(0, 15)}`, cursor, 0);
  };

  const more = (request: ApiRequest): unknown => {
    const [, locator = '', offset = ''] = /^(\w+)-(\d+)$/.exec(parameter(request, 'locator')) ?? [];
    const cursor = cursors.get(locator);
    if (!cursor || cursor.userId !== request.userId) {
      throw new ApiError(
        400,
        'INVALID_QUERY_LOCATOR',
        'The query locator is invalid or its last page was read: run the query again.',
      );
    }
    return page(locator, cursor, Number(offset));
  };

  resource(server, `${DATA_PATH}/query`, { GET: (request) => run(request, false) });
  resource(server, `${DATA_PATH}/query/:locator`, { GET: more });
  resource(server, `${DATA_PATH}/queryAll`, { GET: (request) => run(request, true) });
  resource(server, `${DATA_PATH}/queryAll/:locator`, { GET: more });
}

function pageSizeOf(request: ApiRequest): number {
  const options = String(request.headers['sforce-query-options'] ?? '');
  const size = Number(/batchSize\s*=\s*(\d+)/i.exec(options)?.[1] ?? PAGE_SIZE);
  return Math.min(PAGE_SIZE, Math.max(SMALLEST_PAGE_SIZE, size));
}
