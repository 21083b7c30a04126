/** The Apex room on the real runtime: triggers, DML, queries, jobs, the test runner and its coverage. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compileProject } from '../../src/apex/compile.ts';
import { formatHuman, formatJson, formatJunit } from '../../src/apex/formatResults.ts';
import { ApexCallError, createCodeHost } from '../../src/apex/host.ts';
import { runTests } from '../../src/apex/testRunner.ts';
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';

const project = loadProject(fileURLToPath(new URL('../fixtures/ledger', import.meta.url)));

function open() {
  const org = openOrg({ project });
  const compiled = compileProject(project, org.schema, { coverage: true });
  org.attachCode(
    createCodeHost(compiled, {
      access: () => ({ object: () => true, field: () => true, customPermission: () => false }),
    }),
  );
  return { org, compiled };
}

test('tests run isolated, with triggers, limits, jobs and coverage by line', () => {
  const { org, compiled } = open();
  const run = runTests(org, compiled, { classes: ['entryrolluptest', 'EntryJobsTest'] });
  assert.deepEqual(
    run.results
      .filter((result) => result.outcome === 'Fail')
      .map((result) => `${result.methodName}: ${result.message}\n${result.stackTrace}`),
    [],
  );
  assert.equal(run.results.length, 6);
  const rollup = run.coverage.find((entry) => entry.name === 'EntryRollup');
  assert.deepEqual(rollup?.uncovered, [36, 41]);
  assert.ok(rollup.covered.includes(22));
  assert.ok(run.coverage.some((entry) => entry.name === 'EntryTrigger' && entry.uncovered.length === 0));
  assert.ok(!run.coverage.some((entry) => entry.name === 'EntryRollupTest'));
  org.transaction({ userId: org.administratorId }, (transaction) => {
    assert.equal(
      transaction.query('SELECT COUNT() FROM Account', { accessMode: 'system', sharing: 'without' }).totalSize,
      0,
    );
  });
  org.close();
});

test('failures name message and line in every format', () => {
  const { org, compiled } = open();
  const run = runTests(org, compiled, { methods: ['BrokenTest.shouldFail', 'BrokenTest.shouldFailInside'] });
  assert.equal(
    run.results[0]?.message,
    'System.AssertException: Assertion Failed: one is not two: Expected: 1, Actual: 2',
  );
  assert.equal(run.results[0]?.stackTrace, 'Class.BrokenTest.shouldFail: line 5, column 1');
  assert.equal(run.results[1]?.message, 'System.NullPointerException: Attempt to de-reference a null object');
  assert.match(formatHuman(run), /FAIL BrokenTest\.shouldFail\n[\s\S]*0 passed, 2 failed/);
  const json = formatJson(run) as {
    result: {
      summary: Record<string, unknown>;
      tests: Record<string, unknown>[];
      coverage: { coverage: { name: string; lines: Record<string, number> }[] };
    };
  };
  assert.equal(json.result.summary['outcome'], 'Failed');
  assert.equal(json.result.summary['failing'], 2);
  assert.equal(json.result.tests[0]?.['FullName'], 'BrokenTest.shouldFail');
  assert.equal(json.result.coverage.coverage.find((entry) => entry.name === 'EntryRollup')?.lines['5'], 0);
  assert.match(
    formatJunit(run),
    /<testcase name="shouldFail" classname="BrokenTest"[^>]*>\s*<failure message="System.AssertException: Assertion Failed: one is not two/,
  );
  org.close();
});

test('anonymous Apex compiles, runs, logs and says what is wrong', () => {
  const { org } = open();
  const execute = (source: string) =>
    org.transaction({ userId: org.administratorId }, (transaction) => org.code!.executeAnonymous(transaction, source));
  const good = execute(
    "Account a = new Account(Name = 'A'); insert a;\nfor (Integer i = 0; i < 2; i++) System.debug(describe(i));\nString describe(Integer i) { return 'turn ' + i; }",
  );
  assert.equal(good.success, true, good.exceptionMessage ?? good.compileProblem ?? '');
  assert.match(good.log, /USER_DEBUG\|\[2\]\|DEBUG\|turn 0\n.*turn 1/);
  const bad = execute('Integer i = 1;\nfoo();');
  assert.deepEqual(
    [bad.compiled, bad.line, bad.column, bad.compileProblem],
    [false, 2, 1, 'Method does not exist or incorrect signature: void foo() from the type AnonymousBlock'],
  );
  const thrown = execute('Integer z = 0;\nInteger i = 1 / z;');
  assert.deepEqual(
    [thrown.compiled, thrown.success, thrown.line, thrown.exceptionMessage, thrown.exceptionStackTrace],
    [true, false, 2, 'System.MathException: Divide by 0', 'AnonymousBlock: line 2, column 1'],
  );
  org.close();
});

test('Lightning calls get JSON as the platform writes it, and typed errors', () => {
  const { org } = open();
  const call = (method: string, parameters: unknown) =>
    org.transaction({ userId: org.administratorId }, (transaction) =>
      org.code!.invokeAura(transaction, 'EntryRollup', method, parameters),
    );
  let id = '';
  org.transaction({ userId: org.administratorId }, (transaction) => {
    const outcome = org.code!.executeAnonymous(
      transaction,
      "Account a = new Account(Name = 'Big'); insert a; insert new Entry__c(Account__c = a.Id, Amount__c = 12.50);",
    );
    assert.equal(outcome.success, true, outcome.exceptionMessage ?? outcome.compileProblem ?? '');
    id = transaction.query('SELECT Id FROM Account', { accessMode: 'system', sharing: 'without' }).records[0]?.id ?? '';
  });
  const [account] = call('largest', { count: 5, since: '2020-01-01' }) as Record<string, unknown>[];
  assert.equal(account?.['Name'], 'Big');
  assert.equal(account?.['Total__c'], 12.5);
  assert.equal((account?.['Entries__r'] as { Amount__c: number }[])[0]?.Amount__c, 12.5);
  assert.throws(
    () => call('fail', { accountId: id }),
    (error: unknown) => {
      assert.ok(error instanceof ApexCallError);
      assert.equal(error.exceptionType, 'System.DmlException');
      assert.deepEqual(error.dml, [
        {
          index: 0,
          statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
          message: 'An entry can not be negative',
          fields: ['Amount__c'],
        },
      ]);
      return true;
    },
  );
  assert.throws(() => call('run', {}), { code: 'UNKNOWN_METHOD' });
  org.close();
});
