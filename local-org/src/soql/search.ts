/** SOSL: FIND … IN … RETURNING …, run as one query an object on the records that hold the words. */
import type { FieldDescribe, FieldType, ObjectDescribe, Schema } from '../schema/types.ts';
import { foldedColumn, hasColumn, quote } from '../store/encoding.ts';
import type { Store } from '../store/Store.ts';
import { describeQuery } from './describeQuery.ts';
import { QueryError } from './errors.ts';
import { matchesTerm } from './searchTerm.ts';

export interface SearchReturning {
  readonly objectName: string;
  /** SELECT list; `Id` when the search names no fields. */
  readonly fields: string;
  /** Condition without WHERE; null when there is none. */
  readonly condition: string | null;
  /** ORDER BY, LIMIT and OFFSET as written. */
  readonly rest: string;
  /** Characters from the start of the search to the object's name, and to what stands in the parentheses. */
  readonly nameOffset: number;
  readonly innerOffset: number;
}

export interface SearchNode {
  /** The words, or the bind's name in lower case. */
  readonly term: { readonly kind: 'text'; readonly value: string } | { readonly kind: 'bind'; readonly name: string };
  readonly group: 'ALL' | 'NAME' | 'EMAIL' | 'PHONE' | 'SIDEBAR';
  readonly returning: readonly SearchReturning[];
  readonly limit: number | null;
  readonly mode: 'USER_MODE' | 'SYSTEM_MODE' | null;
}

const HEAD =
  /^\s*FIND\s+(?:'((?:[^'\\]|\\[\s\S])*)'|\{((?:[^}\\]|\\[\s\S])*)\}|:\s*([\w.$]+))\s*(?:IN\s+(ALL|NAME|EMAIL|PHONE|SIDEBAR)\s+FIELDS\s*)?(?:RETURNING\s+)/i;
const TAIL = /^\s*(?:WITH\s+(USER_MODE|SYSTEM_MODE)\s*)?(?:LIMIT\s+(\d+)\s*)?$/i;
const CLAUSES = /\b(WHERE|ORDER\s+BY|LIMIT|OFFSET)\b/i;
/** Rows of an object that a search looks at, at the most (SOQL and SOSL Limits). */
const MAXIMUM_ROWS = 2000;

/** Throws QueryError MALFORMED_SEARCH. */
export function parseSearch(text: string): SearchNode {
  const head = HEAD.exec(text);
  if (!head) {
    throw new QueryError(
      'MALFORMED_SEARCH',
      "a search looks like: FIND 'words' IN ALL FIELDS RETURNING Account (Id, Name)",
      text,
      0,
    );
  }
  const [whole, quoted, braced, bind, group] = head;
  const returning: SearchReturning[] = [];
  let offset = whole.length;
  for (;;) {
    const name = /^\s*([A-Za-z]\w*)\s*/.exec(text.slice(offset));
    if (!name) throw new QueryError('MALFORMED_SEARCH', 'RETURNING needs the name of an object', text, offset);
    const nameOffset = offset + name[0].indexOf(name[1] ?? '');
    offset += name[0].length;
    const innerOffset = offset + 1;
    let inner = '';
    if (text[offset] === '(') {
      const end = closingParenthesis(text, offset);
      inner = text.slice(offset + 1, end);
      offset = end + 1;
    }
    returning.push({ ...parseReturning(inner), objectName: name[1] ?? '', nameOffset, innerOffset });
    const comma = /^\s*,/.exec(text.slice(offset));
    if (!comma) break;
    offset += comma[0].length;
  }
  const tail = TAIL.exec(text.slice(offset));
  if (!tail)
    throw new QueryError(
      'MALFORMED_SEARCH',
      `the local org does not support this part of a search: ${text.slice(offset).trim()}`,
      text,
      offset,
    );
  return {
    term:
      bind === undefined
        ? { kind: 'text', value: (quoted ?? braced ?? '').replace(/\\([\s\S])/g, '$1') }
        : { kind: 'bind', name: bind.toLowerCase() },
    group: (group?.toUpperCase() ?? 'ALL') as SearchNode['group'],
    returning,
    limit: tail[2] === undefined ? null : Number(tail[2]),
    mode: (tail[1]?.toUpperCase() ?? null) as SearchNode['mode'],
  };
}

function closingParenthesis(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (quoted) {
      if (character === '\\') index += 1;
      else if (character === "'") quoted = false;
    } else if (character === "'") quoted = true;
    else if (character === '(') depth += 1;
    else if (character === ')') {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  throw new QueryError('MALFORMED_SEARCH', "a ')' is missing", text, start);
}

/** The text with blanks in place of what stands in quotes, so that clauses can be found by their words. */
function withoutLiterals(text: string): string {
  return text.replace(/'(?:[^'\\]|\\[\s\S])*'/g, (literal) => ' '.repeat(literal.length));
}

function parseReturning(inner: string): Pick<SearchReturning, 'fields' | 'condition' | 'rest'> {
  const clause = CLAUSES.exec(withoutLiterals(inner));
  const fields = (clause ? inner.slice(0, clause.index) : inner).trim();
  const remainder = clause ? inner.slice(clause.index) : '';
  if (!/^WHERE\b/i.test(remainder)) return { fields: fields || 'Id', condition: null, rest: remainder };
  const after = remainder.slice('WHERE'.length);
  const end = /\b(ORDER\s+BY|LIMIT|OFFSET)\b/i.exec(withoutLiterals(after));
  return {
    fields: fields || 'Id',
    condition: (end ? after.slice(0, end.index) : after).trim(),
    rest: end ? after.slice(end.index) : '',
  };
}

const GROUPS: Readonly<Record<SearchNode['group'], (field: FieldDescribe) => boolean>> = {
  ALL: (field) => SEARCHED.has(field.type),
  SIDEBAR: (field) => SEARCHED.has(field.type),
  NAME: (field) => field.nameField || field.compoundFieldName === 'Name',
  EMAIL: (field) => field.type === 'email',
  PHONE: (field) => field.type === 'phone',
};
const SEARCHED: ReadonlySet<FieldType> = new Set(['string', 'textarea', 'email', 'phone', 'url', 'combobox']);

/** Registers the SQL function that `matchingIds` calls. */
export function registerSearchFunction(store: Store): void {
  store.defineFunction('search_matches', true, (term, ...texts) => {
    const searched = texts.filter((text) => typeof text === 'string');
    return matchesTerm(String(term), searched) ? 1 : 0;
  });
}

/** Ids of live records whose searched fields hold the words. Object names are checked; throws QueryError. */
export function matchingIds(
  store: Store,
  object: ObjectDescribe,
  group: SearchNode['group'],
  term: string,
): readonly string[] {
  const columns = object.fields
    .filter((field) => hasColumn(field) && GROUPS[group](field))
    .map((field) => quote(foldedColumn(field) ?? field.name));
  if (columns.length === 0) return [];
  const live = object.softDelete ? ' AND "IsDeleted" = 0' : '';
  return store
    .all(
      `SELECT "Id" FROM ${quote(object.name)} WHERE search_matches(?, ${columns.join(', ')}) = 1${live} ORDER BY "Id" LIMIT ${MAXIMUM_ROWS}`,
      [term],
    )
    .map((row) => String(row[0]));
}

/** The object that a part of RETURNING names; throws QueryError when it can't be searched. */
export function searchedObject(
  schema: Schema,
  { objectName, nameOffset }: SearchReturning,
  text: string,
): ObjectDescribe {
  const object = schema.object(objectName);
  if (!object?.searchable)
    throw new QueryError('INVALID_TYPE', `sObject type '${objectName}' is not supported.`, text, nameOffset);
  return object;
}

/** Name of the bind that holds the Ids that the words were found in. */
export const FOUND_IDS = 'search$ids';

/** The query that reads what was found of one object. */
export function queryOfFound({ objectName, fields, condition, rest }: SearchReturning, limit: number | null): string {
  const where = condition === null ? '' : ` AND (${condition})`;
  const most = limit === null || /\bLIMIT\b/i.test(rest) ? '' : ` LIMIT ${limit}`;
  return `SELECT ${fields} FROM ${objectName} WHERE Id IN :${FOUND_IDS}${where} ${rest}${most}`;
}

/**
 * Checks what can be known of a search without an org: its form, objects, fields and conditions.
 * @throws QueryError with the offset within `text`
 */
export function checkSearch(text: string, schema: Schema): void {
  const search = parseSearch(text);
  for (const returning of search.returning) {
    searchedObject(schema, returning, text);
    const query = queryOfFound(returning, search.limit);
    try {
      describeQuery(query, schema);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      // The part of RETURNING stands in the query as it is; what is at fault is found again by its words.
      const fault = /^[^\s,()]*/.exec(query.slice(error.offset))?.[0] ?? '';
      const within = fault === '' ? -1 : text.indexOf(fault, returning.innerOffset);
      throw new QueryError(error.code, error.problem, text, within < 0 ? returning.nameOffset : within);
    }
  }
}
