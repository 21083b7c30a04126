/**
 * The activity panel, the lists of open activities and activity history, and field history, as a person sees them.
 * Sources: Salesforce Help, "Activity Timeline", "Track Field History"; Object Reference, "OpenActivity", "ActivityHistory".
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from '../support/browser.ts';
import { openTestShell } from '../support/shell.ts';
import type { TestShell } from '../support/shell.ts';

const LONG = `${'Donaudampfschifffahrtsgesellschaft'.repeat(3)} calls back`;

describe('activities', () => {
  let shell: TestShell;
  let page: Page;
  let visit = '';

  before(async () => {
    shell = await openTestShell('visits');
    ({ page } = shell);
    visit = shell.test.insert('Visit__c', { Name: 'First talk', Purpose__c: 'Demonstration' });
  });
  after(() => shell?.close());
  afterEach(() => assert.deepEqual(shell.takeFaults(), [], 'errors in the browser'));

  const panel = () => page.locator('shell-activity-panel');
  const dialog = () => page.getByRole('dialog');
  const list = (name: string) => page.locator('shell-related-list').filter({ hasText: name });
  const open = async (): Promise<void> => {
    await page.goto(`${shell.base}/lightning/r/Visit__c/${visit}/view`);
    await page.getByRole('heading', { name: 'First talk', level: 1 }).waitFor();
  };
  const save = async (): Promise<void> => {
    await dialog().getByRole('button', { name: 'Save', exact: true }).click();
    await dialog().waitFor({ state: 'detached' });
  };

  it('says what to do where there is nothing yet', async () => {
    await open();
    await panel().getByText('No activities to do.', { exact: false }).waitFor();
    await panel().getByText('No past activity.', { exact: false }).waitFor();
    await shell.shot('activities-empty');
    assert.deepEqual(await accessibilityProblems(page), []);
  });

  it('plans a task and an event from the panel; they stand under what is to come', async () => {
    await panel().getByRole('button', { name: 'New Task' }).click();
    await dialog().getByRole('combobox', { name: 'Subject' }).fill(LONG);
    await dialog()
      .getByLabel('Due Date')
      .or(dialog().getByLabel('Date', { exact: true }))
      .first()
      .fill('1/2/2099');
    await page.keyboard.press('Tab');
    await save();
    await panel().getByRole('link', { name: LONG }).waitFor();
    await panel().getByText('1/2/2099').waitFor();
    await panel().getByRole('button', { name: 'New Event' }).click();
    await dialog().getByRole('combobox', { name: 'Subject' }).waitFor();
    const relatedTo = dialog().getByRole('combobox', { name: 'Related To' });
    for (let turn = 0; turn < 80 && (await relatedTo.inputValue()) !== 'First talk'; turn++)
      await page.waitForTimeout(50);
    assert.equal(await relatedTo.inputValue(), 'First talk');
    await shell.shot('activities-new-event');
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    shell.test.insert('Event', {
      Subject: 'Tour of the hall',
      WhatId: visit,
      StartDateTime: '2099-01-03T09:00:00.000Z',
      EndDateTime: '2099-01-03T10:00:00.000Z',
      Location: 'Hall 4',
    });
    await panel().getByRole('link', { name: 'Tour of the hall' }).waitFor();
    await list('Open Activities').getByRole('link', { name: 'Tour of the hall' }).waitFor();
  });

  it('logs a call, which is done; its details open by keyboard', async () => {
    await panel().getByRole('button', { name: 'Log a Call' }).click();
    await dialog().getByLabel('Comments').or(dialog().getByLabel('Description')).first().fill('They like the press.');
    await save();
    await panel().getByRole('button', { name: 'Show details of Call' }).focus();
    await page.keyboard.press('Enter');
    await panel().getByText('They like the press.').waitFor();
    await shell.shot('activities');
    assert.deepEqual(await accessibilityProblems(page), []);
    await list('Activity History').getByRole('link', { name: 'Call', exact: true }).waitFor();
    await list('Activity History').getByRole('button', { name: 'Log a Call' }).waitFor();
    assert.equal(await list('Open Activities').getByRole('button', { name: 'Log a Call' }).count(), 0);
  });

  it('says that a task is overdue, and moves it to the past when it is done', async () => {
    const task = shell.test.insert('Task', { Subject: 'Send the offer', WhatId: visit, ActivityDate: '2020-05-05' });
    const entry = panel().getByRole('listitem').filter({ hasText: 'Send the offer' });
    await entry.getByText('Overdue').waitFor();
    await shell.test.call('PATCH', `/sobjects/Task/${task}`, { Status: 'Completed' });
    await panel().getByRole('heading', { name: 'May 2020' }).waitFor();
    assert.equal(await entry.getByText('Overdue').count(), 0);
  });

  it('leads from an entry to the activity', async () => {
    await panel().getByRole('link', { name: LONG }).click();
    await page.getByRole('heading', { name: LONG, level: 1 }).waitFor();
    await page.goBack();
    await panel().getByRole('link', { name: LONG }).waitFor();
  });

  it('shows the history of fields with old and new value, newest first, without links that lead nowhere', async () => {
    await shell.test.call('PATCH', `/sobjects/Visit__c/${visit}`, { Purpose__c: 'Negotiation' });
    const history = list('Visit History');
    const first = history.getByRole('listitem').or(history.getByRole('row')).filter({ hasText: 'Negotiation' }).first();
    await first.waitFor();
    const shown = (await first.innerText()).replace(/\s+/g, ' ');
    assert.match(shown, /Purpose/);
    assert.match(shown, /Demonstration.*Negotiation/);
    assert.deepEqual(await first.getByRole('link').allInnerTexts(), ['Ada Admin']);
    await shell.shot('history');
  });

  it('fits a phone', async () => {
    const phone = await shell.browser.newContext({ viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' });
    const small = await phone.newPage();
    await small.goto(`${shell.base}/lightning/r/Visit__c/${visit}/view`);
    await small.locator('shell-activity-panel').getByRole('link', { name: LONG }).waitFor();
    await small.locator('shell-related-list').filter({ hasText: 'Visit History' }).waitFor();
    await small.waitForTimeout(300);
    await shell.shot('activities-phone', small);
    assert.equal(await small.evaluate('document.documentElement.scrollWidth'), 390);
    assert.deepEqual(await accessibilityProblems(small), []);
    await small.locator('shell-activity-panel').getByRole('button', { name: 'New Task' }).click();
    await small.getByRole('dialog').getByRole('combobox', { name: 'Subject' }).waitFor();
    await shell.shot('form-phone', small);
    assert.equal(await small.evaluate('document.documentElement.scrollWidth'), 390);
    await phone.close();
  });
});
