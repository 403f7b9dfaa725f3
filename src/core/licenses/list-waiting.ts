import { z } from 'zod';
import { unitTypes } from '../catalog/product.ts';
import { notFound } from '../errors.ts';
import { pageInput, pageOf, pageSize } from '../page.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';

/** The partner's crossgrades that wait, longest first: assignments that were refused for what a customer has already. */
export const listWaitingCrossgrades = defineUseCase({
  kind: 'query',
  name: 'crossgrade list',
  needs: 'see',
  input: z.strictObject({
    /** Account name or id: of this customer alone. */
    customer: lineOf(120).optional(),
    page: pageInput,
    /** How many on a page. */
    size: z.int().min(1).max(pageSize).default(pageSize),
  }),
  result: pageOf(
    z.object({
      customer: z.string(),
      company: z.string(),
      planId: z.string(),
      plan: z.string(),
      units: z.int(),
      unitType: z.enum(unitTypes),
      by: z.string(),
      at: z.iso.datetime(),
    }),
  ),

  async run({ reads, actor }, { customer, page, size }) {
    const customerId = customer === undefined ? null : await reads.customers.idOf(customer);
    if (customer !== undefined && customerId === null) throw notFound('customer', 'customer');
    const found = await reads.crossgrades.waiting(actor.partnerId, customerId, { page, size });
    return { ...found, items: [...found.items] };
  },
});
