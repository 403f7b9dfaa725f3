import { z } from 'zod';
import { rule } from '../errors.ts';
import { defineUseCase } from '../use-case.ts';
import { alreadyDecided, lastDecisionOf } from './decision.ts';
import { findLine, holdPartnersReport, reportName } from './find-report.ts';
import { reportResult, viewReport } from './report-view.ts';

/** Marks a line of a report under review: while one is disputed, the report cannot be approved. */
export const markReportLine = defineUseCase({
  kind: 'command',
  name: 'report mark',
  needs: 'decide',
  input: z.strictObject({
    report: reportName,
    line: z.string().trim().min(1).max(200),
    mark: z.enum(['accepted', 'disputed']),
  }),
  result: reportResult,

  async run(context, { report: name, line: lineName, mark }) {
    const held = await holdPartnersReport(context, name);
    if (held.report.status !== 'under_review') {
      const decided = lastDecisionOf(held.history);
      throw decided ? alreadyDecided(decided, context.actor.timeZone) : rule('report.not_under_review');
    }
    const line = await findLine(context, held, lineName);
    line.mark = mark;
    return viewReport(context, held.report.id);
  },
});
