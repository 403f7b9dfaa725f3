import { Big } from 'big.js';
import { priceFor } from '../catalog/price-for.ts';
import type { LicenseVersion, UnitType } from '../catalog/product.ts';
import type { PriceBreak } from '../catalog/reads.ts';
import { toMinor } from '../money/money.ts';

/** What is priced: units, and for credits packs of 100, half up (3,249 → 32, 3,250 → 33, 49 → 0). */
export const pricedQuantity = (unitType: UnitType, chargeable: number): number =>
  unitType === 'credit' ? Math.floor((chargeable + 50) / 100) : chargeable;

export interface LineAmount {
  /** Exact decimal per unit (credits: per pack). */
  readonly unitPrice: string;
  readonly amountMinor: bigint;
}

/**
 * Chargeable × price, half up to the minor unit; the break that is reached holds for all units. `breaks` are those in
 * force on the cycle's first day. Null: the list has no price in this currency.
 */
export const lineAmount = (
  line: {
    readonly productId: string;
    readonly version: LicenseVersion;
    readonly unitType: UnitType;
    readonly chargeable: number;
  },
  breaks: readonly PriceBreak[],
  currency: string,
): LineAmount | null => {
  const { productId, version } = line;
  const quantity = pricedQuantity(line.unitType, line.chargeable);
  const unitPrice = priceFor(breaks, { productId, version, subscriptionType: 'monthly_plan', units: quantity });
  if (unitPrice === null) return null;
  return { unitPrice, amountMinor: toMinor(new Big(unitPrice).times(quantity), 1, currency) };
};
