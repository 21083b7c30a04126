import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import { planProject } from '../schema/planProject.ts';
import { date, decimal, insert, query, record } from './helpers.ts';

const project = loadProject(planProject());

test('an org opens in memory, inserts and queries', () => {
  const started = performance.now();
  const org = openOrg({ project, clock: () => Date.UTC(2026, 10, 22, 12) });
  const opened = performance.now() - started;
  assert.ok(opened < 1000, `opening took ${opened} ms`);
  org.transaction({ userId: org.administratorId }, (transaction) => {
    const [account] = insert(transaction, record(org, 'Account', { Name: 'Acme', AnnualRevenue: decimal('1000'), Industry: 'Retail' }));
    assert.match(account ?? '', /^001/);
    const [plan] = insert(transaction, record(org, 'Plan__c', { Name: 'Acme 2026', Account__c: account, Start__c: date('2026-01-01'), End__c: date('2026-12-31'), Target__c: decimal('100.5'), Won__c: decimal('40') }));
    insert(transaction, record(org, 'Objective__c', { Plan__c: plan, Weight__c: decimal('1.25'), Done__c: true }), record(org, 'Objective__c', { Plan__c: plan, Weight__c: decimal('2'), Done__c: false }));
    const [found] = query(transaction, `SELECT Name, Account__r.Name, Variance__c, Active__c, Account_Industry__c, Objectives__c, Weight__c, Status__c, Owner.Name, (SELECT Name, Weight__c FROM Objectives__r ORDER BY Weight__c DESC) FROM Plan__c WHERE Account__r.Name LIKE 'aC%' AND Active__c = true AND Variance__c < 0`);
    assert.deepEqual(found, {
      Name: 'Acme 2026', Account__r: { Name: 'Acme' }, Variance__c: '-60.50', Active__c: true, Account_Industry__c: 'Retail', Objectives__c: '2', Weight__c: '1.25', Status__c: 'Draft',
      Owner: { Name: 'Ada Admin' }, Objectives__r: [{ Name: 'O-0002', Weight__c: '2.00' }, { Name: 'O-0001', Weight__c: '1.25' }],
    });
  });
  org.close();
});
