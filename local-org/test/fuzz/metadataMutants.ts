/** Mutated metadata files: a project with one damaged file loads, or is refused by file, line and name. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { readUiMetadata } from '../../src/api/ui/metadata/index.ts';
import { MetadataError, ProjectError } from '../../src/project/errors.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import { planProject } from '../schema/planProject.ts';
import { mutate, vocabularyOf } from './mutate.ts';
import type { Random } from './random.ts';
import { LIGHTNING, load, PACKAGE } from './sources.ts';
import { accepted, defect, describeUnexpected, INTERNAL, refused } from './types.ts';
import type { MutantKind, Verdict } from './types.ts';

/** An element that holds text only. */
const LEAF = /[ \t]*<([A-Za-z]+)>([^<>]*)<\/\1>\n?/g;

interface Base {
  readonly directory: string;
  readonly files: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
  readonly vocabulary: readonly string[];
  /** Elements that hold text, to be put where others stood. */
  readonly leaves: readonly string[];
}

/** A copy of the project's source, to be damaged. */
function base(source: string): Base {
  const directory = mkdtempSync(join(tmpdir(), 'local-org-fuzz-'));
  const { components, packageDirectories } = load(source);
  for (const folder of packageDirectories)
    cpSync(folder, join(directory, relative(source, folder)), {
      recursive: true,
      filter: (file) => !/\.local-org|__tests__/.test(file),
    });
  for (const name of ['sfdx-project.json', 'config']) {
    try {
      cpSync(join(source, name), join(directory, name), { recursive: true });
    } catch {
      // not every project has a scratch org definition
    }
  }
  const files = [...new Set(components.map(({ file }) => join(directory, relative(source, file))))];
  const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  const leaves = [...texts.values()].flatMap((text) => [...text.matchAll(LEAF)].map(([leaf]) => leaf));
  return { directory, files, texts, vocabulary: vocabularyOf([...texts.values()]), leaves };
}

const TEXTS =
  'true false 0 -1 1 18 255 99999 131072 1e9 x Account Plan__c Opportunity.Amount Nope__c Id Owner.Name #CCC TODAY() Amount &lt;'.split(
    ' ',
  );

/** Damages a file that stays well-formed: elements dropped, doubled, moved to another name or given another text. */
function damageElements(text: string, random: Random, leaves: readonly string[]): string {
  const found = [...text.matchAll(LEAF)];
  if (found.length === 0) return text;
  const { 0: whole, 1: name = '', 2: value = '', index } = random.pick(found);
  const other = random.pick(leaves);
  const [, otherName = name, otherValue = ''] = /<(\w+)>([^<>]*)/.exec(other) ?? [];
  const made = random.pick([
    '',
    whole + whole,
    whole + other,
    other,
    whole.replace(`>${value}<`, () => `>${otherValue}<`),
    whole.replace(`>${value}<`, () => `>${random.pick(TEXTS)}<`),
    whole.replace(`>${value}<`, () => `>${random.pick(TEXTS)}<`),
    whole.replaceAll(name, otherName),
    `<${name}><${otherName}>${value}</${otherName}></${name}>`,
  ]);
  return text.slice(0, index) + made + text.slice(index + whole.length);
}

function open(directory: string): Verdict {
  try {
    const org = openOrg({ project: load(directory), clock: () => Date.UTC(2026, 10, 22, 12) });
    try {
      readUiMetadata(org.project, org.schema);
    } finally {
      org.close();
    }
    return accepted;
  } catch (error) {
    const problems = error instanceof ProjectError ? error.problems : error instanceof MetadataError ? [error] : [];
    if (problems.length === 0) return defect(describeUnexpected(error));
    const lost = problems.find(
      ({ position, problem }) => position.file === '' || position.line < 1 || position.column < 1 || problem === '',
    );
    if (lost) return defect(`a problem without a place: ${lost.message}`);
    const internal = problems.find(({ problem }) => INTERNAL.test(problem));
    return internal ? defect(internal.message) : refused('MetadataError');
  }
}

export const metadataMutants: MutantKind = {
  name: 'metadata',
  count: 400,
  open: () => {
    const bases = [base(planProject()), base(LIGHTNING), base(PACKAGE)];
    return Promise.resolve({
      next: (random: Random) => {
        const { directory, files, texts, vocabulary, leaves } = random.pick(bases);
        const file = random.pick(files);
        const original = texts.get(file) ?? '';
        const text =
          random.below(3) === 0 ? mutate(original, random, vocabulary) : damageElements(original, random, leaves);
        return {
          input: `${relative(directory, file)}\n${text}`,
          run: () => {
            writeFileSync(file, text);
            try {
              return open(directory);
            } finally {
              writeFileSync(file, original);
            }
          },
        };
      },
      close: () => {
        for (const { directory } of bases) rmSync(directory, { recursive: true, force: true });
        return Promise.resolve();
      },
    });
  },
};
