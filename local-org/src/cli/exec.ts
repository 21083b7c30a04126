import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AnonymousOutcome } from '../runtime/types.ts';
import { executeAnonymous } from '../api/anonymousApex.ts';
import { LOCAL_EXECUTE_PATH } from '../api/rest/anonymousApex.ts';
import { DEFAULT_DATA, definitionOption, launch } from './launch.ts';
import type { LaunchOptions } from './launch.ts';
import { callRunningServer } from './runningServer.ts';
import type { Command } from './usage.ts';
import { UsageError, parseOptions } from './usage.ts';

/** `exec`: compiles and runs anonymous Apex as the administrator. */
export const execCommand: Command = {
  name: 'exec',
  usage: 'exec FILE|- [--source DIR] [--definition FILE] [--data DIR]',
  summary: 'Runs anonymous Apex from a file or from standard input',
  async run(commandArguments) {
    const { values, positionals } = parseOptions(commandArguments, {
      source: { type: 'string', default: '.' },
      definition: { type: 'string' },
      data: { type: 'string' },
    });
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) {
      throw new UsageError('exec takes one file of Apex, or - for standard input.');
    }
    const text = readFileSync(file === '-' ? 0 : file, 'utf8');
    const data = resolve(values.data ?? join(values.source, DEFAULT_DATA));
    const remote = await callRunningServer(data, LOCAL_EXECUTE_PATH, { anonymousBody: text });
    return report(
      file,
      (remote as AnonymousOutcome | undefined) ??
        executeDirectly({ source: values.source, data, ...definitionOption(values.definition) }, text),
    );
  },
};

function executeDirectly(options: LaunchOptions, text: string): AnonymousOutcome {
  const { org } = launch(options);
  org.onJobFailure(({ id, className, failure }) =>
    process.stderr.write(`Job ${id} of ${className} failed: ${failure.message}\n`),
  );
  try {
    return executeAnonymous(org, org.administratorId, text);
  } finally {
    org.close();
  }
}

function report(file: string, outcome: AnonymousOutcome): number {
  process.stdout.write(outcome.log);
  if (!outcome.compiled) {
    process.stderr.write(`${file}:${outcome.line}:${outcome.column}: ${outcome.compileProblem}\n`);
  } else if (!outcome.success) {
    process.stderr.write(`${outcome.exceptionMessage}\n${outcome.exceptionStackTrace}\n`);
  }
  return outcome.success ? 0 : 1;
}
