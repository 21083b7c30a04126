/**
 * Change Data Capture: triggers on change events.
 * Source: Change Data Capture Developer Guide, "Change Event Triggers", "Change Event Fields", "Apex Change Event Triggers: Test".
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch } from '../../src/cli/launch.ts';
import { SObjectRecord } from '../../src/schema/record.ts';
import { dml, insert, query } from '../runtime/helpers.ts';
import { metadata } from '../project/temporaryProject.ts';
import { assertPasses, trapProject } from './trap.ts';

const NOTED = `trigger ParentChanges on Parent__ChangeEvent (after insert) {
  List<Account> notes = new List<Account>();
  for (Parent__ChangeEvent event : Trigger.new) {
    EventBus.ChangeEventHeader header = event.ChangeEventHeader;
    List<String> changed = header.getChangedFields();
    changed.sort();
    notes.add(new Account(Name = header.getChangeType() + ' ' + event.Size__c + ' ' + event.Name, Description = String.join(changed, ','),
      AccountNumber = header.getRecordIds()[0], Site = header.getEntityName() + ' ' + header.getNulledFields().size()));
  }
  insert as system notes;
}`;

void test('tests enable the capture and deliver events; an update brings what changed', () =>
  assertPasses(
    {
      apex: {
        ParentChanges: NOTED,
        ChangeTest: `@IsTest private class ChangeTest {
  static List<String> notes() {
    List<String> found = new List<String>();
    for (Account note : [SELECT Name FROM Account WITH SYSTEM_MODE ORDER BY Name]) found.add(note.Name);
    return found;
  }
  @IsTest static void events() {
    insert as system new Parent__c(Name = 'Before');
    Test.getEventBus().deliver();
    Assert.areEqual(0, notes().size(), 'nothing is captured yet');
    Test.enableChangeDataCapture();
    Parent__c parent = new Parent__c(Name = 'One', Size__c = 1);
    insert as system parent;
    Assert.areEqual(0, notes().size(), 'after the commit, not before');
    Test.getEventBus().deliver();
    Account note = [SELECT Name, Description, AccountNumber, Site FROM Account WITH SYSTEM_MODE];
    Assert.areEqual('CREATE 1 One', note.Name);
    Assert.isNull(note.Description, 'changed fields are those of updates');
    Assert.areEqual(parent.Id, note.AccountNumber);
    Assert.areEqual('Parent__c 0', note.Site);
    parent.Size__c = null;
    update as system parent;
    Test.getEventBus().deliver();
    Account updated = [SELECT Name, Description, Site FROM Account WHERE Name LIKE 'UPDATE%' WITH SYSTEM_MODE];
    Assert.areEqual('UPDATE null null', updated.Name);
    Assert.areEqual('Size__c', updated.Description.remove('LastModifiedDate,').remove('LastModifiedById,'));
    Assert.areEqual('Parent__c 1', updated.Site);
    delete as system parent;
    undelete as system parent;
    Test.getEventBus().deliver();
    Assert.areEqual(new List<String>{ 'CREATE 1 One', 'DELETE null null', 'UNDELETE null One', 'UPDATE null null' }, notes());
  }
  @IsTest static void taken() {
    Test.enableChangeDataCapture();
    Savepoint before = Database.setSavepoint();
    insert as system new Parent__c(Name = 'Taken back');
    Database.rollback(before);
    Test.startTest();
    insert as system new Parent__c(Name = 'Kept', Size__c = 2);
    Test.stopTest();
    Assert.areEqual(new List<String>{ 'CREATE 2 Kept' }, notes());
  }
  @IsTest static void byHand() {
    EventBus.ChangeEventHeader header = new EventBus.ChangeEventHeader();
    header.changeType = 'CREATE';
    header.setRecordIds(new List<String>{ '001000000000001AAA' });
    AccountChangeEvent event = new AccountChangeEvent(ChangeEventHeader = header, Name = 'Made', AnnualRevenue = 5);
    Assert.areEqual('CREATE', ((EventBus.ChangeEventHeader) event.get('ChangeEventHeader')).getChangeType());
    Assert.areEqual('Made', event.Name);
    Assert.areEqual('AccountChangeEvent', event.getSObjectType().getDescribe().getName());
    try { Database.insert(event); Assert.fail('inserted'); } catch (Exception error) { Assert.isTrue(error.getMessage().contains('not allowed on AccountChangeEvent'), error.getMessage()); }
  }
}`,
      },
    },
    3,
  ));

void test('outside of tests, objects are captured that the project selects, once their changes are committed', () => {
  const member = metadata(
    'PlatformEventChannelMember',
    '<eventChannel>ChangeEvents</eventChannel><selectedEntity>Parent__ChangeEvent</selectedEntity>',
  );
  const names = (files: Readonly<Record<string, string>>): readonly unknown[] => {
    const { org } = launch({ source: trapProject({ apex: { ParentChanges: NOTED }, files }) });
    const parent = (values: Readonly<Record<string, unknown>>): SObjectRecord => {
      const made = new SObjectRecord(org.schema.object('Parent__c') ?? assert.fail());
      for (const [name, value] of Object.entries(values)) made.values.set(name, value);
      return made;
    };
    try {
      const [id = ''] = org.transaction({ userId: org.administratorId }, (transaction) =>
        insert(transaction, parent({ Name: 'One' })),
      );
      org.transaction({ userId: org.administratorId }, (transaction) =>
        dml(transaction, 'update', [parent({ Id: id, Name: 'Two' })]),
      );
      while (org.runNextStep());
      return org.transaction({ userId: org.administratorId }, (transaction) =>
        query(transaction, 'SELECT Name FROM Account ORDER BY Name'),
      );
    } finally {
      org.close();
    }
  };
  assert.deepEqual(names({}), []);
  assert.deepEqual(
    names({
      'force-app/main/platformEventChannelMembers/ChangeEvents_Parent.platformEventChannelMember-meta.xml': member,
    }),
    [{ Name: 'CREATE null One' }, { Name: 'UPDATE null Two' }],
  );
});
