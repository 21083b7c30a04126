/** Runs plans: rows to records, children to their parents. */
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { createFacts, createField, ObjectDescription } from '../schema/objectDescription.ts';
import { SObjectRecord } from '../schema/record.ts';
import type { ObjectDescribe } from '../schema/types.ts';
import { prefixOf } from '../store/ids.ts';
import type { Store } from '../store/Store.ts';
import type { QueryNode } from './ast.ts';
import { QueryError } from './errors.ts';
import { parseQuery } from './parse.ts';
import { PARENT_IDS, planQuery } from './plan.ts';
import type { ChildPlan, QueryPlan, RecordShape } from './plan.ts';
import type { PlannerEnvironment, QueryAccess } from './types.ts';
import { listHoldsNull } from './values.ts';
import type { ExecutionContext } from './values.ts';

const MAXIMUM_PLANS = 1000;

export interface RunOptions {
  readonly access: QueryAccess | null;
  readonly allRows: boolean;
}

export interface RunResult {
  readonly kind: QueryPlan['kind'];
  readonly object: ObjectDescribe;
  readonly records: readonly SObjectRecord[];
  readonly totalSize: number;
  /** Rows that count towards the limit on query rows: main rows, child rows, and rows that aggregates read. */
  readonly rowsRead: number;
  readonly aggregateQueries: number;
}

/** Parses, plans and runs queries of one schema; keeps trees and plans by text. */
export class QueryEngine {
  readonly #environment: PlannerEnvironment;
  readonly #store: Store;
  readonly #trees = new Map<string, QueryNode>();
  readonly #plans = new Map<string, QueryPlan>();

  constructor(environment: PlannerEnvironment, store: Store) {
    this.#environment = environment;
    this.#store = store;
  }

  parse(text: string): QueryNode {
    const existing = this.#trees.get(text);
    if (existing) return existing;
    const tree = parseQuery(text);
    if (this.#trees.size >= MAXIMUM_PLANS) this.#trees.clear();
    this.#trees.set(text, tree);
    return tree;
  }

  /** Throws QueryError. */
  run(text: string, options: RunOptions, context: ExecutionContext): RunResult {
    const plan = this.#plan(text, options, context);
    if (this.#environment.prepare) for (const name of plan.touched) this.#environment.prepare(name);
    const parameters = plan.parameters.map((parameter) => parameter(context));
    const rows = this.#rows(plan.sql, parameters);
    if (plan.kind === 'count') {
      const total = Number(rows[0]?.[0] ?? 0);
      return { kind: 'count', object: plan.object, records: [], totalSize: total, rowsRead: 1, aggregateQueries: 1 };
    }
    if (plan.kind === 'aggregate') {
      const records = aggregateRecords(plan, rows);
      return {
        kind: 'aggregate',
        object: plan.object,
        records,
        totalSize: records.length,
        rowsRead: plan.rowCountColumn === null ? records.length : sumColumn(rows, plan.rowCountColumn),
        aggregateQueries: 1,
      };
    }
    const records = rows.map((row) => toRecord(plan.shape as RecordShape, row, this.#environment));
    let rowsRead = records.length;
    for (const child of plan.children) rowsRead += this.#attachChildren(child, records, context);
    return {
      kind: 'records',
      object: plan.object,
      records,
      totalSize: records.length,
      rowsRead,
      aggregateQueries: plan.children.length,
    };
  }

  /** Throws QueryError when the query could not run. */
  check(text: string, options: RunOptions, context: ExecutionContext): void {
    this.#plan(text, options, context);
  }

  /** Ids of the rows of a record query, read one after another. Throws QueryError. */
  *ids(text: string, options: RunOptions, context: ExecutionContext): Iterable<string> {
    const plan = this.#plan(text, options, context);
    if (plan.kind !== 'records' || plan.shape === null)
      throw new QueryError('MALFORMED_QUERY', 'Aggregate query cannot be used in a query locator', text, 0);
    if (this.#environment.prepare) for (const name of plan.touched) this.#environment.prepare(name);
    const { idColumn } = plan.shape;
    const parameters = plan.parameters.map((parameter) => parameter(context));
    for (const row of this.#store.iterate(plan.sql, parameters)) yield String(row[idColumn]);
  }

  #plan(text: string, options: RunOptions, context: ExecutionContext): QueryPlan {
    const query = this.parse(text);
    const nulls = [...context.binds]
      .filter(([name]) => listHoldsNull({ kind: 'bind', name, offset: 0, end: 0 }, context.binds))
      .map(([name]) => name);
    const lists = [...context.binds].filter(([, value]) => Array.isArray(value)).map(([name]) => name);
    const key = `${options.access?.key ?? ''}\n${options.allRows}\n${nulls.join()}\n${lists.join()}\n${text}`;
    const existing = this.#plans.get(key);
    if (existing) return existing;
    const plan = planQuery(text, query, {
      environment: this.#environment,
      access: options.access,
      allRows: options.allRows,
      binds: context.binds,
    });
    if (this.#plans.size >= MAXIMUM_PLANS) this.#plans.clear();
    this.#plans.set(key, plan);
    return plan;
  }

  #rows(sql: string, parameters: readonly SQLInputValue[]): readonly (readonly SQLOutputValue[])[] {
    try {
      return this.#store.all(sql, parameters);
    } catch (error) {
      if ((error as Error).message !== 'integer overflow') throw error;
      return this.#store.all(sql.replaceAll('sum(', 'exact_sum('), parameters);
    }
  }

  #attachChildren(child: ChildPlan, parents: readonly SObjectRecord[], context: ExecutionContext): number {
    if (parents.length === 0) return 0;
    const { plan } = child;
    const childContext: ExecutionContext = {
      ...context,
      startOfDay: (date) => context.startOfDay(date),
      binds: new Map([...context.binds, [PARENT_IDS, JSON.stringify(parents.map((parent) => parent.id))]]),
    };
    const limit = plan.childLimit === null ? Number.POSITIVE_INFINITY : Number(plan.childLimit(childContext));
    const byParent = new Map<string, SObjectRecord[]>(parents.map((parent) => [parent.id ?? '', []]));
    let count = 0;
    for (const row of this.#rows(
      plan.sql,
      plan.parameters.map((parameter) => parameter(childContext)),
    )) {
      const list = byParent.get(String(row[child.parentColumn]));
      if (!list || list.length >= limit) continue;
      list.push(toRecord(plan.shape as RecordShape, row, this.#environment));
      count += 1;
    }
    for (const parent of parents) parent.related.set(child.relationshipName, byParent.get(parent.id ?? '') ?? []);
    return count;
  }
}

function sumColumn(rows: readonly (readonly SQLOutputValue[])[], column: number): number {
  return rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
}

function toRecord(shape: RecordShape, row: readonly SQLOutputValue[], environment: PlannerEnvironment): SObjectRecord {
  const id = row[shape.idColumn] as string;
  const describe =
    shape.objects.length > 1 ? (environment.schema.objectByKeyPrefix(prefixOf(id)) ?? shape.object) : shape.object;
  const variant = shape.variants?.get(describe.name);
  if (variant) return toRecord(variant, row, environment);
  const record = new SObjectRecord(describe);
  record.values.set('Id', id);
  for (const field of shape.fields) record.values.set(field.name, field.decode(row[field.column] ?? null));
  for (const parent of shape.parents) {
    const parentId = row[parent.shape.idColumn] as string | null;
    record.values.set(parent.referenceField, parentId);
    record.related.set(parent.relationshipName, parentId === null ? null : toRecord(parent.shape, row, environment));
  }
  record.retrieved = shape.retrieved;
  record.shape = shape.order;
  return record;
}

const aggregateDescribes = new WeakMap<QueryPlan, ObjectDescribe>();

function aggregateRecords(plan: QueryPlan, rows: readonly (readonly SQLOutputValue[])[]): readonly SObjectRecord[] {
  let describe = aggregateDescribes.get(plan);
  if (!describe) {
    const fields = plan.aggregates.map((column) =>
      createField({
        name: column.name,
        type: column.field.type,
        ...(column.field.field ? { label: column.field.field.label } : {}),
      }),
    );
    describe = new ObjectDescription(
      createFacts({ name: 'AggregateResult', kind: 'aggregate', stored: false, fields }),
    );
    aggregateDescribes.set(plan, describe);
  }
  const order = plan.aggregates.map((column) => column.name);
  return rows.map((row) => {
    const record = new SObjectRecord(describe);
    plan.aggregates.forEach((column, index) => record.values.set(column.name, column.decode(row[index] ?? null)));
    record.shape = order;
    record.readOnly = true;
    return record;
  });
}
