import { join, resolve } from 'node:path';
import { DATA_PATH } from '../api/context.ts';
import { recordToJson } from '../runtime/json.ts';
import { DEFAULT_DATA, definitionOption, launch } from './launch.ts';
import type { LaunchOptions } from './launch.ts';
import { callRunningServer } from './runningServer.ts';
import { formatTable } from './table.ts';
import type { Command } from './usage.ts';
import { UsageError, oneOf, parseOptions } from './usage.ts';

/** `query`: runs one SOQL query as the administrator. */
export const queryCommand: Command = {
  name: 'query',
  usage: 'query "SELECT …" [--source DIR] [--definition FILE] [--data DIR] [--result-format human|json]',
  summary: 'Runs a SOQL query on the data',
  async run(commandArguments) {
    const { values, positionals } = parseOptions(commandArguments, {
      source: { type: 'string', default: '.' },
      definition: { type: 'string' },
      data: { type: 'string' },
      'result-format': { type: 'string', default: 'human' },
    });
    const format = oneOf('result-format', values['result-format'], ['human', 'json']);
    const [text] = positionals;
    if (text === undefined || positionals.length > 1) {
      throw new UsageError('query takes one SOQL query in quotes, for example "SELECT Name FROM Account".');
    }
    const data = resolve(values.data ?? join(values.source, DEFAULT_DATA));
    const { rows, totalSize } =
      (await queryRunningServer(data, text)) ??
      queryDirectly({ source: values.source, data, ...definitionOption(values.definition) }, text);
    process.stdout.write(
      format === 'json'
        ? `${JSON.stringify({ status: 0, result: { records: rows, totalSize, done: true } }, null, 2)}\n`
        : `${formatTable(rows)}Total number of records retrieved: ${totalSize}.\n`,
    );
    return 0;
  },
};

interface Answer {
  readonly rows: readonly Record<string, unknown>[];
  readonly totalSize: number;
}

interface Page {
  readonly totalSize: number;
  readonly records: readonly Record<string, unknown>[];
  readonly nextRecordsUrl?: string;
}

async function queryRunningServer(data: string, text: string): Promise<Answer | undefined> {
  let page = (await callRunningServer(data, `${DATA_PATH}/query?q=${encodeURIComponent(text)}`)) as Page | undefined;
  if (!page) {
    return undefined;
  }
  const { totalSize } = page;
  const rows = [...page.records];
  while (page?.nextRecordsUrl) {
    page = (await callRunningServer(data, page.nextRecordsUrl)) as Page | undefined;
    rows.push(...(page?.records ?? []));
  }
  return { rows, totalSize };
}

function queryDirectly(options: LaunchOptions, text: string): Answer {
  const { org } = launch(options);
  try {
    const { records, totalSize } = org.transaction({ userId: org.administratorId }, (transaction) =>
      transaction.query(text, { accessMode: 'user', sharing: 'with' }),
    );
    return { rows: records.map((record) => recordToJson(record)), totalSize };
  } finally {
    org.close();
  }
}
