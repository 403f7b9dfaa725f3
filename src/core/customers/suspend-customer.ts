import { z } from 'zod';
import type { PersonActor } from '../caller.ts';
import { notFound, rule } from '../errors.ts';
import { lineOf } from '../text.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import { CustomerEvent } from './customer-event.ts';
import { customerHoldings, holdingsOf } from './customer-result.ts';
import { Customer } from './customer.ts';

const input = z.strictObject({
  /** Account name or id. */
  customer: lineOf(120),
});

/** Turns the customer's status and keeps the event; licences are not touched: their status follows the customer's. */
const turn = async (context: Context<PersonActor>, named: string, kind: CustomerEvent['kind']) => {
  const { uow, reads, actor, now, requestId } = context;
  const customerId = await reads.customers.idOf(named);
  if (customerId === null) throw notFound('customer', 'customer');
  const customer = await uow.lock(Customer, customerId, 'customer');
  const status = kind === 'suspended' ? 'suspended' : 'enabled';
  if (customer.status === status)
    throw rule(status === 'suspended' ? 'customer.already_suspended' : 'customer.not_suspended', {
      field: 'customer',
      params: { customer: customer.company },
    });
  customer.status = status;
  uow.add(
    new CustomerEvent({
      id: uow.newId(),
      partnerId: customer.partnerId,
      customerId,
      kind,
      at: now,
      personId: actor.personId,
      requestId,
    }),
  );
  await uow.flush();
  return holdingsOf(context, customer);
};

/**
 * Suspends a customer: nothing can be given to it and nothing renews until it is resumed. Terms run on, and what it
 * uses is charged.
 */
export const suspendCustomer = defineUseCase({
  kind: 'command',
  name: 'customer suspend',
  needs: 'license',
  input,
  result: customerHoldings,
  run: (context, { customer }) => turn(context, customer, 'suspended'),
});

/** Ends a customer's suspension; renewals that waited for it become due. */
export const resumeCustomer = defineUseCase({
  kind: 'command',
  name: 'customer resume',
  needs: 'license',
  input,
  result: customerHoldings,
  run: (context, { customer }) => turn(context, customer, 'resumed'),
});
