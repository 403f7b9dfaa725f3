import { isOnOrAfter } from '../calendar.ts';

/** One break of a price list, of one product, version, subscription type and currency. */
export interface PriceBreak {
  readonly validFrom: Temporal.PlainDate;
  readonly fromUnits: number;
  /** Exact decimal in major units. */
  readonly price: string;
}

/**
 * The price per unit on a day. A newer list replaces an older one with all its breaks from its first day on; of that
 * list the break with the largest `from` ≤ max(units, 1) holds for all units. Null: no price.
 */
export const priceOn = (breaks: readonly PriceBreak[], day: Temporal.PlainDate, units: number): string | null => {
  const inForce = breaks.filter((row) => isOnOrAfter(day, row.validFrom));
  const newest = inForce.reduce<Temporal.PlainDate | null>(
    (latest, row) => (latest && isOnOrAfter(latest, row.validFrom) ? latest : row.validFrom),
    null,
  );
  if (!newest) return null;
  const reached = inForce.filter((row) => row.validFrom.equals(newest) && row.fromUnits <= Math.max(units, 1));
  return reached.toSorted((a, b) => b.fromUnits - a.fromUnits)[0]?.price ?? null;
};
