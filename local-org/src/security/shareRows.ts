/**
 * The `__Share` rows that the platform keeps: one for the owner of every record of an object that isn't open to all,
 * and those that sharing rules and teams make.
 */
import { createHash } from 'node:crypto';
import { shareOf } from '../schema/shareObjects.ts';
import type { ShareDescribe } from '../schema/shareObjects.ts';
import type { ObjectDescribe, Schema } from '../schema/types.ts';
import { quote } from '../store/encoding.ts';
import { filterLogic } from '../store/filterCondition.ts';
import type { Store } from '../store/Store.ts';
import { insertSystemRow } from '../store/systemRows.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import type { GroupRows } from './groupRows.ts';
import type { Membership } from './membership.ts';
import type { SharingMetadata, SharingRule } from './sharingMetadata.ts';

const HASH = 'shareRowsHash';
const LEVEL_ORDER: readonly string[] = ['None', 'Read', 'Edit', 'All'];
/** Levels of an account's share row for the records below the account. */
const CHILD_LEVELS = ['ContactAccessLevel', 'OpportunityAccessLevel', 'CaseAccessLevel'] as const;

/** Team objects: whose share rows their members make. */
const TEAMS: Readonly<Record<string, string>> = {
  AccountTeamMember: 'Account',
  OpportunityTeamMember: 'Opportunity',
};

interface Author {
  readonly userId: string;
  readonly now: number;
}

/** True when the object's records have rows for their owners: not everyone may edit them. */
function hasOwnerRows(object: ObjectDescribe): boolean {
  return object.field('OwnerId') !== undefined && (object.sharingModel === 'Private' || object.sharingModel === 'Read');
}

const higher = (left: string, right: string): string =>
  LEVEL_ORDER.indexOf(left) >= LEVEL_ORDER.indexOf(right) ? left : right;

export class ShareRows {
  readonly #schema: Schema;
  readonly #store: Store;
  readonly #groups: GroupRows;
  readonly #membership: () => Membership;
  readonly #rules: ReadonlyMap<string, readonly SharingRule[]>;

  constructor(
    schema: Schema,
    store: Store,
    groups: GroupRows,
    membership: () => Membership,
    metadata: SharingMetadata,
  ) {
    this.#schema = schema;
    this.#store = store;
    this.#groups = groups;
    this.#membership = membership;
    this.#rules = Map.groupBy(metadata.rules, (rule) => rule.objectName);
  }

  /** Recalculates all rows when rules or org-wide defaults are others than when the database was open last. */
  recalculateWhenChanged(author: Author): void {
    const shared = this.#schema.objects.filter((object) => shareOf(this.#schema, object));
    const hash = createHash('sha256')
      .update(JSON.stringify([shared.map((object) => [object.name, object.sharingModel]), [...this.#rules]]))
      .digest('hex');
    if (this.#store.value(HASH) === hash) return;
    for (const object of shared) {
      this.#ownerRows(object, null, author);
      this.#ruleRows(object, null, author);
    }
    this.#store.setValue(HASH, hash);
  }

  /** After inserts, restores and changes of owner: the owner's row; rows that were shared by hand are gone. */
  ownersChanged(object: ObjectDescribe, ids: readonly string[], isNew: boolean, author: Author): void {
    const share = shareOf(this.#schema, object);
    if (!share || ids.length === 0) return;
    if (!isNew) this.#remove(share, 'Manual', ids);
    this.#ownerRows(object, ids, author);
  }

  /** After a save: the rows that rules make of these records. */
  recordsSaved(object: ObjectDescribe, ids: readonly string[], author: Author): void {
    if (ids.length > 0 && this.#rules.has(object.name)) this.#ruleRows(object, ids, author);
  }

  /** After changes of users, roles, groups and their members: rows of rules that name them. */
  membershipChanged(author: Author): void {
    this.#groups.addRoleGroups(author.userId, stampOf(author));
    for (const [objectName, rules] of this.#rules) {
      const object = this.#schema.object(objectName);
      if (object && rules.some((rule) => rule.sharedFrom)) this.#ruleRows(object, null, author);
    }
  }

  /** After a save or delete of team members: the rows of the records that they belong to. */
  teamsChanged(object: ObjectDescribe, recordIds: readonly string[], author: Author): void {
    const parentName = TEAMS[object.name];
    const parent = parentName === undefined ? undefined : this.#schema.object(parentName);
    const share = parent && shareOf(this.#schema, parent);
    if (!parentName || !share) return;
    this.#remove(share, 'Team', recordIds);
    for (const [, member] of this.#store.loadWhere(
      object,
      `${quote(share.parentField)} IN (SELECT value FROM json_each(?)) AND "IsDeleted" = 0`,
      [JSON.stringify(recordIds)],
    )) {
      const levels = [share.levelField, ...(parentName === 'Account' ? CHILD_LEVELS : [])];
      insertSystemRow(
        this.#store,
        share.share,
        {
          [share.parentField]: member.get(share.parentField),
          UserOrGroupId: member.get('UserId'),
          RowCause: 'Team',
          ...Object.fromEntries(levels.map((level) => [level, member.get(level) ?? 'Read'])),
        },
        author.userId,
        stampOf(author),
      );
    }
  }

  #ownerRows(object: ObjectDescribe, ids: readonly string[] | null, author: Author): void {
    const share = shareOf(this.#schema, object);
    if (!share) return;
    this.#remove(share, 'Owner', ids);
    if (!hasOwnerRows(object)) return;
    const stamp = stampOf(author);
    const children =
      object.name === 'Account' ? Object.fromEntries(CHILD_LEVELS.map((level) => [level, 'None'] as const)) : {};
    for (const [id, owner] of this.#select(object, ids, { sql: 'r."OwnerId" IS NOT NULL', parameters: [] }))
      insertSystemRow(
        this.#store,
        share.share,
        { [share.parentField]: id, UserOrGroupId: owner, [share.levelField]: 'All', RowCause: 'Owner', ...children },
        author.userId,
        stamp,
      );
  }

  /** Rules that open a record to the same group become one row at the highest level. */
  #ruleRows(object: ObjectDescribe, ids: readonly string[] | null, author: Author): void {
    const share = shareOf(this.#schema, object);
    if (!share) return;
    this.#remove(share, 'Rule', ids);
    const rows = new Map<string, Record<string, string>>();
    for (const rule of this.#rules.get(object.name) ?? []) {
      const groupId = this.#groups.groupId(rule.sharedTo);
      if (groupId === null) continue;
      for (const [id] of this.#select(object, ids, this.#condition(object, rule))) {
        const levels = { [share.levelField]: rule.level as string, ...rule.children };
        const row = rows.get(`${String(id)}${groupId}`);
        rows.set(`${String(id)}${groupId}`, {
          [share.parentField]: String(id),
          UserOrGroupId: groupId,
          RowCause: 'Rule',
          ...Object.fromEntries(
            Object.entries(levels).map(([name, level]) => [name, higher(row?.[name] ?? 'None', level)]),
          ),
        });
      }
    }
    const stamp = stampOf(author);
    for (const row of rows.values()) insertSystemRow(this.#store, share.share, row, author.userId, stamp);
  }

  #condition(object: ObjectDescribe, rule: SharingRule): ReturnType<typeof filterLogic> {
    if (!rule.sharedFrom) return filterLogic(object, rule.filters, rule.logic, 'r');
    const groupId = this.#groups.groupId(rule.sharedFrom);
    const owners =
      groupId === null ? [] : rule.sharedFrom.kind === 'queue' ? [groupId] : [...this.#membership().users(groupId)];
    return { sql: 'r."OwnerId" IN (SELECT value FROM json_each(?))', parameters: [JSON.stringify(owners)] };
  }

  /** Id and owner of live records. */
  #select(
    object: ObjectDescribe,
    ids: readonly string[] | null,
    condition: ReturnType<typeof filterLogic>,
  ): readonly (readonly unknown[])[] {
    const owner = object.field('OwnerId') ? 'r."OwnerId"' : 'NULL';
    const among = ids === null ? '' : ' AND r."Id" IN (SELECT value FROM json_each(?))';
    return this.#store.all(
      `SELECT r."Id", ${owner} FROM ${quote(object.name)} AS r WHERE ${condition.sql} AND r."IsDeleted" = 0${among}`,
      [...condition.parameters, ...(ids === null ? [] : [JSON.stringify(ids)])],
    );
  }

  #remove({ share, parentField }: ShareDescribe, cause: string, ids: readonly string[] | null): void {
    const among = ids === null ? '' : ` AND ${quote(parentField)} IN (SELECT value FROM json_each(?))`;
    this.#store.run(
      `DELETE FROM ${quote(share.name)} WHERE "RowCause" = ?${among}`,
      ids === null ? [cause] : [cause, JSON.stringify(ids)],
    );
  }
}

function stampOf({ now }: Author): ApexDatetime {
  return new ApexDatetime(Math.floor(now / 1000) * 1000);
}
