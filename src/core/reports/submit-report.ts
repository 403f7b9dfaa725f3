import { z } from 'zod';
import { rule } from '../errors.ts';
import { optionalTextOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { shareText } from '../usage/customer-usage.ts';
import { findLine, holdOpenReport, reportName } from './find-report.ts';
import { reportResult, viewReport } from './report-view.ts';
import { submit } from './submission.ts';
import { checkedComment, commentLength, isCommentDue, isLineOpen } from './usage-report.ts';

/**
 * Hands the own report over for review. Charged lines above the threshold need a comment: they may have got it before,
 * or get it here, in `comments`. `comment` speaks of the report as a whole and stands in its history.
 */
export const submitReport = defineUseCase({
  kind: 'command',
  name: 'report submit',
  needs: 'report',
  input: z.strictObject({
    report: reportName,
    comment: optionalTextOf(commentLength.maximum),
    comments: z
      .array(
        z.strictObject({ line: z.string().trim().min(1).max(200), comment: optionalTextOf(commentLength.maximum) }),
      )
      .max(500)
      .optional(),
  }),
  result: reportResult,

  async run(context, { report: name, comment, comments = [] }) {
    const held = await holdOpenReport(context, name);
    const { report, lines } = held;
    const fieldOf = new Map<string, string>();
    for (const [index, given] of comments.entries()) {
      const line = await findLine(context, held, given.line);
      fieldOf.set(line.id, `comments.${index}`);
      if (given.comment && isLineOpen(line, lines)) line.comment = checkedComment(given.comment, `comments.${index}`);
    }
    const silent = lines.find((line) => isCommentDue(line, lines, report.overProvisionThresholdPct));
    if (silent) {
      const shown = (await context.reads.reports.lines(report.id)).find(({ lineId }) => lineId === silent.id);
      throw rule('report.comment_needed', {
        field: fieldOf.get(silent.id) ?? 'comments',
        params: {
          product: shown?.productName ?? '',
          share: shareText(silent.share()),
          threshold: report.overProvisionThresholdPct,
        },
      });
    }
    await submit(context, held, { personId: context.actor.personId, by: context.actor.name }, comment || undefined);
    return viewReport(context, report.id);
  },
});
