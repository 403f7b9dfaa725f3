import type { PriceBreak } from './reads.ts';
import type { LicenseVersion, SubscriptionType } from './product.ts';

/**
 * The price per unit that a number of units reaches: the break with the largest `fromUnits` not above it, counted as
 * at least 1. Null where the list has none.
 */
export const priceFor = (
  breaks: readonly PriceBreak[],
  of: {
    readonly productId: string;
    readonly version: LicenseVersion;
    readonly subscriptionType: SubscriptionType;
    readonly units: number;
  },
): string | null => {
  const reached = breaks
    .filter(
      (row) =>
        row.productId === of.productId &&
        row.version === of.version &&
        row.subscriptionType === of.subscriptionType &&
        row.fromUnits <= Math.max(of.units, 1),
    )
    .reduce<PriceBreak | null>((best, row) => (best === null || row.fromUnits > best.fromUnits ? row : best), null);
  return reached?.price ?? null;
};

/** What a unit of an annual licence costs for a year: the break for one unit, however many there are. Null: no price. */
export const yearlyPriceOf = (breaks: readonly PriceBreak[], productId: string): string | null =>
  priceFor(breaks, { productId, version: 'full', subscriptionType: 'annual_license', units: 1 });
