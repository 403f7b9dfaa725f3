import type { LicenseVersion, UnitType } from '../catalog/product.ts';
import type { Page, PageRequest } from '../page.ts';
import type { ReportStatus, Submission, UsageReportEvent } from './usage-report.ts';
import type { Data } from '../data.ts';

export interface ReportRow {
  readonly reportId: string;
  readonly partnerId: string;
  readonly partner: string;
  readonly partnerSlug: string;
  readonly timeZone: string;
  readonly cycleFrom: Temporal.PlainDate;
  readonly status: ReportStatus;
  readonly submission: Submission | null;
  readonly version: number;
  readonly dueOn: Temporal.PlainDate;
  readonly currency: string;
  /** Null: a charged line has no price. A report without lines totals 0. */
  readonly totalMinor: bigint | null;
}

export interface ReportLineRow {
  readonly lineId: string;
  /** SKU. */
  readonly product: string;
  readonly productName: string;
  readonly version: LicenseVersion;
  readonly unitType: UnitType;
  readonly provisioned: number;
  readonly used: number | null;
  readonly usedWithin: number;
  readonly proposed: number;
  readonly chargeable: number;
  readonly edited: boolean;
  readonly penalty: number;
  readonly comment: string | null;
  readonly mark: 'accepted' | 'disputed' | null;
  readonly unitPrice: string | null;
  readonly amountMinor: bigint | null;
}

export interface ReportFilter {
  readonly cycleFrom?: Temporal.PlainDate | undefined;
  readonly status?: ReportStatus | undefined;
  readonly partnerId?: string | undefined;
}

export type ReportName =
  | { readonly id: string }
  /** By partner (id, slug or company, whatever the case) and cycle. */
  | { readonly partner: string; readonly cycleFrom: Temporal.PlainDate };

export interface ReportReads {
  /** The reports within the caller's reach, newest cycle first. */
  list(filter: ReportFilter, page: PageRequest): Promise<Page<ReportRow>>;
  /** `several`: partners within reach share the company name that was given. */
  idOf(name: ReportName): Promise<string | null>;
  row(reportId: string): Promise<ReportRow | null>;
  /** Charged lines first, then by product. */
  lines(reportId: string): Promise<readonly ReportLineRow[]>;
  /** The history, oldest first. */
  events(reportId: string): Promise<readonly Data<UsageReportEvent>[]>;
  /**
   * Every partner that reports (Tier 2 MSPs), with the first days of the cycles it has reports for, and the first day
   * on which a customer of it held a licence; null: none ever did.
   */
  reporters(): Promise<
    readonly {
      readonly partnerId: string;
      readonly cycles: readonly string[];
      readonly heldFrom: Temporal.PlainDate | null;
    }[]
  >;
  /** Reports in the partner's hands whose due day has begun somewhere on Earth. */
  due(latest: Temporal.PlainDate): Promise<readonly { readonly reportId: string; readonly partnerId: string }[]>;
  /** What the end of the month left to do at this instant, over all partners, and when there is something next. */
  monthEnd(now: Temporal.Instant): Promise<MonthEnd>;
}

export interface MonthEnd {
  /** Partners whose last cycle is over and has no report. */
  readonly unclosed: number;
  /** Reports whose automatic submission has come. */
  readonly unsubmitted: number;
  /** The next automatic submission after this instant; null: none is ahead. */
  readonly nextAt: Temporal.Instant | null;
}
