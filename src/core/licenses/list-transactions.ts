import { z } from 'zod';
import { dayInput, isBefore, startOfDay } from '../calendar.ts';
import { findProduct } from '../catalog/find-product.ts';
import { invalid, notFound } from '../errors.ts';
import { pageInput, pageOf, pageSize } from '../page.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { transactionTypes } from './customer-transaction.ts';
import { showTransactionTo, transactionResult } from './transaction-result.ts';

/**
 * The ledger within reach, newest first; amounts only for who sees prices. A period is of days on which rows were
 * written, as `at` says, not on which they take effect: so a period that is over never changes.
 */
export const listTransactions = defineUseCase({
  kind: 'query',
  name: 'transactions',
  needs: 'see',
  input: z.strictObject({
    customer: lineOf(120).optional(),
    license: lineOf(120).optional(),
    type: z.enum(transactionTypes).optional(),
    product: lineOf(120).optional(),
    /** Days of the zone of the partner of whoever asks, both included. */
    from: dayInput.optional(),
    to: dayInput.optional(),
    page: pageInput,
  }),
  result: pageOf(transactionResult),

  async run({ reads, actor }, { customer, license, type, product, from, to, page }) {
    const customerId = customer === undefined ? undefined : await reads.customers.idOf(customer);
    if (customerId === null) throw notFound('customer', 'customer');
    const productId = product === undefined ? undefined : await findProduct(reads, product);
    if (license !== undefined && !(await reads.licenses.exists(license))) throw notFound('license', 'license');
    if (from && to && isBefore(to, from)) throw invalid('transactions.period', 'to', { from: from.toString() });
    const found = await reads.licenses.transactions(
      {
        customerId,
        licenseId: license,
        type,
        productId,
        from: from && startOfDay(from, actor.timeZone),
        to: to && startOfDay(to.add({ days: 1 }), actor.timeZone),
      },
      { page, size: pageSize },
    );
    return { ...found, items: found.items.map((row) => showTransactionTo(actor, row)) };
  },
});
