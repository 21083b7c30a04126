/** Third pass, literals. */
import type { TypeTable } from '../types/TypeTable.ts';
import type { Expressions } from './Expressions.ts';
import type { BodyScope } from './Scope.ts';
import type { Typed } from './Typed.ts';
import { always, never, quote } from './javascript.ts';
export class Literals {
  private readonly expressions: Expressions;
  private readonly scope: BodyScope;
  private readonly table: TypeTable;

  constructor(expressions: Expressions) {
    this.expressions = expressions;
    this.scope = expressions.scope;
    this.table = expressions.table;
  }

  literal(type: string, text: string, at: number): Typed {
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
        if (value > 2147483647 || value < -2147483648) return this.expressions.fail(at, `Illegal integer: ${text}`);
        return {
          type: table.integer,
          nonNull: always,
          code: () => (value < 0 ? `(${value})` : String(value)),
          literal: value,
        };
      }
      case 'Long': {
        const value = BigInt(text);
        if (BigInt.asIntN(64, value) !== value) return this.expressions.fail(at, `Illegal long: ${text}`);
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
}
