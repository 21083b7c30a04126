/** The Salesforce CLI, unmodified, against a running local org: one login, then the commands that developers use daily. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { salesforceCli } from '../support/salesforceCli.ts';
import type { SalesforceCli } from '../support/salesforceCli.ts';
import { startServerProcess } from '../support/serverProcess.ts';
import type { ServerProcess } from '../support/serverProcess.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/ledger');
const USERNAME = 'admin@local.org';

let server: ServerProcess;
let sf: SalesforceCli;
let project: string;
let organizationId: string;

before(async () => {
  project = mkdtempSync(join(tmpdir(), 'local-org-clients-'));
  cpSync(FIXTURE, project, { recursive: true });
  server = await startServerProcess({ source: project, data: join(project, 'data') });
  const answer = await fetch(`${server.url}/services/oauth2/userinfo`, { headers: { authorization: 'Bearer local' } });
  organizationId = ((await answer.json()) as { organization_id: string }).organization_id;
  sf = salesforceCli({ SF_ACCESS_TOKEN: `${organizationId.slice(0, 15)}!local`, SF_TARGET_ORG: USERNAME });
  const login = await sf.json('org', 'login', 'access-token', '--instance-url', server.url, '--no-prompt');
  assert.equal(login.status, 0, login.out);
  assert.deepEqual([login.result.username, login.result.orgId], [USERNAME, organizationId]);
});
after(async () => {
  sf?.close();
  await server?.stop();
  rmSync(project, { recursive: true, force: true });
});

void describe('sf org and sf sobject', () => {
  void it('displays the org as connected', async () => {
    const { result } = await sf.json('org', 'display');
    assert.deepEqual(
      [result.id, result.connectedStatus, result.apiVersion, result.username],
      [organizationId, 'Connected', '67.0', USERNAME],
    );
  });

  void it('describes an object', async () => {
    const { result } = await sf.json('sobject', 'describe', '--sobject', 'Entry__c');
    assert.equal(result.name, 'Entry__c');
    const amount = result.fields.find(({ name }: { name: string }) => name === 'Amount__c');
    assert.equal(amount.type, 'currency');
  });
});

void describe('sf data', () => {
  let accountId: string;

  void it('creates, reads, updates and deletes a record; its trigger runs', async () => {
    const account = await sf.json('data', 'create', 'record', '--sobject', 'Account', '--values', "Name='Acme Inc'");
    assert.ok(account.result.success, account.out);
    accountId = account.result.id;
    const values = `Name=first Account__c=${accountId} Amount__c=12.5`;
    const entry = await sf.json('data', 'create', 'record', '--sobject', 'Entry__c', '--values', values);
    const read = await sf.json('data', 'get', 'record', '--sobject', 'Entry__c', '--record-id', entry.result.id);
    assert.deepEqual([read.result.Name, read.result.Amount__c], ['FIRST', 12.5]);
    const change = ['--values', 'Amount__c=20'];
    const updated = await sf.json('data', 'update', 'record', '-s', 'Entry__c', '-w', 'Name=FIRST', ...change);
    assert.equal(updated.result.id, entry.result.id, updated.out);
    const total = await sf.json('data', 'get', 'record', '--sobject', 'Account', '--record-id', accountId);
    assert.equal(total.result.Total__c, 20);
    const deleted = await sf.json('data', 'delete', 'record', '--sobject', 'Entry__c', '--record-id', entry.result.id);
    assert.ok(deleted.result.success, deleted.out);
  });

  void it('passes on what a record is refused for', async () => {
    const refused = await sf.json('data', 'create', 'record', '--sobject', 'Entry__c', '--values', 'Amount__c=-1');
    assert.equal(refused.status, 1);
    assert.equal(refused.result.name, 'FIELD_CUSTOM_VALIDATION_EXCEPTION');
    assert.match(refused.result.message, /An entry can not be negative/);
  });

  void it('imports a tree, queries it and exports it; the export can be imported by its plan', async () => {
    const tree = {
      records: [
        {
          attributes: { type: 'Account', referenceId: 'one' },
          Name: 'Tree',
          Entries__r: {
            records: [
              { attributes: { type: 'Entry__c', referenceId: 'leaf1' }, Name: 'leaf one', Amount__c: 1.25 },
              { attributes: { type: 'Entry__c', referenceId: 'leaf2' }, Name: 'leaf two', Amount__c: 2 },
            ],
          },
        },
      ],
    };
    writeFileSync(join(sf.folder, 'tree.json'), JSON.stringify(tree));
    const imported = await sf.json('data', 'import', 'tree', '--files', 'tree.json');
    assert.deepEqual(
      imported.result.map(({ refId, type }: { refId: string; type: string }) => `${refId} ${type}`),
      ['one Account', 'leaf1 Entry__c', 'leaf2 Entry__c'],
    );

    const query =
      "SELECT Id, Name, Total__c, (SELECT Name, Amount__c FROM Entries__r) FROM Account WHERE Name = 'Tree'";
    const exported = await sf.json('data', 'export', 'tree', '--query', query, '--plan', '--output-dir', 'out');
    assert.equal(exported.status, 0, exported.out);
    const entries = JSON.parse(readFileSync(join(sf.folder, 'out/Entry__c.json'), 'utf8'));
    assert.deepEqual(
      entries.records.map(({ Amount__c }: { Amount__c: number }) => Amount__c),
      [1.25, 2],
    );
    const again = await sf.json('data', 'import', 'tree', '--plan', 'out/Account-Entry__c-plan.json');
    assert.equal(again.result.length, 3, again.out);

    const rows = await sf.text(
      'data',
      'query',
      '--result-format',
      'csv',
      '--query',
      query.replace('Id, ', 'Id, Owner.Name, '),
    );
    assert.match(rows.out, /^Id,Owner\.Name,Name,Total__c,Entries__r/);
    assert.equal(rows.out.match(/Ada Admin,Tree,3\.25/g)?.length, 2);
    const groups = await sf.text('data', 'query', '--query', 'SELECT Name, COUNT(Id) many FROM Account GROUP BY Name');
    assert.match(groups.out, /Tree\W+2\W/);
  });

  void it('words errors of a query as the platform does', async () => {
    const { status, result } = await sf.json('data', 'query', '--query', 'SELECT Nope FROM Account');
    assert.equal(status, 1);
    assert.equal(result.name, 'INVALID_FIELD');
    assert.match(result.message, /No such column 'Nope' on entity 'Account'/);
  });
});

void describe('sf apex run', () => {
  const run = (source: string): ReturnType<SalesforceCli['json']> => {
    writeFileSync(join(sf.folder, 'run.apex'), source);
    return sf.json('apex', 'run', '--file', 'run.apex');
  };

  void it('runs anonymous Apex and prints what it logged', async () => {
    const source =
      "insert new Account(Name = 'A & B <c>');\nSystem.debug('made ' + [SELECT Name FROM Account WHERE Name LIKE 'A &%'].Name);";
    const { result, status } = await run(source);
    assert.equal(status, 0);
    assert.deepEqual([result.success, result.compiled], [true, true]);
    assert.match(result.logs, /^67\.0 APEX_CODE,DEBUG\nExecute Anonymous: insert new Account/);
    assert.match(result.logs, /\|USER_DEBUG\|\[2\]\|DEBUG\|made A & B <c>/);
  });

  void it('tells where code does not compile, and what failed; a failed run leaves nothing', async () => {
    const problem = await run('Integer count = 1;\nInteger other = nope;');
    assert.equal(problem.status, 1);
    assert.deepEqual([problem.result.data.compiled, problem.result.data.line], [false, '2']);
    assert.match(problem.result.data.compileProblem, /Variable does not exist: nope/);
    const failure = await run("insert new Account(Name = 'Gone');\nthrow new IllegalArgumentException('no more');");
    assert.equal(failure.status, 1);
    assert.deepEqual([failure.result.data.compiled, failure.result.data.success], [true, false]);
    assert.match(failure.result.data.exceptionMessage, /System\.IllegalArgumentException: no more/);
    assert.match(failure.result.data.exceptionStackTrace, /AnonymousBlock: line 2/);
    const { result } = await sf.json('data', 'query', '--query', "SELECT COUNT() FROM Account WHERE Name = 'Gone'");
    assert.equal(result.totalSize, 0);
  });
});

void describe('sf apex run test', () => {
  const runTest = (...flags: readonly string[]): ReturnType<SalesforceCli['json']> =>
    sf.json('apex', 'run', 'test', ...flags);

  void it('runs a class asynchronously and reports coverage by method and class; the data stays as it is', async () => {
    const accounts = "SELECT COUNT() FROM Account WHERE Name IN ('One', 'Two')";
    const { result, status } = await runTest(
      ...['--class-names', 'EntryRollupTest', '--code-coverage', '--detailed-coverage', '--wait', '2'],
    );
    assert.equal(status, 0);
    assert.deepEqual(
      [result.summary.outcome, result.summary.testsRan, result.summary.passing, result.summary.failing],
      ['Passed', 5, 5, 0],
    );
    assert.match(result.summary.testRunId, /^707/);
    assert.deepEqual(
      result.tests.map(({ MethodName }: { MethodName: string }) => MethodName),
      [
        'shouldSumWhenEntriesAreInserted',
        'shouldMoveWhenAccountChanges',
        'shouldRefuseNegativeAmounts',
        'shouldUpsertByKeyAndRollBack',
        'shouldReadOnlyWhatWasQueried',
      ],
    );
    const covered = result.coverage.coverage.map((each: { name: string; coveredPercent: number }) => [
      each.name,
      each.coveredPercent,
    ]);
    assert.deepEqual(covered, [
      ['EntryRollup', 89],
      ['EntryTrigger', 100],
    ]);
    const [rollup] = result.coverage.coverage;
    assert.deepEqual([rollup.lines[36], rollup.lines[41], rollup.lines[5]], [0, 0, 1]);
    const byMethod = result.coverage.records.map(
      (each: { TestMethodName: string; ApexClassOrTrigger: { Name: string } }) =>
        `${each.TestMethodName} ${each.ApexClassOrTrigger.Name}`,
    );
    assert.equal(byMethod.length, 8);
    assert.equal(byMethod[0], 'shouldSumWhenEntriesAreInserted EntryRollup');
    assert.equal((await sf.json('data', 'query', '--query', accounts)).result.totalSize, 0);
  });

  void it('runs one method synchronously; a failure has its message and place', async () => {
    const { result, status } = await runTest('--tests', 'BrokenTest.shouldFail', '--synchronous');
    assert.equal(status, 100);
    assert.deepEqual([result.summary.outcome, result.summary.testsRan, result.summary.failing], ['Failed', 1, 1]);
    const [test] = result.tests;
    assert.equal(test.FullName, 'BrokenTest.shouldFail');
    assert.match(test.Message, /System\.AssertException: Assertion Failed: one is not two: Expected: 1, Actual: 2/);
    assert.match(test.StackTrace, /Class\.BrokenTest\.shouldFail: line 5/);
  });

  void it('runs everything; the outcome is red when one test is', async () => {
    const { result, status } = await runTest('--test-level', 'RunLocalTests', '--wait', '2');
    assert.equal(status, 100);
    assert.deepEqual([result.summary.outcome, result.summary.testsRan, result.summary.failing], ['Failed', 8, 2]);
  });

  void it('refuses a class that has no tests', async () => {
    const { result, status } = await runTest('--class-names', 'EntryRollup', '--wait', '2');
    assert.equal(status, 1);
    assert.match(result.message, /This class name's value is invalid: EntryRollup/);
  });

  void it('queries classes by the Tooling API and refuses objects that are not there', async () => {
    const query = (text: string): ReturnType<SalesforceCli['json']> =>
      sf.json('data', 'query', '--use-tooling-api', '--query', text);
    const classes = await query("SELECT Name FROM ApexClass WHERE Name LIKE 'EntryR%' ORDER BY Name");
    assert.deepEqual(
      classes.result.records.map(({ Name }: { Name: string }) => Name),
      ['EntryRollup', 'EntryRollupTest'],
    );
    const refused = await query('SELECT Id FROM ApexLog');
    assert.deepEqual([refused.status, refused.result.name], [1, 'INVALID_TYPE']);
  });
});
