import { z } from 'zod';
import { dayAt } from '../calendar.ts';
import { pageInput, pageOf, pageSize } from '../page.ts';
import { optionalLineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';

/** The customers within reach, by company, then city and account; searched in company, account and city. */
export const listCustomers = defineUseCase({
  kind: 'query',
  name: 'customer list',
  needs: 'see',
  input: z.strictObject({
    search: optionalLineOf(120),
    status: z.enum(['enabled', 'suspended']).optional(),
    /** Only the partner's own, without those of partners that it manages: what the dashboard counts. */
    own: z.boolean().optional(),
    page: pageInput,
  }),
  result: pageOf(
    z.object({
      customerId: z.string(),
      account: z.string(),
      company: z.string(),
      city: z.string(),
      status: z.enum(['enabled', 'suspended']),
      licenses: z.int(),
      units: z.int(),
    }),
  ),

  async run({ reads, actor, now }, { search, status, own, page }) {
    const today = dayAt(now, actor.timeZone);
    const filter = { search: search || undefined, status, partnerId: own ? actor.partnerId : undefined };
    const found = await reads.customers.list(filter, { page, size: pageSize }, today);
    return { ...found, items: [...found.items] };
  },
});
