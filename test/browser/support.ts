/** A preview of the package with sample data, and a browser that looks at it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { accessibilityProblems, launchBrowser } from '../../local-org/test/support/browser.ts';
import { startServerProcess } from '../../local-org/test/support/serverProcess.ts';

const ROOT = join(import.meta.dirname, '../..');

export const PLAN = 'Key_Account_Plan__c';
export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export interface Preview {
  query<T>(soql: string): Promise<T[]>;
  /** Creates a record and gives its Id. */
  create(object: string, fields: Record<string, unknown>): Promise<string>;
  update(object: string, id: string, fields: Record<string, unknown>): Promise<void>;
  remove(object: string, id: string): Promise<void>;
  /** Opens a path in a page of its own context; close the context when done. */
  openPage(path: string, viewport: { width: number; height: number }): Promise<Page>;
  stop(): Promise<void>;
}

/** Starts the preview with the sample data of today. */
export async function startPreview(): Promise<Preview> {
  const data = mkdtempSync(join(tmpdir(), 'keystone-browser-'));
  execFileSync(process.execPath, [join(ROOT, 'scripts/sample-data.ts'), '--directory', join(data, 'sample')]);
  const server = await startServerProcess({ source: ROOT, data, more: ['--seed', join(data, 'sample/plan.json')] });
  const browser = await launchBrowser();

  async function send<T>(method: string, path: string, body?: Record<string, unknown>): Promise<T> {
    const response = await fetch(`${server.url}/services/data/v67.0/${path}`, {
      method,
      headers: { authorization: 'Bearer local', 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${answer}`);
    return (answer === '' ? undefined : JSON.parse(answer)) as T;
  }

  return {
    query: async <T>(soql: string) =>
      (await send<{ records: T[] }>('GET', `query?q=${encodeURIComponent(soql)}`)).records,
    create: async (object, fields) => (await send<{ id: string }>('POST', `sobjects/${object}`, fields)).id,
    update: (object, id, fields) => send('PATCH', `sobjects/${object}/${id}`, fields),
    remove: (object, id) => send('DELETE', `sobjects/${object}/${id}`),
    async openPage(path, viewport) {
      const context = await browser.newContext({ viewport, reducedMotion: 'reduce', locale: 'en-US' });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      await page.goto(`${server.url}${path}`);
      return page;
    },
    async stop() {
      await browser.close();
      await server.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Repeats a check until it holds; after five seconds its failure is thrown. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/** An amount as the components write it: cents only where there are any. */
export function dollars(amount: number, signDisplay: 'auto' | 'exceptZero' = 'auto'): string {
  return amount.toLocaleString('en-US', {
    style: 'currency',
    currency: 'USD',
    signDisplay,
    minimumFractionDigits: Number.isInteger(amount) ? 0 : 2,
  });
}

/** WCAG 2.1 A and AA. 2.2's target size is left out: the base components' own date picker button misses it. */
export async function assertAccessible(page: Page): Promise<void> {
  assert.deepEqual(await accessibilityProblems(page), []);
}

/** Nothing sticks out at the side of a page. */
export async function assertFits(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(overflow, 0, 'nothing sticks out at the side');
}
