import type { PartnerKind, Tier } from '../caller.ts';
import type { Data } from '../data.ts';

/** A Tier 1 (distributor) or a Tier 2 (MSP, reseller) that belongs to exactly one Tier 1. */
export class Partner {
  id!: string;
  /** Short name for files and scripts: `brightside`. Unique. */
  slug!: string;
  tier!: Tier;
  kind!: PartnerKind | null;
  parentId!: string | null;
  company!: string;
  /** Company ID shown on usage reports. */
  guid!: string;
  street!: string | null;
  city!: string;
  state!: string;
  postalCode!: string | null;
  /** ISO 3166-1 alpha-2. */
  country!: string;
  contactFirstName!: string;
  contactLastName!: string;
  email!: string;
  phone!: string | null;
  /** IANA zone; days, cycles and digests of this partner are counted in it. */
  timeZone!: string;
  language!: string;
  /** ISO 4217. */
  currency!: string;
  /** Switched on by a Tier 2: its distributor may read its customers. */
  managedByDistributor!: boolean;
  /** Policies that a Tier 1 sets for each Tier 2. Days after the cycle's end, 1–28. */
  autoSubmitDays!: number;
  /** Percent, 0–100. */
  overProvisionThresholdPct!: number;
  autoApproveUncommented!: boolean;
  /** Minor units of the Tier 2's currency from which two people must approve; null: off. */
  fourEyesAbove!: bigint | null;
  pricesPublished!: boolean;
  crossgradeUndoMinutes!: number;
  createdAt!: Temporal.Instant;

  constructor(init: Data<Partner>) {
    Object.assign(this, init);
  }
}
