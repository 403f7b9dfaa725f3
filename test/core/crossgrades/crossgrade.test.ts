import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Product } from '../../../src/core/catalog/product.ts';
import { commitCrossgrade, previewCrossgrade } from '../../../src/core/crossgrades/commit-crossgrade.ts';
import { Crossgrade } from '../../../src/core/crossgrades/crossgrade.ts';
import { showDoneCrossgrade } from '../../../src/core/crossgrades/show-done.ts';
import { undoCrossgrade } from '../../../src/core/crossgrades/undo-crossgrade.ts';
import { CustomerTransaction } from '../../../src/core/licenses/customer-transaction.ts';
import { License } from '../../../src/core/licenses/license.ts';
import { MoneyLine } from '../../../src/core/licenses/money-line.ts';
import { PlanAssignment } from '../../../src/core/plans/plan-assignment.ts';
import { ServicePlan } from '../../../src/core/plans/service-plan.ts';
import { WaitingCrossgrade } from '../../../src/core/plans/waiting-crossgrade.ts';
import { givenPrice, publishPrices, scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, isPostgres, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
const skuOf = new Map<string, string>();
const today = '2026-03-05T09:00:00Z';

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  await publishPrices(world);
  for (const { id, sku } of await world.all(Product)) skuOf.set(id, sku);
  as = scriptOf(world);
  // S1 {WFS, EMS-STD (services), EE (software)} and S2 {WFS, EMS-STD, CAS}.
  await as.plan('S1', 'SP');
  await as.plan('S2', 'WFS-ADV', { defaultUnits: 30 });
  await as.plan('S3', 'SPC', { defaultUnits: 5 });
  await as.plan('Mail', 'EMS-STD', { defaultUnits: 10 });
  await as.plan('Endpoint', 'WFS');
  await as.plan('Encrypt', 'EE', { dataCentre: undefined });
  await as.plan('Encrypt Plus', 'EE', { dataCentre: undefined });
  await as.plan('Mail Japan', 'EMS-STD', { dataCentre: 'Japan' });
  await as.plan('Endpoint Trial', 'WFS', { version: 'trial', initialMonths: undefined, initialDays: 30 });
  await as.plan('S1 Year', 'SP', { subscriptionType: 'annual_license' });
  await as.plan('S2 Year', 'WFS-ADV', { subscriptionType: 'annual_license' });
});
afterAll(() => world.close());

const preview = (customer: string, plan: string, over: object = {}) =>
  as.run(previewCrossgrade, { customer, plan, ...over });
const crossgrade = async (customer: string, plan: string, over: object = {}) => {
  const { hash } = await preview(customer, plan, over);
  return as.run(commitCrossgrade, { customer, plan, ...over, hash });
};
const undo = (crossgradeId: string) => as.run(undoCrossgrade, { crossgrade: crossgradeId });

const licensesOf = (customerId: string) => world.all(License, { customerId });
/** What a licence is to a reader: its product, plan, units, dates. */
const held = async (customerId: string) => {
  const plans = new Map((await world.all(ServicePlan)).map(({ id, name }) => [id, name]));
  return new Map(
    (await licensesOf(customerId)).map((license) => [
      `${skuOf.get(license.productId)}@${license.planId === null ? 'none' : plans.get(license.planId)}`,
      license,
    ]),
  );
};
/** `type/reason`, product and Δ of the rows written since. */
const ledgerAfter = async (customerId: string, before: readonly CustomerTransaction[]) => {
  const known = new Set(before.map(({ id }) => id));
  const rows = await world.all(CustomerTransaction, { customerId });
  return rows.filter(({ id }) => !known.has(id));
};
const shortRows = (rows: readonly CustomerTransaction[]) =>
  rows.map((row) => `${row.type}/${row.reason} ${skuOf.get(row.productId)} ${row.delta}`).toSorted();
const ledgerOf = (customerId: string) => world.all(CustomerTransaction, { customerId });
const moneyOf = async (customerId: string) =>
  (await world.all(MoneyLine, { customerId })).map(({ kind, amountMinor }) => `${kind} ${amountMinor}`).toSorted();

/** Σ Δ of the rows effective by a day far off = the units of every licence. */
const expectLedgerProves = async (customerId: string) => {
  const rows = await ledgerOf(customerId);
  for (const license of await licensesOf(customerId)) {
    const sum = rows.filter(({ licenseId }) => licenseId === license.id).reduce((total, { delta }) => total + delta, 0);
    expect([license.id, sum]).toEqual([license.id, license.units]);
  }
};

describe('the worked examples', () => {
  test('A: a suite over a suite: two move, one is new, one becomes unbundled, the old assignment is replaced', async () => {
    const customerId = await as.customer('example-a');
    const { assignmentId } = await as.assign('example-a', 'S1');
    await expect(as.assign('example-a', 'S2')).rejects.toMatchObject({ code: 'license.duplicate' });
    const [draft] = await world.all(WaitingCrossgrade, { customerId });
    const before = await ledgerOf(customerId);
    const old = await held(customerId);
    await crossgrade('example-a', 'S2');

    expect(shortRows(await ledgerAfter(customerId, before))).toEqual([
      'License change/crossgrade EMS-STD 5',
      'License change/crossgrade WFS 5',
      'License change/unbundled EE 0',
      'New purchase/crossgrade CAS 30',
    ]);
    const now = await held(customerId);
    expect([...now.keys()].toSorted()).toEqual(['CAS@S2', 'EE@none', 'EMS-STD@S2', 'WFS@S2']);
    expect(now.get('WFS@S2')).toMatchObject({ id: old.get('WFS@S1')!.id, units: 30 });
    expect(now.get('EE@none')).toMatchObject({ units: 25, autoRenewal: false, assignmentId: null, graceDays: 30 });
    expect(await world.stored(PlanAssignment, assignmentId)).toMatchObject({ status: 'replaced' });
    expect((await world.stored(WaitingCrossgrade, draft!.id)).resolvedAt).not.toBeNull();
    await expectLedgerProves(customerId);
  });

  test('B: a suite over a standalone and an unbundled license', async () => {
    const customerId = await as.customer('example-b');
    await as.assign('example-b', 'S1');
    await crossgrade('example-b', 'S2'); // leaves Encrypt 25 unbundled
    await world.sql(
      `update license set removed_on = '2026-03-05' where customer_id = ?::uuid and plan_id is not null`,
      [customerId],
    );
    await as.assign('example-b', 'Mail');
    const before = await ledgerOf(customerId);
    const shown = await preview('example-b', 'S1', { units: 25 });
    expect(shown.asks).toMatchObject([{ product: 'EE', earliest: '2026-03-05', latest: '2027-03-05' }]);
    await crossgrade('example-b', 'S1', { units: 25 });
    expect(shortRows(await ledgerAfter(customerId, before))).toEqual([
      'License change/crossgrade EE 0',
      'License change/crossgrade EMS-STD 15',
      'New purchase/crossgrade WFS 25',
    ]);
  });

  test('annual money: the unused days are credited at the old price, the new term is charged in full', async () => {
    await givenPrice(world, 'MOB', '2025-06-01', '24.00');
    await givenPrice(world, 'MOB', '2026-07-01', '30.00');
    const customerId = await as.customer('annual-money');
    for (const name of ['Mobile Year', 'Mobile Year Plus'])
      await as.plan(name, 'MOB', { subscriptionType: 'annual_license', unitType: 'device', defaultUnits: 20 });
    world.setNow('2026-01-01T09:00:00Z');
    await as.assign('annual-money', 'Mobile Year');
    world.setNow('2026-07-02T09:00:00Z');
    const shown = await preview('annual-money', 'Mobile Year Plus');
    expect(shown.money).toEqual([
      { kind: 'credit', product: 'MOB', amount: { amount: '-240.66', currency: 'EUR' } },
      { kind: 'charge', product: 'MOB', amount: { amount: '600.00', currency: 'EUR' } },
    ]);
    expect(shown.net).toEqual({ amount: '359.34', currency: 'EUR' });
    const lise = scriptOf(world, 'lise@brightside.example');
    const unseen = await lise.run(previewCrossgrade, { customer: 'annual-money', plan: 'Mobile Year Plus' });
    expect([unseen.net, unseen.money.map(({ amount }) => amount)]).toEqual([null, [null, null]]);
    const { crossgradeId } = await crossgrade('annual-money', 'Mobile Year Plus');
    expect(await moneyOf(customerId)).toEqual(['charge 48000', 'charge 60000', 'credit -24066']);
    await undo(crossgradeId);
    expect(await moneyOf(customerId)).toEqual([
      'charge 48000',
      'charge 60000',
      'correction -60000',
      'correction 24066',
      'credit -24066',
    ]);
    const [license] = await licensesOf(customerId);
    expect(license).toMatchObject({
      units: 20,
      terms: [{ startsOn: '2026-01-01', endsOn: '2027-01-01', yearlyPrice: expect.stringMatching(/^24/) }],
    });
    world.setNow(today);
  });
});

describe('Vision One credits, before and after', () => {
  const creditsOf = async (customer: string, plan: string, over: object = {}) =>
    (await preview(customer, plan, over)).credits;

  test('a suite by its own rate, what is unbundled by its own product, what goes no more', async () => {
    await as.customer('credits');
    await as.assign('credits', 'S1');
    // Smart Protection 1.9 × 25; Worry-Free Services Advanced 1.6 × 30, and Encryption has no rate.
    expect(await creditsOf('credits', 'S2')).toEqual({ before: '47.5', after: '48' });
    // Email Security Standard 0.4 × 25 alone; Worry-Free Services 1.2 × 25 unbundled, or gone.
    expect(await creditsOf('credits', 'Mail')).toEqual({ before: '47.5', after: '40' });
    expect(await creditsOf('credits', 'Mail', { leftovers: { WFS: 'remove' } })).toEqual({
      before: '47.5',
      after: '10',
    });
  });

  test('a license that still runs out counts until then', async () => {
    await as.customer('credits-software');
    await as.assign('credits-software', 'Encrypt', { units: 10 });
    expect(await creditsOf('credits-software', 'S1')).toEqual({ before: '0', after: '47.5' });
    const choices = { EE: { mode: 'new', startsOn: '2026-06-01' } };
    expect(await creditsOf('credits-software', 'S1', { choices })).toEqual({ before: '0', after: '47.5' });
  });
});

describe('what moves and what stays', () => {
  test('activation code, suspension, activation and data centre stay; a stored decrease is dropped', async () => {
    const customerId = await as.customer('kept');
    await as.assign('kept', 'S1');
    await world.sql(
      `update license set suspended = true, units_at_renewal = 3, activated_at = '2026-03-05T09:00:00Z' where customer_id = ?::uuid`,
      [customerId],
    );
    const old = await held(customerId);
    await crossgrade('kept', 'S3');
    const now = await held(customerId);
    expect(now.size).toBe(5);
    for (const sku of ['WFS', 'EMS-STD', 'EE']) {
      const before = old.get(`${sku}@S1`)!;
      expect(now.get(`${sku}@S3`)).toMatchObject({
        id: before.id,
        suspended: true,
        unitsAtRenewal: null,
        activationCode: before.activationCode,
        activatedAt: before.activatedAt,
        dataCentre: before.dataCentre,
        units: 25,
      });
    }
    expect(now.get('WEB@S3')).toMatchObject({ suspended: false, units: 25 });
  });

  test('several duplicates at once: two standalone licenses into one suite inside a suite', async () => {
    const customerId = await as.customer('several');
    const first = await as.assign('several', 'Endpoint', { units: 40 });
    const second = await as.assign('several', 'Mail');
    await crossgrade('several', 'S3');
    const licenses = await licensesOf(customerId);
    expect(licenses.map(({ units }) => units)).toEqual([40, 40, 40, 40, 40]);
    for (const { assignmentId } of [first, second])
      expect(await world.stored(PlanAssignment, assignmentId)).toMatchObject({ status: 'replaced' });
  });

  test('software may start anew: the old license stands until then, without grace and renewal', async () => {
    const customerId = await as.customer('software-new');
    await as.assign('software-new', 'Encrypt');
    const before = await ledgerOf(customerId);
    await crossgrade('software-new', 'Encrypt Plus', {
      units: 7,
      choices: { ee: { mode: 'new', startsOn: '2026-06-01' } },
    });
    const now = await held(customerId);
    expect(now.get('EE@Encrypt')).toMatchObject({ units: 25, graceDays: 0, autoRenewal: false });
    expect(now.get('EE@Encrypt')!.endsOn.toString()).toBe('2026-06-01');
    expect(now.get('EE@Encrypt Plus')!.startsOn.toString()).toBe('2026-06-01');
    expect(shortRows(await ledgerAfter(customerId, before))).toEqual([
      'License change/crossgrade EE 0',
      'New purchase/crossgrade EE 7',
    ]);
    // The one that stands moves, the one that was to follow goes: never two of one product.
    await crossgrade('software-new', 'S1');
    const open = (await licensesOf(customerId)).filter(({ removedOn }) => removedOn === null);
    expect(open.map(({ productId }) => skuOf.get(productId)).toSorted()).toEqual(['EE', 'EMS-STD', 'WFS']);
    await expectLedgerProves(customerId);
  });

  test('what is left over may be removed', async () => {
    const customerId = await as.customer('remove-left');
    await as.assign('remove-left', 'S1');
    const before = await ledgerOf(customerId);
    await crossgrade('remove-left', 'S2', { leftovers: { EE: 'remove' } });
    expect(shortRows(await ledgerAfter(customerId, before))).toContain('License change/removal EE -25');
    const now = await held(customerId);
    expect(now.get('EE@S1')!.removedOn?.toString()).toBe('2026-03-05');
    await expectLedgerProves(customerId);
  });

  test('a trial becomes full as a conversion', async () => {
    const customerId = await as.customer('trial-full');
    await as.assign('trial-full', 'Endpoint Trial');
    const before = await ledgerOf(customerId);
    await crossgrade('trial-full', 'S2');
    expect(shortRows(await ledgerAfter(customerId, before))).toContain('License conversion/crossgrade WFS 5');
    expect((await held(customerId)).get('WFS@S2')).toMatchObject({ version: 'full' });
  });

  test('a license that has not begun is taken back on its own day and starts today', async () => {
    const customerId = await as.customer('scheduled');
    await as.assign('scheduled', 'S1 Year', { startsOn: '2026-04-15' });
    const before = await ledgerOf(customerId);
    await crossgrade('scheduled', 'S2 Year', { units: 30 });
    const rows = await ledgerAfter(customerId, before);
    const endpoint = rows.filter(({ productId }) => skuOf.get(productId) === 'WFS');
    expect(endpoint.map(({ effectiveOn, delta }) => `${effectiveOn} ${delta}`).toSorted()).toEqual([
      '2026-03-05 30',
      '2026-04-15 -25',
    ]);
    expect(await moneyOf(customerId)).toEqual(
      // 29.50, 12.00 and the software of S1 at 25, credited whole for what moved; S2 at 30.
      expect.arrayContaining(['credit -73750', 'credit -30000', 'charge 88500', 'charge 36000']),
    );
    expect((await held(customerId)).get('WFS@S2 Year')!.startsOn.toString()).toBe('2026-03-05');
    await expectLedgerProves(customerId);
  });
});

describe('refused', () => {
  beforeAll(async () => {
    await as.customer('refused');
    await as.assign('refused', 'S1');
    await as.customer('free');
  });

  test.each([
    ['nothing in the way', 'free', 'S2', {}, 'crossgrade.not_needed'],
    ['the same plan', 'refused', 'S1', {}, 'crossgrade.same_plan'],
    ['a trial over a full license', 'refused', 'Endpoint Trial', {}, 'crossgrade.trial_over_full'],
    ['another data centre', 'refused', 'Mail Japan', {}, 'crossgrade.data_centre'],
    ['no units', 'refused', 'S2', { units: 0 }, 'input.too_small'],
    ['a start for a service', 'refused', 'S2', { choices: { WFS: { mode: 'new' } } }, 'crossgrade.service_moves'],
    [
      'moving later',
      'refused',
      'S2',
      { choices: { WFS: { mode: 'transfer', startsOn: '2026-03-06' } } },
      'crossgrade.start_today',
    ],
    [
      'a start after the end',
      'refused',
      'Encrypt',
      { choices: { EE: { mode: 'new', startsOn: '2027-03-06' } } },
      'crossgrade.start_outside',
    ],
    [
      'a start in the past',
      'refused',
      'Encrypt',
      { choices: { EE: { mode: 'new', startsOn: '2026-03-04' } } },
      'crossgrade.start_outside',
    ],
    ['a choice for nothing', 'refused', 'S2', { choices: { CAS: { mode: 'transfer' } } }, 'crossgrade.no_choice'],
    ['a leftover that is none', 'refused', 'S2', { leftovers: { WFS: 'remove' } }, 'crossgrade.no_leftover'],
    ['an unknown plan', 'refused', 'S9', {}, 'not_found'],
  ])('%s', async (_why, customer, plan, over, code) => {
    await expect(preview(customer, plan, over)).rejects.toMatchObject({ code });
  });

  test('a new license can follow only one whose term still runs', async () => {
    await as.plan('Encrypt By Hand', 'EE', {
      dataCentre: undefined,
      initialMonths: 1,
      autoRenewal: false,
      graceDays: 60,
    });
    await as.customer('in-grace');
    await as.assign('in-grace', 'Encrypt By Hand');
    world.setNow('2026-04-20T09:00:00Z');
    const choices = { EE: { mode: 'new', startsOn: '2026-04-20' } };
    await expect(preview('in-grace', 'Encrypt', { choices })).rejects.toMatchObject({
      code: 'crossgrade.start_none',
      field: 'choices',
    });
    expect((await preview('in-grace', 'Encrypt')).asks).toMatchObject([{ product: 'EE', latest: null }]);
    world.setNow(today);
  });

  test('a refused answer is named as it was written', async () => {
    await expect(preview('refused', 'S2', { choices: { CAS: { mode: 'transfer' } } })).rejects.toMatchObject({
      params: { sku: 'CAS' },
    });
    await expect(preview('refused', 'S2', { leftovers: { WFS: 'remove' } })).rejects.toMatchObject({
      params: { sku: 'WFS' },
    });
  });

  test('a plan that cannot be given: disabled, locked', async () => {
    for (const [column, code] of [
      ['enabled = false', 'plan.disabled'],
      ['locked = true', 'plan.locked'],
    ]) {
      await world.sql(`update service_plan set ${column} where name = 'S3'`);
      await expect(preview('refused', 'S3')).rejects.toMatchObject({ code });
      await world.sql(`update service_plan set enabled = true, locked = false where name = 'S3'`);
    }
  });

  test('another unit type', async () => {
    const customerId = await as.customer('unit-type');
    await as.assign('unit-type', 'Endpoint');
    await world.sql(`update license set unit_type = 'device' where customer_id = ?::uuid`, [customerId]);
    await expect(preview('unit-type', 'S2')).rejects.toMatchObject({ code: 'crossgrade.unit_type' });
  });

  test('a preview that is out of date, in units, dates and by a second commit', async () => {
    const customerId = await as.customer('stale');
    await as.assign('stale', 'S1');
    const input = { customer: 'stale', plan: 'S2' };
    const { hash } = await preview('stale', 'S2');
    const stale = { kind: 'conflict', code: 'crossgrade.stale' };
    await expect(as.run(commitCrossgrade, { ...input, units: 31, hash })).rejects.toMatchObject(stale);
    world.setNow('2026-03-06T09:00:00Z');
    await expect(as.run(commitCrossgrade, { ...input, hash })).rejects.toMatchObject(stale);
    world.setNow(today);
    await as.run(commitCrossgrade, { ...input, hash });
    await expect(as.run(commitCrossgrade, { ...input, hash })).rejects.toMatchObject(stale);
    expect(await world.all(Crossgrade, { customerId })).toHaveLength(1);
  });

  test.runIf(isPostgres)('of two commits at once one wins and the other is out of date', async () => {
    const customerId = await as.customer('race');
    await as.assign('race', 'S1');
    const { hash } = await preview('race', 'S2');
    const both = await Promise.allSettled(
      [1, 2].map(() => as.run(commitCrossgrade, { customer: 'race', plan: 'S2', hash })),
    );
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'crossgrade.stale' } });
    expect(await world.all(Crossgrade, { customerId })).toHaveLength(1);
    expect(await licensesOf(customerId)).toHaveLength(4);
  });

  test('people without the right, and other partners', async () => {
    const vera = scriptOf(world, 'vera@brightside.example');
    await expect(vera.run(previewCrossgrade, { customer: 'refused', plan: 'S2' })).rejects.toMatchObject({
      code: 'not_allowed',
    });
    const yuki = scriptOf(world, 'yuki@sakura.example');
    await expect(yuki.run(previewCrossgrade, { customer: 'refused', plan: 'S2' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('undo', () => {
  const state = async (customerId: string) => ({
    licenses: (await licensesOf(customerId)).filter(({ removedOn }) => removedOn === null),
    assignments: (await world.all(PlanAssignment, { customerId })).filter(({ status }) => status === 'active'),
    waiting: await world.all(WaitingCrossgrade, { customerId }),
  });

  test('up to and including the last minute, and not after', async () => {
    const customerId = await as.customer('undo-window');
    await as.assign('undo-window', 'S1');
    await expect(as.assign('undo-window', 'S2')).rejects.toMatchObject({ code: 'license.duplicate' });
    const before = await state(customerId);
    const { crossgradeId, undoUntil } = await crossgrade('undo-window', 'S2', { leftovers: { EE: 'remove' } });
    expect(undoUntil).toBe('2026-03-05T10:00:00Z');
    world.setNow('2026-03-05T10:00:01Z');
    await expect(undo(crossgradeId)).rejects.toMatchObject({ code: 'crossgrade.undo_over' });
    world.setNow('2026-03-05T10:00:00Z');
    await undo(crossgradeId);
    expect(await state(customerId)).toEqual(before);
    await expect(undo(crossgradeId)).rejects.toMatchObject({ code: 'crossgrade.undone' });
    await expectLedgerProves(customerId);
    world.setNow(today);
  });

  test('how it stands can be seen, with what it did and, by who sees prices, what it cost', async () => {
    const customerId = await as.customer('undo-shown');
    await as.assign('undo-shown', 'S1 Year');
    const { crossgradeId } = await crossgrade('undo-shown', 'S2 Year', { units: 30 });
    const show = (email = 'leo@brightside.example') =>
      scriptOf(world, email).run(showDoneCrossgrade, { crossgrade: crossgradeId });
    const done = await show();
    expect(done).toMatchObject({
      customer: { customerId, account: 'undo-shown' },
      plan: 'S2 Year',
      units: 30,
      by: 'Leo Example',
      undo: 'open',
      undoUntil: '2026-03-05T10:00:00Z',
      undone: null,
    });
    const written = (await ledgerOf(customerId)).filter(({ reason }) => reason !== 'assign');
    expect(done.ledger).toHaveLength(written.length);
    const cents = (await world.all(MoneyLine, { customerId }))
      .filter(({ transactionId }) => written.some(({ id }) => id === transactionId))
      .reduce((sum, { amountMinor }) => sum + Number(amountMinor), 0);
    expect(Math.round(Number(done.net?.amount) * 100)).toBe(cents);
    expect(await show('lise@brightside.example')).toMatchObject({ money: null, net: null });
    await expect(show('yuki@sakura.example')).rejects.toMatchObject({ code: 'not_found' });
    world.setNow('2026-03-05T10:00:01Z');
    expect(await show()).toMatchObject({ undo: 'over' });
    world.setNow(today);
    await undo(crossgradeId);
    expect(await show()).toMatchObject({ undo: 'undone', undone: { at: '2026-03-05T09:00:00Z', by: 'Leo Example' } });
  });

  test.runIf(isPostgres)('of two at once one takes it back and the other is told so', async () => {
    const customerId = await as.customer('undo-race');
    await as.assign('undo-race', 'S1');
    const { crossgradeId } = await crossgrade('undo-race', 'S2');
    const both = await Promise.allSettled([undo(crossgradeId), undo(crossgradeId)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'crossgrade.undone' } });
    await expectLedgerProves(customerId);
    expect((await ledgerOf(customerId)).filter(({ reason }) => reason === 'crossgrade_undo')).toHaveLength(4);
  });

  test('not once a license was touched, nor by another partner', async () => {
    await as.customer('undo-touched');
    await as.assign('undo-touched', 'S1');
    const { crossgradeId } = await crossgrade('undo-touched', 'S2');
    const yuki = scriptOf(world, 'yuki@sakura.example');
    await expect(yuki.run(undoCrossgrade, { crossgrade: crossgradeId })).rejects.toMatchObject({ code: 'not_found' });
    const later = await crossgrade('undo-touched', 'S3');
    await expect(undo(crossgradeId)).rejects.toMatchObject({ code: 'crossgrade.undo_touched' });
    await undo(later.crossgradeId);
    await expect(undo(crossgradeId)).rejects.toMatchObject({ code: 'crossgrade.undo_touched' });
  });

  test('not where it would make a second license of a product', async () => {
    await as.customer('undo-second');
    await as.assign('undo-second', 'S1');
    const { crossgradeId } = await crossgrade('undo-second', 'S2', { leftovers: { EE: 'remove' } });
    await as.assign('undo-second', 'Encrypt');
    await expect(undo(crossgradeId)).rejects.toMatchObject({ code: 'crossgrade.undo_touched' });
  });
});

test('whatever is held and chosen: the ledger proves the units, no product twice, and an undo restores all', async () => {
  const monthly = ['Endpoint', 'Mail', 'Encrypt'];
  const annual = ['S1 Year'];
  let turn = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        first: fc.oneof(fc.constant(['S1']), fc.constant(annual), fc.subarray(monthly, { minLength: 1 })),
        units: fc.integer({ min: 1, max: 60 }),
        chosen: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
        startsOn: fc.constantFrom('2026-03-05', '2026-03-31'),
        target: fc.constantFrom('S2', 'S3', 'S2 Year', 'Encrypt Plus'),
        newOn: fc.option(fc.constantFrom('2026-05-01', '2026-08-15'), { nil: undefined }),
        remove: fc.boolean(),
      }),
      async ({ first, units, chosen, startsOn, target, newOn, remove }) => {
        const account = `law-${(turn += 1)}`;
        const customerId = await as.customer(account);
        for (const plan of first) await as.assign(account, plan, { units, startsOn });
        const base = { units: chosen };
        const plain = await preview(account, target, base).catch((error: { code: string }) => error.code);
        if (typeof plain === 'string') {
          expect(plain).toBe('crossgrade.not_needed');
          return;
        }
        const left = plain.after.filter(({ outcome }) => outcome === 'unbundled').map(({ product }) => product);
        const over = {
          ...base,
          choices: newOn
            ? Object.fromEntries(plain.asks.map(({ product }) => [product, { mode: 'new', startsOn: newOn }]))
            : {},
          leftovers: remove ? Object.fromEntries(left.map((product) => [product, 'remove'])) : {},
        };
        const before = await licensesOf(customerId);
        const seen = await preview(account, target, over);
        const { crossgradeId } = await crossgrade(account, target, over);
        await expectLedgerProves(customerId);
        // No two licences of one product on any one day.
        const open = (await licensesOf(customerId)).filter(({ removedOn }) => removedOn === null);
        for (const a of open)
          for (const b of open)
            if (a.id < b.id && a.productId === b.productId) {
              const [one, two] = Temporal.PlainDate.compare(a.startsOn, b.startsOn) < 0 ? [a, b] : [b, a];
              expect(Temporal.PlainDate.compare(one.endsOn, two.startsOn)).toBeLessThanOrEqual(0);
            }
        expect(seen.ledger).toHaveLength((await ledgerOf(customerId)).length - before.length);
        await undo(crossgradeId);
        await expectLedgerProves(customerId);
        const ids = new Set(before.map(({ id }) => id));
        const after = await licensesOf(customerId);
        expect(after.filter(({ id }) => ids.has(id))).toEqual(before);
        for (const license of after.filter(({ id }) => !ids.has(id))) expect(license).toMatchObject({ units: 0 });
        // What was charged and credited by the crossgrade adds up to nothing with what the undo wrote.
        const rows = new Map((await ledgerOf(customerId)).map((row) => [row.id, row.reason]));
        const money = (await world.all(MoneyLine, { customerId })).filter(
          ({ transactionId }) => rows.get(transactionId) !== 'assign',
        );
        expect(money.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n)).toBe(0n);
      },
    ),
    { numRuns: 15 },
  );
}, 60_000);
