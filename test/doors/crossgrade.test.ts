/** A crossgrade through both adapters: signed requests in, what a person reads out. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoCustomers } from '../../src/demo/customers.ts';
import { demoBundles } from '../../src/demo/plans.ts';
import { startRunningDesk, within, type RunningDesk } from '../support/running-desk.ts';

let desk: RunningDesk;
beforeAll(async () => {
  desk = await startRunningDesk();
}, 300_000);
afterAll(() => desk?.stop());

/** Somebody with Worry-Free Services and Email Security Standard, each by a plan of its own. */
const holderOf = (partner: string) =>
  demoCustomers.filter((customer, index) => customer.partner === partner && index % demoBundles.length === 1)[0]!;
const turn = (instant: string) => desk.playground.desk.turnClock({ by: 'instant', instant });

test('in Slack: from the work list into the simulator; midnight passes, and only what was seen is done', async () => {
  const leo = desk.slack('leo');
  const { account, company } = holderOf('brightside');
  expect(await leo.home()).toContain('Waiting for a crossgrade (1)');
  await leo.command('crossgrade');
  const list = await leo.sees(['1 crossgrade waiting', company, 'Advanced Monthly']);
  await leo.click('Crossgrade…', { message: list });
  await leo.seesModal('Crossgrade');
  expect(leo.modal()?.text).toContain(company);
  await leo.submit();
  const preview = await within(() => {
    expect(leo.modal()?.text).toContain('Step 2 of 2');
    return leo.modal()!.text;
  });
  for (const words of ['Before', 'After', 'Cloud App Security is new', 'Vision One credits', 'Advanced Monthly'])
    expect(preview).toContain(words);
  // Back, and forward again, with everything that stood there.
  await leo.click('‹ Back');
  await within(() => expect(leo.modal()?.text).toContain('Step 1 of 2'));
  expect(leo.modal()?.text).toContain('30');
  await leo.submit();
  await within(() => expect(leo.modal()?.text).toContain('Step 2 of 2'));

  await turn('2026-03-06T08:00:00Z');
  await leo.submit();
  await within(() => expect(leo.modal()?.text).toContain('Something changed since the preview'));
  expect(leo.modal()?.text).toContain('6 Mar 2026 to');
  await leo.submit();
  const receipt = await leo.sees(['Crossgrade done', company, 'It can be undone until 6 Mar 2026, 10:00'], leo.dm);
  expect(leo.text(await leo.sees(['Crossgrade done: Advanced Monthly']))).not.toContain('Undo');
  expect(await leo.home()).not.toContain('Waiting for a crossgrade');

  await leo.click('Undo', { message: receipt });
  await leo.sees(['Crossgrade undone', company], leo.dm);
  await within(() => expect(leo.canClick('Undo', { message: receipt })).toBe(false));
  expect(await leo.home()).toContain('Waiting for a crossgrade (1)');

  // The refused assignment makes way for the simulator, in the same place.
  await leo.command(`assign ${account} Advanced Monthly`);
  await leo.seesModal('Assign a plan');
  await leo.submit();
  await within(() => expect(leo.modal()?.text).toContain('A crossgrade is needed'));
  await leo.click('Open the crossgrade');
  await leo.seesModal('Crossgrade');
  expect(leo.modal()).toMatchObject({ depth: 1, text: expect.stringContaining(company) });
  await leo.dismiss();
}, 60_000);

test('in Teams: a refused assignment leads into the simulator; the button goes when its time is over', async () => {
  const yuki = desk.teams('yuki');
  const { account, company } = holderOf('sakura');
  await yuki.say(`assign ${account} Advanced Monthly`);
  const prompt = await yuki.sees('Open the form');
  await yuki.click('Open the form', { message: prompt });
  await yuki.seesDialog('Assign a plan');
  await yuki.click('Next');
  await within(() => expect(yuki.dialog()?.text).toContain('A crossgrade is needed'));
  await yuki.click('Open the crossgrade');
  await yuki.seesDialog('Crossgrade');
  await yuki.click('Next');
  await within(() => expect(yuki.dialog()?.text).toContain('Cloud App Security is new'));
  await yuki.click('Back');
  await within(() => expect(yuki.dialog()?.text).toContain('Step 1 of 2'));
  await yuki.fill('Units (optional)', '77');
  await yuki.click('Next');
  await within(() => expect(yuki.dialog()?.text).toContain('77 mailboxes'));
  await turn('2026-03-07T08:00:00Z');
  await yuki.click('Crossgrade');
  await within(() => expect(yuki.dialog()?.text).toContain('Something changed since the preview'));
  expect(yuki.dialog()?.text).toContain('77 mailboxes');
  await yuki.click('Crossgrade');
  const receipt = await yuki.sees(['Crossgrade done', company, 'It can be undone until']);
  expect(yuki.canClick('Undo', { message: receipt })).toBe(true);
  await turn('2026-03-07T09:30:00Z');
  await yuki.sees(['Crossgrade done', company, 'The time in which it could be undone is over']);
  await within(() => expect(yuki.canClick('Undo', { message: receipt })).toBe(false));
  await yuki.say(`license list ${account}`);
  await yuki.sees(['Cloud App Security', '77 seats']);
}, 60_000);
