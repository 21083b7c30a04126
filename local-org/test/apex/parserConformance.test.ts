/**
 * The parser against a yardstick that others keep: @apexdevtools/apex-parser. Both accept every source of this
 * repository, and of seeded mutants (a token dropped, doubled or swapped with its neighbour) ours accepts none that the
 * yardstick refuses. The other way round ours is stricter, as the platform is: a modifier given twice, a constructor
 * with another name than its class, a comparison as a statement. Queries are left out: the soql room reads them.
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { ApexErrorListener, ApexParserFactory } from '@apexdevtools/apex-parser';
import { Parser } from '../../src/apex/syntax/Parser.ts';
import { SourceText } from '../../src/apex/syntax/SourceText.ts';

const ROOT = join(import.meta.dirname, '../../..');
const MUTANTS_PER_FILE = 12;
const TOKEN = /'(?:\\.|[^'\\\n])*'|\/\*[\s\S]*?\*\/|\/\/[^\n]*|\w+|\s+|[^\s\w]/g;

class Listener extends ApexErrorListener {
  failed = false;

  override apexSyntaxError(): void {
    this.failed = true;
  }
}

const sources = globSync(['force-app/**/*.{cls,trigger}', 'local-org/test/fixtures/**/*.{cls,trigger}'], {
  cwd: ROOT,
}).sort();

void it('agrees on every source', () => {
  assert.ok(sources.length > 20);
  for (const file of sources) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    assert.deepEqual([accepts(file, text), yardstickAccepts(file, text)], [true, true], file);
  }
});

void it('accepts no mutant that the yardstick refuses', () => {
  const random = seeded(67);
  const differences: string[] = [];
  let refused = 0;
  for (const file of sources) {
    const tokens = readFileSync(join(ROOT, file), 'utf8').match(TOKEN) ?? [];
    const places = placesOf(tokens);
    for (let number = 0; number < MUTANTS_PER_FILE; number += 1) {
      const place = places[Math.floor(random() * (places.length - 1))] ?? 0;
      const next = places[places.indexOf(place) + 1] ?? place;
      const mutant = [...tokens];
      const kind = number % 3;
      if (kind === 0) {
        mutant[place] = '';
      } else if (kind === 1) {
        mutant[place] = `${tokens[place]} ${tokens[place]}`;
      } else {
        [mutant[place], mutant[next]] = [tokens[next] ?? '', tokens[place] ?? ''];
      }
      const text = mutant.join('');
      const [ours, theirs] = [accepts(file, text), yardstickAccepts(file, text)];
      refused += ours ? 0 : 1;
      if (ours && !theirs) {
        const line = tokens.slice(0, place).join('').split('\n').length;
        differences.push(`${file}:${line} ${['without', 'doubled', 'swapped'][kind]} ${tokens[place]}`);
      }
    }
  }
  assert.ok(refused > 50, 'the mutants are broken often enough to mean something');
  assert.deepEqual(differences, []);
});

void it('takes a value of an annotation without a name only when it stands alone', () => {
  const written = (parameters: string): string =>
    `public class X { @AuraEnabled(${parameters}) public static void y() {} }`;
  assert.equal(accepts('X.cls', written('cacheable=true')), true);
  assert.equal(accepts('X.cls', written('cacheable cacheable=true')), false);
  assert.equal(accepts('X.cls', written('cacheable=true true')), false);
});

/** Tokens that may be mutated: no blanks, no comments, nothing inside an inline query. */
function placesOf(tokens: readonly string[]): number[] {
  let inQuery = false;
  return tokens.flatMap((token, index) => {
    if (token === '[') {
      inQuery = /^\s*(select|find)$/i.test(
        tokens
          .slice(index + 1, index + 3)
          .join('')
          .trim(),
      );
    }
    const isPlace = !inQuery && !/^(?:\s|\/[/*])/.test(token);
    inQuery &&= token !== ']';
    return isPlace ? [index] : [];
  });
}

function accepts(file: string, text: string): boolean {
  try {
    const parser = new Parser(new SourceText(file, text));
    if (file.endsWith('.trigger')) {
      parser.parseTrigger();
    } else {
      parser.parseClass();
    }
    return true;
  } catch {
    return false;
  }
}

function yardstickAccepts(file: string, text: string): boolean {
  const listener = new Listener();
  const parser = ApexParserFactory.createParser(text);
  parser.removeErrorListeners();
  parser.addErrorListener(listener);
  if (file.endsWith('.trigger')) {
    parser.triggerUnit();
  } else {
    parser.compilationUnit();
  }
  return !listener.failed;
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
