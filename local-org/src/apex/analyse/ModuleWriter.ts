/** Collects what the JavaScript module of one Apex file needs beside its code: imports, constants, types, library functions. */
import type { ApexType, TypeSymbol } from '../types/symbols.ts';
import type { SourceText } from '../syntax/SourceText.ts';

export class ModuleWriter {
  readonly source: SourceText;
  readonly coverage: boolean;
  readonly imports = new Map<TypeSymbol, string>();
  readonly types: ApexType[] = [];
  private readonly typeNames = new Map<ApexType, string>();
  private readonly functions = new Map<string, string>();
  private readonly constants = new Map<string, string>();
  /** Apex lines that hold a statement, in order of first appearance: index of the counter by line. */
  readonly counters = new Map<number, number>();

  constructor(source: SourceText, coverage: boolean) {
    this.source = source;
    this.coverage = coverage;
  }

  /** JavaScript expression of a project class. */
  classReference(symbol: TypeSymbol): string {
    this.imports.set(symbol, symbol.javascriptName);
    return symbol.javascriptName;
  }

  type(type: ApexType): string {
    let name = this.typeNames.get(type);
    if (!name) {
      name = `$t${this.types.length}`;
      this.types.push(type);
      this.typeNames.set(type, name);
    }
    return name;
  }

  libraryFunction(key: string): string {
    let name = this.functions.get(key);
    if (!name) {
      name = `$f${this.functions.size}`;
      this.functions.set(key, name);
    }
    return name;
  }

  /** A value made once when the module is loaded, from a JavaScript expression. */
  constant(expression: string): string {
    let name = this.constants.get(expression);
    if (!name) {
      name = `$k${this.constants.size}`;
      this.constants.set(expression, name);
    }
    return name;
  }

  counter(line: number): number {
    let index = this.counters.get(line);
    if (index === undefined) {
      index = this.counters.size;
      this.counters.set(line, index);
    }
    return index;
  }

  get libraryKeys(): readonly string[] {
    return [...this.functions.keys()];
  }
  get constantExpressions(): readonly string[] {
    return [...this.constants.keys()];
  }
}

/** JavaScript lines with the Apex line that each stands for (0: none). */
export class CodeOutput {
  readonly lines: string[] = [];
  readonly map: number[] = [];
  private readonly writer: ModuleWriter;
  /** Temporaries of the function being written. */
  private temporaries = 0;
  private savedTemporaries: number[] = [];

  constructor(writer: ModuleWriter) {
    this.writer = writer;
  }

  write(text: string, line = 0): void {
    this.lines.push(text);
    this.map.push(line);
  }

  /** A statement that counts for coverage. */
  statement(at: number, text: string): void {
    const line = this.writer.source.line(at);
    this.write(this.writer.coverage ? `$n[${this.writer.counter(line)}]++; ${text}` : text, line);
  }

  /** Opens a function; what `body` writes stands inside, temporaries declared in front. */
  scope(open: string, close: string, line: number, body: () => void): void {
    this.savedTemporaries.push(this.temporaries);
    this.temporaries = 0;
    const index = this.lines.length;
    this.write(open, line);
    body();
    if (this.temporaries > 0) {
      const names = Array.from({ length: this.temporaries }, (_, position) => `$v${position}`);
      this.lines[index] = `${open} let ${names.join(', ')};`;
    }
    this.write(close);
    this.temporaries = this.savedTemporaries.pop() ?? 0;
  }

  temporary(): string {
    return `$v${this.temporaries++}`;
  }
}
