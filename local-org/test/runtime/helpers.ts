/** Short forms for tests: records from plain values, query results as plain values. */
import type { OrgRuntime } from '../../src/runtime/OrgRuntime.ts';
import type { DmlRequest, DmlResult, Transaction } from '../../src/runtime/types.ts';
import { SObjectRecord } from '../../src/schema/record.ts';
import { ApexDate } from '../../src/values/ApexDate.ts';
import { Decimal } from '../../src/values/Decimal.ts';

export const decimal = (text: string): Decimal => Decimal.parse(text);
export const date = (text: string): ApexDate => ApexDate.parse(text);

export function record(org: OrgRuntime, objectName: string, values: Readonly<Record<string, unknown>>): SObjectRecord {
  const made = new SObjectRecord(org.object(objectName));
  for (const [name, value] of Object.entries(values)) made.values.set(name, value);
  return made;
}

export function dml(
  transaction: Transaction,
  operation: DmlRequest['operation'],
  records: readonly SObjectRecord[],
  options: Partial<DmlRequest> = {},
): readonly DmlResult[] {
  return transaction.dml({ operation, records, allOrNone: true, accessMode: 'system', sharing: 'without', ...options });
}

/** Inserts in one statement; returns the Ids. */
export function insert(transaction: Transaction, ...records: readonly SObjectRecord[]): readonly string[] {
  return dml(transaction, 'insert', records).map((result) => result.id ?? '');
}

type Plain = string | number | boolean | null | Plain[] | { [name: string]: Plain };

/** Results with decimals and dates as text, in the order of the SELECT clause. */
export function query(
  transaction: Transaction,
  text: string,
  binds: Readonly<Record<string, unknown>> = {},
  options: { accessMode?: 'user' | 'system'; sharing?: 'with' | 'without'; allRows?: boolean } = {},
): Plain[] {
  const result = transaction.query(text, {
    accessMode: 'system',
    sharing: 'without',
    binds: new Map(Object.entries(binds).map(([name, value]) => [name.toLowerCase(), value])),
    ...options,
  });
  return result.kind === 'count' ? [result.totalSize] : result.records.map(plain);
}

function plain(made: SObjectRecord): Plain {
  return Object.fromEntries(
    (made.shape ?? []).map((name) => {
      if (!made.related.has(name)) return [name, plainValue(made.values.get(name))];
      const related = made.related.get(name);
      return [
        name,
        related instanceof SObjectRecord
          ? plain(related)
          : related === null || related === undefined
            ? null
            : related.map(plain),
      ];
    }),
  );
}

function plainValue(value: unknown): Plain {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : (value as Decimal | ApexDate).toString();
}
