import { z } from 'zod';
import { defineUseCase } from '../use-case.ts';
import { holdPartnersReport, reportName } from './find-report.ts';
import type { MoveKind } from './report-states.ts';
import { reportResult, viewReport } from './report-view.ts';
import { tell } from './submission.ts';

/** What a Tier 1 does with a report after its approval: one step of the graph each, and nothing else. */
const step = (name: string, kind: MoveKind) =>
  defineUseCase({
    kind: 'command',
    name,
    needs: 'decide',
    input: z.strictObject({ report: reportName }),
    result: reportResult,

    async run(context, { report: reportNamed }) {
      const { uow, actor, now } = context;
      const { report, lines } = await holdPartnersReport(context, reportNamed);
      const who = { personId: actor.personId, by: actor.name };
      uow.add(report.record(kind, { id: uow.newId(), at: now, who, lines }));
      tell(uow, kind === 'reopened' ? 'report.submitted' : 'report.decided', report);
      return viewReport(context, report.id);
    },
  });

/** Sends an approved report (or one that the vendor returned) to the vendor. */
export const sendReport = step('report send', 'sent');
/** The vendor took it. */
export const completeReport = step('report complete', 'completed');
/** The vendor sent it back. */
export const returnReport = step('report return', 'returned');
/** Puts it under review again: the approval no longer counts. */
export const reopenReport = step('report reopen', 'reopened');
