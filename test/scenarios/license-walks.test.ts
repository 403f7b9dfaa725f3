import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resumeCustomer, suspendCustomer } from '../../src/core/customers/suspend-customer.ts';
import { Refusal } from '../../src/core/errors.ts';
import { changeSeats } from '../../src/core/licenses/change-seats.ts';
import { convertLicense } from '../../src/core/licenses/convert-license.ts';
import { License } from '../../src/core/licenses/license.ts';
import { listLicenses } from '../../src/core/licenses/list-licenses.ts';
import { removeLicense } from '../../src/core/licenses/remove-license.ts';
import { renewLicense } from '../../src/core/licenses/renew-license.ts';
import { resumeLicense, suspendLicense } from '../../src/core/licenses/suspend-license.ts';
import { customerOf } from '../support/customers.ts';
import { expectInvariants } from '../support/invariants.ts';
import { LicenseCalculator, type SoldAs } from '../support/license-calculator.ts';
import { givenPrice, renewAllDue, scriptOf, stockCatalog } from '../support/licensing.ts';
import { createWorld, isPostgres, type World } from '../support/world.ts';

/** Five thousand on both databases together; the server is the faster of the two. */
const walks = Number(process.env.WALKS ?? (isPostgres ? 4000 : 1000));
const start = Temporal.PlainDate.from('2026-01-01');

const sold: Readonly<Record<string, SoldAs>> = {
  Month: { version: 'full', isAnnual: false, months: 1, graceDays: 10, renews: true, window: 7 },
  'Month Strict': { version: 'full', isAnnual: false, months: 1, graceDays: 0, renews: true, window: 7 },
  'Month By Hand': { version: 'full', isAnnual: false, months: 1, graceDays: 10, renews: false, window: 7 },
  Year: { version: 'full', isAnnual: true, months: 12, graceDays: 30, renews: true, window: 30 },
  'Two Years': { version: 'full', isAnnual: true, months: 24, graceDays: 30, renews: false, window: 30 },
  Trial: { version: 'trial', isAnnual: false, months: 1, days: 30, graceDays: 0, renews: false, window: 7 },
};
/** Cents per unit and year of Mobile Security, by the day from which it holds. */
const prices = [
  ['2025-06-01', 3600],
  ['2026-09-01', 3725],
  ['2027-05-01', 4001],
] as const;
const priceOn = (day: Temporal.PlainDate): number => prices.findLast(([from]) => from <= day.toString())![1];

let world: World;
let leo: ReturnType<typeof scriptOf>;

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  world.setNow('2026-01-01T08:00:00Z');
  leo = scriptOf(world);
  for (const [from, cents] of prices) await givenPrice(world, 'MOB', from, (cents / 100).toFixed(2));
  for (const [name, { version, isAnnual, months, days, graceDays, renews, window }] of Object.entries(sold))
    await leo.plan(name, 'MOB', {
      version,
      unitType: 'device',
      subscriptionType: isAnnual ? 'annual_license' : 'monthly_plan',
      ...(days === undefined ? { initialMonths: months } : { initialDays: days }),
      ...(version === 'full' && { autoRenewal: renews }),
      graceDays,
      notifyDays: [window],
    });
});
afterAll(() => world.close());

type Deed =
  | { readonly do: 'wait'; readonly days: number; readonly late: boolean }
  | { readonly do: 'seats'; readonly units: number }
  | { readonly do: 'convert'; readonly to: string }
  | { readonly do: 'renew' | 'suspend' | 'resume' | 'remove' | 'suspend customer' | 'resume customer' };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('wait'), days: fc.integer({ min: 1, max: 50 }), late: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('wait'), days: fc.integer({ min: 300, max: 420 }), late: fc.boolean() }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('seats'), units: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('convert'), to: fc.constantFrom('Month', 'Year') }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'renew',
        'renew',
        'suspend',
        'resume',
        'suspend customer',
        'resume customer',
        'resume customer',
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove') }) },
) as fc.Arbitrary<Deed>;

/** Does it by the product's door; whether it was done. */
const tried = async (work: () => Promise<unknown>): Promise<boolean> => {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
};

let turn = 0;
const newCustomer = async (): Promise<{ account: string; customerId: string }> => {
  const account = `walk-${(turn += 1)}`;
  const customer = customerOf(account, { createdAt: world.clock.now() });
  await world.given(customer);
  return { account, customerId: customer.id };
};

const act = async (
  deed: Deed,
  model: LicenseCalculator,
  license: string,
  customer: string,
): Promise<[boolean, boolean]> => {
  switch (deed.do) {
    case 'seats':
      return [model.seats(deed.units), await tried(() => leo.run(changeSeats, { license, units: deed.units }))];
    case 'renew':
      return [model.renew(), await tried(() => leo.run(renewLicense, { license }))];
    case 'convert':
      return [model.convert(sold[deed.to]!), await tried(() => leo.run(convertLicense, { license, plan: deed.to }))];
    case 'remove':
      return [model.remove(), await tried(() => leo.run(removeLicense, { license }))];
    case 'suspend':
      return [model.suspend(true), await tried(() => leo.run(suspendLicense, { license }))];
    case 'resume':
      return [model.suspend(false), await tried(() => leo.run(resumeLicense, { license }))];
    case 'suspend customer':
      return [model.suspendCustomer(true), await tried(() => leo.run(suspendCustomer, { customer }))];
    case 'resume customer':
      return [model.suspendCustomer(false), await tried(() => leo.run(resumeCustomer, { customer }))];
    case 'wait':
      return [true, true];
  }
};

interface Books {
  readonly changes: string[];
  readonly charged: string[];
  readonly credited: number;
  readonly terms: string[];
}

const booksOf = async (license: string): Promise<Books> => {
  const [books] = await world.sql<Books>(
    `select (select coalesce(json_agg(c.effective_on || ' ' || c.delta order by c.effective_on), '[]')
               from (select effective_on, sum(delta) as delta from customer_transaction
                      where license_id = l.id group by 1 having sum(delta) <> 0) c) as changes,
            (select coalesce(json_agg(m.effective_on || ' ' || m.kind || ' ' || m.amount_minor), '[]')
               from money_line m where m.license_id = l.id and m.kind in ('charge', 'proration')) as charged,
            (select coalesce(sum(m.amount_minor), 0)::float8
               from money_line m where m.license_id = l.id and m.kind = 'credit') as credited,
            (select json_agg((t ->> 'startsOn') || ' ' || (t ->> 'endsOn')) from jsonb_array_elements(l.terms) t) as terms
       from license l where l.id = ?::uuid`,
    [license],
  );
  return books!;
};

test(`${walks} random lives of a licence end as an independent calculator says`, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        plan: fc.constantFrom(...Object.keys(sold)),
        units: fc.integer({ min: 1, max: 40 }),
        ahead: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 })),
        deeds: fc.array(deed, { minLength: 1, maxLength: 9 }),
      }),
      async ({ plan, units, ahead, deeds }) => {
        let today = start;
        world.setNow(`${today.toString()}T08:00:00Z`);
        const { account, customerId } = await newCustomer();
        const first = today.add({ days: ahead });
        const { licenses } = await leo.assign(account, plan, { units, startsOn: first.toString() });
        const license = licenses[0]!.licenseId;
        const model = new LicenseCalculator(sold[plan]!, first, units, today, priceOn);
        for (const one of deeds) {
          if (one.do === 'wait') {
            today = today.add({ days: one.days });
            world.setNow(`${today.toString()}T08:00:00Z`);
            model.passTo(today);
            if (!one.late) await renewAllDue(world);
          } else {
            const [expected, done] = await act(one, model, license, account);
            expect([one.do, done]).toEqual([one.do, expected]);
          }
        }
        await renewAllDue(world);
        const { items } = await leo.run(listLicenses, { customer: account });
        expect(items).toMatchObject([
          {
            units: model.removed ? 0 : model.units,
            status: model.status,
            version: model.version,
            endsOn: model.end.toString(),
          },
        ]);
        expect(items[0]!.unitsAtRenewal ?? null).toBe(model.waits);
        const books = await booksOf(license);
        expect(books.changes).toEqual(model.changes);
        expect(books.terms).toEqual(model.terms.map(({ from, to }) => `${from.toString()} ${to.toString()}`));
        expect(books.charged.toSorted()).toEqual(model.charged.toSorted());
        expect(books.credited).toBe(model.credited);
        // The next life begins in the past again: time is over for this one.
        await world.change(License, { customerId }, (ended) => {
          ended.settledOn = Temporal.PlainDate.from('2999-01-01');
          ended.autoRenewal = false;
        });
      },
    ),
    { numRuns: walks },
  );
  // Lives begin anew in the past: the auditor looks at them from a day that lies behind all of them.
  world.setNow('2032-01-01T08:00:00Z');
  await renewAllDue(world);
  await expectInvariants(world);
}, 900_000);
