import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CustomerTransaction } from '../../../src/core/licenses/customer-transaction.ts';
import { licenseHistory } from '../../../src/core/licenses/license-history.ts';
import { listTransactions } from '../../../src/core/licenses/list-transactions.ts';
import { MoneyLine } from '../../../src/core/licenses/money-line.ts';
import { showTransaction } from '../../../src/core/licenses/show-transaction.ts';
import { scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, partnerIds, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
const licenseOf: Record<string, string> = {};
const day = (iso: string) => Temporal.PlainDate.from(iso);

/** A row past all rules, as later verbs write them. */
const wrote = async (license: string, over: Partial<CustomerTransaction>): Promise<string> => {
  const [owner] = await world.sql<{ partner_id: string; customer_id: string; product_id: string; plan_id: string }>(
    'select partner_id, customer_id, product_id, plan_id from license where id = ?::uuid',
    [license],
  );
  const id = randomUUID();
  const { delta = 0, unitsBefore = 25 } = over;
  await world.given(
    new CustomerTransaction({
      id,
      at: world.clock.now(),
      effectiveOn: day('2026-03-05'),
      partnerId: owner!.partner_id,
      customerId: owner!.customer_id,
      licenseId: license,
      productId: owner!.product_id,
      planBeforeId: owner!.plan_id,
      planAfterId: owner!.plan_id,
      type: 'License change',
      reason: 'seats',
      unitsBefore,
      delta,
      unitsAfter: unitsBefore + delta,
      termBefore: null,
      termAfter: { startsOn: '2026-03-05', endsOn: '2027-03-05' },
      personId: null,
      requestId: id,
      ...over,
    }),
  );
  return id;
};

beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  as = scriptOf(world);
  await as.plan('Suite', 'WFS-ADV');
  await as.plan('Web yearly', 'WEB', { subscriptionType: 'annual_license', initialMonths: 12 });
  await as.customer('acme');
  await as.customer('beta');
  world.setNow('2026-02-28T22:30:00Z');
  await as.assign('acme', 'Suite');
  world.setNow('2026-02-28T23:30:00Z');
  await as.assign('beta', 'Suite', { units: 5 });
  world.setNow('2026-03-05T09:00:00Z');
  await as.assign('acme', 'Web yearly', { units: 10 });
  await as.assign('beta', 'Web yearly', { units: 4, startsOn: '2026-04-15' });
  for (const { id, account, sku } of await world.sql<{ id: string; account: string; sku: string }>(
    `select l.id, c.account, p.sku from license l join customer c on c.id = l.customer_id join product p on p.id = l.product_id`,
  ))
    licenseOf[`${account} ${sku}`] = id;
});
afterAll(() => world.close());

describe('transactions', () => {
  const totals = async (filter: object): Promise<number> => (await as.run(listTransactions, filter)).total;

  test('carry every column', async () => {
    const { items } = await as.run(listTransactions, { customer: 'acme', product: 'WEB' });
    expect(items).toEqual([
      {
        transactionId: expect.any(String),
        licenseId: licenseOf['acme WEB'],
        at: '2026-03-05T09:00:00Z',
        effectiveOn: '2026-03-05',
        type: 'New purchase',
        reason: 'assign',
        customer: 'acme',
        company: 'Company acme',
        product: 'WEB',
        productName: expect.any(String),
        unitType: 'seat',
        planBefore: null,
        planAfter: 'Web yearly',
        unitsBefore: 0,
        delta: 10,
        unitsAfter: 10,
        startsOn: '2026-03-05',
        endsOn: '2027-03-05',
        amount: null,
        by: 'Leo Example',
      },
    ]);
  });

  test('are found by customer, license, type, product, and any of them together', async () => {
    expect(await totals({})).toBe(8);
    expect(await totals({ customer: 'acme' })).toBe(4);
    expect(await totals({ customer: 'acme', product: 'WFS' })).toBe(1);
    expect(await totals({ license: licenseOf['beta WEB'] })).toBe(1);
    expect(await totals({ license: licenseOf['beta WEB']?.toUpperCase() })).toBe(1);
    expect(await totals({ type: 'License change' })).toBe(0);
    expect(await totals({ customer: 'beta', license: licenseOf['acme WEB'] })).toBe(0);
  });

  test('a period is of days in the partner’s zone on which rows were written, both included', async () => {
    // 22:30 UTC is still February in Berlin, 23:30 UTC is not.
    expect(await totals({ from: '2026-02-28', to: '2026-02-28' })).toBe(3);
    expect(await totals({ to: '2026-02-28' })).toBe(3);
    expect(await totals({ from: '2026-03-01', to: '2026-03-01' })).toBe(3);
    expect(await totals({ from: '2026-03-02' })).toBe(2);
    // What begins in April was bought in March.
    expect(await totals({ from: '2026-04-01', to: '2026-04-30' })).toBe(0);
    await expect(totals({ from: '2026-03-02', to: '2026-03-01' })).rejects.toMatchObject({
      code: 'transactions.period',
      field: 'to',
    });
  });

  test('come in pages, newest first', async () => {
    for (let n = 0; n < 5; n++) await wrote(licenseOf['acme WFS']!, { reason: 'suspension' });
    const first = await as.run(listTransactions, {});
    expect(first).toMatchObject({ total: 13, page: 1, pages: 2 });
    expect(first.items).toHaveLength(10);
    const second = await as.run(listTransactions, { page: 2 });
    expect(second.items).toHaveLength(3);
    expect(first.items.map(({ at }) => at)).toEqual(
      first.items
        .map(({ at }) => at)
        .toSorted()
        .toReversed(),
    );
    expect(second.items.every(({ at }) => at < first.items.at(-1)!.at)).toBe(true);
  });

  test('name nothing that is out of reach', async () => {
    const yuki = scriptOf(world, 'yuki@sakura.example');
    expect((await yuki.run(listTransactions, {})).total).toBe(0);
    for (const input of [{ customer: 'acme' }, { license: licenseOf['acme WEB'] }, { product: 'NOTHING' }])
      await expect(yuki.run(listTransactions, input)).rejects.toMatchObject({ code: 'not_found' });
    await expect(yuki.run(licenseHistory, { license: licenseOf['acme WEB'] })).rejects.toMatchObject({
      code: 'not_found',
    });
    const [row] = (await as.run(listTransactions, {})).items;
    for (const transaction of [row!.transactionId, randomUUID(), 'x'])
      await expect(yuki.run(showTransaction, { transaction })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('amounts', () => {
  test('are for who sees prices, on the row and line by line', async () => {
    const list = async (email: string) => {
      const script = scriptOf(world, email);
      const [row] = (await script.run(listTransactions, { customer: 'acme', product: 'WEB' })).items;
      const { money } = await script.run(showTransaction, { transaction: row!.transactionId });
      return [row!.amount, money];
    };
    expect(await list('leo@brightside.example')).toEqual([null, null]);
    await world.sql('update partner set prices_published = true');
    const [amount, money] = await list('leo@brightside.example');
    expect(amount).toMatchObject({ currency: 'EUR' });
    expect(money).toEqual([{ kind: 'charge', amount, effectiveOn: '2026-03-05' }]);
    expect(await list('vera@brightside.example')).toEqual([null, null]);
    await world.sql('update partner set prices_published = false');
  });

  test('of one row stand in the order they were written', async () => {
    await world.sql('update partner set prices_published = true');
    const license = licenseOf['beta WEB']!;
    const transaction = await wrote(license, { unitsBefore: 4, delta: 0, reason: 'crossgrade' });
    const [owner] = await world.sql<{ customer_id: string; product_id: string }>(
      'select customer_id, product_id from license where id = ?::uuid',
      [license],
    );
    const line = (kind: 'credit' | 'charge', amountMinor: bigint) =>
      new MoneyLine({
        id: `00000000-0000-7000-8000-00000000000${kind === 'credit' ? 1 : 2}`,
        partnerId: partnerIds.brightside,
        customerId: owner!.customer_id,
        licenseId: license,
        transactionId: transaction,
        productId: owner!.product_id,
        kind,
        amountMinor,
        currency: 'EUR',
        effectiveOn: day('2026-03-05'),
      });
    await world.given(line('charge', 60000n), line('credit', -24066n));
    expect(await as.run(showTransaction, { transaction })).toMatchObject({
      amount: { amount: '359.34', currency: 'EUR' },
      money: [
        { kind: 'credit', amount: { amount: '-240.66' } },
        { kind: 'charge', amount: { amount: '600.00' } },
      ],
    });
    await world.sql('update partner set prices_published = false');
  });
});

describe('the history of a license', () => {
  test('proves its units: the changes effective by today add up to what it holds', async () => {
    const license = licenseOf['acme EMS-STD'] ?? licenseOf['acme CAS']!;
    await wrote(license, { delta: 7, effectiveOn: day('2026-03-04') });
    await wrote(license, { unitsBefore: 32, delta: -2, effectiveOn: day('2026-03-05') });
    await wrote(license, { unitsBefore: 30, delta: -10, effectiveOn: day('2026-03-06'), reason: 'renewal' });
    await world.sql('update license set units = 30 where id = ?::uuid', [license]);
    const history = await as.run(licenseHistory, { license });
    expect(history.proof).toEqual({ on: '2026-03-05', sum: 30, units: 30, agrees: true });
    expect(history.license).toMatchObject({ licenseId: license, customer: 'acme', units: 30 });
    expect(history.items.map(({ delta, running, effective }) => [delta, running, effective])).toEqual([
      [-10, 20, false],
      [-2, 30, true],
      [7, 32, true],
      [25, 25, true],
    ]);
    world.setNow('2026-03-06T09:00:00Z');
    expect((await as.run(licenseHistory, { license })).proof).toMatchObject({ sum: 20, agrees: false });
    world.setNow('2026-03-05T09:00:00Z');
  });

  test('of one that has not begun is added up as of its first day', async () => {
    const { proof, items } = await as.run(licenseHistory, { license: licenseOf['beta WEB'] });
    expect(proof).toEqual({ on: '2026-04-15', sum: 4, units: 4, agrees: true });
    expect(items.every(({ effective }) => effective)).toBe(true);
  });

  test('goes on with its sum from page to page', async () => {
    const license = licenseOf['beta WFS']!;
    for (let n = 0; n < 11; n++) await wrote(license, { unitsBefore: 5 + n, delta: 1 });
    await world.sql('update license set units = 16 where id = ?::uuid', [license]);
    const first = await as.run(licenseHistory, { license });
    const second = await as.run(licenseHistory, { license, page: 2 });
    expect(first).toMatchObject({ total: 12, pages: 2, proof: { sum: 16, agrees: true } });
    expect(first.items[0]!.running).toBe(16);
    expect(second.items.map(({ running }) => running)).toEqual([6, 5]);
    expect(second.proof).toEqual(first.proof);
  });
});
