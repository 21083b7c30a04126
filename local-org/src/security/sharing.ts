/**
 * Record sharing as conditions in SQL: org-wide defaults, owners, the role hierarchy, groups and share rows, and access
 * that follows from other records. Every condition is a semi-join on indexed columns: what a user may see is found from
 * the user's side, not by looking at every row.
 */
import { parentOf, shareOf } from '../schema/shareObjects.ts';
import type { FieldDescribe, ObjectDescribe, Schema } from '../schema/types.ts';
import type { SqlFragment } from '../soql/types.ts';
import { quote } from '../store/encoding.ts';
import type { Store } from '../store/Store.ts';
import { Membership } from './membership.ts';
import type { Principals } from './membership.ts';
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
/** Objects below accounts: who has the account may have them too, and who has one of them may read its account. */
const ACCOUNT_CHILDREN: readonly string[] = ['Opportunity', 'Case', 'Contact'];
const ROLE_LEVELS: Readonly<Record<Level, readonly string[]>> = {
  read: ['read', 'edit'],
  edit: ['edit'],
  delete: [],
};
const NOTHING: SqlFragment = { sql: '0', parameters: [] };

function anyOf(conditions: readonly SqlFragment[]): SqlFragment {
  return conditions.length === 0 ? NOTHING : joined(conditions, ' OR ');
}

function joined(conditions: readonly SqlFragment[], operator: ' OR ' | ' AND '): SqlFragment {
  return {
    sql: `(${conditions.map((condition) => condition.sql).join(operator)})`,
    parameters: conditions.flatMap((condition) => condition.parameters),
  };
}

const words = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

/** Decisions for one state of users, roles and groups; made anew when those change. */
export class RecordSharing {
  readonly #schema: Schema;
  readonly #store: Store;
  #membership: Membership | null = null;

  constructor(schema: Schema, store: Store) {
    this.#schema = schema;
    this.#store = store;
  }

  get membership(): Membership {
    this.#membership ??= new Membership(this.#store);
    return this.#membership;
  }

  /** Condition on rows of `alias` that the user has access to at the level; null when it has to all. */
  rows(userId: string, user: UserAccess, object: ObjectDescribe, alias: string, level: Level): SqlFragment | null {
    const { grants } = user;
    if (grants.isAdministrator || grants.modifyAllData || (level === 'read' && grants.viewAllData)) return null;
    const isDependent = object.kind === 'share' || object.kind === 'history' || object.kind === 'feed';
    const access = user.object(object);
    if (!isDependent && (access.modifyAll || (level === 'read' && access.viewAll))) return null;
    if (isDependent) return this.#dependentRows(userId, user, object, alias, level);
    if (object.kind !== 'custom' && (object.kind !== 'standard' || object.setup)) return null;
    if (object.sharingModel === 'ControlledByParent')
      return this.#controlledByParent(userId, user, object, alias, level);
    if (PUBLIC[object.sharingModel]?.includes(level)) return null;
    if (!object.field('OwnerId')) return null;
    return anyOf([
      ...this.#direct(userId, object, alias, level),
      ...this.#throughAccount(userId, object, alias, level),
      ...this.#throughChildren(userId, object, alias, level),
      ...this.#throughActivityParents(userId, user, object, alias, level),
    ]);
  }

  principals(userId: string): Principals {
    return this.membership.principals(userId);
  }

  /** Owned by the user, by someone below, or by a queue; or shared by a row. */
  #direct(userId: string, object: ObjectDescribe, alias: string, level: Level): readonly SqlFragment[] {
    const principals = this.principals(userId);
    const conditions: SqlFragment[] = [
      { sql: `${alias}."OwnerId" IN (SELECT value FROM json_each(?))`, parameters: [principals.owners] },
    ];
    const share = shareOf(this.#schema, object);
    if (share)
      conditions.push({
        sql: `${alias}."Id" IN (${sharedIds(share.share, share.parentField, share.levelField, SHARE_LEVELS[level])})`,
        parameters: [principals.grantees],
      });
    return conditions;
  }

  /**
   * Opportunities, cases and contacts of accounts that the user owns, as far as the owner's role says, and of accounts
   * that are shared with access to them (Salesforce Help, "Built-in sharing behavior").
   */
  #throughAccount(userId: string, object: ObjectDescribe, alias: string, level: Level): readonly SqlFragment[] {
    const levels = ROLE_LEVELS[level];
    const account = this.#schema.object('Account');
    const share = account && shareOf(this.#schema, account);
    if (!ACCOUNT_CHILDREN.includes(object.name) || levels.length === 0 || !share || !object.field('AccountId'))
      return [];
    const principals = this.principals(userId);
    const owners = this.#store
      .all(
        `SELECT u."Id" FROM "User" u JOIN "UserRole" r ON r."Id" = u."UserRoleId" WHERE u."Id" IN (SELECT value FROM json_each(?)) AND lower(r."${object.name}AccessForAccountOwner") IN (${words(levels)})`,
        [JSON.stringify(principals.users)],
      )
      .map((row) => String(row[0]));
    return [
      ...(owners.length === 0
        ? []
        : [
            {
              sql: `${alias}."AccountId" IN (SELECT a."Id" FROM "Account" AS a WHERE a."OwnerId" IN (SELECT value FROM json_each(?)))`,
              parameters: [JSON.stringify(owners)],
            },
          ]),
      {
        sql: `${alias}."AccountId" IN (${sharedIds(share.share, share.parentField, `${object.name}AccessLevel`, levels)})`,
        parameters: [principals.grantees],
      },
    ];
  }

  /** An account is open for reading to who has one of its opportunities, cases or contacts, by owner or share row. */
  #throughChildren(userId: string, object: ObjectDescribe, alias: string, level: Level): readonly SqlFragment[] {
    if (object.name !== 'Account' || level !== 'read') return [];
    return ACCOUNT_CHILDREN.flatMap((name) => {
      const child = this.#schema.object(name);
      if (!child?.field('AccountId') || (child.sharingModel !== 'Private' && child.sharingModel !== 'Read')) return [];
      return this.#direct(userId, child, 'c', 'read').map((condition): SqlFragment => ({
        sql: `${alias}."Id" IN (SELECT c."AccountId" FROM ${quote(name)} AS c WHERE ${condition.sql} AND c."IsDeleted" = 0)`,
        parameters: condition.parameters,
      }));
    });
  }

  /** Who may read the record that an activity is related to may read the activity. */
  #throughActivityParents(
    userId: string,
    user: UserAccess,
    object: ObjectDescribe,
    alias: string,
    level: Level,
  ): readonly SqlFragment[] {
    if (level !== 'read' || (object.name !== 'Task' && object.name !== 'Event')) return [];
    return ['WhatId', 'WhoId'].flatMap((name) => {
      const field = object.field(name);
      return field ? this.#parents(userId, user, field, alias, 'read').conditions : [];
    });
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
    return conditions.length === 0 ? null : joined(conditions, ' AND ');
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
    const { conditions, restricted } = this.#parents(userId, user, field, alias, parentLevel);
    if (!restricted) return null;
    // A contact without account is its owner's.
    const orphans: readonly SqlFragment[] =
      object.field('OwnerId') && field.nillable
        ? [
            {
              sql: `(${alias}.${quote(field.name)} IS NULL AND ${alias}."OwnerId" IN (SELECT value FROM json_each(?)))`,
              parameters: [this.principals(userId).owners],
            },
          ]
        : [];
    return anyOf([...conditions, ...orphans]);
  }

  /** A condition for each target of a reference: the record that it names is one that the user has. */
  #parents(
    userId: string,
    user: UserAccess,
    field: FieldDescribe,
    alias: string,
    level: Level,
  ): { readonly conditions: readonly SqlFragment[]; readonly restricted: boolean } {
    const column = `${alias}.${quote(field.name)}`;
    const conditions: SqlFragment[] = [];
    let restricted = false;
    for (const target of field.referenceTo) {
      const parent = this.#schema.object(target);
      if (!parent) continue;
      const parentAlias = `${alias}_${target.toLowerCase().replace(/\W/g, '')}`;
      const rows = this.rows(userId, user, parent, parentAlias, level);
      // "~" stands behind every character of an Id.
      if (!rows)
        conditions.push({ sql: `${column} BETWEEN '${parent.keyPrefix}' AND '${parent.keyPrefix}~'`, parameters: [] });
      else {
        restricted = true;
        conditions.push({
          sql: `${column} IN (SELECT ${parentAlias}."Id" FROM ${quote(parent.name)} AS ${parentAlias} WHERE ${rows.sql})`,
          parameters: rows.parameters,
        });
      }
    }
    return { conditions, restricted };
  }

  /** Share, history and feed rows go with their record; share rows are written by who has all access to it. */
  #dependentRows(
    userId: string,
    user: UserAccess,
    object: ObjectDescribe,
    alias: string,
    level: Level,
  ): SqlFragment | null {
    const found = parentOf(this.#schema, object);
    if (!found) return null;
    // Posts and comments are changed by who wrote them.
    const own: readonly SqlFragment[] =
      object.kind === 'feed' && level !== 'read' ? [{ sql: `${alias}."CreatedById" = ?`, parameters: [userId] }] : [];
    const parentLevel: Level = level === 'read' || object.kind === 'feed' ? 'read' : 'delete';
    const { conditions, restricted } = this.#parents(userId, user, found.field, alias, parentLevel);
    if (!restricted) return own[0] ?? null;
    return joined([anyOf(conditions), ...own], ' AND ');
  }
}

/** Ids that share rows open at one of the levels to the grantees in the one parameter. */
function sharedIds(share: ObjectDescribe, parentField: string, levelField: string, levels: readonly string[]): string {
  return `SELECT s.${quote(parentField)} FROM ${quote(share.name)} AS s WHERE s."UserOrGroupId" IN (SELECT value FROM json_each(?)) AND s."RowCause$folded" IS NOT 'owner' AND s.${quote(`${levelField}$folded`)} IN (${words(levels)})`;
}
