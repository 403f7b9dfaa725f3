import type { Data } from '../data.ts';
import type { LicenseVersion, SubscriptionType } from './product.ts';

/** One break of a Tier 1's price list: per unit and month (monthly plan) or year (annual licence). */
export class Price {
  id!: string;
  /** The Tier 1 whose list it is. */
  partnerId!: string;
  productId!: string;
  version!: LicenseVersion;
  subscriptionType!: SubscriptionType;
  currency!: string;
  validFrom!: Temporal.PlainDate;
  /** The break: holds from this many units (credits: packs). */
  fromUnits!: number;
  /** Exact decimal in major units; may be finer than the minor unit. */
  price!: string;

  constructor(init: Data<Price>) {
    Object.assign(this, init);
  }
}
