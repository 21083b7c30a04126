/** Rows of PermissionSet, Profile and their permissions that mirror the project's metadata. */
import { createHash } from 'node:crypto';
import type { ObjectDescribe, Schema } from '../schema/types.ts';
import { quote } from '../store/encoding.ts';
import type { Store } from '../store/Store.ts';
import { insertSystemRow } from '../store/systemRows.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import { FLAGS } from './grants.ts';
import type { PermissionMetadata, PermissionSetMetadata, ProfileMetadata } from './permissionMetadata.ts';

const MIRROR_HASH = 'permissionSetsHash';
const MIRROR_NAMES = 'permissionSetsNames';

export class PermissionRows {
  readonly #schema: Schema;
  readonly #store: Store;
  readonly #metadata: PermissionMetadata;
  #classIds: ReadonlyMap<string, string> = new Map();

  constructor(schema: Schema, store: Store, metadata: PermissionMetadata) {
    this.#schema = schema;
    this.#store = store;
    this.#metadata = metadata;
  }

  /** Writes the project's permission sets and profiles as rows, keeping their Ids, when they changed. Runs inside a transaction. */
  mirror(userId: string, now: number): void {
    this.#classIds = new Map(
      this.#store.all('SELECT "Name$folded", "Id" FROM "ApexClass"', []).map((row) => [String(row[0]), String(row[1])]),
    );
    const { permissionSets, profiles, customPermissions } = this.#metadata;
    const hash = createHash('sha256')
      .update(JSON.stringify([permissionSets, profiles, [...customPermissions], [...this.#classIds]]))
      .digest('hex');
    if (this.#store.value(MIRROR_HASH) === hash) return;
    const stamp = new ApexDatetime(Math.floor(now / 1000) * 1000);
    const customPermissionIds = this.#mirrorCustomPermissions(userId, stamp);
    this.#dropPermissionSets();
    const describe = this.#object('PermissionSet');
    const existing = new Map(
      [...this.#store.loadWhere(describe, '"IsOwnedByProfile" = 0', [])].map(([id, values]) => [
        String(values.get('Name')),
        id,
      ]),
    );
    for (const set of permissionSets) {
      const values: Record<string, unknown> = {
        Name: set.name,
        Label: set.label,
        Description: set.description,
        IsCustom: true,
        Type: 'Regular',
        ...flagsOf(set),
      };
      let id = existing.get(set.name);
      if (id === undefined) id = this.#insert(describe, values, userId, stamp);
      else this.#store.update(describe, id, new Map(Object.entries(values)));
      this.#replacePermissions(id, set, customPermissionIds, userId, stamp);
    }
    for (const profile of profiles) this.#mirrorProfile(profile, customPermissionIds, userId, stamp);
    this.#store.setValue(MIRROR_NAMES, JSON.stringify(permissionSets.map((set) => set.name)));
    this.#store.setValue(MIRROR_HASH, hash);
  }

  /** Permission sets that came from the project and are no longer in it go, with their assignments. */
  #dropPermissionSets(): void {
    const before = JSON.parse(this.#store.value(MIRROR_NAMES) ?? '[]') as readonly string[];
    const gone = before.filter((name) => !this.#metadata.permissionSets.some((set) => set.name === name));
    if (gone.length === 0) return;
    const ids = JSON.stringify([
      ...this.#store
        .loadWhere(
          this.#object('PermissionSet'),
          '"IsOwnedByProfile" = 0 AND "Name" IN (SELECT value FROM json_each(?))',
          [JSON.stringify(gone)],
        )
        .keys(),
    ]);
    for (const [name, column] of [
      ['ObjectPermissions', 'ParentId'],
      ['FieldPermissions', 'ParentId'],
      ['SetupEntityAccess', 'ParentId'],
      ['PermissionSetAssignment', 'PermissionSetId'],
      ['PermissionSet', 'Id'],
    ] as const) {
      this.#store.run(`DELETE FROM ${quote(name)} WHERE ${quote(column)} IN (SELECT value FROM json_each(?))`, [ids]);
    }
  }

  #mirrorCustomPermissions(userId: string, stamp: ApexDatetime): ReadonlyMap<string, string> {
    const describe = this.#object('CustomPermission');
    const ids = new Map(
      [...this.#store.loadWhere(describe, '1', [])].map(([id, values]) => [String(values.get('DeveloperName')), id]),
    );
    for (const [name, label] of this.#metadata.customPermissions) {
      if (!ids.has(name))
        ids.set(name, this.#insert(describe, { DeveloperName: name, MasterLabel: label }, userId, stamp));
    }
    return ids;
  }

  #replacePermissions(
    parentId: string,
    set: PermissionSetMetadata,
    customPermissionIds: ReadonlyMap<string, string>,
    userId: string,
    stamp: ApexDatetime,
  ): void {
    for (const name of ['ObjectPermissions', 'FieldPermissions', 'SetupEntityAccess'])
      this.#store.run(`DELETE FROM ${quote(name)} WHERE "ParentId" = ?`, [parentId]);
    for (const permission of set.objects) {
      this.#insert(
        this.#object('ObjectPermissions'),
        {
          ParentId: parentId,
          SobjectType: permission.objectName,
          PermissionsRead: permission.read,
          PermissionsCreate: permission.create,
          PermissionsEdit: permission.edit,
          PermissionsDelete: permission.delete,
          PermissionsViewAllRecords: permission.viewAll,
          PermissionsModifyAllRecords: permission.modifyAll,
        },
        userId,
        stamp,
      );
    }
    for (const permission of set.fields) {
      this.#insert(
        this.#object('FieldPermissions'),
        {
          ParentId: parentId,
          SobjectType: permission.objectName,
          Field: `${permission.objectName}.${permission.fieldName}`,
          PermissionsRead: permission.read,
          PermissionsEdit: permission.edit,
        },
        userId,
        stamp,
      );
    }
    for (const name of set.customPermissions) {
      this.#insert(
        this.#object('SetupEntityAccess'),
        { ParentId: parentId, SetupEntityId: customPermissionIds.get(name), SetupEntityType: 'CustomPermission' },
        userId,
        stamp,
      );
    }
    for (const name of set.classes) {
      const classId = this.#classIds.get(name.toLowerCase());
      if (classId !== undefined)
        this.#insert(
          this.#object('SetupEntityAccess'),
          { ParentId: parentId, SetupEntityId: classId, SetupEntityType: 'ApexClass' },
          userId,
          stamp,
        );
    }
  }

  /** A profile's row, and the permission set that it owns, which holds its permissions (Object Reference, PermissionSet). */
  #mirrorProfile(
    profile: ProfileMetadata,
    customPermissionIds: ReadonlyMap<string, string>,
    userId: string,
    stamp: ApexDatetime,
  ): void {
    const describe = this.#object('Profile');
    const [found] = this.#store.all('SELECT "Id" FROM "Profile" WHERE "Name" = ?', [profile.name]);
    const [license] = this.#store.all('SELECT "Id" FROM "UserLicense"', []);
    const profileId = found
      ? String(found[0])
      : this.#insert(
          describe,
          { Name: profile.name, UserType: 'Standard', UserLicenseId: license?.[0] ?? null },
          userId,
          stamp,
        );
    // The standard profiles' own permissions stay: their files say what was added.
    if (profile.custom)
      this.#store.update(
        describe,
        profileId,
        new Map(Object.entries({ PermissionsApiEnabled: true, ...flagsOf(profile) })),
      );
    const sets = this.#object('PermissionSet');
    const values = {
      Name: profileSetName(profile),
      Label: profile.name,
      ProfileId: profileId,
      IsOwnedByProfile: true,
      IsCustom: false,
      Type: 'Profile',
      ...flagsOf(profile),
    };
    const [set] = this.#store.loadWhere(sets, '"ProfileId" = ?', [profileId]).keys();
    const setId = set ?? this.#insert(sets, values, userId, stamp);
    if (set !== undefined) this.#store.update(sets, set, new Map(Object.entries(values)));
    this.#replacePermissions(setId, profile, customPermissionIds, userId, stamp);
  }

  #object(name: string): ObjectDescribe {
    const object = this.#schema.object(name);
    if (!object) throw new Error(`the schema lacks ${name}`);
    return object;
  }

  #insert(
    describe: ObjectDescribe,
    values: Readonly<Record<string, unknown>>,
    userId: string,
    stamp: ApexDatetime,
  ): string {
    return insertSystemRow(this.#store, describe, values, userId, stamp);
  }
}

function flagsOf(set: PermissionSetMetadata): Readonly<Record<string, boolean>> {
  return Object.fromEntries(FLAGS.map((flag) => [`Permissions${flag}`, set.userPermissions.includes(flag)]));
}

/** Name of the permission set that a profile owns. */
export function profileSetName(profile: ProfileMetadata): string {
  return `Profile_${profile.name.replace(/\W+/g, '_')}`.slice(0, 80);
}

/** `Object.Field` as the schema writes it. */
export function canonicalField(schema: Schema, name: string): string {
  const [objectName = '', fieldName = ''] = name.split('.');
  const object = schema.object(objectName);
  const field = object?.field(fieldName);
  return object && field ? `${object.name}.${field.name}` : name;
}
