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
      for (const letter of inline[1] as string) {
        if ('ims'.includes(letter)) options += letter;
        else if (letter !== 'u')
          throw makeException('StringException', `Invalid regex: flag (?${letter}) is not supported`);
      }
    }
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
