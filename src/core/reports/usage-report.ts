import type { LicenseVersion, UnitType } from '../catalog/product.ts';
import type { Data } from '../data.ts';

export const reportStatuses = [
  'msp_preparing',
  'under_review',
  'approved',
  'rejected',
  'submitted_to_vendor',
  'completed',
  'returned_by_vendor',
] as const;
export type ReportStatus = (typeof reportStatuses)[number];
export type Submission = 'manual' | 'automatic' | 'automatic_with_penalty';

/** One Tier 2's usage of one report cycle, as it is reviewed by its Tier 1. */
export class UsageReport {
  id!: string;
  /** The Tier 2 that reports. */
  partnerId!: string;
  /** First day of the calendar month; the cycle is [from, to) in the partner's zone. */
  cycleFrom!: Temporal.PlainDate;
  cycleTo!: Temporal.PlainDate;
  status!: ReportStatus;
  submission!: Submission | null;
  /** Grows by one with every transition; a decision names the version that it was taken on. */
  version!: number;
  /** The day it is submitted automatically. */
  dueOn!: Temporal.PlainDate;
  /** Policies as they were when the report was created. */
  autoSubmitDays!: number;
  overProvisionThresholdPct!: number;
  autoApproveUncommented!: boolean;
  fourEyesAbove!: bigint | null;
  currency!: string;
  submittedBy!: string | null;
  submittedAt!: Temporal.Instant | null;
  createdAt!: Temporal.Instant;

  constructor(init: Data<UsageReport>) {
    Object.assign(this, init);
  }
}

export class UsageReportLine {
  id!: string;
  partnerId!: string;
  reportId!: string;
  productId!: string;
  version!: LicenseVersion;
  unitType!: UnitType;
  provisioned!: number;
  /** Null: nobody reported any. */
  used!: number | null;
  proposed!: number;
  chargeable!: number;
  /** Chargeable was set by hand; a figure saved equal to the proposal is no edit. */
  edited!: boolean;
  /** Units charged beyond the proposal by an automatic submission. */
  penalty!: number;
  comment!: string | null;
  mark!: 'accepted' | 'disputed' | null;
  /** Exact decimal per unit (credits: per pack), fixed at submission; null: no price. */
  unitPrice!: string | null;
  amountMinor!: bigint | null;

  constructor(init: Data<UsageReportLine>) {
    Object.assign(this, init);
  }
}

/** One row of a report's history: a transition, or a question, with who and why. Append-only. */
export class UsageReportEvent {
  id!: string;
  partnerId!: string;
  reportId!: string;
  /** The version that this event made. */
  version!: number;
  kind!:
    'created' | 'submitted' | 'approved' | 'rejected' | 'questioned' | 'sent' | 'completed' | 'returned' | 'reopened';
  statusBefore!: ReportStatus | null;
  statusAfter!: ReportStatus;
  at!: Temporal.Instant;
  /** Null: the policy or the system, as `by` says. */
  personId!: string | null;
  /** The name shown: a person's, or "the approval policy". */
  by!: string;
  reason!: string | null;
  /** The lines as they stood: [lineId, chargeable, comment], so that a resubmission shows what changed. */
  lines!: readonly { readonly lineId: string; readonly chargeable: number; readonly comment: string | null }[];

  constructor(init: Data<UsageReportEvent>) {
    Object.assign(this, init);
  }
}
