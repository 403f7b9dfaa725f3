import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Args, Message } from '../../../src/bot/view.ts';
import type { Product } from '../../../src/core/catalog/product.ts';
import { Mail } from '../../../src/core/messages/mail.ts';
import { Outgoing } from '../../../src/core/messages/outgoing.ts';
import { autoSubmitReports } from '../../../src/core/reports/auto-submit-reports.ts';
import { closeCycles } from '../../../src/core/reports/close-cycles.ts';
import { UsageReport } from '../../../src/core/reports/usage-report.ts';
import type { Em } from '../../../src/storage/orm.ts';
import { buttonsOf, deskOn, formOf, hostile, labelsOf, messageOf, refusalOf, textIn } from '../../support/desk-on.ts';
import { noticesOn } from '../../support/notices.ts';
import { createGround, type Ground } from '../../support/reports.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
let ground: Ground;
let reportId: string;
let even: Product;
const { home, act, say, press, submit } = deskOn(() => world);
const { notify, sent } = noticesOn(() => world);

const posts = (userId: string) => sent(userId, 'post');
const updates = (userId: string) => sent(userId, 'update');
const card = async (userId = 'U0MIA'): Promise<Message> => (await posts(userId)).at(-1)!;

const asOwner = (query: string) => (world.database.orm.em.fork() as Em).execute(query);

beforeAll(async () => {
  world = await createWorld();
  ground = await createGround(world);
  await world.sql(
    `update partner set created_at = '2026-02-02T00:00:00Z', company = ?, prices_published = true where slug = 'brightside'`,
    [hostile],
  );
  await world.sql(`update partner set kind = 'reseller' where slug = 'sakura'`);
  const over = await ground.product('OVER', { name: `Over ${hostile}` });
  even = await ground.product('EVEN');
  const customer = await ground.customer('acme');
  for (const product of [over, even]) {
    await ground.price(product, '2.95');
    await ground.price(product, '2.49', { fromUnits: 100 });
    await ground.license({ customer, product });
  }
  await ground.usage(customer, over, '2026-02-01', [[120, 90]]);
  await ground.usage(customer, even, '2026-02-01', [[100, 100]]);
});
afterAll(() => world?.close());

beforeEach(async () => {
  world.setNow('2026-03-01T09:00:00Z');
  for (const table of ['outgoing', 'mail', 'usage_report_event', 'usage_report_line', 'usage_report'])
    await asOwner(`delete from ${table}`);
  world.jobs.length = 0;
  await world.execute(closeCycles, world.system, {});
  reportId = (await world.all(UsageReport))[0]!.id;
});

/** Leo submits by the form; the approvers' cards are posted. */
const submitted = async (): Promise<void> => {
  const form = formOf(await say('report submit'));
  messageOf(await submit(form, { 'comments.0': 'Seasonal staff left' }));
  await notify();
};

describe('a partner prepares a report', () => {
  test('it is on the work list, in the list, and opens with lines, deviations and history', async () => {
    const workList = await home();
    expect(textIn(workList)).toContain('Usage reports to prepare (1)');
    expect(textIn(workList)).toContain('5 days left');
    const shown = messageOf(await press(workList, 'Open'));
    expect(textIn(shown)).toContain('25.00 !');
    expect(textIn(shown)).toContain('needs a comment');
    expect(textIn(shown)).toContain('514.50 EUR');
    expect(labelsOf(shown)).toEqual(['Submit…', 'Correct a line…']);
    expect(textIn(messageOf(await say('report list in preparation')))).toContain('Usage reports (1)');
    expect(textIn(messageOf(await say('report list approved')))).toContain('no usage report that fits');
    expect(textIn(messageOf(await say('report show 2026-02')))).toContain('Feb 2026');
  });

  test.for(['report list soon', 'report show 2026-13', 'report show 2031-01'])(
    '%s is refused in words',
    async (line) => {
      expect(refusalOf(await say(line)).length).toBeGreaterThan(10);
    },
  );

  test('a viewer is refused, and sees none on the work list', async () => {
    for (const line of ['report list', 'report show 2026-02', 'report submit', 'report edit'])
      expect(refusalOf(await say(line, 'U0VERA'))).toContain('do not have the right');
    expect(textIn(await home('U0VERA'))).not.toContain('Usage report');
  });

  test('corrects a line in two steps; a complaint stands beside its field and what was typed stays', async () => {
    const choose = formOf(await say('report edit'));
    const line = choose.view.fields[0] as unknown as { options: { value: string }[]; value: string };
    expect(line.options).toHaveLength(2);
    const change = formOf(await submit(choose, { line: line.value }));
    expect(change.view.fields.map(({ name }) => name)).toEqual(['chargeable', 'comment']);
    const refused = formOf(await submit(change, { chargeable: '89' }));
    expect(Object.keys(refused.errors)).toEqual(['comment']);
    expect(refused.view.fields[0]).toMatchObject({ value: '89' });
    const tooMany = formOf(await submit(change, { chargeable: '121', comment: 'a good reason' }));
    expect(Object.keys(tooMany.errors)).toEqual(['chargeable']);
    const saved = messageOf(await submit(change, { chargeable: '89', comment: 'One left early' }));
    expect(labelsOf(saved)).toEqual(['Submit…', 'Correct a line…', 'Open the report']);
    expect(textIn(messageOf(await say('report show 2026-02')))).toContain('90 proposed → 89 seats chargeable');
  });

  test('a line above the threshold asks for its comment in the submission', async () => {
    const form = formOf(await say('report submit 2026-02'));
    expect(form.view.fields.map(({ name }) => name)).toEqual(['comments.0', 'comment']);
    const refused = formOf(await submit(form));
    expect(Object.keys(refused.errors)).toEqual(['comments.0']);
    expect(textIn(messageOf(await submit(form, { 'comments.0': 'Seasonal staff left' })))).toContain('submitted');
    const twice = formOf(await say('report submit 2026-02'));
    expect(textIn(await submit(twice))).toContain('Leo Example submitted this report on 1 Mar 2026, 10:00');
  });
});

describe('the approver', () => {
  test('gets a card with lines, deviations, comments and money in his direct messages', async () => {
    await submitted();
    for (const user of ['U0MIA', 'U0JONAS', 'U0ADA']) {
      const cards = await posts(user);
      expect(cards).toHaveLength(1);
      expect(labelsOf(cards[0]!)).toEqual(['Approve', 'Reject…', 'Question…', 'Open the report']);
      for (const word of ['25.00 !', 'Seasonal staff left', '514.50 EUR', 'Leo Example'])
        expect(textIn(cards[0]!)).toContain(word);
    }
    for (const user of ['U0OLGA', 'U0VERA', 'U0YUKI', 'U0LEO']) expect(await posts(user)).toEqual([]);
    expect(buttonsOf(await card()).filter((button) => 'decides' in button && button.decides)).toHaveLength(3);
  });

  test('the same notice twice posts one card', async () => {
    const form = formOf(await say('report submit'));
    await submit(form, { 'comments.0': 'Seasonal staff left' });
    const [job] = world.jobs.filter(({ name }) => name === 'notify');
    world.jobs.push(job!);
    await notify();
    expect(await posts('U0MIA')).toHaveLength(1);
  });

  test('approves by the button: every copy shows the outcome without buttons, the partner is told', async () => {
    await submitted();
    world.setNow('2026-03-05T09:02:00Z');
    const outcome = messageOf(await press(await card(), 'Approve', 'U0MIA'));
    expect(labelsOf(outcome)).toEqual([]);
    expect(textIn(outcome)).toContain('Approved: Mia Example, 5 Mar 2026, 10:02');
    await notify();
    for (const user of ['U0MIA', 'U0JONAS', 'U0ADA']) {
      const [update] = await updates(user);
      expect(labelsOf(update!)).toEqual([]);
      expect(textIn(update!)).toContain('Approved: Mia Example');
    }
    // Once each on Slack and Teams.
    expect(await world.all(Outgoing, { kind: 'update' })).toHaveLength(6);
    for (const user of ['U0LEO', 'U0BOB'])
      expect(textIn((await posts(user)).at(-1)!)).toContain('Mia Example approved');
    expect((await world.all(Mail)).map(({ to }) => to).toSorted()).toEqual([
      'bob@brightside.example',
      'leo@brightside.example',
    ]);
  });

  test('the second click reads who decided and when; the wrong people are refused', async () => {
    await submitted();
    const posted = await card();
    world.setNow('2026-03-05T09:02:00Z');
    await press(posted, 'Approve', 'U0MIA');
    for (const user of ['U0MIA', 'U0JONAS'])
      expect(refusalOf(await press(posted, 'Approve', user))).toBe(
        'Mia Example approved this report on 5 Mar 2026, 10:02.',
      );
    const late = formOf(await press(posted, 'Reject…', 'U0ADA'));
    expect(textIn(await submit(late, { reason: 'Too many' }, 'U0ADA'))).toContain('Mia Example approved this report');
    for (const user of ['U0LEO', 'U0VERA']) {
      expect(refusalOf(await press(posted, 'Approve', user))).toContain('do not have the right');
      expect(refusalOf(await press(posted, 'Reject…', user))).toContain('do not have the right');
    }
    expect(refusalOf(await press(posted, 'Approve', 'U0OLGA'))).toBe('There is no such usage report.');
    expect(refusalOf(await press(posted, 'Reject…', 'U0OLGA'))).toBe('There is no such usage report.');
    expect((await world.all(UsageReport))[0]).toMatchObject({ status: 'approved', version: 3 });
  });

  test('rejects with a reason; the partner corrects by the button and the new card shows only what changed', async () => {
    await submitted();
    const form = formOf(await press(await card(), 'Reject…', 'U0MIA'));
    expect(Object.keys(formOf(await submit(form, { reason: '  ' }, 'U0MIA')).errors)).toEqual(['reason']);
    expect(labelsOf(messageOf(await submit(form, { reason: `Count again ${hostile}` }, 'U0MIA')))).toEqual([]);
    await notify();
    const told = (await posts('U0LEO')).at(-1)!;
    expect(textIn(told)).toContain('Count again');
    expect(labelsOf(told)).toEqual(['Correct a line…', 'Submit…', 'Open the report']);
    expect((await world.all(Mail)).every(({ text }) => text.includes('Count again'))).toBe(true);

    const choose = formOf(await press(told, 'Correct a line…'));
    const over = (choose.view.fields[0] as unknown as { options: { value: string; label: string }[] }).options.find(
      ({ label }) => label.startsWith('Over'),
    )!;
    const change = formOf(await submit(choose, { line: over.value }));
    const saved = messageOf(await submit(change, { chargeable: '85', comment: 'Five were tests' }));
    messageOf(await submit(formOf(await press(saved, 'Submit…'))));
    await notify();

    const newer = await card();
    expect(textIn(newer)).toContain('90 → 85 seats · 25.00 % over-provisioned · “Five were tests”');
    expect(textIn(newer)).not.toContain('Product EVEN');
    const changes = await updates('U0MIA');
    expect(textIn(changes.at(-1)!)).toContain('see the newer card');
    expect(labelsOf(changes.at(-1)!)).toEqual([]);
    const [older] = await posts('U0MIA');
    expect(refusalOf(await press(older!, 'Approve', 'U0MIA'))).toContain('It was resubmitted on 1 Mar 2026, 10:00');
    messageOf(await press(newer, 'Approve', 'U0JONAS'));
    await notify();
    const copies = await world.all(Outgoing, { kind: 'update' });
    const last = new Map(copies.map((copy) => [copy.updatesId, copy.message as Message]));
    expect(last.size).toBe(12);
    for (const message of last.values()) expect(labelsOf(message)).toEqual([]);
  });

  test('a question reaches the partner, the card stays and shows it', async () => {
    await submitted();
    const form = formOf(await press(await card(), 'Question…', 'U0MIA'));
    messageOf(await submit(form, { reason: 'Why so many?' }, 'U0MIA'));
    await notify();
    expect(textIn((await posts('U0LEO')).at(-1)!)).toContain('Why so many?');
    const update = (await updates('U0JONAS')).at(-1)!;
    expect(textIn(update)).toContain('Mia Example asked: “Why so many?”');
    expect(labelsOf(update)).toContain('Approve');
    messageOf(await press(await card('U0JONAS'), 'Approve', 'U0JONAS'));
  });

  test('with four eyes the card shows the first approval and waits for the second', async () => {
    await asOwner('update usage_report set four_eyes_above = 100');
    await submitted();
    expect(textIn(await card())).toContain('Two different people have to approve');
    const first = messageOf(await press(await card(), 'Approve', 'U0MIA'));
    expect(textIn(first)).toContain('Approved by Mia Example');
    await notify();
    const update = (await updates('U0JONAS')).at(-1)!;
    expect(textIn(update)).toContain('Approved by Mia Example');
    expect(refusalOf(await press(update, 'Approve', 'U0MIA'))).toContain('A second person');
    expect(await posts('U0LEO')).toEqual([]);
    expect(labelsOf(messageOf(await press(update, 'Approve', 'U0JONAS')))).toEqual([]);
  });

  test('without a price it cannot be approved, and the card says so', async () => {
    await asOwner(`update price set currency = 'USD' where product_id = '${even.id}'`);
    await submitted();
    expect(textIn(await card())).toContain('cannot be approved');
    expect(refusalOf(await press(await card(), 'Approve', 'U0MIA'))).toContain('price in EUR is missing');
    await asOwner(`update price set currency = 'EUR' where product_id = '${even.id}'`);
  });

  test('a penalty is written on the card', async () => {
    world.setNow('2026-03-06T09:00:00Z');
    await world.execute(autoSubmitReports, world.system, {});
    await notify();
    expect(textIn(await card())).toContain('120 seats charged, 30 of them as a penalty');
    expect(textIn(await card())).toContain('The automatic submission');
  });

  test('decides from the work list and by the command as well', async () => {
    await submitted();
    const workList = await home('U0JONAS');
    expect(textIn(workList)).toContain('Usage reports to decide on (1)');
    const form = formOf(await press(workList, 'Decide…', 'U0JONAS'));
    expect(Object.keys(formOf(await submit(form, { decision: 'reject' }, 'U0JONAS')).errors)).toEqual(['reason']);
    const byCommand = formOf(await say('report review brightside 2026-02', 'U0MIA'));
    expect(textIn(messageOf(await submit(byCommand, { decision: 'approve' }, 'U0MIA')))).toContain('Approved: Mia');
    expect(textIn(messageOf(await say('report review', 'U0MIA')))).toContain('no usage report that fits');
    expect(textIn(await submit(form, { decision: 'reject', reason: 'Too many' }, 'U0JONAS'))).toContain(
      'Mia Example approved this report',
    );
  });

  test('a button of unknown content is answered, not believed', async () => {
    for (const args of [{}, { report: 'x', version: 'y' }, { report: reportId, version: 'NaN' }, { report: reportId }])
      expect(refusalOf(await act('report.approve', args as Args, 'U0MIA')).length).toBeGreaterThan(5);
    expect((await world.all(UsageReport))[0]!.status).toBe('msp_preparing');
  });
});

test('a report of many lines with the longest names and comments stays within the limits, and pages in place', async () => {
  const customer = await ground.customer('many');
  for (let index = 0; index < 25; index++) {
    const product = await ground.product(`M${index}`, { name: `${'W'.repeat(118)} ${index}` });
    await ground.price(product, '1.00');
    await ground.license({ customer, product });
    await ground.usage(customer, product, '2026-02-01', [[1000, 1]]);
  }
  for (const table of ['usage_report_event', 'usage_report_line', 'usage_report'])
    await asOwner(`delete from ${table}`);
  await world.execute(closeCycles, world.system, {});
  const first = messageOf(await say('report show 2026-02'));
  const pager = first.blocks.find((block) => block.kind === 'pager')!;
  expect(pager).toMatchObject({ page: 1, pages: 3 });
  const second = messageOf(await act(pager.action, { ...pager.args, page: '3' }));
  expect(second.blocks.find((block) => block.kind === 'pager')).toMatchObject({ page: 3 });
  const form = formOf(await say('report submit'));
  expect(Object.keys(formOf(await submit(form, { 'comments.2': 'y'.repeat(500) })).errors)).toHaveLength(1);
  await asOwner(`update usage_report_line set comment = '${'y'.repeat(500)}'`);
  const again = formOf(await say('report submit'));
  messageOf(await submit(again, { comment: 'z'.repeat(500) }));
  await notify();
  expect(labelsOf(await card())).toContain('Approve');
});
