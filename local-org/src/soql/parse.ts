/**
 * Parses SOQL. A parser of its own: dynamic SOQL and REST queries are parsed at run time and refused in Salesforce's words,
 * with offsets in the query's own text. `bench/data.ts` measures it.
 */
import type {
  Condition,
  Expression,
  FieldReference,
  Operator,
  OrderItem,
  Path,
  QueryNode,
  SelectItem,
  Value,
} from './ast.ts';
import { DATE_LITERALS } from './dateLiterals.ts';
import { QueryError } from './errors.ts';
import { tokenize } from './tokens.ts';
import type { Token } from './tokens.ts';

/** Words that end a FROM clause's alias or a select item. */
const CLAUSE_WORDS: ReadonlySet<string> = new Set([
  'FROM',
  'WHERE',
  'WITH',
  'GROUP',
  'HAVING',
  'ORDER',
  'LIMIT',
  'OFFSET',
  'FOR',
  'ALL',
  'USING',
  'UPDATE',
  'AND',
  'OR',
  'NULLS',
  'ASC',
  'DESC',
]);
const SYMBOL_OPERATORS: Readonly<Record<string, Operator>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

/** Throws QueryError (MALFORMED_QUERY) with the offset of the token that can't stand there. */
export function parseQuery(text: string): QueryNode {
  const parser = new Parser(text);
  const query = parser.query(false);
  parser.expectEnd();
  return query;
}

/** SOQL and SOSL Reference, GROUP BY ROLLUP. */
const MOST_SUBTOTAL_FIELDS = 3;

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  get #token(): Token {
    return this.#tokens[this.#index] as Token;
  }

  #peek(distance: number): Token | undefined {
    return this.#tokens[this.#index + distance];
  }

  #next(): Token {
    const token = this.#token;
    this.#index += 1;
    return token;
  }

  #isWord(word: string): boolean {
    return this.#token.kind === 'name' && this.#token.upper === word;
  }

  #acceptWord(word: string): boolean {
    if (!this.#isWord(word)) return false;
    this.#index += 1;
    return true;
  }

  #acceptSymbol(symbol: string): boolean {
    if (this.#token.kind !== 'symbol' || this.#token.text !== symbol) return false;
    this.#index += 1;
    return true;
  }

  #unexpected(token: Token = this.#token): never {
    throw new QueryError(
      'MALFORMED_QUERY',
      token.kind === 'end'
        ? 'unexpected token: <EOF>'
        : `unexpected token: '${token.kind === 'string' ? `'${token.text}'` : this.#text.slice(token.offset, token.end)}'`,
      this.#text,
      token.offset,
    );
  }

  #refuse(problem: string, offset: number): never {
    throw new QueryError('MALFORMED_QUERY', problem, this.#text, offset);
  }

  #expectSymbol(symbol: string): void {
    if (!this.#acceptSymbol(symbol)) this.#unexpected();
  }

  #expectWord(word: string): void {
    if (!this.#acceptWord(word)) this.#unexpected();
  }

  #name(): Token {
    // A name may look like an amount (`ABC1`); only where a value stands is it one.
    if (this.#token.kind !== 'name') this.#unexpected();
    return this.#next();
  }

  expectEnd(): void {
    if (this.#token.kind !== 'end') this.#unexpected();
  }

  query(nested: boolean): QueryNode {
    const offset = this.#token.offset;
    this.#expectWord('SELECT');
    const select = [this.#selectItem(nested)];
    while (this.#acceptSymbol(',')) select.push(this.#selectItem(nested));
    this.#expectWord('FROM');
    const fromToken = this.#name();
    let from = fromToken.text;
    // `FROM Account.Contacts` and `FROM a.Contacts` name a relationship of the outer query.
    while (this.#acceptSymbol('.')) from = this.#name().text;
    let alias: string | null = null;
    this.#acceptWord('AS');
    if (this.#token.kind === 'name' && !CLAUSE_WORDS.has(this.#token.upper)) alias = this.#next().text;
    if (this.#token.kind === 'symbol' && this.#token.text === ',')
      this.#refuse('the local org supports one object in FROM', this.#token.offset);
    let scope: string | null = null;
    if (this.#acceptWord('USING')) {
      this.#acceptWord('SCOPE');
      scope = this.#name().upper;
    }
    const where = this.#acceptWord('WHERE') ? this.#condition() : null;
    const mode = this.#acceptWord('WITH') ? this.#mode() : null;
    const { groupBy, subtotals } = this.#groupBy();
    const having = this.#acceptWord('HAVING') ? this.#condition() : null;
    const orderBy = this.#orderBy();
    const limit = this.#acceptWord('LIMIT') ? this.#count() : null;
    const queryOffset = this.#acceptWord('OFFSET') ? this.#count() : null;
    let forUpdate = false;
    while (this.#acceptWord('FOR')) {
      const word = this.#name().upper;
      if (word === 'UPDATE') forUpdate = true;
      else if (word !== 'VIEW' && word !== 'REFERENCE') this.#unexpected(this.#tokens[this.#index - 1]);
    }
    let allRows = false;
    if (this.#acceptWord('ALL')) {
      this.#expectWord('ROWS');
      allRows = true;
    }
    if (this.#isWord('UPDATE'))
      this.#refuse('UPDATE TRACKING and UPDATE VIEWSTAT are not supported', this.#token.offset);
    return {
      select,
      from,
      fromOffset: fromToken.offset,
      alias,
      scope,
      where,
      mode,
      groupBy,
      subtotals,
      having,
      orderBy,
      limit,
      queryOffset,
      forUpdate,
      allRows,
      offset,
    };
  }

  #selectItem(nested: boolean): SelectItem {
    const token = this.#token;
    if (token.kind === 'symbol' && token.text === '(') {
      if (nested) this.#refuse('subqueries can be nested one level deep', token.offset);
      this.#next();
      const query = this.query(true);
      this.#expectSymbol(')');
      return { kind: 'subquery', query };
    }
    if (this.#isWord('TYPEOF') && this.#peek(1)?.kind === 'name') return this.#typeof();
    if (this.#isWord('FIELDS') && this.#peek(1)?.text === '(') {
      this.#next();
      this.#expectSymbol('(');
      const which = this.#name();
      this.#expectSymbol(')');
      if (which.upper !== 'ALL' && which.upper !== 'STANDARD' && which.upper !== 'CUSTOM') this.#unexpected(which);
      return { kind: 'fields', which: which.upper, offset: token.offset };
    }
    const expression = this.#expression();
    let alias: string | null = null;
    if (this.#token.kind === 'name' && !CLAUSE_WORDS.has(this.#token.upper)) alias = this.#next().text;
    return { kind: 'expression', expression, alias };
  }

  /** `TYPEOF What WHEN Account THEN Phone WHEN Opportunity THEN Amount, Name ELSE Name END` */
  #typeof(): SelectItem {
    const { offset } = this.#next();
    const { path: relationship } = this.#field(this.#name());
    const cases: { objectName: string; offset: number; fields: readonly FieldReference[] }[] = [];
    while (this.#acceptWord('WHEN')) {
      const object = this.#name();
      this.#expectWord('THEN');
      cases.push({ objectName: object.text, offset: object.offset, fields: this.#fields() });
    }
    if (cases.length === 0) this.#unexpected();
    const otherwise = this.#acceptWord('ELSE') ? this.#fields() : null;
    this.#expectWord('END');
    return { kind: 'typeof', relationship, cases, otherwise, offset };
  }

  #fields(): readonly FieldReference[] {
    const fields = [this.#field(this.#name())];
    while (this.#acceptSymbol(',')) fields.push(this.#field(this.#name()));
    return fields;
  }

  #expression(): Expression {
    const first = this.#name();
    if (this.#acceptSymbol('(')) {
      if (this.#acceptSymbol(')')) return { kind: 'function', name: first.upper, argument: null, offset: first.offset };
      const argument = this.#expression();
      this.#expectSymbol(')');
      return { kind: 'function', name: first.upper, argument, offset: first.offset };
    }
    return this.#field(first);
  }

  #field(first: Token): FieldReference {
    const parts = [first.text];
    while (this.#acceptSymbol('.')) parts.push(this.#name().text);
    const path: Path = { parts, offset: first.offset };
    return { kind: 'field', path, offset: first.offset };
  }

  /** AND and OR may not be mixed without parentheses. */
  #condition(): Condition {
    const first = this.#term();
    const word = this.#isWord('AND') ? 'AND' : this.#isWord('OR') ? 'OR' : null;
    if (word === null) return first;
    const items = [first];
    while (this.#acceptWord(word)) items.push(this.#term());
    if (this.#isWord('AND') || this.#isWord('OR')) this.#unexpected();
    return { kind: word === 'AND' ? 'and' : 'or', items };
  }

  #term(): Condition {
    if (this.#isWord('NOT')) {
      this.#next();
      return { kind: 'not', item: this.#term() };
    }
    if (this.#acceptSymbol('(')) {
      const condition = this.#condition();
      this.#expectSymbol(')');
      return condition;
    }
    const left = this.#expression();
    const operatorToken = this.#token;
    const operator = this.#operator();
    const takesList = operator === 'IN' || operator === 'NOT IN' || operator === 'INCLUDES' || operator === 'EXCLUDES';
    const right = takesList ? this.#list() : this.#value();
    return { kind: 'comparison', left, operator, right, offset: operatorToken.offset };
  }

  #operator(): Operator {
    const token = this.#next();
    const symbol = token.kind === 'symbol' ? SYMBOL_OPERATORS[token.text] : undefined;
    if (symbol !== undefined) return symbol;
    if (token.kind === 'name') {
      if (token.upper === 'LIKE' || token.upper === 'IN' || token.upper === 'INCLUDES' || token.upper === 'EXCLUDES')
        return token.upper;
      if (token.upper === 'NOT' && this.#acceptWord('IN')) return 'NOT IN';
    }
    return this.#unexpected(token);
  }

  #list(): Value {
    const token = this.#token;
    if (token.kind === 'bind') return this.#value();
    this.#expectSymbol('(');
    if (this.#isWord('SELECT')) {
      const query = this.query(true);
      this.#expectSymbol(')');
      return { kind: 'query', query, offset: token.offset };
    }
    const items = [this.#value()];
    while (this.#acceptSymbol(',')) items.push(this.#value());
    this.#expectSymbol(')');
    return { kind: 'list', items, offset: token.offset };
  }

  #value(): Value {
    const token = this.#next();
    const { offset } = token;
    switch (token.kind) {
      case 'string':
        return { kind: 'string', value: token.text, offset };
      case 'number':
        return { kind: 'number', text: token.text, offset };
      case 'money':
        return money(token);
      case 'date':
        return { kind: 'date', text: token.text, offset };
      case 'datetime':
        return { kind: 'datetime', text: token.text, offset };
      case 'bind':
        return { kind: 'bind', name: token.text.toLowerCase(), offset, end: token.end };
      case 'name':
        return this.#word(token);
      default:
        return this.#unexpected(token);
    }
  }

  #word(token: Token): Value {
    const { offset } = token;
    if (token.upper === 'TRUE' || token.upper === 'FALSE')
      return { kind: 'boolean', value: token.upper === 'TRUE', offset };
    if (token.upper === 'NULL') return { kind: 'null', offset };
    const takesCount = DATE_LITERALS.get(token.upper);
    if (/^[A-Z]{3}\d+$/.test(token.text)) return money(token);
    if (takesCount === undefined) return this.#unexpected(token);
    if (!takesCount) return { kind: 'dateLiteral', name: token.upper, count: null, offset };
    this.#expectSymbol(':');
    const count = this.#next();
    if (count.kind !== 'number' || !/^\d+$/.test(count.text)) this.#unexpected(count);
    return { kind: 'dateLiteral', name: token.upper, count: Number(count.text), offset };
  }

  #count(): Value {
    const token = this.#token;
    const value = this.#value();
    if (value.kind === 'bind' || (value.kind === 'number' && /^\d+$/.test(value.text))) return value;
    return this.#unexpected(token);
  }

  #mode(): QueryNode['mode'] {
    const token = this.#name();
    if (token.upper === 'USER_MODE' || token.upper === 'SYSTEM_MODE' || token.upper === 'SECURITY_ENFORCED')
      return token.upper;
    if (token.upper === 'DATA') this.#refuse('WITH DATA CATEGORY is not supported by the local org', token.offset);
    return this.#unexpected(token);
  }

  #groupBy(): Pick<QueryNode, 'groupBy' | 'subtotals'> {
    if (!this.#acceptWord('GROUP')) return { groupBy: [], subtotals: 'NONE' };
    this.#expectWord('BY');
    const word = this.#token.upper;
    const isSubtotal = (word === 'ROLLUP' || word === 'CUBE') && this.#peek(1)?.text === '(';
    if (!isSubtotal) return { groupBy: this.#expressions(), subtotals: 'NONE' };
    const { offset } = this.#next();
    this.#expectSymbol('(');
    const groupBy = this.#expressions();
    this.#expectSymbol(')');
    if (groupBy.length > MOST_SUBTOTAL_FIELDS)
      this.#refuse(`GROUP BY ${word} takes at most ${MOST_SUBTOTAL_FIELDS} fields`, offset);
    return { groupBy, subtotals: word };
  }

  #expressions(): readonly Expression[] {
    const items = [this.#expression()];
    while (this.#acceptSymbol(',')) items.push(this.#expression());
    return items;
  }

  #orderBy(): readonly OrderItem[] {
    if (!this.#acceptWord('ORDER')) return [];
    this.#expectWord('BY');
    const items: OrderItem[] = [];
    do {
      const expression = this.#expression();
      const descending = this.#acceptWord('DESC');
      if (!descending) this.#acceptWord('ASC');
      let nullsLast = false;
      if (this.#acceptWord('NULLS')) {
        nullsLast = this.#acceptWord('LAST');
        if (!nullsLast) this.#expectWord('FIRST');
      }
      items.push({ expression, descending, nullsLast });
    } while (this.#acceptSymbol(','));
    return items;
  }
}

/** `USD5000`: an amount in a currency. */
function money({ text, offset }: Token): Value {
  return { kind: 'money', isoCode: text.slice(0, 3), text: text.slice(3), offset };
}
