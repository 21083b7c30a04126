import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProject } from '../../src/project/loadProject.ts';
import { openOrg } from '../../src/runtime/openOrg.ts';
import { metadata, SFDX_PROJECT, temporaryProject } from '../project/temporaryProject.ts';
import { planProject } from '../schema/planProject.ts';
import { date, decimal, insert, query, record } from './helpers.ts';

const project = loadProject(planProject());

test('an org opens in memory, inserts and queries', () => {
  const org = openOrg({ project, clock: () => Date.UTC(2026, 10, 22, 12) });
  org.transaction({ userId: org.administratorId }, (transaction) => {
    const [account] = insert(
      transaction,
      record(org, 'Account', { Name: 'Acme', AnnualRevenue: decimal('1000'), Industry: 'Retail' }),
    );
    assert.match(account ?? '', /^001/);
    const [plan] = insert(
      transaction,
      record(org, 'Plan__c', {
        Name: 'Acme 2026',
        Account__c: account,
        Start__c: date('2026-01-01'),
        End__c: date('2026-12-31'),
        Target__c: decimal('100.5'),
        Won__c: decimal('40'),
      }),
    );
    insert(
      transaction,
      record(org, 'Objective__c', { Plan__c: plan, Weight__c: decimal('1.25'), Done__c: true }),
      record(org, 'Objective__c', { Plan__c: plan, Weight__c: decimal('2'), Done__c: false }),
    );
    const [found] = query(
      transaction,
      `SELECT Name, Account__r.Name, Variance__c, Active__c, Account_Industry__c, Objectives__c, Weight__c, Status__c, Owner.Name, (SELECT Name, Weight__c FROM Objectives__r ORDER BY Weight__c DESC) FROM Plan__c WHERE Account__r.Name LIKE 'aC%' AND Active__c = true AND Variance__c < 0`,
    );
    assert.deepEqual(found, {
      Name: 'Acme 2026',
      Account__r: { Name: 'Acme' },
      Variance__c: '-60.50',
      Active__c: true,
      Account_Industry__c: 'Retail',
      Objectives__c: '2',
      Weight__c: '1.25',
      Status__c: 'Draft',
      Owner: { Name: 'Ada Admin' },
      Objectives__r: [
        { Name: 'O-0002', Weight__c: '2.00' },
        { Name: 'O-0001', Weight__c: '1.25' },
      ],
    });
  });
  org.close();
});

test('percent formulas take and return fractions, as fields hold percentages', () => {
  const field = (name: string, body: string): string =>
    metadata('CustomField', `<fullName>${name}</fullName><label>${name}</label>${body}`);
  const objects = 'force-app/main/objects/Deal__c';
  const source = temporaryProject({
    'sfdx-project.json': SFDX_PROJECT,
    [`${objects}/Deal__c.object-meta.xml`]: metadata(
      'CustomObject',
      '<label>Deal</label><pluralLabel>Deals</pluralLabel><nameField><label>Name</label><type>Text</type></nameField><sharingModel>ReadWrite</sharingModel><deploymentStatus>Deployed</deploymentStatus>',
    ),
    [`${objects}/fields/Part__c.field-meta.xml`]: field(
      'Part__c',
      '<precision>18</precision><scale>2</scale><type>Currency</type>',
    ),
    [`${objects}/fields/Chance__c.field-meta.xml`]: field(
      'Chance__c',
      '<precision>5</precision><scale>2</scale><type>Percent</type>',
    ),
    [`${objects}/fields/Share__c.field-meta.xml`]: field(
      'Share__c',
      '<formula>Part__c / 200</formula><precision>18</precision><scale>1</scale><type>Percent</type>',
    ),
    [`${objects}/fields/Weighted__c.field-meta.xml`]: field(
      'Weighted__c',
      '<formula>Part__c * Chance__c</formula><precision>18</precision><scale>2</scale><type>Currency</type>',
    ),
    [`${objects}/fields/Doubled__c.field-meta.xml`]: field(
      'Doubled__c',
      '<formula>Share__c * 2</formula><precision>18</precision><scale>1</scale><type>Percent</type>',
    ),
  });
  const org = openOrg({ project: loadProject(source) });
  org.transaction({ userId: org.administratorId }, (transaction) => {
    insert(transaction, record(org, 'Deal__c', { Name: 'Half', Part__c: decimal('50.5'), Chance__c: decimal('25') }));
    const [found] = query(
      transaction,
      'SELECT Share__c, Weighted__c, Doubled__c FROM Deal__c WHERE Share__c = 25.3 AND Doubled__c > 50',
    );
    assert.deepEqual(Object.values(found ?? {}).map(Number), [25.3, 12.63, 50.6]);
  });
  org.close();
});
