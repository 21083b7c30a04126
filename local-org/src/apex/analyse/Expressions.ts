/** Third pass, expressions: gives each its static type and the JavaScript that computes it. */
import { Calls } from './Calls.ts';
import { Creations } from './Creations.ts';
import { Literals } from './Literals.ts';
import type { CodeOutput } from './ModuleWriter.ts';
import { Names } from './Names.ts';
import { Operations } from './Operations.ts';
import { Queries } from './Queries.ts';
import { AnalysisStop, Locals, type BodyScope } from './Scope.ts';
import type { Typed } from './Typed.ts';
import { always, never, quote } from './javascript.ts';
import type { Expression, TypeNode } from '../syntax/Ast.ts';
import type { TypeTable } from '../types/TypeTable.ts';
import { resolveType, UnresolvedType } from '../types/resolve.ts';
import type { ApexType, TypeSymbol } from '../types/symbols.ts';

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
  /** True once the body calls, creates, loops or saves: other code may run while its variables hold their values. */
  runsFurther = false;
  /** Receivers of `?.` in the chain being analysed, outermost last; null outside a chain. */
  private pendingSafe: PendingSafe[] | null = null;
  readonly names: Names;
  readonly calls: Calls;
  readonly creations: Creations;
  readonly literals: Literals;
  private readonly operations: Operations;
  private readonly queries: Queries;

  constructor(scope: BodyScope) {
    this.scope = scope;
    this.table = scope.table;
    this.names = new Names(this);
    this.calls = new Calls(this);
    this.creations = new Creations(this);
    this.literals = new Literals(this);
    this.operations = new Operations(this);
    this.queries = new Queries(this);
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
  runtimeType(type: ApexType): string {
    return this.scope.writer.type(type);
  }
  libraryCall(key: string, values: readonly string[]): string {
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

  safeReceiver(receiver: Typed): Typed {
    const temporary = { name: '' };
    this.pendingSafe?.push({ temporary, receiver });
    return { type: receiver.type, nonNull: always, code: () => temporary.name };
  }

  analyseChainPart(expression: Expression): Typed {
    const { table } = this;
    switch (expression.kind) {
      case 'literal':
        return this.literals.literal(expression.type, expression.text, expression.at);
      case 'name': {
        const prefix = this.names.prefix(expression);
        return prefix.kind === 'value'
          ? prefix.value
          : this.fail(expression.at, `Variable does not exist: ${expression.name}`);
      }
      case 'member':
        return this.names.member(expression);
      case 'call':
        return this.calls.call(expression);
      case 'index':
        return this.names.index(expression.target, expression.index, expression.at);
      case 'new':
        return this.creations.creation(expression);
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
        return this.queries.query(expression);
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

  canAccess(member: { access: string; owner: TypeSymbol; isTestVisible: boolean }, access: string | null): boolean {
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
}
