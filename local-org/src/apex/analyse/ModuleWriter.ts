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

/** A function being written. */
interface WrittenFunction {
  temporaries: number;
  /** Names of the variables whose values count as held while it runs. */
  readonly variables: Set<string>;
  readonly isMeasured: boolean;
}

/** JavaScript lines with the Apex line that each stands for (0: none). */
export class CodeOutput {
  readonly lines: string[] = [];
  readonly map: number[] = [];
  private readonly writer: ModuleWriter;
  /** The functions being written, innermost last. */
  private readonly functions: WrittenFunction[] = [];

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

  /**
   * Opens a function; what `body` writes stands inside, its variables declared in front. `held` names what the function
   * holds from its start (`this`, parameters); null for functions whose values are not measured.
   */
  scope(open: string, close: string, line: number, body: () => void, held: readonly string[] | null = null): void {
    const written: WrittenFunction = { temporaries: 0, variables: new Set(), isMeasured: held !== null };
    this.functions.push(written);
    const index = this.lines.length;
    this.write(open, line);
    body();
    this.functions.pop();
    const variables = [
      ...Array.from({ length: written.temporaries }, (_, position) => `$v${position}`),
      ...[...written.variables].map((name) => (name.startsWith('$v') ? '' : `${name} = null`)),
    ].filter((name) => name !== '');
    let start = open;
    if (variables.length > 0) start += ` let ${variables.join(', ')};`;
    if (held) start += ` $heap.enter(() => [${[...held, ...written.variables].join(', ')}]); try {`;
    this.lines[index] = start;
    this.write(held ? `} finally { $heap.leave(); } ${close}` : close);
  }

  private get function(): WrittenFunction {
    return this.functions[this.functions.length - 1] as WrittenFunction;
  }

  temporary(): string {
    return `$v${this.function.temporaries++}`;
  }

  /** Makes the function hold a variable, which it then declares itself; false when its values are not measured. */
  hold(name: string): boolean {
    const { isMeasured, variables } = this.function;
    if (isMeasured) variables.add(name);
    return isMeasured;
  }

  /** The variables go out of scope. */
  release(names: readonly string[]): void {
    const held = names.filter((name) => this.function.variables.has(name));
    if (held.length > 0) this.write(`${held.join(' = ')} = null;`);
  }
}
