/**
 * Says for every class of the outside suites whether three compilers agree: jorje, Salesforce's own parser (syntax; it comes with
 * prettier-plugin-apex), apex-ls (types; needs Java and is skipped without) and the local org's.
 * `node local-org/scripts/agreement.ts --suites DIR [--only NAME,…] [--write]`; --write puts the outcome into docs/conformance.md.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { ApexCompileError } from '../src/apex/ApexCompileError.ts';
import { Parser } from '../src/apex/syntax/Parser.ts';
import { SourceText } from '../src/apex/syntax/SourceText.ts';
import { launch } from '../src/cli/launch.ts';
import { ownDirectories, sourceOf, suiteNames } from './suites.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGE = join(ROOT, 'docs', 'conformance.md');
export const HEADING = '## Agreement with other compilers';
/** Differences listed by name; beyond that their number has to do. */
const LISTED = 12;
const PROCESSES = 2;

interface Verdicts {
  readonly name: string;
  readonly classes: number;
  /** Syntax: refused by one of the two only, with the cause. */
  readonly syntax: readonly string[];
  /** Types: the same; null when one of the two can't judge, with the reason. */
  readonly types: readonly string[] | string;
}

function apexFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:cls|trigger)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Complaints of our parser by file; files without one are missing. */
function parsedHere(files: readonly string[]): Map<string, string> {
  const complaints = new Map<string, string>();
  for (const file of files) {
    try {
      const parser = new Parser(new SourceText(file, readFileSync(file, 'utf8')));
      if (file.endsWith('.trigger')) parser.parseTrigger();
      else parser.parseClass();
    } catch (error) {
      if (!(error instanceof ApexCompileError)) throw error;
      complaints.set(file, error.problems[0]?.message ?? error.message);
    }
  }
  return complaints;
}

function serializer(): string {
  const name = `${process.platform}-${process.arch}`;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const require = createRequire(import.meta.url);
  return require.resolve(`@prettier-apex/apex-ast-serializer-${name}/apex-ast-serializer-${name}${suffix}`);
}

/** What jorje says about a file; undefined when it takes it. */
function parsedByJorje(binary: string, file: string): Promise<string | undefined> {
  return new Promise((done, fail) => {
    const child = spawn(binary, [], { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', fail);
    child.on('close', (code) => {
      const complaint = /"parseErrors":\s*\[\s*\{[\s\S]*?"message":\s*"(?<message>[^"]*)"/.exec(output)?.groups?.[
        'message'
      ];
      done(code === 0 ? complaint : (output.split('\n')[0] ?? 'refused'));
    });
    child.stdin.end(readFileSync(file));
  });
}

async function jorje(files: readonly string[]): Promise<Map<string, string>> {
  const binary = serializer();
  const complaints = new Map<string, string>();
  const waiting = [...files];
  const worker = async (): Promise<void> => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      const complaint = await parsedByJorje(binary, file);
      if (complaint !== undefined) complaints.set(file, complaint);
    }
  };
  await Promise.all(Array.from({ length: PROCESSES }, worker));
  return complaints;
}

/** First complaint of apex-ls by file; a string says why it could not judge. */
function apexLs(directory: string): Map<string, string> | string {
  const libraries = join(ROOT, 'node_modules/@salesforce/code-analyzer-pmd-engine/dist/java-lib/*');
  const check = spawnSync(
    'java',
    ['-cp', libraries, 'io.github.apexdevtools.apexls.CheckForIssues', '-n', '-w', directory],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (check.error) return 'Java could not be started';
  if (/Exception in thread|OutOfMemory/.test(check.stderr)) return `apex-ls gave up: ${check.stderr.split('\n')[0]}`;
  const complaints = new Map<string, string>();
  let file = '';
  for (const line of check.stdout.split('\n')) {
    const complaint = /^(?:Error|Missing|Syntax): line .*?: (?<text>.*)$/.exec(line)?.groups?.['text'];
    if (complaint === undefined) file = line.trim();
    else if (!complaints.has(file)) complaints.set(file, complaint);
  }
  return complaints;
}

/** First refusal of the local org's compiler by file. */
function compiledHere(folder: string, name: string): Map<string, string> | string {
  const { source, packageDirectories, temporary } = sourceOf(folder, name);
  try {
    const { org, compiled } = launch({ source, packageDirectories, allowUnsupported: true });
    org.close();
    return new Map([...compiled.refused].reverse().map(({ file, message }) => [file, message]));
  } catch (error) {
    return `the local org does not load it: ${(error as Error).message.split('\n')[0]?.replaceAll(`${folder}/`, '')}`;
  } finally {
    if (temporary !== null) rmSync(temporary, { recursive: true });
  }
}

function differences(
  files: readonly string[],
  other: string,
  theirs: ReadonlyMap<string, string>,
  ours: ReadonlyMap<string, string>,
): readonly string[] {
  return files.flatMap((file) => {
    const [left, right] = [theirs.get(file), ours.get(file)];
    if ((left === undefined) === (right === undefined)) return [];
    return left === undefined
      ? [`\`${basename(file)}\`: only the local org refuses it: ${right}`]
      : [`\`${basename(file)}\`: only ${other} refuses it: ${left}`];
  });
}

async function judge(folder: string, name: string): Promise<Verdicts> {
  const files = [...new Set(ownDirectories(folder, name).flatMap(apexFiles))];
  const syntax = differences(files, 'jorje', await jorje(files), parsedHere(files));
  const ours = compiledHere(folder, name);
  const theirs = typeof ours === 'string' ? ours : apexLs(join(folder, name));
  const reason = typeof theirs === 'string' ? theirs : typeof ours === 'string' ? ours : null;
  const types = reason ?? differences(files, 'apex-ls', theirs as Map<string, string>, ours as Map<string, string>);
  return { name, classes: files.length, syntax, types };
}

function render(verdicts: readonly Verdicts[]): string {
  const rows = verdicts.map(({ name, classes, syntax, types }) => {
    const cell = typeof types === 'string' ? 'not judged' : classes - types.length;
    return `| ${name} | ${classes} | ${classes - syntax.length} | ${cell} |`;
  });
  const details = verdicts.flatMap(({ name, syntax, types }) => {
    const found = [...syntax, ...(typeof types === 'string' ? [`Types are not judged: ${types}`] : types)];
    if (found.length === 0) return [];
    const more = found.length > LISTED ? [`- and ${found.length - LISTED} more`] : [];
    return [
      `**${name}**\n\n${[...found.slice(0, LISTED).map((line) => `- ${line.replaceAll('<', '\\<')}`), ...more].join('\n')}`,
    ];
  });
  return [
    HEADING,
    'Classes and triggers of which jorje (Salesforce’s own parser) and apex-ls (types) say the same as the local org: all take them, or all refuse them.' +
      ' What the local org does not have is refused by it alone; apex-ls has no Apex that came after API 65. `node local-org/scripts/agreement.ts --suites DIR --write` writes this section.',
    `| suite | files | syntax as jorje | types as apex-ls |\n| --- | --: | --: | --: |\n${rows.join('\n')}`,
    ...details,
  ].join('\n\n');
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { suites: { type: 'string' }, only: { type: 'string' }, write: { type: 'boolean', default: false } },
  });
  if (values.suites === undefined) {
    console.error('Say where the checkouts are: --suites DIR');
    process.exit(2);
  }
  const folder = resolve(values.suites);
  const only = values.only?.split(',');
  const verdicts: Verdicts[] = [];
  for (const name of suiteNames(folder).filter((each) => only?.includes(each) ?? true)) {
    verdicts.push(await judge(folder, name));
    process.stderr.write(`${name}\n`);
  }
  const section = render(verdicts);
  process.stdout.write(`${section}\n`);
  if (values.write) {
    const page = readFileSync(PAGE, 'utf8').split(HEADING)[0] ?? '';
    writeFileSync(
      PAGE,
      await format(`${page.trimEnd()}\n\n${section}\n`, { ...(await resolveConfig(PAGE)), filepath: PAGE }),
    );
  }
}
