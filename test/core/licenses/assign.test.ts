import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPlan } from '../../../src/core/plans/create-plan.ts';
import { PlanAssignment } from '../../../src/core/plans/plan-assignment.ts';
import { ServicePlan } from '../../../src/core/plans/service-plan.ts';
import { WaitingCrossgrade } from '../../../src/core/plans/waiting-crossgrade.ts';
import { assign, draftCrossgrade, previewAssign } from '../../../src/core/licenses/assign.ts';
import { previewCrossgrade } from '../../../src/core/crossgrades/commit-crossgrade.ts';
import { CustomerTransaction } from '../../../src/core/licenses/customer-transaction.ts';
import { License } from '../../../src/core/licenses/license.ts';
import { listLicenses } from '../../../src/core/licenses/list-licenses.ts';
import { listTransactions } from '../../../src/core/licenses/list-transactions.ts';
import { MoneyLine } from '../../../src/core/licenses/money-line.ts';
import { AuditEntry } from '../../../src/core/audit/audit-entry.ts';
import { leo, scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, isPostgres, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
let lise: ReturnType<typeof scriptOf>;

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  as = scriptOf(world);
  lise = scriptOf(world, 'lise@brightside.example');
  await as.plan('Endpoint', 'WFS');
  await as.plan('Advanced', 'WFS-ADV');
  await as.plan('Complete', 'SPC', { defaultUnits: 30 });
  await as.plan('Endpoint Year', 'WFS', { subscriptionType: 'annual_license' });
  await as.plan('Advanced Two Years', 'WFS-ADV', { subscriptionType: 'annual_license', initialMonths: 24 });
  await as.plan('Trial', 'WFS', { version: 'trial', initialDays: 14 });
  await as.plan('Encryption', 'EE', { dataCentre: undefined });
});
afterAll(() => world.close());

const licensesOf = (customerId: string) => world.all(License, { customerId });
const ledgerOf = (customerId: string) => world.all(CustomerTransaction, { customerId });
const moneyOf = (customerId: string) => world.all(MoneyLine, { customerId });
const draftsOf = (customerId: string) => world.all(WaitingCrossgrade, { customerId });

describe('assigning', () => {
  test('gives one license with its dates, units and status, one ledger row, and one job', async () => {
    const customerId = await as.customer('one-license');
    world.jobs.splice(0);
    const { assignmentId, licenses } = await as.assign('one-license', 'Endpoint');
    expect(licenses).toMatchObject([
      {
        product: 'WFS',
        version: 'full',
        subscriptionType: 'monthly_plan',
        plan: 'Endpoint',
        units: 25,
        unitType: 'seat',
        startsOn: '2026-03-05',
        endsOn: '2027-03-05',
        expiresOn: '2027-03-04',
        status: 'active',
        autoRenewal: true,
      },
    ]);
    expect(await ledgerOf(customerId)).toMatchObject([
      { type: 'New purchase', reason: 'assign', unitsBefore: 0, delta: 25, unitsAfter: 25, termBefore: null },
    ]);
    expect(await moneyOf(customerId)).toEqual([]);
    expect(world.jobs).toMatchObject([{ name: 'notify', data: { topic: 'license.added', data: { assignmentId } } }]);
    expect(await as.run(listLicenses, { customer: 'one-license' })).toMatchObject({
      items: licenses,
      total: 1,
      page: 1,
      pages: 1,
    });
  });

  test('flattens suites in suites, each product once, each in its own unit type', async () => {
    const customerId = await as.customer('flat-suite');
    const { licenses } = await as.assign('flat-suite', 'Complete');
    expect(licenses.map(({ product, units, unitType }) => [product, units, unitType])).toEqual([
      ['WFS', 30, 'seat'],
      ['EMS-STD', 30, 'mailbox'],
      ['EE', 30, 'device'],
      ['WEB', 30, 'seat'],
      ['MOB', 30, 'device'],
    ]);
    const stored = await licensesOf(customerId);
    const encryption = stored.find(({ unitType, dataCentre }) => unitType === 'device' && dataCentre === null);
    expect(encryption?.activationCode).toMatch(/^([0-9A-F]{5}-){4}[0-9A-F]{5}$/);
    expect(stored.filter(({ activationCode }) => activationCode === null).map(({ dataCentre }) => dataCentre)).toEqual(
      Array(4).fill('Europe'),
    );
    expect(await ledgerOf(customerId)).toHaveLength(5);
  });

  test('charges an annual term up front at the price of one unit, months by months', async () => {
    const customerId = await as.customer('annual');
    await as.assign('annual', 'Endpoint Year', { units: 150 });
    // 150 seats stand in a lower break, yet the yearly price is that of one unit.
    expect(await moneyOf(customerId)).toMatchObject([{ kind: 'charge', amountMinor: 442_500n, currency: 'EUR' }]);
    expect(await licensesOf(customerId)).toMatchObject([
      { terms: [{ yearlyPrice: '29.50', months: 12, anchorOn: '2026-03-05', endsOn: '2027-03-05' }] },
    ]);

    const second = await as.customer('annual-suite');
    const preview = await as.run(previewAssign, { customer: 'annual-suite', plan: 'Advanced Two Years', units: 10 });
    await as.assign('annual-suite', 'Advanced Two Years', { units: 10 });
    const lines = await moneyOf(second);
    expect(lines.map(({ amountMinor }) => Number(amountMinor)).toSorted()).toEqual([24_000, 32_000, 59_000]);
    expect(preview.total).toBeNull();
    expect(preview.licenses.map(({ amount }) => amount)).toEqual([null, null, null]);
  });

  test('month ends are clamped, counted from the first day', async () => {
    await as.plan('Two Months', 'CAS', { initialMonths: 2 });
    await as.plan('One Month', 'WEB', { initialMonths: 1 });
    await as.customer('month-ends');
    world.setNow('2027-01-31T10:00:00Z');
    const two = await as.assign('month-ends', 'Two Months');
    const one = await as.assign('month-ends', 'One Month');
    world.setNow('2026-03-05T09:00:00Z');
    expect([one.licenses[0]?.endsOn, two.licenses[0]?.endsOn]).toEqual(['2027-02-28', '2027-03-31']);
  });

  test('an annual license without a price is refused, and nothing is left behind', async () => {
    await world.sql(
      `delete from price where currency = 'EUR' and product_id = (select id from product where sku = 'CE-50')`,
    );
    await as.plan('Edge Year', 'CE-50', { subscriptionType: 'annual_license' });
    const customerId = await as.customer('no-price');
    await expect(as.assign('no-price', 'Edge Year')).rejects.toMatchObject({ code: 'license.no_price', field: 'plan' });
    expect(await licensesOf(customerId)).toEqual([]);
    expect(await world.all(PlanAssignment, { customerId })).toEqual([]);
  });

  test.for([
    ['nobody', 'Endpoint', {}, 'not_found', 'customer'],
    ['start-rules', 'Nothing', {}, 'not_found', 'plan'],
    ['start-rules', 'Endpoint', { units: 0 }, 'input.too_small', 'units'],
    ['start-rules', 'Endpoint', { units: 1_000_001 }, 'input.too_big', 'units'],
    ['start-rules', 'Endpoint', { units: 1.5 }, 'input.wrong_type', 'units'],
    ['start-rules', 'Endpoint', { startsOn: '2027-03-06' }, 'license.start_too_late', 'startsOn'],
    ['start-rules', 'Endpoint', { startsOn: '2026-02-02' }, 'license.start_too_early', 'startsOn'],
  ] as const)('%s, %s, %o is refused with %s', async ([customer, plan, over, code, field]) => {
    await as.customer('start-rules').catch(() => {});
    await expect(as.assign(customer, plan, over)).rejects.toMatchObject({ code, field });
  });

  test('admins may go 30 days back, nobody else; a start ahead is scheduled', async () => {
    await as.customer('starts');
    await expect(lise.assign('starts', 'Endpoint', { startsOn: '2026-03-04' })).rejects.toMatchObject({
      code: 'license.start_past',
      field: 'startsOn',
    });
    const ahead = await lise.assign('starts', 'Endpoint', { startsOn: '2027-03-05' });
    expect(ahead.licenses).toMatchObject([{ startsOn: '2027-03-05', endsOn: '2028-03-05', status: 'scheduled' }]);
    const back = await as.assign('starts', 'Encryption', { startsOn: '2026-02-03' });
    expect(back.licenses).toMatchObject([{ startsOn: '2026-02-03', status: 'active' }]);
  });

  test('a disabled plan, a suspended customer, a locked plan: each is refused', async () => {
    await as.plan('Off', 'MOB', { enabled: false });
    const { planId } = await as.plan('Waiting', 'MOB');
    const customerId = await as.customer('refusals');
    await world.sql('update service_plan set locked = true where id = ?::uuid', [planId]);
    await expect(as.assign('refusals', 'Off')).rejects.toMatchObject({ code: 'plan.disabled', field: 'plan' });
    await expect(as.assign('refusals', 'Waiting')).rejects.toMatchObject({ code: 'plan.locked', field: 'plan' });
    await world.sql(`update customer set status = 'suspended' where id = ?::uuid`, [customerId]);
    await expect(as.assign('refusals', 'Endpoint')).rejects.toMatchObject({
      code: 'license.customer_suspended',
      field: 'customer',
    });
  });

  test('end of sale refuses; end of life ends the term that day, without grace', async () => {
    const { planId } = await as.plan('Leaving', 'ACME-BACKUP');
    const productId = (await world.stored(ServicePlan, planId)).productId;
    await as.customer('leaving');
    await world.sql(`update product set end_of_life_on = '2026-08-01' where id = ?::uuid`, [productId]);
    const { licenses } = await as.assign('leaving', 'Leaving');
    expect(licenses).toMatchObject([{ endsOn: '2026-08-01', expiresOn: '2026-07-31' }]);
    expect((await world.stored(License, licenses[0]!.licenseId)).graceDays).toBe(0);
    await world.sql(`update product set end_of_sale_on = '2026-03-05' where id = ?::uuid`, [productId]);
    await as.customer('too-late');
    await expect(as.assign('too-late', 'Leaving')).rejects.toMatchObject({ code: 'plan.end_of_sale' });
    await world.sql(`update product set end_of_life_on = '2026-03-05' where id = ?::uuid`, [productId]);
    await expect(as.assign('too-late', 'Leaving')).rejects.toMatchObject({ code: 'plan.end_of_life' });
    await world.sql('update product set end_of_life_on = null, end_of_sale_on = null where id = ?::uuid', [productId]);
  });

  test('the same delivery again gets the first answer and issues nothing more', async () => {
    const customerId = await as.customer('redelivered');
    const caller = await world.as(leo, 'delivery-1');
    const first = await world.execute(assign, caller, { customer: 'redelivered', plan: 'Endpoint' });
    const again = await world.execute(assign, caller, { customer: 'redelivered', plan: 'Endpoint' });
    expect(again).toEqual(first);
    expect(await licensesOf(customerId)).toHaveLength(1);
  });

  test("another partner's customer or plan is not found, in the same words as an invented one", async () => {
    const yuki = scriptOf(world, 'yuki@sakura.example');
    await as.customer('walled');
    await expect(yuki.assign('walled', 'Endpoint')).rejects.toMatchObject({ code: 'not_found', field: 'customer' });
    await yuki.customer('walled-too');
    await expect(yuki.assign('walled-too', 'Endpoint')).rejects.toMatchObject({ code: 'not_found', field: 'plan' });
    const vera = scriptOf(world, 'vera@brightside.example');
    await expect(vera.assign('walled', 'Endpoint')).rejects.toMatchObject({ code: 'not_allowed' });
  });
});

describe('duplicates', () => {
  test('are refused because a crossgrade is needed, and the draft outlives the refusal', async () => {
    const customerId = await as.customer('duplicate');
    await as.assign('duplicate', 'Endpoint');
    world.jobs.splice(0);
    const refused = expect.objectContaining({
      code: 'license.duplicate',
      field: 'plan',
      params: expect.objectContaining({ products: 'Worry-Free Services', crossgrade: 'yes' }),
    });
    await expect(as.assign('duplicate', 'Advanced', { units: 40 })).rejects.toEqual(refused);
    expect(await draftsOf(customerId)).toMatchObject([{ units: 40, resolvedAt: null }]);
    expect(await licensesOf(customerId)).toHaveLength(1);
    expect(world.jobs).toEqual([]);
    expect(await world.all(AuditEntry, { useCase: 'assign', answer: { refused: 'license.duplicate' } })).toHaveLength(
      1,
    );

    // Asked for again, by the same delivery even: one draft, with what was asked for last.
    const caller = await world.as('lise@brightside.example', 'again');
    for (const units of [50, 60]) {
      const asked = { customer: 'duplicate', plan: 'Advanced', units };
      await expect(world.execute(assign, caller, asked)).rejects.toEqual(refused);
    }
    expect(await draftsOf(customerId)).toMatchObject([{ units: 60 }]);

    // Left to the plan (30), a crossgrade takes none away: the draft has the number that its simulator begins with.
    await expect(as.assign('duplicate', 'Complete', { units: undefined })).rejects.toEqual(refused);
    expect(await draftsOf(customerId)).toContainEqual(expect.objectContaining({ units: 30 }));
    await world.change(License, { customerId }, (license) => (license.units = 46));
    await expect(as.assign('duplicate', 'Complete', { units: undefined })).rejects.toEqual(refused);
    expect(await draftsOf(customerId)).toContainEqual(expect.objectContaining({ units: 46 }));
  });

  test('the preview refuses alike and keeps nothing; the form asks for the draft by itself', async () => {
    const customerId = await as.customer('previewed');
    await as.assign('previewed', 'Endpoint');
    const asked = { customer: 'previewed', plan: 'Advanced' };
    await expect(as.run(previewAssign, asked)).rejects.toMatchObject({ code: 'license.duplicate' });
    expect(await draftsOf(customerId)).toEqual([]);
    await expect(as.run(draftCrossgrade, asked)).rejects.toMatchObject({ code: 'license.duplicate' });
    expect(await draftsOf(customerId)).toHaveLength(1);
  });

  test('the same plan again is no crossgrade: refused, and no draft', async () => {
    const customerId = await as.customer('same-plan');
    await as.assign('same-plan', 'Endpoint');
    await expect(as.assign('same-plan', 'Endpoint')).rejects.toMatchObject({
      code: 'license.duplicate',
      params: { crossgrade: 'no' },
    });
    expect(await draftsOf(customerId)).toEqual([]);
  });

  test.each([
    ['a trial over a full license', 'trial', { version: 'trial', initialDays: 14 }, ''],
    ['another data centre', 'data_centre', { dataCentre: 'Japan' }, ''],
    ['another unit type', 'unit_type', {}, `update license set unit_type = 'device' where customer_id = ?::uuid`],
  ])('%s: no crossgrade could bring it, so no draft is kept', async (_why, crossgrade, over, sql) => {
    const name = crossgrade.replace('_', '-');
    const customerId = await as.customer(name);
    await as.assign(name, 'Endpoint');
    await as.plan(`Never ${name}`, 'WFS', over);
    if (sql) await world.sql(sql, [customerId]);
    for (const verb of [assign, draftCrossgrade])
      await expect(as.run(verb, { customer: name, plan: `Never ${name}` })).rejects.toMatchObject({
        code: 'license.duplicate',
        params: { crossgrade },
      });
    expect(await draftsOf(customerId)).toEqual([]);
  });

  test.each([
    ['disabled', `update service_plan set enabled = false where name = ?`],
    ['locked', `update service_plan set locked = true where name = ?`],
    ['end_of_sale', `update product set end_of_sale_on = '2026-03-05' where sku = 'CE-100' and ? <> ''`],
    ['end_of_life', `update product set end_of_life_on = '2026-03-05' where sku = 'CE-100' and ? <> ''`],
  ])('a plan that is %s cannot be given, whatever the customer has: no draft', async (status, sql) => {
    const name = `target-${status.replaceAll('_', '-')}`;
    const customerId = await as.customer(name);
    await as.plan(name, 'CE-100');
    await as.plan(`${name} before`, 'CE-100');
    await as.assign(name, `${name} before`);
    await world.sql(sql, [name]);
    await expect(as.assign(name, name)).rejects.toMatchObject({ code: `plan.${status}` });
    await expect(as.run(previewCrossgrade, { customer: name, plan: name })).rejects.toMatchObject({
      code: `plan.${status}`,
    });
    expect(await draftsOf(customerId)).toEqual([]);
    await world.sql(`update product set end_of_sale_on = null, end_of_life_on = null where sku = 'CE-100'`);
  });

  test('a license that is over is no duplicate; its draft is resolved by the assignment', async () => {
    const customerId = await as.customer('expired');
    await as.assign('expired', 'Trial');
    await expect(as.assign('expired', 'Endpoint')).rejects.toMatchObject({ code: 'license.duplicate' });
    world.setNow('2026-03-19T09:00:00Z');
    await expect(as.assign('expired', 'Endpoint', { startsOn: '2026-03-18' })).rejects.toMatchObject({
      code: 'license.start_overlaps',
      field: 'startsOn',
    });
    await as.assign('expired', 'Endpoint');
    world.setNow('2026-03-05T09:00:00Z');
    expect(await licensesOf(customerId)).toHaveLength(2);
    expect((await draftsOf(customerId))[0]?.resolvedAt).not.toBeNull();
  });

  test('an NFR license stands beside others, is one per product and partner, and is fixed', async () => {
    await as.run(createPlan, { name: 'For Us', product: 'WFS', nfr: true });
    const customerId = await as.customer('nfr');
    await as.assign('nfr', 'Endpoint');
    await expect(as.assign('nfr', 'For Us', { units: 5 })).rejects.toMatchObject({ code: 'license.nfr_units' });
    await expect(as.assign('nfr', 'For Us', { startsOn: '2026-04-01' })).rejects.toMatchObject({
      code: 'license.nfr_start',
    });
    const { licenses } = await as.assign('nfr', 'For Us');
    expect(licenses).toMatchObject([
      { version: 'nfr', units: 25, startsOn: '2026-03-05', endsOn: '2027-03-05', autoRenewal: true },
    ]);
    expect(await moneyOf(customerId)).toEqual([]);
    await as.customer('nfr-too');
    await expect(as.assign('nfr-too', 'For Us')).rejects.toMatchObject({ code: 'license.nfr_exists', field: 'plan' });
    await as.assign('nfr-too', 'Endpoint');
  });
});

describe('the ledger', () => {
  test('pages, filters, and adds up to the units of every license', async () => {
    const customerId = await as.customer('ledger');
    await as.assign('ledger', 'Complete', { units: 7 });
    const all = await as.run(listTransactions, { customer: 'ledger' });
    expect(all).toMatchObject({ total: 5, page: 1, pages: 1 });
    expect(all.items[0]).toMatchObject({
      at: '2026-03-05T09:00:00Z',
      effectiveOn: '2026-03-05',
      type: 'New purchase',
      customer: 'ledger',
      planBefore: null,
      planAfter: 'Complete',
      unitsBefore: 0,
      delta: 7,
      unitsAfter: 7,
      startsOn: '2026-03-05',
      endsOn: '2027-03-05',
      amount: null,
      by: 'Leo Example',
    });
    for (const { id, units } of await licensesOf(customerId)) {
      const { items } = await as.run(listTransactions, { license: id });
      expect(items.reduce((sum, { delta }) => sum + delta, 0)).toBe(units);
    }
    expect(await as.run(listTransactions, { customer: 'ledger', product: 'WEB' })).toMatchObject({ total: 1 });
    expect(await as.run(listTransactions, { customer: 'ledger', type: 'License change' })).toMatchObject({ total: 0 });
    const on = (from: string, to: string) => as.run(listTransactions, { customer: 'ledger', from, to });
    expect(await on('2026-03-05', '2026-03-05')).toMatchObject({ total: 5 });
    expect(await on('2026-03-06', '2026-03-09')).toMatchObject({ total: 0 });
    await expect(on('2026-03-06', '2026-03-05')).rejects.toMatchObject({ code: 'transactions.period', field: 'to' });
    for (const unknown of ['nothing', '0190a000-0000-7000-8000-000000000000'])
      await expect(as.run(listTransactions, { license: unknown })).rejects.toMatchObject({
        code: 'not_found',
        field: 'license',
      });
    const everything = await as.run(listTransactions, { page: 2 });
    expect(everything.items.length).toBeGreaterThan(0);
    expect(everything.pages).toBeGreaterThan(1);
  });

  test('amounts are for those who see prices', async () => {
    await as.customer('amounts');
    await as.assign('amounts', 'Endpoint Year', { units: 10 });
    expect((await as.run(listTransactions, { customer: 'amounts' })).items[0]?.amount).toBeNull();
    await world.sql(`update partner set prices_published = true where slug = 'brightside'`);
    expect((await as.run(listTransactions, { customer: 'amounts' })).items[0]?.amount).toEqual({
      amount: '295.00',
      currency: 'EUR',
    });
    // Who sells licences need not know what they cost.
    expect((await lise.run(listTransactions, { customer: 'amounts' })).items[0]?.amount).toBeNull();
    const preview = await as.run(previewAssign, { customer: 'amounts', plan: 'Encryption' });
    expect(preview.total).toBeNull();
    await world.sql(`update partner set prices_published = false where slug = 'brightside'`);
  });

  test.skipIf(!isPostgres)('of two people who assign the same at once, one does', async () => {
    const customerId = await as.customer('raced');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, turn) => (turn % 2 ? as : lise).assign('raced', 'Advanced')),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'license.duplicate' });
    expect(await licensesOf(customerId)).toHaveLength(3);
    expect(await draftsOf(customerId)).toEqual([]);
  });
});
