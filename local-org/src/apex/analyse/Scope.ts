import type { CompileProblem } from '../ApexCompileError.ts';
import type { SourceText } from '../syntax/SourceText.ts';
import type { ApexType, FieldSymbol, TypeSymbol } from '../types/symbols.ts';
import type { TypeTable } from '../types/TypeTable.ts';
import type { ModuleWriter } from './ModuleWriter.ts';
import type { Local, Typed } from './Typed.ts';

/** First API version whose code runs in user mode and with sharing unless it says otherwise (Apex Developer Guide, Versioned Behavior Changes). */
export const USER_MODE_VERSION = 67;

/** What the soql room says about an inline query at compile time. */
export interface QueryShape {
  readonly objectName: string;
  readonly kind: 'records' | 'aggregate' | 'count';
  /** The WITH clause's access mode. */
  readonly mode?: 'USER_MODE' | 'SYSTEM_MODE' | 'SECURITY_ENFORCED' | null;
}

/** Facts of the project beyond its classes that compiled code refers to. */
export interface CompileEnvironment {
  /** Throws an error with `message` and `offset` (in the text) when the query is wrong. */
  describeQuery(text: string, language: 'soql' | 'sosl'): QueryShape;
  /** Custom label names, lower case → canonical. */
  readonly labels: ReadonlyMap<string, string>;
  /** Names of Visualforce pages, lower case → canonical. */
  readonly pages: ReadonlyMap<string, string>;
  /** Some class takes over its caller's sharing: classes that declare theirs must pass it on. */
  readonly inheritsSharing: boolean;
}

/** What the body being analysed stands in. */
export interface BodyScope {
  readonly table: TypeTable;
  readonly source: SourceText;
  readonly writer: ModuleWriter;
  readonly environment: CompileEnvironment;
  readonly owner: TypeSymbol;
  readonly isStatic: boolean;
  /** void for constructors and initialisers. */
  readonly returns: ApexType;
  readonly apiVersion: number;
  /** Name of the JavaScript constant that holds the class's sharing and access mode. */
  readonly contextName: string;
  /** sObject type of the trigger whose body this is. */
  readonly triggerObject?: ApexType;
  /** Property whose accessor this is: its own name means the stored value. */
  readonly accessorOf?: FieldSymbol;
  readonly inConstructor?: boolean;
  readonly problems: CompileProblem[];
  /** Code with a problem compiles to a refusal at run time instead of nothing. */
  readonly lenient: boolean;
}

/** Stops the analysis of a statement after a problem was reported. */
export class AnalysisStop extends Error {}

const JAVASCRIPT_WORDS: ReadonlySet<string> = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements ' +
    'import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with ' +
    'yield undefined NaN Infinity'
  ).split(' '),
);

/** Local variables by lower-case name, innermost block last. */
export class Locals {
  private readonly blocks: Map<string, Local>[] = [new Map<string, Local>()];
  /** How often a name was declared in the body: each variable has a name of its own in JavaScript. */
  private readonly declared = new Map<string, number>();

  open(): void {
    this.blocks.push(new Map());
  }
  close(): void {
    this.blocks.pop();
  }
  find(name: string): Local | undefined {
    const key = name.toLowerCase();
    for (let index = this.blocks.length - 1; index >= 0; index--) {
      const found = (this.blocks[index] as Map<string, Local>).get(key);
      if (found) return found;
    }
    return undefined;
  }
  /** All variables in scope. */
  visible(): Local[] {
    return [...new Map(this.blocks.flatMap((block) => [...block])).values()];
  }
  /** `first` undefined: the value may be null (a parameter); null: never null. */
  add(name: string, type: ApexType, isFinal: boolean, ...first: (Typed | null | undefined)[]): Local {
    const times = this.declared.get(name) ?? 0;
    this.declared.set(name, times + 1);
    const plain = JAVASCRIPT_WORDS.has(name) ? `${name}$` : name;
    const local: Local = {
      name,
      type,
      isFinal,
      assigned: first,
      state: 'unknown',
      javascript: times === 0 ? plain : `${plain}$${times}`,
    };
    (this.blocks[this.blocks.length - 1] as Map<string, Local>).set(name.toLowerCase(), local);
    return local;
  }
}
