import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenForm } from '../../../src/bot/desk.ts';
import { assignFeature } from '../../../src/bot/features/assign.ts';
import type { NoticeAsk } from '../../../src/bot/notice.ts';
import type { Message } from '../../../src/bot/view.ts';
import { License } from '../../../src/core/licenses/license.ts';
import { ServicePlan } from '../../../src/core/plans/service-plan.ts';
import { WaitingCrossgrade } from '../../../src/core/plans/waiting-crossgrade.ts';
import { buttonOf, buttonsOf, deskOn, formOf, hostile, messageOf, textIn } from '../../support/desk-on.ts';
import { drawnMessage, drawnOptions } from '../../support/drawn.ts';
import { scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
const { desk, from, say, home, act, click, submit } = deskOn(() => world);

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  as = scriptOf(world);
});
afterAll(() => world.close());

const pagerOf = ({ blocks }: Message) => blocks.find((block) => block.kind === 'pager');
const fieldsOf = (form: OpenForm): string[] => form.view.fields.map(({ name }) => name);

const settings = {
  dataCentre: 'Europe',
  defaultUnits: '25',
  initialMonths: '12',
  autoRenewal: 'true',
  renewalMonths: '12',
  notifyDays: ['30', '60'],
  graceDays: '30',
  enabled: 'true',
};

describe('creating a plan', () => {
  test('in steps, with the credit conversion before saving', async () => {
    const first = formOf(await say('plan create'));
    expect(first).toMatchObject({ step: 1, steps: 4 });
    const second = formOf(await submit(first, { product: 'WFS-ADV', name: 'Advanced 25' }));
    expect(fieldsOf(second)).toEqual(['version', 'subscriptionType']);
    const third = formOf(await submit(second, { version: 'full', subscriptionType: 'monthly_plan' }));
    expect(fieldsOf(third)).not.toContain('initialDays');
    const preview = formOf(await submit(third, settings));
    expect(preview).toMatchObject({ step: 4, steps: 4, view: { submit: 'Save', fields: [] } });
    expect(textIn(preview.view.intro)).toContain('1.6 × 25 seats = ');
    expect(textIn(preview.view.intro)).toContain('40 credits');
    expect(textIn(preview.view.intro)).toContain('Email Security Standard (mailbox)');
    expect(await world.all(ServicePlan, { name: 'Advanced 25' })).toEqual([]);

    const receipt = messageOf(await submit(preview, {}));
    expect(receipt.title).toBe('Service plan saved');
    expect(textIn(receipt)).toContain('40 credits');
    expect(await world.all(ServicePlan, { name: 'Advanced 25' })).toMatchObject([
      { defaultUnits: 25, settings: { notifyDays: [30, 60], graceDays: 30, dataCentre: 'Europe' } },
    ]);
    const shown = messageOf(await click(buttonOf(receipt, 'Show')));
    expect(shown.title).toBe('Advanced 25');
    expect(fieldsOf(formOf(await click(buttonOf(shown, 'Assign…'))))).toContain('customer');
  });

  test('a trial is asked for days, and never for its renewal', async () => {
    const first = formOf(await say('plan create WFS'));
    expect(first.view.fields[0]).toMatchObject({ value: { value: 'WFS', label: 'Worry-Free Services' } });
    const second = formOf(await submit(first, { product: 'WFS', name: 'Try it' }));
    const third = formOf(await submit(second, { version: 'trial', subscriptionType: 'monthly_plan' }));
    expect(fieldsOf(third)).toContain('initialDays');
    expect(fieldsOf(third)).not.toContain('autoRenewal');
    const typed = { dataCentre: 'Europe', defaultUnits: '5', initialDays: '14', graceDays: '0', enabled: 'true' };
    await submit(formOf(await submit(third, typed)), {});
    expect(await world.all(ServicePlan, { name: 'Try it' })).toMatchObject([
      { version: 'trial', settings: { initialDays: 14, initialMonths: null, autoRenewal: false } },
    ]);
  });

  test('an NFR plan skips the settings', async () => {
    const first = formOf(await say('plan create EMS-STD'));
    const second = formOf(await submit(first, { product: 'EMS-STD', name: 'Mail for us' }));
    const preview = formOf(await submit(second, { version: 'nfr', subscriptionType: 'monthly_plan' }));
    expect(preview).toMatchObject({ step: 3, steps: 3, view: { submit: 'Save' } });
    await submit(preview, {});
    expect(await world.all(ServicePlan, { name: 'Mail for us' })).toMatchObject([{ nfr: true, defaultUnits: 25 }]);
  });

  test('refusals stand beside their field, and what was typed stays', async () => {
    await as.plan('Taken', 'WEB');
    const first = formOf(await say('plan create'));
    const taken = formOf(await submit(first, { product: 'WFS', name: 'tAKEN' }));
    expect(taken).toMatchObject({ step: 1, errors: { name: 'You have a service plan of this name already.' } });
    expect(taken.view.fields.find(({ name }) => name === 'name')).toMatchObject({ value: 'tAKEN' });
    const vision = formOf(await submit(taken, { product: 'V1', name: 'Vision' }));
    expect(vision.errors).toEqual({
      product:
        'Trend Vision One is no longer provisioned here. Go to Customer Overview to provision it for a managed customer.',
    });
    expect(await say('plan create Trend Vision One')).toMatchObject({ kind: 'refused' });
    const second = formOf(await submit(vision, { product: 'WFS', name: hostile }));
    const third = formOf(await submit(second, { version: 'full', subscriptionType: 'annual_license' }));
    const noUnits = formOf(await submit(third, { ...settings, defaultUnits: '0' }));
    expect(Object.keys(noUnits.errors)).toEqual(['defaultUnits']);
    await submit(formOf(await submit(noUnits, settings)), {});
    expect(messageOf(await say(`plan show ${hostile}`)).title).toBe(hostile);
  });

  test('the list pages in place, and the lookup offers what can be assigned', async () => {
    for (let number = 1; number <= 11; number++) await as.plan(`Many ${number}`, 'WEB', { enabled: number !== 1 });
    const list = messageOf(await say('plan list many'));
    expect(list.title).toBe('11 service plans for “many”');
    expect(pagerOf(list)).toMatchObject({ page: 1, pages: 2 });
    const next = await act('plan.list', { search: 'many', page: '2' });
    expect(next.kind).toBe('replace');
    expect(buttonsOf(messageOf(next)).filter(({ label }) => label === 'Show')).toHaveLength(1);
    const offered = drawnOptions(await desk().lookup(from('U0LEO'), 'plan', 'Many 1'));
    expect(offered.map(({ label }) => label).toSorted()).toEqual(['Many 10', 'Many 11']);
    const [chosen] = offered;
    expect(drawnOptions(await desk().lookup(from('U0LEO'), 'plan', chosen!.value))).toEqual([chosen]);
    expect(await say('plan create', 'U0VERA')).toMatchObject({ kind: 'refused' });
    expect(buttonOf(messageOf(await say('plan list', 'U0VERA')), 'Create plan')).toBeUndefined();
  });
});

describe('assigning', () => {
  test('shows what will be issued, issues it, and says so', async () => {
    await as.customer('alder', { company: hostile });
    await as.plan('Suite', 'WFS-ADV');
    const first = formOf(await say('assign alder Suite'));
    expect(first.view.fields).toMatchObject([{ value: { value: 'alder' } }, { value: { label: 'Suite' } }, {}, {}]);
    const { planId } = { planId: (await world.all(ServicePlan, { name: 'Suite' }))[0]!.id };
    const preview = formOf(await submit(first, { customer: 'alder', plan: planId, units: '30' }));
    expect(preview).toMatchObject({ step: 2, view: { submit: 'Assign' } });
    expect(textIn(preview.view.intro)).toContain('30 mailboxes');
    expect(textIn(preview.view.intro)).not.toContain('Amount');
    expect(await world.all(License)).toEqual([]);

    const receipt = messageOf(await submit(preview, {}));
    expect(receipt.title).toBe('Suite assigned');
    expect(textIn(receipt)).toContain('4 Mar 2027');
    expect(await world.all(License)).toHaveLength(3);
    const licenses = messageOf(await click(buttonOf(receipt, 'Licenses')));
    expect(licenses.title).toBe(`3 licenses of ${hostile}`);
    expect(textIn(licenses)).toContain('Active');
    expect(messageOf(await click(buttonOf(licenses, 'Transactions'))).title).toBe('3 transactions');
  });

  test('a duplicate stops beside the plan, says that a crossgrade is needed, and waits on the work list', async () => {
    await as.customer('birch', { company: 'Birch' });
    await as.plan('Single', 'WFS');
    await as.assign('birch', 'Single');
    const planId = (await world.all(ServicePlan, { name: 'Suite' }))[0]!.id;
    const first = formOf(await say('assign birch Suite'));
    const refused = formOf(await submit(first, { customer: 'birch', plan: planId, units: '12' }));
    expect(refused).toMatchObject({
      step: 1,
      errors: {
        plan: 'Birch already has Worry-Free Services. A crossgrade is needed to give Suite: it was kept among the waiting crossgrades.',
      },
    });
    expect(refused.view.fields.find(({ name }) => name === 'units')).toMatchObject({ value: '12' });
    expect(await world.all(WaitingCrossgrade)).toMatchObject([{ units: 12 }]);
    expect(textIn(await home())).toContain('Waiting for a crossgrade');
    expect(textIn(messageOf(await say('dashboard')))).toContain('1 pending crossgrade');
  });

  test('amounts stand in the preview of who sees prices', async () => {
    const ada = scriptOf(world, 'ada@northwind.example');
    await ada.customer('direct');
    await ada.plan('Year', 'WFS', { subscriptionType: 'annual_license' });
    const planId = (await world.all(ServicePlan, { name: 'Year' }))[0]!.id;
    const first = formOf(await say('assign direct Year', 'U0ADA'));
    const preview = formOf(await submit(first, { customer: 'direct', plan: planId, units: '10' }, 'U0ADA'));
    expect(textIn(preview.view.intro)).toContain('295.00 EUR');
    await submit(preview, {}, 'U0ADA');
    expect(textIn(messageOf(await say('transactions', 'U0ADA')))).toContain('295.00 EUR');
    expect(textIn(messageOf(await say('dashboard', 'U0ADA')))).toContain('Tier 2 partners');
  });

  test('unknown names are told before a form opens; a start in the past beside its date', async () => {
    expect(await say('assign nobody Suite')).toMatchObject({ kind: 'refused', text: 'There is no such customer.' });
    await as.customer('cedar');
    expect(await say('assign cedar Nothing')).toMatchObject({
      kind: 'refused',
      text: 'There is no such service plan.',
    });
    const planId = (await world.all(ServicePlan, { name: 'Single' }))[0]!.id;
    const first = formOf(await say('assign cedar', 'U0LISE'));
    const typed = { customer: 'cedar', plan: planId, startsOn: '2026-03-01' };
    expect(formOf(await submit(first, typed, 'U0LISE')).errors).toEqual({
      startsOn: 'The start date is today or later. Only an admin can go up to 30 days back.',
    });
  });
});

describe('lists', () => {
  test('license list asks what is wanted when nothing is named', async () => {
    const form = formOf(await say('license list'));
    const list = messageOf(await submit(form, { customer: 'alder' }));
    expect(list.title).toContain('3 licenses');
    expect(await say('license list nobody')).toMatchObject({ kind: 'refused' });
  });

  test('many licenses page in place', async () => {
    await as.customer('oak');
    for (const sku of ['SPC', 'CE-50', 'CE-70', 'CE-100', 'EMS-ADV', 'CAS', 'ACME-AWARE', 'ACME-BACKUP']) {
      await as.plan(`Oak ${sku}`, sku);
      await as.assign('oak', `Oak ${sku}`);
    }
    const list = messageOf(await say('license list oak'));
    expect(pagerOf(list)).toMatchObject({ page: 1, pages: 2 });
    const next = await act('license.list', { customer: 'oak', page: '2' });
    expect(pagerOf(messageOf(next))).toMatchObject({ page: 2, pages: 2 });
  });

  test('transactions are filtered in a form and paged in place with the filter kept', async () => {
    const all = messageOf(await say('transactions'));
    expect(pagerOf(all)).toBeDefined();
    const form = formOf(await click(buttonOf(all, 'Filter…')));
    const some = messageOf(await submit(form, { customer: 'oak', type: 'New purchase', from: '2026-03-05' }));
    expect(some.title).toBe('12 transactions');
    expect(pagerOf(some)).toMatchObject({ args: { customer: 'oak', type: 'New purchase', from: '2026-03-05' } });
    const again = formOf(await click(buttonOf(some, 'Filter…')));
    const wrong = formOf(await submit(again, { from: '2026-03-05', to: '2026-03-01' }));
    expect(Object.keys(wrong.errors)).toEqual(['to']);
  });
});

test('the mail to the customer tells what was added, with the activation codes of software', async () => {
  await as.customer('mailed', { company: hostile });
  await as.plan('Boxed', 'SP');
  const { assignmentId } = await as.assign('mailed', 'Boxed', { units: 3 });
  const ask = {
    actor: { type: 'system', name: 'test' },
    execute: (useCase: never, input: unknown) => world.execute(useCase, world.system, input),
    now: world.clock.now(),
  } as unknown as NoticeAsk;
  const [notice] = await assignFeature.notices![0]!.compose(ask, { assignmentId });
  expect(notice).toMatchObject({ to: 'customer', key: `license.added:${assignmentId}` });
  if (notice?.to !== 'customer') throw new Error('no mail');
  drawnMessage(notice.message);
  expect(textIn(notice.message)).toContain('Activation codes');
  expect(textIn(notice.message)).toContain('3 devices');
});
