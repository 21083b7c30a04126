import { bindValue } from '../execution/data.ts';

const BIND = /:\s*([a-zA-Z_]\w*(?:\.\w+)*)/g;

/** Values of the binds of a dynamic query or search, by lower-cased name. */
export function dynamicBinds(text: string, find: (name: string) => unknown): Map<string, unknown> {
  const binds = new Map<string, unknown>();
  const bare = text.replace(/'(?:[^'\\]|\\.)*'/g, (quoted) => ' '.repeat(quoted.length));
  for (const match of bare.matchAll(BIND)) {
    const name = match[1] as string;
    const before = bare.slice(0, match.index);
    if (/(?:_N_\w+|N_\w+_AGO)\s*$/i.test(before) || /\d$/.test(before)) continue;
    const value = find(name);
    if (value !== undefined) binds.set(name.toLowerCase(), bindValue(value));
  }
  return binds;
}
