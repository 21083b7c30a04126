/** Library methods that are so frequent that they are written in place. */
import type { MethodSymbol } from '../types/symbols.ts';

export interface InlineCall {
  readonly nonNull: boolean;
  readonly needsSolidArguments?: boolean;
  code(self: string, values: readonly string[]): string;
}

const INLINE: Readonly<Record<string, InlineCall>> = {
  'List#Integer size()': { nonNull: true, code: (self) => `${self}.items.length` },
  'List#T get(Integer index)': {
    nonNull: false,
    needsSolidArguments: true,
    code: (self, [index]) => `${self}.get(${index})`,
  },
  'List#void add(T element)': { nonNull: false, code: (self, [element]) => `${self}.add(${element})` },
  'List#Boolean isEmpty()': { nonNull: true, code: (self) => `(${self}.items.length === 0)` },
  'Set#Boolean contains(T element)': { nonNull: true, code: (self, [element]) => `${self}.has(${element})` },
  'Set#Boolean add(T element)': { nonNull: true, code: (self, [element]) => `${self}.add(${element})` },
  'Set#Boolean isEmpty()': { nonNull: true, code: (self) => `(${self}.size === 0)` },
  'Map#V get(K key)': { nonNull: false, code: (self, [key]) => `${self}.get(${key})` },
  'Map#V put(K key, V value)': { nonNull: false, code: (self, [key, value]) => `${self}.put(${key}, ${value})` },
  'Map#Boolean containsKey(K key)': { nonNull: true, code: (self, [key]) => `${self}.has(${key})` },
  'String#Integer length()': { nonNull: true, code: (self) => `${self}.length` },
};

export function inlineCall(method: MethodSymbol): InlineCall | undefined {
  return method.libraryKey === undefined ? undefined : INLINE[method.libraryKey];
}
