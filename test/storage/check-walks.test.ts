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
import { resumeLicense, suspendLicense } from '../../src/core/licenses/suspend-license.ts';
import { autoSubmitReports } from '../../src/core/reports/auto-submit-reports.ts';
import { closeCycles } from '../../src/core/reports/close-cycles.ts';
import { acceptSuiteChange } from '../../src/core/suites/accept-suite-change.ts';
import { approveSuiteChange } from '../../src/core/suites/approve-suite-change.ts';
import { checkInvariants } from '../../src/storage/check/check-invariants.ts';
import { renewAllDue, scriptOf, stockCatalog } from '../support/licensing.ts';
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

/** An open desk renews each minute; here it may be late, and people do things meanwhile. */
const renewals = async (): Promise<void> => void (await renewAllDue(world));

let lastCrossgrade = 'none';

/** What somebody tries, in words and as a deed: most tries are refused, and that is fine. */
type Try = readonly [words: string, deed: () => Promise<unknown>];
const tries = <T>(weight: number, arbitrary: fc.Arbitrary<T>, words: string, deed: (given: T) => Promise<unknown>) => ({
  weight,
  arbitrary: arbitrary.map((given): Try => [`${words} ${JSON.stringify(given)}`, () => deed(given)]),
});
const pick = fc.nat(50);
const nothing = fc.constant(undefined);

const attempt = fc.oneof(
  tries(
    4,
    fc.record({ customer, plan, units: fc.option(units, { nil: undefined }), from: fc.integer({ min: -20, max: 60 }) }),
    'assign',
    async ({ from, ...input }) => {
      await leo.run(assign, {
        ...input,
        ...(Math.abs(from) > 8 && { startsOn: today().add({ days: from }).toString() }),
      });
    },
  ),
  tries(4, fc.record({ customer, plan, units: fc.option(units, { nil: undefined }) }), 'crossgrade', async (input) => {
    const { hash } = await leo.run(previewCrossgrade, input);
    lastCrossgrade = (await leo.run(commitCrossgrade, { ...input, hash })).crossgradeId;
  }),
  tries(2, nothing, 'undo', () => leo.run(undoCrossgrade, { crossgrade: lastCrossgrade })),
  tries(4, fc.record({ pick, units }), 'seats', async (given) =>
    leo.run(changeSeats, { license: await someLicense(given.pick), units: given.units, confirm: true }),
  ),
  tries(3, pick, 'renew', async (at) => {
    await leo.run(renewLicense, { license: await someLicense(at) });
  }),
  tries(1, pick, 'remove', async (at) => leo.run(removeLicense, { license: await someLicense(at) })),
  tries(1, pick, 'suspend', async (at) => leo.run(suspendLicense, { license: await someLicense(at) })),
  tries(1, pick, 'resume', async (at) => leo.run(resumeLicense, { license: await someLicense(at) })),
  tries(2, fc.record({ pick, plan: fc.constantFrom('Endpoint', 'Endpoint Year') }), 'convert', async (given) => {
    await leo.run(convertLicense, { license: await someLicense(given.pick), plan: given.plan });
  }),
  tries(1, customer, 'suspend customer', (who) => leo.run(suspendCustomer, { customer: who })),
  tries(2, customer, 'resume customer', (who) => leo.run(resumeCustomer, { customer: who })),
  tries(3, nothing, 'renewals', renewals),
  tries(5, fc.integer({ min: 1, max: 40 }), 'days go by', async (days) =>
    world.setNow(
      world.clock
        .now()
        .add({ hours: 24 * days })
        .toString(),
    ),
  ),
  tries(1, fc.constantFrom(['SP', 'WEB'], ['SP', 'WEB', 'MOB'], ['WFS', 'CAS', 'EE']), 'recompose', (components) =>
    reimport('SPC', { components }),
  ),
  tries(2, nothing, 'approve', () => leo.run(approveSuiteChange, { change: 'SPC' })),
  tries(2, nothing, 'accept', async () => {
    await leo.run(acceptSuiteChange, { change: 'SPC' });
  }),
  tries(
    1,
    fc.record({ sku: fc.constantFrom('MOB', 'CAS'), days: fc.integer({ min: 20, max: 200 }) }),
    'end of life',
    (of) => reimport(of.sku, { endOfLifeOn: today().add({ days: of.days }).toString() }),
  ),
  tries(1, nothing, 'close', async () => {
    await world.execute(closeCycles, world.system, {});
    await world.execute(autoSubmitReports, world.system, {});
  }),
);

// Everything here goes through the doors, so nothing may be reported, however odd the order.
test.skipIf(isPostgres)('whatever is done by the doors, the auditor finds nothing', { timeout: 600_000 }, async () => {
  const story: string[] = [];
  await fc.assert(
    fc.asyncProperty(fc.array(attempt, { minLength: 25, maxLength: 40 }), async (attempts) => {
      for (const [index, [words, deed]] of attempts.entries()) {
        const line = `${world.clock.now().toString()} ${words}`;
        await deed().then(
          () => story.push(line),
          (error: unknown) => {
            if (!(error instanceof Refusal)) throw error;
          },
        );
        if (index % 10 !== 9 && index !== attempts.length - 1) continue;
        const { broken } = await checkInvariants(world.database.orm, world.clock.now());
        expect(broken, story.join('\n')).toEqual([]);
      }
    }),
    { numRuns: Number(process.env.CHECK_WALKS ?? 4), endOnFailure: true },
  );
});
