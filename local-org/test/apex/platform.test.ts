/** What Apex code sees of the platform around it: amounts, licences, refused parts of a project. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApexCompileError } from '../../src/apex/ApexCompileError.ts';
import { runOnDisk } from './projectOnDisk.ts';

test('a whole amount of a standard object keeps the cents that Apex wrote, and only those', () => {
  const { outcomes } = runOnDisk({
    AmountTest: `@IsTest private class AmountTest {
      @IsTest static void cents() {
        insert new List<Account>{
          new Account(Name = 'Cents', AnnualRevenue = 12345.67),
          new Account(Name = 'Whole', AnnualRevenue = 1000) };
        Assert.areEqual(12345.67, [SELECT AnnualRevenue FROM Account WHERE AnnualRevenue = 12345.67].AnnualRevenue);
        Account whole = [SELECT AnnualRevenue FROM Account WHERE Name = 'Whole'];
        Assert.areEqual(0, whole.AnnualRevenue.scale());
        Assert.areEqual(13345.67, (Decimal) [SELECT SUM(AnnualRevenue) total FROM Account][0].get('total'));
        Assert.areEqual(1, [SELECT COUNT() FROM Account WHERE AnnualRevenue > 12345.66]);
      }
      @IsTest static void range() {
        try {
          insert new Account(Name = 'Too large', AnnualRevenue = 999999999999999999.0);
          Assert.fail('saved');
        } catch (DmlException error) {
          Assert.areEqual(StatusCode.NUMBER_OUTSIDE_VALID_RANGE, error.getDmlType(0));
        }
      }
    }`,
  });
  assert.deepEqual(outcomes, { 'AmountTest.cents': 'Pass', 'AmountTest.range': 'Pass' });
});

test('profiles have a licence; comments, list emails and users hang below their parents', () => {
  const { outcomes } = runOnDisk({
    RelationsTest: `@IsTest private class RelationsTest {
      @IsTest static void relations() {
        Assert.isFalse([SELECT Id FROM Profile WHERE UserLicense.Name = 'Salesforce'].isEmpty());
        Case problem = new Case(Subject = 'Broken');
        insert problem;
        insert new CaseComment(ParentId = problem.Id, CommentBody = 'Mended');
        Case read = [SELECT Id, (SELECT CommentBody FROM CaseComments) FROM Case];
        Assert.areEqual('Mended', read.CaseComments[0].CommentBody);
        Assert.areEqual(0, [SELECT Id, (SELECT Id FROM Users) FROM Account].size());
        Assert.areEqual(0, [SELECT Id, (SELECT Name FROM ListEmails) FROM Opportunity].size());
      }
    }`,
  });
  assert.deepEqual(outcomes, { 'RelationsTest.relations': 'Pass' });
});

test('a project that uses unsupported things is refused as a whole, or runs in part when asked to', () => {
  const classes = {
    Unsupported: `public class Unsupported {
      public static void reach() { Missing.Thing thing = new Missing.Thing(); }
      public static Integer three() { return 3; }
    }`,
    UnsupportedTest: `@IsTest private class UnsupportedTest {
      @IsTest static void beside() { Assert.areEqual(3, Unsupported.three()); }
      @IsTest static void reached() {
        try { Unsupported.reach(); } catch (Exception error) { Assert.areEqual('never caught', ''); }
      }
    }`,
  };
  assert.throws(() => runOnDisk(classes), ApexCompileError);
  const { outcomes, refused } = runOnDisk(classes, {}, { allowUnsupported: true });
  assert.equal(outcomes['UnsupportedTest.beside'], 'Pass');
  assert.match(
    outcomes['UnsupportedTest.reached'] ?? '',
    /^Not supported by the local org: .*Unsupported\.cls:2:\d+ Invalid type: Missing\.Thing$/,
  );
  assert.deepEqual(
    refused.map(({ line, message }) => [line, message]),
    [[2, 'Invalid type: Missing.Thing']],
  );
});
