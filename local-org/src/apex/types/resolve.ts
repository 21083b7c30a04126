import type { TypeNode } from '../syntax/Ast.ts';
import type { ApexType, TypeSymbol } from './symbols.ts';
import type { TypeTable } from './TypeTable.ts';

/** A name that stands for no type; the caller knows file and position. */
export class UnresolvedType extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

export function typeText(node: TypeNode): string {
  const parts = node.parts.map(
    (part) => part.name + (part.typeArguments.length > 0 ? `<${part.typeArguments.map(typeText).join(',')}>` : ''),
  );
  return parts.join('.') + '[]'.repeat(node.arrays);
}

/** Finds a class by its simple name from inside a class: its inner types, its superclasses', its outer class's. */
export function findInScope(table: TypeTable, name: string, scope: TypeSymbol | null): TypeSymbol | undefined {
  const key = name.toLowerCase();
  for (let current = scope; current; current = current.outer) {
    for (let holder: TypeSymbol | null = current; holder; holder = holder.superclass?.symbol ?? null) {
      if (holder.name.toLowerCase() === key && !holder.isLibrary) return holder;
      const inner = holder.inner.get(key);
      if (inner) return inner;
    }
  }
  return undefined;
}

/** The symbol behind a dotted name, or undefined. */
export function findSymbol(
  table: TypeTable,
  names: readonly string[],
  scope: TypeSymbol | null,
): TypeSymbol | undefined {
  let symbol = findInScope(table, names[0] as string, scope);
  if (symbol) {
    for (const name of names.slice(1)) symbol = symbol?.inner.get(name.toLowerCase());
    if (symbol) return symbol;
  }
  return table.global(names.join('.'));
}

/** The type that a type node stands for in a class; throws UnresolvedType. */
export function resolveType(table: TypeTable, node: TypeNode, scope: TypeSymbol | null): ApexType {
  const names = node.parts.map((part) => part.name);
  const symbol = findSymbol(table, names, scope);
  if (!symbol || symbol.kind === 'void' || symbol.kind === 'null')
    throw new UnresolvedType(node.at, `Invalid type: ${names.join('.')}`);
  const typeArguments = (node.parts[node.parts.length - 1]?.typeArguments ?? []).map((argument) =>
    resolveType(table, argument, scope),
  );
  const expected = symbol.typeParameters.length;
  if (typeArguments.length !== expected) {
    // Batchable and Comparator may be named without their type argument: it is Object then.
    if (typeArguments.length === 0 && symbol.kind === 'interface')
      typeArguments.push(...symbol.typeParameters.map(() => table.object));
    else
      throw new UnresolvedType(
        node.at,
        `Invalid type: ${typeText(node)} (expected ${expected} type argument${expected === 1 ? '' : 's'})`,
      );
  }
  let type = table.of(symbol, typeArguments);
  for (let count = 0; count < node.arrays; count++) type = table.list(type);
  return type;
}
