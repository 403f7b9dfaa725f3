/** From a number to the list behind it, and from a ledger row to the proof, by signed requests on both platforms. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRunningDesk, type RunningDesk } from '../support/running-desk.ts';

let desk: RunningDesk;
beforeAll(async () => {
  desk = await startRunningDesk();
}, 300_000);
afterAll(() => desk?.stop());

/** Labels of the dashboard that begin with a number, each with the number. */
const figuresIn = (text: string, what: RegExp): { label: string; count: string } => {
  const [label = '', count = ''] = what.exec(text) ?? [];
  expect(label, text).not.toBe('');
  return { label, count };
};

describe('the dashboard', () => {
  test('opens lists from its numbers in Slack', async () => {
    const leo = desk.slack('leo');
    await leo.command('dashboard');
    const dashboard = JSON.stringify(await leo.sees(['Dashboard, ']));
    for (const what of [/(\d[\d,]*) enabled customers/, /(\d[\d,]*) open licenses/]) {
      const { label } = figuresIn(dashboard, what);
      await leo.click(label);
      const list = await leo.sees([label]);
      expect(leo.text(list)).toContain(label);
    }
    const { label } = figuresIn(dashboard, /Active: (\d[\d,]*)/);
    await leo.click(label);
    await leo.sees([`${label.slice(8)} licenses, Active`]);
  });

  test('opens lists from its numbers in Teams', async () => {
    const yuki = desk.teams('yuki');
    await yuki.say('dashboard');
    const dashboard = JSON.stringify(await yuki.sees(['Dashboard, ']));
    const { label } = figuresIn(dashboard, /(\d[\d,]*) enabled customers/);
    await yuki.click(label);
    await yuki.sees([label, 'Show']);
    const credits = figuresIn(dashboard, /(\d[\d,.]*) credits/);
    await yuki.click(credits.label);
    await yuki.sees([`${credits.label} in all`]);
  });
});

describe('the history of a license', () => {
  test('proves its units in Slack', async () => {
    const leo = desk.slack('leo');
    await leo.command('transactions jager-logistik');
    await leo.sees(['transaction', 'jager-logistik']);
    await leo.click('History');
    await leo.sees(['History of', 'add up: Σ = ']);
    await leo.click('Details');
    await leo.sees(['Effective', 'Written']);
  });

  test('proves its units in Teams', async () => {
    const yuki = desk.teams('yuki');
    await yuki.say('transactions');
    await yuki.sees(['transactions', 'New purchase']);
    await yuki.click('History');
    await yuki.sees(['History of', 'add up: Σ = ']);
  });
});
