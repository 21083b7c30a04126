/** Other queries made of a query: how a batch first finds its records and then reads them scope by scope. */
import type { QueryNode } from './ast.ts';

/** Bind that holds the Ids of `onTheseIds`; no variable can have this name. */
export const IDS_BIND = 'scope$ids';

/** The query that finds the same records in the same order and returns nothing but their Ids. */
export function onlyIds(query: QueryNode, text: string): string {
  return `SELECT Id FROM ${text.slice(query.fromOffset)}`;
}

/** The query that reads the same fields of the records whose Ids are bound to IDS_BIND. */
export function onTheseIds(query: QueryNode, text: string): string {
  const mode = query.mode === null ? '' : ` WITH ${query.mode}`;
  const alias = query.alias === null ? '' : ` ${query.alias}`;
  const rows = query.allRows ? ' ALL ROWS' : '';
  return `${text.slice(0, query.fromOffset)}${query.from}${alias} WHERE Id IN :${IDS_BIND}${mode}${rows}`;
}
