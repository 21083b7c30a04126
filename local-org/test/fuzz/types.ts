import type { Random } from './random.ts';

/** How a mutant ended. `by` names the error; a defect is anything that is neither an answer nor an error with a place or a code. */
export type Verdict =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused'; readonly by: string }
  | { readonly outcome: 'defect'; readonly what: string };

export interface Mutant {
  /** What a reader needs to repeat it by hand. */
  readonly input: string;
  readonly run: () => Verdict | Promise<Verdict>;
}

/** One kind of input: `open` prepares what its mutants run against. */
export interface MutantKind {
  readonly name: string;
  readonly count: number;
  readonly open: () => Promise<OpenKind>;
}

export interface OpenKind {
  readonly next: (random: Random) => Mutant;
  readonly close: () => Promise<void>;
}

export const accepted: Verdict = { outcome: 'accepted' };
export const refused = (by: string): Verdict => ({ outcome: 'refused', by });
export const defect = (what: string): Verdict => ({ outcome: 'defect', what });

/** Texts that give an internal error away, wherever they stand. */
export const INTERNAL =
  /defect of the local org|Internal error of the local org|TypeError|ReferenceError|SyntaxError|RangeError|is not a function|of undefined|SQLITE|UNKNOWN_EXCEPTION|no such column|near ".*": syntax error/;

/** Facts of an error that nobody meant, for the report. */
export function describeUnexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 6).join('\n') : String(error);
}
