import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  isOpen,
  licenseStatus,
  type LicenseStanding,
  type LicenseStatus,
} from '../../../src/core/licenses/license-status.ts';
import { licenseStatus as statusInSql, openLicense } from '../../../src/storage/reads/derived-status.ts';
import { createWorld, type World } from '../../support/world.ts';

const day = (iso: string) => Temporal.PlainDate.from(iso);
const held = (over: Partial<LicenseStanding> = {}): LicenseStanding => ({
  startsOn: day('2026-01-01'),
  endsOn: day('2027-01-01'),
  graceDays: 30,
  notifyDays: [30, 60],
  autoRenewal: false,
  activation: 'immediately',
  activatedAt: null,
  suspended: false,
  removedOn: null,
  customerSuspended: false,
  saleEndsOn: null,
  ...over,
});

describe('the status of a license, the first that holds', () => {
  test.for([
    ['active well before its end', {}, '2026-06-01', 'active'],
    ['scheduled before its first term', {}, '2025-12-31', 'scheduled'],
    ['active on its first day', {}, '2026-01-01', 'active'],
    ['not yet expiring 61 days before', {}, '2026-11-01', 'active'],
    ['expiring within the largest window', {}, '2026-11-02', 'expiring'],
    ['active when it renews by itself', { autoRenewal: true }, '2026-12-31', 'active'],
    [
      'expiring when its sale ends by then',
      { autoRenewal: true, saleEndsOn: day('2027-01-01') },
      '2026-12-31',
      'expiring',
    ],
    ['active when its sale ends later', { autoRenewal: true, saleEndsOn: day('2027-01-02') }, '2026-12-31', 'active'],
    ['active without any window', { notifyDays: [] }, '2026-12-31', 'active'],
    ['in grace from its end', {}, '2027-01-01', 'grace'],
    ['in grace on the last day of it', {}, '2027-01-30', 'grace'],
    ['expired after grace', {}, '2027-01-31', 'expired'],
    ['expired at its end without grace', { graceDays: 0 }, '2027-01-01', 'expired'],
    ['suspended before anything but its end', { suspended: true }, '2025-12-31', 'suspended'],
    ['suspended with its customer', { customerSuspended: true }, '2027-01-05', 'suspended'],
    ['expired although suspended', { suspended: true }, '2027-02-01', 'expired'],
    ['pending until the first sign-in', { activation: 'on_first_sign_in' }, '2027-01-05', 'pending_activation'],
    ['scheduled although nobody signed in', { activation: 'on_first_sign_in' }, '2025-12-31', 'scheduled'],
    ['removed above all', { removedOn: day('2026-02-01'), suspended: true }, '2027-06-01', 'removed'],
    ['not removed before its day', { removedOn: day('2026-02-01') }, '2026-01-31', 'active'],
  ] as const)('%s', ([, over, on, status]) => {
    expect(licenseStatus(held(over as Partial<LicenseStanding>), day(on))).toBe(status);
  });
});

const dates = fc.integer({ min: -120, max: 520 }).map((days) => day('2026-01-01').add({ days }));
const standings: fc.Arbitrary<LicenseStanding> = fc.record({
  startsOn: dates,
  endsOn: dates,
  graceDays: fc.integer({ min: 0, max: 90 }),
  notifyDays: fc.subarray([7, 14, 30, 60, 90]),
  autoRenewal: fc.boolean(),
  activation: fc.constantFrom('immediately' as const, 'on_first_sign_in' as const),
  activatedAt: fc.option(fc.constant(Temporal.Instant.from('2026-01-01T00:00:00Z'))),
  suspended: fc.boolean(),
  removedOn: fc.option(dates, { freq: 4 }),
  customerSuspended: fc.boolean(),
  saleEndsOn: fc.option(dates),
});

test('open is what is neither removed nor expired', () => {
  fc.assert(
    fc.property(standings, dates, (license, on) => {
      const closed: LicenseStatus[] = ['removed', 'expired'];
      expect(isOpen(license, on)).toBe(!closed.includes(licenseStatus(license, on)));
    }),
  );
});

describe('in the database', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ people: false });
  });
  afterAll(() => world.close());

  test('it is derived alike', async () => {
    const cases = fc.sample(fc.tuple(standings, dates), 400);
    const rows = cases.map(([license, on]) => ({
      ...JSON.parse(JSON.stringify(license)),
      on: on.toString(),
    }));
    const found = await world.sql<{ status: LicenseStatus; open: boolean }>(
      `select ${statusInSql('l."on"')} as status, ${openLicense('l."on"')} as open
         from jsonb_array_elements(?::jsonb) with ordinality x (row, place)
         cross join lateral (select (row->>'startsOn')::date as starts_on, (row->>'endsOn')::date as ends_on,
           (row->>'graceDays')::int as grace_days, row->'notifyDays' as notify_days,
           (row->>'autoRenewal')::boolean as auto_renewal, row->>'activation' as activation,
           (row->>'activatedAt')::timestamptz as activated_at, (row->>'suspended')::boolean as suspended,
           (row->>'removedOn')::date as removed_on, (row->>'on')::date as "on") l
         cross join lateral (select case when (row->>'customerSuspended')::boolean then 'suspended'
                                         else 'enabled' end as status) c
         cross join lateral (select null::date as end_of_life_on) p
         cross join lateral (select (row->>'saleEndsOn')::date as end_of_sale_on, null::date as end_of_life_on) sp
        order by place`,
      [JSON.stringify(rows)],
    );
    expect(found).toEqual(
      cases.map(([license, on]) => ({ status: licenseStatus(license, on), open: isOpen(license, on) })),
    );
  });
});
