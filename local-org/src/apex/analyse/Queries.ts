/** Third pass, queries in brackets. */
import type { QueryExpression } from '../syntax/Ast.ts';
import type { TypeTable } from '../types/TypeTable.ts';
import type { Expressions } from './Expressions.ts';
import type { CodeOutput } from './ModuleWriter.ts';
import { USER_MODE_VERSION, type BodyScope } from './Scope.ts';
import type { Typed } from './Typed.ts';
import { always, quote } from './javascript.ts';
export class Queries {
  private readonly expressions: Expressions;
  private readonly scope: BodyScope;
  private readonly table: TypeTable;

  constructor(expressions: Expressions) {
    this.expressions = expressions;
    this.scope = expressions.scope;
    this.table = expressions.table;
  }

  query(expression: QueryExpression): Typed {
    const { table } = this;
    const binds = expression.binds.map((bind) => this.expressions.analyse(bind));
    let shape;
    try {
      shape = this.scope.environment.describeQuery(expression.text, expression.language);
    } catch (error) {
      const { problem, offset } = error as { problem?: string; offset?: number };
      if (problem === undefined || offset === undefined) throw error;
      return this.expressions.fail(this.sourceOffset(expression, offset), problem);
    }
    if (shape.mode === 'SECURITY_ENFORCED' && this.scope.apiVersion >= USER_MODE_VERSION) {
      const at = expression.text.search(/\bsecurity_enforced\b/i);
      return this.expressions.fail(
        this.sourceOffset(expression, Math.max(0, at)),
        'WITH SECURITY_ENFORCED is not available from API version 67.0 on: use WITH USER_MODE',
      );
    }
    const site = this.expressions.site(expression.at);
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
    return {
      type,
      nonNull: always,
      isQuery: true,
      code: call('$query', `, ${this.expressions.runtimeType(type)}`),
      locator: call('$locator', ''),
    };
  }

  private sourceOffset(expression: QueryExpression, offset: number): number {
    let found = expression.map[0] ?? { text: 0, source: expression.at };
    for (const part of expression.map) if (part.text <= offset) found = part;
    return found.source + (offset - found.text);
  }
}
