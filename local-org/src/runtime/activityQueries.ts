/** Restrictions on queries for a record's activities (Object Reference, "OpenActivity" and "ActivityHistory"). */
import type { OrderItem, QueryNode } from '../soql/ast.ts';
import { QueryError } from '../soql/errors.ts';

const MAXIMUM_ROWS = 499;
/** ActivityDate's direction by relationship; LastModifiedDate always descends. */
const DATE_DESCENDS: ReadonlyMap<string, boolean> = new Map([
  ['openactivities', false],
  ['activityhistories', true],
]);

/** @throws QueryError when a user without View All Data asks for more than one record's activities or sorts otherwise */
export function checkActivityQuery(query: QueryNode, text: string): void {
  for (const item of query.select) {
    if (item.kind !== 'subquery') continue;
    const descends = DATE_DESCENDS.get(item.query.from.toLowerCase());
    if (descends === undefined) continue;
    const { where, orderBy, limit, from, fromOffset } = item.query;
    const [date, modified, ...more] = orderBy;
    const sorts = (order: OrderItem | undefined, name: string, descending: boolean): boolean =>
      order?.expression.kind === 'field' &&
      order.expression.path.parts.join('.').toLowerCase() === name &&
      order.descending === descending;
    const isSorted =
      sorts(date, 'activitydate', descends) && sorts(modified, 'lastmodifieddate', true) && more.length === 0;
    const isShort = limit?.kind === 'number' && Number(limit.text) <= MAXIMUM_ROWS;
    if (where === null && isSorted && isShort && namesOneRecord(query)) continue;
    throw new QueryError(
      'MALFORMED_QUERY',
      `There is an implementation restriction on ${from}. When you query this relationship, security evaluation is implemented for users who don't have administrator permissions, and you must use a specific sort order: ActivityDate ${descends ? 'DESC' : 'ASC'}, LastModifiedDate DESC, evaluate a single parent row, have no WHERE clause, and limit the rows to ${MAXIMUM_ROWS}`,
      text,
      fromOffset,
    );
  }
}

/** `WHERE Id = …` and nothing else. */
function namesOneRecord({ where }: QueryNode): boolean {
  return (
    where?.kind === 'comparison' &&
    where.operator === '=' &&
    where.left.kind === 'field' &&
    where.left.path.parts.join('.').toLowerCase() === 'id'
  );
}
