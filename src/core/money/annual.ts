import { Big } from 'big.js';
import { toMinor } from './money.ts';

/** The price of a term: the list's yearly price per unit, an exact decimal, for a number of months. */
export interface TermPrice {
  readonly yearlyPrice: string;
  readonly months: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** What `units` cost for the whole term, charged up front: yearly price × months ÷ 12 × units, in minor units. */
export const termCharge = (price: TermPrice, units: number): bigint =>
  toMinor(new Big(price.yearlyPrice).times(price.months).times(units), 12, price.currency);

/**
 * What a change by `deltaUnits` costs for the rest of the term, in minor units: term price × Δunits × days left ÷
 * days in the term, with the days left held within the term. Rounded once, on the absolute value. A term that an end of
 * life left without a day costs nothing.
 */
export const proration = (
  price: TermPrice,
  deltaUnits: number,
  { daysLeft, daysInTerm }: { readonly daysLeft: number; readonly daysInTerm: number },
): bigint => {
  if (daysInTerm === 0) return 0n;
  const left = Math.min(Math.max(daysLeft, 0), daysInTerm);
  return toMinor(
    new Big(price.yearlyPrice).times(price.months).times(deltaUnits).times(left),
    12 * daysInTerm,
    price.currency,
  );
};
