import { z } from 'zod';
import { pageInput, pageOf, pageSize } from '../page.ts';
import { defineUseCase } from '../use-case.ts';
import { parseCycle } from '../usage/report-cycle.ts';
import { listItemOf, reportListItem } from './report-view.ts';
import { reportStatuses } from './usage-report.ts';

/** The usage reports within one's reach: the own ones, and as Tier 1 those of one's Tier 2 partners; newest first. */
export const listReports = defineUseCase({
  kind: 'query',
  name: 'report list',
  needs: 'see_reports',
  input: z.strictObject({
    cycle: z.string().trim().optional(),
    status: z.enum(reportStatuses).optional(),
    page: pageInput,
  }),
  result: pageOf(reportListItem),

  async run({ reads, actor, now }, { cycle, status, page }) {
    const cycleFrom = cycle === undefined ? undefined : parseCycle(cycle, 'cycle').from;
    const found = await reads.reports.list({ cycleFrom, status }, { page, size: pageSize });
    return { ...found, items: found.items.map((row) => listItemOf(row, { actor, now })) };
  },
});
