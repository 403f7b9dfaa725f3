import { z } from 'zod';
import { rule } from '../errors.ts';
import { optionalTextOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { dayAt } from '../calendar.ts';
import { Partner } from '../people/partner.ts';
import { approvalsOf, decisionRefusal } from './decision.ts';
import { holdPartnersReport, reportName } from './find-report.ts';
import { priceReport, totalOf } from './price-report.ts';
import { reportResult, viewReport } from './report-view.ts';
import { tell } from './submission.ts';
import { isLineOpen } from './usage-report.ts';

export const reviewDecisions = ['approve', 'reject', 'question'] as const;

/** A Tier 1 person approves, rejects or questions a version of a Tier 2's report. One decision wins. */
export const reviewReport = defineUseCase({
  kind: 'command',
  name: 'report review',
  needs: 'decide',
  input: z.strictObject({
    report: reportName,
    version: z.int(),
    decision: z.enum(reviewDecisions),
    reason: optionalTextOf(1000),
  }),
  result: reportResult,

  async run(context, { report: name, version, decision, reason }) {
    const { uow, actor, now } = context;
    const { report, lines, history } = await holdPartnersReport(context, name);
    const refusal = decisionRefusal(report, history, actor, decision, version);
    if (refusal) throw refusal;
    const entry = {
      id: uow.newId(),
      at: now,
      who: { personId: actor.personId, by: actor.name },
      lines,
      reason: reason || undefined,
    };

    if (decision === 'approve') {
      if (lines.some(({ mark }) => mark === 'disputed')) throw rule('report.disputed');
      // The list may have come after the submission; what has a price keeps it.
      if (totalOf(lines) === null)
        await priceReport(
          context,
          report,
          lines.filter(({ unitPrice }) => unitPrice === null),
        );
      const total = totalOf(lines);
      if (total === null) throw rule('report.no_price', { params: { currency: report.currency } });
      const isFirst = report.needsTwoApprovals(total) && approvalsOf(history).length === 0;
      uow.add(report.record(isFirst ? 'approved_first' : 'approved', entry));
    } else {
      if (!entry.reason) throw rule(`report.${decision}_needs_reason`, { field: 'reason' });
      uow.add(report.record(decision === 'reject' ? 'rejected' : 'questioned', entry));
    }
    if (decision === 'reject') {
      const { timeZone } = await uow.get(Partner, report.partnerId);
      report.dueOn = dayAt(now, timeZone).add({ days: report.autoSubmitDays });
      for (const line of lines) if (isLineOpen(line, lines)) line.withdrawPenalty();
      await priceReport(context, report, lines);
    }
    tell(uow, 'report.decided', report);
    return viewReport(context, report.id);
  },
});
