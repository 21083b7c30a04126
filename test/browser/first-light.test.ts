/** The whole slice in a real browser: a person edits an opportunity, and the plan's chart follows without a reload. */
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
  Key_Account_Plan__c: string;
}

/** An open opportunity of a running plan. */
async function openDeal(): Promise<Deal> {
  const [deal] = await preview.query<Deal>(
    `SELECT Id, Name, Amount, ${PLAN} FROM Opportunity WHERE IsClosed = FALSE AND ${PLAN} != NULL ORDER BY Name LIMIT 1`,
  );
  assert.ok(deal, 'the sample data hold an open opportunity with a plan');
  return deal;
}

interface Figures {
  Won_Revenue__c: number;
  Pipeline__c: number;
  Weighted_Pipeline__c: number;
}

const plan = async (id: string): Promise<Figures> => {
  const [record] = await preview.query<Figures>(
    `SELECT Won_Revenue__c, Pipeline__c, Weighted_Pipeline__c FROM ${PLAN} WHERE Id = '${id}'`,
  );
  assert.ok(record);
  return record;
};

const chart = (page: Page): Locator => page.locator('c-key-account-plan-revenue-chart');
const weightedAmount = (page: Page): Locator => chart(page).locator('.chart-amount').nth(2);
void describe('a plan and its opportunities', { timeout: 180_000 }, () => {
  void it('shows the chart that the sample data give', async () => {
    const deal = await openDeal();
    const page = await preview.openPage(`/lightning/r/${PLAN}/${deal.Key_Account_Plan__c}/view`, DESKTOP);
    const { Weighted_Pipeline__c: weighted } = await plan(deal.Key_Account_Plan__c);
    await chart(page).locator('.chart-row').nth(3).waitFor();
    assert.equal(await weightedAmount(page).textContent(), dollars(weighted));
    await assertAccessible(page);
    await page.context().close();
  });

  void it('moves the chart when an amount is edited in the related list, without a reload', async () => {
    const deal = await openDeal();
    const page = await preview.openPage(`/lightning/r/${PLAN}/${deal.Key_Account_Plan__c}/view`, DESKTOP);
    await chart(page).locator('.chart-row').nth(3).waitFor();
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    const tile = page.getByRole('listitem').filter({ has: page.locator(`a[data-id="${deal.Id}"]`) });
    await tile.getByRole('button', { name: /actions/i }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Amount').click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(String(deal.Amount + 50_000));
    const before = await plan(deal.Key_Account_Plan__c);
    const started = Date.now();
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    while ((await weightedAmount(page).textContent()) === dollars(before.Weighted_Pipeline__c)) {
      assert.ok(Date.now() - started < 10_000, 'the chart did not move');
      await page.waitForTimeout(10);
    }
    const elapsed = Date.now() - started;
    console.log(`from Save to the moved chart: ${elapsed} ms`);
    const afterwards = await plan(deal.Key_Account_Plan__c);
    assert.equal(afterwards.Pipeline__c, before.Pipeline__c + 50_000);
    assert.equal(await weightedAmount(page).textContent(), dollars(afterwards.Weighted_Pipeline__c));
    assert.equal(await page.evaluate(() => 'isSamePage' in window), true, 'the page was not reloaded');
    await page.context().close();
  });

  void it('follows a stage and a close date that change elsewhere', async () => {
    const deal = await openDeal();
    const page = await preview.openPage(`/lightning/r/${PLAN}/${deal.Key_Account_Plan__c}/view`, DESKTOP);
    await chart(page).locator('.chart-row').nth(3).waitFor();
    const linked = chart(page).locator('.linked');
    const before = await linked.textContent();
    await preview.update('Opportunity', deal.Id, { StageName: 'Closed Won' });
    await eventually(async () => {
      const { Won_Revenue__c: won } = await plan(deal.Key_Account_Plan__c);
      assert.equal(await chart(page).locator('.chart-amount').nth(1).textContent(), dollars(won));
    });
    await preview.update('Opportunity', deal.Id, { CloseDate: '2001-01-01' });
    await eventually(async () => assert.notEqual(await linked.textContent(), before));
    assert.equal(
      (await preview.query<Deal>(`SELECT ${PLAN} FROM Opportunity WHERE Id = '${deal.Id}'`))[0]?.Key_Account_Plan__c,
      null,
    );
    await page.context().close();
  });

  void it('says at the field what is wrong, and loses nothing', async () => {
    const deal = await openDeal();
    const page = await preview.openPage(`/lightning/r/${PLAN}/${deal.Key_Account_Plan__c}/view`, DESKTOP);
    await page.getByRole('button', { name: 'Edit', exact: true }).first().click();
    const dialog = page.getByRole('dialog');
    const endDate = dialog.getByLabel('End Date');
    await endDate.fill('1/1/2001');
    await endDate.press('Tab');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.getByText('The End Date is before the Start Date.').first().waitFor();
    await assertAccessible(page);
    await dialog.getByRole('button', { name: 'Cancel', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.context().close();
  });

  void it('works on a phone', async () => {
    const deal = await openDeal();
    const page = await preview.openPage(`/lightning/r/${PLAN}/${deal.Key_Account_Plan__c}/view`, PHONE);
    await chart(page).locator('.chart-row').nth(3).waitFor();
    await assertFits(page);
    await assertAccessible(page);
    await page.context().close();
  });

  void it('lists the plans, and one opens with the keyboard alone', async () => {
    const page = await preview.openPage(`/lightning/o/${PLAN}/list?filterName=All`, DESKTOP);
    const first = page.getByRole('row').nth(1).getByRole('link').first();
    await first.waitFor();
    await assertAccessible(page);
    await first.focus();
    await page.keyboard.press('Enter');
    await chart(page).locator('.chart-row').nth(3).waitFor();
    await page.context().close();
  });
});
