import { z } from 'zod';
import { licenseVersions, subscriptionTypes, unitTypes } from '../catalog/product.ts';
import { licenseStatuses } from '../licenses/license-status.ts';
import { defineUseCase } from '../use-case.ts';

const license = z.object({
  licenseId: z.uuid(),
  vendor: z.string(),
  sku: z.string(),
  product: z.string(),
  /** Null: unbundled. */
  plan: z.string().nullable(),
  subscriptionType: z.enum(subscriptionTypes),
  version: z.enum(licenseVersions),
  units: z.int(),
  unitType: z.enum(unitTypes),
  startsOn: z.iso.date(),
  /** The last day: the day before the end. */
  expiresOn: z.iso.date(),
  status: z.enum(licenseStatuses),
  autoRenewal: z.boolean(),
  /** Peaks of the cycle by the product's usage basis; null: no record. */
  provisioned: z.int().nullable(),
  used: z.int().nullable(),
  /** Exact decimal; of a suite on the row of its first component, the others null. */
  credits: z.string().nullable(),
});

const row = z.object({
  company: z.string(),
  account: z.string(),
  city: z.string(),
  state: z.string(),
  country: z.string().nullable(),
  status: z.enum(['enabled', 'suspended']),
  /** Null: the customer has no open licence. */
  license: license.nullable(),
});
export type SummaryRow = z.output<typeof row>;
export type SummaryLicense = z.output<typeof license>;

const cursor = z.object({ company: z.string(), customerId: z.uuid() });
export type SummaryCursor = z.output<typeof cursor>;

/**
 * The customer summary of one partner as of an instant, a page of customers at a time: each open licence with the
 * usage peaks of one cycle (its first day, `YYYY-MM-DD`). `next` goes on; null: that was all.
 */
export const customerSummary = defineUseCase({
  kind: 'query',
  name: 'customer summary',
  needs: 'system',
  input: z.object({
    partnerId: z.uuid(),
    at: z.iso.datetime(),
    cycleFrom: z.iso.date(),
    after: cursor.nullable().default(null),
    customers: z.int().min(1).max(1000).default(200),
  }),
  result: z.object({ rows: z.array(row), next: cursor.nullable() }),

  async run({ reads }, { partnerId, at, cycleFrom, after, customers }) {
    const page = await reads.customers.summary({
      partnerId,
      at: Temporal.Instant.from(at),
      cycleFrom: Temporal.PlainDate.from(cycleFrom),
      after,
      customers,
    });
    return { rows: [...page.rows], next: page.next };
  },
});
