import { z } from 'zod';
import { defineUseCase } from '../use-case.ts';
import { findReport, reportName } from './find-report.ts';
import { reportResult, viewReport } from './report-view.ts';

/** One usage report with lines, total and history, as far as the caller may see them. */
export const showReport = defineUseCase({
  kind: 'query',
  name: 'report show',
  needs: 'see_reports',
  input: z.strictObject({ report: reportName }),
  result: reportResult,

  async run(context, { report }) {
    return viewReport(context, await findReport(context, report));
  },
});
