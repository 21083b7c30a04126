import type { Position } from './types.ts';

/** `file:line:column`, the form that editors turn into a link. */
export function formatPosition(position: Position): string {
  return `${position.file}:${position.line}:${position.column}`;
}

/** A metadata file that can't be loaded. The message starts with `file:line:column` and says what to do. */
export class MetadataError extends Error {
  readonly code = 'METADATA';
  readonly position: Position;
  /** The message without the position. */
  readonly problem: string;

  constructor(position: Position, problem: string) {
    super(`${formatPosition(position)}: ${problem}`);
    this.name = 'MetadataError';
    this.position = position;
    this.problem = problem;
  }
}

/** Everything that is wrong with a project, so that a person can mend it in one go. */
export class ProjectError extends Error {
  readonly code = 'PROJECT';
  readonly problems: readonly MetadataError[];

  constructor(problems: readonly MetadataError[]) {
    super(problems.map((problem) => problem.message).join('\n'));
    this.name = 'ProjectError';
    this.problems = problems;
  }
}

/** Runs steps that may each throw a MetadataError; `finish` throws all of them together. */
export class ProblemCollector {
  readonly #problems: MetadataError[] = [];

  /** The step's result, or undefined when it failed. Errors other than MetadataError pass through. */
  attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (error instanceof MetadataError) this.#problems.push(error);
      else if (error instanceof ProjectError) this.#problems.push(...error.problems);
      else throw error;
      return undefined;
    }
  }

  add(problem: MetadataError): void {
    this.#problems.push(problem);
  }

  /** Throws the one MetadataError, or a ProjectError that holds them all. */
  finish(): void {
    const [first] = this.#problems;
    if (first === undefined) return;
    throw this.#problems.length === 1 ? first : new ProjectError(this.#problems);
  }
}
