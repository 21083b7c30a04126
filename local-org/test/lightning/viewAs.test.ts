import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { registerLightning } from '../../src/lightning/server/index.ts';
import type { Lightning } from '../../src/lightning/server/index.ts';
import { accessibilityProblems, launchBrowser } from '../support/browser.ts';
import { cacheDirectory, fixtures, openTestOrg } from '../support/org.ts';
import type { TestOrg } from '../support/org.ts';

describe('view as another user', () => {
  let test: TestOrg;
  let lightning: Lightning;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let base = '';
  let machine = '';
  let mia = '';
  const faults: string[] = [];

  before(async () => {
    test = openTestOrg(path.join(fixtures, 'lightning'));
    machine = test.insert('Machine__c', { Name: 'Big Press', State__c: 'Used' });
    const profile = (name: string): string =>
      String(
        test.org.transaction({ userId: test.org.administratorId }, (transaction) =>
          transaction
            .query(`SELECT Id FROM Profile WHERE Name = '${name}'`, { accessMode: 'system', sharing: 'without' })
            .records[0]?.values.get('Id'),
        ),
      );
    mia = test.insert('User', {
      FirstName: 'Mia',
      LastName: 'Muster',
      Username: 'mia@local.org',
      Email: 'mia@local.org',
      Alias: 'mia',
      ProfileId: profile('Standard User'),
      TimeZoneSidKey: 'Europe/Berlin',
      LocaleSidKey: 'en_US',
      LanguageLocaleKey: 'en_US',
      EmailEncodingKey: 'UTF-8',
    });
    lightning = await registerLightning(test.server, { ...test.context, cacheDirectory });
    await test.server.listen({ host: '127.0.0.1', port: 0 });
    base = `http://127.0.0.1:${(test.server.server.address() as AddressInfo).port}`;
    browser = await launchBrowser();
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    page = await context.newPage();
    page.setDefaultTimeout(8000);
    page.on('pageerror', (error) => faults.push(error.message));
  });
  after(async () => {
    await browser?.close();
    await lightning?.close();
    await test?.close();
  });
  afterEach(() => assert.deepEqual(faults.splice(0), [], 'errors in the browser'));

  const shot = async (name: string): Promise<void> => {
    const directory = process.env['LOCAL_ORG_SCREENSHOTS'];
    if (directory !== undefined) await page.screenshot({ path: path.join(directory, `${name}.png`) });
  };
  const banner = () => page.getByRole('region', { name: 'Viewing as' });
  const status = (address: string, method = 'GET', body?: unknown): Promise<number> =>
    page.evaluate(
      async ([url, verb, text]) =>
        (
          await fetch(`/services/data/v67.0${url}`, {
            method: verb,
            ...(text === undefined ? {} : { body: text, headers: { 'content-type': 'application/json' } }),
          })
        ).status,
      [address, method, body === undefined ? undefined : JSON.stringify(body)],
    );

  it('offers the users by keyboard and finds one by a part of the name', async () => {
    await page.goto(`${base}/lightning/r/Machine__c/${machine}/view`);
    await page.getByRole('heading', { name: 'Big Press', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'User menu' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'View as another user…' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /Mia Muster/ }).waitFor();
    assert.equal(await page.getByRole('button', { name: /Ada Admin.*Current/s }).isDisabled(), true);
    assert.deepEqual(await accessibilityProblems(page), []);
    await shot('view-as-choose');
    await page.getByLabel('Search users').fill('nobody');
    await page.getByText('No active user matches your search.').waitFor();
    await page.getByLabel('Search users').fill('must');
    await page.getByRole('button', { name: /Mia Muster/ }).waitFor();
    await page.getByRole('button', { name: /Ada Admin/ }).waitFor({ state: 'detached' });
  });

  it('shows the org as that user sees it, also after a reload', async () => {
    await page.getByRole('button', { name: /Mia Muster/ }).focus();
    await page.keyboard.press('Enter');
    await banner().getByText('Mia Muster').waitFor();
    // Standard users have no permission on machines here.
    await page.getByText('This record is not available').waitFor();
    assert.equal(await page.getByRole('heading', { name: 'Big Press', level: 1 }).count(), 0);
    await page.reload();
    await banner().getByText('Mia Muster').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await shot('view-as-banner');
    assert.equal(await status(`/ui-api/records/${machine}?fields=Machine__c.Name`), 404);
    assert.equal(await status('/sobjects/Account', 'POST', { Name: 'Mine' }), 201);
    const [account] = test.org.transaction({ userId: test.org.administratorId }, (transaction) =>
      transaction.query("SELECT OwnerId FROM Account WHERE Name = 'Mine'", {
        accessMode: 'system',
        sharing: 'without',
      }),
    ).records;
    assert.equal(account?.values.get('OwnerId'), mia);
  });

  it('refuses Apex classes that the user has no access to', async () => {
    assert.equal(await status('/local-org/apex', 'POST', { className: 'Machines', methodName: 'x' }), 403);
  });

  it('fits a phone and leads back, in every tab', async () => {
    const other = await context.newPage();
    await other.goto(`${base}/lightning/page/home`);
    await other.getByRole('region', { name: 'Viewing as' }).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${base}/lightning/page/home`);
    await banner().waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
    assert.deepEqual(await accessibilityProblems(page), []);
    await shot('view-as-phone');
    await banner().getByRole('button', { name: 'Back to Ada Admin' }).click();
    await banner().waitFor({ state: 'detached' });
    await other.getByRole('region', { name: 'Viewing as' }).waitFor({ state: 'detached' });
    await other.close();
    await page.goto(`${base}/lightning/r/Machine__c/${machine}/view`);
    await page.getByRole('heading', { name: 'Big Press', level: 1 }).waitFor();
  });

  it('is for administrators only, and for users that exist', async () => {
    assert.equal(await status('/local-org/view-as', 'POST', { userId: '005000000000000AAA' }), 404);
    const session = test.server.sessions.open(mia, mia);
    const response = await test.server.inject({
      method: 'POST',
      url: '/services/data/v67.0/local-org/view-as',
      headers: { host: 'localhost', authorization: `Bearer ${session}`, 'content-type': 'application/json' },
      payload: JSON.stringify({ userId: test.org.administratorId }),
    });
    assert.equal(response.statusCode, 403);
  });
});
