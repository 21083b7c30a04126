import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { registerLightning } from '../../src/lightning/server/index.ts';
import type { Lightning } from '../../src/lightning/server/index.ts';
import { accessibilityProblems, launchBrowser } from '../support/browser.ts';
import { cacheDirectory, fixtures, openTestOrg } from '../support/org.ts';
import type { TestOrg } from '../support/org.ts';

describe('shell', () => {
  let directory = '';
  let test: TestOrg;
  let lightning: Lightning;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let base = '';
  let account = '';
  let machine = '';
  const faults: string[] = [];
  const reports: string[] = [];

  before(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'shell-'));
    cpSync(path.join(fixtures, 'lightning'), directory, { recursive: true });
    test = openTestOrg(directory);
    account = test.insert('Account', { Name: 'Acme Works', BillingCity: 'Ulm' });
    test.insert('Account', { Name: 'Borealis' });
    machine = test.insert('Machine__c', {
      Name: 'Big Press',
      Account__c: account,
      Price__c: 1200,
      Load__c: 12.5,
      State__c: 'Used',
      Notes__c: '<b>hot</b><script>alert(1)</script>',
    });
    for (let number = 1; number <= 60; number++)
      test.insert('Machine__c', {
        Name: `Lathe ${String(number).padStart(2, '0')}`,
        Price__c: number,
        State__c: 'New',
      });
    lightning = await registerLightning(test.server, {
      ...test.context,
      cacheDirectory,
      watch: true,
      report: (message) => reports.push(message),
    });
    await test.server.listen({ host: '127.0.0.1', port: 0 });
    base = `http://127.0.0.1:${(test.server.server.address() as AddressInfo).port}`;
    browser = await launchBrowser();
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    page = await context.newPage();
    page.setDefaultTimeout(8000);
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('Failed to load resource'))
        faults.push(message.text());
    });
  });
  after(async () => {
    await browser?.close();
    await lightning?.close();
    await test?.close();
    rmSync(directory, { recursive: true, force: true });
  });
  afterEach(() => assert.deepEqual(faults.splice(0), [], 'errors in the browser'));

  const open = (address: string) => page.goto(base + address);
  const dialog = () => page.getByRole('dialog');
  /** Replaces what an input holds, as a person does. */
  const retype = async (label: string, text: string, within = dialog()): Promise<void> => {
    await within.getByLabel(label, { exact: true }).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(text);
    await page.keyboard.press('Tab');
  };

  it('opens the list of the tab with formatted values, and pages', async () => {
    await open('/lightning/o/Machine__c/list?filterName=All');
    await page
      .getByRole('row', { name: /Big Press/ })
      .getByText('$1,200.00')
      .waitFor();
    assert.equal(await page.title(), 'Machines | Local Org');
    await page.getByText('50+ items').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await page.getByRole('button', { name: 'Load more' }).click();
    await page.getByText('61 items').waitFor();
  });

  it('sorts by a column and searches in the list', async () => {
    const head = page.getByRole('columnheader', { name: 'Price' });
    await head.getByRole('button').click();
    await head.and(page.locator('[aria-sort=ascending]')).waitFor();
    await head.getByRole('button').click();
    await page.getByRole('columnheader', { name: 'Price' }).and(page.locator('[aria-sort=descending]')).waitFor();
    assert.match((await page.getByRole('row').nth(1).textContent()) ?? '', /Big Press/);
    await page.getByLabel('Search this list…').fill('lathe 07');
    await page.getByText('1 item').waitFor();
    await page.getByRole('row', { name: /Lathe 07/ }).waitFor();
  });

  it('switches to another list view by its menu and keeps it in the address', async () => {
    await page.getByRole('button', { name: 'Select a list view' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Expensive Machines' }).click();
    await page.getByRole('heading', { name: 'Expensive Machines' }).waitFor();
    assert.match(page.url(), /filterName=Expensive/);
  });

  it('opens the record with its page: highlights, layout, components, refusals', async () => {
    await open(`/lightning/r/Machine__c/${machine}/view`);
    await page.getByRole('heading', { name: 'Big Press', level: 1 }).waitFor();
    await page.getByText('Load of this machine').waitFor();
    await page.getByText('How busy').waitFor();
    assert.equal(await page.locator('c-machine-gauge .load').textContent(), '12.5%');
    await page.getByText('forceChatter:recordFeedContainer is not shown').waitFor();
    await page.getByText('force-app/main/default/flexipages/Machine_Page.flexipage-meta.xml:75').waitFor();
    // Rich text is shown without what could run.
    assert.equal(await page.locator('lightning-formatted-rich-text b').first().textContent(), 'hot');
    assert.equal(await page.locator('lightning-formatted-rich-text script').count(), 0);
    assert.deepEqual(await accessibilityProblems(page), []);
  });

  it('edits a field in place; every component that shows it follows', async () => {
    await page.getByRole('button', { name: 'Edit Load' }).click();
    await page.getByLabel('Load', { exact: true }).waitFor();
    await retype('Load', '80', page.locator('shell-record-form'));
    assert.deepEqual(await accessibilityProblems(page), []);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('c-machine-gauge .load', { hasText: '80.0%' }).waitFor();
    await page.getByText('Your changes are saved.').waitFor();
  });

  it('hears of changes that others make', async () => {
    await test.call('PATCH', `/sobjects/Machine__c/${machine}`, { Load__c: 33.3 });
    await page.locator('c-machine-gauge .load', { hasText: '33.3%' }).waitFor();
  });

  it('saves by a form of a component, shows its error there, and its toast', async () => {
    const form = page.locator('c-machine-notes');
    await retype('Price', '-5', form);
    await form.getByRole('button', { name: 'Set price' }).click();
    await form.getByText('A price cannot be negative.').waitFor();
    await retype('Price', '4321', form);
    await form.getByRole('button', { name: 'Set price' }).click();
    await page.getByText('The machine has a new price.').waitFor();
    await form.getByText('saved true').waitFor();
    await page.locator('shell-highlights').getByText('$4,321.00').waitFor();
  });

  it('hides a component whose visibility rule no longer holds', async () => {
    await test.call('PATCH', `/sobjects/Machine__c/${machine}`, { State__c: 'New' });
    await page.locator('c-machine-notes').waitFor({ state: 'detached' });
  });

  it('calls Apex by wire and by hand; a wire follows refreshApex, a record follows the write', async () => {
    const ranking = page.locator('c-machine-ranking');
    // As on the platform: the form's write before this test did not touch the Apex wire.
    await ranking.getByText('Big Press: 1200').waitFor();
    await ranking.getByRole('button', { name: 'Give away' }).click();
    await ranking.getByText('Too much of a discount.').waitFor();
    await ranking.getByRole('button', { name: 'Halve' }).click();
    await ranking.getByText('done').waitFor();
    for (const styled of ['.ranking', '.outcome'])
      assert.equal(
        await ranking.locator(styled).evaluate((element) => {
          const { getComputedStyle } = globalThis as unknown as {
            getComputedStyle: (of: unknown) => { readonly color: string };
          };
          return getComputedStyle(element).color;
        }),
        'rgb(0, 102, 51)',
        `the CSS module styles ${styled}`,
      );
    await page.locator('shell-highlights').getByText('$2,160.50').waitFor();
    assert.match((await ranking.locator('.ranking').textContent()) ?? '', /Big Press: 1200/);
    await ranking.getByRole('button', { name: 'Rank again' }).click();
    await ranking.getByText('Big Press: 2160.5').waitFor();
    await ranking.getByText('ranked again').waitFor();
  });

  it('edits in a window with errors at the field and on top, and gives the focus back', async () => {
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await dialog().getByLabel('Price', { exact: true }).waitFor();
    await retype('Price', '-1');
    await dialog().getByRole('button', { name: 'Save', exact: true }).click();
    await dialog().getByText('A price cannot be negative.').waitFor();
    await dialog().getByText('Review the following fields').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await retype('Price', '10');
    await dialog().getByLabel('Machine Name').fill('Forbidden');
    await dialog().getByRole('button', { name: 'Save', exact: true }).click();
    await dialog().getByRole('alert').getByText('No machine may have this name.').waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    const focused =
      '(() => { let element = document.activeElement; while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement; return element?.textContent.trim(); })()';
    assert.equal(await page.evaluate(focused), 'Edit');
  });

  it('creates a record with a lookup, a picklist and a date', async () => {
    await open('/lightning/o/Machine__c/list');
    await page.getByRole('button', { name: 'New', exact: true }).click();
    await dialog().getByLabel('Machine Name').waitFor();
    // The window has settled when the first field has the focus.
    await page.locator('shell-record-form input:focus').waitFor();
    await dialog().getByRole('button', { name: 'Save', exact: true }).click();
    await dialog().getByText('Complete this field.').first().waitFor();
    await dialog().getByLabel('Machine Name').fill('Fresh Mill');
    await dialog().getByRole('combobox', { name: 'Customer' }).click();
    await dialog().getByRole('combobox', { name: 'Customer' }).pressSequentially('acme');
    await dialog()
      .getByRole('option', { name: /Acme Works/ })
      .click();
    await retype('Serviced On', '3/9/2026');
    await retype('Price', '99.5');
    assert.deepEqual(await accessibilityProblems(page), []);
    await dialog().getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Machine “Fresh Mill” was created.').waitFor();
    await page.getByRole('heading', { name: 'Fresh Mill', level: 1 }).waitFor();
    await page.locator('shell-record-detail').getByText('3/9/2026').waitFor();
    await page.locator('shell-record-detail').getByRole('link', { name: 'Acme Works' }).waitFor();
    await page.locator('shell-record-detail').getByText('Brand New').waitFor();
  });

  it('shows related lists; New there starts with the parent; deleting asks first', async () => {
    await page.locator('shell-record-detail').getByRole('link', { name: 'Acme Works' }).click();
    await page.getByRole('link', { name: 'Machines (2)' }).waitFor();
    await page.locator('shell-related-list').getByRole('button', { name: 'New' }).click();
    await dialog().getByRole('combobox', { name: 'Customer' }).waitFor();
    assert.equal(await dialog().getByRole('combobox', { name: 'Customer' }).inputValue(), 'Acme Works');
    await dialog().getByRole('button', { name: 'Cancel', exact: true }).click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Show actions for Fresh Mill' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await dialog().getByText('Delete the machine “Fresh Mill”?', { exact: false }).waitFor();
    await dialog().getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('link', { name: 'Machines (1)' }).waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
  });

  it('finds records from the header by keyboard alone', async () => {
    await page.getByRole('combobox', { name: 'Search' }).fill('borea');
    await page.getByRole('option', { name: /Borealis/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Borealis', level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Acme Works', level: 1 }).waitFor();
  });

  it('says what is wrong with an address or a record that is not there', async () => {
    await open('/lightning/r/Machine__c/000000000000000AAA/view');
    await page.getByText('This record is not available').waitFor();
    await open('/lightning/o/Nope__c/list');
    await page.getByText('This object is not available').waitFor();
    await open('/lightning/nowhere/at/all');
    await page.getByText('Page not found').waitFor();
    assert.deepEqual(await accessibilityProblems(page), []);
    await page.getByRole('button', { name: 'Go to the home page' }).click();
    await page.getByText('Welcome,').waitFor();
  });

  it('fits a phone: nothing sticks out, the menu stands in for the buttons', async () => {
    const phone = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const small = await phone.newPage();
    for (const address of ['/lightning/o/Machine__c/list', `/lightning/r/Machine__c/${machine}/view`]) {
      await small.goto(base + address);
      await small.getByText('Big Press').first().waitFor();
      assert.equal(await small.evaluate('document.documentElement.scrollWidth'), 390, address);
      assert.deepEqual(await accessibilityProblems(small), []);
    }
    await small.locator('shell-highlights').getByRole('button', { name: 'Actions' }).click();
    await small.getByRole('menuitem', { name: 'Edit' }).waitFor();
    await phone.close();
  });

  it('reloads when a component changes, and lists the problems when it no longer compiles', async () => {
    const file = path.join(directory, 'force-app/main/default/lwc/machineGauge/machineGauge.html');
    const text = readFileSync(file, 'utf8');
    await open(`/lightning/r/Machine__c/${machine}/view`);
    await page.getByText('How busy').waitFor();
    writeFileSync(file, text.replace('of {maximum}', 'of at most {maximum}'));
    await page.getByText('of at most 100').waitFor();
    writeFileSync(file, text.replace('<output', '<c-gone></c-gone><output'));
    await page.getByText('A component does not compile').waitFor();
    await page.getByText('machineGauge.html:4:').waitFor();
    assert.match(reports.at(-1) ?? '', /machineGauge\.html:4:\d+: There is no Lightning web component c\/gone/);
    writeFileSync(file, text);
    await page.getByText('A component does not compile').waitFor({ state: 'hidden' });
    await page.getByText('How busy').waitFor();
  });
});
