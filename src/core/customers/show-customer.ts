import { z } from 'zod';
import { notFound } from '../errors.ts';
import { licenseResult, showLicense } from '../licenses/license-result.ts';
import { defineUseCase } from '../use-case.ts';
import { lineOf } from '../text.ts';
import { Customer } from './customer.ts';

const optional = z.string().nullable();

/** One customer with what it holds: its assignments, and its licences with their status today. */
export const showCustomer = defineUseCase({
  kind: 'query',
  name: 'customer show',
  needs: 'see',
  input: z.strictObject({
    /** Account name or id. */
    customer: lineOf(120),
  }),
  result: z.object({
    customerId: z.string(),
    account: z.string(),
    company: z.string(),
    city: z.string(),
    state: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    email: z.string(),
    emergencyEmail: optional,
    phone: optional,
    address: optional,
    postalCode: optional,
    country: optional,
    language: optional,
    /** The day the account-created mail goes out; null: never. */
    accountMailOn: z.iso.date().nullable(),
    status: z.enum(['enabled', 'suspended']),
    assignments: z.array(
      z.object({
        assignmentId: z.string(),
        planId: z.string(),
        plan: z.string(),
        units: z.int(),
        startsOn: z.iso.date(),
        status: z.enum(['active', 'replaced']),
      }),
    ),
    licenses: z.array(licenseResult),
  }),

  async run({ uow, reads, now }, { customer: named }) {
    const customerId = await reads.customers.idOf(named);
    if (customerId === null) throw notFound('customer', 'customer');
    const {
      id,
      partnerId: _partner,
      tierOneId: _tierOne,
      createdAt: _at,
      accountMailOn,
      ...customer
    } = {
      ...(await uow.get(Customer, customerId, 'customer')),
    };
    return {
      ...customer,
      customerId: id,
      accountMailOn: accountMailOn?.toString() ?? null,
      assignments: [...(await reads.customers.assignments(id))],
      licenses: (await reads.licenses.list(id, now)).map(showLicense),
    };
  },
});
