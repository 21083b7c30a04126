/** Third pass, expressions: gives each its static type and the JavaScript that computes it. */
import type { FieldDescribe, FieldType, ObjectDescribe } from '../../schema/types.ts';
import type {
  CallExpression,
  Expression,
  MemberExpression,
  NewExpression,
  QueryExpression,
  TypeNode,
} from '../syntax/Ast.ts';
import { findInScope, findSymbol, resolveType, UnresolvedType } from '../types/resolve.ts';
import { mangle } from '../types/declare.ts';
import type { ApexType, FieldSymbol, MethodSymbol, TypeSymbol } from '../types/symbols.ts';
import type { TypeTable } from '../types/TypeTable.ts';
import type { CodeOutput } from './ModuleWriter.ts';
import { Operations } from './Operations.ts';
import { AnalysisStop, Locals, USER_MODE_VERSION, type BodyScope } from './Scope.ts';
import { isNonNullLocal, type AssignmentTarget, type Typed } from './Typed.ts';

const always = (): boolean => true;
const never = (): boolean => false;
const quote = (text: string): string =>
  JSON.stringify(text)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');

type Prefix =
  | { readonly kind: 'value'; readonly value: Typed }
  | { readonly kind: 'type'; readonly symbol: TypeSymbol; readonly type: ApexType }
  | { readonly kind: 'path'; readonly names: readonly string[]; readonly at: number };

const FIELD_TYPES: Readonly<Record<FieldType, string>> = {
  id: 'Id',
  reference: 'Id',
  boolean: 'Boolean',
  string: 'String',
  textarea: 'String',
  email: 'String',
  phone: 'String',
  url: 'String',
  picklist: 'String',
  multipicklist: 'String',
  combobox: 'String',
  encryptedstring: 'String',
  int: 'Integer',
  long: 'Long',
  double: 'Decimal',
  currency: 'Decimal',
  percent: 'Decimal',
  date: 'Date',
  datetime: 'Datetime',
  time: 'Time',
  address: 'Address',
  location: 'Location',
  base64: 'Blob',
  anyType: 'Object',
};

/** Apex type of an sObject field. */
export function fieldType(table: TypeTable, field: FieldDescribe): ApexType {
  // Custom metadata can refer to objects and fields by name; those fields hold names.
  if (
    field.type === 'reference' &&
    field.referenceTo.some((name) => name === 'EntityDefinition' || name === 'FieldDefinition')
  )
    return table.string;
  return table.parse(FIELD_TYPES[field.type]);
}

interface PendingSafe {
  readonly temporary: { name: string };
  readonly receiver: Typed;
}

export class Expressions {
  readonly scope: BodyScope;
  readonly table: TypeTable;
  readonly locals = new Locals();
  /** True once the body calls a method that another class may implement. */
  callsOut = false;
  /** Receivers of `?.` in the chain being analysed, outermost last; null outside a chain. */
  private pendingSafe: PendingSafe[] | null = null;
  private readonly operations: Operations;

  constructor(scope: BodyScope) {
    this.scope = scope;
    this.table = scope.table;
    this.operations = new Operations(this);
  }

  // ---- problems and types

  report(at: number, message: string): void {
    this.scope.problems.push(this.scope.source.problem(at, message));
  }
  fail(at: number, message: string): never {
    this.report(at, message);
    throw new AnalysisStop();
  }
  resolve(node: TypeNode): ApexType {
    try {
      const type = resolveType(this.table, node, this.scope.owner);
      this.checkTypeVisible(type, node.at);
      return type;
    } catch (error) {
      if (error instanceof UnresolvedType) return this.fail(error.at, error.message);
      throw error;
    }
  }
  private checkTypeVisible(type: ApexType, at: number): void {
    const { symbol } = type;
    if (
      !symbol.isLibrary &&
      symbol.outer &&
      symbol.access === 'private' &&
      this.outermost(symbol) !== this.outermost(this.scope.owner)
    ) {
      if (!(symbol.isTestVisible && this.scope.owner.isTest))
        this.report(at, `Type is not visible: ${symbol.fullName}`);
    }
  }
  private outermost(symbol: TypeSymbol): TypeSymbol {
    let current = symbol;
    while (current.outer) current = current.outer;
    return current;
  }
  private runtimeType(type: ApexType): string {
    return this.scope.writer.type(type);
  }
  private libraryCall(key: string, values: readonly string[]): string {
    return `${this.scope.writer.libraryFunction(key)}(${values.join(', ')})`;
  }
  /** JavaScript of a constant that tells a library function who calls it, and from which line. */
  site(at: number): string {
    return this.scope.writer.constant(`{ context: ${this.scope.contextName}, line: ${this.scope.source.line(at)} }`);
  }

  // ---- conversions

  /** The value as `to`; reports when it can't be assigned. `what` names the situation in the message. */
  convert(value: Typed, to: ApexType, at: number, message?: (from: string, to: string) => string): Typed {
    const { table } = this;
    const from = value.type;
    if (from === to) return value;
    if (value.isQuery && !table.isList(to) && table.isSObject(to) && table.isList(from)) {
      const element = from.typeArguments[0] as ApexType;
      if (table.isAssignable(element, to) || element === table.sobject)
        return { type: to, nonNull: always, code: (output) => `$single(${value.code(output)})` };
    }
    const queryFits = value.isQuery && table.isCollection(from) && table.isList(to);
    if (!queryFits && !table.isAssignable(from, to)) {
      return this.fail(
        at,
        (message ?? ((left, right) => `Illegal assignment from ${left} to ${right}`))(from.name, to.name),
      );
    }
    return this.convertFreely(value, to);
  }

  /** Conversion that is known to be legal. */
  convertFreely(value: Typed, to: ApexType): Typed {
    const { table } = this;
    const from = value.type;
    if (from === to) return value;
    const make = (code: (output: CodeOutput) => string, raw?: (output: CodeOutput) => string): Typed => ({
      type: to,
      code,
      nonNull: value.nonNull,
      ...(raw ? { raw } : {}),
    });
    if (from === table.null) return { type: to, code: () => 'null', nonNull: never, literal: null };
    if (table.isNumeric(from) && table.isNumeric(to)) {
      const { literal } = value;
      if (
        to === table.decimal &&
        (typeof literal === 'number' || (from === table.integer && typeof literal === 'string'))
      ) {
        return {
          type: to,
          nonNull: always,
          code: () => this.scope.writer.constant(`$decimal(${quote(String(literal))})`),
        };
      }
      if (to === table.long && typeof literal === 'number')
        return { type: to, nonNull: always, code: () => `${literal}n`, literal };
      if (to === table.double) {
        if (from === table.integer && (value.nonNull() || typeof literal === 'number')) {
          return make(
            (output) => `new $Double(${value.code(output)})`,
            (output) => value.code(output),
          );
        }
      }
      return make((output) => `$${from.name.toLowerCase()}To${to.name}(${value.code(output)})`);
    }
    if (from === table.string && to === table.id) return make((output) => `$toId(${value.code(output)})`);
    if (from === table.date && to === table.datetime) return make((output) => `$dateToDatetime(${value.code(output)})`);
    return { ...value, type: to };
  }

  rawDouble(value: Typed, output: CodeOutput): string {
    return value.raw ? value.raw(output) : `${value.code(output)}.value`;
  }

  /** JavaScript of the value, checked not to be null. */
  solid(value: Typed, output: CodeOutput): string {
    return value.nonNull() ? value.code(output) : `$solid(${value.code(output)})`;
  }

  /** A condition: must be Boolean, must not be null. */
  condition(expression: Expression): Typed {
    const value = this.analyse(expression);
    if (value.type !== this.table.boolean)
      this.fail(expression.at, `Condition expression must be of type Boolean: ${value.type.name}`);
    return { type: this.table.boolean, nonNull: always, code: (output) => this.solid(value, output) };
  }

  // ---- expressions

  analyse(expression: Expression): Typed {
    const saved = this.pendingSafe;
    this.pendingSafe = null;
    try {
      return this.withSafeChain(() => this.analyseChainPart(expression));
    } finally {
      this.pendingSafe = saved;
    }
  }

  /** Wraps a chain with `?.` receivers: null as soon as one of them is null. */
  private withSafeChain(work: () => Typed): Typed {
    this.pendingSafe = [];
    const value = work();
    const pending = this.pendingSafe;
    this.pendingSafe = null;
    if (pending.length === 0) return value;
    const isVoid = value.type === this.table.void;
    return {
      type: value.type,
      nonNull: never,
      code: (output) => {
        let before = '';
        const parts: string[] = [];
        for (const { temporary, receiver } of pending) {
          temporary.name = output.temporary();
          parts.push(`(${temporary.name} = ${receiver.code(output)}) === null`);
        }
        before = parts.join(' || ');
        return `(${before} ? ${isVoid ? 'undefined' : 'null'} : ${value.code(output)})`;
      },
    };
  }

  private safeReceiver(receiver: Typed): Typed {
    const temporary = { name: '' };
    this.pendingSafe?.push({ temporary, receiver });
    return { type: receiver.type, nonNull: always, code: () => temporary.name };
  }

  private analyseChainPart(expression: Expression): Typed {
    const { table } = this;
    switch (expression.kind) {
      case 'literal':
        return this.literal(expression.type, expression.text, expression.at);
      case 'name': {
        const prefix = this.prefix(expression);
        return prefix.kind === 'value'
          ? prefix.value
          : this.fail(expression.at, `Variable does not exist: ${expression.name}`);
      }
      case 'member':
        return this.member(expression);
      case 'call':
        return this.call(expression);
      case 'index':
        return this.index(expression.target, expression.index, expression.at);
      case 'new':
        return this.creation(expression);
      case 'unary':
        return this.operations.unary(expression.operator, expression.operand, expression.at);
      case 'step':
        return this.operations.step(expression.operator, expression.prefix, expression.operand, expression.at);
      case 'binary':
        return this.operations.binary(expression.operator, expression.left, expression.right, expression.at);
      case 'assign':
        return this.operations.assign(expression.operator, expression.target, expression.value, expression.at);
      case 'ternary': {
        const condition = this.condition(expression.condition);
        const then = this.analyse(expression.then);
        const otherwise = this.analyse(expression.otherwise);
        const type = this.common(then, otherwise);
        if (!type)
          return this.fail(
            expression.at,
            `Incompatible types in ternary operator: ${then.type.name}, ${otherwise.type.name}`,
          );
        const left = this.convert(then, type, expression.at);
        const right = this.convert(otherwise, type, expression.at);
        return {
          type,
          nonNull: () => left.nonNull() && right.nonNull(),
          code: (output) => `(${condition.code(output)} ? ${left.code(output)} : ${right.code(output)})`,
        };
      }
      case 'instanceOf': {
        const value = this.analyse(expression.operand);
        const type = this.resolve(expression.type);
        if (value.type.symbol.kind === 'primitive' && value.type !== table.id && value.type !== table.string) {
          this.report(
            expression.at,
            `Operation instanceof is always ${table.isAssignable(value.type, type) ? 'true' : 'false'} since an instance of ${value.type.name} is ${table.isAssignable(value.type, type) ? 'always' : 'never'} an instance of ${type.name}`,
          );
        }
        return {
          type: table.boolean,
          nonNull: always,
          code: (output) => `$instanceOf(${value.code(output)}, ${this.runtimeType(type)})`,
        };
      }
      case 'cast':
        return this.cast(expression.type, expression.operand, expression.at);
      case 'this':
        if (this.scope.isStatic) return this.fail(expression.at, 'Variable does not exist: this');
        return { type: table.of(this.scope.owner), nonNull: always, code: () => 'this', isThis: true };
      case 'super':
        if (this.scope.isStatic || !this.scope.owner.superclass)
          return this.fail(expression.at, 'Variable does not exist: super');
        return { type: this.scope.owner.superclass, nonNull: always, code: () => 'super', isSuper: true };
      case 'classLiteral': {
        const type =
          expression.type.parts.length === 1 && expression.type.parts[0]?.name.toLowerCase() === 'void'
            ? table.void
            : this.resolve(expression.type);
        return { type: table.parse('Type'), nonNull: always, code: () => `$typeToken(${this.runtimeType(type)})` };
      }
      case 'query':
        return this.query(expression);
    }
  }

  private literal(type: string, text: string, at: number): Typed {
    const { table } = this;
    switch (type) {
      case 'null':
        return { type: table.null, nonNull: never, code: () => 'null', literal: null };
      case 'Boolean':
        return { type: table.boolean, nonNull: always, code: () => text, literal: text === 'true' };
      case 'String':
        return { type: table.string, nonNull: always, code: () => quote(text), literal: text };
      case 'Integer': {
        const value = Number(text);
        if (value > 2147483647 || value < -2147483648) return this.fail(at, `Illegal integer: ${text}`);
        return {
          type: table.integer,
          nonNull: always,
          code: () => (value < 0 ? `(${value})` : String(value)),
          literal: value,
        };
      }
      case 'Long': {
        const value = BigInt(text);
        if (BigInt.asIntN(64, value) !== value) return this.fail(at, `Illegal long: ${text}`);
        return { type: table.long, nonNull: always, code: () => (value < 0n ? `(${value}n)` : `${value}n`) };
      }
      case 'Double':
        return {
          type: table.double,
          nonNull: always,
          code: () => this.scope.writer.constant(`new $Double(${Number(text)})`),
          raw: () => `(${Number(text)})`,
        };
      default:
        return {
          type: table.decimal,
          nonNull: always,
          code: () => this.scope.writer.constant(`$decimal(${quote(text)})`),
        };
    }
  }

  /** Type that both branches of `?:` and `??` have. */
  common(left: Typed, right: Typed): ApexType | undefined {
    const { table } = this;
    if (left.type === table.void || right.type === table.void) return undefined;
    if (left.type === right.type) return left.type;
    if (left.type === table.null) return right.type;
    if (right.type === table.null) return left.type;
    for (const [query, other] of [
      [left, right],
      [right, left],
    ] as const) {
      if (query.isQuery && table.isSObject(other.type)) return other.type;
    }
    if (table.isNumeric(left.type) && table.isNumeric(right.type))
      return table.numericRank(left.type) > table.numericRank(right.type) ? left.type : right.type;
    if (table.isText(left.type) && table.isText(right.type)) return table.string;
    if (table.isAssignable(left.type, right.type)) return right.type;
    if (table.isAssignable(right.type, left.type)) return left.type;
    if (table.isSObject(left.type) && table.isSObject(right.type)) return table.sobject;
    const shared = table.ancestors(left.type).find((ancestor) => table.isAssignable(right.type, ancestor));
    return (
      shared ??
      (left.type.symbol.kind === 'primitive' || right.type.symbol.kind === 'primitive' ? undefined : table.object)
    );
  }

  // ---- names and members

  /** What a name or dotted name stands for: a value before a type before a namespace. */
  private prefix(expression: Expression): Prefix {
    if (expression.kind === 'name') {
      const value = this.variable(expression.name, expression.at);
      if (value) return { kind: 'value', value };
      const symbol = findSymbol(this.table, [expression.name], this.scope.owner);
      if (symbol && symbol.kind !== 'void') return { kind: 'type', symbol, type: this.table.of(symbol) };
      return { kind: 'path', names: [expression.name], at: expression.at };
    }
    if (expression.kind === 'member' && !expression.safe) {
      const target = this.prefix(expression.target);
      if (target.kind === 'value') return { kind: 'value', value: this.fieldOf(target.value, expression) };
      const found = target.kind === 'type' ? this.staticMember(target.symbol, expression) : undefined;
      if (found) return { kind: 'value', value: found };
      const names =
        target.kind === 'type'
          ? [...this.dottedName(expression.target), expression.name]
          : [...target.names, expression.name];
      const symbol = findSymbol(this.table, names, this.scope.owner);
      if (symbol) return { kind: 'type', symbol, type: this.table.of(symbol) };
      if (target.kind === 'type' && this.isNamespace(names.slice(0, -1)))
        return { kind: 'path', names, at: expression.at };
      if (target.kind === 'type') return this.fail(expression.at, `Variable does not exist: ${expression.name}`);
      return { kind: 'path', names, at: target.at };
    }
    return { kind: 'value', value: this.analyseChainPart(expression) };
  }

  private isNamespace(names: readonly string[]): boolean {
    return names.length === 1 && ['system', 'schema', 'database', 'label'].includes((names[0] as string).toLowerCase());
  }

  private dottedName(expression: Expression): string[] {
    if (expression.kind === 'name') return [expression.name];
    return expression.kind === 'member' ? [...this.dottedName(expression.target), expression.name] : [];
  }

  /** A local variable, field or property by its simple name. */
  private variable(name: string, at: number): Typed | undefined {
    const local = this.locals.find(name);
    if (local) {
      const { type, javascript } = local;
      const isPrimitive = type.symbol.kind === 'primitive';
      return {
        type,
        code: () => javascript,
        nonNull: () => (isPrimitive ? isNonNullLocal(local) : local.state === 'nonNull'),
        target: {
          prepare: () => ({ before: '', read: javascript, write: (value) => `${javascript} = ${value}` }),
          onAssign: (value) => {
            if (local.isFinal && local.assigned.length > 0)
              this.report(at, `Final variable cannot be assigned again: ${name}`);
            local.assigned.push(value);
          },
        },
      };
    }
    const { owner } = this.scope;
    const own = this.table.findField(this.table.of(owner), name);
    if (own) {
      if (!own.field.isStatic && this.scope.isStatic) {
        const outer = this.outerField(owner, name);
        if (outer) return outer;
        return undefined;
      }
      const receiver: Typed = { type: own.receiver, nonNull: always, code: () => 'this', isThis: true };
      return own.field.isStatic
        ? this.staticField(own.field, at)
        : this.instanceField(own.field, receiver, own.receiver, at);
    }
    return this.outerField(owner, name, at);
  }

  private outerField(owner: TypeSymbol, name: string, at = 0): Typed | undefined {
    for (let outer = owner.outer; outer; outer = outer.outer) {
      const found = this.table.findField(this.table.of(outer), name);
      if (found?.field.isStatic) return this.staticField(found.field, at);
    }
    return undefined;
  }

  private canAccess(
    member: { access: string; owner: TypeSymbol; isTestVisible: boolean },
    access: string | null,
  ): boolean {
    if (access === 'public' || access === 'global') return true;
    if (this.outermost(member.owner) === this.outermost(this.scope.owner)) return true;
    if (member.isTestVisible && this.scope.owner.isTest) return true;
    if (access !== 'protected') return false;
    for (let current: TypeSymbol | null = this.scope.owner; current; current = current.outer) {
      if (this.table.ancestors(this.table.of(current)).some((ancestor) => ancestor.symbol === member.owner))
        return true;
    }
    return false;
  }

  private staticField(field: FieldSymbol, at: number): Typed {
    const { table, scope } = this;
    if (field.owner.isLibrary && field.kind === 'enumValue') {
      return {
        type: field.type,
        nonNull: always,
        code: () => scope.writer.constant(`$libraryEnum(${quote(field.owner.fullName)}).${field.javascriptName}`),
        field,
      };
    }
    if (field.kind === 'library') {
      const type = this.triggerVariable(field) ?? field.type;
      const read = this.libraryCall.bind(this, field.libraryKey as string, []);
      const { setterKey } = field;
      if (!setterKey) return { type, nonNull: never, code: read };
      return {
        type,
        nonNull: never,
        code: read,
        field,
        target: {
          prepare: () => ({ before: '', read: read(), write: (value) => this.libraryCall(setterKey, [value]) }),
        },
      };
    }
    if (!this.canAccess(field, field.getter ?? field.setter))
      this.fail(at, `Variable is not visible: ${field.owner.fullName}.${field.name}`);
    if (field.kind === 'enumValue') {
      return {
        type: field.type,
        nonNull: always,
        code: () => `${scope.writer.classReference(field.owner)}.${field.javascriptName}`,
        field,
      };
    }
    const node = field.node;
    if (
      field.isFinal &&
      node?.kind === 'field' &&
      node.value?.kind === 'literal' &&
      field.type.symbol.kind === 'primitive' &&
      field.type.name === node.value.type
    ) {
      return { ...this.literal(node.value.type, node.value.text, at), target: this.finalTarget(field, at) };
    }
    const isStored =
      field.kind === 'field' ||
      scope.accessorOf === field.name ||
      (node?.kind === 'property' && !node.getter?.body && !node.setter?.body);
    const place = (): string =>
      isStored
        ? `${scope.writer.classReference(field.owner)}.$s().${field.javascriptName}`
        : `${scope.writer.classReference(field.owner)}.sp_${field.javascriptName}`;
    void table;
    return {
      type: field.type,
      nonNull: never,
      code: place,
      field,
      target: {
        prepare: () => ({ before: '', read: place(), write: (value) => `${place()} = ${value}` }),
        onAssign: () => this.checkWritable(field, at),
      },
    };
  }

  private finalTarget(field: FieldSymbol, at: number): AssignmentTarget {
    return {
      prepare: () => ({ before: '', read: '', write: () => '' }),
      onAssign: () => this.checkWritable(field, at),
    };
  }

  private checkWritable(field: FieldSymbol, at: number): void {
    if (field.kind === 'enumValue' || (field.kind === 'library' && !field.setter))
      this.fail(at, `Variable is not writeable: ${field.name}`);
    if (!this.canAccess(field, field.setter) && this.scope.accessorOf !== field.name)
      this.fail(at, `Variable is not visible: ${field.name}`);
    if (field.setter === null && this.scope.accessorOf !== field.name)
      this.fail(at, `Property is not writeable: ${field.name}`);
    if (field.isFinal && !(this.scope.inConstructor && field.owner === this.scope.owner)) {
      this.fail(
        at,
        `Final members can only be assigned in their declaration, init blocks, or constructors: ${field.name}`,
      );
    }
  }

  /** In a trigger `Trigger.new` has the object's own type. */
  private triggerVariable(field: FieldSymbol): ApexType | undefined {
    const { table } = this;
    const object = this.scope.triggerObject;
    if (!object || field.owner.fullName !== 'Trigger') return undefined;
    const name = field.name.toLowerCase();
    if (name === 'new' || name === 'old') return table.list(object);
    return name === 'newmap' || name === 'oldmap' ? table.map(table.id, object) : undefined;
  }

  private instanceField(field: FieldSymbol, receiver: Typed, receiverType: ApexType, at: number): Typed {
    const type = this.table.substitute(field.type, receiverType);
    if (field.kind === 'library') {
      const read = (output: CodeOutput): string =>
        this.libraryCall(field.libraryKey as string, [this.solid(receiver, output)]);
      return {
        type,
        nonNull: never,
        code: read,
        field,
        target: {
          prepare: (output) => {
            const place = output.temporary();
            return {
              before: `${place} = ${this.solid(receiver, output)}`,
              read: this.libraryCall(field.libraryKey as string, [place]),
              write: (value) => this.libraryCall(field.setterKey as string, [place, value]),
            };
          },
          onAssign: () => this.checkWritable(field, at),
        },
      };
    }
    if (!this.canAccess(field, field.getter ?? field.setter)) this.fail(at, `Variable is not visible: ${field.name}`);
    const stored = this.scope.accessorOf === field.name && receiver.isThis && field.kind === 'property';
    const property = stored ? `$${field.javascriptName}` : field.javascriptName;
    return {
      type,
      nonNull: never,
      field,
      code: (output) => {
        if (field.getter === null && !stored) this.report(at, `Property is not readable: ${field.name}`);
        return `${receiver.isSuper ? 'this' : receiver.code(output)}.${property}`;
      },
      target: {
        prepare: (output) => {
          if (receiver.isThis || receiver.isSuper)
            return { before: '', read: `this.${property}`, write: (value) => `this.${property} = ${value}` };
          const place = output.temporary();
          return {
            before: `${place} = ${this.solid(receiver, output)}`,
            read: `${place}.${property}`,
            write: (value) => `${place}.${property} = ${value}`,
          };
        },
        onAssign: () => this.checkWritable(field, at),
      },
    };
  }

  private member(expression: MemberExpression): Typed {
    if (expression.safe) {
      const target = this.prefix(expression.target);
      if (target.kind !== 'value') return this.fail(expression.at, 'Safe navigation is not allowed on types');
      return this.fieldOf(this.safeReceiver(target.value), expression);
    }
    const found = this.prefix(expression);
    if (found.kind === 'value') return found.value;
    const names = this.dottedName(expression);
    return this.fail(expression.at, `Variable does not exist: ${names.join('.')}`);
  }

  /** A field of a value. */
  private fieldOf(receiver: Typed, expression: MemberExpression): Typed {
    const { table } = this;
    let value = receiver;
    if (value.isQuery && table.isList(value.type) && table.isSObject(value.type.typeArguments[0] as ApexType)) {
      value = this.convert(value, value.type.typeArguments[0] as ApexType, expression.at);
    }
    if (value.describedObject !== undefined) return this.describedField(value.describedObject, expression);
    if (table.isSObject(value.type)) return this.recordField(value, expression);
    const { tokenName } = value as { tokenName?: string };
    if (tokenName !== undefined && expression.name.toLowerCase() === 'fields')
      return { ...value, describedObject: `tokens:${tokenName}` };
    const found = table.findField(value.type, expression.name);
    if (!found) return this.fail(expression.at, `Variable does not exist: ${expression.name}`);
    if (found.field.isStatic)
      return this.fail(
        expression.at,
        `Static field cannot be referenced from a non static context: ${found.receiver.name}.${expression.name}`,
      );
    const field = this.instanceField(found.field, value, found.receiver, expression.at);
    if (value.type.name === 'DescribeSObjectResult' || value.type.symbol.fullName === 'Schema.DescribeSObjectResult') {
      const objectName = (value as { objectName?: string }).objectName;
      if (objectName !== undefined && ['fields', 'fieldsets'].includes(expression.name.toLowerCase()))
        return { ...field, describedObject: `${expression.name.toLowerCase()}:${objectName}` };
    }
    return field;
  }

  /** `Schema.SObjectType.Account.fields.Name` */
  private describedField(described: string, expression: MemberExpression): Typed {
    const [what, objectName = ''] = described.split(':');
    const { table } = this;
    const describe = table.schema.object(objectName) as ObjectDescribe;
    if (what === 'fieldsets')
      return {
        type: table.parse('Schema.FieldSet'),
        nonNull: always,
        code: () => `$fieldSet(${quote(objectName)}, ${quote(expression.name)})`,
      };
    if (what !== 'fields' && what !== 'tokens')
      return this.fail(expression.at, `Field sets are not supported: ${objectName}.${expression.name}`);
    const field = describe.field(expression.name) ?? describe.fieldByRelationship(expression.name);
    if (!field) return this.fail(expression.at, `Variable does not exist: ${expression.name}`);
    if (what === 'tokens')
      return {
        type: table.parse('Schema.SObjectField'),
        nonNull: always,
        code: () => `$sobjectField(${quote(objectName)}, ${quote(field.name)})`,
      };
    return {
      type: table.parse('Schema.DescribeFieldResult'),
      nonNull: always,
      code: () => `$describeField(${quote(objectName)}, ${quote(field.name)})`,
    };
  }

  private recordField(record: Typed, expression: MemberExpression): Typed {
    const { table } = this;
    const { name, at } = expression;
    const { describe } = record.type.symbol;
    if (!describe) {
      if (name.toLowerCase() === 'id') return this.recordValue(record, 'Id', table.id, at);
      return this.fail(at, `Field does not exist: ${name} on ${record.type.name}`);
    }
    const field = describe.field(name);
    if (field) return this.recordValue(record, field.name, fieldType(table, field), at);
    const reference = describe.fieldByRelationship(name);
    if (reference?.relationshipName) {
      const relationship = reference.relationshipName;
      const target =
        reference.referenceTo.length === 1
          ? table.sobjectSymbol(reference.referenceTo[0] as string)
          : table.sobjectSymbol('Name');
      const type = target ? table.of(target) : table.sobject;
      const reader = record.isParentPath ? '$parentOfPath' : '$parent';
      return {
        type,
        nonNull: never,
        isParentPath: true,
        code: (output) => `${reader}(${record.code(output)}, ${quote(relationship)})`,
        target: {
          prepare: (output) => {
            const place = output.temporary();
            return {
              before: `${place} = ${record.code(output)}`,
              read: `$parent(${place}, ${quote(relationship)})`,
              write: (value) => `$putParent(${place}, ${quote(relationship)}, ${value})`,
            };
          },
        },
      };
    }
    const children = describe.childRelationship(name);
    if (children?.relationshipName) {
      const symbol = table.sobjectSymbol(children.childObject);
      const type = table.list(symbol ? table.of(symbol) : table.sobject);
      return {
        type,
        nonNull: always,
        code: (output) =>
          `$children(${record.code(output)}, ${quote(children.relationshipName as string)}, ${this.runtimeType(type)})`,
      };
    }
    return this.fail(at, `Field does not exist: ${name} on ${describe.name}`);
  }

  private recordValue(record: Typed, name: string, type: ApexType, at: number): Typed {
    const reader = record.isParentPath ? '$fieldOfPath' : '$field';
    void at;
    return {
      type,
      nonNull: never,
      recordField: { record, name },
      code: (output) => `${reader}(${record.code(output)}, ${quote(name)})`,
      target: {
        prepare: (output) => {
          const place = output.temporary();
          return {
            before: `${place} = ${record.code(output)}`,
            read: `$field(${place}, ${quote(name)})`,
            write: (value) => `$put(${place}, ${quote(name)}, ${value})`,
          };
        },
      },
    };
  }

  /** A member named on a type: static field, enum value, sObject token, label. */
  private staticMember(symbol: TypeSymbol, expression: MemberExpression): Typed | undefined {
    const { table } = this;
    const { name, at } = expression;
    const key = name.toLowerCase();
    if (symbol.kind === 'sobject') {
      const { describe } = symbol;
      if (key === 'sobjecttype' && describe) {
        const token = {
          type: table.parse('Schema.SObjectType'),
          nonNull: always,
          code: () => `$sobjectType(${quote(describe.name)})`,
          tokenName: describe.name,
        };
        return token;
      }
      const field = describe?.field(name) ?? describe?.fieldByRelationship(name);
      if (describe && field) {
        return {
          type: table.parse('Schema.SObjectField'),
          nonNull: always,
          code: () => `$sobjectField(${quote(describe.name)}, ${quote(field.name)})`,
        };
      }
      if (describe && key !== 'class') return this.fail(at, `Field does not exist: ${name} on ${describe.name}`);
      return undefined;
    }
    if (symbol.isLibrary && symbol.fullName === 'Schema.SObjectType') {
      const describe = table.schema.object(name);
      if (!describe) return undefined;
      const value = {
        type: table.parse('Schema.DescribeSObjectResult'),
        nonNull: always,
        code: () => `$describeObject(${quote(describe.name)})`,
        objectName: describe.name,
      };
      return value;
    }
    if (symbol.isLibrary && symbol.fullName === 'Label') {
      const canonical = this.scope.environment.labels.get(key);
      if (canonical === undefined) return this.fail(at, `External string does not exist: ${name}`);
      return { type: table.string, nonNull: always, code: () => `$label(${quote(canonical)})` };
    }
    const found = table.findField(table.of(symbol), name);
    if (!found) return undefined;
    if (!found.field.isStatic) {
      return this.fail(at, `Variable is not static: ${symbol.fullName}.${name}`);
    }
    return this.staticField(found.field, at);
  }

  private index(targetExpression: Expression, indexExpression: Expression, at: number): Typed {
    const { table } = this;
    const target = this.analyseReceiver(targetExpression);
    if (!table.isList(target.type)) return this.fail(at, `Expression must be a list type: ${target.type.name}`);
    const index = this.convert(this.analyse(indexExpression), table.integer, indexExpression.at);
    return {
      type: target.type.typeArguments[0] as ApexType,
      nonNull: never,
      code: (output) => `${target.code(output)}.get(${this.solid(index, output)})`,
      target: {
        prepare: (output) => {
          const [list, position] = [output.temporary(), output.temporary()];
          return {
            before: `${list} = ${target.code(output)}, ${position} = ${this.solid(index, output)}`,
            read: `${list}.get(${position})`,
            write: (value) => `$setItem(${list}, ${position}, ${value})`,
          };
        },
      },
    };
  }

  /** A receiver inside a chain: keeps the `?.` of the chain open. */
  private analyseReceiver(expression: Expression): Typed {
    const prefix = this.prefix(expression);
    if (prefix.kind === 'value') return prefix.value;
    return this.fail(expression.at, `Variable does not exist: ${this.dottedName(expression).join('.')}`);
  }

  // ---- calls

  private call(expression: CallExpression): Typed {
    const { target, name } = expression;
    if (target === null) {
      if (name === 'this' || name === 'super') return this.constructorCall(expression);
      return this.unqualifiedCall(expression);
    }
    if (target.kind === 'super') {
      const receiver = this.analyseChainPart(target);
      return this.instanceCall(receiver, expression);
    }
    const prefix = this.prefix(target);
    if (prefix.kind === 'value') {
      let receiver = prefix.value;
      if (expression.safe) receiver = this.safeReceiver(receiver);
      if (receiver.recordField && name.toLowerCase() === 'adderror') return this.fieldError(receiver, expression);
      return this.instanceCall(receiver, expression);
    }
    if (prefix.kind === 'type') return this.staticCall(prefix.symbol, expression);
    return this.fail(prefix.at, `Variable does not exist: ${prefix.names[0]}`);
  }

  private fieldError(receiver: Typed, expression: CallExpression): Typed {
    const { record, name } = receiver.recordField as NonNullable<Typed['recordField']>;
    const values = this.arguments(expression);
    if (values.length < 1 || values.length > 2)
      return this.fail(expression.at, 'Method does not exist or incorrect signature: void addError');
    return {
      type: this.table.void,
      nonNull: never,
      code: (output) => `$fieldError(${record.code(output)}, ${quote(name)}, ${values[0]?.code(output)})`,
    };
  }

  private arguments(expression: CallExpression): Typed[] {
    return expression.arguments.map((argument) => {
      const value = this.analyse(argument);
      if (value.type === this.table.void) this.fail(argument.at, 'Argument type cannot be void');
      return value;
    });
  }

  private signature(name: string, values: readonly Typed[]): string {
    return `void ${name}(${values.map((value) => value.type.name).join(', ')})`;
  }

  /** The best overload for the arguments, or undefined. */
  private choose<T extends { method: MethodSymbol; receiver: ApexType }>(
    candidates: readonly T[],
    values: readonly Typed[],
    at: number,
  ): T | undefined {
    const { table } = this;
    let best: T | undefined;
    let bestDistance = Infinity;
    let rival: T | undefined;
    for (const candidate of candidates) {
      const { method, receiver } = candidate;
      if (method.parameters.length !== values.length) continue;
      let sum = 0;
      for (let index = 0; index < values.length && sum < Infinity; index++) {
        const value = values[index] as Typed;
        const to = table.substitute(method.parameters[index] as ApexType, receiver);
        let distance = table.distance(value.type, to);
        if (value.isQuery && distance === Infinity && table.isList(value.type)) {
          const element = value.type.typeArguments[0] as ApexType;
          if (table.isSObject(to) && table.isAssignable(element, to)) distance = 3;
        }
        sum += distance;
      }
      if (sum < bestDistance) {
        best = candidate;
        bestDistance = sum;
        rival = undefined;
      } else if (best && sum < Infinity && sum === bestDistance) rival ??= candidate;
    }
    if (best && rival && this.isAmbiguous(best.method, rival.method, values)) {
      const signatures = [best, rival].map(
        ({ method }) => `${method.name}(${method.parameters.map((type) => type.name).join(', ')})`,
      );
      this.fail(at, `Method signature is ambiguous: ${signatures.join(', ')}`);
    }
    return best;
  }

  /** Two methods of the project that suit equally well because null stands where their types have nothing to do with each other. */
  private isAmbiguous(left: MethodSymbol, right: MethodSymbol, values: readonly Typed[]): boolean {
    if (left.owner.isLibrary || right.owner.isLibrary) return false;
    return values.some((value, index) => {
      const [one, other] = [left.parameters[index] as ApexType, right.parameters[index] as ApexType];
      return (
        value.type === this.table.null &&
        one !== other &&
        !this.table.isAssignable(one, other) &&
        !this.table.isAssignable(other, one)
      );
    });
  }

  private convertArguments(
    method: MethodSymbol,
    receiver: ApexType,
    values: readonly Typed[],
    expression: CallExpression,
  ): Typed[] {
    return values.map((value, index) =>
      this.convert(
        value,
        this.table.substitute(method.parameters[index] as ApexType, receiver),
        expression.arguments[index]?.at ?? expression.at,
      ),
    );
  }

  private unqualifiedCall(expression: CallExpression): Typed {
    const { table } = this;
    const values = this.arguments(expression);
    for (let owner: TypeSymbol | null = this.scope.owner; owner; owner = owner.outer) {
      const candidates = table
        .findMethods(table.of(owner), expression.name)
        .filter(({ method }) => owner === this.scope.owner || method.isStatic);
      const chosen = this.choose(candidates, values, expression.at);
      if (!chosen) continue;
      const { method, receiver } = chosen;
      if (method.isStatic) return this.invokeStatic(method, receiver, values, expression);
      if (this.scope.isStatic) {
        return this.fail(
          expression.at,
          `Non static method cannot be referenced from a static context: ${method.returns.name} ${owner.fullName}.${method.name}(${method.parameters.map((type) => type.name).join(', ')})`,
        );
      }
      return this.invokeInstance(
        { type: receiver, nonNull: always, code: () => 'this', isThis: true },
        method,
        receiver,
        values,
        expression,
      );
    }
    return this.fail(
      expression.at,
      `Method does not exist or incorrect signature: ${this.signature(expression.name, values)} from the type ${this.scope.owner.fullName}`,
    );
  }

  private staticCall(symbol: TypeSymbol, expression: CallExpression): Typed {
    const { table } = this;
    const type = table.of(symbol);
    const values = this.arguments(expression);
    if (symbol.kind === 'enum' && expression.name.toLowerCase() === 'values' && values.length === 0) {
      const listType = table.list(type);
      return {
        type: listType,
        nonNull: always,
        code: () => `$enumValues(${this.enumReference(symbol)}, ${this.runtimeType(listType)})`,
      };
    }
    if (symbol.kind === 'enum' && expression.name.toLowerCase() === 'valueof' && values.length === 1) {
      const text = this.convert(values[0] as Typed, table.string, expression.at);
      return {
        type,
        nonNull: always,
        code: (output) =>
          `$enumValueOf(${this.enumReference(symbol)}, ${quote(symbol.fullName)}, ${text.code(output)})`,
      };
    }
    if (symbol.kind === 'sobject' && symbol.describe) {
      const special = this.recordClassCall(symbol, type, values, expression);
      if (special) return special;
    }
    const chosen = this.choose(
      table.findMethods(type, expression.name).filter(({ method }) => method.isStatic),
      values,
      expression.at,
    );
    if (chosen) return this.invokeStatic(chosen.method, chosen.receiver, values, expression);
    const instance = this.choose(table.findMethods(type, expression.name), values, expression.at);
    if (instance) {
      const superclasses = table.ancestors(table.of(this.scope.owner));
      if (superclasses.includes(type) && !this.scope.isStatic && !instance.method.owner.isLibrary) {
        return this.invokeInstance(
          { type, nonNull: always, code: () => 'this', isThis: true },
          instance.method,
          instance.receiver,
          values,
          expression,
        );
      }
      return this.fail(
        expression.at,
        `Non static method cannot be referenced from a static context: ${instance.method.returns.name} ${symbol.fullName}.${instance.method.name}(${instance.method.parameters.map((parameter) => parameter.name).join(', ')})`,
      );
    }
    return this.fail(
      expression.at,
      `Method does not exist or incorrect signature: ${this.signature(expression.name, values)} from the type ${symbol.fullName}`,
    );
  }

  private enumReference(symbol: TypeSymbol): string {
    return symbol.isLibrary
      ? this.scope.writer.constant(`$libraryEnum(${quote(symbol.fullName)})`)
      : this.scope.writer.classReference(symbol);
  }

  /** Static methods that custom settings and custom metadata types have. */
  private recordClassCall(
    symbol: TypeSymbol,
    type: ApexType,
    values: readonly Typed[],
    expression: CallExpression,
  ): Typed | undefined {
    const { table } = this;
    const describe = symbol.describe as ObjectDescribe;
    const name = expression.name.toLowerCase();
    const textArgument = values.length === 0 || (values.length === 1 && table.isText((values[0] as Typed).type));
    const argument = (output: CodeOutput): string => values[0]?.code(output) ?? 'undefined';
    const make = (result: ApexType, code: (output: CodeOutput) => string): Typed => ({
      type: result,
      nonNull: never,
      code,
    });
    if (name === 'getsobjecttype' && values.length === 0) {
      return {
        type: table.parse('Schema.SObjectType'),
        nonNull: always,
        code: () => `$sobjectType(${quote(describe.name)})`,
      };
    }
    if (describe.kind === 'customSetting' && describe.customSettingsType === 'Hierarchy') {
      if (name === 'getinstance' && textArgument)
        return make(type, (output) => `$settings.hierarchy(${quote(describe.name)}, ${argument(output)})`);
      if (name === 'getvalues' && values.length === 1 && textArgument)
        return make(type, (output) => `$settings.values(${quote(describe.name)}, ${argument(output)})`);
      if (name === 'getorgdefaults' && values.length === 0)
        return make(type, () => `$settings.organization(${quote(describe.name)})`);
    } else if (describe.kind === 'customSetting' || describe.kind === 'customMetadata') {
      if (
        (name === 'getinstance' || (name === 'getvalues' && describe.kind === 'customSetting')) &&
        values.length === 1 &&
        textArgument
      ) {
        return make(type, (output) => `$settings.named(${quote(describe.name)}, ${argument(output)})`);
      }
      if (name === 'getall' && values.length === 0) {
        const mapType = table.map(table.string, type);
        return make(mapType, () => `$settings.all(${quote(describe.name)}, ${this.runtimeType(mapType)})`);
      }
    }
    return undefined;
  }

  private invokeStatic(
    method: MethodSymbol,
    receiver: ApexType,
    values: readonly Typed[],
    expression: CallExpression,
  ): Typed {
    if (!this.canAccess(method, method.access)) {
      this.fail(
        expression.at,
        `Method is not visible: ${method.returns.name} ${method.owner.fullName}.${method.name}(${method.parameters.map((type) => type.name).join(', ')})`,
      );
    }
    const converted = this.convertArguments(method, receiver, values, expression);
    const type = this.table.substitute(method.returns, receiver);
    if (method.implementation) {
      const site = this.needsSite(method) ? [this.dynamicSite(method, values, expression.at)] : [];
      const isQuery = method.owner.fullName === 'Database' && /^query/i.test(method.name);
      return {
        type,
        nonNull: never,
        isQuery,
        code: (output) =>
          this.libraryCall(method.libraryKey as string, [...converted.map((value) => value.code(output)), ...site]),
      };
    }
    const { writer } = this.scope;
    if (method.owner !== this.scope.owner) this.callsOut = true;
    return {
      type,
      nonNull: never,
      code: (output) =>
        `${writer.classReference(method.owner)}.${method.javascriptName}(${converted.map((value) => value.code(output)).join(', ')})`,
    };
  }

  /** The call site; for dynamic queries with the variables that a bind may name. */
  private dynamicSite(method: MethodSymbol, values: readonly Typed[], at: number): string {
    const site = this.site(at);
    const text = values[0]?.literal;
    if (
      method.owner.fullName !== 'Database' ||
      !/^(?:query|countQuery|getQueryLocator)$/i.test(method.name) ||
      (typeof text === 'string' && !text.includes(':'))
    )
      return site;
    const cases = this.locals
      .visible()
      .map((local) => `case ${quote(local.name.toLowerCase())}: return ${local.javascript};`);
    const seen = new Set(this.locals.visible().map((local) => local.name.toLowerCase()));
    for (const field of [
      ...this.scope.owner.fields.values(),
      ...(this.scope.owner.superclass?.symbol.fields.values() ?? []),
    ]) {
      const key = field.name.toLowerCase();
      if (
        seen.has(key) ||
        field.kind === 'library' ||
        field.kind === 'enumValue' ||
        (this.scope.isStatic && !field.isStatic)
      )
        continue;
      seen.add(key);
      const holder = field.isStatic ? `${this.scope.writer.classReference(field.owner)}.$s().` : 'this.';
      cases.push(`case ${quote(key)}: return ${holder}${field.javascriptName};`);
    }
    return `{ ...${site}, variable: ($name) => { switch ($name.toLowerCase()) { ${cases.join(' ')} } return undefined; } }`;
  }

  private needsSite(method: MethodSymbol): boolean {
    return sitesOf(method);
  }

  private instanceCall(receiver: Typed, expression: CallExpression): Typed {
    const { table } = this;
    let value = receiver;
    if (value.type === table.void) return this.fail(expression.at, `Initial term of a call can't be void`);
    const values = this.arguments(expression);
    let chosen = this.choose(
      table.findMethods(value.type, expression.name).filter(({ method }) => !method.isStatic),
      values,
      expression.at,
    );
    if (
      !chosen &&
      value.isQuery &&
      table.isList(value.type) &&
      table.isSObject(value.type.typeArguments[0] as ApexType)
    ) {
      value = this.convert(value, value.type.typeArguments[0] as ApexType, expression.at);
      chosen = this.choose(
        table.findMethods(value.type, expression.name).filter(({ method }) => !method.isStatic),
        values,
        expression.at,
      );
    }
    if (!chosen) {
      const shared = this.choose(table.findMethods(value.type, expression.name), values, expression.at);
      if (shared) {
        return this.fail(
          expression.at,
          `Static method cannot be referenced from a non static context: ${shared.method.returns.name} ${value.type.name}.${shared.method.name}(${shared.method.parameters.map((type) => type.name).join(', ')})`,
        );
      }
      return this.fail(
        expression.at,
        `Method does not exist or incorrect signature: ${this.signature(expression.name, values)} from the type ${value.type.name}`,
      );
    }
    return this.invokeInstance(value, chosen.method, chosen.receiver, values, expression);
  }

  private invokeInstance(
    receiver: Typed,
    method: MethodSymbol,
    receiverType: ApexType,
    values: readonly Typed[],
    expression: CallExpression,
  ): Typed {
    const { table } = this;
    if (!this.canAccess(method, method.access)) {
      this.fail(
        expression.at,
        `Method is not visible: ${method.returns.name} ${method.owner.fullName}.${method.name}(${method.parameters.map((type) => type.name).join(', ')})`,
      );
    }
    if (receiver.isSuper && method.isAbstract)
      this.fail(expression.at, `Abstract method cannot be called: ${method.name}`);
    const converted = this.convertArguments(method, receiverType, values, expression);
    const type = this.resultType(method, receiver, table.substitute(method.returns, receiverType));
    if (method.implementation) {
      const site = this.needsSite(method) ? [this.site(expression.at)] : [];
      const inline = inlineCall(method);
      return {
        type,
        nonNull: (inline?.nonNull ?? false) ? always : never,
        code: (output) => {
          // A method on a null Blob complains about its argument, not about a null object.
          const self = receiver.isSuper
            ? 'this'
            : receiver.type === table.blob
              ? `$argument(${receiver.code(output)})`
              : this.solid(receiver, output);
          const argumentCode = converted.map((value) => value.code(output));
          if (inline && (!inline.needsSolidArguments || converted.every((value) => value.nonNull())))
            return inline.code(self, argumentCode);
          return this.libraryCall(method.libraryKey as string, [self, ...argumentCode, ...site]);
        },
      };
    }
    if (method.owner !== this.scope.owner || method.isVirtual) this.callsOut = true;
    return {
      type,
      nonNull: never,
      code: (output) =>
        `${receiver.code(output)}.${method.javascriptName}(${converted.map((value) => value.code(output)).join(', ')})`,
    };
  }

  /** Methods of sObjects whose result has the receiver's own type. */
  private resultType(method: MethodSymbol, receiver: Typed, type: ApexType): ApexType {
    if (method.owner === this.table.sobject.symbol && method.name === 'clone') return receiver.type;
    return type;
  }

  private constructorCall(expression: CallExpression): Typed {
    const { table, scope } = this;
    const { owner } = scope;
    const isThis = expression.name === 'this';
    if (!scope.inConstructor)
      return this.fail(
        expression.at,
        `Call to '${expression.name}()' must be the first statement in a constructor method`,
      );
    const type = isThis ? table.of(owner) : owner.superclass;
    if (!type) return this.fail(expression.at, `Class has no superclass: ${owner.fullName}`);
    const values = this.arguments(expression);
    if (
      table.isException(type) &&
      (type.symbol.isLibrary || !this.choose(this.constructorsOf(type), values, expression.at)) &&
      this.isExceptionArguments(values)
    ) {
      const code = (output: CodeOutput): string =>
        type.symbol.isLibrary
          ? `$initException(this, ${this.exceptionArguments(values, output)})`
          : `${isThis ? 'this' : 'super'}.$x$(${this.exceptionArguments(values, output)})`;
      return { type: table.void, nonNull: never, code };
    }
    const method = this.chooseConstructor(type, values, expression.at);
    const converted = method ? this.convertArguments(method, type, values, expression) : [];
    const name = method?.javascriptName ?? mangle('$i', []);
    return {
      type: table.void,
      nonNull: never,
      code: (output) =>
        `${isThis ? 'this' : 'super'}.${name}(${converted.map((value) => value.code(output)).join(', ')})`,
    };
  }

  private constructorsOf(type: ApexType): { method: MethodSymbol; receiver: ApexType }[] {
    return type.symbol.constructors.map((method) => ({ method, receiver: type }));
  }

  private exceptionArguments(values: readonly Typed[], output: CodeOutput): string {
    return values.map((value) => value.code(output)).join(', ');
  }

  private chooseConstructor(type: ApexType, values: readonly Typed[], at: number): MethodSymbol | null {
    const { symbol } = type;
    const candidates = this.constructorsOf(type);
    if (candidates.length === 0 && values.length === 0) return null;
    const chosen = this.choose(candidates, values, at);
    if (!chosen)
      return this.fail(
        at,
        `Constructor not defined: [${symbol.fullName}].<Constructor>(${values.map((value) => value.type.name).join(', ')})`,
      );
    if (!this.canAccess(chosen.method, chosen.method.access))
      this.fail(
        at,
        `Constructor is not visible: [${symbol.fullName}].<Constructor>(${values.map((value) => value.type.name).join(', ')})`,
      );
    return chosen.method;
  }

  // ---- new

  private creation(expression: NewExpression): Typed {
    const { table } = this;
    const { at, form } = expression;
    const type = this.resolve(expression.type);
    const { symbol } = type;
    switch (form.kind) {
      case 'fields':
        return this.newRecord(type, form.fields, at);
      case 'size': {
        const size = this.convert(this.analyse(form.size), table.integer, at);
        return {
          type,
          nonNull: always,
          code: (output) => `$newArray(${this.runtimeType(type)}, ${this.solid(size, output)})`,
        };
      }
      case 'elements': {
        const listType =
          table.isList(type) || table.isSet(type)
            ? type
            : this.fail(at, `Type cannot be initialised with elements: ${type.name}`);
        const element = listType.typeArguments[0] as ApexType;
        const values = form.values.map((value) => this.convert(this.analyse(value), element, value.at));
        return {
          type: listType,
          nonNull: always,
          code: (output) =>
            `new ${table.isList(listType) ? '$List' : '$Set'}(${this.runtimeType(listType)}, [${values.map((value) => value.code(output)).join(', ')}])`,
        };
      }
      case 'pairs': {
        if (!table.isMap(type)) return this.fail(at, `Type cannot be initialised with key-value pairs: ${type.name}`);
        const [key, value] = type.typeArguments as [ApexType, ApexType];
        const pairs = form.pairs.map(
          ([left, right]) =>
            [
              this.convert(this.analyse(left), key, left.at),
              this.convert(this.analyse(right), value, right.at),
            ] as const,
        );
        return {
          type,
          nonNull: always,
          code: (output) =>
            `new $Map(${this.runtimeType(type)}, [${pairs.map(([left, right]) => `[${left.code(output)}, ${right.code(output)}]`).join(', ')}])`,
        };
      }
      case 'arguments':
        break;
    }
    const values = form.values.map((value) => this.analyse(value));
    if (symbol.kind === 'interface' || symbol.isAbstract)
      return this.fail(at, `Abstract class cannot be constructed: ${symbol.fullName}`);
    if (symbol.kind === 'enum' || symbol.kind === 'primitive' || symbol.kind === 'object')
      return this.fail(at, `Type cannot be constructed: ${symbol.fullName}`);
    if (symbol.kind === 'sobject') {
      if (type === table.sobject) return this.fail(at, 'Type cannot be constructed: SObject');
      if (values.length > 0)
        return this.fail(
          at,
          `Constructor not defined: [${symbol.fullName}].<Constructor>(${values.map((value) => value.type.name).join(', ')})`,
        );
      return this.newRecord(type, [], at);
    }
    const call: CallExpression = { kind: 'call', at, target: null, name: 'new', arguments: form.values, safe: false };
    if (symbol.isLibrary) {
      const chosen = this.choose(this.constructorsOf(type), values, at);
      if (!chosen)
        return this.fail(
          at,
          `Constructor not defined: [${type.name}].<Constructor>(${values.map((value) => value.type.name).join(', ')})`,
        );
      const converted = this.convertArguments(chosen.method, type, values, call);
      const extra = table.isCollection(type) ? [this.runtimeType(type)] : [];
      return {
        type,
        nonNull: always,
        code: (output) =>
          this.libraryCall(chosen.method.libraryKey as string, [
            ...extra,
            ...converted.map((value) => value.code(output)),
          ]),
      };
    }
    const reference = (): string => this.scope.writer.classReference(symbol);
    this.callsOut = true;
    // Every exception class has the four constructors of Exception beside its own.
    if (
      table.isException(type) &&
      !this.choose(this.constructorsOf(type), values, expression.at) &&
      this.isExceptionArguments(values)
    ) {
      return {
        type,
        nonNull: always,
        code: (output) => `new ${reference()}().$x$(${this.exceptionArguments(values, output)})`,
      };
    }
    const method = this.chooseConstructor(type, values, at);
    const converted = method ? this.convertArguments(method, type, values, call) : [];
    const name = method?.javascriptName ?? mangle('$i', []);
    return {
      type,
      nonNull: always,
      code: (output) => `new ${reference()}().${name}(${converted.map((value) => value.code(output)).join(', ')})`,
    };
  }

  private isExceptionArguments(values: readonly Typed[]): boolean {
    const { table } = this;
    const isCause = (value: Typed): boolean => value.type === table.null || table.isException(value.type);
    const isMessage = (value: Typed): boolean => value.type === table.null || table.isText(value.type);
    const [first, second] = values as [Typed?, Typed?];
    if (values.length === 0) return true;
    if (values.length === 1) return first !== undefined && (isMessage(first) || isCause(first));
    return values.length === 2 && first !== undefined && second !== undefined && isMessage(first) && isCause(second);
  }

  private newRecord(
    type: ApexType,
    fields: readonly { at: number; name: string; value: Expression }[],
    at: number,
  ): Typed {
    const { table } = this;
    const { describe } = type.symbol;
    if (!describe) return this.fail(at, `Field initialisation is only allowed for sObjects: ${type.name}`);
    const parts: { name: string; relation: boolean; value: Typed }[] = [];
    for (const field of fields) {
      const found = describe.field(field.name);
      const reference = found ? undefined : describe.fieldByRelationship(field.name);
      if (!found && !reference?.relationshipName)
        this.fail(field.at, `Field does not exist: ${field.name} on ${describe.name}`);
      const to = found
        ? fieldType(table, found)
        : table.of(table.sobjectSymbol(reference?.referenceTo[0] ?? '') ?? table.sobject.symbol);
      const name = found?.name ?? (reference?.relationshipName as string);
      if (parts.some((part) => part.name === name)) this.fail(field.at, `Duplicate field initialization: ${name}`);
      parts.push({ name, relation: !found, value: this.convert(this.analyse(field.value), to, field.at) });
    }
    return {
      type,
      nonNull: always,
      code: (output) => {
        const values = parts
          .filter((part) => !part.relation)
          .map((part) => `[${quote(part.name)}, ${part.value.code(output)}]`);
        const relations = parts
          .filter((part) => part.relation)
          .map((part) => `[${quote(part.name)}, ${part.value.code(output)}]`);
        return `$newRecord(${quote(describe.name)}, [${values.join(', ')}]${relations.length > 0 ? `, [${relations.join(', ')}]` : ''})`;
      },
    };
  }

  // ---- casts

  private cast(node: TypeNode, operand: Expression, at: number): Typed {
    const { table } = this;
    const to = this.resolve(node);
    const value = this.analyse(operand);
    const from = value.type;
    if (from === to) return { ...value, isQuery: false };
    if (value.isQuery && table.isSObject(to)) return this.convert(value, to, at);
    if (table.isNumeric(from) && table.isNumeric(to)) {
      if (table.numericRank(from) < table.numericRank(to)) return this.convertFreely(value, to);
      return {
        type: to,
        nonNull: value.nonNull,
        code: (output) => `$${from.name.toLowerCase()}To${to.name}(${value.code(output)})`,
      };
    }
    if (!table.isCastable(from, to))
      return this.fail(at, `Incompatible types since an instance of ${from.name} is never an instance of ${to.name}`);
    if (
      from === table.null ||
      (table.isAssignable(from, to) && !(table.isCollection(from) && to.typeArguments.length > 0))
    )
      return this.convertFreely(value, to);
    return {
      type: to,
      nonNull: value.nonNull,
      code: (output) => `$cast(${value.code(output)}, ${this.runtimeType(to)})`,
    };
  }

  // ---- queries

  private query(expression: QueryExpression): Typed {
    const { table } = this;
    const binds = expression.binds.map((bind) => this.analyse(bind));
    let shape;
    try {
      shape = this.scope.environment.describeQuery(expression.text, expression.language);
    } catch (error) {
      const { problem, offset } = error as { problem?: string; offset?: number };
      if (problem === undefined || offset === undefined) throw error;
      return this.fail(this.sourceOffset(expression, offset), problem);
    }
    if (shape.mode === 'SECURITY_ENFORCED' && this.scope.apiVersion >= USER_MODE_VERSION) {
      const at = expression.text.search(/\bsecurity_enforced\b/i);
      return this.fail(
        this.sourceOffset(expression, Math.max(0, at)),
        'WITH SECURITY_ENFORCED is not available from API version 67.0 on: use WITH USER_MODE',
      );
    }
    const site = this.site(expression.at);
    const call =
      (name: string, extra: string): ((output: CodeOutput) => string) =>
      (output) =>
        `${name}(${site}, ${quote(expression.text)}, [${binds.map((bind) => bind.code(output)).join(', ')}]${extra})`;
    if (expression.language === 'sosl') {
      const type = table.list(table.list(table.sobject));
      return { type, nonNull: always, code: call('$search', '') };
    }
    if (shape.kind === 'count') return { type: table.integer, nonNull: always, code: call('$count', '') };
    const symbol =
      shape.kind === 'aggregate' ? table.librarySymbol('AggregateResult') : table.sobjectSymbol(shape.objectName);
    const type = table.list(symbol ? table.of(symbol) : table.sobject);
    return { type, nonNull: always, isQuery: true, code: call('$query', `, ${this.runtimeType(type)}`) };
  }

  private sourceOffset(expression: QueryExpression, offset: number): number {
    let found = expression.map[0] ?? { text: 0, source: expression.at };
    for (const part of expression.map) if (part.text <= offset) found = part;
    return found.source + (offset - found.text);
  }

  /** Inner type lookup for `when` clauses and the like. */
  innerType(name: string): TypeSymbol | undefined {
    return findInScope(this.table, name, this.scope.owner);
  }
}

const siteMethods = new WeakMap<TypeSymbol, ReadonlySet<string>>();

/** Declares which methods of a library class want to know their call site. */
export function setSiteMethods(symbol: TypeSymbol, names: readonly string[]): void {
  siteMethods.set(symbol, new Set(names.map((name) => name.toLowerCase())));
}

function sitesOf(method: MethodSymbol): boolean {
  return siteMethods.get(method.owner)?.has(method.name.toLowerCase()) ?? false;
}

interface InlineCall {
  readonly nonNull: boolean;
  readonly needsSolidArguments?: boolean;
  code(self: string, values: readonly string[]): string;
}

/** Library methods that are so frequent that they are written in place. */
const INLINE: Readonly<Record<string, InlineCall>> = {
  'List#Integer size()': { nonNull: true, code: (self) => `${self}.items.length` },
  'List#T get(Integer index)': {
    nonNull: false,
    needsSolidArguments: true,
    code: (self, [index]) => `${self}.get(${index})`,
  },
  'List#void add(T element)': { nonNull: false, code: (self, [element]) => `${self}.add(${element})` },
  'List#Boolean isEmpty()': { nonNull: true, code: (self) => `(${self}.items.length === 0)` },
  'Set#Boolean contains(T element)': { nonNull: true, code: (self, [element]) => `${self}.has(${element})` },
  'Set#Boolean add(T element)': { nonNull: true, code: (self, [element]) => `${self}.add(${element})` },
  'Set#Boolean isEmpty()': { nonNull: true, code: (self) => `(${self}.size === 0)` },
  'Map#V get(K key)': { nonNull: false, code: (self, [key]) => `${self}.get(${key})` },
  'Map#V put(K key, V value)': { nonNull: false, code: (self, [key, value]) => `${self}.put(${key}, ${value})` },
  'Map#Boolean containsKey(K key)': { nonNull: true, code: (self, [key]) => `${self}.has(${key})` },
  'String#Integer length()': { nonNull: true, code: (self) => `${self}.length` },
};

function inlineCall(method: MethodSymbol): InlineCall | undefined {
  return method.libraryKey === undefined ? undefined : INLINE[method.libraryKey];
}
