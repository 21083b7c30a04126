/** Setup's Apex Jobs and Scheduled Jobs (Salesforce Help, "Monitor the Apex Job Queue", "Monitor Scheduled Jobs"). */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from '../support/browser.ts';
import { openTestShell } from '../support/shell.ts';
import type { TestShell } from '../support/shell.ts';

const COMPLAINT = `${'The press of the Donaudampfschifffahrtsgesellschaft stands still. '.repeat(3)}Call somebody.`;

describe('Setup', () => {
  let shell: TestShell;
  let page: Page;

  before(async () => {
    shell = await openTestShell('lightning');
    ({ page } = shell);
  });
  after(() => shell?.close());
  afterEach(() => assert.deepEqual(shell.takeFaults(), [], 'errors in the browser'));

  const open = (address: string) => page.goto(shell.base + address);
  const apex = async (text: string): Promise<void> => {
    const { body } = await shell.test.call(
      'GET',
      `/tooling/executeAnonymous?anonymousBody=${encodeURIComponent(text)}`,
    );
    assert.equal(body.success, true, body.compileProblem ?? body.exceptionMessage);
  };
  const count = async (query: string): Promise<number> =>
    Number((await shell.test.call('GET', `/query?q=${encodeURIComponent(query)}`)).body.totalSize);

  it('is opened from the header by keyboard; its menu leads to pages that are empty at first', async () => {
    await open('/lightning/page/home');
    await page.getByRole('button', { name: 'Setup' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Setup' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Setup', level: 1 }).waitFor();
    assert.match(page.url(), /\/lightning\/setup\/SetupOneHome\/home$/);
    await shell.shot('setup-home');
    assert.deepEqual(await accessibilityProblems(page), []);
    const menu = page.getByRole('navigation', { name: 'Setup' });
    await menu.getByRole('link', { name: 'Apex Jobs' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('No Apex jobs yet').waitFor();
    assert.equal(await menu.locator('[aria-current=page]').textContent(), 'Apex Jobs');
    await menu.getByRole('link', { name: 'Scheduled Jobs' }).click();
    await page.getByText('No scheduled jobs yet').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
  });

  it('shows an Apex job’s class, user, dates and counts after a refresh; long details wrap', async () => {
    await open('/lightning/setup/AsyncApexJobs/home');
    await page.getByText('No Apex jobs yet').waitFor();
    await apex(`System.enqueueJob(new MachineJobs()); System.enqueueJob(new MachineJobs('${COMPLAINT}'));`);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText('2 items').waitFor();
    assert.deepEqual(await page.getByRole('columnheader').allTextContents(), [
      'Submitted Date',
      'Job Type',
      'Status',
      'Status Detail',
      'Total Batches',
      'Batches Processed',
      'Failures',
      'Submitted By',
      'Completion Date',
      'Apex Class',
      'Apex Method',
      'Apex Job ID',
    ]);
    await page
      .getByRole('row', { name: /Completed.*MachineJobs/ })
      .getByText('Queueable')
      .waitFor();
    await shell.shot('setup-apex-jobs');
    const failed = page.getByRole('row', { name: /Failed/ });
    const detail = failed.getByText('Donaudampfschifffahrtsgesellschaft', { exact: false });
    assert.ok(((await detail.boundingBox())?.height ?? 0) > 60, 'the detail stands in several lines');
    assert.deepEqual(await accessibilityProblems(page), []);
  });

  it('leads from a job to its class and its user', async () => {
    await page.getByRole('link', { name: 'MachineJobs' }).first().click();
    await page.getByRole('heading', { name: 'MachineJobs', level: 1 }).waitFor();
    await shell.shot('setup-apex-class');
    await page.goBack();
    await page.getByText('2 items').waitFor();
  });

  it('aborts a job that waits, after a question', async () => {
    await apex("System.schedule('Nightly inventory', '0 0 3 * * ?', new MachineJobs());");
    await page.getByRole('button', { name: 'Refresh' }).click();
    const waiting = page.getByRole('row', { name: /Scheduled Apex Queued/ });
    await waiting.getByRole('button', { name: /Show actions/ }).click();
    assert.equal(
      await page.getByRole('button', { name: /Show actions/ }).count(),
      1,
      'only a job that waits has actions',
    );
    await page.getByRole('menuitem', { name: 'Abort' }).click();
    await page.getByRole('dialog').getByText('Abort this job?', { exact: false }).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Abort' }).click();
    await page.getByText('The job was aborted.').waitFor();
    await page.getByRole('row', { name: /Scheduled Apex Aborted/ }).waitFor();
    assert.equal(await count('SELECT Id FROM CronTrigger'), 0);
  });

  it('shows a scheduled job with its next run and expression, and deletes it', async () => {
    const name = `Nightly inventory of ${'every hall '.repeat(6)}`.trim();
    await apex(`System.schedule('${name}', '0 0 3 1 1 ? 2099', new MachineJobs());`);
    await open('/lightning/setup/ScheduledJobs/home');
    const row = page.getByRole('row', { name: new RegExp(name) });
    await row.getByText('0 0 3 1 1 ? 2099').waitFor();
    await row.getByText('1/1/2099', { exact: false }).waitFor();
    await row.getByText('Waiting').waitFor();
    await shell.shot('setup-scheduled-jobs');
    assert.deepEqual(await accessibilityProblems(page), []);
    await row.getByRole('button', { name: /Show actions/ }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('No scheduled jobs yet').waitFor();
    assert.equal(await count('SELECT Id FROM CronTrigger'), 0);
  });

  it('fits a phone', async () => {
    const phone = await shell.browser.newContext({ viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' });
    const small = await phone.newPage();
    for (const name of ['SetupOneHome', 'AsyncApexJobs', 'ScheduledJobs', 'Nowhere']) {
      await small.goto(`${shell.base}/lightning/setup/${name}/home`);
      await small.getByRole('link', { name: 'Setup Home' }).waitFor();
      if (name === 'AsyncApexJobs')
        await small.getByText('Donaudampfschifffahrtsgesellschaft', { exact: false }).waitFor();
      await shell.shot(`setup-phone-${name}`, small);
      assert.equal(await small.evaluate('document.documentElement.scrollWidth'), 390, name);
      assert.deepEqual(await accessibilityProblems(small), []);
    }
    await small.getByText('Setup has no such page here').waitFor();
    await phone.close();
  });

  it('is closed to users without the permission View Setup and Configuration', async () => {
    const profile = (
      await shell.test.call(
        'GET',
        `/query?q=${encodeURIComponent("SELECT Id FROM Profile WHERE Name = 'Minimum Access - Salesforce'")}`,
      )
    ).body.records[0].Id;
    const user = shell.test.insert('User', {
      LastName: 'Muster',
      Username: 'mia@local.org',
      Email: 'mia@local.org',
      Alias: 'mia',
      ProfileId: profile,
      TimeZoneSidKey: 'Europe/Berlin',
      LocaleSidKey: 'en_US',
      LanguageLocaleKey: 'en_US',
      EmailEncodingKey: 'UTF-8',
    });
    const answer = await page.request.post(`${shell.base}/services/data/v67.0/local-org/view-as`, {
      data: { userId: user },
    });
    assert.equal(answer.ok(), true, await answer.text());
    await open('/lightning/setup/AsyncApexJobs/home');
    await page.getByText('View Setup and Configuration', { exact: false }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Setup' }).count(), 0);
    assert.deepEqual(await accessibilityProblems(page), []);
  });
});
