/** Second pass: makes symbols of the project's classes, so that every body can be analysed against all of them. */
import type { CompileProblem } from '../ApexCompileError.ts';
import type { MemberNode, Modifiers, Parameter, TypeDeclaration, TypeNode } from '../syntax/Ast.ts';
import type { SourceText } from '../syntax/SourceText.ts';
import { resolveType, UnresolvedType } from './resolve.ts';
import {
  newSymbol,
  type Access,
  type ApexType,
  type MethodSymbol,
  type SharingDeclaration,
  type TypeSymbol,
} from './symbols.ts';
import type { TypeTable } from './TypeTable.ts';

export interface DeclaredClass {
  readonly source: SourceText;
  readonly symbol: TypeSymbol;
  readonly declaration: TypeDeclaration;
  readonly apiVersion: number;
}

const KNOWN_ANNOTATIONS: ReadonlySet<string> = new Set([
  'auraenabled',
  'deprecated',
  'future',
  'invocablemethod',
  'invocablevariable',
  'istest',
  'jsonaccess',
  'namespaceaccessible',
  'readonly',
  'remoteaction',
  'suppresswarnings',
  'testsetup',
  'testvisible',
  'restresource',
  'httpdelete',
  'httpget',
  'httppatch',
  'httppost',
  'httpput',
  'testfor',
]);

export function accessOf(modifiers: Modifiers, fallback: Access = 'private'): Access {
  for (const access of ['global', 'public', 'protected', 'private'] as const)
    if (modifiers.words.has(access)) return access;
  return modifiers.words.has('webservice') ? 'global' : fallback;
}

export function hasAnnotation(modifiers: Modifiers, name: string): boolean {
  return modifiers.annotations.some((annotation) => annotation.name === name);
}

function sharingOf(modifiers: Modifiers): SharingDeclaration {
  if (modifiers.words.has('with sharing')) return 'with';
  if (modifiers.words.has('without sharing')) return 'without';
  return modifiers.words.has('inherited sharing') ? 'inherited' : 'omitted';
}

/** JavaScript name of a method: lower-case name and parameter types, so that overloads stay apart and overrides meet. */
export function mangle(name: string, parameters: readonly ApexType[]): string {
  return `${name.toLowerCase()}$${parameters.map((type) => type.name.replace(/\W+/g, '_').replace(/_$/, '')).join('$')}`;
}

/** Makes the symbol of a class and of its inner types; members come later, when all names are known. */
export function declareType(declaration: TypeDeclaration, outer: TypeSymbol | null): TypeSymbol {
  const { modifiers } = declaration;
  const symbol = newSymbol({
    name: declaration.name,
    fullName: outer ? `${outer.fullName}.${declaration.name}` : declaration.name,
    kind: declaration.kind,
    isAbstract: modifiers.words.has('abstract'),
    isVirtual: modifiers.words.has('virtual') || modifiers.words.has('abstract'),
    isLibrary: false,
    access: accessOf(modifiers, outer ? 'private' : 'public'),
    outer,
    isTest: hasAnnotation(modifiers, 'istest') || (outer?.isTest ?? false),
    isTestVisible: hasAnnotation(modifiers, 'testvisible'),
    sharing: sharingOf(modifiers),
    declaration,
    annotations: modifiers.annotations,
  });
  for (const member of declaration.members) {
    if (member.kind === 'class' || member.kind === 'interface' || member.kind === 'enum') {
      symbol.inner.set(member.name.toLowerCase(), declareType(member, symbol));
    }
  }
  return symbol;
}

/** Fills superclass, interfaces and members of a class and its inner types. */
export function declareMembers(
  table: TypeTable,
  source: SourceText,
  symbol: TypeSymbol,
  problems: CompileProblem[],
): void {
  const declaration = symbol.declaration as TypeDeclaration;
  const report = (at: number, message: string): void => void problems.push(source.problem(at, message));
  const resolve = (node: TypeNode): ApexType => {
    try {
      return resolveType(table, node, symbol);
    } catch (error) {
      if (!(error instanceof UnresolvedType)) throw error;
      report(error.at, error.message);
      return table.object;
    }
  };
  checkAnnotations(declaration.modifiers, report);
  const enumType = table.of(symbol);
  for (const value of declaration.values) {
    if (symbol.fields.has(value.name.toLowerCase())) report(value.at, `Duplicate field: ${value.name}`);
    symbol.fields.set(value.name.toLowerCase(), {
      name: value.name,
      owner: symbol,
      type: enumType,
      isStatic: true,
      isFinal: true,
      access: 'global',
      isTestVisible: false,
      kind: 'enumValue',
      javascriptName: `v_${value.name}`,
      getter: 'global',
      setter: null,
    });
  }
  const isInterface = symbol.kind === 'interface';
  for (const member of declaration.members) {
    if (member.kind !== 'initializer') checkAnnotations(member.modifiers, report);
    declareMember(member);
  }
  for (const inner of symbol.inner.values()) declareMembers(table, source, inner, problems);

  function parameterTypes(parameters: readonly Parameter[]): ApexType[] {
    const seen = new Set<string>();
    for (const parameter of parameters) {
      if (seen.has(parameter.name.toLowerCase())) report(parameter.at, `Duplicate variable: ${parameter.name}`);
      seen.add(parameter.name.toLowerCase());
    }
    return parameters.map((parameter) => resolve(parameter.type));
  }

  function declareMember(member: MemberNode): void {
    if (member.kind === 'method') {
      const { words } = member.modifiers;
      const parameters = parameterTypes(member.parameters);
      const method: MethodSymbol = {
        name: member.name,
        owner: symbol,
        parameters,
        returns: member.returns ? resolve(member.returns) : table.void,
        isStatic: words.has('static') || words.has('testmethod'),
        isAbstract: isInterface || words.has('abstract'),
        isVirtual: isInterface || words.has('virtual') || words.has('abstract') || words.has('override'),
        isOverride: words.has('override'),
        access: isInterface ? 'global' : accessOf(member.modifiers),
        isTestVisible: hasAnnotation(member.modifiers, 'testvisible'),
        javascriptName: mangle(member.name, parameters),
        node: member,
        annotations: member.modifiers.annotations,
      };
      const key = member.name.toLowerCase();
      const methods = symbol.methods.get(key) ?? [];
      if (methods.some((other) => other.javascriptName === method.javascriptName)) {
        report(
          member.at,
          `Method already defined: ${member.name} ${method.returns.name} ${symbol.fullName}.${member.name}(${parameters.map((type) => type.name).join(', ')})`,
        );
      }
      if (member.body === null && !method.isAbstract) report(member.at, `Method must have a body: ${member.name}`);
      if (member.body !== null && words.has('abstract'))
        report(member.at, `Abstract methods cannot have a body: ${member.name}`);
      if (words.has('abstract') && !symbol.isAbstract && !isInterface)
        report(member.at, `Abstract methods are only allowed in abstract classes: ${member.name}`);
      methods.push(method);
      symbol.methods.set(key, methods);
    } else if (member.kind === 'constructor') {
      const parameters = parameterTypes(member.parameters);
      if (symbol.constructors.some((other) => mangle('', other.parameters) === mangle('', parameters)))
        report(member.at, `Constructor already defined: ${member.name}`);
      symbol.constructors.push({
        name: member.name,
        owner: symbol,
        parameters,
        returns: table.void,
        isStatic: false,
        isAbstract: false,
        isVirtual: false,
        isOverride: false,
        access: accessOf(member.modifiers),
        isTestVisible: hasAnnotation(member.modifiers, 'testvisible'),
        javascriptName: mangle('$i', parameters),
        node: member,
      });
    } else if (member.kind === 'field' || member.kind === 'property') {
      const key = member.name.toLowerCase();
      if (symbol.fields.has(key)) report(member.at, `Duplicate field: ${member.name}`);
      const access = accessOf(member.modifiers);
      const isProperty = member.kind === 'property';
      const setter = isProperty ? (member.setter ? accessOf(member.setter.modifiers, access) : null) : access;
      symbol.fields.set(key, {
        name: member.name,
        owner: symbol,
        type: resolve(member.type),
        isStatic: member.modifiers.words.has('static'),
        isFinal: member.modifiers.words.has('final'),
        access,
        isTestVisible: hasAnnotation(member.modifiers, 'testvisible'),
        kind: member.kind,
        javascriptName: member.name,
        getter: isProperty ? (member.getter ? accessOf(member.getter.modifiers, access) : null) : access,
        setter,
        node: member,
        isTransient: member.modifiers.words.has('transient'),
        annotations: member.modifiers.annotations,
      });
    }
  }
}

/** Gives a field that hides a private one of a superclass a JavaScript name of its own. */
export function separateFields(symbol: TypeSymbol): void {
  for (const [key, field] of symbol.fields) {
    if (field.isStatic) continue;
    let depth = 0;
    for (
      let parent = symbol.superclass?.symbol ?? null;
      parent && !parent.isLibrary;
      parent = parent.superclass?.symbol ?? null
    ) {
      depth++;
      if (parent.fields.get(key)?.access === 'private') {
        symbol.fields.set(key, { ...field, javascriptName: `${field.name}$${symbol.javascriptName.length}${depth}` });
        break;
      }
    }
  }
  symbol.inner.forEach(separateFields);
}

/** Superclass and interfaces; before members, since inner types can be inherited. */
export function declareHeritage(
  table: TypeTable,
  source: SourceText,
  symbol: TypeSymbol,
  problems: CompileProblem[],
): void {
  const declaration = symbol.declaration as TypeDeclaration;
  const resolve = (node: TypeNode): ApexType | null => {
    try {
      return resolveType(table, node, symbol.outer ?? symbol);
    } catch (error) {
      if (!(error instanceof UnresolvedType)) throw error;
      problems.push(source.problem(error.at, error.message));
      return null;
    }
  };
  if (declaration.superclass) {
    const superclass = resolve(declaration.superclass);
    if (superclass) {
      const { symbol: parent } = superclass;
      if (parent.kind === 'interface')
        problems.push(
          source.problem(declaration.superclass.at, `Interface must be implemented, not extended: ${parent.fullName}`),
        );
      else if (!parent.isVirtual)
        problems.push(
          source.problem(
            declaration.superclass.at,
            `Non-virtual and non-abstract type cannot be extended: ${parent.fullName}`,
          ),
        );
      else symbol.superclass = superclass;
    }
    if (
      superclass?.symbol.isLibrary &&
      superclass.symbol.fullName === 'Exception' &&
      !/exception$/i.test(symbol.name)
    ) {
      problems.push(source.problem(declaration.at, `Exception class must end with 'Exception': ${symbol.name}`));
    }
  }
  if (symbol.kind === 'enum') symbol.superclass = table.of(table.librarySymbol('Enum'));
  const interfaces: ApexType[] = [];
  for (const node of declaration.interfaces) {
    const implemented = resolve(node);
    if (!implemented) continue;
    if (implemented.symbol.kind !== 'interface')
      problems.push(source.problem(node.at, `Class must be extended, not implemented: ${implemented.name}`));
    else interfaces.push(implemented);
  }
  symbol.interfaces = interfaces;
  for (const inner of symbol.inner.values()) declareHeritage(table, source, inner, problems);
}

/** Finds classes that inherit from themselves. Breaks the circle, so that later passes end. */
export function checkCycles(source: SourceText, symbol: TypeSymbol, problems: CompileProblem[]): void {
  const seen = new Set<TypeSymbol>();
  for (let current: TypeSymbol | null = symbol; current; current = current.superclass?.symbol ?? null) {
    if (seen.has(current)) {
      problems.push(source.problem(symbol.declaration?.at ?? 0, `Circular class inheritance: ${symbol.fullName}`));
      symbol.superclass = null;
      return;
    }
    seen.add(current);
  }
  for (const inner of symbol.inner.values()) checkCycles(source, inner, problems);
}

function checkAnnotations(modifiers: Modifiers, report: (at: number, message: string) => void): void {
  for (const annotation of modifiers.annotations) {
    if (!KNOWN_ANNOTATIONS.has(annotation.name)) report(annotation.at, `Annotation does not exist: ${annotation.name}`);
  }
}
