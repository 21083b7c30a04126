/** What the commands share: their shape, their options, and how errors reach a person. */
import { parseArgs } from 'node:util';
import type { ParseArgsOptionsConfig } from 'node:util';

export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** Takes the arguments after the command's name; returns the exit code. */
  run(commandArguments: readonly string[]): number | Promise<number>;
}

/** The command line itself is wrong; exit code 2. */
export class UsageError extends Error {
  readonly code = 'USAGE';

  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/**
 * Parses options and positional arguments.
 *
 * @throws UsageError naming the option that is unknown or lacks its value
 */
export function parseOptions<const T extends ParseArgsOptionsConfig>(
  commandArguments: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...commandArguments], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * One of a few values.
 *
 * @throws UsageError listing the values
 */
export function oneOf<const T extends string>(option: string, value: string, values: readonly T[]): T {
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) {
    throw new UsageError(`--${option} takes one of ${values.join(', ')}, not "${value}".`);
  }
  return found;
}

/**
 * What a person reads when a command fails. Errors that this program throws on purpose carry a `code` and a message
 * that says what to do; anything else is a defect of the local org, so its stack is shown.
 */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const isExpected = 'code' in error && typeof error.code === 'string';
  return isExpected ? error.message : `This is a defect of the local org, not of your project:\n${error.stack}`;
}
