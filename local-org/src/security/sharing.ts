/** Record sharing: org-wide defaults, owners, the role hierarchy, groups and share rows. */
import type { FieldDescribe, ObjectDescribe, Schema } from '../schema/types.ts';
import type { SqlFragment } from '../soql/types.ts';
import { quote } from '../store/encoding.ts';
import type { Store } from '../store/Store.ts';
import type { UserAccess } from './userAccess.ts';

export type Level = 'read' | 'edit' | 'delete';

/** What the org-wide default gives everyone. */
const PUBLIC: Readonly<Record<string, readonly Level[]>> = {
  Private: [],
  Read: ['read'],
  ReadWrite: ['read', 'edit'],
  ReadWriteTransfer: ['read', 'edit'],
  FullAccess: ['read', 'edit', 'delete'],
};
const SHARE_LEVELS: Readonly<Record<Level, readonly string[]>> = {
  read: ['read', 'edit', 'all'],
  edit: ['edit', 'all'],
  delete: ['all'],
};
const NOTHING: SqlFragment = { sql: '0', parameters: [] };

/** Whose records and shares count as the user's. */
interface Principals {
  /** The user, everyone below in the role hierarchy, and queues. */
  readonly owners: string;
  /** The user and everyone below, with the groups that they are in. */
  readonly grantees: string;
}

/** Rules for one state of users, roles and groups; made anew when those change. */
export class SharingRules {
  readonly #schema: Schema;
  readonly #store: Store;
  readonly #principals = new Map<string, Principals>();

  constructor(schema: Schema, store: Store) {
    this.#schema = schema;
    this.#store = store;
  }

  /** Condition on rows of `alias` that the user has access to at the level; null when it has to all. */
  rows(userId: string, user: UserAccess, object: ObjectDescribe, alias: string, level: Level): SqlFragment | null {
    const { grants } = user;
    if (grants.isAdministrator || grants.modifyAllData || (level === 'read' && grants.viewAllData)) return null;
    const access = user.object(object);
    if (access.modifyAll || (level === 'read' && access.viewAll && object.kind !== 'share')) return null;
    if (object.kind === 'share') return this.#shareRows(userId, user, object, alias);
    if (object.kind !== 'custom' && (object.kind !== 'standard' || object.setup)) return null;
    if (object.sharingModel === 'ControlledByParent')
      return this.#controlledByParent(userId, user, object, alias, level);
    if (PUBLIC[object.sharingModel]?.includes(level)) return null;
    if (!object.field('OwnerId')) return null;
    return this.#ownOrShared(userId, object, alias, level);
  }

  #ownOrShared(userId: string, object: ObjectDescribe, alias: string, level: Level): SqlFragment {
    const principals = this.principals(userId);
    const conditions = [`${alias}."OwnerId" IN (SELECT value FROM json_each(?))`];
    const parameters = [principals.owners];
    const share = this.#schema.object(object.custom ? object.name.replace(/__c$/, '__Share') : `${object.name}Share`);
    if (share) {
      const parentField = share.custom || object.custom ? 'ParentId' : `${object.name}Id`;
      const levelField = object.custom ? 'AccessLevel' : `${object.name}AccessLevel`;
      conditions.push(
        `${alias}."Id" IN (SELECT s.${quote(parentField)} FROM ${quote(share.name)} AS s WHERE s."UserOrGroupId" IN (SELECT value FROM json_each(?)) AND s.${quote(`${levelField}$folded`)} IN (${SHARE_LEVELS[level].map((name) => `'${name}'`).join(', ')}))`,
      );
      parameters.push(principals.grantees);
    }
    // Who may see the record that an activity is related to may see the activity; SUPPORT.md tells what is simplified.
    if (level === 'read' && (object.name === 'Task' || object.name === 'Event'))
      conditions.push(`${alias}."WhatId" IS NOT NULL OR ${alias}."WhoId" IS NOT NULL`);
    return { sql: `(${conditions.join(' OR ')})`, parameters };
  }

  #controlledByParent(
    userId: string,
    user: UserAccess,
    object: ObjectDescribe,
    alias: string,
    level: Level,
  ): SqlFragment | null {
    const field = object.controllingParentField;
    if (!field) return null;
    const masters = object.fields.filter((candidate) => candidate.relationshipOrder !== null);
    const conditions = (masters.length > 0 ? masters : [field]).flatMap(
      (master) => this.#parentCondition(userId, user, object, master, alias, level) ?? [],
    );
    if (conditions.length === 0) return null;
    return {
      sql: `(${conditions.map((condition) => condition.sql).join(' AND ')})`,
      parameters: conditions.flatMap((condition) => condition.parameters),
    };
  }

  #parentCondition(
    userId: string,
    user: UserAccess,
    object: ObjectDescribe,
    field: FieldDescribe,
    alias: string,
    level: Level,
  ): SqlFragment | null {
    // To write a detail one must be able to edit its master, or only to read it where the field says so.
    const parentLevel: Level = level === 'read' || field.writeRequiresMasterRead ? 'read' : 'edit';
    const column = `${alias}.${quote(field.name)}`;
    const conditions: SqlFragment[] = [];
    let restricted = false;
    for (const target of field.referenceTo) {
      const parent = this.#schema.object(target);
      if (!parent) continue;
      const parentAlias = `${alias}_${target.toLowerCase().replace(/\W/g, '')}`;
      const rows = this.rows(userId, user, parent, parentAlias, parentLevel);
      if (!rows) conditions.push({ sql: `substr(${column}, 1, 3) = '${parent.keyPrefix}'`, parameters: [] });
      else {
        restricted = true;
        conditions.push({
          sql: `${column} IN (SELECT ${parentAlias}."Id" FROM ${quote(parent.name)} AS ${parentAlias} WHERE ${rows.sql})`,
          parameters: rows.parameters,
        });
      }
    }
    if (!restricted) return null;
    // A contact without account is its owner's.
    if (object.field('OwnerId') && field.nillable)
      conditions.push({
        sql: `(${column} IS NULL AND ${alias}."OwnerId" IN (SELECT value FROM json_each(?)))`,
        parameters: [this.principals(userId).owners],
      });
    return conditions.length === 0
      ? NOTHING
      : {
          sql: `(${conditions.map((condition) => condition.sql).join(' OR ')})`,
          parameters: conditions.flatMap((condition) => condition.parameters),
        };
  }

  #shareRows(userId: string, user: UserAccess, share: ObjectDescribe, alias: string): SqlFragment | null {
    const parentField = share.fields.find(
      (field) => field.type === 'reference' && field.deleteConstraint === 'Cascade' && field.name !== 'UserOrGroupId',
    );
    const parent = parentField && this.#schema.object(parentField.referenceTo[0] ?? '');
    if (!parentField || !parent) return null;
    const rows = this.rows(userId, user, parent, `${alias}_parent`, 'read');
    if (!rows) return null;
    return {
      sql: `${alias}.${quote(parentField.name)} IN (SELECT ${alias}_parent."Id" FROM ${quote(parent.name)} AS ${alias}_parent WHERE ${rows.sql})`,
      parameters: rows.parameters,
    };
  }

  principals(userId: string): Principals {
    let principals = this.#principals.get(userId);
    if (!principals) {
      principals = this.#findPrincipals(userId);
      this.#principals.set(userId, principals);
    }
    return principals;
  }

  #findPrincipals(userId: string): Principals {
    const users = new Set([userId, ...this.#subordinates(userId)]);
    const groups = this.#groups();
    const roles = new Map(
      this.#store
        .all('SELECT "Id", "UserRoleId" FROM "User"', [])
        .map((row) => [String(row[0]), row[1] === null ? null : String(row[1])]),
    );
    const parents = new Map(
      this.#store
        .all('SELECT "Id", "ParentRoleId" FROM "UserRole"', [])
        .map((row) => [String(row[0]), row[1] === null ? null : String(row[1])]),
    );
    const grantees = new Set(users);
    const roleAndAncestors = (user: string): readonly string[] => {
      const list: string[] = [];
      for (let role = roles.get(user) ?? null; role !== null && !list.includes(role); role = parents.get(role) ?? null)
        list.push(role);
      return list;
    };
    const ownRoles = new Set([...users].map((user) => roles.get(user) ?? ''));
    const upperRoles = new Set([...users].flatMap(roleAndAncestors));
    for (let grown = true; grown;) {
      grown = false;
      for (const group of groups) {
        if (grantees.has(group.id)) continue;
        const byRole =
          group.relatedId !== null &&
          (group.type === 'Role'
            ? ownRoles.has(group.relatedId)
            : group.type.startsWith('RoleAndSubordinates') && upperRoles.has(group.relatedId));
        if (byRole || group.type === 'Organization' || group.members.some((member) => grantees.has(member))) {
          grantees.add(group.id);
          grown = true;
        }
      }
    }
    const queues = groups.filter((group) => group.type === 'Queue' && grantees.has(group.id)).map((group) => group.id);
    return { owners: JSON.stringify([...users, ...queues]), grantees: JSON.stringify([...grantees]) };
  }

  /** Users in roles below the user's. */
  #subordinates(userId: string): readonly string[] {
    return this.#store
      .all(
        `WITH RECURSIVE below(id) AS (
           SELECT r."Id" FROM "UserRole" r JOIN "User" u ON r."ParentRoleId" = u."UserRoleId" WHERE u."Id" = ?
           UNION SELECT r."Id" FROM "UserRole" r JOIN below ON r."ParentRoleId" = below.id)
         SELECT u."Id" FROM "User" u WHERE u."UserRoleId" IN (SELECT id FROM below)`,
        [userId],
      )
      .map((row) => String(row[0]));
  }

  #groups(): readonly {
    readonly id: string;
    readonly type: string;
    readonly relatedId: string | null;
    readonly members: readonly string[];
  }[] {
    const members = new Map<string, string[]>();
    for (const [group, member] of this.#store.all('SELECT "GroupId", "UserOrGroupId" FROM "GroupMember"', []))
      members.set(String(group), [...(members.get(String(group)) ?? []), String(member)]);
    return this.#store.all('SELECT "Id", "Type", "RelatedId" FROM "Group"', []).map((row) => ({
      id: String(row[0]),
      type: String(row[1]),
      relatedId: row[2] === null ? null : String(row[2]),
      members: members.get(String(row[0])) ?? [],
    }));
  }
}
