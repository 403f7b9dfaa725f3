import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importCatalog } from '../../src/core/catalog/import-catalog.ts';
import { commitCrossgrade, previewCrossgrade } from '../../src/core/crossgrades/commit-crossgrade.ts';
import { undoCrossgrade } from '../../src/core/crossgrades/undo-crossgrade.ts';
import { resumeCustomer, suspendCustomer } from '../../src/core/customers/suspend-customer.ts';
import { Refusal } from '../../src/core/errors.ts';
import { assign } from '../../src/core/licenses/assign.ts';
import { changeSeats } from '../../src/core/licenses/change-seats.ts';
import { convertLicense } from '../../src/core/licenses/convert-license.ts';
import { License } from '../../src/core/licenses/license.ts';
import { removeLicense } from '../../src/core/licenses/remove-license.ts';
import { renewLicense } from '../../src/core/licenses/renew-license.ts';
import { runRenewals } from '../../src/core/licenses/run-renewals.ts';
import { resumeLicense, suspendLicense } from '../../src/core/licenses/suspend-license.ts';
import { autoSubmitReports } from '../../src/core/reports/auto-submit-reports.ts';
import { closeCycles } from '../../src/core/reports/close-cycles.ts';
import { acceptSuiteChange } from '../../src/core/suites/accept-suite-change.ts';
import { approveSuiteChange } from '../../src/core/suites/approve-suite-change.ts';
import { checkInvariants } from '../../src/storage/check/check-invariants.ts';
import { scriptOf, stockCatalog } from '../support/licensing.ts';
import { createWorld, isPostgres, type World } from '../support/world.ts';

const zone = 'Europe/Berlin';
let world: World;
let leo: ReturnType<typeof scriptOf>;
let catalog: { vendors: { products: Record<string, unknown>[] }[] };

beforeAll(async () => {
  world = await createWorld();
  world.setNow('2026-01-05T09:00:00Z');
  await world.sql(`update partner set created_at = '2026-01-01T09:00:00Z', crossgrade_undo_minutes = 1440`);
  await stockCatalog(world);
  catalog = JSON.parse(await readFile('catalog/demo.json', 'utf8'));
  leo = scriptOf(world);
  const annual = { subscriptionType: 'annual_license' };
  await leo.plan('S1', 'SP', { initialMonths: 1 });
  await leo.plan('S2', 'WFS-ADV', { initialMonths: 2, graceDays: 5 });
  await leo.plan('S3', 'SPC', { ...annual });
  await leo.plan('Endpoint', 'WFS', { initialMonths: 1, graceDays: 0 });
  await leo.plan('Endpoint Year', 'WFS', annual);
  await leo.plan('Web', 'WEB', { initialMonths: 3, autoRenewal: false });
  await leo.plan('Encrypt', 'EE', { dataCentre: undefined, initialMonths: 2 });
  await leo.plan('Trial', 'WFS', { version: 'trial', initialMonths: undefined, initialDays: 30 });
  await leo.plan('NFR', 'WFS', {
    nfr: true,
    subscriptionType: undefined,
    version: undefined,
    dataCentre: undefined,
    defaultUnits: undefined,
  });
  for (const account of ['one', 'two']) await leo.customer(account);
}, 60_000);
afterAll(() => world?.close());

const customer = fc.constantFrom('one', 'two');
const plan = fc.constantFrom('S1', 'S2', 'S3', 'Endpoint', 'Endpoint Year', 'Web', 'Encrypt', 'Trial', 'NFR');
const units = fc.integer({ min: 1, max: 60 });

/** A licence of the customers, the newer the likelier. */
const someLicense = async (pick: number): Promise<string> => {
  const all = (await world.all(License)).slice(-12);
  return all[pick % Math.max(all.length, 1)]?.id ?? 'none';
};
const today = (): Temporal.PlainDate => world.clock.now().toZonedDateTimeISO(zone).toPlainDate();

/** The catalogue again with one product changed: a suite's parts, or the day a product's life ends. */
const reimport = async (sku: string, change: object): Promise<void> => {
  for (const { products } of catalog.vendors)
    for (const product of products) if (product.sku === sku) Object.assign(product, change);
  await world.execute(importCatalog, world.system, { catalog });
};

let lastCrossgrade = 'none';
type Deed = () => Promise<unknown>;
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({ customer, plan, units: fc.option(units, { nil: undefined }), later: fc.integer({ min: -20, max: 60 }) })
      .map(
        ({ later, ...input }): Deed =>
          () =>
            leo.run(assign, {
              ...input,
              ...(later > 0 && { startsOn: today().add({ days: later }).toString() }),
              ...(later < -10 && { startsOn: today().add({ days: later }).toString() }),
            }),
      ),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({ customer, plan, units: fc.option(units, { nil: undefined }) })
      .map((input): Deed => async () => {
        const { hash } = await leo.run(previewCrossgrade, input);
        lastCrossgrade = (await leo.run(commitCrossgrade, { ...input, hash })).crossgradeId;
      }),
  },
  { weight: 2, arbitrary: fc.constant<Deed>(() => leo.run(undoCrossgrade, { crossgrade: lastCrossgrade })) },
  {
    weight: 4,
    arbitrary: fc.record({ pick: fc.nat(50), units }).map(
      ({ pick, units: wanted }): Deed =>
        async () =>
          leo.run(changeSeats, { license: await someLicense(pick), units: wanted, confirm: true }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.nat(50).map(
      (pick): Deed =>
        async () =>
          leo.run(renewLicense, { license: await someLicense(pick) }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(50).map(
      (pick): Deed =>
        async () =>
          leo.run(removeLicense, { license: await someLicense(pick) }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(50).map(
      (pick): Deed =>
        async () =>
          leo.run(suspendLicense, { license: await someLicense(pick) }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(50).map(
      (pick): Deed =>
        async () =>
          leo.run(resumeLicense, { license: await someLicense(pick) }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({ pick: fc.nat(50), plan: fc.constantFrom('Endpoint', 'Endpoint Year') }).map(
      ({ pick, plan: to }): Deed =>
        async () =>
          leo.run(convertLicense, { license: await someLicense(pick), plan: to }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({ customer, suspend: fc.boolean() }).map(
      ({ customer: who, suspend }): Deed =>
        () =>
          leo.run(suspend ? suspendCustomer : resumeCustomer, { customer: who }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constant<Deed>(async () => {
      while ((await world.execute(runRenewals, world.system, {})).more);
    }),
  },
  {
    weight: 5,
    arbitrary: fc.integer({ min: 1, max: 40 }).map((days): Deed => async () => {
      world.setNow(
        world.clock
          .now()
          .add({ hours: 24 * days })
          .toString(),
      );
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(['SP', 'WEB'], ['SP', 'WEB', 'MOB'], ['WFS', 'CAS', 'EE']).map(
      (components): Deed =>
        () =>
          reimport('SPC', { components }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('SPC', 'SP').map(
      (change): Deed =>
        () =>
          leo.run(approveSuiteChange, { change }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('SPC', 'SP').map((change): Deed => async () => {
      await leo.run(acceptSuiteChange, { change });
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ sku: fc.constantFrom('MOB', 'CAS'), days: fc.integer({ min: 20, max: 200 }) }).map(
      ({ sku, days }): Deed =>
        () =>
          reimport(sku, { endOfLifeOn: today().add({ days }).toString() }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Deed>(async () => {
      await world.execute(closeCycles, world.system, {});
      await world.execute(autoSubmitReports, world.system, {});
    }),
  },
);

// Everything here goes through the doors, so nothing may be reported, however odd the order.
test.skipIf(isPostgres)('whatever is done by the doors, the auditor finds nothing', { timeout: 180_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 25, maxLength: 40 }), async (deeds) => {
      for (const [index, doIt] of deeds.entries()) {
        await doIt().catch((error: unknown) => {
          if (!(error instanceof Refusal)) throw error;
        });
        if (index % 10 === 9 || index === deeds.length - 1)
          expect((await checkInvariants(world.database.orm, world.clock.now())).broken).toEqual([]);
      }
    }),
    { numRuns: Number(process.env.WALKS ?? 4), endOnFailure: true },
  );
});
