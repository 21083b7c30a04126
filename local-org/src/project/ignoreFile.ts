/** `.forceignore`: the pattern language of .gitignore. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface IgnoreRule {
  readonly expression: RegExp;
  readonly negated: boolean;
  readonly directoriesOnly: boolean;
}

/** Decides whether a path relative to the project (with `/`) is ignored. */
export type IgnoreFilter = (relativePath: string, isDirectory: boolean) => boolean;

/** Reads `.forceignore` in the project folder; ignores nothing when there is none. */
export function loadIgnoreFile(projectDirectory: string): IgnoreFilter {
  const file = path.join(projectDirectory, '.forceignore');
  if (!existsSync(file)) return () => false;
  return parseIgnoreFile(readFileSync(file, 'utf8'));
}

export function parseIgnoreFile(text: string): IgnoreFilter {
  const rules = text.split(/\r?\n/).flatMap(parseRule);
  return (relativePath, isDirectory) => {
    let ignored = false;
    for (const rule of rules) {
      if (rule.directoriesOnly && !isDirectory) continue;
      if (rule.expression.test(relativePath)) ignored = !rule.negated;
    }
    return ignored;
  };
}

function parseRule(line: string): IgnoreRule[] {
  let pattern = line.trim();
  if (pattern === '' || pattern.startsWith('#')) return [];
  const negated = pattern.startsWith('!');
  if (negated) pattern = pattern.slice(1);
  const directoriesOnly = pattern.endsWith('/');
  if (directoriesOnly) pattern = pattern.slice(0, -1);
  const anchored = pattern.includes('/');
  if (pattern.startsWith('/')) pattern = pattern.slice(1);
  let source = anchored ? '^' : '^(?:.*/)?';
  for (let index = 0; index < pattern.length; index += 1) {
    const rest = pattern.slice(index);
    if (rest.startsWith('**/')) {
      source += '(?:.*/)?';
      index += 2;
    } else if (rest.startsWith('**')) {
      source += '.*';
      index += 1;
    } else if (pattern[index] === '*') source += '[^/]*';
    else if (pattern[index] === '?') source += '[^/]';
    else source += (pattern[index] ?? '').replace(/[\\^$+.()|[\]{}]/g, '\\$&');
  }
  return [{ expression: new RegExp(`${source}$`), negated, directoriesOnly }];
}
