import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Product } from '../../../src/core/catalog/product.ts';
import { commitCrossgrade, previewCrossgrade } from '../../../src/core/crossgrades/commit-crossgrade.ts';
import { suspendCustomer } from '../../../src/core/customers/suspend-customer.ts';
import { changeSeats } from '../../../src/core/licenses/change-seats.ts';
import { License } from '../../../src/core/licenses/license.ts';
import { listLicenses } from '../../../src/core/licenses/list-licenses.ts';
import { removeLicense } from '../../../src/core/licenses/remove-license.ts';
import { renewLicense } from '../../../src/core/licenses/renew-license.ts';
import { previewSuiteAcceptance } from '../../../src/core/suites/accept-suite-change.ts';
import { listSuiteCustomers } from '../../../src/core/suites/list-suite-changes.ts';
import { PlanAssignment } from '../../../src/core/plans/plan-assignment.ts';
import { editPlan } from '../../../src/core/plans/edit-plan.ts';
import { ServicePlan } from '../../../src/core/plans/service-plan.ts';
import { SuiteChange } from '../../../src/core/suites/suite-change.ts';
import { expectInvariants } from '../../support/invariants.ts';
import { givenPrice, renewAllDue } from '../../support/licensing.ts';
import { centres, emptied, parts, suite, suiteScript } from '../../support/suites.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof suiteScript>;
beforeAll(async () => {
  world = await createWorld();
  as = suiteScript(world);
  await world.sql('update partner set prices_published = true');
});
afterAll(() => world.close());
afterEach(() => expectInvariants(world));
beforeEach(async () => {
  world.setNow('2026-03-05T09:00:00Z');
  await emptied(world);
  world.jobs.splice(0);
});

const priced = async (...prices: (readonly [sku: string, price: string, validFrom?: string])[]) => {
  for (const [sku, price, validFrom = '2025-01-01'] of prices) await givenPrice(world, sku, validFrom, price);
};

describe('an import with another composition', () => {
  test('opens one change for each partner and suite, also of suites around it, and locks the plans', async () => {
    await as.take(...parts(), suite('S', ['A']), suite('T', ['S', 'D']), suite('U', ['B']));
    await as.plan('One', 'S');
    await as.plan('Two', 'S', { enabled: false });
    await as.plan('Around', 'T');
    await as.plan('Other', 'U');
    await suiteScript(world, 'yuki@sakura.example').plan('Elsewhere', 'S', { dataCentre: 'Japan' });
    expect(await as.take(suite('S', ['A', 'B']))).toEqual({ added: 0, changed: 1, unchanged: 0, suiteChanges: 3 });

    const locked = (await world.all(ServicePlan)).map(({ name, locked }) => [name, locked]);
    expect(Object.fromEntries(locked)).toEqual({ One: true, Two: true, Around: true, Other: false, Elsewhere: true });
    expect(await as.changes()).toMatchObject([
      { suite: 'T', status: 'waiting', added: [{ product: 'B' }], removed: [], plans: [{ name: 'Around' }] },
      {
        suite: 'S',
        status: 'waiting',
        added: [{ product: 'B', unplaced: [] }],
        plans: [{ name: 'One' }, { name: 'Two' }],
      },
    ]);
    expect(world.jobs.filter(({ name }) => name === 'notify')).toHaveLength(3);
    await expect(as.run(editPlan, { plan: 'One', defaultUnits: 3 })).rejects.toMatchObject({ code: 'plan.locked' });
    await as.customer('anna');
    await expect(as.assign('anna', 'One')).rejects.toMatchObject({ code: 'plan.locked' });
  });

  test.for([
    [
      'once more another one: the waiting change gives way and keeps what was before it',
      ['C'],
      ['A'],
      ['C'],
      'waiting',
    ],
    ['what was there before: nothing waits and the plans are free', ['A'], null, null, null],
    ['the same again: nothing happens', ['A', 'B'], ['A'], ['A', 'B'], 'waiting'],
    ['the same in another order: nothing happens', ['B', 'A'], ['A'], ['A', 'B'], 'waiting'],
  ] as const)('then %s', async ([, components, before, after, status]) => {
    await as.take(...parts(), suite('S', ['A']));
    await as.plan('One', 'S');
    await as.take(suite('S', ['A', 'B']));
    await as.take(suite('S', [...components]));
    const open = (await world.all(SuiteChange)).filter(({ replacedAt }) => replacedAt === null);
    const skus = new Map((await world.all(Product)).map(({ id, sku }) => [id, sku]));
    expect(open.map((change) => change.before.map((id) => skus.get(id)))).toEqual(before ? [before] : []);
    expect(open.map((change) => change.after.map((id) => skus.get(id)))).toEqual(after ? [after] : []);
    expect((await world.all(ServicePlan)).map(({ locked }) => locked)).toEqual([status === 'waiting']);
  });

  test('a plan that is made or changed while a change waits is locked with the others', async () => {
    await as.take(...parts(), suite('S', ['A']), suite('U', ['C']));
    await as.plan('One', 'S');
    await as.plan('Other', 'U');
    await as.take(suite('S', ['A', 'B']));
    expect(await as.plan('New', 'S')).toMatchObject({ status: 'locked' });
    expect(await as.run(editPlan, { plan: 'Other', product: 'S' })).toMatchObject({ status: 'locked' });
    const { plans } = await as.approve('S');
    expect(plans.map(({ name }) => name)).toEqual(['New', 'One', 'Other']);
    expect((await world.all(ServicePlan)).some(({ locked }) => locked)).toBe(false);
    expect(await as.plan('Later', 'S')).toMatchObject({ status: 'enabled' });
  });

  test('an approved change with customers left is replaced: they go to the newest composition at once', async () => {
    await as.take(...parts(), suite('S', ['A', 'D']));
    await as.plan('One', 'S');
    const anna = await as.customer('anna');
    await as.assign('anna', 'One');
    await as.take(suite('S', ['A', 'B']));
    await as.approve('S');
    await as.customer('bert');
    await as.assign('bert', 'One');
    await as.take(suite('S', ['B', 'C']));
    expect(await as.changes()).toMatchObject([
      { status: 'waiting', left: 2 },
      { status: 'replaced', left: 0 },
    ]);
    await as.approve('S');
    expect(await as.accept('S')).toEqual({ accepted: 2, failed: [] });
    const held = await as.held(anna);
    expect(Object.entries(held).map(([sku, { planId }]) => [sku, planId !== null])).toEqual([
      ['A', false],
      ['D', false],
      ['B', true],
      ['C', true],
    ]);
    expect(await as.changes()).toMatchObject([{ status: 'done', accepted: 2 }, { status: 'replaced' }]);
  });

  test('when the next change is taken back, the approved one goes on', async () => {
    await as.take(...parts(), suite('S', ['A']));
    await as.plan('One', 'S');
    await as.customer('anna');
    await as.assign('anna', 'One');
    await as.take(suite('S', ['A', 'B']));
    const { changeId } = await as.approve('S');
    await as.take(suite('S', ['C']));
    await expect(as.accept(changeId)).rejects.toMatchObject({ code: 'suite.replaced' });
    await as.take(suite('S', ['A', 'B']));
    expect(await as.accept('S')).toEqual({ accepted: 1, failed: [] });
  });
});

describe('approval', () => {
  beforeEach(async () => {
    await as.take(...parts(), suite('S', ['A']));
    await as.plan('One', 'S');
  });

  test('unlocks the plans and changes nothing of them; new assignments have the new products', async () => {
    const before = await world.stored(ServicePlan, { name: 'One' });
    await as.take(suite('S', ['A', 'D']));
    expect(await as.approve('suite s')).toMatchObject({ suite: 'S', status: 'done', approvedBy: 'Leo Example' });
    expect(await world.stored(ServicePlan, { name: 'One' })).toEqual({ ...before, locked: false });
    const anna = await as.customer('anna');
    await as.assign('anna', 'One');
    expect(Object.keys(await as.held(anna))).toEqual(['A', 'D']);
    await expect(as.approve('S')).rejects.toMatchObject({ code: 'suite.approved' });
  });

  test.for([
    ['needs a data centre for a service that the plan’s is not offered by', {}, 'suite.data_centre_required'],
    ['takes no place where the service is not offered', { dataCentres: { F: 'Europe' } }, 'plan.data_centre_unknown'],
    ['takes no place for what is not added', { dataCentres: { A: 'Europe', F: 'Japan' } }, 'suite.not_added'],
    ['takes no place for software', { dataCentres: { D: 'Europe', F: 'Japan' } }, 'plan.data_centre_unneeded'],
  ] as const)('%s', async ([, input, code]) => {
    await as.take(suite('S', ['A', 'D', 'F']));
    await expect(as.approve('S', input)).rejects.toMatchObject({ code, field: 'dataCentres' });
    expect(await world.all(ServicePlan)).toMatchObject([{ locked: true }]);
    expect(await world.all(SuiteChange)).toMatchObject([{ approvedAt: null, dataCentres: {} }]);
  });

  test('the place that was given holds for who is accepted and for who comes later', async () => {
    const anna = await as.customer('anna');
    await as.assign('anna', 'One');
    await as.take(suite('S', ['A', 'F']));
    expect(await as.changes()).toMatchObject([
      { added: [{ product: 'F', unplaced: ['One'], dataCentres: ['Japan'] }] },
    ]);
    await as.approve('S', { dataCentres: { f: 'japan' } });
    await as.accept('S');
    const bert = await as.customer('bert');
    await as.assign('bert', 'One');
    for (const id of [anna, bert])
      expect(await as.held(id)).toMatchObject({ A: { dataCentre: 'Europe' }, F: { dataCentre: 'Japan' } });
  });

  test('is for the own changes alone, and for who may license', async () => {
    await as.take(suite('S', ['A', 'B']));
    const [{ changeId } = { changeId: '' }] = await as.changes();
    for (const email of ['yuki@sakura.example', 'ada@northwind.example'])
      await expect(suiteScript(world, email).approve(changeId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(suiteScript(world, 'vera@brightside.example').approve(changeId)).rejects.toMatchObject({
      code: 'not_allowed',
    });
    await expect(as.approve(randomUUID())).rejects.toMatchObject({ code: 'not_found', field: 'change' });
    await expect(as.accept(changeId)).rejects.toMatchObject({ code: 'suite.not_approved' });
  });
});

describe('acceptance', () => {
  test('gives what was added, unbundles what was removed, and touches nobody else', async () => {
    await as.take(...parts(), suite('S', ['A', 'B']));
    await as.plan('One', 'S', { graceDays: 10, notifyDays: [60] });
    const [anna, bert] = [await as.customer('anna'), await as.customer('bert')];
    const { assignmentId } = await as.assign('anna', 'One', { units: 12 });
    await as.assign('bert', 'One');
    await as.take(suite('S', ['A', 'C', 'D']));
    await as.approve('S');
    world.setNow('2026-04-20T09:00:00Z');
    const before = await as.ledger(anna);
    expect(await as.accept('S', { customers: ['ANNA'] })).toEqual({ accepted: 1, failed: [] });

    const held = await as.held(anna);
    const added = {
      units: 12,
      startsOn: Temporal.PlainDate.from('2026-04-20'),
      endsOn: Temporal.PlainDate.from('2027-03-05'),
      graceDays: 10,
      notifyDays: [60],
      autoRenewal: true,
      assignmentId,
    };
    expect(held.C).toMatchObject({ ...added, unitType: 'seat', dataCentre: 'Europe', activationCode: null });
    expect(held.D).toMatchObject({ ...added, unitType: 'device', dataCentre: null });
    expect(held.D!.activationCode).toMatch(/^[0-9A-F]{5}(-[0-9A-F]{5}){4}$/);
    expect(held.B).toMatchObject({ units: 12, planId: null, assignmentId: null, autoRenewal: false, graceDays: 10 });
    expect(await as.rowsSince(anna, before)).toEqual([
      'Suite Composition Change/suite_added C 12 2026-04-20',
      'Suite Composition Change/suite_added D 12 2026-04-20',
      'Suite Composition Change/unbundled B 0 2026-04-20',
    ]);
    expect(await as.money(anna)).toEqual([]);
    const assignment = await world.stored(PlanAssignment, assignmentId);
    expect(assignment.composition).toHaveLength(3);
    expect(Object.keys(await as.held(bert))).toEqual(['A', 'B']);
    expect(await as.changes()).toMatchObject([{ status: 'approved', left: 1, accepted: 1, failed: 0 }]);
    const mails = world.jobs.filter(({ data }) => (data as { topic?: string }).topic === 'license.added');
    expect(mails.at(-1)?.data).toMatchObject({ data: { assignmentId, licenseIds: `${held.C!.id},${held.D!.id}` } });

    expect(await as.accept('S', { customers: ['anna'] })).toMatchObject({
      accepted: 0,
      failed: [{ customer: 'anna', code: 'suite.nothing_left' }],
    });
    expect(await as.accept('S', { except: ['bert'] })).toEqual({ accepted: 0, failed: [] });
    expect(await as.accept('S')).toEqual({ accepted: 1, failed: [] });
    expect(await as.accept('S')).toEqual({ accepted: 0, failed: [] });
    expect(await as.changes()).toMatchObject([{ status: 'done', left: 0, accepted: 2 }]);
  });

  test.for([
    ['customers', { customers: ['anna', 'nobody'] }],
    ['except', { except: ['nobody'] }],
    ['customers of others', { customers: ['yoko'] }],
  ] as const)('names that nobody has are refused: %s', async ([, input]) => {
    await as.take(...parts(), suite('S', ['A']));
    await as.plan('One', 'S');
    await as.customer('anna');
    await as.assign('anna', 'One');
    await suiteScript(world, 'yuki@sakura.example').customer('yoko');
    await as.take(suite('S', ['B']));
    await as.approve('S');
    await expect(as.accept('S', input)).rejects.toMatchObject({ code: 'not_found' });
    expect(await as.changes()).toMatchObject([{ left: 1, accepted: 0, failed: 0 }]);
  });

  describe('annual money', () => {
    const year = { subscriptionType: 'annual_license', initialMonths: 12 };

    test('the rest of the term at the own price, counted over the assignment’s term; 10 × 36.00 × 292/365 = 288.00', async () => {
      world.setNow('2026-01-01T09:00:00Z');
      await as.take(...parts(), suite('S', ['A', 'B']));
      await priced(['A', '12.00'], ['B', '8.00'], ['C', '30.00'], ['C', '36.00', '2026-03-15']);
      await as.plan('Year', 'S', year);
      const anna = await as.customer('anna');
      await as.assign('anna', 'Year', { units: 10 });
      await as.take(suite('S', ['A', 'C']));
      await as.approve('S');
      world.setNow('2026-03-15T09:00:00Z');
      const before = await as.money(anna);
      expect(await as.show('S')).toMatchObject({ cost: { amount: '288.00', currency: 'EUR' }, ready: 1, hindered: 0 });
      await as.accept('S');
      expect(await as.moneySince(anna, before)).toEqual(['proration C 28800']);
      const { C } = await as.held(anna);
      expect(C!.terms).toEqual([
        {
          startsOn: '2026-03-15',
          endsOn: '2027-01-01',
          anchorOn: '2026-01-01',
          pricedFrom: '2026-01-01',
          version: 'full',
          subscriptionType: 'annual_license',
          months: 12,
          yearlyPrice: '36.00',
          currency: 'EUR',
        },
      ]);
    });

    test('a term renewed ahead is charged in full, for the units that it has', async () => {
      world.setNow('2026-01-01T09:00:00Z');
      await as.take(...parts(), suite('S', ['A']));
      await priced(['A', '12.00'], ['C', '36.00'], ['C', '48.00', '2027-01-01']);
      await as.plan('Year', 'S', year);
      const anna = await as.customer('anna');
      const { licenses } = await as.assign('anna', 'Year', { units: 10 });
      const license = licenses[0]!.licenseId;
      await as.run(changeSeats, { license, units: 6 });
      await as.run(renewLicense, { license });
      await as.take(suite('S', ['A', 'C']));
      await as.approve('S');
      world.setNow('2026-03-15T09:00:00Z');
      const [money, ledger] = [await as.money(anna), await as.ledger(anna)];
      await as.accept('S');
      expect(await as.moneySince(anna, money)).toEqual(['charge C 28800', 'proration C 28800']);
      expect(await as.rowsSince(anna, ledger)).toEqual([
        'Suite Composition Change/suite_added C -4 2027-01-01',
        'Suite Composition Change/suite_added C 10 2026-03-15',
      ]);
      const { A, C } = await as.held(anna);
      expect(C).toMatchObject({ units: 10, endsOn: A!.endsOn });
      expect(
        C!.terms.map(({ startsOn, endsOn, yearlyPrice, units }) => [startsOn, endsOn, yearlyPrice, units]),
      ).toEqual([
        ['2026-03-15', '2027-01-01', '36.00', undefined],
        ['2027-01-01', '2028-01-01', '48.00', 6],
      ]);
    });

    test('without a price it fails, is named, and harms nobody; with one it goes', async () => {
      await as.take(...parts(), suite('S', ['A']));
      await priced(['A', '12.00']);
      await as.plan('Year', 'S', year);
      await as.plan('Month', 'S');
      for (const account of ['anna', 'bert', 'carl']) await as.customer(account);
      await as.assign('anna', 'Year');
      await as.assign('bert', 'Month');
      await as.assign('carl', 'Year');
      await as.take(suite('S', ['A', 'C']));
      await as.approve('S');
      expect(await as.show('S')).toMatchObject({ left: 3, ready: 1, hindered: 2 });
      const outcome = await as.accept('S', { except: ['carl'] });
      expect(outcome).toMatchObject({ accepted: 1, failed: [{ customer: 'anna', code: 'license.no_price' }] });
      expect(await as.changes()).toMatchObject([{ status: 'approved', left: 2, accepted: 1, failed: 1 }]);
      await priced(['C', '1.00']);
      expect(await as.accept('S')).toEqual({ accepted: 2, failed: [] });
      expect(await as.changes()).toMatchObject([{ status: 'done', accepted: 3, failed: 0 }]);
    });

    test('a licence that moves: its unused value is credited, the rest of the assignment’s term is charged', async () => {
      // 20 × 24.00 × 183/365 = 240.66 back; 10 × 30.00 × 183/365 = 150.41.
      world.setNow('2026-01-01T09:00:00Z');
      await as.take(...parts(), suite('S', ['A']), suite('T', ['C', 'D']));
      await priced(['A', '12.00'], ['C', '24.00'], ['C', '30.00', '2026-07-01'], ['D', '1.00']);
      await as.plan('Year', 'S', year);
      await as.plan('Other', 'T', year);
      const anna = await as.customer('anna');
      await as.assign('anna', 'Year', { units: 10 });
      const other = await as.assign('anna', 'Other', { units: 20 });
      await as.take(suite('S', ['A', 'C']));
      await as.approve('S');
      world.setNow('2026-07-02T09:00:00Z');
      const [money, ledger, was] = [await as.money(anna), await as.ledger(anna), await as.held(anna)];
      expect(await as.accept('S')).toEqual({ accepted: 1, failed: [] });
      expect(await as.moneySince(anna, money)).toEqual(['credit C -24066', 'proration C 15041']);
      expect(await as.rowsSince(anna, ledger)).toEqual([
        'Suite Composition Change/suite_transfer C -10 2026-07-02',
        'Suite Composition Change/unbundled D 0 2026-07-02',
      ]);
      const { A, C, D } = await as.held(anna);
      expect(C).toMatchObject({ id: was.C!.id, units: 10, assignmentId: A!.assignmentId, endsOn: A!.endsOn });
      expect(D).toMatchObject({ planId: null, assignmentId: null, units: 20 });
      expect(await world.stored(PlanAssignment, other.assignmentId)).toMatchObject({ status: 'replaced' });
      expect((await as.run(listLicenses, { customer: 'anna' })).items).toHaveLength(3);
    });
  });

  test.for([
    ['a suspended customer', 'license.customer_suspended', 'suspended'],
    ['one in grace, to whom nothing can be given', 'suite.term_over', '2027-03-10'],
    ['one whose services stand elsewhere', 'crossgrade.data_centre', 'Japan'],
    ['one who counts it otherwise', 'crossgrade.unit_type', 'server'],
    ['a trial over what is held in full', 'crossgrade.trial_over_full', 'trial'],
    ['one whose assignment begins later', 'suite.not_begun', 'later'],
  ] as const)('fails with its reason and changes nothing: %s', async ([, code, how]) => {
    await as.take(...parts(), suite('S', ['A']));
    const trial = how === 'trial' ? { version: 'trial', initialMonths: undefined, initialDays: 30 } : {};
    await as.plan('One', 'S', { autoRenewal: false, ...trial });
    await as.plan('Alone', 'C', { dataCentre: how === 'Japan' ? 'Japan' : 'Europe' });
    const anna = await as.customer('anna');
    if (how !== '2027-03-10') await as.assign('anna', 'Alone', { units: 3 });
    await as.assign('anna', 'One', how === 'later' ? { startsOn: '2026-04-01' } : {});
    await as.take(suite('S', ['A', 'C']));
    await as.approve('S');
    if (how === 'suspended') await as.run(suspendCustomer, { customer: 'anna' });
    if (how === 'server') await world.change(License, { units: 3 }, (license) => (license.unitType = how));
    if (how.startsWith('20')) world.setNow(how);
    const before = [
      await as.ledger(anna),
      await world.all(License, { customerId: anna }),
      await world.all(PlanAssignment),
    ];
    expect(await as.accept('S')).toMatchObject({ accepted: 0, failed: [{ customer: 'anna', code }] });
    expect([
      await as.ledger(anna),
      await world.all(License, { customerId: anna }),
      await world.all(PlanAssignment),
    ]).toEqual(before);
    expect(await as.changes()).toMatchObject([{ status: 'approved', left: 1, failed: 1 }]);
  });

  test('who has no open licence of it any more is not concerned', async () => {
    await as.take(...parts(), suite('S', ['A']));
    await as.plan('One', 'S', { autoRenewal: false, graceDays: 0 });
    await as.customer('anna');
    await as.assign('anna', 'One');
    await as.take(suite('S', ['A', 'C']));
    await as.approve('S');
    world.setNow('2027-03-05T09:00:00Z');
    expect(await as.changes()).toMatchObject([{ status: 'done', left: 0 }]);
    expect(await as.accept('S')).toEqual({ accepted: 0, failed: [] });
  });

  test('a product that was removed by hand is not given again, and a product that ended is not given at all', async () => {
    await as.take(...parts(), suite('S', ['A', 'B']));
    await as.plan('One', 'S');
    const anna = await as.customer('anna');
    const { licenses } = await as.assign('anna', 'One');
    await as.run(removeLicense, { license: licenses.find(({ product }) => product === 'B')!.licenseId });
    await as.take(...parts({ C: { endOfLifeOn: '2026-03-05' } }), suite('S', ['A', 'B', 'C', 'D']));
    await as.approve('S');
    await as.accept('S');
    expect(Object.keys(await as.held(anna))).toEqual(['A', 'D']);
    expect(await as.changes()).toMatchObject([{ status: 'done' }]);
  });

  test('an assignment that begins later is given what was added from its own first day', async () => {
    await as.take(...parts(), suite('S', ['A']));
    await as.plan('One', 'S');
    const anna = await as.customer('anna');
    await as.assign('anna', 'One', { startsOn: '2026-04-01', units: 4 });
    await as.take(suite('S', ['A', 'C']));
    await as.approve('S');
    const before = await as.ledger(anna);
    await as.accept('S');
    expect(await as.rowsSince(anna, before)).toEqual(['Suite Composition Change/suite_added C 4 2026-04-01']);
    const { A, C } = await as.held(anna);
    expect(C).toMatchObject({ startsOn: A!.startsOn, endsOn: A!.endsOn, units: 4 });
  });

  test('a product that is unbundled already comes back under the plan', async () => {
    await as.take(...parts(), suite('S', ['A', 'B']));
    await as.plan('One', 'S', { dataCentre: centres[0] });
    const anna = await as.customer('anna');
    await as.assign('anna', 'One', { units: 7 });
    const { B: first } = await as.held(anna);
    await as.take(suite('S', ['A']));
    await as.approve('S');
    await as.accept('S');
    await as.take(suite('S', ['A', 'B']));
    await as.approve('S');
    await as.accept('S');
    const { A, B } = await as.held(anna);
    expect(B).toMatchObject({ id: first!.id, planId: A!.planId, units: 7, endsOn: A!.endsOn, autoRenewal: true });
  });
});

test.each([0, 5])('a customer whose renewal is late is taken over with his new term: grace %i', async (graceDays) => {
  await as.take(...parts(), suite('S', ['A']));
  await as.plan('One', 'S', { initialMonths: 1, graceDays });
  const anna = await as.customer('anna');
  await as.assign('anna', 'One');
  await as.take(suite('S', ['A', 'B']));
  world.setNow('2026-03-20T09:00:00Z');
  await as.approve('S');
  world.setNow('2026-04-07T09:00:00Z');
  const listed = await as.run(listSuiteCustomers, { change: 'S' });
  expect(listed.items).toMatchObject([{ customer: 'anna', hindrance: null }]);
  expect((await as.show('S')).left).toBe(1);
  expect((await as.changes())[0]).toMatchObject({ left: 1, ready: 1 });
  const { licenses } = await as.run(previewSuiteAcceptance, { change: 'S' });
  expect(licenses).toMatchObject([{ product: 'B', endsOn: '2026-05-05' }]);
  expect((await as.held(anna)).A!.endsOn.toString()).toBe('2026-04-05');
  await as.accept('S');
  const { A, B } = await as.held(anna);
  expect([A!.endsOn.toString(), B!.endsOn.toString()]).toEqual(['2026-05-05', '2026-05-05']);
});

describe('an end of life', () => {
  /** Anna with ten units of C for a year, renewed ahead with four. */
  const renewedAheadWithFewer = async (): Promise<string> => {
    await priced(['C', '12.00']);
    await as.plan('Year', 'C', { subscriptionType: 'annual_license' });
    const anna = await as.customer('anna');
    const { licenses } = await as.assign('anna', 'Year', { units: 10 });
    const license = licenses[0]!.licenseId;
    await as.run(changeSeats, { license, units: 4 });
    await as.run(renewLicense, { license });
    return anna;
  };

  test('ends licences that day at once, with terms renewed ahead, for all partners, without a row', async () => {
    await as.take(...parts(), suite('S', ['A', 'B']));
    await priced(['A', '12.00'], ['B', '12.00'], ['C', '12.00']);
    await as.plan('Year', 'S', { subscriptionType: 'annual_license' });
    await as.plan('Alone', 'C', { graceDays: 30, autoRenewal: false });
    const yuki = suiteScript(world, 'yuki@sakura.example');
    await yuki.plan('There', 'C', { dataCentre: 'Japan', initialMonths: 36 });
    const [anna, yoko] = [await as.customer('anna'), await yuki.customer('yoko')];
    const { licenses } = await as.assign('anna', 'Year');
    await as.assign('anna', 'Alone');
    await yuki.assign('yoko', 'There');
    await as.run(renewLicense, { license: licenses[0]!.licenseId });
    await as.run(changeSeats, { license: licenses[0]!.licenseId, units: 3 });
    const rows = [await as.ledger(anna), await as.money(anna)];

    const day = (text: string) => Temporal.PlainDate.from(text);
    expect(
      await as.take(...parts({ B: { endOfLifeOn: '2027-03-01' }, C: { endOfLifeOn: '2027-03-20' } })),
    ).toMatchObject({
      ended: 3,
    });
    const { A, B, C } = await as.held(anna);
    expect(A).toMatchObject({ endsOn: day('2028-03-05'), unitsAtRenewal: 3 });
    expect(A!.terms).toHaveLength(2);
    expect(B).toMatchObject({ endsOn: day('2027-03-01'), graceDays: 0, unitsAtRenewal: null });
    expect(B!.terms.map(({ startsOn, endsOn }) => [startsOn, endsOn])).toEqual([['2026-03-05', '2027-03-01']]);
    // It ends before the product does; only its grace may not reach beyond.
    expect(C).toMatchObject({ endsOn: day('2027-03-05'), graceDays: 15 });
    expect((await yuki.held(yoko)).C).toMatchObject({ endsOn: day('2027-03-20'), graceDays: 0 });
    expect([await as.ledger(anna), await as.money(anna)]).toEqual(rows);
    // A later day gives nothing back; the same day does nothing.
    expect(
      await as.take(...parts({ B: { endOfLifeOn: '2028-01-01' }, C: { endOfLifeOn: '2027-03-20' } })),
    ).not.toHaveProperty('ended');
    expect((await as.held(anna)).B).toMatchObject({ endsOn: day('2027-03-01') });
  });

  test('of a licence that would begin later ends it that day', async () => {
    await as.take(...parts());
    await as.plan('Alone', 'C');
    const anna = await as.customer('anna');
    await as.assign('anna', 'Alone', { startsOn: '2026-05-01' });
    expect(await as.take(...parts({ C: { endOfLifeOn: '2026-04-01' } }))).toMatchObject({ ended: 1 });
    const standing = async () =>
      (await as.run(listLicenses, { customer: anna })).items.map(({ startsOn, endsOn, status, units }) =>
        [startsOn, endsOn, status, units].join(' '),
      );
    expect(await standing()).toEqual(['2026-05-01 2026-04-01 scheduled 25']);
    world.setNow('2026-04-01T09:00:00Z');
    expect(await standing()).toEqual(['2026-05-01 2026-04-01 expired 25']);
    world.setNow('2026-05-02T09:00:00Z');
    await renewAllDue(world);
    expect(await standing()).toEqual(['2026-05-01 2026-04-01 expired 25']);
  });

  test('lets units that a dropped term was to bring come on their day: the ledger says so', async () => {
    await as.take(...parts());
    const anna = await renewedAheadWithFewer();
    await as.take(...parts({ C: { endOfLifeOn: '2027-02-01' } }));
    await as.take(...parts({ C: { endOfLifeOn: '2027-01-01' } }));
    const units = async () => (await as.run(listLicenses, { customer: anna })).items.map((item) => item.units);
    world.setNow('2027-01-02T09:00:00Z');
    await renewAllDue(world);
    expect(await units()).toEqual([10]);
    world.setNow('2027-03-05T09:00:00Z');
    expect(await units()).toEqual([4]);
    await renewAllDue(world);
    expect(await units()).toEqual([4]);
    expect((await as.held(anna)).C).toMatchObject({ units: 4, endsOn: Temporal.PlainDate.from('2027-01-01') });
  });

  test('gives up such units where the licence goes another way', async () => {
    await as.take(...parts(), suite('S', ['C', 'A']));
    await as.plan('Both', 'S');
    const anna = await renewedAheadWithFewer();
    await as.take(...parts({ C: { endOfLifeOn: '2027-02-01' } }));
    const asked = { customer: 'anna', plan: 'Both', units: 12 };
    const { hash } = await as.run(previewCrossgrade, asked);
    await as.run(commitCrossgrade, { ...asked, hash });
    world.setNow('2027-03-06T09:00:00Z');
    await renewAllDue(world);
    expect((await as.held(anna)).C).toMatchObject({ units: 12 });
  });

  test('leaves no grace beyond its day to whoever begins after it was known', async () => {
    await as.take(...parts({ C: { endOfLifeOn: '2027-03-20' } }));
    await as.plan('Alone', 'C', { graceDays: 30 });
    const anna = await as.customer('anna');
    await as.assign('anna', 'Alone');
    expect((await as.held(anna)).C).toMatchObject({ endsOn: Temporal.PlainDate.from('2027-03-05'), graceDays: 15 });
  });

  test('of a suite ends what stands under its plans', async () => {
    await as.take(...parts(), suite('S', ['A']));
    await as.plan('One', 'S');
    await as.plan('Alone', 'B');
    const anna = await as.customer('anna');
    await as.assign('anna', 'One');
    await as.assign('anna', 'Alone');
    await as.take(suite('S', ['A'], { endOfLifeOn: '2026-06-01' }));
    const { A, B } = await as.held(anna);
    expect([A!.endsOn.toString(), B!.endsOn.toString()]).toEqual(['2026-06-01', '2027-03-05']);
    // Who comes later ends with it as well, and nobody begins after it.
    const bert = await as.customer('bert');
    await as.assign('bert', 'One', { startsOn: '2026-05-01' });
    expect((await as.held(bert)).A).toMatchObject({ endsOn: A!.endsOn, graceDays: 0 });
    await as.customer('carl');
    await expect(as.assign('carl', 'One', { startsOn: '2026-06-01' })).rejects.toMatchObject({
      code: 'plan.end_of_life',
    });
  });
});
