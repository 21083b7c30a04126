/**
 * Trap 1: the API version of a class decides its defaults.
 * Source: Apex Reference Guide, "Versioned Behavior Changes", API 67; Apex Developer Guide, "Enforce User Mode for Database
 * Operations" and "Use the with sharing, without sharing, and inherited sharing Keywords".
 */
import { test } from 'node:test';
import { assertPasses } from './trap.ts';

const body = `{ public static Integer count() { return [SELECT COUNT() FROM Parent__c]; } public static void add() { insert new Parent__c(Name = 'New', Secret__c = 1); } }`;

void test('a class runs in system mode up to API 66 and in user mode, with sharing, from 67', () =>
  assertPasses(
    {
      versions: { Old: 66 },
      apex: {
        Old: `public class Old ${body}`,
        Modern: `public class Modern ${body}`,
        ModernOpen: `public without sharing class ModernOpen { public static Integer count() { return [SELECT COUNT() FROM Parent__c WITH SYSTEM_MODE]; } }`,
        DefaultsTest: `@IsTest private without sharing class DefaultsTest {
  @IsTest static void sharing() {
    insert new Parent__c(Name = 'Hidden');
    System.runAs(People.reader('reader')) {
      Assert.areEqual(1, Old.count());
      Assert.areEqual(0, Modern.count());
      Assert.areEqual(1, ModernOpen.count());
    }
  }
  @IsTest static void permissions() {
    System.runAs(People.reader('reader')) {
      Old.add();
      try { Modern.add(); Assert.fail('Secret__c is not for this user'); }
      catch (DmlException error) { Assert.areEqual(new List<String>{ 'Secret__c' }, error.getDmlFieldNames(0)); }
    }
    System.runAs(People.someone('nobody')) {
      try { Modern.count(); Assert.fail('Parent__c is not for this user'); }
      catch (QueryException error) { Assert.isTrue(error.getMessage().contains('Parent__c'), error.getMessage()); }
    }
  }
}`,
      },
    },
    2,
  ));
