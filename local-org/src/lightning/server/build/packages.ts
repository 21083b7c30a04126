/** Where the npm packages that the browser side is made of stand on this machine. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

interface PackageFacts {
  readonly version: string;
  readonly lwc?: {
    readonly modules: readonly { readonly name?: string; readonly path?: string }[];
    readonly expose: readonly string[];
  };
}

const factsOf = (file: string): PackageFacts => JSON.parse(readFileSync(file, 'utf8')) as PackageFacts;
const packageFile = (name: string): string => require.resolve(`${name}/package.json`);

/** Folder of npm's lightning-base-components. */
export const baseComponentsDirectory = path.dirname(packageFile('lightning-base-components'));
const baseComponents = factsOf(packageFile('lightning-base-components'));

/** Modules that lightning-base-components maps to files of its own (labels, gates), by name. */
export const baseComponentAliases: ReadonlyMap<string, string> = new Map(
  (baseComponents.lwc?.modules ?? []).flatMap(({ name, path: file }) =>
    name && file ? [[name, path.join(baseComponentsDirectory, file)] as const] : [],
  ),
);

/** Modules that lightning-base-components offers to others. */
export const exposedBaseComponents: readonly string[] = baseComponents.lwc?.expose ?? [];

/** Folder of the Salesforce Lightning Design System. */
export const designSystemDirectory = path.dirname(packageFile('@salesforce-ux/design-system'));

/** Entry files of the LWC runtime. */
export const runtimeModules: ReadonlyMap<string, string> = new Map(
  [
    ['lwc', '@lwc/engine-dom'],
    ['@lwc/synthetic-shadow', '@lwc/synthetic-shadow'],
    ['@lwc/wire-service', '@lwc/wire-service'],
  ].map(([specifier = '', name = '']) => [specifier, path.join(path.dirname(packageFile(name)), 'dist', 'index.js')]),
);

/** Versions that decide what the built library looks like. */
export const versions: readonly string[] = [
  '@lwc/engine-dom',
  '@lwc/synthetic-shadow',
  'lightning-base-components',
  'esbuild',
  '@lwc/compiler',
].map((name) => `${name}@${factsOf(packageFile(name)).version}`);
