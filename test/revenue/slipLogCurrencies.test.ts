/** The slip log of an org with several currencies and dated exchange rates, on the local org. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { launch } from '../../local-org/src/cli/launch.ts';
import type { LaunchedOrg } from '../../local-org/src/cli/launch.ts';
import type { OrgRuntime } from '../../local-org/src/runtime/OrgRuntime.ts';
import { rates } from '../../local-org/test/support/currencies.ts';
import { runApex } from './runApex.ts';

const ROOT = join(import.meta.dirname, '../..');

let launched: LaunchedOrg;
const run = (source: string): string => runApex(launched, source);

before(() => {
  launched = launch({ source: ROOT, definition: join(ROOT, 'config/multi-currency-scratch-def.json') });
  const org = launched.org as OrgRuntime;
  org.transaction({ userId: org.administratorId }, (transaction) =>
    rates(org, transaction, { EUR: '0.8' }, [
      ['EUR', '2027-01-01', '0.8'],
      ['EUR', '2027-07-01', '0.5'],
    ]),
  );
  run(`Account account = new Account(Name = 'Acme');
    insert account;
    Key_Account_Plan__c plan = new Key_Account_Plan__c(Account__c = account.Id, Period__c = 'Year', Start_Date__c = Date.newInstance(2027, 1, 1), CurrencyIsoCode = 'USD');
    insert plan;
    List<Opportunity> deals = new List<Opportunity>();
    for (Integer place = 0; place < 200; place++) {
      deals.add(new Opportunity(Name = 'Deal ' + place, AccountId = account.Id, StageName = 'Prospecting', Probability = 50, Amount = 100, CloseDate = Date.newInstance(2027, 5, 1), CurrencyIsoCode = 'USD'));
    }
    insert deals;
    update new Key_Account_Plan__c(Id = plan.Id, Approval_Status__c = 'Approved');`);
});
after(() => launched?.org.close());

/** Steps of the waterfall in which something happened: `Increased 12.5 (1)`. */
const steps = (): string =>
  run(`List<String> texts = new List<String>();
    for (SlipLogController.Step step : SlipLogController.getSlipLog([SELECT Id FROM Key_Account_Plan__c].Id).steps) {
      if (step.amount != 0 || step.count != 0) {
        texts.add(step.change + ' ' + step.amount.setScale(2) + ' (' + step.count + ')');
      }
    }
    System.debug(String.join(texts, ', '));`);

it('logs a deal whose currency changes, and nothing remains unexplained', () => {
  run(`update new Opportunity(Id = [SELECT Id FROM Opportunity WHERE Name = 'Deal 0'].Id, CurrencyIsoCode = 'EUR');`);
  assert.equal(steps(), 'Increased 12.50 (1)', '100 EUR are 125 USD in May, and half of it is expected');
  assert.equal(
    run(`Plan_Revenue_Change__c entry = [SELECT From_Amount__c, To_Amount__c, Reason__c FROM Plan_Revenue_Change__c];
      System.debug(entry.From_Amount__c + ' ' + entry.To_Amount__c + ' ' + entry.Reason__c);`),
    '100.00 125.00 Currency changed from USD to EUR',
  );
});

it('logs a deal that moves to a day with another rate, but not one in the currency of the plan', () => {
  run(`update new List<Opportunity>{
    new Opportunity(Id = [SELECT Id FROM Opportunity WHERE Name = 'Deal 0'].Id, CloseDate = Date.newInstance(2027, 8, 1)),
    new Opportunity(Id = [SELECT Id FROM Opportunity WHERE Name = 'Deal 1'].Id, CloseDate = Date.newInstance(2027, 8, 1))
  };`);
  assert.equal(steps(), 'Increased 50.00 (2)', '100 EUR are 200 USD in August');
});

it('costs 200 deals that change currency one statement more, and no query more, than without a log', () => {
  const change = (isoCode: string): string =>
    run(`List<Opportunity> deals = new List<Opportunity>();
      for (Opportunity deal : [SELECT Id FROM Opportunity]) {
        deals.add(new Opportunity(Id = deal.Id, CurrencyIsoCode = '${isoCode}'));
      }
      Integer queries = Limits.getQueries();
      Integer statements = Limits.getDmlStatements();
      update deals;
      System.debug((Limits.getQueries() - queries) + ' ' + (Limits.getDmlStatements() - statements));`);
  const beginLog = (moment: string): string =>
    run(`update new Key_Account_Plan__c(Id = [SELECT Id FROM Key_Account_Plan__c].Id, Baseline_Date__c = ${moment});`);
  const entries = (): number => Number(run('System.debug([SELECT COUNT() FROM Plan_Revenue_Change__c]);'));
  change('USD');
  beginLog('null');
  assert.equal(change('EUR'), '5 2', 'plans, rates and figures; the deals and the plan');
  change('USD');
  beginLog('Datetime.now()');
  const logged = entries();
  assert.equal(change('EUR'), '5 3', 'the log more');
  assert.equal(entries() - logged, 200, 'each deal is logged');
});
