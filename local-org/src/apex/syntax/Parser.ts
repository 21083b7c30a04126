/**
 * Recursive descent parser for Apex: source text to syntax tree. Hand-written because it is some fifty times faster than
 * the generated ANTLR parser (no cache needed) and can say what it expected. The first syntax error of a file is thrown.
 */
import { ApexCompileError } from '../ApexCompileError.ts';
import type {
  Accessor,
  Annotation,
  AnonymousBlock,
  Block,
  CatchClause,
  ConstructorNode,
  DmlWord,
  Expression,
  MemberNode,
  Modifiers,
  NewExpression,
  Parameter,
  PropertyNode,
  QueryExpression,
  Statement,
  TriggerDeclaration,
  TypeDeclaration,
  TypeNode,
  WhenTest,
} from './Ast.ts';
import { tokenize, type Token } from './Lexer.ts';
import type { SourceText } from './SourceText.ts';

const MODIFIER_WORDS: ReadonlySet<string> = new Set([
  'public',
  'private',
  'protected',
  'global',
  'static',
  'abstract',
  'virtual',
  'override',
  'final',
  'transient',
  'testmethod',
  'webservice',
]);
const DML_WORDS: ReadonlySet<string> = new Set<DmlWord>(['insert', 'update', 'upsert', 'delete', 'undelete', 'merge']);
/** Words that can't name a variable, method or type. */
const RESERVED: ReadonlySet<string> = new Set([
  'abstract',
  'break',
  'catch',
  'class',
  'continue',
  'delete',
  'do',
  'else',
  'enum',
  'extends',
  'false',
  'final',
  'finally',
  'for',
  'global',
  'if',
  'implements',
  'insert',
  'instanceof',
  'interface',
  'merge',
  'new',
  'null',
  'override',
  'private',
  'protected',
  'public',
  'return',
  'static',
  'super',
  'testmethod',
  'this',
  'throw',
  'true',
  'try',
  'undelete',
  'update',
  'upsert',
  'virtual',
  'void',
  'webservice',
  'while',
]);
const PRIMITIVE_NUMBERS: ReadonlySet<string> = new Set(['integer', 'long', 'double', 'decimal']);
const TRIGGER_EVENTS: readonly string[] = [
  'before insert',
  'before update',
  'before delete',
  'after insert',
  'after update',
  'after delete',
  'after undelete',
];
const ASSIGNMENTS: ReadonlySet<string> = new Set(['=', '+=', '-=', '*=', '/=', '&=', '|=', '^=', '<<=', '>>=', '>>>=']);
/** Binary operators by rising precedence; `instanceof` stands with the comparisons. */
const LEVELS: readonly ReadonlySet<string>[] = [
  new Set(['||']),
  new Set(['&&']),
  new Set(['|']),
  new Set(['^']),
  new Set(['&']),
  new Set(['==', '!=', '<>', '===', '!==']),
  new Set(['<', '>', '<=', '>=']),
  new Set(['<<', '>>', '>>>']),
  new Set(['+', '-']),
  new Set(['*', '/']),
];
const COMPARISON_LEVEL = 6;
const DATE_LITERAL = /^(?:last|next)_n_\w+$|^n_\w+_ago$/;

/** What the parser asks for in error messages. */
function show(token: Token): string {
  return token.kind === 'end' ? 'end of file' : token.kind === 'string' ? 'string literal' : `'${token.text}'`;
}

/** Query text with comments turned into blanks, so that offsets stay. */
function blankComments(text: string): string {
  return text.replace(/'(?:[^'\\]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith("'") ? part : part.replace(/[^\n]/g, ' '),
  );
}

export class Parser {
  private readonly source: SourceText;
  private readonly tokens: readonly Token[];
  private index = 0;

  constructor(source: SourceText) {
    this.source = source;
    this.tokens = tokenize(source);
  }

  // ---- tokens

  private get token(): Token {
    return this.tokens[this.index] as Token;
  }
  private peek(ahead: number): Token {
    return this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)] as Token;
  }
  private fail(at: number, message: string): never {
    throw new ApexCompileError([this.source.problem(at, message)]);
  }
  private unexpected(expected: string): never {
    const previous = this.tokens[this.index - 1];
    // A missing terminator is reported where it is missing, not at the start of the next line.
    if (previous && (expected === "';'" || expected === "')'" || expected === "']'")) {
      this.fail(previous.end, `Missing ${expected} at ${show(this.token)}`);
    }
    this.fail(this.token.start, `Unexpected token ${show(this.token)}: expected ${expected}`);
  }
  private is(key: string): boolean {
    return this.token.key === key;
  }
  private accept(key: string): boolean {
    if (this.token.key !== key) return false;
    this.index++;
    return true;
  }
  private expect(key: string): Token {
    const { token } = this;
    if (token.key !== key) this.unexpected(`'${key}'`);
    this.index++;
    return token;
  }
  private name(what: string): Token {
    const { token } = this;
    if (token.kind !== 'word') this.unexpected(what);
    if (RESERVED.has(token.key))
      this.fail(token.start, `Unexpected token '${token.text}': expected ${what}, but this word is reserved`);
    this.index++;
    return token;
  }

  // ---- compilation units

  /** A class file: exactly one class, interface or enum. */
  parseClass(): TypeDeclaration {
    const modifiers = this.modifiers();
    const declaration = this.typeDeclaration(modifiers);
    if (this.token.kind !== 'end') this.unexpected('end of file');
    return declaration;
  }

  parseTrigger(): TriggerDeclaration {
    if (this.token.key !== 'trigger') this.unexpected("'trigger'");
    this.index++;
    const name = this.name('a trigger name');
    this.expect('on');
    const object = this.name('an sObject name');
    this.expect('(');
    const events: string[] = [];
    do {
      const at = this.token.start;
      const event = `${this.token.key} ${this.peek(1).key}`;
      if (!TRIGGER_EVENTS.includes(event))
        this.fail(at, `Unexpected token ${show(this.token)}: expected one of ${TRIGGER_EVENTS.join(', ')}`);
      if (events.includes(event)) this.fail(at, `Duplicate trigger event: ${event}`);
      this.index += 2;
      events.push(event);
    } while (this.accept(','));
    this.expect(')');
    const { members, body } = this.mixedBody(this.expect('{').start, '}');
    if (this.token.kind !== 'end') this.unexpected('end of file');
    return {
      kind: 'trigger',
      at: name.start,
      name: name.text,
      objectAt: object.start,
      objectName: object.text,
      events,
      members,
      body,
    };
  }

  parseAnonymous(): AnonymousBlock {
    const { members, body } = this.mixedBody(0, '');
    return { kind: 'anonymous', at: 0, members, body };
  }

  /** Statements mixed with methods and classes, as triggers and anonymous blocks have them; `close` '' is the end of the file. */
  private mixedBody(at: number, close: string): { members: MemberNode[]; body: Block } {
    const members: MemberNode[] = [];
    const statements: Statement[] = [];
    while (close === '' ? this.token.kind !== 'end' : !this.is(close)) {
      if (this.token.kind === 'end') this.unexpected(`'${close}'`);
      const member = this.tryMember();
      if (member) members.push(member);
      else statements.push(this.statement());
    }
    const end = this.token.start;
    if (close !== '') this.index++;
    return { members, body: { kind: 'block', at, end, statements } };
  }

  private tryMember(): MemberNode | null {
    const start = this.index;
    const modifiers = this.modifiers();
    if (['class', 'interface', 'enum'].includes(this.token.key) && this.peek(1).kind === 'word')
      return this.typeDeclaration(modifiers);
    const returns = this.is('void') ? null : this.tryType();
    if (returns === null && this.is('void')) this.index++;
    const isMethod =
      this.token.kind === 'word' &&
      this.peek(1).key === '(' &&
      (returns !== null || this.tokens[this.index - 1]?.key === 'void');
    this.index = start;
    if (
      !isMethod ||
      ['new', 'return', 'throw', 'else', 'insert', 'update', 'delete', 'upsert', 'undelete', 'merge'].includes(
        this.token.key,
      )
    )
      return null;
    return this.member(this.modifiers(), '');
  }

  // ---- declarations

  private modifiers(): Modifiers {
    const { start: at } = this.token;
    const annotations: Annotation[] = [];
    const words = new Set<string>();
    for (;;) {
      const { token } = this;
      if (token.key === '@') {
        this.index++;
        annotations.push(this.annotation(token.start));
      } else if (MODIFIER_WORDS.has(token.key)) {
        if (words.has(token.key)) this.fail(token.start, `Duplicate modifier: ${token.key}`);
        words.add(token.key);
        this.index++;
      } else if (['with', 'without', 'inherited'].includes(token.key) && this.peek(1).key === 'sharing') {
        words.add(`${token.key} sharing`);
        this.index += 2;
      } else {
        return { at, annotations, words };
      }
    }
  }

  private annotation(at: number): Annotation {
    const name = this.token;
    if (name.kind !== 'word' || RESERVED.has(name.key)) this.unexpected('an annotation name');
    this.index++;
    const parameters = new Map<string, string | boolean>();
    if (this.accept('(')) {
      while (!this.is(')')) {
        let key = 'value';
        const isNamed = this.token.kind === 'word' && this.peek(1).key === '=';
        if (isNamed) {
          key = this.token.key;
          this.index += 2;
        } else if (parameters.size > 0 || this.peek(1).key !== ')') {
          // A value without a name stands alone.
          this.unexpected('name = value of an annotation parameter');
        }
        const value = this.token;
        if (value.kind === 'string') parameters.set(key, value.text);
        else if (value.key === 'true' || value.key === 'false') parameters.set(key, value.key === 'true');
        else if (value.kind === 'integer' || value.kind === 'word') parameters.set(key, value.text);
        else this.unexpected('a value of an annotation parameter');
        this.index++;
        // A value without a name stands alone.
        if (!isNamed && (parameters.size > 1 || !this.is(')'))) this.unexpected("')'");
        this.accept(',');
      }
      this.index++;
    }
    return { at, name: name.key, parameters };
  }

  private typeDeclaration(modifiers: Modifiers): TypeDeclaration {
    const kind = this.token.key;
    if (kind !== 'class' && kind !== 'interface' && kind !== 'enum') this.unexpected('class, interface or enum');
    this.index++;
    const name = this.name(`the name of the ${kind}`);
    let superclass: TypeNode | null = null;
    const interfaces: TypeNode[] = [];
    if (kind !== 'enum') {
      if (this.accept('extends')) {
        if (kind === 'class') superclass = this.type();
        else
          do interfaces.push(this.type());
          while (this.accept(','));
      }
      if (kind === 'class' && this.accept('implements'))
        do interfaces.push(this.type());
        while (this.accept(','));
    }
    this.expect('{');
    const members: MemberNode[] = [];
    const values: { at: number; name: string }[] = [];
    if (kind === 'enum') {
      while (!this.is('}')) {
        const value = this.token;
        if (value.kind !== 'word') this.unexpected('the name of an enum value');
        this.index++;
        values.push({ at: value.start, name: value.text });
        if (!this.accept(',')) break;
      }
    } else {
      while (!this.is('}')) {
        if (this.token.kind === 'end') this.unexpected("'}'");
        if (this.accept(';')) continue;
        members.push(
          kind === 'interface' ? this.interfaceMethod() : this.classMember(name.key),
          ...this.pending.splice(0),
        );
      }
    }
    const { end } = this.expect('}');
    return { kind, at: name.start, end, modifiers, name: name.text, superclass, interfaces, members, values };
  }

  private interfaceMethod(): MemberNode {
    const modifiers = this.modifiers();
    const returns = this.accept('void') ? null : this.type();
    const name = this.name('a method name');
    const parameters = this.parameters();
    this.expect(';');
    return { kind: 'method', at: name.start, modifiers, name: name.text, returns, parameters, body: null };
  }

  private classMember(className: string): MemberNode {
    if (this.is('{')) return { kind: 'initializer', at: this.token.start, isStatic: false, body: this.block() };
    if (this.is('static') && this.peek(1).key === '{') {
      this.index++;
      return { kind: 'initializer', at: this.token.start, isStatic: true, body: this.block() };
    }
    const modifiers = this.modifiers();
    if (['class', 'interface', 'enum'].includes(this.token.key) && this.peek(1).kind === 'word')
      return this.typeDeclaration(modifiers);
    return this.member(modifiers, className);
  }

  private member(modifiers: Modifiers, className: string): MemberNode {
    if (this.token.key === className && this.peek(1).key === '(') {
      const name = this.token;
      this.index++;
      const parameters = this.parameters();
      const constructor: ConstructorNode = {
        kind: 'constructor',
        at: name.start,
        modifiers,
        name: name.text,
        parameters,
        body: this.block(),
      };
      return constructor;
    }
    const returns = this.accept('void') ? null : this.type();
    const name = this.name('the name of a field, property or method');
    if (this.is('(')) {
      const parameters = this.parameters();
      const body = this.accept(';') ? null : this.block();
      return { kind: 'method', at: name.start, modifiers, name: name.text, returns, parameters, body };
    }
    if (returns === null) this.unexpected("'('");
    if (this.is('{')) return this.property(modifiers, name, returns);
    const fields: MemberNode[] = [];
    let current = name;
    for (;;) {
      const value = this.accept('=') ? this.expression() : null;
      fields.push({ kind: 'field', at: current.start, modifiers, name: current.text, type: returns, value });
      if (!this.accept(',')) break;
      current = this.name('a field name');
    }
    this.expect(';');
    if (fields.length === 1) return fields[0] as MemberNode;
    this.pending.push(...fields.slice(1));
    return fields[0] as MemberNode;
  }
  /** Further fields of `Integer a, b;`, handed out after the first. */
  private readonly pending: MemberNode[] = [];

  private property(modifiers: Modifiers, name: Token, type: TypeNode): PropertyNode {
    this.expect('{');
    let getter: Accessor | null = null;
    let setter: Accessor | null = null;
    while (!this.is('}')) {
      const accessModifiers = this.modifiers();
      const word = this.token;
      if (word.key !== 'get' && word.key !== 'set') this.unexpected("'get', 'set' or '}'");
      this.index++;
      const accessor: Accessor = {
        at: word.start,
        modifiers: accessModifiers,
        body: this.accept(';') ? null : this.block(),
      };
      if ((word.key === 'get' ? getter : setter) !== null) this.fail(word.start, `Duplicate accessor: ${word.key}`);
      if (word.key === 'get') getter = accessor;
      else setter = accessor;
    }
    this.index++;
    return { kind: 'property', at: name.start, modifiers, name: name.text, type, getter, setter };
  }

  private parameters(): Parameter[] {
    this.expect('(');
    const parameters: Parameter[] = [];
    if (!this.accept(')')) {
      do {
        this.modifiers();
        const type = this.type();
        const name = this.name('a parameter name');
        parameters.push({ at: name.start, name: name.text, type });
      } while (this.accept(','));
      this.expect(')');
    }
    return parameters;
  }

  // ---- types

  private type(): TypeNode {
    const type = this.tryType();
    if (type === null) this.unexpected('a type');
    return type;
  }

  /** A type, or null with the position unchanged. */
  private tryType(): TypeNode | null {
    const start = this.index;
    const { start: at } = this.token;
    const parts: { name: string; typeArguments: TypeNode[] }[] = [];
    do {
      const word = this.token;
      if (word.kind !== 'word' || (RESERVED.has(word.key) && word.key !== 'void')) {
        this.index = start;
        return null;
      }
      this.index++;
      const typeArguments: TypeNode[] = [];
      if (this.is('<')) {
        this.index++;
        do {
          const argument = this.tryType();
          if (argument === null) {
            this.index = start;
            return null;
          }
          typeArguments.push(argument);
        } while (this.accept(','));
        if (!this.accept('>')) {
          this.index = start;
          return null;
        }
      }
      parts.push({ name: word.text, typeArguments });
    } while (this.is('.') && this.peek(1).kind === 'word' && this.peek(1).key !== 'class' && this.accept('.'));
    let arrays = 0;
    while (this.is('[') && this.peek(1).key === ']') {
      this.index += 2;
      arrays++;
    }
    return { at, parts, arrays };
  }

  // ---- statements

  private block(): Block {
    const { start: at } = this.expect('{');
    const statements: Statement[] = [];
    while (!this.is('}')) {
      if (this.token.kind === 'end') this.unexpected("'}'");
      statements.push(this.statement());
    }
    const end = this.token.start;
    this.index++;
    return { kind: 'block', at, end, statements };
  }

  private statement(): Statement {
    const { token } = this;
    const at = token.start;
    switch (token.key) {
      case '{':
        return this.block();
      case 'if': {
        this.index++;
        const condition = this.parenthesized();
        const then = this.statement();
        const otherwise = this.accept('else') ? this.statement() : null;
        return { kind: 'if', at, condition, then, otherwise };
      }
      case 'while': {
        this.index++;
        const condition = this.parenthesized();
        return {
          kind: 'while',
          at,
          condition,
          body: this.accept(';') ? { kind: 'block', at, end: at, statements: [] } : this.statement(),
        };
      }
      case 'do': {
        this.index++;
        const body = this.statement();
        this.expect('while');
        const condition = this.parenthesized();
        this.expect(';');
        return { kind: 'do', at, condition, body };
      }
      case 'for':
        return this.forStatement();
      case 'return': {
        this.index++;
        const value = this.is(';') ? null : this.expression();
        this.expect(';');
        return { kind: 'return', at, value };
      }
      case 'throw': {
        this.index++;
        const value = this.expression();
        this.expect(';');
        return { kind: 'throw', at, value };
      }
      case 'break':
      case 'continue':
        this.index++;
        this.expect(';');
        return { kind: token.key, at };
      case 'try':
        return this.tryStatement();
      case 'else':
        return this.fail(at, "Unexpected token 'else': there is no 'if' before it");
      case 'switch':
        if (this.peek(1).key === 'on') return this.switchStatement();
        break;
      case 'system':
        if (this.peek(1).key === '.' && this.peek(2).key === 'runas' && this.peek(3).key === '(') {
          const start = this.index;
          this.index += 3;
          const argument = this.parenthesized();
          if (this.is('{')) return { kind: 'runAs', at, argument, body: this.block() };
          this.index = start;
        }
        break;
    }
    if (DML_WORDS.has(token.key)) return this.dmlStatement();
    if (token.key === 'final') {
      this.index++;
      return this.localStatement(at, true);
    }
    if (token.key === '@') this.modifiers();
    if (token.kind === 'word' && this.startsLocal()) return this.localStatement(at, false);
    const expression = this.expression();
    if (!['assign', 'call', 'new', 'step'].includes(expression.kind)) {
      if (this.is(';') || this.is('}')) this.fail(at, `Expression cannot be a statement.`);
      this.unexpected("';'");
    }
    this.expect(';');
    return { kind: 'expression', at, expression };
  }

  private parenthesized(): Expression {
    this.expect('(');
    const expression = this.expression();
    this.expect(')');
    return expression;
  }

  private startsLocal(): boolean {
    const start = this.index;
    const type = this.tryType();
    const { token } = this;
    const found = type !== null && token.kind === 'word' && token.key !== 'instanceof';
    this.index = start;
    return found;
  }

  private localStatement(at: number, isFinal: boolean): Statement {
    const statement = this.localVariables(at, isFinal);
    this.expect(';');
    return statement;
  }

  private localVariables(at: number, isFinal: boolean): Statement {
    const type = this.type();
    const variables: { at: number; name: string; value: Expression | null }[] = [];
    do {
      const name = this.name('a variable name');
      variables.push({ at: name.start, name: name.text, value: this.accept('=') ? this.expression() : null });
    } while (this.accept(','));
    return { kind: 'local', at, type, isFinal, variables };
  }

  private forStatement(): Statement {
    const at = this.token.start;
    this.index++;
    this.expect('(');
    const start = this.index;
    const isFinal = this.accept('final');
    const type = this.token.kind === 'word' ? this.tryType() : null;
    if (type !== null && this.token.kind === 'word' && this.peek(1).key === ':') {
      const name = this.name('a variable name');
      this.index++;
      const source = this.expression();
      this.expect(')');
      return { kind: 'forEach', at, type, name: name.text, nameAt: name.start, source, body: this.loopBody() };
    }
    this.index = start;
    let initial: Statement[] = [];
    if (!this.is(';')) {
      if (isFinal) this.index++;
      if (this.startsLocal()) initial = [this.localVariables(this.token.start, isFinal)];
      else
        do {
          const expression = this.expression();
          initial.push({ kind: 'expression', at: expression.at, expression });
        } while (this.accept(','));
    }
    this.expect(';');
    const condition = this.is(';') ? null : this.expression();
    this.expect(';');
    const updates: Expression[] = [];
    if (!this.is(')'))
      do updates.push(this.expression());
      while (this.accept(','));
    this.expect(')');
    return { kind: 'for', at, initial, condition, updates, body: this.loopBody() };
  }

  private loopBody(): Statement | null {
    return this.accept(';') ? null : this.statement();
  }

  private tryStatement(): Statement {
    const at = this.token.start;
    this.index++;
    const body = this.block();
    const catches: CatchClause[] = [];
    while (this.is('catch')) {
      const clauseAt = this.token.start;
      this.index++;
      this.expect('(');
      this.accept('final');
      const type = this.type();
      const name = this.name('the name of the exception variable');
      this.expect(')');
      catches.push({ at: clauseAt, type, name: name.text, body: this.block() });
    }
    const finallyBody = this.accept('finally') ? this.block() : null;
    if (catches.length === 0 && finallyBody === null) this.unexpected("'catch' or 'finally'");
    return { kind: 'try', at, body, catches, finallyBody };
  }

  private switchStatement(): Statement {
    const at = this.token.start;
    this.index += 2;
    const value = this.expression();
    this.expect('{');
    const whens: { at: number; test: WhenTest; body: Block }[] = [];
    while (!this.is('}')) {
      const whenAt = this.expect('when').start;
      let test: WhenTest;
      if (this.is('else') && this.peek(1).key === '{') {
        this.index++;
        test = { kind: 'else' };
      } else if (this.token.kind === 'word' && this.startsLocal()) {
        const type = this.type();
        const name = this.name('a variable name');
        test = { kind: 'type', type, name: name.text, at: name.start };
      } else {
        const values: Expression[] = [];
        do values.push(this.unary());
        while (this.accept(','));
        test = { kind: 'values', values };
      }
      whens.push({ at: whenAt, test, body: this.block() });
    }
    this.index++;
    return { kind: 'switch', at, value, whens };
  }

  private dmlStatement(): Statement {
    const { start: at, key } = this.token;
    const operation = key as DmlWord;
    this.index++;
    let access: 'user' | 'system' | null = null;
    if (this.is('as') && (this.peek(1).key === 'user' || this.peek(1).key === 'system')) {
      access = this.peek(1).key as 'user' | 'system';
      this.index += 2;
    }
    const value = this.expression();
    let second: Expression | null = null;
    let field: { at: number; name: string } | null = null;
    if (operation === 'merge') second = this.expression();
    if (operation === 'upsert' && this.token.kind === 'word') {
      const start = this.token.start;
      let text = this.name('an external Id field').text;
      while (this.accept('.')) text += `.${this.name('a field name').text}`;
      field = { at: start, name: text };
    }
    this.expect(';');
    return { kind: 'dml', at, operation, access, value, second, field };
  }

  // ---- expressions

  expression(): Expression {
    const left = this.ternary();
    const { token } = this;
    const operator = token.key === '>' ? this.shiftOrGreater() : token.key;
    if (!ASSIGNMENTS.has(operator)) return left;
    this.index += operator.startsWith('>') ? operator.length : 1;
    if (!['name', 'member', 'index'].includes(left.kind)) this.fail(left.at, 'Expression cannot be assigned');
    return { kind: 'assign', at: token.start, operator, target: left, value: this.expression() };
  }

  /** The operator that starts at a `>` token: `>`, `>=`, `>>`, `>>>`, `>>=` or `>>>=`; tokens must touch. */
  private shiftOrGreater(): string {
    let text = '>';
    for (let ahead = 1; ahead <= 3; ahead++) {
      const next = this.peek(ahead);
      if (next.start !== this.peek(ahead - 1).end) break;
      if (next.key === '>' && !text.endsWith('=')) text += '>';
      else if (next.key === '=' && !text.endsWith('=')) return `${text}=`;
      else if (next.key === '=>' || next.key === '==') break;
      else break;
    }
    return text;
  }

  private ternary(): Expression {
    const condition = this.coalesce();
    if (!this.is('?')) return condition;
    const at = this.token.start;
    this.index++;
    const then = this.expression();
    this.expect(':');
    return { kind: 'ternary', at, condition, then, otherwise: this.expression() };
  }

  private coalesce(): Expression {
    let left = this.binary(0);
    while (this.is('??')) {
      const at = this.token.start;
      this.index++;
      left = { kind: 'binary', at, operator: '??', left, right: this.binary(0) };
    }
    return left;
  }

  private binary(level: number): Expression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const { token } = this;
      if (level === COMPARISON_LEVEL && token.key === 'instanceof') {
        this.index++;
        left = { kind: 'instanceOf', at: token.start, operand: left, type: this.type() };
        continue;
      }
      const operator = token.key === '>' ? this.shiftOrGreater() : token.key;
      if (token.kind !== 'symbol' || !operators.has(operator)) return left;
      this.index += operator.startsWith('>') ? operator.length : 1;
      left = { kind: 'binary', at: token.start, operator, left, right: this.binary(level + 1) };
    }
  }

  private unary(): Expression {
    const { token } = this;
    const at = token.start;
    switch (token.key) {
      case '!':
      case '~':
      case '-':
      case '+': {
        this.index++;
        const operand = this.unary();
        if (
          token.key === '-' &&
          operand.kind === 'literal' &&
          ['Integer', 'Long', 'Double', 'Decimal'].includes(operand.type) &&
          !operand.text.startsWith('-')
        ) {
          return { ...operand, at, text: `-${operand.text}` };
        }
        return { kind: 'unary', at, operator: token.key, operand };
      }
      case '++':
      case '--':
        this.index++;
        return { kind: 'step', at, operator: token.key, prefix: true, operand: this.unary() };
      case '(': {
        const cast = this.tryCast();
        if (cast) return cast;
      }
    }
    return this.postfix(this.primary());
  }

  private tryCast(): Expression | null {
    const start = this.index;
    const at = this.token.start;
    this.index++;
    const type = this.tryType();
    if (type !== null && this.accept(')')) {
      const next = this.token;
      const startsOperand =
        (next.kind === 'word' && next.key !== 'instanceof') ||
        ['string', 'integer', 'long', 'decimal', 'double'].includes(next.kind) ||
        next.key === '(' ||
        next.key === '!' ||
        next.key === '~' ||
        (next.key === '[' && ['select', 'find'].includes(this.peek(1).key)) ||
        (['-', '+'].includes(next.key) &&
          type.parts.length === 1 &&
          PRIMITIVE_NUMBERS.has(type.parts[0]?.name.toLowerCase() ?? ''));
      if (startsOperand) return { kind: 'cast', at, type, operand: this.unary() };
    }
    this.index = start;
    return null;
  }

  private postfix(start: Expression): Expression {
    let expression = start;
    for (;;) {
      const { token } = this;
      if (token.key === '.' || token.key === '?.') {
        const safe = token.key === '?.';
        this.index++;
        const name = this.token;
        if (name.kind !== 'word') this.unexpected('a field or method name');
        this.index++;
        expression = this.is('(')
          ? { kind: 'call', at: name.start, target: expression, name: name.text, arguments: this.arguments(), safe }
          : { kind: 'member', at: name.start, target: expression, name: name.text, safe };
      } else if (token.key === '[') {
        this.index++;
        const index = this.expression();
        this.expect(']');
        expression = { kind: 'index', at: token.start, target: expression, index };
      } else if (token.key === '++' || token.key === '--') {
        this.index++;
        expression = { kind: 'step', at: token.start, operator: token.key, prefix: false, operand: expression };
      } else {
        return expression;
      }
    }
  }

  private arguments(): Expression[] {
    this.expect('(');
    const values: Expression[] = [];
    if (!this.accept(')')) {
      do values.push(this.expression());
      while (this.accept(','));
      this.expect(')');
    }
    return values;
  }

  private primary(): Expression {
    const { token } = this;
    const at = token.start;
    switch (token.kind) {
      case 'integer':
        this.index++;
        return { kind: 'literal', at, type: 'Integer', text: token.text };
      case 'long':
        this.index++;
        return { kind: 'literal', at, type: 'Long', text: token.text };
      case 'decimal':
        this.index++;
        return { kind: 'literal', at, type: 'Decimal', text: token.text };
      case 'double':
        this.index++;
        return { kind: 'literal', at, type: 'Double', text: token.text };
      case 'string':
        this.index++;
        return { kind: 'literal', at, type: 'String', text: token.text };
    }
    switch (token.key) {
      case 'true':
      case 'false':
        this.index++;
        return { kind: 'literal', at, type: 'Boolean', text: token.key };
      case 'null':
        this.index++;
        return { kind: 'literal', at, type: 'null', text: 'null' };
      case 'this':
      case 'super':
        this.index++;
        if (this.is('('))
          return { kind: 'call', at, target: null, name: token.key, arguments: this.arguments(), safe: false };
        return { kind: token.key, at };
      case 'new':
        return this.creation();
      case '[':
        if (['select', 'find'].includes(this.peek(1).key)) return this.query();
        break;
      case '(': {
        this.index++;
        const inner = this.expression();
        this.expect(')');
        return inner.kind === 'name' || inner.kind === 'member' || inner.kind === 'call' || inner.kind === 'index'
          ? { ...inner }
          : inner;
      }
    }
    if (token.kind !== 'word') this.unexpected('an expression');
    const literal = this.tryClassLiteral();
    if (literal) return literal;
    if (RESERVED.has(token.key)) this.unexpected('an expression');
    this.index++;
    if (this.is('('))
      return { kind: 'call', at, target: null, name: token.text, arguments: this.arguments(), safe: false };
    return { kind: 'name', at, name: token.text };
  }

  private tryClassLiteral(): Expression | null {
    const start = this.index;
    const at = this.token.start;
    const type = this.tryType();
    if (type !== null && this.is('.') && this.peek(1).key === 'class') {
      this.index += 2;
      return { kind: 'classLiteral', at, type };
    }
    this.index = start;
    return null;
  }

  private creation(): Expression {
    const at = this.expect('new').start;
    const type = this.type();
    const make = (form: NewExpression['form'], made: TypeNode = type): NewExpression => ({
      kind: 'new',
      at,
      type: made,
      form,
    });
    if (this.is('(')) {
      if (this.peek(1).kind === 'word' && this.peek(2).key === '=') {
        this.index++;
        const fields: { at: number; name: string; value: Expression }[] = [];
        do {
          const name = this.token;
          if (name.kind !== 'word') this.unexpected('a field name');
          this.index++;
          this.expect('=');
          fields.push({ at: name.start, name: name.text, value: this.expression() });
        } while (this.accept(','));
        this.expect(')');
        return make({ kind: 'fields', fields });
      }
      return make({ kind: 'arguments', values: this.arguments() });
    }
    if (this.accept('[')) {
      const size = this.expression();
      this.expect(']');
      return make({ kind: 'size', size }, { ...type, arrays: type.arrays + 1 });
    }
    if (!this.accept('{')) this.unexpected("'(', '[' or '{'");
    if (this.accept('}')) {
      const isMap = type.arrays === 0 && type.parts[0]?.name.toLowerCase() === 'map';
      return make(isMap ? { kind: 'pairs', pairs: [] } : { kind: 'elements', values: [] });
    }
    const first = this.expression();
    if (this.accept('=>')) {
      const pairs: [Expression, Expression][] = [[first, this.expression()]];
      while (this.accept(',')) {
        const key = this.expression();
        this.expect('=>');
        pairs.push([key, this.expression()]);
      }
      this.expect('}');
      return make({ kind: 'pairs', pairs });
    }
    const values = [first];
    while (this.accept(',')) values.push(this.expression());
    this.expect('}');
    return make({ kind: 'elements', values });
  }

  private query(): QueryExpression {
    const open = this.token;
    this.index++;
    const language = this.is('find') ? 'sosl' : 'soql';
    const { text: source } = this.source;
    const binds: Expression[] = [];
    const map: { text: number; source: number }[] = [];
    let text = '';
    let copied = open.end;
    const copy = (to: number): void => {
      map.push({ text: text.length, source: copied });
      text += blankComments(source.slice(copied, to));
    };
    for (let depth = 0; ;) {
      const { token } = this;
      if (token.kind === 'end') this.fail(open.start, "Unterminated query: expected ']'");
      if (token.key === '[') depth++;
      if (token.key === ']' && depth-- === 0) break;
      const previous = this.tokens[this.index - 1] as Token;
      // A colon opens a bind unless it stands in a date literal (LAST_N_DAYS:30) or in a time (10:00:00Z).
      const isBind =
        token.key === ':' &&
        !DATE_LITERAL.test(previous.key) &&
        !(previous.end === token.start && /\d$/.test(previous.text) && /T\d+$|^\d+$/i.test(previous.text));
      if (!isBind) {
        this.index++;
        continue;
      }
      copy(token.start);
      text += `:__b${binds.length}`;
      this.index++;
      binds.push(this.expression());
      copied = (this.tokens[this.index - 1] as Token).end;
    }
    copy(this.token.start);
    this.index++;
    return { kind: 'query', at: open.start, language, text, binds, map };
  }
}
