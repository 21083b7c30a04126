/** Results of DML as JSON; cursors over rows that change, also in jobs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runOnDisk } from './projectOnDisk.ts';

void test('results are written as JSON and read again; cursors settle their rows first and go along with jobs', () => {
  const { outcomes } = runOnDisk({
    Keeper: `public with sharing class Keeper implements Queueable {
  public Database.Cursor cursor;
  public void execute(QueueableContext context) {
    insert as system new Account(Name = 'Kept ' + cursor.fetch(1, 1)[0].get('Name'));
  }
}`,
    ResultsTest: `@IsTest private class ResultsTest {
  @IsTest static void asJson() {
    List<Database.SaveResult> results = Database.insert(new List<Account>{ new Account(Name = 'A'), new Account() }, false, AccessLevel.SYSTEM_MODE);
    List<Object> written = (List<Object>) JSON.deserializeUntyped(JSON.serialize(results));
    Map<String, Object> good = (Map<String, Object>) written[0];
    Map<String, Object> bad = (Map<String, Object>) written[1];
    Assert.areEqual(results[0].getId(), good.get('id'));
    Assert.areEqual(true, good.get('success'));
    Assert.areEqual(false, bad.get('success'));
    Assert.areEqual('REQUIRED_FIELD_MISSING', ((Map<String, Object>) ((List<Object>) bad.get('errors'))[0]).get('statusCode'));
    Database.SaveResult again = (Database.SaveResult) JSON.deserialize(JSON.serialize(results[1]), Database.SaveResult.class);
    Assert.areEqual(StatusCode.REQUIRED_FIELD_MISSING, again.getErrors()[0].getStatusCode());
    Assert.areEqual(new List<String>{ 'Name' }, again.getErrors()[0].getFields());
  }
  @IsTest static void inJobs() {
    insert as system new List<Account>{ new Account(Name = 'A'), new Account(Name = 'B') };
    Keeper keeper = new Keeper();
    keeper.cursor = Database.getCursor('SELECT Name FROM Account ORDER BY Name', AccessLevel.SYSTEM_MODE);
    Test.startTest();
    System.enqueueJob(keeper);
    Test.stopTest();
    Assert.areEqual(1, [SELECT COUNT() FROM Account WHERE Name = 'Kept B']);
  }
  @IsTest static void cursors() {
    insert as system new List<Account>{ new Account(Name = 'A'), new Account(Name = 'B'), new Account(Name = 'C') };
    Database.Cursor cursor = Database.getCursor('SELECT Name FROM Account ORDER BY Name');
    insert as system new Account(Name = 'AA');
    Account last = [SELECT Id FROM Account WHERE Name = 'C'];
    last.Name = 'Renamed';
    update as system last;
    Assert.areEqual(3, cursor.getNumRecords(), 'which rows was settled before');
    Assert.areEqual('Renamed', ((Account) cursor.fetch(2, 1)[0]).Name, 'their fields are read when they are fetched');
  }
}`,
  });
  assert.deepEqual(outcomes, {
    'ResultsTest.asJson': 'Pass',
    'ResultsTest.inJobs': 'Pass',
    'ResultsTest.cursors': 'Pass',
  });
});
