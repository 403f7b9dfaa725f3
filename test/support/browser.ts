/** The browser of the page tests: the machine's own Chromium, found rather than downloaded. */
import { existsSync } from 'node:fs';
import { chromium, type Browser } from '@playwright/test';

const candidates = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const executablePath = candidates.find((path) => path !== undefined && path !== '' && existsSync(path));

const missing = 'NO BROWSER: the page tests were not run. Install chromium, or set CHROMIUM=/path/to/it.';

if (executablePath === undefined) {
  if (process.env.CI) throw new Error(missing);
  console.error(`\n${'!'.repeat(80)}\n!! ${missing}\n${'!'.repeat(80)}\n`);
}

/** For `describe.skipIf`: true where there is no browser. With `CI` set a missing one is an error instead. */
export const noBrowser = executablePath === undefined;

/** Starts the browser headless; the caller closes it. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    // Root, as in containers, cannot use the sandbox; the pages are our own.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
