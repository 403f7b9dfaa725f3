import { Big } from 'big.js';
import { describe, expect, test } from 'vitest';
import { toMinor } from '../../../src/core/money/money.ts';
import { priceOn } from '../../../src/core/money/price-list.ts';

const day = (iso: string) => Temporal.PlainDate.from(iso);
const row = (validFrom: string, fromUnits: number, price: string) => ({ validFrom: day(validFrom), fromUnits, price });

describe('the price on a day', () => {
  const list = [
    row('2026-01-01', 1, '2.95'),
    row('2026-01-01', 100, '2.49'),
    row('2026-07-01', 1, '3.10'),
    row('2026-07-01', 50, '2.80'),
  ];

  test.for([
    ['2025-12-31', 10, null],
    ['2026-01-01', 0, '2.95'],
    ['2026-01-01', 1, '2.95'],
    ['2026-06-30', 99, '2.95'],
    ['2026-06-30', 100, '2.49'],
    ['2026-07-01', 49, '3.10'],
    ['2026-07-01', 50, '2.80'],
    // The newer list replaces the older one with its breaks.
    ['2026-07-01', 100, '2.80'],
  ] as const)('on %s for %i units is %s', ([on, units, price]) => {
    expect(priceOn(list, day(on), units)).toBe(price);
  });

  test('no break reached is no price', () => {
    expect(priceOn([row('2026-01-01', 10, '1')], day('2026-02-01'), 9)).toBeNull();
    expect(priceOn([], day('2026-02-01'), 9)).toBeNull();
  });

  test('the break reached applies to all units', () => {
    const amount = (units: number) =>
      toMinor(new Big(priceOn(list, day('2026-02-01'), units) ?? '0').times(units), 1, 'EUR');
    expect(amount(99)).toBe(29205n);
    expect(amount(100)).toBe(24900n);
  });
});
