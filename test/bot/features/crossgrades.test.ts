import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OpenForm } from '../../../src/bot/desk.ts';
import type { Message } from '../../../src/bot/view.ts';
import { importCatalog } from '../../../src/core/catalog/import-catalog.ts';
import { closeUndos } from '../../../src/core/crossgrades/close-undo.ts';
import { Crossgrade } from '../../../src/core/crossgrades/crossgrade.ts';
import { draftCrossgrade } from '../../../src/core/licenses/assign.ts';
import { dismissWaitingCrossgrade } from '../../../src/core/licenses/dismiss-waiting.ts';
import { License } from '../../../src/core/licenses/license.ts';
import { listLicenses } from '../../../src/core/licenses/list-licenses.ts';
import { Mail } from '../../../src/core/messages/mail.ts';
import { Outgoing } from '../../../src/core/messages/outgoing.ts';
import { ServicePlan } from '../../../src/core/plans/service-plan.ts';
import { buttonsOf, deskOn, formOf, hostile, labelsOf, messageOf, textIn } from '../../support/desk-on.ts';
import { drawn } from '../../support/drawn.ts';
import { scriptOf, stockCatalog } from '../../support/licensing.ts';
import { noticesOn } from '../../support/notices.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
const { desk, from, say, home, act, press, submit } = deskOn(() => world);
const { notify, sent } = noticesOn(() => world);
const start = '2026-03-05T09:00:00Z';

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  as = scriptOf(world);
  // S1 {Worry-Free Services, Email Security Standard, Endpoint Encryption (software)} and S2 without Encryption.
  await as.plan('S1', 'SP');
  await as.plan('S2', 'WFS-ADV', { defaultUnits: 30 });
  await as.plan('Encrypt', 'EE', { dataCentre: undefined });
  await as.plan('S1 Year', 'SP', { subscriptionType: 'annual_license' });
  await as.plan('S2 Year', 'WFS-ADV', { subscriptionType: 'annual_license' });
});
afterAll(() => world.close());
beforeEach(() => {
  world.setNow(start);
  world.jobs.length = 0;
});

const planIdOf = async (name: string): Promise<string> => (await world.all(ServicePlan, { name }))[0]!.id;
const fieldOf = (form: OpenForm, name: string) => form.view.fields.find((field) => field.name === name);
const licensesOf = async (customerId: string) =>
  (await world.all(License, { customerId })).filter(({ removedOn }) => removedOn === null);

const aboutCrossgrades = ({ title }: Message): boolean => title.startsWith('Crossgrade');
const posts = async (userId: string) => (await sent(userId, 'post')).filter(aboutCrossgrades);
const updates = async (userId: string) => (await sent(userId, 'update')).filter(aboutCrossgrades);
const mails = async (to: string): Promise<string[]> =>
  (await world.all(Mail, { to })).toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ subject }) => subject);

/** Through the simulator with what is proposed; Encryption stays. */
const simulate = async (customer: string, plan: string, who = 'U0LEO'): Promise<OpenForm> => {
  const first = formOf(await say(`crossgrade ${customer} ${plan}`, who));
  const typed = { customer, plan: await planIdOf(plan) };
  const second = formOf(await submit(first, typed, who));
  if (second.view.fields.length === 0) return second;
  const proposed = second.view.fields.map((field) => [
    field.name,
    field.kind === 'select' ? field.value! : field.kind === 'toggle' ? 'true' : '',
  ]);
  return formOf(await submit(second, Object.fromEntries(proposed), who));
};
const carriedOut = async (customer: string): Promise<{ customerId: string; receipt: Message }> => {
  const customerId = await as.customer(customer);
  await as.assign(customer, 'S1');
  await notify();
  messageOf(await submit(await simulate(customer, 'S2')));
  await notify();
  return { customerId, receipt: (await posts('U0LEO')).at(-1)! };
};

describe('what waits', () => {
  test('without any, it says what to do; a refused assignment leads straight into the simulator', async () => {
    const empty = messageOf(await say('crossgrade'));
    expect(empty.title).toBe('No crossgrade waits');
    expect(labelsOf(empty)).toEqual(['Begin a crossgrade…']);
    expect(fieldOf(formOf(await press(empty, 'Begin a crossgrade…')), 'customer')).not.toHaveProperty('value');

    await as.customer('birch', { company: hostile });
    await as.assign('birch', 'S1');
    const plan = await planIdOf('S2');
    const assign = formOf(await say('assign birch S2'));
    const refused = formOf(await submit(assign, { customer: 'birch', plan, units: '12' }));
    expect(Object.keys(refused.errors)).toEqual(['plan']);
    expect(refused.wayOn).toEqual({
      label: 'Open the crossgrade',
      form: 'crossgrade',
      context: { customer: 'birch', plan, units: '12' },
    });
    const form = formOf(drawn(await desk().openForm(from('U0LEO'), 'crossgrade', refused.wayOn!.context)));
    expect(form.view.fields).toMatchObject([
      { name: 'customer', value: { value: 'birch' } },
      { name: 'plan', value: { value: plan, label: 'S2' } },
      { name: 'units', value: '12' },
    ]);
    // The same plan again is no crossgrade, and leads nowhere.
    const same = formOf(
      await submit(formOf(await say('assign birch S1')), { customer: 'birch', plan: await planIdOf('S1') }),
    );
    expect(same.wayOn).toBeUndefined();
  });

  test('is listed with a button into the simulator, counted at home and on the dashboard, and pages in place', async () => {
    const list = messageOf(await say('crossgrade'));
    expect(list.title).toBe('1 crossgrade waiting');
    expect(textIn(list)).toContain('12 seats, asked for by Leo Example on 5 Mar 2026');
    expect(fieldOf(formOf(await press(list, 'Crossgrade…')), 'units')).toMatchObject({ value: '12' });
    const workList = await home();
    expect(textIn(workList)).toContain('Waiting for a crossgrade (1)');
    expect(fieldOf(formOf(await press(workList, 'Crossgrade…')), 'units')).toMatchObject({ value: '12' });
    const dashboard = messageOf(await say('dashboard'));
    expect(messageOf(await press(dashboard, '1 pending crossgrade')).title).toBe('1 crossgrade waiting');

    for (let number = 1; number <= 11; number++) {
      await as.customer(`many-${number}`);
      await as.assign(`many-${number}`, 'Encrypt');
      await expect(as.run(draftCrossgrade, { customer: `many-${number}`, plan: 'S1' })).rejects.toThrow();
    }
    const first = messageOf(await say('crossgrade'));
    expect(first.title).toBe('12 crossgrades waiting');
    const pager = first.blocks.find((block) => block.kind === 'pager')!;
    expect(pager).toMatchObject({ page: 1, pages: 2 });
    const second = await act(pager.action, { ...pager.args, page: '2' });
    expect(second.kind).toBe('replace');
    expect(labelsOf(messageOf(second)).filter((label) => label === 'Crossgrade…')).toHaveLength(2);
    const busy = await home();
    expect(messageOf(await press(busy, 'All of them')).title).toBe('12 crossgrades waiting');
  });

  test('one that is not wanted any more is dismissed, and nothing else changes', async () => {
    const list = messageOf(await say('crossgrade'));
    const form = formOf(await press(list, 'Dismiss one…'));
    const [field] = form.view.fields;
    if (field?.kind !== 'select') throw new Error('no choice');
    const unwanted = field.options.find(({ label }) => label.startsWith('Company many-3:'))!;
    const rest = await submit(form, { waiting: unwanted.value });
    expect(rest.kind).toBe('replace');
    expect(messageOf(rest).title).toBe('11 crossgrades waiting');
    expect(textIn(rest)).not.toContain('many-3');
    // Asked for again by somebody who still saw it there.
    const late = formOf(await press(list, 'Dismiss one…'));
    expect(await submit(late, { waiting: unwanted.value })).toMatchObject({ kind: 'open' });
    expect(await as.run(listLicenses, { customer: 'many-3' })).toMatchObject({ total: 1 });
    await expect(as.run(dismissWaitingCrossgrade, { customer: 'many-3', plan: 'S1' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('a draft fills the form that is asked for by name; nothing is offered to who may not', async () => {
    const form = formOf(await say('crossgrade birch'));
    expect(form.view.fields).toMatchObject([
      { value: { value: 'birch' } },
      { value: { label: 'S2' } },
      { value: '12' },
    ]);
    expect(await say('crossgrade nobody S2')).toMatchObject({ kind: 'refused', text: 'There is no such customer.' });
    expect(await say('crossgrade', 'U0VERA')).toMatchObject({ kind: 'refused' });
    expect(await desk().openForm(from('U0VERA'), 'crossgrade', {})).toMatchObject({ kind: 'refused' });
    const seen = messageOf(await act('crossgrade.list', {}, 'U0VERA'));
    expect(labelsOf(seen)).toEqual([]);
    expect(messageOf(await say('crossgrade list', 'U0VERA'))).toEqual(seen);
  });
});

describe('the simulator', () => {
  test('asks only what has to be asked, and the tick names what becomes unbundled', async () => {
    await as.customer('tick');
    await as.assign('tick', 'S1');
    const plan = await planIdOf('S2');
    const first = formOf(await say('crossgrade tick S2'));
    const second = formOf(await submit(first, { customer: 'tick', plan }));
    expect(second).toMatchObject({ step: 2, steps: 3 });
    expect(second.view.fields.map(({ name }) => name)).toEqual(['leftovers.EE', 'unbundled']);
    expect(textIn(fieldOf(second, 'unbundled'))).toContain('Endpoint Encryption');
    const unticked = formOf(await submit(second, { 'leftovers.EE': 'keep' }));
    expect(unticked).toMatchObject({ step: 2, errors: { unbundled: expect.stringContaining('Endpoint Encryption') } });

    // Removed, it needs no tick; the way back keeps what was chosen.
    const removing = formOf(await submit(second, { 'leftovers.EE': 'remove' }));
    expect(removing).toMatchObject({ step: 3, steps: 3, view: { submit: 'Crossgrade' } });
    expect(textIn(removing.view.intro)).toContain('is removed');
    const back = formOf(drawn(await desk().back(from('U0LEO'), removing.draftId, {})));
    expect(back.step).toBe(2);
    expect(fieldOf(back, 'leftovers.EE')).toMatchObject({ value: 'remove' });
    const further = formOf(
      drawn(await desk().back(from('U0LEO'), back.draftId, { 'leftovers.EE': 'keep', unbundled: 'true' })),
    );
    expect(further.step).toBe(1);
    const again = formOf(await submit(further, { customer: 'tick', plan, units: '40' }));
    expect(fieldOf(again, 'unbundled')).toMatchObject({ value: true });

    // Another plan leaves other things over: the tick was not given for them.
    const other = formOf(await submit(further, { customer: 'tick', plan: await planIdOf('Encrypt') }));
    expect(fieldOf(other, 'unbundled')).not.toHaveProperty('value');
    expect(textIn(fieldOf(other, 'unbundled'))).toContain('Worry-Free Services');
  });

  test('shows before and after side by side: units, dates, plan, credits, ledger', async () => {
    await as.customer('sides', { company: hostile });
    await as.assign('sides', 'S1');
    const preview = await simulate('sides', 'S2');
    const compare = preview.view.intro!.find((block) => block.kind === 'compare')!;
    expect(compare.rows.map(({ name, before, after }) => [textIn(name), before, after])).toEqual([
      [expect.stringContaining('moves'), expect.stringContaining('25 seats'), expect.stringContaining('30 seats')],
      [expect.stringContaining('moves'), 'S1\n25 mailboxes\n5 Mar 2026 to 4 Mar 2027', expect.stringContaining('S2')],
      [expect.stringContaining('unbundled'), expect.stringContaining('S1'), expect.stringContaining('Without a plan')],
      [expect.stringContaining('is new'), '—', 'S2\n30 seats\n5 Mar 2026 to 4 Mar 2027'],
    ]);
    const text = textIn(preview.view.intro);
    // A suite has its own rate: 1.9 × 25 before; 1.6 × 30 after, and what is unbundled has none.
    expect(text).toContain('47.5 → 48');
    expect(text).toContain('"New purchase"');
    expect(text).not.toContain('Amount');
    expect(text).not.toContain('EUR');
  });

  test('amounts and net stand there for who sees prices, and no empty column for who does not', async () => {
    const ada = scriptOf(world, 'ada@northwind.example');
    await ada.customer('direct');
    await ada.plan('Suite Year', 'SP', { subscriptionType: 'annual_license' });
    await ada.plan('Advanced Year', 'WFS-ADV', { subscriptionType: 'annual_license', defaultUnits: 30 });
    await ada.assign('direct', 'Suite Year');
    const priced = textIn((await simulate('direct', 'Advanced Year', 'U0ADA')).view.intro);
    expect(priced).toContain('"Credit","−737.50 EUR"');
    expect(priced).toContain('"text":"687.50 EUR"');
    await as.customer('blind');
    await as.assign('blind', 'S1 Year');
    const blind = textIn((await simulate('blind', 'S2 Year')).view.intro);
    expect(blind).not.toContain('EUR');
    expect(blind).not.toContain('Amount');
  });

  test('software moves, or a new license follows the old one on a day of its own', async () => {
    const customerId = await as.customer('software');
    await as.assign('software', 'Encrypt', { units: 10 });
    const plan = await planIdOf('S1');
    const first = formOf(await say('crossgrade software S1'));
    const second = formOf(await submit(first, { customer: 'software', plan }));
    expect(second.view.fields.map(({ name }) => name)).toEqual(['choices.EE.mode', 'choices.EE.startsOn']);
    const late = formOf(await submit(second, { 'choices.EE.mode': 'new', 'choices.EE.startsOn': '2027-03-06' }));
    expect(late.errors).toEqual({ 'choices.EE.startsOn': expect.stringContaining('5 Mar 2027') });
    const moving = formOf(await submit(second, { 'choices.EE.mode': 'transfer', 'choices.EE.startsOn': '2026-04-01' }));
    expect(Object.keys(moving.errors)).toEqual(['choices.EE.startsOn']);
    const preview = formOf(await submit(second, { 'choices.EE.mode': 'new', 'choices.EE.startsOn': '2026-04-01' }));
    expect(textIn(preview.view.intro)).toContain('runs out');
    expect(textIn(preview.view.intro)).toContain('Effective');
    messageOf(await submit(preview));
    const encryption = (await licensesOf(customerId)).filter(({ activationCode }) => activationCode !== null);
    expect(encryption.map(({ startsOn, endsOn }) => `${startsOn} ${endsOn}`).toSorted()).toEqual([
      '2026-03-05 2026-04-01',
      '2026-04-01 2027-04-01',
    ]);
    await notify();
    expect(textIn((await posts('U0LEO')).at(-1))).toContain('Crossgrade done');
  });

  test('what a crossgrade cannot bring stands beside its field', async () => {
    await as.customer('plain');
    const plan = await planIdOf('S2');
    const form = formOf(await say('crossgrade plain S2'));
    const refused = formOf(await submit(form, { customer: 'plain', plan, units: '5' }));
    expect(refused.errors).toEqual({ plan: expect.stringContaining('assign it instead') });
    expect(fieldOf(refused, 'units')).toMatchObject({ value: '5' });
    const none = formOf(await submit(form, { customer: 'plain', plan, units: '0' }));
    expect(Object.keys(none.errors)).toEqual(['units']);
  });
});

test('suites of many products with the longest names stay within the limits of both platforms', async () => {
  const named = (index: number): string => `${'W'.repeat(70)} ${index}`;
  const parts = Array.from({ length: 25 }, (_, index) => `L-${index}`);
  const product = (sku: string, name: string, kind: string, over: object = {}) => ({
    sku,
    name,
    kind,
    versions: ['full'],
    unitTypes: ['seat'],
    usageBasis: 'none',
    ...(kind !== 'software' && { dataCentres: ['Europe'] }),
    ...over,
  });
  await world.execute(importCatalog, world.system, {
    catalog: {
      vendors: [
        {
          name: 'Long',
          products: [
            ...parts.map((sku, index) => product(sku, named(index), index % 2 ? 'software' : 'service')),
            product('L-ALL', 'All', 'suite', { components: parts }),
            product('L-TWO', 'Two', 'suite', { components: parts.slice(0, 2) }),
          ],
        },
      ],
    },
  });
  await as.plan('x'.repeat(80), 'L-ALL');
  await as.plan(`${'y'.repeat(79)}2`, 'L-TWO');
  await as.customer('limits', { company: 'C'.repeat(120) });
  await as.assign('limits', 'x'.repeat(80));
  const preview = await simulate('limits', `${'y'.repeat(79)}2`);
  expect(preview.view.submit).toBe('Crossgrade');
  expect(textIn(preview.view.intro)).toContain('The first 20 of 25.');
  messageOf(await submit(preview));
  await notify();
  const receipt = (await posts('U0LEO')).at(-1)!;
  expect(textIn(receipt)).toContain('And 13 more rows.');
  expect(labelsOf(receipt)).toContain('Undo');
});

describe('a commit', () => {
  test('names what was seen: whatever moved in between brings a fresh preview and nothing typed is lost', async () => {
    const customerId = await as.customer('stale');
    await as.assign('stale', 'S1');
    const preview = await simulate('stale', 'S2');
    await world.sql(`update service_plan set default_units = 35 where name = 'S2'`);
    const fresh = formOf(await submit(preview));
    expect(fresh).toMatchObject({ step: 3, errors: { '': expect.stringContaining('Something changed') } });
    expect(textIn(fresh.view.intro)).toContain('35 seats');
    expect(fresh.draftId).not.toBe(preview.draftId);
    expect(await world.all(Crossgrade, { customerId })).toEqual([]);
    // The older drawing of it can be clicked still: it confirms nothing that was not seen there.
    expect(formOf(await submit(preview)).errors).toHaveProperty('');
    messageOf(await submit(fresh));
    // Twice is once.
    messageOf(await submit(fresh));
    expect(await world.all(Crossgrade, { customerId })).toHaveLength(1);
    expect((await licensesOf(customerId)).map(({ units }) => units).toSorted()).toEqual([25, 35, 35, 35]);
    await world.sql(`update service_plan set default_units = 30 where name = 'S2'`);
  });

  test('where it can be brought no more, the form stands at the plan with the reason', async () => {
    const customerId = await as.customer('gone');
    await as.assign('gone', 'S1');
    const preview = await simulate('gone', 'S2');
    await world.sql(`update service_plan set locked = true where name = 'S2'`);
    const back = formOf(await submit(preview));
    expect(back).toMatchObject({ step: 1, errors: { plan: expect.any(String) } });
    expect(fieldOf(back, 'customer')).toMatchObject({ value: { value: 'gone' } });
    // A dialog that is opened again finds the same.
    expect(formOf(drawn(await desk().resume(from('U0LEO'), preview.draftId)))).toMatchObject({ step: 1 });
    await world.sql(`update service_plan set locked = false where name = 'S2'`);
    expect(await world.all(Crossgrade, { customerId })).toEqual([]);
  });
});

describe('the receipt', () => {
  test('comes by direct message on every platform, says what was done, and takes it back', async () => {
    const { customerId, receipt } = await carriedOut('receipt');
    expect(receipt.title).toBe('Crossgrade done: Company receipt, S2');
    expect(textIn(receipt)).toContain('25 → 30 mailboxes');
    expect(textIn(receipt)).toContain('S1 → S2');
    expect(textIn(receipt)).toContain('It can be undone until 5 Mar 2026, 11:00');
    expect(labelsOf(receipt)).toEqual(['Undo', 'Licenses', 'Transactions']);
    expect(buttonsOf(receipt)[0]).toMatchObject({ decides: true, confirm: { ok: 'Undo' } });
    expect(
      (
        await world.all(Outgoing, {
          kind: 'post',
          tag: `crossgrade:${(await world.all(Crossgrade, { customerId }))[0]!.id}`,
        })
      )
        .map(({ platform }) => platform)
        .toSorted(),
    ).toEqual(['slack', 'teams']);
    // The Slack answer to the form is no message of the bot's own: nothing can be decided on it.
    expect(await mails('anna@receipt.example')).toEqual([
      'New licenses from Brightside',
      'New licenses from Brightside',
    ]);

    world.setNow('2026-03-05T10:00:00Z');
    const undone = await press(receipt, 'Undo');
    expect(undone.kind).toBe('replace');
    expect(labelsOf(messageOf(undone))).toEqual(['Licenses', 'Transactions']);
    expect(textIn(messageOf(undone))).toContain('Leo Example took it back on 5 Mar 2026, 11:00');
    expect((await licensesOf(customerId)).map(({ units }) => units)).toEqual([25, 25, 25]);
    await notify();
    expect(await world.all(Outgoing, { kind: 'update' })).toHaveLength(2);
    expect(labelsOf((await updates('U0LEO')).at(-1)!)).not.toContain('Undo');
    expect((await mails('anna@receipt.example')).at(-1)).toBe('Licenses discontinued by Brightside');

    const twice = await press(receipt, 'Undo');
    expect(textIn(twice)).toContain('took it back');
    expect(labelsOf(messageOf(twice))).not.toContain('Undo');
  });

  test('loses its button when the time is over, within the minute', async () => {
    const { receipt } = await carriedOut('late');
    world.setNow('2026-03-05T10:00:00Z');
    expect(await world.execute(closeUndos, world.system, {})).toEqual({ closed: 0 });
    world.setNow('2026-03-05T10:00:01Z');
    const { closed } = await world.execute(closeUndos, world.system, {});
    expect(closed).toBeGreaterThan(0);
    expect(await world.execute(closeUndos, world.system, {})).toEqual({ closed: 0 });
    await notify();
    const update = (await updates('U0LEO')).at(-1)!;
    expect(labelsOf(update)).toEqual(['Licenses', 'Transactions']);
    expect(textIn(update)).toContain('The time in which it could be undone is over');
    const clicked = await press(receipt, 'Undo');
    expect(clicked.kind).toBe('replace');
    expect(textIn(clicked)).toContain('The time in which it could be undone is over');
  });

  test('loses its button when a later transaction touches one of the licenses', async () => {
    const { customerId, receipt } = await carriedOut('touched');
    await world.execute(closeUndos, world.system, {});
    await notify();
    expect(textIn((await updates('U0LEO')).at(-1))).not.toContain('Company touched');
    // Its own licenses move on.
    messageOf(await submit(await simulate('touched', 'S1')));
    await world.execute(closeUndos, world.system, {});
    await notify();
    const closing = (await updates('U0LEO')).filter((message) => message.title.includes('Company touched'));
    expect(closing).toHaveLength(1);
    expect(textIn(closing[0])).toContain('can be undone no longer');
    const clicked = await press(receipt, 'Undo');
    expect(textIn(clicked)).toContain('can be undone no longer');
    expect(labelsOf(messageOf(clicked))).not.toContain('Undo');
    expect(await licensesOf(customerId)).toHaveLength(4);
  });

  test('is nobody else’s to take back', async () => {
    const { receipt } = await carriedOut('others');
    for (const who of ['U0VERA', 'U0YUKI', 'U0ADA'])
      expect(await press(receipt, 'Undo', who)).toMatchObject({ kind: 'refused' });
    expect(await act('crossgrade.undo', { crossgrade: 'x' })).toMatchObject({
      kind: 'refused',
    });
    expect(messageOf(await press(receipt, 'Undo', 'U0LISE')).title).toContain('Crossgrade undone');
  });

  test('what it removed is discontinued once, and there again after an undo', async () => {
    await as.customer('mailed');
    await as.assign('mailed', 'S1');
    await notify();
    const first = formOf(await say('crossgrade mailed S2'));
    const second = formOf(await submit(first, { customer: 'mailed', plan: await planIdOf('S2') }));
    messageOf(await submit(formOf(await submit(second, { 'leftovers.EE': 'remove' }))));
    const jobs = [...world.jobs];
    await notify();
    world.jobs.push(...jobs);
    await notify();
    expect((await mails('anna@mailed.example')).toSorted()).toEqual([
      'Licenses discontinued by Brightside',
      'New licenses from Brightside',
      'New licenses from Brightside',
    ]);
    const gone = (await world.all(Mail, { to: 'anna@mailed.example' })).find(({ subject }) =>
      subject.includes('discontinued'),
    )!;
    expect(gone.text).toContain('Endpoint Encryption');
    expect(gone.text).toContain('25 devices');
    await press((await posts('U0LEO')).at(-1)!, 'Undo');
    await notify();
    const all = (await world.all(Mail, { to: 'anna@mailed.example' })).map(({ subject }) => subject).toSorted();
    expect(all).toHaveLength(5);
    expect(all.filter((subject) => subject.includes('discontinued'))).toHaveLength(2);
  });
});
