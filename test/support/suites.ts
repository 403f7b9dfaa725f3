/** A small world of suites whose composition changes: what tests of suite changes start from. */
import { importCatalog } from '../../src/core/catalog/import-catalog.ts';
import { Product } from '../../src/core/catalog/product.ts';
import { CustomerTransaction } from '../../src/core/licenses/customer-transaction.ts';
import { License } from '../../src/core/licenses/license.ts';
import { MoneyLine } from '../../src/core/licenses/money-line.ts';
import { acceptSuiteChange } from '../../src/core/suites/accept-suite-change.ts';
import { approveSuiteChange } from '../../src/core/suites/approve-suite-change.ts';
import { listSuiteChanges, showSuiteChange } from '../../src/core/suites/list-suite-changes.ts';
import { scriptOf } from './licensing.ts';
import type { World } from './world.ts';

export const centres = ['Europe', 'Japan', 'United States'];
const service = (sku: string, over: object = {}) => ({
  sku,
  name: `Service ${sku}`,
  kind: 'service',
  unitTypes: ['seat'],
  dataCentres: centres,
  ...over,
});
const software = (sku: string, over: object = {}) => ({
  sku,
  name: `Software ${sku}`,
  kind: 'software',
  unitTypes: ['device'],
  ...over,
});

/** The products that suites of these tests are made of: services A, B, C and software D; F stands in Japan alone. */
export const parts = (over: Readonly<Record<string, object>> = {}): object[] => [
  ...['A', 'B', 'C'].map((sku) => service(sku, over[sku])),
  software('D', over.D),
  service('F', { dataCentres: ['Japan'], ...over.F }),
  service('G', { unitTypes: ['mailbox'], ...over.G }),
];
export const suite = (sku: string, components: string[], over: object = {}) => ({
  sku,
  name: `Suite ${sku}`,
  kind: 'suite',
  unitTypes: ['seat'],
  components,
  ...over,
});

/** Throws everything away that hangs on the catalogue: the ledger is append-only for everyone but the login role. */
export const emptied = async (world: World): Promise<void> => {
  await world.database.orm.em
    .fork()
    .execute('truncate vendor, product, customer, service_plan, usage_report, audit_entry, audit_head cascade');
};

/**
 * So many customers with a plan, `many-1` … , as assigning them one after the other would have left them: copies of one
 * that was assigned by the door.
 */
export const manyOn = async (world: World, plan: string, count: number): Promise<void> => {
  const as = scriptOf(world);
  await as.customer('many-1');
  await as.assign('many-1', plan);
  const copied = async (table: string, over: Readonly<Record<string, string>>): Promise<string> => {
    const columns = await world.sql<{ name: string }>(
      `select column_name as name from information_schema.columns where table_name = '${table}' order by ordinal_position`,
    );
    const names = columns.map(({ name }) => name);
    return `insert into ${table} (${names.map((name) => `"${name}"`).join(', ')})
      select ${names.map((name) => over[name] ?? `t."${name}"`).join(', ')} from ${table} t`;
  };
  // As ids go, of version 7.
  const of = (column: string) =>
    `overlay(overlay(md5(t.${column}::text || n) placing '7' from 13) placing '8' from 17)::uuid`;
  const numbers = `cross join generate_series(2, ${count}) n`;
  const mine = `(select id from customer where account = 'many-1')`;
  for (const [table, over, where] of [
    [
      'customer',
      {
        id: of('id'),
        account: `'many-' || n`,
        company: `'Company many-' || n`,
        email: `'many-' || n || '@many.example'`,
      },
      `t.id = ${mine}`,
    ],
    ['plan_assignment', { id: of('id'), customer_id: of('customer_id') }, `t.customer_id = ${mine}`],
    [
      'license',
      { id: of('id'), customer_id: of('customer_id'), assignment_id: of('assignment_id') },
      `t.customer_id = ${mine}`,
    ],
    [
      'customer_transaction',
      { id: of('id'), customer_id: of('customer_id'), license_id: of('license_id') },
      `t.customer_id = ${mine}`,
    ],
  ] as const)
    await world.sql(`${await copied(table, over)} ${numbers} where ${where}`);
};

export const suiteScript = (world: World, email?: string) => {
  const as = scriptOf(world, email);
  const skuOf = async () => new Map((await world.all(Product)).map(({ id, sku }) => [id, sku]));
  return {
    ...as,
    take: (...products: object[]) =>
      world.execute(importCatalog, world.system, { catalog: { vendors: [{ name: 'Acme', products }] } }),
    changes: async (input: object = {}) => (await as.run(listSuiteChanges, input)).items,
    show: (change: string) => as.run(showSuiteChange, { change }),
    approve: (change: string, over: object = {}) => as.run(approveSuiteChange, { change, ...over }),
    accept: (change: string, over: object = {}) => as.run(acceptSuiteChange, { change, ...over }),
    /** By SKU, the licences that were not removed: units and dates, and whose they are. */
    held: async (customerId: string) => {
      const skus = await skuOf();
      const licenses = await world.all(License, { customerId });
      return Object.fromEntries(
        licenses
          .filter(({ removedOn }) => removedOn === null)
          .map((license) => [skus.get(license.productId)!, license] as const),
      );
    },
    /** `type/reason SKU Δ`, of rows that were written since. */
    rowsSince: async (customerId: string, before: readonly CustomerTransaction[] = []) => {
      const skus = await skuOf();
      const known = new Set(before.map(({ id }) => id));
      return (await world.all(CustomerTransaction, { customerId }))
        .filter(({ id }) => !known.has(id))
        .map((row) => `${row.type}/${row.reason} ${skus.get(row.productId)} ${row.delta} ${row.effectiveOn.toString()}`)
        .toSorted();
    },
    ledger: (customerId: string) => world.all(CustomerTransaction, { customerId }),
    /** `kind SKU amount`, of lines that were written since. */
    moneySince: async (customerId: string, before: readonly MoneyLine[] = []) => {
      const skus = await skuOf();
      const known = new Set(before.map(({ id }) => id));
      return (await world.all(MoneyLine, { customerId }))
        .filter(({ id }) => !known.has(id))
        .map(({ kind, productId, amountMinor }) => `${kind} ${skus.get(productId)} ${amountMinor}`)
        .toSorted();
    },
    money: (customerId: string) => world.all(MoneyLine, { customerId }),
  };
};
