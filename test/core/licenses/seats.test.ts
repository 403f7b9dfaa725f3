import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Product } from '../../../src/core/catalog/product.ts';
import { changeSeats, previewSeats } from '../../../src/core/licenses/change-seats.ts';
import { listTransactions } from '../../../src/core/licenses/list-transactions.ts';
import { License } from '../../../src/core/licenses/license.ts';
import { renewLicense } from '../../../src/core/licenses/renew-license.ts';
import { PlanAssignment } from '../../../src/core/plans/plan-assignment.ts';
import { givenPrice, publishPrices, scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, isPostgres, partnerIds, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  await publishPrices(world);
  as = scriptOf(world);
  world.setNow('2025-12-01T09:00:00Z');
  await givenPrice(world, 'MOB', '2025-06-01', '36.00');
  await as.plan('Month', 'WFS');
  await as.plan('Suite', 'SP');
  await as.plan('Trial', 'WFS', { version: 'trial', initialMonths: undefined, initialDays: 30 });
  await as.plan('Free', 'WFS', { nfr: true });
  await as.plan('Year', 'MOB', { subscriptionType: 'annual_license', unitType: 'device', defaultUnits: 20 });
  await as.plan('Two Years', 'MOB', {
    subscriptionType: 'annual_license',
    unitType: 'device',
    defaultUnits: 20,
    initialMonths: 24,
  });
});
beforeEach(() => world.setNow('2026-01-01T09:00:00Z'));
afterAll(() => world.close());

const seats = (license: string, units: number, over: object = {}) => as.run(changeSeats, { license, units, ...over });
const rowsOf = async (license: string) =>
  (await as.run(listTransactions, { license })).items
    .toReversed()
    .map(
      (row) =>
        `${row.effectiveOn} ${row.reason} ${row.unitsBefore}${row.delta < 0 ? '' : '+'}${row.delta}=${row.unitsAfter} ${row.amount?.amount ?? '–'}`,
    );

describe('annual', () => {
  test('more at once, pro rata: 292 of 365 days of 36.00 for 10 seats are 288.00', async () => {
    const { license } = await as.someHolder('Year');
    world.setNow('2026-03-15T09:00:00Z');
    const shown = await as.run(previewSeats, { license, units: 30 });
    expect(shown).toMatchObject({ license: { units: 30 }, net: { amount: '288.00', currency: 'EUR' } });
    expect(await seats(license, 30)).toEqual(shown);
    expect(await rowsOf(license)).toEqual(['2026-01-01 assign 0+20=20 720.00', '2026-03-15 seats 20+10=30 288.00']);
  });

  test.each([
    ['a leap term', 'Year', '2028-01-01T09:00:00Z', '2028-03-15T09:00:00Z', '287.21'],
    ['a term of two years', 'Two Years', '2026-01-01T09:00:00Z', '2026-03-15T09:00:00Z', '648.00'],
  ])('%s', async (_name, plan, start, day, amount) => {
    world.setNow(start);
    const { license } = await as.someHolder(plan);
    world.setNow(day);
    expect(await seats(license, 30)).toMatchObject({ money: [{ kind: 'proration', amount: { amount } }] });
  });

  test('less waits for the next renewal; more, or the present number, takes it back', async () => {
    const { license } = await as.someHolder('Year');
    expect(await seats(license, 12)).toMatchObject({ license: { units: 20, unitsAtRenewal: 12 }, money: [] });
    expect(await seats(license, 12)).toMatchObject({ license: { units: 20, unitsAtRenewal: 12 }, ledger: [] });
    const back = await seats(license, 20);
    expect(back.license).not.toHaveProperty('unitsAtRenewal');
    await expect(seats(license, 20)).rejects.toMatchObject({ code: 'license.units_same' });
    await seats(license, 11);
    expect((await seats(license, 21)).license).not.toHaveProperty('unitsAtRenewal');
    expect(await rowsOf(license)).toHaveLength(2);
  });

  test('a term renewed ahead is charged in full as well, and its decrease is gone', async () => {
    const { license } = await as.someHolder('Year');
    world.setNow('2026-07-02T09:00:00Z');
    await seats(license, 15);
    await as.run(renewLicense, { license });
    const more = await seats(license, 25);
    // 5 × 36.00 × 183/365 for this term; the next was charged for 15 and has 25.
    expect(more.money?.map(({ kind, amount }) => `${kind} ${amount.amount}`)).toEqual([
      'proration 90.25',
      'charge 360.00',
    ]);
    expect(await rowsOf(license)).toEqual([
      '2026-01-01 assign 0+20=20 720.00',
      '2027-01-01 renewal 20-5=15 540.00',
      '2027-01-01 seats 15+5=20 –',
      '2026-07-02 seats 20+5=25 450.25',
    ]);
  });

  test('before its first day it counts from nothing and costs the whole term', async () => {
    const { license } = await as.someHolder('Year', { startsOn: '2026-04-15' });
    const more = await seats(license, 30);
    expect(more.net).toEqual({ amount: '360.00', currency: 'EUR' });
    expect(await rowsOf(license)).toEqual([
      '2026-04-15 assign 0+20=20 720.00',
      '2026-04-15 seats 20-20=0 –',
      '2026-01-01 seats 0+30=30 360.00',
    ]);
    expect((await seats(license, 25)).license).toMatchObject({ units: 30, unitsAtRenewal: 25 });
  });

  test('in days of grace more costs nothing of the term that is over', async () => {
    const { license } = await as.someHolder('Year');
    await world.sql('update license set auto_renewal = false where id = ?::uuid', [license]);
    world.setNow('2027-01-05T09:00:00Z');
    expect(await seats(license, 30)).toMatchObject({ license: { status: 'grace', units: 30 }, money: [] });
  });
});

describe('monthly and trial', () => {
  test('go up and down at once, without money', async () => {
    const { license } = await as.someHolder('Month');
    expect(await seats(license, 40)).toMatchObject({ license: { units: 40 }, money: [] });
    expect(await seats(license, 3)).toMatchObject({ license: { units: 3 }, money: [] });
    const trial = await as.someHolder('Trial');
    expect(await seats(trial.license, 1)).toMatchObject({ license: { units: 1, version: 'trial' } });
  });

  test('a suite goes together, with its assignment; what was removed stays removed', async () => {
    const { licenses, license } = await as.someHolder('Suite');
    const gone = licenses.at(-1)!.licenseId;
    await world.sql(`update license set removed_on = '2026-01-01', units = 0 where id = ?::uuid`, [gone]);
    const changed = await seats(license, 7);
    expect(changed.licenses.map(({ units }) => units)).toEqual([7, 7]);
    expect(await world.stored(License, gone)).toMatchObject({ units: 0 });
    expect(await world.stored(PlanAssignment, licenses[0]!.assignmentId!)).toMatchObject({ units: 7 });
  });
});

describe('refused', () => {
  const refused = async (plan: string, change: (license: string) => Promise<unknown>, code: string, units = 9) => {
    const { license } = await as.someHolder(plan);
    await change(license);
    await expect(seats(license, units)).rejects.toMatchObject({ code });
  };
  const set = (what: string) => (license: string) =>
    world.sql(`update license set ${what} where id = ?::uuid`, [license]);

  test.each([
    ['removed', `removed_on = '2026-01-01', units = 0`, 'license.removed'],
    ['expired', `ends_on = '2025-12-01', grace_days = 30, auto_renewal = false`, 'license.expired'],
    ['unbundled', 'assignment_id = null, plan_id = null', 'license.unbundled'],
    ['the present number', 'suspended = suspended', 'license.units_same', 25],
  ])('%s', async (_name, change, code, units?: number) => refused('Month', set(change), code, units));

  test('NFR', () => refused('Free', async () => {}, 'license.nfr_fixed'));

  test('while the plan waits for a suite change', async () => {
    await refused(
      'Month',
      () => world.sql(`update service_plan set locked = true where name = 'Month'`),
      'license.plan_locked',
    );
    await world.sql(`update service_plan set locked = false where name = 'Month'`);
  });

  test('below what was used in the last seven days, until it is confirmed', async () => {
    const { customerId, license } = await as.someHolder('Month');
    const { id } = await world.stored(Product, { sku: 'WFS' });
    for (const [day, used] of [
      ['2025-12-25', 24],
      ['2025-12-26', 18],
    ] as const)
      await world.sql(
        `insert into usage_day (id, partner_id, product_id, customer_id, day, provisioned, used)
         values (?::uuid, ?::uuid, ?::uuid, ?::uuid, ?::date, 25, ?)`,
        [randomUUID(), partnerIds.brightside, id, customerId, day, used],
      );
    await expect(seats(license, 17)).rejects.toMatchObject({
      code: 'license.below_used',
      field: 'confirm',
      params: { used: 18 },
    });
    expect(await seats(license, 18)).toMatchObject({ license: { units: 18 } });
    expect(await seats(license, 17, { confirm: true })).toMatchObject({ license: { units: 17 } });
  });

  test('nothing is shown or changed of another partner', async () => {
    const { license } = await as.someHolder('Month');
    const yuki = scriptOf(world, 'yuki@sakura.example');
    const missing = { code: 'not_found', field: 'license' };
    await expect(yuki.run(changeSeats, { license, units: 3 })).rejects.toMatchObject(missing);
    await expect(yuki.run(changeSeats, { license: randomUUID(), units: 3 })).rejects.toMatchObject(missing);
    const vera = scriptOf(world, 'vera@brightside.example');
    await expect(vera.run(changeSeats, { license, units: 3 })).rejects.toMatchObject({ code: 'not_allowed' });
  });
});

test.runIf(isPostgres)('of many at once each counts from the one before', async () => {
  const { license } = await as.someHolder('Year');
  const numbers = [21, 22, 23, 24, 25, 26, 27, 28];
  const done = await Promise.allSettled(numbers.map((units) => seats(license, units)));
  const stored = await world.stored(License, license);
  const [sum] = await world.sql<{ sum: number }>(
    'select sum(delta)::int as sum from customer_transaction where license_id = ?::uuid',
    [license],
  );
  expect(sum!.sum).toBe(stored.units);
  expect(done.some(({ status }) => status === 'fulfilled')).toBe(true);
  // Annual: what came after a higher number waits for the renewal instead.
  expect(stored.units).toBe(28);
});
