/**
 * Checks every `*-meta.xml` of the package against the Metadata API's own types, that a managed package can carry its
 * type, and that what it names (fields, objects, tabs, components, applications) is there.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import type { Document, Element } from '@xmldom/xmldom';
import { MetadataShapes } from './metadata-shapes.ts';

/** Metadata types that a managed 2GP can't carry (Metadata Coverage Report), with what to do instead. */
const NOT_PACKAGEABLE = new Map([
  ['ApprovalProcess', 'document it in the setup guide and submit from Apex'],
  ['SharingRules', 'describe the rule in the setup guide'],
  ['Queue', 'describe the queue in the setup guide'],
  ['Group', 'describe the group in the setup guide'],
  ['Role', 'describe the role in the setup guide'],
  ['StandardValueSet', 'ship a custom picklist'],
  ['MutingPermissionSet', 'split the permission set'],
  ['RestrictionRule', 'describe the rule in the setup guide'],
]);

const root = join(import.meta.dirname, '..');
const source = join(root, 'force-app');
const problems: string[] = [];
const shapes = new MetadataShapes();

const files = globSync('**/*-meta.xml', { cwd: source }).sort();
const documents = new Map<string, Document>();
for (const file of files) {
  try {
    const parsed = new DOMParser({
      onError: (level, message) => {
        if (level !== 'warning') {
          throw new Error(message);
        }
      },
    }).parseFromString(readFileSync(join(source, file), 'utf8'), 'text/xml');
    documents.set(file, parsed);
  } catch (error) {
    report(file, 1, error instanceof Error ? error.message : String(error));
  }
}

for (const [file, { documentElement }] of documents) {
  if (!documentElement) {
    report(file, 1, 'the file is empty');
    continue;
  }
  for (const { line, message } of shapes.check(documentElement)) {
    report(file, line, message);
  }
  const instead = NOT_PACKAGEABLE.get(documentElement.localName ?? '');
  if (instead) {
    report(file, 1, `a managed package can't carry ${documentElement.localName}: ${instead}`);
  }
  checkReferences(file, documentElement);
}

for (const problem of problems) {
  console.error(problem);
}
console.log(`Metadata: ${files.length} files, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;

function report(file: string, line: number, message: string): void {
  problems.push(`${relative(root, join(source, file))}:${line}: ${message}`);
}

/** True when the package itself holds the component; names of standard components are not checked here. */
function has(pattern: string): boolean {
  return globSync(pattern, { cwd: source }).length > 0;
}

function checkReferences(file: string, element: Element): void {
  const type = element.localName ?? '';
  const object = basename(dirname(dirname(file)));
  const each = (tag: string, check: (name: string) => boolean, what: string): void => {
    for (const found of [...element.getElementsByTagName(tag)]) {
      const name = (found.textContent ?? '').trim();
      if (!check(name)) {
        report(file, found.lineNumber ?? 1, `<${tag}> names the ${what} ${name}, which the package does not hold`);
      }
    }
  };
  const fieldOf = (owner: string) => (name: string) => !name.endsWith('__c') || isField(`${owner}.${name}`);
  switch (type) {
    case 'PermissionSet':
      each('field', isField, 'field');
      each('object', isObject, 'object');
      each('tab', isTab, 'tab');
      each('application', (name) => has(`**/applications/${name}.app-meta.xml`), 'application');
      each('apexClass', (name) => has(`**/classes/${name}.cls`), 'Apex class');
      break;
    case 'CustomApplication':
      each('tabs', (name) => name.startsWith('standard-') || isTab(name), 'tab');
      break;
    case 'ListView':
      each('columns', fieldOf(object), 'field');
      each('field', fieldOf(object), 'field');
      break;
    case 'CompactLayout':
      each('fields', fieldOf(object), 'field');
      break;
    case 'Layout':
      each('field', fieldOf(basename(file).split('-')[0] ?? ''), 'field');
      each('relatedList', (name) => !name.includes('.') || isField(name), 'field');
      break;
    case 'ValidationRule':
      each('errorDisplayField', fieldOf(object), 'field');
      break;
    case 'FlexiPage':
      each(
        'componentName',
        (name) => name.includes(':') || has(`**/lwc/${name}/${name}.js-meta.xml`),
        'Lightning web component',
      );
      each('sobjectType', isObject, 'object');
      break;
    case 'CustomObject':
      each('content', (name) => has(`**/flexipages/${name}.flexipage-meta.xml`), 'page');
      break;
    case 'CustomField':
      each('referenceTo', isObject, 'object');
      break;
    default:
  }
}

function isObject(name: string): boolean {
  return !name.endsWith('__c') || has(`**/objects/${name}/${name}.object-meta.xml`);
}

function isField(name: string): boolean {
  const [object = '', field = ''] = name.split('.');
  return !field.endsWith('__c') || has(`**/objects/${object}/fields/${field}.field-meta.xml`);
}

function isTab(name: string): boolean {
  return has(`**/tabs/${name}.tab-meta.xml`);
}
