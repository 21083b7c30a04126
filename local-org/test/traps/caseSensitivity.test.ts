/**
 * Text is compared without regard to case, but in fields that are unique and case-sensitive.
 * Source: SOQL and SOSL Reference, "Comparison Operators", "fieldExpression Syntax".
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import { metadata } from '../project/temporaryProject.ts';
import { assertPasses, trapProject } from './trap.ts';

const files = {
  'force-app/main/objects/Parent__c/fields/Key__c.field-meta.xml': metadata(
    'CustomField',
    '<fullName>Key__c</fullName><label>Key</label><type>Text</type><length>40</length><unique>true</unique><caseSensitive>true</caseSensitive><externalId>true</externalId>',
  ),
};

void test('fields that are unique and case-sensitive tell upper from lower case', () =>
  assertPasses(
    {
      files,
      apex: {
        CaseTest: `@IsTest private class CaseTest {
  @TestSetup static void rows() {
    insert new List<Parent__c>{ new Parent__c(Name = 'one', Key__c = 'Ab_1%'), new Parent__c(Name = 'ONE', Key__c = 'ab_1%'), new Parent__c(Name = 'two', Key__c = 'B') };
  }
  @IsTest static void equality() {
    Assert.areEqual(2, [SELECT COUNT() FROM Parent__c WHERE Name = 'One']);
    Assert.areEqual('one', [SELECT Name FROM Parent__c WHERE Key__c = 'Ab_1%'].Name);
    String key = 'ab_1%';
    Assert.areEqual('ONE', [SELECT Name FROM Parent__c WHERE Key__c = :key].Name);
    Assert.areEqual(0, [SELECT COUNT() FROM Parent__c WHERE Key__c = 'AB_1%']);
    Assert.areEqual(2, [SELECT COUNT() FROM Parent__c WHERE Key__c != 'Ab_1%']);
    Assert.areEqual(1, [SELECT COUNT() FROM Parent__c WHERE Key__c IN ('Ab_1%', 'b')]);
    Assert.areEqual(2, [SELECT COUNT() FROM Parent__c WHERE Key__c NOT IN :new List<String>{ 'B', 'AB_1%' }]);
  }
  @IsTest static void patterns() {
    Assert.areEqual(2, [SELECT COUNT() FROM Parent__c WHERE Name LIKE 'ON%']);
    Assert.areEqual('one', [SELECT Name FROM Parent__c WHERE Key__c LIKE 'A%'].Name);
    Assert.areEqual('ONE', [SELECT Name FROM Parent__c WHERE Key__c LIKE '_b\\\\_1\\\\%' AND Key__c LIKE 'a%'].Name);
    Assert.areEqual(2, [SELECT COUNT() FROM Parent__c WHERE Key__c LIKE :new List<String>{ 'a%', 'B', 'AB%' }]);
    Assert.areEqual(0, [SELECT COUNT() FROM Parent__c WHERE Key__c LIKE '_b\\\\_1_2']);
  }
  @IsTest static void upserts() {
    upsert new Parent__c(Name = 'new', Key__c = 'b') Key__c;
    upsert new Parent__c(Name = 'TWO', Key__c = 'B') Key__c;
    Assert.areEqual(4, [SELECT COUNT() FROM Parent__c]);
    Assert.areEqual('TWO', [SELECT Name FROM Parent__c WHERE Key__c = 'B'].Name);
  }
}`,
      },
    },
    3,
  ));

void test('such fields are found by an index', () => {
  const org = openOrg({ project: loadProject(trapProject({ apex: {}, files })) });
  try {
    const plan = org.store.all('EXPLAIN QUERY PLAN SELECT "Id" FROM "Parent__c" WHERE "Key__c" = ?', ['x']);
    assert.match(String(plan[0]?.[3]), /USING INDEX/);
  } finally {
    org.close();
  }
});
