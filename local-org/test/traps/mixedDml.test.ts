/**
 * Trap 10: setup objects and other objects in one transaction.
 * Source: Apex Developer Guide, "sObjects That Can't Be Used Together in DML Operations", "Mixed DML Operations in Test Methods".
 */
import { test } from 'node:test';
import { assertPasses } from './trap.ts';

void test('mixed DML fails, except inside of System.runAs', () =>
  assertPasses(
    {
      apex: {
        MixedTest: `@IsTest private class MixedTest {
  @IsTest static void fails() {
    insert new Account(Name = 'First');
    People.someone('roleless'); // a user without a role may be inserted along with anything
    try { insert new UserRole(Name = 'Mixed'); Assert.fail(); }
    catch (DmlException error) { Assert.isTrue(error.getMessage().contains('MIXED_DML_OPERATION'), error.getMessage()); }
  }
  @IsTest static void groupsAreFree() {
    insert new Account(Name = 'First');
    Group made = new Group(Name = 'Second', DeveloperName = 'Second', Type = 'Queue');
    insert made;
    update made;
    insert new Account(Name = 'Third');
    try { delete made; Assert.fail(); }
    catch (DmlException error) { Assert.isTrue(error.getMessage().contains('MIXED_DML_OPERATION'), error.getMessage()); }
  }
  @IsTest static void runAsSeparates() {
    insert new Account(Name = 'First');
    System.runAs(new User(Id = UserInfo.getUserId())) { insert new UserRole(Name = 'Apart'); }
    Assert.areEqual(1, [SELECT COUNT() FROM UserRole WHERE Name = 'Apart']);
  }
}`,
      },
    },
    3,
  ));
