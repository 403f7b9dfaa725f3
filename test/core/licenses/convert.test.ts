import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { commitCrossgrade, previewCrossgrade } from '../../../src/core/crossgrades/commit-crossgrade.ts';
import { suspendCustomer } from '../../../src/core/customers/suspend-customer.ts';
import { activateLicense } from '../../../src/core/licenses/activate-license.ts';
import { changeSeats } from '../../../src/core/licenses/change-seats.ts';
import { convertLicense, previewConversion } from '../../../src/core/licenses/convert-license.ts';
import { listLicenses } from '../../../src/core/licenses/list-licenses.ts';
import { removeLicense } from '../../../src/core/licenses/remove-license.ts';
import { suspendLicense } from '../../../src/core/licenses/suspend-license.ts';
import { PlanAssignment } from '../../../src/core/plans/plan-assignment.ts';
import { WaitingCrossgrade } from '../../../src/core/plans/waiting-crossgrade.ts';
import { booksOf } from '../../support/license-books.ts';
import { publishPrices, scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, isPostgres, partnerIds, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
let books: ReturnType<typeof booksOf>;
const trial = { version: 'trial', initialDays: 30, initialMonths: undefined };

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  await publishPrices(world);
  as = scriptOf(world);
  books = booksOf(world);
  await as.plan('Trial', 'WFS', trial);
  await as.plan('Trial Graced', 'WFS', { ...trial, graceDays: 10 });
  await as.plan('Full', 'WFS', {
    defaultUnits: 5,
    notifyDays: [7, 60],
    graceDays: 14,
    initialMonths: 6,
    renewalMonths: 3,
  });
  await as.plan('Trial At Sign-In', 'WFS', { ...trial, activation: 'on_first_sign_in' });
  await as.plan('Full At Sign-In', 'WFS', { activation: 'on_first_sign_in' });
  await as.plan('Year', 'WFS', { subscriptionType: 'annual_license' });
  await as.plan('Japan', 'WFS', { dataCentre: 'Japan' });
  await as.plan('Mail', 'EMS-STD');
  await as.plan('Mail Trial', 'EMS-STD', trial);
  await as.plan('Suite Trial', 'SP', trial);
  await as.plan('Suite', 'SP', { defaultUnits: 5 });
  await as.plan('Suite Year', 'SP', { subscriptionType: 'annual_license' });
  await as.plan('Advanced', 'WFS-ADV');
  await as.plan('Encrypt Trial', 'EE', { ...trial, dataCentre: undefined });
  await as.plan('Encrypt Trial Plus', 'EE', { ...trial, dataCentre: undefined });
  await as.plan('Encrypt', 'EE', { dataCentre: undefined });
  await as.plan('Cloud Trial', 'CAS', trial);
  await as.plan('Cloud', 'CAS');
  await as.plan('NFR', 'CAS', { nfr: true, version: undefined, subscriptionType: undefined, defaultUnits: undefined });
  await as.plan('NFR Endpoint', 'WFS', {
    nfr: true,
    version: undefined,
    subscriptionType: undefined,
    defaultUnits: undefined,
  });
});
beforeEach(() => world.setNow('2026-03-05T09:00:00Z'));
afterAll(() => world.close());

const convert = (license: string, plan: string) => as.run(convertLicense, { license, plan });
const termsOf = async (customerId: string) =>
  (await books.licenses(customerId)).map(({ terms }) =>
    terms.map(({ startsOn, endsOn, version }) => `${version} ${startsOn} to ${endsOn}`),
  );

describe('a trial becomes full', () => {
  test('id, history and units stay; the full term starts today with the settings of the new plan', async () => {
    const { customerId, assignmentId, license } = await as.holder('one', 'Trial', { units: 12 });
    world.setNow('2026-03-20T09:00:00Z');
    const shown = await as.run(previewConversion, { license, plan: 'Full' });
    const done = await convert(license, 'full');
    expect({ ...done.license, assignmentId }).toEqual(shown.license);
    expect([done.ledger, done.money, done.net]).toEqual([shown.ledger, shown.money, shown.net]);
    expect(done.license).toMatchObject({
      licenseId: license,
      version: 'full',
      subscriptionType: 'monthly_plan',
      plan: 'Full',
      units: 12,
      startsOn: '2026-03-05',
      endsOn: '2026-09-20',
      status: 'active',
      autoRenewal: true,
    });
    expect(await books.rows(customerId, 1)).toEqual(['License conversion/conversion 12 0 12 @ 2026-03-20']);
    const [, row] = await books.ledger(customerId);
    expect(row).toMatchObject({
      termBefore: { startsOn: '2026-03-05', endsOn: '2026-04-04' },
      termAfter: { startsOn: '2026-03-20', endsOn: '2026-09-20' },
    });
    expect(row!.planBeforeId).not.toBe(row!.planAfterId);
    expect(await termsOf(customerId)).toEqual([['trial 2026-03-05 to 2026-03-20', 'full 2026-03-20 to 2026-09-20']]);
    const [stored] = await books.licenses(customerId);
    expect(stored).toMatchObject({ graceDays: 14, notifyDays: [7, 60], unitsAtRenewal: null, suspended: false });

    const [former, now] = await world.all(PlanAssignment, { customerId });
    expect(former).toMatchObject({ id: assignmentId, status: 'replaced' });
    expect(now).toMatchObject({
      id: stored!.assignmentId,
      status: 'active',
      units: 12,
      composition: former!.composition,
    });
    expect(now!.settings).toMatchObject({ renewalMonths: 3, graceDays: 14 });
    expect(await books.money(customerId)).toEqual([]);
    await books.expectProof(customerId);
  });

  test('annual: charged in full at the list of today', async () => {
    const { customerId, license } = await as.holder('annual', 'Trial', { units: 12 });
    world.setNow('2026-03-20T09:00:00Z');
    const { money, net } = await convert(license, 'Year');
    expect(money).toEqual([{ kind: 'charge', product: 'WFS', amount: { amount: '354.00', currency: 'EUR' } }]);
    expect(net).toEqual({ amount: '354.00', currency: 'EUR' });
    expect(await books.money(customerId)).toEqual(['charge 35400 @ 2026-03-20']);
    const lise = scriptOf(world, 'lise@brightside.example');
    const other = await as.holder('annual-unseen', 'Trial');
    expect(await lise.run(previewConversion, { license: other.license, plan: 'Year' })).not.toHaveProperty('money');
  });

  test.each([
    ['on first sign-in, of a trial that nobody signed in to', 'Trial', 'Full At Sign-In', false, 'pending_activation'],
    ['on first sign-in, of a trial that somebody signed in to', 'Trial At Sign-In', 'Full At Sign-In', true, 'active'],
    ['at once, of a trial that nobody signed in to', 'Trial At Sign-In', 'Full', false, 'active'],
  ])('its activation is the new plan’s: %s', async (_name, trial, full, signsIn, status) => {
    const { license } = await as.someHolder(trial);
    if (signsIn) await as.run(activateLicense, { license });
    expect((await convert(license, full)).license).toMatchObject({ status });
  });

  test('on its first day: the trial leaves no term behind', async () => {
    const { customerId, license } = await as.holder('same-day', 'Trial');
    await convert(license, 'Full');
    expect(await termsOf(customerId)).toEqual([['full 2026-03-05 to 2026-09-05']]);
    await books.expectProof(customerId);
  });

  test('before its first day: what was to come is taken back, and the units count from today', async () => {
    const { customerId, license } = await as.holder('ahead', 'Trial', { startsOn: '2026-04-15' });
    expect((await convert(license, 'Year')).license).toMatchObject({
      startsOn: '2026-03-05',
      status: 'active',
      units: 25,
    });
    expect((await books.rows(customerId, 1)).toSorted()).toEqual([
      'License conversion/conversion 0 +25 25 @ 2026-03-05',
      'License conversion/conversion 25 -25 0 @ 2026-04-15',
    ]);
    expect(await termsOf(customerId)).toEqual([['full 2026-03-05 to 2027-03-05']]);
    expect(await books.money(customerId)).toEqual(['charge 73750 @ 2026-03-05']);
    await books.expectProof(customerId);
  });

  test('of a suite all together, each at the price of its own product', async () => {
    const { customerId, licenses } = await as.holder('suite', 'Suite Trial', { units: 10 });
    const before = await books.bySku(customerId);
    await as.run(suspendLicense, { license: before.get('EMS-STD')!.id });
    const [former] = await world.all(PlanAssignment, { customerId });
    world.setNow('2026-03-20T09:00:00Z');
    const { licenses: done, money } = await convert(licenses[1]!.licenseId, 'Suite Year');
    expect(done.map(({ licenseId }) => licenseId).toSorted()).toEqual(
      licenses.map(({ licenseId }) => licenseId).toSorted(),
    );
    expect(money!.map(({ product }) => product).toSorted()).toEqual(['EE', 'EMS-STD', 'WFS']);
    const now = await books.bySku(customerId);
    for (const [sku, license] of now) {
      const { activationCode, dataCentre } = before.get(sku)!;
      expect(license, sku).toMatchObject({
        version: 'full',
        units: 10,
        suspended: sku === 'EMS-STD',
        activationCode,
        dataCentre,
      });
    }
    const assignments = await world.all(PlanAssignment, { customerId });
    expect(assignments.map(({ status }) => status)).toEqual(['replaced', 'active']);
    expect(assignments[1]!.composition).toEqual(former!.composition);
    await books.expectProof(customerId);
  });

  test('what a customer has of a suite stays so, whatever the suite gives by now', async () => {
    const { customerId, licenses } = await as.holder('composition', 'Suite Trial');
    await as.run(removeLicense, { license: licenses[2]!.licenseId });
    const [former] = await world.all(PlanAssignment, { customerId });
    await convert(licenses[0]!.licenseId, 'Suite');
    const kept = (await books.licenses(customerId)).filter(({ version }) => version === 'full');
    expect(kept).toHaveLength(2);
    expect((await world.all(PlanAssignment, { customerId }))[1]!.composition).toEqual(former!.composition);
  });

  test('an unbundled one under a plan of its own product, with an assignment of its own', async () => {
    const { customerId, licenses } = await as.holder('unbundled', 'Suite Trial');
    const mail = licenses.find(({ product }) => product === 'EMS-STD')!.licenseId;
    const input = { customer: 'unbundled', plan: 'Full' };
    const { hash } = await as.run(previewCrossgrade, input);
    await as.run(commitCrossgrade, { ...input, hash });
    await expect(convert(mail, 'Suite')).rejects.toMatchObject({ code: 'license.convert_other_product' });
    expect((await convert(mail, 'Mail')).license).toMatchObject({ plan: 'Mail', version: 'full', units: 25 });
    const license = (await books.bySku(customerId)).get('EMS-STD')!;
    const assignment = await world.stored(PlanAssignment, license.assignmentId!);
    expect(assignment).toMatchObject({ status: 'active', composition: [license.productId] });
    await books.expectProof(customerId);
  });

  test('a draft that waited for this plan is resolved', async () => {
    const { customerId, license } = await as.holder('draft', 'Trial');
    await expect(as.assign('draft', 'Full')).rejects.toMatchObject({ code: 'license.duplicate' });
    await expect(as.assign('draft', 'Year')).rejects.toMatchObject({ code: 'license.duplicate' });
    await convert(license, 'Full');
    const waiting = await world.all(WaitingCrossgrade, { customerId });
    expect(waiting.map(({ resolvedAt }) => resolvedAt !== null)).toEqual([true, false]);
  });

  test('trials change seats at once, and the conversion keeps the number', async () => {
    const { customerId, license } = await as.holder('seats', 'Trial');
    await as.run(changeSeats, { license, units: 7 });
    expect((await convert(license, 'Full')).license.units).toBe(7);
    await books.expectProof(customerId);
  });

  test('beside an NFR license of the product', async () => {
    await as.customer('nfr');
    await as.assign('nfr', 'NFR');
    const { licenses } = await as.assign('nfr', 'Cloud Trial');
    expect((await convert(licenses[0]!.licenseId, 'Cloud')).license.version).toBe('full');
  });
});

describe('up to 30 days after the end of grace', () => {
  // 30 days from 5 March end on 4 April, grace of 10 on 14 April; 30 days after that is 14 May.
  test.for([
    ['2026-03-20', 'active', null],
    ['2026-04-02', 'expiring', null],
    ['2026-04-04', 'grace', null],
    ['2026-04-13', 'grace', null],
    ['2026-04-14', 'expired', null],
    ['2026-05-14', 'expired', null],
    ['2026-05-15', 'expired', 'license.convert_too_late'],
  ] as const)('on %s, %s', async ([day, status, code]) => {
    const account = `late-${day}`;
    const { customerId, license } = await as.holder(account, 'Trial Graced');
    world.setNow(`${day}T09:00:00Z`);
    expect((await as.run(listLicenses, { customer: account })).items[0]!.status).toBe(status);
    if (code) {
      await expect(convert(license, 'Full')).rejects.toMatchObject({ code, field: 'license' });
      expect(await books.rows(customerId)).toHaveLength(1);
    } else {
      expect((await convert(license, 'Full')).license).toMatchObject({ status: 'active', units: 25 });
      const until = day < '2026-04-04' ? day : '2026-04-04';
      expect((await termsOf(customerId))[0]).toEqual([
        `trial 2026-03-05 to ${until}`,
        expect.stringMatching(`full ${day} to`),
      ]);
    }
    await books.expectProof(customerId);
  });

  test('not while the customer has the product otherwise', async () => {
    const { customerId, license } = await as.holder('other', 'Trial');
    world.setNow('2026-04-20T09:00:00Z');
    const second = await as.assign('other', 'Full');
    await expect(convert(license, 'Year')).rejects.toMatchObject({ code: 'license.other_open', field: 'license' });
    expect(await books.rows(customerId)).toHaveLength(2);
    await as.run(removeLicense, { license: second.licenses[0]!.licenseId });
    expect((await convert(license, 'Year')).license.status).toBe('active');
    await books.expectProof(customerId);
  });

  test('what the customer has otherwise of a suite stays behind', async () => {
    const { customerId, licenses } = await as.holder('other-suite', 'Suite Trial');
    world.setNow('2026-04-20T09:00:00Z');
    await as.assign('other-suite', 'Mail');
    const mail = licenses.find(({ product }) => product === 'EMS-STD')!.licenseId;
    await expect(convert(mail, 'Suite')).rejects.toMatchObject({ code: 'license.other_open' });
    const endpoint = licenses.find(({ product }) => product === 'WFS')!.licenseId;
    const { licenses: done } = await convert(endpoint, 'Suite');
    expect(done.map(({ product }) => product).toSorted()).toEqual(['EE', 'WFS']);
    await books.expectProof(customerId);
  });

  test('not a trial of software that another one is to follow', async () => {
    const { license } = await as.holder('followed', 'Encrypt Trial');
    const input = {
      customer: 'followed',
      plan: 'Encrypt Trial Plus',
      choices: { EE: { mode: 'new', startsOn: '2026-04-01' } },
    };
    const { hash } = await as.run(previewCrossgrade, input);
    await as.run(commitCrossgrade, { ...input, hash });
    await expect(convert(license, 'Encrypt')).rejects.toMatchObject({ code: 'license.other_open' });
  });
});

describe('refused, and nothing is left behind', () => {
  test.for([
    ['a trial', 'Trial Graced', 'license.convert_full_only', 'plan'],
    ['an NFR plan', 'NFR Endpoint', 'license.convert_full_only', 'plan'],
    ['another product', 'Mail', 'license.convert_other_product', 'plan'],
    ['a suite that holds the product', 'Advanced', 'license.convert_other_product', 'plan'],
    ['another data centre', 'Japan', 'license.convert_data_centre', 'plan'],
    ['a plan that is not there', 'Nowhere', 'not_found', 'plan'],
  ] as const)('%s', async ([, plan, code, field], { task }) => {
    const account = `no-${task.id}`.replace(/[^a-z0-9-]/g, '-').slice(-40);
    const { customerId, license } = await as.holder(account, 'Trial');
    const before = await books.licenses(customerId);
    await expect(convert(license, plan)).rejects.toMatchObject({ code, field });
    await expect(as.run(previewConversion, { license, plan })).rejects.toMatchObject({ code, field });
    expect(await books.licenses(customerId)).toEqual(before);
    expect(await books.rows(customerId)).toHaveLength(1);
    expect(await world.all(PlanAssignment, { customerId })).toHaveLength(1);
  });

  test.for([
    ['disabled', 'enabled = false', 'plan.disabled'],
    ['locked', 'locked = true', 'plan.locked'],
  ] as const)('a plan that is %s', async ([name, set, code]) => {
    const { customerId, license } = await as.holder(`plan-${name}`, 'Trial');
    await world.sql(`update service_plan set ${set} where name = 'Full'`);
    await expect(convert(license, 'Full')).rejects.toMatchObject({ code, field: 'plan' });
    await world.sql(`update service_plan set enabled = true, locked = false where name = 'Full'`);
    expect(await books.rows(customerId)).toHaveLength(1);
  });

  test.for([
    ['end of sale', 'end_of_sale_on', 'plan.end_of_sale'],
    ['end of life', 'end_of_life_on', 'plan.end_of_life'],
  ] as const)('a product past its %s', async ([, column, code]) => {
    const { license } = await as.holder(column.replaceAll('_', '-'), 'Mail Trial');
    await world.sql(`update product set ${column} = '2026-03-05' where sku = 'EMS-STD'`);
    await expect(convert(license, 'Mail')).rejects.toMatchObject({ code, field: 'plan' });
    await world.sql(`update product set ${column} = null where sku = 'EMS-STD'`);
  });

  test('an annual plan without a price', async () => {
    const { customerId, license } = await as.holder('no-price', 'Trial');
    await world.sql(`update partner set currency = 'CHF' where id = ?::uuid`, [partnerIds.brightside]);
    await expect(convert(license, 'Year')).rejects.toMatchObject({ code: 'license.no_price', field: 'plan' });
    await world.sql(`update partner set currency = 'EUR' where id = ?::uuid`, [partnerIds.brightside]);
    expect(await books.money(customerId)).toEqual([]);
  });

  test('another unit type', async () => {
    const { license } = await as.holder('unit-type', 'Trial');
    await world.sql(`update service_plan set unit_type = 'device' where name = 'Full'`);
    await expect(convert(license, 'Full')).rejects.toMatchObject({ code: 'license.convert_unit_type' });
    await world.sql(`update service_plan set unit_type = 'seat' where name = 'Full'`);
  });

  test('what is full, NFR or removed; a suspended customer; people without the right, and other partners', async () => {
    const { license } = await as.holder('state', 'Trial');
    await as.run(suspendCustomer, { customer: 'state' });
    await expect(convert(license, 'Full')).rejects.toMatchObject({ code: 'license.customer_suspended' });
    const vera = scriptOf(world, 'vera@brightside.example');
    await expect(vera.run(convertLicense, { license, plan: 'Full' })).rejects.toMatchObject({ code: 'not_allowed' });
    const yuki = scriptOf(world, 'yuki@sakura.example');
    await expect(yuki.run(convertLicense, { license, plan: 'Full' })).rejects.toMatchObject({
      code: 'not_found',
      field: 'license',
    });

    const full = await as.holder('state-full', 'Full');
    await expect(convert(full.license, 'Year')).rejects.toMatchObject({ code: 'license.not_trial' });
    await as.run(removeLicense, { license: full.license });
    await expect(convert(full.license, 'Year')).rejects.toMatchObject({ code: 'license.removed' });
    const nfr = await as.holder('state-nfr', 'NFR Endpoint');
    await expect(convert(nfr.license, 'Full')).rejects.toMatchObject({ code: 'license.not_trial' });
  });
});

describe.runIf(isPostgres)('at the same time', () => {
  test('of two who convert, one does', async () => {
    const { customerId, license } = await as.holder('race-twice', 'Trial');
    const both = await Promise.allSettled(['Full', 'Year'].map((plan) => convert(license, plan)));
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'license.not_trial' } });
    expect(await books.rows(customerId, 1)).toHaveLength(1);
    expect(await world.all(PlanAssignment, { customerId, status: 'active' })).toHaveLength(1);
  });

  test('converting beside a crossgrade: whoever is first is seen by the other', async () => {
    const { customerId, license } = await as.holder('race-crossgrade', 'Trial');
    const input = { customer: 'race-crossgrade', plan: 'Advanced' };
    const { hash } = await as.run(previewCrossgrade, input);
    const [crossgrade, conversion] = await Promise.allSettled([
      as.run(commitCrossgrade, { ...input, hash }),
      convert(license, 'Full'),
    ]);
    expect([crossgrade.status, conversion.status].toSorted()).toEqual(['fulfilled', 'rejected']);
    if (crossgrade.status === 'rejected') expect(crossgrade.reason).toMatchObject({ code: 'crossgrade.stale' });
    if (conversion.status === 'rejected') expect(conversion.reason).toMatchObject({ code: 'license.not_trial' });
    expect(await world.all(PlanAssignment, { customerId, status: 'active' })).toHaveLength(1);
    await books.expectProof(customerId);
  });

  test('two customers go to one plan at once', async () => {
    const first = await as.holder('race-plans-a', 'Trial');
    const second = await as.holder('race-plans-b', 'Trial Graced');
    const done = await Promise.all([convert(first.license, 'Full'), convert(second.license, 'Full')]);
    expect(done.map(({ license }) => license.version)).toEqual(['full', 'full']);
  });
});
