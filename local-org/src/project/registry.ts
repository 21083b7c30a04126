/** Facts about Metadata API types, read from the registry file of @salesforce/source-deploy-retrieve. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

interface RegistryType {
  readonly id: string;
  readonly name: string;
  readonly suffix?: string;
  readonly legacySuffix?: string;
  readonly directoryName: string;
  readonly inFolder?: boolean;
  readonly folderType?: string;
  readonly strategies?: { readonly adapter?: string };
  readonly children?: { readonly types: Readonly<Record<string, RegistryType>> };
}

interface RegistryFile {
  readonly types: Readonly<Record<string, RegistryType>>;
  readonly strictDirectoryNames: Readonly<Record<string, string>>;
}

export interface MetadataType {
  readonly name: string;
  readonly directoryName: string;
  /** Full names carry the folder: `SalesReports/Pipeline`. */
  readonly inFolder: boolean;
  /** `bundle`, `matchingContentFile`, `mixedContent`, `decomposed` … */
  readonly adapter: string;
  /** Parent type's directory (`objects`) for a decomposed child such as CustomField. */
  readonly parentDirectory: string | null;
}

export interface MetadataRegistry {
  /** Type of `name.<suffix>-meta.xml` in the given folders (innermost last). */
  bySuffix(suffix: string, folders: readonly string[]): MetadataType | undefined;
  /** Type whose components are whole folders below a directory of this name: `lwc`, `aura`. */
  bundleDirectory(directoryName: string): MetadataType | undefined;
  /** Type that owns every file below a directory of this name. */
  strictDirectory(directoryName: string): MetadataType | undefined;
}

/**
 * Loads the registry as data: importing the package's code takes 0.7 s, its JSON file 5 ms.
 */
export function loadRegistry(): MetadataRegistry {
  const require = createRequire(import.meta.url);
  const root = path.dirname(require.resolve('@salesforce/source-deploy-retrieve/package.json'));
  const registry = JSON.parse(
    readFileSync(path.join(root, 'lib/src/registry/metadataRegistry.json'), 'utf8'),
  ) as RegistryFile;

  const bySuffix = new Map<string, MetadataType[]>();
  const byId = new Map<string, MetadataType>();
  const add = (source: RegistryType, parentDirectory: string | null): void => {
    const type: MetadataType = {
      name: source.name,
      directoryName: source.directoryName,
      inFolder: source.inFolder === true,
      adapter: source.strategies?.adapter ?? 'default',
      parentDirectory,
    };
    if (parentDirectory === null) byId.set(source.id, type);
    for (const suffix of [source.suffix, source.legacySuffix]) {
      if (suffix === undefined) continue;
      const list = bySuffix.get(suffix);
      if (list) list.push(type);
      else bySuffix.set(suffix, [type]);
    }
  };
  for (const type of Object.values(registry.types)) {
    add(type, null);
    if (type.strategies?.adapter === 'decomposed' && type.children) {
      for (const child of Object.values(type.children.types)) add(child, type.directoryName);
    }
  }
  const strict = new Map<string, MetadataType>();
  for (const [directory, id] of Object.entries(registry.strictDirectoryNames)) {
    const type = byId.get(id);
    if (type) strict.set(directory, type);
  }

  return {
    bySuffix(suffix, folders) {
      const candidates = bySuffix.get(suffix);
      if (!candidates) return undefined;
      return (
        candidates.find(
          (type) =>
            folders.includes(type.directoryName) &&
            (type.parentDirectory === null || folders.includes(type.parentDirectory)),
        ) ??
        candidates.find((type) => type.parentDirectory === null) ??
        candidates[0]
      );
    },
    bundleDirectory(directoryName) {
      const type = strict.get(directoryName);
      return type?.adapter === 'bundle' ? type : undefined;
    },
    strictDirectory: (directoryName) => strict.get(directoryName),
  };
}
