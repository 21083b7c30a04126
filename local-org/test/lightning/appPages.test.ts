/**
 * Lightning pages of the kind AppPage behind a tab. Source: Salesforce Help, "Create an App Home Page with the Lightning App
 * Builder"; LWC Developer Guide, "Configure a Component for an App Page"; Help, "View and Edit Tab Settings in Permission
 * Sets and Profiles".
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { registerLightning } from '../../src/lightning/server/index.ts';
import type { Lightning } from '../../src/lightning/server/index.ts';
import { metadata } from '../project/temporaryProject.ts';
import { accessibilityProblems, launchBrowser } from '../support/browser.ts';
import { cacheDirectory, fixtures, openTestOrg } from '../support/org.ts';
import type { TestOrg } from '../support/org.ts';

const SOURCE = 'force-app/main/default';
const APP = `${SOURCE}/applications/Workshop.app-meta.xml`;

/** The fixture with a board: an app page of two components, a tab, and a permission set that shows the tab. */
function projectWithBoard(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'app-pages-'));
  cpSync(path.join(fixtures, 'lightning'), directory, { recursive: true });
  const write = (name: string, text: string): void => {
    const file = path.join(directory, SOURCE, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  write(
    'flexipages/Workshop_Board.flexipage-meta.xml',
    metadata(
      'FlexiPage',
      '<flexiPageRegions><itemInstances><componentInstance><componentInstanceProperties><name>heading</name><value>Today in the workshop</value></componentInstanceProperties><componentName>boardNotice</componentName><identifier>c_boardNotice</identifier></componentInstance></itemInstances><name>main</name><type>Region</type></flexiPageRegions><masterLabel>Workshop Board</masterLabel><template><name>flexipage:defaultAppHomeTemplate</name></template><type>AppPage</type>',
    ),
  );
  write(
    'tabs/Workshop_Board.tab-meta.xml',
    metadata('CustomTab', '<flexiPage>Workshop_Board</flexiPage><label>Board</label><motif>Custom1: Heart</motif>'),
  );
  write('lwc/boardNotice/boardNotice.html', '<template><h1>{heading}</h1><p class="state">{state}</p></template>');
  write(
    'lwc/boardNotice/boardNotice.js',
    `import { LightningElement, api } from 'lwc';
export default class BoardNotice extends LightningElement {
  @api heading;
  @api recordId;
  @api objectApiName;
  get state() { return String(this.recordId) + ' ' + String(this.objectApiName); }
}
`,
  );
  write(
    'lwc/boardNotice/boardNotice.js-meta.xml',
    metadata(
      'LightningComponentBundle',
      '<apiVersion>67.0</apiVersion><isExposed>true</isExposed><masterLabel>Board Notice</masterLabel><targets><target>lightning__AppPage</target></targets><targetConfigs><targetConfig targets="lightning__AppPage"><property name="heading" type="String" /></targetConfig></targetConfigs>',
    ),
  );
  write(
    'permissionsets/Board_Reader.permissionset-meta.xml',
    metadata(
      'PermissionSet',
      '<applicationVisibilities><application>Workshop</application><visible>true</visible></applicationVisibilities><label>Board Reader</label><tabSettings><tab>Workshop_Board</tab><visibility>Visible</visibility></tabSettings>',
    ),
  );
  const app = path.join(directory, APP);
  writeFileSync(app, readFileSync(app, 'utf8').replace('<uiType>', '<tabs>Workshop_Board</tabs><uiType>'));
  return directory;
}

void describe('app pages', () => {
  let directory = '';
  let test: TestOrg;
  let lightning: Lightning;
  let browser: Browser;
  let page: Page;
  let base = '';

  before(async () => {
    directory = projectWithBoard();
    test = openTestOrg(directory);
    lightning = await registerLightning(test.server, { ...test.context, cacheDirectory });
    await test.server.listen({ host: '127.0.0.1', port: 0 });
    base = `http://127.0.0.1:${(test.server.server.address() as AddressInfo).port}`;
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    page = await context.newPage();
    page.setDefaultTimeout(8000);
  });
  after(async () => {
    await browser?.close();
    await lightning?.close();
    await test?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  void it('open by their tab, with the properties of their components and without a record', async () => {
    await page.goto(`${base}/lightning/page/home`);
    await page.getByRole('navigation').getByRole('link', { name: 'Board' }).click();
    await page.getByRole('heading', { name: 'Today in the workshop' }).waitFor();
    assert.match(page.url(), /\/lightning\/n\/Workshop_Board$/);
    assert.equal(await page.title(), 'Board | Local Org');
    assert.equal(await page.locator('c-board-notice .state').textContent(), 'undefined undefined');
    assert.deepEqual(await accessibilityProblems(page), []);
  });

  void it('open by their address', async () => {
    await page.goto(`${base}/lightning/n/Workshop_Board`);
    await page.getByRole('heading', { name: 'Today in the workshop' }).waitFor();
  });

  void it('are there for those alone who may see their tab', async () => {
    const userOf = (alias: string): string => {
      const profile = query("SELECT Id FROM Profile WHERE Name = 'Standard User'");
      return test.insert('User', {
        LastName: alias,
        Username: `${alias}@local.org`,
        Email: `${alias}@local.org`,
        Alias: alias,
        ProfileId: profile,
        TimeZoneSidKey: 'UTC',
        LocaleSidKey: 'en_US',
        LanguageLocaleKey: 'en_US',
        EmailEncodingKey: 'UTF-8',
      });
    };
    const query = (text: string): string =>
      String(
        test.org
          .transaction({ userId: test.org.administratorId }, (transaction) =>
            transaction.query(text, { accessMode: 'system', sharing: 'without' }),
          )
          .records[0]?.values.get('Id'),
      );
    const tabsOf = async (userId: string): Promise<readonly string[]> => {
      const response = await test.server.inject({
        method: 'GET',
        url: '/services/data/v67.0/ui-api/apps',
        headers: { host: 'localhost', authorization: `Bearer ${test.server.sessions.open(userId, userId)}` },
      });
      const { apps } = JSON.parse(response.body) as { apps: { navItems: { developerName: string }[] }[] };
      return apps.flatMap(({ navItems }) => navItems.map(({ developerName }) => developerName));
    };
    const reader = userOf('reader');
    test.insert('PermissionSetAssignment', {
      AssigneeId: reader,
      PermissionSetId: query("SELECT Id FROM PermissionSet WHERE Name = 'Board_Reader'"),
    });
    assert.equal((await tabsOf(reader)).includes('Workshop_Board'), true);
    assert.equal((await tabsOf(userOf('other'))).includes('Workshop_Board'), false);
  });
});
