/**
 * Trap 5 and 11: asynchronous Apex runs after the commit, in order, each step in a transaction of its own; tests run it at
 * stopTest.
 * Source: Apex Developer Guide, "Queueable Apex", "Transaction Finalizers", "Using Batch Apex", "Future Methods",
 * "Apex Scheduler", "Detecting Duplicate Queueable Jobs".
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, type LaunchedOrg } from '../../src/cli/launch.ts';
import type { FailedJob } from '../../src/runtime/jobs/types.ts';
import { assertPasses, trapProject } from './trap.ts';

const APEX = {
  Touch: `public with sharing class Touch implements Database.Batchable<SObject>, Database.Stateful {
    public Integer seen = 0;
    public static Integer calls = 0;
    public Database.QueryLocator start(Database.BatchableContext context) {
      return Database.getQueryLocator('SELECT Id, Size__c FROM Parent__c ORDER BY Size__c', AccessLevel.SYSTEM_MODE);
    }
    public void execute(Database.BatchableContext context, List<Parent__c> scope) {
      calls++;
      seen += scope.size();
      for (Parent__c each : scope) { each.Secret__c = calls * 1000 + Limits.getQueries(); }
      update as system scope;
      if (scope[0].Size__c == 3) { throw new IllegalArgumentException('three'); }
    }
    public void finish(Database.BatchableContext context) {
      insert as system new Parent__c(Name = 'seen ' + seen, Size__c = 99);
    }
  }`,
  Forgetful: `public with sharing class Forgetful implements Database.Batchable<Integer> {
    public Integer seen = 0;
    public Iterable<Integer> start(Database.BatchableContext context) { seen = 50; return new List<Integer>{ 1, 2, 3 }; }
    public void execute(Database.BatchableContext context, List<Integer> scope) { seen += scope[0]; }
    public void finish(Database.BatchableContext context) { insert as system new Parent__c(Name = 'forgot ' + seen); }
  }`,
  Failing: `public with sharing class Failing implements Queueable {
    public static Integer runs = 0;
    public transient String forgotten = 'not kept';
    public List<String> names = new List<String>{ 'kept' };
    public void execute(QueueableContext context) {
      Watcher watcher = new Watcher();
      System.attachFinalizer(watcher);
      watcher.heard = forgotten + names[0];
      insert as system new Parent__c(Name = 'rolled back');
      throw new IllegalArgumentException('by design');
    }
  }`,
  Watcher: `public with sharing class Watcher implements Finalizer {
    public String heard;
    public void execute(FinalizerContext context) {
      insert as system new Parent__c(Name = heard + ' ' + context.getResult() + ' ' + context.getException().getMessage());
    }
  }`,
  Nightly: `public with sharing class Nightly implements Schedulable {
    public void execute(SchedulableContext context) { insert as system new Parent__c(Name = 'night'); }
  }`,
  BadQuery: `public with sharing class BadQuery implements Database.Batchable<SObject> {
    public Database.QueryLocator start(Database.BatchableContext context) { return Database.getQueryLocator('SELECT Nope FROM Parent__c'); }
    public void execute(Database.BatchableContext context, List<SObject> scope) {}
    public void finish(Database.BatchableContext context) { insert as system new Parent__c(Name = 'finished'); }
  }`,
  BadItems: `public with sharing class BadItems implements Database.Batchable<Object> {
    public Iterable<Object> start(Database.BatchableContext context) { return new List<Object>{ new HttpRequest() }; }
    public void execute(Database.BatchableContext context, List<Object> scope) {}
    public void finish(Database.BatchableContext context) { insert as system new Parent__c(Name = 'finished'); }
  }`,
  Shades: `public with sharing class Shades implements Database.Batchable<Object> {
    public enum Shade { LIGHT, DARK }
    public Iterable<Object> start(Database.BatchableContext context) { return new List<Object>{ Shade.LIGHT, Shade.DARK }; }
    public void execute(Database.BatchableContext context, List<Object> scope) { insert as system new Parent__c(Name = String.valueOf(scope[0])); }
    public void finish(Database.BatchableContext context) {}
  }`,
  Quitter: `public with sharing class Quitter implements Database.Batchable<Integer> {
    public Iterable<Integer> start(Database.BatchableContext context) { return new List<Integer>{ 1, 2 }; }
    public void execute(Database.BatchableContext context, List<Integer> scope) {
      insert as system new Parent__c(Name = 'scope ' + scope[0]);
      System.abortJob(context.getJobId());
    }
    public void finish(Database.BatchableContext context) { insert as system new Parent__c(Name = 'finished'); }
  }`,
  Later: `public with sharing class Later {
    @Future public static void note(String name, List<Integer> sizes) { insert as system new Parent__c(Name = name, Size__c = sizes[1]); }
  }`,
};

let opened: LaunchedOrg;
const failures: FailedJob[] = [];

before(() => {
  opened = launch({ source: trapProject({ apex: APEX }) });
  opened.org.onJobFailure((failed) => failures.push(failed));
});
after(() => opened.org.close());

function execute(apex: string): void {
  const { org } = opened;
  const outcome = org.transaction({ userId: org.administratorId }, (transaction) =>
    (org.code as NonNullable<typeof org.code>).executeAnonymous(transaction, apex),
  );
  assert.equal(outcome.exceptionMessage ?? outcome.compileProblem, null);
}

function rows(soql: string): readonly Readonly<Record<string, unknown>>[] {
  const { org } = opened;
  return org.transaction({ userId: org.administratorId }, (transaction) =>
    transaction
      .query(soql, { accessMode: 'system', sharing: 'without', countLimits: false })
      .records.map((record) => Object.fromEntries([...record.values].map(([name, value]) => [name, String(value)]))),
  );
}

const clear = (): void => execute('delete as system [SELECT Id FROM Parent__c WITH SYSTEM_MODE];');

void test('a batch runs scope by scope with limits and statics of its own; a scope that fails takes back only itself', () => {
  execute(`List<Parent__c> made = new List<Parent__c>();
    for (Integer each = 1; each <= 5; each++) { made.add(new Parent__c(Name = 'p' + each, Size__c = each)); }
    insert made;
    Database.executeBatch(new Touch(), 2);`);
  assert.deepEqual(
    rows('SELECT Size__c, Secret__c FROM Parent__c WHERE Size__c < 99 ORDER BY Size__c').map((row) => row['Secret__c']),
    ['1000', '1000', 'null', 'null', '1000'],
    'each scope counts its calls and queries from nothing; the second was rolled back',
  );
  assert.deepEqual(
    rows("SELECT Name FROM Parent__c WHERE Name LIKE 'seen%'").map((row) => row['Name']),
    ['seen 3'],
    'a stateful batch keeps its fields, but for the scope that failed',
  );
  const [job] = rows(
    "SELECT Status, JobType, JobItemsProcessed, TotalJobItems, NumberOfErrors, ExtendedStatus, ApexClass.Name FROM AsyncApexJob WHERE JobType = 'BatchApex'",
  );
  assert.deepEqual(
    [
      job?.['Status'],
      job?.['JobItemsProcessed'],
      job?.['TotalJobItems'],
      job?.['NumberOfErrors'],
      job?.['ExtendedStatus'],
    ],
    ['Completed', '3', '3', '1', 'First error: System.IllegalArgumentException: three'],
  );
  assert.equal(failures.at(-1)?.failure.message, 'System.IllegalArgumentException: three');
  clear();
});

void test('a batch that is not stateful starts each scope as it was enqueued', () => {
  execute('Database.executeBatch(new Forgetful(), 1);');
  assert.deepEqual(
    rows('SELECT Name FROM Parent__c').map((row) => row['Name']),
    ['forgot 0'],
  );
  clear();
});

void test('a job that fails is rolled back and told of; its finalizer runs with the state it had last', () => {
  execute('System.enqueueJob(new Failing());');
  assert.deepEqual(
    rows('SELECT Name FROM Parent__c').map((row) => row['Name']),
    ['nullkept UNHANDLED_EXCEPTION by design'],
  );
  const [job] = rows("SELECT Status, ExtendedStatus, NumberOfErrors FROM AsyncApexJob WHERE JobType = 'Queueable'");
  assert.equal(job?.['Status'], 'Failed');
  assert.equal(job?.['ExtendedStatus'], 'System.IllegalArgumentException: by design');
  clear();
});

void test('a job whose transaction is rolled back never was', () => {
  const { org } = opened;
  const outcome = org.transaction({ userId: org.administratorId }, (transaction) => {
    const savepoint = transaction.setSavepoint();
    const result = (org.code as NonNullable<typeof org.code>).executeAnonymous(
      transaction,
      "Later.note('never', new List<Integer>{ 1, 2 });",
    );
    transaction.rollback(savepoint);
    return result;
  });
  assert.ok(outcome.success);
  assert.deepEqual(rows("SELECT Id FROM AsyncApexJob WHERE MethodName = 'note'"), []);
  execute("Later.note('later', new List<Integer>{ 1, 2 });");
  assert.deepEqual(
    rows('SELECT Name, Size__c FROM Parent__c').map((row) => row['Size__c']),
    ['2'],
  );
  clear();
});

void test('one signature, one job that waits', () =>
  assertPasses(
    {
      apex: {
        ...APEX,
        AsyncTest: `@IsTest private class AsyncTest {
  public class Quiet implements Queueable { public void execute(QueueableContext context) {} }
  public class Chain implements Queueable { public void execute(QueueableContext context) { System.enqueueJob(new Quiet()); } }
  @IsTest static void duplicates() {
    AsyncOptions options = new AsyncOptions();
    options.DuplicateSignature = QueueableDuplicateSignature.Builder().addId(UserInfo.getUserId()).addString('Quiet').build();
    Test.startTest();
    System.enqueueJob(new Quiet(), options);
    try { System.enqueueJob(new Quiet(), options); Assert.fail('a duplicate'); } catch (DuplicateMessageException error) {
      Assert.areEqual('Attempt to enqueue job with duplicate queueable signature', error.getMessage());
    }
    Test.stopTest();
    Assert.areEqual(1, [SELECT COUNT() FROM AsyncApexJob WHERE Status = 'Completed' AND JobType = 'Queueable']);
    System.enqueueJob(new Quiet(), options);
  }
  @IsTest static void chains() {
    Test.startTest();
    System.enqueueJob(new Chain());
    try { Test.stopTest(); Assert.fail('a chain'); } catch (AsyncException error) {
      Assert.areEqual('Maximum stack depth has been reached.', error.getMessage());
    }
  }
  @IsTest static void schedules() {
    Test.startTest();
    Id triggerId = System.schedule('Nightly', '0 30 2 * * ?', new Nightly());
    CronTrigger waiting = [SELECT CronExpression, TimesTriggered, NextFireTime, State, CronJobDetail.Name FROM CronTrigger WHERE Id = :triggerId];
    Assert.areEqual('0 30 2 * * ?', waiting.CronExpression);
    Assert.areEqual(0, waiting.TimesTriggered);
    Assert.areEqual('Nightly', waiting.CronJobDetail.Name);
    Assert.areEqual(Time.newInstance(2, 30, 0, 0), waiting.NextFireTime.time(), 'in the time zone of the user');
    Assert.isTrue(waiting.NextFireTime > Datetime.now());
    try { System.schedule('Nightly', '0 0 3 * * ?', new Nightly()); Assert.fail('the name is taken'); } catch (AsyncException error) {
      Assert.isTrue(error.getMessage().contains('already scheduled'), error.getMessage());
    }
    try { System.schedule('Past', '0 0 3 1 1 ? 2001', new Nightly()); Assert.fail('never fires'); } catch (AsyncException error) {
      Assert.areEqual('Based on configured schedule, the given trigger will never fire.', error.getMessage());
    }
    try { System.schedule('Often', '0 0/5 * * * ?', new Nightly()); Assert.fail('too often'); } catch (StringException error) {
      Assert.isTrue(error.getMessage().startsWith('Seconds and minutes must be specified as integers'), error.getMessage());
    }
    Test.stopTest();
    CronTrigger unfired = [SELECT TimesTriggered, NextFireTime FROM CronTrigger WHERE Id = :triggerId];
    Assert.areEqual(0, unfired.TimesTriggered, 'stopTest runs the job outside of its times');
    Assert.areEqual(waiting.NextFireTime, unfired.NextFireTime);
    Assert.areEqual(1, [SELECT COUNT() FROM Parent__c WHERE Name = 'night' WITH SYSTEM_MODE]);
    System.abortJob(triggerId);
    Assert.areEqual(0, [SELECT COUNT() FROM CronTrigger]);
  }
  @IsTest static void locatorsDoNotRun() {
    insert as system new List<Parent__c>{ new Parent__c(Name = 'a', Size__c = 1), new Parent__c(Name = 'b', Size__c = 2), new Parent__c(Name = 'c', Size__c = 3) };
    Integer least = 2;
    Integer queries = Limits.getQueries();
    Database.QueryLocator locator = Database.getQueryLocator([SELECT Name FROM Parent__c WHERE Size__c >= :least ORDER BY Name], AccessLevel.SYSTEM_MODE);
    Assert.areEqual(0, Limits.getQueryRows(), 'a query in brackets is handed over, not run');
    Assert.areEqual(queries + 1, Limits.getQueries(), 'the locator counts, walking through it does not');
    Database.QueryLocatorIterator rows = locator.iterator();
    Assert.areEqual('b', rows.next().get('Name'));
    Assert.areEqual('c', rows.next().get('Name'));
    Assert.isFalse(rows.hasNext());
    System.runAs(People.someone('nobody')) {
      Assert.isFalse(Database.getQueryLocator([SELECT Name FROM Parent__c], AccessLevel.SYSTEM_MODE).iterator().hasNext(), 'sharing hides the rows');
      try {
        Database.getQueryLocator([SELECT Name FROM Parent__c], AccessLevel.USER_MODE).iterator();
        Assert.fail('nobody may read parents');
      } catch (QueryException error) {
        Assert.isTrue(error.getMessage().contains('Parent__c'), error.getMessage());
      }
    }
  }
  @IsTest static void scopesInTests() {
    insert as system new List<Parent__c>{ new Parent__c(Name = 'a'), new Parent__c(Name = 'b') };
    Test.startTest();
    Database.executeBatch(new Touch(), 1);
    try { Test.stopTest(); Assert.fail('two scopes'); } catch (UnexpectedException error) {
      Assert.isTrue(error.getMessage().startsWith('No more than one executeBatch'), error.getMessage());
    }
  }
}`,
      },
    },
    5,
  ));

void test('a batch that can not start has failed; whoever enqueued it and the jobs behind it go on', () => {
  for (const [name, problem] of [
    ['BadQuery', /^First error: System\.QueryException: .*No such column 'Nope'/s],
    ['BadItems', /^First error: System\.SerializationException: Not Serializable: HttpRequest/],
  ] as const) {
    execute(`Database.executeBatch(new ${name}(), 1); Later.note('behind', new List<Integer>{ 1, 2 });`);
    const [job] = rows(`SELECT Status, ExtendedStatus FROM AsyncApexJob WHERE ApexClass.Name = '${name}'`);
    assert.equal(job?.['Status'], 'Failed', name);
    assert.match(String(job['ExtendedStatus']), problem);
    assert.deepEqual(
      rows('SELECT Name FROM Parent__c').map((row) => row['Name']),
      ['behind'],
      'and did not finish',
    );
    clear();
  }
});

void test('a start method may return any values', () => {
  execute('Database.executeBatch(new Shades(), 1);');
  assert.deepEqual(
    rows('SELECT Name FROM Parent__c ORDER BY Name').map((row) => row['Name']),
    ['DARK', 'LIGHT'],
  );
  clear();
});

void test('a job that aborts itself stays aborted and does not go on', () => {
  execute('Database.executeBatch(new Quitter(), 1);');
  const [job] = rows("SELECT Status, JobItemsProcessed FROM AsyncApexJob WHERE ApexClass.Name = 'Quitter'");
  assert.equal(job?.['Status'], 'Aborted');
  assert.deepEqual(
    rows('SELECT Name FROM Parent__c').map((row) => row['Name']),
    ['scope 1'],
    'one scope, no finish',
  );
  clear();
});

void test('what cannot outlive its transaction is refused when it is enqueued', () => {
  const { org } = opened;
  const outcome = org.transaction({ userId: org.administratorId }, (transaction) =>
    (org.code as NonNullable<typeof org.code>).executeAnonymous(
      transaction,
      `public class Holder implements Queueable { Object held = new HttpRequest(); public void execute(QueueableContext context) {} }
       System.enqueueJob(new Holder());`,
    ),
  );
  assert.match(outcome.exceptionMessage ?? outcome.compileProblem ?? '', /Not Serializable: HttpRequest/);
});
