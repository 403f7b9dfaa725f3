/** A licence's life through both adapters: signed requests in, what a person reads out. One story, told in order. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRunningDesk, within, type RunningDesk } from '../support/running-desk.ts';

let desk: RunningDesk;
beforeAll(async () => {
  desk = await startRunningDesk();
}, 300_000);
afterAll(() => desk?.stop());

test('in Slack units go below what is used only by a tick that names it', async () => {
  const leo = desk.slack('leo');
  await leo.command('license list jager-logistik');
  await leo.sees(['licenses of Jäger Logistik', '61 seats']);
  await leo.click('Show', { beside: 'Worry-Free Services' });
  await leo.sees(['Worry-Free Services of Jäger Logistik', 'Advanced Monthly']);
  await leo.click('Change units…');
  await leo.seesModal('Change units');
  await leo.fill('Units', '3');
  await leo.submit();
  await within(() => expect(leo.modal()?.text).toContain('was used with 61 units in the last 7 days'));
  await leo.choose('Fewer than are used', 'Yes, 3 although 61 are used');
  await leo.submit();
  const receipt = await leo.sees(['Units changed (3 licenses)', 'Email Security Standard', '3 mailboxes']);
  expect(leo.text(receipt)).toContain('61 mailboxes');
  await leo.click('Show license');
  await leo.sees(['Worry-Free Services of Jäger Logistik', '3 seats']);
});

test('in Teams a whole plan is suspended, and one license of it is removed', async () => {
  const yuki = desk.teams('yuki');
  await yuki.say('license list aoba-trading');
  await yuki.sees(['3 licenses of Aoba Trading']);
  await yuki.click('Show', { beside: 'Worry-Free Services' });
  await yuki.sees(['Worry-Free Services of Aoba Trading', 'Data centre']);
  await yuki.click('Suspend…');
  await within(() => expect(yuki.dialog()?.title).toBe('Suspend a license'));
  await yuki.choose('Licenses', 'All 3 of Advanced Monthly');
  await yuki.click('Suspend');
  await yuki.sees(['License suspended (3 licenses)']);

  await yuki.click('Show license');
  await yuki.sees(['Suspended until somebody resumes it']);
  await yuki.click('Remove…');
  await within(() => expect(yuki.dialog()?.text).toContain('One license of the plan can go, or all of them.'));
  await yuki.click('Next');
  await within(() => expect(yuki.dialog()?.text).toContain('stay: Cloud App Security, Email Security Standard'));
  await yuki.click('Remove');
  await within(() => expect(yuki.dialog()?.text).toContain('Tick this to confirm'));
  await yuki.toggle('Yes, remove this license', true);
  await yuki.click('Remove');
  await yuki.sees(['License removed: Worry-Free Services of Aoba Trading']);
  await within(async () => {
    const mails = await desk.service.keptMails();
    expect(mails.find(({ text }) => text.includes('Worry-Free Services') && text.includes('8 seats'))).toBeDefined();
  });
});

test('who may only look is offered nothing that changes a license', async () => {
  const vera = desk.teams('vera');
  await vera.say('license list jager-logistik');
  await vera.sees(['licenses of Jäger Logistik']);
  await vera.click('Show', { beside: 'Worry-Free Services' });
  const card = await vera.sees(['Worry-Free Services of Jäger Logistik', '3 seats']);
  for (const label of ['Change units…', 'Renew…', 'Suspend…', 'Remove…'])
    expect(vera.canClick(label, { message: card })).toBe(false);
  await vera.say('license remove jager-logistik');
  await vera.sees(['You do not have the right']);
});
