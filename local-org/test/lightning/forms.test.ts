/**
 * Forms of records: record types, dependent picklists, filtered lookups. Sources: Salesforce Help, "How Is Record Type
 * Access Specified?", "Define Dependent Picklists", "Lookup Filters"; User Interface API Developer Guide, "Get Object
 * Metadata", "Get Values for All Picklist Fields of a Record Type".
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { accessibilityProblems } from '../support/browser.ts';
import { openTestShell } from '../support/shell.ts';
import type { TestShell } from '../support/shell.ts';

describe('forms', () => {
  let shell: TestShell;
  let page: Page;
  let volt = '';
  let warm = '';

  before(async () => {
    shell = await openTestShell('visits');
    ({ page } = shell);
    volt = shell.test.insert('Account', { Name: 'Volt' });
    warm = shell.test.insert('Account', { Name: 'Warm' });
    shell.test.insert('Contact', { LastName: 'Ampere', AccountId: volt });
    shell.test.insert('Contact', { LastName: 'Boiler', AccountId: warm });
  });
  after(() => shell?.close());
  afterEach(() => assert.deepEqual(shell.takeFaults(), [], 'errors in the browser'));

  const open = (address: string) => page.goto(shell.base + address);
  const dialog = () => page.getByRole('dialog');
  const openNew = async (): Promise<void> => {
    await open('/lightning/o/Visit__c/list');
    await page.getByRole('button', { name: 'New', exact: true }).click();
  };
  /** What a picklist offers, with the list open. */
  const offered = async (box: Locator): Promise<readonly string[]> => {
    await box.click();
    await page.getByRole('option').first().waitFor();
    const options = await page.getByRole('option').allInnerTexts();
    await page.keyboard.press('Escape');
    return options.map((option) => option.trim());
  };
  const choose = async (within: Locator, label: string, option: string): Promise<void> => {
    await within.getByRole('combobox', { name: label }).click();
    await page.getByRole('option', { name: option }).click();
  };

  it('asks for the record type first, with the default one chosen; by keyboard', async () => {
    await openNew();
    await dialog().getByText('Select a record type').waitFor();
    assert.equal(await dialog().getByRole('radio', { name: 'Service Visit' }).isChecked(), true);
    await dialog().getByText('To win or to keep a customer.').waitFor();
    await shell.shot('record-type-chooser');
    assert.deepEqual(await accessibilityProblems(page), []);
    await dialog().getByRole('radio', { name: 'Service Visit' }).focus();
    await page.keyboard.press('ArrowUp');
    assert.equal(await dialog().getByRole('radio', { name: 'Sales Visit' }).isChecked(), true);
    await page.keyboard.press('Enter');
    await dialog().getByLabel('Visit Name').waitFor();
  });

  it('offers the values of the record type, its default chosen, on its layout', async () => {
    const purpose = dialog().getByRole('combobox', { name: 'Purpose' });
    assert.match((await purpose.textContent()) ?? '', /Negotiation/);
    assert.deepEqual(await offered(purpose), ['--None--', 'Demonstration', 'Negotiation']);
    await dialog().getByRole('combobox', { name: 'City' }).waitFor();
  });

  it('offers the cities of the country, and clears one that no longer suits', async () => {
    const city = dialog().getByRole('combobox', { name: 'City' });
    assert.deepEqual(await offered(city), ['--None--']);
    await choose(dialog(), 'Country', 'Germany');
    assert.deepEqual(await offered(city), ['--None--', 'Berlin', 'Ulm', 'Online']);
    await choose(dialog(), 'City', 'Ulm');
    await choose(dialog(), 'Country', 'France');
    assert.match((await city.textContent()) ?? '', /None/);
    assert.deepEqual(await offered(city), ['--None--', 'Paris', 'Online']);
    await choose(dialog(), 'City', 'Online');
  });

  it('finds only the contacts of the account, and saves the record with its type', async () => {
    await dialog().getByRole('combobox', { name: 'Account' }).click();
    await page.getByRole('option', { name: /Volt/ }).click();
    await dialog().getByRole('combobox', { name: 'Contact' }).click();
    await page.getByRole('option', { name: /Ampere/ }).waitFor();
    assert.equal(await page.getByRole('option', { name: /Boiler/ }).count(), 0);
    await shell.shot('form-filtered-lookup');
    assert.deepEqual(await accessibilityProblems(page), []);
    await page.getByRole('option', { name: /Ampere/ }).click();
    await dialog().getByLabel('Visit Name').fill('First talk');
    await dialog().getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'First talk', level: 1 }).waitFor();
    const { body } = await shell.test.call(
      'GET',
      `/query?q=${encodeURIComponent('SELECT RecordType.DeveloperName, Purpose__c, City__c, Contact__r.LastName FROM Visit__c')}`,
    );
    const [{ RecordType, Purpose__c, City__c, Contact__r }] = body.records;
    assert.deepEqual(
      [RecordType.DeveloperName, Purpose__c, City__c, Contact__r.LastName],
      ['Sales_Visit', 'Negotiation', 'Online', 'Ampere'],
    );
    await page.locator('shell-record-detail').getByText('Sales Layout').waitFor();
    await shell.shot('record-of-type');
  });

  it('refuses a contact that no longer suits, at the field', async () => {
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const account = dialog().getByRole('combobox', { name: 'Account' });
    await account.waitFor();
    await dialog()
      .locator('lightning-record-picker')
      .first()
      .getByRole('button', { name: /Clear|Remove/ })
      .click();
    await account.click();
    await page.getByRole('option', { name: /Warm/ }).click();
    await dialog().getByRole('button', { name: 'Save', exact: true }).click();
    await dialog().getByText('Choose somebody who works for the account.').waitFor();
    await shell.shot('form-filter-refusal');
    await dialog().getByRole('button', { name: 'Cancel', exact: true }).click();
    await dialog().waitFor({ state: 'detached' });
  });

  it('does the same in a component’s lightning-record-edit-form', async () => {
    const form = page.locator('c-visit-editor');
    assert.deepEqual(await offered(form.getByRole('combobox', { name: 'Purpose' })), [
      '--None--',
      'Demonstration',
      'Negotiation',
    ]);
    await choose(form, 'Country', 'Germany');
    assert.deepEqual(await offered(form.getByRole('combobox', { name: 'City' })), [
      '--None--',
      'Berlin',
      'Ulm',
      'Online',
    ]);
    await choose(form, 'City', 'Berlin');
    await form.getByRole('button', { name: 'Save visit' }).click();
    await form.getByText('visit saved').waitFor();
    await page.locator('shell-record-detail').getByText('Berlin').waitFor();
  });

  it('lays a record of the other type out by its own layout, page and form alike', async () => {
    await openNew();
    await dialog().getByText('Select a record type').waitFor();
    await dialog().getByRole('button', { name: 'Next' }).click();
    await dialog().getByLabel('Visit Name').fill('Oil change');
    assert.equal(await dialog().getByRole('combobox', { name: 'City' }).count(), 0);
    assert.deepEqual(await offered(dialog().getByRole('combobox', { name: 'Purpose' })), [
      '--None--',
      'Inspection',
      'Repair',
    ]);
    await dialog().getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'Oil change', level: 1 }).waitFor();
    await page.locator('shell-record-detail').getByText('Service Layout').waitFor();
    assert.equal(await page.locator('shell-record-detail').getByText('City', { exact: true }).count(), 0);
  });

  it('keeps long labels and their values apart on a phone', async () => {
    for (const name of ['Bright Hall', 'Dim Hall'])
      shell.test.insert('Visit__c', {
        Name: `${name} ${'Donaudampfschiff'.repeat(3)}`,
        Account__c: warm,
        Forecast_Target_Variance__c: -1326700,
      });
    const phone = await shell.browser.newContext({ viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' });
    const small = await phone.newPage();
    await small.goto(`${shell.base}/lightning/o/Visit__c/list?filterName=Variances`);
    const cell = small.locator('[data-label^="Forecast Target"]').first();
    await cell.waitFor();
    await shell.shot('phone-list', small);
    const label = await cell.evaluate((element) => {
      const { getComputedStyle } = globalThis as unknown as {
        getComputedStyle: (of: unknown, part: string) => { readonly height: string };
      };
      return parseFloat(getComputedStyle(element, '::before').height);
    });
    assert.ok(label > 30, `the label wraps: ${label} px`);
    assert.equal(await small.evaluate('document.documentElement.scrollWidth'), 390);
    assert.deepEqual(await accessibilityProblems(small), []);
    await small.goto(`${shell.base}/lightning/r/Account/${warm}/view`);
    const tile = small.locator('shell-related-list .tile').first();
    await tile.waitFor();
    await shell.shot('phone-tiles', small);
    for (const term of await tile.locator('dt').all()) {
      const value = term.locator('xpath=following-sibling::dd[1]');
      const [left, right] = [await term.boundingBox(), await value.boundingBox()];
      assert.ok(left && right && left.x + left.width <= right.x + 1, 'a label ends before its value begins');
    }
    assert.equal(await small.evaluate('document.documentElement.scrollWidth'), 390);
    await phone.close();
  });
});
