/** SOQL on rows in memory: fields of a row and of its parents, filters, order and limit. */
import type { Condition, Expression, Operator, Value } from '../../soql/ast.ts';
import { QueryError } from '../../soql/errors.ts';
import { parseQuery } from '../../soql/parse.ts';
import { normalizeId } from '../../store/ids.ts';
import { DATA_PATH } from '../context.ts';
import { toolingObject } from './tables.ts';
import type { ToolingObjectName, ToolingRow, ToolingValue } from './tables.ts';

/**
 * Runs a query when its object is one of the tooling objects in memory.
 *
 * @param rowsOf rows of an object
 * @returns the records in the REST API's shape; undefined when the object is another one
 * @throws QueryError when the query is malformed, names a field that there is not, or asks for more than this supports
 */
export function queryRows(
  text: string,
  rowsOf: (name: ToolingObjectName) => readonly ToolingRow[],
): readonly Record<string, unknown>[] | undefined {
  const query = parseQuery(text);
  const object = toolingObject(query.from);
  if (!object) {
    return undefined;
  }
  const refuse = (what: string, offset: number): never => {
    throw new QueryError('NOT_SUPPORTED', `${what} is not supported in queries of ${object.name}`, text, offset);
  };
  const pathOf = (expression: Expression): readonly string[] => {
    if (expression.kind !== 'field') {
      return refuse(`The function ${expression.name}`, expression.offset);
    }
    const [first = '', second, ...rest] = expression.path.parts;
    const own = (name: string, names: readonly string[]): string | undefined =>
      names.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    const parent = second === undefined ? undefined : own(first, Object.keys(object.parents));
    const last = second === undefined ? own(first, object.fields) : own(second, object.parents[parent ?? ''] ?? []);
    if (last === undefined || rest.length > 0) {
      const path = expression.path.parts.join('.');
      throw new QueryError(
        'INVALID_FIELD',
        `No such column '${path}' on entity '${object.name}'.`,
        text,
        expression.offset,
      );
    }
    return parent === undefined ? [last] : [parent, last];
  };
  if (query.groupBy.length > 0 || query.having || query.queryOffset || query.forUpdate || query.scope !== null) {
    refuse('GROUP BY, HAVING, OFFSET, FOR UPDATE or USING SCOPE', query.offset);
  }
  const paths = query.select.map((item) =>
    item.kind === 'expression' ? pathOf(item.expression) : refuse('A subquery or FIELDS()', query.offset),
  );
  const scalar = (value: Value): string | number | boolean | null => {
    switch (value.kind) {
      case 'string':
      case 'boolean':
        return value.value;
      case 'number':
        return Number(value.text);
      case 'null':
        return null;
      default:
        return refuse('This value', value.offset);
    }
  };
  const matcher = (condition: Condition): ((row: ToolingRow) => boolean) => {
    if (condition.kind === 'not') {
      const item = matcher(condition.item);
      return (row) => !item(row);
    }
    if (condition.kind !== 'comparison') {
      const items = condition.items.map(matcher);
      return condition.kind === 'and'
        ? (row) => items.every((item) => item(row))
        : (row) => items.some((item) => item(row));
    }
    const path = pathOf(condition.left);
    const compare = COMPARISONS[condition.operator] ?? refuse(`The operator ${condition.operator}`, condition.offset);
    const { right } = condition;
    const values = right.kind === 'list' ? right.items.map(scalar) : [scalar(right)];
    return (row) => compare(valueAt(row, path), values);
  };
  const rows = rowsOf(object.name as ToolingObjectName).filter(query.where ? matcher(query.where) : () => true);
  const order = query.orderBy.map((item) => ({ ...item, path: pathOf(item.expression) }));
  const sorted = [...rows].sort((left, right) => {
    for (const { path, descending } of order) {
      const difference = ordered(valueAt(left, path), valueAt(right, path));
      if (difference !== 0) {
        return descending ? -difference : difference;
      }
    }
    return 0;
  });
  const limit = query.limit ? Number(scalar(query.limit)) : sorted.length;
  return sorted.slice(0, limit).map((row) => recordJson(object.name, row, paths));
}

type Scalar = string | number | boolean | null;

/** Texts are equal in any case, Ids in both lengths. */
function same(value: ToolingValue, wanted: Scalar): boolean {
  if (typeof value !== 'string' || typeof wanted !== 'string') {
    return value === wanted;
  }
  return value.toLowerCase() === wanted.toLowerCase() || (wanted.length === 15 && normalizeId(wanted) === value);
}

const compared =
  (accepts: (difference: number) => boolean) =>
  (value: ToolingValue, [wanted = null]: readonly Scalar[]): boolean =>
    value !== null && wanted !== null && accepts(ordered(value, wanted));

const COMPARISONS: Partial<Record<Operator, (value: ToolingValue, wanted: readonly Scalar[]) => boolean>> = {
  '=': (value, [wanted = null]) => same(value, wanted),
  '!=': (value, [wanted = null]) => !same(value, wanted),
  IN: (value, wanted) => wanted.some((each) => same(value, each)),
  'NOT IN': (value, wanted) => !wanted.some((each) => same(value, each)),
  '<': compared((difference) => difference < 0),
  '<=': compared((difference) => difference <= 0),
  '>': compared((difference) => difference > 0),
  '>=': compared((difference) => difference >= 0),
};

function ordered(left: ToolingValue, right: ToolingValue): number {
  if (left === right) {
    return 0;
  }
  if (left === null || right === null) {
    return left === null ? -1 : 1;
  }
  return left < right ? -1 : 1;
}

function valueAt(row: ToolingRow, [first = '', second]: readonly string[]): ToolingValue {
  const value = row[first] ?? null;
  return second === undefined ? value : ((value as ToolingRow | null)?.[second] ?? null);
}

function recordJson(name: string, row: ToolingRow, paths: readonly (readonly string[])[]): Record<string, unknown> {
  const record: Record<string, unknown> = { attributes: attributes(name, row) };
  for (const [first = '', second] of paths) {
    const value = row[first] ?? null;
    if (second === undefined || value === null) {
      record[first] = value;
    } else {
      const parent = value as ToolingRow;
      const known = (record[first] ?? { attributes: attributes('Name', parent) }) as Record<string, unknown>;
      record[first] = { ...known, [second]: parent[second] ?? null };
    }
  }
  return record;
}

function attributes(type: string, row: ToolingRow): Record<string, unknown> {
  return { type, url: `${DATA_PATH}/tooling/sobjects/${type}/${row.Id}` };
}
