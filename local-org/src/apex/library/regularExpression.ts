import { makeException } from '../execution/errors.ts';

const POSIX: Readonly<Record<string, string>> = {
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Upper: 'A-Z',
  Lower: 'a-z',
  Punct: '!-\\/:-@\\[-`{-~',
  Space: '\\s',
  XDigit: '0-9A-Fa-f',
  ASCII: '\\x00-\\x7F',
};
const cache = new Map<string, RegExp>();

/** The flags that JavaScript has too; `u` is always on. */
function flagsOf(letters: string): string {
  const foreign = [...letters].find((letter) => !'imsu'.includes(letter));
  if (foreign !== undefined)
    throw makeException('StringException', `Invalid regex: flag (?${foreign}) is not supported`);
  return letters.replace('u', '');
}

/**
 * Flags in the middle of an expression hold to the end of their group (java.util.regex.Pattern, special constructs):
 * `a(?i)b|c` becomes `a(?i:b)|(?i:c)`.
 */
function scopedFlags(source: string): string {
  if (!/\(\?[imsu]+\)/.test(source)) return source;
  /** Flags that hold in each open group, innermost last. */
  const open: string[] = [''];
  let written = '';
  let inClass = false;
  for (const [token] of source.matchAll(/\\[\s\S]|\(\?[imsu]+\)|[\s\S]/g)) {
    const flags = open.at(-1) as string;
    if (inClass || token === '[') {
      inClass = token !== ']';
      written += token;
    } else if (token.length > 2) {
      const added = flagsOf(token.slice(2, -1));
      written += `${flags === '' ? '' : ')'}(?${flags}${added}:`;
      open[open.length - 1] = flags + added;
    } else if (token === '|' && flags !== '') written += `)|(?${flags}:`;
    else if (token === ')') {
      written += open.length > 1 && open.pop() !== '' ? '))' : ')';
    } else {
      if (token === '(') open.push('');
      written += token;
    }
  }
  return written + (open[0] === '' ? '' : ')');
}

/** A Java regular expression as JavaScript's; throws StringException when it is malformed or has no counterpart. */
export function javaRegExp(pattern: string, flags: string): RegExp {
  const key = `${flags}/${pattern}`;
  let found = cache.get(key);
  if (!found) {
    let source = pattern;
    let options = flags;
    const inline = /^\(\?([imsux]+)\)/.exec(source);
    if (inline) {
      source = source.slice(inline[0].length);
      options += flagsOf(inline[1] as string);
    }
    source = scopedFlags(source);
    source = source
      .replace(/\\Q([\s\S]*?)(?:\\E|$)/g, (_, text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
      .replace(/\[([^\]]*?)\\p\{(\w+)\}/g, (all, before: string, name: string) =>
        POSIX[name] ? `[${before}${POSIX[name]}` : all,
      )
      .replace(/\\p\{(\w+)\}/g, (all, name: string) => (POSIX[name] ? `[${POSIX[name]}]` : all))
      .replace(/\\P\{(\w+)\}/g, (all, name: string) => (POSIX[name] ? `[^${POSIX[name]}]` : all))
      .replace(/\\A/g, '^')
      .replace(/\\[zZ]/g, '$')
      .replace(/([*+?}])\+/g, '$1');
    try {
      found = new RegExp(source, /\\p\{/i.test(source) ? `${options}u` : options);
    } catch (error) {
      throw makeException('StringException', `Invalid regex at 1: ${(error as Error).message}`);
    }
    cache.set(key, found);
  }
  found.lastIndex = 0;
  return found;
}
