import { z } from 'zod';
import { dayAt } from '../calendar.ts';
import { tierOneOf } from '../caller.ts';
import { rule } from '../errors.ts';
import { defineUseCase } from '../use-case.ts';
import { announceAccount } from './account-mail.ts';
import { accountMail, accountMailDay, customerFields, storedFields } from './customer-fields.ts';
import { Customer } from './customer.ts';

/** Enters a customer of the caller's partner; the account-created mail goes out now, on a day, or never. */
export const addCustomer = defineUseCase({
  kind: 'command',
  name: 'customer add',
  needs: 'license',
  input: z.strictObject({ ...customerFields, accountMail: accountMail.default('now') }),
  result: z.object({ customerId: z.string(), account: z.string() }),

  async run({ uow, reads, actor, now }, { accountMail: when, ...fields }) {
    const today = dayAt(now, actor.timeZone);
    const accountMailOn = accountMailDay(when, today);
    const tierOneId = tierOneOf(actor);
    // Two callers at once pass this check both: the unique index then refuses the slower one with the same code.
    if (await reads.customers.accountTaken(tierOneId, fields.account)) {
      throw rule('customer.account_taken', { field: 'account' });
    }
    const customer = new Customer({
      id: uow.newId(),
      partnerId: actor.partnerId,
      tierOneId,
      ...storedFields(fields),
      accountMailOn,
      status: 'enabled',
      createdAt: now,
    });
    uow.add(customer);
    if (accountMailOn?.equals(today)) announceAccount(uow, customer.id);
    return { customerId: customer.id, account: customer.account };
  },
});
