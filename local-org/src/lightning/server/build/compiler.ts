/** Compiles LWC files (TypeScript, JavaScript, templates, styles) one by one, with a cache by content. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import path from 'node:path';
import * as lwc from '@lwc/compiler';
import { transformSync as transformTypeScript } from 'esbuild';
import { BuildError } from './problems.ts';

const require = createRequire(import.meta.url);
/** Version of the LWC compiler, part of every cache key and of every generated template. */
export const lwcVersion = (require('@lwc/compiler/package.json') as { version: string }).version;
/** The part of @lwc/compiler that is used; its own declarations name a package that is not installed beside it. */
const { transformSync } = lwc as unknown as {
  transformSync: (
    source: string,
    file: string,
    options: Readonly<Record<string, unknown>>,
  ) => { readonly code: string };
};

/** Raise it when the settings below change, so that nobody is served yesterday's output. */
const settingsVersion = 1;

/** Which component a file belongs to; decides custom element names and CSS scoping. */
export interface ComponentName {
  readonly namespace: string;
  readonly name: string;
}

interface CompilerFault {
  readonly message?: string;
  readonly location?: { readonly line?: number; readonly column?: number };
  readonly loc?: { readonly line?: number; readonly column?: number };
}

/** Compiler with a cache in memory and on disk; one for each server. */
export class LwcCompiler {
  readonly #directory: string;
  readonly #memory = new Map<string, string>();

  /** `cacheDirectory`: a folder of its own; made when it does not exist. */
  constructor(cacheDirectory: string) {
    this.#directory = path.join(cacheDirectory, `modules-${lwcVersion}-${settingsVersion}`);
    mkdirSync(this.#directory, { recursive: true });
  }

  /**
   * JavaScript of one file of a component.
   * @param file absolute path of a .ts, .js, .html or .css file
   * @param component the component it belongs to
   * @param scoped true for `*.scoped.css`
   * @throws BuildError with the position in the source as written
   */
  compile(file: string, component: ComponentName, scoped: boolean): string {
    const source = readFileSync(file, 'utf8');
    const key = createHash('sha256')
      .update(JSON.stringify([path.basename(file), component.namespace, component.name, scoped]))
      .update(source)
      .digest('hex');
    const known = this.#memory.get(key);
    if (known !== undefined) return known;
    const cached = path.join(this.#directory, key);
    if (existsSync(cached)) {
      const code = readFileSync(cached, 'utf8');
      this.#memory.set(key, code);
      return code;
    }
    const code = compileSource(source, file, component, scoped);
    // Written under another name first: a server that is killed half way leaves no torn cache entry.
    const temporary = `${cached}.${process.pid}`;
    writeFileSync(temporary, code);
    renameSync(temporary, cached);
    this.#memory.set(key, code);
    return code;
  }
}

function compileSource(source: string, file: string, component: ComponentName, scoped: boolean): string {
  try {
    const script = file.endsWith('.ts') ? stripTypes(source, file) : source;
    return transformSync(script, file, {
      namespace: component.namespace,
      name: component.name,
      outputConfig: { sourcemap: false },
      enableDynamicComponents: true,
      enableLwcOn: true,
      enableSyntheticElementInternals: true,
      enableStaticContentOptimization: true,
      scopedStyles: scoped,
    }).code;
  } catch (fault) {
    if (fault instanceof BuildError) throw fault;
    throw new BuildError([problemOf(fault as CompilerFault, file)]);
  }
}

function problemOf(fault: CompilerFault, file: string) {
  const location = fault.location ?? fault.loc;
  // Babel and the template compiler put the file's name before the message and a code frame after it.
  const message = (fault.message ?? 'this file cannot be compiled').replaceAll(`${file}: `, '').split('\n')[0] ?? '';
  return {
    file,
    line: location?.line ?? 1,
    column: Math.max(1, (location?.column ?? 0) + (fault.loc ? 1 : 0)),
    message,
  };
}

/**
 * Removes types. Blanking them out keeps every line and column, so that errors and stack traces show the source as
 * written; syntax that needs code (enum, parameter property) goes through esbuild.
 */
function stripTypes(source: string, file: string): string {
  try {
    return dropUnusedImports(stripTypeScriptTypes(source, { mode: 'strip' }));
  } catch (fault) {
    const failure = fault as { code?: string };
    if (failure.code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' && failure.code !== 'ERR_INVALID_TYPESCRIPT_SYNTAX')
      throw fault;
  }
  try {
    return transformTypeScript(source, {
      loader: 'ts',
      target: 'esnext',
      tsconfigRaw: { compilerOptions: { experimentalDecorators: false, useDefineForClassFields: true } },
    }).code;
  } catch (fault) {
    const { errors = [] } = fault as {
      errors?: readonly { text: string; location: { line: number; column: number } | null }[];
    };
    throw new BuildError(
      errors.map(({ text, location }) => ({
        file,
        line: location?.line ?? 1,
        column: (location?.column ?? 0) + 1,
        message: text,
      })),
    );
  }
}

/** Code of a script with its types blanked out; the text as it is when that fails (compiling reports why). */
export function withoutTypes(source: string, file: string): string {
  if (!file.endsWith('.ts')) return source;
  try {
    return stripTypeScriptTypes(source, { mode: 'strip' });
  } catch {
    return source;
  }
}

const namedImport = /^import\s*(?:([\w$]+)\s*,\s*)?\{([^}]*)\}\s*from\s*(['"][^'"]+['"])/gm;

/** Blanks imported names that only types used: TypeScript elides them unless `verbatimModuleSyntax` says otherwise. */
function dropUnusedImports(code: string): string {
  return code.replace(namedImport, (statement: string, _default: string | undefined, list: string) => {
    const kept = list.replace(
      /([\w$]+)(?:\s+as\s+([\w$]+))?(\s*,)?/g,
      (binding: string, name: string, alias: string | undefined) => {
        const local = (alias ?? name).replaceAll('$', '\\$');
        const uses = code.match(new RegExp(`(?<![\\w$])${local}(?![\\w$])`, 'g'))?.length ?? 0;
        return uses > 1 ? binding : binding.replace(/[^\n]/g, ' ');
      },
    );
    return statement.replace(list, () => kept);
  });
}
