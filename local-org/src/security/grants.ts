/** Permissions as rows grant them, added up over permission sets and taken away by muting ones. */
import type { Store } from '../store/Store.ts';
import type { PermissionSetMetadata, RecordTypeVisibility } from './permissionMetadata.ts';
import { add, NO_ACCESS } from './userAccess.ts';
import type { ObjectAccess } from './userAccess.ts';

/** User permissions that are columns of Profile and PermissionSet. */
export const FLAGS = [
  'ViewAllData',
  'ModifyAllData',
  'ViewSetup',
  'AuthorApex',
  'ManageUsers',
  'CustomizeApplication',
  'ApiEnabled',
] as const;

export interface GrantedPermissions {
  readonly userPermissions: Set<string>;
  /** By object name. */
  readonly objects: Map<string, ObjectAccess>;
  /** `Object.Field` → may edit. */
  readonly fields: Map<string, boolean>;
  /** Lower case. */
  readonly customPermissions: Set<string>;
  /** Apex classes, lower case. */
  readonly classes: Set<string>;
  /** Apps and, by tab, whether it stands in the navigation. */
  readonly apps: Set<string>;
  readonly tabs: Map<string, boolean>;
  /** Record types that profile and permission sets name, by `Object.Developer_Name`. */
  readonly recordTypes: Map<string, RecordTypeVisibility>;
}

export function noPermissions(): GrantedPermissions {
  return {
    userPermissions: new Set(),
    objects: new Map(),
    fields: new Map(),
    customPermissions: new Set(),
    classes: new Set(),
    apps: new Set(),
    tabs: new Map(),
    recordTypes: new Map(),
  };
}

/** What the rows of permission sets grant; `metadata` says what has no rows. */
export function permissionsOfSets(
  store: Store,
  setIds: readonly string[],
  metadata: (name: string) => PermissionSetMetadata | undefined,
  canonicalField: (name: string) => string,
): GrantedPermissions {
  const granted = noPermissions();
  const ids = JSON.stringify(setIds);
  const among = 'IN (SELECT value FROM json_each(?))';
  for (const [name, ...flags] of store.all(
    `SELECT "Name", ${FLAGS.map((flag) => `"Permissions${flag}"`).join(', ')} FROM "PermissionSet" WHERE "Id" ${among}`,
    [ids],
  )) {
    FLAGS.forEach((flag, index) => {
      if (flags[index] === 1n) granted.userPermissions.add(flag);
    });
    const set = metadata(String(name));
    for (const permission of set?.userPermissions ?? []) granted.userPermissions.add(permission);
    for (const app of set?.apps ?? []) granted.apps.add(app);
    for (const [tab, inView] of set?.tabs ?? []) granted.tabs.set(tab, granted.tabs.get(tab) === true || inView);
    for (const [recordType, visibility] of set?.recordTypes ?? []) showRecordType(granted, recordType, visibility);
  }
  for (const [name, read, create, edit, remove, viewAll, modifyAll] of store.all(
    `SELECT "SobjectType", "PermissionsRead", "PermissionsCreate", "PermissionsEdit", "PermissionsDelete", "PermissionsViewAllRecords", "PermissionsModifyAllRecords" FROM "ObjectPermissions" WHERE "ParentId" ${among}`,
    [ids],
  )) {
    const access: ObjectAccess = {
      read: read === 1n,
      create: create === 1n,
      edit: edit === 1n,
      delete: remove === 1n,
      viewAll: viewAll === 1n,
      modifyAll: modifyAll === 1n,
    };
    granted.objects.set(String(name), add(granted.objects.get(String(name)) ?? NO_ACCESS, access));
  }
  for (const [field, read, edit] of store.all(
    `SELECT "Field", "PermissionsRead", "PermissionsEdit" FROM "FieldPermissions" WHERE "ParentId" ${among}`,
    [ids],
  )) {
    const key = canonicalField(String(field));
    if (read === 1n || edit === 1n) granted.fields.set(key, granted.fields.get(key) === true || edit === 1n);
  }
  const entities = (table: string, column: string): readonly string[] =>
    store
      .all(
        `SELECT e."${column}" FROM "SetupEntityAccess" s JOIN "${table}" e ON e."Id" = s."SetupEntityId" WHERE s."ParentId" ${among}`,
        [ids],
      )
      .map((row) => String(row[0]).toLowerCase());
  for (const name of entities('CustomPermission', 'DeveloperName')) granted.customPermissions.add(name);
  for (const name of entities('ApexClass', 'Name')) granted.classes.add(name);
  return granted;
}

export function addPermissions(to: GrantedPermissions, more: GrantedPermissions): void {
  for (const name of more.userPermissions) to.userPermissions.add(name);
  for (const [name, access] of more.objects) to.objects.set(name, add(to.objects.get(name) ?? NO_ACCESS, access));
  for (const [name, edit] of more.fields) to.fields.set(name, to.fields.get(name) === true || edit);
  for (const name of more.customPermissions) to.customPermissions.add(name);
  for (const name of more.classes) to.classes.add(name);
  for (const name of more.apps) to.apps.add(name);
  for (const [name, inView] of more.tabs) to.tabs.set(name, to.tabs.get(name) === true || inView);
  for (const [name, visibility] of more.recordTypes) showRecordType(to, name, visibility);
}

function showRecordType(to: GrantedPermissions, name: string, { visible, isDefault }: RecordTypeVisibility): void {
  const known = to.recordTypes.get(name);
  to.recordTypes.set(name, {
    visible: visible || known?.visible === true,
    isDefault: isDefault || known?.isDefault === true,
  });
}

/** A muting permission set takes away what it names (Salesforce Help, "Muting Permission Sets"). */
export function mute(granted: GrantedPermissions, muting: PermissionSetMetadata): void {
  for (const name of muting.userPermissions) granted.userPermissions.delete(name);
  for (const name of muting.customPermissions) granted.customPermissions.delete(name.toLowerCase());
  for (const name of muting.classes) granted.classes.delete(name.toLowerCase());
  for (const name of muting.apps) granted.apps.delete(name);
  for (const name of muting.tabs.keys()) granted.tabs.delete(name);
  for (const name of muting.recordTypes.keys()) granted.recordTypes.delete(name);
  for (const muted of muting.objects) {
    const access = granted.objects.get(muted.objectName);
    if (!access) continue;
    if (muted.read) granted.objects.delete(muted.objectName);
    else
      granted.objects.set(muted.objectName, {
        read: access.read,
        create: access.create && !muted.create,
        edit: access.edit && !muted.edit,
        delete: access.delete && !muted.delete,
        viewAll: access.viewAll && !muted.viewAll,
        modifyAll: access.modifyAll && !muted.modifyAll,
      });
  }
  for (const { objectName, fieldName, read, edit } of muting.fields) {
    const key = `${objectName}.${fieldName}`;
    if (!granted.fields.has(key)) continue;
    if (read) granted.fields.delete(key);
    else if (edit) granted.fields.set(key, false);
  }
}
