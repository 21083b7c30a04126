/**
 * Icon libraries of `lightning-icon`. The base components come with one compiled LWC template for each of 6,908 icons;
 * all of them have the same outer element, so a library is generated here as data and its templates are made when an
 * icon is first drawn: every icon works, none costs build time.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { baseComponentsDirectory } from './packages.ts';
import { lwcVersion } from './compiler.ts';

const categories: ReadonlyMap<string, string> = new Map(
  ['Utility', 'Standard', 'Custom', 'Action', 'Doctype'].flatMap((category) => [
    [`lightning/iconSvgTemplates${category}`, category.toLowerCase()],
    [`lightning/iconSvgTemplates${category}Rtl`, category.toLowerCase()],
  ]),
);

/** Module names of the icon libraries. */
export const iconLibraryNames: readonly string[] = [...categories.keys()];

/**
 * Source of an icon library module.
 * @param specifier one of `iconLibraryNames`
 * @returns an ES module whose default export maps `utility_add` to an LWC template
 */
export function iconLibrary(specifier: string): string {
  const category = categories.get(specifier);
  if (category === undefined) throw new Error(`${specifier} is no icon library.`);
  const icons: Record<string, readonly [viewBox: string, body: string]> = {};
  for (const [name, file] of iconFiles(specifier, category)) {
    const match = /viewBox="([^"]*)"[^>]*>([\s\S]*)<\/svg>/.exec(readFileSync(file, 'utf8'));
    if (match) icons[`${category}_${name}`] = [match[1] ?? '', (match[2] ?? '').replace(/>\s+</g, '><').trim()];
  }
  return `import { freezeTemplate, parseFragment, registerTemplate } from 'lwc';
const icons = ${JSON.stringify(icons)};
function templateOf([viewBox, body]) {
  const fragment = parseFragment(['<svg', ' focusable="false"', ' aria-hidden="true" viewBox="' + viewBox + '" part="icon"', '>' + body + '</svg>'], 'c0', 'a0:data-key', 2);
  function tmpl($api, $cmp) {
    return [$api.st(fragment, 1, [$api.sp(0, { className: $api.ncls($cmp.computedClass), attrs: { 'data-key': $cmp.name } }, null)])];
    /*LWC compiler v${lwcVersion}*/
  }
  registerTemplate(tmpl);
  tmpl.stylesheets = [];
  tmpl.stylesheetToken = 'local-org-icon';
  tmpl.legacyStylesheetToken = 'local-org-icon';
  freezeTemplate(tmpl);
  return tmpl;
}
const library = {};
for (const name of Object.keys(icons)) {
  let template;
  Object.defineProperty(library, name, { get: () => (template ??= templateOf(icons[name])) });
}
export default library;
`;
}

/** `standard:account` → true; used to refuse an icon that does not exist. */
export function iconExists(icon: string): boolean {
  const [category = '', name = ''] = icon.split(':');
  const specifier = `lightning/iconSvgTemplates${category.charAt(0).toUpperCase()}${category.slice(1)}`;
  return categories.has(specifier) && iconFiles(specifier, category).some(([known]) => known === name);
}

function iconFiles(specifier: string, category: string): readonly (readonly [name: string, file: string])[] {
  const directory = path.join(baseComponentsDirectory, 'src', specifier, 'buildTemplates', category);
  return readdirSync(directory)
    .filter((file) => file.endsWith('.html'))
    .map((file) => [path.basename(file, '.html'), path.join(directory, file)]);
}
