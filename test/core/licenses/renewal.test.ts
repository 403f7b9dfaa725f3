import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { commitCrossgrade, previewCrossgrade } from '../../../src/core/crossgrades/commit-crossgrade.ts';
import { resumeCustomer, suspendCustomer } from '../../../src/core/customers/suspend-customer.ts';
import { changeSeats, previewSeats } from '../../../src/core/licenses/change-seats.ts';
import { activateLicense } from '../../../src/core/licenses/activate-license.ts';
import { previewAssign } from '../../../src/core/licenses/assign.ts';
import { listLicenses } from '../../../src/core/licenses/list-licenses.ts';
import { listTransactions } from '../../../src/core/licenses/list-transactions.ts';
import { License } from '../../../src/core/licenses/license.ts';
import { licenseChoices, showOneLicense } from '../../../src/core/licenses/show-license.ts';
import { removeLicense } from '../../../src/core/licenses/remove-license.ts';
import { previewRenewal, renewLicense } from '../../../src/core/licenses/renew-license.ts';
import { renewalsDue, runRenewals } from '../../../src/core/licenses/run-renewals.ts';
import { SuiteChange } from '../../../src/core/suites/suite-change.ts';
import { Product } from '../../../src/core/catalog/product.ts';
import { givenPrice, publishPrices, renewAllDue, scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, isPostgres, partnerIds, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  await publishPrices(world);
  as = scriptOf(world);
  world.setNow('2026-01-01T09:00:00Z');
  await givenPrice(world, 'MOB', '2025-06-01', '36.00');
  await givenPrice(world, 'MOB', '2027-01-01', '40.00');
  const annual = { subscriptionType: 'annual_license', unitType: 'device', defaultUnits: 20 };
  await as.plan('Year', 'MOB', annual);
  await as.plan('Year By Hand', 'MOB', { ...annual, autoRenewal: false });
  await as.plan('Month', 'WFS', { initialMonths: 1, graceDays: 0 });
  await as.plan('Month With Grace', 'WFS', { initialMonths: 1, graceDays: 10 });
  await as.plan('By Hand', 'WFS', { initialMonths: 1, graceDays: 10, autoRenewal: false, notifyDays: [7, 14] });
  await as.plan('Suite', 'SP', { initialMonths: 1, renewalMonths: 3 });
  await as.plan('Trial', 'WFS', { version: 'trial', initialMonths: undefined, initialDays: 30 });
  await as.plan('Free', 'WFS', { nfr: true });
});
beforeEach(() => world.setNow('2026-01-01T09:00:00Z'));
afterAll(() => world.close());

/** Everything that is due, and what of it concerns one licence. */
const runJob = async (license: string) => (await renewAllDue(world)).filter(({ licenseId }) => licenseId === license);
const renew = (license: string) => as.run(renewLicense, { license });
const termsOf = async (license: string) =>
  (await world.stored(License, license)).terms.map(({ startsOn, endsOn }) => `${startsOn} ${endsOn}`);
const rowsOf = async (license: string) =>
  (await as.run(listTransactions, { license })).items
    .toReversed()
    .filter(({ reason }) => reason === 'renewal')
    .map(
      (row) => `${row.effectiveOn} ${row.delta} ${row.startsOn} ${row.endsOn} ${row.amount?.amount ?? '–'} ${row.by}`,
    );
const statusOf = async (account: string) =>
  (await as.run(listLicenses, { customer: account })).items.map(({ status }) => status);

describe('by itself', () => {
  test('at the end, at local midnight, for the renewal period, at the list of that day', async () => {
    const { license } = await as.someHolder('Year');
    world.setNow('2026-12-31T22:59:59Z'); // Berlin is an hour ahead
    expect(await runJob(license)).toEqual([]);
    world.setNow('2026-12-31T23:00:00Z');
    expect(await runJob(license)).toMatchObject([{ startsOn: '2027-01-01', endsOn: '2028-01-01', units: 20 }]);
    expect(await runJob(license)).toEqual([]);
    expect(await rowsOf(license)).toEqual(['2027-01-01 0 2027-01-01 2028-01-01 800.00 null']);
  });

  test('three months late it writes three rows, as if on time', async () => {
    const { license } = await as.someHolder('Month', { startsOn: '2026-01-31' });
    world.setNow('2026-05-05T09:00:00Z');
    expect(await runJob(license)).toHaveLength(3);
    expect(await rowsOf(license)).toEqual([
      '2026-02-28 0 2026-02-28 2026-03-31 – null',
      '2026-03-31 0 2026-03-31 2026-04-30 – null',
      '2026-04-30 0 2026-04-30 2026-05-31 – null',
    ]);
    expect(await world.execute(renewalsDue, world.system, {})).toEqual({ due: false });
  });

  test('before seats change, where the job is late', async () => {
    const { license } = await as.someHolder('Year');
    world.setNow('2027-01-09T09:00:00Z');
    // 5 × 40.00 × 357/365
    const more = await as.run(changeSeats, { license, units: 25 });
    expect(more).toMatchObject({ license: { units: 25, endsOn: '2028-01-01' }, net: { amount: '195.62' } });
    expect(await runJob(license)).toEqual([]);
    expect(await rowsOf(license)).toEqual(['2027-01-01 0 2027-01-01 2028-01-01 800.00 null']);
  });

  test('a decrease that waited is applied, in one row, and charged for', async () => {
    const { account, license } = await as.someHolder('Year');
    await as.run(changeSeats, { license, units: 15 });
    world.setNow('2027-01-09T09:00:00Z');
    await runJob(license);
    expect(await rowsOf(license)).toEqual(['2027-01-01 -5 2027-01-01 2028-01-01 600.00 null']);
    expect((await as.run(listLicenses, { customer: account })).items).toMatchObject([{ units: 15 }]);
  });

  test('without a price of its own the old one is kept, and marked', async () => {
    const { license } = await as.someHolder('Year');
    const prices = await world.sql<{ id: string; currency: string }>(
      `select id, currency from price where currency = 'EUR'`,
    );
    await world.sql(`update price set currency = 'XTS' where currency = 'EUR'`);
    world.setNow('2027-01-01T09:00:00Z');
    await runJob(license);
    for (const { id, currency } of prices)
      await world.sql('update price set currency = ? where id = ?::uuid', [currency, id]);
    expect((await world.stored(License, license)).terms.at(-1)).toMatchObject({
      yearlyPrice: '36.00',
      priceKept: true,
    });
  });

  test('trials never, NFR always', async () => {
    const trial = await as.someHolder('Trial');
    const free = await as.someHolder('Free');
    world.setNow('2027-03-01T09:00:00Z');
    expect(await runJob(trial.license)).toEqual([]);
    expect(await runJob(free.license)).toEqual([]);
    expect(await termsOf(free.license)).toEqual(['2026-01-01 2027-01-01', '2027-01-01 2028-01-01']);
    expect(await statusOf(trial.account)).toEqual(['expired']);
  });

  describe('hindered at its end', () => {
    const suspendedAt = async (account: string, from: string, to: string | null) => {
      world.setNow(from);
      await as.run(suspendCustomer, { customer: account });
      if (to === null) return;
      world.setNow(to);
      await as.run(resumeCustomer, { customer: account });
    };

    test('renews from the old end on the first day that it can, before the end of grace', async () => {
      const { account, license } = await as.someHolder('Month With Grace');
      world.setNow('2026-01-20T09:00:00Z');
      await as.run(suspendCustomer, { customer: account });
      world.setNow('2026-02-01T09:00:00Z');
      expect(await runJob(license)).toEqual([]);
      world.setNow('2026-02-08T09:00:00Z');
      expect(await runJob(license)).toEqual([]);
      await as.run(resumeCustomer, { customer: account });
      expect(await runJob(license)).toMatchObject([{ startsOn: '2026-02-01', endsOn: '2026-03-01' }]);
    });

    test.each([
      ['the moment decides, however late the job is', 'Month', '2026-02-02T09:00:00Z', '2026-02-20T09:00:00Z', 2],
      ['suspended at that moment, without grace: over', 'Month', '2026-01-20T09:00:00Z', '2026-02-01T09:00:00Z', 0],
      ['resumed on the last day of grace', 'Month With Grace', '2026-01-20T09:00:00Z', '2026-02-10T20:00:00Z', 2],
      ['resumed at the end of grace', 'Month With Grace', '2026-01-20T09:00:00Z', '2026-02-10T23:00:00Z', 0],
      ['suspended for good', 'Month With Grace', '2026-01-20T09:00:00Z', null, 0],
    ])('%s', async (_name, plan, from, to, terms) => {
      const { account, license } = await as.someHolder(plan);
      await suspendedAt(account, from, to);
      world.setNow('2026-03-05T09:00:00Z');
      expect(await runJob(license)).toHaveLength(terms);
      expect(await runJob(license)).toEqual([]);
    });

    test('a plan that waits for a suite change, by the history of the change', async () => {
      const { license } = await as.someHolder('Suite');
      const suite = await world.stored(Product, { sku: 'SP' });
      const change = {
        partnerId: partnerIds.brightside,
        productId: suite.id,
        before: [],
        after: [],
        approvedBy: null,
        replacedAt: null,
        dataCentres: {},
      };
      await world.given(
        new SuiteChange({
          ...change,
          id: randomUUID(),
          openedAt: Temporal.Instant.from('2026-01-20T09:00:00Z'),
          approvedAt: Temporal.Instant.from('2026-02-05T09:00:00Z'),
        }),
      );
      world.setNow('2026-03-20T09:00:00Z');
      expect(await runJob(license)).toMatchObject([{ startsOn: '2026-02-01', endsOn: '2026-05-01' }]);
    });

    test('past end of sale it is over', async () => {
      const { account, license } = await as.someHolder('Month With Grace');
      await world.sql(`update product set end_of_sale_on = '2026-02-01' where sku = 'WFS'`);
      world.setNow('2026-03-05T09:00:00Z');
      expect(await runJob(license)).toEqual([]);
      await world.sql(`update product set end_of_sale_on = null where sku = 'WFS'`);
      expect(await statusOf(account)).toEqual(['expired']);
    });
  });
});

describe('what a person does while the job is late counts from licences as they should stand', () => {
  const gap = '2026-02-10T09:00:00Z'; // ended on 1 February, without grace

  test('renewed by hand: one term ahead of the one that it missed', async () => {
    const { license } = await as.someHolder('Month');
    world.setNow(gap);
    const shown = await as.run(previewRenewal, { license });
    expect(await termsOf(license)).toEqual(['2026-01-01 2026-02-01']);
    expect(await renew(license)).toEqual(shown);
    expect(await termsOf(license)).toEqual(['2026-01-01 2026-02-01', '2026-02-01 2026-03-01', '2026-03-01 2026-04-01']);
    expect(await rowsOf(license)).toEqual([
      '2026-02-01 0 2026-02-01 2026-03-01 – null',
      '2026-03-01 0 2026-03-01 2026-04-01 – Leo Example',
    ]);
    await expect(renew(license)).rejects.toMatchObject({ code: 'license.renewed_ahead' });
    expect(await runJob(license)).toEqual([]);
  });

  test('not renewed by hand where it was over on time', async () => {
    const { account, license } = await as.someHolder('Month');
    world.setNow('2026-01-20T09:00:00Z');
    await as.run(suspendCustomer, { customer: account });
    world.setNow(gap);
    await as.run(resumeCustomer, { customer: account });
    expect(await renew(license)).toMatchObject({ license: { startsOn: '2026-01-01', endsOn: '2026-03-10' } });
    expect(await termsOf(license)).toEqual(['2026-01-01 2026-02-01', '2026-02-10 2026-03-10']);
  });

  test('seats: the preview says what is charged', async () => {
    const { license } = await as.someHolder('Year');
    world.setNow('2027-01-09T09:00:00Z');
    const shown = await as.run(previewSeats, { license, units: 25 });
    expect(shown).toMatchObject({ net: { amount: '195.62' } });
    expect(await as.run(changeSeats, { license, units: 25 })).toEqual(shown);
  });

  test('a plan with a product that the customer has is a crossgrade', async () => {
    const { account, license } = await as.someHolder('Month');
    world.setNow(gap);
    const refused = { code: 'license.duplicate' };
    await expect(as.run(previewAssign, { customer: account, plan: 'By Hand' })).rejects.toMatchObject(refused);
    await expect(as.assign(account, 'By Hand')).rejects.toMatchObject(refused);
    const asked = { customer: account, plan: 'By Hand', units: 30 };
    const shown = await as.run(previewCrossgrade, asked);
    expect(shown.after).toMatchObject([{ licenseId: license, units: 30 }]);
    await as.run(commitCrossgrade, { ...asked, hash: shown.hash });
    expect(await termsOf(license)).toEqual(['2026-01-01 2026-02-01', '2026-02-01 2026-02-10', '2026-02-10 2026-03-10']);
    expect(await rowsOf(license)).toHaveLength(1);
  });

  test('an annual one moves with the preview that was seen', async () => {
    const { account, license } = await as.someHolder('Year');
    world.setNow('2027-01-20T09:00:00Z');
    const asked = { customer: account, plan: 'Year By Hand' };
    const { hash, net } = await as.run(previewCrossgrade, asked);
    // 20 × 40.00 in full, less what is left of the renewed term: 20 × 40.00 × 346/365
    expect(net).toEqual({ amount: '41.64', currency: 'EUR' });
    await as.run(commitCrossgrade, { ...asked, hash });
    expect(await termsOf(license)).toEqual(['2026-01-01 2027-01-01', '2027-01-01 2027-01-20', '2027-01-20 2028-01-20']);
  });

  test('a first sign-in, and what is offered', async () => {
    await as.plan('At Sign-In', 'WFS', { initialMonths: 1, graceDays: 0, activation: 'on_first_sign_in' });
    const { account, license } = await as.someHolder('At Sign-In');
    world.setNow(gap);
    const shown = await as.run(showOneLicense, { license });
    expect(shown).toMatchObject({ license: { endsOn: '2026-03-01', status: 'pending_activation' } });
    expect(shown.may).toContain('seats');
    const { items } = await as.run(licenseChoices, { customer: account, verb: 'seats' });
    expect(items).toMatchObject([{ licenseId: license, endsOn: '2026-03-01' }]);
    expect(await termsOf(license)).toHaveLength(1);
    expect(await as.run(activateLicense, { license })).toMatchObject({ license: { status: 'active' } });
    expect(await termsOf(license)).toHaveLength(2);
  });

  test('an NFR licence is not given a second time', async () => {
    await as.plan('Mail For Free', 'EMS-STD', { nfr: true, unitType: 'mailbox' });
    await as.someHolder('Mail For Free');
    world.setNow('2027-04-01T09:00:00Z');
    await expect(as.someHolder('Mail For Free')).rejects.toMatchObject({ code: 'license.nfr_exists' });
  });
});

describe('by hand', () => {
  test('ahead, once, from the old end, with the decrease that waited', async () => {
    const { account, license } = await as.someHolder('Year');
    await as.run(changeSeats, { license, units: 15 });
    world.setNow('2026-11-01T09:00:00Z');
    const shown = await as.run(previewRenewal, { license });
    expect(await renew(license)).toEqual(shown);
    expect(shown).toMatchObject({ license: { units: 20, endsOn: '2028-01-01' }, net: { amount: '600.00' } });
    await expect(renew(license)).rejects.toMatchObject({ code: 'license.renewed_ahead' });
    const listed = async () => (await as.run(listLicenses, { customer: account })).items;
    expect(await listed()).toMatchObject([{ units: 20 }]);
    // The number changes on its day, with and without the job.
    world.setNow('2027-01-01T09:00:00Z');
    expect(await listed()).toMatchObject([{ units: 15 }]);
    await runJob(license);
    expect(await listed()).toMatchObject([{ units: 15 }]);
    expect(await world.stored(License, license)).toMatchObject({ units: 15 });
  });

  test('removed after it was renewed ahead, nothing comes of the term', async () => {
    const { license } = await as.someHolder('Year');
    await as.run(changeSeats, { license, units: 15 });
    world.setNow('2026-11-01T09:00:00Z');
    await renew(license);
    await as.run(removeLicense, { license });
    world.setNow('2027-01-01T09:00:00Z');
    await runJob(license);
    expect(await world.stored(License, license)).toMatchObject({ units: 0 });
  });

  test('in grace from the old end, which keeps the anchor; expired from today, which sets a new one', async () => {
    const { license } = await as.someHolder('By Hand', { startsOn: '2026-01-31' });
    world.setNow('2026-03-05T09:00:00Z');
    await renew(license);
    world.setNow('2026-05-20T09:00:00Z');
    await renew(license);
    world.setNow('2026-06-21T09:00:00Z');
    await renew(license);
    expect(await termsOf(license)).toEqual([
      '2026-01-31 2026-02-28',
      '2026-02-28 2026-03-31',
      '2026-05-20 2026-06-20',
      '2026-06-20 2026-07-20',
    ]);
  });

  test('units that were added in the days of grace stay, and are charged for what was left of the term', async () => {
    const { license } = await as.someHolder('Year By Hand');
    world.setNow('2027-01-11T09:00:00Z');
    await as.run(changeSeats, { license, units: 30 });
    // 20 × 40.00, and 10 × 40.00 × 355/365
    expect(await renew(license)).toMatchObject({ license: { units: 30 }, net: { amount: '1189.04' } });
    expect(await world.stored(License, license)).toMatchObject({ units: 30 });
    const other = await as.someHolder('Year By Hand');
    world.setNow('2028-01-15T09:00:00Z');
    await as.run(changeSeats, { license: other.license, units: 30 });
    await as.run(changeSeats, { license: other.license, units: 12 });
    expect(await renew(other.license)).toMatchObject({ license: { units: 12 }, net: { amount: '480.00' } });
  });

  test('a suite goes together, for its renewal period', async () => {
    const { licenses, license } = await as.someHolder('Suite');
    const { licenses: changed } = await renew(license);
    expect(changed.map(({ endsOn }) => endsOn)).toEqual(licenses.map(() => '2026-05-01'));
  });

  test.each([
    ['a trial', 'Trial', '', 'license.trial_never_renews'],
    ['NFR', 'Free', '', 'license.nfr_fixed'],
    ['unbundled', 'Month', 'assignment_id = null, plan_id = null', 'license.unbundled'],
    ['removed', 'Month', `removed_on = '2026-01-01', units = 0`, 'license.removed'],
    ['not begun', 'Month', `starts_on = '2026-01-02'`, 'license.not_begun'],
  ])('not %s', async (_name, plan, change, code) => {
    // One NFR licence of a product is all there is.
    const license =
      plan === 'Free' ? (await world.all(License, { version: 'nfr' }))[0]!.id : (await as.someHolder(plan)).license;
    if (change) await world.sql(`update license set ${change} where id = ?::uuid`, [license]);
    await expect(renew(license)).rejects.toMatchObject({ code, field: 'license' });
  });

  test('not while the plan is locked, past end of sale, or the customer suspended', async () => {
    const { account, license } = await as.someHolder('Month');
    await world.sql(`update service_plan set locked = true where name = 'Month'`);
    await expect(renew(license)).rejects.toMatchObject({ code: 'license.plan_locked' });
    await world.sql(`update service_plan set locked = false where name = 'Month'`);
    await world.sql(`update product set end_of_sale_on = '2026-01-01' where sku = 'WFS'`);
    await expect(renew(license)).rejects.toMatchObject({ code: 'license.sale_ended' });
    await world.sql(`update product set end_of_sale_on = null where sku = 'WFS'`);
    await as.run(suspendCustomer, { customer: account });
    await expect(renew(license)).rejects.toMatchObject({ code: 'license.renew_suspended' });
  });

  test('an expired one not beside another open one of its product', async () => {
    const { account, license } = await as.someHolder('By Hand');
    world.setNow('2026-04-01T09:00:00Z');
    await as.assign(account, 'Month');
    await expect(renew(license)).rejects.toMatchObject({ code: 'license.other_open' });
  });

  test.runIf(isPostgres)('of many at once, beside the job, one term comes', async () => {
    const { license } = await as.someHolder('Month With Grace');
    world.setNow('2026-02-01T09:00:00Z');
    await Promise.allSettled([
      ...Array.from({ length: 4 }, () => renew(license)),
      ...Array.from({ length: 4 }, () => world.execute(runRenewals, world.system, {})),
    ]);
    const terms = await termsOf(license);
    expect(terms.slice(0, 2)).toEqual(['2026-01-01 2026-02-01', '2026-02-01 2026-03-01']);
    expect(new Set(terms).size).toBe(terms.length);
    expect(terms.length).toBeLessThanOrEqual(3);
    expect(await rowsOf(license)).toHaveLength(terms.length - 1);
  });
});

describe('notices', () => {
  const told = async (license: string, on: string) => {
    world.setNow(on);
    world.jobs.splice(0);
    await runJob(license);
    return world.jobs
      .filter(({ data }) => JSON.stringify(data).includes(license))
      .map(({ data }) => (data as { data?: { notice?: string } }).data?.notice);
  };

  test('once for each window, and once when it is over; a late job tells of the nearest only', async () => {
    const { license } = await as.someHolder('By Hand');
    expect(await told(license, '2026-01-17T09:00:00Z')).toEqual([]);
    expect(await told(license, '2026-01-18T09:00:00Z')).toEqual(['14']);
    expect(await told(license, '2026-01-19T09:00:00Z')).toEqual([]);
    expect(await told(license, '2026-01-25T09:00:00Z')).toEqual(['7']);
    expect(await told(license, '2026-02-01T09:00:00Z')).toEqual([]);
    expect(await told(license, '2026-02-11T09:00:00Z')).toEqual(['expired']);
    expect(await told(license, '2026-03-11T09:00:00Z')).toEqual([]);
    world.setNow('2026-01-01T09:00:00Z');
    const late = await as.someHolder('By Hand');
    expect(await told(late.license, '2026-01-30T09:00:00Z')).toEqual(['7']);
  });

  test('not where it renews by itself', async () => {
    const { license } = await as.someHolder('Month With Grace');
    expect(await told(license, '2026-01-25T09:00:00Z')).toEqual([]);
  });
});
