/** Decisions about users: CRUD, field-level security and sharing. */
import { parentOf } from '../schema/shareObjects.ts';
import type { ObjectDescribe, Schema } from '../schema/types.ts';
import type { QueryAccess, SqlFragment } from '../soql/types.ts';
import type { Store } from '../store/Store.ts';
import { addPermissions, FLAGS, mute, permissionsOfSets } from './grants.ts';
import type { PermissionMetadata } from './permissionMetadata.ts';
import { canonicalField, profileSetName } from './permissionRows.ts';
import { RecordAccessDecisions } from './recordAccess.ts';
import { RecordSharing } from './sharing.ts';
import { UserAccess } from './userAccess.ts';
import type { ObjectAccess } from './userAccess.ts';

const ADMINISTRATOR_PROFILE = 'System Administrator';
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
  #sharing: RecordSharing;
  #generation = 0;

  constructor(schema: Schema, store: Store, metadata: PermissionMetadata) {
    this.#schema = schema;
    this.#store = store;
    this.#metadata = metadata;
    this.#sharing = new RecordSharing(schema, store);
  }

  /** Forgets decisions: users, permission sets, groups or shares changed. */
  reset(): void {
    this.#generation += 1;
    this.#users.clear();
    this.#queryAccess.clear();
    this.#sharing = new RecordSharing(this.#schema, this.#store);
  }

  user(userId: string): UserAccess {
    let access = this.#users.get(userId);
    if (!access) {
      access = this.#load(userId);
      this.#users.set(userId, access);
    }
    return access;
  }

  /** Principals and groups as they are now. */
  get sharing(): RecordSharing {
    return this.#sharing;
  }

  /**
   * True when components may call the class for the user: by profile or permission set, or because the user may author
   * Apex (Lightning Web Components Developer Guide, "Secure Apex Classes").
   */
  hasClassAccess(userId: string, className: string): boolean {
    const { grants } = this.user(userId);
    return (
      grants.isAdministrator ||
      grants.userPermissions.has('AuthorApex') ||
      grants.permissions.classes.has(className.toLowerCase())
    );
  }

  hasCustomPermission(userId: string, name: string): boolean {
    return this.user(userId).grants.permissions.customPermissions.has(name.toLowerCase());
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
      visibleRows: (object, alias): SqlFragment | null => {
        const rows =
          mode === 'user' || sharing === 'with' ? this.#sharing.rows(userId, user, object, alias, 'read') : null;
        const fields = mode === 'user' ? this.#visibleHistory(user, object, alias) : null;
        if (!rows || !fields) return rows ?? fields;
        return { sql: `(${rows.sql} AND ${fields.sql})`, parameters: [...rows.parameters, ...fields.parameters] };
      },
    };
    this.#queryAccess.set(key, access);
    return access;
  }

  /** History rows of fields that the user may read (Object Reference: history respects field-level security). */
  #visibleHistory(user: UserAccess, object: ObjectDescribe, alias: string): SqlFragment | null {
    const parent = object.kind === 'history' && object.field('Field') ? parentOf(this.#schema, object)?.parent : null;
    const hidden = parent?.fields.filter((field) => !user.canReadField(parent, field)) ?? [];
    if (hidden.length === 0) return null;
    const names = hidden.flatMap((field) => [field.name, field.name.replace(/Id$/, '')]);
    return {
      sql: `${alias}."Field" NOT IN (SELECT value FROM json_each(?))`,
      parameters: [JSON.stringify(names)],
    };
  }

  /** Checks for a DML statement; null when nothing is checked. */
  recordAccess(userId: string, mode: Mode, sharing: Sharing): RecordAccessDecisions | null {
    if (mode === 'system' && sharing === 'without') return null;
    return new RecordAccessDecisions(this.#store, this.#sharing, userId, this.user(userId), mode === 'user');
  }

  #load(userId: string): UserAccess {
    const [row] = this.#store.all(
      `SELECT p."Name", p."Id", ${FLAGS.map((flag) => `p."Permissions${flag}"`).join(', ')} FROM "User" u JOIN "Profile" p ON p."Id" = u."ProfileId" WHERE u."Id" = ?`,
      [userId],
    );
    const [name, profileId, ...flags] = row ?? [];
    const profileName = String(name ?? '');
    const ids = (sql: string, parameter: string): readonly string[] =>
      this.#store.all(sql, [parameter]).map((found) => String(found[0]));
    const permissions = this.#permissionsOf([
      ...ids(
        'SELECT "PermissionSetId" FROM "PermissionSetAssignment" WHERE "AssigneeId" = ? AND "PermissionSetId" IS NOT NULL',
        userId,
      ),
      ...ids('SELECT "Id" FROM "PermissionSet" WHERE "ProfileId" = ?', String(profileId ?? '')),
    ]);
    FLAGS.forEach((flag, index) => {
      if (flags[index] === 1n) permissions.userPermissions.add(flag);
    });
    for (const [groupId, groupName] of this.#store.all(
      'SELECT g."Id", g."DeveloperName" FROM "PermissionSetGroup" g WHERE g."Id" IN (SELECT "PermissionSetGroupId" FROM "PermissionSetAssignment" WHERE "AssigneeId" = ?1 AND "PermissionSetGroupId" IS NOT NULL UNION SELECT ps."PermissionSetGroupId" FROM "PermissionSet" ps JOIN "PermissionSetAssignment" a ON a."PermissionSetId" = ps."Id" WHERE a."AssigneeId" = ?1 AND ps."PermissionSetGroupId" IS NOT NULL)',
      [userId],
    )) {
      const ofGroup = this.#permissionsOf(
        ids(
          'SELECT "PermissionSetId" FROM "PermissionSetGroupComponent" WHERE "PermissionSetGroupId" = ?',
          String(groupId),
        ),
      );
      for (const muting of this.#metadata.groups.find((group) => group.name === groupName)?.muting ?? [])
        mute(ofGroup, muting);
      addPermissions(permissions, ofGroup);
    }
    const { userPermissions } = permissions;
    return new UserAccess({
      profileName,
      profileIsCustom: this.#metadata.profiles.some((profile) => profile.name === profileName && profile.custom),
      isAdministrator: profileName === ADMINISTRATOR_PROFILE,
      viewAllData: userPermissions.has('ViewAllData') || userPermissions.has('ModifyAllData'),
      modifyAllData: userPermissions.has('ModifyAllData'),
      userPermissions,
      permissions,
    });
  }

  #permissionsOf(setIds: readonly string[]): ReturnType<typeof permissionsOfSets> {
    const { permissionSets, profiles } = this.#metadata;
    return permissionsOfSets(
      this.#store,
      setIds,
      (name) =>
        permissionSets.find((set) => set.name === name) ?? profiles.find((profile) => profileSetName(profile) === name),
      (name) => canonicalField(this.#schema, name),
    );
  }
}
