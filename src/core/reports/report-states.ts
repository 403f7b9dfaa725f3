import type { ReportStatus } from './usage-report.ts';

export interface Move {
  readonly from: readonly ReportStatus[];
  readonly to: ReportStatus;
}

/** The states of a usage report and what leads from one to the next; there is no other way. */
export const moves = {
  submitted: { from: ['msp_preparing', 'rejected'], to: 'under_review' },
  approved: { from: ['under_review'], to: 'approved' },
  rejected: { from: ['under_review'], to: 'rejected' },
  sent: { from: ['approved', 'returned_by_vendor'], to: 'submitted_to_vendor' },
  completed: { from: ['submitted_to_vendor'], to: 'completed' },
  returned: { from: ['submitted_to_vendor'], to: 'returned_by_vendor' },
  /** The approval no longer counts. */
  reopened: { from: ['approved', 'returned_by_vendor'], to: 'under_review' },
} as const satisfies Record<string, Move>;

export type MoveKind = keyof typeof moves;

/** Whether the graph has this step from there. */
export const leads = (kind: MoveKind, from: ReportStatus): boolean =>
  (moves[kind].from as readonly ReportStatus[]).includes(from);

/** Whether the partner may edit and submit a report that stands so. */
export const inPartnersHands = (status: ReportStatus): boolean => leads('submitted', status);
