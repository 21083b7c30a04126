import type { Schema } from '../../schema/types.ts';
import { newSymbol, type ApexType, type FieldSymbol, type MethodSymbol, type TypeSymbol } from './symbols.ts';

const PRIMITIVES = [
  'Boolean',
  'Integer',
  'Long',
  'Double',
  'Decimal',
  'String',
  'Id',
  'Date',
  'Datetime',
  'Time',
  'Blob',
] as const;
const NUMERIC_RANK: Readonly<Record<string, number>> = { Integer: 1, Long: 2, Double: 3, Decimal: 4 };

/** Namespaces whose types can be named without them. */
const IMPLICIT_NAMESPACES = new Set(['system']);

/** Interns types and finds symbols by name. One table serves one compilation. */
export class TypeTable {
  readonly schema: Schema;
  /** Lower-case full name: library types, and top-level classes of the project. */
  private readonly library = new Map<string, TypeSymbol>();
  readonly project = new Map<string, TypeSymbol>();
  private readonly sobjects = new Map<string, TypeSymbol>();
  private readonly types = new Map<string, ApexType>();

  readonly void: ApexType;
  readonly null: ApexType;
  readonly object: ApexType;
  readonly sobject: ApexType;
  readonly boolean: ApexType;
  readonly integer: ApexType;
  readonly long: ApexType;
  readonly double: ApexType;
  readonly decimal: ApexType;
  readonly string: ApexType;
  readonly id: ApexType;
  readonly date: ApexType;
  readonly datetime: ApexType;
  readonly time: ApexType;
  readonly blob: ApexType;

  constructor(schema: Schema) {
    this.schema = schema;
    const declare = (name: string, kind: TypeSymbol['kind']): ApexType => {
      const symbol = newSymbol({ name, fullName: name, kind });
      if (kind !== 'void' && kind !== 'null') this.library.set(name.toLowerCase(), symbol);
      return this.of(symbol);
    };
    this.void = declare('void', 'void');
    this.null = declare('null', 'null');
    this.object = declare('Object', 'object');
    this.sobject = declare('SObject', 'sobject');
    const primitives = PRIMITIVES.map((name) => declare(name, 'primitive'));
    [
      this.boolean,
      this.integer,
      this.long,
      this.double,
      this.decimal,
      this.string,
      this.id,
      this.date,
      this.datetime,
      this.time,
      this.blob,
    ] = primitives as [
      ApexType,
      ApexType,
      ApexType,
      ApexType,
      ApexType,
      ApexType,
      ApexType,
      ApexType,
      ApexType,
      ApexType,
      ApexType,
    ];
  }

  addLibrary(symbol: TypeSymbol): void {
    this.library.set(symbol.fullName.toLowerCase(), symbol);
  }

  /** A library symbol by full name; throws when the library does not declare it (a fault of this program). */
  librarySymbol(fullName: string): TypeSymbol {
    const symbol = this.findLibrary(fullName);
    if (!symbol) throw new Error(`Library type ${fullName} is not declared`);
    return symbol;
  }

  private findLibrary(fullName: string): TypeSymbol | undefined {
    let key = fullName.toLowerCase();
    let found = this.library.get(key);
    if (!found) {
      const dot = key.indexOf('.');
      if (dot > 0 && IMPLICIT_NAMESPACES.has(key.slice(0, dot))) {
        key = key.slice(dot + 1);
        found = this.library.get(key);
      }
    }
    found ??= this.library.get(`schema.${key}`);
    if (found?.load) {
      const { load } = found;
      delete found.load;
      load();
    }
    return found;
  }

  get libraryNames(): string[] {
    return [...this.library.values()].map((symbol) => symbol.fullName);
  }

  /** Any type that can be named from anywhere: `Account`, `Database.Batchable`, `Outer.Inner`, `Schema.Account`. */
  global(fullName: string): TypeSymbol | undefined {
    const key = fullName.toLowerCase();
    const [first = '', ...rest] = key.split('.');
    let symbol = this.project.get(first);
    for (const part of rest) symbol = symbol?.inner.get(part);
    if (symbol) return symbol;
    const library = this.findLibrary(key);
    if (library) return library;
    if (rest.length === 0) return this.sobjectSymbol(key);
    return rest.length === 1 && first === 'schema' ? this.sobjectSymbol(rest[0] as string) : undefined;
  }

  sobjectSymbol(name: string): TypeSymbol | undefined {
    const key = name.toLowerCase();
    let symbol = this.sobjects.get(key);
    if (!symbol) {
      const describe = this.schema.object(key);
      if (!describe) return undefined;
      symbol = newSymbol({
        name: describe.name,
        fullName: describe.name,
        kind: 'sobject',
        superclass: this.sobject,
        describe,
      });
      this.sobjects.set(key, symbol);
    }
    return symbol;
  }

  of(symbol: TypeSymbol, typeArguments: readonly ApexType[] = []): ApexType {
    const name =
      typeArguments.length === 0
        ? symbol.fullName
        : `${symbol.fullName}<${typeArguments.map((type) => type.name).join(',')}>`;
    const key = symbol.kind === 'parameter' ? `?${name}` : symbol.isLibrary ? name : `!${name}`;
    let type = this.types.get(key);
    if (!type) {
      type = { symbol, typeArguments, name };
      this.types.set(key, type);
    }
    return type;
  }

  list(element: ApexType): ApexType {
    return this.of(this.librarySymbol('List'), [element]);
  }
  set(element: ApexType): ApexType {
    return this.of(this.librarySymbol('Set'), [element]);
  }
  map(key: ApexType, value: ApexType): ApexType {
    return this.of(this.librarySymbol('Map'), [key, value]);
  }

  /** Type of library signatures: `Map<String,List<Object>>`; `parameters` are the class's type parameters. */
  parse(text: string, parameters: readonly string[] = []): ApexType {
    let at = 0;
    const read = (): ApexType => {
      const match = /^\s*([\w.]+)\s*/.exec(text.slice(at));
      if (!match) throw new Error(`Bad type in library signature: ${text}`);
      at += match[0].length;
      const name = match[1] as string;
      const typeArguments: ApexType[] = [];
      if (text.charAt(at) === '<') {
        do {
          at++;
          typeArguments.push(read());
        } while (text.charAt(at) === ',');
        at++;
      }
      if (name === 'void') return this.void;
      if (parameters.includes(name)) return this.of(newSymbol({ name, fullName: name, kind: 'parameter' }));
      const symbol = this.findLibrary(name) ?? this.sobjectSymbol(name);
      if (!symbol) throw new Error(`Unknown type ${name} in library signature: ${text}`);
      return this.of(symbol, typeArguments);
    };
    return read();
  }

  /** Replaces the receiver's type parameters in a member's type. */
  substitute(type: ApexType, receiver: ApexType): ApexType {
    if (receiver.typeArguments.length === 0) {
      return type.symbol.kind === 'parameter'
        ? this.object
        : type.typeArguments.length === 0
          ? type
          : this.of(
              type.symbol,
              type.typeArguments.map((inner) => this.substitute(inner, receiver)),
            );
    }
    if (type.symbol.kind === 'parameter') {
      const index = receiver.symbol.typeParameters.indexOf(type.symbol.name);
      return receiver.typeArguments[index] ?? this.object;
    }
    if (type.typeArguments.length === 0) return type;
    return this.of(
      type.symbol,
      type.typeArguments.map((inner) => this.substitute(inner, receiver)),
    );
  }

  isNumeric(type: ApexType): boolean {
    return type.symbol.isLibrary && NUMERIC_RANK[type.name] !== undefined;
  }
  numericRank(type: ApexType): number {
    return NUMERIC_RANK[type.name] ?? 0;
  }
  isText(type: ApexType): boolean {
    return type === this.string || type === this.id;
  }
  isSObject(type: ApexType): boolean {
    return type.symbol.kind === 'sobject';
  }
  isList(type: ApexType): boolean {
    return type.symbol.isLibrary && type.symbol.fullName === 'List';
  }
  isSet(type: ApexType): boolean {
    return type.symbol.isLibrary && type.symbol.fullName === 'Set';
  }
  isMap(type: ApexType): boolean {
    return type.symbol.isLibrary && type.symbol.fullName === 'Map';
  }
  isCollection(type: ApexType): boolean {
    return this.isList(type) || this.isSet(type) || this.isMap(type);
  }
  isException(type: ApexType): boolean {
    return this.ancestors(type).some((ancestor) => ancestor.symbol.isLibrary && ancestor.name === 'Exception');
  }

  /** The type itself, its superclasses and all interfaces, with type arguments filled in. */
  ancestors(type: ApexType): ApexType[] {
    const found: ApexType[] = [];
    const visit = (current: ApexType): void => {
      if (found.includes(current)) return;
      found.push(current);
      if (current.symbol.load) this.findLibrary(current.symbol.fullName);
      if (current.symbol.superclass) visit(this.substitute(current.symbol.superclass, current));
      for (const implemented of current.symbol.interfaces) visit(this.substitute(implemented, current));
    };
    visit(type);
    return found;
  }

  /** Distance for overload ranking: 0 identical, more is further, Infinity not assignable. */
  distance(from: ApexType, to: ApexType): number {
    if (from === to) return 0;
    if (to.symbol.kind === 'parameter') return 50;
    if (from === this.null)
      return to === this.void
        ? Infinity
        : to === this.object
          ? 2
          : to.symbol.kind === 'primitive'
            ? to === this.string
              ? 1
              : 1.5
            : 1;
    if (from === this.void || to === this.void) return Infinity;
    if (to === this.object) return 40;
    const fromRank = this.numericRank(from);
    const toRank = this.numericRank(to);
    if (fromRank > 0 && toRank > 0)
      return toRank >= fromRank ? toRank - fromRank : fromRank === 4 && toRank === 3 ? 6 : Infinity;
    if (from === this.id && to === this.string) return 1;
    if (from === this.string && to === this.id) return 3;
    if (from === this.date && to === this.datetime) return 2;
    if (this.isSObject(from) && to === this.sobject) return 5;
    const sameShape = from.symbol === to.symbol && from.typeArguments.length === to.typeArguments.length;
    if (sameShape && from.symbol.isLibrary) {
      let sum = 0;
      for (let index = 0; index < from.typeArguments.length; index++) {
        sum += this.argumentDistance(
          from.typeArguments[index] as ApexType,
          to.typeArguments[index] as ApexType,
          this.isList(from),
        );
      }
      return sum;
    }
    let nearest = Infinity;
    this.ancestors(from).forEach((ancestor, index) => {
      if (ancestor === to) nearest = Math.min(nearest, index);
      else if (index > 0 && ancestor.symbol === to.symbol && ancestor.typeArguments.length > 0) {
        nearest = Math.min(nearest, index + this.distance(ancestor, to));
      }
    });
    return nearest;
  }

  /** How far a type argument may differ: lists are covariant, SObject stands for any sObject in both directions. */
  private argumentDistance(from: ApexType, to: ApexType, isList: boolean): number {
    if (from === to) return 0;
    if (this.isSObject(from) && this.isSObject(to))
      return to === this.sobject ? 1 : from === this.sobject ? 4 : Infinity;
    if (this.isCollection(from) && this.isCollection(to)) return this.distance(from, to);
    if (this.isText(from) && this.isText(to)) return 2;
    if (to === this.object) return 10;
    if (isList && this.isNumeric(from) && this.isNumeric(to)) return Infinity;
    if (from.symbol.kind === 'primitive' || to.symbol.kind === 'primitive') return Infinity;
    return this.distance(from, to);
  }

  isAssignable(from: ApexType, to: ApexType): boolean {
    return this.distance(from, to) < Infinity;
  }

  /** Whether a cast can succeed at run time. */
  isCastable(from: ApexType, to: ApexType): boolean {
    if (this.isAssignable(from, to) || this.isAssignable(to, from)) return true;
    if (from === this.object || to === this.object) return true;
    if (this.isNumeric(from) && this.isNumeric(to)) return true;
    if (from.symbol.kind === 'interface' || to.symbol.kind === 'interface')
      return from.symbol.kind !== 'primitive' && to.symbol.kind !== 'primitive';
    if (from.symbol === to.symbol && from.typeArguments.length === to.typeArguments.length) {
      return from.typeArguments.every((argument, index) =>
        this.isCastable(argument, to.typeArguments[index] as ApexType),
      );
    }
    return false;
  }

  // ---- members

  findField(type: ApexType, name: string): { field: FieldSymbol; receiver: ApexType } | undefined {
    const key = name.toLowerCase();
    for (const ancestor of this.ancestors(type)) {
      const field = ancestor.symbol.fields.get(key);
      if (field) return { field, receiver: ancestor };
    }
    return undefined;
  }

  /** All methods of that name; an overridden one of a superclass is left out. */
  findMethods(type: ApexType, name: string): { method: MethodSymbol; receiver: ApexType }[] {
    const key = name.toLowerCase();
    const found: { method: MethodSymbol; receiver: ApexType }[] = [];
    const add = (ancestor: ApexType): void => {
      for (const method of ancestor.symbol.methods.get(key) ?? []) {
        if (!found.some((other) => other.method.javascriptName === method.javascriptName && !method.owner.isLibrary))
          found.push({ method, receiver: ancestor });
      }
    };
    for (const ancestor of this.ancestors(type)) add(ancestor);
    if (type.symbol.kind !== 'primitive' && type !== this.object) {
      this.findLibrary('Object');
      add(this.object);
    }
    return found;
  }
}
