import { z } from 'zod';
import { dayResult } from '../calendar.ts';
import { unitTypes } from '../catalog/product.ts';
import { Customer } from '../customers/customer.ts';
import { Partner } from '../people/partner.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import { defineUseCase } from '../use-case.ts';

/** What went, and by which ledger row: the row of one of the licences stands for all that went with it. */
export interface Discontinued {
  readonly customerId: string;
  /** A ledger row that took units away, written in this same transaction. */
  readonly transactionId: string;
  readonly licenseIds: readonly string[];
}

/** Event and reason of the mail `license_discontinued`: once for each request that removed licences of a customer. */
export const discontinuedMailKey = (transactionId: string): string => `license.discontinued:${transactionId}`;

/** Has the customer told that licences were removed; where none was, nothing is told. */
export const tellDiscontinued = (
  uow: Pick<UnitOfWork, 'enqueue'>,
  { customerId, transactionId, licenseIds }: Discontinued,
): void => {
  if (licenseIds.length === 0) return;
  uow.enqueue(
    'notify',
    { topic: 'license.discontinued', data: { customerId, transactionId, licenseIds: licenseIds.join(',') } },
    { key: discontinuedMailKey(transactionId) },
  );
};

/** What the mail `license_discontinued` tells a customer of licences that one request removed. */
export const discontinuedMailContent = defineUseCase({
  kind: 'query',
  name: 'license discontinued mail',
  needs: 'system',
  input: z.strictObject({ customerId: z.string(), transactionId: z.string(), licenseIds: z.array(z.string()) }),
  result: z.object({
    company: z.string(),
    contact: z.string(),
    partner: z.string(),
    partnerEmail: z.string(),
    licenses: z.array(
      z.object({
        productName: z.string(),
        /** Name; null: it was unbundled. */
        plan: z.string().nullable(),
        /** As many as went with it. */
        units: z.int(),
        unitType: z.enum(unitTypes),
        /** The day from which it is gone. */
        removedOn: dayResult,
      }),
    ),
  }),

  async run({ uow, reads }, { customerId, transactionId, licenseIds }) {
    const customer = await uow.get(Customer, customerId);
    const partner = await uow.get(Partner, customer.partnerId);
    return {
      company: customer.company,
      contact: `${customer.firstName} ${customer.lastName}`,
      partner: partner.company,
      partnerEmail: partner.email,
      licenses: [...(await reads.licenses.discontinued(transactionId, licenseIds))],
    };
  },
});
