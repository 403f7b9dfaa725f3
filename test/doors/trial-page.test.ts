/** A trial from the partner's chat to a stranger's browser and back. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect as seen, type Browser } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import { startRunningDesk, type RunningDesk } from '../support/running-desk.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where pictures are left, to be looked at by people. */
const pictures = process.env.PICTURES_TO;

describe.skipIf(noBrowser)('a trial’s page', () => {
  let desk: RunningDesk;
  let browser: Browser;
  let link = '';
  beforeAll(async () => {
    desk = await startRunningDesk();
    browser = await launchBrowser();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await desk?.stop();
  });

  test('its link stands on the receipt and on the plan', { timeout: 60_000 }, async () => {
    const leo = desk.slack('leo');
    await leo.command('plan create');
    await leo.seesModal('Create a service plan');
    await leo.choose('Product/Service', 'Worry-Free Services Advanced');
    await leo.fill('Name', 'Try <Advanced>');
    await leo.submit();
    await leo.choose('Version', 'Trial');
    await leo.submit();
    await leo.choose('Data centre', 'Europe');
    await leo.fill('Default units', '15');
    await leo.choose('Trial form', ['Customers sign up by themselves, by a link']);
    await leo.submit();
    await leo.submit();
    const receipt = await leo.sees(['Service plan saved', 'Sign-up page']);
    link = /"url":"(http:[^"]*\/trial\/[^"]*)"/.exec(JSON.stringify(receipt))![1]!;
    await leo.command('plan show Try <Advanced>');
    const shown = await leo.sees(['Trial form', 'Sign-up page']);
    expect(JSON.stringify(shown)).toContain(link);
  });

  test.for([
    ['light', 1280],
    ['dark', 390],
  ] as const)(
    '%s, %i px wide: usable by all, without a script, and nothing sticks out',
    async ([colorScheme, width]) => {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 800 },
        javaScriptEnabled: true,
      });
      const page = await context.newPage();
      const broken: string[] = [];
      page.on('console', (message) => message.type() === 'error' && broken.push(message.text()));
      await page.goto(link);
      await seen(page.getByRole('heading', { level: 1 })).toHaveText('Try Worry-Free Services Advanced for 30 days');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(broken).toEqual([]);
      if (pictures) await page.screenshot({ path: `${pictures}/trial-${colorScheme}.png`, fullPage: true });
      // The page's own policy forbids what the tool needs, so it is asked of a copy.
      const copy = await context.newPage();
      await copy.setContent(await page.content());
      await copy.evaluate(axe);
      const violations = await copy.evaluate(async () => {
        const { axe: tool } = globalThis as unknown as {
          axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        };
        return (await tool.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      });
      expect(violations).toEqual([]);
      await context.close();
    },
  );

  test(
    'somebody signs up, in a browser without scripts, and the partner reads of it',
    { timeout: 60_000 },
    async () => {
      const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 800 } });
      const page = await context.newPage();
      await page.goto(link);
      await page.getByLabel('Company').fill('Zeder "Holz" & Söhne');
      await page.getByLabel('City').fill('Bremen');
      await page.getByLabel('State').fill('HB');
      await page.getByLabel('Country').selectOption('Germany');
      await page.getByLabel('First name').fill('Zoe');
      await page.getByLabel('Last name').fill('Zeder');
      await page.getByLabel('E-mail').fill('zoe at zeder');
      await page.getByRole('button', { name: 'Start the trial' }).click();

      await seen(page.getByRole('alert')).toHaveText('One answer needs another look.');
      await seen(page.locator('#email-error')).toHaveText('This is not an e-mail address.');
      await seen(page.getByLabel('Company')).toHaveValue('Zeder "Holz" & Söhne');
      await seen(page.getByLabel('Account name')).toHaveValue('zeder-holz-sohne');
      if (pictures) await page.screenshot({ path: `${pictures}/trial-errors.png`, fullPage: true });
      await page.getByLabel('E-mail').fill('zoe@zeder.example');
      await page.getByRole('button', { name: 'Start the trial' }).click();
      await seen(page.getByRole('heading', { level: 1 })).toHaveText('Thank you');
      if (pictures) await page.screenshot({ path: `${pictures}/trial-thanks.png`, fullPage: true });
      await context.close();

      const leo = desk.slack('leo');
      await leo.sees(['Trial sign-up: Zeder "Holz" & Söhne', 'zeder-holz-sohne', '15 seats']);
      await leo.click('Show customer', { beside: 'Zeder' });
      await leo.sees(['Try <Advanced>', 'Active']);
      const mails = await desk.service.keptMails();
      const subjects = mails.filter(({ to }) => to === 'zoe@zeder.example').map(({ subject }) => subject);
      expect(subjects.toSorted()).toEqual([
        expect.stringContaining('New licenses'),
        expect.stringContaining('Your account'),
      ]);
    },
  );
});
