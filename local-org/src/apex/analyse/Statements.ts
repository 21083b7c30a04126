/** Third pass, statements: scopes, flow (unreachable code, missing return) and the JavaScript of each. */
import type { Block, DmlStatement, ForEachStatement, Statement, SwitchStatement, TryStatement } from '../syntax/Ast.ts';
import type { ApexType } from '../types/symbols.ts';
import { Expressions } from './Expressions.ts';
import type { CodeOutput } from './ModuleWriter.ts';
import { AnalysisStop } from './Scope.ts';
import type { Local, Typed } from './Typed.ts';

/** An analysed statement. */
export interface Analysed {
  /** False when control never reaches the statement behind it. */
  readonly completes: boolean;
  emit(output: CodeOutput): void;
}

interface Loop {
  hasBreak: boolean;
}

const nothing: Analysed = { completes: true, emit: () => {} };

export class Statements extends Expressions {
  private readonly loops: Loop[] = [];
  private runAsDepth = 0;
  /** Variables declared so far whose values are memory to speak of, by their names in JavaScript. */
  private readonly held: string[] = [];

  /** A method body; reports a missing return. */
  body(block: Block): Analysed {
    const analysed = this.statements(block);
    if (analysed.completes && this.scope.returns !== this.table.void) {
      this.report(block.end, `Missing return statement required return type: ${this.scope.returns.name}`);
    }
    return analysed;
  }

  /** A block whose variables go out of scope at its end. */
  block(block: Block): Analysed {
    const known = this.held.length;
    const analysed = this.statements(block);
    const { completes } = analysed;
    const own = this.held.slice(known);
    return {
      completes,
      emit: (output) => {
        analysed.emit(output);
        if (completes) output.release(own);
      },
    };
  }

  /** The statements of a method, whose variables live until it ends. */
  statements(block: Block): Analysed {
    this.locals.open();
    const parts: Analysed[] = [];
    let completes = true;
    let reported = false;
    for (const statement of block.statements) {
      if (!completes && !reported) {
        this.report(statement.at, 'Unreachable statement');
        reported = true;
      }
      const part = this.guarded(statement);
      parts.push(part);
      completes = completes && part.completes;
    }
    this.locals.close();
    return { completes, emit: (output) => parts.forEach((part) => part.emit(output)) };
  }

  private guarded(statement: Statement): Analysed {
    try {
      return this.statement(statement);
    } catch (error) {
      if (!(error instanceof AnalysisStop)) throw error;
      // The variables of a broken declaration still exist: one mistake is reported once.
      if (statement.kind === 'local') this.declareBroken(statement);
      const problem = this.scope.problems[this.scope.problems.length - 1];
      return {
        completes: statement.kind !== 'return' && statement.kind !== 'throw',
        emit: (output) => {
          if (this.scope.lenient && problem)
            output.write(
              `$refused(${JSON.stringify(`${problem.file}:${problem.line}:${problem.column} ${problem.message}`)});`,
            );
        },
      };
    }
  }

  private declareBroken(statement: Extract<Statement, { kind: 'local' }>): void {
    let type: ApexType = this.table.object;
    const known = this.scope.problems.length;
    try {
      type = this.resolve(statement.type);
    } catch (error) {
      if (!(error instanceof AnalysisStop)) throw error;
      this.scope.problems.length = known;
    }
    for (const variable of statement.variables)
      if (!this.locals.find(variable.name)) this.locals.add(variable.name, type, false, undefined);
  }

  private declareLocal(
    at: number,
    name: string,
    type: ApexType,
    isFinal: boolean,
    ...first: (Typed | null | undefined)[]
  ): Local {
    if (this.locals.find(name)) this.report(at, `Duplicate variable: ${name}`);
    const local = this.locals.add(name, type, isFinal, ...first);
    if (this.isHeld(type)) this.held.push(local.javascript);
    return local;
  }

  /** Whether values of the type can take much memory; numbers, dates, Ids and the like don't. */
  private isHeld(type: ApexType): boolean {
    const { table } = this;
    return (
      !table.isNumeric(type) &&
      ![table.boolean, table.id, table.date, table.datetime, table.time].includes(type) &&
      type.symbol.kind !== 'enum'
    );
  }

  /** Names in JavaScript of the variables in scope whose values are memory to speak of: a method's parameters. */
  heldParameters(): string[] {
    return this.locals
      .visible()
      .filter((local) => this.isHeld(local.type))
      .map((local) => local.javascript);
  }

  /** `let name`, or `name` where the function declares it itself because it holds the value. */
  private declaration(local: Local, output: CodeOutput): string {
    return this.isHeld(local.type) && output.hold(local.javascript) ? local.javascript : `let ${local.javascript}`;
  }

  private nested(statement: Statement | null): Analysed {
    if (statement === null) return nothing;
    if (statement.kind === 'block') return this.block(statement);
    this.locals.open();
    const analysed = this.guarded(statement);
    this.locals.close();
    return analysed;
  }

  private statement(statement: Statement): Analysed {
    switch (statement.kind) {
      case 'block': {
        const inner = this.block(statement);
        return {
          completes: inner.completes,
          emit: (output) => {
            output.write('{');
            inner.emit(output);
            output.write('}');
          },
        };
      }
      case 'local':
        return this.local(statement);
      case 'expression': {
        const value = this.analyse(statement.expression);
        return {
          completes: true,
          emit: (output) => output.statement(statement.at, `${value.discard?.(output) ?? value.code(output)};`),
        };
      }
      case 'if': {
        const condition = this.condition(statement.condition);
        const then = this.nested(statement.then);
        const otherwise = this.nested(statement.otherwise);
        return {
          completes: then.completes || otherwise.completes,
          emit: (output) => {
            output.statement(statement.at, `if (${condition.code(output)}) {`);
            then.emit(output);
            if (statement.otherwise) {
              output.write('} else {');
              otherwise.emit(output);
            }
            output.write('}');
          },
        };
      }
      case 'while': {
        const condition = this.condition(statement.condition);
        const { body, hasBreak, own } = this.loop(statement.body);
        return {
          completes: (condition.literal !== true && !this.isTrue(statement.condition)) || hasBreak,
          emit: (output) => {
            output.statement(statement.at, `while (${condition.code(output)}) { $turn();`);
            body.emit(output);
            output.write('}');
            if (hasBreak) output.release(own);
          },
        };
      }
      case 'do': {
        const { body, hasBreak, own } = this.loop(statement.body);
        const condition = this.condition(statement.condition);
        return {
          completes: !this.isTrue(statement.condition) || hasBreak,
          emit: (output) => {
            output.write('do { $turn();');
            body.emit(output);
            output.statement(statement.at, '');
            output.write(`} while (${condition.code(output)});`, this.scope.source.line(statement.condition.at));
            if (hasBreak) output.release(own);
          },
        };
      }
      case 'for': {
        this.locals.open();
        const known = this.held.length;
        const initial = statement.initial.map((part) => this.guarded(part));
        const condition = statement.condition ? this.condition(statement.condition) : null;
        const updates = statement.updates.map((update) => this.analyse(update));
        const { body, hasBreak } = this.loop(statement.body);
        this.locals.close();
        const own = this.held.slice(known);
        return {
          completes: (statement.condition !== null && !this.isTrue(statement.condition)) || hasBreak,
          emit: (output) => {
            output.write('{');
            for (const part of initial) part.emit(output);
            const step = updates.map((update) => update.discard?.(output) ?? update.code(output)).join(', ');
            output.statement(statement.at, `for (; ${condition?.code(output) ?? ''}; ${step}) { $turn();`);
            body.emit(output);
            output.write('} }');
            output.release(own);
          },
        };
      }
      case 'forEach':
        return this.forEach(statement);
      case 'return': {
        const { returns } = this.scope;
        if (statement.value === null) {
          if (returns !== this.table.void)
            return this.fail(statement.at, `Missing return value of type: ${returns.name}`);
          return {
            completes: false,
            emit: (output) =>
              output.statement(
                statement.at,
                this.runAsDepth > 0 ? 'return [];' : this.scope.inConstructor ? 'return this;' : 'return;',
              ),
          };
        }
        const given = this.analyse(statement.value);
        if (returns === this.table.void) return this.fail(statement.at, 'Void method must not return a value');
        const value = this.convert(
          given,
          returns,
          statement.value.at,
          (from, to) => `Illegal conversion from ${from} to ${to}`,
        );
        const inRunAs = this.runAsDepth > 0;
        return {
          completes: false,
          emit: (output) =>
            output.statement(
              statement.at,
              inRunAs ? `return [${value.code(output)}];` : `return ${value.code(output)};`,
            ),
        };
      }
      case 'throw': {
        const value = this.analyse(statement.value);
        if (!this.table.isException(value.type))
          return this.fail(statement.at, `Throw expression must be of type exception: ${value.type.name}`);
        return {
          completes: false,
          emit: (output) => output.statement(statement.at, `throw ${this.solid(value, output)};`),
        };
      }
      case 'break':
      case 'continue': {
        const loop = this.loops[this.loops.length - 1];
        if (!loop)
          return this.fail(
            statement.at,
            `${statement.kind === 'break' ? 'Break' : 'Continue'} statement must be in loop`,
          );
        if (statement.kind === 'break') loop.hasBreak = true;
        return { completes: false, emit: (output) => output.statement(statement.at, `${statement.kind};`) };
      }
      case 'try':
        return this.tryStatement(statement);
      case 'switch':
        return this.switchStatement(statement);
      case 'dml':
        return this.dml(statement);
      case 'runAs': {
        const user = this.analyse(statement.argument);
        if (user.type === this.table.parse('Version'))
          return this.fail(
            statement.at,
            'System.runAs(Version) is not supported: the local org has no package versions',
          );
        if (user.type !== this.table.parse('User')) {
          return this.fail(
            statement.at,
            `Method does not exist or incorrect signature: void runAs(${user.type.name}) from the type System`,
          );
        }
        const loops = this.loops.splice(0);
        this.runAsDepth++;
        const body = this.block(statement.body);
        this.runAsDepth--;
        this.loops.push(...loops);
        return {
          completes: body.completes,
          emit: (output) => {
            const outcome = output.temporary();
            output.statement(statement.at, `${outcome} = $runAs(${user.code(output)}, () => {`);
            body.emit(output);
            output.write('});');
            output.write(`if (${outcome}) return ${this.runAsDepth > 0 ? outcome : `${outcome}[0]`};`);
          },
        };
      }
    }
  }

  private isTrue(expression: { readonly kind: string; readonly text?: string; readonly type?: unknown }): boolean {
    return expression.kind === 'literal' && expression.type === 'Boolean' && expression.text === 'true';
  }

  /** `own`: what the loop's variables hold, which a break leaves behind. */
  private loop(statement: Statement | null): { body: Analysed; hasBreak: boolean; own: readonly string[] } {
    this.runsFurther = true;
    const loop: Loop = { hasBreak: false };
    this.loops.push(loop);
    const known = this.held.length;
    const body = this.nested(statement);
    this.loops.pop();
    return { body, hasBreak: loop.hasBreak, own: this.held.slice(known) };
  }

  private local(statement: Extract<Statement, { kind: 'local' }>): Analysed {
    const type = this.resolve(statement.type);
    const parts = statement.variables.map((variable) => {
      let value: Typed | null = null;
      if (variable.value) {
        const given = this.analyse(variable.value);
        if (given.type === this.table.void) this.fail(variable.at, `Illegal assignment from void to ${type.name}`);
        value = this.convert(given, type, variable.value.at);
      }
      const first = value ? [value] : statement.isFinal ? [] : [undefined];
      const local = this.declareLocal(variable.at, variable.name, type, statement.isFinal, ...first);
      return { local, value };
    });
    return {
      completes: true,
      emit: (output) => {
        for (const { local, value } of parts) {
          const text = `${this.declaration(local, output)} = ${value ? value.code(output) : 'null'};`;
          if (value) output.statement(statement.at, text);
          else output.write(text);
        }
      },
    };
  }

  private forEach(statement: ForEachStatement): Analysed {
    const { table } = this;
    const type = this.resolve(statement.type);
    const source = this.analyse(statement.source);
    const isChunk =
      source.isQuery === true && table.isList(type) && !table.isList(source.type.typeArguments[0] as ApexType);
    let element: ApexType | undefined;
    if (isChunk) element = source.type;
    else if (table.isList(source.type) || table.isSet(source.type)) element = source.type.typeArguments[0];
    else {
      const iterable = table
        .ancestors(source.type)
        .find((ancestor) => ancestor.symbol.isLibrary && ancestor.symbol.fullName === 'Iterable');
      element = iterable?.typeArguments[0];
    }
    if (!element)
      return this.fail(
        statement.source.at,
        `For each loop must iterate over a collection or an Iterable: ${source.type.name}`,
      );
    const canBind =
      isChunk ||
      table.isAssignable(element, type) ||
      (table.isSObject(element) && table.isSObject(type) && element === table.sobject);
    if (!canBind) return this.fail(statement.nameAt, `Loop variable must be of type ${element.name}`);
    this.locals.open();
    const known = this.held.length;
    const local = this.declareLocal(statement.nameAt, statement.name, type, false, undefined);
    const { body } = this.loop(statement.body);
    this.locals.close();
    const own = this.held.slice(known);
    const item: Typed = { type: element, nonNull: () => false, code: () => '$item' };
    const bound = element === type || isChunk ? item : this.convertFreely(item, type);
    return {
      completes: true,
      emit: (output) => {
        const fill = (read: string): void =>
          output.write(`let $item = ${read}; ${this.declaration(local, output)} = ${bound.code(output)}; $turn();`);
        if (isChunk) {
          output.statement(
            statement.at,
            `for (let $item of $chunks(${source.code(output)})) { ${this.declaration(local, output)} = $item; $turn();`,
          );
          body.emit(output);
          output.write('}');
          output.release(own);
          return;
        }
        if (table.isList(source.type)) {
          const collection = output.temporary();
          // The rows of a query are read chunk by chunk: they are never held as a whole.
          if (!source.isQuery) output.hold(collection);
          output.statement(
            statement.at,
            `${collection} = $solid(${source.code(output)}); ${collection}.iterating++; try { const $over = ${collection}; for (let $index = 0; $index < $over.items.length; $index++) {`,
          );
          fill('$over.items[$index]');
          body.emit(output);
          output.write(`} } finally { ${collection}.iterating--; ${collection} = null; }`);
          output.release(own);
          return;
        }
        output.statement(statement.at, `for (let $source = $iterate(${source.code(output)}); $source.hasnext$();) {`);
        fill('$source.next$()');
        body.emit(output);
        output.write('}');
        output.release(own);
      },
    };
  }

  private tryStatement(statement: TryStatement): Analysed {
    const { table } = this;
    const known = this.held.length;
    const body = this.block(statement.body);
    const own = this.held.slice(known);
    const catches = statement.catches.map((clause) => {
      this.locals.open();
      let type: ApexType = table.parse('Exception');
      try {
        type = this.resolve(clause.type);
        if (!table.isException(type)) this.report(clause.at, `Catch type must be an exception: ${type.name}`);
      } catch (error) {
        if (!(error instanceof AnalysisStop)) throw error;
      }
      const local = this.declareLocal(clause.at, clause.name, type, false, null);
      local.state = 'nonNull';
      const handler = this.block(clause.body);
      this.locals.close();
      return { type, local, handler, at: clause.at };
    });
    const last = statement.finallyBody ? this.block(statement.finallyBody) : null;
    return {
      completes: (body.completes || catches.some((clause) => clause.handler.completes)) && (last?.completes ?? true),
      emit: (output) => {
        output.write('try {', this.scope.source.line(statement.at));
        body.emit(output);
        output.write('} catch ($error) { $error = $caught($error);');
        output.release(own);
        for (const clause of catches) {
          output.write(
            `if ($instanceOf($error, ${this.scope.writer.type(clause.type)})) { let ${clause.local.javascript} = $error;`,
          );
          clause.handler.emit(output);
          output.write('} else');
        }
        output.write('throw $error; }');
        if (last) {
          output.write('finally { if (!$aborting()) {');
          last.emit(output);
          output.write('} }');
        }
      },
    };
  }

  private switchStatement(statement: SwitchStatement): Analysed {
    const { table } = this;
    const value = this.analyse(statement.value);
    const isEnum = value.type.symbol.kind === 'enum';
    let hasElse = false;
    let completes = false;
    const branches = statement.whens.map((when) => {
      this.locals.open();
      let test: (output: CodeOutput, subject: string) => string = () => 'true';
      let open = '';
      if (when.test.kind === 'else') {
        hasElse = true;
      } else if (when.test.kind === 'type') {
        const type = this.resolve(when.test.type);
        const local = this.declareLocal(when.test.at, when.test.name, type, false, null);
        local.state = 'nonNull';
        test = (_, subject) => `$instanceOf(${subject}, ${this.scope.writer.type(type)})`;
        open = `let ${local.javascript} = `;
      } else {
        const values = when.test.values.map((expression) => {
          if (isEnum && expression.kind === 'name') {
            const found = table.findField(value.type, expression.name);
            if (!found || found.field.kind !== 'enumValue')
              return this.fail(expression.at, `Invalid enum value: ${expression.name}`);
            const { field } = found;
            const reference = field.owner.isLibrary
              ? this.scope.writer.constant(
                  `$libraryEnum(${JSON.stringify(field.owner.fullName)}).${field.javascriptName}`,
                )
              : `${this.scope.writer.classReference(field.owner)}.${field.javascriptName}`;
            return (): string => reference;
          }
          const literal = this.convert(
            this.analyse(expression),
            value.type,
            expression.at,
            (from, to) => `When literal must be of type ${to}: ${from}`,
          );
          return (output: CodeOutput): string => literal.code(output);
        });
        test = (output, subject) => values.map((literal) => `$same(${subject}, ${literal(output)})`).join(' || ');
      }
      const body = this.block(when.body);
      this.locals.close();
      completes = completes || body.completes;
      return { test, open, body };
    });
    return {
      completes: completes || !hasElse,
      emit: (output) => {
        const subject = output.temporary();
        output.statement(statement.at, `${subject} = ${value.code(output)};`);
        branches.forEach((branch, index) => {
          output.write(
            `${index > 0 ? '} else ' : ''}if (${branch.test(output, subject)}) {${branch.open ? ` ${branch.open}${subject};` : ''}`,
          );
          branch.body.emit(output);
        });
        if (branches.length > 0) output.write('}');
      },
    };
  }

  private dml(statement: DmlStatement): Analysed {
    const { table } = this;
    const value = this.analyse(statement.value);
    const { type } = value;
    const isRecords = (candidate: ApexType): boolean =>
      table.isSObject(candidate) ||
      (table.isList(candidate) && table.isSObject(candidate.typeArguments[0] as ApexType));
    if (!isRecords(type))
      return this.fail(statement.value.at, `DML requires SObject or SObject list type: ${type.name}`);
    let second: Typed | null = null;
    if (statement.second) {
      second = this.analyse(statement.second);
      const mergeable =
        isRecords(second.type) ||
        second.type === table.id ||
        (table.isList(second.type) && second.type.typeArguments[0] === table.id);
      if (!mergeable) return this.fail(statement.second.at, `Invalid merge argument: ${second.type.name}`);
    }
    let field: string | null = null;
    if (statement.field) {
      const parts = statement.field.name.split('.');
      const name = parts[parts.length - 1] as string;
      const element = table.isList(type) ? (type.typeArguments[0] as ApexType) : type;
      const describe = element.symbol.describe;
      const found = describe?.field(name);
      if (describe && !found) return this.fail(statement.field.at, `Field does not exist: ${name} on ${describe.name}`);
      if (found && !found.externalId && !found.idLookup && found.name !== 'Id') {
        return this.fail(
          statement.field.at,
          `Invalid field for upsert, must be an External Id custom or standard indexed field: ${found.name}`,
        );
      }
      field = found?.name ?? name;
    }
    const facts = `{ operation: ${JSON.stringify(statement.operation)}, access: ${JSON.stringify(statement.access)}, field: ${JSON.stringify(field)} }`;
    const site = this.site(statement.at);
    return {
      completes: true,
      emit: (output) =>
        output.statement(
          statement.at,
          `$dml(${site}, ${this.scope.writer.constant(facts)}, ${value.code(output)}${second ? `, ${second.code(output)}` : ''});`,
        ),
    };
  }
}
