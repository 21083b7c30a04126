/**
 * Trap 9: sharing by default, owner and share rows; user mode names the field.
 * Source: Apex Developer Guide, "Understanding Sharing", "Sharing a Record Using Apex", "Enforce User Mode for Database
 * Operations".
 */
import { test } from 'node:test';
import { assertPasses } from './trap.ts';

void test('private records open to owner and share rows; user mode refuses a field by name', () =>
  assertPasses(
    {
      apex: {
        SharingTest: `@IsTest private with sharing class SharingTest {
  @IsTest static void ownerAndShareRows() {
    User reader = People.reader('reader');
    Parent__c parent = new Parent__c(Name = 'Private');
    insert parent;
    System.runAs(reader) {
      Assert.areEqual(0, [SELECT COUNT() FROM Parent__c]);
      insert as user new Parent__c(Name = 'Own');
      Assert.areEqual('Own', [SELECT Name FROM Parent__c].Name);
    }
    insert as system new Parent__Share(ParentId = parent.Id, UserOrGroupId = reader.Id, AccessLevel = 'Read', RowCause = Schema.Parent__Share.RowCause.Manual);
    System.runAs(reader) {
      Assert.areEqual(2, [SELECT COUNT() FROM Parent__c]);
      try { update as user new Parent__c(Id = parent.Id, Size__c = 1); Assert.fail(); }
      catch (DmlException error) { Assert.areEqual(StatusCode.INSUFFICIENT_ACCESS_OR_READONLY, error.getDmlType(0)); }
    }
  }
  @IsTest static void fieldIsNamed() {
    System.runAs(People.reader('reader')) {
      try { List<Parent__c> found = [SELECT Secret__c FROM Parent__c WITH USER_MODE]; Assert.fail(); }
      catch (QueryException error) {
        Assert.isTrue(error.getMessage().contains('Secret__c'), error.getMessage());
        Assert.isTrue(error.getInaccessibleFields().get('Parent__c').contains('Secret__c'));
      }
      try { insert as user new Parent__c(Name = 'x', Secret__c = 1); Assert.fail(); }
      catch (DmlException error) { Assert.areEqual(new List<String>{ 'Secret__c' }, error.getDmlFieldNames(0)); }
    }
  }
}`,
      },
    },
    2,
  ));
