import type { LicenseVersion, SubscriptionType, UnitType } from '../catalog/product.ts';
import type { DashboardReads } from './dashboard-reads.ts';
import type { LedgerReads } from './ledger-reads.ts';
import type { LicenseStatus } from './license-status.ts';

/** What an assignment names, found by account or name or id within the caller's own partner. */
export interface AssignTarget {
  readonly customerId: string | null;
  readonly planId: string | null;
  /** Something of the customer may wait for the job of renewals. @see RenewalReads.lateHolder */
  readonly late: boolean;
}

/** A licence, NFR aside, that stands in the way of another one of its product. */
export interface HeldLicense {
  readonly productName: string;
  /** Null: unbundled. */
  readonly planId: string | null;
  /** Open on the day that was asked for; else its term reaches past the start of the new one. */
  readonly open: boolean;
  /** On the day that was asked for. */
  readonly units: number;
}

/** What must be known of the customer before a plan is assigned. */
export interface AssignGround {
  readonly held: readonly HeldLicense[];
  /** The draft of this same assignment that waits. */
  readonly waitingId: string | null;
  /** A product of which the partner has an open NFR licence, or one whose renewal waits. */
  readonly nfrProduct: string | null;
}

export interface LicenseRow {
  readonly licenseId: string;
  readonly assignmentId: string | null;
  /** SKU. */
  readonly product: string;
  readonly productName: string;
  readonly version: LicenseVersion;
  readonly subscriptionType: SubscriptionType;
  /** Name; null: unbundled. */
  readonly plan: string | null;
  readonly units: number;
  readonly unitType: UnitType;
  /** ISO days; `endsOn` is exclusive. */
  readonly startsOn: string;
  readonly endsOn: string;
  readonly status: LicenseStatus;
  readonly autoRenewal: boolean;
  readonly unitsAtRenewal: number | null;
}

/** A licence as the mail to its customer tells of it. */
export interface AddedLicense {
  readonly licenseId: string;
  readonly productName: string;
  readonly units: number;
  readonly unitType: UnitType;
  readonly startsOn: string;
  readonly expiresOn: string;
  readonly activationCode: string | null;
}

/** A removed licence as the mail to its customer tells of it. */
export interface DiscontinuedLicense {
  readonly productName: string;
  /** Null: it was unbundled. */
  readonly plan: string | null;
  /** What the request that removed it took away. */
  readonly units: number;
  readonly unitType: UnitType;
  readonly removedOn: string;
}

/** What the ledger says of one licence on one day. */
export interface LedgerDay {
  readonly licenseId: string;
  /** ISO day. */
  readonly effectiveOn: string;
  /** Σ Δ of the rows of that day. */
  readonly delta: number;
}

/** What was charged for one licence so far, less what was credited: annual licences only. */
export interface ChargedSum {
  readonly licenseId: string;
  /** Minor units, as a decimal integer. */
  readonly minor: string;
  readonly currency: string;
}

/** Where a licence of the own partner stands. */
export interface LicensePlace {
  readonly customerId: string;
  /** Null: unbundled. */
  readonly assignmentId: string | null;
  readonly planId: string | null;
}

export interface LicenseReads extends LedgerReads, DashboardReads {
  /** Of the caller's own partner; null: there is none with this id. */
  place(licenseId: string): Promise<LicensePlace | null>;
  /** The licences of an assignment that are not removed, by id. */
  keptOf(assignmentId: string): Promise<readonly string[]>;
  /** What the ledger says of these licences, by day. */
  ledgerDays(licenseIds: readonly string[]): Promise<readonly LedgerDay[]>;
  /** What was charged for these licences, by currency; those of which nothing was are absent. */
  charged(licenseIds: readonly string[]): Promise<readonly ChargedSum[]>;
  /** The customer's highest used units of one product over the days [from, to]; null: none were reported. */
  peakUsed(
    customerId: string,
    productId: string,
    from: Temporal.PlainDate,
    to: Temporal.PlainDate,
  ): Promise<number | null>;
  /** The customer's licences of these products, NFR aside, that are open on the day, with those that are to begin. */
  openOf(
    customerId: string,
    productIds: readonly string[],
    today: Temporal.PlainDate,
  ): Promise<readonly { readonly licenseId: string; readonly productId: string; readonly productName: string }[]>;
  assignTarget(customer: string, plan: string, today: Temporal.PlainDate): Promise<AssignTarget>;
  assignGround(about: {
    readonly customerId: string;
    readonly planId: string;
    readonly productIds: readonly string[];
    readonly startsOn: Temporal.PlainDate;
    readonly today: Temporal.PlainDate;
  }): Promise<AssignGround>;
  /** A customer's licences, open ones first; the day is that of the zone of the partner it belongs to. */
  list(customerId: string, now: Temporal.Instant): Promise<readonly LicenseRow[]>;
  /** Whether a licence of this id is within reach. */
  exists(licenseId: string): Promise<boolean>;
  /** The licences of an assignment that are not removed. */
  ofAssignment(assignmentId: string): Promise<readonly AddedLicense[]>;
  /** Those of the licences that the request which wrote this ledger row removed. */
  discontinued(transactionId: string, licenseIds: readonly string[]): Promise<readonly DiscontinuedLicense[]>;
}
