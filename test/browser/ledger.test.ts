/** A manager asks what is behind a plan's figures, and has them computed anew. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { DESKTOP, PHONE, PLAN, assertAccessible, assertFits, dollars, eventually, startPreview } from './support.ts';
import type { Preview } from './support.ts';

interface Plan {
  Id: string;
  Account__c: string;
  Start_Date__c: string;
  End_Date__c: string;
  Won_Revenue__c: number;
  Pipeline__c: number;
  Weighted_Pipeline__c: number;
}

let preview: Preview;
let plan: Plan;
before(async () => {
  preview = await startPreview();
  const found = await preview.query<Plan>(
    `SELECT Id, Account__c, Start_Date__c, End_Date__c, Won_Revenue__c, Pipeline__c, Weighted_Pipeline__c FROM ${PLAN} ` +
      'WHERE Active__c = TRUE AND Won_Revenue__c > 0 AND Pipeline__c > 0 ORDER BY Name LIMIT 1',
  );
  plan = found[0] as Plan;
});
after(() => preview?.stop());

const open = (viewport: { width: number; height: number }): Promise<Page> =>
  preview.openPage(`/lightning/r/${PLAN}/${plan.Id}/view`, viewport);
const ledger = (page: Page): Locator => page.locator('c-key-account-plan-ledger');
const group = (page: Page, title: RegExp): Locator => ledger(page).locator('.group', { hasText: title });

async function close(page: Page): Promise<void> {
  await page.context().close();
}

describe('the ledger', () => {
  it('adds up to each figure, by keyboard', async () => {
    const page = await open(DESKTOP);
    const figures = ledger(page).locator('.figure');
    await figures.first().focus();
    const amounts = [plan.Won_Revenue__c + plan.Weighted_Pipeline__c, plan.Won_Revenue__c, plan.Pipeline__c];
    for (const [place, amount] of [...amounts, plan.Weighted_Pipeline__c].entries()) {
      if (place > 0) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await eventually(async () => {
        assert.equal(await figures.nth(place).getAttribute('aria-pressed'), 'true');
        assert.equal(await ledger(page).locator('tfoot .number').innerText(), dollars(amount));
        assert.match(await ledger(page).locator('.verdict-text').innerText(), /add up/);
      });
    }
    await assertAccessible(page);
    await close(page);
  });

  it('gives the reason of what is left out, and follows it without a reload', async () => {
    const page = await open(DESKTOP);
    const name = 'A Deal With a Very Long Name That Nobody Would Abbreviate, Phase Two, Northern Plants';
    await ledger(page).locator('.figure').first().waitFor();
    const id = await preview.create('Opportunity', {
      Name: name,
      AccountId: plan.Account__c,
      StageName: 'Prospecting',
      Amount: 12_345_678.9,
      CloseDate: plan.End_Date__c,
    });
    const row = (title: RegExp): Locator => group(page, title).locator('tbody tr', { hasText: name });
    await row(/^Counted/).waitFor();
    await preview.update('Opportunity', id, { Plan_Assignment__c: 'Kept Out' });
    await row(/^Left out/).waitFor();
    assert.match(await row(/^Left out/).innerText(), /Kept out of all plans/);
    const link = row(/^Left out/).getByRole('link', { name });
    assert.match((await link.getAttribute('href')) ?? '', new RegExp(id.slice(0, 15)));
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    await link.click();
    await page.waitForURL(new RegExp(id.slice(0, 15)));
    assert.equal(await page.evaluate(() => 'isSamePage' in window), true, 'the record opens in place');
    await preview.remove('Opportunity', id);
    await close(page);
  });

  it('sorts by a column, by mouse and by keyboard', async () => {
    const page = await open(DESKTOP);
    const headers = ledger(page).getByRole('columnheader', { name: 'Amount' });
    const header = headers.first();
    await header.getByRole('button').click();
    assert.equal(await header.getAttribute('aria-sort'), 'ascending');
    await page.keyboard.press('Enter');
    await eventually(async () => assert.equal(await header.getAttribute('aria-sort'), 'descending'));
    assert.equal(await headers.nth(1).getAttribute('aria-sort'), 'none', 'the other table keeps its own order');
    const amounts = (
      await group(page, /^Counted/)
        .locator('tbody .number')
        .allInnerTexts()
    ).map((text) => Number(text.replaceAll(/[$,]/g, '')));
    assert.ok(amounts.length > 1);
    assert.deepEqual(
      amounts,
      [...amounts].sort((a, b) => b - a),
    );
    await close(page);
  });

  it('hands over a file that holds every record', async () => {
    const page = await open(DESKTOP);
    const rows = await ledger(page).locator('tbody tr').count();
    await ledger(page).locator('.figure').first().waitFor();
    const waiting = page.waitForEvent('download');
    await ledger(page).getByRole('button', { name: 'Download as CSV' }).click();
    const download = await waiting;
    assert.match(download.suggestedFilename(), /\.csv$/);
    const text = await readFile(await download.path(), 'utf8');
    assert.ok(text.startsWith('\uFEFFRecord,Account,Date,Amount,Remark,'), text.slice(0, 80));
    assert.ok(text.split('\r\n').length > rows);
    await close(page);
  });

  it('shows a long ledger in portions, by keyboard', async () => {
    const account = await preview.create('Account', { Name: 'Many Deals' });
    const year = new Date().getUTCFullYear() + 1;
    const planId = await preview.create(PLAN, {
      Account__c: account,
      Period__c: 'Year',
      Start_Date__c: `${year}-01-01`,
    });
    for (let index = 0; index < 52; index++) {
      await preview.create('Opportunity', {
        Name: `Deal ${index}`,
        AccountId: account,
        Amount: 100,
        CloseDate: `${year}-06-15`,
        StageName: 'Prospecting',
      });
    }
    const page = await preview.openPage(`/lightning/r/${PLAN}/${planId}/view`, DESKTOP);
    await ledger(page).getByText('50 of 52 shown').waitFor();
    assert.equal(await ledger(page).locator('tfoot .number').innerText(), dollars(520));
    await ledger(page).getByRole('button', { name: 'Show 2 more' }).focus();
    await page.keyboard.press('Enter');
    await ledger(page).getByText('52 of 52 shown').waitFor();
    await page.keyboard.press('Tab');
    const link = ledger(page).locator('tbody tr').nth(50).getByRole('link');
    assert.equal(await link.evaluate((element) => element.matches(':focus')), true, 'the first new record is next');
    await assertAccessible(page);
    await close(page);
  });

  it('fits a phone, which can sort too', async () => {
    const page = await open(PHONE);
    await ledger(page).locator('.figure').first().waitFor();
    await assertFits(page);
    await assertAccessible(page);
    const table = group(page, /^Counted/).getByRole('table');
    await table.getByRole('button', { name: 'Record' }).click();
    const header = table.getByRole('columnheader', { name: 'Record' });
    await eventually(async () => assert.equal(await header.getAttribute('aria-sort'), 'ascending'));
    const names = await table.getByRole('rowheader').getByRole('link').allInnerTexts();
    assert.ok(names.length > 1);
    assert.deepEqual(names, [...names].sort(new Intl.Collator('en', { numeric: true }).compare));
    await close(page);
  });
});

describe('Recalculate', () => {
  it('mends figures and says so', async () => {
    await preview.create('Keystone_Settings__c', {
      SetupOwnerId: (await preview.query<{ Id: string }>('SELECT Id FROM Organization'))[0]?.Id,
      Disable_Key_Account_Plan_Trigger__c: true,
    });
    await preview.update(PLAN, plan.Id, { Won_Revenue__c: 1 });
    const page = await open(DESKTOP);
    await eventually(async () => {
      assert.match(await ledger(page).locator('.verdict-text').innerText(), /Choose Recalculate/);
    });
    await page.getByRole('button', { name: 'Recalculate' }).first().click();
    await page.getByText('The figures of this plan are up to date.').waitFor();
    await eventually(async () => {
      assert.match(await ledger(page).locator('.verdict-text').innerText(), /add up/);
      assert.equal(await ledger(page).locator('.figure-amount').nth(1).innerText(), dollars(plan.Won_Revenue__c));
    });
    await close(page);
  });
});
