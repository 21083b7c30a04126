/** The command line: `start`, `test`, `query`, `exec`, `check`. */
import { checkCommand } from './cli/check.ts';
import { execCommand } from './cli/exec.ts';
import { queryCommand } from './cli/query.ts';
import { startCommand } from './cli/start.ts';
import { testCommand } from './cli/test.ts';
import { UsageError, explain } from './cli/usage.ts';
import type { Command } from './cli/usage.ts';

const COMMANDS: readonly Command[] = [startCommand, testCommand, queryCommand, execCommand, checkCommand];

const [name = 'help', ...commandArguments] = process.argv.slice(2);
const command = COMMANDS.find((candidate) => candidate.name === name);
try {
  if (command) {
    process.exitCode = await command.run(commandArguments);
  } else if (['help', '--help', '-h'].includes(name)) {
    printHelp();
  } else {
    throw new UsageError(`There is no command "${name}". Commands: ${COMMANDS.map((each) => each.name).join(', ')}.`);
  }
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

function printHelp(): void {
  const width = Math.max(...COMMANDS.map(({ usage }) => usage.length));
  process.stdout.write('Runs an SFDX project on this machine: its Apex, its data, its Lightning pages.\n\n');
  for (const { usage, summary } of COMMANDS) {
    process.stdout.write(`  ${usage.padEnd(width)}  ${summary}\n`);
  }
}
