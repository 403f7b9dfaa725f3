import { z } from 'zod';
import type { PersonActor } from '../caller.ts';
import { defineUseCase } from '../use-case.ts';
import { findReport, reportName } from './find-report.ts';
import { reportResult, viewReport } from './report-view.ts';
import { UsageReport } from './usage-report.ts';

const people = z.array(z.custom<PersonActor>());

/** Who is to be told about a report, and the report with all its figures: for composing notices. */
export const reportAudience = defineUseCase({
  kind: 'query',
  name: 'report audience',
  needs: 'system',
  input: z.strictObject({ report: reportName }),
  result: z.object({ report: reportResult, deciders: people, reporters: people }),

  async run(context, { report: name }) {
    const reportId = await findReport(context, name);
    const { partnerId } = await context.uow.get(UsageReport, reportId);
    return {
      report: await viewReport(context, reportId),
      deciders: [...(await context.reads.people.decidersFor(partnerId))],
      reporters: [...(await context.reads.people.reportersOf(partnerId))],
    };
  },
});
