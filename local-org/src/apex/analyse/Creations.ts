/** Third pass, constructors: of classes, exceptions, collections and sObjects. */
import type { CallExpression, Expression, NewExpression } from '../syntax/Ast.ts';
import { mangle } from '../types/declare.ts';
import type { ApexType, MethodSymbol } from '../types/symbols.ts';
import type { TypeTable } from '../types/TypeTable.ts';
import { fieldType } from '../types/fieldTypes.ts';
import type { Expressions } from './Expressions.ts';
import type { CodeOutput } from './ModuleWriter.ts';
import type { BodyScope } from './Scope.ts';
import type { Typed } from './Typed.ts';
import { always, never, quote } from './javascript.ts';
export class Creations {
  private readonly expressions: Expressions;
  private readonly scope: BodyScope;
  private readonly table: TypeTable;

  constructor(expressions: Expressions) {
    this.expressions = expressions;
    this.scope = expressions.scope;
    this.table = expressions.table;
  }

  constructorCall(expression: CallExpression): Typed {
    const { table, scope } = this;
    const { owner } = scope;
    const isThis = expression.name === 'this';
    if (!scope.inConstructor)
      return this.expressions.fail(
        expression.at,
        `Call to '${expression.name}()' must be the first statement in a constructor method`,
      );
    const type = isThis ? table.of(owner) : owner.superclass;
    if (!type) return this.expressions.fail(expression.at, `Class has no superclass: ${owner.fullName}`);
    const values = this.expressions.calls.arguments(expression);
    if (
      table.isException(type) &&
      (type.symbol.isLibrary || !this.expressions.calls.choose(this.constructorsOf(type), values, expression.at)) &&
      this.isExceptionArguments(values)
    ) {
      const code = (output: CodeOutput): string =>
        type.symbol.isLibrary
          ? `$initException(this, ${this.exceptionArguments(values, output)})`
          : `${isThis ? 'this' : 'super'}.$x$(${this.exceptionArguments(values, output)})`;
      return { type: table.void, nonNull: never, code };
    }
    const method = this.chooseConstructor(type, values, expression.at);
    const converted = method ? this.expressions.calls.convertArguments(method, type, values, expression) : [];
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
    const chosen = this.expressions.calls.choose(candidates, values, at);
    if (!chosen)
      return this.expressions.fail(
        at,
        `Constructor not defined: [${symbol.fullName}].<Constructor>(${values.map((value) => value.type.name).join(', ')})`,
      );
    if (!this.expressions.canAccess(chosen.method, chosen.method.access))
      this.expressions.fail(
        at,
        `Constructor is not visible: [${symbol.fullName}].<Constructor>(${values.map((value) => value.type.name).join(', ')})`,
      );
    return chosen.method;
  }

  creation(expression: NewExpression): Typed {
    this.expressions.runsFurther = true;
    const { table } = this;
    const { at, form } = expression;
    const type = this.expressions.resolve(expression.type);
    const { symbol } = type;
    switch (form.kind) {
      case 'fields':
        return this.newRecord(type, form.fields, at);
      case 'size': {
        const size = this.expressions.convert(this.expressions.analyse(form.size), table.integer, at);
        return {
          type,
          nonNull: always,
          code: (output) => `$newArray(${this.expressions.runtimeType(type)}, ${this.expressions.solid(size, output)})`,
        };
      }
      case 'elements': {
        const listType =
          table.isList(type) || table.isSet(type)
            ? type
            : this.expressions.fail(at, `Type cannot be initialised with elements: ${type.name}`);
        const element = listType.typeArguments[0] as ApexType;
        const values = form.values.map((value) =>
          this.expressions.convert(this.expressions.analyse(value), element, value.at),
        );
        return {
          type: listType,
          nonNull: always,
          code: (output) =>
            `new ${table.isList(listType) ? '$List' : '$Set'}(${this.expressions.runtimeType(listType)}, [${values.map((value) => value.code(output)).join(', ')}])`,
        };
      }
      case 'pairs': {
        if (!table.isMap(type))
          return this.expressions.fail(at, `Type cannot be initialised with key-value pairs: ${type.name}`);
        const [key, value] = type.typeArguments as [ApexType, ApexType];
        const pairs = form.pairs.map(
          ([left, right]) =>
            [
              this.expressions.convert(this.expressions.analyse(left), key, left.at),
              this.expressions.convert(this.expressions.analyse(right), value, right.at),
            ] as const,
        );
        return {
          type,
          nonNull: always,
          code: (output) =>
            `new $Map(${this.expressions.runtimeType(type)}, [${pairs.map(([left, right]) => `[${left.code(output)}, ${right.code(output)}]`).join(', ')}])`,
        };
      }
      case 'arguments':
        break;
    }
    const values = form.values.map((value) => this.expressions.analyse(value));
    if (symbol.kind === 'interface' || symbol.isAbstract)
      return this.expressions.fail(at, `Abstract class cannot be constructed: ${symbol.fullName}`);
    if (symbol.kind === 'enum' || symbol.kind === 'primitive' || symbol.kind === 'object')
      return this.expressions.fail(at, `Type cannot be constructed: ${symbol.fullName}`);
    if (symbol.kind === 'sobject') {
      if (type === table.sobject) return this.expressions.fail(at, 'Type cannot be constructed: SObject');
      if (values.length > 0)
        return this.expressions.fail(
          at,
          `Constructor not defined: [${symbol.fullName}].<Constructor>(${values.map((value) => value.type.name).join(', ')})`,
        );
      return this.newRecord(type, [], at);
    }
    const call: CallExpression = { kind: 'call', at, target: null, name: 'new', arguments: form.values, safe: false };
    if (symbol.isLibrary) {
      const chosen = this.expressions.calls.choose(this.constructorsOf(type), values, at);
      if (!chosen)
        return this.expressions.fail(
          at,
          `Constructor not defined: [${type.name}].<Constructor>(${values.map((value) => value.type.name).join(', ')})`,
        );
      const converted = this.expressions.calls.convertArguments(chosen.method, type, values, call);
      const extra = table.isCollection(type) ? [this.expressions.runtimeType(type)] : [];
      return {
        type,
        nonNull: always,
        code: (output) =>
          this.expressions.libraryCall(chosen.method.libraryKey as string, [
            ...extra,
            ...converted.map((value) => value.code(output)),
          ]),
      };
    }
    const reference = (): string => this.scope.writer.classReference(symbol);
    this.expressions.callsOut = true;
    // Every exception class has the four constructors of Exception beside its own.
    if (
      table.isException(type) &&
      !this.expressions.calls.choose(this.constructorsOf(type), values, expression.at) &&
      this.isExceptionArguments(values)
    ) {
      return {
        type,
        nonNull: always,
        code: (output) => `new ${reference()}().$x$(${this.exceptionArguments(values, output)})`,
      };
    }
    const method = this.chooseConstructor(type, values, at);
    const converted = method ? this.expressions.calls.convertArguments(method, type, values, call) : [];
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
    if (!describe) return this.expressions.fail(at, `Field initialisation is only allowed for sObjects: ${type.name}`);
    const parts: { name: string; relation: boolean; value: Typed }[] = [];
    for (const field of fields) {
      const found = describe.field(field.name);
      const reference = found ? undefined : describe.fieldByRelationship(field.name);
      if (!found && !reference?.relationshipName)
        this.expressions.fail(field.at, `Field does not exist: ${field.name} on ${describe.name}`);
      const to = found
        ? fieldType(table, found)
        : table.of(table.sobjectSymbol(reference?.referenceTo[0] ?? '') ?? table.sobject.symbol);
      const name = found?.name ?? (reference?.relationshipName as string);
      if (parts.some((part) => part.name === name))
        this.expressions.fail(field.at, `Duplicate field initialization: ${name}`);
      parts.push({
        name,
        relation: !found,
        value: this.expressions.convert(this.expressions.analyse(field.value), to, field.at),
      });
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
}
