import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Product } from '../../../src/core/catalog/product.ts';
import { showDashboard } from '../../../src/core/licenses/show-dashboard.ts';
import { createPlan } from '../../../src/core/plans/create-plan.ts';
import { UsageDay } from '../../../src/core/usage/usage-day.ts';
import { scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, partnerIds, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  as = scriptOf(world);
});
afterAll(() => world.close());

const figures = (email?: string) => (email ? scriptOf(world, email) : as).run(showDashboard, {});

test('an empty desk shows zeros', async () => {
  expect(await figures()).toEqual({
    day: '2026-03-05',
    customers: 0,
    plans: { enabled: 0, locked: 0 },
    licenses: 0,
    licensesByStatus: {},
    units: 0,
    credits: '0',
    waitingCrossgrades: 0,
    reports: [],
    usage: [],
    partners: null,
  });
});

test('it counts what is open, and credits by assignment at the suite’s own rate', async () => {
  await as.plan('Suite', 'WFS-ADV');
  await as.plan('Mail', 'EMS-ADV');
  await as.plan('Endpoint', 'WFS');
  await as.plan('Off', 'WEB', { enabled: false });
  const { planId } = await as.plan('Locked', 'WEB');
  await world.sql('update service_plan set locked = true where id = ?::uuid', [planId]);
  await as.run(createPlan, { name: 'Own', product: 'WFS', nfr: true });
  const one = await as.customer('one');
  await as.customer('two');
  const gone = await as.customer('gone');
  await as.assign('one', 'Suite');
  await as.assign('one', 'Mail', { units: 10, startsOn: '2026-04-01' });
  await as.assign('two', 'Endpoint', { units: 5 });
  await as.assign('gone', 'Endpoint', { units: 100 });
  await expect(as.assign('two', 'Suite')).rejects.toMatchObject({ code: 'license.duplicate' });
  await world.sql(`update customer set status = 'suspended' where id = ?::uuid`, [gone]);
  const [freed] = await world.sql<{ id: string }>(
    `update license set assignment_id = null, plan_id = null where customer_id = ?::uuid
        and product_id = (select id from product where sku = 'CAS') returning id`,
    [one],
  );
  expect(freed).toBeDefined();

  expect(await figures()).toMatchObject({
    customers: 2,
    plans: { enabled: 4, locked: 1 },
    licenses: 6,
    licensesByStatus: { active: 4, scheduled: 1, suspended: 1 },
    units: 25 * 3 + 10 + 5 + 100,
    // 25 × 1.6, the unbundled 25 × 0.5, 10 × 0.7, and 105 × 1.2.
    credits: '185.5',
    waitingCrossgrades: 1,
  });
});

test('usage is the peaks of the last thirteen ended cycles', async () => {
  const [customer] = await world.sql<{ id: string }>(`select id from customer where account = 'one'`);
  const [product] = await world.all(Product, { sku: 'WFS' });
  const record = (day: string, provisioned: number, used: number | null) =>
    new UsageDay({
      id: randomUUID(),
      partnerId: partnerIds.brightside,
      productId: product!.id,
      customerId: customer!.id,
      day: Temporal.PlainDate.from(day),
      provisioned,
      used,
    });
  await world.given(
    record('2025-01-31', 1, 1),
    record('2025-02-01', 7, null),
    record('2026-02-03', 20, 12),
    record('2026-02-28', 18, 15),
    record('2026-03-01', 99, 99),
  );
  expect((await figures()).usage).toEqual([
    { cycle: '2025-02', provisioned: 7, used: null },
    { cycle: '2026-02', provisioned: 20, used: 15 },
  ]);
});

test('a Tier 1 sees the number of its partners’ customers and nothing else of them', async () => {
  expect(await figures('ada@northwind.example')).toMatchObject({
    customers: 0,
    licenses: 0,
    usage: [],
    partners: [
      { partner: 'Brightside', customers: 2 },
      { partner: 'Sakura', customers: 0 },
    ],
  });
  expect((await figures('olga@fjord.example')).partners).toEqual([]);
  expect((await figures('yuki@sakura.example')).customers).toBe(0);
});

test('reports are for those who may see them', async () => {
  expect((await figures('vera@brightside.example')).reports).toBeNull();
  expect((await figures('bob@brightside.example')).reports).toEqual([]);
});
