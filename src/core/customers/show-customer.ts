import { z } from 'zod';
import { notFound } from '../errors.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { customerHoldings, holdingsOf } from './customer-result.ts';
import { Customer } from './customer.ts';

/** One customer with what it holds: its assignments, and its licences with their status today. */
export const showCustomer = defineUseCase({
  kind: 'query',
  name: 'customer show',
  needs: 'see',
  input: z.strictObject({
    /** Account name or id. */
    customer: lineOf(120),
  }),
  result: customerHoldings,

  async run(context, { customer: named }) {
    const customerId = await context.reads.customers.idOf(named);
    if (customerId === null) throw notFound('customer', 'customer');
    return holdingsOf(context, await context.uow.get(Customer, customerId, 'customer'));
  },
});
