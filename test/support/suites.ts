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
    .execute('truncate vendor, product, customer, service_plan, audit_entry, audit_head cascade');
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
