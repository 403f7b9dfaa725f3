import { z } from 'zod';
import type { PersonActor } from '../caller.ts';
import { licenseResult, showLicense } from '../licenses/license-result.ts';
import { assignmentStatuses } from '../plans/plan-assignment.ts';
import type { Context } from '../use-case.ts';
import type { Customer } from './customer.ts';

const optional = z.string().nullable();

/** What is stored of a customer, as cards, forms and scripts see it. */
export const customerResult = z.object({
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
});
export type CustomerResult = z.output<typeof customerResult>;

export const customerOf = (customer: Customer): CustomerResult => ({
  customerId: customer.id,
  account: customer.account,
  company: customer.company,
  city: customer.city,
  state: customer.state,
  firstName: customer.firstName,
  lastName: customer.lastName,
  email: customer.email,
  emergencyEmail: customer.emergencyEmail,
  phone: customer.phone,
  address: customer.address,
  postalCode: customer.postalCode,
  country: customer.country,
  language: customer.language,
  accountMailOn: customer.accountMailOn?.toString() ?? null,
  status: customer.status,
});

/** A customer with what it holds: its assignments, and its licences with their status today. */
export const customerHoldings = customerResult.extend({
  /** Whether it belongs to the caller's own partner; another's may be read and no more. */
  own: z.boolean(),
  /** Whether the account-created mail was written: from then on its day stays. */
  accountMailSent: z.boolean(),
  assignments: z.array(
    z.object({
      assignmentId: z.string(),
      planId: z.string(),
      plan: z.string(),
      units: z.int(),
      startsOn: z.iso.date(),
      status: z.enum(assignmentStatuses),
    }),
  ),
  licenses: z.array(licenseResult),
});

export const holdingsOf = async (
  { reads, actor, now }: Pick<Context<PersonActor>, 'reads' | 'actor' | 'now'>,
  customer: Customer,
): Promise<z.output<typeof customerHoldings>> => ({
  ...customerOf(customer),
  own: actor.partnerId === customer.partnerId,
  accountMailSent: await reads.customers.accountMailSent(customer.id),
  assignments: [...(await reads.customers.assignments(customer.id))],
  licenses: (await reads.licenses.list(customer.id, now)).map(showLicense),
});
