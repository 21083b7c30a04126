/** Third pass, calls: which method is meant, and the JavaScript that calls it. */
import type { ObjectDescribe } from '../../schema/types.ts';
import type { CallExpression } from '../syntax/Ast.ts';
import type { ApexType, MethodSymbol, TypeSymbol } from '../types/symbols.ts';
import type { TypeTable } from '../types/TypeTable.ts';
import type { Expressions } from './Expressions.ts';
import type { CodeOutput } from './ModuleWriter.ts';
import type { BodyScope } from './Scope.ts';
import type { Typed } from './Typed.ts';
import { always, never, quote } from './javascript.ts';
import { needsSite } from './callSites.ts';
import { inlineCall } from './inlineCalls.ts';
/** A query in brackets that it is given does not run: a locator may walk through more rows than a list can hold. */
const QUERY_LOCATOR = 'Database.getQueryLocator';

/** Methods whose text may name variables of the caller. */
const DYNAMIC_QUERIES: ReadonlySet<string> = new Set([
  'Database.query',
  'Database.countQuery',
  QUERY_LOCATOR,
  'Database.getCursor',
  'Search.query',
  'Search.find',
]);

export class Calls {
  private readonly expressions: Expressions;
  private readonly scope: BodyScope;
  private readonly table: TypeTable;

  constructor(expressions: Expressions) {
    this.expressions = expressions;
    this.scope = expressions.scope;
    this.table = expressions.table;
  }

  call(expression: CallExpression): Typed {
    this.expressions.runsFurther = true;
    const { target, name } = expression;
    if (target === null) {
      if (name === 'this' || name === 'super') return this.expressions.creations.constructorCall(expression);
      return this.unqualifiedCall(expression);
    }
    if (target.kind === 'super') {
      const receiver = this.expressions.analyseChainPart(target);
      return this.instanceCall(receiver, expression);
    }
    const prefix = this.expressions.names.prefix(target, name);
    if (prefix.kind === 'value') {
      let receiver = prefix.value;
      if (expression.safe) receiver = this.expressions.safeReceiver(receiver);
      if (receiver.recordField && name.toLowerCase() === 'adderror') return this.fieldError(receiver, expression);
      return this.instanceCall(receiver, expression);
    }
    if (prefix.kind === 'type') return this.staticCall(prefix.symbol, expression);
    return this.expressions.fail(prefix.at, `Variable does not exist: ${prefix.names.join('.')}`);
  }

  private fieldError(receiver: Typed, expression: CallExpression): Typed {
    const { record, name } = receiver.recordField as NonNullable<Typed['recordField']>;
    const values = this.arguments(expression);
    if (values.length < 1 || values.length > 2)
      return this.expressions.fail(expression.at, 'Method does not exist or incorrect signature: void addError');
    return {
      type: this.table.void,
      nonNull: never,
      code: (output) => `$fieldError(${record.code(output)}, ${quote(name)}, ${values[0]?.code(output)})`,
    };
  }

  arguments(expression: CallExpression): Typed[] {
    return expression.arguments.map((argument) => {
      const value = this.expressions.analyse(argument);
      if (value.type === this.table.void) this.expressions.fail(argument.at, 'Argument type cannot be void');
      return value;
    });
  }

  private signature(name: string, values: readonly Typed[]): string {
    return `void ${name}(${values.map((value) => value.type.name).join(', ')})`;
  }

  /** The best overload for the arguments, or undefined. */
  choose<T extends { method: MethodSymbol; receiver: ApexType }>(
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
      this.expressions.fail(at, `Method signature is ambiguous: ${signatures.join(', ')}`);
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

  convertArguments(
    method: MethodSymbol,
    receiver: ApexType,
    values: readonly Typed[],
    expression: CallExpression,
  ): Typed[] {
    const isLocator = method.owner.isLibrary && `${method.owner.fullName}.${method.name}` === QUERY_LOCATOR;
    return values.map((value, index) => {
      const converted = this.expressions.convert(
        value,
        this.table.substitute(method.parameters[index] as ApexType, receiver),
        expression.arguments[index]?.at ?? expression.at,
      );
      return isLocator && value.locator ? { ...converted, code: value.locator } : converted;
    });
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
        return this.expressions.fail(
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
    return this.expressions.fail(
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
        code: () => `$enumValues(${this.enumReference(symbol)}, ${this.expressions.runtimeType(listType)})`,
      };
    }
    if (symbol.kind === 'enum' && expression.name.toLowerCase() === 'valueof' && values.length === 1) {
      const text = this.expressions.convert(values[0] as Typed, table.string, expression.at);
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
      return this.expressions.fail(
        expression.at,
        `Non static method cannot be referenced from a static context: ${instance.method.returns.name} ${symbol.fullName}.${instance.method.name}(${instance.method.parameters.map((parameter) => parameter.name).join(', ')})`,
      );
    }
    return this.expressions.fail(
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
        return make(mapType, () => `$settings.all(${quote(describe.name)}, ${this.expressions.runtimeType(mapType)})`);
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
    if (!this.expressions.canAccess(method, method.access)) {
      this.expressions.fail(
        expression.at,
        `Method is not visible: ${method.returns.name} ${method.owner.fullName}.${method.name}(${method.parameters.map((type) => type.name).join(', ')})`,
      );
    }
    const converted = this.convertArguments(method, receiver, values, expression);
    const type = this.table.substitute(method.returns, receiver);
    if (method.implementation) {
      const site = needsSite(method) ? [this.dynamicSite(method, values, expression.at)] : [];
      const isQuery = method.owner.fullName === 'Database' && /^query/i.test(method.name);
      return {
        type,
        nonNull: never,
        isQuery,
        code: (output) =>
          this.counted(
            method,
            this.expressions.libraryCall(method.libraryKey as string, [
              ...converted.map((value) => value.code(output)),
              ...site,
            ]),
          ),
      };
    }
    const { writer } = this.scope;
    if (method.owner !== this.scope.owner) this.expressions.callsOut = true;
    return {
      type,
      nonNull: never,
      code: (output) =>
        `${writer.classReference(method.owner)}.${method.javascriptName}(${converted.map((value) => value.code(output)).join(', ')})`,
    };
  }

  /** The call site; for dynamic queries with the variables that a bind may name. */
  private dynamicSite(method: MethodSymbol, values: readonly Typed[], at: number): string {
    const site = this.expressions.site(at);
    const text = values[0]?.literal;
    if (
      !DYNAMIC_QUERIES.has(`${method.owner.fullName}.${method.name}`) ||
      (typeof text === 'string' && !text.includes(':'))
    )
      return site;
    const cases = this.expressions.locals
      .visible()
      .map((local) => `case ${quote(local.name.toLowerCase())}: return ${local.javascript};`);
    const seen = new Set(this.expressions.locals.visible().map((local) => local.name.toLowerCase()));
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

  private instanceCall(receiver: Typed, expression: CallExpression): Typed {
    const { table } = this;
    let value = receiver;
    if (value.type === table.void) return this.expressions.fail(expression.at, `Initial term of a call can't be void`);
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
      value = this.expressions.convert(value, value.type.typeArguments[0] as ApexType, expression.at);
      chosen = this.choose(
        table.findMethods(value.type, expression.name).filter(({ method }) => !method.isStatic),
        values,
        expression.at,
      );
    }
    if (!chosen && values.length === 0 && expression.name.toLowerCase() === 'clone' && this.isProjectClass(value.type))
      return {
        type: value.type,
        nonNull: always,
        code: (output) => `$cloneObject(${this.expressions.solid(value, output)})`,
      };
    if (!chosen) {
      const shared = this.choose(table.findMethods(value.type, expression.name), values, expression.at);
      if (shared) {
        return this.expressions.fail(
          expression.at,
          `Static method cannot be referenced from a non static context: ${shared.method.returns.name} ${value.type.name}.${shared.method.name}(${shared.method.parameters.map((type) => type.name).join(', ')})`,
        );
      }
      return this.expressions.fail(
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
    if (!this.expressions.canAccess(method, method.access)) {
      this.expressions.fail(
        expression.at,
        `Method is not visible: ${method.returns.name} ${method.owner.fullName}.${method.name}(${method.parameters.map((type) => type.name).join(', ')})`,
      );
    }
    if (receiver.isSuper && method.isAbstract)
      this.expressions.fail(expression.at, `Abstract method cannot be called: ${method.name}`);
    const converted = this.convertArguments(method, receiverType, values, expression);
    const type = this.resultType(method, receiver, table.substitute(method.returns, receiverType));
    if (method.implementation) {
      const site = needsSite(method) ? [this.expressions.site(expression.at)] : [];
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
              : this.expressions.solid(receiver, output);
          const argumentCode = converted.map((value) => value.code(output));
          if (inline && (!inline.needsSolidArguments || converted.every((value) => value.nonNull())))
            return inline.code(self, argumentCode);
          return this.counted(
            method,
            this.expressions.libraryCall(method.libraryKey as string, [self, ...argumentCode, ...site]),
          );
        },
      };
    }
    if (method.owner !== this.scope.owner || method.isVirtual) this.expressions.callsOut = true;
    return {
      type,
      nonNull: never,
      code: (output) =>
        `${receiver.code(output)}.${method.javascriptName}(${converted.map((value) => value.code(output)).join(', ')})`,
    };
  }

  /** Text and binary data that a library function returns take memory; collections count what they hold themselves. */
  private counted(method: MethodSymbol, code: string): string {
    return method.returns === this.table.string || method.returns === this.table.blob ? `$made(${code})` : code;
  }

  /** Every object of a class has clone(), a shallow copy, unless the class declares its own. */
  private isProjectClass(type: ApexType): boolean {
    return !type.symbol.isLibrary && type.symbol.kind === 'class';
  }

  /** A method without parameters that is read like a property. */
  getter(receiver: Typed, method: MethodSymbol, receiverType: ApexType, at: number): Typed {
    const call: CallExpression = { kind: 'call', at, target: null, name: method.name, arguments: [], safe: false };
    return this.invokeInstance(receiver, method, receiverType, [], call);
  }

  /** Methods of sObjects whose result has the receiver's own type. */
  private resultType(method: MethodSymbol, receiver: Typed, type: ApexType): ApexType {
    if (method.owner === this.table.sobject.symbol && method.name === 'clone') return receiver.type;
    return type;
  }
}
