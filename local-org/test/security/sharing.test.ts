import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { MetadataError } from '../../src/project/errors.ts';
import { DmlFailure } from '../../src/runtime/errors.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import type { Transaction } from '../../src/runtime/types.ts';
import { QueryError } from '../../src/soql/errors.ts';
import { ApexDatetime } from '../../src/values/ApexDatetime.ts';
import { metadata, temporaryProject } from '../project/temporaryProject.ts';
import { date, decimal, dml, insert, query, record } from '../runtime/helpers.ts';
import { openSharingOrg, SHARING_FILES } from './sharingProject.ts';

const { org, people } = openSharingOrg();
after(() => org.close());
const asUser = { accessMode: 'user', sharing: 'with' } as const;

/** Runs as the administrator and rolls back. */
function aside(work: (transaction: Transaction) => void): void {
  const undo = new Error('undo');
  try {
    org.transaction({ userId: org.administratorId }, (transaction) => {
      work(transaction);
      throw undo;
    });
  } catch (error) {
    if (error !== undo) throw error;
  }
}

const seen = (transaction: Transaction, userId: string, objectName = 'Deal__c'): number =>
  transaction.runAs(userId, () => query(transaction, `SELECT Id FROM ${objectName}`, {}, asUser).length);
const deal = (transaction: Transaction, userId: string, values: Readonly<Record<string, unknown>> = {}): string =>
  transaction.runAs(userId, () => insert(transaction, record(org, 'Deal__c', { Name: 'Deal', ...values })))[0] ?? '';
const change = (transaction: Transaction, userId: string, values: Readonly<Record<string, unknown>>): void => {
  transaction.runAs(userId, () => dml(transaction, 'update', [record(org, 'Deal__c', values)], asUser));
};
const refusal = (statusCode: string) => (error: unknown) =>
  error instanceof DmlFailure && error.failures[0]?.errors[0]?.statusCode === statusCode;
const shares = (transaction: Transaction, id: string): unknown =>
  query(transaction, `SELECT RowCause, AccessLevel FROM Deal__Share WHERE ParentId = '${id}' ORDER BY RowCause`);

test('an owner-based rule shares records of owners in roles below with a group, and not with its members’ bosses', () =>
  aside((transaction) => {
    const id = deal(transaction, people.rep);
    deal(transaction, people.service);
    assert.equal(seen(transaction, people.auditor), 1);
    assert.deepEqual(shares(transaction, id), [
      { RowCause: 'Owner', AccessLevel: 'All' },
      { RowCause: 'Rule', AccessLevel: 'Read' },
    ]);
    assert.throws(
      () => change(transaction, people.auditor, { Id: id, Region__c: 'x' }),
      refusal('INSUFFICIENT_ACCESS_OR_READONLY'),
    );
    // The auditor gets a role below Sales' boss: the group leaves bosses out.
    const role = (query(transaction, "SELECT Id FROM UserRole WHERE DeveloperName = 'Service'")[0] as { Id: string })
      .Id;
    dml(transaction, 'update', [record(org, 'User', { Id: people.auditor, UserRoleId: role })]);
    dml(transaction, 'update', [record(org, 'User', { Id: people.rep, UserRoleId: null })]);
    // The rep left the roles that share: the rule's row is gone.
    assert.deepEqual(shares(transaction, id), [{ RowCause: 'Owner', AccessLevel: 'All' }]);
    assert.equal(seen(transaction, people.auditor), 1 - 1);
  }));

test('members who join or leave a group gain and lose what is shared with it', () =>
  aside((transaction) => {
    deal(transaction, people.rep);
    assert.equal(seen(transaction, people.service), 0);
    const [group] = query(transaction, "SELECT Id FROM Group WHERE DeveloperName = 'Auditors'") as [{ Id: string }];
    const [member] = insert(
      transaction,
      record(org, 'GroupMember', { GroupId: group.Id, UserOrGroupId: people.service }),
    );
    assert.equal(seen(transaction, people.service), 1);
    dml(transaction, 'delete', [record(org, 'GroupMember', { Id: member })]);
    assert.equal(seen(transaction, people.service), 0);
  }));

test('a criteria-based rule follows the record’s values and its filter logic', () =>
  aside((transaction) => {
    const id = deal(transaction, people.rep, { Size__c: decimal('500'), Region__c: 'north' });
    assert.equal(seen(transaction, people.service), 1);
    change(transaction, people.service, { Id: id, Region__c: 'Polar circle' });
    assert.equal(seen(transaction, people.service), 1);
    change(transaction, people.rep, { Id: id, Size__c: decimal('100') });
    assert.equal(seen(transaction, people.service), 0);
    change(transaction, people.rep, { Id: id, Size__c: decimal('101'), Region__c: 'South' });
    assert.equal(seen(transaction, people.service), 0);
  }));

test('a new owner takes rows shared by hand away; Apex sharing reasons stay', () =>
  aside((transaction) => {
    const id = deal(transaction, people.service);
    for (const RowCause of ['Manual', 'Helper__c'])
      insert(
        transaction,
        record(org, 'Deal__Share', { ParentId: id, UserOrGroupId: people.auditor, AccessLevel: 'Edit', RowCause }),
      );
    dml(transaction, 'update', [record(org, 'Deal__c', { Id: id, OwnerId: people.chief })]);
    assert.deepEqual(query(transaction, `SELECT RowCause, UserOrGroupId FROM Deal__Share WHERE ParentId = '${id}'`), [
      { RowCause: 'Helper__c', UserOrGroupId: people.auditor },
      { RowCause: 'Owner', UserOrGroupId: people.chief },
    ]);
  }));

test('a deleted record that comes back has its owner’s and its rules’ rows again', () =>
  aside((transaction) => {
    const id = deal(transaction, people.rep);
    dml(transaction, 'delete', [record(org, 'Deal__c', { Id: id })]);
    assert.deepEqual(shares(transaction, id), []);
    dml(transaction, 'undelete', [record(org, 'Deal__c', { Id: id })]);
    assert.deepEqual(shares(transaction, id), [
      { RowCause: 'Owner', AccessLevel: 'All' },
      { RowCause: 'Rule', AccessLevel: 'Read' },
    ]);
  }));

test('share rows by hand: only who has all access shares, no level of owners, no rows of the platform’s own', () =>
  aside((transaction) => {
    const id = deal(transaction, people.rep);
    const share = (userId: string, values: Readonly<Record<string, unknown>>): unknown =>
      transaction.runAs(userId, () =>
        dml(
          transaction,
          'insert',
          [record(org, 'Deal__Share', { ParentId: id, UserOrGroupId: people.service, AccessLevel: 'Read', ...values })],
          asUser,
        ),
      );
    assert.throws(
      () => share(people.rep2, {}),
      refusal('INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY'),
      'rep2 sees nothing of it',
    );
    assert.throws(() => share(people.auditor, {}), refusal('INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY'));
    assert.throws(() => share(people.rep, { AccessLevel: 'All' }), refusal('FIELD_INTEGRITY_EXCEPTION'));
    assert.throws(() => share(people.rep, { RowCause: 'Rule' }), refusal('FIELD_INTEGRITY_EXCEPTION'));
    assert.throws(() => share(people.rep, { RowCause: 'Helper__c' }), refusal('INSUFFICIENT_ACCESS_OR_READONLY'));
    share(people.sales, {});
    assert.equal(seen(transaction, people.service), 1);
    const [owner] = query(
      transaction,
      `SELECT Id FROM Deal__Share WHERE ParentId = '${id}' AND RowCause = 'Owner'`,
    ) as [{ Id: string }];
    assert.throws(
      () => dml(transaction, 'delete', [record(org, 'Deal__Share', { Id: owner.Id })]),
      refusal('INSUFFICIENT_ACCESS_OR_READONLY'),
    );
  }));

test('records of a queue belong to its members', () =>
  aside((transaction) => {
    const [queue] = query(transaction, "SELECT Id FROM Group WHERE Type = 'Queue'") as [{ Id: string }];
    const id = deal(transaction, org.administratorId, { OwnerId: queue.Id });
    assert.deepEqual([seen(transaction, people.service), seen(transaction, people.rep)], [1, 0]);
    change(transaction, people.service, { Id: id, Region__c: 'x' });
  }));

test('an account opens for reading to who has an opportunity on it, and its owner gets opportunities by role', () =>
  aside((transaction) => {
    const [account] = transaction.runAs(people.rep, () =>
      insert(transaction, record(org, 'Account', { Name: 'Acme' })),
    ) as [string];
    assert.equal(seen(transaction, people.service, 'Account'), 0);
    const [opportunity] = insert(
      transaction,
      record(org, 'Opportunity', {
        Name: 'Sale',
        AccountId: account,
        StageName: 'Prospecting',
        CloseDate: date('2026-12-01'),
        OwnerId: people.service,
      }),
    );
    assert.equal(seen(transaction, people.service, 'Account'), 1);
    assert.throws(
      () =>
        transaction.runAs(people.service, () =>
          dml(transaction, 'update', [record(org, 'Account', { Id: account, Name: 'x' })], asUser),
        ),
      refusal('INSUFFICIENT_ACCESS_OR_READONLY'),
    );
    // Roles here give account owners Edit on opportunities of others, and their bosses with them.
    for (const user of [people.rep, people.sales])
      transaction.runAs(user, () =>
        dml(transaction, 'update', [record(org, 'Opportunity', { Id: opportunity, Amount: decimal('5') })], asUser),
      );
    assert.equal(seen(transaction, people.rep2, 'Opportunity'), 0);
  }));

test('an account rule opens the account and what it says below it', () =>
  aside((transaction) => {
    const [account] = transaction.runAs(people.rep, () =>
      insert(transaction, record(org, 'Account', { Name: 'Grid', Industry: 'Energy' })),
    ) as [string];
    transaction.runAs(people.rep, () =>
      insert(
        transaction,
        record(org, 'Opportunity', {
          Name: 'Sale',
          AccountId: account,
          StageName: 'Prospecting',
          CloseDate: date('2026-12-01'),
        }),
      ),
    );
    assert.deepEqual(
      [seen(transaction, people.service, 'Account'), seen(transaction, people.service, 'Opportunity')],
      [1, 1],
    );
    dml(transaction, 'update', [record(org, 'Account', { Id: account, Industry: 'Banking' })]);
    assert.deepEqual(
      [seen(transaction, people.service, 'Account'), seen(transaction, people.service, 'Opportunity')],
      [0, 0],
    );
  }));

test('team members get the access that their rows say, as long as they are in the team', () =>
  aside((transaction) => {
    const [account] = insert(transaction, record(org, 'Account', { Name: 'Acme' })) as [string];
    const [member] = insert(
      transaction,
      record(org, 'AccountTeamMember', { AccountId: account, UserId: people.rep2, AccountAccessLevel: 'Edit' }),
    );
    transaction.runAs(people.rep2, () =>
      dml(transaction, 'update', [record(org, 'Account', { Id: account, Name: 'Ours' })], asUser),
    );
    assert.deepEqual(
      query(
        transaction,
        `SELECT AccountAccessLevel, OpportunityAccessLevel FROM AccountShare WHERE AccountId = '${account}' AND RowCause = 'Team'`,
      ),
      [{ AccountAccessLevel: 'Edit', OpportunityAccessLevel: 'None' }],
    );
    dml(transaction, 'delete', [record(org, 'AccountTeamMember', { Id: member })]);
    assert.equal(seen(transaction, people.rep2, 'Account'), 0);
  }));

test('an activity is read by who may read the record that it is related to', () =>
  aside((transaction) => {
    const hidden = deal(transaction, people.service);
    const open = deal(transaction, people.rep);
    for (const WhatId of [hidden, open]) insert(transaction, record(org, 'Task', { Subject: 'Call', WhatId }));
    insert(transaction, record(org, 'Task', { Subject: 'Alone' }));
    const set = (query(transaction, "SELECT Id FROM PermissionSet WHERE Name = 'Dealer'")[0] as { Id: string }).Id;
    transaction.runAs(org.administratorId, () =>
      insert(
        transaction,
        record(org, 'ObjectPermissions', {
          ParentId: set,
          SobjectType: 'Task',
          PermissionsRead: true,
          PermissionsEdit: true,
        }),
      ),
    );
    assert.deepEqual(
      [people.rep, people.sales, people.chief, people.auditor, people.rep2].map((user) =>
        seen(transaction, user, 'Task'),
      ),
      [1, 1, 2, 1, 0],
    );
  }));

test('UserRecordAccess tells a user’s access record by record', () =>
  aside((transaction) => {
    const mine = deal(transaction, people.rep);
    const others = deal(transaction, people.service, { Size__c: decimal('500'), Region__c: 'North' });
    const access = (userId: string): unknown =>
      query(
        transaction,
        `SELECT RecordId, HasReadAccess, HasEditAccess, HasDeleteAccess, MaxAccessLevel FROM UserRecordAccess WHERE UserId = '${userId}' AND RecordId IN :ids ORDER BY RecordId`,
        { ids: [mine, others] },
        asUser,
      );
    const row = (RecordId: string, flags: readonly boolean[], MaxAccessLevel: string): unknown => ({
      RecordId,
      HasReadAccess: flags[0],
      HasEditAccess: flags[1],
      HasDeleteAccess: flags[2],
      MaxAccessLevel,
    });
    assert.deepEqual(access(people.rep), [
      row(mine, [true, true, true], 'All'),
      row(others, [false, false, false], 'None'),
    ]);
    assert.deepEqual(access(people.auditor), [
      row(mine, [true, false, false], 'Read'),
      row(others, [false, false, false], 'None'),
    ]);
    assert.deepEqual(access(org.administratorId), [
      row(mine, [true, true, true], 'All'),
      row(others, [true, true, true], 'All'),
    ]);
    assert.throws(
      () => query(transaction, 'SELECT RecordId FROM UserRecordAccess', {}, asUser),
      (error) => error instanceof QueryError && error.code === 'MALFORMED_QUERY',
    );
  }));

test('View All on an object opens its records for reading only', () =>
  aside((transaction) => {
    const id = deal(transaction, people.service);
    const [set] = query(transaction, "SELECT Id FROM PermissionSet WHERE Name = 'Seer'") as [{ Id: string }];
    insert(transaction, record(org, 'PermissionSetAssignment', { AssigneeId: people.rep, PermissionSetId: set.Id }));
    assert.equal(seen(transaction, people.rep), 1);
    assert.throws(
      () => change(transaction, people.rep, { Id: id, Region__c: 'x' }),
      refusal('INSUFFICIENT_ACCESS_OR_READONLY'),
    );
  }));

test('a muting permission set takes from its group, not from what is assigned besides', () =>
  aside((transaction) => {
    const deals = org.object('Deal__c');
    const [group] = query(transaction, "SELECT Id FROM PermissionSetGroup WHERE DeveloperName = 'Readers'") as [
      { Id: string },
    ];
    const [assignment] = query(
      transaction,
      `SELECT Id FROM PermissionSetAssignment WHERE AssigneeId = '${people.rep}'`,
    ) as [{ Id: string }];
    insert(
      transaction,
      record(org, 'PermissionSetAssignment', { AssigneeId: people.rep, PermissionSetGroupId: group.Id }),
    );
    assert.equal(org.security.user(people.rep).object(deals).edit, true);
    dml(transaction, 'delete', [record(org, 'PermissionSetAssignment', { Id: assignment.Id })]);
    const user = org.security.user(people.rep);
    const { read, create, edit } = user.object(deals);
    assert.deepEqual({ read, create, edit }, { read: true, create: false, edit: false });
    const field = (name: string) => org.object('Deal__c').field(name) as Parameters<typeof user.canReadField>[1];
    assert.deepEqual(
      [user.canReadField(deals, field('Size__c')), user.canReadField(deals, field('Region__c'))],
      [true, false],
    );
  }));

test('a profile of the project grants what its file says and nothing else', () => {
  const user = org.security.user(people.trader);
  assert.equal(user.object(org.object('Deal__c')).edit, true);
  assert.equal(user.grants.viewAllData, true);
  assert.equal(user.object(org.object('Contact')).edit, false);
  assert.equal(org.security.hasClassAccess(people.trader, 'quotes'), true);
  assert.equal(org.security.hasClassAccess(people.rep, 'Quotes'), false);
  org.transaction({ userId: org.administratorId }, (transaction) =>
    assert.deepEqual(
      query(transaction, "SELECT IsOwnedByProfile, Profile.Name FROM PermissionSet WHERE Type = 'Profile'"),
      [{ IsOwnedByProfile: true, Profile: { Name: 'Trader' } }],
    ),
  );
});

for (const [what, rules, message] of [
  [
    'a role that does not exist',
    '<sharingOwnerRules><fullName>R</fullName><accessLevel>Read</accessLevel><sharedTo><role>Nobody</role></sharedTo><sharedFrom><role>Rep</role></sharedFrom></sharingOwnerRules>',
    /role Nobody, which the project does not have/,
  ],
  [
    'a field that does not exist',
    '<sharingCriteriaRules><fullName>R</fullName><accessLevel>Read</accessLevel><sharedTo><role>Rep</role></sharedTo><criteriaItems><field>No__c</field><operation>equals</operation><value>1</value></criteriaItems></sharingCriteriaRules>',
    /criteria of sharing rules of Deal__c can't use No__c/,
  ],
  ['a rule for guests', '<sharingGuestRules><fullName>R</fullName></sharingGuestRules>', /sharingGuestRules/],
  [
    'a logic that names no item',
    '<sharingCriteriaRules><fullName>R</fullName><accessLevel>Read</accessLevel><booleanFilter>1 AND 2</booleanFilter><sharedTo><role>Rep</role></sharedTo><criteriaItems><field>Size__c</field><operation>equals</operation><value>1</value></criteriaItems></sharingCriteriaRules>',
    /names item 2; there are 1/,
  ],
] as const) {
  test(`sharing rules with ${what} are refused with the place`, () => {
    const project = temporaryProject({
      ...SHARING_FILES,
      'force-app/main/sharingRules/Deal__c.sharingRules-meta.xml': metadata('SharingRules', rules),
    });
    assert.throws(
      () => openOrg({ project: loadProject(project) }),
      (error) => {
        const text = error instanceof Error ? error.message : '';
        assert.match(text, message);
        assert.match(text, /Deal__c\.sharingRules-meta\.xml/);
        return error instanceof MetadataError || error instanceof Error;
      },
    );
  });
}

test('who may create audit fields sets them on insert; for others they are refused', () =>
  aside((transaction) => {
    const created = ApexDatetime.parse('2020-02-03T04:05:06Z');
    const importDeal = (): string =>
      transaction.runAs(people.rep, () => {
        const values = { Name: 'Old', CreatedDate: created, CreatedById: people.chief, LastModifiedDate: created };
        const [result] = dml(transaction, 'insert', [record(org, 'Deal__c', values)], { ...asUser, fromClient: true });
        return result?.id ?? '';
      });
    assert.throws(importDeal, refusal('INVALID_FIELD_FOR_INSERT_UPDATE'));
    const [set] = query(transaction, "SELECT Id FROM PermissionSet WHERE Name = 'Importer'") as [{ Id: string }];
    insert(transaction, record(org, 'PermissionSetAssignment', { AssigneeId: people.rep, PermissionSetId: set.Id }));
    assert.deepEqual(query(transaction, `SELECT CreatedById, CreatedDate FROM Deal__c WHERE Id = '${importDeal()}'`), [
      { CreatedById: people.chief, CreatedDate: created.toString() },
    ]);
  }));
