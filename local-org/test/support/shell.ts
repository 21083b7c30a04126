/** The shell on a server of its own, open in a browser, for tests. */
import { mkdtempSync, cpSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { registerLightning } from '../../src/lightning/server/index.ts';
import { launchBrowser } from './browser.ts';
import { cacheDirectory, fixtures, openTestOrg } from './org.ts';
import type { TestOrg } from './org.ts';

export interface TestShell {
  readonly test: TestOrg;
  readonly browser: Browser;
  readonly page: Page;
  /** For example http://127.0.0.1:41234 */
  readonly base: string;
  /** Errors that the page threw or logged since the last call. */
  takeFaults(): readonly string[];
  /** Keeps a picture of the page in the folder that LOCAL_ORG_SCREENSHOTS names; without one, nothing. */
  shot(name: string, of?: Page): Promise<void>;
  close(): Promise<void>;
}

/** Opens a copy of a fixture's project with the shell. */
export async function openTestShell(fixture: string): Promise<TestShell> {
  const directory = mkdtempSync(path.join(tmpdir(), 'shell-'));
  cpSync(path.join(fixtures, fixture), directory, { recursive: true });
  const test = openTestOrg(directory);
  const lightning = await registerLightning(test.server, { ...test.context, cacheDirectory });
  await test.server.listen({ host: '127.0.0.1', port: 0 });
  const browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) faults.push(message.text());
  });
  return {
    test,
    browser,
    page,
    base: `http://127.0.0.1:${(test.server.server.address() as AddressInfo).port}`,
    takeFaults: () => faults.splice(0),
    async shot(name, of = page) {
      const folder = process.env['LOCAL_ORG_SCREENSHOTS'];
      if (folder !== undefined && folder !== '')
        await of.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
    },
    async close() {
      await browser.close();
      await lightning.close();
      await test.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
