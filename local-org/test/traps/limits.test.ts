/**
 * Trap 5: limits a transaction; the exception past them passes every catch and finally.
 * Source: Apex Developer Guide, "Execution Governors and Limits"; Apex Reference Guide, "Exception Class and Built-In
 * Exceptions" (LimitException).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runTrap } from './trap.ts';

const EXPECTED: Readonly<Record<string, string>> = {
  dml: 'System.LimitException: Too many DML statements: 151',
  queries: 'System.LimitException: Too many SOQL queries: 101',
  rows: 'System.LimitException: Too many DML rows: 10001',
  searches: 'System.LimitException: Too many SOSL queries: 21',
};

void test('limits are counted and can not be caught', () => {
  const attempt = (name: string, before: string, work: string, times: number): string =>
    `@IsTest static void ${name}() { ${before} try { for (Integer turn = 0; turn < ${times}; turn++) { ${work} } } catch (Exception error) { Assert.fail('caught'); } finally { Assert.fail('finally ran'); } }`;
  const results = runTrap({
    apex: {
      LimitsTest: `@IsTest private class LimitsTest {
  ${attempt('queries', '', "Integer found = [SELECT COUNT() FROM Account WHERE Name = 'x'];", 101)}
  ${attempt('dml', '', "insert new Account(Name = 'x');", 151)}
  ${attempt('searches', '', "List<List<SObject>> found = [FIND 'x' RETURNING Account];", 21)}
  ${attempt('rows', "List<Account> accounts = new List<Account>(); for (Integer index = 0; index < 10001; index++) { accounts.add(new Account(Name = 'a' + index)); }", 'insert accounts;', 1)}
  @IsTest static void aggregatesCountTheRowsTheyRead() {
    insert new List<Account>{ new Account(Name = 'a'), new Account(Name = 'b'), new Account(Name = 'c') };
    Integer before = Limits.getQueryRows();
    Integer counted = [SELECT COUNT() FROM Account];
    Assert.areEqual(before + 1, Limits.getQueryRows());
    List<AggregateResult> rows = [SELECT MAX(Name) FROM Account];
    Assert.areEqual(before + 4, Limits.getQueryRows());
  }
  @IsTest static void allowances() {
    Assert.areEqual(100, Limits.getLimitQueries());
    Assert.areEqual(50000, Limits.getLimitQueryRows());
    Assert.areEqual(150, Limits.getLimitDmlStatements());
    Assert.areEqual(10000, Limits.getLimitDmlRows());
    Assert.areEqual(20, Limits.getLimitSoslQueries());
    Assert.areEqual(50, Limits.getLimitQueueableJobs());
    Assert.areEqual(10000, Limits.getLimitCpuTime());
    Assert.areEqual(6000000, Limits.getLimitHeapSize());
  }
}`,
    },
  });
  for (const { methodName, message } of results) assert.equal(message ?? undefined, EXPECTED[methodName], methodName);
  assert.equal(results.length, 6);
});
