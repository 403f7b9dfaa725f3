import type { LicenseVersion, SubscriptionType, UnitType } from '../catalog/product.ts';
import type { Money } from '../money/money.ts';
import type { Page, PageRequest } from '../page.ts';
import type { ReportStatus } from '../reports/usage-report.ts';
import type { TransactionType } from './customer-transaction.ts';
import type { LicenseStatus } from './license-status.ts';

/** What an assignment names, found by account or name or id within the caller's own partner. */
export interface AssignTarget {
  readonly customerId: string | null;
  readonly planId: string | null;
}

/** A licence, NFR aside, that stands in the way of another one of its product. */
export interface HeldLicense {
  readonly productName: string;
  /** Null: unbundled. */
  readonly planId: string | null;
  /** Open on the day that was asked for; else its term reaches past the start of the new one. */
  readonly open: boolean;
}

/** What must be known of the customer before a plan is assigned. */
export interface AssignGround {
  readonly held: readonly HeldLicense[];
  /** The draft of this same assignment that waits. */
  readonly waitingId: string | null;
  /** A product of which the partner has an open NFR licence. */
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

export interface TransactionRow {
  readonly transactionId: string;
  readonly licenseId: string;
  readonly at: string;
  readonly effectiveOn: string;
  readonly type: TransactionType;
  readonly reason: string;
  /** Account name and company. */
  readonly customer: string;
  readonly company: string;
  /** SKU. */
  readonly product: string;
  readonly productName: string;
  readonly unitType: UnitType;
  readonly planBefore: string | null;
  readonly planAfter: string | null;
  readonly unitsBefore: number;
  readonly delta: number;
  readonly unitsAfter: number;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  /** Sum of the row's money lines; null: none. */
  readonly amount: Money | null;
  /** Null: the system. */
  readonly by: string | null;
}

export interface TransactionFilter {
  readonly customerId?: string | undefined;
  readonly licenseId?: string | undefined;
  readonly type?: TransactionType | undefined;
  readonly productId?: string | undefined;
  /** Instants at which the rows were written, half-open. */
  readonly from?: Temporal.Instant | undefined;
  readonly to?: Temporal.Instant | undefined;
}

/** The own partner's figures on one day. */
export interface DashboardFigures {
  readonly customers: number;
  readonly plansEnabled: number;
  readonly plansLocked: number;
  /** Open licences by status; statuses without any are absent. */
  readonly licenses: readonly { readonly status: LicenseStatus; readonly licenses: number; readonly units: number }[];
  /** An exact decimal: by assignment at the rate of its plan's product, unbundled licences at their own. */
  readonly credits: string;
  readonly waitingCrossgrades: number;
}

export interface CycleUsage {
  /** `2026-02`. */
  readonly cycle: string;
  readonly provisioned: number;
  /** Null: nobody reported any. */
  readonly used: number | null;
}

/** A crossgrade that waits. */
export interface WaitingRow {
  /** Account name. */
  readonly customer: string;
  readonly company: string;
  readonly plan: string;
  readonly units: number;
  readonly unitType: UnitType;
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

export interface LicenseReads {
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
  assignTarget(customer: string, plan: string): Promise<AssignTarget>;
  assignGround(about: {
    readonly customerId: string;
    readonly planId: string;
    readonly productIds: readonly string[];
    readonly startsOn: Temporal.PlainDate;
    readonly today: Temporal.PlainDate;
  }): Promise<AssignGround>;
  /** A customer's licences, open ones first; the day is that of the zone of the partner it belongs to. */
  list(customerId: string, now: Temporal.Instant): Promise<readonly LicenseRow[]>;
  /** Whether a license of this id is within reach. */
  exists(licenseId: string): Promise<boolean>;
  /** Newest first. */
  transactions(filter: TransactionFilter, page: PageRequest): Promise<Page<TransactionRow>>;
  figures(partnerId: string, today: Temporal.PlainDate): Promise<DashboardFigures>;
  /** Peaks of the cycles in [from, to), oldest first: the own customers' usage, and of a Tier 1 its partners' reports. */
  usageByCycle(partnerId: string, from: Temporal.PlainDate, to: Temporal.PlainDate): Promise<readonly CycleUsage[]>;
  /** The partner's reports, and of a Tier 1 its partners', by status; `dueOn` is the earliest day of automatic submission among those that wait for it. */
  reportsByStatus(
    partnerId: string,
  ): Promise<readonly { readonly status: ReportStatus; readonly reports: number; readonly dueOn: string | null }[]>;
  /** The crossgrades that wait longest. */
  waiting(partnerId: string, limit: number): Promise<readonly WaitingRow[]>;
  /** The licences of an assignment that are not removed. */
  ofAssignment(assignmentId: string): Promise<readonly AddedLicense[]>;
  /** Those of the licences that the request which wrote this ledger row removed. */
  discontinued(transactionId: string, licenseIds: readonly string[]): Promise<readonly DiscontinuedLicense[]>;
  /** Enabled customers of each Tier 2 partner: their number, and no more. */
  customerCounts(): Promise<readonly { readonly partner: string; readonly customers: number }[]>;
}
