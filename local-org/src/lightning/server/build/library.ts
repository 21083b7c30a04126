/**
 * The library: LWC runtime, base components, platform modules and the shell, built once for each version of their
 * sources and kept in the cache directory. The project's components import it through the page's import map.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { Metafile } from 'esbuild';
import { LwcCompiler, lwcVersion } from './compiler.ts';
import { iconLibrary, iconLibraryNames } from './icons.ts';
import {
  baseComponentAliases,
  baseComponentsDirectory,
  exposedBaseComponents,
  runtimeModules,
  versions,
} from './packages.ts';
import { lwcPlugin } from './resolution.ts';
import type { ModuleTarget } from './resolution.ts';
import { i18nNames } from './salesforce-modules.ts';

/** Folder of the browser side's own modules: `<namespace>/<name>/<name>.ts`. */
export const browserModulesDirectory = path.resolve(import.meta.dirname, '../../browser/modules');

/** Modules of the platform that are no components of namespace `lightning`, and where they stand. */
const platformAliases: ReadonlyMap<string, string> = new Map([
  ['@salesforce/apex', 'platform/apex'],
  ['force/navigation', 'lightning/navigation'],
]);

/** A built library. */
export interface Library {
  /** Folder that is served as it is; its name changes with its contents. */
  readonly directory: string;
  /** Hash of everything the library was made of. */
  readonly version: string;
  /** Every module that the page can import: its file below `directory` and the names that it exports. */
  readonly modules: Readonly<Record<string, LibraryModule>>;
}

export interface LibraryModule {
  readonly file: string;
  readonly exports: readonly string[];
}

/** Base components that other modules stand for here, or that are no use outside Salesforce. */
const leftOut = new Set([
  'lightning/navigation',
  'lightning/barcodeScanner',
  'lightning/primitiveFigure',
  ...iconLibraryNames,
  'lightning/iconSvgTemplates',
  'lightning/iconSvgTemplatesRtl',
]);

/**
 * Builds the library, or finds it in the cache.
 * @param cacheDirectory folder for built files; shared by all projects of this local-org
 */
export async function buildLibrary(
  cacheDirectory: string,
  compiler = new LwcCompiler(cacheDirectory),
): Promise<Library> {
  const own = ownModules();
  const version = libraryVersion(own);
  const directory = path.join(cacheDirectory, `library-${version}`);
  const manifest = path.join(directory, 'modules.json');
  if (!existsSync(manifest)) {
    // Built aside and renamed: a build that is killed half way is never taken for a whole one.
    const temporary = `${directory}.${process.pid}`;
    const modules = await bundle(temporary, own, compiler).catch((fault: unknown) => {
      rmSync(temporary, { recursive: true, force: true });
      throw fault;
    });
    writeFileSync(path.join(temporary, 'modules.json'), JSON.stringify(modules));
    // Another process may have been quicker; its library is the same.
    if (existsSync(manifest)) rmSync(temporary, { recursive: true, force: true });
    else {
      rmSync(directory, { recursive: true, force: true });
      renameSync(temporary, directory);
    }
    removeOldLibraries(cacheDirectory, directory);
  }
  return { directory, version, modules: JSON.parse(readFileSync(manifest, 'utf8')) as Library['modules'] };
}

async function bundle(
  directory: string,
  own: ReadonlyMap<string, string>,
  compiler: LwcCompiler,
): Promise<Library['modules']> {
  mkdirSync(directory, { recursive: true });
  const entries = [
    ...runtimeModules.keys(),
    ...exposedBaseComponents.filter((name) => !leftOut.has(name) && !own.has(name)),
    ...own.keys(),
    ...platformAliases.keys(),
    ...iconLibraryNames,
  ];
  const result = await build({
    entryPoints: Object.fromEntries(entries.map((name) => [outputName(name), name])),
    outdir: directory,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    metafile: true,
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    chunkNames: 'chunks/[hash]',
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"', 'import.meta.env.SSR': 'false' },
    plugins: [
      lwcPlugin({
        compiler,
        resolve: (specifier) => resolveLibraryModule(specifier, own),
        componentOf: (file) => {
          if (!file.startsWith(browserModulesDirectory) && !file.startsWith(path.join(baseComponentsDirectory, 'src')))
            return undefined;
          const [namespace = '', name = ''] = path.dirname(file).split(path.sep).slice(-2);
          // `platform/*` is plain TypeScript without components.
          return namespace === 'platform' ? undefined : { namespace, name };
        },
      }),
    ],
  });
  return Object.fromEntries(entries.map((name) => [name, moduleOf(result.metafile, directory, name)]));
}

const outputName = (specifier: string): string => specifier.replace(/^@/, '');

function moduleOf(metafile: Metafile, directory: string, name: string): LibraryModule {
  const file = `${outputName(name)}.js`;
  const output = metafile.outputs[path.relative(process.cwd(), path.join(directory, file)).split(path.sep).join('/')];
  return { file, exports: output?.exports ?? [] };
}

function resolveLibraryModule(specifier: string, own: ReadonlyMap<string, string>): ModuleTarget | undefined {
  if (iconLibraryNames.includes(specifier)) return { kind: 'source', source: iconLibrary(specifier) };
  const runtime = runtimeModules.get(specifier);
  if (runtime !== undefined) return { kind: 'file', file: runtime };
  const ownFile = own.get(platformAliases.get(specifier) ?? specifier);
  if (ownFile !== undefined) return { kind: 'file', file: ownFile };
  const i18n = /^@salesforce\/i18n\/(.+)$/.exec(specifier)?.[1];
  // Calendar tables and digits come with the base components; what depends on the user comes with the page.
  if (i18n !== undefined && i18nNames.has(i18n) && !/^(common\.|calendarData|defaultCalendar|showJapanese)/.test(i18n))
    return environmentValue(`environment.i18n[${JSON.stringify(i18n)}]`);
  if (specifier === '@salesforce/client/formFactor') return environmentValue('environment.formFactor');
  const alias = baseComponentAliases.get(specifier);
  if (alias !== undefined) return { kind: 'file', file: alias };
  const [namespace, name = ''] = specifier.split('/');
  // A module of the base components is a script, or a style sheet that others import.
  const file = ['js', 'css']
    .map((extension) => path.join(baseComponentsDirectory, 'src', namespace ?? '', name, `${name}.${extension}`))
    .find((candidate) => existsSync(candidate));
  return file === undefined ? undefined : { kind: 'file', file };
}

const environmentValue = (expression: string): ModuleTarget => ({
  kind: 'source',
  source: `import { environment } from 'platform/environment';\nexport default ${expression};`,
});

/** The browser side's own modules by name: `lightning/uiRecordApi` → its file. */
function ownModules(): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  for (const namespace of readdirSync(browserModulesDirectory)) {
    for (const name of readdirSync(path.join(browserModulesDirectory, namespace))) {
      const file = path.join(browserModulesDirectory, namespace, name, `${name}.ts`);
      if (existsSync(file)) modules.set(`${namespace}/${name}`, file);
    }
  }
  return modules;
}

function libraryVersion(own: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256').update(JSON.stringify([lwcVersion, versions]));
  const files = [...new Set([...own.values()].map((file) => path.dirname(file)))].flatMap((directory) =>
    readdirSync(directory).map((name) => path.join(directory, name)),
  );
  const builder = readdirSync(import.meta.dirname).map((name) => path.join(import.meta.dirname, name));
  for (const file of [...files, ...builder].sort()) hash.update(path.basename(file)).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function removeOldLibraries(cacheDirectory: string, current: string): void {
  for (const name of readdirSync(cacheDirectory)) {
    const directory = path.join(cacheDirectory, name);
    if (/^library-[0-9a-f]{16}$/.test(name) && directory !== current)
      rmSync(directory, { recursive: true, force: true });
  }
}
