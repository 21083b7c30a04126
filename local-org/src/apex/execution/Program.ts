/** A compiled project that is loaded: its JavaScript classes, and how to get from a run-time value to its Apex type. */
import { Script } from 'node:vm';
import { SObjectRecord } from '../../schema/record.ts';
import { ApexBlob } from '../../values/ApexBlob.ts';
import { ApexDate } from '../../values/ApexDate.ts';
import { ApexDatetime } from '../../values/ApexDatetime.ts';
import { ApexDouble } from '../../values/ApexDouble.ts';
import { ApexTime } from '../../values/ApexTime.ts';
import { Decimal } from '../../values/Decimal.ts';
import type { CompiledModule } from '../analyse/ClassCompiler.ts';
import type { ApexType, TypeSymbol } from '../types/symbols.ts';
import type { TypeTable } from '../types/TypeTable.ts';
import { libraryFunction } from '../library/registry.ts';
import { ApexEnum } from './ApexEnum.ts';
import { ApexIterator, ApexList } from './ApexList.ts';
import { ApexMap } from './ApexMap.ts';
import { ApexSet } from './ApexSet.ts';
import { exceptionClass } from './errors.ts';
import { helpers } from './helpers.ts';

/** Where the classes of library exceptions have their types from at the moment. */
let exceptionsBoundTo: TypeTable | null = null;

/** A JavaScript class of the project's Apex. */
export interface LoadedClass {
  new (): ApexObject;
  readonly $type: ApexType;
  $s?(): Record<string, unknown>;
  $open?(): unknown;
  run$?(): void;
}

export interface ApexObject {
  readonly $type: ApexType;
}

interface ModuleExports {
  readonly classes: Readonly<Record<string, LoadedClass>>;
  readonly link: (find: (name: string) => LoadedClass) => void;
}

export class Program {
  readonly table: TypeTable;
  readonly modules = new Map<string, CompiledModule>();
  /** Statement counts by module name, one counter per covered line. */
  readonly counters = new Map<string, Float64Array>();
  private readonly classes = new Map<string, LoadedClass>();
  private readonly resets = new Map<LoadedClass, () => void>();
  private readonly opened = new Set<LoadedClass>();
  private exceptionNames: readonly string[] = [];
  /** Custom label texts by canonical name. */
  readonly labels: ReadonlyMap<string, string>;

  constructor(table: TypeTable, labels: ReadonlyMap<string, string>) {
    this.table = table;
    this.labels = labels;
    // Apex stack traces are read from JavaScript's: ten frames are not enough.
    Error.stackTraceLimit = Math.max(Error.stackTraceLimit, 100);
  }

  /** Loads modules, superclasses first. */
  load(modules: readonly CompiledModule[]): void {
    const pending = new Map(modules.map((module) => [module.symbol, module]));
    const exported: ModuleExports[] = [];
    const loadOne = (module: CompiledModule): void => {
      if (!pending.delete(module.symbol)) return;
      for (const symbol of module.requires) {
        const required = pending.get(symbol);
        if (required) loadOne(required);
      }
      exported.push(this.loadModule(module));
    };
    for (const module of modules) loadOne(module);
    for (const { link } of exported) link((name) => this.class(name));
  }

  private loadModule(module: CompiledModule): ModuleExports {
    const { fullName } = module.symbol;
    this.modules.set(fullName, module);
    const counters = new Float64Array(module.writer.counters.size);
    this.counters.set(fullName, counters);
    const source = module.code.replace('$HELPERS', Object.keys(helpers).join(', '));
    const factory = new Script(source, { filename: `apex:${fullName}` }).runInThisContext() as (
      runtime: object,
      counters: Float64Array,
    ) => ModuleExports;
    const own = new Map<string, TypeSymbol>();
    const collect = (symbol: TypeSymbol): void => {
      own.set(symbol.fullName, symbol);
      symbol.inner.forEach(collect);
    };
    collect(module.symbol);
    const runtime = {
      ...helpers,
      types: module.writer.types,
      library: libraryFunction,
      class: (name: string) => this.class(name),
      typeOf: (name: string) => this.table.of(own.get(name) ?? module.symbol),
      $define: (
        loaded: LoadedClass,
        type: ApexType,
        bridges: readonly (readonly [string, string])[],
        reset: () => void,
      ) => {
        Object.defineProperty(loaded, '$type', { value: type });
        Object.defineProperty(loaded.prototype, '$type', { value: type });
        for (const [wanted, name] of bridges) {
          const holder = (name.startsWith('static ') ? loaded : loaded.prototype) as unknown as Record<string, unknown>;
          Object.defineProperty(loaded.prototype, wanted, {
            value: holder[name.replace('static ', '')],
            configurable: true,
          });
        }
        this.classes.set(type.name, loaded);
        this.resets.set(loaded, reset);
      },
      $opened: (loaded: LoadedClass) => void this.opened.add(loaded),
    };
    const exports = factory(runtime, counters);
    for (const [name, loaded] of Object.entries(exports.classes)) this.classes.set(name, loaded);
    return exports;
  }

  class(name: string): LoadedClass {
    const found = this.classes.get(name);
    if (!found) throw new Error(`Class ${name} is not loaded`);
    return found;
  }

  classOfType(type: ApexType): LoadedClass | undefined {
    return type.symbol.isLibrary ? undefined : this.classes.get(type.symbol.fullName);
  }

  /** Forgets all static state: the next use of a class runs its static initialisers again. */
  resetStatics(): void {
    for (const loaded of this.opened) this.resets.get(loaded)?.();
    this.opened.clear();
  }

  /** Values of all static variables that were initialised. */
  statics(): unknown[] {
    return [...this.opened].flatMap((loaded) => Object.values(loaded.$s?.() ?? {}));
  }

  private readonly libraryInstances = new Map<unknown, ApexType>();

  /** Makes instances of a JavaScript class known as values of a library type. */
  registerInstance(javascriptClass: unknown, symbol: TypeSymbol): void {
    this.libraryInstances.set(javascriptClass, this.table.of(symbol));
  }

  /** The Apex type of a value at run time. */
  typeOf(value: unknown): ApexType {
    const { table } = this;
    switch (typeof value) {
      case 'string':
        return table.string;
      case 'number':
        return table.integer;
      case 'bigint':
        return table.long;
      case 'boolean':
        return table.boolean;
    }
    if (value === null || value === undefined) return table.null;
    if (value instanceof SObjectRecord) {
      const symbol =
        table.sobjectSymbol(value.describe.name) ??
        (value.describe.kind === 'aggregate' ? table.librarySymbol('AggregateResult') : table.sobject.symbol);
      return table.of(symbol);
    }
    if (value instanceof ApexList || value instanceof ApexSet || value instanceof ApexMap) return value.type;
    if (value instanceof Decimal) return table.decimal;
    if (value instanceof ApexDouble) return table.double;
    if (value instanceof ApexDate) return table.date;
    if (value instanceof ApexDatetime) return table.datetime;
    if (value instanceof ApexTime) return table.time;
    if (value instanceof ApexBlob) return table.blob;
    if (value instanceof ApexEnum && value.type) return value.type;
    if (value instanceof ApexIterator) return table.parse('Iterator<Object>');
    const object = value as ApexObject;
    return object.$type ?? this.libraryInstances.get(value.constructor) ?? table.object;
  }

  /** Gives the JavaScript classes of library exceptions their Apex types in this program. */
  bindExceptions(names: readonly string[]): void {
    this.exceptionNames = names;
    exceptionsBoundTo = null;
    this.claimExceptions();
  }

  /** To be called before code of this program runs: those classes are one for all programs of the process. */
  claimExceptions(): void {
    if (exceptionsBoundTo === this.table) return;
    exceptionsBoundTo = this.table;
    for (const name of this.exceptionNames) {
      Object.defineProperty(exceptionClass(name).prototype, '$type', {
        value: this.table.of(this.table.librarySymbol(name)),
        configurable: true,
      });
    }
  }

  /** Apex position of each frame of a JavaScript stack, innermost first. */
  frames(stack: string): { readonly className: string; readonly method: string; readonly line: number }[] {
    const frames: { className: string; method: string; line: number }[] = [];
    let closure: string | null = null;
    for (const match of stack.matchAll(/(\()?apex:([\w$. ]+):(\d+):\d+/g)) {
      const module = this.modules.get(match[2] as string);
      const line = module?.lineMap[Number(match[3]) - 1] ?? 0;
      if (!module || line === 0) continue;
      const frame = module.frames
        .filter((candidate) => candidate.first <= line && line <= candidate.last)
        .sort((a, b) => a.last - a.first - (b.last - b.first))[0];
      const method = frame?.name ?? module.symbol.fullName;
      // A runAs block is a closure of its own in JavaScript: the method around it is the same Apex frame.
      const isOuter = closure === method;
      closure = match[1] === undefined ? method : null;
      if (!isOuter) frames.push({ className: module.symbol.fullName, method, line });
    }
    return frames;
  }

  /** `Class.Foo.bar: line 12, column 1` lines, as getStackTraceString gives them. */
  stackTrace(stack: string): string {
    return this.frames(stack)
      .map(({ method, line }) => {
        const prefix = method.startsWith('Trigger.') || method === 'AnonymousBlock' ? '' : 'Class.';
        return `${prefix}${method}: line ${line}, column 1`;
      })
      .join('\n');
  }
}
