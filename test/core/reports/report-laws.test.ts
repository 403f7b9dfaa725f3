import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roles, type PersonActor, type Role, type Tier } from '../../../src/core/caller.ts';
import { Refusal } from '../../../src/core/errors.ts';
import { may } from '../../../src/core/permissions.ts';
import { autoSubmitReports } from '../../../src/core/reports/auto-submit-reports.ts';
import { closeCycles } from '../../../src/core/reports/close-cycles.ts';
import { editReportLine } from '../../../src/core/reports/edit-report-line.ts';
import { listReports } from '../../../src/core/reports/list-reports.ts';
import { markReportLine } from '../../../src/core/reports/mark-report-line.ts';
import { completeReport, reopenReport, returnReport, sendReport } from '../../../src/core/reports/move-report.ts';
import { leads, type MoveKind } from '../../../src/core/reports/report-states.ts';
import { reviewReport } from '../../../src/core/reports/review-report.ts';
import { showReport } from '../../../src/core/reports/show-report.ts';
import { submitReport } from '../../../src/core/reports/submit-report.ts';
import { UsageReport, UsageReportEvent, UsageReportLine } from '../../../src/core/reports/usage-report.ts';
import { checkInvariants, invariants } from '../../../src/storage/check/check-invariants.ts';
import type { Em } from '../../../src/storage/orm.ts';
import { createGround } from '../../support/reports.ts';
import { createWorld, isPostgres, type World } from '../../support/world.ts';

describe('who may do what with reports', () => {
  const verbs = {
    see: [listReports, showReport],
    report: [editReportLine, submitReport],
    decide: [reviewReport, markReportLine, sendReport, completeReport, returnReport, reopenReport],
    system: [closeCycles, autoSubmitReports],
  };
  const table: readonly (readonly [Tier, Role, readonly (keyof typeof verbs)[]])[] = [
    ['tier_1', 'admin', ['see', 'decide']],
    ['tier_1', 'licensing', []],
    ['tier_1', 'billing', ['see', 'decide']],
    ['tier_1', 'viewer', []],
    ['tier_2', 'admin', ['see', 'report']],
    ['tier_2', 'licensing', []],
    ['tier_2', 'billing', ['see', 'report']],
    ['tier_2', 'viewer', []],
  ];
  test('the table names every role', () => expect(table).toHaveLength(2 * roles.length));
  test.for(table)('%s %s: %s', ([tier, role, allowed]) => {
    for (const [kind, useCases] of Object.entries(verbs))
      for (const { needs } of useCases)
        expect(needs !== 'system' && may({ tier, roles: [role] }, needs)).toBe(allowed.includes(kind as 'see'));
  });
});

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.sql(`update partner set created_at = '2026-02-02T00:00:00Z' where slug = 'brightside'`);
  await world.sql(`update partner set kind = 'reseller' where slug = 'sakura'`);
  const ground = await createGround(world);
  const customer = await ground.customer('laws');
  for (const [sku, days] of [
    ['A', [[120, 90]]],
    ['B', [[100, 100]]],
    ['C', [[7, null]]],
  ] as const) {
    const product = await ground.product(sku);
    await ground.price(product, '2.95');
    await ground.price(product, '2.49', { fromUnits: 100 });
    await ground.license({ customer, product });
    await ground.usage(customer, product, '2026-02-01', days);
  }
});
afterAll(() => world?.close());

const report = 'brightside 2026-02';
const partnerPerson = fc.constantFrom('leo@brightside.example', 'bob@brightside.example');
const decider = fc.constantFrom('mia@northwind.example', 'jonas@northwind.example', 'ada@northwind.example');
const line = fc.constantFrom('A', 'B', 'C');
const comment = fc.constantFrom(undefined, '', 'abc', 'a good reason', 'another reason');

/** One thing that somebody tries; most tries are refused, and that is the point. */
const attempt = fc.oneof(
  fc.record({ who: partnerPerson, line, chargeable: fc.integer({ min: -1, max: 121 }), comment }).map(
    ({ who, ...input }) =>
      async () =>
        void (await world.execute(editReportLine, await world.as(who), { report, ...input })),
  ),
  fc.record({ who: partnerPerson, explain: fc.boolean() }).map(({ who, explain }) => async () => {
    const comments = explain ? [{ line: 'A', comment: 'a good reason' }] : [];
    await world.execute(submitReport, await world.as(who), { report, comments });
  }),
  fc
    .record({
      who: decider,
      decision: fc.constantFrom('approve', 'approve', 'reject', 'question'),
      behind: fc.constantFrom(0, 0, 0, 1, 3, -1),
    })
    .map(({ who, decision, behind }) => async () => {
      const caller = await world.as(who);
      const { version } = await world.execute(showReport, caller, { report });
      await world.execute(reviewReport, caller, { report, version: version - behind, decision, reason: 'A reason' });
    }),
  fc.record({ who: decider, line, mark: fc.constantFrom('accepted', 'disputed') }).map(
    ({ who, ...input }) =>
      async () =>
        void (await world.execute(markReportLine, await world.as(who), { report, ...input })),
  ),
  fc.record({ who: decider, step: fc.constantFrom(sendReport, completeReport, returnReport, reopenReport) }).map(
    ({ who, step }) =>
      async () =>
        void (await world.execute(step, await world.as(who), { report })),
  ),
  fc.constant(async () => {
    world.setNow(
      world.clock
        .now()
        .add({ hours: 24 * 6 })
        .toString(),
    );
    await world.execute(autoSubmitReports, world.system, {});
  }),
);

const checkLaws = async (): Promise<void> => {
  const [stored] = await world.all(UsageReport);
  const lines = await world.all(UsageReportLine);
  const events = (await world.all(UsageReportEvent)).toSorted((a, b) => a.version - b.version);

  // A walk in the graph, versions without gap.
  expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
  expect(stored).toMatchObject({ version: events.length, status: events.at(-1)!.statusAfter });
  for (const [index, event] of events.entries()) {
    expect(event.statusBefore).toBe(index === 0 ? null : events[index - 1]!.statusAfter);
    if (event.statusBefore !== null && event.statusBefore !== event.statusAfter)
      expect(leads(event.kind as MoveKind, event.statusBefore)).toBe(true);
  }

  // One effective decision, two people's with four eyes; never the submitter's.
  const opening = events.findLastIndex(({ kind }) => kind === 'submitted' || kind === 'reopened');
  const decisions = events.slice(opening + 1).filter(({ kind }) => kind === 'approved' || kind === 'rejected');
  const approvals = decisions.filter(({ kind }) => kind === 'approved');
  if (stored!.status === 'rejected') expect(decisions.filter(({ kind }) => kind === 'rejected')).toHaveLength(1);
  if (!['msp_preparing', 'under_review', 'rejected'].includes(stored!.status)) {
    expect(decisions).toEqual(approvals);
    const total = lines.reduce((sum, { amountMinor }) => sum + (amountMinor ?? 0n), 0n);
    const needed = stored!.needsTwoApprovals(total) ? 2 : 1;
    expect(new Set(approvals.map(({ personId, by }) => personId ?? by)).size).toBe(needed);
    expect(approvals).toHaveLength(needed);
  }
  const submitters = new Set(events.filter(({ kind }) => kind === 'submitted').map(({ personId }) => personId));
  for (const { personId } of events.filter(({ kind }) => kind === 'approved' || kind === 'rejected'))
    if (personId !== null) expect(submitters.has(personId)).toBe(false);

  // Chargeable within the provisioned; changed by hand with a comment; the total is the sum of its lines.
  for (const each of lines) {
    expect(each.chargeable).toBeGreaterThanOrEqual(0);
    expect(each.chargeable).toBeLessThanOrEqual(each.provisioned);
    expect(each.edited).toBe(each.penalty === 0 && each.chargeable !== each.proposed);
    if (each.edited) expect(each.comment).not.toBeNull();
    if (each.penalty > 0) expect(each.chargeable - each.proposed).toBe(each.penalty);
  }
  const { actor } = (await world.as('mia@northwind.example')) as { actor: PersonActor };
  const view = await world.execute(showReport, { actor, requestId: 'laws' }, { report });
  const minor = view.lines.reduce((sum, { amount }) => sum + BigInt(amount!.amount.replace('.', '')), 0n);
  expect(BigInt(view.total!.amount.replace('.', ''))).toBe(minor);
};

// A random life takes a second; the laws do not depend on the database, so one of the two is enough.
test.skipIf(isPostgres)('whatever people try, in whatever order, the laws hold', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(attempt, { minLength: 10, maxLength: 25 }),
      fc.constantFrom(null, 0, 40_000),
      async (attempts, fourEyesAbove) => {
        for (const table of ['usage_report_event', 'usage_report_line', 'usage_report'])
          await (world.database.orm.em.fork() as Em).execute(`delete from ${table}`);
        world.setNow('2026-03-01T09:00:00Z');
        await world.sql(`update partner set four_eyes_above = ? where slug = 'brightside'`, [fourEyesAbove]);
        await world.execute(closeCycles, world.system, {});
        for (const attempted of attempts) {
          await attempted().catch((error: unknown) => {
            if (!(error instanceof Refusal)) throw error;
          });
        }
        await checkLaws();
        // The auditor judges by the same laws, from the stored rows alone.
        const which = invariants.filter(({ name }) => ['I1', 'I2', 'I3', 'I4', 'I5'].includes(name));
        expect((await checkInvariants(world.database.orm, world.clock.now(), { which })).broken).toEqual([]);
      },
    ),
    { numRuns: 12 },
  );
});
