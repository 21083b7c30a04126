/** What a compiler pass found wrong, and where. */
export interface CompileProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly message: string;
}

/** Every problem of a compilation, in file and line order. */
export class ApexCompileError extends Error {
  readonly code = 'APEX_COMPILE_ERROR';
  readonly problems: readonly CompileProblem[];

  constructor(problems: readonly CompileProblem[]) {
    super(
      problems.map((problem) => `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`).join('\n'),
    );
    this.name = 'ApexCompileError';
    this.problems = problems;
  }
}
