import { ApexCompileError } from '../ApexCompileError.ts';
import type { SourceText } from './SourceText.ts';

export type TokenKind = 'word' | 'integer' | 'long' | 'decimal' | 'double' | 'string' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written; for strings the value without quotes and escapes. */
  readonly text: string;
  /** Lower-case text of a word, the symbol itself, '' otherwise: what the parser compares with. */
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

/** `>` is never joined with what follows: the parser does that, since `>>` also closes two type argument lists. */
const SYMBOLS = [
  '<<=',
  '===',
  '!==',
  '==',
  '!=',
  '<>',
  '<=',
  '<<',
  '=>',
  '&&',
  '||',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '&=',
  '|=',
  '^=',
  '?.',
  '??',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  ';',
  ',',
  '.',
  '=',
  '<',
  '>',
  '!',
  '~',
  '?',
  ':',
  '+',
  '-',
  '*',
  '/',
  '&',
  '|',
  '^',
  '@',
  '%',
];
const SYMBOLS_BY_FIRST = new Map<string, string[]>();
for (const symbol of SYMBOLS) {
  const first = symbol.charAt(0);
  SYMBOLS_BY_FIRST.set(first, [...(SYMBOLS_BY_FIRST.get(first) ?? []), symbol]);
}

const WORD = /[A-Za-z_\u00c0-\uffff$][\w\u00c0-\uffff$]*/y;
const NUMBER = /\d*\.\d+[dD]?|\d+[lLdD]?/y;
const SPACE = /(?:\s+|\/\/[^\n]*|\ufeff)+/y;

/** Splits Apex source into tokens; throws ApexCompileError at a character or string that can't be read. */
export function tokenize(source: SourceText): Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  const fail = (at: number, message: string): never => {
    throw new ApexCompileError([source.problem(at, message)]);
  };
  let at = 0;
  for (;;) {
    SPACE.lastIndex = at;
    if (SPACE.test(text)) at = SPACE.lastIndex;
    if (text.startsWith('/*', at)) {
      const close = text.indexOf('*/', at + 2);
      if (close < 0) fail(at, "Unterminated comment: expected '*/'");
      at = close + 2;
      continue;
    }
    if (at >= text.length) break;
    const character = text.charAt(at);
    if (character === "'") {
      const start = at;
      let value = '';
      const multiline = text.startsWith("'''", at) && /^'''[^\S\n]*\r?\n/.test(text.slice(at, at + 200));
      const quote = multiline ? "'''" : "'";
      at = multiline ? text.indexOf('\n', at) + 1 : at + 1;
      for (;;) {
        if (at >= text.length) fail(start, `Unterminated string: expected ${quote}`);
        if (text.startsWith(quote, at)) break;
        const next = text.charAt(at);
        if (next === '\\') {
          const escape = text.charAt(at + 1);
          if (escape === 'u' || escape === 'U') {
            const code = text.slice(at + 2, at + 6);
            if (!/^[0-9a-fA-F]{4}$/.test(code)) fail(at, `Illegal string escape: \\u${code}`);
            value += String.fromCharCode(parseInt(code, 16));
            at += 6;
          } else {
            const plain = ESCAPES[escape.toLowerCase()];
            if (plain === undefined) fail(at, `Illegal string escape: \\${escape}`);
            value += plain;
            at += 2;
          }
        } else {
          if (next === '\n' && !multiline) fail(start, "Unterminated string: expected '");
          value += next;
          at++;
        }
      }
      at += quote.length;
      tokens.push({ kind: 'string', text: multiline ? stripIndent(value) : value, key: '', start, end: at });
      continue;
    }
    NUMBER.lastIndex = at;
    const previous = tokens[tokens.length - 1];
    if (
      (character >= '0' && character <= '9') ||
      (character === '.' && /\d/.test(text.charAt(at + 1)) && (previous?.end !== at || previous.kind === 'symbol'))
    ) {
      const match = NUMBER.exec(text);
      if (match) {
        const raw = match[0];
        const last = raw.charAt(raw.length - 1).toLowerCase();
        const kind = last === 'l' ? 'long' : last === 'd' ? 'double' : raw.includes('.') ? 'decimal' : 'integer';
        tokens.push({
          kind,
          text: last === 'l' || last === 'd' ? raw.slice(0, -1) : raw,
          key: '',
          start: at,
          end: at + raw.length,
        });
        at += raw.length;
        continue;
      }
    }
    WORD.lastIndex = at;
    const word = WORD.exec(text);
    if (word) {
      tokens.push({ kind: 'word', text: word[0], key: word[0].toLowerCase(), start: at, end: at + word[0].length });
      at += word[0].length;
      continue;
    }
    const symbol = SYMBOLS_BY_FIRST.get(character)?.find((candidate) => text.startsWith(candidate, at));
    if (symbol === undefined)
      return fail(at, `Unrecognized symbol '${character}', which is not a valid Apex identifier.`);
    tokens.push({ kind: 'symbol', text: symbol, key: symbol, start: at, end: at + symbol.length });
    at += symbol.length;
  }
  tokens.push({ kind: 'end', text: '<EOF>', key: '', start: text.length, end: text.length });
  return tokens;
}

/** Drops the indentation that all lines of a multi-line string share; the last line's counts too. */
function stripIndent(value: string): string {
  const lines = value.split('\n');
  const last = lines.length - 1;
  const indents = lines
    .filter((line, index) => line.trim() !== '' || index === last)
    .map((line) => line.length - line.trimStart().length);
  const shared = Math.min(...indents);
  return lines.map((line) => line.slice(Math.min(shared, line.length))).join('\n');
}
