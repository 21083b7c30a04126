/** Test.loadData: records from a static resource (Apex Developer Guide, "Loading Test Data"). */
import { valueOfText } from '../../runtime/metadataValue.ts';
import { SObjectRecord } from '../../schema/record.ts';
import type { ObjectDescribe } from '../../schema/types.ts';
import { ApexBlob } from '../../values/ApexBlob.ts';
import { ApexList } from '../execution/ApexList.ts';
import type { SObjectTypeToken } from '../execution/describe.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';

/** Rows of cells; a cell in quotes may hold commas, line ends and doubled quotes. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|\r|\n|$)/y;
  while (cell.lastIndex < text.length) {
    const [, content = '', end = ''] = cell.exec(text) ?? malformed('a cell in quotes does not end');
    row.push(content.startsWith('"') ? content.slice(1, -1).replaceAll('""', '"') : content);
    if (end === ',' && cell.lastIndex < text.length) continue;
    if (end === ',') row.push('');
    rows.push(row);
    row = [];
  }
  return rows.filter((cells) => cells.length > 1 || cells[0] !== '');
}

function malformed(problem: string): never {
  throw makeException('StringException', `The static resource for Test.loadData can't be read: ${problem}`);
}

/** Inserts a record for each line behind the first, which names the fields; blank cells are left out. */
export function loadData(token: SObjectTypeToken | null, resource: string | null): ApexList {
  const { describe } = token ?? nullPointer();
  const { transaction, program } = execution();
  const system = { accessMode: 'system', sharing: 'without' } as const;
  const [found] = transaction.query('SELECT Body FROM StaticResource WHERE Name = :name', {
    ...system,
    binds: new Map([['name', resource ?? nullPointer()]]),
    countLimits: false,
  }).records;
  const body = found?.values.get('Body');
  if (!(body instanceof ApexBlob)) return malformed(`there is no static resource ${resource}`);
  const [names = [], ...lines] = parseCsv(new TextDecoder().decode(body.bytes));
  const fields = names.map((name) => {
    const field = describe.field(name.trim());
    if (!field || field.name === 'Id') return malformed(`${describe.name} has no field ${name.trim()} to be filled`);
    return field;
  });
  const records = lines.map((cells, line) => {
    const record = new SObjectRecord(describe);
    if (cells.length > fields.length) malformed(`line ${line + 2} has more cells than the first`);
    for (const [index, field] of fields.entries()) {
      const cell = cells[index] ?? '';
      if (cell !== '') record.values.set(field.name, valueOf(describe, field.name, cell, line + 2));
    }
    return record;
  });
  transaction.dml({ ...system, operation: 'insert', records, allOrNone: true });
  const { table } = program;
  return new ApexList(table.list(table.of(table.sobjectSymbol(describe.name) ?? table.sobject.symbol)), records);
}

function valueOf(describe: ObjectDescribe, name: string, text: string, line: number): unknown {
  const field = describe.field(name) ?? nullPointer();
  try {
    return valueOfText(field, field.type === 'boolean' ? text.toLowerCase() : text);
  } catch (error) {
    return malformed(`line ${line}, ${name}: “${text}” is not of the type ${field.type}: ${(error as Error).message}`);
  }
}
