/** Splits SOQL text into tokens. */
import { QueryError } from './errors.ts';

export type TokenKind = 'money' | 'name' | 'string' | 'number' | 'date' | 'datetime' | 'bind' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Source text; for strings the value without quotes and escapes, for binds the name. */
  readonly text: string;
  /** Upper-case text of a name, else the text. */
  readonly upper: string;
  readonly offset: number;
  readonly end: number;
}

const PATTERN = new RegExp(
  [
    // Queries inside Apex may hold comments.
    '(?<space>\\s+|//[^\\n]*|/\\*[\\s\\S]*?\\*/)',
    '(?<datetime>\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(?::\\d{2})?(?:\\.\\d+)?(?:Z|[+-]\\d{2}:?\\d{2}))',
    '(?<date>\\d{4}-\\d{2}-\\d{2})(?![\\dT])',
    '(?<number>[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)(?![A-Za-z_])',
    // `USD5000` reads as a name here: it may be an alias; the parser knows where a value is due.
    '(?<money>[A-Z]{3}\\d+\\.\\d+)(?![A-Za-z0-9_.])',
    '(?<name>[A-Za-z_][A-Za-z0-9_]*)',
    "(?<string>'(?:[^'\\\\]|\\\\[\\s\\S])*')",
    '(?<bind>:\\s*[A-Za-z_$][A-Za-z0-9_$]*(?:\\.[A-Za-z_][A-Za-z0-9_]*)*)',
    '(?<symbol><=|>=|!=|<>|[=<>(),.:])',
  ].join('|'),
  'uy',
);

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\n',
  R: '\r',
  T: '\t',
  B: '\b',
  F: '\f',
};

/** Throws QueryError on a character that no token starts with. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < text.length) {
    const offset = PATTERN.lastIndex;
    const groups = PATTERN.exec(text)?.groups;
    if (!groups) {
      const character = text[offset] ?? '';
      const { line, column } = lineAndColumn(text, offset);
      throw new QueryError(
        'MALFORMED_QUERY',
        character === "'"
          ? `line ${line}:${column} mismatched character '<EOF>' expecting '''`
          : `line ${line}:${column} no viable alternative at character '${character}'`,
        text,
        offset,
      );
    }
    const end = PATTERN.lastIndex;
    if (groups['space'] !== undefined) continue;
    const kind =
      (['datetime', 'date', 'number', 'money', 'name', 'string', 'bind', 'symbol'] as const).find(
        (candidate) => groups[candidate] !== undefined,
      ) ?? 'symbol';
    // `Date__c=:x` would read `:x` as bind; `LAST_N_DAYS:5` has a number and stays a symbol.
    const source = text.slice(offset, end);
    const value =
      kind === 'string'
        ? unescape(source.slice(1, -1), text, offset)
        : kind === 'bind'
          ? source.slice(1).trim()
          : source;
    tokens.push({ kind, text: value, upper: kind === 'name' ? value.toUpperCase() : value, offset, end });
  }
  tokens.push({ kind: 'end', text: '<EOF>', upper: '<EOF>', offset: text.length, end: text.length });
  return tokens;
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - (before.lastIndexOf('\n') + 1) };
}

/** Escapes stay for LIKE's wildcards: `\%` and `\_`. */
function unescape(source: string, text: string, offset: number): string {
  if (!source.includes('\\')) return source;
  return source.replace(
    /\\u([0-9A-Fa-f]{4})|\\([\s\S])/g,
    (match, code: string | undefined, character: string | undefined) => {
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      if (character === '%' || character === '_') return match;
      const replaced = ESCAPES[character ?? ''];
      if (replaced === undefined)
        throw new QueryError(
          'MALFORMED_QUERY',
          `Invalid string literal '${source}'. Illegal character sequence '${match}' in string literal.`,
          text,
          offset,
        );
      return replaced;
    },
  );
}
