import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Browser, type Page } from '@playwright/test';
import { afterAll, afterEach, assert, beforeAll, describe, test } from 'vitest';
import { features } from '../../src/bot/features/index.ts';
import { createRegistry } from '../../src/bot/registry.ts';
import { suggestCommands } from '../../playground/page/src/ui/commands.ts';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import { startPageServer, type PageServer } from '../support/page-server.ts';
import { card, cardActivity, formBlocks, hostile, pageWorld, view } from './page-world.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

test('the composer offers every command there is', () => {
  const missing = createRegistry(features)
    .commands.map(({ words }) => words)
    .filter((words) => !suggestCommands(`/lmp ${words[0]}`, '/lmp ').some((one) => one.text === `/lmp ${words}`));
  assert.deepEqual(missing, []);
});

describe.skipIf(noBrowser)('the playground page', () => {
  let server: PageServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startPageServer(), launchBrowser()]);
  });
  afterEach(async () => {
    await page.context().close();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const open = async (
    hash: string,
    world = pageWorld({}),
    options: { width?: number; height?: number; colorScheme?: 'light' | 'dark' } = {},
  ): Promise<void> => {
    server.show(world);
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1280, height: options.height ?? 860 },
      colorScheme: options.colorScheme ?? 'light',
      // A fading modal has other colours than one that stands.
      reducedMotion: 'reduce',
    });
    page = await context.newPage();
    page.setDefaultTimeout(5000);
    await page.goto(`${server.url}/${hash}`);
    await expect(page.getByRole('heading', { name: 'Seatwise playground' })).toBeVisible();
  };
  const lastPost = (path: string): Record<string, unknown> | undefined =>
    server.posted.findLast((one) => one.path === path)?.body;
  const harmed = (): Promise<unknown> => page.evaluate(() => (globalThis as { harmed?: unknown }).harmed);

  const openForm = (errors: Record<string, string> = {}, blocks = formBlocks) => ({
    persona: 'mia',
    modals: { views: [view({ blocks })], errors, busy: false, problem: null },
  });

  test('draws every block, and hostile text as text', async () => {
    await open('#/slack/U0MIA/D0MIA');
    const drawn = page.getByRole('article', { name: 'Message from Seatwise' });
    await expect(drawn.getByRole('heading', { name: hostile })).toBeVisible();
    await expect(drawn.locator('b', { hasText: /^bold$/ })).toBeVisible();
    await expect(drawn.locator('blockquote')).toContainText('quoted @Mia Torres #licences ⚠️ :unknown_one:');
    await expect(drawn.locator('time', { hasText: 'Today at 10:00' })).toBeVisible();
    await expect(drawn.getByText('snake_case_name 2*3*4')).toBeVisible();
    await expect(drawn.getByRole('cell', { name: hostile })).toBeVisible();
    await expect(drawn.getByRole('link', { name: 'a link', exact: true })).toHaveAttribute(
      'href',
      'https://example.com',
    );
    assert.equal(await drawn.getByRole('link', { name: /not a link|bad/ }).count(), 0);
    await expect(drawn.getByText('does not draw hologram blocks')).toBeVisible();
    assert.equal(await drawn.locator('img, script').count(), 0);
    assert.equal(await harmed(), undefined);
  });

  test('a button asks for confirmation, then tells the app where it stands', async () => {
    await open('#/slack/U0MIA/D0MIA');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    assert.equal(lastPost('/api/slack/action'), undefined);
    await page.getByRole('button', { name: 'Yes' }).click();
    await expect
      .poll(() => lastPost('/api/slack/action'))
      .toMatchObject({
        persona: 'mia',
        source: { in: 'message', channel: 'D0MIA', ts: '1.0001' },
        actionId: 'open',
        action: { type: 'button', value: '1' },
      });
  });

  test('a form keeps what was typed, puts errors beneath their fields and the focus on the first', async () => {
    await open('#/slack/U0MIA/D0MIA');
    server.emit('slack.modals', openForm());
    const modal = page.getByRole('dialog', { name: 'Add a customer' });
    await expect(modal.getByLabel('Company')).toBeFocused();
    await modal.getByLabel('Company').fill('Alder & Söhne');
    await modal.getByLabel('Units').fill('0');
    await modal.getByRole('button', { name: 'Save' }).click();
    await expect(modal.getByRole('alert')).toHaveText('Must be 1 or more.');
    assert.equal(lastPost('/api/slack/view/submit'), undefined);

    await modal.getByLabel('Units').fill('25');
    await modal.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => lastPost('/api/slack/view/submit'))
      .toMatchObject({
        viewId: 'V1',
        state: {
          company: { value: { type: 'plain_text_input', value: 'Alder & Söhne' } },
          product: { value: { type: 'external_select', selected_option: null } },
          units: { value: { type: 'number_input', value: '25' } },
          start: { value: { type: 'datepicker', selected_date: '2026-03-09' } },
        },
      });
    server.emit('slack.modals', openForm({ company: 'This name is taken.', product: 'Choose a product.' }));
    await expect(modal.locator('[data-block=company]').getByRole('alert')).toHaveText('This name is taken.');
    await expect(modal.locator('[data-block=product]').getByRole('alert')).toHaveText('Choose a product.');
    await expect(modal.getByLabel('Company')).toBeFocused();
    await expect(modal.getByLabel('Company')).toHaveValue('Alder & Söhne');
  });

  test('a view update keeps typed values where block and action stay', async () => {
    await open('#/slack/U0MIA/D0MIA');
    server.emit('slack.modals', openForm());
    await page.getByLabel('Company').fill('Alder');
    const renamed = formBlocks.map((block) =>
      block['block_id'] === 'units' ? { ...block, block_id: 'units-2' } : block,
    );
    await page.getByLabel('Units').fill('7');
    server.emit('slack.modals', openForm({}, renamed));
    await expect(page.getByLabel('Units')).toHaveValue('');
    await expect(page.getByLabel('Company')).toHaveValue('Alder');
  });

  test('the next step of a form begins in its first field', async () => {
    await open('#/slack/U0MIA/D0MIA');
    server.emit('slack.modals', openForm());
    await page.getByRole('button', { name: 'Save' }).focus();
    server.emit('slack.modals', openForm({}, formBlocks.slice(2)));
    await expect(page.getByLabel('Units')).toBeFocused();
  });

  test('stacked views say how deep they are, and going back finds what was typed', async () => {
    await open('#/slack/U0MIA/D0MIA');
    server.emit('slack.modals', openForm());
    await page.getByLabel('Company').fill('Alder');
    const top = view({ id: 'V2', title: { text: 'Preview' }, previous_view_id: 'V1' });
    server.emit('slack.modals', {
      persona: 'mia',
      modals: { views: [view({ blocks: formBlocks }), top], errors: {}, busy: false, problem: null },
    });
    const preview = page.getByRole('dialog', { name: 'Preview' });
    await expect(preview.getByText('2 of 3')).toBeVisible();
    await preview.getByRole('button', { name: '‹ Add a customer' }).click();
    await expect.poll(() => lastPost('/api/slack/view/close')).toMatchObject({ viewId: 'V2', all: false });
    server.emit('slack.modals', openForm());
    await expect(page.getByLabel('Company')).toHaveValue('Alder');
    await page.keyboard.press('Escape');
    await expect.poll(() => lastPost('/api/slack/view/close')).toMatchObject({ viewId: 'V1' });
  });

  test('live search waits for enough letters, asks once, and sends the chosen option whole', async () => {
    await open('#/slack/U0MIA/D0MIA');
    server.answer({
      '/api/slack/options': ({ value }) => ({
        ok: true,
        options: [
          { text: { type: 'plain_text', text: `Email Security for ${value}` }, value: 'p1' },
          { text: { type: 'plain_text', text: hostile }, value: 'p2' },
        ],
      }),
    });
    server.emit('slack.modals', openForm());
    const product = page.getByRole('combobox', { name: 'Product' });
    await product.click();
    await page.keyboard.type('e');
    await expect(page.getByText('Type at least 2 letters to search')).toBeVisible();
    await page.keyboard.type('mail', { delay: 20 });
    await expect(page.getByRole('option', { name: 'Email Security for email' })).toBeVisible();
    assert.deepEqual(
      server.posted.filter((one) => one.path === '/api/slack/options').map((one) => one.body['value']),
      ['email'],
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(product).toHaveValue(hostile);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => lastPost('/api/slack/view/submit'))
      .toMatchObject({
        state: { product: { value: { selected_option: { value: 'p2', text: { text: hostile } } } } },
      });
    assert.equal(await harmed(), undefined);
  });

  test('a date is chosen by keyboard alone', async () => {
    await open('#/slack/U0MIA/D0MIA');
    server.emit('slack.modals', openForm());
    const date = page.locator('[data-block=start] .date-button');
    await date.focus();
    await page.keyboard.press('Enter');
    for (const key of ['PageDown', 'ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
    await expect(date).toHaveText('April 17, 2026');
    await expect(date).toBeFocused();
    await expect(page.getByRole('dialog', { name: 'Add a customer' })).toBeVisible();
  });

  test('the composer sends commands, completes them, and remembers', async () => {
    await open('#/slack/U0MIA/D0MIA');
    const line = page.getByLabel('Message Seatwise');
    await line.fill('/lmp cust');
    await expect(page.getByRole('option', { name: /customer add/ })).toBeVisible();
    await page.keyboard.press('Tab');
    await expect(line).toHaveValue('/lmp customer add');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => lastPost('/api/slack/command'))
      .toMatchObject({ channel: 'D0MIA', command: '/lmp', text: 'customer add' });
    await page.keyboard.press('ArrowUp');
    await expect(line).toHaveValue('/lmp customer add');
  });

  const question = card(
    [
      { type: 'TextBlock', text: hostile, wrap: true },
      {
        type: 'Input.ChoiceSet',
        id: 'product',
        label: 'Product',
        style: 'filtered',
        choices: [],
        'choices.data': { type: 'Data.Query', dataset: 'products' },
      },
      { type: 'Input.Number', id: 'units', label: 'Units', min: 1 },
    ],
    [{ type: 'Action.Execute', title: 'Approve', verb: 'approve', data: { report: 'r1' } }],
  );

  test('a Teams card searches, executes with values and not titles, and is replaced by the answer', async () => {
    await open('#/teams/29:jonas/bot', pageWorld({ teams: { activities: [cardActivity(question)] } }));
    server.answer({
      '/api/teams/search': () => ({ ok: true, results: [{ title: 'Email Security', value: 'p1' }] }),
    });
    await page.getByRole('combobox', { name: 'Product' }).click();
    await page.keyboard.type('email', { delay: 10 });
    await page.getByRole('option', { name: 'Email Security' }).click();
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await expect
      .poll(() => lastPost('/api/teams/execute'))
      .toEqual({
        persona: 'jonas',
        chat: 'a:jonas',
        activityId: '1',
        verb: 'approve',
        data: { report: 'r1', product: 'p1' },
      });
    assert.equal(server.posted.filter((one) => one.path === '/api/teams/search').length, 1);
    const done = card([{ type: 'TextBlock', text: 'Approved by Jonas' }]);
    server.emit('teams.activity', cardActivity(question, { answers: { jonas: done } }));
    await expect(page.getByText('Approved by Jonas')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Approve', exact: true })).toHaveCount(0);
    assert.equal(await harmed(), undefined);
  });

  test('a Teams dialog submits its inputs, and Escape closes it', async () => {
    const form = card(
      [{ type: 'Input.Text', id: 'company', label: 'Company' }],
      [{ type: 'Action.Submit', title: 'Save', data: { step: '1' } }],
    );
    await open(
      '#/teams/29:jonas/bot',
      pageWorld({
        teams: {
          dialogs: {
            jonas: {
              title: 'Add a customer',
              height: 'medium',
              width: 'medium',
              card: form,
              turn: 1,
              busy: false,
              problem: null,
            },
          },
        },
      }),
    );
    const dialog = page.getByRole('dialog', { name: 'Add a customer' });
    await dialog.getByLabel('Company').fill('Alder');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() => lastPost('/api/teams/dialog/submit'))
      .toMatchObject({ persona: 'jonas', data: { step: '1', company: 'Alder' } });
    await dialog.getByLabel('Company').press('Escape');
    await expect.poll(() => lastPost('/api/teams/dialog/close')).toEqual({ persona: 'jonas' });
  });

  test('a mail can run nothing', async () => {
    const html = `<html><head></head><body>Hello<script>parent.harmed=1</script><img src=x onerror="parent.harmed=1"></body></html>`;
    const mail = {
      id: 'm1',
      at: '2026-03-05T08:00:00Z',
      to: 'mia@northwind.example',
      subject: hostile,
      html,
      text: 'Hello',
    };
    await open('#/mail/mia', pageWorld({ mails: [mail] }));
    await expect(page.frameLocator('iframe').getByText('Hello')).toBeVisible();
    await page.getByRole('tab', { name: 'Text' }).click();
    await expect(page.locator('.mail-text')).toHaveText('Hello');
    assert.equal(await harmed(), undefined);
  });

  test('choosing a person who is only in Teams moves there, and the address says so', async () => {
    await open('#/slack/U0MIA/D0MIA');
    await page.getByRole('button', { name: /Acting as/ }).click();
    await page.getByRole('menuitemradio', { name: /Jonas Weber/ }).click();
    await expect(page.getByRole('region', { name: 'Teams' })).toBeVisible();
    assert.match(page.url(), /#\/teams\/29:jonas\/bot$/);
    await expect(page.getByRole('tab', { name: 'Slack', exact: true })).toBeDisabled();
  });

  test('the page says when the server is away, and comes back by itself', async () => {
    await open('#/slack/U0MIA/D0MIA');
    await page.context().setOffline(true);
    server.drop();
    await expect(page.getByRole('alert').filter({ hasText: 'The playground server is away' })).toBeVisible();
    await page.context().setOffline(false);
    await expect(page.getByRole('alert').filter({ hasText: 'away' })).toHaveCount(0);
  });

  const everywhere: [string, string][] = [
    ['Slack', '#/slack/U0MIA/D0MIA'],
    ['Slack home', '#/slack/U0MIA/home'],
    ['Teams', '#/teams/29:jonas/bot'],
    ['Mail', '#/mail/mia'],
  ];
  const world = pageWorld({ teams: { activities: [cardActivity(question)] } });

  test.each(everywhere)('no sideways scroll at phone width: %s', async (_name, hash) => {
    await open(hash, world, { width: 390, height: 844, colorScheme: 'dark' });
    server.emit('slack.modals', openForm());
    await page.waitForTimeout(100);
    const wider = await page.evaluate(() =>
      [...document.querySelectorAll('body, .pane, .scroll-log, .modal, .top, .teams-card')]
        .filter((one) => one.scrollWidth > one.clientWidth + 1)
        .map((one) => one.className),
    );
    assert.deepEqual(wider, []);
  });

  const accessibilityFaults = (): Promise<string[]> =>
    page.evaluate(async () => {
      interface Violation {
        id: string;
        impact: string;
        nodes: { html: string }[];
      }
      const { axe: tool } = globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } };
      const { violations } = await tool.run();
      return violations
        .filter(({ impact }) => impact === 'critical' || impact === 'serious')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
    });

  test.each(everywhere)(
    'no critical or serious accessibility fault in light, dark and forms: %s',
    async (_name, hash) => {
      await open(hash, world);
      await page.evaluate(axe);
      assert.deepEqual(await accessibilityFaults(), []);
      await page.emulateMedia({ colorScheme: 'dark' });
      assert.deepEqual(await accessibilityFaults(), []);
      if (!hash.startsWith('#/slack')) return;
      server.emit('slack.modals', openForm({ company: 'This name is taken.' }));
      await expect(page.getByRole('dialog')).toBeVisible();
      assert.deepEqual(await accessibilityFaults(), []);
    },
  );
});
