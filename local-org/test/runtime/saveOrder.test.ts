import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { DmlFailure, LimitExceeded, RuntimeProblem } from '../../src/runtime/errors.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import type { OrgRuntime } from '../../src/runtime/OrgRuntime.ts';
import type { Transaction, TriggerEvent } from '../../src/runtime/types.ts';
import { planProject } from '../schema/planProject.ts';
import { addError, FakeCode } from './codeHost.ts';
import { date, decimal, dml, insert, query, record } from './helpers.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const org = openOrg({ project: loadProject(planProject()), clock: () => NOW });
const ALL_EVENTS: readonly TriggerEvent[] = [
  'before insert',
  'before update',
  'before delete',
  'after insert',
  'after update',
  'after delete',
  'after undelete',
];

/** A test in a transaction that is rolled back, with its own triggers. */
function inOrg(name: string, work: (transaction: Transaction, code: FakeCode, org: OrgRuntime) => void): void {
  test(name, () => {
    const code = new FakeCode();
    org.attachCode(code);
    const undo = new Error('undo');
    assert.throws(
      () =>
        org.transaction({ userId: org.administratorId }, (transaction) => {
          work(transaction, code, org);
          throw undo;
        }),
      (error) => {
        if (error !== undo) throw error;
        return true;
      },
    );
  });
}

/** Status code, message and fields of the first failing row. */
function failureOf(work: () => unknown): readonly [string, string, readonly string[]] {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof DmlFailure, String(error));
    const problem = error.failures[0]?.errors[0];
    return [problem?.statusCode ?? '', problem?.message ?? '', problem?.fields ?? []];
  }
  return assert.fail('the statement succeeded');
}

const plan = (
  accountId: string | undefined,
  values: Readonly<Record<string, unknown>> = {},
): ReturnType<typeof record> =>
  record(org, 'Plan__c', { Name: 'Plan', Account__c: accountId, Start__c: date('2026-01-01'), ...values });

inOrg(
  'triggers get chunks of 200 in the order of execution, writes of before triggers are saved',
  (transaction, code) => {
    code.on('Account', ALL_EVENTS, ({ event, records }) => {
      if (event === 'before insert') for (const account of records) account.values.set('Site', 'set');
      if (event === 'after insert') assert.ok(records.every((account) => account.readOnly && account.id !== null));
    });
    insert(
      transaction,
      ...Array.from({ length: 401 }, (_item, index) => record(org, 'Account', { Name: `A${index}` })),
    );
    assert.deepEqual(code.log, [
      'Account before insert ×200',
      'Account after insert ×200',
      'Account before insert ×200',
      'Account after insert ×200',
      'Account before insert ×1',
      'Account after insert ×1',
    ]);
    assert.deepEqual(query(transaction, "SELECT COUNT() FROM Account WHERE Site = 'set'"), [401]);
  },
);

inOrg('an update sees old and new values; formulas are there', (transaction, code) => {
  const [account] = insert(transaction, record(org, 'Account', { Name: 'A', Industry: 'Retail' }));
  const [id] = insert(transaction, plan(account, { Target__c: decimal('10'), Won__c: decimal('4') }));
  const seen: unknown[] = [];
  code.on('Plan__c', ['after update'], ({ records, old }) => {
    const read = (of: typeof records | null): unknown[] =>
      ['Won__c', 'Variance__c', 'Account_Industry__c'].map((name) => String(of?.[0]?.values.get(name)));
    seen.push(read(old), read(records));
  });
  dml(transaction, 'update', [record(org, 'Plan__c', { Id: id, Won__c: decimal('7') })]);
  assert.deepEqual(seen, [
    ['4.00', '-6.00', 'Retail'],
    ['7.00', '-3.00', 'Retail'],
  ]);
});

inOrg('an error of a trigger fails the statement and leaves nothing', (transaction, code) => {
  code.on('Account', ['after insert'], ({ records }) => addError(records[1] as never, 'no', 'Name'));
  const records = [record(org, 'Account', { Name: 'A' }), record(org, 'Account', { Name: 'B' })];
  assert.throws(
    () => dml(transaction, 'insert', records),
    (error) =>
      error instanceof DmlFailure &&
      error.message ===
        'Insert failed. First exception on row 1; first error: FIELD_CUSTOM_VALIDATION_EXCEPTION, no: [Name]' &&
      error.failures.length === 1,
  );
  assert.deepEqual([records[0]?.id, query(transaction, 'SELECT COUNT() FROM Account')], [null, [0]]);
});

inOrg('partial success saves the good rows again, with their triggers', (transaction, code) => {
  code.on('Account', ['before insert', 'after insert'], ({ event, records }) => {
    for (const account of records)
      if (event === 'after insert' && account.values.get('Name') === 'bad') addError(account, 'bad');
  });
  const results = dml(
    transaction,
    'insert',
    [record(org, 'Account', { Name: 'good' }), record(org, 'Account', { Name: 'bad' }), record(org, 'Account', {})],
    { allOrNone: false },
  );
  assert.deepEqual(
    results.map((result) => [result.success, result.id !== null, result.errors.map((error) => error.statusCode)]),
    [
      [true, true, []],
      [false, false, ['FIELD_CUSTOM_VALIDATION_EXCEPTION']],
      [false, false, ['REQUIRED_FIELD_MISSING']],
    ],
  );
  assert.deepEqual(code.log, [
    'Account before insert ×3',
    'Account after insert ×2',
    'Account before insert ×1',
    'Account after insert ×1',
  ]);
  assert.deepEqual(query(transaction, 'SELECT Name FROM Account'), [{ Name: 'good' }]);
});

inOrg('validation rules name the field; rules see what before triggers wrote', (transaction, code) => {
  const [account] = insert(transaction, record(org, 'Account', { Name: 'A' }));
  assert.deepEqual(
    failureOf(() => insert(transaction, plan(account, { End__c: date('2025-01-01') }))),
    ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'The plan ends before it starts.', ['End__c']],
  );
  code.on('Plan__c', ['before insert'], ({ records }) =>
    records.forEach((row) => row.values.set('End__c', date('2026-12-31'))),
  );
  insert(transaction, plan(account, { End__c: date('2025-01-01') }));
});

inOrg('system validation answers with Salesforce’s codes and messages', (transaction) => {
  const [account, contact] = [
    insert(transaction, record(org, 'Account', { Name: 'A' }))[0],
    insert(transaction, record(org, 'Contact', { LastName: 'C' }))[0],
  ];
  const expectations: readonly (readonly [Readonly<Record<string, unknown>>, string, string, readonly string[]])[] = [
    [
      { Start__c: null, Account__c: null },
      'REQUIRED_FIELD_MISSING',
      'Required fields are missing: [Account__c, Start__c]',
      ['Account__c', 'Start__c'],
    ],
    [
      { Name: 'x'.repeat(81) },
      'STRING_TOO_LONG',
      `Plan Name: data value too large: ${'x'.repeat(81)} (max length=80)`,
      ['Name'],
    ],
    [
      { Status__c: 'Lost' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'Status: bad value for restricted picklist field: Lost',
      ['Status__c'],
    ],
    [
      { Topics__c: 'Price;Colour' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'Topics: bad value for restricted picklist field: Colour',
      ['Topics__c'],
    ],
    [
      { Score__c: decimal('10000') },
      'NUMBER_OUTSIDE_VALID_RANGE',
      'Score: value outside of valid range on numeric field: 10000.0',
      ['Score__c'],
    ],
    [{ Email__c: 'nobody' }, 'INVALID_EMAIL_ADDRESS', 'Email: invalid email address: nobody', ['Email__c']],
    [
      { Account__c: contact },
      'FIELD_INTEGRITY_EXCEPTION',
      `Account: id value of incorrect type: ${contact ?? ''}`,
      ['Account__c'],
    ],
    [{ Account__c: '001LO00000000zz' }, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', []],
    [{ Account__c: 'nonsense' }, 'MALFORMED_ID', 'Account: id value of incorrect type: nonsense', ['Account__c']],
    [{ Variance__c: decimal('1') }, '', '', []],
  ];
  for (const [values, ...expected] of expectations) {
    if (expected[0] === '') insert(transaction, plan(account, values));
    else
      assert.deepEqual(
        failureOf(() => insert(transaction, plan(account, values))),
        expected,
      );
  }
  const [first] = insert(transaction, plan(account, { Key__c: 'Same' }));
  assert.deepEqual(failureOf(() => insert(transaction, plan(account, { Key__c: 'sAME' }))).slice(0, 2), [
    'DUPLICATE_VALUE',
    `duplicate value found: Key__c duplicates value on record with id: ${(first ?? '').slice(0, 15)}`,
  ]);
  assert.deepEqual(failureOf(() => dml(transaction, 'update', [record(org, 'Plan__c', { Id: account })])).slice(0, 1), [
    'INVALID_CROSS_REFERENCE_KEY',
  ]);
  assert.deepEqual(failureOf(() => dml(transaction, 'update', [record(org, 'Plan__c', { Name: 'x' })])).slice(0, 1), [
    'MISSING_ARGUMENT',
  ]);
  assert.deepEqual(
    failureOf(() => insert(transaction, record(org, 'Account', { Name: 'A', CreatedDate: 'x' }))).slice(0, 1),
    ['INVALID_TYPE_ON_FIELD_IN_RECORD'],
  );
});

inOrg('text is trimmed, numbers are rounded to the field’s scale, defaults and names are filled', (transaction) => {
  const [account] = insert(transaction, record(org, 'Account', { Name: '  A  ' }));
  const [id] = insert(
    transaction,
    record(org, 'Plan__c', {
      Account__c: account,
      Start__c: date('2026-01-01'),
      Target__c: decimal('1.005'),
      Notes__c: '  ',
    }),
  );
  assert.deepEqual(
    query(transaction, 'SELECT Name, Target__c, Won__c, Status__c, Notes__c, CreatedBy.Alias FROM Plan__c'),
    [
      {
        Name: (id ?? '').slice(0, 15),
        Target__c: '1.01',
        Won__c: '0.00',
        Status__c: 'Draft',
        Notes__c: null,
        CreatedBy: { Alias: 'aadmin' },
      },
    ],
  );
  assert.deepEqual(query(transaction, 'SELECT Name FROM Account'), [{ Name: 'A' }]);
});

inOrg('opportunities derive stage, probability, forecast and fiscal fields', (transaction) => {
  const fields =
    'SELECT Probability, IsClosed, IsWon, ForecastCategory, ForecastCategoryName, ExpectedRevenue, FiscalYear, FiscalQuarter, Fiscal FROM Opportunity';
  const [id] = insert(
    transaction,
    record(org, 'Opportunity', {
      Name: 'O',
      StageName: 'Needs Analysis',
      CloseDate: date('2026-11-22'),
      Amount: decimal('99.99'),
    }),
  );
  assert.deepEqual(query(transaction, fields), [
    {
      Probability: '20',
      IsClosed: false,
      IsWon: false,
      ForecastCategory: 'Pipeline',
      ForecastCategoryName: 'Pipeline',
      ExpectedRevenue: '20.00',
      FiscalYear: 2026,
      FiscalQuarter: 4,
      Fiscal: '2026 4',
    },
  ]);
  dml(transaction, 'update', [record(org, 'Opportunity', { Id: id, StageName: 'Closed Won' })]);
  assert.deepEqual(query(transaction, fields), [
    {
      Probability: '100',
      IsClosed: true,
      IsWon: true,
      ForecastCategory: 'Closed',
      ForecastCategoryName: 'Closed',
      ExpectedRevenue: '99.99',
      FiscalYear: 2026,
      FiscalQuarter: 4,
      Fiscal: '2026 4',
    },
  ]);
  dml(transaction, 'update', [
    record(org, 'Opportunity', { Id: id, StageName: 'Proposal/Price Quote', Probability: decimal('33') }),
  ]);
  assert.deepEqual(query(transaction, 'SELECT Probability, IsClosed FROM Opportunity'), [
    { Probability: '33', IsClosed: false },
  ]);
});

inOrg('products make up the amount of an opportunity', (transaction) => {
  const [product] = insert(transaction, record(org, 'Product2', { Name: 'Pump', IsActive: true }));
  const [book] = query(transaction, 'SELECT Id FROM Pricebook2 WHERE IsStandard = true') as [{ Id: string }];
  const [entry] = insert(
    transaction,
    record(org, 'PricebookEntry', {
      Pricebook2Id: book.Id,
      Product2Id: product,
      UnitPrice: decimal('10'),
      IsActive: true,
    }),
  );
  const [id] = insert(
    transaction,
    record(org, 'Opportunity', { Name: 'O', StageName: 'Prospecting', CloseDate: date('2026-11-22') }),
  );
  const [line] = insert(
    transaction,
    record(org, 'OpportunityLineItem', {
      OpportunityId: id,
      PricebookEntryId: entry,
      Quantity: decimal('3'),
      UnitPrice: decimal('10.5'),
    }),
  );
  assert.deepEqual(
    query(
      transaction,
      'SELECT Amount, HasOpportunityLineItem, (SELECT Name, TotalPrice, Product2.Name FROM OpportunityLineItems) FROM Opportunity',
    ),
    [
      {
        Amount: '31.50',
        HasOpportunityLineItem: true,
        OpportunityLineItems: [{ Name: 'O Pump', TotalPrice: '31.50', Product2: { Name: 'Pump' } }],
      },
    ],
  );
  dml(transaction, 'delete', [record(org, 'OpportunityLineItem', { Id: line })]);
  assert.deepEqual(query(transaction, 'SELECT HasOpportunityLineItem FROM Opportunity'), [
    { HasOpportunityLineItem: false },
  ]);
});

inOrg(
  'roll-up summaries follow inserts, updates, moves, deletes and undeletes, and save the master',
  (transaction, code) => {
    const [account] = insert(transaction, record(org, 'Account', { Name: 'A' }));
    const [first, second] = insert(transaction, plan(account, { Name: 'One' }), plan(account, { Name: 'Two' }));
    code.on('Plan__c', ['before update', 'after update'], () => {});
    const figures = (): unknown =>
      query(transaction, 'SELECT Objectives__c, Weight__c FROM Plan__c ORDER BY Name').map((row) =>
        Object.values(row as Record<string, string>),
      );
    const [child] = insert(
      transaction,
      record(org, 'Objective__c', { Plan__c: first, Weight__c: decimal('2.5'), Done__c: true }),
      record(org, 'Objective__c', { Plan__c: first, Weight__c: decimal('1') }),
    );
    assert.deepEqual(figures(), [
      ['2', '2.50'],
      ['0', '0.00'],
    ]);
    assert.deepEqual(code.log, ['Plan__c before update ×1', 'Plan__c after update ×1']);
    dml(transaction, 'update', [record(org, 'Objective__c', { Id: child, Plan__c: second })]);
    assert.deepEqual(figures(), [
      ['1', '0.00'],
      ['1', '2.50'],
    ]);
    dml(transaction, 'delete', [record(org, 'Objective__c', { Id: child })]);
    assert.deepEqual(figures(), [
      ['1', '0.00'],
      ['0', '0.00'],
    ]);
    dml(transaction, 'undelete', [record(org, 'Objective__c', { Id: child })]);
    assert.deepEqual(figures(), [
      ['1', '0.00'],
      ['1', '2.50'],
    ]);
  },
);

inOrg(
  'deletes restrict, cascade without triggers, clear lookups; undelete brings all of it back',
  (transaction, code) => {
    const [account] = insert(transaction, record(org, 'Account', { Name: 'Acme' }));
    const [contact] = insert(transaction, record(org, 'Contact', { LastName: 'Lee', AccountId: account }));
    const [id] = insert(transaction, plan(account, { Name: 'P' }));
    const [objective] = insert(transaction, record(org, 'Objective__c', { Plan__c: id, Responsible__c: contact }));
    const [deal] = insert(
      transaction,
      record(org, 'Opportunity', { Name: 'O', StageName: 'Prospecting', CloseDate: date('2026-11-22'), Plan__c: id }),
    );
    assert.deepEqual(
      failureOf(() => dml(transaction, 'delete', [record(org, 'Account', { Id: account })])),
      [
        'DELETE_FAILED',
        'Your attempt to delete Acme could not be completed because it is associated with the following plans.: P\n',
        [],
      ],
    );
    code.on('Plan__c', ALL_EVENTS, () => {});
    code.on('Objective__c', ALL_EVENTS, () => {});
    code.on('Opportunity', ALL_EVENTS, () => {});
    dml(transaction, 'delete', [record(org, 'Plan__c', { Id: id })]);
    assert.deepEqual(code.log, ['Plan__c before delete ×1', 'Plan__c after delete ×1']);
    assert.deepEqual(query(transaction, 'SELECT Plan__c FROM Opportunity'), [{ Plan__c: null }]);
    assert.deepEqual(
      [
        query(transaction, 'SELECT COUNT() FROM Objective__c'),
        query(transaction, 'SELECT COUNT() FROM Objective__c ALL ROWS'),
      ],
      [[0], [1]],
    );
    assert.deepEqual(failureOf(() => dml(transaction, 'delete', [record(org, 'Plan__c', { Id: id })])).slice(0, 2), [
      'ENTITY_IS_DELETED',
      'entity is deleted',
    ]);
    assert.deepEqual(
      failureOf(() => dml(transaction, 'undelete', [record(org, 'Objective__c', { Id: objective })])).slice(0, 1),
      ['UNDELETE_FAILED'],
    );
    dml(transaction, 'undelete', [record(org, 'Plan__c', { Id: id })]);
    assert.equal(code.log.at(-1), 'Plan__c after undelete ×1');
    assert.deepEqual(query(transaction, 'SELECT Id, Plan__c FROM Opportunity'), [{ Id: deal, Plan__c: id }]);
    assert.deepEqual(query(transaction, 'SELECT Responsible__c, Plan__r.Name FROM Objective__c'), [
      { Responsible__c: contact, Plan__r: { Name: 'P' } },
    ]);
  },
);

inOrg('a merge moves the children, fires the account’s triggers only and keeps the winner', (transaction, code) => {
  const [winner, loser] = insert(
    transaction,
    record(org, 'Account', { Name: 'W' }),
    record(org, 'Account', { Name: 'L' }),
  );
  insert(transaction, record(org, 'Contact', { LastName: 'C', AccountId: loser }));
  insert(transaction, plan(loser));
  code.on('Account', ALL_EVENTS, ({ event, records }) => {
    if (event === 'after delete') assert.equal(records[0]?.values.get('MasterRecordId'), winner);
  });
  code.on('Contact', ALL_EVENTS, () => {});
  dml(transaction, 'merge', [record(org, 'Account', { Id: loser })], {
    master: record(org, 'Account', { Id: winner, Site: 'x' }),
  });
  assert.deepEqual(code.log, [
    'Account before delete ×1',
    'Account after delete ×1',
    'Account before update ×1',
    'Account after update ×1',
  ]);
  assert.deepEqual(
    query(transaction, 'SELECT Name, Site, (SELECT LastName FROM Contacts), (SELECT Name FROM Plans__r) FROM Account'),
    [{ Name: 'W', Site: 'x', Contacts: [{ LastName: 'C' }], Plans__r: [{ Name: 'Plan' }] }],
  );
});

inOrg('upsert by external Id inserts, updates and refuses duplicates in the list', (transaction) => {
  const [account] = insert(transaction, record(org, 'Account', { Name: 'A' }));
  insert(transaction, plan(account, { Key__c: 'k1', Name: 'old' }));
  const results = dml(
    transaction,
    'upsert',
    [plan(account, { Key__c: 'K1', Name: 'new' }), plan(account, { Key__c: 'k2', Name: 'two' })],
    { externalIdField: 'Key__c' },
  );
  assert.deepEqual(
    results.map((result) => result.created),
    [false, true],
  );
  assert.deepEqual(
    query(transaction, 'SELECT Name FROM Plan__c ORDER BY Name').map((row) => (row as { Name: string }).Name),
    ['new', 'two'],
  );
  assert.deepEqual(
    failureOf(() =>
      dml(transaction, 'upsert', [plan(account, { Key__c: 'k3' }), plan(account, { Key__c: 'K3' })], {
        externalIdField: 'Key__c',
      }),
    ).slice(0, 2),
    ['DUPLICATE_VALUE', 'Duplicate external id specified: K3'],
  );
});

inOrg('a parent can be named by its external Id', (transaction) => {
  const [account] = insert(transaction, record(org, 'Account', { Name: 'A' }));
  const [id] = insert(transaction, plan(account, { Key__c: 'k1' }));
  const objective = record(org, 'Objective__c', {});
  objective.related.set('Plan__r', record(org, 'Plan__c', { Key__c: 'k1' }));
  insert(transaction, objective);
  assert.deepEqual(query(transaction, 'SELECT Plan__c FROM Objective__c'), [{ Plan__c: id }]);
});

inOrg('savepoints undo rows, keep Ids, kill later ones and count as DML', (transaction) => {
  const savepoint = transaction.setSavepoint();
  const account = record(org, 'Account', { Name: 'A' });
  insert(transaction, account);
  const later = transaction.setSavepoint();
  transaction.rollback(savepoint);
  assert.deepEqual([query(transaction, 'SELECT COUNT() FROM Account'), account.id !== null], [[0], true]);
  assert.equal(transaction.limits.used('dmlStatements'), 4);
  assert.throws(
    () => transaction.rollback(later),
    (error) => error instanceof RuntimeProblem && error.code === 'INVALID_SAVEPOINT',
  );
});

inOrg('limits stop the 101st query and the 151st DML statement', (transaction) => {
  for (let index = 0; index < 100; index += 1) query(transaction, 'SELECT Id FROM Account');
  assert.throws(
    () => query(transaction, 'SELECT Id FROM Account'),
    (error) => error instanceof LimitExceeded && error.message === 'Too many SOQL queries: 101',
  );
  transaction.limits.push(false);
  dml(transaction, 'insert', []);
  for (let index = 0; index < 150; index += 1) insert(transaction, record(org, 'Account', { Name: `A${index}` }));
  assert.throws(() => insert(transaction, record(org, 'Account', { Name: 'B' })), /Too many DML statements: 151/);
});

inOrg('a trigger that starts itself again and again ends at depth 16', (transaction, code) => {
  code.on('Account', ['after insert'], () => void insert(transaction, record(org, 'Account', { Name: 'again' })));
  assert.throws(
    () => insert(transaction, record(org, 'Account', { Name: 'A' })),
    /maximum trigger depth exceeded\nAccount trigger event after insert/,
  );
});

inOrg('setup and other objects don’t mix, but in runAs they may', (transaction) => {
  insert(transaction, record(org, 'Account', { Name: 'A' }));
  const permissions = (): ReturnType<typeof record> => record(org, 'PermissionSet', { Name: 'P', Label: 'P' });
  assert.deepEqual(failureOf(() => insert(transaction, permissions())).slice(0, 2), [
    'MIXED_DML_OPERATION',
    'DML operation on setup object is not permitted after you have updated a non-setup object (or vice versa): PermissionSet, original object: Account',
  ]);
  transaction.runAs(org.administratorId, () => insert(transaction, permissions()));
});

inOrg('activities set the account, close and move the last activity date', (transaction) => {
  const [account] = insert(transaction, record(org, 'Account', { Name: 'A' }));
  const [contact] = insert(transaction, record(org, 'Contact', { LastName: 'C', AccountId: account }));
  insert(
    transaction,
    record(org, 'Task', { Subject: 'Call', WhoId: contact, Status: 'Completed', ActivityDate: date('2026-11-10') }),
    record(org, 'Task', { Subject: 'Later', WhatId: account, ActivityDate: date('2026-12-24') }),
  );
  assert.deepEqual(query(transaction, 'SELECT IsClosed, AccountId FROM Task ORDER BY Subject'), [
    { IsClosed: true, AccountId: account },
    { IsClosed: false, AccountId: account },
  ]);
  assert.deepEqual(
    query(transaction, 'SELECT LastActivityDate, (SELECT LastActivityDate FROM Contacts) FROM Account'),
    [{ LastActivityDate: '2026-11-10', Contacts: [{ LastActivityDate: '2026-11-10' }] }],
  );
});

inOrg('a record from a query can be updated although it carries fields that nobody can write', (transaction) => {
  const [account] = insert(transaction, record(org, 'Account', { Name: 'A' }));
  insert(transaction, plan(account, { Won__c: decimal('1') }));
  const [found] = transaction.query('SELECT Id, Name, Variance__c, CreatedDate, Won__c FROM Plan__c', {
    accessMode: 'system',
    sharing: 'without',
  }).records;
  found?.values.set('Won__c', decimal('5'));
  dml(transaction, 'update', [found as never]);
  assert.deepEqual(query(transaction, 'SELECT Won__c, Variance__c FROM Plan__c'), [
    { Won__c: '5.00', Variance__c: '5.00' },
  ]);
});

test('commit listeners hear of every row once, not of what a savepoint took back', () => {
  const own = openOrg({ project: loadProject(planProject()) });
  const heard: string[] = [];
  const stop = own.onCommit((changes) =>
    heard.push(...changes.map((change) => `${change.objectApiName} ${change.operation}`)),
  );
  own.transaction({ userId: own.administratorId }, (transaction) => {
    const [id] = insert(transaction, record(own, 'Account', { Name: 'A' }));
    dml(transaction, 'update', [record(own, 'Account', { Id: id, Name: 'B' })]);
    const savepoint = transaction.setSavepoint();
    insert(transaction, record(own, 'Contact', { LastName: 'C' }));
    transaction.rollback(savepoint);
  });
  stop();
  own.transaction({ userId: own.administratorId }, (transaction) =>
    insert(transaction, record(own, 'Lead', { LastName: 'L', Company: 'C', Status: 'Open - Not Contacted' })),
  );
  assert.deepEqual(heard, ['Account created']);
  own.close();
});

inOrg('campaigns count their members and opportunities, with the campaigns below', (transaction) => {
  const [above] = insert(transaction, record(org, 'Campaign', { Name: 'Above' }));
  const [below] = insert(
    transaction,
    record(org, 'Campaign', { Name: 'Below', ParentId: above, ActualCost: decimal('7') }),
  );
  const [contact] = insert(transaction, record(org, 'Contact', { LastName: 'C' }));
  insert(transaction, record(org, 'CampaignMember', { CampaignId: below, ContactId: contact, Status: 'Responded' }));
  insert(
    transaction,
    record(org, 'Opportunity', {
      Name: 'O',
      StageName: 'Closed Won',
      CloseDate: date('2026-11-22'),
      Amount: decimal('12.5'),
      CampaignId: below,
    }),
  );
  assert.deepEqual(
    query(
      transaction,
      'SELECT NumberOfContacts, NumberOfResponses, AmountWonOpportunities, HierarchyNumberOfContacts, HierarchyAmountAllOpportunities, HierarchyActualCost FROM Campaign ORDER BY Name',
    ).map((row) => Object.values(row as Record<string, string>).join()),
    ['0,0,0.00,1,12.50,7.00', '1,1,12.50,1,12.50,7.00'],
  );
});
