import { z } from 'zod';
import { tierOneOf } from '../caller.ts';
import { rule } from '../errors.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { customerFields } from './customer-fields.ts';
import { Customer } from './customer.ts';

const { account, company, city, state, firstName, lastName, email } = customerFields;

/** Looks at the first half of what is told of a customer, so that a form can complain before its second. */
export const checkCustomer = defineUseCase({
  kind: 'query',
  name: 'customer check',
  needs: 'license',
  input: z.strictObject({
    account,
    company,
    city,
    state,
    firstName,
    lastName,
    email,
    /** Account name or id of one that is edited: its own account name is not taken. */
    customer: lineOf(120).optional(),
  }),
  result: z.object({}),

  async run({ uow, reads, actor }, { customer, account: wanted }) {
    const customerId = customer === undefined ? null : await reads.customers.idOf(customer);
    const own = customerId === null ? null : (await uow.get(Customer, customerId, 'customer')).account;
    const isOwn = own?.toLowerCase() === wanted.toLowerCase();
    if (!isOwn && (await reads.customers.accountTaken(tierOneOf(actor), wanted)))
      throw rule('customer.account_taken', { field: 'account' });
    return {};
  },
});
