/** Every number of the dashboard opens the list behind it; the ledger is drilled into down to the amounts of a row. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Block, Button, Message } from '../../../src/bot/view.ts';
import { Product } from '../../../src/core/catalog/product.ts';
import { CustomerTransaction } from '../../../src/core/licenses/customer-transaction.ts';
import { UsageDay } from '../../../src/core/usage/usage-day.ts';
import { buttonOf, deskOn, formOf, hostile, labelsOf, messageOf, textIn } from '../../support/desk-on.ts';
import { scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, partnerIds, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
const { act, submit, ...asked } = deskOn(() => world);
const say = async (text: string, who?: string): Promise<Message> => messageOf(await asked.say(text, who));
const click = async (button: Button | undefined, who?: string): Promise<Message> =>
  messageOf(await asked.click(button, who));
let written = 0;

const wrote = async (account: string, sku: string, over: Partial<CustomerTransaction>): Promise<void> => {
  const [license] = await world.sql<{ id: string; customer_id: string; product_id: string; plan_id: string }>(
    `select l.id, l.customer_id, l.product_id, l.plan_id from license l join customer c on c.id = l.customer_id
       join product p on p.id = l.product_id where c.account = ? and p.sku = ?`,
    [account, sku],
  );
  const { delta = 0, unitsBefore = 25 } = over;
  const id = randomUUID();
  await world.given(
    new CustomerTransaction({
      id,
      at: world.clock.now().add({ seconds: ++written }),
      effectiveOn: Temporal.PlainDate.from('2026-03-05'),
      partnerId: partnerIds.brightside,
      customerId: license!.customer_id,
      licenseId: license!.id,
      productId: license!.product_id,
      planBeforeId: license!.plan_id,
      planAfterId: license!.plan_id,
      type: 'License change',
      reason: 'seats',
      unitsBefore,
      delta,
      unitsAfter: unitsBefore + delta,
      termBefore: null,
      termAfter: null,
      personId: null,
      requestId: id,
      ...over,
    }),
  );
};

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  as = scriptOf(world);
  await as.plan('Suite', 'WFS-ADV');
  await as.plan('Endpoint', 'WFS');
  await as.plan('Web yearly', 'WEB', { subscriptionType: 'annual_license', initialMonths: 12 });
  const { planId } = await as.plan('Shut', 'WEB');
  await world.sql('update service_plan set locked = true where id = ?::uuid', [planId]);
  await as.customer('alder', { company: hostile });
  await as.customer('birch');
  const cedar = await as.customer('cedar');
  await as.assign('alder', 'Suite');
  await as.assign('birch', 'Endpoint', { units: 5 });
  await as.assign('birch', 'Web yearly', { units: 10, startsOn: '2026-04-01' });
  await as.assign('cedar', 'Endpoint', { units: 7 });
  await expect(as.assign('birch', 'Suite')).rejects.toMatchObject({ code: 'license.duplicate' });
  await world.sql(`update customer set status = 'suspended' where id = ?::uuid`, [cedar]);
  for (let n = 0; n < 12; n++) await as.customer(`more-${n}`);
  const [product] = await world.all(Product, { sku: 'WFS' });
  await world.given(
    new UsageDay({
      id: randomUUID(),
      partnerId: partnerIds.brightside,
      productId: product!.id,
      customerId: cedar,
      day: Temporal.PlainDate.from('2026-02-03'),
      provisioned: 7,
      used: 4,
    }),
  );
});
afterAll(() => world.close());

const blockOf = <K extends Block['kind']>({ blocks }: Message, kind: K) =>
  blocks.find((block): block is Extract<Block, { kind: K }> => block.kind === kind);
const turned = async (message: Message, who = 'U0LEO'): Promise<Message> => {
  const pager = blockOf(message, 'pager')!;
  const args = { ...pager.args, page: `${pager.page + 1}` };
  return messageOf(await act(pager.action, args, who));
};

describe('the dashboard', () => {
  test('has a button for every number, and behind it stands a list of so many', async () => {
    const dashboard = await say('dashboard');
    const opens = async (label: string) => (await click(buttonOf(dashboard, label))).title;
    expect(labelsOf(dashboard)).toEqual(
      expect.arrayContaining(['14 enabled customers', '3 enabled plans', '6 open licenses', '97 units']),
    );
    expect(await opens('14 enabled customers')).toBe('14 enabled customers');
    expect(await opens('3 enabled plans')).toBe('3 enabled service plans');
    expect(await opens('6 open licenses')).toBe('6 open licenses, 97 units');
    expect(await opens('97 units')).toBe('6 open licenses, 97 units');
    expect(await opens('1 locked plan')).toBe('1 locked service plan');
    expect(await opens('Active: 4')).toBe('4 licenses, Active, 80 units');
    expect(await opens('Suspended: 1')).toBe('1 license, Suspended, 7 units');
    expect(await opens('Scheduled: 1')).toBe('1 license, Scheduled, 10 units');
    expect(await opens('1 pending crossgrade')).toMatch(/^1 /);
    // 25 × 1.6, 5 × 1.2, 7 × 1.2, 10 × 0.6.
    expect(await opens('60.4 credits')).toBe('60.4 credits in all');
    expect(await opens('Transactions of Mar 2026')).toBe('6 transactions');
    expect(await opens('Usage by customer')).toBe('Usage in Feb 2026: 4 used of 7 provisioned');
  });

  test('says in small words what there is nothing of', async () => {
    expect(textIn(await say('dashboard'))).toContain('0 suite changes to approve');
    const empty = await say('dashboard', 'U0YUKI');
    expect(textIn(empty)).toContain('0 locked plans · 0 pending crossgrades');
    expect((await click(buttonOf(empty, '0 open licenses'), 'U0YUKI')).blocks).toContainEqual({
      kind: 'text',
      text: 'No license is like this now.',
    });
    expect((await click(buttonOf(empty, '0 credits'), 'U0YUKI')).title).toBe('0 credits in all');
    expect(labelsOf(empty)).not.toContain('Usage by customer');
  });

  test('lists keep their filter from page to page', async () => {
    const list = await click(buttonOf(await say('dashboard'), '14 enabled customers'));
    expect(blockOf(list, 'pager')).toMatchObject({ page: 1, pages: 2, args: { status: 'enabled', own: 'true' } });
    const next = await turned(list);
    expect(next.title).toBe('14 enabled customers');
    expect(textIn(next)).not.toContain('cedar');
  });

  test('of a distributor without customers speaks of its partners, and not of nothing', async () => {
    const board = await say('dashboard', 'U0ADA');
    expect(textIn(board)).toContain('Your company has no customers, plans or licenses of its own.');
    expect(textIn(board)).toContain('Tier 2 partners');
    expect([...labelsOf(board), textIn(board)].join(' ')).not.toContain('0 enabled');
  });

  test('of who may not see reports speaks of none', async () => {
    expect(textIn(await say('dashboard', 'U0VERA'))).not.toContain('Usage reports');
  });

  test('renewals at the old price are counted and listed', async () => {
    await world.sql(`update license set terms = jsonb_set(terms, '{0,priceKept}', 'true')
      where product_id = (select id from product where sku = 'WEB')`);
    const list = await click(buttonOf(await say('dashboard'), '1 license renewed at the old price'));
    expect(list.title).toBe('1 open license renewed at the old price, 10 units');
    expect(textIn(list)).toContain('Web yearly');
  });
});

describe('licenses', () => {
  test('are listed by status, by customer, or both, from words and from the form', async () => {
    expect((await say('license list suspended')).title).toBe('1 license, Suspended, 7 units');
    expect((await say('license list birch scheduled')).title).toBe('1 license, Scheduled of Company birch');
    expect((await say('license list birch')).title).toBe('2 licenses of Company birch');
    expect(textIn(await say('license list birch grace period'))).toContain('No license is like this now.');
    const form = formOf(await asked.click(buttonOf(await say('license list suspended'), 'Filter…')));
    expect(form.view.fields.find(({ name }) => name === 'status')).toMatchObject({ value: 'suspended' });
    expect(messageOf(await submit(form, { customer: '', status: 'active' })).title).toBe(
      '4 licenses, Active, 80 units',
    );
  });

  test('lead to the licenses of the customer, and from there to a history', async () => {
    const list = await say('license list suspended');
    const cedar = await click(buttonOf(list, 'Show'));
    expect(cedar.title).toBe('1 license of Company cedar');
    const license = await click(buttonOf(cedar, 'Show'));
    expect((await click(buttonOf(license, 'History'))).title).toBe('History of Worry-Free Services, Company cedar');
  });

  test('that convert into credits tell how', async () => {
    const text = textIn(await say('license credits'));
    expect(text).toContain('1.6 × 25 seats');
    expect(text).toContain('40 credits');
  });
});

describe('transactions', () => {
  test('are narrowed by words', async () => {
    const title = async (rest: string) => (await say(`transactions ${rest}`)).title;
    expect(await title('birch')).toBe('2 transactions');
    expect(await title('birch type:purchase product:WEB')).toBe('1 transaction');
    expect(await title('type:New purchase')).toBe('6 transactions');
    expect(await title('2026-03')).toBe('6 transactions');
    expect(await title('birch 2026-02')).toBe('No transactions');
    expect(await title('birch from:2026-03-06')).toBe('No transactions');
    expect(await title('from:2026-03-05 to:2026-03-05')).toBe('6 transactions');
    const refused = async (rest: string) => asked.say(`transactions ${rest}`);
    expect(await refused('type:license')).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('New purchase'),
    });
    expect(await refused('nobody')).toMatchObject({ kind: 'refused', text: 'There is no such customer.' });
    expect(await refused('from:tomorrow')).toMatchObject({ kind: 'refused' });
  });

  test('say in plain words what was chosen; the form begins with it, and an empty choice is told', async () => {
    const list = await say('transactions birch type:purchase 2026-03');
    expect(textIn(list)).toContain('Chosen: customer birch · New purchase · written 1 Mar 2026 to 31 Mar 2026');
    const form = formOf(await asked.click(buttonOf(list, 'Filter…')));
    const values = Object.fromEntries(form.view.fields.map((field) => [field.name, field.value]));
    expect(values).toMatchObject({
      customer: { value: 'birch' },
      type: 'New purchase',
      from: '2026-03-01',
      to: '2026-03-31',
    });
    const none = messageOf(await submit(form, { customer: 'birch', type: 'License conversion' }));
    expect(none.title).toBe('No transactions');
    expect(textIn(none)).toContain('Nothing was written for this choice.');
    expect((await click(buttonOf(none, 'Show all'))).title).toBe('6 transactions');
  });

  test('lead from a row to the whole history of its license, with the proof of its units', async () => {
    await wrote('alder', 'CAS', { delta: 5 });
    await wrote('alder', 'CAS', { unitsBefore: 30, reason: 'suspension' });
    await wrote('alder', 'CAS', {
      unitsBefore: 30,
      delta: -10,
      reason: 'renewal',
      effectiveOn: Temporal.PlainDate.from('2026-06-01'),
    });
    await world.sql(`update license set units = 30 where product_id = (select id from product where sku = 'CAS')`);
    const list = await say('transactions alder product:CAS type:change');
    expect(list.title).toBe('3 transactions');
    for (const word of ['Units changed', 'Suspended', 'Renewed', 'units as before'])
      expect(textIn(list)).toContain(word);
    const history = await click(buttonOf(list, 'History'));
    expect(history.title).toContain('History of Cloud App Security');
    expect(blockOf(history, 'notice')).toMatchObject({ tone: 'success' });
    const rows = blockOf(history, 'rows')!.rows;
    expect(rows.map(({ title }) => textIn(title).match(/Σ (\d+)/)?.[1])).toEqual(['20', '30', '30', '25']);
    expect(textIn(rows[0])).toContain('not in effect yet');

    await world.sql(`update license set units = 31 where product_id = (select id from product where sku = 'CAS')`);
    const wrong = await click(buttonOf(list, 'History'));
    expect(blockOf(wrong, 'notice')).toMatchObject({ tone: 'danger' });
    expect(textIn(blockOf(wrong, 'notice'))).toContain('31 seats');
  });

  test('of a license go on from page to page with the running sum', async () => {
    for (let n = 0; n < 10; n++) await wrote('birch', 'WFS', { unitsBefore: 5 + n, delta: 1 });
    await world.sql(`update license l set units = 15 from customer c, product p
      where c.id = l.customer_id and p.id = l.product_id and c.account = 'birch' and p.sku = 'WFS'`);
    const history = await click(buttonOf(await say('transactions birch product:WFS'), 'History'));
    const next = await turned(history);
    expect(textIn(next)).toContain('Σ 5 seats');
    expect(blockOf(next, 'notice')).toMatchObject({ tone: 'success' });
  });

  test('show the amounts of a row to who sees prices, and to nobody else', async () => {
    const details = async (who: string) => {
      const history = await click(buttonOf(await say('transactions birch product:WEB', who), 'History'), who);
      return click(buttonOf(history, 'Details'), who);
    };
    expect(textIn(await details('U0LEO'))).not.toContain('EUR');
    await world.sql('update partner set prices_published = true');
    expect(blockOf(await details('U0LEO'), 'table')?.rows).toEqual([
      ['Charge', '1 Apr 2026', expect.stringContaining('EUR')],
      ['Sum', '', expect.stringContaining('EUR')],
    ]);
    expect(textIn(await details('U0VERA'))).not.toContain('EUR');
    expect(blockOf(await details('U0VERA'), 'table')).toBeUndefined();
    await world.sql('update partner set prices_published = false');
  });
});

describe('usage', () => {
  test('is shown by customer, month by month', async () => {
    const february = await say('usage show 2026-02 cedar');
    expect(blockOf(february, 'table')?.rows).toEqual([['cedar', 'Worry-Free Services', '7', '4']]);
    const january = await click(buttonOf(february, 'Jan 2026'));
    expect(january.title).toBe('Usage in Jan 2026: — used of 0 provisioned');
    expect(labelsOf(await click(buttonOf(february, 'Mar 2026')))).not.toContain('Apr 2026');
    expect(await asked.say('usage show 2026-13')).toMatchObject({ kind: 'refused' });
    expect(labelsOf(await say('usage show 2024-04'))).toContain('Mar 2024');
    expect(labelsOf(await say('usage show 2024-03'))).not.toContain('Feb 2024');
  });
});
