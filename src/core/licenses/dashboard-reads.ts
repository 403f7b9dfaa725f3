import type { UnitType } from '../catalog/product.ts';
import type { Page, PageRequest } from '../page.ts';
import type { ReportStatus } from '../reports/usage-report.ts';
import type { ReportCycle } from '../usage/report-cycle.ts';
import type { LicenseStatus } from './license-status.ts';
import type { LicenseRow } from './reads.ts';

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
  /** Open licences with a term, running or ahead, that kept the old price for want of a new one. */
  readonly pricesKept: number;
}

export interface CycleUsage {
  /** `2026-02`. */
  readonly cycle: string;
  readonly provisioned: number;
  /** Null: nobody reported any. */
  readonly used: number | null;
}

/** A customer's peaks of one product in a cycle. */
export interface UsageRow {
  /** Account name and company. */
  readonly customer: string;
  readonly company: string;
  /** SKU. */
  readonly product: string;
  readonly productName: string;
  readonly provisioned: number;
  /** Null: not reported. */
  readonly used: number | null;
}

export interface LicenseFilter {
  readonly customerId?: string | undefined;
  /** Only those of this partner's own customers. */
  readonly partnerId?: string | undefined;
  /** `open`: neither removed nor expired. */
  readonly status?: LicenseStatus | 'open' | undefined;
  /** Only what `DashboardFigures.pricesKept` counts. */
  readonly priceKept?: boolean | undefined;
}

export interface ListedLicense extends LicenseRow {
  readonly partnerId: string;
  /** Account name and company. */
  readonly customer: string;
  readonly company: string;
}

/** What converts into credits: an assignment, or an unbundled licence. */
export interface CreditRow {
  /** Account name and company. */
  readonly customer: string;
  readonly company: string;
  /** Null: unbundled. */
  readonly plan: string | null;
  /** The plan's product, or the licence's own. */
  readonly product: string;
  readonly productName: string;
  readonly units: number;
  readonly unitType: UnitType;
  /** Exact decimals. */
  readonly creditsPerUnit: string;
  readonly credits: string;
}

/** The partner's figures, and the lists behind them. */
export interface DashboardReads {
  figures(partnerId: string, today: Temporal.PlainDate): Promise<DashboardFigures>;
  /** Peaks of the cycles in [from, to), oldest first: the own customers' usage, and of a Tier 1 its partners' reports. */
  usageByCycle(partnerId: string, from: Temporal.PlainDate, to: Temporal.PlainDate): Promise<readonly CycleUsage[]>;
  /** The partner's reports, and of a Tier 1 its partners', by status; `dueOn` is the earliest day of automatic submission among those that wait for it. */
  reportsByStatus(
    partnerId: string,
  ): Promise<readonly { readonly status: ReportStatus; readonly reports: number; readonly dueOn: string | null }[]>;
  /** Enabled customers of each Tier 2 partner: their number, and no more. */
  customerCounts(): Promise<readonly { readonly partner: string; readonly customers: number }[]>;
  /** What `usageByCycle` adds up of the partner's own customers in one cycle, by company and product; sums of all pages. */
  usageOf(
    about: {
      readonly partnerId: string;
      readonly customerId?: string | undefined;
      readonly productId?: string | undefined;
    },
    cycle: ReportCycle,
    page: PageRequest,
  ): Promise<Page<UsageRow> & { readonly provisioned: number; readonly used: number | null }>;
  /** By company, plan and product; of one customer the open ones first. `page` null: all of them. */
  find(
    filter: LicenseFilter,
    page: PageRequest | null,
    now: Temporal.Instant,
  ): Promise<Page<ListedLicense> & { readonly units: number }>;
  /** One licence; null: none of this id is within reach. */
  one(licenseId: string, now: Temporal.Instant): Promise<ListedLicense | null>;
  /** What `DashboardFigures.credits` adds up, the most credits first. */
  credits(
    partnerId: string,
    today: Temporal.PlainDate,
    page: PageRequest,
  ): Promise<Page<CreditRow> & { readonly credits: string }>;
}
