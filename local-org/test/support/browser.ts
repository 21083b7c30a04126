/** A browser for tests: the machine's own Chromium or Chrome, else the one in npm's @sparticuz/chromium. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
  'C:/Program Files (x86)/Google/Chrome/Application/chrome.exe',
  'C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe',
];

const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** Path of a browser; unpacks the npm one when the machine has none. LOCAL_ORG_BROWSER names another. */
export async function browserPath(): Promise<string> {
  const named = process.env['LOCAL_ORG_BROWSER'];
  if (named !== undefined && named !== '') return named;
  const own = installed.find((file) => existsSync(file));
  if (own !== undefined) return own;
  // The package unpacks the shared libraries that Chromium needs only where it believes itself in AWS Lambda.
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs22.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  return packaged.executablePath();
}

/** Starts a browser without a window. Close it when done. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await browserPath(), args: flags });
}

/** Version line of a browser, for messages. */
export function browserVersion(file: string): string {
  return execFileSync(file, ['--version'], { encoding: 'utf8' }).trim();
}
