/** The slip log in a real browser: what happens to the deals of an approved plan shows on its page without a reload. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { DESKTOP, PHONE, PLAN, assertAccessible, assertFits, dollars, eventually, startPreview } from './support.ts';
import type { Preview } from './support.ts';

let preview: Preview;
before(async () => {
  preview = await startPreview();
});
after(() => preview?.stop());

interface Deal {
  Id: string;
  Name: string;
  Amount: number;
  AccountId: string;
  CloseDate: string;
  ExpectedRevenue: number;
  Key_Account_Plan__c: string;
}

/** An open deal of a draft plan that ends in the future. */
async function draftDeal(): Promise<Deal> {
  const [deal] = await preview.query<Deal>(
    `SELECT Id, Name, Amount, AccountId, CloseDate, ExpectedRevenue, ${PLAN} FROM Opportunity
     WHERE IsClosed = FALSE AND ${PLAN.replace('__c', '__r')}.Approval_Status__c = 'Draft' ORDER BY Name LIMIT 1`,
  );
  assert.ok(deal, 'the sample data hold an open opportunity of a draft plan');
  return deal;
}

async function expectedRevenue(planId: string): Promise<number> {
  const [plan] = await preview.query<{ Total_Expected_Revenue__c: number }>(
    `SELECT Total_Expected_Revenue__c FROM ${PLAN} WHERE Id = '${planId}'`,
  );
  assert.ok(plan);
  return plan.Total_Expected_Revenue__c;
}

const slipLog = (page: Page): Locator => page.locator('c-key-account-plan-slip-log');
const bar = (page: Page, name: string): Locator =>
  slipLog(page)
    .locator('.chart li')
    .filter({ has: page.getByText(name, { exact: true }) })
    .locator('.bar-amount bdi');
const entries = (page: Page): Locator => slipLog(page).locator('.entry');

void describe('the slip log of a plan', { timeout: 180_000 }, () => {
  void it('leads from the approval to the first change, and follows without a reload', async () => {
    const deal = await draftDeal();
    const planId = deal.Key_Account_Plan__c;
    const baseline = await expectedRevenue(planId);
    const page = await preview.openPage(`/lightning/r/${PLAN}/${planId}/view`, DESKTOP);
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    await slipLog(page).getByRole('heading', { name: 'No baseline yet' }).waitFor();
    await assertAccessible(page);

    await preview.update(PLAN, planId, { Approval_Status__c: 'Approved' });
    await slipLog(page)
      .getByRole('heading', { name: /^Nothing has changed since the approval on / })
      .waitFor();
    await slipLog(page)
      .getByText(`Expected revenue is still ${dollars(baseline)}.`)
      .waitFor();

    await preview.update('Opportunity', deal.Id, { CloseDate: '2101-01-31' });
    const today = await expectedRevenue(planId);
    await bar(page, 'Today').waitFor();
    assert.equal(await bar(page, 'Baseline').textContent(), dollars(baseline));
    assert.equal(await bar(page, 'Left').textContent(), dollars(-deal.ExpectedRevenue, 'exceptZero'));
    assert.equal(await bar(page, 'Today').textContent(), dollars(today));
    assert.match(
      (await slipLog(page).locator('.verdict-text').textContent()) ?? '',
      new RegExp(`expected revenue has fallen by \\${dollars(baseline - today)}\\.$`),
    );
    assert.match(
      (await slipLog(page).locator('.parts').textContent()) ?? '',
      new RegExp(`-\\${dollars(deal.ExpectedRevenue)} from what left`),
    );
    const entry = entries(page).first();
    assert.match((await entry.textContent()) ?? '', /Left.*Close date moved from .* to 1\/31\/2101/);
    assert.equal(await entry.locator('.entry-amount').textContent(), dollars(-deal.ExpectedRevenue, 'exceptZero'));
    assert.match((await entry.locator('a').getAttribute('href')) ?? '', new RegExp(deal.Id));
    await assertAccessible(page);

    await preview.update('Opportunity', deal.Id, { CloseDate: deal.CloseDate });
    await eventually(async () => {
      assert.equal(await bar(page, 'Entered').textContent(), dollars(deal.ExpectedRevenue, 'exceptZero'));
    });
    await slipLog(page)
      .getByText(/rises and falls in expected revenue have evened out\.$/)
      .waitFor();
    assert.equal(await page.evaluate(() => 'isSamePage' in window), true, 'the page was not reloaded');
    await page.context().close();
  });

  void it('works with the keyboard alone: table, filter, more, a deal', async () => {
    const planId = await planWithLog(8);
    const page = await preview.openPage(`/lightning/r/${PLAN}/${planId}/view`, DESKTOP);
    await entries(page).first().waitFor();
    await slipLog(page).getByRole('button', { name: 'Show changes as a table' }).focus();
    await page.keyboard.press('Enter');
    await slipLog(page).getByRole('rowheader', { name: 'Entered' }).waitFor();
    await assertAccessible(page);
    await page.keyboard.press('Enter');
    await bar(page, 'Entered').waitFor();

    const shown = slipLog(page).getByRole('status').filter({ hasText: 'shown' });
    await slipLog(page).getByRole('combobox', { name: 'Kind of change' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: 'Entered' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await eventually(async () => assert.equal(await shown.textContent(), '5 of 8 shown'));
    await slipLog(page).getByRole('button', { name: 'Show 3 more' }).focus();
    await page.keyboard.press('Enter');
    await eventually(async () => assert.equal(await shown.textContent(), '8 of 8 shown'));
    await page.keyboard.press('Tab');
    const link = entries(page).nth(5).getByRole('link');
    assert.equal(await link.evaluate((element) => element.matches(':focus')), true, 'the first new deal is next');
    const name = (await link.textContent()) ?? '';
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/lightning\/r\/006/);
    await page.getByRole('heading', { name }).first().waitFor();
    await page.context().close();
  });

  void it('shows a log anew that its page left in the cache', async () => {
    const planId = await planWithLog(1);
    const page = await preview.openPage(`/lightning/r/${PLAN}/${planId}/view`, DESKTOP);
    await entries(page).first().getByRole('link').click();
    await page.waitForURL(/\/lightning\/r\/006/);
    const [deal] = await preview.query<Deal>(
      `SELECT Id FROM Opportunity WHERE Name = 'Slip 0' AND ${PLAN} = '${planId}'`,
    );
    await preview.update('Opportunity', deal?.Id ?? '', { StageName: 'Closed Lost' });
    await page.goBack();
    await bar(page, 'Lost').waitFor();
    await page.context().close();
  });

  void it('works on a phone, with amounts in millions and long names', async () => {
    const planId = await planWithLog(
      2,
      'with a name as long as the field allows, '.repeat(3).slice(0, 110),
      12_345_678.9,
    );
    const page = await preview.openPage(`/lightning/r/${PLAN}/${planId}/view`, PHONE);
    await entries(page).first().waitFor();
    await assertFits(page);
    await assertAccessible(page);
    await slipLog(page).getByRole('button', { name: 'Show changes as a table' }).click();
    await slipLog(page).getByRole('rowheader', { name: 'Entered' }).waitFor();
    await assertFits(page);
    await assertAccessible(page);
    await page.context().close();
  });
});

/** An approved plan of an account of its own, into which deals have come. */
async function planWithLog(deals: number, name = 'Slip', amount = 1_000): Promise<string> {
  const account = await preview.create('Account', { Name: `Account of ${name} ${deals}`.slice(0, 80) });
  const year = new Date().getUTCFullYear() + 1;
  const planId = await preview.create(PLAN, {
    Account__c: account,
    Period__c: 'Year',
    Start_Date__c: `${year}-01-01`,
    Approval_Status__c: 'Approved',
  });
  for (let index = 0; index < deals; index++) {
    await preview.create('Opportunity', {
      Name: `${name} ${index}`,
      AccountId: account,
      Amount: amount,
      CloseDate: `${year}-06-15`,
      StageName: 'Prospecting',
    });
  }
  return planId;
}
