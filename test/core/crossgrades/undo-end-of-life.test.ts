import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { commitCrossgrade, previewCrossgrade } from '../../../src/core/crossgrades/commit-crossgrade.ts';
import { undoCrossgrade } from '../../../src/core/crossgrades/undo-crossgrade.ts';
import { changeSeats } from '../../../src/core/licenses/change-seats.ts';
import { expectInvariants } from '../../support/invariants.ts';
import { givenPrice } from '../../support/licensing.ts';
import { emptied, parts, suite, suiteScript } from '../../support/suites.ts';
import { createWorld, isPostgres, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof suiteScript>;
beforeAll(async () => {
  world = await createWorld();
  as = suiteScript(world);
});
afterAll(() => world.close());
beforeEach(async () => {
  await emptied(world);
  await as.take(...parts(), suite('S', ['A', 'B']), suite('T', ['A', 'C']));
  await as.plan('Alone', 'A', { initialMonths: 12 });
  await as.plan('Pair', 'S', { initialMonths: 12 });
  await as.plan('Other pair', 'T', { initialMonths: 12 });
});

/** A customer whose one plan was replaced by another. */
const crossgraded = async (account: string, from: string, to: string) => {
  const customerId = await as.customer(account);
  await as.assign(account, from);
  const { hash } = await as.run(previewCrossgrade, { customer: account, plan: to });
  const { crossgradeId } = await as.run(commitCrossgrade, { customer: account, plan: to, hash });
  return { customerId, crossgradeId };
};

test('an end of life that came after the crossgrade ends what its undo brings back', async () => {
  const { customerId, crossgradeId } = await crossgraded('anna', 'Alone', 'Pair');
  await as.take(...parts({ A: { endOfLifeOn: '2026-05-01' } }));
  expect((await as.held(customerId)).A).toMatchObject({ endsOn: Temporal.PlainDate.from('2026-05-01'), graceDays: 0 });
  await as.run(undoCrossgrade, { crossgrade: crossgradeId });
  const { A } = await as.held(customerId);
  expect([A!.endsOn.toString(), A!.graceDays, A!.terms.map(({ endsOn }) => endsOn)]).toEqual([
    '2026-05-01',
    0,
    ['2026-05-01'],
  ]);
  await expectInvariants(world);
});

test('so does that of the suite under whose plan it stands again; without one the dates are as they were', async () => {
  const first = await crossgraded('anna', 'Pair', 'Other pair');
  const second = await crossgraded('ben', 'Alone', 'Other pair');
  await as.take(suite('S', ['A', 'B'], { endOfLifeOn: '2026-06-01' }));
  for (const { crossgradeId } of [first, second]) await as.run(undoCrossgrade, { crossgrade: crossgradeId });
  const ends = async (id: string) =>
    Object.values(await as.held(id)).map(({ endsOn, graceDays }) => [endsOn.toString(), graceDays]);
  expect(await ends(first.customerId)).toEqual([
    ['2026-06-01', 0],
    ['2026-06-01', 0],
  ]);
  expect(await ends(second.customerId)).toEqual([['2027-03-05', 30]]);
  await expectInvariants(world);
});

test.runIf(isPostgres)('an undo beside the import of an end of life: nothing outlives it', async () => {
  const all = [];
  for (const round of [1, 2, 3, 4]) all.push(await crossgraded(`anna-${round}`, 'Alone', 'Pair'));
  await Promise.all([
    ...all.map(({ crossgradeId }) => as.run(undoCrossgrade, { crossgrade: crossgradeId })),
    as.take(...parts({ A: { endOfLifeOn: '2026-05-01' } })),
  ]);
  for (const { customerId } of all) expect((await as.held(customerId)).A!.endsOn.toString()).toBe('2026-05-01');
  await expectInvariants(world);
});

test('one that was known before leaves what is brought back as it was, a decrease that waits as well', async () => {
  for (const sku of ['A', 'C']) await givenPrice(world, sku, '2025-01-01', '12.00');
  await as.take(...parts({ A: { endOfLifeOn: '2026-05-01' } }));
  await as.plan('Year', 'A', { subscriptionType: 'annual_license' });
  await as.plan('Year together', 'T', { subscriptionType: 'annual_license' });
  const customerId = await as.customer('carl');
  const { licenses } = await as.assign('carl', 'Year');
  await as.run(changeSeats, { license: licenses[0]!.licenseId, units: 7 });
  const before = (await as.held(customerId)).A!;
  expect(before).toMatchObject({ unitsAtRenewal: 7, endsOn: Temporal.PlainDate.from('2026-05-01') });
  const { hash } = await as.run(previewCrossgrade, { customer: 'carl', plan: 'Year together' });
  const { crossgradeId } = await as.run(commitCrossgrade, { customer: 'carl', plan: 'Year together', hash });
  await as.run(undoCrossgrade, { crossgrade: crossgradeId });
  expect((await as.held(customerId)).A).toEqual(before);
  await expectInvariants(world);
});
