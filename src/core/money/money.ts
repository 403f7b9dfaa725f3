import { Big } from 'big.js';
import { z } from 'zod';
import { rule } from '../errors.ts';

/** An amount as results carry it: major units as an exact decimal with the currency's digits. */
export interface Money {
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
}

export const moneyResult = z.object({ amount: z.string(), currency: z.string() });

/** ISO 4217's minor units where they are not two. CLDR, behind Intl, deviates for some of these. */
const digitsByCurrency: ReadonlyMap<string, number> = new Map([
  ...['BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV'].map(
    (code) => [code, 0] as const,
  ),
  ...['XAF', 'XOF', 'XPF'].map((code) => [code, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
  ...['CLF', 'UYW'].map((code) => [code, 4] as const),
]);

/** Digits of the minor unit: EUR 2, JPY 0, KWD 3. */
export const minorDigits = (currency: string): number => digitsByCurrency.get(currency) ?? 2;

/**
 * `numerator ÷ denominator` in units of 10^-digits, half up on the absolute value, then signed (−0.505 → −0.51).
 * The quotient is never rounded on the way, so a result cannot be rounded twice.
 */
export const roundHalfUp = (numerator: Big, denominator: number, digits: number): bigint => {
  const [whole = '0', fraction = ''] = numerator.abs().toFixed().split('.');
  const above = BigInt(whole + fraction) * 10n ** BigInt(digits);
  const below = BigInt(denominator) * 10n ** BigInt(fraction.length);
  const rounded = (2n * above + below) / (2n * below);
  return numerator.lt(0) ? -rounded : rounded;
};

/** More minor units are stored by no database: eight bytes, signed. */
const mostMinor = 2n ** 63n - 1n;

/**
 * An amount of `numerator ÷ denominator` major units as minor units of the currency, half up.
 * @throws Refusal `money.too_large` where it is more than can be kept
 */
export const toMinor = (numerator: Big, denominator: number, currency: string): bigint => {
  const minor = roundHalfUp(numerator, denominator, minorDigits(currency));
  if (minor > mostMinor || minor < -mostMinor) throw rule('money.too_large', { params: { currency } });
  return minor;
};

/** Minor units as an amount with exactly the currency's digits: −5 EUR cents are `-0.05`. */
export const toMoney = (minor: bigint, currency: string): Money => {
  const digits = minorDigits(currency);
  const figures = String(minor < 0n ? -minor : minor).padStart(digits + 1, '0');
  const whole = figures.slice(0, figures.length - digits);
  const amount = digits === 0 ? whole : `${whole}.${figures.slice(-digits)}`;
  return { amount: minor < 0n ? `-${amount}` : amount, currency };
};

/** A sum of exact decimals, as short as it can be written. */
export const exactSum = (decimals: Iterable<string>): string =>
  [...decimals].reduce((sum, decimal) => sum.plus(decimal), new Big(0)).toFixed();

/** A product of an exact decimal and a whole number, as short as it can be written: 1.6 × 25 = 40. */
export const exactTimes = (decimal: string, count: number): string => new Big(decimal).times(count).toFixed();
