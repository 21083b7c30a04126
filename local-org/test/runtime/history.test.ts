import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openSharingOrg } from '../security/sharingProject.ts';
import { metadata } from '../project/temporaryProject.ts';
import { date, decimal, dml, insert, query, record } from './helpers.ts';

const ROOT = 'force-app/main/objects';
const object = (label: string): string =>
  metadata(
    'CustomObject',
    `<label>${label}</label><pluralLabel>${label}s</pluralLabel><nameField><label>Name</label><type>Text</type><trackHistory>true</trackHistory></nameField><sharingModel>Private</sharingModel><deploymentStatus>Deployed</deploymentStatus><enableHistory>true</enableHistory><enableFeeds>true</enableFeeds>`,
  );
const tracked = (name: string, body: string): string =>
  metadata(
    'CustomField',
    `<fullName>${name}</fullName><label>${name.replace('__c', '')}</label><trackHistory>true</trackHistory>${body}`,
  );
const { org, people } = openSharingOrg({
  [`${ROOT}/Deal__c/Deal__c.object-meta.xml`]: object('Deal'),
  [`${ROOT}/Deal__c/fields/Size__c.field-meta.xml`]: tracked(
    'Size__c',
    '<type>Number</type><precision>9</precision><scale>1</scale><trackFeedHistory>true</trackFeedHistory>',
  ),
  [`${ROOT}/Deal__c/fields/Until__c.field-meta.xml`]: tracked('Until__c', '<type>Date</type>'),
  [`${ROOT}/Deal__c/fields/Open__c.field-meta.xml`]: tracked(
    'Open__c',
    '<type>Checkbox</type><defaultValue>false</defaultValue>',
  ),
  [`${ROOT}/Deal__c/fields/Story__c.field-meta.xml`]: tracked(
    'Story__c',
    '<type>LongTextArea</type><length>3000</length><visibleLines>3</visibleLines>',
  ),
  [`${ROOT}/Deal__c/fields/Customer__c.field-meta.xml`]: tracked(
    'Customer__c',
    '<type>Lookup</type><referenceTo>Account</referenceTo><relationshipName>Deals</relationshipName>',
  ),
  [`${ROOT}/Account/Account.object-meta.xml`]: metadata(
    'CustomObject',
    '<sharingModel>Private</sharingModel><enableHistory>true</enableHistory>',
  ),
  [`${ROOT}/Account/fields/OwnerId.field-meta.xml`]: metadata(
    'CustomField',
    '<fullName>OwnerId</fullName><trackHistory>true</trackHistory>',
  ),
});
after(() => org.close());
const asUser = { accessMode: 'user', sharing: 'with' } as const;
const run = <T>(work: Parameters<typeof org.transaction<T>>[1], userId = org.administratorId): T =>
  org.transaction({ userId }, work);
const historyOf = (id: string, userId = org.administratorId): unknown =>
  run(
    (transaction) =>
      query(
        transaction,
        `SELECT Field, OldValue, NewValue FROM Deal__History WHERE ParentId = '${id}' ORDER BY Id`,
        {},
        asUser,
      ),
    userId,
  );

test('tracked fields leave a row each, with values of their types; lookups leave two', () => {
  const [first, second] = run((transaction) =>
    insert(transaction, record(org, 'Account', { Name: 'Acme' }), record(org, 'Account', { Name: 'Borealis' })),
  ) as [string, string];
  const [id] = run((transaction) =>
    insert(transaction, record(org, 'Deal__c', { Name: 'Deal', Size__c: decimal('1.5'), Customer__c: first })),
  ) as [string];
  run((transaction) =>
    dml(transaction, 'update', [
      record(org, 'Deal__c', {
        Id: id,
        Name: 'Renamed',
        Size__c: decimal('2'),
        Until__c: date('2026-05-01'),
        Open__c: true,
        Story__c: 'Long ago',
        Customer__c: second,
        Region__c: 'not tracked',
      }),
    ]),
  );
  const row = (Field: string, OldValue: unknown, NewValue: unknown): unknown => ({ Field, OldValue, NewValue });
  assert.deepEqual(historyOf(id), [
    row('created', null, null),
    row('Name', 'Deal', 'Renamed'),
    row('Customer__c', 'Acme', 'Borealis'),
    row('Customer__c', first, second),
    row('Open__c', false, true),
    row('Size__c', '1.5', '2.0'),
    row('Story__c', null, null),
    row('Until__c', null, '2026-05-01'),
  ]);
});

test('history is there after the transaction, and what was rolled back leaves none', () => {
  const [id] = run((transaction) => {
    const [made] = insert(transaction, record(org, 'Deal__c', { Name: 'Deal' })) as [string];
    assert.deepEqual(query(transaction, `SELECT Field FROM Deal__History WHERE ParentId = '${made}'`), []);
    const savepoint = transaction.setSavepoint();
    dml(transaction, 'update', [record(org, 'Deal__c', { Id: made, Name: 'Undone' })]);
    transaction.rollback(savepoint);
    return [made];
  });
  assert.deepEqual(historyOf(id ?? ''), [{ Field: 'created', OldValue: null, NewValue: null }]);
});

test('a change of owner is told as Owner, by name and by Id; history goes and comes with its record', () => {
  const [id] = run((transaction) => insert(transaction, record(org, 'Account', { Name: 'Acme' }))) as [string];
  run((transaction) => dml(transaction, 'update', [record(org, 'Account', { Id: id, OwnerId: people.rep })]));
  const rows = (): unknown =>
    run((transaction) =>
      query(
        transaction,
        `SELECT Field, NewValue, CreatedBy.Name FROM AccountHistory WHERE AccountId = '${id}' ORDER BY Id`,
      ),
    );
  const all = [
    { Field: 'created', NewValue: null, CreatedBy: { Name: 'Ada Admin' } },
    { Field: 'Owner', NewValue: 'rep', CreatedBy: { Name: 'Ada Admin' } },
    { Field: 'Owner', NewValue: people.rep, CreatedBy: { Name: 'Ada Admin' } },
  ];
  assert.deepEqual(rows(), all);
  run((transaction) => dml(transaction, 'delete', [record(org, 'Account', { Id: id })]));
  assert.deepEqual(rows(), []);
  run((transaction) => dml(transaction, 'undelete', [record(org, 'Account', { Id: id })]));
  assert.deepEqual(rows(), all);
});

test('users see the history of records they see, without fields they may not read', () => {
  const [id] = run((transaction) =>
    insert(transaction, record(org, 'Deal__c', { Name: 'Deal', OwnerId: people.rep })),
  ) as [string];
  run((transaction) =>
    dml(transaction, 'update', [
      record(org, 'Deal__c', { Id: id, Size__c: decimal('3'), Until__c: date('2026-05-01') }),
    ]),
  );
  // The permission set grants Size__c, not Until__c.
  assert.deepEqual(historyOf(id, people.rep), [
    { Field: 'created', OldValue: null, NewValue: null },
    { Field: 'Size__c', OldValue: null, NewValue: '3.0' },
  ]);
  assert.deepEqual(historyOf(id, people.rep2), []);
});

test('OpportunityHistory has a row for the start and for each change of stage, amount, date or probability', () => {
  const [id] = run((transaction) =>
    insert(
      transaction,
      record(org, 'Opportunity', { Name: 'Sale', StageName: 'Prospecting', CloseDate: date('2026-12-01') }),
    ),
  ) as [string];
  for (const values of [{ Name: 'Sold' }, { Amount: decimal('10') }, { StageName: 'Closed Won' }])
    run((transaction) => dml(transaction, 'update', [record(org, 'Opportunity', { Id: id, ...values })]));
  assert.deepEqual(
    run((transaction) =>
      query(transaction, `SELECT StageName, Amount FROM OpportunityHistory WHERE OpportunityId = '${id}' ORDER BY Id`),
    ),
    [
      { StageName: 'Prospecting', Amount: null },
      { StageName: 'Prospecting', Amount: '10.00' },
      { StageName: 'Closed Won', Amount: '10.00' },
    ],
  );
});

test('feeds hold posts, comments and tracked changes; each record’s feed shows its own', () => {
  const [id, other] = run((transaction) =>
    insert(transaction, record(org, 'Deal__c', { Name: 'Deal' }), record(org, 'Deal__c', { Name: 'Other' })),
  ) as [string, string];
  const [post] = run((transaction) =>
    insert(
      transaction,
      record(org, 'FeedItem', { ParentId: id, Body: 'Hello' }),
      record(org, 'FeedItem', { ParentId: other, Body: 'Elsewhere' }),
    ),
  ) as [string];
  run((transaction) => insert(transaction, record(org, 'FeedComment', { FeedItemId: post, CommentBody: 'Hi' })));
  run((transaction) => dml(transaction, 'update', [record(org, 'Deal__c', { Id: id, Size__c: decimal('4') })]));
  run((transaction) => {
    assert.deepEqual(
      query(
        transaction,
        `SELECT Type, Body, CommentCount, (SELECT FieldName, OldValue, NewValue FROM FeedTrackedChanges) FROM Deal__Feed WHERE ParentId = '${id}' ORDER BY Id`,
      ),
      [
        { Type: 'TextPost', Body: 'Hello', CommentCount: 1, FeedTrackedChanges: [] },
        {
          Type: 'TrackedChange',
          Body: null,
          CommentCount: 0,
          FeedTrackedChanges: [{ FieldName: 'Deal__c.Size__c', OldValue: null, NewValue: '4.0' }],
        },
      ],
    );
    assert.deepEqual(
      query(
        transaction,
        `SELECT Name, (SELECT Body FROM Feeds WHERE Type = 'TextPost') FROM Deal__c WHERE Id = '${id}'`,
      ),
      [{ Name: 'Deal', Feeds: [{ Body: 'Hello' }] }],
    );
    assert.equal(
      transaction.runAs(people.rep, () =>
        query(transaction, `SELECT Id FROM FeedItem WHERE ParentId = '${id}'`, {}, asUser),
      ).length,
      0,
    );
    dml(transaction, 'delete', [record(org, 'Deal__c', { Id: other })]);
    assert.deepEqual(query(transaction, `SELECT Id FROM FeedItem WHERE ParentId = '${other}'`), []);
  });
});

test('a record’s activities are one list, open and done; without View All Data in the documented form only', () => {
  const [account, id] = run((transaction) => {
    const [made] = insert(transaction, record(org, 'Account', { Name: 'Acme', OwnerId: people.rep })) as [string];
    const [contact] = insert(transaction, record(org, 'Contact', { LastName: 'Ant', AccountId: made })) as [string];
    insert(
      transaction,
      record(org, 'Task', { Subject: 'Later', WhatId: made, ActivityDate: date('2030-01-02') }),
      record(org, 'Task', { Subject: 'Sooner', WhoId: contact, ActivityDate: date('2030-01-01') }),
      record(org, 'Task', { Subject: 'Done', WhatId: made, Status: 'Completed', ActivityDate: date('2026-01-01') }),
    );
    return [made, contact] as const;
  });
  const open =
    '(SELECT Subject, IsTask FROM OpenActivities ORDER BY ActivityDate ASC, LastModifiedDate DESC LIMIT 499)';
  const lists = (text: string, userId: string): unknown =>
    run((transaction) => query(transaction, text, {}, asUser), userId);
  assert.deepEqual(
    lists(
      `SELECT ${open}, (SELECT Subject FROM ActivityHistories) FROM Account WHERE Id = '${account}'`,
      org.administratorId,
    ),
    [
      {
        OpenActivities: [
          { Subject: 'Sooner', IsTask: true },
          { Subject: 'Later', IsTask: true },
        ],
        ActivityHistories: [{ Subject: 'Done' }],
      },
    ],
  );
  assert.deepEqual(lists(`SELECT ${open} FROM Contact WHERE Id = '${id}'`, org.administratorId), [
    { OpenActivities: [{ Subject: 'Sooner', IsTask: true }] },
  ]);
  assert.equal((lists(`SELECT ${open} FROM Account WHERE Id = '${account}'`, people.rep) as unknown[]).length, 1);
  assert.throws(
    () => lists(`SELECT (SELECT Subject FROM OpenActivities) FROM Account WHERE Id = '${account}'`, people.rep),
    /implementation restriction on OpenActivities/,
  );
  assert.throws(() => lists(`SELECT ${open} FROM Account`, people.rep), /implementation restriction/);
});
