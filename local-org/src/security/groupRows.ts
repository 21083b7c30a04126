/** Rows of roles, public groups and queues, and the groups that stand for roles. */
import type { ObjectDescribe, Schema } from '../schema/types.ts';
import type { Store } from '../store/Store.ts';
import { insertSystemRow } from '../store/systemRows.ts';
import { ApexDatetime } from '../values/ApexDatetime.ts';
import type { SharingMetadata, SharingParty } from './sharingMetadata.ts';

/** Each role has two groups, which share rows and memberships name (Object Reference, Group.Type). */
const ROLE_GROUPS = ['Role', 'RoleAndSubordinates'] as const;
const ALL_INTERNAL_USERS = 'AllInternalUsers';
const GROUP_TYPES: Readonly<Record<SharingParty['kind'], string>> = {
  group: 'Regular',
  queue: 'Queue',
  role: 'Role',
  roleAndSubordinates: 'RoleAndSubordinates',
  allInternalUsers: 'Organization',
};

export class GroupRows {
  readonly #schema: Schema;
  readonly #store: Store;

  constructor(schema: Schema, store: Store) {
    this.#schema = schema;
    this.#store = store;
  }

  /** Writes the project's roles, groups and queues, keeping their Ids. Runs inside a transaction. */
  mirror(metadata: SharingMetadata, userId: string, now: number): void {
    const stamp = new ApexDatetime(Math.floor(now / 1000) * 1000);
    const roleIds = this.#mirrorRoles(metadata, userId, stamp);
    this.addRoleGroups(userId, stamp);
    this.#saveGroup(ALL_INTERNAL_USERS, 'Organization', { Name: 'All Internal Users' }, userId, stamp);
    for (const group of metadata.groups)
      this.#saveGroup(
        group.developerName,
        'Regular',
        { Name: group.label.slice(0, 40), DoesIncludeBosses: group.includesBosses },
        userId,
        stamp,
      );
    for (const queue of metadata.queues)
      this.#saveGroup(
        queue.developerName,
        'Queue',
        { Name: queue.label.slice(0, 40), Email: queue.email, DoesSendEmailToMembers: queue.sendsEmail },
        userId,
        stamp,
      );
    for (const queue of metadata.queues) this.#mirrorQueue(queue, roleIds, userId, stamp);
  }

  /** Id of the group that stands for a party; null when there is none (a role that was deleted). */
  groupId(party: SharingParty): string | null {
    const type = GROUP_TYPES[party.kind];
    const [sql, parameters] =
      party.kind === 'role' || party.kind === 'roleAndSubordinates'
        ? [
            'SELECT g."Id" FROM "Group" g JOIN "UserRole" r ON r."Id" = g."RelatedId" WHERE g."Type" = ? AND r."DeveloperName" = ?',
            [type, party.name],
          ]
        : [
            'SELECT "Id" FROM "Group" WHERE "Type" = ? AND "DeveloperName" = ?',
            [type, party.kind === 'allInternalUsers' ? ALL_INTERNAL_USERS : party.name],
          ];
    const [row] = this.#store.all(sql, parameters);
    return row ? String(row[0]) : null;
  }

  /** Adds the groups of roles that have none and removes those of roles that are gone. */
  addRoleGroups(userId: string, stamp: ApexDatetime): void {
    const group = this.#object('Group');
    for (const type of ROLE_GROUPS) {
      const missing = this.#store.all(
        'SELECT r."Id", r."Name", r."DeveloperName" FROM "UserRole" r WHERE NOT EXISTS (SELECT 1 FROM "Group" g WHERE g."RelatedId" = r."Id" AND g."Type" = ?)',
        [type],
      );
      for (const [id, name, developerName] of missing)
        insertSystemRow(
          this.#store,
          group,
          {
            Name: name === null ? null : String(name).slice(0, 40),
            DeveloperName: developerName,
            Type: type,
            RelatedId: id,
            DoesIncludeBosses: true,
            OwnerId: null,
          },
          userId,
          stamp,
        );
    }
    this.#store.run(
      'DELETE FROM "Group" WHERE "Type" IN (\'Role\', \'RoleAndSubordinates\') AND "RelatedId" NOT IN (SELECT "Id" FROM "UserRole")',
      [],
    );
  }

  #mirrorRoles(metadata: SharingMetadata, userId: string, stamp: ApexDatetime): ReadonlyMap<string, string> {
    const describe = this.#object('UserRole');
    const ids = new Map(
      [...this.#store.loadWhere(describe, '"DeveloperName" IS NOT NULL', [])].map(([id, values]) => [
        String(values.get('DeveloperName')),
        id,
      ]),
    );
    for (const role of metadata.roles) {
      const values = {
        Name: role.label,
        DeveloperName: role.developerName,
        RollupDescription: role.description,
        OpportunityAccessForAccountOwner: role.opportunityAccess ?? 'None',
        CaseAccessForAccountOwner: role.caseAccess ?? 'None',
        ContactAccessForAccountOwner: role.contactAccess ?? 'None',
      };
      const id = ids.get(role.developerName);
      if (id === undefined) ids.set(role.developerName, insertSystemRow(this.#store, describe, values, userId, stamp));
      else this.#store.update(describe, id, new Map(Object.entries(values)));
    }
    for (const role of metadata.roles)
      this.#store.update(
        describe,
        ids.get(role.developerName) ?? '',
        new Map([['ParentRoleId', role.parent === null ? null : (ids.get(role.parent) ?? null)]]),
      );
    return ids;
  }

  #mirrorQueue(
    queue: SharingMetadata['queues'][number],
    roleIds: ReadonlyMap<string, string>,
    userId: string,
    stamp: ApexDatetime,
  ): void {
    const queueId = this.groupId({ kind: 'queue', name: queue.developerName }) ?? '';
    const add = (objectName: string, parent: string, field: string, values: readonly string[]): void => {
      const describe = this.#object(objectName);
      const present = new Set(
        [...this.#store.loadWhere(describe, `"${parent}" = ?`, [queueId]).values()].map((row) => row.get(field)),
      );
      for (const value of values)
        if (!present.has(value))
          insertSystemRow(this.#store, describe, { [parent]: queueId, [field]: value }, userId, stamp);
    };
    add('QueueSobject', 'QueueId', 'SobjectType', queue.objects);
    const users = this.#store
      .all('SELECT "Id" FROM "User" WHERE "Username$folded" IN (SELECT lower(value) FROM json_each(?))', [
        JSON.stringify(queue.users),
      ])
      .map((row) => String(row[0]));
    const members = queue.members.flatMap((member) => this.groupId(member) ?? roleIds.get(member.name) ?? []);
    add('GroupMember', 'GroupId', 'UserOrGroupId', [...users, ...members]);
  }

  #saveGroup(
    developerName: string,
    type: string,
    values: Readonly<Record<string, unknown>>,
    userId: string,
    stamp: ApexDatetime,
  ): void {
    const describe = this.#object('Group');
    const [found] = this.#store.all('SELECT "Id" FROM "Group" WHERE "DeveloperName" = ? AND "Type" = ?', [
      developerName,
      type,
    ]);
    if (found) this.#store.update(describe, String(found[0]), new Map(Object.entries(values)));
    else
      insertSystemRow(
        this.#store,
        describe,
        { DeveloperName: developerName, Type: type, DoesIncludeBosses: true, ...values },
        userId,
        stamp,
      );
  }

  #object(name: string): ObjectDescribe {
    const object = this.#schema.object(name);
    if (!object) throw new Error(`the schema lacks ${name}`);
    return object;
  }
}
