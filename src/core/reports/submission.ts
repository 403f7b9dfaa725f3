import type { Context } from '../use-case.ts';
import { totalOf, priceReport } from './price-report.ts';
import type { HeldReport } from './find-report.ts';
import type { UsageReport, UsageReportLine, Who } from './usage-report.ts';

/** Under whose names the history shows what no person did. */
export const approvalPolicy: Who = { personId: null, by: 'The approval policy' };
export const automaticSubmission: Who = { personId: null, by: 'The automatic submission' };

/**
 * Whether a first submission needs no eyes at all: the policy is on, nothing was changed, explained or penalised, every
 * line has its price, and two people are not asked for. A report without lines is one of these.
 */
export const isClean = (report: UsageReport, lines: readonly UsageReportLine[]): boolean => {
  const total = totalOf(lines);
  return (
    report.autoApproveUncommented &&
    total !== null &&
    !report.needsTwoApprovals(total) &&
    lines.every(
      ({ chargeable, proposed, comment, penalty }) => chargeable === proposed && comment === null && penalty === 0,
    )
  );
};

/**
 * Puts a report under review, with its prices fixed and the marks of the last review gone. A clean first submission
 * is approved at once in the name of the policy, as a second row of history; of anything else the deciders are told.
 */
export const submit = async (
  context: Pick<Context, 'uow' | 'reads' | 'now'>,
  { report, lines, history }: HeldReport,
  who: Who,
  reason?: string,
): Promise<void> => {
  const { uow, now } = context;
  const isFirst = !history.some(({ kind }) => kind === 'submitted');
  for (const line of lines) line.mark = null;
  await priceReport(context, report, lines);
  uow.add(report.record('submitted', { id: uow.newId(), at: now, who, lines, reason }));
  report.submission =
    who.personId !== null
      ? 'manual'
      : lines.some(({ penalty }) => penalty > 0)
        ? 'automatic_with_penalty'
        : 'automatic';
  report.submittedBy = who.personId;
  report.submittedAt = now;
  const approved = isFirst && isClean(report, lines);
  if (approved) uow.add(report.record('approved', { id: uow.newId(), at: now, who: approvalPolicy, lines }));
  tell(uow, approved ? 'report.decided' : 'report.submitted', report);
};

/** People are told of the version that the transaction leaves behind. */
export const tell = (
  uow: Context['uow'],
  topic: 'report.submitted' | 'report.decided',
  { id, version }: UsageReport,
): void =>
  uow.enqueue(
    'notify',
    { topic, data: { report: id, version: String(version) } },
    { key: `${topic}:${id}:${version}` },
  );
