/**
 * Trap 3: triggers get chunks of 200, statics live for the transaction, partial success fires triggers again, depth ends at 16.
 * Source: Apex Developer Guide, "Bulk DML Exception Handling", "Trigger and Bulk Request Best Practices", "Execution
 * Governors and Limits" (stack depth of recursive triggers).
 */
import { test } from 'node:test';
import { assertPasses } from './trap.ts';

void test('triggers run in chunks, again for the good rows, and no deeper than 16', () =>
  assertPasses(
    {
      apex: {
        Seen: `public class Seen { public static List<Integer> sizes = new List<Integer>(); public static Integer deepest = 0; public static Boolean recursive = false; }`,
        ParentTrigger: `trigger ParentTrigger on Parent__c(before insert, after update) {
  if (Trigger.isUpdate) {
    if (Seen.recursive) { Seen.deepest++; update new Parent__c(Id = Trigger.new[0].Id, Size__c = Seen.deepest); }
    return;
  }
  Seen.sizes.add(Trigger.new.size());
  for (Parent__c parent : Trigger.new) { if (parent.Name == 'Bad') { parent.addError('bad'); } }
}`,
        ChunksTest: `@IsTest private class ChunksTest {
  @IsTest static void chunksOf200() {
    List<Parent__c> parents = new List<Parent__c>();
    for (Integer index = 0; index < 450; index++) { parents.add(new Parent__c(Name = 'p' + index)); }
    insert parents;
    Assert.areEqual(new List<Integer>{ 200, 200, 50 }, Seen.sizes);
    Assert.areEqual(1, Limits.getDmlStatements());
    Assert.areEqual(450, Limits.getDmlRows());
  }
  @IsTest static void goodRowsAreTriedAgain() {
    List<Database.SaveResult> results = Database.insert(new List<Parent__c>{ new Parent__c(Name = 'Good'), new Parent__c(Name = 'Bad'), new Parent__c(Name = 'Fine') }, false);
    Assert.areEqual(new List<Integer>{ 3, 2 }, Seen.sizes);
    Assert.isTrue(results[0].isSuccess() && !results[1].isSuccess() && results[2].isSuccess());
    Assert.areEqual(2, [SELECT COUNT() FROM Parent__c]);
  }
  @IsTest static void depthEndsAt16() {
    Parent__c parent = new Parent__c(Name = 'Deep');
    insert parent;
    Seen.recursive = true;
    try { update parent; Assert.fail(); }
    catch (DmlException error) { Assert.isTrue(error.getMessage().contains('maximum trigger depth exceeded'), error.getMessage()); }
    Assert.areEqual(16, Seen.deepest);
  }
}`,
      },
    },
    3,
  ));
