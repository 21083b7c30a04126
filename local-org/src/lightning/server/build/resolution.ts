/** Finds the file behind a module name, for esbuild: components, platform modules, base components, `@salesforce/*`. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Loader, OnLoadResult, OnResolveResult, PartialMessage, Plugin } from 'esbuild';
import type { ComponentName, LwcCompiler } from './compiler.ts';
import { BuildError, positionOfImport } from './problems.ts';

/** What differs between the builds of the library and of the project's components. */
export interface ResolutionRules {
  readonly compiler: LwcCompiler;
  /**
   * A module by its name: a file, generated source, or a module that the page's import map finds.
   * @param importer absolute path of the file that asks for it; empty for an entry point
   * @throws Error when there is no such module, or not for this importer
   */
  resolve(specifier: string, importer: string): ModuleTarget | undefined;
  /** The component that a file belongs to; undefined for plain JavaScript that is bundled as it is. */
  componentOf(file: string): ComponentName | undefined;
  /** Looks over a file that was compiled; returns problems such as an import that its module does not export. */
  inspect?(file: string): readonly PartialMessage[];
}

export type ModuleTarget =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'source'; readonly source: string }
  | { readonly kind: 'external' };

const sourceExtensions = ['.ts', '.js'];

/** esbuild plugin that resolves by `rules` and compiles what belongs to a component. */
export function lwcPlugin(rules: ResolutionRules): Plugin {
  const generated = new Map<string, string>();
  return {
    name: 'local-org-lwc',
    setup(build) {
      build.onResolve(
        { filter: /.*/ },
        ({ path: specifier, importer, resolveDir, kind, namespace }): OnResolveResult => {
          if (path.isAbsolute(specifier)) return { path: specifier };
          if (/^\.\.?\//.test(specifier)) return resolveRelative(specifier, resolveDir, importer);
          try {
            const target = rules.resolve(specifier, importer);
            if (target?.kind === 'file') return { path: target.file };
            if (target?.kind === 'external') return { path: specifier, external: true };
            if (target?.kind === 'source') {
              generated.set(specifier, target.source);
              return { path: specifier, namespace: 'generated' };
            }
            throw new Error(`There is no module ${specifier}.`);
          } catch (fault) {
            const message = fault instanceof Error ? fault.message : String(fault);
            if (kind === 'entry-point' || namespace !== 'file') return { errors: [{ text: message }] };
            return { errors: [{ text: message, location: locationOf(importer, specifier) }] };
          }
        },
      );
      build.onLoad({ filter: /.*/, namespace: 'generated' }, ({ path: specifier }): OnLoadResult => ({
        contents: generated.get(specifier) ?? '',
        resolveDir: process.cwd(),
      }));
      build.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'export default undefined;' }));
      build.onLoad({ filter: /\.(html|css|js|ts)$/ }, ({ path: file, suffix }): OnLoadResult | undefined => {
        const component = rules.componentOf(file);
        if (!component) return undefined;
        try {
          const contents = rules.compiler.compile(file, component, suffix.includes('scoped=true'));
          return {
            contents,
            loader: 'js' satisfies Loader,
            resolveDir: path.dirname(file),
            errors: [...(rules.inspect?.(file) ?? [])],
            watchFiles: [file],
          };
        } catch (fault) {
          if (!(fault instanceof BuildError)) throw fault;
          return {
            watchFiles: [file],
            errors: fault.problems.map(({ message, ...position }) => ({
              text: message,
              location: { ...position, column: position.column - 1 },
            })),
          };
        }
      });
    },
  };
}

/** Files beside the importer; a template or style sheet that does not exist is an absent one, as LWC has it. */
function resolveRelative(specifier: string, directory: string, importer: string): OnResolveResult {
  const [relative = '', query] = specifier.split('?');
  const plain = path.resolve(directory, relative);
  const candidates = [plain, ...sourceExtensions.map((extension) => plain + extension), path.join(plain, 'index.js')];
  const script = plain.endsWith('.js') ? [plain.replace(/\.js$/, '.ts')] : [];
  const file = [...candidates, ...script].find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
  if (file !== undefined) return { path: file, suffix: query === undefined ? '' : `?${query}` };
  if (/\.(html|css)$/.test(plain)) return { path: plain, namespace: 'absent' };
  return {
    errors: [{ text: `There is no file ${relative} in ${directory}.`, location: locationOf(importer, specifier) }],
  };
}

function locationOf(file: string, specifier: string) {
  const { line, column } = positionOfImport(file, specifier);
  return { file, line, column: column - 1 };
}
