/**
 * Trap 11: what a test method starts with and what it sees.
 * Source: Apex Developer Guide, "Using Test Setup Methods", "Using Limits, startTest, and stopTest", "Isolation of Test Data
 * from Organization Data in Unit Tests", "Build a Mocking Framework with the Stub API".
 */
import { test } from 'node:test';
import { assertPasses } from './trap.ts';

void test('setup rows are new for each method, statics too; startTest gives limits, stopTest runs jobs', () =>
  assertPasses(
    {
      apex: {
        Job: `public with sharing class Job implements Queueable { public void execute(QueueableContext context) { insert as system new Account(Name = 'From the job'); } }`,
        Greeter: `public virtual class Greeter { public virtual String greet(String name) { return 'Hello ' + name; } }`,
        IsolationTest: `@IsTest private class IsolationTest {
  static Integer calls = 0;
  class Stub implements System.StubProvider {
    public Object handleMethodCall(Object stubbed, String method, Type returned, List<Type> types, List<String> names, List<Object> values) { return method + values[0]; }
  }
  @TestSetup static void setup() { insert new Account(Name = 'Setup'); calls = 9; }
  static void change() {
    Assert.areEqual(0, calls++);
    Account account = [SELECT Name FROM Account];
    Assert.areEqual('Setup', account.Name);
    account.Name = 'Changed';
    update account;
  }
  @IsTest static void one() { change(); }
  @IsTest static void two() { change(); }
  @IsTest static void limitsAndJobs() {
    Integer before = [SELECT COUNT() FROM Account];
    Test.startTest();
    Assert.areEqual(0, Limits.getQueries());
    System.enqueueJob(new Job());
    Assert.areEqual(1, [SELECT COUNT() FROM Account], 'not yet');
    Test.stopTest();
    Assert.areEqual(2, [SELECT COUNT() FROM Account]);
    Assert.areEqual(2, Limits.getQueries(), 'the counters from before startTest');
  }
  @IsTest static void stubs() {
    Assert.areEqual('greetAda', ((Greeter) Test.createStub(Greeter.class, new Stub())).greet('Ada'));
  }
}`,
      },
    },
    4,
  ));
