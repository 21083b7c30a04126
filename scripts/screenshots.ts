/** Takes the README's screenshots from a running preview: `node scripts/screenshots.ts`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '../local-org/test/support/browser.ts';
import { startServerProcess } from '../local-org/test/support/serverProcess.ts';

const SHOTS = [
  { name: 'plan-desktop', viewport: { width: 1440, height: 900 }, scale: 1 },
  { name: 'plan-phone', viewport: { width: 390, height: 844 }, scale: 2 },
];
/** A plan with won revenue, pipeline and a gap, so that every bar shows. */
const PLAN = "SELECT Id FROM Key_Account_Plan__c WHERE Active__c = TRUE AND Account__r.Name LIKE 'Castellan%' LIMIT 1";

const root = join(import.meta.dirname, '..');
const images = join(root, 'docs/images');
const data = mkdtempSync(join(tmpdir(), 'keystone-screenshots-'));
const sample = join(data, 'sample');
execFileSync(process.execPath, [join(root, 'scripts/sample-data.ts'), '--directory', sample]);
const server = await startServerProcess({ source: root, data, more: ['--seed', join(sample, 'plan.json')] });
const browser = await launchBrowser();
try {
  const answer = await fetch(`${server.url}/services/data/v67.0/query?q=${encodeURIComponent(PLAN)}`, {
    headers: { authorization: 'Bearer local' },
  });
  const { records } = (await answer.json()) as { records: { Id: string }[] };
  mkdirSync(images, { recursive: true });
  for (const { name, viewport, scale } of SHOTS) {
    const page = await browser.newPage({ viewport, deviceScaleFactor: scale, reducedMotion: 'reduce' });
    await page.goto(`${server.url}/lightning/r/Key_Account_Plan__c/${records[0]?.Id}/view`);
    await page.locator('c-key-account-plan-revenue-chart .chart-row').nth(3).waitFor();
    await page.getByRole('heading', { name: /^Opportunities/ }).waitFor();
    await page.getByText('Goals', { exact: true }).first().waitFor();
    await page.screenshot({ path: join(images, `${name}.png`) });
    await page.close();
  }
} finally {
  await browser.close();
  await server.stop();
  rmSync(data, { recursive: true, force: true });
}
