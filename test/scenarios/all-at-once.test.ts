/** Two people, the nightly job and the catalogue, all at once on the same few customers: whatever comes first, all holds. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commitCrossgrade, previewCrossgrade } from '../../src/core/crossgrades/commit-crossgrade.ts';
import { undoCrossgrade } from '../../src/core/crossgrades/undo-crossgrade.ts';
import { resumeCustomer, suspendCustomer } from '../../src/core/customers/suspend-customer.ts';
import { Refusal } from '../../src/core/errors.ts';
import { changeSeats } from '../../src/core/licenses/change-seats.ts';
import { convertLicense } from '../../src/core/licenses/convert-license.ts';
import { License } from '../../src/core/licenses/license.ts';
import { removeLicense } from '../../src/core/licenses/remove-license.ts';
import { renewLicense } from '../../src/core/licenses/renew-license.ts';
import { runRenewals } from '../../src/core/licenses/run-renewals.ts';
import { resumeLicense, suspendLicense } from '../../src/core/licenses/suspend-license.ts';
import { editPlan } from '../../src/core/plans/edit-plan.ts';
import { expectInvariants } from '../support/invariants.ts';
import { givenPrice } from '../support/licensing.ts';
import { emptied, parts, suite, suiteScript } from '../support/suites.ts';
import { createWorld, isPostgres, type World } from '../support/world.ts';

const given = process.env.SEED;
const seeds = given ? [Number(given)] : [Math.floor(Math.random() * 2 ** 31), 4711];
const accounts = ['anna', 'ben', 'carl', 'dora', 'emil'];
const planNames = ['Pair', 'Monthly pair', 'Other', 'Alone', 'Trial'];
const compositions = [
  ['A', 'B'],
  ['A', 'C'],
  ['A', 'B', 'D'],
];

/** mulberry32. */
const randomFrom = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

describe.runIf(isPostgres)('all at once', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  test.for(seeds)('SEED=%i', { timeout: 60_000 }, async (seed) => {
    await emptied(world);
    world.setNow('2026-03-05T09:00:00Z');
    const leo = suiteScript(world);
    const lise = suiteScript(world, 'lise@brightside.example');
    await leo.take(...parts(), suite('S', compositions[0]!), suite('T', ['B', 'D']));
    for (const sku of ['A', 'B', 'C', 'D']) await givenPrice(world, sku, '2025-01-01', '36.00');
    await leo.plan('Pair', 'S', { subscriptionType: 'annual_license', initialMonths: 12 });
    await leo.plan('Monthly pair', 'S', { initialMonths: 1 });
    await leo.plan('Other', 'T', { initialMonths: 1 });
    await leo.plan('Alone', 'A', { initialMonths: 1 });
    await leo.plan('Trial', 'A', { version: 'trial', initialMonths: undefined, initialDays: 14 });
    for (const [index, account] of accounts.entries()) {
      await leo.customer(account);
      await leo.assign(account, planNames[index]!);
    }

    const random = randomFrom(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const committed: string[] = [];
    for (let step = 0; step < 10; step++) {
      world.setNow(`${Temporal.PlainDate.from('2026-03-05').add({ days: 6 * step })}T09:00:00Z`);
      const licenses = await world.all(License);
      const deed = (): (() => Promise<unknown>) => {
        const who = pick([leo, lise]);
        const customer = pick(accounts);
        const license = pick(licenses).id;
        const all = random() < 0.5;
        const units = 1 + Math.floor(random() * 60);
        const plan = pick(planNames);
        const catalog = [suite('S', pick(compositions)), suite('T', ['B', 'D'])];
        const over = { [pick(['C', 'D'])]: { endOfLifeOn: '2026-12-01' } };
        const crossgrade = async () => {
          const { hash } = await who.run(previewCrossgrade, { customer, plan });
          const done = await who.run(commitCrossgrade, { customer, plan, hash });
          committed.push(done.crossgradeId);
        };
        return pick<() => Promise<unknown>>([
          () => who.run(changeSeats, { license, units }),
          () => who.run(renewLicense, { license }),
          () => who.run(convertLicense, { license, plan: 'Alone' }),
          () => who.run(removeLicense, { license, all }),
          () => who.run(suspendLicense, { license, all }),
          () => who.run(resumeLicense, { license, all }),
          () => who.run(suspendCustomer, { customer }),
          () => who.run(resumeCustomer, { customer }),
          () => who.assign(customer, plan),
          () => world.execute(runRenewals, world.system, {}),
          () => leo.take(...parts(), ...catalog),
          () => leo.take(...parts(over), ...catalog),
          () => who.approve('S'),
          () => who.accept('S'),
          () => who.accept('S', { customers: [customer] }),
          () => who.run(editPlan, { plan: 'Other', graceDays: 10 + (units % 20) }),
          crossgrade,
          async () => committed.length > 0 && who.run(undoCrossgrade, { crossgrade: pick(committed) }),
        ]);
      };
      // Every third is clicked twice.
      const deeds = Array.from({ length: 10 }, deed).flatMap((one, n) => (n % 3 === 0 ? [one, one] : [one]));
      const ends = await Promise.allSettled(deeds.map((one) => one()));
      const broken = ends.flatMap((end) =>
        end.status === 'rejected' && !(end.reason instanceof Refusal) ? [String(end.reason)] : [],
      );
      expect(broken).toEqual([]);
      await expectInvariants(world);
    }
  });
});
