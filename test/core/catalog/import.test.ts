import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readTableFile } from '../../../src/files-in/read-table.ts';
import { checkCatalogFile, importCatalog } from '../../../src/core/catalog/import-catalog.ts';
import { checkPriceFile, importPrices } from '../../../src/core/catalog/import-prices.ts';
import { listProducts } from '../../../src/core/catalog/list-products.ts';
import { Price } from '../../../src/core/catalog/price.ts';
import { Product, Vendor } from '../../../src/core/catalog/product.ts';
import { showProduct } from '../../../src/core/catalog/show-product.ts';
import { checkCustomerFile, importCustomers } from '../../../src/core/customers/import-customers.ts';
import { Customer } from '../../../src/core/customers/customer.ts';
import type { Table } from '../../../src/core/import/table.ts';
import { Partner } from '../../../src/core/people/partner.ts';
import { ServicePlan } from '../../../src/core/plans/service-plan.ts';
import { SuiteChange } from '../../../src/core/suites/suite-change.ts';
import { createWorld, partnerIds, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.setNow('2026-03-05T09:00:00Z');
  world.jobs.length = 0;
  for (const table of ['suite_change', 'service_plan', 'price', 'product', 'vendor', 'customer'])
    await world.sql(`delete from ${table}`);
});

const check = (catalog: unknown, lines = {}) => world.execute(checkCatalogFile, world.system, { catalog, lines });
const take = (catalog: unknown) => world.execute(importCatalog, world.system, { catalog });

const service = (sku: string, over: object = {}) => ({
  sku,
  name: `Service ${sku}`,
  kind: 'service',
  unitTypes: ['seat'],
  dataCentres: ['Europe'],
  ...over,
});
const suite = (sku: string, components: string[], over: object = {}) => ({
  sku,
  name: `Suite ${sku}`,
  kind: 'suite',
  unitTypes: ['seat'],
  components,
  ...over,
});
const catalogOf = (...products: object[]) => ({ vendors: [{ name: 'Acme', products }] });

describe('the catalogue file', () => {
  test('a product that says little has the plain meaning', async () => {
    expect(await take(catalogOf(service('A')))).toEqual({ added: 1, changed: 0, unchanged: 0 });
    expect(await world.stored(Product, { sku: 'A' })).toMatchObject({
      versions: ['trial', 'full'],
      usageBasis: 'peak_each',
      nfrAllowed: false,
      nfrUnits: null,
      creditsPerUnit: null,
      endOfSaleOn: null,
      provisioning: 'lmp',
      remoteManager: false,
      componentIds: [],
    });
  });

  test.for([
    ['no JSON object', [], '', 'input.wrong_type'],
    ['an unknown kind', catalogOf(service('A', { kind: 'thing' })), 'vendors.0.products.0.kind', 'input.not_one_of'],
    [
      'an unknown unit',
      catalogOf(service('A', { unitTypes: ['box'] })),
      'vendors.0.products.0.unitTypes.0',
      'input.not_one_of',
    ],
    ['no unit', catalogOf(service('A', { unitTypes: [] })), 'vendors.0.products.0.unitTypes', 'input.too_small'],
    [
      'a unit twice',
      catalogOf(service('A', { unitTypes: ['seat', 'seat'] })),
      'vendors.0.products.0.unitTypes',
      'catalog.twice_in_list',
    ],
    [
      'a negative rate',
      catalogOf(service('A', { creditsPerUnit: '-1' })),
      'vendors.0.products.0.creditsPerUnit',
      'catalog.decimal_form',
    ],
    [
      '30 February',
      catalogOf(service('A', { endOfSaleOn: '2026-02-30' })),
      'vendors.0.products.0.endOfSaleOn',
      'input.not_day',
    ],
    [
      'a misspelt field',
      catalogOf(service('A', { credit: '1' })),
      'vendors.0.products.0.credit',
      'input.unknown_field',
    ],
    ['a SKU twice', catalogOf(service('A'), service('a')), 'vendors.0.products.1.sku', 'catalog.sku_twice'],
    [
      'a vendor twice',
      {
        vendors: [
          { name: 'X', products: [service('A')] },
          { name: 'X', products: [service('B')] },
        ],
      },
      'vendors.1.name',
      'catalog.vendor_twice',
    ],
    [
      'a service without a data centre',
      catalogOf(service('A', { dataCentres: [] })),
      'vendors.0.products.0.dataCentres',
      'catalog.data_centre_needed',
    ],
    [
      'NFR without its units',
      catalogOf(service('A', { nfrAllowed: true })),
      'vendors.0.products.0.nfrUnits',
      'catalog.nfr_units_needed',
    ],
    [
      'a life that ends before the sale',
      catalogOf(service('A', { endOfSaleOn: '2026-02-01', endOfLifeOn: '2026-01-01' })),
      'vendors.0.products.0.endOfLifeOn',
      'catalog.life_before_sale',
    ],
    [
      'a service with components',
      catalogOf(service('A', { components: ['B'] }), service('B')),
      'vendors.0.products.0.components',
      'catalog.not_a_suite',
    ],
    ['an empty suite', catalogOf(suite('S', [])), 'vendors.0.products.0.components', 'catalog.suite_empty'],
    [
      'a suite in devices',
      catalogOf(suite('S', ['A'], { unitTypes: ['device'] }), service('A')),
      'vendors.0.products.0.unitTypes',
      'catalog.suite_in_seats',
    ],
    [
      'an unknown component',
      catalogOf(suite('S', ['A'])),
      'vendors.0.products.0.components.0',
      'catalog.component_unknown',
    ],
    [
      'a component in Customer Overview',
      catalogOf(suite('S', ['V']), service('V', { provisioning: 'customer_overview' })),
      'vendors.0.products.0.components.0',
      'catalog.component_elsewhere',
    ],
    [
      'suites that contain each other',
      catalogOf(suite('S', ['T']), suite('T', ['S'])),
      'vendors.0.products.0.components',
      'catalog.cycle',
    ],
  ] as const)('refuses %s, and takes nothing', async ([, catalog, column, code]) => {
    const { faults } = await check(catalog);
    expect(faults.map((fault) => ({ column: fault.column, code: fault.code }))).toContainEqual({ column, code });
    await expect(take(catalog)).rejects.toMatchObject({ code: 'import.faults' });
    expect(await world.all(Product)).toEqual([]);
    expect(await world.all(Vendor)).toEqual([]);
  });

  test('a fault stands on the line of the nearest place that has one', async () => {
    const lines = { 'vendors.0.products.0': 4, 'vendors.0.products.0.kind': 7 };
    const { faults } = await check(catalogOf(service('A', { kind: 'thing', creditsPerUnit: 'x' })), lines);
    expect(faults.map(({ line, column, found }) => [line, column, found])).toEqual([
      [4, 'vendors.0.products.0.creditsPerUnit', 'x'],
      [7, 'vendors.0.products.0.kind', 'thing'],
    ]);
  });

  test('a second import changes what differs and keeps what it leaves out', async () => {
    await take(catalogOf(service('A'), service('B'), suite('S', ['A'])));
    const { id } = await world.stored(Product, { sku: 'A' });
    expect(await take(catalogOf(service('a', { name: 'Renamed' }), suite('S', ['a', 'B'])))).toEqual({
      added: 0,
      changed: 2,
      unchanged: 0,
    });
    expect(await world.stored(Product, id)).toMatchObject({ name: 'Renamed' });
    expect((await world.stored(Product, { sku: 'S' })).componentIds).toHaveLength(2);
    expect(await world.all(Product)).toHaveLength(3);
  });

  test('a product stays what it is, and its maker stays its maker', async () => {
    await take(catalogOf(service('A'), service('B')));
    const { faults } = await check({
      vendors: [
        { name: 'Acme', products: [service('A', { kind: 'software' })] },
        { name: 'Other', products: [service('B')] },
      ],
    });
    expect(faults.map(({ code }) => code)).toEqual(['catalog.kind_fixed', 'catalog.vendor_fixed']);
  });

  test('the components of a suite that plans offer change for them by approval, also deep inside it', async () => {
    await take(catalogOf(service('A'), service('B'), suite('S', ['A']), suite('T', ['S'])));
    const { id } = await world.stored(Product, { sku: 'T' });
    await world.sql(
      `insert into service_plan (id, partner_id, name, enabled, locked, product_id, subscription_type, nfr, version,
         unit_type, trial_form, default_units, settings, created_at)
       values (gen_random_uuid(), ?::uuid, 'Plan', true, false, ?::uuid, 'monthly_plan', false, 'full', 'seat', false, 5,
         '{}', now())`,
      [partnerIds.brightside, id],
    );
    const changed = catalogOf(service('A'), service('B'), suite('S', ['A', 'B']), suite('T', ['S']));
    // The same products in another arrangement are no change.
    expect(await take(catalogOf(suite('T', ['S', 'A'])))).not.toHaveProperty('suiteChanges');
    expect((await check(changed)).faultCount).toBe(0);
    expect(await take(changed)).toMatchObject({ suiteChanges: 1 });
    expect(await world.all(SuiteChange)).toMatchObject([{ productId: id, partnerId: partnerIds.brightside }]);
    expect(await world.all(ServicePlan)).toMatchObject([{ locked: true }]);
  });
});

const demoCatalog = async (): Promise<unknown> => JSON.parse(await readFile('catalog/demo.json', 'utf8'));

describe('the demo files', () => {
  test('are in order and are taken', async () => {
    await take(await demoCatalog());
    for (const partner of ['northwind', 'fjord']) {
      const file = { partner, table: await readTableFile(`catalog/prices-${partner}.csv`) };
      expect(await world.execute(checkPriceFile, world.system, file)).toMatchObject({ faultCount: 0, ignored: [] });
      await world.execute(importPrices, world.system, file);
    }
    const names = await world.sql<{ name: string }>('select name from product');
    expect(names.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Worry-Free Services Advanced', 'Trend Vision One', 'Acme Backup']),
    );
  });
});

describe('price lists', () => {
  beforeEach(async () => {
    await take(await demoCatalog());
  });
  const header = ['sku', 'version', 'subscription_type', 'currency', 'valid_from', 'from_units', 'price'];
  const tableOf = (...rows: string[][]): Table => ({ header, rows: rows.map((cells, n) => ({ line: n + 2, cells })) });
  const wfs = (over: Record<number, string> = {}): string[] =>
    ['WFS', 'full', 'monthly_plan', 'EUR', '2026-01-01', '1', '2.95'].map((cell, n) => over[n] ?? cell);
  const checkPrices = (table: Table, partner = 'northwind') =>
    world.execute(checkPriceFile, world.system, { partner, table });
  const takePrices = (table: Table, partner = 'northwind') =>
    world.execute(importPrices, world.system, { partner, table });

  test.for([
    ['an unknown SKU', { 0: 'XYZ' }, 'sku', 'price.sku_unknown'],
    ['a suite', { 0: 'SP' }, 'sku', 'price.suite'],
    ['an unknown version', { 1: 'gold' }, 'version', 'input.not_one_of'],
    ['NFR', { 1: 'nfr' }, 'version', 'price.nfr'],
    ['an unknown subscription type', { 2: 'weekly' }, 'subscription_type', 'input.not_one_of'],
    ['an unknown currency', { 3: 'XXQ' }, 'currency', 'price.currency_unknown'],
    ['a day that does not exist', { 4: '2026-13-01' }, 'valid_from', 'input.not_day'],
    ['units from 0', { 5: '0' }, 'from_units', 'price.from_units_form'],
    ['units in halves', { 5: '1.5' }, 'from_units', 'price.from_units_form'],
    ['a negative price', { 6: '-1' }, 'price', 'price.form'],
    ['a price with a comma', { 6: '2,95' }, 'price', 'price.form'],
    ['a price left out', { 6: '' }, 'price', 'input.required'],
    ['a list that begins at 100', { 5: '100' }, 'from_units', 'price.no_first_break'],
  ] as const)('refuses %s, and takes none of the file', async ([, over, column, code]) => {
    const table = tableOf(wfs({ 0: 'CAS' }), wfs(over));
    expect((await checkPrices(table)).faults).toMatchObject([{ line: 3, column, code }]);
    await expect(takePrices(table)).rejects.toMatchObject({ code: 'import.faults', params: { count: 1 } });
    expect(await world.all(Price)).toEqual([]);
  });

  test('the same break twice names the line of the first', async () => {
    expect((await checkPrices(tableOf(wfs(), wfs({ 6: '3' })))).faults).toMatchObject([
      { line: 3, column: 'from_units', code: 'import.twice', params: { before: 2 } },
    ]);
  });

  test('belong to a Tier 1', async () => {
    await expect(takePrices(tableOf(wfs()), 'brightside')).rejects.toMatchObject({ code: 'price.not_tier_1' });
    await expect(takePrices(tableOf(wfs()), 'nobody')).rejects.toMatchObject({ code: 'not_found', field: 'partner' });
  });

  test('a break that was there gets the new price; equal figures are no change', async () => {
    await takePrices(tableOf(wfs(), wfs({ 5: '100', 6: '2.49' })));
    // A later file may bring more breaks for a list that begins at 1 already.
    const counts = await takePrices(
      tableOf(wfs({ 6: '2.950' }), wfs({ 5: '100', 6: '2.45' }), wfs({ 5: '500', 6: '2' })),
    );
    expect(counts).toEqual({ added: 1, changed: 1, unchanged: 1 });
  });

  test('the list that holds on a day is the newest that has begun, as a whole', async () => {
    await takePrices(tableOf(wfs(), wfs({ 5: '100', 6: '2.49' }), wfs({ 4: '2026-04-01', 6: '3.10' })));
    const breaks = async (day: string) =>
      world.host.transaction(world.system.actor, { readOnly: true }, async ({ reads }) => {
        const id = (await reads.catalog.named('WFS'))[0]!.id;
        const rows = await reads.catalog.breaks(partnerIds.northwind, [id], 'EUR', Temporal.PlainDate.from(day));
        return rows.map(({ fromUnits, price }) => [fromUnits, price]);
      });
    expect(await breaks('2025-12-31')).toEqual([]);
    expect(await breaks('2026-03-31')).toEqual([
      [1, '2.95'],
      [100, '2.49'],
    ]);
    expect(await breaks('2026-04-01')).toEqual([[1, '3.10']]);
  });

  test('are shown to who may see them, in the own currency', async () => {
    await takePrices(tableOf(wfs(), wfs({ 3: 'JPY', 6: '472' })));
    const pricesFor = async (email: string) =>
      (await world.execute(showProduct, await world.as(email), { product: 'wfs' })).prices;
    const euro = [
      {
        version: 'full',
        subscriptionType: 'monthly_plan',
        fromUnits: 1,
        price: { amount: '2.95', currency: 'EUR' },
      },
    ];
    expect(await pricesFor('ada@northwind.example')).toEqual(euro);
    expect(await pricesFor('mia@northwind.example')).toEqual(euro);
    expect(await pricesFor('leo@brightside.example')).toBeNull();
    await world.sql('update partner set prices_published = true where id in (?::uuid, ?::uuid)', [
      partnerIds.brightside,
      partnerIds.sakura,
    ]);
    expect(await pricesFor('leo@brightside.example')).toEqual(euro);
    expect(await pricesFor('vera@brightside.example')).toBeNull();
    expect(await pricesFor('yuki@sakura.example')).toMatchObject([{ price: { amount: '472', currency: 'JPY' } }]);
    expect(await pricesFor('olga@fjord.example')).toEqual([]);
    await world.sql('update partner set prices_published = false');
    expect(await world.stored(Partner, partnerIds.sakura)).toMatchObject({ pricesPublished: false });
  });
});

describe('looking at the catalogue', () => {
  beforeEach(async () => {
    await take(await demoCatalog());
  });
  const list = async (input: object) => world.execute(listProducts, await world.as('vera@brightside.example'), input);

  test('a suite is listed with its components, in the order of the catalogue', async () => {
    expect((await list({ search: 'wfs-adv' })).items[0]?.components.map(({ sku }) => sku)).toEqual([
      'WFS',
      'EMS-STD',
      'CAS',
    ]);
  });

  test('a product past its end of life is gone from the list, and can still be shown', async () => {
    expect((await list({ search: 'Legacy' })).items).toEqual([]);
    world.setNow('2025-12-30T22:59:00Z');
    expect((await list({ search: 'Legacy' })).items).toMatchObject([{ sku: 'LHE', sale: 'end_of_sale' }]);
    // Midnight of the last day in Berlin.
    world.setNow('2025-12-30T23:00:00Z');
    expect((await list({ search: 'Legacy' })).items).toEqual([]);
    const shown = await world.execute(showProduct, await world.as('vera@brightside.example'), { product: 'LHE' });
    expect(shown).toMatchObject({ sale: 'end_of_life', endOfLifeOn: '2025-12-31' });
  });

  test('a product past its end of sale is marked', async () => {
    expect((await list({ search: 'HMOB' })).items).toMatchObject([{ sku: 'HMOB', sale: 'end_of_sale' }]);
  });

  test('by name, ten a page', async () => {
    const page = await list({});
    expect(page).toMatchObject({ total: 19, pages: 2, page: 1, items: { length: 10 } });
    const names = page.items.map(({ name }) => name);
    expect(names).toEqual(names.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
  });

  test('is shown by SKU or by name in any case, with the components of a suite in order', async () => {
    const vera = await world.as('vera@brightside.example');
    const bySku = await world.execute(showProduct, vera, { product: 'spc' });
    expect(bySku).toMatchObject({ sku: 'SPC', credits: '2.8' });
    expect(bySku.components.map(({ sku }) => sku)).toEqual(['SP', 'WEB', 'MOB']);
    expect(await world.execute(showProduct, vera, { product: 'smart protection COMPLETE' })).toEqual(bySku);
    expect(await world.execute(showProduct, vera, { product: bySku.productId })).toEqual(bySku);
    await expect(world.execute(showProduct, vera, { product: 'nothing' })).rejects.toMatchObject({
      code: 'not_found',
      field: 'product',
    });
  });
});

describe('customer files', () => {
  const header = ['Account', 'Company', 'City', 'State', 'First name', 'LAST_NAME', 'E-Mail'];
  const row = (account: string, over: Record<number, string> = {}): string[] =>
    [account, 'Acme', 'Berlin', 'Berlin', 'Anna', 'Vogel', 'anna@acme.example'].map((cell, n) => over[n] ?? cell);
  const file = (rows: string[][], head = [...header.slice(0, 6), 'email']) => ({
    partner: 'brightside',
    table: { header: head, rows: rows.map((cells, n) => ({ line: n + 2, cells })) },
  });

  test('are taken whole: nobody is mailed', async () => {
    expect(await world.execute(importCustomers, world.system, file([row('one'), row('two')]))).toEqual({ added: 2 });
    expect(await world.all(Customer)).toMatchObject([
      { partnerId: partnerIds.brightside, tierOneId: partnerIds.northwind, accountMailOn: null },
      { accountMailOn: null },
    ]);
    expect(world.jobs).toEqual([]);
  });

  test('every fault of every line is told, and nothing is taken', async () => {
    await world.execute(importCustomers, world.system, file([row('held')]));
    const faulty = file([
      row('one', { 1: '', 6: 'nowhere' }),
      row('Two'),
      row('two'),
      row('HELD'),
      ['', '', '', '', '', '', ''],
      [...row('nine'), 'too', 'much'],
    ]);
    const { faults, faultCount } = await world.execute(checkCustomerFile, world.system, faulty);
    expect(faultCount).toBe(5);
    expect(faults.map(({ line, column, found, code }) => [line, column, found, code])).toEqual([
      [2, 'company', '', 'input.required'],
      [2, 'email', 'nowhere', 'input.not_email'],
      [4, 'account', 'two', 'import.twice'],
      [5, 'account', 'HELD', 'customer.account_taken'],
      [7, '', 'too, much', 'import.too_many_cells'],
    ]);
    await expect(world.execute(importCustomers, world.system, faulty)).rejects.toMatchObject({ code: 'import.faults' });
    expect(await world.all(Customer)).toHaveLength(1);
  });

  test('a missing column is told once, an unknown one is passed over by name', async () => {
    const { faults, ignored } = await world.execute(
      checkCustomerFile,
      world.system,
      file([row('one'), row('two')], header),
    );
    expect(faults).toMatchObject([{ line: 1, column: 'email', code: 'import.column_missing' }]);
    expect(ignored).toEqual(['E-Mail']);
  });

  test('of many faults the first hundred are told, and their number', async () => {
    const many = file(Array.from({ length: 150 }, (_, n) => row(`a${n}x`, { 6: 'x' })));
    const { faults, faultCount } = await world.execute(checkCustomerFile, world.system, many);
    expect([faults.length, faultCount, faults.at(-1)?.line]).toEqual([100, 150, 101]);
  });
});
