import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { AccessDenied, DmlFailure } from '../../src/runtime/errors.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import { QueryError } from '../../src/soql/errors.ts';
import type { Transaction } from '../../src/runtime/types.ts';
import { MetadataError } from '../../src/project/errors.ts';
import { metadata } from '../project/temporaryProject.ts';
import { planProject } from '../schema/planProject.ts';
import { date, decimal, dml, insert, query, record } from '../runtime/helpers.ts';

const org = openOrg({ project: loadProject(planProject()) });
after(() => org.close());
const asUser = { accessMode: 'user', sharing: 'with' } as const;

/** Boss above rep, a stranger elsewhere; each with a permission set or none. */
const people = org.transaction({ userId: org.administratorId }, (transaction) => {
  const profile = (name: string): string =>
    (query(transaction, `SELECT Id FROM Profile WHERE Name = '${name}'`)[0] as { Id: string }).Id;
  const [chief] = insert(transaction, record(org, 'UserRole', { Name: 'Chief' }));
  const [below] = insert(transaction, record(org, 'UserRole', { Name: 'Below', ParentRoleId: chief }));
  const user = (alias: string, profileName: string, role: string | undefined): ReturnType<typeof record> =>
    record(org, 'User', {
      Alias: alias,
      LastName: alias,
      Username: `${alias}@example.com`,
      Email: `${alias}@example.com`,
      ProfileId: profile(profileName),
      UserRoleId: role,
      TimeZoneSidKey: 'Europe/Berlin',
      LocaleSidKey: 'de_DE',
      LanguageLocaleKey: 'de',
      EmailEncodingKey: 'UTF-8',
    });
  const [boss, rep, stranger, viewer] = insert(
    transaction,
    user('boss', 'Minimum Access - Salesforce', chief),
    user('rep', 'Minimum Access - Salesforce', below),
    user('stranger', 'Minimum Access - Salesforce', undefined),
    user('viewer', 'Standard User', undefined),
  ) as [string, string, string, string];
  const set = (name: string): string =>
    (query(transaction, `SELECT Id FROM PermissionSet WHERE Name = '${name}'`)[0] as { Id: string }).Id;
  const assign = (person: string, name: string): ReturnType<typeof record> =>
    record(org, 'PermissionSetAssignment', { AssigneeId: person, PermissionSetId: set(name) });
  insert(
    transaction,
    assign(boss, 'Manager'),
    assign(rep, 'Manager'),
    assign(stranger, 'Manager'),
    assign(viewer, 'Viewer'),
  );
  return { boss, rep, stranger, viewer };
});
const rows = org.transaction({ userId: org.administratorId }, (transaction) => {
  const [account] = insert(transaction, record(org, 'Account', { Name: 'Acme' }));
  const [plan] = transaction.runAs(people.rep, () =>
    insert(
      transaction,
      record(org, 'Plan__c', {
        Name: 'Reps',
        Account__c: account,
        Start__c: date('2026-01-01'),
        Target__c: decimal('5'),
      }),
    ),
  );
  return { account, plan };
});

/** Runs as a user and rolls back. */
function as(userId: string, work: (transaction: Transaction) => void): void {
  const undo = new Error('undo');
  assert.throws(
    () =>
      org.transaction({ userId }, (transaction) => {
        work(transaction);
        throw undo;
      }),
    (error) => {
      if (error !== undo) throw error;
      return true;
    },
  );
}

test('private records are seen by owner, those above, and nobody else', () => {
  const seen = (userId: string): number =>
    org.transaction({ userId }, (transaction) => query(transaction, 'SELECT Id FROM Plan__c', {}, asUser).length);
  assert.deepEqual(
    [seen(people.rep), seen(people.boss), seen(people.stranger), seen(people.viewer), seen(org.administratorId)],
    [1, 1, 0, 0, 1],
  );
  as(people.stranger, (transaction) => {
    assert.equal(query(transaction, 'SELECT Id FROM Plan__c', {}, { accessMode: 'system', sharing: 'with' }).length, 0);
    assert.equal(query(transaction, 'SELECT Id FROM Plan__c').length, 1);
    assert.deepEqual(query(transaction, 'SELECT Name, (SELECT Name FROM Plans__r) FROM Account', {}, asUser), [
      { Name: 'Acme', Plans__r: [] },
    ]);
    assert.deepEqual(
      query(
        transaction,
        'SELECT COUNT() FROM Account WHERE Id IN (SELECT Account__c FROM Plan__c)',
        {},
        { accessMode: 'system', sharing: 'without' },
      ),
      [1],
    );
  });
});

test('details follow their master', () =>
  as(people.stranger, (transaction) => {
    insert(transaction, record(org, 'Objective__c', { Plan__c: rows.plan }));
    assert.equal(
      query(transaction, 'SELECT Id FROM Objective__c', {}, { accessMode: 'system', sharing: 'with' }).length,
      0,
    );
    transaction.runAs(people.boss, () =>
      assert.equal(
        query(transaction, 'SELECT Id FROM Objective__c', {}, { accessMode: 'system', sharing: 'with' }).length,
        1,
      ),
    );
  }));

test('a share row opens a record at its level, to users and to groups', () =>
  as(org.administratorId, (transaction) => {
    const update = (userId: string): unknown =>
      transaction.runAs(userId, () =>
        dml(transaction, 'update', [record(org, 'Plan__c', { Id: rows.plan, End__c: date('2026-05-05') })], asUser),
      );
    const count = (): number =>
      transaction.runAs(people.stranger, () => query(transaction, 'SELECT Id FROM Plan__c', {}, asUser).length);
    const [share] = insert(
      transaction,
      record(org, 'Plan__Share', {
        ParentId: rows.plan,
        UserOrGroupId: people.stranger,
        AccessLevel: 'Read',
        RowCause: 'Manual',
      }),
    );
    assert.equal(count(), 1);
    assert.throws(
      () => update(people.stranger),
      (error) =>
        error instanceof DmlFailure && error.failures[0]?.errors[0]?.statusCode === 'INSUFFICIENT_ACCESS_OR_READONLY',
    );
    dml(transaction, 'update', [record(org, 'Plan__Share', { Id: share, AccessLevel: 'Edit' })]);
    update(people.stranger);
    assert.throws(
      () =>
        transaction.runAs(people.stranger, () =>
          dml(transaction, 'delete', [record(org, 'Plan__c', { Id: rows.plan })], asUser),
        ),
      /INSUFFICIENT_ACCESS_OR_READONLY, insufficient access rights on object id/,
    );
    dml(transaction, 'delete', [record(org, 'Plan__Share', { Id: share })]);
    assert.equal(count(), 0);
    transaction.runAs(org.administratorId, () => {
      const [group] = insert(transaction, record(org, 'Group', { Name: 'Team', Type: 'Regular' }));
      insert(transaction, record(org, 'GroupMember', { GroupId: group, UserOrGroupId: people.stranger }));
      insert(
        transaction,
        record(org, 'Plan__Share', { ParentId: rows.plan, UserOrGroupId: group, AccessLevel: 'Read' }),
      );
    });
    assert.equal(count(), 1);
  }));

test('user mode hides objects and fields that nothing grants', () => {
  const refused = (userId: string, text: string): QueryError => {
    let caught: unknown;
    as(userId, (transaction) => {
      try {
        query(transaction, text, {}, asUser);
      } catch (error) {
        caught = error;
      }
    });
    return caught instanceof QueryError ? caught : assert.fail(`${text} was not refused`);
  };
  assert.match(
    refused(people.rep, 'SELECT Won__c FROM Plan__c').message,
    /No such column 'Won__c' on entity 'Plan__c'/,
  );
  assert.match(refused(people.rep, 'SELECT Id FROM Plan__c WHERE Won__c > 0').message, /No such column 'Won__c'/);
  assert.match(
    refused(people.rep, 'SELECT Account__r.Industry FROM Plan__c').message,
    /No such column 'Industry' on entity 'Account'/,
  );
  const denied = refused(people.rep, 'SELECT Id FROM Lead');
  assert.deepEqual([denied.code, denied.deniedObject], ['INVALID_TYPE', 'Lead']);
  assert.match(
    refused(people.rep, 'SELECT Won__c FROM Plan__c WITH SECURITY_ENFORCED').message,
    /Insufficient permissions: secure query included inaccessible field/,
  );
  as(people.viewer, (transaction) => {
    query(
      transaction,
      'SELECT Name, Won__c, Start__c, Account__r.Industry, OwnerId, CreatedDate FROM Plan__c WHERE Account__c != null',
      {},
      asUser,
    );
    query(transaction, 'SELECT Target__c FROM Plan__c WITH SYSTEM_MODE', {}, asUser);
  });
});

test('user mode refuses writes by object and by field, naming the fields', () => {
  as(people.viewer, (transaction) => {
    const plan = record(org, 'Plan__c', { Account__c: rows.account, Start__c: date('2026-01-01') });
    assert.throws(
      () => dml(transaction, 'insert', [plan], asUser),
      (error) => error instanceof AccessDenied && error.message === "Access to entity 'Plan__c' denied",
    );
    dml(transaction, 'insert', [plan]);
  });
  as(people.rep, (transaction) => {
    assert.throws(
      () =>
        dml(
          transaction,
          'update',
          [record(org, 'Plan__c', { Id: rows.plan, Won__c: decimal('1'), Target__c: decimal('2') })],
          asUser,
        ),
      (error) =>
        error instanceof DmlFailure &&
        error.message ===
          'Operation failed due to fields being inaccessible on Sobject Plan__c, check errors on Exception or Result!' &&
        error.failures[0]?.errors[0]?.fields.join() === 'Won__c',
    );
    dml(transaction, 'update', [record(org, 'Plan__c', { Id: rows.plan, Target__c: decimal('2') })], asUser);
  });
});

test('describe access and custom permissions per user', () => {
  const plan = org.object('Plan__c');
  const access = org.security.describeAccess(people.viewer, plan);
  assert.deepEqual(
    [
      access.read,
      access.create,
      access.fields.get('Won__c'),
      access.fields.get('Target__c'),
      access.fields.get('Name')?.read,
    ],
    [true, false, { read: true, edit: false }, { read: false, edit: false }, true],
  );
  assert.equal(org.security.describeAccess(people.rep, plan).fields.get('Target__c')?.edit, true);
  assert.deepEqual(
    [
      org.security.hasCustomPermission(people.rep, 'override'),
      org.security.hasCustomPermission(people.viewer, 'Override'),
    ],
    [true, false],
  );
});

test('public read only lets others read, not edit; a lookup to a hidden record is refused', () =>
  as(people.viewer, (transaction) => {
    const child = record(org, 'Opportunity', {
      Name: 'O',
      StageName: 'Prospecting',
      CloseDate: date('2026-01-01'),
      Plan__c: rows.plan,
    });
    assert.throws(
      () => dml(transaction, 'insert', [child], { accessMode: 'system', sharing: 'with' }),
      /INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY, insufficient access rights on cross-reference id/,
    );
  }));

test('permissions on what does not exist are refused by file and line', () => {
  const open = (body: string): void =>
    void openOrg({
      project: loadProject(
        planProject({
          'force-app/main/permissionsets/Bad.permissionset-meta.xml': metadata(
            'PermissionSet',
            `<label>Bad</label>\n${body}`,
          ),
        }),
      ),
    });
  assert.throws(
    () =>
      open(
        '<fieldPermissions><editable>false</editable><field>Plan__c.Nope__c</field><readable>true</readable></fieldPermissions>',
      ),
    (error) =>
      error instanceof MetadataError &&
      /Bad\.permissionset-meta\.xml:4:\d+: this permission is about the field Plan__c\.Nope__c/.test(error.message),
  );
  assert.throws(
    () =>
      open(
        '<objectPermissions><allowCreate>true</allowCreate><allowRead>false</allowRead><object>Plan__c</object></objectPermissions>',
      ),
    /allows more than reading without allowRead/,
  );
});
