/** Build problems of LWC sources: what a developer sees in the terminal and in the page's overlay. */
import { existsSync, readFileSync } from 'node:fs';

/** One problem at a place in a source file; line and column count from 1. */
export interface BuildProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Raised when a bundle cannot be built; `problems` holds every place that needs attention. */
export class BuildError extends Error {
  readonly code = 'LWC_BUILD_FAILED';
  readonly problems: readonly BuildProblem[];

  constructor(problems: readonly BuildProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'BuildError';
    this.problems = problems;
  }
}

/** `file:line:column: message`, the form that terminals and editors make clickable. */
export function formatProblem(problem: BuildProblem): string {
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`;
}

/** Line and column (from 1) of a character offset in a text. */
export function positionAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

/**
 * Where a file asks for a module: the import's specifier in a script, the tag in a template
 * (`lightning/recordForm` is `<lightning-record-form>`). The file's start when neither is found.
 */
export function positionOfImport(file: string, specifier: string): { readonly line: number; readonly column: number } {
  if (!existsSync(file)) return { line: 1, column: 1 };
  const text = readFileSync(file, 'utf8');
  const quoted = ["'", '"'].map((quote) => text.indexOf(quote + specifier + quote)).filter((offset) => offset >= 0);
  if (quoted.length > 0) return positionAt(text, Math.min(...quoted) + 1);
  const tag = text.indexOf(`<${tagOf(specifier)}`);
  return tag >= 0 ? positionAt(text, tag) : { line: 1, column: 1 };
}

/** Tag name of a component module: `lightning/recordForm` → `lightning-record-form`. */
export function tagOf(specifier: string): string {
  const [namespace = '', name = ''] = specifier.split('/');
  return `${namespace}-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
