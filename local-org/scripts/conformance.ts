/**
 * Runs other people's Apex suites, unmodified, and prints how many of their tests pass; with --write into docs/conformance.md.
 * `node local-org/scripts/conformance.ts --suites DIR [--write]`: DIR holds one checkout a suite, by the suite's name.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { ApexCompileError } from '../src/apex/ApexCompileError.ts';
import type { CompileProblem } from '../src/apex/ApexCompileError.ts';
import { runTests } from '../src/apex/testRunner.ts';
import type { TestResult } from '../src/apex/testRunner.ts';
import { launch } from '../src/cli/launch.ts';
import type { LaunchedOrg, LaunchOptions } from '../src/cli/launch.ts';
import { MetadataError, ProjectError } from '../src/project/errors.ts';
import { HEADING } from './agreement.ts';
import { ownDirectories, sourceOf, suiteNames } from './suites.ts';

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'conformance.md');

/** More failing tests than this are told by cause, not one by one. */
const MANY = 40;

interface SuiteRun {
  readonly name: string;
  readonly commit: string;
  readonly results: readonly TestResult[];
  /** Places that the compiler refuses; empty when the suite compiles as it is. */
  readonly refused: readonly CompileProblem[];
  /** Milliseconds from reading the first file to the last test's end. */
  readonly duration: number;
  /** Why it is not run at all; null when it is. */
  readonly unloaded: string | null;
}

const { values } = parseArgs({
  options: { suites: { type: 'string' }, write: { type: 'boolean', default: false } },
});
if (values.suites === undefined) {
  console.error('Say where the checkouts are: --suites DIR');
  process.exit(2);
}
const folder = resolve(values.suites);
const page = render(suiteNames(folder).map((name) => runSuite(folder, name)));
process.stdout.write(page);
if (values.write) {
  const options = await resolveConfig(PAGE);
  // agreement.ts writes the last section.
  const agreement = readFileSync(PAGE, 'utf8').split(HEADING)[1];
  const whole = agreement === undefined ? page : `${page}\n${HEADING}${agreement}`;
  writeFileSync(PAGE, await format(whole, { ...options, filepath: PAGE }));
}

/** Runs the tests of a suite's own classes. */
function runSuite(folder: string, name: string): SuiteRun {
  const own = ownDirectories(folder, name);
  const commit = execFileSync('git', ['-C', join(folder, name), 'rev-parse', '--short', 'HEAD'], {
    encoding: 'utf8',
  }).trim();
  const { temporary, ...project } = sourceOf(folder, name);
  const begin = performance.now();
  try {
    const { org, compiled } = open(project);
    try {
      const files = new Map(compiled.project.apex.map((source) => [source.name, source.file]));
      const isOwn = (className: string): boolean =>
        own.some((directory) => files.get(className)?.startsWith(directory + sep) ?? false);
      const classes = compiled.classes.map((symbol) => symbol.name).filter(isOwn);
      const { results } = runTests(org, compiled, { classes });
      return {
        name,
        commit,
        results: results.map((result) => ({ ...result, message: withoutPath(result.message, join(folder, name)) })),
        refused: compiled.refused,
        duration: performance.now() - begin,
        unloaded: null,
      };
    } finally {
      org.close();
    }
  } catch (error) {
    if (!(error instanceof MetadataError || error instanceof ProjectError)) throw error;
    const problems = error instanceof ProjectError ? error.problems : [error];
    const unloaded = `${problems.length} places of its metadata are refused, the first: ${withoutPath(problems[0]?.message ?? '', join(folder, name))}`;
    return { name, commit, results: [], refused: [], duration: performance.now() - begin, unloaded };
  } finally {
    if (temporary !== null) rmSync(temporary, { recursive: true });
  }
}

/** Strictly when the suite compiles; else in part, and the table says so. */
function open(project: LaunchOptions): LaunchedOrg {
  try {
    return launch(project);
  } catch (error) {
    if (!(error instanceof ApexCompileError)) throw error;
    return launch({ ...project, allowUnsupported: true });
  }
}

function withoutPath(message: string | null, root: string): string | null {
  return message === null ? null : message.replaceAll(root + sep, '');
}

/** `DataWeave.Script` of a refusal; any other message as it is. */
function reasonOf(message: string): string {
  const refusal = /^Not supported by the local org: .*?:\d+:\d+ (?<problem>.*)$/s.exec(message)?.groups?.['problem'];
  return (refusal ?? message).replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function failureTable(results: readonly TestResult[]): string {
  const failed = results.filter(({ outcome }) => outcome === 'Fail');
  if (failed.length <= MANY) {
    const rows = failed.map(
      (result) => `| \`${result.className}.${result.methodName}\` | ${reasonOf(result.message ?? '')} |`,
    );
    return `| test | what it needs, or what it says |\n| --- | --- |\n${rows.join('\n')}`;
  }
  const causes = [...Map.groupBy(failed, ({ message }) => causeOf(message ?? ''))].sort(
    ([, left], [, right]) => right.length - left.length,
  );
  return `| tests | what they need, or what they say |\n| --: | --- |\n${causes.map(([cause, tests]) => `| ${tests.length} | ${cause} |`).join('\n')}`;
}

/** A message without what differs from test to test: quoted values, Ids, numbers, the text behind the first line. */
function causeOf(message: string): string {
  const assertion = /^System\.AssertException/.exec(message)?.[0];
  if (assertion !== undefined) return assertion;
  const line = reasonOf(message.split('\n')[0] ?? '').replaceAll(/\b[0-9a-zA-Z]{18}\b/g, '…');
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

function render(runs: readonly SuiteRun[]): string {
  const rows = runs.map(({ name, commit, results, refused, duration, unloaded }) => {
    const passed = results.filter(({ outcome }) => outcome === 'Pass').length;
    if (unloaded !== null) return `| ${name} | ${commit} | – | – | – | – | does not load |`;
    const cells = [name, commit, results.length, passed, results.length - passed];
    return `| ${cells.join(' | ')} | ${refused.length} | ${(duration / 1000).toFixed(1)} s |`;
  });
  const failures = runs
    .filter(({ results }) => results.some(({ outcome }) => outcome === 'Fail'))
    .map(({ name, results }) => `## Failing in ${name}\n\n${failureTable(results)}\n`);
  const unloaded = runs
    .filter((run) => run.unloaded !== null)
    .map((run) => `## ${run.name} does not load\n\n${run.unloaded}`);
  const sections = [
    '# Conformance',
    'Public Apex suites, unmodified, on the local org. Their code is not part of this repository; clone them into one folder and run' +
      `\n\`node ${relative(join(import.meta.dirname, '..', '..'), import.meta.filename)} --suites DIR --write\`, which writes this page.`,
    '“Refused” counts the places that the compiler refuses. A suite with none compiles as it is; of the others, what compiles is run,' +
      '\nand a test that reaches a refused place fails there (`org test --allow-unsupported`). Times include reading and compiling.',
    `| suite | commit | tests | passed | failed | refused | time |\n| --- | --- | --: | --: | --: | --: | --: |\n${rows.join('\n')}`,
    ...unloaded,
    ...failures,
  ];
  return `${sections.join('\n\n').trimEnd()}\n`;
}
