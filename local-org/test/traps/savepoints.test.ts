/**
 * Trap 4: what a rollback takes back and what it leaves.
 * Source: Apex Developer Guide, "Transaction Control"; Apex Reference Guide, "Database Class", setSavepoint and rollback.
 */
import { test } from 'node:test';
import { assertPasses } from './trap.ts';

void test('a rollback leaves statics and Ids, ends later savepoints and costs a DML statement', () =>
  assertPasses(
    {
      apex: {
        SavepointTest: `@IsTest private class SavepointTest {
  static Integer counter = 0;
  @IsTest static void staticsAndIdsStay() {
    Savepoint before = Database.setSavepoint();
    Assert.areEqual(1, Limits.getDmlStatements());
    Parent__c parent = new Parent__c(Name = 'Gone');
    insert parent;
    counter = 7;
    Database.rollback(before);
    Assert.areEqual(7, counter);
    Assert.isNotNull(parent.Id);
    Assert.areEqual(0, [SELECT COUNT() FROM Parent__c]);
    Assert.areEqual(3, Limits.getDmlStatements());
  }
  @IsTest static void laterSavepointsEnd() {
    Savepoint first = Database.setSavepoint();
    Savepoint second = Database.setSavepoint();
    Database.rollback(first);
    try { Database.rollback(second); Assert.fail(); }
    catch (Exception error) { Assert.isNotInstanceOfType(error, AssertException.class); }
  }
}`,
      },
    },
    2,
  ));
