/** Apps and tabs: CustomApplication and CustomTab metadata, and the tabs of standard objects. */
import { MetadataError } from '../../../project/errors.ts';
import type { MetadataComponent, MetadataElement, Project } from '../../../project/types.ts';
import type { ObjectDescribe, Schema } from '../../../schema/types.ts';
import { fallbackIcon, standardIcon } from './defaults.ts';

export type TabKind = 'object' | 'flexiPage' | 'component' | 'home' | 'refused';

export interface Tab {
  /** `standard-Account`, `Invoice__c`, `Plan_Board`. */
  readonly name: string;
  readonly label: string;
  readonly kind: TabKind;
  /** Object, FlexiPage or component that it opens; for `refused`, why it does not open. */
  readonly target: string;
  /** `custom:custom18`. */
  readonly icon: string;
}

/** A page that an app, or an object, opens instead of the standard one. */
export interface PageOverride {
  readonly objectName: string;
  readonly action: 'View' | 'Tab';
  readonly page: string;
  readonly formFactor: 'Large' | 'Small' | null;
  /** Profile and record type that the assignment is limited to. */
  readonly profile: string | null;
  readonly recordType: string | null;
}

export interface App {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly headerColor: string | null;
  readonly tabs: readonly Tab[];
  readonly overrides: readonly PageOverride[];
  readonly formFactors: readonly string[];
}

/** Tabs of standard objects and pages that an app may name. */
const standardTabs: Readonly<Record<string, string>> = {
  'standard-home': 'home',
  'standard-Account': 'Account',
  'standard-Contact': 'Contact',
  'standard-Opportunity': 'Opportunity',
  'standard-Lead': 'Lead',
  'standard-Case': 'Case',
  'standard-Campaign': 'Campaign',
  'standard-Contract': 'Contract',
  'standard-Product2': 'Product2',
  'standard-Pricebook2': 'Pricebook2',
  'standard-Task': 'Task',
  'standard-Event': 'Event',
  'standard-User': 'User',
};

const unsupportedTabs: Readonly<Record<string, string>> = {
  'standard-report': 'Reports',
  'standard-Dashboard': 'Dashboards',
  'standard-Feed': 'Chatter',
  'standard-File': 'Files',
  'standard-OtherUserProfile': 'People',
  'standard-CollaborationGroup': 'Groups',
  'standard-Forecasting3': 'Forecasts',
  'standard-ContentNote': 'Notes',
  'standard-WaveHomeLightning': 'Analytics',
  'standard-LightningInstrumentation': 'Lightning Usage',
};

/** `Custom53: Bell` → `custom:custom53`. */
function iconOfMotif(element: MetadataElement | undefined): string {
  const number = /^Custom(\d+)/i.exec(element?.text ?? '')?.[1];
  return number === undefined ? fallbackIcon : `custom:custom${number}`;
}

/** Reads every CustomTab of the project, by name. */
export function readTabs(
  project: Project,
  schema: Schema,
  attempt: <T>(step: () => T) => T | undefined,
): ReadonlyMap<string, Tab> {
  const tabs = new Map<string, Tab>();
  for (const component of project.ofType('CustomTab')) {
    const tab = attempt(() => readTab(component, schema));
    if (tab) tabs.set(tab.name, tab);
  }
  return tabs;
}

function readTab({ root, fullName }: MetadataComponent, schema: Schema): Tab {
  const icon = iconOfMotif(root.child('motif'));
  const label = root.string('label');
  root.ignore(
    'shown to administrators only',
    'description',
    'hasSidebar',
    'icon',
    'mobileReady',
    'frameHeight',
    'splashPageLink',
  );
  root.ignore('standard actions of lists are not overridden', 'actionOverrides');
  const custom = root.boolean('customObject', false);
  const flexiPage = root.string('flexiPage');
  const component = root.string('lwcComponent');
  const refused = ['page', 'scontrol', 'url', 'auraComponent', 'urlEncodingKey']
    .map((name) => root.child(name))
    .find((element) => element !== undefined);
  root.finish();
  if (refused)
    return {
      name: fullName,
      label: label ?? fullName,
      kind: 'refused',
      target: `tabs of the kind ${refused.name} (${refused.position.file}:${refused.position.line})`,
      icon,
    };
  if (custom) {
    const object = schema.object(fullName);
    if (!object)
      throw new MetadataError(root.position, `the tab belongs to the object ${fullName}, which does not exist`);
    return { name: fullName, label: object.labelPlural, kind: 'object', target: object.name, icon };
  }
  if (flexiPage !== undefined)
    return { name: fullName, label: label ?? fullName, kind: 'flexiPage', target: flexiPage, icon };
  if (component !== undefined)
    return { name: fullName, label: label ?? fullName, kind: 'component', target: component.replace(/^c:/, ''), icon };
  throw new MetadataError(
    root.position,
    `the tab ${fullName} opens nothing; it needs customObject, flexiPage or lwcComponent`,
  );
}

function standardTab(name: string, schema: Schema): Tab | undefined {
  const known = Object.keys(standardTabs).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (known === 'standard-home')
    return { name: 'standard-home', label: 'Home', kind: 'home', target: 'home', icon: 'standard:home' };
  const object = known === undefined ? undefined : schema.object(standardTabs[known] ?? '');
  if (known !== undefined && object)
    return {
      name: known,
      label: object.labelPlural,
      kind: 'object',
      target: object.name,
      icon: standardIcon(object.name) ?? fallbackIcon,
    };
  const label = unsupportedTabs[name];
  return label === undefined
    ? undefined
    : { name, label, kind: 'refused', target: `the tab ${label}`, icon: 'standard:default' };
}

/** Reads a CustomApplication. */
export function readApp({ root, fullName }: MetadataComponent, tabs: ReadonlyMap<string, Tab>, schema: Schema): App {
  const brand = root.child('brand');
  const headerColor = brand?.string('headerColor') ?? null;
  brand?.ignore('the shell has one theme', 'logo', 'logoVersion', 'shouldOverrideOrgTheme', 'footerColor');
  brand?.finish();
  const appTabs = root.children('tabs').map((element) => {
    const tab = tabs.get(element.text) ?? standardTab(element.text, schema);
    if (!tab)
      throw new MetadataError(
        element.position,
        `there is no tab ${element.text}; add the CustomTab or take it out of the app`,
      );
    return tab;
  });
  const overrides = [
    ...root
      .children('actionOverrides')
      .map((element) => readOverride(element, element.string('pageOrSobjectType') ?? '', null, null)),
    ...root
      .children('profileActionOverrides')
      .map((element) =>
        readOverride(
          element,
          element.string('pageOrSobjectType') ?? '',
          element.string('profile') ?? null,
          element.string('recordType') ?? null,
        ),
      ),
  ].filter((override) => override !== null);
  const app: App = {
    name: fullName,
    label: root.string('label') ?? fullName,
    description: root.string('description') ?? '',
    headerColor,
    tabs: appTabs,
    overrides,
    formFactors: root.children('formFactors').map(({ text }) => text),
  };
  root.ignore(
    'the shell has one kind of navigation',
    'navType',
    'uiType',
    'isNavAutoTempTabsDisabled',
    'isNavPersonalizationDisabled',
    'isNavTabPersistenceDisabled',
    'isServiceCloudConsole',
    'isOmniPinnedViewEnabled',
    'defaultLandingTab',
    'setupExperience',
    'logo',
    'detailPageRefreshMethod',
    'enableKeyboardShortcuts',
    'enableMultiMonitorComponents',
    'enableListViewHover',
    'enableListViewReskin',
    'enableContentBlockers',
    'enableTabHover',
    'enableTabLimits',
    'enableCustomizeMyTabs',
    'saveUserSessions',
    'subscriberTabs',
    'keyboardShortcuts',
    'listPlacement',
    'livePages',
    'tabLimitConfig',
    'workspaceConfig',
    'preferences',
    'pushNotifications',
    'utilityBar',
    'domainWhitelist',
    'consoleConfig',
  );
  root.finish();
  return app;
}

/** Page assignment of an actionOverrides element; null for actions that keep their standard page. */
export function readOverride(
  element: MetadataElement,
  objectName: string,
  profile: string | null,
  recordType: string | null,
): PageOverride | null {
  const action = element.string('actionName');
  const type = element.string('type');
  const page = element.string('content');
  const formFactor = element.oneOf('formFactor', ['Large', 'Small', 'Medium'] as const) ?? null;
  element.ignore(
    'no effect on which page opens',
    'comment',
    'skipRecordTypeSelect',
    'optionsType',
    'pageOrSobjectType',
  );
  element.finish();
  if (action !== 'View' || type?.toLowerCase() !== 'flexipage' || page === undefined || formFactor === 'Medium')
    return null;
  return { objectName, action, page, formFactor, profile, recordType };
}

/** The app for a project without one: every object with a tab. */
export function fallbackApp(tabs: ReadonlyMap<string, Tab>, schema: Schema): App {
  const standards = ['standard-home', 'standard-Account', 'standard-Contact', 'standard-Opportunity']
    .map((name) => standardTab(name, schema))
    .filter((tab) => tab !== undefined);
  return {
    name: 'Local_Org',
    label: 'Local Org',
    description: 'Everything in this org',
    headerColor: null,
    tabs: [...standards, ...tabs.values()],
    overrides: [],
    formFactors: [],
  };
}

/** Icon of an object: its tab's, or the standard one. */
export function iconOf(object: ObjectDescribe, tabs: ReadonlyMap<string, Tab>): string {
  const own = tabs.get(object.name)?.icon ?? standardIcon(object.name);
  return own ?? (object.kind === 'history' ? 'standard:record_update' : fallbackIcon);
}
