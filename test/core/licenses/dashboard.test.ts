import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Product } from '../../../src/core/catalog/product.ts';
import { listCredits } from '../../../src/core/licenses/list-credits.ts';
import { listLicenses } from '../../../src/core/licenses/list-licenses.ts';
import { showDashboard } from '../../../src/core/licenses/show-dashboard.ts';
import { SuiteChange } from '../../../src/core/suites/suite-change.ts';
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
    suiteChanges: { waiting: 0, left: 0 },
    pricesKept: 0,
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

test('behind each number of licenses stands its list, of the own customers alone', async () => {
  const { licenses, licensesByStatus, units } = await figures();
  expect(await as.run(listLicenses, { status: 'open' })).toMatchObject({
    total: licenses,
    units,
    page: 1,
    account: null,
  });
  for (const [status, count] of Object.entries(licensesByStatus)) {
    const listed = await as.run(listLicenses, { status });
    expect(listed.total).toBe(count);
    expect(listed.items.every((item) => item.status === status)).toBe(true);
  }
  expect((await as.run(listLicenses, { status: 'grace' })).items).toEqual([]);
  expect((await scriptOf(world, 'yuki@sakura.example').run(listLicenses, {})).total).toBe(0);
  // A customer's come whole, in pages only when asked.
  expect(await as.run(listLicenses, { customer: 'one', status: 'scheduled' })).toMatchObject({
    account: 'one',
    items: [{ product: 'EMS-ADV', customer: 'one', company: 'Company one', units: 10 }],
  });
  expect((await as.run(listLicenses, { customer: 'one', page: 2 })).items).toEqual([]);
  await expect(as.run(listLicenses, { customer: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
});

test('a Tier 1 lists the licenses of a managed partner’s customer by name, and never among its own', async () => {
  await world.sql(`update partner set managed_by_distributor = true where slug = 'brightside'`);
  const ada = scriptOf(world, 'ada@northwind.example');
  expect((await ada.run(listLicenses, { customer: 'one' })).total).toBe(4);
  expect((await ada.run(listLicenses, {})).total).toBe(0);
  expect((await ada.run(listCredits, {})).total).toBe(0);
  await world.sql('update partner set managed_by_distributor = false');
});

test('behind the credits stands what converts, the most first, and it adds up', async () => {
  const found = await as.run(listCredits, {});
  expect(found).toMatchObject({ credits: '185.5', total: 5 });
  expect(
    found.items.map(({ customer, plan, product, units, credits }) => [customer, plan, product, units, credits]),
  ).toEqual([
    ['gone', 'Endpoint', 'WFS', 100, '120'],
    ['one', 'Suite', 'WFS-ADV', 25, '40'],
    ['one', null, 'CAS', 25, '12.5'],
    ['one', 'Mail', 'EMS-ADV', 10, '7'],
    ['two', 'Endpoint', 'WFS', 5, '6'],
  ]);
  expect((await as.run(listCredits, { page: 2 })).items).toEqual([]);
});

test('prices that were kept count while their term runs or is ahead', async () => {
  const [row] = await world.sql<{ id: string }>(
    `select l.id from license l join customer c on c.id = l.customer_id where c.account = 'two'`,
  );
  const term = (startsOn: string, endsOn: string, over: object = {}) => ({
    startsOn,
    endsOn,
    anchorOn: '2025-03-05',
    months: 12,
    yearlyPrice: '24',
    currency: 'EUR',
    ...over,
  });
  const keep = async (...terms: object[]) => {
    await world.sql('update license set terms = ?::jsonb where id = ?::uuid', [JSON.stringify(terms), row!.id]);
    const listed = await as.run(listLicenses, { priceKept: true });
    expect(listed.total).toBe((await figures()).pricesKept);
    return listed.total;
  };
  const kept = { priceKept: true };
  expect(await keep(term('2025-03-05', '2026-03-05'), term('2026-03-05', '2027-03-05', kept))).toBe(1);
  expect(await keep(term('2025-03-05', '2026-03-06', kept), term('2026-03-06', '2027-03-06'))).toBe(1);
  expect(await keep(term('2026-03-01', '2027-03-01'), term('2027-03-01', '2028-03-01', kept))).toBe(1);
  expect(await keep(term('2025-03-05', '2026-03-05', kept), term('2026-03-05', '2027-03-05'))).toBe(0);
  expect(await keep(term('2026-03-01', '2027-03-01', kept))).toBe(1);
  await world.sql(`update license set removed_on = '2026-03-05' where id = ?::uuid`, [row!.id]);
  expect(await keep(term('2026-03-01', '2027-03-01', kept))).toBe(0);
  await world.sql('update license set removed_on = null where id = ?::uuid', [row!.id]);
});

test('suite changes count while they wait for approval, then the customers who are left to be accepted', async () => {
  const [suite] = await world.all(Product, { sku: 'WFS-ADV' });
  const [web] = await world.all(Product, { sku: 'WEB' });
  const [assignment] = await world.sql<{ id: string; composition: string[] }>(
    `select a.id, a.composition from plan_assignment a join service_plan s on s.id = a.plan_id where s.name = 'Suite'`,
  );
  const before = assignment!.composition;
  const change = new SuiteChange({
    id: randomUUID(),
    partnerId: partnerIds.brightside,
    productId: suite!.id,
    before,
    after: [...before, web!.id],
    openedAt: world.clock.now(),
    approvedAt: null,
    approvedBy: null,
    replacedAt: null,
    dataCentres: {},
  });
  await world.given(change);
  expect((await figures()).suiteChanges).toEqual({ waiting: 1, left: 0 });
  expect((await figures('yuki@sakura.example')).suiteChanges).toEqual({ waiting: 0, left: 0 });
  await world.sql('update suite_change set approved_at = ?::timestamptz', ['2026-03-05T09:00:00Z']);
  expect((await figures()).suiteChanges).toEqual({ waiting: 0, left: 1 });
  await world.sql('update plan_assignment set composition = ?::jsonb where id = ?::uuid', [
    JSON.stringify(change.after),
    assignment!.id,
  ]);
  expect((await figures()).suiteChanges).toEqual({ waiting: 0, left: 0 });
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
