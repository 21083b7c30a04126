/** Error codes of the REST API that a query can end with. */
export type QueryErrorCode =
  | 'MALFORMED_QUERY'
  | 'MALFORMED_SEARCH'
  | 'INVALID_FIELD'
  | 'INVALID_TYPE'
  | 'INVALID_QUERY_FILTER_OPERATOR'
  | 'NUMBER_OUTSIDE_VALID_RANGE'
  | 'INSUFFICIENT_ACCESS'
  | 'NOT_SUPPORTED'
  | 'UNKNOWN_BIND';

/** A query that can't be run. `message` is Salesforce's, with the line and a caret where the query is at fault. */
export class QueryError extends Error {
  readonly code: QueryErrorCode;
  /** The message without the excerpt of the query. */
  readonly problem: string;
  /** Characters from the start of the query text. */
  readonly offset: number;
  /** From 1, within the query text. */
  readonly line: number;
  readonly column: number;
  /** Object that user mode denies; Apex words it as System.SecurityException: Access to entity 'X' denied. */
  deniedObject: string | null = null;

  constructor(code: QueryErrorCode, problem: string, text: string, offset: number) {
    const before = text.slice(0, offset);
    const line = before.split('\n').length;
    const column = offset - (before.lastIndexOf('\n') + 1) + 1;
    const excerpt = text.split('\n')[line - 1] ?? '';
    super(
      code === 'MALFORMED_QUERY' || code === 'UNKNOWN_BIND' || code === 'INSUFFICIENT_ACCESS'
        ? problem
        : `\n${excerpt}\n${' '.repeat(column - 1)}^\nERROR at Row:${line}:Column:${column}\n${problem}`,
    );
    this.name = 'QueryError';
    this.code = code;
    this.problem = problem;
    this.offset = offset;
    this.line = line;
    this.column = column;
  }
}
