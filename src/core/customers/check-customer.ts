import { z } from 'zod';
import { tierOneOf } from '../caller.ts';
import { rule } from '../errors.ts';
import { defineUseCase } from '../use-case.ts';
import { customerFields } from './customer-fields.ts';

const { account, company, city, state, firstName, lastName, email } = customerFields;

/** Looks at the first half of what is told of a new customer, so that a form can complain before its second. */
export const checkCustomer = defineUseCase({
  kind: 'query',
  name: 'customer check',
  needs: 'license',
  input: z.strictObject({ account, company, city, state, firstName, lastName, email }),
  result: z.object({}),

  async run({ reads, actor }, input) {
    if (await reads.customers.accountTaken(tierOneOf(actor), input.account)) {
      throw rule('customer.account_taken', { field: 'account' });
    }
    return {};
  },
});
