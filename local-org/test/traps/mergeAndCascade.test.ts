/**
 * Trap 8: merge, cascading delete and undelete fire the triggers of the record that was named, and no others.
 * Source: Apex Developer Guide, "Triggers and Merge Statements", "Operations That Don't Invoke Triggers", "Undelete Statement".
 */
import { test } from 'node:test';
import { assertPasses } from './trap.ts';

void test('children follow without their triggers', () =>
  assertPasses(
    {
      apex: {
        Seen: `public class Seen { public static List<String> events = new List<String>(); }`,
        AccountTrigger: `trigger AccountTrigger on Account(after update, after delete) { Seen.events.add('account ' + (Trigger.isDelete ? 'deleted into ' + (Trigger.old[0].MasterRecordId != null) : 'updated')); }`,
        ContactTrigger: `trigger ContactTrigger on Contact(before update, after update) { Seen.events.add('contact'); }`,
        ChildTrigger: `trigger ChildTrigger on Child__c(before delete, after delete, after undelete) { Seen.events.add('child'); }`,
        CascadeTest: `@IsTest private class CascadeTest {
  @IsTest static void mergeMovesChildren() {
    Account winner = new Account(Name = 'Winner');
    Account loser = new Account(Name = 'Loser');
    insert new List<Account>{ winner, loser };
    Contact person = new Contact(LastName = 'Lee', AccountId = loser.Id);
    insert person;
    Seen.events.clear();
    merge winner loser;
    Assert.areEqual(winner.Id, [SELECT AccountId FROM Contact WHERE Id = :person.Id].AccountId);
    Assert.areEqual(new List<String>{ 'account deleted into true', 'account updated' }, Seen.events);
    // Object Reference, Account.MasterRecordId: null for a record that has not been deleted, or for another reason.
    undelete loser;
    Assert.isNull([SELECT MasterRecordId FROM Account WHERE Id = :loser.Id].MasterRecordId);
    delete loser;
    Assert.areEqual('account deleted into false', Seen.events[2]);
  }
  @IsTest static void undeleteClearsLookupsOfWhatIsGone() {
    Account parent = new Account(Name = 'Parent');
    insert parent;
    Account child = new Account(Name = 'Child', ParentId = parent.Id);
    insert child;
    delete child;
    delete parent;
    undelete child;
    Assert.isNull([SELECT ParentId FROM Account WHERE Id = :child.Id].ParentId);
  }
  @IsTest static void cascadeAndUndelete() {
    Parent__c parent = new Parent__c(Name = 'P');
    insert parent;
    insert new Child__c(Name = 'C', Parent__c = parent.Id);
    delete parent;
    Assert.areEqual(0, [SELECT COUNT() FROM Child__c]);
    undelete parent;
    Assert.areEqual(1, [SELECT COUNT() FROM Child__c WHERE Parent__c = :parent.Id]);
    Assert.areEqual(0, Seen.events.size());
  }
}`,
      },
    },
    3,
  ));
