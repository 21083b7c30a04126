import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import { SObjectRecord } from '../../src/schema/record.ts';
import { QueryError } from '../../src/soql/errors.ts';
import { describeQuery } from '../../src/soql/describeQuery.ts';
import { ApexDatetime } from '../../src/values/ApexDatetime.ts';
import { planProject } from '../schema/planProject.ts';
import { date, decimal, insert, query, record } from '../runtime/helpers.ts';

/** Sunday 2026-11-22, 04:00 in Los Angeles. */
const NOW = Date.UTC(2026, 10, 22, 12);
const org = openOrg({ project: loadProject(planProject()), clock: () => NOW });
after(() => org.close());

const ids = org.transaction({ userId: org.administratorId }, (transaction) => {
  const accounts = insert(
    transaction,
    record(org, 'Account', {
      Name: 'Ärzte GmbH',
      Industry: 'Healthcare',
      AnnualRevenue: decimal('100'),
      NumberOfEmployees: 5,
    }),
    record(org, 'Account', { Name: 'acme', Industry: 'Retail', AnnualRevenue: decimal('2500'), Site: 'North' }),
    record(org, 'Account', { Name: 'Beta', Industry: 'Banking', NumberOfEmployees: 7 }),
    record(org, 'Account', { Name: "O'Neil_100%", AnnualRevenue: decimal('2500') }),
  );
  const [first, second, third] = accounts as [string, string, string];
  const contacts = insert(
    transaction,
    record(org, 'Contact', { FirstName: 'Ann', LastName: 'Lee', AccountId: first, Email: 'Ann@Example.com' }),
    record(org, 'Contact', { LastName: 'Zed', AccountId: second }),
    record(org, 'Contact', { LastName: 'Moe', AccountId: second }),
  );
  const deal = (
    name: string,
    accountId: string | null,
    stage: string,
    amount: string | null,
    close: string,
  ): ReturnType<typeof record> =>
    record(org, 'Opportunity', {
      Name: name,
      AccountId: accountId,
      StageName: stage,
      CloseDate: date(close),
      ...(amount === null ? {} : { Amount: decimal(amount) }),
    });
  const deals = insert(
    transaction,
    deal('A', first, 'Prospecting', '0.1', '2026-11-22'),
    deal('B', first, 'Closed Won', '0.2', '2026-10-31'),
    deal('C', second, 'Closed Won', '1000000000000.01', '2026-01-15'),
    deal('D', second, 'Closed Lost', null, '2027-03-01'),
    deal('E', null, 'Negotiation/Review', '50', '2025-12-31'),
  );
  insert(
    transaction,
    record(org, 'Task', {
      Subject: 'Call',
      WhatId: first,
      WhoId: contacts[0],
      ActivityDate: date('2026-11-01'),
      Status: 'Completed',
    }),
    record(org, 'Task', { Subject: 'Mail', WhatId: deals[0] }),
  );
  insert(
    transaction,
    record(org, 'Plan__c', {
      Name: 'P1',
      Account__c: first,
      Start__c: date('2026-01-01'),
      End__c: date('2026-06-30'),
      Target__c: decimal('10'),
      Topics__c: 'Price;Quality',
      Key__c: 'one',
    }),
    record(org, 'Plan__c', {
      Name: 'P2',
      Account__c: second,
      Start__c: date('2026-07-01'),
      End__c: date('2026-12-31'),
      Target__c: decimal('20'),
      Won__c: decimal('25'),
      Topics__c: 'Service',
      Status__c: 'Approved',
    }),
    record(org, 'Plan__c', { Name: 'P3', Account__c: third, Start__c: date('2026-07-01') }),
  );
  return { accounts, contacts, deals };
});

/** Names of the first selected field, joined. */
function answers(text: string, binds: Readonly<Record<string, unknown>> = {}): string {
  return org.transaction({ userId: org.administratorId }, (transaction) =>
    query(transaction, text, binds)
      .map(
        (row) =>
          `${(typeof row === 'object' && row !== null ? Object.values(row)[0] : row) as string | number | boolean}`,
      )
      .join(),
  );
}

const [arzte, acme] = ids.accounts as [string, string];
const cases: readonly (readonly [string, string, Readonly<Record<string, unknown>>?])[] = [
  // text
  ['SELECT COUNT(Id) SUM1 FROM Account GROUP BY Industry HAVING COUNT(Id) > 9 ORDER BY COUNT(Id)', ''],
  ["SELECT Name FROM Account WHERE Name = 'ÄRZTE gmbh'", 'Ärzte GmbH'],
  ["SELECT Name FROM Account WHERE Name != 'acme' ORDER BY Name", "Beta,O'Neil_100%,Ärzte GmbH"],
  ["SELECT Name FROM Account WHERE Name LIKE '%e%' ORDER BY Name", "acme,Beta,O'Neil_100%,Ärzte GmbH"],
  ["SELECT Name FROM Account WHERE Name LIKE 'o\\'neil\\_100\\%'", "O'Neil_100%"],
  ['SELECT Name FROM Account WHERE Name LIKE :patterns ORDER BY Name', 'acme,Beta', { patterns: ['ac%', 'B%'] }],
  ["SELECT Name FROM Account WHERE NOT Name LIKE 'b%' ORDER BY Name", "acme,O'Neil_100%,Ärzte GmbH"],
  ["SELECT Name FROM Account WHERE Site = ''  ORDER BY Name", "Beta,O'Neil_100%,Ärzte GmbH"],
  ["SELECT Name FROM Account WHERE Site != 'North' ORDER BY Name", "Beta,O'Neil_100%,Ärzte GmbH"],
  ["SELECT Name FROM Account WHERE Industry IN ('RETAIL', 'Banking') ORDER BY Name", 'acme,Beta'],
  ["SELECT Name FROM Account WHERE Industry NOT IN ('Retail') ORDER BY Name", "Beta,O'Neil_100%,Ärzte GmbH"],
  ["SELECT Name FROM Account WHERE Industry IN ('Retail', null) ORDER BY Name", "acme,O'Neil_100%"],
  [
    'SELECT Name FROM Account WHERE Industry IN :list ORDER BY Name',
    "acme,O'Neil_100%",
    { list: new Set(['retail', null]) },
  ],
  ['SELECT Name FROM Account WHERE Industry IN :list ORDER BY Name', 'acme', { list: ['retail'] }],
  ['SELECT Name FROM Account WHERE Industry IN :list', '', { list: [] }],
  // numbers
  [
    'SELECT Name FROM Account WHERE AnnualRevenue > 99.5 ORDER BY AnnualRevenue DESC, Name',
    "acme,O'Neil_100%,Ärzte GmbH",
  ],
  ['SELECT Name FROM Account WHERE AnnualRevenue < :limit', 'Ärzte GmbH', { limit: decimal('100.000001') }],
  ['SELECT Name FROM Account WHERE AnnualRevenue = 100.4', ''],
  ['SELECT Name FROM Account WHERE NumberOfEmployees IN (5, 7) ORDER BY NumberOfEmployees DESC', 'Beta,Ärzte GmbH'],
  ['SELECT Name FROM Account ORDER BY AnnualRevenue NULLS LAST, Name LIMIT 2', 'Ärzte GmbH,acme'],
  ['SELECT Name FROM Account ORDER BY AnnualRevenue, Name LIMIT 1', 'Beta'],
  ['SELECT Name FROM Account ORDER BY Name LIMIT 2 OFFSET 1', "Beta,O'Neil_100%"],
  ['SELECT Name FROM Account ORDER BY Name LIMIT :rows', 'acme', { rows: 1 }],
  ["SELECT Name FROM Account WHERE (Industry = 'Retail' OR Industry = 'Banking') AND AnnualRevenue = null", 'Beta'],
  ["SELECT Name FROM Account WHERE NOT (Industry = 'Retail' OR AnnualRevenue = 2500) ORDER BY Name", 'Beta,Ärzte GmbH'],
  // ids
  ['SELECT Name FROM Account WHERE Id = :id', 'acme', { id: acme.slice(0, 15) }],
  ['SELECT Name FROM Account WHERE Id IN :records', 'acme', { records: [record(org, 'Account', { Id: acme })] }],
  ['SELECT LastName FROM Contact WHERE AccountId = :id ORDER BY LastName DESC', 'Zed,Moe', { id: acme }],
  // parents, polymorphic parents, semi-joins
  ["SELECT LastName FROM Contact WHERE Account.Owner.Name = 'ada admin' AND Account.Industry = 'Healthcare'", 'Lee'],
  ['SELECT Name FROM Opportunity WHERE Account.Name = null', 'E'],
  ["SELECT c.LastName FROM Contact c WHERE c.Account.Name LIKE 'A%' ORDER BY c.LastName", 'Moe,Zed'],
  ["SELECT Subject FROM Task WHERE What.Name = 'A'", 'Mail'],
  ["SELECT Subject FROM Task WHERE What.Type = 'Account' AND Who.Name LIKE 'ann%'", 'Call'],
  [
    'SELECT Name FROM Account WHERE Id IN (SELECT AccountId FROM Opportunity WHERE IsWon = true) ORDER BY Name',
    'acme,Ärzte GmbH',
  ],
  [
    "SELECT Name FROM Account WHERE Id NOT IN (SELECT AccountId FROM Contact WHERE LastName = 'Zed') ORDER BY Name",
    "Beta,O'Neil_100%,Ärzte GmbH",
  ],
  [
    "SELECT Name FROM Opportunity WHERE AccountId NOT IN (SELECT Id FROM Account WHERE Industry = 'Retail') ORDER BY Name",
    'A,B,E',
  ],
  // dates
  ['SELECT Name FROM Opportunity WHERE CloseDate = TODAY', 'A'],
  ['SELECT Name FROM Opportunity WHERE CloseDate < TODAY ORDER BY CloseDate', 'E,C,B'],
  ['SELECT Name FROM Opportunity WHERE CloseDate = THIS_YEAR ORDER BY CloseDate', 'C,B,A'],
  ['SELECT Name FROM Opportunity WHERE CloseDate = LAST_MONTH', 'B'],
  ['SELECT Name FROM Opportunity WHERE CloseDate = LAST_N_DAYS:30 ORDER BY Name', 'A,B'],
  ['SELECT Name FROM Opportunity WHERE CloseDate = NEXT_N_QUARTERS:1', 'D'],
  ['SELECT Name FROM Opportunity WHERE CloseDate = LAST_FISCAL_YEAR', 'E'],
  ['SELECT Name FROM Opportunity WHERE CloseDate != THIS_YEAR ORDER BY CloseDate', 'E,D'],
  ['SELECT Name FROM Opportunity WHERE CloseDate >= 2026-10-31 AND CloseDate <= 2026-11-22 ORDER BY Name', 'A,B'],
  ['SELECT Name FROM Opportunity WHERE CloseDate = :day', 'C', { day: date('2026-01-15') }],
  ['SELECT COUNT() FROM Opportunity WHERE CreatedDate = TODAY', '5'],
  ['SELECT COUNT() FROM Opportunity WHERE CreatedDate > 2026-11-22T12:00:00Z', '0'],
  ['SELECT COUNT() FROM Opportunity WHERE CreatedDate <= :now', '5', { now: new ApexDatetime(NOW) }],
  [
    'SELECT Name FROM Opportunity WHERE CALENDAR_YEAR(CloseDate) = 2026 AND CALENDAR_MONTH(CloseDate) IN (1, 10) ORDER BY Name',
    'B,C',
  ],
  ['SELECT COUNT() FROM Opportunity WHERE HOUR_IN_DAY(convertTimezone(CreatedDate)) = 4', '5'],
  // picklists
  ['SELECT Name FROM Opportunity ORDER BY StageName, Name', 'A,E,B,C,D'],
  ['SELECT toLabel(Status__c) FROM Plan__c ORDER BY Name', 'Draft,Is Approved,Draft'],
  ["SELECT Name FROM Plan__c WHERE Topics__c INCLUDES ('Price;Quality', 'Service') ORDER BY Name", 'P1,P2'],
  ["SELECT Name FROM Plan__c WHERE Topics__c INCLUDES ('Quality')", 'P1'],
  ["SELECT Name FROM Plan__c WHERE Topics__c EXCLUDES ('Quality') ORDER BY Name", 'P2,P3'],
  [String.raw`SELECT COUNT() FROM Plan__c WHERE Topics__c INCLUDES ('back\\slash;"quoted"')`, '0'],
  // formulas
  ['SELECT Name FROM Plan__c WHERE Active__c = true ORDER BY Name', 'P2,P3'],
  ['SELECT Name FROM Plan__c WHERE Variance__c > 0', 'P2'],
  ['SELECT Name FROM Plan__c ORDER BY Variance__c, Name', 'P1,P3,P2'],
  ["SELECT Name FROM Plan__c WHERE Account_Industry__c = 'RETAIL'", 'P2'],
  ['SELECT Name FROM Opportunity WHERE Plan__r.Variance__c > 0', ''],
  // aggregates
  ['SELECT COUNT() FROM Account', '4'],
  ['SELECT SUM(Amount) FROM Opportunity', '1000000000050.31'],
  ['SELECT SUM(Amount) total FROM Opportunity GROUP BY IsWon ORDER BY SUM(Amount)', '50.10,1000000000000.21'],
  ['SELECT COUNT(Amount) FROM Opportunity', '4'],
  ['SELECT COUNT() FROM Opportunity WHERE Amount < 99999999999999999999999999', '4'],
  ['SELECT COUNT() FROM Opportunity WHERE Amount <= -99999999999999999999999999', '0'],
  ['SELECT COUNT_DISTINCT(AccountId) FROM Opportunity', '2'],
  ['SELECT AVG(Amount) FROM Opportunity WHERE Amount < 1', '0.15'],
  ['SELECT MAX(CloseDate) FROM Opportunity', '2027-03-01'],
  ['SELECT MIN(Name) FROM Account', 'acme'],
  [
    'SELECT Account.Name FROM Opportunity WHERE AccountId != null GROUP BY Account.Name HAVING COUNT(Id) > 1 ORDER BY Account.Name',
    'acme,Ärzte GmbH',
  ],
  [
    'SELECT CALENDAR_YEAR(CloseDate) y, COUNT(Id) FROM Opportunity GROUP BY CALENDAR_YEAR(CloseDate) ORDER BY CALENDAR_YEAR(CloseDate)',
    '2025,2026,2027',
  ],
  [
    'SELECT FISCAL_QUARTER(CloseDate) FROM Opportunity WHERE FISCAL_YEAR(CloseDate) = 2026 GROUP BY FISCAL_QUARTER(CloseDate) ORDER BY FISCAL_QUARTER(CloseDate)',
    '1,4',
  ],
  ['SELECT SUM(Variance__c) FROM Plan__c', '-5.00'],
  // scopes and modifiers
  ['SELECT Name FROM Account USING SCOPE mine ORDER BY Name LIMIT 1', 'acme'],
  ["SELECT Name FROM Account WHERE Name = 'Beta' FOR UPDATE", 'Beta'],
  ['SELECT DeveloperName FROM Source__mdt WHERE Rank__c = 1', 'Opportunity'],
  ['SELECT ApiName FROM OpportunityStage WHERE IsWon = true', 'Closed Won'],
];
for (const [text, expected, binds] of cases) {
  test(text, () => assert.equal(answers(text, binds), expected));
}

test('parents and children come in the order of the SELECT clause', () => {
  org.transaction({ userId: org.administratorId }, (transaction) => {
    const rows = query(
      transaction,
      "SELECT (SELECT LastName FROM Contacts ORDER BY LastName LIMIT 1), Name, Parent.Name FROM Account WHERE Industry = 'Retail'",
    );
    assert.equal(JSON.stringify(rows), '[{"Contacts":[{"LastName":"Moe"}],"Name":"acme","Parent":null}]');
  });
});

test('group fields keep their names, aggregates without alias are numbered', () => {
  org.transaction({ userId: org.administratorId }, (transaction) => {
    assert.deepEqual(
      query(
        transaction,
        'SELECT StageName, COUNT(Id), SUM(Amount) total, MAX(Amount) FROM Opportunity WHERE IsWon = true GROUP BY StageName',
      ),
      [{ StageName: 'Closed Won', expr0: 2, total: '1000000000000.21', expr1: '1000000000000.01' }],
    );
  });
});

test('sums beyond 64 bits stay exact', () => {
  org.transaction({ userId: org.administratorId }, (transaction) => {
    const savepoint = transaction.setSavepoint();
    const huge = decimal('9999999999999999.99');
    insert(
      transaction,
      ...Array.from({ length: 10 }, (_item, index) =>
        record(org, 'Opportunity', {
          Name: `H${index}`,
          StageName: 'Prospecting',
          CloseDate: date('2026-01-01'),
          Amount: huge,
        }),
      ),
    );
    assert.deepEqual(query(transaction, "SELECT SUM(Amount) s FROM Opportunity WHERE Name LIKE 'H%'"), [
      { s: '99999999999999999.90' },
    ]);
    transaction.rollback(savepoint);
  });
});

const errors: readonly (readonly [string, string, RegExp])[] = [
  [
    'SELECT Foo FROM Account',
    'INVALID_FIELD',
    /^\nSELECT Foo FROM Account\n {7}\^\nERROR at Row:1:Column:8\nNo such column 'Foo' on entity 'Account'\. If you are attempting/,
  ],
  ['SELECT Id FROM Nowhere', 'INVALID_TYPE', /sObject type 'Nowhere' is not supported/],
  [
    'SELECT Id, (SELECT Id FROM Nothings) FROM Account',
    'INVALID_TYPE',
    /Didn't understand relationship 'Nothings' in FROM part/,
  ],
  ['SELECT Acount.Name FROM Contact', 'INVALID_FIELD', /Didn't understand relationship 'Acount' in field path/],
  [
    "SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
    'MALFORMED_QUERY',
    /^unexpected token: 'OR'$/,
  ],
  ['SELECT Id FROM Account WHERE', 'MALFORMED_QUERY', /^unexpected token: <EOF>$/],
  ['SELECT FROM Account', 'MALFORMED_QUERY', /unexpected token/],
  ['SELECT Id FROM Account LIMIT ten', 'MALFORMED_QUERY', /unexpected token: 'ten'/],
  ["SELECT Id FROM Account WHERE Name = 'a", 'MALFORMED_QUERY', /mismatched character/],
  ['SELECT Id FROM Account WHERE Name = Beta', 'MALFORMED_QUERY', /unexpected token: 'Beta'/],
  [
    "SELECT Id FROM Account WHERE AnnualRevenue = '5'",
    'INVALID_FIELD',
    /field 'AnnualRevenue' must be of type currency and should not be enclosed in quotes/,
  ],
  [
    "SELECT Id FROM Opportunity WHERE CloseDate = '2026-01-01'",
    'INVALID_FIELD',
    /field 'CloseDate' must be of type date and should not be enclosed in quotes/,
  ],
  [
    "SELECT Id FROM Account WHERE Description = 'x'",
    'INVALID_FIELD',
    /field 'Description' can not be filtered in a query call/,
  ],
  ["SELECT Id FROM Account WHERE Id = 'abc'", 'INVALID_QUERY_FILTER_OPERATOR', /invalid ID field: abc/],
  ['SELECT Id FROM Account ORDER BY Description', 'INVALID_FIELD', /can not be sorted/],
  [
    'SELECT Name, COUNT(Id) FROM Account GROUP BY Industry',
    'MALFORMED_QUERY',
    /Field must be grouped or aggregated: Name/,
  ],
  [
    'SELECT Industry, COUNT(Id) FROM Account GROUP BY Industry ORDER BY Name',
    'MALFORMED_QUERY',
    /Field must be grouped or aggregated: Name/,
  ],
  [
    "SELECT Industry FROM Account GROUP BY Industry HAVING Name = 'a'",
    'MALFORMED_QUERY',
    /Field must be grouped or aggregated: Name/,
  ],
  ['SELECT Name FROM Account ORDER BY MIN(Industry)', 'MALFORMED_QUERY', /aggregate MIN can't stand here/],
  ['SELECT Id FROM Account WHERE COUNT(Id) > 1', 'MALFORMED_QUERY', /aggregate COUNT can't stand here/],
  ['SELECT SUM(AnnualRevenue) total FROM Account WHERE total > 1', 'INVALID_FIELD', /No such column 'total'/],
  ['SELECT MAX(MIN(Industry)) FROM Account', 'MALFORMED_QUERY', /aggregate MIN can't stand here/],
  ['SELECT COUNT() FROM Account GROUP BY Industry', 'MALFORMED_QUERY', /can't be used with GROUP BY/],
  ['SELECT COUNT() FROM Account ORDER BY Name', 'MALFORMED_QUERY', /can't be used with ORDER BY/],
  ['SELECT Id FROM Opportunity WHERE CloseDate = 2026-02-30', 'MALFORMED_QUERY', /Invalid date: 2026-02-30/],
  ['SELECT Id FROM Account WHERE CreatedDate > 2026-00-01T10:00:00Z', 'MALFORMED_QUERY', /Invalid date/],
  [
    'SELECT Id FROM Account WHERE CreatedDate < LAST_N_DAYS:99999999999',
    'NUMBER_OUTSIDE_VALID_RANGE',
    /years 1 to 9999/,
  ],
  ['SELECT Id FROM Account WHERE Name LIKE TODAY', 'INVALID_FIELD', /must be of type string/],
  [
    'SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact GROUP BY AccountId)',
    'MALFORMED_QUERY',
    /no GROUP BY in a subquery after IN/,
  ],
  ['SELECT Id, Id FROM Account', 'MALFORMED_QUERY', /duplicate field selected: Id/],
  ['SELECT Id FROM Account OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE', /Maximum SOQL offset allowed is 2000/],
  ['SELECT FIELDS(ALL) FROM Account', 'MALFORMED_QUERY', /LIMIT of at most 200/],
  ['SELECT Id FROM Account WHERE Name = :missing', 'UNKNOWN_BIND', /Variable does not exist: missing/],
];
for (const [text, code, message] of errors) {
  test(`refuses ${text}`, () =>
    assert.throws(
      () => answers(text),
      (error) => error instanceof QueryError && error.code === code && message.test(error.message),
    ));
}

test('describeQuery tells the compiler types, binds with offsets and modes', () => {
  const text =
    'SELECT Name, Account.AnnualRevenue, (SELECT Subject FROM Tasks) FROM Opportunity WHERE AccountId IN :ids AND Amount > :least WITH USER_MODE';
  const description = describeQuery(text, org.schema);
  assert.equal(description.kind, 'records');
  assert.equal(description.object.name, 'Opportunity');
  assert.deepEqual(
    description.fields.map((field) => [field.name, field.type]),
    [
      ['Name', 'string'],
      ['Account.AnnualRevenue', 'currency'],
    ],
  );
  assert.deepEqual(
    description.children.map((child) => [child.relationshipName, child.description.fields.map((field) => field.name)]),
    [['Tasks', ['Subject']]],
  );
  assert.deepEqual(
    description.binds.map((bind) => [bind.name, bind.collection, text.slice(bind.offset, bind.end)]),
    [
      ['ids', true, ':ids'],
      ['least', false, ':least'],
    ],
  );
  assert.equal(description.mode, 'USER_MODE');
  const aggregate = describeQuery(
    'SELECT AccountId, SUM(Amount) total, COUNT(Id) FROM Opportunity GROUP BY AccountId',
    org.schema,
  );
  assert.deepEqual(
    [aggregate.kind, aggregate.fields.map((field) => [field.name, field.type])],
    [
      'aggregate',
      [
        ['AccountId', 'reference'],
        ['total', 'currency'],
        ['expr0', 'int'],
      ],
    ],
  );
  assert.throws(
    () => describeQuery('SELECT Id,\n  Bogus\nFROM Account', org.schema),
    (error) => error instanceof QueryError && error.line === 2 && error.column === 3 && error.offset === 13,
  );
});

test('a field that was not selected is not in the record, its Id and lookup are', () => {
  org.transaction({ userId: org.administratorId }, (transaction) => {
    const [contact] = transaction.query("SELECT Account.Name FROM Contact WHERE LastName = 'Lee'", {
      accessMode: 'system',
      sharing: 'without',
    }).records;
    assert.equal(contact?.values.get('AccountId'), arzte);
    assert.equal(contact?.retrieved?.has('LastName'), false);
    assert.deepEqual(contact?.shape, ['Account']);
  });
});

test('compound addresses are objects of their parts', () => {
  org.transaction({ userId: org.administratorId }, (transaction) => {
    const savepoint = transaction.setSavepoint();
    insert(
      transaction,
      record(org, 'Account', { Name: 'Somewhere', BillingCity: 'Berlin', BillingLatitude: decimal('52.5') }),
    );
    const [account] = transaction.query(
      "SELECT BillingAddress, ShippingAddress FROM Account WHERE Name = 'Somewhere'",
      {
        accessMode: 'system',
        sharing: 'without',
      },
    ).records;
    const address = account?.values.get('BillingAddress') as Readonly<Record<string, unknown>>;
    assert.deepEqual([address['city'], address['latitude'], address['street']], ['Berlin', 52.5, null]);
    assert.equal(account?.values.get('ShippingAddress'), null);
    assert.ok(
      transaction
        .query("SELECT FIELDS(ALL) FROM Account WHERE Name = 'Somewhere' LIMIT 1", {
          accessMode: 'user',
          sharing: 'with',
        })
        .records[0]?.values.has('BillingAddress'),
    );
    transaction.rollback(savepoint);
  });
});

test('SOSL finds words in the fields it is told to look at', () => {
  org.transaction({ userId: org.administratorId }, (transaction) => {
    const find = (text: string, binds: Readonly<Record<string, unknown>> = {}): readonly unknown[] =>
      transaction
        .search(text, { accessMode: 'system', sharing: 'without', binds: new Map(Object.entries(binds)) })
        .map((records) => records.map((found) => found.values.get('Name') ?? found.values.get('LastName')));
    assert.deepEqual(find("FIND 'ÄRZTE' IN ALL FIELDS RETURNING Account (Name), Contact (LastName)"), [
      ['Ärzte GmbH'],
      [],
    ]);
    assert.deepEqual(find('FIND {ac*} RETURNING Account (Name WHERE AnnualRevenue > 1 ORDER BY Name LIMIT 5)'), [
      ['acme'],
    ]);
    assert.deepEqual(find('FIND :words IN EMAIL FIELDS RETURNING Contact (LastName)', { words: 'example' }), [['Lee']]);
    assert.deepEqual(find("FIND 'gmbh OR beta' IN NAME FIELDS RETURNING Account (Name ORDER BY Name)"), [
      ['Beta', 'Ärzte GmbH'],
    ]);
    assert.deepEqual(
      find("FIND 'a*e' IN NAME FIELDS RETURNING Account (Name WHERE Name != 'no LIMIT WHERE it ends')"),
      [['acme']],
    );
    assert.deepEqual(find("FIND 'ac?e' IN NAME FIELDS RETURNING Account (Name)"), [['acme']]);
    const names = (term: string): unknown =>
      find(`FIND {${term}} IN ALL FIELDS RETURNING Account (Name ORDER BY Name)`)[0];
    assert.deepEqual(names('"ärzte gmbh"'), ['Ärzte GmbH']);
    assert.deepEqual(names('"gmbh ärzte"'), [], 'a phrase has an order');
    assert.deepEqual(names('gmbh ärzte'), ['Ärzte GmbH'], 'words have none');
    assert.deepEqual(names('acme AND NOT north OR beta'), ['Beta']);
    assert.deepEqual(names('(acme OR beta) AND NOT north'), ['Beta']);
    assert.deepEqual(names('acme north'), ['acme'], 'in different fields');
    assert.deepEqual(names('"acme north"'), [], 'a phrase stands in one field');
    assert.deepEqual(names('((beta'), ['Beta']);
    assert.deepEqual(find("FIND 'ac?' IN NAME FIELDS RETURNING Account (Name)"), [[]]);
    // Many wildcards that don't fit must end at once.
    assert.deepEqual(find(`FIND '${'*c'.repeat(40)}z' IN ALL FIELDS RETURNING Account (Name)`), [[]]);
    assert.throws(() => find("FIND 'x' RETURNING Account (Name)"), /search term must be longer than one character/);
    assert.throws(() => find("FIND 'xx' RETURNING Nothing (Name)"), /sObject type 'Nothing' is not supported/);
    assert.throws(() => find('LOOK FOR x'), /a search looks like/);
  });
});

test('comments inside a query are passed over', () =>
  assert.equal(answers("SELECT Name /* which */ FROM Account // all\nWHERE Name = 'Beta'"), 'Beta'));

// Apex Developer Guide, "Execution Governors and Limits": aggregates count the rows that they read, COUNT does not.
test('aggregates count the rows behind them towards the limit on query rows', () => {
  org.transaction({ userId: org.administratorId }, (transaction) => {
    const rowsOf = (text: string): number => {
      const before = transaction.limits.used('queryRows');
      transaction.query(text, { accessMode: 'system', sharing: 'without' });
      return transaction.limits.used('queryRows') - before;
    };
    assert.equal(rowsOf('SELECT MAX(AnnualRevenue) FROM Account'), 4);
    assert.equal(rowsOf('SELECT Industry, SUM(AnnualRevenue) total FROM Account GROUP BY Industry'), 4);
    assert.equal(rowsOf('SELECT Industry, COUNT(Id) FROM Account GROUP BY Industry'), 4);
    assert.equal(rowsOf('SELECT COUNT() FROM Account'), 1);
  });
});

/** Rows as plain objects, parents as objects in them. */
function rowsOf(text: string): readonly unknown[] {
  const plain = (row: SObjectRecord): unknown =>
    Object.fromEntries([
      ...[...row.values]
        .filter(([name]) => name !== 'Id' && !name.endsWith('Id'))
        .map(([name, value]) => [name, value === null ? null : `${value as string | number}`]),
      ...[...row.related].map(([name, value]) => [
        name,
        value instanceof SObjectRecord ? { type: value.describe.name, ...(plain(value) as object) } : null,
      ]),
    ]);
  return org.transaction({ userId: org.administratorId }, (transaction) =>
    transaction.query(text, { accessMode: 'system', sharing: 'without' }).records.map(plain),
  );
}

// SOQL and SOSL Reference, "TYPEOF".
test('TYPEOF reads other fields of each kind of parent', () => {
  assert.deepEqual(
    rowsOf(
      'SELECT Subject, TYPEOF What WHEN Account THEN Name, Industry WHEN Opportunity THEN Amount, Account.Name END, Who.Name FROM Task ORDER BY Subject',
    ),
    [
      {
        Subject: 'Call',
        What: { type: 'Account', Name: 'Ärzte GmbH', Industry: 'Healthcare' },
        Who: { type: 'Contact', Name: 'Ann Lee' },
      },
      {
        Subject: 'Mail',
        What: { type: 'Opportunity', Amount: '0.10', Account: { type: 'Account', Name: 'Ärzte GmbH' } },
        Who: null,
      },
    ],
  );
  assert.deepEqual(
    rowsOf('SELECT TYPEOF What WHEN Opportunity THEN StageName ELSE Name END FROM Task ORDER BY Subject'),
    [{ What: { type: 'Account', Name: 'Ärzte GmbH' } }, { What: { type: 'Opportunity', StageName: 'Prospecting' } }],
    'ELSE is for the kinds that no case names',
  );
  for (const [text, code] of [
    ['SELECT TYPEOF Account WHEN Account THEN Name END FROM Contact', 'INVALID_FIELD'],
    ['SELECT TYPEOF What WHEN Pricebook2 THEN Name END FROM Task', 'INVALID_TYPE'],
    ['SELECT TYPEOF What WHEN Account THEN StageName END FROM Task', 'INVALID_FIELD'],
    ['SELECT TYPEOF What WHEN Account THEN Name FROM Task', 'MALFORMED_QUERY'],
    ['SELECT What.Name, TYPEOF What WHEN Account THEN Name END FROM Task', 'MALFORMED_QUERY'],
  ] as const)
    assert.throws(
      () => rowsOf(text),
      (error: unknown) => error instanceof QueryError && error.code === code,
      text,
    );
});

// SOQL and SOSL Reference, "GROUP BY ROLLUP", "GROUP BY CUBE" and "Identify Subtotals with GROUP BY".
test('ROLLUP and CUBE add subtotals, GROUPING tells them from blanks', () => {
  assert.deepEqual(
    rowsOf(
      "SELECT StageName stage, AccountId account, GROUPING(StageName) byStage, GROUPING(AccountId) byAccount, COUNT(Name) deals FROM Opportunity WHERE StageName LIKE 'Closed%' GROUP BY ROLLUP(StageName, AccountId) HAVING COUNT(Name) > 0",
    ).map((row) =>
      Object.values(row as object)
        .map((value) => (value === null ? '–' : String(value)))
        .join(' '),
    ),
    [
      `Closed Lost ${acme} 0 0 1`,
      'Closed Lost – 0 1 1',
      `Closed Won ${arzte} 0 0 1`,
      `Closed Won ${acme} 0 0 1`,
      'Closed Won – 0 1 2',
      '– – 1 1 3',
    ],
  );
  assert.deepEqual(
    rowsOf(
      'SELECT Account.Name, IsWon, SUM(Amount) total FROM Opportunity WHERE AccountId != null GROUP BY CUBE(Account.Name, IsWon) ORDER BY GROUPING(Account.Name) DESC, GROUPING(IsWon) DESC, SUM(Amount) NULLS FIRST LIMIT 5',
    ).map((row) =>
      Object.values(row as object)
        .map((value) => (value === null ? '–' : String(value)))
        .join(' '),
    ),
    ['– – 1000000000000.31', '– false 0.10', '– true 1000000000000.21', 'Ärzte GmbH – 0.30', 'acme – 1000000000000.01'],
  );
  for (const text of [
    'SELECT Name, COUNT(Id) FROM Account GROUP BY ROLLUP(Name, Industry, Site, Type)',
    'SELECT Name, GROUPING(Name) FROM Account GROUP BY Name',
    'SELECT Name, Site FROM Account GROUP BY CUBE(Name)',
  ])
    assert.throws(
      () => rowsOf(text),
      (error: unknown) => error instanceof QueryError && error.code === 'MALFORMED_QUERY',
      text,
    );
});
