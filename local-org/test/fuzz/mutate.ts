/** Ways to damage a text: by token, by character and by span. */
import type { Random } from './random.ts';

const TOKEN = /\s+|[A-Za-z_][A-Za-z0-9_]*|\d+(?:\.\d+)?|'(?:[^'\\\n]|\\.)*'|[^\sA-Za-z0-9_]/gu;

/** What no language expects: other scripts, halves of surrogate pairs, ends of lines, very long and very deep things. */
const STRANGE: readonly string[] = [
  '\u0000',
  '\u2028',
  '\ufeff',
  '\ud83d',
  '💥',
  'İ',
  'ß',
  '"',
  "'",
  '\\',
  '`',
  '${x}',
  '*/',
  '/*',
  '//',
  '<!--',
  ']]>',
  '&',
  '%',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  '-1',
  '0',
  '99999999999999999999',
  '2147483648',
  '1e309',
  '0.1e',
  '('.repeat(300),
  '['.repeat(300),
  '!'.repeat(300),
  'a'.repeat(5000),
];

type Mutation = (tokens: string[], random: Random, vocabulary: readonly string[]) => void;

const MUTATIONS: readonly Mutation[] = [
  (tokens, random) => void tokens.splice(random.below(tokens.length), 1),
  (tokens, random) => void tokens.splice(random.below(tokens.length), 1 + random.below(12)),
  (tokens, random) => void tokens.splice(random.below(tokens.length)),
  (tokens, random) => {
    const at = random.below(tokens.length);
    tokens.splice(at, 0, tokens[at] ?? '');
  },
  (tokens, random) => {
    const start = random.below(tokens.length);
    tokens.splice(random.below(tokens.length), 0, ...tokens.slice(start, start + 1 + random.below(20)));
  },
  (tokens, random) => {
    const [left, right] = [random.below(tokens.length), random.below(tokens.length)];
    [tokens[left], tokens[right]] = [tokens[right] ?? '', tokens[left] ?? ''];
  },
  ...Array.from({ length: 6 }, (): Mutation => replaceAlike),
  (tokens, random, vocabulary) => {
    tokens[wordAt(tokens, random)] = random.pick(vocabulary);
  },
  (tokens, random, vocabulary) => void tokens.splice(random.below(tokens.length), 0, ` ${random.pick(vocabulary)} `),
  (tokens, random) => void tokens.splice(random.below(tokens.length), 0, random.pick(STRANGE)),
  (tokens, random) => {
    tokens[wordAt(tokens, random)] = random.pick(STRANGE);
  },
  (tokens, random) => {
    const at = random.below(tokens.length);
    const token = tokens[at] ?? '';
    const offset = random.below(token.length);
    tokens[at] = token.slice(0, offset) + String.fromCharCode(32 + random.below(95)) + token.slice(offset + 1);
  },
];

/** Puts a name where a name stood, a sign where a sign stood: such mutants get past the parser. */
function replaceAlike(tokens: string[], random: Random, vocabulary: readonly string[]): void {
  const at = wordAt(tokens, random);
  const sort = sortOf(tokens[at] ?? '');
  const alike = vocabulary.filter((token) => sortOf(token) === sort);
  tokens[at] = random.pick(alike.length > 0 ? alike : vocabulary);
}

const sortOf = (token: string): string =>
  /^[A-Za-z_]/.test(token)
    ? token === token.toUpperCase()
      ? 'word'
      : 'name'
    : /^[\d']/.test(token)
      ? 'literal'
      : 'sign';

/** Index of a token that is no blank, when one is found soon. */
function wordAt(tokens: readonly string[], random: Random): number {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const at = random.below(tokens.length);
    if (tokens[at]?.trim() !== '') return at;
  }
  return 0;
}

/** Tokens of a text; joined, they are the text again. */
export function tokensOf(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

/** Distinct tokens of texts, to be put where others stood. */
export function vocabularyOf(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.flatMap(tokensOf).filter((token) => token.trim() !== ''))];
}

/**
 * Damages a text in one place, now and then in two or three.
 *
 * @param vocabulary tokens of the same language, so that many mutants get past the parser
 */
export function mutate(text: string, random: Random, vocabulary: readonly string[]): string {
  const tokens = tokensOf(text);
  for (let times = random.pick([1, 1, 1, 2, 3]); times > 0; times -= 1) {
    if (tokens.length === 0) tokens.push('');
    random.pick(MUTATIONS)(tokens, random, vocabulary);
  }
  return tokens.join('');
}

/** Values that a client may send where another type is meant. */
const JSON_VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  1e300,
  12345678901234567890,
  0.005,
  '',
  ' ',
  'x'.repeat(300),
  '2026-02-30',
  '2026-11-22T12:00:00.000+0000',
  '001000000000000AAA',
  'not an id',
  [],
  [null],
  [[]],
  {},
  { attributes: null },
  { attributes: { type: 'Account' } },
  { records: [] },
  { records: null },
];

/** Damages JSON by its structure: values of other types, names dropped, renamed or added. */
export function mutateJson(value: unknown, random: Random, names: readonly string[]): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = [...value];
    const at = random.below(items.length + 1);
    if (random.below(4) === 0) items.splice(at, 1, items[random.below(items.length)] ?? random.pick(JSON_VALUES));
    else if (at < items.length) items[at] = mutateJson(items[at], random, names);
    else items.push(random.pick(JSON_VALUES));
    return items;
  }
  if (typeof value !== 'object' || value === null || random.below(12) === 0) return random.pick(JSON_VALUES);
  const entries = Object.entries(value);
  const at = random.below(entries.length + 1);
  const [name, item] = entries[at] ?? [random.pick(names), random.pick(JSON_VALUES)];
  const choice = random.below(6);
  if (choice === 0) entries.splice(at, 1);
  else if (choice === 1) entries.splice(at, 1, [random.pick([...names, ...STRANGE]), item]);
  else if (choice === 2) entries.push([random.pick(names), random.pick(JSON_VALUES)]);
  else entries.splice(at, 1, [name, mutateJson(item, random, names)]);
  return Object.fromEntries(entries);
}
