import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDesk } from '../../../src/bot/create-desk.ts';
import type { Delivery, Desk, OpenForm, Outcome } from '../../../src/bot/desk.ts';
import { reportsFeature } from '../../../src/bot/features/reports.ts';
import { renderForm, renderHome, renderMessage } from '../../../src/bot/slack/render.ts';
import { formCard, messageCard } from '../../../src/bot/teams/render.ts';
import { cardBytes } from '../../../src/bot/teams/card.ts';
import { limits, type Answers, type Args, type Button, type Message } from '../../../src/bot/view.ts';
import type { Product } from '../../../src/core/catalog/product.ts';
import { Mail } from '../../../src/core/messages/mail.ts';
import { Outgoing } from '../../../src/core/messages/outgoing.ts';
import { meetPerson } from '../../../src/core/people/meet-person.ts';
import { actorByAccount } from '../../../src/core/people/resolve-actor.ts';
import { autoSubmitReports } from '../../../src/core/reports/auto-submit-reports.ts';
import { closeCycles } from '../../../src/core/reports/close-cycles.ts';
import { UsageReport } from '../../../src/core/reports/usage-report.ts';
import { createNotify } from '../../../src/jobs/notify.ts';
import type { Em } from '../../../src/storage/orm.ts';
import { createGround, type Ground } from '../../support/reports.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
let ground: Ground;
let desk: Desk;
let reportId: string;
let even: Product;
let deliveries = 0;
const links = { urlOf: (fileId: string) => `https://desk.example/files/${fileId}` };
const hostile = '<!channel> *A&B* [x](https://evil.example) `q`';

const from = (name: string): Delivery => ({
  platform: 'slack',
  workspace: 'T0TEST',
  userId: `U0${name.toUpperCase()}`,
  deliveryId: `r${++deliveries}`,
  channel: null,
  address: null,
  channelOf: async () => null,
});

/** Both platforms must be able to draw whatever is said: limits are broken here or never. */
const drawn = (message: Message): Message => {
  renderMessage(message, links);
  renderHome(message, links);
  expect(cardBytes(messageCard(message, links))).toBeLessThan(limits.teamsBytes);
  return message;
};
const messageOf = (outcome: Outcome): Message => {
  if (outcome.kind !== 'message' && outcome.kind !== 'replace') throw new Error(JSON.stringify(outcome));
  return drawn(outcome.message);
};
const formOf = (outcome: Outcome): OpenForm => {
  if (outcome.kind !== 'open') throw new Error(JSON.stringify(outcome));
  renderForm(outcome.form, links);
  formCard(outcome.form, links);
  return outcome.form;
};
const refusalOf = (outcome: Outcome): string => {
  if (outcome.kind !== 'refused') throw new Error(JSON.stringify(outcome));
  return outcome.text;
};
const buttonsOf = ({ blocks }: Message): readonly Button[] =>
  blocks.flatMap((block) =>
    block.kind === 'buttons'
      ? block.buttons
      : block.kind === 'rows'
        ? block.rows.flatMap(({ button }) => (button ? [button] : []))
        : [],
  );
const labelsOf = (message: Message): readonly string[] => buttonsOf(message).map(({ label }) => label);
const textOf = (message: Message): string => JSON.stringify(message);

/** Presses a button by its label. */
const press = async (name: string, message: Message, label: string): Promise<Outcome> => {
  const button = buttonsOf(message).find((each) => each.label === label);
  if (button?.kind === 'run') return desk.action(from(name), button.action, button.args);
  if (button?.kind === 'form') return desk.openForm(from(name), button.form, button.context);
  throw new Error(`no button ${label}: ${labelsOf(message).join(', ')}`);
};
const fill = (name: string, form: OpenForm, typed: Answers): Promise<Outcome> =>
  desk.submit(from(name), form.draftId, typed);
const say = (name: string, text: string): Promise<Outcome> => desk.command(from(name), text);

/** Does what the queue would do with the notices so far; the newest post of each person. */
const notify = async (): Promise<void> => {
  const run = createNotify({
    execute: world.execute,
    notices: reportsFeature.notices ?? [],
    drawMail: async (message, subject) => ({ subject, html: '<p>drawn</p>', text: textOf(message) }),
    now: world.clock.now,
  });
  for (const [index, job] of world.jobs.splice(0).entries())
    if (job.name === 'notify') await run(`job-${index}-${job.data}`, job.data as { topic: string; data: Args });
};
const outgoing = async (userId: string, kind: Outgoing['kind'] = 'post'): Promise<Message[]> =>
  (await world.all(Outgoing, { kind, platform: 'slack' }))
    .filter(({ lane }) => lane.includes(userId))
    .toSorted((a, b) => (a.position < b.position ? -1 : 1))
    .map(({ message }) => drawn(message as Message));
const card = async (userId = 'U0MIA'): Promise<Message> => (await outgoing(userId)).at(-1)!;

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
  const system = { actor: { type: 'system', name: 'test' } as const, requestId: 'test' };
  desk = createDesk({
    features: [reportsFeature],
    execute: world.execute,
    now: world.clock.now,
    log: pino({ level: 'silent' }),
    people: {
      find: async (platform, workspace, userId) =>
        (await world.execute(actorByAccount, system, { platform, workspace, userId })).actor,
      met: async (platform, workspace, userId, address) =>
        void (await world.execute(meetPerson, system, { platform, workspace, userId, address })),
    },
  });
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
  const form = formOf(await say('leo', 'report submit'));
  messageOf(await fill('leo', form, { 'comments.0': 'Seasonal staff left' }));
  await notify();
};

describe('a partner prepares a report', () => {
  test('it is on the work list, in the list, and opens with lines, deviations and history', async () => {
    const home = drawn(await desk.home(from('leo')));
    expect(textOf(home)).toContain('Usage reports to prepare (1)');
    expect(textOf(home)).toContain('5 days left');
    const shown = messageOf(await press('leo', home, 'Open'));
    expect(textOf(shown)).toContain('25.00 !');
    expect(textOf(shown)).toContain('needs a comment');
    expect(textOf(shown)).toContain('514.50 EUR');
    expect(labelsOf(shown)).toEqual(['Submit…', 'Correct a line…']);
    expect(textOf(messageOf(await say('leo', 'report list in preparation')))).toContain('Usage reports (1)');
    expect(textOf(messageOf(await say('leo', 'report list approved')))).toContain('no usage report that fits');
    expect(textOf(messageOf(await say('leo', 'report show 2026-02')))).toContain('Feb 2026');
  });

  test.for(['report list soon', 'report show 2026-13', 'report show 2031-01'])(
    '%s is refused in words',
    async (line) => {
      expect(refusalOf(await say('leo', line)).length).toBeGreaterThan(10);
    },
  );

  test('a viewer is refused, and sees none on the work list', async () => {
    for (const line of ['report list', 'report show 2026-02', 'report submit', 'report edit'])
      expect(refusalOf(await say('vera', line))).toContain('do not have the right');
    expect(textOf(drawn(await desk.home(from('vera'))))).not.toContain('Usage report');
  });

  test('corrects a line in two steps; a complaint stands beside its field and what was typed stays', async () => {
    const choose = formOf(await say('leo', 'report edit'));
    const line = choose.view.fields[0] as unknown as { options: { value: string }[]; value: string };
    expect(line.options).toHaveLength(2);
    const change = formOf(await fill('leo', choose, { line: line.value }));
    expect(change.view.fields.map(({ name }) => name)).toEqual(['chargeable', 'comment']);
    const refused = formOf(await fill('leo', change, { chargeable: '89' }));
    expect(Object.keys(refused.errors)).toEqual(['comment']);
    expect(refused.view.fields[0]).toMatchObject({ value: '89' });
    const tooMany = formOf(await fill('leo', change, { chargeable: '121', comment: 'a good reason' }));
    expect(Object.keys(tooMany.errors)).toEqual(['chargeable']);
    const saved = messageOf(await fill('leo', change, { chargeable: '89', comment: 'One left early' }));
    expect(labelsOf(saved)).toEqual(['Submit…', 'Correct a line…', 'Open the report']);
    expect(textOf(messageOf(await say('leo', 'report show 2026-02')))).toContain('90 proposed → 89 seats chargeable');
  });

  test('a line above the threshold asks for its comment in the submission', async () => {
    const form = formOf(await say('leo', 'report submit 2026-02'));
    expect(form.view.fields.map(({ name }) => name)).toEqual(['comments.0', 'comment']);
    const refused = formOf(await fill('leo', form, {}));
    expect(Object.keys(refused.errors)).toEqual(['comments.0']);
    expect(textOf(messageOf(await fill('leo', form, { 'comments.0': 'Seasonal staff left' })))).toContain('submitted');
    const twice = formOf(await say('leo', 'report submit 2026-02'));
    expect(JSON.stringify((await fill('leo', twice, {})) as unknown)).toContain(
      'Leo Example submitted this report on 1 Mar 2026, 10:00',
    );
  });
});

describe('the approver', () => {
  test('gets a card with lines, deviations, comments and money in his direct messages', async () => {
    await submitted();
    for (const user of ['U0MIA', 'U0JONAS', 'U0ADA']) {
      const posts = await outgoing(user);
      expect(posts).toHaveLength(1);
      expect(labelsOf(posts[0]!)).toEqual(['Approve', 'Reject…', 'Question…', 'Open the report']);
      for (const word of ['25.00 !', 'Seasonal staff left', '514.50 EUR', 'Leo Example'])
        expect(textOf(posts[0]!)).toContain(word);
    }
    for (const user of ['U0OLGA', 'U0VERA', 'U0YUKI', 'U0LEO']) expect(await outgoing(user)).toEqual([]);
    expect(buttonsOf(await card()).filter((button) => 'decides' in button && button.decides)).toHaveLength(3);
  });

  test('the same notice twice posts one card', async () => {
    const form = formOf(await say('leo', 'report submit'));
    await fill('leo', form, { 'comments.0': 'Seasonal staff left' });
    const [job] = world.jobs.filter(({ name }) => name === 'notify');
    world.jobs.push(job!);
    await notify();
    expect(await outgoing('U0MIA')).toHaveLength(1);
  });

  test('approves by the button: every copy shows the outcome without buttons, the partner is told', async () => {
    await submitted();
    world.setNow('2026-03-05T09:02:00Z');
    const outcome = messageOf(await press('mia', await card(), 'Approve'));
    expect(labelsOf(outcome)).toEqual([]);
    expect(textOf(outcome)).toContain('Approved: Mia Example, 5 Mar 2026, 10:02');
    await notify();
    for (const user of ['U0MIA', 'U0JONAS', 'U0ADA']) {
      const [update] = await outgoing(user, 'update');
      expect(labelsOf(update!)).toEqual([]);
      expect(textOf(update!)).toContain('Approved: Mia Example');
    }
    // Once each on Slack and Teams.
    expect(await world.all(Outgoing, { kind: 'update' })).toHaveLength(6);
    for (const user of ['U0LEO', 'U0BOB'])
      expect(textOf((await outgoing(user)).at(-1)!)).toContain('Mia Example approved');
    expect((await world.all(Mail)).map(({ to }) => to).toSorted()).toEqual([
      'bob@brightside.example',
      'leo@brightside.example',
    ]);
  });

  test('the second click reads who decided and when; the wrong people are refused', async () => {
    await submitted();
    const posted = await card();
    world.setNow('2026-03-05T09:02:00Z');
    await press('mia', posted, 'Approve');
    for (const name of ['mia', 'jonas'])
      expect(refusalOf(await press(name, posted, 'Approve'))).toBe(
        'Mia Example approved this report on 5 Mar 2026, 10:02.',
      );
    const late = formOf(await press('ada', posted, 'Reject…'));
    expect(JSON.stringify(await fill('ada', late, { reason: 'Too many' }))).toContain(
      'Mia Example approved this report',
    );
    for (const name of ['leo', 'vera']) {
      expect(refusalOf(await press(name, posted, 'Approve'))).toContain('do not have the right');
      expect(refusalOf(await press(name, posted, 'Reject…'))).toContain('do not have the right');
    }
    expect(refusalOf(await press('olga', posted, 'Approve'))).toBe('There is no such usage report.');
    expect(refusalOf(await press('olga', posted, 'Reject…'))).toBe('There is no such usage report.');
    expect((await world.all(UsageReport))[0]).toMatchObject({ status: 'approved', version: 3 });
  });

  test('rejects with a reason; the partner corrects by the button and the new card shows only what changed', async () => {
    await submitted();
    const form = formOf(await press('mia', await card(), 'Reject…'));
    expect(Object.keys(formOf(await fill('mia', form, { reason: '  ' })).errors)).toEqual(['reason']);
    expect(labelsOf(messageOf(await fill('mia', form, { reason: `Count again ${hostile}` })))).toEqual([]);
    await notify();
    const told = (await outgoing('U0LEO')).at(-1)!;
    expect(textOf(told)).toContain('Count again');
    expect(labelsOf(told)).toEqual(['Correct a line…', 'Submit…', 'Open the report']);
    expect((await world.all(Mail)).every(({ text }) => text.includes('Count again'))).toBe(true);

    const choose = formOf(await press('leo', told, 'Correct a line…'));
    const over = (choose.view.fields[0] as unknown as { options: { value: string; label: string }[] }).options.find(
      ({ label }) => label.startsWith('Over'),
    )!;
    const change = formOf(await fill('leo', choose, { line: over.value }));
    const saved = messageOf(await fill('leo', change, { chargeable: '85', comment: 'Five were tests' }));
    messageOf(await fill('leo', formOf(await press('leo', saved, 'Submit…')), {}));
    await notify();

    const newer = await card();
    expect(textOf(newer)).toContain('90 → 85 seats · 25.00 % over-provisioned · “Five were tests”');
    expect(textOf(newer)).not.toContain('Product EVEN');
    const updates = await outgoing('U0MIA', 'update');
    expect(textOf(updates.at(-1)!)).toContain('see the newer card');
    expect(labelsOf(updates.at(-1)!)).toEqual([]);
    const [older] = await outgoing('U0MIA');
    expect(refusalOf(await press('mia', older!, 'Approve'))).toContain('It was resubmitted on 1 Mar 2026, 10:00');
    messageOf(await press('jonas', newer, 'Approve'));
    await notify();
    const copies = await world.all(Outgoing, { kind: 'update' });
    const last = new Map(copies.map((copy) => [copy.updatesId, copy.message as Message]));
    expect(last.size).toBe(12);
    for (const message of last.values()) expect(labelsOf(message)).toEqual([]);
  });

  test('a question reaches the partner, the card stays and shows it', async () => {
    await submitted();
    const form = formOf(await press('mia', await card(), 'Question…'));
    messageOf(await fill('mia', form, { reason: 'Why so many?' }));
    await notify();
    expect(textOf((await outgoing('U0LEO')).at(-1)!)).toContain('Why so many?');
    const update = (await outgoing('U0JONAS', 'update')).at(-1)!;
    expect(textOf(update)).toContain('Mia Example asked: “Why so many?”');
    expect(labelsOf(update)).toContain('Approve');
    messageOf(await press('jonas', await card('U0JONAS'), 'Approve'));
  });

  test('with four eyes the card shows the first approval and waits for the second', async () => {
    await asOwner('update usage_report set four_eyes_above = 100');
    await submitted();
    expect(textOf(await card())).toContain('Two different people have to approve');
    const first = messageOf(await press('mia', await card(), 'Approve'));
    expect(textOf(first)).toContain('Approved by Mia Example');
    await notify();
    const update = (await outgoing('U0JONAS', 'update')).at(-1)!;
    expect(textOf(update)).toContain('Approved by Mia Example');
    expect(refusalOf(await press('mia', update, 'Approve'))).toContain('A second person');
    expect(await outgoing('U0LEO')).toEqual([]);
    expect(labelsOf(messageOf(await press('jonas', update, 'Approve')))).toEqual([]);
  });

  test('without a price it cannot be approved, and the card says so', async () => {
    await asOwner(`update price set currency = 'USD' where product_id = '${even.id}'`);
    await submitted();
    expect(textOf(await card())).toContain('cannot be approved');
    expect(refusalOf(await press('mia', await card(), 'Approve'))).toContain('price in EUR is missing');
    await asOwner(`update price set currency = 'EUR' where product_id = '${even.id}'`);
  });

  test('a penalty is written on the card', async () => {
    world.setNow('2026-03-06T09:00:00Z');
    await world.execute(autoSubmitReports, world.system, {});
    await notify();
    expect(textOf(await card())).toContain('120 seats charged, 30 of them as a penalty');
    expect(textOf(await card())).toContain('The automatic submission');
  });

  test('decides from the work list and by the command as well', async () => {
    await submitted();
    const home = drawn(await desk.home(from('jonas')));
    expect(textOf(home)).toContain('Usage reports to decide on (1)');
    const form = formOf(await press('jonas', home, 'Decide…'));
    expect(Object.keys(formOf(await fill('jonas', form, { decision: 'reject' })).errors)).toEqual(['reason']);
    const byCommand = formOf(await say('mia', 'report review brightside 2026-02'));
    expect(textOf(messageOf(await fill('mia', byCommand, { decision: 'approve' })))).toContain('Approved: Mia');
    expect(textOf(messageOf(await say('mia', 'report review')))).toContain('no usage report that fits');
    expect(JSON.stringify(await fill('jonas', form, { decision: 'reject', reason: 'Too many' }))).toContain(
      'Mia Example approved this report',
    );
  });

  test('a button of unknown content is answered, not believed', async () => {
    for (const args of [{}, { report: 'x', version: 'y' }, { report: reportId, version: 'NaN' }, { report: reportId }])
      expect(refusalOf(await desk.action(from('mia'), 'report.approve', args as Args)).length).toBeGreaterThan(5);
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
  const first = messageOf(await say('leo', 'report show 2026-02'));
  const pager = first.blocks.find((block) => block.kind === 'pager')!;
  expect(pager).toMatchObject({ page: 1, pages: 3 });
  const second = messageOf(await desk.action(from('leo'), pager.action, { ...pager.args, page: '3' }));
  expect(second.blocks.find((block) => block.kind === 'pager')).toMatchObject({ page: 3 });
  const form = formOf(await say('leo', 'report submit'));
  expect(Object.keys(formOf(await fill('leo', form, { 'comments.2': 'y'.repeat(500) })).errors)).toHaveLength(1);
  await asOwner(`update usage_report_line set comment = '${'y'.repeat(500)}'`);
  const again = formOf(await say('leo', 'report submit'));
  messageOf(await fill('leo', again, { comment: 'z'.repeat(500) }));
  await notify();
  expect(labelsOf(await card())).toContain('Approve');
});
