import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CompileProblem } from '../apex/ApexCompileError.ts';
import { formatHuman, formatJson, formatJunit } from '../apex/formatResults.ts';
import { runTests } from '../apex/testRunner.ts';
import type { TestRun, TestSelection } from '../apex/testRunner.ts';
import { launch } from './launch.ts';
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

/** `test`: runs Apex tests in an org in memory. */
export const testCommand: Command = {
  name: 'test',
  usage:
    'test [--source DIR] [--package-directory PATH]… [--tests CLASS[.METHOD],…] [--result-format human|json|junit] [--coverage] [--minimum-coverage PERCENT] [--output-dir DIR] [--allow-unsupported] [--workers N]',
  summary: 'Runs Apex tests',
  async run(commandArguments) {
    const { values } = parseOptions(commandArguments, {
      source: { type: 'string', default: '.' },
      'package-directory': { type: 'string', multiple: true, default: [] },
      tests: { type: 'string', multiple: true, default: [] },
      'result-format': { type: 'string', default: 'human' },
      coverage: { type: 'boolean', default: false },
      'minimum-coverage': { type: 'string' },
      'output-dir': { type: 'string' },
      'allow-unsupported': { type: 'boolean', default: false },
      workers: { type: 'string', default: String(availableParallelism()) },
    });
    const format = oneOf('result-format', values['result-format'], FORMAT_NAMES);
    const minimum = values['minimum-coverage'] === undefined ? null : percentOf(values['minimum-coverage']);
    const workers = workersOf(values.workers);
    const options = {
      source: values.source,
      packageDirectories: values['package-directory'],
      coverage: values.coverage || minimum !== null,
      allowUnsupported: values['allow-unsupported'],
    };
    const begin = performance.now();
    const { org, compiled } = launch(options);
    const launchTime = performance.now() - begin;
    reportRefused(compiled.refused);
    const notice = behaviourNotice(org.project);
    if (notice !== undefined) {
      process.stderr.write(`${notice}\n`);
    }
    const selection = selectionOf(values.tests);
    const shared = new SharedRun({ launch: options, selection, launchTime, threads: workers - 1 });
    const run = await shared.finish(() => runTests(org, compiled, selection, { next: shared.next }));
    org.close();
    process.stdout.write(`${FORMATS[format].write(run)}\n`);
    if (values['output-dir'] !== undefined) {
      mkdirSync(values['output-dir'], { recursive: true });
      for (const output of Object.values(FORMATS)) {
        writeFileSync(join(values['output-dir'], `test-result.${output.extension}`), output.write(run));
      }
    }
    if (run.results.length === 0) {
      process.stderr.write('No test was found.\n');
      return 1;
    }
    const percent = coveredPercent(run);
    if (minimum !== null && percent < minimum) {
      process.stderr.write(`Coverage is ${percent.toFixed(1)} %, below the minimum of ${minimum} %.\n`);
      return 1;
    }
    return run.results.some(({ outcome }) => outcome === 'Fail') ? 1 : 0;
  },
};

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
