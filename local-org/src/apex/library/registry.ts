/** All library classes, and the symbols made of them. Signatures are parsed when a class is first used. */
import { mangle } from '../types/declare.ts';
import {
  newSymbol,
  type ApexType,
  type FieldSymbol,
  type Implementation,
  type MethodSymbol,
  type TypeSymbol,
} from '../types/symbols.ts';
import type { TypeTable } from '../types/TypeTable.ts';
import type { LibraryClass } from './define.ts';

const SIGNATURE = /^\s*(?:([\w.<>,\s]+?)\s+)?(\w*)\s*\(([^)]*)\)\s*$/;

function splitParameters(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let current = '';
  for (const character of text) {
    if (character === '<') depth++;
    if (character === '>') depth--;
    if (character === ',' && depth === 0) {
      parts.push(current.trim());
      current = '';
    } else {
      current += character;
    }
  }
  if (current.trim() !== '') parts.push(current.trim());
  return parts;
}

/** Type of `List<String> names`. */
function typeOfDeclaration(declaration: string): { type: string; name: string } {
  const space = declaration.lastIndexOf(' ');
  return { type: declaration.slice(0, space), name: declaration.slice(space + 1) };
}

const implementations = new Map<string, Implementation>();

/** The function behind a library key; the emitter writes keys, modules fetch functions when they are loaded. */
export function libraryFunction(key: string): Implementation {
  const found = implementations.get(key);
  if (!found) throw new Error(`Library function ${key} is not defined`);
  return found;
}

/** Registers library classes in a type table. */
export function installLibrary(table: TypeTable, classes: readonly LibraryClass[]): void {
  for (const definition of classes) {
    const existing = table.global(definition.name);
    const base = definition.name.slice(definition.name.lastIndexOf('.') + 1);
    const symbol =
      (existing?.isLibrary && existing.kind !== 'sobject') || definition.name === 'SObject'
        ? (existing as TypeSymbol)
        : newSymbol({
            name: base,
            fullName: definition.name,
            kind: definition.kind ?? 'class',
            typeParameters: definition.typeParameters ?? [],
            isVirtual: definition.extendable ?? false,
            isAbstract: definition.isAbstract ?? false,
          });
    symbol.load = () => loadMembers(table, symbol, definition);
    if (symbol !== existing) table.addLibrary(symbol);
  }
}

function loadMembers(table: TypeTable, symbol: TypeSymbol, definition: LibraryClass): void {
  const { typeParameters = [] } = definition;
  if (definition.extends) symbol.superclass = table.parse(definition.extends, typeParameters);
  if (definition.kind === 'enum') symbol.superclass = table.of(table.librarySymbol('Enum'));
  symbol.interfaces = (definition.implements ?? []).map((text) => table.parse(text, typeParameters));

  const method = (signature: string, implementation: Implementation | null, isStatic: boolean): MethodSymbol => {
    const match = SIGNATURE.exec(signature);
    if (!match) throw new Error(`Bad signature in library class ${definition.name}: ${signature}`);
    const [, returns, name = '', parameterText = ''] = match;
    const parameters: ApexType[] = splitParameters(parameterText).map((part) =>
      table.parse(typeOfDeclaration(part).type, typeParameters),
    );
    const libraryKey = `${definition.name}#${isStatic ? 'static ' : ''}${signature}`;
    if (implementation) implementations.set(libraryKey, implementation);
    return {
      name,
      owner: symbol,
      parameters,
      returns: returns ? table.parse(returns, typeParameters) : table.void,
      isStatic,
      isAbstract: implementation === null && definition.kind === 'interface',
      isVirtual: implementation === null,
      isOverride: false,
      access: 'global',
      isTestVisible: false,
      javascriptName: mangle(
        name,
        parameters.map((type) => table.substitute(type, table.of(symbol))),
      ),
      ...(implementation ? { implementation } : {}),
      libraryKey,
    };
  };
  const addMethod = (added: MethodSymbol): void => {
    const key = added.name.toLowerCase();
    const methods = symbol.methods.get(key);
    if (methods) methods.push(added);
    else symbol.methods.set(key, [added]);
  };
  for (const [signature, implementation] of Object.entries(definition.methods ?? {}))
    addMethod(method(signature, implementation, false));
  for (const [signature, implementation] of Object.entries(definition.statics ?? {}))
    addMethod(method(signature, implementation, true));
  for (const [signature, implementation] of Object.entries(definition.constructors ?? {}))
    symbol.constructors.push(method(signature, implementation, false));

  const field = (declaration: string, isStatic: boolean, get: Implementation, set?: Implementation): void => {
    const { type, name } = typeOfDeclaration(declaration);
    const libraryKey = `${definition.name}#${isStatic ? 'static ' : ''}${declaration}`;
    implementations.set(libraryKey, get);
    if (set) implementations.set(`${libraryKey} set`, set);
    const added: FieldSymbol = {
      name,
      owner: symbol,
      type: table.parse(type, typeParameters),
      isStatic,
      isFinal: !set,
      access: 'global',
      isTestVisible: false,
      kind: 'library',
      javascriptName: name,
      getter: 'global',
      setter: set ? 'global' : null,
      libraryKey,
      ...(set ? { setterKey: `${libraryKey} set` } : {}),
    };
    symbol.fields.set(name.toLowerCase(), added);
  };
  for (const [declaration, { get, set }] of Object.entries(definition.properties ?? {}))
    field(declaration, false, get, set);
  for (const [declaration, get] of Object.entries(definition.constants ?? {})) field(declaration, true, get);
  for (const [declaration, { get, set }] of Object.entries(definition.staticProperties ?? {}))
    field(declaration, true, get, set);
  for (const value of definition.values ?? []) {
    symbol.fields.set(value.toLowerCase(), {
      name: value,
      owner: symbol,
      type: table.of(symbol),
      isStatic: true,
      isFinal: true,
      access: 'global',
      isTestVisible: false,
      kind: 'enumValue',
      javascriptName: `v_${value}`,
      getter: 'global',
      setter: null,
    });
  }
}
