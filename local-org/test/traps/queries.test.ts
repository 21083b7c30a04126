/**
 * Trap 7: what a query gives when nobody says otherwise.
 * Source: SOQL and SOSL Reference, "ORDER BY", "Relationship Queries", "Date Formats and Date Literals", "GROUP BY", "ALL ROWS";
 * Apex Developer Guide, "Dynamic SOQL", "Set User Mode or System Mode".
 */
import { test } from 'node:test';
import { assertPasses } from './trap.ts';

void test('nulls first, five parents up, binds by name, AggregateResult, ALL ROWS, access modes', () =>
  assertPasses(
    {
      apex: {
        QueriesTest: `@IsTest private class QueriesTest {
  @TestSetup static void rows() {
    insert new List<Parent__c>{ new Parent__c(Name = 'b', Size__c = 2), new Parent__c(Name = 'n'), new Parent__c(Name = 'a', Size__c = 1) };
  }
  static String names(List<Parent__c> parents) {
    List<String> names = new List<String>();
    for (Parent__c parent : parents) { names.add(parent.Name); }
    return String.join(names, '');
  }
  @IsTest static void nullsComeFirst() {
    Assert.areEqual('nab', names([SELECT Name FROM Parent__c ORDER BY Size__c]));
    Assert.areEqual('ban', names([SELECT Name FROM Parent__c ORDER BY Size__c DESC NULLS LAST]));
  }
  @IsTest static void pathsAndSubqueries() {
    Account top = new Account(Name = 'top');
    insert top;
    Account low = new Account(Name = 'low', ParentId = top.Id);
    insert low;
    Account found = [SELECT Parent.Name, Parent.Parent.Parent.Parent.Name, (SELECT Name FROM ChildAccounts) FROM Account WHERE Name = 'low'];
    Assert.areEqual('top', found.Parent.Name);
    Assert.isNull(found.Parent.Parent?.Name);
    Assert.areEqual(0, found.ChildAccounts.size());
  }
  @IsTest static void bindsAndModes() {
    Assert.areEqual('a', names(Database.queryWithBinds('SELECT Name FROM Parent__c WHERE Size__c < :most', new Map<String, Object>{ 'most' => 2 }, AccessLevel.SYSTEM_MODE)));
    System.runAs(People.someone('nobody')) {
      // System mode leaves sharing to the class, which is with sharing from API 67.
      Assert.areEqual(0, Database.query('SELECT Id FROM Parent__c', AccessLevel.SYSTEM_MODE).size());
      try { List<SObject> found = Database.query('SELECT Id FROM Parent__c', AccessLevel.USER_MODE); Assert.fail(); }
      catch (QueryException error) { Assert.isTrue(error.getMessage().contains('Parent__c'), error.getMessage()); }
    }
  }
  @IsTest static void groupsAndDeletedRows() {
    AggregateResult row = [SELECT SUM(Size__c) total, COUNT(Id) FROM Parent__c][0];
    Assert.areEqual(3, row.get('total'));
    Assert.areEqual(3, row.get('expr0'));
    delete [SELECT Id FROM Parent__c WHERE Name = 'a'];
    Assert.areEqual(2, [SELECT COUNT() FROM Parent__c]);
    Assert.areEqual(3, [SELECT COUNT() FROM Parent__c ALL ROWS]);
  }
  @IsTest static void datesOfTheUser() {
    insert new Task(Subject = 'today', ActivityDate = Date.today());
    Assert.areEqual(1, [SELECT COUNT() FROM Task WHERE ActivityDate = TODAY AND ActivityDate = THIS_FISCAL_YEAR AND CreatedDate = TODAY]);
    Assert.areEqual('nab', names([SELECT Name FROM Parent__c ORDER BY Size__c FOR VIEW]));
  }
}`,
      },
    },
    5,
  ));
