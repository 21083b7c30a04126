/** Record trees: the format of the sObject Tree resource and of `sf data import tree`. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { recordFromJson } from '../runtime/json.ts';
import type { DmlResult, Org, RecordError, Transaction } from '../runtime/types.ts';
import type { SObjectRecord } from '../schema/record.ts';
import type { ObjectDescribe } from '../schema/types.ts';
import { ApiError } from './errors.ts';

/** Records a tree may hold in all (REST API Developer Guide, sObject Tree). */
const TREE_LIMIT = 200;
/** Records that an import saves with one DML statement. */
const IMPORT_BATCH = 200;

export interface TreeRecord {
  readonly attributes: { readonly type: string; readonly referenceId: string };
  readonly [field: string]: unknown;
}

export interface TreeOutcome {
  readonly hasErrors: boolean;
  readonly results: readonly {
    readonly referenceId: string;
    readonly id?: string | null;
    readonly errors?: readonly RecordError[];
  }[];
}

interface Node {
  readonly referenceId: string;
  readonly record: SObjectRecord;
  readonly children: readonly { readonly field: string; readonly node: Node }[];
}

/**
 * Saves records with their children, level by level; when one fails, none stays.
 *
 * @param describe object of the topmost records
 * @param records the body's `records`
 * @throws ApiError when the body is no tree or holds more than 200 records
 */
export function saveTree(
  transaction: Transaction,
  describe: ObjectDescribe,
  records: readonly TreeRecord[],
): TreeOutcome {
  const roots = nodesOf(transaction.org, describe, records);
  const count = countNodes(roots);
  if (count === 0 || count > TREE_LIMIT) {
    throw new ApiError(400, 'INVALID_INPUT', `A tree holds from 1 to ${TREE_LIMIT} records, not ${count}.`);
  }
  const savepoint = transaction.setSavepoint();
  const saved: { referenceId: string; result: DmlResult }[] = [];
  let level = roots;
  while (level.length > 0 && saved.every(({ result }) => result.success)) {
    for (const nodes of groupByObject(level)) {
      const results = insert(
        transaction,
        nodes.map(({ record }) => record),
      );
      saved.push(...nodes.map(({ referenceId }, index) => ({ referenceId, result: results[index] as DmlResult })));
    }
    level = level.flatMap(({ record, children }) =>
      children.map(({ field, node }) => {
        node.record.values.set(field, record.id);
        return node;
      }),
    );
  }
  const failed = saved.filter(({ result }) => !result.success);
  if (failed.length > 0) {
    transaction.rollback(savepoint);
    return {
      hasErrors: true,
      results: failed.map(({ referenceId, result }) => ({ referenceId, errors: result.errors })),
    };
  }
  return { hasErrors: false, results: saved.map(({ referenceId, result }) => ({ referenceId, id: result.id })) };
}

/** An import that was refused: names file and record. */
export class ImportError extends Error {
  readonly code = 'IMPORT';

  constructor(message: string) {
    super(message);
    this.name = 'ImportError';
  }
}

/**
 * Imports what `sf data import tree --plan` imports, in one transaction: all of it or nothing.
 *
 * @param planFile path of a plan: a JSON list of `{ sobject, files }`; records refer to earlier ones as `@referenceId`
 * @returns number of records by object
 * @throws ImportError naming the file and the record that was refused
 */
export function importPlan(org: Org, planFile: string): Map<string, number> {
  const steps = readJson(planFile) as readonly { readonly sobject: string; readonly files: readonly string[] }[];
  return org.transaction({ userId: org.administratorId }, (transaction) => {
    const ids = new Map<string, string>();
    const counts = new Map<string, number>();
    for (const { sobject, files } of steps) {
      for (const file of files.map((name) => join(dirname(planFile), name))) {
        const { records } = readJson(file) as { readonly records: readonly TreeRecord[] };
        importRecords(transaction, sobject, file, records, ids);
        counts.set(sobject, (counts.get(sobject) ?? 0) + records.length);
      }
    }
    return counts;
  });
}

function importRecords(
  transaction: Transaction,
  objectName: string,
  file: string,
  records: readonly TreeRecord[],
  ids: Map<string, string>,
): void {
  const describe = transaction.org.schema.object(objectName);
  if (!describe) {
    throw new ImportError(`${file}: there is no object ${objectName}`);
  }
  for (let start = 0; start < records.length; start += IMPORT_BATCH) {
    const batch = records.slice(start, start + IMPORT_BATCH);
    const results = insert(
      transaction,
      batch.map((record) => recordFromJson(describe, resolveReferences(record, ids, file))),
    );
    batch.forEach(({ attributes }, index) => {
      const result = results[index] as DmlResult;
      if (!result.success) {
        const reasons = result.errors.map(({ statusCode, message }) => `${statusCode}: ${message}`).join('; ');
        throw new ImportError(`${file}: record ${attributes.referenceId} was refused: ${reasons}`);
      }
      ids.set(`@${attributes.referenceId}`, result.id as string);
    });
  }
}

function resolveReferences(
  record: TreeRecord,
  ids: ReadonlyMap<string, string>,
  file: string,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([name]) => name !== 'attributes')
      .map(([name, value]) => {
        if (typeof value !== 'string' || !value.startsWith('@')) {
          return [name, value];
        }
        const id = ids.get(value);
        if (id === undefined) {
          throw new ImportError(
            `${file}: ${record.attributes.referenceId}.${name} refers to ${value}, which no earlier file holds`,
          );
        }
        return [name, id];
      }),
  );
}

function insert(transaction: Transaction, records: readonly SObjectRecord[]): readonly DmlResult[] {
  return transaction.dml({
    operation: 'insert',
    records,
    allOrNone: false,
    accessMode: 'user',
    sharing: 'with',
    countLimits: false,
    fromClient: true,
  });
}

function nodesOf(org: Org, describe: ObjectDescribe, records: unknown): Node[] {
  if (!Array.isArray(records)) {
    throw new ApiError(400, 'JSON_PARSER_ERROR', 'A record tree needs a list "records".');
  }
  return (records as (Partial<TreeRecord> | null)[]).map((json) => {
    const { attributes, ...fields } = json ?? {};
    if (typeof attributes?.referenceId !== 'string') {
      throw new ApiError(400, 'INVALID_INPUT', 'Every record of a tree needs attributes.referenceId.');
    }
    const children: { field: string; node: Node }[] = [];
    const own: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(fields)) {
      const relationship = describe.childRelationship(name);
      const child = relationship && org.schema.object(relationship.childObject);
      if (relationship && child) {
        const nested = (value as { records?: unknown } | null)?.records;
        children.push(...nodesOf(org, child, nested).map((node) => ({ field: relationship.field, node })));
      } else {
        own[name] = value;
      }
    }
    return { referenceId: attributes.referenceId, record: recordFromJson(describe, own), children };
  });
}

function countNodes(nodes: readonly Node[]): number {
  return nodes.reduce((count, { children }) => count + 1 + countNodes(children.map(({ node }) => node)), 0);
}

function groupByObject(nodes: readonly Node[]): Node[][] {
  return [...Map.groupBy(nodes, ({ record }) => record.describe).values()];
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ImportError(`${file}: ${(error as Error).message}`);
  }
}
