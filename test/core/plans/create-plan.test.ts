import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Product } from '../../../src/core/catalog/product.ts';
import { createPlan, previewPlan } from '../../../src/core/plans/create-plan.ts';
import { planStatus } from '../../../src/core/plans/plan-status.ts';
import { ServicePlan } from '../../../src/core/plans/service-plan.ts';
import { listPlans, showPlan } from '../../../src/core/plans/show-plan.ts';
import { planNamed, scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, isPostgres, partnerIds, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  as = scriptOf(world);
});
afterAll(() => world.close());

const day = (iso: string) => Temporal.PlainDate.from(iso);

describe('a plan', () => {
  test('converts into credits exactly: 1.6 × 25 = 40', async () => {
    const plan = await as.plan('Credits', 'Worry-Free Services Advanced');
    expect(plan).toMatchObject({ planId: expect.any(String), name: 'Credits', status: 'enabled', credits: '40' });
    expect(await as.plan('Thirds', 'MOB', { defaultUnits: 7 })).toMatchObject({ credits: '2.1' });
    expect(await as.plan('No rate', 'WF-STD', { dataCentre: undefined })).toMatchObject({ credits: null });
  });

  test('fills in what was left out', async () => {
    await as.plan('Full', 'WFS');
    expect(await as.run(showPlan, { plan: 'fULL' })).toMatchObject({
      unitType: 'seat',
      activation: 'immediately',
      dataCentre: 'Europe',
      initialMonths: 12,
      initialDays: null,
      autoRenewal: true,
      renewalMonths: 12,
      notifyDays: [30],
      graceDays: 30,
      enabled: true,
      customers: 0,
      components: [{ sku: 'WFS' }],
    });
    await as.plan('Short', 'WFS', { version: 'trial' });
    expect(await as.run(showPlan, { plan: 'Short' })).toMatchObject({
      initialMonths: null,
      initialDays: 30,
      autoRenewal: false,
      renewalMonths: null,
      graceDays: 0,
    });
  });

  test('keeps all that was given', async () => {
    const given = {
      activation: 'on_first_sign_in',
      remoteManager: true,
      trialForm: true,
      version: 'trial',
      dataCentre: 'jApAn',
      initialMonths: 2,
      notifyDays: [90, 7, 90],
      graceDays: 90,
      enabled: false,
    };
    await as.plan('Everything', 'WFS', given);
    expect(await as.run(showPlan, { plan: 'Everything' })).toMatchObject({
      ...given,
      dataCentre: 'Japan',
      notifyDays: [7, 90],
      status: 'disabled',
    });
  });

  test('as NFR takes its name alone', async () => {
    const { planId } = await as.run(createPlan, { name: 'Own use', product: 'CAS', nfr: true, defaultUnits: 3 });
    expect(await world.stored(ServicePlan, planId)).toMatchObject({
      nfr: true,
      version: 'nfr',
      subscriptionType: 'annual_license',
      defaultUnits: 25,
      settings: { initialMonths: 12, autoRenewal: true, renewalMonths: 12, dataCentre: 'Europe' },
    });
    await expect(as.run(createPlan, { name: 'Own use 2', product: 'CAS', nfr: true })).rejects.toMatchObject({
      code: 'plan.nfr_exists',
      field: 'nfr',
    });
    await expect(as.run(createPlan, { name: 'Own use 3', product: 'WEB', nfr: true })).rejects.toMatchObject({
      code: 'plan.nfr_not_allowed',
    });
  });

  test.for([
    ['V1', {}, 'catalog.customer_overview', 'product'],
    ['HMOB', {}, 'plan.product_end_of_sale', 'product'],
    ['LHE', {}, 'plan.product_end_of_life', 'product'],
    ['NONE', {}, 'not_found', 'product'],
    ['WFS', { name: ' ' }, 'input.required', 'name'],
    ['WFS', { name: 'x'.repeat(81) }, 'input.too_long', 'name'],
    ['WFS', { version: undefined }, 'input.required', 'version'],
    ['WFS', { subscriptionType: undefined }, 'input.required', 'subscriptionType'],
    ['WFS', { defaultUnits: undefined }, 'input.required', 'defaultUnits'],
    ['WFS', { unitType: 'device' }, 'plan.unit_type_not_offered', 'unitType'],
    ['WFS-ADV', { unitType: 'mailbox' }, 'plan.unit_type_not_offered', 'unitType'],
    ['WFS', { dataCentre: undefined }, 'plan.data_centre_required', 'dataCentre'],
    ['WFS', { dataCentre: 'Moon' }, 'plan.data_centre_unknown', 'dataCentre'],
    ['EE', {}, 'plan.data_centre_unneeded', 'dataCentre'],
    ['EE', { dataCentre: undefined, activation: 'on_first_sign_in' }, 'plan.activation_services_only', 'activation'],
    ['WEB', { remoteManager: true }, 'plan.remote_manager_not_offered', 'remoteManager'],
    ['WFS', { trialForm: true }, 'plan.trial_form_trial_only', 'trialForm'],
    ['WFS', { version: 'trial', autoRenewal: true }, 'plan.trial_never_renews', 'autoRenewal'],
    ['WFS', { initialDays: 14 }, 'plan.days_trial_only', 'initialDays'],
    ['WFS', { initialDays: 14, initialMonths: 1 }, 'plan.one_period', 'initialDays'],
    ['WFS', { initialMonths: 37 }, 'input.too_big', 'initialMonths'],
    ['WFS', { subscriptionType: 'annual_license', initialMonths: 6 }, 'plan.whole_years', 'initialMonths'],
    ['WFS', { subscriptionType: 'annual_license', renewalMonths: 18 }, 'plan.whole_years', 'renewalMonths'],
    ['WFS', { version: 'trial', initialDays: 91 }, 'input.too_big', 'initialDays'],
    ['WFS', { notifyDays: [15] }, 'plan.notify_days', 'notifyDays.0'],
    ['WFS', { graceDays: 91 }, 'input.too_big', 'graceDays'],
    ['WFS', { colour: 'red' }, 'input.unknown_field', 'colour'],
  ] as const)('%s with %o is refused: %s', async ([product, over, code, field]) => {
    const plan = planNamed('Refused', product, over);
    await expect(as.run(createPlan, plan)).rejects.toMatchObject({ code, field });
    await expect(as.run(previewPlan, plan)).rejects.toMatchObject({ code, field });
    expect(await world.all(ServicePlan, { name: 'Refused' })).toEqual([]);
  });

  test('has a name of its own within the partner, whatever its case; elsewhere it is free', async () => {
    await as.plan('Mine', 'WEB');
    await expect(as.plan('mINE', 'WEB')).rejects.toMatchObject({ code: 'plan.name_taken', field: 'name' });
    await scriptOf(world, 'yuki@sakura.example').plan('Mine', 'WEB');
    await expect(scriptOf(world, 'vera@brightside.example').plan('Other', 'WEB')).rejects.toMatchObject({
      code: 'not_allowed',
    });
  });

  test.skipIf(!isPostgres)('of two people who save the same name at once, one does', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => as.plan('Raced', 'WEB')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'plan.name_taken' });
  });
});

describe('the status', () => {
  const plan = (enabled: boolean, locked: boolean) => ({ enabled, locked });
  const sale = (endOfSaleOn: string | null, endOfLifeOn: string | null) => ({
    endOfSaleOn: endOfSaleOn === null ? null : day(endOfSaleOn),
    endOfLifeOn: endOfLifeOn === null ? null : day(endOfLifeOn),
  });
  test.for([
    [plan(true, false), sale(null, null), 'enabled'],
    [plan(false, false), sale(null, null), 'disabled'],
    [plan(false, false), sale('2026-03-05', null), 'end_of_sale'],
    [plan(true, false), sale('2026-03-06', null), 'enabled'],
    [plan(true, false), sale('2026-03-01', '2026-03-05'), 'end_of_life'],
    [plan(true, true), sale('2026-03-01', '2026-03-05'), 'locked'],
  ] as const)('of %o with %o is %s', ([terms, product, status]) => {
    expect(planStatus(terms, product as never, day('2026-03-05'))).toBe(status);
  });

  test('is the same in lists as in core, and plans past their end of life are gone', async () => {
    const dates = [null, '2026-03-04', '2026-03-05', '2026-03-06'];
    const [model] = await world.all(Product, { sku: 'WEB' });
    const expected: string[] = [];
    for (const [eos, endOfSaleOn] of dates.entries())
      for (const [eol, endOfLifeOn] of dates.entries()) {
        const product = new Product({
          ...model!,
          id: crypto.randomUUID(),
          sku: `ST-${eos}${eol}`,
          name: `Status ${eos}${eol}`,
          ...sale(endOfSaleOn!, endOfLifeOn!),
        });
        await world.given(product);
        for (const locked of [true, false])
          for (const enabled of [true, false]) {
            const [saved] = await world.all(ServicePlan, { name: 'Full' });
            const name = `Status ${eos}${eol} ${locked} ${enabled}`;
            await world.given(
              new ServicePlan({
                ...saved!,
                id: crypto.randomUUID(),
                partnerId: partnerIds.brightside,
                name,
                productId: product.id,
                locked,
                enabled,
              }),
            );
            const status = planStatus({ locked, enabled }, product, day('2026-03-05'));
            if (status !== 'end_of_life') expected.push(`${name}: ${status}`);
          }
      }
    const listed: string[] = [];
    for (let page = 1, pages = 1; page <= pages; page++) {
      const found = await as.run(listPlans, { search: 'Status ', page });
      listed.push(...found.items.map(({ name, status }) => `${name}: ${status}`));
      pages = found.pages;
    }
    expect(listed.toSorted()).toEqual(expected.toSorted());
  });
});
