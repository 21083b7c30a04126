/** The sample of a subscriber's own revenue source, unpackaged/imported-invoices, on the local org. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { launch } from '../../local-org/src/cli/launch.ts';
import type { LaunchedOrg } from '../../local-org/src/cli/launch.ts';
import { runApex } from './runApex.ts';

const ROOT = join(import.meta.dirname, '../..');

let project: string;
let launched: LaunchedOrg;
before(() => {
  project = mkdtempSync(join(tmpdir(), 'keystone-invoices-'));
  cpSync(join(ROOT, 'force-app'), join(project, 'force-app'), { recursive: true });
  cpSync(join(ROOT, 'unpackaged/imported-invoices'), join(project, 'imported-invoices'), { recursive: true });
  writeFileSync(
    join(project, 'sfdx-project.json'),
    JSON.stringify({
      packageDirectories: [{ path: 'force-app', default: true }, { path: 'imported-invoices' }],
      sourceApiVersion: '67.0',
    }),
  );
  launched = launch({ source: project });
});
after(() => {
  launched?.org.close();
  rmSync(project, { recursive: true, force: true });
});

const run = (source: string): string => runApex(launched, source);

const figures = (): string =>
  run(`Key_Account_Plan__c plan = [SELECT Won_Revenue__c, Pipeline__c, Weighted_Pipeline__c FROM Key_Account_Plan__c];
    System.debug(plan.Won_Revenue__c + ' ' + plan.Pipeline__c + ' ' + plan.Weighted_Pipeline__c);`);

it('a plan follows invoices that are imported, corrected, moved to another customer and deleted', () => {
  run(`Account account = new Account(Name = 'Acme');
    insert account;
    insert new Account(Name = 'Globex');
    insert new Imported_Invoice__c(Name = 'I-0', Account__c = account.Id, Invoice_Date__c = Date.newInstance(2027, 1, 1), Amount__c = 1, Status__c = 'Paid');
    insert new Key_Account_Plan__c(Account__c = account.Id, Period__c = 'Year', Start_Date__c = Date.newInstance(2027, 1, 1), Revenue_Source__c = 'Imported_Invoices');`);
  assert.equal(figures(), '1.00 0.00 0.00', 'what was there before the plan');
  run(`Id accountId = [SELECT Id FROM Account WHERE Name = 'Acme'].Id;
    List<Imported_Invoice__c> invoices = new List<Imported_Invoice__c>();
    for (String status : new List<String>{ 'Draft', 'Sent', 'Paid', 'Cancelled' }) {
      invoices.add(new Imported_Invoice__c(Name = status, Account__c = accountId, Invoice_Date__c = Date.newInstance(2027, 12, 31), Amount__c = 100, Status__c = status));
    }
    invoices.add(new Imported_Invoice__c(Name = 'Late', Account__c = accountId, Invoice_Date__c = Date.newInstance(2028, 1, 1), Amount__c = 1000, Status__c = 'Paid'));
    insert invoices;`);
  assert.equal(figures(), '201.00 100.00 100.00', 'sent and paid are won, a draft is pipeline');
  run(`update new Imported_Invoice__c(Id = [SELECT Id FROM Imported_Invoice__c WHERE Name = 'Sent'].Id, Amount__c = 50.5);
    update new Imported_Invoice__c(Id = [SELECT Id FROM Imported_Invoice__c WHERE Name = 'Late'].Id, Invoice_Date__c = Date.newInstance(2027, 6, 1));`);
  assert.equal(figures(), '1151.50 100.00 100.00', 'a corrected amount and date');
  run(`update new Imported_Invoice__c(Id = [SELECT Id FROM Imported_Invoice__c WHERE Name = 'Late'].Id, Account__c = [SELECT Id FROM Account WHERE Name = 'Globex'].Id);
    delete [SELECT Id FROM Imported_Invoice__c WHERE Name = 'Draft'];`);
  assert.equal(figures(), '151.50 0.00 0.00', 'one is another customer’s, one is gone');
  run(`undelete [SELECT Id FROM Imported_Invoice__c WHERE Name = 'Draft' ALL ROWS];`);
  assert.equal(figures(), '151.50 100.00 100.00', 'and is back');
});
