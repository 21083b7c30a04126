/**
 * Options of DML that travel with a statement or with a record.
 * Source: Apex Reference, "DMLOptions Class" (allowFieldTruncation) and "SObject Class" (setOptions, getOptions).
 */
import { test } from 'node:test';
import { assertPasses } from './trap.ts';

void test('texts that are too long are cut for the statement, or for the records, that ask for it', () =>
  assertPasses(
    {
      apex: {
        OptionsTest: `@IsTest private class OptionsTest {
  static final String LONG_NAME = 'x'.repeat(300);
  static Database.DMLOptions truncating() {
    Database.DMLOptions options = new Database.DMLOptions();
    options.AllowFieldTruncation = true;
    return options;
  }
  @IsTest static void statement() {
    Account account = new Account(Name = LONG_NAME);
    Assert.isTrue(Database.insert(account, truncating()).isSuccess());
    Assert.areEqual(255, [SELECT Name FROM Account].Name.length());
    Account changed = new Account(Id = account.Id, Name = 'y'.repeat(256));
    Database.update(new List<Account>{ changed }, truncating());
    Assert.areEqual('y'.repeat(255), [SELECT Name FROM Account].Name);
  }
  @IsTest static void ofRecords() {
    Account lenient = new Account(Name = LONG_NAME);
    Assert.isNull(lenient.getOptions());
    lenient.setOptions(truncating());
    Assert.isTrue(lenient.getOptions().AllowFieldTruncation);
    Account strict = new Account(Name = LONG_NAME);
    List<Database.SaveResult> results = Database.insert(new List<Account>{ lenient, strict }, false);
    Assert.isTrue(results[0].isSuccess());
    Assert.areEqual(StatusCode.STRING_TOO_LONG, results[1].getErrors()[0].getStatusCode());
    Assert.areEqual(255, [SELECT Name FROM Account].Name.length());
    Assert.areEqual(300, lenient.Name.length(), 'the record in memory keeps its text');
  }
  @IsTest static void addresses() {
    Contact person = new Contact(LastName = 'Long', Email = 'a'.repeat(90) + '@example.com');
    person.setOptions(truncating());
    try { insert person; Assert.fail('no address is left of it'); }
    catch (DmlException error) { Assert.areEqual(StatusCode.INVALID_EMAIL_ADDRESS, error.getDmlType(0)); }
  }
}`,
      },
    },
    3,
  ));
