/** The sample of a subscriber's own revenue source, unpackaged/imported-invoices, on the local org. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { launch } from '../../local-org/src/cli/launch.ts';
import type { LaunchedOrg } from '../../local-org/src/cli/launch.ts';
import type { OrgRuntime } from '../../local-org/src/runtime/OrgRuntime.ts';
import { rates } from '../../local-org/test/support/currencies.ts';
import { runApex } from './runApex.ts';

const ROOT = join(import.meta.dirname, '../..');
const OBJECT = 'imported-invoices/objects/Imported_Invoice__c';
const SOURCES = 'imported-invoices/customMetadata';

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
});
after(() => rmSync(project, { recursive: true, force: true }));

const run = (source: string): string => runApex(launched, source);

describe('imported invoices', () => {
  before(() => {
    launched = launch({ source: project });
  });
  after(() => launched?.org.close());

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
});

describe('the slip log of plans that invoices measure, in an org with several currencies and dated rates', () => {
  before(() => {
    declareSourceByLink();
    launched = launch({ source: project, definition: join(ROOT, 'config/multi-currency-scratch-def.json') });
    const org = launched.org as OrgRuntime;
    org.transaction({ userId: org.administratorId }, (transaction) =>
      rates(org, transaction, { EUR: '0.8' }, [
        ['EUR', '2027-01-01', '0.8'],
        ['EUR', '2027-07-01', '0.5'],
      ]),
    );
    run(`List<Account> accounts = new List<Account>{ new Account(Name = 'Acme'), new Account(Name = 'Globex') };
      insert accounts;
      List<Key_Account_Plan__c> plans = new List<Key_Account_Plan__c>();
      for (Integer year : new List<Integer>{ 2027, 2028 }) {
        plans.add(new Key_Account_Plan__c(Name = 'Acme ' + year, Account__c = accounts[0].Id, Period__c = 'Year', Start_Date__c = Date.newInstance(year, 1, 1), Revenue_Source__c = 'Imported_Invoices', CurrencyIsoCode = 'USD'));
      }
      plans.add(new Key_Account_Plan__c(Name = 'Linked', Account__c = accounts[1].Id, Period__c = 'Year', Start_Date__c = Date.newInstance(2027, 1, 1), Revenue_Source__c = 'Linked_Invoices', CurrencyIsoCode = 'USD'));
      insert plans;
      insert new Imported_Invoice__c(Name = 'Old', Account__c = accounts[0].Id, Invoice_Date__c = Date.newInstance(2027, 5, 1), Amount__c = 100, Status__c = 'Sent', CurrencyIsoCode = 'USD');
      for (Key_Account_Plan__c plan : plans) {
        update new Key_Account_Plan__c(Id = plan.Id, Approval_Status__c = 'Approved');
      }`);
  });
  after(() => launched?.org.close());

  /** Invoices that name their plan, as a second source of the same object. */
  function declareSourceByLink(): void {
    const lookup = readFileSync(join(project, OBJECT, 'fields/Account__c.field-meta.xml'), 'utf8');
    writeFileSync(
      join(project, OBJECT, 'fields/Plan__c.field-meta.xml'),
      lookup
        .replace('<fullName>Account__c', '<fullName>Plan__c')
        .replace('<referenceTo>Account', '<referenceTo>Key_Account_Plan__c'),
    );
    const source = readFileSync(join(project, SOURCES, 'Revenue_Source.Imported_Invoices.md-meta.xml'), 'utf8');
    writeFileSync(
      join(project, SOURCES, 'Revenue_Source.Linked_Invoices.md-meta.xml'),
      source.replace(
        '</CustomMetadata>',
        '<values><field>Plan_Field__c</field><value xsi:type="xsd:string">Plan__c</value></values></CustomMetadata>',
      ),
    );
  }

  const change = (name: string, fields: string): string =>
    run(
      `update new Imported_Invoice__c(Id = [SELECT Id FROM Imported_Invoice__c WHERE Name = '${name}'].Id, ${fields});`,
    );

  /** Steps of the waterfall in which something happened: `Increased 12.5 (1)`. */
  const steps = (plan: string): string =>
    run(`List<String> texts = new List<String>();
      for (SlipLogController.Step step : SlipLogController.getSlipLog([SELECT Id FROM Key_Account_Plan__c WHERE Name = '${plan}'].Id).steps) {
        if (step.amount != 0 || step.count != 0) {
          texts.add(step.change + ' ' + step.amount.setScale(2) + ' (' + step.count + ')');
        }
      }
      System.debug(String.join(texts, ', '));`);

  /** The latest entry of a plan. */
  const latest = (plan: string): string =>
    run(`Plan_Revenue_Change__c entry = SlipLogController.getSlipLog([SELECT Id FROM Key_Account_Plan__c WHERE Name = '${plan}'].Id).entries[0];
      Id invoiceId = [SELECT Id FROM Imported_Invoice__c WHERE Name = :entry.Record_Name__c ALL ROWS].Id;
      System.debug(String.join(new List<Object>{
        entry.Change__c, entry.Record_Name__c, entry.Record_Id__c == invoiceId ? 'link' : 'no link',
        entry.From_Amount__c, entry.To_Amount__c, entry.From_Close_Date__c?.format(), entry.To_Close_Date__c?.format(), entry.Reason__c,
        entry.CreatedBy.Name == UserInfo.getName() ? 'by me' : entry.CreatedBy.Name
      }, '; '));`);

  it('tells an invoice that comes in, in the currency of the plan', () => {
    run(
      `insert new Imported_Invoice__c(Name = 'I-1', Account__c = [SELECT Id FROM Account WHERE Name = 'Acme'].Id, Invoice_Date__c = Date.newInstance(2027, 5, 1), Amount__c = 100, Status__c = 'Draft', CurrencyIsoCode = 'EUR');`,
    );
    assert.equal(steps('Acme 2027'), 'Entered 125.00 (1)', '100 EUR are 125 USD in May');
    assert.equal(latest('Acme 2027'), 'Entered; I-1; link; ; 125.00; ; 5/1/2027; New record; by me');
  });

  it('tells a corrected amount, another currency, and a day with another rate', () => {
    change('I-1', 'Amount__c = 80');
    assert.equal(
      latest('Acme 2027'),
      'Decreased; I-1; link; 125.00; 100.00; 5/1/2027; 5/1/2027; ; by me',
      '80 EUR are 100 USD',
    );
    change('Old', `CurrencyIsoCode = 'EUR'`);
    assert.equal(
      latest('Acme 2027'),
      'Increased; Old; link; 100.00; 125.00; 5/1/2027; 5/1/2027; Currency changed from USD to EUR; by me',
    );
    change('Old', 'Invoice_Date__c = Date.newInstance(2027, 8, 1)');
    assert.equal(
      latest('Acme 2027'),
      'Increased; Old; link; 125.00; 200.00; 5/1/2027; 8/1/2027; ; by me',
      '100 EUR are 200 USD in August',
    );
    assert.equal(steps('Acme 2027'), 'Entered 125.00 (1), Increased 100.00 (2), Decreased -25.00 (1)');
  });

  it('tells what is won, cancelled and reopened, but not what changes no value', () => {
    change('I-1', `Status__c = 'Sent'`);
    assert.equal(latest('Acme 2027'), 'Won; I-1; link; 100.00; 100.00; 5/1/2027; 5/1/2027; ; by me');
    change('I-1', `Status__c = 'Paid'`);
    change('I-1', `Status__c = 'Cancelled'`);
    change('I-1', `Status__c = 'Draft'`);
    assert.equal(
      steps('Acme 2027'),
      'Entered 125.00 (1), Increased 100.00 (2), Won 0.00 (1), Reopened 100.00 (1), Decreased -25.00 (1), Lost -100.00 (1)',
    );
  });

  it('tells an invoice that moves from one period to the next in both plans', () => {
    change('I-1', 'Invoice_Date__c = Date.newInstance(2028, 2, 1)');
    assert.equal(
      latest('Acme 2027'),
      'Left; I-1; link; 100.00; ; 5/1/2027; ; Date moved from 5/1/2027 to 2/1/2028; by me',
    );
    assert.equal(
      latest('Acme 2028'),
      'Entered; I-1; link; ; 160.00; ; 2/1/2028; Date moved from 5/1/2027 to 2/1/2028; by me',
      '80 EUR are 160 USD at the rate of that day',
    );
    assert.equal(steps('Acme 2028'), 'Entered 160.00 (1)', 'Nothing remains unexplained');
  });

  it('tells an invoice that goes to another customer, is deleted or comes back', () => {
    change('I-1', `Account__c = [SELECT Id FROM Account WHERE Name = 'Globex'].Id`);
    assert.equal(latest('Acme 2028'), 'Left; I-1; link; 160.00; ; 2/1/2028; ; Moved to another account; by me');
    run(`delete [SELECT Id FROM Imported_Invoice__c WHERE Name = 'Old'];`);
    assert.equal(latest('Acme 2027'), 'Left; Old; no link; 200.00; ; 8/1/2027; ; Deleted; by me');
    run(`undelete [SELECT Id FROM Imported_Invoice__c WHERE Name = 'Old' ALL ROWS];`);
    assert.equal(latest('Acme 2027'), 'Entered; Old; link; ; 200.00; ; 8/1/2027; Restored from the recycle bin; by me');
  });

  it('tells invoices that name their plan', () => {
    change('I-1', `Plan__c = [SELECT Id FROM Key_Account_Plan__c WHERE Name = 'Linked'].Id`);
    assert.equal(
      latest('Linked'),
      'Entered; I-1; link; ; 160.00; ; 2/1/2028; Linked to another plan, or to none; by me',
    );
    change('I-1', 'Plan__c = null');
    assert.equal(steps('Linked'), 'Entered 160.00 (1), Left -160.00 (1)');
  });

  it('leaves to Other what a changed period brings', () => {
    const before = steps('Acme 2027');
    run(
      `update new Key_Account_Plan__c(Id = [SELECT Id FROM Key_Account_Plan__c WHERE Name = 'Acme 2027'].Id, End_Date__c = Date.newInstance(2027, 7, 31), Period__c = 'Custom');`,
    );
    assert.equal(steps('Acme 2027'), `${before}, Other -200.00 (0)`, 'No invoice has changed');
    run(
      `update new Key_Account_Plan__c(Id = [SELECT Id FROM Key_Account_Plan__c WHERE Name = 'Acme 2027'].Id, End_Date__c = Date.newInstance(2027, 12, 31), Period__c = 'Year');`,
    );
    assert.equal(steps('Acme 2027'), before);
  });

  it('costs 200 invoices one query, none where they name their plan, and one statement more than without a log', () => {
    const importInvoices = (prefix: string, plan = 'null'): string =>
      run(`Id accountId = [SELECT Id FROM Account WHERE Name = '${plan === 'null' ? 'Acme' : 'Globex'}'].Id;
        Id planId = ${plan};
        List<Imported_Invoice__c> invoices = new List<Imported_Invoice__c>();
        for (Integer place = 0; place < 200; place++) {
          invoices.add(new Imported_Invoice__c(Name = '${prefix} ' + place, Account__c = accountId, Invoice_Date__c = Date.newInstance(2027, 5, 1), Amount__c = 100, Status__c = 'Draft', CurrencyIsoCode = 'EUR', Plan__c = planId));
        }
        Integer queries = Limits.getQueries();
        Integer statements = Limits.getDmlStatements();
        insert invoices;
        System.debug((Limits.getQueries() - queries) + ' ' + (Limits.getDmlStatements() - statements));`);
    const setLogs = (moment: string): string =>
      run(`List<Key_Account_Plan__c> plans = [SELECT Id FROM Key_Account_Plan__c];
        for (Key_Account_Plan__c plan : plans) {
          plan.Baseline_Date__c = ${moment};
        }
        update plans;`);
    const entries = (): number => Number(run('System.debug([SELECT COUNT() FROM Plan_Revenue_Change__c]);'));
    setLogs('null');
    const logged = entries();
    const linked = `[SELECT Id FROM Key_Account_Plan__c WHERE Name = 'Linked'].Id`;
    const count = (cost: string): [number, number] => cost.split(' ').map(Number) as [number, number];
    const [queries, statements] = count(importInvoices('Silent'));
    const [linkedQueries] = count(importInvoices('Silent and linked', linked));
    assert.equal(entries(), logged, 'plans without a baseline log nothing');
    assert.equal(statements, 2, 'the invoices and the plan');
    assert.equal(queries, 7 + 1 + 3, 'by account and date; the source of linked ones in vain; rates');
    assert.equal(linkedQueries, 3 + 5 + 3, 'the source by account and date in vain; by link; rates');
    setLogs('Datetime.now()');
    assert.equal(importInvoices('Logged'), `${queries + 1} 3`, 'the plans of the accounts; the log');
    assert.equal(importInvoices('Logged and linked', linked), `${linkedQueries} 3`, 'the log');
    assert.equal(entries() - logged, 400, 'each invoice is logged');
  });
});
