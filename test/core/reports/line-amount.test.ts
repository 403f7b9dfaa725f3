import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UnitType } from '../../../src/core/catalog/product.ts';
import type { PriceBreak } from '../../../src/core/catalog/reads.ts';
import { lineAmount, pricedQuantity } from '../../../src/core/reports/line-amount.ts';
import { totalOf } from '../../../src/core/reports/price-report.ts';

const breaks = (...rows: readonly [fromUnits: number, price: string][]): PriceBreak[] =>
  rows.map(([fromUnits, price]) => ({
    productId: 'p',
    version: 'full',
    subscriptionType: 'monthly_plan',
    validFrom: Temporal.PlainDate.from('2025-01-01'),
    fromUnits,
    price,
  }));
const line = (chargeable: number, unitType: UnitType = 'seat') =>
  ({ productId: 'p', version: 'full', unitType, chargeable }) as const;

describe('line amount', () => {
  const list = breaks([1, '2.95'], [100, '2.49']);
  test.for([
    [0, 'EUR', '2.95', 0n],
    [1, 'EUR', '2.95', 295n],
    [99, 'EUR', '2.95', 29_205n],
    [100, 'EUR', '2.49', 24_900n],
    [101, 'EUR', '2.49', 25_149n],
    // JPY has no minor unit, KWD three digits; half up.
    [1, 'JPY', '2.95', 3n],
    [1, 'KWD', '2.95', 2950n],
  ] as const)('%i seats in %s', ([chargeable, currency, unitPrice, amountMinor]) => {
    expect(lineAmount(line(chargeable), list, currency)).toEqual({ unitPrice, amountMinor });
  });

  test('prices finer than the minor unit are rounded once, half up', () => {
    expect(lineAmount(line(3), breaks([1, '0.335']), 'EUR')?.amountMinor).toBe(101n);
    expect(lineAmount(line(1), breaks([1, '0.005']), 'EUR')?.amountMinor).toBe(1n);
  });

  test.for([
    [3249, 32],
    [3250, 33],
    [49, 0],
    [50, 1],
    [0, 0],
  ] as const)('%i credits are %i packs', ([credits, packs]) => {
    expect(pricedQuantity('credit', credits)).toBe(packs);
  });

  test('credits: price and breaks are per pack', () => {
    const perPack = breaks([1, '90.00'], [33, '80.00']);
    expect(lineAmount(line(3249, 'credit'), perPack, 'EUR')).toEqual({ unitPrice: '90.00', amountMinor: 288_000n });
    expect(lineAmount(line(3250, 'credit'), perPack, 'EUR')).toEqual({ unitPrice: '80.00', amountMinor: 264_000n });
  });

  test('no price in the currency: nothing', () => {
    expect(lineAmount(line(1), [], 'EUR')).toBeNull();
    const annual = list.map((row) => ({ ...row, subscriptionType: 'annual_license' as const }));
    expect(lineAmount(line(1), annual, 'EUR')).toBeNull();
  });
});

describe('total', () => {
  test('is the sum of the charged lines, 0 without lines, nothing when one has no price', () => {
    expect(totalOf([])).toBe(0n);
    expect(totalOf([{ version: 'trial', amountMinor: null }])).toBe(0n);
    expect(
      totalOf([
        { version: 'full', amountMinor: null },
        { version: 'full', amountMinor: 1n },
      ]),
    ).toBeNull();
    fc.assert(
      fc.property(fc.array(fc.bigInt(0n, 10n ** 12n)), (amounts) => {
        const total = totalOf(amounts.map((amountMinor) => ({ version: 'full', amountMinor })));
        expect(total).toBe(amounts.reduce((a, b) => a + b, 0n));
      }),
    );
  });
});
