import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Product } from '../../../src/core/catalog/product.ts';
import { Refusal } from '../../../src/core/errors.ts';
import { assign } from '../../../src/core/licenses/assign.ts';
import { License } from '../../../src/core/licenses/license.ts';
import { createPlan, previewPlan } from '../../../src/core/plans/create-plan.ts';
import { editPlan, previewPlanEdit } from '../../../src/core/plans/edit-plan.ts';
import { PlanAssignment } from '../../../src/core/plans/plan-assignment.ts';
import { ServicePlan } from '../../../src/core/plans/service-plan.ts';
import { showPlan } from '../../../src/core/plans/show-plan.ts';
import { planNamed, scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, isPostgres, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
let plans = 0;
let customers = 0;

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  as = scriptOf(world);
});
afterAll(() => world.close());

const newPlan = async (product = 'WFS', over: object = {}): Promise<{ name: string; planId: string }> => {
  const name = `Plan ${++plans}`;
  const { planId } = await as.plan(name, product, over);
  return { name, planId };
};
const give = async (plan: string): Promise<{ account: string; customerId: string; assignmentId: string }> => {
  const account = `cust-${++customers}`;
  const customerId = await as.customer(account);
  const { assignmentId } = await as.assign(account, plan);
  return { account, customerId, assignmentId };
};
const edit = (input: object) => as.run(editPlan, input);
const shown = (plan: string) => as.run(showPlan, { plan });
const rowOf = (planId: string) => world.stored(ServicePlan, planId);
/** The refusal of an edit, which its preview gives as well, and which leaves nothing behind. */
const refusedEdit = async (planId: string, input: object): Promise<Partial<Refusal>> => {
  const before = await rowOf(planId);
  const outcomes = await Promise.allSettled([
    as.run(previewPlanEdit, { plan: planId, ...input }),
    edit({ plan: planId, ...input }),
  ]);
  const [previewed, deed] = outcomes.map((outcome) =>
    outcome.status === 'rejected' ? (outcome.reason as Refusal) : null,
  );
  expect(deed).toBeInstanceOf(Refusal);
  expect(previewed).toMatchObject({ code: deed!.code, field: deed!.field });
  expect(await rowOf(planId)).toEqual(before);
  return { code: deed!.code, field: deed!.field };
};

describe('editing a plan', () => {
  test('changes what is given, leaves the rest, and tells before and after', async () => {
    const { name, planId } = await newPlan('WFS-ADV', { notifyDays: [7, 30], graceDays: 10, renewalMonths: 6 });
    const before = await shown(name);
    const edited = await edit({ plan: name.toUpperCase(), defaultUnits: 30 });
    expect(edited).toMatchObject({ planId, name, status: 'enabled', credits: '48' });
    const { planId: _planId, customers: _customers, trialLink: _trialLink, ...terms } = before;
    expect(edited.before).toEqual(terms);
    expect(edited.after).toEqual({ ...terms, defaultUnits: 30, credits: '48' });
    expect(await shown(name)).toEqual({ ...before, defaultUnits: 30, credits: '48' });
  });

  test('of a plan that nobody was given changes everything', async () => {
    const { planId } = await newPlan();
    const given = {
      name: 'All of it',
      product: 'MOB',
      subscriptionType: 'annual_license',
      version: 'full',
      unitType: 'device',
      activation: 'on_first_sign_in',
      dataCentre: 'Japan',
      trialForm: false,
      defaultUnits: 7,
      initialMonths: 24,
      autoRenewal: false,
      renewalMonths: 36,
      notifyDays: [90, 7],
      graceDays: 0,
      enabled: false,
    };
    await edit({ plan: planId, ...given });
    expect(await shown(planId)).toMatchObject({ ...given, notifyDays: [7, 90], status: 'disabled' });
  });

  test('is the plan that creating it so would have given', async () => {
    const cases = [
      ['WFS', {}, { graceDays: 5, notifyDays: [14], remoteManager: true }],
      ['WFS', {}, { version: 'trial' }],
      ['WFS', { version: 'trial', initialDays: 14, trialForm: true }, { version: 'full' }],
      ['WFS', {}, { subscriptionType: 'annual_license', initialMonths: 24, renewalMonths: 24 }],
      ['EMS-STD', {}, { product: 'WFS' }],
      ['WFS', { remoteManager: true, activation: 'on_first_sign_in' }, { product: 'EE', dataCentre: null }],
    ] as const;
    for (const [product, over, change] of cases) {
      const { planId, name } = await newPlan(product, over);
      await edit({ plan: planId, ...change });
      const wanted = { ...planNamed(`${name} anew`, product, over), ...change } as Record<string, unknown>;
      // What belongs to another version or product begins anew.
      if (product === 'WFS' && 'version' in change && change.version === 'full')
        for (const field of ['initialDays', 'trialForm']) delete wanted[field];
      if ('product' in change && change.product === 'EE')
        for (const field of ['remoteManager', 'activation', 'dataCentre']) delete wanted[field];
      const { name: _name, ...created } = await as.run(previewPlan, wanted);
      expect(await shown(planId), JSON.stringify(change)).toMatchObject(created);
    }
  });

  test('takes a setting back to its default with null, and an empty list is none', async () => {
    const { planId } = await newPlan('WFS', {
      initialMonths: 6,
      renewalMonths: 3,
      notifyDays: [7],
      graceDays: 3,
      autoRenewal: false,
      activation: 'on_first_sign_in',
    });
    await edit({ plan: planId, notifyDays: [] });
    expect(await shown(planId)).toMatchObject({ notifyDays: [], graceDays: 3 });
    await edit({ plan: planId, renewalMonths: null });
    expect(await shown(planId)).toMatchObject({ initialMonths: 6, renewalMonths: 6 });
    await edit({
      plan: planId,
      initialMonths: null,
      notifyDays: null,
      graceDays: null,
      autoRenewal: null,
      activation: null,
    });
    expect(await shown(planId)).toMatchObject({
      initialMonths: 12,
      renewalMonths: 6,
      notifyDays: [30],
      graceDays: 30,
      autoRenewal: true,
      activation: 'immediately',
    });
  });

  test("a trial's period changes between days and months", async () => {
    const { planId } = await newPlan('WFS', { version: 'trial', initialDays: 14 });
    await edit({ plan: planId, initialMonths: 2 });
    expect(await shown(planId)).toMatchObject({ initialMonths: 2, initialDays: null });
    await edit({ plan: planId, initialDays: 45 });
    expect(await shown(planId)).toMatchObject({ initialMonths: null, initialDays: 45 });
    await edit({ plan: planId, initialDays: null });
    expect(await shown(planId)).toMatchObject({ initialMonths: null, initialDays: 30 });
  });

  test('without "plan" the name names it, and stays as it is written', async () => {
    const { name } = await newPlan();
    await edit({ name: name.toUpperCase(), graceDays: 1 });
    expect(await shown(name)).toMatchObject({ name, graceDays: 1 });
    await expect(edit({ graceDays: 1 })).rejects.toMatchObject({ code: 'input.required', field: 'plan' });
    await expect(edit({ name: 'No such plan' })).rejects.toMatchObject({ code: 'not_found', field: 'name' });
  });

  test('renames, also to other letters of its own name, but not to the name of another', async () => {
    const { planId, name } = await newPlan();
    const other = await newPlan();
    await scriptOf(world, 'yuki@sakura.example').plan('Elsewhere', 'WEB');
    await edit({ plan: planId, name: name.toLowerCase() });
    expect(await shown(planId)).toMatchObject({ name: name.toLowerCase() });
    expect(await refusedEdit(planId, { name: ` ${other.name.toUpperCase()} ` })).toEqual({
      code: 'plan.name_taken',
      field: 'name',
    });
    await edit({ plan: planId, name: 'Elsewhere' });
  });

  test('is for whoever may, and for the own plans', async () => {
    const { name, planId } = await newPlan();
    for (const email of ['vera@brightside.example', 'bob@brightside.example'])
      await expect(scriptOf(world, email).run(editPlan, { plan: name, graceDays: 1 })).rejects.toMatchObject({
        code: 'not_allowed',
      });
    await world.sql('update partner set managed_by_distributor = true');
    for (const email of ['ada@northwind.example', 'yuki@sakura.example', 'olga@fjord.example'])
      for (const plan of [name, planId])
        await expect(scriptOf(world, email).run(editPlan, { plan, graceDays: 1 })).rejects.toMatchObject({
          code: 'not_found',
          field: 'plan',
        });
    await world.sql('update partner set managed_by_distributor = false');
    expect(await shown(name)).toMatchObject({ graceDays: 30 });
  });
});

describe('is refused as creating is', () => {
  test.for([
    ['WFS', {}, { product: 'V1' }, 'catalog.customer_overview', 'product'],
    ['WFS', {}, { product: 'HMOB' }, 'plan.product_end_of_sale', 'product'],
    ['WFS', {}, { product: 'LHE' }, 'plan.product_end_of_life', 'product'],
    ['WFS', {}, { product: 'NONE' }, 'not_found', 'product'],
    ['WFS', {}, { name: ' ' }, 'input.required', 'name'],
    ['WFS', {}, { name: null }, 'input.wrong_type', 'name'],
    ['WFS', {}, { defaultUnits: 0 }, 'input.too_small', 'defaultUnits'],
    ['WFS', {}, { defaultUnits: null }, 'input.wrong_type', 'defaultUnits'],
    ['WFS', {}, { unitType: 'device' }, 'plan.unit_type_not_offered', 'unitType'],
    ['WFS', {}, { dataCentre: 'Moon' }, 'plan.data_centre_unknown', 'dataCentre'],
    ['WFS', {}, { dataCentre: null }, 'plan.data_centre_required', 'dataCentre'],
    ['EE', { dataCentre: undefined }, { dataCentre: 'Europe' }, 'plan.data_centre_unneeded', 'dataCentre'],
    ['EE', { dataCentre: undefined }, { product: 'WFS' }, 'plan.data_centre_required', 'dataCentre'],
    [
      'EE',
      { dataCentre: undefined },
      { activation: 'on_first_sign_in' },
      'plan.activation_services_only',
      'activation',
    ],
    ['WEB', {}, { remoteManager: true }, 'plan.remote_manager_not_offered', 'remoteManager'],
    ['WFS', {}, { trialForm: true }, 'plan.trial_form_trial_only', 'trialForm'],
    ['WFS', { version: 'trial' }, { autoRenewal: true }, 'plan.trial_never_renews', 'autoRenewal'],
    ['WFS', {}, { initialDays: 14 }, 'plan.days_trial_only', 'initialDays'],
    ['WFS', { version: 'trial' }, { initialDays: 14, initialMonths: 1 }, 'plan.one_period', 'initialDays'],
    ['WFS', { initialMonths: 6 }, { subscriptionType: 'annual_license' }, 'plan.whole_years', 'initialMonths'],
    ['WFS', { subscriptionType: 'annual_license' }, { renewalMonths: 18 }, 'plan.whole_years', 'renewalMonths'],
    ['WFS', {}, { notifyDays: [15] }, 'plan.notify_days', 'notifyDays.0'],
    ['WFS', {}, { graceDays: 91 }, 'input.too_big', 'graceDays'],
    ['WFS', {}, { colour: 'red' }, 'input.unknown_field', 'colour'],
    ['WEB', {}, { nfr: true }, 'plan.nfr_not_allowed', 'nfr'],
  ] as const)('%s made with %o, then %o: %s', async ([product, over, change, code, field]) => {
    const { planId } = await newPlan(product, over);
    expect(await refusedEdit(planId, change)).toEqual({ code, field });
  });
});

describe('once a customer was given it', () => {
  test.for([
    [{ product: 'CAS' }, 'product'],
    [{ version: 'trial' }, 'version'],
    [{ nfr: true }, 'nfr'],
    [{ subscriptionType: 'annual_license' }, 'subscriptionType'],
  ] as const)('%o stays', async ([change, field]) => {
    const { planId, name } = await newPlan();
    await give(name);
    expect(await refusedEdit(planId, change)).toEqual({ code: 'plan.assigned', field });
  });

  test('so does the unit type, by name and as the default', async () => {
    const { planId, name } = await newPlan();
    await give(name);
    const [product] = await world.all(Product, { sku: 'WFS' });
    await world.sql(`update product set unit_types = '{device,seat}' where id = ?`, [product!.id]);
    for (const unitType of ['device', null])
      expect(await refusedEdit(planId, { unitType })).toEqual({ code: 'plan.assigned', field: 'unitType' });
    await edit({ plan: planId, unitType: 'seat', graceDays: 2 });
    await world.sql(`update product set unit_types = '{seat}' where id = ?`, [product!.id]);
  });

  test('the same may be said again, by any of its names', async () => {
    const { planId, name } = await newPlan();
    await give(name);
    const same = { version: 'full', nfr: false, subscriptionType: 'monthly_plan', unitType: 'seat' };
    for (const product of ['wfs', 'Worry-Free Services']) await edit({ plan: planId, product, ...same, graceDays: 4 });
    expect(await shown(planId)).toMatchObject({ graceDays: 4, product: 'WFS' });
  });

  test('also when its only assignment was replaced, or moved to another plan since', async () => {
    for (const gone of ['replaced', 'moved']) {
      const { planId, name } = await newPlan();
      const { assignmentId } = await give(name);
      if (gone === 'replaced')
        await world.sql(`update plan_assignment set status = 'replaced' where id = ?`, [assignmentId]);
      else {
        const other = await newPlan();
        await world.sql(
          `insert into customer_transaction
           select (jsonb_populate_record(x, jsonb_build_object('id', gen_random_uuid(), 'plan_before_id', x.plan_after_id,
                    'plan_after_id', ?::text, 'units_before', x.units_after, 'delta', 0))).*
             from customer_transaction x join license l on l.id = x.license_id where l.assignment_id = ?`,
          [other.planId, assignmentId],
        );
        await world.sql('update plan_assignment set plan_id = ? where id = ?', [other.planId, assignmentId]);
        await world.sql('update license set plan_id = ? where assignment_id = ?', [other.planId, assignmentId]);
      }
      expect(await refusedEdit(planId, { version: 'trial' }), gone).toEqual({
        code: 'plan.assigned',
        field: 'version',
      });
      expect(await as.run(previewPlanEdit, { plan: planId })).toMatchObject({ assigned: true });
    }
  });

  test('what was assigned keeps its copy; who is given it later gets the new settings', async () => {
    const { name } = await newPlan('WFS', { graceDays: 10, initialMonths: 3, notifyDays: [7], defaultUnits: 5 });
    const old = await give(name);
    const license = () => world.stored(License, { customerId: old.customerId });
    const assignment = () => world.stored(PlanAssignment, old.assignmentId);
    const [heldBefore, assignedBefore] = [await license(), await assignment()];
    await edit({
      plan: name,
      graceDays: 20,
      initialMonths: 6,
      notifyDays: [60],
      defaultUnits: 9,
      dataCentre: 'Japan',
      autoRenewal: false,
    });
    expect(await license()).toEqual(heldBefore);
    expect(await assignment()).toEqual(assignedBefore);
    const fresh = await give(name);
    expect(await world.stored(License, { customerId: fresh.customerId })).toMatchObject({
      graceDays: 20,
      units: 9,
      notifyDays: [60],
      dataCentre: 'Japan',
      autoRenewal: false,
    });
    expect((await world.stored(License, { customerId: fresh.customerId })).endsOn.toString()).toBe('2026-09-05');
  });

  test('disabling bars new assignments and enabling allows them', async () => {
    const { name } = await newPlan();
    const { customerId } = await give(name);
    expect(await edit({ plan: name, enabled: false })).toMatchObject({ status: 'disabled' });
    await expect(give(name)).rejects.toMatchObject({ code: 'plan.disabled' });
    expect(await world.stored(License, { customerId })).toMatchObject({ autoRenewal: true, removedOn: null });
    expect(await edit({ plan: name, enabled: true })).toMatchObject({ status: 'enabled' });
    await give(name);
  });
});

describe('an NFR plan', () => {
  test('changes its name alone', async () => {
    const { planId } = await as.run(createPlan, { name: 'For us', product: 'CAS', nfr: true, dataCentre: 'Japan' });
    const before = await rowOf(planId);
    for (const [change, field] of [
      [{ enabled: false }, 'enabled'],
      [{ graceDays: 1 }, 'graceDays'],
      [{ defaultUnits: 3 }, 'defaultUnits'],
      [{ dataCentre: 'Europe' }, 'dataCentre'],
      [{ notifyDays: [] }, 'notifyDays'],
      [{ autoRenewal: false }, 'autoRenewal'],
      [{ initialMonths: null }, 'initialMonths'],
      [{ product: 'WFS' }, 'product'],
      [{ nfr: false }, 'nfr'],
      [{ version: 'full' }, 'version'],
    ] as const)
      expect(await refusedEdit(planId, { name: 'Other', ...change })).toEqual({ code: 'plan.nfr_fixed', field });
    await edit({
      plan: 'for us',
      name: 'Own use',
      enabled: true,
      graceDays: 30,
      dataCentre: 'japan',
      product: 'CAS',
    });
    expect(await rowOf(planId)).toEqual({ ...before, name: 'Own use' });
  });

  test('a plan that nobody was given becomes one, once per product', async () => {
    const { planId } = await newPlan('EMS-STD');
    await edit({ plan: planId, nfr: true });
    expect(await rowOf(planId)).toMatchObject({ nfr: true, version: 'nfr', settings: { dataCentre: 'Europe' } });
    const second = await newPlan('EMS-STD');
    expect(await refusedEdit(second.planId, { nfr: true })).toEqual({ code: 'plan.nfr_exists', field: 'nfr' });
  });
});

describe('a plan that left the market', () => {
  test.for([
    ['locked', { locked: true, enabled: true }, {}],
    ['locked', { locked: true, enabled: false }, {}],
    ['end_of_sale', { locked: false, enabled: true }, { end_of_sale_on: '2026-03-05' }],
    ['end_of_life', { locked: false, enabled: false }, { end_of_sale_on: '2026-03-01', end_of_life_on: '2026-03-05' }],
  ] as const)('is not edited: %s', async ([status, flags, dates]) => {
    const [model] = await world.all(Product, { sku: 'WEB' });
    const product = new Product({ ...model!, id: crypto.randomUUID(), sku: `GONE-${++plans}`, name: `Gone ${plans}` });
    await world.given(product);
    const { planId } = await newPlan(product.sku, { enabled: flags.enabled });
    if (flags.locked) await world.sql('update service_plan set locked = true where id = ?', [planId]);
    for (const [column, day] of Object.entries(dates))
      await world.sql(`update product set ${column} = ? where id = ?`, [day, product.id]);
    for (const change of [{ name: 'Renamed' }, { enabled: true }, { graceDays: 1 }, {}])
      expect(await refusedEdit(planId, change)).toEqual({ code: `plan.${status}`, field: 'plan' });
  });

  test('the day before its end of sale it still is', async () => {
    const [model] = await world.all(Product, { sku: 'WEB' });
    const ends = Temporal.PlainDate.from('2026-03-06');
    const product = new Product({ ...model!, id: crypto.randomUUID(), sku: 'SOON', name: 'Soon', endOfSaleOn: ends });
    await world.given(product);
    const { planId } = await newPlan('SOON');
    await edit({ plan: planId, graceDays: 1 });
    // It is midnight in Berlin an hour before it is in Greenwich.
    world.setNow('2026-03-05T23:00:00Z');
    expect(await refusedEdit(planId, { graceDays: 2 })).toMatchObject({ code: 'plan.end_of_sale' });
    world.setNow('2026-03-05T09:00:00Z');
  });

  test('what the catalogue took from its product stays possible for it', async () => {
    const [model] = await world.all(Product, { sku: 'WFS' });
    const product = new Product({ ...model!, id: crypto.randomUUID(), sku: 'LESS', name: 'Less' });
    await world.given(product);
    const { planId, name } = await newPlan('LESS', { remoteManager: true, dataCentre: 'Japan' });
    await give(name);
    await world.sql(
      `update product set versions = '{trial}', unit_types = '{device}', data_centres = '{Europe}', remote_manager = false where id = ?`,
      [product.id],
    );
    await edit({ plan: planId, graceDays: 3 });
    expect(await shown(planId)).toMatchObject({
      graceDays: 3,
      version: 'full',
      unitType: 'seat',
      dataCentre: 'Japan',
      remoteManager: false,
    });
  });
});

describe.runIf(isPostgres)('at the same time', () => {
  test('an edit of the product does not slip past a first assignment', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 8; round++) {
      const { name, planId } = await newPlan();
      const account = `race-${round}`;
      await as.customer(account);
      const [given, edited] = await Promise.allSettled([
        as.run(assign, { customer: account, plan: planId }),
        edit({ plan: name, product: 'CAS' }),
      ]);
      expect(given.status).toBe('fulfilled');
      const [license] = await world.all(License, { planId });
      const plan = await rowOf(planId);
      // Whoever came second saw the other: the licence is of the plan's product either way.
      expect(license!.productId).toBe(plan.productId);
      if (edited.status === 'rejected')
        expect(edited.reason).toMatchObject({ code: 'plan.assigned', field: 'product' });
      outcomes.add(edited.status);
    }
    expect(outcomes.size).toBeGreaterThan(0);
  });

  test('two edits of different settings both stay', async () => {
    const { planId } = await newPlan();
    await Promise.all([
      edit({ plan: planId, graceDays: 7 }),
      edit({ plan: planId, defaultUnits: 99 }),
      edit({ plan: planId, notifyDays: [90] }),
      edit({ plan: planId, dataCentre: 'Japan' }),
    ]);
    expect(await shown(planId)).toMatchObject({
      graceDays: 7,
      defaultUnits: 99,
      notifyDays: [90],
      dataCentre: 'Japan',
    });
  });

  test('of several renamed to one name one gets it', async () => {
    const raced = await Promise.all([newPlan('WEB'), newPlan('WEB'), newPlan('WEB'), newPlan('WEB')]);
    const settled = await Promise.allSettled(raced.map(({ planId }) => edit({ plan: planId, name: 'Wanted by all' })));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of settled)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'plan.name_taken', field: 'name' });
  });
});
