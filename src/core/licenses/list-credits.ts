import { z } from 'zod';
import { dayAt } from '../calendar.ts';
import { unitTypes } from '../catalog/product.ts';
import { pageInput, pageOf, pageSize } from '../page.ts';
import { defineUseCase } from '../use-case.ts';

/**
 * What converts into credits today, the most first: the partner's own assignments at the rate of their plan's product,
 * and its customers' unbundled licences at their own. `credits` is the sum of all pages, the dashboard's figure.
 */
export const listCredits = defineUseCase({
  kind: 'query',
  name: 'license credits',
  needs: 'see',
  input: z.strictObject({ page: pageInput }),
  result: pageOf(
    z.object({
      /** Account name. */
      customer: z.string(),
      company: z.string(),
      /** Null: unbundled. */
      plan: z.string().nullable(),
      /** SKU of the plan's product, or of the licence's own. */
      product: z.string(),
      productName: z.string(),
      units: z.int(),
      unitType: z.enum(unitTypes),
      /** Exact decimals. */
      creditsPerUnit: z.string(),
      credits: z.string(),
    }),
  ).extend({ credits: z.string() }),

  async run({ reads, actor, now }, { page }) {
    const today = dayAt(now, actor.timeZone);
    const found = await reads.licenses.credits(actor.partnerId, today, { page, size: pageSize });
    return { ...found, items: [...found.items] };
  },
});
