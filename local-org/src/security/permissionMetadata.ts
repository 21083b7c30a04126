/** Permission sets and their groups, profiles and custom permissions of a project. */
import { MetadataError, ProblemCollector } from '../project/errors.ts';
import type { MetadataComponent, MetadataElement, Position, Project } from '../project/types.ts';
import type { Schema } from '../schema/types.ts';

export interface ObjectPermission {
  readonly objectName: string;
  readonly create: boolean;
  readonly read: boolean;
  readonly edit: boolean;
  readonly delete: boolean;
  readonly viewAll: boolean;
  readonly modifyAll: boolean;
}

export interface FieldPermission {
  readonly objectName: string;
  readonly fieldName: string;
  readonly read: boolean;
  readonly edit: boolean;
}

export interface PermissionSetMetadata {
  readonly name: string;
  readonly label: string;
  readonly description: string | null;
  readonly objects: readonly ObjectPermission[];
  readonly fields: readonly FieldPermission[];
  /** ViewAllData, EditTask … */
  readonly userPermissions: readonly string[];
  readonly customPermissions: readonly string[];
  /** Apex classes that may be called from the browser. */
  readonly classes: readonly string[];
  /** Apps that the user sees. */
  readonly apps: readonly string[];
  /** By tab: true where it stands in the app's navigation, false where it is hidden or has to be added. */
  readonly tabs: ReadonlyMap<string, boolean>;
  /** Record types by `Object.Developer_Name`. */
  readonly recordTypes: ReadonlyMap<string, RecordTypeVisibility>;
}

export interface RecordTypeVisibility {
  readonly visible: boolean;
  /** Profiles only. */
  readonly isDefault: boolean;
}

export interface ProfileMetadata extends PermissionSetMetadata {
  /** True for a profile that the platform doesn't bring along: it grants what its file says and nothing else. */
  readonly custom: boolean;
}

export interface PermissionSetGroupMetadata {
  readonly name: string;
  readonly label: string;
  readonly description: string | null;
  readonly hasActivationRequired: boolean;
  readonly permissionSets: readonly { readonly name: string; readonly position: Position }[];
  /** What the group takes away from what its permission sets grant. */
  readonly muting: readonly PermissionSetMetadata[];
}

export interface PermissionMetadata {
  readonly profiles: readonly ProfileMetadata[];
  readonly groups: readonly PermissionSetGroupMetadata[];
  readonly permissionSets: readonly PermissionSetMetadata[];
  /** Label by name. */
  readonly customPermissions: ReadonlyMap<string, string>;
}

/** Elements that are about surfaces the local org does not restrict. */
const WITHOUT_EFFECT = [
  'license',
  'hasActivationRequired',
  'pageAccesses',
  'flowAccesses',
  'customMetadataTypeAccesses',
  'customSettingAccesses',
  'externalDataSourceAccesses',
  'externalCredentialPrincipalAccesses',
  'emailRoutingAddressAccesses',
  'agentAccesses',
  'dataspaceScopes',
  'servicePresenceStatusAccesses',
] as const;

/** Elements of profiles besides those. */
const PROFILE_WITHOUT_EFFECT = [
  'categoryGroupVisibilities',
  'description',
  'fullName',
  'layoutAssignments',
  'loginFlows',
  'loginHours',
  'loginIpRanges',
  'profileActionOverrides',
  'userLicense',
] as const;

/** Names of the profiles that every org has, by the names of their files. */
const STANDARD_PROFILES: Readonly<Record<string, string>> = {
  Admin: 'System Administrator',
  Standard: 'Standard User',
  ReadOnly: 'Read Only',
  MarketingProfile: 'Marketing User',
  ContractManager: 'Contract Manager',
  SolutionManager: 'Solution Manager',
  'Minimum Access - Salesforce': 'Minimum Access - Salesforce',
};

/** Name of a profile by the name of its file: `Admin` → `System Administrator`. */
export function profileName(fullName: string): string {
  const fileName = decodeURIComponent(fullName);
  return STANDARD_PROFILES[fileName] ?? fileName;
}

/** Throws MetadataError or ProjectError when a permission names what doesn't exist. */
export function readPermissionMetadata(project: Project, schema: Schema): PermissionMetadata {
  const problems = new ProblemCollector();
  const customPermissions = new Map<string, string>();
  for (const component of project.ofType('CustomPermission')) {
    problems.attempt(() => {
      customPermissions.set(component.fullName, component.root.requiredString('label'));
      component.root.ignore(
        'describes, does not act',
        'description',
        'isLicensed',
        'connectedApp',
        'requiredPermission',
      );
      component.root.finish();
    });
  }
  const each = <T>(type: string, read: (component: MetadataComponent) => T): readonly T[] =>
    project.ofType(type).flatMap((component) => problems.attempt(() => [read(component)]) ?? []);
  const permissionSets = each('PermissionSet', (component) => readPermissionSet(component, project, schema));
  const muting = each('MutingPermissionSet', (component) => readPermissionSet(component, project, schema, 'muting'));
  const groups = each('PermissionSetGroup', (component) => readGroup(component, muting));
  const profiles = each('Profile', (component) => readProfile(component, project, schema));
  problems.finish();
  return { permissionSets, profiles, groups, customPermissions };
}

function readGroup(
  { root, fullName }: MetadataComponent,
  muting: readonly PermissionSetMetadata[],
): PermissionSetGroupMetadata {
  const group: PermissionSetGroupMetadata = {
    name: fullName,
    label: root.requiredString('label'),
    description: root.string('description') ?? null,
    hasActivationRequired: root.boolean('hasActivationRequired', false),
    permissionSets: root.children('permissionSets').map(({ text, position }) => ({ name: text, position })),
    muting: root.children('mutingPermissionSets').map(({ text, position }) => {
      const set = muting.find((candidate) => candidate.name === text);
      if (!set)
        throw new MetadataError(
          position,
          `the group ${fullName} names the muting permission set ${text}, which the project does not have`,
        );
      return set;
    }),
  };
  root.ignore('groups are up to date at all times', 'status');
  root.finish();
  return group;
}

function readProfile(component: MetadataComponent, project: Project, schema: Schema): ProfileMetadata {
  const { root } = component;
  const name = profileName(component.fullName);
  root.ignore('the local org does not restrict these', ...PROFILE_WITHOUT_EFFECT, 'custom');
  const profile = {
    ...readGrants(component, name, project, schema, 'profile'),
    label: name,
    custom: !Object.values(STANDARD_PROFILES).includes(name),
  };
  root.finish();
  return profile;
}

type GrantsKind = 'permissionSet' | 'muting' | 'profile';

function readPermissionSet(
  component: MetadataComponent,
  project: Project,
  schema: Schema,
  kind: GrantsKind = 'permissionSet',
): PermissionSetMetadata {
  const { root } = component;
  const set = {
    ...readGrants(component, component.fullName, project, schema, kind),
    label: root.requiredString('label'),
    description: root.string('description') ?? null,
  };
  root.finish();
  return set;
}

/**
 * What a permission set or a profile grants, or a muting permission set takes away. Profiles describe the org that they
 * were retrieved from: what they say about objects and fields that this org doesn't have is passed over.
 */
function readGrants(
  component: MetadataComponent,
  name: string,
  project: Project,
  schema: Schema,
  kind: GrantsKind,
): PermissionSetMetadata {
  const { root } = component;
  const problems = new ProblemCollector();
  const passOver = kind === 'profile';
  const known = (objectName: string, fieldName?: string): boolean => {
    const object = schema.object(objectName === 'Activity' ? 'Task' : objectName);
    return !passOver || (object !== undefined && (fieldName === undefined || object.field(fieldName) !== undefined));
  };
  const enabled = (list: string, name: string): readonly string[] =>
    root.children(list).flatMap((entry) => {
      const value = entry.requiredString(name);
      const isEnabled = entry.boolean('enabled', false);
      entry.finish();
      return isEnabled ? [value] : [];
    });
  const tabs = new Map<string, boolean>();
  for (const list of ['tabSettings', 'tabVisibilities'])
    for (const entry of root.children(list)) {
      tabs.set(entry.requiredString('tab'), TABS_IN_VIEW.has(entry.requiredString('visibility')));
      entry.finish();
    }
  const set: PermissionSetMetadata = {
    name,
    label: name,
    description: null,
    objects: root
      .children('objectPermissions')
      .filter((entry) => known(entry.string('object') ?? ''))
      .flatMap((entry) => problems.attempt(() => readObjectPermission(entry, schema, kind)) ?? []),
    fields: root
      .children('fieldPermissions')
      .filter((entry) => known(...((entry.string('field') ?? '').split('.') as [string, string])))
      .flatMap((entry) => problems.attempt(() => readFieldPermission(entry, schema, kind)) ?? []),
    userPermissions: enabled('userPermissions', 'name'),
    customPermissions: enabled('customPermissions', 'name').filter(
      (permission) => !passOver || project.component('CustomPermission', permission) !== undefined,
    ),
    classes: enabled('classAccesses', 'apexClass'),
    apps: root.children('applicationVisibilities').flatMap((entry) => {
      const app = entry.requiredString('application');
      const visible = entry.boolean('visible', false);
      entry.ignore('the app that was open last opens again', 'default');
      entry.finish();
      return visible ? [app] : [];
    }),
    tabs,
    recordTypes: new Map(root.children('recordTypeVisibilities').map(readRecordTypeVisibility)),
  };
  for (const permission of set.customPermissions) {
    if (!project.component('CustomPermission', permission))
      throw new MetadataError(
        root.position,
        `the permission set ${name} grants the custom permission ${permission}, which the project does not have`,
      );
  }
  root.ignore('the local org does not restrict these', ...WITHOUT_EFFECT);
  problems.finish();
  return set;
}

function readRecordTypeVisibility(entry: MetadataElement): readonly [string, RecordTypeVisibility] {
  const name = entry.requiredString('recordType');
  const visible = entry.boolean('visible', false);
  const isDefault = entry.boolean('default', false);
  entry.ignore('converted leads become business accounts', 'personAccountDefault');
  entry.finish();
  return [name, { visible, isDefault }];
}

/** Permission sets say Visible, profiles DefaultOn. */
const TABS_IN_VIEW: ReadonlySet<string> = new Set(['Visible', 'DefaultOn']);

function readObjectPermission(entry: MetadataElement, schema: Schema, kind: GrantsKind): ObjectPermission {
  const name = entry.requiredString('object');
  const object = schema.object(name);
  if (!object)
    throw new MetadataError(
      entry.child('object')?.position ?? entry.position,
      `this permission is about the object ${name}, which the project and the local org do not have`,
    );
  const permission: ObjectPermission = {
    objectName: object.name,
    create: entry.boolean('allowCreate', false),
    read: entry.boolean('allowRead', false),
    edit: entry.boolean('allowEdit', false),
    delete: entry.boolean('allowDelete', false),
    viewAll: entry.boolean('viewAllRecords', false),
    modifyAll: entry.boolean('modifyAllRecords', false),
  };
  entry.ignore('fields are granted one by one', 'viewAllFields');
  entry.finish();
  if (kind !== 'muting' && !permission.read && (permission.create || permission.edit || permission.delete)) {
    throw new MetadataError(entry.position, `the permission on ${name} allows more than reading without allowRead`);
  }
  return permission;
}

function readFieldPermission(entry: MetadataElement, schema: Schema, kind: GrantsKind): readonly FieldPermission[] {
  const name = entry.requiredString('field');
  const dot = name.indexOf('.');
  const objectNames = name.slice(0, dot) === 'Activity' ? ['Task', 'Event'] : [name.slice(0, dot)];
  const edit = entry.boolean('editable', false);
  // What may be edited may be read; a muting permission set may take away editing alone.
  const read = entry.boolean('readable', false) || (edit && kind !== 'muting');
  entry.ignore('readable and editable say it', 'hidden');
  entry.finish();
  return objectNames.map((objectName) => {
    const object = schema.object(objectName);
    const field = object?.field(name.slice(dot + 1));
    if (!object || !field)
      throw new MetadataError(
        entry.child('field')?.position ?? entry.position,
        `this permission is about the field ${name}, which the project and the local org do not have`,
      );
    return { objectName: object.name, fieldName: field.name, read, edit };
  });
}
