/** Decisions about users: CRUD, field-level security and sharing. */
import { createHash } from 'node:crypto';
import { FULL_ACCESS, isPermissionable, NO_ACCESS, UserAccess, add } from './userAccess.ts';
import type { ObjectAccess } from './userAccess.ts';
import type { FieldDescribe, ObjectDescribe, Schema } from '../schema/types.ts';
import type { QueryAccess, SqlFragment } from '../soql/types.ts';
import { quote } from '../store/encoding.ts';
import type { Store } from '../store/Store.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import type { PermissionMetadata, PermissionSetMetadata } from './permissionMetadata.ts';
import { SharingRules } from './sharing.ts';

const ADMINISTRATOR_PROFILE = 'System Administrator';
const FLAGS = [
  'ViewAllData',
  'ModifyAllData',
  'ViewSetup',
  'AuthorApex',
  'ManageUsers',
  'CustomizeApplication',
  'ApiEnabled',
] as const;
const MIRROR_HASH = 'permissionSetsHash';
const MIRROR_NAMES = 'permissionSetsNames';

type Mode = 'user' | 'system';
type Sharing = 'with' | 'without';

/** Access of one user to one object, for describe calls and pages. */
export interface DescribedAccess extends ObjectAccess {
  readonly fields: ReadonlyMap<string, { readonly read: boolean; readonly edit: boolean }>;
}

export class Security {
  readonly #schema: Schema;
  readonly #store: Store;
  readonly #metadata: PermissionMetadata;
  readonly #users = new Map<string, UserAccess>();
  readonly #queryAccess = new Map<string, QueryAccess>();
  #sharing: SharingRules;
  #generation = 0;

  constructor(schema: Schema, store: Store, metadata: PermissionMetadata) {
    this.#schema = schema;
    this.#store = store;
    this.#metadata = metadata;
    this.#sharing = new SharingRules(schema, store);
  }

  /** Forgets decisions: users, permission sets, groups or shares changed. */
  reset(): void {
    this.#generation += 1;
    this.#users.clear();
    this.#queryAccess.clear();
    this.#sharing = new SharingRules(this.#schema, this.#store);
  }

  user(userId: string): UserAccess {
    let access = this.#users.get(userId);
    if (!access) {
      access = this.#load(userId);
      this.#users.set(userId, access);
    }
    return access;
  }

  hasCustomPermission(userId: string, name: string): boolean {
    return this.user(userId).grants.customPermissions.has(name.toLowerCase());
  }

  /** Everything that a describe call or a page says about access. */
  describeAccess(userId: string, object: ObjectDescribe): DescribedAccess {
    const user = this.user(userId);
    return {
      ...user.object(object),
      fields: new Map(
        object.fields.map((field) => [
          field.name,
          { read: user.canReadField(object, field), edit: user.canEditField(object, field) },
        ]),
      ),
    };
  }

  /** Checks for a query; null when nothing is checked. */
  queryAccess(userId: string, mode: Mode, sharing: Sharing): QueryAccess | null {
    if (mode === 'system' && sharing === 'without') return null;
    const key = `${userId}/${mode}/${sharing}/${this.#generation}`;
    const existing = this.#queryAccess.get(key);
    if (existing) return existing;
    const user = this.user(userId);
    const access: QueryAccess = {
      key,
      fields:
        mode === 'user'
          ? {
              canReadObject: (object) => user.object(object).read,
              canReadField: (object, field) => user.canReadField(object, field),
            }
          : null,
      visibleRows: (object, alias): SqlFragment | null =>
        mode === 'user' || sharing === 'with' ? this.#sharing.rows(userId, user, object, alias, 'read') : null,
    };
    this.#queryAccess.set(key, access);
    return access;
  }

  /** Checks for a DML statement; null when nothing is checked. */
  recordAccess(userId: string, mode: Mode, sharing: Sharing): RecordAccessDecisions | null {
    if (mode === 'system' && sharing === 'without') return null;
    return new RecordAccessDecisions(this.#store, this.#sharing, userId, this.user(userId), mode === 'user');
  }

  #load(userId: string): UserAccess {
    const [row] = this.#store.all(
      `SELECT p."Name", ${FLAGS.map((flag) => `p."Permissions${flag}"`).join(', ')} FROM "User" u JOIN "Profile" p ON p."Id" = u."ProfileId" WHERE u."Id" = ?`,
      [userId],
    );
    const profileName = String(row?.[0] ?? '');
    const userPermissions = new Set<string>(FLAGS.filter((_flag, index) => row?.[index + 1] === 1n));
    const sets = this.#store.all(
      `SELECT ps."Id", ps."Name", ${FLAGS.map((flag) => `ps."Permissions${flag}"`).join(', ')} FROM "PermissionSet" ps WHERE ps."Id" IN (SELECT "PermissionSetId" FROM "PermissionSetAssignment" WHERE "AssigneeId" = ?1 UNION SELECT c."PermissionSetId" FROM "PermissionSetGroupComponent" c JOIN "PermissionSetAssignment" a ON a."PermissionSetGroupId" = c."PermissionSetGroupId" WHERE a."AssigneeId" = ?1)`,
      [userId],
    );
    for (const set of sets) {
      FLAGS.forEach((flag, index) => {
        if (set[index + 2] === 1n) userPermissions.add(flag);
      });
      for (const permission of this.#metadata.permissionSets.find((candidate) => candidate.name === set[1])
        ?.userPermissions ?? [])
        userPermissions.add(permission);
    }
    const ids = JSON.stringify(sets.map((set) => set[0]));
    const objects = new Map<string, ObjectAccess>();
    for (const permission of this.#store.all(
      'SELECT "SobjectType", "PermissionsRead", "PermissionsCreate", "PermissionsEdit", "PermissionsDelete", "PermissionsViewAllRecords", "PermissionsModifyAllRecords" FROM "ObjectPermissions" WHERE "ParentId" IN (SELECT value FROM json_each(?))',
      [ids],
    )) {
      const [name, read, create, edit, remove, viewAll, modifyAll] = permission;
      const granted: ObjectAccess = {
        read: read === 1n,
        create: create === 1n,
        edit: edit === 1n,
        delete: remove === 1n,
        viewAll: viewAll === 1n,
        modifyAll: modifyAll === 1n,
      };
      objects.set(String(name), add(objects.get(String(name)) ?? NO_ACCESS, granted));
    }
    const fields = new Map<string, boolean>();
    for (const [field, read, edit] of this.#store.all(
      'SELECT "Field", "PermissionsRead", "PermissionsEdit" FROM "FieldPermissions" WHERE "ParentId" IN (SELECT value FROM json_each(?))',
      [ids],
    )) {
      const key = this.#canonicalField(String(field));
      if (read === 1n || edit === 1n) fields.set(key, fields.get(key) === true || edit === 1n);
    }
    const customPermissions = new Set(
      this.#store
        .all(
          'SELECT c."DeveloperName" FROM "SetupEntityAccess" s JOIN "CustomPermission" c ON c."Id" = s."SetupEntityId" WHERE s."ParentId" IN (SELECT value FROM json_each(?))',
          [ids],
        )
        .map((entry) => String(entry[0]).toLowerCase()),
    );
    return new UserAccess({
      profileName,
      isAdministrator: profileName === ADMINISTRATOR_PROFILE,
      viewAllData: userPermissions.has('ViewAllData') || userPermissions.has('ModifyAllData'),
      modifyAllData: userPermissions.has('ModifyAllData'),
      userPermissions,
      objects,
      fields,
      customPermissions,
    });
  }

  #canonicalField(name: string): string {
    const [objectName = '', fieldName = ''] = name.split('.');
    const object = this.#schema.object(objectName);
    const field = object?.field(fieldName);
    return object && field ? `${object.name}.${field.name}` : name;
  }

  // --- rows that mirror the project's permission sets

  /** Writes the project's permission sets as rows, keeping their Ids, when they changed. Runs inside a transaction. */
  mirrorPermissionSets(userId: string, now: number): void {
    const hash = createHash('sha256')
      .update(JSON.stringify([this.#metadata.permissionSets, [...this.#metadata.customPermissions]]))
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
    for (const set of this.#metadata.permissionSets) {
      const values: Record<string, unknown> = {
        Name: set.name,
        Label: set.label,
        Description: set.description,
        IsCustom: true,
        Type: 'Regular',
        ...Object.fromEntries(FLAGS.map((flag) => [`Permissions${flag}`, set.userPermissions.includes(flag)])),
      };
      let id = existing.get(set.name);
      if (id === undefined) id = this.#insert(describe, values, userId, stamp);
      else this.#store.update(describe, id, new Map(Object.entries(values)));
      this.#replacePermissions(id, set, customPermissionIds, userId, stamp);
    }
    this.#store.setValue(MIRROR_NAMES, JSON.stringify(this.#metadata.permissionSets.map((set) => set.name)));
    this.#store.setValue(MIRROR_HASH, hash);
    this.reset();
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
    const id = this.#store.nextId(describe);
    const row = new Map<string, unknown>([['Id', id]]);
    for (const field of describe.fields) {
      if (field.type === 'boolean') row.set(field.name, false);
      else if (field.name === 'CreatedById' || field.name === 'LastModifiedById') row.set(field.name, userId);
      else if (field.name === 'CreatedDate' || field.name === 'LastModifiedDate' || field.name === 'SystemModstamp')
        row.set(field.name, stamp);
    }
    for (const [name, value] of Object.entries(values)) row.set(name, value);
    this.#store.insert(describe, row);
    return id;
  }
}

/** Decisions for one DML statement. */
export class RecordAccessDecisions {
  readonly #store: Store;
  readonly #sharing: SharingRules;
  readonly #userId: string;
  readonly #user: UserAccess;
  readonly #checksPermissions: boolean;

  constructor(store: Store, sharing: SharingRules, userId: string, user: UserAccess, checksPermissions: boolean) {
    this.#store = store;
    this.#sharing = sharing;
    this.#userId = userId;
    this.#user = user;
    this.#checksPermissions = checksPermissions;
  }

  #object(object: ObjectDescribe): ObjectAccess {
    return this.#checksPermissions ? this.#user.object(object) : FULL_ACCESS;
  }

  canCreate(object: ObjectDescribe): boolean {
    return this.#object(object).create;
  }

  canUpdate(object: ObjectDescribe): boolean {
    return this.#object(object).edit;
  }

  canDelete(object: ObjectDescribe): boolean {
    return this.#object(object).delete;
  }

  unwritableFields(object: ObjectDescribe, names: readonly string[]): readonly string[] {
    if (!this.#checksPermissions) return [];
    return names.filter((name) => {
      const field = object.field(name) as FieldDescribe;
      return isPermissionable(object, field) && !this.#user.canEditField(object, field);
    });
  }

  withoutEditAccess(
    object: ObjectDescribe,
    ids: readonly string[],
    operation: 'update' | 'delete',
  ): ReadonlySet<string> {
    return this.#hidden(object, ids, operation === 'update' ? 'edit' : 'delete');
  }

  withoutReadAccess(object: ObjectDescribe, ids: readonly string[]): ReadonlySet<string> {
    return this.#hidden(object, ids, 'read');
  }

  #hidden(object: ObjectDescribe, ids: readonly string[], level: 'read' | 'edit' | 'delete'): ReadonlySet<string> {
    const condition = this.#sharing.rows(this.#userId, this.#user, object, 't', level);
    if (!condition || ids.length === 0) return new Set();
    const allowed = new Set(
      this.#store
        .all(
          `SELECT t."Id" FROM ${quote(object.name)} AS t WHERE t."Id" IN (SELECT value FROM json_each(?)) AND ${condition.sql}`,
          [JSON.stringify(ids), ...condition.parameters],
        )
        .map((row) => String(row[0])),
    );
    return new Set(ids.filter((id) => !allowed.has(id)));
  }
}
