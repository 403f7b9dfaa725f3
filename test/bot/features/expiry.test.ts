import { afterAll, beforeAll, expect, test } from 'vitest';
import { Mail } from '../../../src/core/messages/mail.ts';
import { Outgoing } from '../../../src/core/messages/outgoing.ts';
import type { Jobs } from '../../../src/core/unit-of-work.ts';
import type { Message } from '../../../src/bot/view.ts';
import { deskOn, labelsOf, messageOf, textIn } from '../../support/desk-on.ts';
import { drawnMessage } from '../../support/drawn.ts';
import { renewAllDue, scriptOf, stockCatalog } from '../../support/licensing.ts';
import { noticesOn } from '../../support/notices.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
const { home, press } = deskOn(() => world);
const { tell } = noticesOn(() => world);

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  world.setNow('2026-01-01T09:00:00Z');
  const leo = scriptOf(world);
  await leo.plan('By Hand', 'WFS', { initialMonths: 1, graceDays: 10, autoRenewal: false, notifyDays: [14] });
  await leo.plan('By Itself', 'WFS', { initialMonths: 1 });
  await leo.customer('clinic', { company: 'Harbour <!channel> Clinic' });
  await leo.customer('firm');
  await leo.assign('clinic', 'By Hand', { units: 12 });
  await leo.assign('firm', 'By Itself');
});
afterAll(() => world.close());

/** The minute, and what its notices bring. */
const timePasses = async (on: string): Promise<void> => {
  world.setNow(on);
  await renewAllDue(world);
  for (const { name, data } of world.jobs.splice(0))
    if (name === 'notify' && (data as Jobs['notify']).topic === 'license.expiry') await tell(data as Jobs['notify']);
};

test('nothing stands on the work list while nothing ends', async () => {
  expect(textIn(await home())).not.toContain('Licenses that end');
});

test('an end that comes is on the work list, in the chats of who can renew, and in the mail of the customer', async () => {
  await timePasses('2026-01-20T09:00:00Z');
  const workList = await home();
  expect(textIn(workList)).toContain('Licenses that end (1)');
  expect(textIn(workList)).toContain('Harbour <!channel> Clinic');
  expect(textIn(workList)).toContain(' · Worry-Free Services');
  expect(labelsOf(messageOf(await press(workList, 'Show')))).toContain('Renew…');

  const [mail] = await world.all(Mail, { to: 'anna@clinic.example' });
  expect(mail).toMatchObject({ subject: 'By Hand expires on 31 Jan 2026' });
  expect(mail!.html).toContain('Harbour &lt;!channel&gt; Clinic');
  const posts = await world.all(Outgoing, { platform: 'slack' });
  // Leo is an admin, Lise is of licensing; the others cannot renew.
  expect(posts).toHaveLength(2);
  for (const { message } of posts) {
    drawnMessage(message as Message);
    expect(textIn(message as Message)).toContain('in 12 days: it does not renew by itself');
  }
  await timePasses('2026-01-21T09:00:00Z');
  expect(await world.all(Outgoing, { platform: 'slack' })).toHaveLength(2);
});

test('in grace it stays on the work list; once it is over everybody reads so, once', async () => {
  await timePasses('2026-02-05T09:00:00Z');
  expect(textIn(await home())).toContain('Grace period');
  await timePasses('2026-02-11T09:00:00Z');
  expect(textIn(await home())).not.toContain('Licenses that end');
  const mails = await world.all(Mail, { to: 'anna@clinic.example' });
  expect(mails.map(({ subject }) => subject)).toContain('By Hand has expired');
  expect(mails).toHaveLength(2);
});
