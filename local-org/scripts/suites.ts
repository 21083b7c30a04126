/** The outside suites: what of a checkout is loaded, and with what beside it. */
import { mkdtempSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface SuiteFacts {
  /** Suites whose classes it needs beside its own. */
  readonly needs?: readonly string[];
  /** Package directories that are loaded; all unless given. Others need packages that are not in the checkout, or define components anew. */
  readonly packageDirectories?: readonly string[];
}

const FACTS: Readonly<Record<string, SuiteFacts>> = {
  'fflib-apex-common': { needs: ['fflib-apex-mocks'] },
  'apex-rollup': { packageDirectories: ['rollup', 'extra-tests'] },
  NebulaLogger: { packageDirectories: ['nebula-logger/core'] },
};

/** Names of the checkouts in a folder. */
export function suiteNames(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'sfdx-project.json')) && existsSync(join(folder, name, '.git')))
    .sort();
}

/** Absolute paths of the package directories that count as the suite's own. */
export function ownDirectories(folder: string, name: string): readonly string[] {
  const root = join(folder, name);
  const project = JSON.parse(readFileSync(join(root, 'sfdx-project.json'), 'utf8')) as {
    readonly packageDirectories: readonly { readonly path: string }[];
  };
  const paths = FACTS[name]?.packageDirectories ?? project.packageDirectories.map(({ path }) => path);
  return paths.map((path) => join(root, path));
}

/** What to launch: the checkout, or a project file in a temporary folder that names several suites' folders. */
export function sourceOf(
  folder: string,
  name: string,
): {
  readonly source: string;
  readonly packageDirectories: readonly string[];
  readonly temporary: string | null;
} {
  const { needs = [], packageDirectories = [] } = FACTS[name] ?? {};
  if (needs.length === 0) return { source: join(folder, name), packageDirectories, temporary: null };
  const directories = [name, ...needs].flatMap((each) => ownDirectories(folder, each));
  const temporary = mkdtempSync(join(tmpdir(), 'conformance-'));
  const packages = directories.map((path, index) => ({ path, default: index === 0 }));
  writeFileSync(join(temporary, 'sfdx-project.json'), JSON.stringify({ packageDirectories: packages }));
  return { source: temporary, packageDirectories: [], temporary };
}
