import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { commitCrossgrade, previewCrossgrade } from '../../../src/core/crossgrades/commit-crossgrade.ts';
import { showCustomer } from '../../../src/core/customers/show-customer.ts';
import { changeSeats } from '../../../src/core/licenses/change-seats.ts';
import { discontinuedMailContent } from '../../../src/core/licenses/discontinued-mail.ts';
import { previewRemoval, removeLicense } from '../../../src/core/licenses/remove-license.ts';
import { renewLicense } from '../../../src/core/licenses/renew-license.ts';
import { suspendLicense } from '../../../src/core/licenses/suspend-license.ts';
import { showPlan } from '../../../src/core/plans/show-plan.ts';
import { PlanAssignment } from '../../../src/core/plans/plan-assignment.ts';
import { booksOf } from '../../support/license-books.ts';
import { givenPrice, publishPrices, scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, isPostgres, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
let books: ReturnType<typeof booksOf>;

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  await publishPrices(world);
  as = scriptOf(world);
  books = booksOf(world);
  await as.plan('Endpoint', 'WFS');
  await as.plan('Endpoint Plus', 'WFS');
  await as.plan('Once', 'WFS', { autoRenewal: false });
  await as.plan('Suite', 'SP');
  await as.plan('Endpoint Year', 'WFS', { subscriptionType: 'annual_license' });
  await as.plan('Web Year', 'WEB', { subscriptionType: 'annual_license' });
  await as.plan('NFR', 'CAS', { nfr: true, version: undefined, subscriptionType: undefined, defaultUnits: undefined });
  // A third of a cent per unit: what is charged in several steps differs from what the sum would be.
  await givenPrice(world, 'WEB', '2026-01-01', '10.005');
});
beforeEach(() => world.setNow('2026-03-05T09:00:00Z'));
afterAll(() => world.close());

const remove = (license: string, over: object = {}) => as.run(removeLicense, { license, ...over });

describe('removing', () => {
  test('takes the units away as of today, for good, and tells the customer', async () => {
    const { customerId, assignmentId, license } = await as.holder('one', 'Endpoint');
    world.setNow('2026-04-01T09:00:00Z');
    world.jobs.splice(0);
    const answer = await remove(license);
    expect(answer).toMatchObject({
      license: { licenseId: license, status: 'removed', units: 0, endsOn: '2027-03-05' },
      money: [],
      net: { amount: '0.00', currency: 'EUR' },
    });
    expect(await books.rows(customerId, 1)).toEqual(['License change/removal 25 -25 0 @ 2026-04-01']);
    const [, row] = await books.ledger(customerId);
    expect(row).toMatchObject({ planAfterId: null, termBefore: { startsOn: '2026-03-05' }, termAfter: null });
    const [stored] = await books.licenses(customerId);
    expect(stored).toMatchObject({ units: 0, unitsAtRenewal: null, assignmentId });
    expect(stored!.removedOn?.toString()).toBe('2026-04-01');

    expect(world.jobs).toMatchObject([
      { name: 'notify', data: { topic: 'license.discontinued', data: { customerId } } },
    ]);
    const [job] = world.jobs;
    const { data } = job!.data as unknown as { data: { transactionId: string; licenseIds: string } };
    const told = await world.execute(discontinuedMailContent, world.system, {
      customerId,
      transactionId: data.transactionId,
      licenseIds: data.licenseIds.split(','),
    });
    expect(told.licenses).toMatchObject([
      { productName: 'Worry-Free Services', plan: 'Endpoint', units: 25, removedOn: '2026-04-01' },
    ]);
    await books.expectProof(customerId);
  });

  test('25 bought for 15 April, removed on 1 April: one row, on 15 April', async () => {
    const { customerId, license } = await as.holder('april', 'Endpoint', { startsOn: '2026-04-15' });
    world.setNow('2026-04-01T09:00:00Z');
    expect((await remove(license)).license).toMatchObject({ status: 'removed', units: 0 });
    expect(await books.rows(customerId)).toEqual([
      'New purchase/assign 0 +25 25 @ 2026-04-15',
      'License change/removal 25 -25 0 @ 2026-04-15',
    ]);
    await books.expectProof(customerId);
  });

  test('before the first term the charge is credited in full, beside the row of that day', async () => {
    const { customerId, license } = await as.holder('ahead', 'Endpoint Year', { startsOn: '2026-04-15', units: 10 });
    const shown = await as.run(previewRemoval, { license });
    const done = await remove(license);
    expect(done).toEqual(shown);
    expect(done.money).toEqual([{ kind: 'credit', product: 'WFS', amount: { amount: '-295.00', currency: 'EUR' } }]);
    expect(await books.money(customerId)).toEqual(['charge 29500 @ 2026-04-15', 'credit -29500 @ 2026-04-15']);
  });

  test('all that was charged before the first term comes back, to the cent', async () => {
    const { customerId, license } = await as.holder('cents', 'Web Year', { startsOn: '2026-04-15', units: 1 });
    for (const units of [2, 3, 5]) {
      world.setNow(`2026-03-1${units}T09:00:00Z`);
      await as.run(changeSeats, { license, units });
    }
    world.setNow('2026-04-14T09:00:00Z');
    const { net } = await remove(license);
    // 10.005 → 10.01, again, again, and 20.01: one unit more at a time costs more than five at once (50.03).
    expect(net).toEqual({ amount: '-50.04', currency: 'EUR' });
    const amounts = (await books.money(customerId)).map((line) => Number(line.split(' ')[1]));
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(0);
    await books.expectProof(customerId);
  });

  test('from its first day on nothing is refunded', async () => {
    const { customerId, license } = await as.holder('begun', 'Endpoint Year', { startsOn: '2026-04-15' });
    world.setNow('2026-04-15T09:00:00Z');
    expect((await remove(license)).money).toEqual([]);
    expect(await books.money(customerId)).toEqual(['charge 73750 @ 2026-04-15']);
    expect(await books.rows(customerId, 1)).toEqual(['License change/removal 25 -25 0 @ 2026-04-15']);
  });

  test('a term renewed ahead with fewer units is taken back on its own day', async () => {
    const { customerId, license } = await as.holder('renewed', 'Endpoint Year');
    await as.run(changeSeats, { license, units: 20 });
    await as.run(renewLicense, { license });
    await remove(license);
    expect((await books.rows(customerId, 1)).toSorted()).toEqual([
      'License change/removal 20 +5 25 @ 2027-03-05',
      'License change/removal 25 -25 0 @ 2026-03-05',
      'License change/renewal 25 -5 20 @ 2027-03-05',
    ]);
    await books.expectProof(customerId);
  });

  test('what ended is renewed first, where the job is late: as if it had run on its day', async () => {
    const { customerId, license } = await as.holder('late', 'Endpoint Year', { units: 10 });
    world.setNow('2027-03-08T09:00:00Z');
    await remove(license);
    expect((await books.rows(customerId, 1)).toSorted()).toEqual([
      'License change/removal 10 -10 0 @ 2027-03-08',
      'License change/renewal 10 0 10 @ 2027-03-05',
    ]);
    expect(await books.money(customerId)).toEqual(['charge 29500 @ 2026-03-05', 'charge 29500 @ 2027-03-05']);
    await books.expectProof(customerId);
  });

  test('one license of a suite leaves the others; with the last one the assignment ends', async () => {
    const { customerId, assignmentId, licenses } = await as.holder('suite', 'Suite');
    const status = async () => (await world.stored(PlanAssignment, assignmentId)).status;
    await remove(licenses[0]!.licenseId);
    expect(await status()).toBe('active');
    world.jobs.splice(0);
    const { licenses: gone } = await remove(licenses[1]!.licenseId, { all: true });
    expect(gone.map(({ status: now, units }) => [now, units])).toEqual([
      ['removed', 0],
      ['removed', 0],
    ]);
    expect(await status()).toBe('ended');
    // One mail tells of both.
    expect(world.jobs).toHaveLength(1);
    const { assignments } = await as.run(showCustomer, { customer: 'suite' });
    expect(assignments).toMatchObject([{ plan: 'Suite', status: 'ended' }]);
    expect((await as.run(showPlan, { plan: 'Suite' })).customers).toBe(0);
    await books.expectProof(customerId);
  });

  test('suspended, unbundled, NFR, of a locked plan, of a suspended customer: all can go', async () => {
    const { customerId, license } = await as.holder('any', 'Endpoint');
    const nfr = await as.assign('any', 'NFR');
    await as.run(suspendLicense, { license });
    await world.sql(`update license set assignment_id = null, plan_id = null where id = ?::uuid`, [license]);
    await world.sql(`update service_plan set locked = true where name = 'NFR'`);
    await world.sql(`update customer set status = 'suspended' where id = ?::uuid`, [customerId]);
    await remove(license);
    await remove(nfr.licenses[0]!.licenseId);
    await books.expectProof(customerId);
  });

  test('frees the product for another license', async () => {
    const { license } = await as.holder('again', 'Endpoint');
    await remove(license);
    expect((await as.assign('again', 'Endpoint')).licenses).toMatchObject([{ status: 'active' }]);
  });

  test('a crossgrade that removes one that never began credits what was charged as well', async () => {
    const { customerId, license } = await as.holder('superseded', 'Web Year', { startsOn: '2026-04-15', units: 1 });
    await as.run(changeSeats, { license, units: 2 });
    await as.plan('Everything', 'SPC', { defaultUnits: 5 });
    const input = { customer: 'superseded', plan: 'Everything' };
    const { hash, money } = await as.run(previewCrossgrade, input);
    // It moves: the formula at the price of the term holds.
    expect(money).toMatchObject([{ kind: 'credit', amount: { amount: '-20.01' } }]);
    await as.run(commitCrossgrade, { ...input, hash });
    await books.expectProof(customerId);
  });
});

describe('refused, and nothing is left behind', () => {
  test('twice, expired, and out of reach', async () => {
    const { customerId, license } = await as.holder('refused', 'Once');
    await remove(license);
    const rows = await books.rows(customerId);
    world.jobs.splice(0);
    await expect(remove(license)).rejects.toMatchObject({ code: 'license.removed', field: 'license' });
    await expect(remove(license, { all: true })).rejects.toMatchObject({ code: 'license.removed' });
    const second = await as.assign('refused', 'Once');
    world.setNow('2027-04-04T09:00:00Z');
    await expect(remove(second.licenses[0]!.licenseId)).rejects.toMatchObject({ code: 'license.expired' });
    world.setNow('2027-04-03T09:00:00Z');
    expect(await books.rows(customerId)).toHaveLength(rows.length + 1);
    expect(world.jobs.filter(({ data }) => 'topic' in data && data.topic === 'license.discontinued')).toEqual([]);
    await remove(second.licenses[0]!.licenseId);

    const vera = scriptOf(world, 'vera@brightside.example');
    await expect(vera.run(removeLicense, { license })).rejects.toMatchObject({ code: 'not_allowed' });
    const yuki = scriptOf(world, 'yuki@sakura.example');
    await expect(yuki.run(removeLicense, { license })).rejects.toMatchObject({ code: 'not_found', field: 'license' });
  });

  test('amounts are for who sees prices', async () => {
    const { license } = await as.holder('prices', 'Endpoint Year', { startsOn: '2026-04-15' });
    const lise = scriptOf(world, 'lise@brightside.example');
    const shown = await lise.run(previewRemoval, { license });
    expect(shown).not.toHaveProperty('money');
    expect(shown).not.toHaveProperty('net');
    expect(shown.license.status).toBe('removed');
  });
});

describe.runIf(isPostgres)('at the same time', () => {
  test('of two who remove, one does', async () => {
    const { customerId, license } = await as.holder('race-twice', 'Endpoint');
    const both = await Promise.allSettled([1, 2].map(() => remove(license)));
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'license.removed' } });
    expect(await books.rows(customerId, 1)).toHaveLength(1);
  });

  test('removing beside other seats: the removal takes what is there', async () => {
    const { customerId, license } = await as.holder('race-seats', 'Endpoint');
    const [seats, removed] = await Promise.allSettled([as.run(changeSeats, { license, units: 40 }), remove(license)]);
    expect(removed.status).toBe('fulfilled');
    if (seats.status === 'rejected') expect(seats.reason).toMatchObject({ code: 'license.removed' });
    const last = (await books.rows(customerId)).at(-1);
    expect(last).toBe(
      seats.status === 'fulfilled'
        ? 'License change/removal 40 -40 0 @ 2026-03-05'
        : 'License change/removal 25 -25 0 @ 2026-03-05',
    );
    await books.expectProof(customerId);
  });

  test('removing beside a crossgrade: one license at most is open afterwards', async () => {
    const { customerId, license } = await as.holder('race-crossgrade', 'Endpoint');
    const input = { customer: 'race-crossgrade', plan: 'Endpoint Plus' };
    const { hash } = await as.run(previewCrossgrade, input);
    const [crossgrade, removed] = await Promise.allSettled([
      as.run(commitCrossgrade, { ...input, hash }),
      remove(license),
    ]);
    expect(removed.status).toBe('fulfilled');
    if (crossgrade.status === 'rejected')
      expect(['crossgrade.stale', 'crossgrade.not_needed']).toContain(crossgrade.reason.code);
    expect((await books.licenses(customerId)).filter(({ removedOn }) => removedOn === null)).toEqual([]);
    await books.expectProof(customerId);
  });
});
