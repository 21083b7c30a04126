/** Several currencies in the UI API: record values, forms, picklists (User Interface API Developer Guide). */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { OrgRuntime } from '../../src/runtime/OrgRuntime.ts';
import { multiCurrencyProject, rates } from '../support/currencies.ts';
import { openTestOrg } from '../support/org.ts';

const made = openTestOrg(multiCurrencyProject(true));
after(() => made.close());
const org = made.org as OrgRuntime;
org.transaction({ userId: org.administratorId }, (transaction) =>
  rates(org, transaction, { EUR: '0.5' }, [['EUR', '2026-07-01', '0.8']]),
);

void test('an amount shows the record’s currency and its worth in the user’s', async () => {
  const account = made.insert('Account', { Name: 'A', AnnualRevenue: 1000, CurrencyIsoCode: 'EUR' });
  const { body } = await made.call('GET', `/ui-api/records/${account}?fields=Account.AnnualRevenue`);
  assert.deepEqual(body.fields.AnnualRevenue, { displayValue: 'EUR 1,000.00 (USD 2,000.00)', value: 1000 });
  const deal = made.insert('Opportunity', {
    Name: 'D',
    StageName: 'Prospecting',
    CloseDate: '2026-08-01',
    Amount: 80,
    CurrencyIsoCode: 'EUR',
  });
  const answer = await made.call('GET', `/ui-api/records/${deal}?fields=Opportunity.Amount`);
  assert.equal(answer.body.fields.Amount.displayValue, 'EUR 80.00 (USD 100.00)');
});

void test('forms show the currency, with the active ones to choose from', async () => {
  const { body } = await made.call('GET', '/ui-api/record-ui/' + made.insert('Account', { Name: 'B' }));
  assert.match(JSON.stringify(body.layouts.Account), /"CurrencyIsoCode"/);
  const values = await made.call(
    'GET',
    '/ui-api/object-info/Account/picklist-values/012000000000000AAA/CurrencyIsoCode',
  );
  assert.deepEqual(
    values.body.values.map(({ value }: { value: string }) => value),
    ['EUR', 'USD'],
  );
});

void test('REST writes currencies, and describe tells them', async () => {
  const answer = await made.call('POST', '/sobjects/CurrencyType', {
    IsoCode: 'GBP',
    ConversionRate: 0.4,
    DecimalPlaces: 2,
    IsActive: true,
  });
  assert.equal(answer.status, 201);
  const { body } = await made.call('GET', '/sobjects/Contact/describe');
  const field = body.fields.find(({ name }: { name: string }) => name === 'CurrencyIsoCode');
  assert.deepEqual(
    field.picklistValues.map(({ value }: { value: string }) => value),
    ['EUR', 'GBP', 'USD'],
  );
});
