import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCycle } from '../../../src/core/usage/report-cycle.ts';
import { createGround, type Ground } from '../../support/reports.ts';
import { createWorld, partnerIds, type World } from '../../support/world.ts';

let world: World;
let ground: Ground;
beforeAll(async () => {
  world = await createWorld();
  ground = await createGround(world);
});
afterAll(() => world?.close());

/** What the peak read says of February 2026 for one product. */
const february = async (productId: string) => {
  const usages = await world.host.transaction({ type: 'system', name: 'test' }, { readOnly: true }, ({ reads }) =>
    reads.usage.customerUsage(partnerIds.brightside, parseCycle('2026-02', 'cycle')),
  );
  return usages
    .filter((usage) => usage.productId === productId)
    .map(({ version, provisioned, used }) => [version, provisioned, used]);
};

describe('one peak read over the usage days', () => {
  const days = [
    [100, 80],
    [120, 70],
    [110, 90],
  ] as const;

  test.for([
    ['peak_each', 120, 90],
    ['peak_day', 120, 70],
    ['none', 120, null],
  ] as const)('%s: 100/80, 120/70, 110/90', async ([usageBasis, provisioned, used]) => {
    const product = await ground.product(`BASIS-${usageBasis}`, { usageBasis });
    const customer = await ground.customer(`basis-${usageBasis}`);
    await ground.license({ customer, product });
    await ground.usage(customer, product, '2026-02-01', days);
    expect(await february(product.id)).toEqual([['full', provisioned, used]]);
  });

  test('peak_day takes the earliest of two equal days, and nothing where that day has no use', async () => {
    const product = await ground.product('TIE', { usageBasis: 'peak_day' });
    const tied = await ground.customer('tied');
    await ground.license({ customer: tied, product });
    await ground.usage(tied, product, '2026-02-10', [
      [50, 40],
      [50, 45],
    ]);
    expect(await february(product.id)).toEqual([['full', 50, 40]]);

    const silent = await ground.product('TIE-2', { usageBasis: 'peak_day' });
    await ground.license({ customer: tied, product: silent });
    await ground.usage(tied, silent, '2026-02-10', [
      [60, null],
      [50, 45],
    ]);
    expect(await february(silent.id)).toEqual([['full', 60, null]]);
  });

  test('only labels of the cycle count, and only days on which the licence was held', async () => {
    const product = await ground.product('EDGES');
    const customer = await ground.customer('edges');
    await ground.license({ customer, product, from: '2026-02-03', to: '2026-02-20', over: { graceDays: 3 } });
    await ground.usage(customer, product, '2026-01-31', [
      [900, 900],
      [901, 901],
      [902, 902],
      [5, 4],
    ]);
    await ground.usage(customer, product, '2026-02-22', [
      [7, 3],
      [903, 903],
    ]);
    await ground.usage(customer, product, '2026-03-01', [[904, 904]]);
    expect(await february(product.id)).toEqual([['full', 7, 4]]);
  });

  test('the day of the removal still counts, the days after it do not', async () => {
    const product = await ground.product('REMOVED');
    const customer = await ground.customer('removed');
    const removedOn = Temporal.PlainDate.from('2026-02-10');
    await ground.license({ customer, product, over: { removedOn }, ledger: [['2026-02-10', -10, 'removal']] });
    await ground.usage(customer, product, '2026-02-10', [
      [6, 6],
      [99, 99],
    ]);
    expect(await february(product.id)).toEqual([['full', 6, 6]]);
  });

  test('the day of the conversion counts as full, the days before as trial', async () => {
    const product = await ground.product('CONVERTED');
    const customer = await ground.customer('converted');
    await ground.license({ customer, product, ledger: [['2026-02-11', 0, 'conversion']] });
    await ground.usage(customer, product, '2026-02-10', [
      [30, 20],
      [25, 15],
    ]);
    expect(await february(product.id)).toEqual([
      ['full', 25, 15],
      ['trial', 30, 20],
    ]);
  });

  test('where NFR stands beside another licence a record counts for the other', async () => {
    const product = await ground.product('NFR');
    const customer = await ground.customer('nfr');
    await ground.license({ customer, product, over: { version: 'nfr' } });
    await ground.usage(customer, product, '2026-02-01', [[5, 2]]);
    expect(await february(product.id)).toEqual([['nfr', 5, 2]]);
    await ground.license({ customer, product });
    expect(await february(product.id)).toEqual([['full', 5, 2]]);
  });

  test('records of annual full licences, and records without a licence, enter no line', async () => {
    const product = await ground.product('ANNUAL');
    const customer = await ground.customer('annual');
    await ground.license({ customer, product, over: { subscriptionType: 'annual_license' } });
    await ground.usage(customer, product, '2026-02-01', [[5, 2]]);
    const stranger = await ground.customer('stranger');
    await ground.usage(stranger, product, '2026-02-01', [[8, 8]]);
    expect(await february(product.id)).toEqual([]);
  });
});

describe('a full monthly licence without any record', () => {
  test('stands with the highest units at any moment of the days it was held', async () => {
    const product = await ground.product('SILENT');
    const customer = await ground.customer('silent');
    await ground.license({
      customer,
      product,
      units: 10,
      ledger: [
        ['2026-01-20', 30],
        // In force until the first moments of the cycle's first day, so it counts.
        ['2026-02-01', -25],
        ['2026-02-10', 5],
        ['2026-03-01', 500],
      ],
    });
    expect(await february(product.id)).toEqual([['full', 40, null]]);
  });

  test('not in another cycle than its own, not as a trial, not when annual', async () => {
    const product = await ground.product('SILENT-2');
    const customer = await ground.customer('silent-2');
    await ground.license({ customer, product, from: '2026-03-01' });
    await ground.license({ customer, product, to: '2026-02-01' });
    await ground.license({ customer, product, over: { version: 'trial' } });
    await ground.license({ customer, product, over: { subscriptionType: 'annual_license' } });
    // Bought ahead and removed before its first day: never held.
    const removedOn = Temporal.PlainDate.from('2026-02-02');
    await ground.license({ customer, product, from: '2026-02-15', over: { removedOn } });
    expect(await february(product.id)).toEqual([]);
  });

  test('not when it was suspended for the whole cycle, but when only for a part', async () => {
    const whole = await ground.product('SUSPENDED');
    const customer = await ground.customer('suspended');
    await ground.license({ customer, product: whole, ledger: [['2026-01-15', 0, 'suspension']] });
    expect(await february(whole.id)).toEqual([]);

    const part = await ground.product('SUSPENDED-2');
    await ground.license({
      customer,
      product: part,
      units: 4,
      ledger: [
        ['2026-01-15', 0, 'suspension'],
        ['2026-02-28', 0, 'resumption'],
      ],
    });
    expect(await february(part.id)).toEqual([['full', 4, null]]);
  });

  test('a single record takes its place', async () => {
    const product = await ground.product('ONE-RECORD');
    const customer = await ground.customer('one-record');
    await ground.license({ customer, product, units: 40 });
    await ground.usage(customer, product, '2026-02-28', [[3, null]]);
    expect(await february(product.id)).toEqual([['full', 3, null]]);
  });
});

test('the usage of another partner is not in it', async () => {
  const product = await ground.product('ELSEWHERE');
  const customer = await ground.customer('elsewhere', 'sakura');
  await ground.license({ customer, product });
  await ground.usage(customer, product, '2026-02-01', [[8, 8]]);
  expect(await february(product.id)).toEqual([]);
});
