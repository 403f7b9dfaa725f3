import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isAbove,
  linesOf,
  overProvisionedShare,
  shareText,
  usedWithin,
  type CustomerUsage,
} from '../../../src/core/usage/customer-usage.ts';

const usage = (provisioned: number, used: number | null, over: Partial<CustomerUsage> = {}): CustomerUsage => ({
  customerId: 'c',
  productId: 'p',
  version: 'full',
  unitType: 'seat',
  provisioned,
  used,
  ...over,
});

describe('a line sums its customers', () => {
  test.for([
    ['120/90 and 50/—', [usage(120, 90), usage(50, null)], { provisioned: 170, used: 90, proposed: 140 }],
    ['100/130', [usage(100, 130)], { provisioned: 100, used: 130, proposed: 100 }],
    ['nobody reported', [usage(7, null), usage(3, null)], { provisioned: 10, used: null, proposed: 10 }],
    ['used 0 is reported', [usage(7, 0)], { provisioned: 7, used: 0, proposed: 0 }],
    [
      'one over and one under do not make up for each other',
      [usage(10, 20), usage(10, 0)],
      { provisioned: 20, used: 20, proposed: 10 },
    ],
  ] as const)('%s', ([, usages, line]) => {
    expect(linesOf(usages)).toMatchObject([line]);
  });

  test('trial and NFR are listed with nothing proposed, their share from what was used', () => {
    for (const version of ['trial', 'nfr'] as const) {
      const [line] = linesOf([usage(120, 90, { version })]);
      expect(line).toMatchObject({ provisioned: 120, used: 90, usedWithin: 90, proposed: 0 });
      expect(shareText(overProvisionedShare(line!))).toBe('25.00');
    }
  });

  test('one line per product, version and unit type', () => {
    const lines = linesOf([
      usage(1, null),
      usage(1, null, { productId: 'q' }),
      usage(1, null, { version: 'trial' }),
      usage(1, null, { unitType: 'device' }),
      usage(1, null, { customerId: 'd' }),
    ]);
    expect(lines).toHaveLength(4);
  });
});

describe('over-provisioned share', () => {
  test.for([
    [120, 90, '25.00'],
    [170, 140, '17.65'],
    [0, 0, '—'],
    [100, 100, '0.00'],
    [100, 0, '100.00'],
    [3, 2, '33.33'],
    [3, 1, '66.67'],
    // Half up: 0.005 % and 12.345 %.
    [20_000, 19_999, '0.01'],
    [20_000, 17_531, '12.35'],
    [1_000_000_000, 999_999_999, '0.00'],
  ] as const)('%i provisioned, %i used: %s', ([provisioned, within, shown]) => {
    expect(shareText(overProvisionedShare({ provisioned, usedWithin: within }))).toBe(shown);
  });

  test.for([
    ['equal is not above', 100, 80, 20, false],
    ['20.004 shows as 20.00 and is not above', 100_000, 79_996, 20, false],
    ['20.005 shows as 20.01 and is above', 200_000, 159_990, 20, true],
    ['nothing provisioned is never above', 0, 0, 0, false],
    ['threshold 0', 1000, 999, 0, true],
  ] as const)('%s', ([, provisioned, within, threshold, above]) => {
    expect(isAbove(overProvisionedShare({ provisioned, usedWithin: within }), threshold)).toBe(above);
  });
});

const someUsage = fc
  .record({
    customerId: fc.uuid(),
    productId: fc.constantFrom('a', 'b', 'c'),
    version: fc.constantFrom('trial', 'full', 'nfr'),
    unitType: fc.constantFrom('seat', 'device'),
    provisioned: fc.nat(1_000_000),
    used: fc.option(fc.nat(2_000_000)),
  })
  .map((made): CustomerUsage => made as CustomerUsage);

test('whatever was used: 0 ≤ proposed ≤ provisioned, and nothing is lost between customers and lines', () => {
  fc.assert(
    fc.property(fc.array(someUsage), (usages) => {
      const lines = linesOf(usages);
      for (const line of lines) {
        expect(line.proposed).toBeGreaterThanOrEqual(0);
        expect(line.proposed).toBeLessThanOrEqual(line.provisioned);
        const share = overProvisionedShare(line);
        if (share !== null) expect(share >= 0 && share <= 10_000).toBe(true);
      }
      const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
      expect(sum(lines.map(({ provisioned }) => provisioned))).toBe(sum(usages.map(({ provisioned }) => provisioned)));
      expect(sum(lines.map((line) => line.usedWithin))).toBe(sum(usages.map(usedWithin)));
    }),
  );
});

test('the order of the customers does not matter', () => {
  const key = (line: { productId: string; version: string; unitType: string }) =>
    [line.productId, line.version, line.unitType].join();
  fc.assert(
    fc.property(fc.array(someUsage), (usages) => {
      const sorted = (list: readonly CustomerUsage[]) => linesOf(list).toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
      expect(sorted(usages.toReversed())).toEqual(sorted(usages));
    }),
  );
});
