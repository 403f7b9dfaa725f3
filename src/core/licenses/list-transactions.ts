import { z } from 'zod';
import { dayInput, dayResult, isBefore, startOfDay } from '../calendar.ts';
import { unitTypes } from '../catalog/product.ts';
import { invalid, notFound } from '../errors.ts';
import { moneyResult } from '../money/money.ts';
import { pageInput, pageOf, pageSize } from '../page.ts';
import { seesPrices } from '../permissions.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { transactionTypes } from './customer-transaction.ts';

/** The ledger within reach, newest first; amounts only for who sees prices. */
export const listTransactions = defineUseCase({
  kind: 'query',
  name: 'transactions',
  needs: 'see',
  input: z.strictObject({
    customer: lineOf(120).optional(),
    license: lineOf(120).optional(),
    type: z.enum(transactionTypes).optional(),
    product: lineOf(120).optional(),
    /** Days of the partner's zone on which the rows were written, both included. */
    from: dayInput.optional(),
    to: dayInput.optional(),
    page: pageInput,
  }),
  result: pageOf(
    z.object({
      transactionId: z.string(),
      licenseId: z.string(),
      at: z.string(),
      effectiveOn: dayResult,
      type: z.enum(transactionTypes),
      reason: z.string(),
      customer: z.string(),
      company: z.string(),
      product: z.string(),
      productName: z.string(),
      unitType: z.enum(unitTypes),
      planBefore: z.string().nullable(),
      planAfter: z.string().nullable(),
      unitsBefore: z.int(),
      delta: z.int(),
      unitsAfter: z.int(),
      startsOn: dayResult.nullable(),
      endsOn: dayResult.nullable(),
      /** Sum of the row's money lines; null: none, or not for this person's eyes. */
      amount: moneyResult.nullable(),
      /** A person's name; null: the system. */
      by: z.string().nullable(),
    }),
  ),

  async run({ reads, actor }, { customer, license, type, product, from, to, page }) {
    const customerId = customer === undefined ? undefined : await reads.customers.idOf(customer);
    if (customerId === null) throw notFound('customer', 'customer');
    const productId = product === undefined ? undefined : await reads.catalog.idOf(product);
    if (productId === null) throw notFound('product', 'product');
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
    return {
      ...found,
      items: found.items.map((row) => ({ ...row, amount: seesPrices(actor) ? row.amount : null })),
    };
  },
});
