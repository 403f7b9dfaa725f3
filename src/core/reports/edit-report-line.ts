import { z } from 'zod';
import { rule } from '../errors.ts';
import { optionalTextOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { findLine, holdOpenReport, reportName } from './find-report.ts';
import { priceReport } from './price-report.ts';
import { reportResult, viewReport } from './report-view.ts';
import { commentLength, isLineOpen } from './usage-report.ts';

/** Sets what one line charges, with a comment where that differs from the proposal. */
export const editReportLine = defineUseCase({
  kind: 'command',
  name: 'report edit',
  needs: 'report',
  input: z.strictObject({
    report: reportName,
    line: z.string().trim().min(1).max(200),
    chargeable: z.int().optional(),
    comment: optionalTextOf(commentLength.maximum),
  }),
  result: reportResult,

  async run(context, { report: name, line: lineName, chargeable, comment }) {
    const held = await holdOpenReport(context, name);
    const line = await findLine(context, held, lineName);
    if (!isLineOpen(line, held.lines)) throw rule('report.line_closed', { field: 'line' });

    line.edit({ chargeable, comment });

    await priceReport(context, held.report, [line]);
    return viewReport(context, held.report.id);
  },
});
