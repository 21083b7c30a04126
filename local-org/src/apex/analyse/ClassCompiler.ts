/** Fourth pass: writes the JavaScript module of one Apex file, class by class. */
import type {
  Block,
  ConstructorNode,
  InitializerNode,
  MethodNode,
  Parameter,
  PropertyNode,
  TypeDeclaration,
} from '../syntax/Ast.ts';
import type { SourceText } from '../syntax/SourceText.ts';
import { mangle } from '../types/declare.ts';
import type { ApexType, FieldSymbol, MethodSymbol, TypeSymbol } from '../types/symbols.ts';
import type { TypeTable } from '../types/TypeTable.ts';
import type { CompileProblem } from '../ApexCompileError.ts';
import { CodeOutput, ModuleWriter } from './ModuleWriter.ts';
import { AnalysisStop, USER_MODE_VERSION, type BodyScope, type CompileEnvironment } from './Scope.ts';
import { Statements } from './Statements.ts';

export interface CompiledModule {
  readonly source: SourceText;
  readonly symbol: TypeSymbol;
  readonly code: string;
  /** Apex line by JavaScript line (index 0 is the first line); 0 where there is none. */
  readonly lineMap: readonly number[];
  readonly writer: ModuleWriter;
  /** Methods by the lines they take up, for stack traces: first line, last line, name. */
  readonly frames: readonly { readonly first: number; readonly last: number; readonly name: string }[];
  /** Superclasses of the project that must be loaded first. */
  readonly requires: readonly TypeSymbol[];
}

export interface ModuleInput {
  readonly table: TypeTable;
  readonly environment: CompileEnvironment;
  readonly source: SourceText;
  readonly symbol: TypeSymbol;
  readonly apiVersion: number;
  readonly coverage: boolean;
  readonly problems: CompileProblem[];
  readonly lenient: boolean;
  /** A trigger or an anonymous block: this body becomes the static method `run$`. */
  readonly main?: { readonly body: Block; readonly triggerObject?: ApexType };
}

export function compileModule(input: ModuleInput): CompiledModule {
  return new ClassCompiler(input).compile();
}

class ClassCompiler {
  private readonly input: ModuleInput;
  private readonly table: TypeTable;
  private readonly writer: ModuleWriter;
  private readonly output: CodeOutput;
  private readonly frames: { first: number; last: number; name: string }[] = [];
  private readonly requires: TypeSymbol[] = [];

  constructor(input: ModuleInput) {
    this.input = input;
    this.table = input.table;
    this.writer = new ModuleWriter(input.source, input.coverage && !input.symbol.isTest);
    this.output = new CodeOutput(this.writer);
  }

  compile(): CompiledModule {
    const { input, output, writer } = this;
    const classes: TypeSymbol[] = [];
    this.compileClass(input.symbol, classes);
    const { lines: body, map } = output;
    const head: string[] = ["(function ($, $n) { 'use strict';", `const { ${'$HELPERS'} } = $;`];
    const foreign = [...writer.imports.keys()].filter((symbol) => !classes.includes(symbol));
    if (foreign.length > 0) head.push(`let ${foreign.map((symbol) => symbol.javascriptName).join(', ')};`);
    if (writer.types.length > 0)
      head.push(`const ${writer.types.map((_, index) => `$t${index} = $.types[${index}]`).join(', ')};`);
    if (writer.libraryKeys.length > 0)
      head.push(
        `const ${writer.libraryKeys.map((key, index) => `$f${index} = $.library(${JSON.stringify(key)})`).join(', ')};`,
      );
    for (const symbol of classes)
      head.push(`const ${this.contextName(symbol)} = ${JSON.stringify(this.contextFacts(symbol))};`);
    if (writer.constantExpressions.length > 0)
      head.push(
        `const ${writer.constantExpressions.map((expression, index) => `$k${index} = ${expression}`).join(', ')};`,
      );
    const tail = [
      `return { classes: { ${classes.map((symbol) => `${JSON.stringify(symbol.fullName)}: ${symbol.javascriptName}`).join(', ')} }, link: ($class) => { ${foreign
        .map((symbol) => `${symbol.javascriptName} = $class(${JSON.stringify(symbol.fullName)});`)
        .join(' ')} } };`,
      '})',
    ];
    return {
      source: input.source,
      symbol: input.symbol,
      code: [...head, ...body, ...tail].join('\n'),
      lineMap: [...head.map(() => 0), ...map, 0, 0],
      writer,
      frames: this.frames,
      requires: this.requires,
    };
  }

  private contextName(symbol: TypeSymbol): string {
    return `$x_${symbol.javascriptName.slice(3)}`;
  }

  private contextFacts(symbol: TypeSymbol): { className: string; accessMode: string; sharing: string } {
    const isModern = this.input.apiVersion >= USER_MODE_VERSION;
    if (this.input.main?.triggerObject) return { className: symbol.fullName, accessMode: 'system', sharing: 'without' };
    const declared = symbol.sharing;
    const sharing = declared === 'omitted' ? (isModern ? 'with' : 'omitted') : declared;
    return { className: symbol.fullName, accessMode: isModern ? 'user' : 'system', sharing };
  }

  private scope(owner: TypeSymbol, facts: Partial<BodyScope>): BodyScope {
    const { table, environment, source, apiVersion, problems, main, lenient } = this.input;
    return {
      table,
      source,
      writer: this.writer,
      environment,
      owner,
      isStatic: false,
      returns: table.void,
      apiVersion,
      contextName: this.contextName(owner),
      problems,
      lenient,
      ...(main?.triggerObject ? { triggerObject: main.triggerObject } : {}),
      ...facts,
    };
  }

  private report(at: number, message: string): void {
    this.input.problems.push(this.input.source.problem(at, message));
  }

  private compileClass(symbol: TypeSymbol, classes: TypeSymbol[]): void {
    const { output } = this;
    const declaration = symbol.declaration as TypeDeclaration;
    classes.push(symbol);
    if (symbol.kind === 'enum') {
      output.write(
        `const ${symbol.javascriptName} = $enum($.typeOf(${JSON.stringify(symbol.fullName)}), [${declaration.values.map((value) => JSON.stringify(value.name)).join(', ')}]);`,
      );
      return;
    }
    if (symbol.kind === 'interface') {
      output.write(`class ${symbol.javascriptName} {}`);
      for (const inner of symbol.inner.values()) this.compileClass(inner, classes);
      return;
    }
    // Inner classes that this class or its siblings extend come first.
    const inner = [...symbol.inner.values()];
    this.checkContract(symbol, declaration);
    const superclass = symbol.superclass;
    let heritage = '';
    if (superclass) {
      if (superclass.symbol.isLibrary)
        heritage = ` extends ${this.table.isException(superclass) ? '$exceptionClass' : '$libraryClass'}(${JSON.stringify(superclass.symbol.fullName)})`;
      else {
        if (this.outermost(superclass.symbol) !== this.outermost(symbol))
          this.requires.push(this.outermost(superclass.symbol));
        heritage = ` extends ${this.outermost(superclass.symbol) === this.outermost(symbol) ? superclass.symbol.javascriptName : `$.class(${JSON.stringify(superclass.symbol.fullName)})`}`;
      }
    }
    const members = this.sortMembers(symbol, declaration);
    output.write(`let $S_${symbol.javascriptName.slice(3)} = null;`);
    output.scope(`class ${symbol.javascriptName}${heritage} {`, '}', 0, () => {
      this.writeConstructor(symbol, members.fields);
      this.writeInitializer(symbol, members);
      if (members.constructors.length === 0) this.writeDefaultConstructor(symbol, superclass);
      if (this.table.isException(this.table.of(symbol))) {
        output.write(
          `$x$(...values) { ${superclass?.symbol.isLibrary ? '$initException(this, ...values)' : 'super.$x$(...values)'}; this.${this.initializerName(symbol)}(); return this; }`,
        );
      }
      for (const constructor of members.constructors) this.writeConstructorMethod(symbol, constructor);
      for (const property of members.properties) this.writeProperty(symbol, property);
      for (const method of members.methods) this.writeMethod(symbol, method, members.hasStatics);
      this.writeStatics(symbol, members);
      if (this.input.main && symbol === this.input.symbol) this.writeMain(symbol, this.input.main);
    });
    output.write(
      `$define(${symbol.javascriptName}, $.typeOf(${JSON.stringify(symbol.fullName)}), ${JSON.stringify(this.bridges(symbol))}, () => { $S_${symbol.javascriptName.slice(3)} = null; });`,
    );
    const ordered: TypeSymbol[] = [];
    const place = (candidate: TypeSymbol): void => {
      if (ordered.includes(candidate)) return;
      const parent = candidate.superclass?.symbol;
      if (parent && inner.includes(parent)) place(parent);
      ordered.push(candidate);
    };
    inner.forEach(place);
    for (const candidate of ordered) this.compileClass(candidate, classes);
  }

  private outermost(symbol: TypeSymbol): TypeSymbol {
    let current = symbol;
    while (current.outer) current = current.outer;
    return current;
  }

  private sortMembers(symbol: TypeSymbol, declaration: TypeDeclaration): SortedMembers {
    const fields: FieldSymbol[] = [];
    const initial: SortedMembers['initial'] = [];
    const properties: PropertyNode[] = [];
    const methods: MethodSymbol[] = [...symbol.methods.values()].flat();
    for (const member of declaration.members) {
      if (member.kind === 'field' || member.kind === 'property') {
        const field = symbol.fields.get(member.name.toLowerCase());
        if (!field || field.node !== member) continue;
        fields.push(field);
        if (member.kind === 'field' && member.value) initial.push({ isStatic: field.isStatic, field, node: member });
        if (member.kind === 'property') properties.push(member);
      } else if (member.kind === 'initializer') {
        initial.push({ isStatic: member.isStatic, field: null, node: member });
      }
    }
    return {
      fields,
      initial,
      properties,
      methods,
      constructors: symbol.constructors,
      hasStatics: initial.some((part) => part.isStatic),
    };
  }

  private writeConstructor(symbol: TypeSymbol, fields: readonly FieldSymbol[]): void {
    const own = fields.filter((field) => !field.isStatic);
    const assignments = own.map((field) => {
      const isComputed =
        field.kind === 'property' &&
        field.node?.kind === 'property' &&
        (field.node.getter?.body || field.node.setter?.body);
      return `this.${isComputed ? '$' : ''}${field.javascriptName} = null;`;
    });
    this.output.write(`constructor() { ${symbol.superclass ? 'super(); ' : ''}${assignments.join(' ')} }`);
  }

  private guarded<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof AnalysisStop)) throw error;
      const problem = this.input.problems[this.input.problems.length - 1];
      if (this.input.lenient && problem)
        this.output.write(
          `$refused(${JSON.stringify(`${problem.file}:${problem.line}:${problem.column} ${problem.message}`)});`,
        );
      return undefined;
    }
  }

  /** `$f_Name()`: field initialisers and instance initialiser blocks, in order. */
  private writeInitializer(symbol: TypeSymbol, members: SortedMembers): void {
    const parts = members.initial.filter((part) => !part.isStatic);
    this.output.scope(`${this.initializerName(symbol)}() {`, '}', 0, () => {
      for (const part of parts) this.writeInitialPart(symbol, part, 'this');
    });
  }

  private initializerName(symbol: TypeSymbol): string {
    return `$f_${symbol.javascriptName.slice(3)}`;
  }

  private writeInitialPart(symbol: TypeSymbol, part: InitialPart, target: string): void {
    const statements = new Statements(this.scope(symbol, { isStatic: part.isStatic, inConstructor: true }));
    if (part.node.kind === 'initializer') {
      const body = statements.block(part.node.body);
      this.output.write('{');
      body.emit(this.output);
      this.output.write('}');
      this.frame(part.node.body, `${symbol.fullName}.<init>`);
      return;
    }
    const { node } = part;
    const field = part.field as FieldSymbol;
    this.guarded(() => {
      if (!node.value) return;
      const value = statements.convert(statements.analyse(node.value), field.type, node.value.at);
      this.output.statement(node.at, `${target}.${field.javascriptName} = ${value.code(this.output)};`);
      const line = this.input.source.line(node.at);
      this.frames.push({ first: line, last: line, name: `${symbol.fullName}.<init>` });
    });
  }

  private writeDefaultConstructor(symbol: TypeSymbol, superclass: ApexType | null): void {
    const name = mangle('$i', []);
    let before = '';
    if (superclass?.symbol.isLibrary)
      before = this.table.isException(superclass) ? '$initException(this, ...values); ' : '';
    else if (superclass) {
      before = `super.${name}(...values); `;
      const parent = superclass.symbol;
      if (
        parent.constructors.length > 0 &&
        !parent.constructors.some((constructor) => constructor.parameters.length === 0) &&
        !this.table.isException(superclass)
      ) {
        this.report(symbol.declaration?.at ?? 0, `No default constructor available in super type: ${parent.fullName}`);
      }
    }
    this.output.write(
      `${name}(...values) { ${this.opened(symbol)}this.${this.initializerName(symbol)}(); ${before}return this; }`,
    );
  }

  /** Runs the static initialisers of the class when they haven't run in this transaction. */
  private opened(symbol: TypeSymbol): string {
    return this.hasStaticInitializers(symbol)
      ? `if ($S_${symbol.javascriptName.slice(3)} === null) ${symbol.javascriptName}.$s(); `
      : '';
  }

  private hasStaticInitializers(symbol: TypeSymbol): boolean {
    return (symbol.declaration as TypeDeclaration).members.some(
      (member) =>
        (member.kind === 'initializer' && member.isStatic) ||
        (member.kind === 'field' && member.modifiers.words.has('static') && member.value !== null),
    );
  }

  private parameters(statements: Statements, parameters: readonly Parameter[], types: readonly ApexType[]): string {
    return parameters
      .map(
        (parameter, index) =>
          statements.locals.add(parameter.name, types[index] as ApexType, false, undefined).javascript,
      )
      .join(', ');
  }

  private frame(body: Block, name: string): void {
    this.frames.push({ first: this.input.source.line(body.at), last: this.input.source.line(body.end), name });
  }

  private writeConstructorMethod(symbol: TypeSymbol, constructor: MethodSymbol): void {
    const node = constructor.node as ConstructorNode;
    const statements = new Statements(this.scope(symbol, { inConstructor: true }));
    const names = this.parameters(statements, node.parameters, constructor.parameters);
    const [first, ...rest] = node.body.statements;
    const call =
      first?.kind === 'expression' && first.expression.kind === 'call' && first.expression.target === null
        ? first.expression.name
        : '';
    const chained = call === 'this' || call === 'super';
    this.frame(node.body, `${symbol.fullName}.<init>`);
    const line = this.input.source.line(node.at);
    this.output.scope(
      `${constructor.javascriptName}(${names}) {`,
      '}',
      line,
      () => {
        this.output.statement(node.at, this.opened(symbol));
        // Unlike Java, Apex initialises a class's own fields before the constructor of its superclass runs.
        if (call !== 'this') this.output.write(`this.${this.initializerName(symbol)}();`);
        if (chained && first?.kind === 'expression') {
          this.guarded(() => {
            const value = statements.analyse(first.expression);
            this.output.statement(first.at, `${value.code(this.output)};`);
          });
        } else if (symbol.superclass) {
          const parent = symbol.superclass.symbol;
          if (parent.isLibrary) {
            if (this.table.isException(symbol.superclass)) this.output.write('$initException(this);');
          } else {
            if (
              parent.constructors.length > 0 &&
              !parent.constructors.some((candidate) => candidate.parameters.length === 0) &&
              !this.table.isException(symbol.superclass)
            ) {
              this.report(node.at, `No default constructor available in super type: ${parent.fullName}`);
            }
            const hasDefault =
              parent.constructors.length === 0 ||
              parent.constructors.some((candidate) => candidate.parameters.length === 0);
            this.output.write(`super.${hasDefault ? mangle('$i', []) : '$x$'}();`);
          }
        }
        const body = statements.statements(chained ? { ...node.body, statements: rest } : node.body);
        this.withSharing(symbol, statements.callsOut, () => body.emit(this.output));
        this.output.write('return this;');
      },
      ['this', ...statements.heldParameters()],
    );
  }

  private writeMethod(symbol: TypeSymbol, method: MethodSymbol, hasStatics: boolean): void {
    const node = method.node as MethodNode;
    if (!node.body) return;
    const statements = new Statements(this.scope(symbol, { isStatic: method.isStatic, returns: method.returns }));
    const names = this.parameters(statements, node.parameters, method.parameters);
    const body = statements.body(node.body);
    this.frame(node.body, `${symbol.fullName}.${method.name}`);
    const isFuture = method.annotations?.some((annotation) => annotation.name === 'future') ?? false;
    if (isFuture) {
      if (!method.isStatic || method.returns !== this.table.void)
        this.report(node.at, 'Future methods must be declared as static and return void');
      this.output.write(
        `static ${method.javascriptName}(${names}) { $future(${[symbol.fullName, method.name, `future_${method.javascriptName}`].map((name) => JSON.stringify(name)).join(', ')}, [${names}]); }`,
      );
    }
    this.output.scope(
      `${method.isStatic ? 'static ' : ''}${isFuture ? 'future_' : ''}${method.javascriptName}(${names}) {`,
      '}',
      this.input.source.line(node.at),
      () => {
        if (method.isStatic && hasStatics) this.output.write(this.opened(symbol));
        this.withSharing(symbol, statements.callsOut, () => body.emit(this.output));
        if (body.completes) this.output.write(method.returns === this.table.void ? '' : 'return null;');
      },
      this.heldValues(statements, method.isStatic),
    );
  }

  /** What a function holds from its start, or null where nothing else runs while it holds it. */
  private heldValues(statements: Statements, isStatic: boolean): readonly string[] | null {
    if (!statements.runsFurther) return null;
    return [...(isStatic ? [] : ['this']), ...statements.heldParameters()];
  }

  /** Passes a declared sharing mode on to classes that take over their caller's. */
  private withSharing(symbol: TypeSymbol, callsOut: boolean, emit: () => void): void {
    const { sharing } = this.contextFacts(symbol);
    if (!callsOut || !this.input.environment.inheritsSharing || (sharing !== 'with' && sharing !== 'without')) {
      emit();
      return;
    }
    this.output.write(`const $sharing = $enterSharing(${JSON.stringify(sharing)}); try {`);
    emit();
    this.output.write('} finally { $leaveSharing($sharing); }');
  }

  private writeProperty(symbol: TypeSymbol, property: PropertyNode): void {
    const field = symbol.fields.get(property.name.toLowerCase()) as FieldSymbol;
    if (!property.getter?.body && !property.setter?.body) return;
    const name = field.isStatic ? `static ${'get'} sp_${field.javascriptName}` : `get ${field.javascriptName}`;
    const stored = field.isStatic
      ? `${symbol.javascriptName}.$s().${field.javascriptName}`
      : `this.$${field.javascriptName}`;
    const line = this.input.source.line(property.at);
    if (property.getter?.body) {
      const statements = new Statements(
        this.scope(symbol, { isStatic: field.isStatic, returns: field.type, accessorOf: field }),
      );
      const body = statements.body(property.getter.body);
      this.frame(property.getter.body, `${symbol.fullName}.${field.name}`);
      const held = this.heldValues(statements, field.isStatic);
      this.output.scope(`${name}() {`, '}', line, () => body.emit(this.output), held);
    } else {
      this.output.write(`${name}() { return ${stored}; }`, line);
    }
    const setName = name.replace('get ', 'set ');
    if (property.setter?.body) {
      const statements = new Statements(this.scope(symbol, { isStatic: field.isStatic, accessorOf: field }));
      const value = statements.locals.add('value', field.type, false, undefined);
      const body = statements.body(property.setter.body);
      this.frame(property.setter.body, `${symbol.fullName}.${field.name}`);
      const held = this.heldValues(statements, field.isStatic);
      this.output.scope(`${setName}(${value.javascript}) {`, '}', line, () => body.emit(this.output), held);
    } else {
      this.output.write(`${setName}(value) { ${stored} = value; }`, line);
    }
  }

  /** `$s()`: the class's static fields, made and initialised on first use in a transaction. */
  private writeStatics(symbol: TypeSymbol, members: SortedMembers): void {
    const holder = `$S_${symbol.javascriptName.slice(3)}`;
    const fields = members.fields.filter((field) => field.isStatic);
    const parts = members.initial.filter((part) => part.isStatic);
    this.output.write(`static $s() { return ${holder} ?? ${symbol.javascriptName}.$open(); }`);
    this.output.scope('static $open() {', '}', 0, () => {
      this.output.write(
        `${holder} = { ${fields.map((field) => `${field.javascriptName}: null`).join(', ')} }; $opened(${symbol.javascriptName});`,
      );
      for (const part of parts) this.writeInitialPart(symbol, part, holder);
      this.output.write(`return ${holder};`);
    });
  }

  private writeMain(symbol: TypeSymbol, main: NonNullable<ModuleInput['main']>): void {
    const statements = new Statements(this.scope(symbol, { isStatic: true }));
    const body = statements.body(main.body);
    this.frame(main.body, main.triggerObject ? `Trigger.${symbol.name.split(' ')[0]}` : 'AnonymousBlock');
    this.output.scope('static run$() {', '}', 0, () => body.emit(this.output), this.heldValues(statements, true));
  }

  /** Interface methods whose JavaScript name differs from the method that implements them: `[interface name, own name]`. */
  private bridges(symbol: TypeSymbol): [string, string][] {
    const { table } = this;
    const bridges: [string, string][] = [];
    for (const ancestor of table.ancestors(table.of(symbol))) {
      if (ancestor.symbol.kind !== 'interface') continue;
      for (const method of [...ancestor.symbol.methods.values()].flat()) {
        const implementation = this.implementationOf(symbol, method, ancestor);
        if (!implementation) continue;
        // The platform lets a static method stand for an interface's.
        if (implementation.isStatic) bridges.push([method.javascriptName, `static ${implementation.javascriptName}`]);
        else if (implementation.javascriptName !== method.javascriptName)
          bridges.push([method.javascriptName, implementation.javascriptName]);
      }
    }
    return bridges;
  }

  private implementationOf(symbol: TypeSymbol, method: MethodSymbol, holder: ApexType): MethodSymbol | undefined {
    const { table } = this;
    const wanted = method.parameters.map((type) => table.substitute(type, holder));
    const candidates = table
      .findMethods(table.of(symbol), method.name)
      .map((found) => found.method)
      .filter((candidate) => candidate.owner.kind !== 'interface' && candidate.parameters.length === wanted.length);
    return (
      candidates.find((candidate) => candidate.parameters.every((type, index) => type === wanted[index])) ??
      candidates.find((candidate) =>
        candidate.parameters.every(
          (type, index) =>
            (table.isCollection(type) && table.isAssignable(wanted[index] as ApexType, type)) || type === wanted[index],
        ),
      )
    );
  }

  /** Overrides and unimplemented abstract methods. */
  private checkContract(symbol: TypeSymbol, declaration: TypeDeclaration): void {
    const { table } = this;
    const type = table.of(symbol);
    const ancestors = table.ancestors(type).slice(1);
    for (const method of [...symbol.methods.values()].flat()) {
      const at = method.node?.at ?? declaration.at;
      const inherited = ancestors
        .filter((ancestor) => ancestor.symbol.kind !== 'interface')
        .flatMap((ancestor) => ancestor.symbol.methods.get(method.name.toLowerCase()) ?? [])
        .find((other) => other.javascriptName === method.javascriptName);
      const objectMethod = ['tostring$', 'hashcode$', 'equals$Object'].includes(method.javascriptName);
      const fromInterface = ancestors.some(
        (ancestor) =>
          ancestor.symbol.kind === 'interface' &&
          (ancestor.symbol.methods.get(method.name.toLowerCase()) ?? []).length > 0,
      );
      if (method.isOverride && !inherited && !objectMethod && !fromInterface)
        this.report(
          at,
          `Method does not override an ancestor method: ${method.returns.name} ${symbol.fullName}.${method.name}(${method.parameters.map((parameter) => parameter.name).join(', ')})`,
        );
      if (inherited && !method.isStatic && !inherited.isStatic && inherited.access !== 'private') {
        if (!inherited.isVirtual)
          this.report(at, `Non-virtual, non-abstract methods cannot be overridden: ${inherited.name}`);
        else if (!method.isOverride)
          this.report(
            at,
            `Method must use the override keyword: ${method.returns.name} ${symbol.fullName}.${method.name}(${method.parameters.map((parameter) => parameter.name).join(', ')})`,
          );
        if (method.returns !== inherited.returns)
          this.report(
            at,
            `Return types clash: ${method.returns.name}, ${inherited.returns.name} for method ${method.name}`,
          );
      }
    }
    if (symbol.isAbstract) return;
    for (const ancestor of ancestors) {
      for (const method of [...ancestor.symbol.methods.values()].flat()) {
        if (!method.isAbstract || method.isStatic) continue;
        const implemented =
          ancestor.symbol.kind === 'interface'
            ? this.implementationOf(symbol, method, ancestor)
            : table
                .findMethods(type, method.name)
                .find((found) => found.method.javascriptName === method.javascriptName && !found.method.isAbstract)
                ?.method;
        const parameters = method.parameters.map((parameter) => table.substitute(parameter, ancestor).name).join(', ');
        if (!implemented) {
          this.report(
            declaration.at,
            `Class ${symbol.fullName} must implement the ${ancestor.symbol.kind === 'interface' ? 'method' : 'abstract method'}: ${table.substitute(method.returns, ancestor).name} ${ancestor.name}.${method.name}(${parameters})`,
          );
        } else if (
          ancestor.symbol.kind === 'interface' &&
          implemented.access !== 'public' &&
          implemented.access !== 'global'
        ) {
          this.report(
            implemented.node?.at ?? declaration.at,
            `Overriding implementations of global or public interface methods must be global or public: ${implemented.name}`,
          );
        }
      }
    }
  }
}

interface InitialPart {
  readonly isStatic: boolean;
  readonly field: FieldSymbol | null;
  readonly node: InitializerNode | import('../syntax/Ast.ts').FieldNode;
}

interface SortedMembers {
  readonly fields: readonly FieldSymbol[];
  readonly initial: InitialPart[];
  readonly properties: readonly PropertyNode[];
  readonly methods: readonly MethodSymbol[];
  readonly constructors: readonly MethodSymbol[];
  readonly hasStatics: boolean;
}
