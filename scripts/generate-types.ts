/**
 * Writes what TypeScript must know of this project's metadata: a module for each label, object, field and Apex method
 * that an LWC may import, and the path of each LWC. An import of something that isn't there is then a type error.
 */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const source = join(root, 'force-app');

const moduleOf = (name: string, type: string): string =>
  `declare module '${name}' {\n    const value: ${type};\n    export default value;\n}\n`;

function labelModules(): string[] {
  return files('**/*.labels-meta.xml').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/<fullName>(\w+)<\/fullName>/g)].map(([, name]) =>
      moduleOf(`@salesforce/label/c.${name}`, 'string'),
    ),
  );
}

function schemaModules(): string[] {
  const fields = files('**/objects/*/fields/*.field-meta.xml').map((file) => ({
    object: basename(dirname(dirname(file))),
    field: basename(file, '.field-meta.xml'),
  }));
  const objects = [...new Set(fields.map(({ object }) => object))];
  return [
    ...objects.map((object) => moduleOf(`@salesforce/schema/${object}`, '{ objectApiName: string }')),
    ...fields.map(({ object, field }) =>
      moduleOf(`@salesforce/schema/${object}.${field}`, '{ fieldApiName: string; objectApiName: string }'),
    ),
  ];
}

function apexModules(): string[] {
  const method = /@AuraEnabled[^;{]*?\bstatic\s+[\w.<>, ]+?\s+(\w+)\s*\(/gi;
  return files('**/classes/*.cls').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(method)].map(([, name]) =>
      moduleOf(
        `@salesforce/apex/${basename(file, '.cls')}.${name}`,
        "((parameters?: Record<string, unknown>) => Promise<unknown>) & import('lwc').WireAdapterConstructor<Record<string, unknown>, { data?: unknown; error?: unknown }>",
      ),
    ),
  );
}

function componentPaths(): Record<string, string[]> {
  return Object.fromEntries(
    files('**/lwc/*/*.js-meta.xml')
      .map((file) => file.replace(/\.js-meta\.xml$/, '.ts'))
      // a module of styles has no script
      .filter((script) => existsSync(script))
      .map((script) => [`c/${basename(script, '.ts')}`, [`./${relative(root, script).replaceAll('\\', '/')}`]]),
  );
}

function files(pattern: string): string[] {
  return globSync(pattern, { cwd: source })
    .sort()
    .map((file) => join(source, file));
}

mkdirSync(join(root, 'types/generated'), { recursive: true });
writeFileSync(
  join(root, 'types/generated/project.d.ts'),
  [...labelModules(), ...schemaModules(), ...apexModules()].join('\n'),
);
writeFileSync(
  join(root, 'tsconfig.paths.json'),
  `${JSON.stringify({ compilerOptions: { paths: componentPaths() } }, null, 2)}\n`,
);
