import { z } from 'zod';
import { Partner } from '../people/partner.ts';
import { defineUseCase } from '../use-case.ts';
import { dayAt, startOfDay } from '../calendar.ts';
import { holdReport } from './find-report.ts';
import { automaticSubmission, submit } from './submission.ts';
import { isCommentDue } from './usage-report.ts';

/** The zone in which a day begins first: what is due nowhere there is due nowhere. */
const earliestZone = '+14:00';

/**
 * Submits the reports whose due day has begun in the partner's zone. A line above the threshold that nobody explained
 * is then charged all its provisioned units, and the report says so.
 */
export const autoSubmitReports = defineUseCase({
  kind: 'command',
  name: 'report auto-submit',
  needs: 'system',
  input: z.strictObject({}),
  result: z.object({ submitted: z.array(z.string()) }),

  async run(context) {
    const { uow, reads, now } = context;
    const submitted: string[] = [];
    const due = await reads.reports.due(dayAt(now, earliestZone));
    for (const { reportId, partnerId } of due.toSorted((a, b) => (a.reportId < b.reportId ? -1 : 1))) {
      const { timeZone } = await uow.get(Partner, partnerId);
      const held = await holdReport(context, reportId);
      const { report, lines } = held;
      if (!report.isOpen() || Temporal.Instant.compare(startOfDay(report.dueOn, timeZone), now) > 0) continue;
      for (const line of lines)
        if (isCommentDue(line, lines, report.overProvisionThresholdPct)) line.chargeProvisioned();
      await submit(context, held, automaticSubmission);
      submitted.push(report.id);
    }
    return { submitted };
  },
});
