/** A customer's year, told by turning the clock: what people do, what time does, and what the ledger says of it all. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importCatalog } from '../../src/core/catalog/import-catalog.ts';
import { commitCrossgrade, previewCrossgrade } from '../../src/core/crossgrades/commit-crossgrade.ts';
import { resumeCustomer, suspendCustomer } from '../../src/core/customers/suspend-customer.ts';
import { changeSeats } from '../../src/core/licenses/change-seats.ts';
import { convertLicense } from '../../src/core/licenses/convert-license.ts';
import { listLicenses } from '../../src/core/licenses/list-licenses.ts';
import { listTransactions } from '../../src/core/licenses/list-transactions.ts';
import { removeLicense } from '../../src/core/licenses/remove-license.ts';
import { renewLicense } from '../../src/core/licenses/renew-license.ts';
import { resumeLicense, suspendLicense } from '../../src/core/licenses/suspend-license.ts';
import { acceptSuiteChange } from '../../src/core/suites/accept-suite-change.ts';
import { approveSuiteChange } from '../../src/core/suites/approve-suite-change.ts';
import { listSuiteChanges } from '../../src/core/suites/list-suite-changes.ts';
import { expectInvariants } from '../support/invariants.ts';
import { givenPrice, publishPrices, renewAllDue, scriptOf, stockCatalog } from '../support/licensing.ts';
import { createWorld, type World } from '../support/world.ts';

let world: World;
let leo: ReturnType<typeof scriptOf>;

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  await publishPrices(world);
  leo = scriptOf(world);
  world.setNow('2026-01-01T08:00:00Z');
});
afterAll(() => world.close());

const on = (day: string): void => world.setNow(`${day}T08:00:00Z`);

/** The minute wakes the desk. */
const timePasses = async (day: string): Promise<void> => {
  on(day);
  await renewAllDue(world);
};

/** `WFS 25 active until 2026-12-31`, of what is open. */
const holds = async (customer: string): Promise<string[]> =>
  (await leo.run(listLicenses, { customer })).items
    .filter(({ status }) => status !== 'removed' && status !== 'expired')
    .map(
      ({ product, units, status, expiresOn, plan }) =>
        `${product} ${units} ${status} until ${expiresOn} (${plan ?? 'no plan'})`,
    )
    .toSorted();

const ledger = async (customer: string): Promise<string[]> => {
  const { pages, items } = await leo.run(listTransactions, { customer });
  const rows = [...items];
  for (let page = 2; page <= pages; page++) rows.push(...(await leo.run(listTransactions, { customer, page })).items);
  return rows.toReversed().map((row) => {
    const what = `${row.effectiveOn} ${row.type}/${row.reason} ${row.product} ${row.unitsBefore}→${row.unitsAfter}`;
    return row.amount ? `${what} ${row.amount.amount}` : what;
  });
};

const licenseOf = async (customer: string, sku: string): Promise<string> => {
  const { items } = await leo.run(listLicenses, { customer });
  return items.find(({ product, status }) => product === sku && status !== 'removed')!.licenseId;
};

test('a clinic tries, stays, grows, moves to a suite, and lives through a change of it', async () => {
  await leo.plan('Try', 'WFS', { version: 'trial', initialMonths: undefined, initialDays: 30, defaultUnits: 10 });
  await leo.plan('Endpoint', 'WFS', { initialMonths: 1, defaultUnits: 10 });
  await leo.plan('Protection', 'SP', { initialMonths: 1, defaultUnits: 20 });
  await leo.customer('clinic', { company: 'Harbour Clinic' });

  on('2026-01-10');
  await leo.assign('clinic', 'Try');
  expect(await holds('clinic')).toEqual(['WFS 10 active until 2026-02-08 (Try)']);

  await timePasses('2026-02-02');
  expect(await holds('clinic')).toEqual(['WFS 10 expiring until 2026-02-08 (Try)']);
  const license = await licenseOf('clinic', 'WFS');
  await leo.run(convertLicense, { license, plan: 'Endpoint' });
  expect(await holds('clinic')).toEqual(['WFS 10 active until 2026-03-01 (Endpoint)']);

  on('2026-02-20');
  await leo.run(changeSeats, { license, units: 14 });
  // Nobody looked after the desk for a quarter of a year.
  await timePasses('2026-05-04');
  expect(await holds('clinic')).toEqual(['WFS 14 active until 2026-06-01 (Endpoint)']);

  on('2026-05-10');
  await leo.run(suspendLicense, { license });
  expect(await holds('clinic')).toEqual(['WFS 14 suspended until 2026-06-01 (Endpoint)']);
  await timePasses('2026-06-02');
  await leo.run(resumeLicense, { license });
  expect(await holds('clinic')).toEqual(['WFS 14 active until 2026-07-01 (Endpoint)']);

  // The invoice stays unpaid over the end of a term, and is paid within the days of grace.
  on('2026-06-25');
  await leo.run(suspendCustomer, { customer: 'clinic' });
  await timePasses('2026-07-10');
  expect(await holds('clinic')).toEqual(['WFS 14 suspended until 2026-07-01 (Endpoint)']);
  await leo.run(resumeCustomer, { customer: 'clinic' });
  await timePasses('2026-07-10');
  expect(await holds('clinic')).toEqual(['WFS 14 active until 2026-08-01 (Endpoint)']);

  on('2026-07-20');
  await expect(leo.assign('clinic', 'Protection')).rejects.toMatchObject({ code: 'license.duplicate' });
  const { hash, units } = await leo.run(previewCrossgrade, { customer: 'clinic', plan: 'Protection' });
  expect(units).toBe(20);
  await leo.run(commitCrossgrade, { customer: 'clinic', plan: 'Protection', hash });
  expect(await holds('clinic')).toEqual([
    'EE 20 active until 2026-08-19 (Protection)',
    'EMS-STD 20 active until 2026-08-19 (Protection)',
    'WFS 20 active until 2026-08-19 (Protection)',
  ]);

  // The vendor takes Encryption out of the suite and puts Web Security in.
  on('2026-08-01');
  const catalog = JSON.parse(await readFile('catalog/demo.json', 'utf8')) as {
    vendors: { products: { sku: string; components?: string[] }[] }[];
  };
  for (const { products } of catalog.vendors)
    for (const product of products) if (product.sku === 'SP') product.components = ['WFS', 'EMS-STD', 'WEB'];
  await world.execute(importCatalog, world.system, { catalog });
  await expect(leo.run(changeSeats, { license, units: 21 })).rejects.toMatchObject({ code: 'license.plan_locked' });
  const change = (await leo.run(listSuiteChanges, {})).items.find(({ suite }) => suite === 'SP')!;
  await leo.run(approveSuiteChange, { change: change.changeId });
  expect(await leo.run(acceptSuiteChange, { change: change.changeId })).toMatchObject({ failed: [] });
  expect(await holds('clinic')).toEqual([
    'EE 20 expiring until 2026-08-19 (no plan)',
    'EMS-STD 20 active until 2026-08-19 (Protection)',
    'WEB 20 active until 2026-08-19 (Protection)',
    'WFS 20 active until 2026-08-19 (Protection)',
  ]);

  await timePasses('2026-10-25');
  await leo.run(removeLicense, { license: await licenseOf('clinic', 'WEB') });
  await timePasses('2026-12-31');
  expect(await holds('clinic')).toEqual([
    'EMS-STD 20 active until 2027-01-19 (Protection)',
    'WFS 20 active until 2027-01-19 (Protection)',
  ]);
  expect((await ledger('clinic')).filter((row) => !row.includes('/renewal'))).toEqual([
    '2026-01-10 New purchase/assign WFS 0→10',
    '2026-02-02 License conversion/conversion WFS 10→10',
    '2026-02-20 License change/seats WFS 10→14',
    '2026-05-10 License change/suspension WFS 14→14',
    '2026-06-02 License change/resumption WFS 14→14',
    '2026-07-20 License change/crossgrade WFS 14→20',
    '2026-07-20 New purchase/crossgrade EMS-STD 0→20',
    '2026-07-20 New purchase/crossgrade EE 0→20',
    '2026-08-01 Suite Composition Change/unbundled EE 20→20',
    '2026-08-01 Suite Composition Change/suite_added WEB 0→20',
    '2026-10-25 License change/removal WEB 20→0',
  ]);
  await expectInvariants(world);
});

test('a firm pays by the year, and every cent can be told', async () => {
  on('2026-01-01');
  await givenPrice(world, 'MOB', '2025-06-01', '36.00');
  await givenPrice(world, 'MOB', '2027-01-01', '40.00');
  await leo.plan('Year', 'MOB', { subscriptionType: 'annual_license', unitType: 'device', defaultUnits: 20 });
  await leo.plan('Year Plus', 'MOB', { subscriptionType: 'annual_license', unitType: 'device', defaultUnits: 20 });
  await leo.customer('firm', { company: 'Elbe & Söhne' });
  await leo.assign('firm', 'Year');
  const license = await licenseOf('firm', 'MOB');

  on('2026-03-15');
  await leo.run(changeSeats, { license, units: 30 });
  on('2026-06-01');
  await leo.run(changeSeats, { license, units: 22 });
  await timePasses('2027-01-02');
  expect(await holds('firm')).toEqual(['MOB 22 active until 2027-12-31 (Year)']);

  on('2027-11-15');
  await leo.run(renewLicense, { license });
  on('2027-12-01');
  const { hash, net } = await leo.run(previewCrossgrade, { customer: 'firm', plan: 'Year Plus' });
  // 22 × 40.00 × 31/365 of this term and 22 × 40.00 of the next are credited; a year from today is charged.
  expect(net).toEqual({ amount: '-74.74', currency: 'EUR' });
  await leo.run(commitCrossgrade, { customer: 'firm', plan: 'Year Plus', hash });
  expect(await ledger('firm')).toEqual([
    '2026-01-01 New purchase/assign MOB 0→20 720.00',
    '2026-03-15 License change/seats MOB 20→30 288.00',
    '2027-01-01 License change/renewal MOB 30→22 880.00',
    '2028-01-01 License change/renewal MOB 22→22 880.00',
    '2027-12-01 License change/crossgrade MOB 22→22 -74.74',
  ]);
  await expectInvariants(world);
});
