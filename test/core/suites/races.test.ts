import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Product } from '../../../src/core/catalog/product.ts';
import { commitCrossgrade, previewCrossgrade } from '../../../src/core/crossgrades/commit-crossgrade.ts';
import { changeSeats } from '../../../src/core/licenses/change-seats.ts';
import { License } from '../../../src/core/licenses/license.ts';
import { removeLicense } from '../../../src/core/licenses/remove-license.ts';
import { PlanAssignment } from '../../../src/core/plans/plan-assignment.ts';
import { beginSuiteAcceptance, acceptNext } from '../../../src/core/suites/accept-suite-change.ts';
import { SuiteChange } from '../../../src/core/suites/suite-change.ts';
import { expectInvariants } from '../../support/invariants.ts';
import { emptied, manyOn, parts, suite, suiteScript } from '../../support/suites.ts';
import { createWorld, isPostgres, type World } from '../../support/world.ts';

/** Two at once: what a real database does when neither waits for the other to be done. */
describe.runIf(isPostgres)('two at once', () => {
  let world: World;
  let as: ReturnType<typeof suiteScript>;
  beforeAll(async () => {
    world = await createWorld();
    as = suiteScript(world);
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    await emptied(world);
    world.setNow('2026-03-05T09:00:00Z');
    await as.take(...parts(), suite('S', ['A', 'B']));
    await as.plan('One', 'S');
  });
  const recomposed = async () => {
    await as.take(suite('S', ['A', 'C']));
    await as.approve('S');
  };
  /** What each said: its result, or the code of its refusal. */
  const both = async (...deeds: readonly (() => Promise<unknown>)[]): Promise<unknown[]> =>
    (await Promise.allSettled(deeds.map((deed) => deed()))).map((end) => {
      if (end.status === 'fulfilled') return end.value;
      const { code } = end.reason as { code?: string };
      if (code === undefined) throw end.reason;
      return code;
    });
  const givenTwice = async (): Promise<number> => {
    const [row] = await world.sql<{ n: number }>(
      `select count(*)::int as n from (select 1 from license l where removed_on is null
        group by l.customer_id, l.product_id having count(*) > 1) x`,
    );
    return row?.n ?? 0;
  };

  test('two who accept all: each customer once', async () => {
    await manyOn(world, 'One', 40);
    await recomposed();
    const ends = (await both(
      () => as.accept('S'),
      () => suiteScript(world, 'lise@brightside.example').accept('S'),
    )) as { accepted: number; failed: unknown[] }[];
    expect(ends.map(({ accepted }) => accepted).toSorted()).toEqual([0, 40]);
    expect(ends.flatMap(({ failed }) => failed)).toEqual([]);
    expect(await givenTwice()).toBe(0);
    expect(await as.changes()).toMatchObject([{ status: 'done', accepted: 40, failed: 0 }]);
    await expectInvariants(world, { except: ['I13'] });
  });

  test('a job beside a script, and two runs of a job: each customer once', async () => {
    await manyOn(world, 'One', 40);
    await recomposed();
    await as.run(beginSuiteAcceptance, { change: 'S' });
    const [{ changeId } = { changeId: '' }] = await as.changes();
    const next = () => as.run(acceptNext, { change: changeId, limit: 15 });
    await both(next, next, () => as.accept('S', { except: ['many-3'] }), next, next);
    for (let round = 0; (await next()).more; round++) if (round > 5) throw new Error('it never ends');
    expect(await givenTwice()).toBe(0);
    expect(await as.changes()).toMatchObject([{ status: 'done', accepted: 40, failed: 0, queued: 0 }]);
    await expectInvariants(world, { except: ['I13'] });
  });

  test('accepting beside seats: the added licence has the number that the others have', async () => {
    const accounts = Array.from({ length: 12 }, (_, n) => `anna-${n}`);
    for (const account of accounts) {
      await as.customer(account);
      await as.assign(account, 'One', { units: 10 });
    }
    await recomposed();
    for (const account of accounts) {
      const [customer] = await world.sql<{ id: string }>('select id from customer where account = ?', [account]);
      const license = (await as.held(customer!.id)).A!.id;
      const ends = await both(
        () => as.accept('S', { customers: [account] }),
        () => as.run(changeSeats, { license, units: 17 }),
      );
      expect(ends).toMatchObject([{ accepted: 1, failed: [] }, { licenses: expect.anything() }]);
      const licenses = (await world.all(License, { customerId: customer!.id })).filter(({ planId }) => planId !== null);
      expect(licenses.map(({ units }) => units)).toEqual([17, 17]);
    }
    await expectInvariants(world);
  });

  test('accepting beside a crossgrade away from it: one of them finds the ground changed', async () => {
    await as.plan('Alone', 'A');
    for (const round of [1, 2, 3, 4]) {
      const account = `anna-${round}`;
      await as.customer(account);
      await as.assign(account, 'One');
    }
    await recomposed();
    for (const round of [1, 2, 3, 4]) {
      const account = `anna-${round}`;
      const { hash } = await as.run(previewCrossgrade, { customer: account, plan: 'Alone' });
      await both(
        () => as.accept('S', { customers: [account] }),
        () => as.run(commitCrossgrade, { customer: account, plan: 'Alone', hash }),
      );
    }
    expect(await givenTwice()).toBe(0);
    await expectInvariants(world);
  });

  test('accepting beside the removal of what it goes by', async () => {
    for (const round of [1, 2, 3]) {
      await as.customer(`anna-${round}`);
      await as.assign(`anna-${round}`, 'One');
    }
    await recomposed();
    for (const round of [1, 2, 3]) {
      const account = `anna-${round}`;
      const [customer] = await world.sql<{ id: string }>('select id from customer where account = ?', [account]);
      const license = (await as.held(customer!.id)).A!.id;
      await both(
        () => as.accept('S', { customers: [account] }),
        () => as.run(removeLicense, { license, all: true }),
      );
    }
    await expectInvariants(world);
  });

  test('an import beside assignments: each was given what the catalogue said, and no one is forgotten', async () => {
    for (let n = 0; n < 8; n++) await as.customer(`anna-${n}`);
    const ends = await both(
      ...Array.from({ length: 4 }, (_, n) => () => as.assign(`anna-${n}`, 'One')),
      () => as.take(suite('S', ['A', 'C'])),
      ...Array.from({ length: 4 }, (_, n) => () => as.assign(`anna-${n + 4}`, 'One')),
    );
    expect(ends.filter((end) => typeof end === 'string').every((code) => code === 'plan.locked')).toBe(true);
    const assignments = await world.all(PlanAssignment);
    const [change] = await as.changes();
    expect(change).toMatchObject({ status: 'waiting', left: assignments.length });
    await expectInvariants(world);
  });

  test('an import beside new plans, and an approval beside new plans: locked exactly while it waits', async () => {
    const plans = (from: number) => Array.from({ length: 4 }, (_, n) => () => as.plan(`Plan ${from + n}`, 'S'));
    await both(...plans(0), () => as.take(suite('S', ['A', 'C'])), ...plans(4));
    await expectInvariants(world);
    await both(...plans(8), () => as.approve('S'), ...plans(12));
    await expectInvariants(world);
    await both(
      () => as.take(suite('S', ['A', 'D'])),
      () => as.take(suite('S', ['B'])),
      ...plans(16),
    );
    expect((await as.changes()).filter(({ status }) => status === 'waiting')).toHaveLength(1);
    await expectInvariants(world);
  });

  test('an import of an end of life beside assignments: nothing outlives the product', async () => {
    await as.plan('Alone', 'D', { dataCentre: undefined });
    for (let n = 0; n < 8; n++) await as.customer(`anna-${n}`);
    await both(
      ...Array.from({ length: 4 }, (_, n) => () => as.assign(`anna-${n}`, 'Alone')),
      () => as.take(...parts({ D: { endOfLifeOn: '2026-06-01' } })),
      ...Array.from({ length: 4 }, (_, n) => () => as.assign(`anna-${n + 4}`, 'Alone')),
    );
    expect((await world.all(License)).map(({ endsOn }) => endsOn.toString())).toEqual(Array(8).fill('2026-06-01'));
    await expectInvariants(world);
  });

  test('two approvals, and an approval beside the import that replaces the change', async () => {
    await as.take(suite('S', ['A', 'C']));
    const [{ changeId } = { changeId: '' }] = await as.changes();
    expect(
      (
        await both(
          () => as.approve(changeId),
          () => as.approve(changeId),
        )
      ).filter((end) => end === 'suite.approved'),
    ).toHaveLength(1);
    await as.take(suite('S', ['A', 'D']));
    const [second] = await as.changes();
    await both(
      () => as.approve(second!.changeId),
      () => as.take(suite('S', ['D'])),
    );
    // Whichever was first, what waits leads to the newest composition.
    const [open] = await world.all(SuiteChange, { approvedAt: null, replacedAt: null });
    const { id } = await world.stored(Product, { sku: 'D' });
    expect(open).toMatchObject({ after: [id] });
    await expectInvariants(world);
  });
});
