import type { CompileProblem } from '../ApexCompileError.ts';

/** A source file's text with offsets that can be turned into lines and columns. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  private starts: number[] | null = null;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  private get lineStarts(): number[] {
    if (this.starts === null) {
      this.starts = [0];
      for (let at = this.text.indexOf('\n'); at >= 0; at = this.text.indexOf('\n', at + 1)) this.starts.push(at + 1);
    }
    return this.starts;
  }

  /** Line of a character offset, from 1. */
  line(offset: number): number {
    const starts = this.lineStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** Column of a character offset, from 1. */
  column(offset: number): number {
    return offset - (this.lineStarts[this.line(offset) - 1] as number) + 1;
  }

  problem(offset: number, message: string): CompileProblem {
    return { file: this.file, line: this.line(offset), column: this.column(offset), message };
  }
}
