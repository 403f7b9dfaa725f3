/**
 * The pictures of the README, taken from the running playground: `npm run screenshots` starts one on a fresh demo
 * world, does what the pictures show, and writes `docs/pictures`.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { launchBrowser } from '../test/support/browser.ts';
import { openDesk } from '../test/support/open-desk.ts';
import { buildPageWhenStale } from './page-files.ts';

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
mkdirSync(folder, { recursive: true });
const dataDir = mkdtempSync(join(tmpdir(), 'seatwise-pictures-'));

await buildPageWhenStale();
const desk = await openDesk(dataDir, { LOG_LEVEL: 'warn' });
const browser = await launchBrowser();

interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** Opens a place as a person sees it, does something there, and takes the picture. */
const picture = async (
  name: string,
  place: string,
  { width = 1280, height = 860, dark = false }: Look,
  act: (page: Page) => Promise<void> = async () => {},
): Promise<void> => {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light' });
  await page.goto(`http://localhost:${desk.playground.port}/${place}`);
  await page.waitForTimeout(1500);
  await act(page);
  await page.waitForTimeout(700);
  await page.screenshot({ path: `${folder}${name}.png` });
  await page.close();
  console.log(`docs/pictures/${name}.png`);
};

const say = async (page: Page, words: string): Promise<void> => {
  const composer = page.getByPlaceholder(/^(Message|Type a message)/);
  await composer.fill(words);
  await composer.press('Enter');
  await page.waitForTimeout(1500);
};

try {
  // The cards of the reports that wait leave in the first seconds.
  await new Promise((done) => setTimeout(done, 6000));
  await picture('approver-slack', '#/slack/U0MIA/bot', {});
  await picture('approver-teams-dark', '#/teams/29:jonas/bot', { dark: true });
  await picture('partner-home', '#/slack/U0LEO/home', {});
  await picture('partner-form', '#/slack/U0LEO/bot', {}, async (page) => {
    await say(page, '/lmp license list jager-logistik');
    await say(page, '/lmp assign jager-logistik Web Monthly');
    const modal = page.getByRole('dialog');
    await modal.getByRole('button', { name: 'Next', exact: true }).click();
    await modal.getByRole('button', { name: 'Assign', exact: true }).waitFor();
  });
  await picture('crossgrade', '#/slack/U0LEO/bot', { height: 940 }, async (page) => {
    const modal = page.getByRole('dialog');
    // The form of the picture before still stands: modals outlive a page, as in Slack.
    await modal.getByRole('button', { name: 'Cancel', exact: true }).click();
    await modal.waitFor({ state: 'hidden' });
    await say(page, '/lmp crossgrade birke-logistik Advanced Monthly');
    await modal.getByRole('button', { name: 'Next', exact: true }).click();
    await modal.getByRole('button', { name: 'Crossgrade', exact: true }).waitFor();
  });
  await picture('suite-accept', '#/teams/29:yuki/bot', { height: 940, dark: true }, async (page) => {
    const dialog = page.getByRole('dialog');
    await say(page, 'suite list');
    await page.getByRole('button', { name: 'Open' }).last().click();
    await page
      .locator('button', { hasText: /^Approve…$/ })
      .last()
      .click();
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await page
      .locator('button', { hasText: /^Accept customers…$/ })
      .last()
      .click();
    await dialog.getByText('Kaze Clinic').click();
    await dialog.getByRole('button', { name: 'Next', exact: true }).click();
    await dialog
      .locator('button', { hasText: /^Accept/ })
      .last()
      .click();
    await page.getByText(/customers were accepted/).waitFor({ timeout: 30_000 });
    // The notice of the post would stand before it.
    const dismiss = page.getByRole('button', { name: 'Dismiss' });
    for (let left = await dismiss.count(); left > 0; left--) await dismiss.first().click();
    await page
      .getByText(/Try 1 again/)
      .last()
      .scrollIntoViewIfNeeded();
  });
  await picture('digest', '#/slack/U0LEO/C0LICENCES', { height: 1000 }, async (page) => {
    const modal = page.getByRole('dialog');
    // The form of the picture before still stands: modals outlive a page, as in Slack.
    await modal.getByRole('button', { name: 'Cancel', exact: true }).click();
    await modal.waitFor({ state: 'hidden' });
    await say(page, '/lmp digest add');
    await modal.getByRole('button', { name: 'Next', exact: true }).click();
    await page.waitForTimeout(1000);
    await modal.locator('button[type=submit]').click();
    await page.waitForTimeout(1000);
    await page.getByRole('button', { name: 'Mon 09:00' }).click();
    await page.getByText(/seatwise-customers-/).waitFor({ timeout: 20_000 });
    await page.waitForTimeout(1500);
  });
  await picture('phone-dark', '#/slack/U0MIA/bot', { width: 390, height: 844, dark: true });
} finally {
  await browser.close();
  await desk.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(0);
