import { ApexBlob } from '../../values/ApexBlob.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { ApexList } from '../execution/ApexList.ts';
import { makeException, nullPointer } from '../execution/errors.ts';
import { execution } from '../execution/Execution.ts';
import { hashCodeOf } from '../execution/keys.ts';
import { iterateItems } from './iterate.ts';
import { toText } from '../execution/text.ts';
import { javaRegExp } from './regularExpression.ts';
import { formatLocal } from './timeZone.ts';
import type { LibraryClass } from './define.ts';

const strings = (items: readonly string[]): ApexList => {
  const { table } = execution().program;
  return new ApexList(table.list(table.string), [...items]);
};
const integers = (items: readonly number[]): ApexList => {
  const { table } = execution().program;
  return new ApexList(table.list(table.integer), [...items]);
};
const need = <T>(value: T | null): T => value ?? nullPointer();

function outOfRange(message: string): never {
  throw makeException('StringException', message);
}
function substring(self: string, start: number, end: number): string {
  if (start < 0 || end > self.length || start > end)
    outOfRange(
      `Starting position out of bounds: ${start}`
        .replace('Starting position', start < 0 || start > self.length ? 'Starting position' : 'Ending position')
        .replace(/: .*/, `: ${start < 0 || start > self.length ? start : end}`),
    );
  return self.slice(start, end);
}
const isEmptyText = (text: string | null): boolean => text === null || text === '';
const isBlankText = (text: string | null): boolean => text === null || text.trim() === '';
const every = (self: string, pattern: RegExp): boolean => self !== '' && pattern.test(self);

/** Java's String.split: trailing empty parts go when the limit is 0. */
export function split(self: string, pattern: RegExp, limit: number): string[] {
  if (self === '') return [''];
  const expression = new RegExp(pattern.source, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`);
  const parts: string[] = [];
  let from = 0;
  for (const match of self.matchAll(expression)) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (match[0] === '' && (match.index === 0 || match.index === self.length)) continue;
    if (match.index === 0 && match[0] !== '' && false) continue;
    parts.push(self.slice(from, match.index));
    from = match.index + match[0].length;
  }
  parts.push(self.slice(from));
  if (limit === 0) while (parts.length > 1 && parts[parts.length - 1] === '') parts.pop();
  return parts;
}

function format(template: string, values: readonly unknown[]): string {
  let result = '';
  let quoted = false;
  for (let index = 0; index < template.length; index++) {
    const character = template.charAt(index);
    if (character === "'") {
      if (template.charAt(index + 1) === "'") {
        result += "'";
        index++;
      } else {
        quoted = !quoted;
      }
      continue;
    }
    const slot = !quoted && character === '{' ? /^\{(\d+)\}/.exec(template.slice(index)) : null;
    if (slot) {
      const position = Number(slot[1]);
      result += position < values.length ? toText(values[position]) : slot[0];
      index += slot[0].length - 1;
    } else {
      result += character;
    }
  }
  return result;
}

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const capitalizeWord = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

function levenshtein(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const change = left[row - 1] === right[column - 1] ? 0 : 1;
      current.push(
        Math.min(
          (previous[column] as number) + 1,
          (current[column - 1] as number) + 1,
          (previous[column - 1] as number) + change,
        ),
      );
    }
    previous = current;
  }
  return previous[right.length] as number;
}

function difference(left: string, right: string): number {
  let index = 0;
  while (index < left.length && index < right.length && left[index] === right[index]) index++;
  return left === right ? -1 : index;
}

function abbreviate(self: string, width: number, offset = 0): string {
  if (width < 4) throw makeException('IllegalArgumentException', 'Minimum abbreviation width is 4');
  if (self.length <= width) return self;
  let start = Math.min(offset, self.length);
  if (self.length - start < width - 3) start = self.length - (width - 3);
  if (start <= 4) return `${self.slice(0, width - 3)}...`;
  if (width < 7) throw makeException('IllegalArgumentException', 'Minimum abbreviation width with offset is 7');
  if (start + (width - 3) < self.length) return `...${abbreviate(self.slice(start), width - 3)}`;
  return `...${self.slice(self.length - (width - 3))}`;
}

function swapCase(self: string): string {
  return [...self]
    .map((character) => (character === character.toUpperCase() ? character.toLowerCase() : character.toUpperCase()))
    .join('');
}

function unescapeText(self: string): string {
  return self.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, code: string) => {
    if (code.startsWith('u')) return String.fromCharCode(parseInt(code.slice(1), 16));
    return { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }[code] ?? code;
  });
}
const escapeUnicode = (text: string): string =>
  text.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
const escapeControl = (text: string): string =>
  text.replace(
    /[\\"\n\t\r\b\f]/g,
    (character) => ({ '\n': '\\n', '\t': '\\t', '\r': '\\r', '\b': '\\b', '\f': '\\f' })[character] ?? `\\${character}`,
  );

function dateOrText(value: unknown): string | null {
  if (value === null) return null;
  if (value instanceof ApexDate) return value.toString();
  if (value instanceof ApexDatetime) return formatLocal(value, 'yyyy-MM-dd HH:mm:ss');
  return toText(value);
}

export const stringClass: LibraryClass = {
  name: 'String',
  statics: {
    'String escapeSingleQuotes(String text)': (text: string) => need(text).replace(/\\/g, '\\\\').replace(/'/g, "\\'"),
    'String format(String template, List<Object> values)': (template: string, values: ApexList) =>
      format(need(template), need(values).items),
    'String fromCharArray(List<Integer> characters)': (characters: ApexList) =>
      String.fromCodePoint(...(need(characters).items as number[])),
    'String getCommonPrefix(List<String> texts)': (texts: ApexList) => {
      const items = need(texts).items as string[];
      const first = items[0] ?? '';
      let length = first.length;
      for (const item of items) while (!item.startsWith(first.slice(0, length))) length--;
      return first.slice(0, length);
    },
    'Boolean isBlank(String text)': isBlankText,
    'Boolean isEmpty(String text)': isEmptyText,
    'Boolean isNotBlank(String text)': (text: string | null) => !isBlankText(text),
    'Boolean isNotEmpty(String text)': (text: string | null) => !isEmptyText(text),
    'String join(Iterable<Object> parts, String separator)': (parts: unknown, separator: string | null) =>
      [...iterateItems(parts)].map((part) => (part === null ? '' : toText(part))).join(separator ?? ''),
    'String valueOf(Object value)': dateOrText,
    'String valueOf(Date value)': dateOrText,
    'String valueOf(Datetime value)': dateOrText,
    'String valueOfGmt(Datetime value)': (value: ApexDatetime) => need(value).toString(),
  },
  methods: {
    'String toString()': (self: string) => self,
    'String abbreviate(Integer width)': (self: string, width: number) => abbreviate(self, need(width)),
    'String abbreviate(Integer width, Integer offset)': (self: string, width: number, offset: number) =>
      abbreviate(self, need(width), need(offset)),
    'String capitalize()': (self: string) => capitalizeWord(self),
    'String center(Integer size)': (self: string, size: number) =>
      self.padStart(self.length + Math.floor(Math.max(0, size - self.length) / 2)).padEnd(size),
    'String center(Integer size, String padding)': (self: string, size: number, padding: string) =>
      self.padStart(self.length + Math.floor(Math.max(0, size - self.length) / 2), padding).padEnd(size, padding),
    'Integer charAt(Integer index)': (self: string, index: number) =>
      index >= 0 && index < self.length ? self.charCodeAt(index) : outOfRange(`Index out of bounds: ${index}`),
    'Integer codePointAt(Integer index)': (self: string, index: number) =>
      self.codePointAt(need(index)) ?? outOfRange(`Index out of bounds: ${index}`),
    'Integer codePointBefore(Integer index)': (self: string, index: number) =>
      self.codePointAt(need(index) - 1) ?? outOfRange(`Index out of bounds: ${index}`),
    'Integer codePointCount(Integer start, Integer end)': (self: string, start: number, end: number) =>
      [...self.slice(start, end)].length,
    'Integer compareTo(String other)': (self: string, other: string) => {
      const index = difference(self, need(other));
      if (index < 0) return 0;
      return index < self.length && index < other.length
        ? self.charCodeAt(index) - other.charCodeAt(index)
        : self.length - other.length;
    },
    'Boolean contains(String part)': (self: string, part: string) => self.includes(need(part)),
    'Boolean containsAny(String characters)': (self: string, characters: string | null) =>
      characters !== null && [...characters].some((character) => self.includes(character)),
    'Boolean containsIgnoreCase(String part)': (self: string, part: string) =>
      self.toLowerCase().includes(need(part).toLowerCase()),
    'Boolean containsNone(String characters)': (self: string, characters: string | null) =>
      characters === null || ![...characters].some((character) => self.includes(character)),
    'Boolean containsOnly(String characters)': (self: string, characters: string | null) =>
      characters !== null && [...self].every((character) => characters.includes(character)),
    'Boolean containsWhitespace()': (self: string) => /\s/.test(self),
    'Integer countMatches(String part)': (self: string, part: string | null) =>
      isEmptyText(part) ? 0 : self.split(part as string).length - 1,
    'String deleteWhitespace()': (self: string) => self.replace(/\s+/g, ''),
    'String difference(String other)': (self: string, other: string) => {
      const index = difference(self, need(other));
      return index < 0 ? '' : other.slice(index);
    },
    'Boolean endsWith(String suffix)': (self: string, suffix: string) => self.endsWith(need(suffix)),
    'Boolean endsWithIgnoreCase(String suffix)': (self: string, suffix: string) =>
      self.toLowerCase().endsWith(need(suffix).toLowerCase()),
    'Boolean equals(String other)': (self: string, other: string | null) => self === other,
    'Boolean equals(Object other)': (self: string, other: unknown) => self === other,
    'Boolean equalsIgnoreCase(String other)': (self: string, other: string | null) =>
      other !== null && self.toLowerCase() === other.toLowerCase(),
    'String escapeCsv()': (self: string) => (/[",\n\r]/.test(self) ? `"${self.replace(/"/g, '""')}"` : self),
    'String escapeEcmaScript()': (self: string) =>
      escapeUnicode(escapeControl(self).replace(/'/g, "\\'").replace(/\//g, '\\/')),
    'String escapeHtml3()': (self: string) => self.replace(/[&<>"]/g, (character) => HTML[character] as string),
    'String escapeHtml4()': (self: string) => self.replace(/[&<>"]/g, (character) => HTML[character] as string),
    'String escapeJava()': (self: string) => escapeUnicode(escapeControl(self)),
    'String escapeUnicode()': (self: string) => escapeUnicode(self),
    'String escapeXml()': (self: string) =>
      self.replace(/[&<>"]/g, (character) => HTML[character] as string).replace(/'/g, '&apos;'),
    'List<Integer> getChars()': (self: string) =>
      integers([...Array(self.length).keys()].map((index) => self.charCodeAt(index))),
    'Integer getLevenshteinDistance(String other)': (self: string, other: string) => levenshtein(self, need(other)),
    'Integer getLevenshteinDistance(String other, Integer threshold)': (
      self: string,
      other: string,
      threshold: number,
    ) => {
      const distance = levenshtein(self, need(other));
      return distance > threshold ? -1 : distance;
    },
    'Integer hashCode()': (self: string) => hashCodeOf(self),
    'Integer indexOf(String part)': (self: string, part: string) => self.indexOf(need(part)),
    'Integer indexOf(String part, Integer start)': (self: string, part: string, start: number) =>
      self.indexOf(need(part), start),
    'Integer indexOfAny(String characters)': (self: string, characters: string) =>
      [...self].findIndex((character) => need(characters).includes(character)),
    'Integer indexOfAnyBut(String characters)': (self: string, characters: string) =>
      [...self].findIndex((character) => !need(characters).includes(character)),
    'Integer indexOfChar(Integer character)': (self: string, character: number) =>
      self.indexOf(String.fromCodePoint(character)),
    'Integer indexOfChar(Integer character, Integer start)': (self: string, character: number, start: number) =>
      self.indexOf(String.fromCodePoint(character), start),
    'Integer indexOfDifference(String other)': (self: string, other: string) => difference(self, need(other)),
    'Integer indexOfIgnoreCase(String part)': (self: string, part: string) =>
      self.toLowerCase().indexOf(need(part).toLowerCase()),
    'Integer indexOfIgnoreCase(String part, Integer start)': (self: string, part: string, start: number) =>
      self.toLowerCase().indexOf(need(part).toLowerCase(), start),
    'Boolean isAllLowerCase()': (self: string) => every(self, /^\p{Ll}+$/u),
    'Boolean isAllUpperCase()': (self: string) => every(self, /^\p{Lu}+$/u),
    'Boolean isAlpha()': (self: string) => every(self, /^\p{L}+$/u),
    'Boolean isAlphaSpace()': (self: string) => /^[\p{L} ]*$/u.test(self),
    'Boolean isAlphanumeric()': (self: string) => every(self, /^[\p{L}\p{Nd}]+$/u),
    'Boolean isAlphanumericSpace()': (self: string) => /^[\p{L}\p{Nd} ]*$/u.test(self),
    'Boolean isAsciiPrintable()': (self: string) => /^[\x20-\x7e]*$/.test(self),
    'Boolean isNumeric()': (self: string) => every(self, /^\p{Nd}+$/u),
    'Boolean isNumericSpace()': (self: string) => /^[\p{Nd} ]*$/u.test(self),
    'Boolean isWhitespace()': (self: string) => /^\s*$/.test(self),
    'Integer lastIndexOf(String part)': (self: string, part: string) => self.lastIndexOf(need(part)),
    'Integer lastIndexOf(String part, Integer end)': (self: string, part: string, end: number) =>
      self.lastIndexOf(need(part), end),
    'Integer lastIndexOfChar(Integer character)': (self: string, character: number) =>
      self.lastIndexOf(String.fromCodePoint(character)),
    'Integer lastIndexOfChar(Integer character, Integer end)': (self: string, character: number, end: number) =>
      self.lastIndexOf(String.fromCodePoint(character), end),
    'Integer lastIndexOfIgnoreCase(String part)': (self: string, part: string) =>
      self.toLowerCase().lastIndexOf(need(part).toLowerCase()),
    'Integer lastIndexOfIgnoreCase(String part, Integer end)': (self: string, part: string, end: number) =>
      self.toLowerCase().lastIndexOf(need(part).toLowerCase(), end),
    'String left(Integer length)': (self: string, length: number) => self.slice(0, Math.max(0, need(length))),
    'String leftPad(Integer length)': (self: string, length: number) => self.padStart(length),
    'String leftPad(Integer length, String padding)': (self: string, length: number, padding: string) =>
      self.padStart(length, isEmptyText(padding) ? ' ' : padding),
    'Integer length()': (self: string) => self.length,
    'String mid(Integer start, Integer length)': (self: string, start: number, length: number) =>
      length < 0 || start > self.length ? '' : self.slice(Math.max(0, start), Math.max(0, start) + length),
    'String normalizeSpace()': (self: string) => self.trim().replace(/\s+/g, ' '),
    'Integer offsetByCodePoints(Integer index, Integer count)': (self: string, index: number, count: number) =>
      index + [...self.slice(index)].slice(0, count).join('').length,
    'String remove(String part)': (self: string, part: string | null) =>
      isEmptyText(part) ? self : self.split(part as string).join(''),
    'String removeEnd(String suffix)': (self: string, suffix: string | null) =>
      suffix && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self,
    'String removeEndIgnoreCase(String suffix)': (self: string, suffix: string | null) =>
      suffix && self.toLowerCase().endsWith(suffix.toLowerCase()) ? self.slice(0, -suffix.length) : self,
    'String removeStart(String prefix)': (self: string, prefix: string | null) =>
      prefix && self.startsWith(prefix) ? self.slice(prefix.length) : self,
    'String removeStartIgnoreCase(String prefix)': (self: string, prefix: string | null) =>
      prefix && self.toLowerCase().startsWith(prefix.toLowerCase()) ? self.slice(prefix.length) : self,
    'String repeat(Integer count)': (self: string, count: number) => self.repeat(Math.max(0, count)),
    'String repeat(String separator, Integer count)': (self: string, separator: string, count: number) =>
      Array.from({ length: Math.max(0, count) }, () => self).join(separator),
    'String replace(String target, String replacement)': (self: string, target: string, replacement: string) =>
      self.split(need(target)).join(need(replacement)),
    'String replaceAll(String pattern, String replacement)': (self: string, pattern: string, replacement: string) =>
      self.replace(javaRegExp(need(pattern), 'g'), javaReplacement(need(replacement))),
    'String replaceFirst(String pattern, String replacement)': (self: string, pattern: string, replacement: string) =>
      self.replace(javaRegExp(need(pattern), ''), javaReplacement(need(replacement))),
    'String reverse()': (self: string) => [...self].reverse().join(''),
    'String right(Integer length)': (self: string, length: number) => (length <= 0 ? '' : self.slice(-length)),
    'String rightPad(Integer length)': (self: string, length: number) => self.padEnd(length),
    'String rightPad(Integer length, String padding)': (self: string, length: number, padding: string) =>
      self.padEnd(length, isEmptyText(padding) ? ' ' : padding),
    'List<String> split(String pattern)': (self: string, pattern: string) =>
      strings(split(self, javaRegExp(need(pattern), 'g'), 0)),
    'List<String> split(String pattern, Integer limit)': (self: string, pattern: string, limit: number) =>
      strings(split(self, javaRegExp(need(pattern), 'g'), limit)),
    'List<String> splitByCharacterType()': (self: string) =>
      strings(self.match(/\p{Lu}+|\p{Ll}+|\p{Nd}+|\s+|[^\p{L}\p{Nd}\s]+/gu) ?? []),
    'List<String> splitByCharacterTypeCamelCase()': (self: string) =>
      strings(self.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Nd}+|\s+|[^\p{L}\p{Nd}\s]+/gu) ?? []),
    'Boolean startsWith(String prefix)': (self: string, prefix: string) => self.startsWith(need(prefix)),
    'Boolean startsWithIgnoreCase(String prefix)': (self: string, prefix: string) =>
      self.toLowerCase().startsWith(need(prefix).toLowerCase()),
    'String stripHtmlTags()': (self: string) => self.replace(/<[^>]*>/g, '').trim(),
    'String substring(Integer start)': (self: string, start: number) => substring(self, need(start), self.length),
    'String substring(Integer start, Integer end)': (self: string, start: number, end: number) =>
      substring(self, need(start), need(end)),
    'String substringAfter(String separator)': (self: string, separator: string | null) =>
      separator !== null && self.includes(separator) ? self.slice(self.indexOf(separator) + separator.length) : '',
    'String substringAfterLast(String separator)': (self: string, separator: string | null) =>
      separator && self.includes(separator) ? self.slice(self.lastIndexOf(separator) + separator.length) : '',
    'String substringBefore(String separator)': (self: string, separator: string | null) =>
      separator !== null && self.includes(separator) ? self.slice(0, self.indexOf(separator)) : self,
    'String substringBeforeLast(String separator)': (self: string, separator: string | null) =>
      separator && self.includes(separator) ? self.slice(0, self.lastIndexOf(separator)) : self,
    'String substringBetween(String tag)': (self: string, tag: string) => between(self, tag, tag),
    'String substringBetween(String open, String close)': (self: string, open: string, close: string) =>
      between(self, open, close),
    'String swapCase()': (self: string) => swapCase(self),
    'String toLowerCase()': (self: string) => self.toLowerCase(),
    'String toLowerCase(String locale)': (self: string, locale: string) =>
      self.toLocaleLowerCase(locale.replace('_', '-')),
    'String toUpperCase()': (self: string) => self.toUpperCase(),
    'String toUpperCase(String locale)': (self: string, locale: string) =>
      self.toLocaleUpperCase(locale.replace('_', '-')),
    'String trim()': (self: string) => self.replace(/^[\x00-\x20]+|[\x00-\x20]+$/g, ''),
    'String uncapitalize()': (self: string) => self.charAt(0).toLowerCase() + self.slice(1),
    'String unescapeCsv()': (self: string) => (/^".*"$/s.test(self) ? self.slice(1, -1).replace(/""/g, '"') : self),
    'String unescapeEcmaScript()': unescapeText,
    'String unescapeHtml3()': unescapeMarkup,
    'String unescapeHtml4()': unescapeMarkup,
    'String unescapeJava()': unescapeText,
    'String unescapeUnicode()': unescapeText,
    'String unescapeXml()': unescapeMarkup,
  },
};

function between(self: string, open: string, close: string): string | null {
  const start = self.indexOf(open);
  const end = start < 0 ? -1 : self.indexOf(close, start + open.length);
  return end < 0 ? null : self.slice(start + open.length, end);
}

function unescapeMarkup(self: string): string {
  return self.replace(/&(amp|lt|gt|quot|apos|#\d+);/g, (_, name: string) =>
    name.startsWith('#')
      ? String.fromCodePoint(Number(name.slice(1)))
      : (({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" } as Record<string, string>)[name] as string),
  );
}

/** Java's `$1` and `\$` in a replacement, as a JavaScript replacer. */
export function javaReplacement(text: string): (...match: unknown[]) => string {
  return (...match) => {
    const groups = match.filter(
      (part, index) => index < match.length && (typeof part === 'string' || part === undefined),
    ) as (string | undefined)[];
    return text.replace(/\\(.)|\$(\d)/g, (_, escaped: string | undefined, group: string | undefined) =>
      escaped !== undefined ? escaped : (groups[Number(group)] ?? ''),
    );
  };
}

export { ApexBlob };
