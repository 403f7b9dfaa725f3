import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { creditsByLicense, type CreditedLicense } from '../../../src/core/licenses/credits.ts';
import { creditParts, creditPartsOf } from '../../../src/storage/reads/derived-credits.ts';
import { scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, partnerIds, type World } from '../../support/world.ts';

const held = (licenseId: string, over: Partial<CreditedLicense> = {}): CreditedLicense => ({
  licenseId,
  assignmentId: 'suite',
  productId: licenseId,
  units: 25,
  ownRate: '0.5',
  planRate: '1.6',
  composition: ['a', 'b', 'c'],
  ...over,
});
const credits = (...licenses: CreditedLicense[]) => Object.fromEntries(creditsByLicense(licenses));

describe('credits of licences', () => {
  test('a suite converts once, at its own rate, on the row of its first component', () => {
    expect(credits(held('c'), held('a'), held('b'))).toEqual({ a: '40' });
  });

  test('the first that is still held carries them', () => {
    expect(credits(held('c'), held('b'))).toEqual({ b: '40' });
  });

  test('an unbundled license converts by its own product, beside the suite it came from', () => {
    expect(credits(held('a'), held('b', { assignmentId: null, composition: [], planRate: null }))).toEqual({
      a: '40',
      b: '12.5',
    });
  });

  test('a plan of one product converts at that product’s rate, and each assignment by itself', () => {
    const alone = { planRate: '0.7', ownRate: '0.7', composition: ['a'], productId: 'a' };
    expect(
      credits(held('x', { ...alone, assignmentId: 'one', units: 10 }), held('y', { ...alone, assignmentId: 'two' })),
    ).toEqual({ x: '7', y: '17.5' });
  });

  test('without a rate there are none, whatever the components have', () => {
    expect(credits(held('a', { planRate: null }))).toEqual({});
    expect(credits(held('a', { assignmentId: null, ownRate: null }))).toEqual({});
  });
});

describe('the same in the database', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    await stockCatalog(world);
    const as = scriptOf(world);
    await as.plan('Suite', 'WFS-ADV');
    await as.plan('Mail', 'EMS-ADV');
    await as.plan('Web', 'WEB');
    for (const account of ['one', 'two', 'three']) {
      await as.customer(account);
      await as.assign(account, 'Suite', { units: account.length * 5 });
      await as.assign(account, 'Mail', { units: 7 });
      await as.assign(account, 'Web', { units: 3 });
    }
  });
  afterAll(() => world.close());

  test('agrees for whatever is removed and unbundled', async () => {
    const ids = (await world.sql<{ id: string }>('select id from license order by id')).map(({ id }) => id);
    expect(ids).toHaveLength(15);
    const fate = fc.constantFrom('kept', 'removed', 'unbundled');
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { minLength: 15, maxLength: 15 }), async (fates) => {
        const those = (wanted: string): string => ids.filter((_, index) => fates[index] === wanted).join(',');
        await world.sql(`update license l set removed_on = null, assignment_id = a.id, plan_id = a.plan_id
           from plan_assignment a where a.customer_id = l.customer_id and a.composition @> to_jsonb(l.product_id)`);
        await world.sql(
          `update license set removed_on = '2026-03-05' where id = any (string_to_array(?, ',')::uuid[])`,
          [those('removed')],
        );
        await world.sql(
          `update license set assignment_id = null, plan_id = null where id = any (string_to_array(?, ',')::uuid[])`,
          [those('unbundled')],
        );

        const rows = await world.sql<CreditedLicense>(
          `select l.id as "licenseId", l.assignment_id as "assignmentId", l.product_id as "productId", l.units,
                  p.credits_per_unit::text as "ownRate", sp.credits_per_unit::text as "planRate",
                  coalesce(a.composition, '[]') as composition
             from license l join product p on p.id = l.product_id
             left join plan_assignment a on a.id = l.assignment_id
             left join service_plan s on s.id = l.plan_id left join product sp on sp.id = s.product_id
            where l.removed_on is null`,
        );
        const keyOf = new Map(rows.map(({ licenseId, assignmentId }) => [licenseId, assignmentId ?? licenseId]));
        const parts = await world.sql<{ key: string; credits: number }>(
          `select coalesce(x.assignment_id, x.license_id) as key, (x.units * x.rate)::float8 as credits
             from (${creditParts}) x where x.rate is not null`,
          creditPartsOf(partnerIds.brightside, Temporal.PlainDate.from('2026-03-05')),
        );
        const inCore = [...creditsByLicense(rows)].map(([id, figure]) => ({
          key: keyOf.get(id)!,
          credits: Number(figure),
        }));
        const byKey = (one: { key: string }, other: { key: string }): number => (one.key < other.key ? -1 : 1);
        expect(parts.toSorted(byKey)).toEqual(inCore.toSorted(byKey));
      }),
      { numRuns: 25 },
    );
  });
});
