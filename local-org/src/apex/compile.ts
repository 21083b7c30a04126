/** Compiles a project's Apex: parse, declare, analyse, write JavaScript. Nothing is run. */
import type { ApexSource, Project } from '../project/types.ts';
import type { Schema } from '../schema/types.ts';
import { describeQuery } from '../soql/describeQuery.ts';
import { checkSearch } from '../soql/search.ts';
import { ApexCompileError, type CompileProblem } from './ApexCompileError.ts';
import { compileModule, type CompiledModule } from './analyse/ClassCompiler.ts';
import { USER_MODE_VERSION, type CompileEnvironment, type QueryShape } from './analyse/Scope.ts';
import { Program } from './execution/Program.ts';
import { bindLibrary, installAll } from './library/index.ts';
import type { AnonymousBlock, Modifiers, TriggerDeclaration, TypeDeclaration } from './syntax/Ast.ts';
import { Parser } from './syntax/Parser.ts';
import { SourceText } from './syntax/SourceText.ts';
import { checkCycles, declareHeritage, declareMembers, declareType, separateFields } from './types/declare.ts';
import type { TypeSymbol } from './types/symbols.ts';
import { TypeTable } from './types/TypeTable.ts';

export interface CompileOptions {
  /** Count statements by line. */
  readonly coverage?: boolean;
  /**
   * Compile what can be compiled: a statement with a problem fails when it is reached, naming the problem. Without it, any
   * problem refuses the project. For outside code bases of which the local org supports a part.
   */
  readonly lenient?: boolean;
}

/** What the soql room says about a query or a search; throws its QueryError. */
function queryShape(schema: Schema): CompileEnvironment['describeQuery'] {
  return (text, language): QueryShape => {
    if (language === 'sosl') {
      checkSearch(text, schema);
      return { objectName: '', kind: 'records' };
    }
    const { object, kind, mode } = describeQuery(text, schema);
    return { objectName: object.name, kind, mode };
  };
}

export interface CompiledTrigger {
  readonly name: string;
  readonly objectName: string;
  readonly events: readonly string[];
}

export interface CompiledProject {
  readonly project: Project;
  readonly schema: Schema;
  readonly program: Program;
  /** By name. */
  readonly triggers: readonly CompiledTrigger[];
  /** Top-level classes. */
  readonly classes: readonly TypeSymbol[];
  readonly options: CompileOptions;
  readonly environment: CompileEnvironment;
  /** What was left out; empty unless the compilation was lenient. */
  readonly refused: readonly CompileProblem[];
}

/** A trigger may have the name of a class; the space keeps the two apart. */
export const TRIGGER_SUFFIX = ' trigger';

const NO_MODIFIERS: Modifiers = { at: 0, annotations: [], words: new Set() };

/** A class made around code that stands outside of classes: triggers and anonymous blocks. */
function wrapper(name: string, unit: TriggerDeclaration | AnonymousBlock): TypeDeclaration {
  const members = unit.members.map((member) =>
    member.kind === 'method'
      ? { ...member, modifiers: { ...member.modifiers, words: new Set([...member.modifiers.words, 'static']) } }
      : member,
  );
  return {
    kind: 'class',
    at: unit.at,
    end: unit.body.end,
    modifiers: NO_MODIFIERS,
    name,
    superclass: null,
    interfaces: [],
    members,
    values: [],
  };
}

function labelsOf(project: Project): Map<string, string> {
  const labels = new Map<string, string>();
  for (const component of project.ofType('CustomLabels')) {
    for (const label of component.root.children('labels'))
      labels.set(label.requiredString('fullName'), label.requiredString('value'));
  }
  for (const component of project.ofType('CustomLabel'))
    labels.set(component.fullName, component.root.requiredString('value'));
  return labels;
}

interface Unit {
  readonly apex: ApexSource;
  readonly source: SourceText;
  readonly symbol: TypeSymbol;
  readonly trigger: TriggerDeclaration | null;
}

/**
 * Compiles every class and trigger of a project and loads the outcome.
 * @throws ApexCompileError with all problems of all files
 */
export function compileProject(project: Project, schema: Schema, options: CompileOptions = {}): CompiledProject {
  const problems: CompileProblem[] = [];
  const table = new TypeTable(schema);
  installAll(table);
  const labels = labelsOf(project);
  const units: Unit[] = [];
  for (const apex of project.apex) {
    const source = new SourceText(apex.file, apex.text);
    try {
      const parser = new Parser(source);
      if (apex.kind === 'trigger') {
        const trigger = parser.parseTrigger();
        units.push({
          apex,
          source,
          trigger,
          symbol: declareType(wrapper(`${trigger.name}${TRIGGER_SUFFIX}`, trigger), null),
        });
      } else {
        const declaration = parser.parseClass();
        const symbol = declareType(declaration, null);
        if (table.project.has(declaration.name.toLowerCase()))
          problems.push(source.problem(declaration.at, `Duplicate class name: ${declaration.name}`));
        table.project.set(declaration.name.toLowerCase(), symbol);
        units.push({ apex, source, trigger: null, symbol });
      }
    } catch (error) {
      if (!(error instanceof ApexCompileError)) throw error;
      problems.push(...error.problems);
    }
  }
  for (const { source, symbol } of units) declareHeritage(table, source, symbol, problems);
  for (const { source, symbol } of units) checkCycles(source, symbol, problems);
  for (const { source, symbol } of units) declareMembers(table, source, symbol, problems);
  for (const { symbol } of units) separateFields(symbol);
  const inherits = (symbol: TypeSymbol, apiVersion: number): boolean =>
    symbol.sharing === 'inherited' ||
    (symbol.sharing === 'omitted' && apiVersion < USER_MODE_VERSION && symbol.kind === 'class') ||
    [...symbol.inner.values()].some((inner) => inherits(inner, apiVersion));
  const environment: CompileEnvironment = {
    describeQuery: queryShape(schema),
    labels: new Map([...labels.keys()].map((name) => [name.toLowerCase(), name])),
    pages: new Map(project.ofType('ApexPage').map(({ fullName }) => [fullName.toLowerCase(), fullName])),
    inheritsSharing: units.some(
      ({ symbol, apex }) => apex.kind === 'class' && !symbol.isTest && inherits(symbol, apex.apiVersion),
    ),
  };
  const modules: CompiledModule[] = [];
  const triggers: CompiledTrigger[] = [];
  for (const { apex, source, symbol, trigger } of units) {
    let main: Parameters<typeof compileModule>[0]['main'];
    if (trigger) {
      const object = table.sobjectSymbol(trigger.objectName);
      if (!object) {
        problems.push(source.problem(trigger.objectAt, `Invalid type: ${trigger.objectName}`));
        continue;
      }
      main = { body: trigger.body, triggerObject: table.of(object) };
      if (apex.active) triggers.push({ name: trigger.name, objectName: object.fullName, events: trigger.events });
    }
    modules.push(
      compileModule({
        table,
        environment,
        source,
        symbol,
        apiVersion: apex.apiVersion,
        coverage: options.coverage ?? false,
        problems,
        lenient: options.lenient ?? false,
        ...(main ? { main } : {}),
      }),
    );
  }
  const unique = [
    ...new Map(
      problems.map((problem) => [`${problem.file}:${problem.line}:${problem.column}:${problem.message}`, problem]),
    ).values(),
  ].sort((left, right) =>
    left.file < right.file ? -1 : left.file > right.file ? 1 : left.line - right.line || left.column - right.column,
  );
  if (unique.length > 0 && !options.lenient) throw new ApexCompileError(unique);
  const program = new Program(table, labels);
  bindLibrary(program);
  program.load(modules);
  return {
    project,
    schema,
    program,
    triggers: triggers.sort((left, right) => (left.name < right.name ? -1 : 1)),
    classes: units.filter((unit) => !unit.trigger).map((unit) => unit.symbol),
    options,
    environment,
    refused: unique,
  };
}

/**
 * Compiles an anonymous block against a compiled project and loads it.
 * @throws ApexCompileError
 */
export function compileAnonymous(
  compiled: CompiledProject,
  text: string,
  apiVersion: number,
): { readonly name: string } {
  const source = new SourceText('AnonymousBlock', text);
  const problems: CompileProblem[] = [];
  const { table } = compiled.program;
  const unit = new Parser(source).parseAnonymous();
  const symbol = declareType(wrapper('AnonymousBlock', unit), null);
  declareHeritage(table, source, symbol, problems);
  declareMembers(table, source, symbol, problems);
  const before = table.project.get('anonymousblock');
  table.project.set('anonymousblock', symbol);
  try {
    const module = compileModule({
      table,
      environment: compiled.environment,
      source,
      symbol,
      apiVersion,
      coverage: false,
      problems,
      lenient: false,
      main: { body: unit.body },
    });
    if (problems.length > 0) throw new ApexCompileError(problems);
    compiled.program.load([module]);
  } finally {
    if (before) table.project.set('anonymousblock', before);
    else table.project.delete('anonymousblock');
  }
  return { name: symbol.fullName };
}
