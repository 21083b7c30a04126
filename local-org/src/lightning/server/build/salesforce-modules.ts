/** The `@salesforce/*` modules: values of the project and of the user that LWCs import by name. */
import type { Project } from '../../../project/types.ts';
import type { Schema } from '../../../schema/types.ts';

/** What `@salesforce/*` modules are made of. */
export interface SalesforceModuleSource {
  readonly project: Project;
  readonly schema: Schema;
  /** Custom labels in the user's language, by full name. */
  readonly labels: ReadonlyMap<string, string>;
}

interface ModuleFamily {
  readonly pattern: RegExp;
  /** Source of the module; throws an Error that says what is missing. */
  readonly source: (match: readonly string[], source: SalesforceModuleSource) => string;
}

const constant = (value: unknown): string => `export default ${JSON.stringify(value)};`;
const fromEnvironment = (expression: string): string =>
  `import { environment } from 'platform/environment';\nexport default ${expression};`;

const families: readonly ModuleFamily[] = [
  {
    pattern: /^@salesforce\/apex\/(?:(\w+)\.)?(\w+)\.(\w+)$/,
    source: ([, , className = '', methodName = ''], { project }) => {
      const cacheable = auraMethod(project, className, methodName).cacheable;
      return `import { createApexMethod } from '@salesforce/apex';\nexport default createApexMethod(${JSON.stringify(className)}, ${JSON.stringify(methodName)}, ${cacheable});`;
    },
  },
  {
    pattern: /^@salesforce\/schema\/(\w+)$/,
    source: ([, objectName = ''], { schema }) => constant({ objectApiName: requireObject(schema, objectName).name }),
  },
  {
    pattern: /^@salesforce\/schema\/(\w+)\.([\w.]+)$/,
    source: ([, objectName = '', path = ''], { schema }) =>
      constant({
        fieldApiName: fieldPath(schema, objectName, path),
        objectApiName: requireObject(schema, objectName).name,
      }),
  },
  {
    pattern: /^@salesforce\/label\/(\w+)\.(\w+)$/,
    source: ([, , name = ''], { labels }) => {
      const label = [...labels].find(([known]) => known.toLowerCase() === name.toLowerCase());
      if (label === undefined) throw new Error(`There is no custom label ${name} in this project.`);
      return constant(label[1]);
    },
  },
  { pattern: /^@salesforce\/user\/Id$/, source: () => fromEnvironment('environment.user.id') },
  { pattern: /^@salesforce\/user\/isGuest$/, source: () => constant(false) },
  {
    pattern: /^@salesforce\/i18n\/([\w.]+)$/,
    source: ([specifier = '', name = '']) => {
      if (!i18nNames.has(name)) throw new Error(`${specifier} is no internationalization property.`);
      return fromEnvironment(`environment.i18n[${JSON.stringify(name)}]`);
    },
  },
  {
    pattern: /^@salesforce\/customPermission\/(?:\w+\.)?(\w+)$/,
    source: ([, name = ''], { project }) => {
      if (!project.component('CustomPermission', name)) {
        throw new Error(`There is no custom permission ${name} in this project.`);
      }
      return fromEnvironment(`environment.customPermissions.includes(${JSON.stringify(name)}) || undefined`);
    },
  },
  { pattern: /^@salesforce\/client\/formFactor$/, source: () => fromEnvironment('environment.formFactor') },
  {
    pattern: /^@salesforce\/resourceUrl\/(?:\w+__)?(\w+)$/,
    source: ([, name = ''], { project }) => {
      if (!project.component('StaticResource', name))
        throw new Error(`There is no static resource ${name} in this project.`);
      return constant(`/resource/${name}`);
    },
  },
  {
    pattern: /^@salesforce\/messageChannel\/(\w+?)(?:__c)?$/,
    source: ([, name = ''], { project }) => {
      if (!project.component('LightningMessageChannel', name))
        throw new Error(`There is no message channel ${name} in this project.`);
      return constant({ developerName: name });
    },
  },
];

/** Modules that exist on the platform and are refused here, with what to do instead. */
export const refusedModules: ReadonlyMap<string, string> = new Map([
  ['lightning/flowSupport', 'screen flows do not run in the local org'],
  ['lightning/graphql', 'GraphQL is not supported yet; use lightning/uiRecordApi or Apex'],
  ['lightning/uiGraphQLApi', 'GraphQL is not supported yet; use lightning/uiRecordApi or Apex'],
  ['lightning/empApi', 'streaming events are not supported'],
  ['lightning/fileUpload', 'uploading files is not supported'],
  ['lightning/map', 'maps need an outside service'],
  ['lightning/analyticsWaveApi', 'CRM Analytics is not supported'],
  ['lightning/omnistudioPubsub', 'OmniStudio is not supported'],
  ['lightning/conversationToolkitApi', 'the conversation toolkit is not supported'],
  ['lightning/mobileCapabilities', 'mobile device capabilities are not supported'],
  ['lightning/platformWorkspaceApi', 'console workspaces are not supported'],
  ['lightning/platformUtilityBarApi', 'the utility bar is not supported'],
]);

/** Every internationalization property, with the base components' own among them. */
export const i18nNames: ReadonlySet<string> = new Set([
  'lang',
  'dir',
  'locale',
  'timeZone',
  'currency',
  'firstDayOfWeek',
  'calendarData',
  'common.calendarData',
  'common.digits',
  'dateTime.longDateFormat',
  'dateTime.longDateTimeFormat',
  'dateTime.mediumDateFormat',
  'dateTime.mediumDateTimeFormat',
  'dateTime.mediumTimeFormat',
  'dateTime.shortDateFormat',
  'dateTime.shortDateTimeFormat',
  'dateTime.shortTimeFormat',
  'defaultCalendar',
  'defaultNumberingSystem',
  'isEasternNameStyle',
  'number.currencyFormat',
  'number.currencySymbol',
  'number.decimalSeparator',
  'number.exponentialSign',
  'number.groupingSeparator',
  'number.infinity',
  'number.minusSign',
  'number.nan',
  'number.numberFormat',
  'number.perMilleSign',
  'number.percentFormat',
  'number.percentSign',
  'number.plusSign',
  'number.superscriptingExponentSign',
  'showJapaneseCalendar',
]);

/**
 * Source of a `@salesforce/*` module.
 * @throws Error when the family is unknown or the project has no such label, field, method …
 */
export function salesforceModule(specifier: string, source: SalesforceModuleSource): string {
  for (const family of families) {
    const match = family.pattern.exec(specifier);
    if (match) return family.source(match, source);
  }
  throw new Error(`The module ${specifier} is not supported.`);
}

function requireObject(schema: Schema, name: string) {
  const object = schema.object(name);
  if (!object) throw new Error(`There is no object ${name} in this org.`);
  return object;
}

/** Canonical form of `Account.Owner.Name` within an object; relationships are followed to their first target. */
function fieldPath(schema: Schema, objectName: string, path: string): string {
  const steps = path.split('.');
  let object = requireObject(schema, objectName);
  const canonical = steps.map((step, index) => {
    if (index === steps.length - 1) {
      const field = object.field(step);
      if (!field) throw new Error(`${object.name} has no field ${step}.`);
      return field.name;
    }
    const reference = object.fieldByRelationship(step);
    if (!reference?.relationshipName) throw new Error(`${object.name} has no relationship ${step}.`);
    object = requireObject(schema, reference.referenceTo[0] ?? '');
    return reference.relationshipName;
  });
  return canonical.join('.');
}

/** Checks in the source that the method can be called by an LWC; the compiler proper checks the rest. */
function auraMethod(project: Project, className: string, methodName: string): { readonly cacheable: boolean } {
  const source = project.apex.find(
    ({ kind, name }) => kind === 'class' && name.toLowerCase() === className.toLowerCase(),
  );
  if (!source) throw new Error(`There is no Apex class ${className} in this project.`);
  const code = source.text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ');
  const declaration = new RegExp(
    `@AuraEnabled\\s*(\\([^)]*\\))?\\s*((?:@\\w+(?:\\s*\\([^)]*\\))?\\s*|\\w+\\s+)*?)[\\w.<>,\\s\\[\\]]+?\\b${methodName}\\s*\\(`,
    'i',
  ).exec(code);
  if (!declaration)
    throw new Error(`The Apex class ${className} has no method ${methodName} with the annotation @AuraEnabled.`);
  return { cacheable: /cacheable\s*=\s*true/i.test(declaration[1] ?? '') };
}
