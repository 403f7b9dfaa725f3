/** A suite whose products change, through both adapters: signed requests in, what a person reads out. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoCustomers } from '../../src/demo/customers.ts';
import { demoBundles } from '../../src/demo/plans.ts';
import { startRunningDesk, within, type RunningDesk } from '../support/running-desk.ts';

let desk: RunningDesk;
beforeAll(async () => {
  desk = await startRunningDesk();
}, 300_000);
afterAll(() => desk?.stop());

/** Who has the bundle; the last of them is suspended. */
const holders = (partner: string) =>
  demoCustomers
    .filter((customer) => customer.partner === partner)
    .filter((_, index) => [2, 5].includes(index % demoBundles.length));
const suite = 'Worry-Free Web Bundle';

test('in Slack: a card tells of it; approved, accepted in bulk but for one, and the one that failed tried again', async () => {
  const leo = desk.slack('leo');
  const all = holders('brightside');
  const [out, suspended] = [all[0]!, all.at(-1)!];
  const card = await leo.sees(
    [`${suite}: its products have changed`, 'Mobile Security', 'Waiting for approval'],
    leo.dm,
  );
  expect(await leo.home()).toContain('Suite changes (1)');
  expect(leo.text(card)).toContain(`${all.length} concerned`);
  expect(leo.text(card)).toContain(`${suspended.company} (${suspended.account})`);
  await leo.command('plan show Web Bundle Annual');
  await leo.sees(['Web Bundle Annual', 'Locked']);

  await leo.click('Approve…', { message: card });
  await leo.seesModal('Approve a suite change');
  expect(leo.modal()?.text).toContain('+ Mobile Security, + Endpoint Encryption, − Cloud App Security');
  await leo.submit();
  await leo.sees([`Approved: ${suite}`, '1 service plan unlocked']);
  await leo.sees([suite, 'Approved', `${all.length} left`], leo.dm);

  await leo.command('suite accept');
  await leo.seesModal('Accept customers');
  await leo.choose('Leave out', [`${out.company} (${out.account})`]);
  await leo.submit();
  await within(() => expect(leo.modal()?.text).toContain(`Left out: ${out.account}`));
  await leo.submit();
  const bar = await leo.sees([`${suite}: customers get the new products`, 'Not accepted', suspended.company], leo.dm);
  expect(leo.text(bar)).toContain(`${all.length - 2} customers were accepted. 2 customers keep the old products`);
  expect(leo.text(bar)).toContain('is suspended: nothing can be assigned until it is resumed');

  await leo.command(`customer resume ${suspended.account}`);
  await within(() => expect(leo.modal()?.text ?? '').toContain(suspended.company));
  await leo.submit();
  await leo.click('Try 1 again', { message: bar });
  await leo.sees([`${suite}: customers get the new products`, '1 customer was accepted. 1 customer keeps'], leo.dm);
  await leo.command(`license list ${suspended.account}`);
  await leo.sees(['Mobile Security', 'Endpoint Encryption', 'Cloud App Security']);

  // The one that was left out, alone, by what it will become.
  await leo.command('suite list');
  const list = await leo.sees(['1 suite change', '1 left']);
  await leo.click('Open', { message: list });
  const opened = await leo.sees(['One by one', `${suite}: its products have changed`]);
  await leo.click('One by one', { message: opened });
  const left = await leo.sees([`${suite}: 1 customer is not accepted`, out.company]);
  await leo.click('Accept…', { message: left });
  await leo.seesModal('Accept one customer');
  await within(() => expect(leo.modal()?.text).toContain('Without a plan, until it expires'));
  expect(leo.modal()?.text).toContain('Moves to the plan');
  await leo.submit();
  await leo.sees([`Accepted: ${out.account}`]);
  await leo.sees([suite, 'Done', 'Everybody has the new products.'], leo.dm);
  expect(await leo.home()).not.toContain('Suite changes (');
}, 300_000);

test('in Teams: the same by a card, a dialog and a card with a bar', async () => {
  const yuki = desk.teams('yuki');
  const all = holders('sakura');
  const card = await yuki.sees([`${suite}: its products have changed`, 'Waiting for approval']);
  await yuki.click('Approve…', { message: card });
  await yuki.seesDialog('Approve a suite change');
  await yuki.click('Approve');
  await yuki.sees([`Approved: ${suite}`]);
  await yuki.say('suite accept');
  const prompt = await yuki.sees('Open the form');
  await yuki.click('Open the form', { message: prompt });
  await yuki.seesDialog('Accept customers');
  await yuki.choose('Leave out (optional)', [`${all[1]!.company} (${all[1]!.account})`]);
  await yuki.click('Next');
  await within(() => expect(yuki.dialog()?.text).toContain(`Left out: ${all[1]!.account}`));
  await yuki.click(`Accept ${all.length - 2}`);
  const bar = await yuki.sees([`${all.length - 2} customers were accepted`, 'Not accepted']);
  expect(yuki.canClick('Try 1 again', { message: bar })).toBe(true);
}, 300_000);
