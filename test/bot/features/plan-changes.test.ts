import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { License } from '../../../src/core/licenses/license.ts';
import { createPlan } from '../../../src/core/plans/create-plan.ts';
import { editPlan } from '../../../src/core/plans/edit-plan.ts';
import { ServicePlan } from '../../../src/core/plans/service-plan.ts';
import {
  buttonOf,
  comparedIn,
  deskOn,
  formOf,
  hostile,
  labelsOf,
  messageOf,
  shownIn,
  textIn,
} from '../../support/desk-on.ts';
import { drawn } from '../../support/drawn.ts';
import { scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
const { desk, from, say, click, submit } = deskOn(() => world);

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  as = scriptOf(world);
});
afterAll(() => world.close());

const rowOf = (name: string) => world.stored(ServicePlan, { name });

describe('editing a plan that nobody was given', () => {
  test('every field shows what is stored, and everything may change', async () => {
    await as.plan('Fresh', 'WFS', {
      remoteManager: true,
      activation: 'on_first_sign_in',
      dataCentre: 'Japan',
      initialMonths: 6,
      renewalMonths: 3,
      autoRenewal: false,
      notifyDays: [7, 60],
      graceDays: 5,
      enabled: false,
    });
    const card = messageOf(await say('plan show fresh'));
    expect(labelsOf(card)).toEqual(['Edit…']);
    expect(textIn(card)).toContain('Managed by Remote Manager');
    const first = formOf(await click(buttonOf(card, 'Edit…')));
    expect(first).toMatchObject({ step: 1, steps: 4, view: { title: 'Edit a service plan' } });
    expect(shownIn(first)).toEqual({ product: 'WFS', name: 'Fresh' });
    const second = formOf(await submit(first, shownIn(first)));
    expect(shownIn(second)).toEqual({ version: 'full', subscriptionType: 'monthly_plan' });
    const third = formOf(await submit(second, shownIn(second)));
    expect(shownIn(third)).toEqual({
      dataCentre: 'Japan',
      activation: 'true',
      remoteManager: 'true',
      defaultUnits: '25',
      initialMonths: '6',
      autoRenewal: 'false',
      renewalMonths: '3',
      notifyDays: ['7', '60'],
      graceDays: '5',
      enabled: 'false',
    });
    const same = formOf(await submit(third, shownIn(third)));
    expect(textIn(same.view.intro)).toContain('Nothing is changed yet');
    const back = formOf(drawn(await desk().back(from('U0LEO'), same.draftId, {})));
    expect(shownIn(back)).toEqual(shownIn(third));

    // Somebody else changes another setting in the meantime.
    await as.run(editPlan, { plan: 'Fresh', dataCentre: 'Europe' });
    const typed = { ...shownIn(back), graceDays: '0', renewalMonths: '', notifyDays: [], remoteManager: 'false' };
    const preview = formOf(await submit(back, { ...typed, activation: 'false', enabled: 'true' }));
    expect(preview).toMatchObject({ step: 4, view: { submit: 'Save', fields: [] } });
    expect(await rowOf('Fresh')).toMatchObject({ enabled: false });
    const receipt = messageOf(await submit(preview, {}));
    expect(receipt.title).toBe('Service plan changed');
    expect(comparedIn(receipt)).toEqual([
      ['Auto-renewal', 'No; by hand for 3 months', 'No; by hand for 6 months'],
      ['Expiration notification', '7, 60 days before', 'None'],
      ['Grace period', '5 days', '0 days'],
      ['Activation', 'On first sign-in', 'Immediately'],
      ['Managed by Remote Manager', 'Yes', 'No'],
      ['Status', 'Disabled', 'Enabled'],
    ]);
    expect(labelsOf(receipt)).toEqual(['Assign…', 'Show']);
    expect(await rowOf('Fresh')).toMatchObject({
      enabled: true,
      settings: { dataCentre: 'Europe', renewalMonths: 6, notifyDays: [], graceDays: 0, remoteManager: false },
    });
  });

  test('of another version the settings begin anew, and the product may be another', async () => {
    await as.plan('Turned', 'WFS', { initialMonths: 6, graceDays: 5, notifyDays: [60] });
    const first = formOf(await say('plan edit turned'));
    const second = formOf(await submit(first, { product: 'MOB', name: 'Turned over' }));
    const third = formOf(await submit(second, { version: 'trial', subscriptionType: 'annual_license' }));
    expect(shownIn(third)).toMatchObject({
      initialDays: '30',
      graceDays: '0',
      notifyDays: ['7'],
      dataCentre: 'Europe',
    });
    expect(Object.keys(shownIn(third))).not.toContain('remoteManager');
    const preview = formOf(await submit(third, { ...shownIn(third), initialDays: '14' }));
    expect(textIn(preview.view.intro)).toContain('Mobile Security (MOB)');
    await submit(preview, {});
    expect(await rowOf('Turned over')).toMatchObject({
      version: 'trial',
      subscriptionType: 'annual_license',
      unitType: 'device',
      settings: { initialDays: 14, initialMonths: null, autoRenewal: false, graceDays: 0, notifyDays: [7] },
    });
  });

  test('it becomes an NFR plan without a question more', async () => {
    await as.plan('For us soon', 'EMS-STD');
    const first = formOf(await say('plan edit For us soon'));
    const second = formOf(await submit(first, shownIn(first)));
    const preview = formOf(await submit(second, { version: 'nfr', subscriptionType: 'monthly_plan' }));
    expect(preview).toMatchObject({ step: 3, steps: 3 });
    await submit(preview, {});
    expect(await rowOf('For us soon')).toMatchObject({ nfr: true });
  });

  test('a trial of some months is shown in months, an annual plan in years', async () => {
    await as.plan('Long trial', 'WFS', { version: 'trial', initialMonths: 2 });
    const trial = formOf(await say('plan edit Long trial'));
    const settings = formOf(
      await submit(formOf(await submit(trial, shownIn(trial))), { version: 'trial', subscriptionType: 'monthly_plan' }),
    );
    expect(shownIn(settings)).toMatchObject({ initialMonths: '2' });
    expect(Object.keys(shownIn(settings))).not.toContain('initialDays');
    await submit(formOf(await submit(settings, { ...shownIn(settings), initialMonths: '3' })), {});
    expect(await rowOf('Long trial')).toMatchObject({ settings: { initialMonths: 3, initialDays: null } });

    await as.plan('Years', 'WFS', { subscriptionType: 'annual_license', initialMonths: 24, renewalMonths: 36 });
    const years = formOf(await say('plan edit Years'));
    const annual = formOf(
      await submit(formOf(await submit(years, shownIn(years))), {
        version: 'full',
        subscriptionType: 'annual_license',
      }),
    );
    expect(shownIn(annual)).toMatchObject({ initialMonths: '24', renewalMonths: '36' });
  });

  test('refusals stand beside their field, and what was typed stays', async () => {
    await as.plan('Taken name', 'WEB');
    await as.plan('Typed', 'WFS', { initialMonths: 7 });
    const first = formOf(await say('plan edit Typed'));
    const taken = formOf(await submit(first, { product: 'CAS', name: 'TAKEN NAME' }));
    expect(taken.errors).toEqual({ name: 'You have a service plan of this name already.' });
    expect(shownIn(taken)).toEqual({ product: 'CAS', name: 'TAKEN NAME' });
    const gone = formOf(await submit(taken, { product: 'HMOB', name: 'typed' }));
    expect(Object.keys(gone.errors)).toEqual(['product']);
    const second = formOf(await submit(gone, { product: 'WFS', name: hostile }));
    const third = formOf(await submit(second, { version: 'full', subscriptionType: 'monthly_plan' }));
    const wrong = formOf(await submit(third, { ...shownIn(third), graceDays: '91', defaultUnits: '' }));
    expect(Object.keys(wrong.errors).toSorted()).toEqual(['defaultUnits', 'graceDays']);
    expect(shownIn(wrong)).toMatchObject({ graceDays: '91', defaultUnits: '' });
    await submit(formOf(await submit(wrong, { ...shownIn(wrong), graceDays: '9', defaultUnits: '8' })), {});
    expect(await rowOf(hostile)).toMatchObject({ defaultUnits: 8, settings: { graceDays: 9, initialMonths: 7 } });
  });
});

describe('editing a plan that customers have', () => {
  test('what they were sold is not asked for, and the receipt says what is new', async () => {
    await as.plan('Sold', 'WFS-ADV', { graceDays: 5 });
    await as.customer('buyer');
    await as.assign('buyer', 'Sold');
    const held = await world.all(License);
    const form = formOf(await say('plan edit SOLD'));
    expect(form).toMatchObject({ step: 1, steps: 2 });
    expect(textIn(form.view.intro)).toContain('that stays');
    const names = form.view.fields.map(({ name }) => name);
    for (const fixed of ['product', 'version', 'subscriptionType', 'unitType']) expect(names).not.toContain(fixed);
    const taken = formOf(await submit(form, { ...shownIn(form), name: 'Fresh' }));
    expect(taken).toMatchObject({ step: 1, errors: { name: 'You have a service plan of this name already.' } });
    const preview = formOf(await submit(taken, { ...shownIn(taken), name: 'Sold on', defaultUnits: '30' }));
    expect(textIn(preview.view.intro)).toContain('only new assignments');
    const receipt = messageOf(await submit(preview, {}));
    expect(comparedIn(receipt).map(([name]) => name)).toEqual(['Name', 'Default units', 'Credits']);
    expect(textIn(receipt)).toContain('48 credits');
    expect(await world.all(License)).toEqual(held);
  });

  test('an NFR plan is renamed, and no more is asked', async () => {
    await as.run(createPlan, { name: 'Own', product: 'CAS', nfr: true });
    const form = formOf(await say('plan edit own'));
    expect(form).toMatchObject({ step: 1, steps: 2 });
    expect(shownIn(form)).toEqual({ name: 'Own' });
    const receipt = messageOf(await submit(formOf(await submit(form, { name: 'Own use' })), {}));
    expect(comparedIn(receipt)).toEqual([['Name', 'Own', 'Own use']]);
  });

  test('what may not be edited is marked in the list, said on the card, and refused before a form opens', async () => {
    await as.plan('Waiting suite', 'WFS-ADV');
    await world.sql(`update service_plan set locked = true where name = 'Waiting suite'`);
    await as.plan('Switched off', 'WEB', { enabled: false });
    const list = textIn(messageOf(await say('plan list')));
    expect(list).toContain('Locked');
    expect(list).toContain('Disabled');
    const locked = messageOf(await say('plan show Waiting suite'));
    expect(labelsOf(locked)).toEqual([]);
    expect(locked.blocks[0]).toMatchObject({ kind: 'notice', tone: 'warning' });
    expect(await say('plan edit Waiting suite')).toMatchObject({
      kind: 'refused',
      text: 'Waiting suite waits for a suite change to be approved: until then it can be neither assigned nor edited.',
    });
    expect(labelsOf(messageOf(await say('plan show Switched off')))).toEqual(['Edit…']);
    expect(await say('plan edit nothing')).toEqual({ kind: 'refused', text: 'There is no such service plan.' });
    expect(messageOf(await say('plan edit')).title).toContain('service plans');
  });

  test('is for whoever may', async () => {
    for (const who of ['U0VERA', 'U0BOB']) {
      expect(labelsOf(messageOf(await say('plan show Sold on', who)))).toEqual([]);
      expect(await say('plan edit Sold on', who)).toMatchObject({ kind: 'refused' });
    }
    expect(await say('plan edit Sold on', 'U0YUKI')).toMatchObject({ kind: 'refused' });
  });
});

describe('Remote Manager', () => {
  test('is offered where the product knows it, and nowhere else', async () => {
    for (const [product, version, offered] of [
      ['WFS', 'full', true],
      ['WFS', 'trial', true],
      ['WEB', 'full', false],
      ['CAS', 'full', false],
    ] as const) {
      const first = formOf(await say(`plan create ${product}`));
      const second = formOf(await submit(first, { product, name: `RM ${product} ${version}` }));
      const third = formOf(await submit(second, { version, subscriptionType: 'monthly_plan' }));
      const names = third.view.fields.map(({ name }) => name);
      expect(names.includes('remoteManager'), product).toBe(offered);
      if (!offered) continue;
      const typed = { ...shownIn(third), dataCentre: 'Europe', defaultUnits: '3', remoteManager: 'true' };
      const preview = formOf(await submit(third, typed));
      expect(textIn(preview.view.intro)).toContain('Managed by Remote Manager');
      await submit(preview, {});
      expect(await rowOf(`RM ${product} ${version}`)).toMatchObject({ settings: { remoteManager: true } });
    }
  });
});

describe('the first sign-in', () => {
  test('is told from the list of what waits for it', async () => {
    await as.plan('Signs in', 'WFS-ADV', { activation: 'on_first_sign_in' });
    await as.customer('signer', { company: hostile });
    await as.assign('signer', 'Signs in');
    const list = messageOf(await say('license activate'));
    expect(list.title).toBe('3 licenses to activate');
    const form = formOf(await click(buttonOf(list, 'Activate…')));
    expect(form).toMatchObject({ view: { title: 'Activate a license', submit: 'Activate' } });
    expect(textIn(form.view.intro)).toContain('Pending activation');
    const receipt = messageOf(await submit(form, {}));
    expect(receipt.title).toBe('License activated');
    expect(textIn(receipt)).toContain('Active');
    const held = messageOf(await click(buttonOf(receipt, 'Licenses')));
    expect(labelsOf(held).filter((label) => label === 'Activate…')).toHaveLength(2);
    await submit(formOf(await click(buttonOf(held, 'Activate…'))), {});
    // One alone is asked for at once.
    const last = formOf(await say('license activate SIGNER'));
    const stale = formOf(await say('license activate signer'));
    await submit(last, {});
    expect(textIn(await submit(stale, {}))).toContain('was activated already');
    expect(messageOf(await say('license activate signer')).title).toContain('Nothing to activate');
    expect(await say('license activate nobody')).toEqual({ kind: 'refused', text: 'There is no such customer.' });
    expect(await say('license activate', 'U0VERA')).toMatchObject({ kind: 'refused' });
  });

  test('is offered to who may', async () => {
    await as.customer('waiting');
    await as.assign('waiting', 'Signs in');
    const buttons = labelsOf(messageOf(await say('license list waiting', 'U0VERA')));
    expect(buttons).not.toContain('Activate…');
    // A distributor reads what a partner that it manages holds, and no more.
    await world.sql('update partner set managed_by_distributor = true');
    const read = labelsOf(messageOf(await say('license list waiting', 'U0ADA')));
    expect(read.filter((label) => label === 'Show')).toHaveLength(3);
    expect(read).not.toContain('Activate…');
    await world.sql('update partner set managed_by_distributor = false');
    expect(
      await desk().openForm(from('U0LEO'), 'license-activate', { license: 'x', customer: 'waiting' }),
    ).toMatchObject({
      kind: 'refused',
      text: 'There is no such license.',
    });
  });
});
