import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseMetadataFile } from './element.ts';
import { MetadataError, ProblemCollector } from './errors.ts';
import { loadIgnoreFile } from './ignoreFile.ts';
import type { IgnoreFilter } from './ignoreFile.ts';
import { DEFAULT_SHAPE, parseOrgShape } from './orgShape.ts';
import { loadRegistry } from './registry.ts';
import type { MetadataRegistry, MetadataType } from './registry.ts';
import type { ApexSource, LightningBundle, MetadataComponent, OrgShape, Project } from './types.ts';

/** API version of a project that does not name one. */
export const DEFAULT_API_VERSION = 67;

const META_SUFFIX = '-meta.xml';
const SKIPPED_DIRECTORIES = new Set(['node_modules', '__tests__', '__mocks__', '__utam__', '__examples__', '__docs__']);
const APEX_KINDS: Readonly<Record<string, ApexSource['kind']>> = { '.cls': 'class', '.trigger': 'trigger' };

/** Types whose files in several folders add up when they are deployed, and which nothing here reads (see SUPPORT.md). */
const MERGED_TYPES: ReadonlySet<string> = new Set(['CustomObjectTranslation', 'Profile']);

interface ProjectFile {
  readonly namespace: string;
  readonly sourceApiVersion: number;
  readonly packageDirectories: readonly string[];
  readonly definitionFile: string | null;
  readonly postInstallScript: string | null;
}

/** What of a project is loaded. */
export interface LoadOptions {
  /**
   * Paths of package directories as sfdx-project.json has them; empty for all. Packages of the same project that they
   * depend on are loaded before them, as they would be installed before them.
   */
  readonly packageDirectories?: readonly string[];
  /** Scratch org definition file; the project's own unless given. */
  readonly definition?: string;
}

/**
 * Loads an SFDX project: every component below its package directories, parsed but not interpreted.
 * @param directory folder that holds sfdx-project.json, or a bare folder of SFDX source
 * @throws MetadataError or ProjectError naming file, line, column and the remedy
 */
export function loadProject(directory: string, { packageDirectories = [], definition }: LoadOptions = {}): Project {
  const root = path.resolve(directory);
  if (!existsSync(root)) throw new MetadataError({ file: root, line: 1, column: 1 }, 'there is no such folder');
  const file = readProjectFile(root, packageDirectories);
  const walker = new SourceWalker(root, loadRegistry(), loadIgnoreFile(root));
  for (const packageDirectory of file.packageDirectories) walker.walk(packageDirectory, []);
  walker.problems.finish();
  return new LoadedProject(root, file, walker, readOrgShape(root, file.definitionFile, definition));
}

interface PackageDirectory {
  readonly path?: string;
  readonly default?: boolean;
  readonly definitionFile?: string;
  readonly package?: string;
  readonly postInstallScript?: string;
  readonly dependencies?: readonly { readonly package?: string }[];
}

function readProjectFile(root: string, wanted: readonly string[]): ProjectFile {
  const file = path.join(root, 'sfdx-project.json');
  if (!existsSync(file)) {
    if (wanted.length > 0)
      throw new MetadataError(
        { file, line: 1, column: 1 },
        'there is no such file, so package directories have no names',
      );
    return {
      namespace: '',
      sourceApiVersion: DEFAULT_API_VERSION,
      packageDirectories: [root],
      definitionFile: null,
      postInstallScript: null,
    };
  }
  const refuse = (problem: string): never => {
    throw new MetadataError({ file, line: 1, column: 1 }, problem);
  };
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    refuse(`this is not valid JSON: ${(error as Error).message}`);
  }
  const project = content as {
    namespace?: string;
    sourceApiVersion?: string;
    packageDirectories?: readonly PackageDirectory[];
  };
  const entries = project.packageDirectories ?? [];
  if (!(entries instanceof Array) || entries.length === 0)
    refuse('packageDirectories must name at least one folder, for example [{ "path": "force-app", "default": true }]');
  const folder = (entry: PackageDirectory): string =>
    typeof entry.path === 'string'
      ? path.resolve(root, localSeparators(entry.path))
      : refuse('every entry of packageDirectories needs a "path"');
  const chosen = wanted.map((name) => {
    const absolute = path.resolve(root, localSeparators(name));
    const names = entries.map((entry) => entry.path).join(', ');
    return (
      entries.find((entry) => folder(entry) === absolute) ??
      refuse(`packageDirectories has no entry with the path ${name}; it has ${names}`)
    );
  });
  const byDefault = [...entries].sort((left, right) => Number(right.default === true) - Number(left.default === true));
  const ordered = chosen.length > 0 ? withDependencies(entries, chosen) : byDefault;
  const packageDirectories = ordered.map((entry) => {
    const absolute = folder(entry);
    if (!existsSync(absolute)) refuse(`the package directory ${entry.path} does not exist`);
    return absolute;
  });
  const version = Number(project.sourceApiVersion ?? DEFAULT_API_VERSION);
  if (!Number.isFinite(version))
    refuse(`sourceApiVersion must look like "67.0", not “${String(project.sourceApiVersion)}”`);
  return {
    namespace: project.namespace ?? '',
    sourceApiVersion: version,
    packageDirectories,
    definitionFile: ordered.find((entry) => entry.definitionFile !== undefined)?.definitionFile ?? null,
    postInstallScript: ordered.find((entry) => entry === byDefault[0])?.postInstallScript ?? null,
  };
}

/** A path of a project that was written on Windows, with the separators of this machine, as the Salesforce CLI reads it. */
function localSeparators(written: string): string {
  return written.replaceAll('\\', path.sep);
}

/** The package directories and, before them, those of the same project that they depend on (`Name@version` names one). */
function withDependencies(
  entries: readonly PackageDirectory[],
  chosen: readonly PackageDirectory[],
): readonly PackageDirectory[] {
  const ordered = new Set<PackageDirectory>();
  const visited = new Set<PackageDirectory>();
  const visit = (entry: PackageDirectory): void => {
    if (visited.has(entry)) return;
    visited.add(entry);
    for (const { package: dependency } of entry.dependencies ?? []) {
      const own = entries.find((other) => other.package !== undefined && other.package === dependency?.split('@')[0]);
      if (own) visit(own);
    }
    ordered.add(entry);
  };
  chosen.forEach(visit);
  return [...ordered];
}

function readOrgShape(root: string, definitionFile: string | null, given: string | undefined): OrgShape {
  if (given !== undefined) {
    if (!existsSync(given))
      throw new MetadataError({ file: given, line: 1, column: 1 }, 'there is no such scratch org definition file');
    return parseOrgShape(readFileSync(given, 'utf8'), given);
  }
  const file = [
    path.join(root, 'config/project-scratch-def.json'),
    ...(definitionFile === null ? [] : [path.resolve(root, definitionFile)]),
  ].find((candidate) => existsSync(candidate));
  return file === undefined ? DEFAULT_SHAPE : parseOrgShape(readFileSync(file, 'utf8'), file);
}

/** Walks package directories and sorts what it finds into components, Apex and bundles. */
class SourceWalker {
  readonly problems = new ProblemCollector();
  readonly apex: ApexSource[] = [];
  readonly bundles: LightningBundle[] = [];
  readonly components = new Map<string, MetadataComponent>();
  readonly #root: string;
  readonly #registry: MetadataRegistry;
  readonly #ignored: IgnoreFilter;

  constructor(root: string, registry: MetadataRegistry, ignored: IgnoreFilter) {
    this.#root = root;
    this.#registry = registry;
    this.#ignored = ignored;
  }

  /** `folders`: names of the folders between the package directory and this one. */
  walk(directory: string, folders: readonly string[]): void {
    const entries = readdirSync(directory, { withFileTypes: true }).sort((left, right) =>
      left.name < right.name ? -1 : 1,
    );
    const names = new Set(entries.map((entry) => entry.name));
    const here = folders.at(-1);
    const bundleType = here === undefined ? undefined : this.#registry.bundleDirectory(here);
    for (const entry of entries) {
      const absolute = path.join(directory, entry.name);
      const isDirectory = entry.isDirectory();
      if (this.#ignored(path.relative(this.#root, absolute).replaceAll(path.sep, '/'), isDirectory)) continue;
      if (isDirectory) {
        if (entry.name.startsWith('.') || SKIPPED_DIRECTORIES.has(entry.name)) continue;
        if (bundleType) this.#addBundle(bundleType, entry.name, absolute);
        else this.walk(absolute, [...folders, entry.name]);
      } else this.problems.attempt(() => this.#addFile(entry.name, absolute, folders, names));
    }
  }

  #addFile(name: string, file: string, folders: readonly string[], siblings: ReadonlySet<string>): void {
    const kind = APEX_KINDS[path.extname(name)];
    if (kind) {
      this.#addApex(kind, name, file, siblings);
      return;
    }
    if (!name.endsWith(META_SUFFIX)) return;
    const base = name.slice(0, -META_SUFFIX.length);
    const dot = base.lastIndexOf('.');
    const suffix = base.slice(dot + 1);
    if (suffix === 'cls' || suffix === 'trigger') {
      if (!siblings.has(base))
        throw new MetadataError(
          { file, line: 1, column: 1 },
          `${base} is missing beside its -meta.xml; restore it or delete this file`,
        );
      return;
    }
    const type = this.#registry.bySuffix(suffix, folders);
    if (!type) {
      if (folders.some((folder) => this.#registry.strictDirectory(folder)?.adapter === 'mixedContent')) return;
      throw new MetadataError(
        { file, line: 1, column: 1 },
        `no Metadata API type has the suffix .${suffix}${META_SUFFIX}; correct the file's name`,
      );
    }
    const fullName = this.#fullName(type, base.slice(0, dot), file, folders);
    const isRewritten = type.adapter === 'decomposed' && type.parentDirectory === null;
    this.#addComponent({ type: type.name, fullName, file, root: parseMetadataFile(file, { bare: isRewritten }) });
  }

  #fullName(type: MetadataType, name: string, file: string, folders: readonly string[]): string {
    const decoded = decodeURIComponent(name);
    if (type.parentDirectory !== null) {
      const parent = folders[folders.lastIndexOf(type.parentDirectory) + 1];
      if (parent === undefined || !folders.includes(type.parentDirectory)) {
        throw new MetadataError(
          { file, line: 1, column: 1 },
          `a ${type.name} belongs into ${type.parentDirectory}/<name>/${type.directoryName}/`,
        );
      }
      return `${parent}.${decoded}`;
    }
    if (type.inFolder) {
      const below = folders.slice(folders.lastIndexOf(type.directoryName) + 1);
      return [...below, decoded].join('/');
    }
    return decoded;
  }

  #addComponent(component: MetadataComponent): void {
    const key = componentKey(component.type, component.fullName);
    const existing = this.components.get(key);
    if (existing && MERGED_TYPES.has(component.type)) return;
    if (existing)
      throw new MetadataError(
        component.root.position,
        `${component.type} ${component.fullName} is defined a second time; the first is ${existing.file}`,
      );
    this.components.set(key, component);
  }

  #addApex(kind: ApexSource['kind'], fileName: string, file: string, siblings: ReadonlySet<string>): void {
    const name = fileName.slice(0, fileName.lastIndexOf('.'));
    if (!siblings.has(fileName + META_SUFFIX)) {
      throw new MetadataError(
        { file, line: 1, column: 1 },
        `${fileName}${META_SUFFIX} is missing; create it beside this file with apiVersion and status`,
      );
    }
    const existing = this.apex.find(
      (source) => source.kind === kind && source.name.toLowerCase() === name.toLowerCase(),
    );
    if (existing)
      throw new MetadataError(
        { file, line: 1, column: 1 },
        `the Apex ${kind} ${name} is defined a second time; the first is ${existing.file}`,
      );
    const root = parseMetadataFile(file + META_SUFFIX);
    const apiVersion = root.number('apiVersion');
    if (apiVersion === undefined)
      throw new MetadataError(
        root.position,
        `${root.name} needs the element apiVersion, for example <apiVersion>67.0</apiVersion>`,
      );
    const status = root.oneOf('status', ['Active', 'Inactive', 'Deleted']) ?? 'Active';
    root.ignore('package versions only matter between installed packages', 'packageVersions', 'urls');
    root.finish();
    this.apex.push({ kind, name, file, text: readFileSync(file, 'utf8'), apiVersion, active: status === 'Active' });
  }

  #addBundle(type: MetadataType, name: string, directory: string): void {
    if (type.name === 'LightningComponentBundle') {
      const configuration = path.join(directory, `${name}.js${META_SUFFIX}`);
      this.problems.attempt(() => {
        const existing = this.bundles.find((bundle) => bundle.name === name);
        if (existing)
          throw new MetadataError(
            { file: directory, line: 1, column: 1 },
            `the Lightning web component ${name} is defined a second time; the first is ${existing.directory}`,
          );
        this.bundles.push({
          name,
          directory,
          configuration: existsSync(configuration) ? parseMetadataFile(configuration) : undefined,
        });
      });
      return;
    }
    const meta = readdirSync(directory).find((file) => file.endsWith(META_SUFFIX));
    if (meta === undefined) return;
    this.problems.attempt(() => {
      const file = path.join(directory, meta);
      this.#addComponent({ type: type.name, fullName: name, file, root: parseMetadataFile(file) });
    });
  }
}

function componentKey(type: string, fullName: string): string {
  return `${type}/${fullName}`.toLowerCase();
}

class LoadedProject implements Project {
  readonly directory: string;
  readonly namespace: string;
  readonly sourceApiVersion: number;
  readonly packageDirectories: readonly string[];
  readonly apex: readonly ApexSource[];
  readonly bundles: readonly LightningBundle[];
  readonly components: readonly MetadataComponent[];
  readonly postInstallScript: string | null;
  readonly orgShape: OrgShape;
  readonly #byType = new Map<string, MetadataComponent[]>();
  readonly #byKey: ReadonlyMap<string, MetadataComponent>;

  constructor(directory: string, file: ProjectFile, walker: SourceWalker, orgShape: OrgShape) {
    this.directory = directory;
    this.namespace = file.namespace;
    this.sourceApiVersion = file.sourceApiVersion;
    this.packageDirectories = file.packageDirectories;
    this.apex = walker.apex;
    this.bundles = walker.bundles;
    this.postInstallScript = file.postInstallScript;
    this.orgShape = orgShape;
    this.#byKey = walker.components;
    this.components = [...walker.components.values()];
    for (const component of this.components) {
      const list = this.#byType.get(component.type);
      if (list) list.push(component);
      else this.#byType.set(component.type, [component]);
    }
    for (const list of this.#byType.values()) list.sort((left, right) => (left.fullName < right.fullName ? -1 : 1));
  }

  ofType(type: string): readonly MetadataComponent[] {
    return this.#byType.get(type) ?? [];
  }

  component(type: string, fullName: string): MetadataComponent | undefined {
    return this.#byKey.get(componentKey(type, fullName));
  }
}
