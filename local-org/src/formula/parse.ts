/** Parses formulas: operators by precedence, functions, field paths. */
import { FormulaError } from './errors.ts';

export type FormulaNode =
  | { readonly kind: 'number'; readonly text: string; readonly offset: number }
  | { readonly kind: 'text'; readonly value: string; readonly offset: number }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly offset: number }
  | { readonly kind: 'null'; readonly offset: number }
  | { readonly kind: 'path'; readonly parts: readonly string[]; readonly offset: number }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly arguments: readonly FormulaNode[];
      readonly offset: number;
    }
  | {
      readonly kind: 'unary';
      readonly operator: '-' | '+' | '!';
      readonly operand: FormulaNode;
      readonly offset: number;
    }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: FormulaNode;
      readonly right: FormulaNode;
      readonly offset: number;
    };

export type BinaryOperator = '||' | '&&' | '=' | '<>' | '<' | '<=' | '>' | '>=' | '&' | '+' | '-' | '*' | '/' | '^';

interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'symbol' | 'end';
  readonly text: string;
  readonly offset: number;
}

const PATTERN =
  /(?<space>\s+|\/\*[\s\S]*?\*\/)|(?<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|(?<name>[$A-Za-z_][A-Za-z0-9_]*(?::[A-Za-z_]\w*)?(?:\s*\.\s*[A-Za-z_][A-Za-z0-9_]*(?::[A-Za-z_]\w*)?)*)|(?<text>"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*')|(?<symbol>\|\||&&|<=|>=|<>|!=|==|[-+*/^&=<>(),!])/y;
const SAME: Readonly<Record<string, string>> = { '==': '=', '!=': '<>' };
/** Loosest first; operators of a level associate to the left. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['=', '<>'],
  ['<', '<=', '>', '>='],
  ['&'],
  ['+', '-'],
  ['*', '/'],
];

/** Throws FormulaError. `Owner:User.Name` is read as `Owner.Name`. */
export function parseFormula(text: string): FormulaNode {
  return new Parser(text).parse();
}

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < text.length) {
    const offset = PATTERN.lastIndex;
    const groups = PATTERN.exec(text)?.groups;
    if (!groups) throw new FormulaError(`Syntax error. Unexpected character '${text[offset] ?? ''}'`, offset);
    if (groups['space'] !== undefined) continue;
    const kind =
      (['number', 'name', 'text', 'symbol'] as const).find((candidate) => groups[candidate] !== undefined) ?? 'symbol';
    tokens.push({ kind, text: groups[kind] ?? '', offset });
  }
  tokens.push({ kind: 'end', text: '', offset: text.length });
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  parse(): FormulaNode {
    if (this.#atEnd) throw new FormulaError('Syntax error. The formula is empty', 0);
    const node = this.#level(0);
    if (!this.#atEnd) this.#unexpected();
    return node;
  }

  get #token(): Token {
    return this.#tokens[this.#index] as Token;
  }

  get #atEnd(): boolean {
    return this.#token.kind === 'end';
  }

  #unexpected(): never {
    const token = this.#token;
    throw new FormulaError(
      token.kind === 'end' ? 'Syntax error. The formula ends too early' : `Syntax error. Extra ${token.text}`,
      token.offset,
    );
  }

  #level(level: number): FormulaNode {
    const operators = LEVELS[level];
    if (!operators) return this.#power();
    let left = this.#level(level + 1);
    for (;;) {
      const token = this.#token;
      const operator =
        token.kind === 'symbol'
          ? operators.find((candidate) => candidate === (SAME[token.text] ?? token.text))
          : undefined;
      if (operator === undefined) return left;
      this.#index += 1;
      left = { kind: 'binary', operator, left, right: this.#level(level + 1), offset: token.offset };
    }
  }

  #power(): FormulaNode {
    const left = this.#unary();
    const token = this.#token;
    if (token.kind !== 'symbol' || token.text !== '^') return left;
    this.#index += 1;
    return { kind: 'binary', operator: '^', left, right: this.#power(), offset: token.offset };
  }

  #unary(): FormulaNode {
    const token = this.#token;
    if (token.kind === 'symbol' && (token.text === '-' || token.text === '+' || token.text === '!')) {
      this.#index += 1;
      return { kind: 'unary', operator: token.text, operand: this.#unary(), offset: token.offset };
    }
    return this.#primary();
  }

  #primary(): FormulaNode {
    const token = this.#token;
    const { offset } = token;
    this.#index += 1;
    if (token.kind === 'number') return { kind: 'number', text: token.text, offset };
    if (token.kind === 'text') return { kind: 'text', value: unescape(token.text), offset };
    if (token.kind === 'symbol' && token.text === '(') {
      const node = this.#level(0);
      this.#expect(')');
      return node;
    }
    if (token.kind !== 'name') {
      this.#index -= 1;
      this.#unexpected();
    }
    if (this.#accept('('))
      return { kind: 'call', name: token.text.toUpperCase(), arguments: this.#arguments(), offset };
    const upper = token.text.toUpperCase();
    if (upper === 'TRUE' || upper === 'FALSE') return { kind: 'boolean', value: upper === 'TRUE', offset };
    if (upper === 'NULL') return { kind: 'null', offset };
    return { kind: 'path', parts: token.text.split('.').map((part) => part.trim().replace(/:.*$/, '')), offset };
  }

  #arguments(): readonly FormulaNode[] {
    if (this.#accept(')')) return [];
    const list = [this.#level(0)];
    while (this.#accept(',')) list.push(this.#level(0));
    this.#expect(')');
    return list;
  }

  #accept(symbol: string): boolean {
    if (this.#token.kind !== 'symbol' || this.#token.text !== symbol) return false;
    this.#index += 1;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#accept(symbol)) throw new FormulaError(`Syntax error. Missing '${symbol}'`, this.#token.offset);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function unescape(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\([\s\S])/g, (_match, character: string) => ESCAPES[character] ?? character);
}
