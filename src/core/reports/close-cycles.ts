import { z } from 'zod';
import { dayAt, earliest } from '../calendar.ts';
import { Partner } from '../people/partner.ts';
import { defineUseCase } from '../use-case.ts';
import { linesOf } from '../usage/customer-usage.ts';
import { cycleName, endedCycles } from '../usage/report-cycle.ts';
import { priceReport } from './price-report.ts';
import { UsageReport, UsageReportEvent, UsageReportLine, snapshotOf } from './usage-report.ts';

/**
 * Creates the reports of all ended cycles for the Tier 2 partners that lack them, from the cycle in which a partner was
 * entered, or in which a customer of it first held a licence where that was before. The policies are those of this
 * moment. Doing it again does nothing.
 */
export const closeCycles = defineUseCase({
  kind: 'command',
  name: 'cycle close',
  needs: 'system',
  input: z.strictObject({}),
  result: z.object({
    created: z.array(z.object({ reportId: z.string(), partner: z.string(), cycle: z.string() })),
  }),

  async run(context) {
    const { uow, reads, now } = context;
    const created: { reportId: string; partner: string; cycle: string }[] = [];
    const reporters = await reads.reports.reporters();
    // Two processes that close at once queue up here; the second then finds the first one's reports.
    const partners = await uow.lockAll(
      Partner,
      reporters.map(({ partnerId }) => partnerId),
    );
    const has = new Map((await reads.reports.reporters()).map((reporter) => [reporter.partnerId, reporter]));
    for (const partner of partners) {
      const { cycles = [], heldFrom = null } = has.get(partner.id) ?? {};
      const entered = dayAt(partner.createdAt, partner.timeZone);
      for (const cycle of endedCycles(earliest(entered, heldFrom) ?? entered, now, partner.timeZone)) {
        if (cycles.includes(cycle.from.toString())) continue;
        const report = new UsageReport({
          id: uow.newId(),
          partnerId: partner.id,
          cycleFrom: cycle.from,
          cycleTo: cycle.to,
          status: 'msp_preparing',
          submission: null,
          version: 1,
          dueOn: cycle.to.add({ days: partner.autoSubmitDays }),
          autoSubmitDays: partner.autoSubmitDays,
          overProvisionThresholdPct: partner.overProvisionThresholdPct,
          autoApproveUncommented: partner.autoApproveUncommented,
          fourEyesAbove: partner.fourEyesAbove,
          currency: partner.currency,
          submittedBy: null,
          submittedAt: null,
          createdAt: now,
        });
        const lines = linesOf(await reads.usage.customerUsage(partner.id, cycle)).map(
          (line) =>
            new UsageReportLine({
              ...line,
              id: uow.newId(),
              partnerId: partner.id,
              reportId: report.id,
              chargeable: line.proposed,
              edited: false,
              penalty: 0,
              comment: null,
              mark: null,
              unitPrice: null,
              amountMinor: null,
            }),
        );
        await priceReport(context, report, lines);
        const opened = new UsageReportEvent({
          id: uow.newId(),
          partnerId: partner.id,
          reportId: report.id,
          version: 1,
          kind: 'created',
          statusBefore: null,
          statusAfter: 'msp_preparing',
          at: now,
          personId: null,
          by: 'The end of the cycle',
          reason: null,
          lines: snapshotOf(lines),
        });
        uow.add(report, ...lines, opened);
        created.push({ reportId: report.id, partner: partner.slug, cycle: cycleName(cycle) });
      }
    }
    return { created };
  },
});
