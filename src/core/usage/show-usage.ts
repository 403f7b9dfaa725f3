import { z } from 'zod';
import { dayAt } from '../calendar.ts';
import { findProduct } from '../catalog/find-product.ts';
import { Customer } from '../customers/customer.ts';
import { notFound } from '../errors.ts';
import { pageInput, pageOf, pageSize } from '../page.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { cycleName, cycleOf, parseCycle } from './report-cycle.ts';

/**
 * Usage peaks of one cycle by customer and product, the last ended one unless another is named: what the dashboard adds
 * up of the partner's own customers. The sums are of all pages.
 */
export const showUsage = defineUseCase({
  kind: 'query',
  name: 'usage show',
  needs: 'see',
  input: z.strictObject({
    customer: lineOf(120).optional(),
    product: lineOf(120).optional(),
    /** `2026-02`. */
    cycle: z.string().trim().optional(),
    page: pageInput,
  }),
  result: pageOf(
    z.object({
      /** Account name. */
      customer: z.string(),
      company: z.string(),
      /** SKU. */
      product: z.string(),
      productName: z.string(),
      provisioned: z.int(),
      /** Null: not reported. */
      used: z.int().nullable(),
    }),
  ).extend({ cycle: z.string(), provisioned: z.int(), used: z.int().nullable() }),

  async run({ uow, reads, actor, now }, { customer, product, cycle: named, page }) {
    const customerId = customer === undefined ? undefined : await reads.customers.idOf(customer);
    if (customerId === null) throw notFound('customer', 'customer');
    const productId = product === undefined ? undefined : await findProduct(reads, product);
    const partnerId = customerId ? (await uow.get(Customer, customerId, 'customer')).partnerId : actor.partnerId;
    const running = cycleOf(dayAt(now, actor.timeZone));
    const cycle = named === undefined ? cycleOf(running.from.subtract({ days: 1 })) : parseCycle(named, 'cycle');
    const found = await reads.licenses.usageOf({ partnerId, customerId, productId }, cycle, { page, size: pageSize });
    return { ...found, items: [...found.items], cycle: cycleName(cycle) };
  },
});
