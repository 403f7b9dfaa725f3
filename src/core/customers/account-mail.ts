import { z } from 'zod';
import { dayAt, isOnOrAfter } from '../calendar.ts';
import { Partner } from '../people/partner.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import { defineUseCase } from '../use-case.ts';
import { Customer } from './customer.ts';

/** Event and reason of the account-created mail: it goes to each customer once. */
export const accountMailKey = (customerId: string): string => `customer.account_created:${customerId}`;

/** Has the account-created mail drawn and sent. */
export const announceAccount = (uow: Pick<UnitOfWork, 'enqueue'>, customerId: string): void =>
  uow.enqueue(
    'notify',
    { topic: 'customer.account_created', data: { customerId } },
    { key: accountMailKey(customerId) },
  );

/** Announces the accounts whose day has come, in the zone of the partner that owns each. */
export const announceDueAccounts = defineUseCase({
  kind: 'scratch',
  name: 'customer announce',
  needs: 'system',
  input: z.strictObject({}),
  result: z.object({ announced: z.int() }),

  async run({ uow, reads, now }) {
    const due = await reads.customers.accountMailsDue(now);
    const written = due.filter((one) => one.written);
    if (written.length > 0) await reads.customers.accountMailsSettled(written.map(({ customerId }) => customerId));
    const waiting = due.filter((one) => !one.written);
    for (const { customerId } of waiting) announceAccount(uow, customerId);
    return { announced: waiting.length };
  },
});

/** What the account-created mail says, and whose it is. */
export const accountMailContent = defineUseCase({
  kind: 'query',
  name: 'customer account mail',
  needs: 'system',
  input: z.strictObject({ customerId: z.string() }),
  result: z.object({
    customerId: z.string(),
    account: z.string(),
    company: z.string(),
    contact: z.string(),
    partner: z.string(),
    partnerEmail: z.string(),
    /** Whether it goes out now: it was not sent, and nobody put it off since it was announced. */
    due: z.boolean(),
  }),

  async run({ uow, reads, now }, { customerId }) {
    const customer = await uow.get(Customer, customerId);
    const partner = await uow.get(Partner, customer.partnerId);
    const { accountMailOn } = customer;
    const isDay = accountMailOn !== null && isOnOrAfter(dayAt(now, partner.timeZone), accountMailOn);
    return {
      due: isDay && !(await reads.customers.accountMailSent(customerId)),
      customerId,
      account: customer.account,
      company: customer.company,
      contact: `${customer.firstName} ${customer.lastName}`,
      partner: partner.company,
      partnerEmail: partner.email,
    };
  },
});
