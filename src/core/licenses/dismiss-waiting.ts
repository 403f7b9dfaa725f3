import { z } from 'zod';
import { dayAt } from '../calendar.ts';
import { Customer } from '../customers/customer.ts';
import { notFound } from '../errors.ts';
import { WaitingCrossgrade } from '../plans/waiting-crossgrade.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';

/** Gives up a crossgrade that waits: nothing of the customer's changes, and it is counted no more. */
export const dismissWaitingCrossgrade = defineUseCase({
  kind: 'command',
  name: 'crossgrade dismiss',
  needs: 'license',
  /** Customer and plan by name or id. */
  input: z.strictObject({ customer: lineOf(120), plan: lineOf(120) }),
  result: z.object({}),

  async run({ uow, reads, actor, now }, { customer, plan }) {
    const today = dayAt(now, actor.timeZone);
    const { customerId, planId } = await reads.licenses.assignTarget(customer, plan, today);
    if (!customerId) throw notFound('customer', 'customer');
    if (!planId) throw notFound('service plan', 'plan');
    await uow.lock(Customer, customerId, 'customer');
    const waitingId = await reads.crossgrades.waitingId(customerId, planId);
    if (waitingId === null) throw notFound('waiting crossgrade', 'plan');
    (await uow.lock(WaitingCrossgrade, waitingId)).resolvedAt = now;
    return {};
  },
});
