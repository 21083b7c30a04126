/** Permission sets and custom permissions of a project. */
import { MetadataError, ProblemCollector } from '../project/errors.ts';
import type { MetadataComponent, MetadataElement, Project } from '../project/types.ts';
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
}

export interface PermissionMetadata {
  readonly permissionSets: readonly PermissionSetMetadata[];
  /** Label by name. */
  readonly customPermissions: ReadonlyMap<string, string>;
}

/** Elements that are about surfaces the local org does not restrict. */
const WITHOUT_EFFECT = [
  'license',
  'hasActivationRequired',
  'applicationVisibilities',
  'tabSettings',
  'pageAccesses',
  'recordTypeVisibilities',
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
  const permissionSets = project
    .ofType('PermissionSet')
    .flatMap((component) => problems.attempt(() => readPermissionSet(component, project, schema)) ?? []);
  problems.finish();
  return { permissionSets, customPermissions };
}

function readPermissionSet(component: MetadataComponent, project: Project, schema: Schema): PermissionSetMetadata {
  const { root } = component;
  const problems = new ProblemCollector();
  const enabled = (list: string, name: string): readonly string[] =>
    root.children(list).flatMap((entry) => {
      const value = entry.requiredString(name);
      const isEnabled = entry.boolean('enabled', false);
      entry.finish();
      return isEnabled ? [value] : [];
    });
  const set: PermissionSetMetadata = {
    name: component.fullName,
    label: root.requiredString('label'),
    description: root.string('description') ?? null,
    objects: root
      .children('objectPermissions')
      .flatMap((entry) => problems.attempt(() => readObjectPermission(entry, schema)) ?? []),
    fields: root
      .children('fieldPermissions')
      .flatMap((entry) => problems.attempt(() => readFieldPermission(entry, schema)) ?? []),
    userPermissions: enabled('userPermissions', 'name'),
    customPermissions: enabled('customPermissions', 'name'),
    classes: enabled('classAccesses', 'apexClass'),
  };
  for (const name of set.customPermissions) {
    if (!project.component('CustomPermission', name))
      throw new MetadataError(
        root.position,
        `the permission set ${set.name} grants the custom permission ${name}, which the project does not have`,
      );
  }
  root.ignore('the local org does not restrict these', ...WITHOUT_EFFECT);
  root.finish();
  problems.finish();
  return set;
}

function readObjectPermission(entry: MetadataElement, schema: Schema): ObjectPermission {
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
  if (!permission.read && (permission.create || permission.edit || permission.delete)) {
    throw new MetadataError(entry.position, `the permission on ${name} allows more than reading without allowRead`);
  }
  return permission;
}

function readFieldPermission(entry: MetadataElement, schema: Schema): readonly FieldPermission[] {
  const name = entry.requiredString('field');
  const dot = name.indexOf('.');
  const objectNames = name.slice(0, dot) === 'Activity' ? ['Task', 'Event'] : [name.slice(0, dot)];
  const edit = entry.boolean('editable', false);
  const read = entry.boolean('readable', false) || edit;
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
