/**
 * Runs other people's Apex suites, unmodified, and prints how many of their tests pass; with --write into docs/conformance.md.
 * `node local-org/scripts/conformance.ts --suites DIR [--write]`: DIR holds one checkout a suite, by the suite's name.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { ApexCompileError } from '../src/apex/ApexCompileError.ts';
import type { CompileProblem } from '../src/apex/ApexCompileError.ts';
import { runTests } from '../src/apex/testRunner.ts';
import type { TestResult } from '../src/apex/testRunner.ts';
import { launch } from '../src/cli/launch.ts';
import type { LaunchedOrg } from '../src/cli/launch.ts';

/** Suites whose classes a suite needs beside its own. */
const NEEDS: Readonly<Record<string, readonly string[]>> = { 'fflib-apex-common': ['fflib-apex-mocks'] };
const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'conformance.md');

interface SuiteRun {
  readonly name: string;
  readonly commit: string;
  readonly results: readonly TestResult[];
  /** Places that the compiler refuses; empty when the suite compiles as it is. */
  readonly refused: readonly CompileProblem[];
  /** Milliseconds from reading the first file to the last test's end. */
  readonly duration: number;
}

const { values } = parseArgs({
  options: { suites: { type: 'string' }, write: { type: 'boolean', default: false } },
});
if (values.suites === undefined) {
  console.error('Say where the checkouts are: --suites DIR');
  process.exit(2);
}
const folder = resolve(values.suites);
const names = readdirSync(folder)
  .filter((name) => existsSync(join(folder, name, 'sfdx-project.json')) && existsSync(join(folder, name, '.git')))
  .sort();
const page = render(names.map((name) => runSuite(folder, name)));
process.stdout.write(page);
if (values.write) {
  const options = await resolveConfig(PAGE);
  writeFileSync(PAGE, await format(page, { ...options, filepath: PAGE }));
}

/** Runs the tests of a suite's own classes. */
function runSuite(folder: string, name: string): SuiteRun {
  const own = packageDirectories(join(folder, name));
  const needed = (NEEDS[name] ?? []).flatMap((other) => packageDirectories(join(folder, other)));
  const commit = execFileSync('git', ['-C', join(folder, name), 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' });
  const project = needed.length === 0 ? null : combined([...own, ...needed]);
  const begin = performance.now();
  const { org, compiled } = open(project ?? join(folder, name));
  try {
    const files = new Map(compiled.project.apex.map((source) => [source.name, source.file]));
    const isOwn = (className: string): boolean =>
      own.some((directory) => files.get(className)?.startsWith(directory + sep) ?? false);
    const classes = compiled.classes.map((symbol) => symbol.name).filter(isOwn);
    const { results } = runTests(org, compiled, { classes });
    return {
      name,
      commit: commit.trim(),
      results: results.map((result) => ({ ...result, message: withoutPath(result.message, join(folder, name)) })),
      refused: compiled.refused,
      duration: performance.now() - begin,
    };
  } finally {
    org.close();
    if (project !== null) rmSync(project, { recursive: true });
  }
}

/** Strictly when the suite compiles; else in part, and the table says so. */
function open(source: string): LaunchedOrg {
  try {
    return launch({ source });
  } catch (error) {
    if (!(error instanceof ApexCompileError)) throw error;
    return launch({ source, allowUnsupported: true });
  }
}

function packageDirectories(root: string): readonly string[] {
  const project = JSON.parse(readFileSync(join(root, 'sfdx-project.json'), 'utf8')) as {
    readonly packageDirectories: readonly { readonly path: string }[];
  };
  return project.packageDirectories.map((entry) => join(root, entry.path));
}

/** A project file that names several suites' folders. */
function combined(directories: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'conformance-'));
  const packages = directories.map((path, index) => ({ path, default: index === 0 }));
  writeFileSync(join(root, 'sfdx-project.json'), JSON.stringify({ packageDirectories: packages }));
  return root;
}

function withoutPath(message: string | null, root: string): string | null {
  return message === null ? null : message.replaceAll(root + sep, '');
}

/** `DataWeave.Script` of a refusal; any other message as it is. */
function reasonOf(message: string): string {
  const refusal = /^Not supported by the local org: .*?:\d+:\d+ (?<problem>.*)$/s.exec(message)?.groups?.['problem'];
  return (refusal ?? message).replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function render(runs: readonly SuiteRun[]): string {
  const rows = runs.map(({ name, commit, results, refused, duration }) => {
    const passed = results.filter(({ outcome }) => outcome === 'Pass').length;
    const cells = [name, commit, results.length, passed, results.length - passed];
    return `| ${cells.join(' | ')} | ${refused.length} | ${(duration / 1000).toFixed(1)} s |`;
  });
  const failures = runs
    .filter(({ results }) => results.some(({ outcome }) => outcome === 'Fail'))
    .map(({ name, results }) => {
      const failed = results
        .filter(({ outcome }) => outcome === 'Fail')
        .map((result) => `| \`${result.className}.${result.methodName}\` | ${reasonOf(result.message ?? '')} |`);
      return `## Failing in ${name}\n\n| test | what it needs, or what it says |\n| --- | --- |\n${failed.join('\n')}\n`;
    });
  const sections = [
    '# Conformance',
    'Public Apex suites, unmodified, on the local org. Their code is not part of this repository; clone them into one folder and run' +
      `\n\`node ${relative(join(import.meta.dirname, '..', '..'), import.meta.filename)} --suites DIR --write\`, which writes this page.`,
    '“Refused” counts the places that the compiler refuses. A suite with none compiles as it is; of the others, what compiles is run,' +
      '\nand a test that reaches a refused place fails there (`org test --allow-unsupported`). Times include reading and compiling.',
    `| suite | commit | tests | passed | failed | refused | time |\n| --- | --- | --: | --: | --: | --: | --: |\n${rows.join('\n')}`,
    ...failures,
  ];
  return `${sections.join('\n\n').trimEnd()}\n`;
}
