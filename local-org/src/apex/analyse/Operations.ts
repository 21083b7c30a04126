/** Operators: the types that they take, the type that they give, and their JavaScript. */
import type { Expression } from '../syntax/Ast.ts';
import type { ApexType } from '../types/symbols.ts';
import type { TypeTable } from '../types/TypeTable.ts';
import type { Expressions } from './Expressions.ts';
import type { CodeOutput } from './ModuleWriter.ts';
import type { AssignmentTarget, Typed } from './Typed.ts';
import { always, never, quote } from './javascript.ts';
import { numericOperation, type NumericKind } from './operators.ts';

export class Operations {
  private readonly expressions: Expressions;
  private readonly table: TypeTable;

  constructor(expressions: Expressions) {
    this.expressions = expressions;
    this.table = expressions.table;
  }

  unary(operator: string, operand: Expression, at: number): Typed {
    const { table } = this;
    const value = this.expressions.analyse(operand);
    if (operator === '!') {
      if (value.type !== table.boolean)
        return this.expressions.fail(at, `Operator ! is only allowed on Boolean: ${value.type.name}`);
      return { type: table.boolean, nonNull: always, code: (output) => `!${this.expressions.solid(value, output)}` };
    }
    if (operator === '~') {
      if (value.type !== table.integer && value.type !== table.long)
        return this.expressions.fail(at, `Bitwise operator only allowed on integer expressions`);
      return { type: value.type, nonNull: always, code: (output) => `(~${this.expressions.solid(value, output)})` };
    }
    if (!table.isNumeric(value.type))
      return this.expressions.fail(at, `Negation can only be used on number expressions: ${value.type.name}`);
    if (operator === '+') return value;
    switch (value.type) {
      case table.integer:
        return {
          type: value.type,
          nonNull: always,
          code: (output) => `(-${this.expressions.solid(value, output)} | 0)`,
        };
      case table.long:
        return {
          type: value.type,
          nonNull: always,
          code: (output) => `$asLong(-${this.expressions.solid(value, output)})`,
        };
      case table.double:
        return {
          type: value.type,
          nonNull: always,
          code: (output) => `new $Double(-${this.expressions.rawDouble(value, output)})`,
          raw: (output) => `(-${this.expressions.rawDouble(value, output)})`,
        };
      default:
        return {
          type: value.type,
          nonNull: always,
          code: (output) => `${this.expressions.solid(value, output)}.negate()`,
        };
    }
  }

  private kindOf(type: ApexType): NumericKind {
    return type.name.toLowerCase() as NumericKind;
  }

  binary(operator: string, leftExpression: Expression, rightExpression: Expression, at: number): Typed {
    const { table } = this;
    if (operator === '&&' || operator === '||') {
      const [left, right] = [this.expressions.analyse(leftExpression), this.expressions.analyse(rightExpression)];
      for (const side of [left, right]) {
        if (side.type !== table.boolean)
          return this.expressions.fail(
            at,
            `${operator === '&&' ? 'AND' : 'OR'} operator can only be applied to Boolean expressions`,
          );
      }
      return {
        type: table.boolean,
        nonNull: always,
        code: (output) =>
          `(${this.expressions.solid(left, output)} ${operator} ${this.expressions.solid(right, output)})`,
      };
    }
    const left = this.expressions.analyse(leftExpression);
    const right = this.expressions.analyse(rightExpression);
    if (operator === '??') {
      const type = this.expressions.common(left, right);
      if (!type)
        return this.expressions.fail(
          at,
          `Incompatible types in null coalescing operator: ${left.type.name}, ${right.type.name}`,
        );
      const alternative = this.expressions.convert(right, type, at);
      // A query without rows counts as null on the left of ??.
      const first: Typed =
        left.isQuery && table.isSObject(type)
          ? { type, nonNull: never, code: (output) => `$singleOrNull(${left.code(output)})` }
          : this.expressions.convert(left, type, at);
      return {
        type,
        nonNull: () => alternative.nonNull(),
        code: (output) => `(${first.code(output)} ?? ${alternative.code(output)})`,
      };
    }
    if (['==', '!=', '<>', '===', '!=='].includes(operator)) return this.equality(operator, left, right, at);
    if (['<', '>', '<=', '>='].includes(operator)) return this.comparison(operator, left, right, at);
    return this.arithmetic(operator, left, right, at);
  }

  private equality(operator: string, left: Typed, right: Typed, at: number): Typed {
    const { table } = this;
    const negate = operator === '!=' || operator === '<>' || operator === '!==' ? '!' : '';
    const make = (code: (output: CodeOutput) => string): Typed => ({ type: table.boolean, nonNull: always, code });
    if (operator.length === 3) return make((output) => `(${negate}$same(${left.code(output)}, ${right.code(output)}))`);
    if (left.type === table.void || right.type === table.void)
      return this.expressions.fail(at, 'Comparison arguments must not be void');
    if (left.type === table.null || right.type === table.null) {
      const value = left.type === table.null ? right : left;
      if (value.isQuery) return make((output) => `(${value.code(output)}, ${negate ? 'true' : 'false'})`);
      return make((output) => `(${value.code(output)} ${negate ? '!==' : '==='} null)`);
    }
    for (const [query, other] of [
      [left, right],
      [right, left],
    ] as const) {
      if (query.isQuery && table.isSObject(other.type)) {
        const single = this.expressions.convert(query, other.type, at);
        return make((output) => `${negate}$equal(${single.code(output)}, ${other.code(output)})`);
      }
    }
    const bothNumeric = table.isNumeric(left.type) && table.isNumeric(right.type);
    const compatible =
      bothNumeric ||
      (table.isText(left.type) && table.isText(right.type)) ||
      table.isAssignable(left.type, right.type) ||
      table.isAssignable(right.type, left.type) ||
      left.type.symbol.kind === 'interface' ||
      right.type.symbol.kind === 'interface' ||
      (table.isSObject(left.type) && table.isSObject(right.type));
    if (!compatible)
      return this.expressions.fail(
        at,
        `Comparison arguments must be compatible types: ${left.type.name}, ${right.type.name}`,
      );
    if (
      (left.type === right.type &&
        (left.type === table.integer || left.type === table.boolean || left.type === table.long)) ||
      (left.type.symbol.kind === 'enum' && left.type === right.type)
    ) {
      return make((output) => `(${left.code(output)} ${negate ? '!==' : '==='} ${right.code(output)})`);
    }
    if (table.isText(left.type) && table.isText(right.type)) {
      if (left.type === table.id && right.type === table.id)
        return make((output) => `(${left.code(output)} ${negate ? '!==' : '==='} ${right.code(output)})`);
      if (left.type === table.id || right.type === table.id)
        return make((output) => `${negate}$equalIds(${left.code(output)}, ${right.code(output)})`);
      return make((output) => `${negate}$equalText(${left.code(output)}, ${right.code(output)})`);
    }
    return make((output) => `${negate}$equal(${left.code(output)}, ${right.code(output)})`);
  }

  private comparison(operator: string, left: Typed, right: Typed, at: number): Typed {
    const { table } = this;
    const make = (code: (output: CodeOutput) => string): Typed => ({ type: table.boolean, nonNull: always, code });
    const dates = [table.date, table.datetime];
    const comparable =
      (table.isNumeric(left.type) && table.isNumeric(right.type)) ||
      (table.isText(left.type) && table.isText(right.type)) ||
      (dates.includes(left.type) && dates.includes(right.type)) ||
      (left.type === table.time && right.type === table.time) ||
      ((left.type === table.null || right.type === table.null) && left.type.symbol.kind !== 'class');
    if (!comparable)
      return this.expressions.fail(
        at,
        `Comparison arguments must be compatible types: ${left.type.name}, ${right.type.name}`,
      );
    if (left.type === table.integer && right.type === table.integer) {
      return make((output) =>
        left.nonNull() && right.nonNull()
          ? `(${left.code(output)} ${operator} ${right.code(output)})`
          : `$compareIntegers(${left.code(output)}, ${right.code(output)}, ${quote(operator)})`,
      );
    }
    return make((output) => `($compare(${left.code(output)}, ${right.code(output)}) ${operator} 0)`);
  }

  private arithmetic(operator: string, left: Typed, right: Typed, at: number, isCompound = false): Typed {
    const { table } = this;
    if (operator === '+' && (table.isText(left.type) || table.isText(right.type)))
      return this.concatenation(left, right, at, isCompound);
    if ((operator === '+' || operator === '-') && [table.date, table.datetime, table.time].includes(left.type))
      return this.calendarArithmetic(operator, left, right, at);
    if (operator === '+' && left.type === table.null && right.type === table.null)
      return this.expressions.fail(at, 'Arithmetic expressions must use numeric arguments');
    const bitwise = ['&', '|', '^', '<<', '>>', '>>>'].includes(operator);
    if (bitwise && left.type === table.boolean && right.type === table.boolean && operator.length === 1) {
      return {
        type: table.boolean,
        nonNull: always,
        code: (output) =>
          `((${this.expressions.solid(left, output)} ${operator} ${this.expressions.solid(right, output)}) ? true : false)`,
      };
    }
    if (!table.isNumeric(left.type) || !table.isNumeric(right.type)) {
      return this.expressions.fail(
        at,
        operator === '+'
          ? 'Arithmetic expressions must use numeric arguments'
          : bitwise
            ? 'Bitwise operator only allowed on integer expressions'
            : 'Arithmetic expressions must use numeric arguments',
      );
    }
    if (bitwise && (table.numericRank(left.type) > 2 || table.numericRank(right.type) > 2))
      return this.expressions.fail(at, 'Bitwise operator only allowed on integer expressions');
    const type = table.numericRank(left.type) >= table.numericRank(right.type) ? left.type : right.type;
    const shift = operator.includes('<<') || operator.includes('>>');
    const a = this.expressions.convertFreely(left, shift ? left.type : type);
    const b = this.expressions.convertFreely(
      right,
      shift ? (table.integer === right.type ? right.type : right.type) : type,
    );
    return this.arithmeticOf(operator, a, b, shift ? left.type : type);
  }

  private arithmeticOf(operator: string, left: Typed, right: Typed, type: ApexType): Typed {
    const { table } = this;
    const kind = this.kindOf(type);
    if (kind === 'double') {
      const raw = (output: CodeOutput): string =>
        numericOperation(
          'double',
          operator,
          this.expressions.rawDouble(left, output),
          this.expressions.rawDouble(right, output),
        );
      return { type, nonNull: always, raw, code: (output) => `new $Double(${raw(output)})` };
    }
    return {
      type,
      nonNull: always,
      code: (output) =>
        numericOperation(
          kind,
          operator,
          this.expressions.solid(left, output),
          right.type === table.long && kind === 'integer'
            ? `Number(${this.expressions.solid(right, output)})`
            : this.expressions.solid(right, output),
        ),
    };
  }

  /** `isAppended`: the left text is replaced by the result. */
  private concatenation(left: Typed, right: Typed, at: number, isAppended: boolean): Typed {
    const { table } = this;
    if (left.type === table.void || right.type === table.void)
      return this.expressions.fail(at, 'Arithmetic expressions must use numeric arguments');
    const text = (value: Typed, output: CodeOutput): string =>
      table.isText(value.type) && value.nonNull() ? value.code(output) : `$text(${value.code(output)})`;
    return {
      type: table.string,
      nonNull: always,
      code: (output) =>
        isAppended
          ? `$appended(${text(left, output)}, ${text(right, output)})`
          : `$made(${text(left, output)} + ${text(right, output)})`,
    };
  }

  private calendarArithmetic(operator: string, left: Typed, right: Typed, at: number): Typed {
    const { table } = this;
    if (!table.isNumeric(right.type))
      return this.expressions.fail(at, `Date/time expressions must use Integer or Double or Decimal types`);
    const sign = operator === '-' ? '-' : '';
    return {
      type: left.type,
      nonNull: always,
      code: (output) =>
        `$addDays(${this.expressions.solid(left, output)}, ${sign}$plainNumber(${this.expressions.solid(right, output)}))`,
    };
  }

  step(operator: '++' | '--', isPrefix: boolean, operand: Expression, at: number): Typed {
    const { table } = this;
    const value = this.expressions.analyse(operand);
    const { target, type } = value;
    if (!target || !table.isNumeric(type))
      return this.expressions.fail(at, 'Increment and decrement need a numeric variable');
    target.onAssign?.(null);
    const one: Typed = this.expressions.convertFreely(
      { type: table.integer, nonNull: always, code: () => '1', literal: 1 },
      type,
    );
    const sign = operator === '++' ? '+' : '-';
    const next = (read: string, output: CodeOutput): string => {
      const current: Typed = { type, nonNull: value.nonNull, code: () => read };
      return this.arithmeticOf(sign, current, one, type).code(output);
    };
    const discard = (output: CodeOutput): string => {
      const place = target.prepare(output);
      return `${place.before ? `${place.before}, ` : ''}${place.write(next(place.read, output))}`;
    };
    return {
      type,
      nonNull: always,
      discard,
      code: (output) => {
        if (isPrefix) return `(${discard(output)})`;
        const place = target.prepare(output);
        const old = output.temporary();
        return `(${place.before ? `${place.before}, ` : ''}${old} = ${place.read}, ${place.write(next(old, output))}, ${old})`;
      },
    };
  }

  assign(operator: string, targetExpression: Expression, valueExpression: Expression, at: number): Typed {
    const place = this.expressions.analyse(targetExpression);
    const { target, type } = place;
    if (!target) return this.expressions.fail(targetExpression.at, `Expression cannot be assigned`);
    const given = this.expressions.analyse(valueExpression);
    if (given.type === this.table.void)
      return this.expressions.fail(at, `Illegal assignment from void to ${type.name}`);
    if (operator === '=') {
      const value = this.expressions.convert(given, type, valueExpression.at);
      target.onAssign?.(value);
      const discard = (output: CodeOutput): string => {
        const { before, write } = target.prepare(output);
        return `${before ? `${before}, ` : ''}${write(value.code(output))}`;
      };
      const code = (output: CodeOutput): string => this.valueOf(target, (): string => value.code(output), output);
      return { type, nonNull: value.nonNull, discard, code };
    }
    const sign = operator.slice(0, -1);
    const probe = this.compound(sign, { ...place, code: () => '' }, given, at);
    if (!this.table.isAssignable(probe.type, type))
      return this.expressions.fail(at, `Illegal assignment from ${probe.type.name} to ${type.name}`);
    target.onAssign?.(null);
    const result = (read: string, output: CodeOutput): string => {
      const current: Typed = { type, nonNull: place.nonNull, code: () => read };
      return this.expressions.convertFreely(this.compound(sign, current, given, at), type).code(output);
    };
    const discard = (output: CodeOutput): string => {
      const { before, read, write } = target.prepare(output);
      return `${before ? `${before}, ` : ''}${write(result(read, output))}`;
    };
    const code = (output: CodeOutput): string => this.valueOf(target, (read) => result(read, output), output);
    return { type, nonNull: always, discard, code };
  }

  /** An assignment that is used as a value: what was assigned, also where a function does the writing. */
  private valueOf(target: AssignmentTarget, value: (read: string) => string, output: CodeOutput): string {
    const { before, read, write } = target.prepare(output);
    const kept = output.temporary();
    return `(${before ? `${before}, ` : ''}${kept} = ${value(read)}, ${write(kept)}, ${kept})`;
  }

  private compound(sign: string, left: Typed, right: Typed, at: number): Typed {
    return this.arithmetic(sign, left, right, at, true);
  }
}
