import type { LicenseVersion, SubscriptionType, UnitType } from '../catalog/product.ts';
import type { Data } from '../data.ts';
import type { Activation } from '../plans/service-plan.ts';

/** A half-open stretch [startsOn, endsOn) of days of the partner's zone, as it is stored: ISO days. */
export interface LicenseTerm {
  readonly startsOn: string;
  readonly endsOn: string;
  /** The day that month steps are counted from; renewals at the old end keep it, a term after a break begins anew. */
  readonly anchorOn: string;
  /** What the licence is while the term runs: usage of a day counts by the term of that day. */
  readonly version: LicenseVersion;
  readonly subscriptionType: SubscriptionType;
  /** What the term was sold as; null: a trial of some days. */
  readonly months: number | null;
  /** Annual licences: the yearly price per unit that holds for the whole term, an exact decimal; else null. */
  readonly yearlyPrice: string | null;
  readonly currency: string | null;
  /**
   * The first day of the stretch that the price is for, where the licence joined it later (a product that a suite
   * change added); absent: `startsOn`. Days in the term are counted from it.
   */
  readonly pricedFrom?: string;
  /** A renewal ahead brings another number of units with the term; absent: the number stays. */
  readonly units?: number;
  /** The day from which `units` count, where an end of life dropped the term that was to bring them; else `startsOn`. */
  readonly unitsOn?: string;
  /** The list had no price on the term's first day: the old term's was kept. */
  readonly priceKept?: true;
}

/** What a customer holds of one product. */
export class License {
  id!: string;
  partnerId!: string;
  customerId!: string;
  /** Null: unbundled, a licence without a plan. */
  assignmentId!: string | null;
  planId!: string | null;
  productId!: string;
  version!: LicenseVersion;
  subscriptionType!: SubscriptionType;
  unitType!: UnitType;
  units!: number;
  /** A decrease that waits for the next renewal of an annual licence. */
  unitsAtRenewal!: number | null;
  /** In order, without overlaps. */
  terms!: LicenseTerm[];
  /** First day of the first term, and the end (exclusive) of the last: kept beside `terms` for lists. */
  startsOn!: Temporal.PlainDate;
  endsOn!: Temporal.PlainDate;
  autoRenewal!: boolean;
  notifyDays!: readonly number[];
  graceDays!: number;
  activation!: Activation;
  activatedAt!: Temporal.Instant | null;
  /** Software only. */
  activationCode!: string | null;
  dataCentre!: string | null;
  suspended!: boolean;
  removedOn!: Temporal.PlainDate | null;
  /** Up to this day what time brings (notices, renewal, expiry) is done; null: nothing was looked at yet. */
  settledOn!: Temporal.PlainDate | null;
  createdAt!: Temporal.Instant;

  constructor(init: Data<License>) {
    Object.assign(this, init);
  }
}
