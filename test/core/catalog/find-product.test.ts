import { afterAll, beforeAll, expect, test } from 'vitest';
import { showProduct } from '../../../src/core/catalog/show-product.ts';
import { listTransactions } from '../../../src/core/licenses/list-transactions.ts';
import type { Refusal } from '../../../src/core/errors.ts';
import { refusalText } from '../../../src/texts/refusal-text.ts';
import { scriptOf, stockCatalog } from '../../support/licensing.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof scriptOf>;
beforeAll(async () => {
  world = await createWorld();
  await stockCatalog(world);
  as = scriptOf(world);
  await world.sql(`update product set name = 'Cloud Twin' where sku in ('CE-50', 'CE-100')`);
  await world.sql(`update product set name = 'WFS' where sku = 'WEB'`);
});
afterAll(() => world.close());

const shown = async (product: string) => (await as.run(showProduct, { product })).sku;

test('a product is found by SKU, name or id, whatever the case', async () => {
  expect(await shown('wfs-adv')).toBe('WFS-ADV');
  expect(await shown('worry-free services advanced')).toBe('WFS-ADV');
  const [{ id } = { id: '' }] = await world.sql<{ id: string }>(`select id from product where sku = 'CE-50'`);
  expect(await shown(id)).toBe('CE-50');
});

test('a SKU means its product, even where another has it for a name', async () => {
  expect(await shown('WFS')).toBe('WFS');
});

test('a name that several products have is refused with their SKUs', async () => {
  for (const run of [
    () => as.run(showProduct, { product: 'cloud twin' }),
    () => as.plan('Twin', 'cloud twin'),
    () => as.run(listTransactions, { product: 'cloud twin' }),
  ]) {
    const refusal = await run().then(
      () => null,
      (error: unknown) => error as Refusal,
    );
    expect(refusal).toMatchObject({ code: 'catalog.ambiguous', field: 'product' });
    expect(refusalText(refusal!)).toBe(
      'Several products are called cloud twin. Name the one you mean by its SKU: CE-100, CE-50.',
    );
  }
  expect(await world.sql(`select from service_plan`)).toEqual([]);
  await expect(shown('nothing')).rejects.toMatchObject({ code: 'not_found', field: 'product' });
});
