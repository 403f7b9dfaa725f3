import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Customer } from '../../../src/core/customers/customer.ts';
import type { Product } from '../../../src/core/catalog/product.ts';
import type { Partner } from '../../../src/core/people/partner.ts';
import { autoSubmitReports } from '../../../src/core/reports/auto-submit-reports.ts';
import { closeCycles } from '../../../src/core/reports/close-cycles.ts';
import { monthEndDue } from '../../../src/core/reports/month-end.ts';
import { editReportLine } from '../../../src/core/reports/edit-report-line.ts';
import { listReports } from '../../../src/core/reports/list-reports.ts';
import { markReportLine } from '../../../src/core/reports/mark-report-line.ts';
import { completeReport, reopenReport, returnReport, sendReport } from '../../../src/core/reports/move-report.ts';
import { reviewReport } from '../../../src/core/reports/review-report.ts';
import { showReport } from '../../../src/core/reports/show-report.ts';
import { submitReport } from '../../../src/core/reports/submit-report.ts';
import { UsageReport, UsageReportEvent, UsageReportLine } from '../../../src/core/reports/usage-report.ts';
import type { Em } from '../../../src/storage/orm.ts';
import { createGround, type Ground } from '../../support/reports.ts';
import { createWorld, partnerIds, type World } from '../../support/world.ts';

const mia = 'mia@northwind.example';
const jonas = 'jonas@northwind.example';
const leo = 'leo@brightside.example';
const february = 'brightside 2026-02';

let world: World;
let ground: Ground;
let over: Product;
let even: Product;
let customer: Customer;

beforeAll(async () => {
  world = await createWorld();
  ground = await createGround(world);
  // Reports begin with the cycle in which a partner was created, or its first licence began.
  await world.sql(`update partner set created_at = '2026-02-02T00:00:00Z' where slug = 'brightside'`);
  await world.sql(`update partner set kind = 'reseller' where slug = 'sakura'`);
  over = await ground.product('OVER');
  even = await ground.product('EVEN');
  for (const product of [over, even]) {
    await ground.price(product, '2.95');
    await ground.price(product, '2.49', { fromUnits: 100 });
  }
  customer = await ground.customer('acme');
  await ground.license({ customer, product: over });
  await ground.license({ customer, product: even });
  await ground.usage(customer, over, '2026-02-01', [[120, 90]]);
  await ground.usage(customer, even, '2026-02-01', [[100, 100]]);
});
afterAll(() => world?.close());

/** As the database's owner: history is append-only for everybody else. */
const asOwner = (query: string, parameters: unknown[] = []) =>
  (world.database.orm.em.fork() as Em).execute(query, parameters);
const forgetReports = async () => {
  for (const table of ['usage_report_event', 'usage_report_line', 'usage_report'])
    await asOwner(`delete from ${table}`);
};

beforeEach(async () => {
  world.setNow('2026-03-01T09:00:00Z');
  world.jobs.length = 0;
  await forgetReports();
  await policies({});
  await world.execute(closeCycles, world.system, {});
});

const policies = (over: Partial<Pick<Partner, 'fourEyesAbove' | 'pricesPublished' | 'autoApproveUncommented'>>) =>
  world.sql(
    `update partner set four_eyes_above = ?::bigint, prices_published = ?, auto_approve_uncommented = ?
      where slug = 'brightside'`,
    [over.fourEyesAbove?.toString() ?? null, over.pricesPublished ?? false, over.autoApproveUncommented ?? true],
  );
/** The report is created anew under other policies. */
const recreate = async (over: Parameters<typeof policies>[0]) => {
  await forgetReports();
  await policies(over);
  await world.execute(closeCycles, world.system, {});
};

const show = async (email = mia) => world.execute(showReport, await world.as(email), { report: february });
const edit = async (input: object, email = leo) =>
  world.execute(editReportLine, await world.as(email), { report: february, ...input });
const submit = async (input: object = {}, email = leo) =>
  world.execute(submitReport, await world.as(email), { report: february, ...input });
const review = async (input: { version: number; decision: string; reason?: string }, email = mia) =>
  world.execute(reviewReport, await world.as(email), { report: february, ...input });
/** Submitted with a comment on the line above the threshold. */
const submitted = async () => submit({ comments: [{ line: 'OVER', comment: 'Seasonal staff left' }] });
const refusal = (code: string, field?: string) => expect.objectContaining({ code, ...(field && { field }) });

describe('the end of a cycle', () => {
  test('creates the report with the lines of the peak read, once', async () => {
    expect(await show()).toMatchObject({
      partner: 'Brightside',
      cycle: '2026-02',
      status: 'msp_preparing',
      submission: null,
      version: 1,
      dueOn: '2026-03-06',
      daysLeft: 5,
      lines: [
        { product: 'EVEN', provisioned: 100, used: 100, proposed: 100, chargeable: 100, overProvisioned: '0.00' },
        { product: 'OVER', provisioned: 120, used: 90, proposed: 90, overProvisioned: '25.00', above: true },
      ],
      total: { amount: '514.50', currency: 'EUR' },
      history: [{ version: 1, kind: 'created', statusAfter: 'msp_preparing' }],
    });
    expect(await world.execute(closeCycles, world.system, {})).toEqual({ created: [] });
    expect(await world.all(UsageReport)).toHaveLength(1);
  });

  test('one second before local midnight there is none', async () => {
    await forgetReports();
    world.setNow('2026-02-28T22:59:59Z');
    expect(await world.execute(closeCycles, world.system, {})).toEqual({ created: [] });
    world.setNow('2026-02-28T23:00:00Z');
    expect((await world.execute(closeCycles, world.system, {})).created).toMatchObject([
      { partner: 'brightside', cycle: '2026-02' },
    ]);
  });

  test('a person cannot run it', async () => {
    await expect(world.execute(closeCycles, await world.as('ada@northwind.example'), {})).rejects.toThrow(
      refusal('not_allowed'),
    );
  });
});

describe('who sees a report', () => {
  test('a partner sees its units, and amounts only when they are published', async () => {
    const hidden = await show(leo);
    expect(hidden).toMatchObject({ total: null, pricesShown: false, priceMissing: false });
    expect(hidden.lines.every(({ amount, unitPrice }) => amount === null && unitPrice === null)).toBe(true);
    const list = await world.execute(listReports, await world.as(leo), {});
    expect(list).toMatchObject({ total: 1, items: [{ cycle: '2026-02', total: null, daysLeft: 5 }] });
    await policies({ pricesPublished: true });
    expect(await show(leo)).toMatchObject({ pricesShown: true, total: { amount: '514.50' } });
  });

  test('its Tier 1 does, other partners read that there is none, and who has no right is told so', async () => {
    expect(await show(mia)).toMatchObject({ total: { amount: '514.50', currency: 'EUR' }, mayEdit: false });
    const { reportId } = await show(mia);
    for (const email of ['olga@fjord.example', 'yuki@sakura.example']) {
      for (const report of [reportId, february, 'brightside 2031-01', crypto.randomUUID()]) {
        await expect(world.execute(showReport, await world.as(email), { report })).rejects.toThrow(
          refusal('not_found', 'report'),
        );
      }
      expect((await world.execute(listReports, await world.as(email), {})).items).toEqual([]);
    }
    for (const email of ['vera@brightside.example', 'lise@brightside.example'])
      await expect(show(email)).rejects.toThrow(refusal('not_allowed'));
  });

  test('a partner names its own report by the cycle alone', async () => {
    expect(await world.execute(showReport, await world.as(leo), { report: '2026-02' })).toMatchObject({
      partnerSlug: 'brightside',
    });
  });

  test('lists are narrowed by cycle and status', async () => {
    const caller = await world.as(mia);
    const count = async (input: object) => (await world.execute(listReports, caller, input)).total;
    expect(await count({ cycle: '2026-02' })).toBe(1);
    expect(await count({ cycle: '2026-01' })).toBe(0);
    expect(await count({ status: 'msp_preparing' })).toBe(1);
    expect(await count({ status: 'approved' })).toBe(0);
    await expect(count({ cycle: 'last month' })).rejects.toThrow(refusal('report.bad_cycle', 'cycle'));
  });
});

describe('editing', () => {
  test('a change with a comment is kept, priced and shown', async () => {
    const edited = await edit({ line: 'EVEN', chargeable: 99, comment: '  one seat was a test ' });
    expect(edited.lines[0]).toMatchObject({ chargeable: 99, edited: true, comment: 'one seat was a test' });
    // 99 × 2.95 + 90 × 2.95: the break of 100 is no longer reached.
    expect((await show()).total).toEqual({ amount: '557.55', currency: 'EUR' });
    expect((await show()).version).toBe(1);
  });

  test.for([
    [
      'above the provisioned',
      { line: 'OVER', chargeable: 121, comment: 'a good reason' },
      'report.chargeable_out_of_range',
      'chargeable',
    ],
    [
      'below zero',
      { line: 'OVER', chargeable: -1, comment: 'a good reason' },
      'report.chargeable_out_of_range',
      'chargeable',
    ],
    ['half a unit', { line: 'OVER', chargeable: 1.5, comment: 'a good reason' }, 'input.wrong_type', 'chargeable'],
    ['no comment', { line: 'OVER', chargeable: 89 }, 'report.change_needs_comment', 'comment'],
    ['a blank comment', { line: 'OVER', chargeable: 89, comment: '   ' }, 'report.change_needs_comment', 'comment'],
    ['four characters', { line: 'OVER', chargeable: 89, comment: ' abcd ' }, 'report.comment_too_short', 'comment'],
    ['no such line', { line: 'NOPE', chargeable: 1 }, 'not_found', 'line'],
  ] as const)('%s is refused and leaves no trace', async ([, input, code, field]) => {
    const before = await world.all(UsageReportLine);
    await expect(edit(input)).rejects.toThrow(refusal(code, field));
    expect(await world.all(UsageReportLine)).toEqual(before);
  });

  test('five characters are enough, 0 and the provisioned are in, the proposal is no edit', async () => {
    for (const chargeable of [0, 120]) {
      expect((await edit({ line: 'OVER', chargeable, comment: 'abcde' })).lines[1]).toMatchObject({
        chargeable,
        edited: true,
      });
    }
    const back = await edit({ line: 'OVER', chargeable: 90 });
    expect(back.lines[1]).toMatchObject({ chargeable: 90, edited: false, comment: 'abcde' });
    // The comment may only go where the figure needs none.
    expect((await edit({ line: 'OVER', comment: '' })).lines[1]).toMatchObject({ comment: null });
    await edit({ line: 'OVER', chargeable: 1, comment: 'abcde' });
    await expect(edit({ line: 'OVER', comment: '' })).rejects.toThrow(refusal('report.change_needs_comment'));
  });

  test('trial and NFR lines are listed only', async () => {
    const trial = await ground.product('TRIAL');
    await ground.license({ customer, product: trial, over: { version: 'trial' } });
    await ground.usage(customer, trial, '2026-02-01', [[10, 5]]);
    await recreate({});
    const line = (await show()).lines.find(({ product }) => product === 'TRIAL');
    expect(line).toMatchObject({
      proposed: 0,
      chargeable: 0,
      overProvisioned: '50.00',
      above: true,
      needsComment: false,
    });
    expect(line).toMatchObject({ amount: null, editable: false });
    await expect(edit({ line: 'TRIAL', chargeable: 1, comment: 'a good reason' })).rejects.toThrow(
      refusal('report.line_not_charged', 'line'),
    );
    await asOwner(`delete from usage_day where product_id = ?::uuid`, [trial.id]);
  });

  test.for([
    ['mia@northwind.example', 'not_allowed'],
    ['vera@brightside.example', 'not_allowed'],
    ['lise@brightside.example', 'not_allowed'],
    ['yuki@sakura.example', 'not_found'],
  ] as const)('%s cannot: %s', async ([email, code]) => {
    await expect(edit({ line: 'OVER', chargeable: 90 }, email)).rejects.toThrow(refusal(code));
    await expect(submit({}, email)).rejects.toThrow(refusal(code));
  });
});

describe('submitting', () => {
  test('a line above the threshold needs a comment, which may come with the submission', async () => {
    await expect(submit()).rejects.toThrow(
      expect.objectContaining({
        code: 'report.comment_needed',
        field: 'comments',
        params: { product: 'Product OVER', share: '25.00', threshold: 20 },
      }),
    );
    await expect(submit({ comments: [{ line: 'OVER', comment: '' }] })).rejects.toThrow(
      refusal('report.comment_needed', 'comments.0'),
    );
    await expect(submit({ comments: [{ line: 'OVER', comment: 'abcd' }] })).rejects.toThrow(
      refusal('report.comment_too_short', 'comments.0'),
    );
    expect(await submitted()).toMatchObject({
      status: 'under_review',
      submission: 'manual',
      version: 2,
      daysLeft: null,
      submittedBy: 'Leo Example',
      lines: [{}, { comment: 'Seasonal staff left', chargeable: 90 }],
    });
    expect(world.jobs).toMatchObject([{ name: 'notify', data: { topic: 'report.submitted', data: { version: '2' } } }]);
  });

  test('twice is refused with who did it and when', async () => {
    await submitted();
    await expect(submitted()).rejects.toThrow(
      expect.objectContaining({
        code: 'report.already_submitted',
        params: expect.objectContaining({ by: 'Leo Example', at: '1 Mar 2026, 10:00' }),
      }),
    );
    await expect(edit({ line: 'OVER', chargeable: 90 })).rejects.toThrow(refusal('report.already_submitted'));
  });
});

describe('automatic approval', () => {
  const clean = async (): Promise<void> => {
    await world.sql(`update partner set over_provision_threshold_pct = 100 where slug = 'brightside'`);
    await recreate({});
  };
  beforeEach(clean);
  beforeEach(() => () => world.sql(`update partner set over_provision_threshold_pct = 20 where slug = 'brightside'`));

  test('a clean first submission is approved in the name of the policy, as a second row', async () => {
    const approved = await submit();
    expect(approved).toMatchObject({ status: 'approved', version: 3 });
    expect(approved.history.slice(1)).toMatchObject([
      { version: 2, kind: 'submitted', by: 'Leo Example' },
      { version: 3, kind: 'approved', by: 'The approval policy', statusBefore: 'under_review' },
    ]);
    expect(world.jobs).toMatchObject([{ data: { topic: 'report.decided' } }]);
  });

  test.for([
    ['a comment', () => edit({ line: 'OVER', comment: 'only a remark' })],
    ['a change', () => edit({ line: 'OVER', chargeable: 80, comment: 'a good reason' })],
    [
      'a comment that outlived its change',
      async () => {
        await edit({ line: 'OVER', chargeable: 80, comment: 'a good reason' });
        await edit({ line: 'OVER', chargeable: 90 });
      },
    ],
    ['the policy is off', () => recreate({ autoApproveUncommented: false })],
    ['two people are asked for', () => recreate({ fourEyesAbove: 51_450n })],
  ] as const)('not with %s', async ([, before]) => {
    await before();
    expect(await submit()).toMatchObject({ status: 'under_review' });
  });

  test('below the amount of four eyes it is', async () => {
    await recreate({ fourEyesAbove: 51_451n });
    expect(await submit()).toMatchObject({ status: 'approved' });
  });

  test('not without a price', async () => {
    await world.sql(`update price set currency = 'USD' where product_id = ?::uuid`, [even.id]);
    await recreate({});
    expect(await submit()).toMatchObject({ status: 'under_review' });
    expect(await show()).toMatchObject({ total: null, priceMissing: true });
    await expect(review({ version: 2, decision: 'approve' })).rejects.toThrow(refusal('report.no_price'));
    await world.sql(`update price set currency = 'EUR' where product_id = ?::uuid`, [even.id]);
    expect(await review({ version: 2, decision: 'approve' })).toMatchObject({
      status: 'approved',
      total: { amount: '514.50' },
    });
  });

  test('not on a resubmission', async () => {
    await recreate({ autoApproveUncommented: false });
    await submit();
    await world.sql(`update usage_report set auto_approve_uncommented = true`);
    await review({ version: 2, decision: 'reject', reason: 'Look again' });
    expect(await submit()).toMatchObject({ status: 'under_review', version: 4 });
  });
});

describe('deciding', () => {
  test('approves once; the next reads who decided and when', async () => {
    await submitted();
    world.setNow('2026-03-05T09:02:00Z');
    expect(await review({ version: 2, decision: 'approve' })).toMatchObject({ status: 'approved', version: 3 });
    for (const decision of ['approve', 'reject', 'question'])
      await expect(review({ version: 2, decision, reason: 'Some reason' }, jonas)).rejects.toThrow(
        expect.objectContaining({
          kind: 'conflict',
          code: 'report.already_decided',
          params: { by: 'Mia Example', decision: 'approved', at: '5 Mar 2026, 10:02' },
        }),
      );
    expect((await show()).history.map(({ kind }) => kind)).toEqual(['created', 'submitted', 'approved']);
  });

  test('a rejection needs a reason, a question its words', async () => {
    await submitted();
    await expect(review({ version: 2, decision: 'reject' })).rejects.toThrow(
      refusal('report.reject_needs_reason', 'reason'),
    );
    await expect(review({ version: 2, decision: 'question', reason: '  ' })).rejects.toThrow(
      refusal('report.question_needs_reason', 'reason'),
    );
    expect((await show()).status).toBe('under_review');
  });

  test('a question keeps the state, and the version that was seen may still be decided', async () => {
    await submitted();
    expect(await review({ version: 2, decision: 'question', reason: 'Why so many?' })).toMatchObject({
      status: 'under_review',
      version: 3,
      history: [{}, {}, { kind: 'questioned', reason: 'Why so many?', statusAfter: 'under_review' }],
    });
    expect(await review({ version: 2, decision: 'approve' })).toMatchObject({ status: 'approved', version: 4 });
  });

  test('rejected, corrected, resubmitted: the old version is stale, the new one shows what changed', async () => {
    await submitted();
    world.setNow('2026-03-03T09:00:00Z');
    const rejected = await review({ version: 2, decision: 'reject', reason: 'Count again' });
    expect(rejected).toMatchObject({ status: 'rejected', dueOn: '2026-03-08', daysLeft: 5 });
    world.setNow('2026-03-04T09:00:00Z');
    await edit({ line: 'OVER', chargeable: 85, comment: 'Five were tests' });
    const again = await submit();
    expect(again).toMatchObject({ status: 'under_review', version: 4, resubmitted: true });
    expect(again.lines.map(({ product, rejected }) => [product, rejected])).toEqual([
      ['EVEN', null],
      ['OVER', { chargeable: 90, comment: 'Seasonal staff left' }],
    ]);
    await expect(review({ version: 2, decision: 'approve' }, jonas)).rejects.toThrow(
      expect.objectContaining({
        code: 'report.stale',
        params: expect.objectContaining({ by: 'Mia Example', decision: 'rejected', openedAt: '4 Mar 2026, 10:00' }),
      }),
    );
    await expect(review({ version: 5, decision: 'approve' })).rejects.toThrow(refusal('report.no_such_version'));
    expect(await review({ version: 4, decision: 'approve' })).toMatchObject({ status: 'approved', version: 5 });
  });

  test('not before it was submitted', async () => {
    await expect(review({ version: 1, decision: 'approve' })).rejects.toThrow(refusal('report.not_under_review'));
  });

  test.for([
    ['leo@brightside.example', 'not_allowed'],
    ['vera@brightside.example', 'not_allowed'],
    ['olga@fjord.example', 'not_found'],
  ] as const)('%s cannot: %s', async ([email, code]) => {
    await submitted();
    await expect(review({ version: 2, decision: 'approve' }, email)).rejects.toThrow(refusal(code));
    expect((await show()).status).toBe('under_review');
  });

  test('who submitted never decides, whatever his roles now', async () => {
    await submitted();
    const [event] = await world.all(UsageReportEvent, { kind: 'submitted' });
    const { actor } = await world.as(mia);
    await asOwner(`update usage_report_event set person_id = ?::uuid where id = ?::uuid`, [
      (actor as { personId: string }).personId,
      event!.id,
    ]);
    await expect(review({ version: 2, decision: 'approve' })).rejects.toThrow(
      expect.objectContaining({ kind: 'forbidden', code: 'report.own_submission' }),
    );
    expect(await show()).toMatchObject({ mayDecide: false });
    expect(await review({ version: 2, decision: 'approve' }, jonas)).toMatchObject({ status: 'approved' });
  });
});

describe('four eyes', () => {
  beforeEach(() => recreate({ fourEyesAbove: 51_450n }));

  test('two different people approve', async () => {
    await submitted();
    expect(await show()).toMatchObject({ fourEyes: true, approvals: [] });
    expect(await review({ version: 2, decision: 'approve' })).toMatchObject({
      status: 'under_review',
      version: 3,
      approvals: [{ by: 'Mia Example' }],
    });
    await expect(review({ version: 3, decision: 'approve' })).rejects.toThrow(refusal('report.second_approver'));
    expect(await review({ version: 2, decision: 'approve' }, jonas)).toMatchObject({ status: 'approved', version: 4 });
  });

  test('a rejection by either ends it, and a resubmission starts anew', async () => {
    await submitted();
    await review({ version: 2, decision: 'approve' });
    await review({ version: 3, decision: 'reject', reason: 'On second thought' });
    await submit();
    expect(await review({ version: 5, decision: 'approve' }, jonas)).toMatchObject({ status: 'under_review' });
    expect(await review({ version: 6, decision: 'approve' })).toMatchObject({ status: 'approved' });
  });
});

describe('disputed lines', () => {
  test('bar the approval, are the only ones open after a rejection, and are cleared by the resubmission', async () => {
    await submitted();
    const mark = async (line: string, sign: string) =>
      world.execute(markReportLine, await world.as(mia), { report: february, line, mark: sign });
    await mark('EVEN', 'disputed');
    await expect(review({ version: 2, decision: 'approve' })).rejects.toThrow(refusal('report.disputed'));
    await review({ version: 2, decision: 'reject', reason: 'See the disputed line' });
    expect((await show(leo)).lines.map(({ product, editable }) => [product, editable])).toEqual([
      ['EVEN', true],
      ['OVER', false],
    ]);
    await expect(edit({ line: 'OVER', chargeable: 1, comment: 'a good reason' })).rejects.toThrow(
      refusal('report.line_closed', 'line'),
    );
    await edit({ line: 'EVEN', chargeable: 99, comment: 'a good reason' });
    const again = await submit();
    expect(again.lines.every((line) => line.mark === null)).toBe(true);
    await mark('EVEN', 'accepted');
    expect(await review({ version: 4, decision: 'approve' })).toMatchObject({ status: 'approved' });
    await expect(mark('EVEN', 'disputed')).rejects.toThrow(refusal('report.already_decided'));
  });
});

describe('automatic submission', () => {
  const run = () => world.execute(autoSubmitReports, world.system, {});

  test('at local midnight of the due day, with a penalty where nobody explained', async () => {
    world.setNow('2026-03-05T22:59:59Z');
    expect(await run()).toEqual({ submitted: [] });
    world.setNow('2026-03-05T23:00:00Z');
    expect((await run()).submitted).toHaveLength(1);
    expect(await show()).toMatchObject({
      status: 'under_review',
      submission: 'automatic_with_penalty',
      submittedBy: 'The automatic submission',
      lines: [
        { product: 'EVEN', penalty: 0 },
        { product: 'OVER', chargeable: 120, penalty: 30, proposed: 90, edited: false },
      ],
    });
    expect(await run()).toEqual({ submitted: [] });
  });

  test('a comment spares the penalty', async () => {
    await edit({ line: 'OVER', comment: 'Seasonal staff left' });
    world.setNow('2026-03-06T09:00:00Z');
    await run();
    expect(await show()).toMatchObject({
      submission: 'automatic',
      lines: [{}, { chargeable: 90, penalty: 0 }],
    });
  });

  test('a rejection takes the penalty back, the comment is due, and a rejected report falls due again', async () => {
    world.setNow('2026-03-06T09:00:00Z');
    await run();
    await review({ version: 2, decision: 'reject', reason: 'Please explain' });
    expect(await show()).toMatchObject({
      status: 'rejected',
      dueOn: '2026-03-11',
      lines: [{}, { chargeable: 90, penalty: 0, needsComment: true }],
    });
    await expect(submit()).rejects.toThrow(refusal('report.comment_needed'));
    world.setNow('2026-03-10T23:00:00Z');
    expect((await run()).submitted).toHaveLength(1);
    expect((await show()).lines[1]).toMatchObject({ chargeable: 120, penalty: 30 });
  });

  test('closed lines keep penalty and comment, and ask the partner for nothing', async () => {
    world.setNow('2026-03-06T09:00:00Z');
    await run();
    await world.execute(markReportLine, await world.as(mia), { report: february, line: 'EVEN', mark: 'disputed' });
    await review({ version: 2, decision: 'reject', reason: 'See the disputed line' });
    expect((await show()).lines[1]).toMatchObject({
      product: 'OVER',
      chargeable: 120,
      penalty: 30,
      needsComment: false,
    });
    await edit({ line: 'EVEN', comment: 'All of them are used' });
    expect(await submit()).toMatchObject({ status: 'under_review', submission: 'manual' });
    expect((await show()).lines[1]).toMatchObject({ chargeable: 120, penalty: 30 });
  });
});

describe('after the approval', () => {
  const step = async (useCase: typeof sendReport) => world.execute(useCase, await world.as(mia), { report: february });

  test('sent, returned, reopened, approved, sent, completed: a walk with versions without gap', async () => {
    await submitted();
    await review({ version: 2, decision: 'approve' });
    await step(sendReport);
    await step(returnReport);
    expect(await step(reopenReport)).toMatchObject({ status: 'under_review', approvals: [], resubmitted: false });
    await expect(review({ version: 2, decision: 'approve' }, jonas)).rejects.toThrow(refusal('report.stale'));
    await review({ version: 6, decision: 'approve' }, jonas);
    await step(sendReport);
    const done = await step(completeReport);
    expect(done.status).toBe('completed');
    expect(done.history.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const useCase of [sendReport, completeReport, returnReport, reopenReport])
      await expect(step(useCase)).rejects.toThrow(refusal('report.wrong_status'));
  });
});

test('a partner created later has reports from that cycle on', async () => {
  world.setNow('2026-05-01T09:00:00Z');
  await world.execute(closeCycles, world.system, {});
  const reports = await world.all(UsageReport, { partnerId: partnerIds.brightside });
  expect(reports.map(({ cycleFrom }) => cycleFrom.toString()).toSorted()).toEqual([
    '2026-02-01',
    '2026-03-01',
    '2026-04-01',
  ]);
});

test('licenses that began before their partner was entered are reported from their first cycle on', async () => {
  await forgetReports();
  await world.sql(`update partner set created_at = '2026-06-15T00:00:00Z' where slug = 'brightside'`);
  world.setNow('2026-04-01T09:00:00Z');
  expect(await world.execute(monthEndDue, world.system, {})).toMatchObject({ unclosed: 1 });
  const { created } = await world.execute(closeCycles, world.system, {});
  expect(created.map(({ cycle }) => cycle)).toEqual(['2026-02', '2026-03']);
  expect(await world.execute(monthEndDue, world.system, {})).toMatchObject({ unclosed: 0 });
  await world.sql(`update partner set created_at = '2026-02-02T00:00:00Z' where slug = 'brightside'`);
});
