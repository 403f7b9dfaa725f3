import { describe, expect, test } from 'vitest';
import { leads, moves, type MoveKind } from '../../../src/core/reports/report-states.ts';
import { reportStatuses, UsageReport, type ReportStatus } from '../../../src/core/reports/usage-report.ts';

/** The whole graph, written out: from, by what, to. Whatever is not here is refused. */
const graph: readonly (readonly [ReportStatus, MoveKind, ReportStatus])[] = [
  ['msp_preparing', 'submitted', 'under_review'],
  ['rejected', 'submitted', 'under_review'],
  ['under_review', 'approved', 'approved'],
  ['under_review', 'rejected', 'rejected'],
  ['approved', 'sent', 'submitted_to_vendor'],
  ['returned_by_vendor', 'sent', 'submitted_to_vendor'],
  ['submitted_to_vendor', 'completed', 'completed'],
  ['submitted_to_vendor', 'returned', 'returned_by_vendor'],
  ['approved', 'reopened', 'under_review'],
  ['returned_by_vendor', 'reopened', 'under_review'],
];
const kinds = Object.keys(moves) as MoveKind[];

const reportIn = (status: ReportStatus): UsageReport => {
  const day = Temporal.PlainDate.from('2026-02-01');
  return new UsageReport({
    id: 'r',
    partnerId: 'p',
    cycleFrom: day,
    cycleTo: day.add({ months: 1 }),
    status,
    submission: null,
    version: 7,
    dueOn: day,
    autoSubmitDays: 5,
    overProvisionThresholdPct: 20,
    autoApproveUncommented: true,
    fourEyesAbove: null,
    currency: 'EUR',
    submittedBy: null,
    submittedAt: null,
    createdAt: Temporal.Instant.fromEpochMilliseconds(0),
  });
};
const entry = {
  id: 'e',
  at: Temporal.Instant.fromEpochMilliseconds(0),
  who: { personId: null, by: 'Somebody' },
  lines: [],
};

describe('states of a report', () => {
  test.for(reportStatuses.flatMap((from) => kinds.map((kind) => [from, kind] as const)))('%s, %s', ([from, kind]) => {
    const edge = graph.find(([before, by]) => before === from && by === kind);
    const report = reportIn(from);
    expect(leads(kind, from)).toBe(edge !== undefined);
    if (edge) {
      expect(report.record(kind, entry)).toMatchObject({ version: 8, statusBefore: from, statusAfter: edge[2] });
      expect(report).toMatchObject({ status: edge[2], version: 8 });
    } else {
      expect(() => report.record(kind, entry)).toThrow(expect.objectContaining({ code: 'report.wrong_status' }));
      expect(report).toMatchObject({ status: from, version: 7 });
    }
  });

  test.for(reportStatuses)('a question and a first approval keep %s, and are possible only under review', (status) => {
    for (const kind of ['questioned', 'approved_first'] as const) {
      const report = reportIn(status);
      if (status === 'under_review') {
        expect(report.record(kind, entry)).toMatchObject({ version: 8, statusAfter: 'under_review' });
      } else {
        expect(() => report.record(kind, entry)).toThrow(expect.objectContaining({ code: 'report.wrong_status' }));
      }
    }
  });

  test('every state is reached from the first, and only the last has no way out', () => {
    const reached = new Set<ReportStatus>(['msp_preparing']);
    for (const _ of reportStatuses) for (const [from, , to] of graph) if (reached.has(from)) reached.add(to);
    expect([...reached].toSorted()).toEqual([...reportStatuses].toSorted());
    const ends = reportStatuses.filter((status) => graph.every(([from]) => from !== status));
    expect(ends).toEqual(['completed']);
  });
});
