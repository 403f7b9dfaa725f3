/** What the database says of a customer's licences, in the short words that tests compare. */
import { expect } from 'vitest';
import { Product } from '../../src/core/catalog/product.ts';
import { CustomerTransaction } from '../../src/core/licenses/customer-transaction.ts';
import { License } from '../../src/core/licenses/license.ts';
import { MoneyLine } from '../../src/core/licenses/money-line.ts';
import type { World } from './world.ts';

export const booksOf = (world: World) => {
  const licenses = (customerId: string) => world.all(License, { customerId });
  const ledger = (customerId: string) => world.all(CustomerTransaction, { customerId });
  return {
    licenses,
    ledger,
    /** By SKU; of several of one product the newest. */
    bySku: async (customerId: string): Promise<ReadonlyMap<string, License>> => {
      const skus = new Map((await world.all(Product)).map(({ id, sku }) => [id, sku]));
      return new Map((await licenses(customerId)).map((license) => [skus.get(license.productId)!, license]));
    },
    /** `type/reason before Δ after @ effective day`, in the order of writing. */
    rows: async (customerId: string, from = 0): Promise<string[]> =>
      (await ledger(customerId))
        .slice(from)
        .map(
          ({ type, reason, unitsBefore, delta, unitsAfter, effectiveOn }) =>
            `${type}/${reason} ${unitsBefore} ${delta > 0 ? '+' : ''}${delta} ${unitsAfter} @ ${effectiveOn.toString()}`,
        ),
    /** `kind amount @ effective day`, in the order of writing. */
    money: async (customerId: string): Promise<string[]> =>
      (await world.all(MoneyLine, { customerId })).map(
        ({ kind, amountMinor, effectiveOn }) => `${kind} ${amountMinor} @ ${effectiveOn.toString()}`,
      ),
    /** Σ Δ of the rows effective by a day far off = the units of every licence, and each row adds up. */
    expectProof: async (customerId: string): Promise<void> => {
      const rows = await ledger(customerId);
      for (const { id, units } of await licenses(customerId)) {
        const own = rows.filter(({ licenseId }) => licenseId === id);
        expect([id, own.reduce((sum, { delta }) => sum + delta, 0)]).toEqual([id, units]);
      }
    },
  };
};
