/** Which library methods want to know who calls them, and from which line. */
import type { MethodSymbol, TypeSymbol } from '../types/symbols.ts';

const siteMethods = new WeakMap<TypeSymbol, ReadonlySet<string>>();

/** Declares which methods of a library class want to know their call site. */
export function setSiteMethods(symbol: TypeSymbol, names: readonly string[]): void {
  siteMethods.set(symbol, new Set(names.map((name) => name.toLowerCase())));
}

/** Whether a call of the method passes its site on. */
export function needsSite(method: MethodSymbol): boolean {
  return siteMethods.get(method.owner)?.has(method.name.toLowerCase()) ?? false;
}
