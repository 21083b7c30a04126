/** Filter items of metadata (roll-up summaries, sharing rules, entry criteria) as SQL on a row's own columns. */
import type { FieldDescribe, ObjectDescribe } from '../schema/types.ts';
import { ApexDate } from '../values/ApexDate.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import { Decimal } from '../values/Decimal.ts';
import { encode, foldedColumn, quote, storageClass } from './encoding.ts';
import type { StoredValue } from './encoding.ts';
import { fold } from './folding.ts';

/** `Amount greaterThan 1000`; several values stand between commas. */
export interface FilterItem {
  readonly field: string;
  readonly operation: string;
  readonly value: string;
}

export interface FilterSql {
  readonly sql: string;
  readonly parameters: readonly StoredValue[];
}

const COMPARISONS: Readonly<Record<string, string>> = {
  equals: 'IS',
  notEqual: 'IS NOT',
  lessThan: '<',
  greaterThan: '>',
  lessOrEqual: '<=',
  greaterOrEqual: '>=',
};
const PATTERNS: Readonly<Record<string, (text: string) => string>> = {
  contains: (text) => `%${text}%`,
  notContain: (text) => `%${text}%`,
  startsWith: (text) => `${text}%`,
  includes: (text) => `%${text}%`,
  excludes: (text) => `%${text}%`,
};

/** Operations that filter items may name. */
export const FILTER_OPERATIONS: readonly string[] = [...Object.keys(COMPARISONS), ...Object.keys(PATTERNS)];

/**
 * One filter item on columns of `alias` ('' for none).
 * @throws Error when the field or the operation is unknown: the reader of the metadata has checked both
 */
export function filterCondition(object: ObjectDescribe, filter: FilterItem, alias = ''): FilterSql {
  const field = object.field(filter.field);
  if (!field) throw new Error(`${object.name} has no field ${filter.field}`);
  const column = (alias === '' ? '' : `${alias}.`) + quote(foldedColumn(field) ?? field.name);
  const values = filter.value.split(',').map((value) => filterValue(field, value.trim()));
  const operator = COMPARISONS[filter.operation];
  if (operator !== undefined) {
    const joined = values.map(() => `${column} ${operator} ?`).join(filter.operation === 'notEqual' ? ' AND ' : ' OR ');
    return { sql: `(${joined})`, parameters: values };
  }
  const pattern = PATTERNS[filter.operation];
  if (!pattern) throw new Error(`unknown filter operation ${filter.operation}`);
  const negated = filter.operation === 'notContain' || filter.operation === 'excludes';
  return {
    sql: `(${values.map(() => (negated ? `(${column} LIKE ?) IS NOT TRUE` : `${column} LIKE ?`)).join(negated ? ' AND ' : ' OR ')})`,
    parameters: values.map((value) => pattern(String(value))),
  };
}

/**
 * Filter items joined by a filter logic such as `1 AND (2 OR 3)`; without one, all must hold.
 * @throws Error when the logic is no logic of these items
 */
export function filterLogic(
  object: ObjectDescribe,
  filters: readonly FilterItem[],
  logic: string | null,
  alias = '',
): FilterSql {
  const items = filters.map((filter) => filterCondition(object, filter, alias));
  if (logic === null || logic === '') {
    return {
      sql: items.length === 0 ? '1' : `(${items.map((item) => item.sql).join(' AND ')})`,
      parameters: items.flatMap((item) => item.parameters),
    };
  }
  const parameters: StoredValue[] = [];
  const sql = logic.replaceAll(/\d+|[A-Za-z]+|\S/g, (token) => {
    if (/^\d+$/.test(token)) {
      const item = items[Number(token) - 1];
      if (!item) throw new Error(`the filter logic ${logic} names item ${token}; there are ${items.length}`);
      parameters.push(...item.parameters);
      return item.sql;
    }
    if (/^(AND|OR|NOT|[()])$/i.test(token)) return ` ${token.toUpperCase()} `;
    throw new Error(`the filter logic ${logic} has the unreadable part ${token}`);
  });
  return { sql: `(${sql})`, parameters };
}

function filterValue(field: FieldDescribe, text: string): StoredValue {
  if (text === '') return null;
  switch (storageClass(field)) {
    case 'boolean':
      return /^(true|1)$/i.test(text) ? 1 : 0;
    case 'decimal':
      return encode(field, Decimal.parse(text));
    case 'integer':
      return Number(text);
    case 'date':
      return ApexDate.parse(text).days;
    case 'datetime':
      return ApexDatetime.parse(text).milliseconds;
    case 'id':
      return text;
    default:
      return fold(text);
  }
}
