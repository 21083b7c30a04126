/**
 * Trap 2: the order of a save; Trigger.new can be written before it and is read-only after it.
 * Source: Apex Developer Guide, "Triggers and Order of Execution", "Trigger Context Variables".
 */
import { test } from 'node:test';
import { assertPasses } from './trap.ts';

void test('before triggers come before validation rules, after triggers before roll-up summaries', () =>
  assertPasses(
    {
      apex: {
        Seen: `public class Seen { public static List<String> events = new List<String>(); }`,
        ParentTrigger: `trigger ParentTrigger on Parent__c(before insert, before update, after insert, after update) {
  for (Parent__c parent : Trigger.new) {
    Seen.events.add((Trigger.isBefore ? 'before ' : 'after ') + (Trigger.isInsert ? 'insert ' : 'update ') + (parent.Id == null ? 'no id' : 'id') + ' ' + parent.Children__c);
    if (Trigger.isBefore && parent.Name == 'Shrunk') { parent.Size__c = 5; }
    if (Trigger.isBefore && parent.Name == 'Grown') { parent.Size__c = 500; }
    if (Trigger.isAfter && parent.Name == 'Written') { parent.Size__c = 1; }
  }
}`,
        ChildTrigger: `trigger ChildTrigger on Child__c(after insert) {
  Seen.events.add('child after insert ' + [SELECT Children__c FROM Parent__c WHERE Id = :Trigger.new[0].Parent__c].Children__c);
}`,
        OrderTest: `@IsTest private class OrderTest {
  @IsTest static void beforeTriggerMendsWhatTheRuleWouldRefuse() {
    Parent__c parent = new Parent__c(Name = 'Shrunk', Size__c = 500);
    insert parent;
    Assert.areEqual(5, [SELECT Size__c FROM Parent__c WHERE Id = :parent.Id].Size__c);
    Assert.areEqual(new List<String>{ 'before insert no id null', 'after insert id 0' }, Seen.events);
  }
  @IsTest static void ruleSeesWhatTheBeforeTriggerWrote() {
    try { insert new Parent__c(Name = 'Grown', Size__c = 1); Assert.fail(); }
    catch (DmlException error) { Assert.areEqual('Too large.', error.getDmlMessage(0)); }
    Assert.areEqual(1, Seen.events.size());
  }
  @IsTest static void afterTriggerCanNotWrite() {
    try { insert new Parent__c(Name = 'Written'); Assert.fail(); }
    catch (DmlException error) { Assert.isTrue(error.getMessage().contains('Record is read-only'), error.getMessage()); }
  }
  @IsTest static void summaryFollowsTheAfterTriggerAndSavesTheParent() {
    Parent__c parent = new Parent__c(Name = 'Counted');
    insert parent;
    Seen.events.clear();
    insert new Child__c(Name = 'One', Parent__c = parent.Id);
    Assert.areEqual(new List<String>{ 'child after insert 0', 'before update id 1', 'after update id 1' }, Seen.events);
  }
}`,
      },
    },
    4,
  ));
