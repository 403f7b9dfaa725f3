import type { LicenseVersion, UnitType } from '../catalog/product.ts';
import type { Data } from '../data.ts';
import { conflict, invalid, rule } from '../errors.ts';
import { isAbove, isCharged, overProvisionedShare } from '../usage/customer-usage.ts';
import { inPartnersHands, leads, moves, type MoveKind } from './report-states.ts';

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

  /** Whether the partner may edit and submit it. */
  isOpen(): boolean {
    return inPartnersHands(this.status);
  }

  /** Whether a total (null: a price is missing) asks for two different people's approval. */
  needsTwoApprovals(totalMinor: bigint | null): boolean {
    return this.fourEyesAbove !== null && totalMinor !== null && totalMinor >= this.fourEyesAbove;
  }

  /**
   * Walks one step of the graph, or, for a question and the first of two approvals, stays: either way a new version
   * with its row of history.
   * @throws Refusal `report.wrong_status`
   */
  record(kind: MoveKind | 'questioned' | 'approved_first', entry: EventEntry): UsageReportEvent {
    const stays = kind === 'questioned' || kind === 'approved_first';
    if (stays ? this.status !== 'under_review' : !leads(kind, this.status))
      throw conflict('report.wrong_status', { params: { status: this.status } });
    const before = this.status;
    if (!stays) this.status = moves[kind].to;
    this.version += 1;
    return new UsageReportEvent({
      id: entry.id,
      partnerId: this.partnerId,
      reportId: this.id,
      version: this.version,
      kind: kind === 'approved_first' ? 'approved' : kind,
      statusBefore: before,
      statusAfter: this.status,
      at: entry.at,
      personId: entry.who.personId,
      by: entry.who.by,
      reason: entry.reason ?? null,
      lines: snapshotOf(entry.lines),
    });
  }
}

/** Who did something: a person, or (`personId` null) the policy or the system under the name shown. */
export interface Who {
  readonly personId: string | null;
  readonly by: string;
}

interface EventEntry {
  readonly id: string;
  readonly at: Temporal.Instant;
  readonly who: Who;
  readonly lines: readonly UsageReportLine[];
  readonly reason?: string | undefined;
}

/** What history keeps of the lines: enough to tell what a resubmission changed. */
export const snapshotOf = (lines: readonly UsageReportLine[]): UsageReportEvent['lines'] =>
  lines.map(({ id, chargeable, comment }) => ({ lineId: id, chargeable, comment }));

/** Characters of a comment, after trimming. */
export const commentLength = { minimum: 5, maximum: 500 } as const;

/** One product, version and unit type of a report: what was provisioned, used, and is charged. Units throughout. */
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
  /** Σ per customer of the used units within the provisioned; where nobody reported, the provisioned. */
  usedWithin!: number;
  /** What a charged line proposes: `usedWithin`; trial and NFR lines propose 0. */
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

  /** Full licences are charged and may be edited; trial and NFR lines are only listed. */
  isCharged(): boolean {
    return isCharged(this.version);
  }

  /** Over-provisioned share in hundredths of a percent; null where nothing was provisioned. */
  share(): number | null {
    return overProvisionedShare(this);
  }

  isAbove(thresholdPct: number): boolean {
    return isAbove(this.share(), thresholdPct);
  }

  /**
   * Sets what is charged and why. A change from the proposal needs a comment; a figure equal to it is no edit. A
   * comment that is absent stays, an empty one is taken away.
   * @throws Refusal blaming `line`, `chargeable` or `comment`
   */
  edit({
    chargeable = this.chargeable,
    comment,
  }: {
    chargeable?: number | undefined;
    comment?: string | undefined;
  }): void {
    if (!this.isCharged()) throw rule('report.line_not_charged', { field: 'line' });
    if (chargeable < 0 || chargeable > this.provisioned)
      throw invalid('report.chargeable_out_of_range', 'chargeable', { maximum: this.provisioned });
    const kept = comment === undefined ? this.comment : checkedComment(comment, 'comment');
    if (chargeable !== this.proposed && kept === null)
      throw rule('report.change_needs_comment', { field: 'comment', params: { proposed: this.proposed } });
    this.chargeable = chargeable;
    this.edited = chargeable !== this.proposed;
    this.penalty = 0;
    this.comment = kept;
  }

  /** Automatic submission without an explanation: all that was provisioned is charged. */
  chargeProvisioned(): void {
    this.chargeable = this.provisioned;
    this.penalty = this.provisioned - this.proposed;
    this.edited = false;
  }

  /** A rejection takes the penalty back to the proposal; the comment is then due. */
  withdrawPenalty(): void {
    if (this.penalty === 0) return;
    this.chargeable = this.proposed;
    this.penalty = 0;
  }
}

type Explained = Pick<UsageReportLine, 'version' | 'provisioned' | 'usedWithin' | 'comment' | 'mark'>;

/**
 * A charged line above the threshold that nobody explained: a submission by hand waits for its comment, an automatic
 * one brings a penalty. A closed line asks for none.
 */
export const isCommentDue = (line: Explained, lines: readonly Explained[], thresholdPct: number): boolean =>
  isLineOpen(line, lines) &&
  isCharged(line.version) &&
  line.comment === null &&
  isAbove(overProvisionedShare(line), thresholdPct);

/** After a rejection with disputed lines only these are open; the others keep comment and penalty. */
export const isLineOpen = (
  line: Pick<UsageReportLine, 'mark'>,
  lines: readonly Pick<UsageReportLine, 'mark'>[],
): boolean => line.mark === 'disputed' || lines.every(({ mark }) => mark !== 'disputed');

/**
 * A comment as it is kept: trimmed; null when empty.
 * @throws Refusal `report.comment_too_short` or `input.too_long`, blaming `field`
 */
export const checkedComment = (text: string, field: string): string | null => {
  const comment = text.trim();
  if (comment === '') return null;
  const length = [...comment].length;
  if (length < commentLength.minimum) throw invalid('report.comment_too_short', field, { ...commentLength });
  if (length > commentLength.maximum) throw invalid('input.too_long', field, { ...commentLength });
  return comment;
};

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
  /** The lines as they stood when it happened, so that a resubmission shows what changed. */
  lines!: readonly { readonly lineId: string; readonly chargeable: number; readonly comment: string | null }[];

  constructor(init: Data<UsageReportEvent>) {
    Object.assign(this, init);
  }
}
