/** The project's LWC bundles: built when the server starts, again when a source changes. */
import { existsSync, readFileSync, watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import path from 'node:path';
import { context } from 'esbuild';
import type { BuildContext, BuildFailure, Message, PartialMessage } from 'esbuild';
import type { LightningBundle } from '../../../project/types.ts';
import { withoutTypes } from './compiler.ts';
import type { ComponentName, LwcCompiler } from './compiler.ts';
import type { Library } from './library.ts';
import { BuildError, formatProblem, positionAt } from './problems.ts';
import type { BuildProblem } from './problems.ts';
import { lwcPlugin } from './resolution.ts';
import type { ModuleTarget } from './resolution.ts';
import { refusedModules, salesforceModule } from './salesforce-modules.ts';
import type { SalesforceModuleSource } from './salesforce-modules.ts';

export interface ApplicationOptions {
  /** Read again at every build: labels, objects and Apex classes may have changed. */
  readonly source: () => SalesforceModuleSource;
  readonly bundles: () => readonly LightningBundle[];
  readonly library: Library;
  readonly compiler: LwcCompiler;
}

/** What the page loads, as it was built last. */
export interface ApplicationState {
  /** Grows by one with every build. */
  readonly revision: number;
  /** Files by their path below the application's URL; empty while a build has problems. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Names of the components that can be placed or imported: `kpiChart` for `c/kpiChart`. */
  readonly components: readonly string[];
  readonly problems: readonly BuildProblem[];
}

/** Builds and rebuilds the project's components; one for each server. */
export class Application {
  readonly #options: ApplicationOptions;
  readonly #listeners = new Set<(state: ApplicationState) => void>();
  #watchers: FSWatcher[] = [];
  #context: BuildContext | null = null;
  #entryNames = '';
  #state: ApplicationState = { revision: 0, files: new Map(), components: [], problems: [] };
  #running: Promise<ApplicationState> | null = null;

  constructor(options: ApplicationOptions) {
    this.#options = options;
  }

  get state(): ApplicationState {
    return this.#state;
  }

  /** Calls `listener` after every build; returns the function that ends it. */
  onBuild(listener: (state: ApplicationState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Builds all components. Problems land in the state, not in an exception: the page shows them. */
  async build(): Promise<ApplicationState> {
    // One build at a time; a request that arrives during one gets the next.
    while (this.#running) await this.#running;
    this.#running = this.#build();
    try {
      return await this.#running;
    } finally {
      this.#running = null;
    }
  }

  /** Rebuilds on changes below `directories`; `onChange` runs before, to read the project again. */
  watch(directories: readonly string[], onChange: (file: string) => void = () => {}): void {
    let timer: NodeJS.Timeout | undefined;
    for (const directory of directories) {
      const watcher = watch(directory, { recursive: true }, (_event, name) => {
        if (name === null || /(^|[/\\])__\w+__([/\\]|$)|~$|\.sw\w$/.test(name)) return;
        onChange(path.join(directory, name));
        // Editors write a file in several steps; one build for all of them.
        clearTimeout(timer);
        timer = setTimeout(() => void this.build(), 60);
        timer.unref();
      });
      watcher.unref();
      this.#watchers.push(watcher);
    }
  }

  async close(): Promise<void> {
    for (const watcher of this.#watchers) watcher.close();
    this.#watchers = [];
    await this.#running;
    await this.#context?.dispose();
    this.#context = null;
  }

  async #build(): Promise<ApplicationState> {
    const entries = this.#options.bundles().filter((bundle) => scriptOf(bundle) !== undefined);
    const components = entries.map(({ name }) => name).sort();
    try {
      const build = await this.#contextFor(components);
      const result = await build.rebuild();
      const files = new Map(
        (result.outputFiles ?? []).map((file) => [
          path.relative(outputDirectory, file.path).split(path.sep).join('/'),
          file.contents,
        ]),
      );
      this.#settle({ files, components, problems: [] });
    } catch (fault) {
      this.#settle({
        files: new Map(),
        components,
        problems: problemsOf(fault, this.#options.source().project.directory),
      });
    }
    return this.#state;
  }

  #settle(state: Omit<ApplicationState, 'revision'>): void {
    this.#state = { ...state, revision: this.#state.revision + 1 };
    for (const listener of this.#listeners) listener(this.#state);
  }

  /** esbuild's incremental context; made anew when bundles come or go. */
  async #contextFor(components: readonly string[]): Promise<BuildContext> {
    const entryNames = components.join();
    if (this.#context && this.#entryNames === entryNames) return this.#context;
    await this.#context?.dispose();
    this.#entryNames = entryNames;
    this.#context = await context({
      entryPoints: Object.fromEntries(components.map((name) => [`c/${name}`, `c/${name}`])),
      outdir: outputDirectory,
      write: false,
      bundle: true,
      splitting: true,
      format: 'esm',
      target: 'es2022',
      chunkNames: 'chunks/[hash]',
      logLevel: 'silent',
      absWorkingDir: this.#options.source().project.directory,
      plugins: [
        lwcPlugin({
          compiler: this.#options.compiler,
          resolve: (name, importer) => this.#resolve(name, importer),
          componentOf: (file) => this.#componentOf(file),
          inspect: (file) => this.#inspect(file),
        }),
      ],
    });
    return this.#context;
  }

  #resolve(specifier: string, importer: string): ModuleTarget {
    const [namespace, name = ''] = specifier.split('/');
    if (namespace === 'c') return { kind: 'file', file: this.#bundleFile(name, importer.endsWith('.css')) };
    const refusal = refusedModules.get(specifier);
    if (refusal !== undefined) throw new Error(`${specifier} is not supported: ${refusal}.`);
    if (specifier in this.#options.library.modules && isPublic(specifier)) return { kind: 'external' };
    if (specifier.startsWith('@salesforce/'))
      return { kind: 'source', source: salesforceModule(specifier, this.#options.source()) };
    if (specifier === 'platform/environment') return { kind: 'external' };
    throw new Error(`There is no module ${specifier}; the local org supports the modules listed in SUPPORT.md.`);
  }

  /**
   * A style sheet imports CSS modules, bundles of a style sheet and its configuration; all else imports components
   * (Lightning Web Components Developer Guide, "Share CSS Style Rules").
   */
  #bundleFile(name: string, isStyleSheet: boolean): string {
    const bundle = this.#options.bundles().find((candidate) => candidate.name === name);
    const script = bundle && scriptOf(bundle);
    const styles = bundle && path.join(bundle.directory, `${name}.css`);
    const isModule = script === undefined && styles !== undefined && existsSync(styles);
    if (isStyleSheet) {
      if (isModule) return styles;
      throw new Error(
        script === undefined
          ? `There is no CSS module c/${name} in this project.`
          : `c/${name} is a component, no CSS module: that has a style sheet and a configuration file only.`,
      );
    }
    if (script !== undefined) return script;
    throw new Error(
      isModule
        ? `c/${name} is a CSS module: a style sheet imports it, with @import 'c/${name}'.`
        : `There is no Lightning web component c/${name} in this project.`,
    );
  }

  #componentOf(file: string): ComponentName | undefined {
    const bundle = this.#options.bundles().find(({ directory }) => file.startsWith(directory + path.sep));
    return bundle && { namespace: 'c', name: bundle.name };
  }

  /** Imports of names that a module does not export: the browser would report them without a place in the source. */
  #inspect(file: string): readonly PartialMessage[] {
    if (!/\.[jt]s$/.test(file)) return [];
    const text = readFileSync(file, 'utf8');
    const code = withoutTypes(text, file);
    const messages: PartialMessage[] = [];
    for (const match of text.matchAll(
      /^\s*import\s+(?!type\b)(?:[\w$]+\s*,\s*)?\{([^}]*)\}\s*from\s*['"]([^'"]+)['"]/gm,
    )) {
      const [statement, names = '', specifier = ''] = match;
      const exported = this.#options.library.modules[specifier]?.exports;
      if (!exported || !isPublic(specifier)) continue;
      for (const binding of names.matchAll(/(?:^|,)\s*(?!type\s)([\w$]+)/g)) {
        const name = binding[1] ?? '';
        if (exported.includes(name) || !isUsed(code, name)) continue;
        const { line, column } = positionAt(text, match.index + statement.indexOf(name, statement.indexOf('{')));
        messages.push({
          text: `${specifier} does not export ${name}; it exports ${[...exported].sort().join(', ')}.`,
          location: { file, line, column: column - 1 },
        });
      }
    }
    return messages;
  }
}

const outputDirectory = path.resolve('/application');
/** The library also holds the shell's own modules; a project's component cannot import those. */
const isPublic = (specifier: string): boolean => !specifier.startsWith('shell/') && !specifier.startsWith('platform/');
/** Is the name there once more when the types are gone, apart from the import itself? */
const isUsed = (code: string, name: string): boolean =>
  (code.match(new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}(?![\\w$])`, 'g'))?.length ?? 0) > 1;

function scriptOf(bundle: LightningBundle): string | undefined {
  return ['.ts', '.js']
    .map((extension) => path.join(bundle.directory, bundle.name + extension))
    .find((file) => existsSync(file));
}

function problemsOf(fault: unknown, directory: string): readonly BuildProblem[] {
  if (fault instanceof BuildError) return fault.problems;
  const { errors } = fault as Partial<BuildFailure>;
  if (!errors) throw fault;
  return errors.map((message: Message) => ({
    file: message.location ? path.resolve(directory, message.location.file) : '',
    line: message.location?.line ?? 1,
    column: (message.location?.column ?? 0) + 1,
    message: message.text,
  }));
}

/** Lines for the terminal: one for each problem, then what to do. */
export function describeProblems(problems: readonly BuildProblem[]): string {
  return problems.map(formatProblem).join('\n');
}
