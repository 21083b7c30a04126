/**
 * What a search looks for: words, phrases in quotes, `*` and `?`, AND, OR, AND NOT and parentheses. Words without an operator
 * must all be there; AND NOT binds tighter than AND, and AND tighter than OR (SOQL and SOSL Reference, "FIND", "Search
 * Operators").
 */
import { fold } from '../store/folding.ts';

/** A record's searched texts as folded words, one list a text. */
type Texts = readonly (readonly string[])[];
type Matcher = (texts: Texts) => boolean;

const TOKEN = /"([^"]*)"?|([()])|([\p{L}\p{N}*?]+)/gu;
const MOST_MATCHERS = 100;
const matchers = new Map<string, Matcher>();

/** Whether the texts of a record hold what the term asks for; neither case nor accents of the fold count. */
export function matchesTerm(term: string, texts: readonly string[]): boolean {
  let matcher = matchers.get(term);
  if (!matcher) {
    matcher = new TermParser(fold(term)).parse();
    if (matchers.size >= MOST_MATCHERS) matchers.clear();
    matchers.set(term, matcher);
  }
  return matcher(texts.map(wordsOf));
}

function wordsOf(text: string): readonly string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

type Token =
  | { readonly kind: 'phrase'; readonly words: readonly string[] }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: '(' | ')' };

/** Reads a term; what makes no sense (a missing parenthesis, an operator at an end) is passed over, as a person would. */
class TermParser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(term: string) {
    this.#tokens = [...term.matchAll(TOKEN)].map(([, phrase, parenthesis, word]): Token => {
      if (phrase !== undefined) return { kind: 'phrase', words: phrase.match(/[\p{L}\p{N}*?]+/gu) ?? [] };
      return parenthesis === undefined ? { kind: 'word', text: word ?? '' } : { kind: parenthesis as '(' | ')' };
    });
  }

  parse(): Matcher {
    return this.#alternatives() ?? (() => false);
  }

  #isOperator(name: 'and' | 'or' | 'not', ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token?.kind === 'word' && token.text === name;
  }

  #alternatives(): Matcher | null {
    const items: Matcher[] = [];
    for (;;) {
      const item = this.#all();
      if (item) items.push(item);
      if (!this.#isOperator('or')) break;
      this.#at += 1;
    }
    return items.length === 0 ? null : (texts) => items.some((item) => item(texts));
  }

  #all(): Matcher | null {
    const items: Matcher[] = [];
    while (this.#at < this.#tokens.length && this.#tokens[this.#at]?.kind !== ')' && !this.#isOperator('or')) {
      let negated = false;
      if (this.#isOperator('and')) {
        this.#at += 1;
        negated = this.#isOperator('not');
        if (negated) this.#at += 1;
      }
      const item = this.#one();
      if (item) items.push(negated ? (texts) => !item(texts) : item);
    }
    return items.length === 0 ? null : (texts) => items.every((item) => item(texts));
  }

  #one(): Matcher | null {
    const token = this.#tokens[this.#at];
    if (!token || token.kind === ')' || this.#isOperator('or')) return null;
    this.#at += 1;
    if (token.kind === 'word') return phraseMatcher([token.text]);
    if (token.kind === 'phrase') return token.words.length === 0 ? null : phraseMatcher(token.words);
    const inner = this.#alternatives();
    if (this.#tokens[this.#at]?.kind === ')') this.#at += 1;
    return inner;
  }
}

/** Words that stand next to each other in one text. */
function phraseMatcher(phrase: readonly string[]): Matcher {
  const patterns = phrase.map((word) => [...word]);
  return (texts) =>
    texts.some((words) =>
      words.some((_, start) =>
        patterns.every((pattern, offset) => {
          const word = words[start + offset];
          return word !== undefined && matchesWildcards([...word], pattern);
        }),
      ),
    );
}

/**
 * True when the pattern fits the whole word: `*` stands for any characters, `?` for one. On a mismatch only the last
 * `*` takes one more character, so many of them cost no more than word times pattern.
 */
function matchesWildcards(word: readonly string[], pattern: readonly string[]): boolean {
  let at = 0;
  let inPattern = 0;
  let lastStar = -1;
  let afterStar = 0;
  while (at < word.length) {
    if (pattern[inPattern] === '*') {
      lastStar = inPattern;
      afterStar = at;
      inPattern += 1;
    } else if (pattern[inPattern] === '?' || pattern[inPattern] === word[at]) {
      at += 1;
      inPattern += 1;
    } else if (lastStar >= 0) {
      inPattern = lastStar + 1;
      afterStar += 1;
      at = afterStar;
    } else {
      return false;
    }
  }
  return pattern.slice(inPattern).every((character) => character === '*');
}
