import { z } from 'zod';
import { dayAt, daysBetween, dayResult } from '../calendar.ts';
import { licenseVersions, unitTypes } from '../catalog/product.ts';
import type { Actor } from '../caller.ts';
import { notFound } from '../errors.ts';
import { moneyResult, toMoney } from '../money/money.ts';
import { may, seesPrices } from '../permissions.ts';
import type { Context } from '../use-case.ts';
import { isAbove, isCharged, overProvisionedShare, shareText } from '../usage/customer-usage.ts';
import { cycleName } from '../usage/report-cycle.ts';
import { answeredRejectionOf, approvalsOf, openingOf, type History } from './decision.ts';
import { totalOf } from './price-report.ts';
import type { ReportLineRow, ReportRow } from './reads.ts';
import { inPartnersHands } from './report-states.ts';
import { isCommentDue, isLineOpen, reportStatuses, UsageReport } from './usage-report.ts';

const eventKinds = [
  'created',
  'submitted',
  'approved',
  'rejected',
  'questioned',
  'sent',
  'completed',
  'returned',
  'reopened',
] as const;
const submission = z.enum(['manual', 'automatic', 'automatic_with_penalty']).nullable();

export const reportLine = z.object({
  lineId: z.string(),
  /** SKU. */
  product: z.string(),
  productName: z.string(),
  version: z.enum(licenseVersions),
  unitType: z.enum(unitTypes),
  provisioned: z.int(),
  used: z.int().nullable(),
  proposed: z.int(),
  chargeable: z.int(),
  edited: z.boolean(),
  penalty: z.int(),
  comment: z.string().nullable(),
  mark: z.enum(['accepted', 'disputed']).nullable(),
  /** Percent with two decimals; null where nothing was provisioned. */
  overProvisioned: z.string().nullable(),
  /** Above the report's threshold, by the figure shown. */
  above: z.boolean(),
  /** Above the threshold and not explained: it cannot be submitted by hand. */
  needsComment: z.boolean(),
  /** By the person who asks, now. */
  editable: z.boolean(),
  /** Null: no price, not charged, or not shown to this person. */
  unitPrice: z.string().nullable(),
  amount: moneyResult.nullable(),
  /** On a resubmission: what the approver rejected, where it differs; else null. */
  rejected: z.object({ chargeable: z.int(), comment: z.string().nullable() }).nullable(),
});
export type ReportLineView = z.output<typeof reportLine>;

export const reportResult = z.object({
  reportId: z.string(),
  partner: z.string(),
  partnerSlug: z.string(),
  cycle: z.string(),
  cycleFrom: dayResult,
  cycleTo: dayResult,
  status: z.enum(reportStatuses),
  submission,
  version: z.int(),
  dueOn: dayResult,
  /** Days until it is submitted by itself; null once it is out of the partner's hands. */
  daysLeft: z.int().nullable(),
  thresholdPct: z.int(),
  lines: z.array(reportLine),
  /** Σ of the lines. Null: a price is missing, or amounts are not shown to this person. */
  total: moneyResult.nullable(),
  /** Whether this person sees amounts at all. */
  pricesShown: z.boolean(),
  priceMissing: z.boolean(),
  /** Whether two different people have to approve. */
  fourEyes: z.boolean(),
  /** Who has approved since it was last put under review. */
  approvals: z.array(z.object({ by: z.string(), at: z.iso.datetime() })),
  submittedBy: z.string().nullable(),
  submittedAt: z.iso.datetime().nullable(),
  resubmitted: z.boolean(),
  mayEdit: z.boolean(),
  mayDecide: z.boolean(),
  history: z.array(
    z.object({
      version: z.int(),
      kind: z.enum(eventKinds),
      statusBefore: z.enum(reportStatuses).nullable(),
      statusAfter: z.enum(reportStatuses),
      at: z.iso.datetime(),
      by: z.string(),
      reason: z.string().nullable(),
    }),
  ),
});
export type ReportView = z.output<typeof reportResult>;

export const reportListItem = z.object({
  reportId: z.string(),
  partner: z.string(),
  partnerSlug: z.string(),
  cycle: z.string(),
  status: z.enum(reportStatuses),
  submission,
  version: z.int(),
  dueOn: dayResult,
  daysLeft: z.int().nullable(),
  total: moneyResult.nullable(),
});
export type ReportListItem = z.output<typeof reportListItem>;

const daysLeft = (row: ReportRow, now: Temporal.Instant): number | null =>
  inPartnersHands(row.status) ? daysBetween(dayAt(now, row.timeZone), row.dueOn) : null;

/** A Tier 2 sees units always, amounts only when its Tier 1 publishes them. */
const seesAmounts = (actor: Actor): boolean => actor.type === 'system' || seesPrices(actor);

/** A report as lists show it; the total only to who sees amounts. */
export const listItemOf = (
  row: ReportRow,
  { actor, now }: Pick<Context, 'now'> & { actor: Actor },
): ReportListItem => ({
  reportId: row.reportId,
  partner: row.partner,
  partnerSlug: row.partnerSlug,
  cycle: cycleName({ from: row.cycleFrom }),
  status: row.status,
  submission: row.submission,
  version: row.version,
  dueOn: row.dueOn.toString(),
  daysLeft: daysLeft(row, now),
  total: row.totalMinor !== null && seesAmounts(actor) ? toMoney(row.totalMinor, row.currency) : null,
});

const rejectedFigures = (row: ReportLineRow, history: History): ReportLineView['rejected'] => {
  const before = answeredRejectionOf(history)?.lines.find(({ lineId }) => lineId === row.lineId);
  if (!before || (before.chargeable === row.chargeable && before.comment === row.comment)) return null;
  return { chargeable: before.chargeable, comment: before.comment };
};

/** The report as this caller may see it, with what he may do about it now. */
export const viewReport = async (
  { uow, reads, actor, now }: Pick<Context, 'uow' | 'reads' | 'now'> & { readonly actor: Actor },
  reportId: string,
): Promise<ReportView> => {
  await uow.flush();
  const row = await reads.reports.row(reportId);
  if (!row) throw notFound('usage report', 'report');
  const report = await uow.get(UsageReport, reportId, 'report');
  const lines = await reads.reports.lines(reportId);
  const history = await reads.reports.events(reportId);
  const total = totalOf(lines);
  const shown = seesAmounts(actor);
  const person = actor.type === 'person' ? actor : null;
  const mayEdit =
    person !== null && may(person, 'report') && person.partnerId === report.partnerId && inPartnersHands(report.status);
  const opening = openingOf(history);
  return {
    ...listItemOf(row, { actor, now }),
    cycleFrom: report.cycleFrom.toString(),
    cycleTo: report.cycleTo.toString(),
    thresholdPct: report.overProvisionThresholdPct,
    lines: lines.map((line) => {
      const share = overProvisionedShare(line);
      const above = isAbove(share, report.overProvisionThresholdPct);
      const charged = isCharged(line.version);
      return {
        lineId: line.lineId,
        product: line.product,
        productName: line.productName,
        version: line.version,
        unitType: line.unitType,
        provisioned: line.provisioned,
        used: line.used,
        proposed: line.proposed,
        chargeable: line.chargeable,
        edited: line.edited,
        penalty: line.penalty,
        comment: line.comment,
        mark: line.mark,
        overProvisioned: share === null ? null : shareText(share),
        above,
        needsComment: inPartnersHands(report.status) && isCommentDue(line, lines, report.overProvisionThresholdPct),
        editable: mayEdit && charged && isLineOpen(line, lines),
        unitPrice: shown ? line.unitPrice : null,
        amount: shown && line.amountMinor !== null ? toMoney(line.amountMinor, report.currency) : null,
        rejected: rejectedFigures(line, history),
      };
    }),
    total: shown && total !== null ? toMoney(total, report.currency) : null,
    pricesShown: shown,
    priceMissing: shown && total === null,
    fourEyes: shown && report.needsTwoApprovals(total),
    approvals: approvalsOf(history).map(({ by, at }) => ({ by, at: at.toString() })),
    submittedBy: history.findLast(({ kind }) => kind === 'submitted')?.by ?? null,
    submittedAt: report.submittedAt?.toString() ?? null,
    resubmitted: opening?.kind === 'submitted' && answeredRejectionOf(history) !== undefined,
    mayEdit,
    mayDecide:
      person !== null &&
      may(person, 'decide') &&
      person.childIds.includes(report.partnerId) &&
      report.status === 'under_review' &&
      !history.some(({ kind, personId }) => kind === 'submitted' && personId === person.personId),
    history: history.map(({ version, kind, statusBefore, statusAfter, at, by, reason }) => ({
      version,
      kind,
      statusBefore,
      statusAfter,
      at: at.toString(),
      by,
      reason,
    })),
  };
};
