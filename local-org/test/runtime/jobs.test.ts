import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { compileProject } from '../../src/apex/compile.ts';
import { createCodeHost } from '../../src/apex/host.ts';
import { loadProject } from '../../src/project/loadProject.ts';
import { BackgroundJobs } from '../../src/runtime/jobs/BackgroundJobs.ts';
import { CronError, CronExpression } from '../../src/runtime/jobs/CronExpression.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import type { Org } from '../../src/runtime/types.ts';
import { timeZone } from '../../src/runtime/timeZone.ts';
import { trapProject } from '../traps/trap.ts';

const APEX = {
  Count: `public with sharing class Count implements Database.Batchable<SObject> {
    public Database.QueryLocator start(Database.BatchableContext context) { return Database.getQueryLocator('SELECT Size__c FROM Parent__c'); }
    public void execute(Database.BatchableContext context, List<Parent__c> scope) {
      for (Parent__c each : scope) { each.Size__c = (each.Size__c ?? 0) + 1; }
      update as system scope;
    }
    public void finish(Database.BatchableContext context) {}
  }`,
  Tick: `public with sharing class Tick implements Schedulable {
    public void execute(SchedulableContext context) { insert as system new Parent__c(Name = 'tick'); }
  }`,
};

function open(source: string, facts: { readonly file?: string; readonly clock?: () => number }): Org {
  const project = loadProject(source);
  const org = openOrg({
    project,
    ...(facts.file === undefined ? {} : { databaseFile: facts.file }),
    ...(facts.clock === undefined ? {} : { clock: facts.clock }),
    jobsInBackground: true,
  });
  const compiled = compileProject(project, org.schema, { coverage: false });
  org.attachCode(
    createCodeHost(compiled, {
      access: () => ({ object: () => true, field: () => true, customPermission: () => true }),
    }),
  );
  return org;
}

function execute(org: Org, apex: string): void {
  const outcome = org.transaction({ userId: org.administratorId }, (transaction) =>
    (org.code as NonNullable<typeof org.code>).executeAnonymous(transaction, apex),
  );
  assert.equal(outcome.exceptionMessage ?? outcome.compileProblem, null);
}

function count(org: Org, soql: string): number {
  return org.transaction(
    { userId: org.administratorId },
    (transaction) =>
      transaction.query(soql, { accessMode: 'system', sharing: 'without', countLimits: false }).totalSize,
  );
}

void test('jobs survive a restart in the middle of a batch; no scope is done twice', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jobs-'));
  const file = join(folder, 'org.sqlite');
  const source = trapProject({ apex: APEX });
  try {
    const first = open(source, { file });
    execute(
      first,
      `List<Parent__c> made = new List<Parent__c>();
       for (Integer each = 0; each < 10; each++) { made.add(new Parent__c(Name = 'p' + each, Size__c = 0)); }
       insert made;
       Database.executeBatch(new Count(), 3);`,
    );
    assert.equal(count(first, 'SELECT COUNT() FROM Parent__c WHERE Size__c = 0'), 10, 'nothing runs before its turn');
    assert.ok(first.runNextStep(), 'start');
    assert.ok(first.runNextStep(), 'one scope');
    first.close();

    const second = open(source, { file });
    assert.equal(count(second, 'SELECT COUNT() FROM Parent__c WHERE Size__c = 1'), 3);
    while (second.runNextStep());
    assert.equal(count(second, 'SELECT COUNT() FROM Parent__c WHERE Size__c = 1'), 10);
    assert.equal(
      count(second, "SELECT COUNT() FROM AsyncApexJob WHERE Status = 'Completed' AND JobItemsProcessed = 4"),
      1,
    );
    second.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

void test('a schedule fires when its time has come, once however late, and waits for the next time', () => {
  let now = Date.UTC(2026, 10, 25, 12, 0, 0);
  const org = open(trapProject({ apex: APEX }), { clock: () => now });
  try {
    execute(org, "System.schedule('Tick', '0 0 * * * ?', new Tick());");
    assert.equal(org.nextJobDue(), Date.UTC(2026, 10, 25, 13, 0, 0));
    assert.equal(org.runNextStep(), false);
    now = Date.UTC(2026, 10, 25, 15, 20, 0);
    assert.ok(org.runNextStep());
    assert.equal(org.runNextStep(), false);
    assert.equal(count(org, 'SELECT COUNT() FROM Parent__c'), 1);
    assert.equal(org.nextJobDue(), Date.UTC(2026, 10, 25, 16, 0, 0));
    assert.equal(count(org, "SELECT COUNT() FROM CronTrigger WHERE TimesTriggered = 1 AND State = 'WAITING'"), 1);
  } finally {
    org.close();
  }
});

void test('in the background jobs follow their commit without anybody asking', async () => {
  const org = open(trapProject({ apex: APEX }), {});
  const jobs = new BackgroundJobs(org);
  try {
    execute(org, "insert new Parent__c(Name = 'one', Size__c = 0); Database.executeBatch(new Count());");
    assert.equal(count(org, 'SELECT COUNT() FROM Parent__c WHERE Size__c = 1'), 0);
    for (let turn = 0; turn < 200 && count(org, 'SELECT COUNT() FROM Parent__c WHERE Size__c = 1') === 0; turn += 1)
      await sleep(5);
    assert.equal(count(org, 'SELECT COUNT() FROM Parent__c WHERE Size__c = 1'), 1);
  } finally {
    jobs.stop();
    org.close();
  }
});

void test('cron expressions: lists, ranges, steps, names, last days, weekdays, zones', () => {
  const next = (expression: string, after: string, zone = 'UTC'): string | null => {
    const found = CronExpression.parse(expression).next(Date.parse(after), timeZone(zone));
    return found === null ? null : new Date(found).toISOString().slice(0, 16);
  };
  const after = '2026-11-25T10:00:00Z'; // a Wednesday
  assert.equal(next('0 0 13 * * ?', after), '2026-11-25T13:00');
  assert.equal(next('0 0 10 * * ?', after), '2026-11-26T10:00', 'strictly after');
  assert.equal(next('0 0 22 ? * 6L', after), '2026-11-27T22:00', 'the last Friday');
  assert.equal(next('0 0 10 ? * MON-FRI', '2026-11-27T11:00:00Z'), '2026-11-30T10:00');
  assert.equal(next('0 0 20 * * ? 2027', after), '2027-01-01T20:00');
  assert.equal(next('0 0 0 L * ?', after), '2026-11-30T00:00');
  assert.equal(next('0 0 0 15W * ?', after), '2026-12-15T00:00');
  assert.equal(next('0 0 0 15W 8 ? 2027', after), '2027-08-16T00:00', 'the 15th is a Sunday');
  assert.equal(next('0 0 6 ? * 2#1', after), '2026-12-07T06:00', 'the first Monday');
  assert.equal(next('0 0 8-18/4 * * ?', after), '2026-11-25T12:00');
  assert.equal(next('0 0 0 29 2 ?', after), '2028-02-29T00:00');
  assert.equal(next('0 0 2 * * ?', after, 'America/Los_Angeles'), '2026-11-26T10:00');
  assert.equal(next('0 0 2 1 1 ? 2020', after), null);
  for (const [expression, problem] of [
    ['0 0 13 * *', /Unexpected end of expression/],
    ['0 0 25 * * ?', /hours values must be between 0 and 23/],
    ['0 0 1 * * *', /both a day-of-week AND a day-of-month/],
    ['0 0 1 ? * ?', /'\?' can only be specified/],
    ['0 */5 1 * * ?', /Seconds and minutes must be specified as integers/],
    ['0 0 1 ? * FOO', /Illegal characters/],
  ] as const)
    assert.throws(
      () => CronExpression.parse(expression),
      (error: unknown) => error instanceof CronError && problem.test(error.message),
    );
});
