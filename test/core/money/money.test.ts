import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { proration, termCharge } from '../../../src/core/money/annual.ts';
import { exactTimes, minorDigits, roundHalfUp, toMinor, toMoney } from '../../../src/core/money/money.ts';
import { daysBetween } from '../../../src/core/calendar.ts';

const day = (iso: string) => Temporal.PlainDate.from(iso);

describe('minor units', () => {
  test('more than eight bytes hold is refused, in charges and credits alike; the most is not', () => {
    const price = { yearlyPrice: '999999999999.99999999', months: 36, currency: 'KWD' };
    expect(() => termCharge(price, 1_000_000)).toThrow('money.too_large');
    expect(() => termCharge(price, -1_000_000)).toThrow('money.too_large');
    expect(toMinor(new Big('92233720368547758.07'), 1, 'EUR')).toBe(2n ** 63n - 1n);
    expect(() => toMinor(new Big('92233720368547758.08'), 1, 'EUR')).toThrow('money.too_large');
  });

  test.for([
    ['EUR', 2],
    ['USD', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['IQD', 3],
    ['CLF', 4],
  ] as const)('%s has %i digits', ([currency, digits]) => {
    expect(minorDigits(currency)).toBe(digits);
  });

  test.for([
    [28800n, 'EUR', '288.00'],
    [-5n, 'EUR', '-0.05'],
    [0n, 'EUR', '0.00'],
    [1200n, 'JPY', '1200'],
    [-1n, 'JPY', '-1'],
    [1500n, 'KWD', '1.500'],
  ] as const)('%s minor units of %s are %s', ([minor, currency, amount]) => {
    expect(toMoney(minor, currency)).toEqual({ amount, currency });
  });
});

describe('rounding', () => {
  test.for([
    ['0.505', 1, 'EUR', 51n],
    ['-0.505', 1, 'EUR', -51n],
    ['0.504999999999999999999999999999', 1, 'EUR', 50n],
    ['1', 3, 'EUR', 33n],
    ['2', 3, 'EUR', 67n],
    ['0.5', 1, 'JPY', 1n],
    ['-0.5', 1, 'JPY', -1n],
    ['0.0005', 1, 'KWD', 1n],
  ] as const)('%s ÷ %i %s is %s', ([amount, by, currency, minor]) => {
    expect(toMinor(new Big(amount), by, currency)).toBe(minor);
  });

  test('credits are exact', () => {
    expect(exactTimes('1.6', 25)).toBe('40');
    expect(exactTimes('0.1', 3)).toBe('0.3');
    expect(exactTimes('0.4', 1_000_000)).toBe('400000');
  });

  test('is never off by more than half a unit, and is odd', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 1, max: 8784 }),
        fc.integer({ min: 0, max: 4 }),
        (unscaled, scale, by, digits) => {
          const amount = new Big(String(unscaled)).div(new Big(10).pow(scale));
          const rounded = roundHalfUp(amount, by, digits);
          // |rounded − exact| ≤ ½, in whole numbers.
          const exactAbove = unscaled * 10n ** BigInt(digits);
          const below = BigInt(by) * 10n ** BigInt(scale);
          const off = rounded * below - exactAbove;
          expect(2n * (off < 0n ? -off : off) <= below).toBe(true);
          expect(roundHalfUp(amount.times(-1), by, digits)).toBe(-rounded);
        },
      ),
    );
  });
});

describe('annual money', () => {
  const daysOf = (from: string, to: string, change: string) => ({
    daysLeft: daysBetween(day(change), day(to)),
    daysInTerm: daysBetween(day(from), day(to)),
  });

  test('ten seats more in mid-March cost 292 of 365 days', () => {
    const price = { yearlyPrice: '36.00', months: 12, currency: 'EUR' };
    const days = daysOf('2026-01-01', '2027-01-01', '2026-03-15');
    expect(days).toEqual({ daysLeft: 292, daysInTerm: 365 });
    expect(proration(price, 10, days)).toBe(28800n);
  });

  test('a leap term has 366 days', () => {
    const price = { yearlyPrice: '36.00', months: 12, currency: 'EUR' };
    const days = daysOf('2028-01-01', '2029-01-01', '2028-03-15');
    expect(days).toEqual({ daysLeft: 292, daysInTerm: 366 });
    expect(proration(price, 10, days)).toBe(28721n);
  });

  test('a two-year term has twice the price', () => {
    const price = { yearlyPrice: '36.00', months: 24, currency: 'EUR' };
    const days = daysOf('2026-01-01', '2028-01-01', '2026-03-15');
    expect(days).toEqual({ daysLeft: 657, daysInTerm: 730 });
    expect(termCharge(price, 1)).toBe(7200n);
    expect(proration(price, 10, days)).toBe(64800n);
  });

  test('the unused rest of a term is credited with its sign', () => {
    const price = { yearlyPrice: '24.00', months: 12, currency: 'EUR' };
    const days = daysOf('2026-01-01', '2027-01-01', '2026-07-02');
    expect(days.daysLeft).toBe(183);
    expect(proration(price, -20, days)).toBe(-24066n);
    expect(termCharge({ ...price, yearlyPrice: '30.00' }, 20)).toBe(60000n);
  });

  const yearly = fc.integer({ min: 0, max: 10_000_000 }).map((n) => new Big(n).div(10_000).toFixed());

  test('the whole term costs the charge, none of it nothing, and days beyond it change nothing', () => {
    fc.assert(
      fc.property(
        yearly,
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 1096 }),
        fc.constantFrom('EUR', 'JPY', 'KWD'),
        (yearlyPrice, units, daysInTerm, currency) => {
          const price = { yearlyPrice, months: 12, currency };
          const whole = proration(price, units, { daysLeft: daysInTerm, daysInTerm });
          expect(whole).toBe(termCharge(price, units));
          expect(proration(price, units, { daysLeft: daysInTerm + 30, daysInTerm })).toBe(whole);
          expect(proration(price, units, { daysLeft: 0, daysInTerm })).toBe(0n);
          expect(proration(price, units, { daysLeft: -3, daysInTerm })).toBe(0n);
          expect(proration(price, units, { daysLeft: 0, daysInTerm: 0 })).toBe(0n);
        },
      ),
    );
  });

  test('more days left never cost less, and taking back is the opposite of buying', () => {
    fc.assert(
      fc.property(
        yearly,
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 2, max: 1096 }),
        fc.nat(1095),
        (yearlyPrice, units, daysInTerm, some) => {
          const price = { yearlyPrice, months: 24, currency: 'EUR' };
          const daysLeft = some % daysInTerm;
          const now = proration(price, units, { daysLeft, daysInTerm });
          expect(proration(price, units, { daysLeft: daysLeft + 1, daysInTerm }) >= now).toBe(true);
          expect(proration(price, -units, { daysLeft, daysInTerm })).toBe(-now);
        },
      ),
    );
  });
});
