import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CompileProblem } from '../apex/ApexCompileError.ts';
import { formatHuman, formatJson, formatJunit } from '../apex/formatResults.ts';
import { runTests } from '../apex/testRunner.ts';
import type { TestRun, TestSelection } from '../apex/testRunner.ts';
import { definitionOption, launch } from './launch.ts';
import { SharedRun } from './SharedRun.ts';
import { behaviourNotice } from './unreadComponents.ts';
import type { Command } from './usage.ts';
import { UsageError, oneOf, parseOptions } from './usage.ts';

const FORMAT_NAMES = ['human', 'json', 'junit'] as const;
const FORMATS: Readonly<Record<(typeof FORMAT_NAMES)[number], { extension: string; write(run: TestRun): string }>> = {
  human: { extension: 'txt', write: formatHuman },
  json: { extension: 'json', write: (run) => JSON.stringify(formatJson(run), null, 2) },
  junit: { extension: 'xml', write: formatJunit },
};

/** What one run of the tests is asked for. */
interface Wishes {
  readonly source: string;
  readonly packageDirectories: readonly string[];
  /** Threads that share the test classes. */
  readonly workers: number;
  readonly tests: readonly string[];
  readonly format: (typeof FORMAT_NAMES)[number];
  readonly coverage: boolean;
  /** Per cent; null: any coverage will do. */
  readonly minimum: number | null;
  readonly outputDirectory: string | undefined;
  readonly allowUnsupported: boolean;
}

/** `test`: runs Apex tests in an org in memory, or in one for each of several shapes. */
export const testCommand: Command = {
  name: 'test',
  usage:
    'test [--source DIR] [--package-directory PATH]… [--definition FILE]… [--tests CLASS[.METHOD],…] [--result-format human|json|junit] [--coverage] [--minimum-coverage PERCENT] [--output-dir DIR] [--allow-unsupported] [--workers N]',
  summary: 'Runs Apex tests',
  async run(commandArguments) {
    const { values } = parseOptions(commandArguments, {
      source: { type: 'string', default: '.' },
      'package-directory': { type: 'string', multiple: true, default: [] },
      definition: { type: 'string', multiple: true, default: [] },
      tests: { type: 'string', multiple: true, default: [] },
      'result-format': { type: 'string', default: 'human' },
      coverage: { type: 'boolean', default: false },
      'minimum-coverage': { type: 'string' },
      'output-dir': { type: 'string' },
      'allow-unsupported': { type: 'boolean', default: false },
      workers: { type: 'string', default: String(availableParallelism()) },
    });
    const minimum = values['minimum-coverage'] === undefined ? null : percentOf(values['minimum-coverage']);
    const wishes: Wishes = {
      source: values.source,
      packageDirectories: values['package-directory'],
      workers: workersOf(values.workers),
      tests: values.tests,
      format: oneOf('result-format', values['result-format'], FORMAT_NAMES),
      coverage: values.coverage || minimum !== null,
      minimum,
      outputDirectory: values['output-dir'],
      allowUnsupported: values['allow-unsupported'],
    };
    const [first, ...others] = values.definition;
    if (others.length === 0) return runShape(first, wishes, '');
    if (wishes.format !== 'human' || wishes.outputDirectory !== undefined)
      throw new UsageError('several definitions go with the human result format only, and without --output-dir.');
    // The first shape is measured; on the others the tests must pass.
    const failed: (string | undefined)[] = [];
    for (const [index, definition] of [first, ...others].entries()) {
      const asked = index === 0 ? wishes : { ...wishes, coverage: false, minimum: null };
      if ((await runShape(definition, asked, `\n${definition}\n`)) !== 0) failed.push(definition);
    }
    process.stdout.write(
      failed.length === 0
        ? `\nThe tests pass on all ${values.definition.length} shapes: ${values.definition.join(', ')}.\n`
        : `\nThe tests fail on ${failed.join(', ')}.\n`,
    );
    return failed.length === 0 ? 0 : 1;
  },
};

/** Runs the tests on one shape; returns the exit code. */
async function runShape(definition: string | undefined, wishes: Wishes, heading: string): Promise<number> {
  const options = {
    source: wishes.source,
    packageDirectories: wishes.packageDirectories,
    ...definitionOption(definition),
    coverage: wishes.coverage,
    allowUnsupported: wishes.allowUnsupported,
  };
  const begin = performance.now();
  const { org, compiled } = launch(options);
  const launchTime = performance.now() - begin;
  process.stdout.write(heading);
  reportRefused(compiled.refused);
  const notice = behaviourNotice(org.project);
  if (notice !== undefined) {
    process.stderr.write(`${notice}\n`);
  }
  const selection = selectionOf(wishes.tests);
  const shared = new SharedRun({ launch: options, selection, launchTime, threads: wishes.workers - 1 });
  const run = await shared.finish(() => runTests(org, compiled, selection, { next: shared.next }));
  org.close();
  process.stdout.write(`${FORMATS[wishes.format].write(run)}\n`);
  if (wishes.outputDirectory !== undefined) {
    mkdirSync(wishes.outputDirectory, { recursive: true });
    for (const output of Object.values(FORMATS)) {
      writeFileSync(join(wishes.outputDirectory, `test-result.${output.extension}`), output.write(run));
    }
  }
  if (run.results.length === 0) {
    process.stderr.write('No test was found.\n');
    return 1;
  }
  const percent = coveredPercent(run);
  if (wishes.minimum !== null && percent < wishes.minimum) {
    process.stderr.write(`Coverage is ${percent.toFixed(1)} %, below the minimum of ${wishes.minimum} %.\n`);
    return 1;
  }
  return run.results.some(({ outcome }) => outcome === 'Fail') ? 1 : 0;
}

/** Says what was left out, before anything runs: a test that reaches one of these places fails with its text. */
function reportRefused(refused: readonly CompileProblem[]): void {
  if (refused.length === 0) return;
  const places = refused.map(({ file, line, column, message }) => `  ${file}:${line}:${column}: ${message}\n`);
  process.stderr.write(
    `${refused.length} places are not supported by the local org; code that reaches one fails there:\n${places.join('')}\n`,
  );
}

/** `Class` and `Class.method`, separated by commas or given several times. */
function selectionOf(tests: readonly string[]): TestSelection {
  const names = tests
    .flatMap((list) => list.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) {
    return {};
  }
  return { classes: names.filter((name) => !name.includes('.')), methods: names.filter((name) => name.includes('.')) };
}

function coveredPercent({ coverage }: TestRun): number {
  const covered = coverage.reduce((sum, entry) => sum + entry.covered.length, 0);
  const lines = coverage.reduce((sum, entry) => sum + entry.covered.length + entry.uncovered.length, 0);
  return lines === 0 ? 0 : (100 * covered) / lines;
}

function workersOf(text: string): number {
  const workers = Number(text);
  if (!Number.isInteger(workers) || workers < 1)
    throw new UsageError(`--workers takes a whole number from 1, not "${text}".`);
  return workers;
}

function percentOf(text: string): number {
  const percent = Number(text);
  if (!(percent >= 0 && percent <= 100)) {
    throw new UsageError(`--minimum-coverage takes a number from 0 to 100, not "${text}".`);
  }
  return percent;
}
