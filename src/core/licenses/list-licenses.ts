import { z } from 'zod';
import { Customer } from '../customers/customer.ts';
import { notFound } from '../errors.ts';
import { optionalPageInput, pageOf, pageSize } from '../page.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { licenseResult, showLicense } from './license-result.ts';
import { licenseStatuses } from './license-status.ts';

/**
 * Licences with their status today: those of one customer, open ones first, or those of all of the partner's own
 * customers. A customer's come whole unless a page is asked for.
 */
export const listLicenses = defineUseCase({
  kind: 'query',
  name: 'license list',
  needs: 'see',
  input: z.strictObject({
    customer: lineOf(120).optional(),
    /** `open`: neither removed nor expired. */
    status: z.enum([...licenseStatuses, 'open']).optional(),
    /** Only open ones with a term, running or ahead, that was renewed at the old price for want of a new one. */
    priceKept: z.boolean().optional(),
    page: optionalPageInput,
  }),
  result: pageOf(licenseResult.extend({ customer: z.string(), company: z.string() })).extend({
    /** Of the customer that was asked for; null: of all. */
    account: z.string().nullable(),
    company: z.string().nullable(),
    /** Whether they are of the caller's own partner; another's may be read and no more. */
    own: z.boolean(),
    /** The units of all pages together. */
    units: z.int(),
  }),

  async run({ uow, reads, actor, now }, { customer, status, priceKept, page }) {
    const customerId = customer === undefined ? undefined : await reads.customers.idOf(customer);
    if (customerId === null) throw notFound('customer', 'customer');
    const one = customerId === undefined ? null : await uow.get(Customer, customerId, 'customer');
    const found = await reads.licenses.find(
      { customerId, partnerId: one ? undefined : actor.partnerId, status, priceKept },
      one && page === undefined ? null : { page: page ?? 1, size: pageSize },
      now,
    );
    return {
      ...found,
      items: found.items.map((row) => ({ ...showLicense(row), customer: row.customer, company: row.company })),
      account: one?.account ?? null,
      company: one?.company ?? null,
      own: one === null || one.partnerId === actor.partnerId,
    };
  },
});
