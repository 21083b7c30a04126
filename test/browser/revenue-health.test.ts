/** The Revenue Health page in a real browser: audit, schedule and retry as an admin does them, wide and on a phone. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { DESKTOP, PHONE, PLAN, assertAccessible, assertFits, eventually, startPreview } from './support.ts';
import type { Preview } from './support.ts';

const ADDRESS = '/lightning/n/Revenue_Health';
/** Two of these are more than a plan's figures can hold. */
const HUGE = 9_000_000_000_000_000;
/** What one waits for at the most until jobs are over: a few looks of the page. */
const JOBS = { timeout: 30_000 };

let preview: Preview;
before(async () => {
  preview = await startPreview();
});
after(() => preview?.stop());

const card = (page: Page, heading: string | RegExp): Locator =>
  page.locator('c-revenue-health lightning-card').filter({ has: page.getByRole('heading', { name: heading }) });
const health = (page: Page): Locator => card(page, 'Revenue Health');
const requests = (page: Page): Locator => page.locator('c-revenue-health .entry');
const isFocused = (found: Locator): Promise<boolean> => found.evaluate((element) => element.matches(':focus'));

/** A plan that can't be computed, because two of its deals are too large; gives its name and one of the deals. */
async function failingPlan(name: string): Promise<{ planName: string; dealId: string }> {
  const account = await preview.create('Account', { Name: `Account of ${name}` });
  const plan = {
    Name: name,
    Account__c: account,
    Period__c: 'Year',
    Start_Date__c: `${new Date().getUTCFullYear() + 2}-01-01`,
  };
  await preview.create(PLAN, plan);
  const deal = { AccountId: account, Amount: HUGE, CloseDate: plan.Start_Date__c, StageName: 'Prospecting' };
  const dealId = await preview.create('Opportunity', { ...deal, Name: `${name} 1` });
  await preview.create('Opportunity', { ...deal, Name: `${name} 2` });
  return { planName: name, dealId };
}

void describe('the revenue health page', { timeout: 180_000 }, () => {
  void it('opens by its tab, and shows the schedule that the installation has made', async () => {
    const page = await preview.openPage('/lightning/page/home', DESKTOP);
    await page.getByRole('navigation').getByRole('link', { name: 'Revenue Health' }).click();
    await health(page).getByText('The figures have not been audited yet.').waitFor();
    const [schedule] = await preview.query<{ CronExpression: string }>(
      "SELECT CronExpression FROM CronTrigger WHERE CronJobDetail.Name = 'Keystone: Nightly Revenue Audit'",
    );
    assert.equal(schedule?.CronExpression, '0 0 2 * * ?');
    await card(page, 'Nightly Audit')
      .getByText(/2:00\sAM$/)
      .waitFor();
    await page.getByText('Every recalculation that was asked for is done.').waitFor();
    await assertFits(page);
    await assertAccessible(page);
    await page.context().close();
  });

  void it('starts an audit with the keyboard and follows it to its result', async () => {
    const page = await preview.openPage(ADDRESS, DESKTOP);
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    const start = health(page).getByRole('button', { name: 'Start audit' });
    await start.waitFor();
    await health(page).getByRole('button', { name: 'Refresh' }).focus();
    await page.keyboard.press('Tab');
    assert.equal(await isFocused(start), true);
    await page.keyboard.press('Enter');
    await health(page)
      .getByText(/found all figures right\.$/)
      .waitFor(JOBS);
    const [audit] = await preview.query<{ Id: string; Name: string; Plans_Checked__c: number }>(
      'SELECT Id, Name, Plans_Checked__c FROM Revenue_Audit__c',
    );
    assert.ok(audit);
    await health(page).getByText(`0 mended of ${audit.Plans_Checked__c} checked`).waitFor();
    assert.equal(await page.evaluate(() => 'isSamePage' in window), true, 'the page was not reloaded');
    await assertAccessible(page);
    await health(page).getByRole('link', { name: audit.Name }).click();
    await page.waitForURL(new RegExp(audit.Id));
    await page.context().close();
  });

  void it('shows a running audit with its progress', async () => {
    const page = await preview.openPage('/lightning/page/home', DESKTOP);
    await page.route('**/local-org/apex', async (route) => {
      const { methodName } = route.request().postDataJSON() as { methodName: string };
      const response = await route.fetch();
      const answer = (await response.json()) as { returnValue: object };
      const running = { auditId: null, step: 2, done: 6, total: 8 };
      await route.fulfill({
        response,
        json: methodName === 'getHealth' ? { returnValue: { ...answer.returnValue, running } } : answer,
      });
    });
    await page.getByRole('navigation').getByRole('link', { name: 'Revenue Health' }).click();
    await health(page).getByText('6 of 8 batches done').waitFor();
    assert.equal(await health(page).getByRole('progressbar').getAttribute('aria-valuenow'), '88');
    assert.equal(await health(page).getByRole('button', { name: 'Start audit' }).count(), 0);
    await assertAccessible(page);
    await page.emulateMedia({ forcedColors: 'active' });
    const [track, done] = await Promise.all(
      ['.slds-progress-bar', '.slds-progress-bar__value'].map((part) =>
        health(page)
          .locator(part)
          .evaluate((element) => getComputedStyle(element).backgroundColor),
      ),
    );
    assert.notEqual(done, track, 'the progress is seen in high contrast');
    await page.context().close();
  });

  void it('lists what waits with its reason, and tries it again', async () => {
    const { planName, dealId } = await failingPlan('Plan that is too large');
    const page = await preview.openPage(ADDRESS, DESKTOP);
    const row = requests(page).filter({ hasText: planName });
    await row.getByText('Could Not Be Saved').waitFor();
    await row.getByText(/NUMBER_OUTSIDE_VALID_RANGE/).waitFor();
    await row.getByText(/Next attempt /).waitFor();
    await health(page).getByText('Some figures could not be brought up to date.').waitFor();
    await assertAccessible(page);
    await row.getByRole('button', { name: `Retry now: ${planName}` }).click();
    await row.getByText('Tried once in vain').waitFor(JOBS);

    await preview.update('Opportunity', dealId, { Amount: 1_000 });
    await row.getByRole('button', { name: `Retry now: ${planName}` }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Every recalculation that was asked for is done.').waitFor(JOBS);
    assert.equal(await isFocused(page.locator('c-revenue-health .waiting-body')), true, 'the focus stays in the list');
    await page.context().close();
  });

  void it('works on a phone, from right to left, with what waits', async () => {
    await failingPlan('Plan with a name that is as long as a name may be and is not cut off '.padEnd(80, '.'));
    await failingPlan('Another');
    const page = await preview.openPage(ADDRESS, PHONE);
    await requests(page).nth(1).waitFor();
    await assertFits(page);
    await assertAccessible(page);
    await page.evaluate(() => (document.documentElement.dir = 'rtl'));
    await assertFits(page);
    await assertAccessible(page);
    await page.evaluate(() => (document.documentElement.dir = 'ltr'));
    const retryAll = page.getByRole('button', { name: 'Retry all' });
    await retryAll.focus();
    await page.keyboard.press('Enter');
    await eventually(async () => {
      assert.equal(await page.getByText('Recalculation started').count(), 1);
    });
    await page.context().close();
  });
});
