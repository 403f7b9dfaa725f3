import { z } from 'zod';
import { dayAt } from '../calendar.ts';
import { tierOneOf } from '../caller.ts';
import { invalid, notFound, rule } from '../errors.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { announceAccount } from './account-mail.ts';
import {
  accountMail,
  accountMailDay,
  customerFields,
  storedFields,
  type AccountMail,
  type CustomerInput,
} from './customer-fields.ts';
import { customerOf, customerResult } from './customer-result.ts';
import { Customer } from './customer.ts';

const { emergencyEmail, phone, address, postalCode, country, language } = customerFields;

/** What is given changes, what is left out stays. What may be empty is emptied by an empty text or null. */
const input = z.strictObject({
  /** Account name or id. Left out: `account` names the customer, and stays. */
  customer: lineOf(120).optional(),
  ...z.object(customerFields).partial().shape,
  emergencyEmail: emergencyEmail.nullable(),
  phone: phone.nullable(),
  address: address.nullable(),
  postalCode: postalCode.nullable(),
  country: country.nullable(),
  language: language.nullable(),
  accountMail: accountMail.optional(),
});
type Given = Omit<z.output<typeof input>, 'customer' | 'accountMail'>;

/** The customer as it would be told now: what is stored, and in its place what is given. */
const toldOf = (customer: Customer, given: Given): CustomerInput => {
  const told = Object.fromEntries(
    Object.keys(customerFields).map((name) => {
      const field = name as keyof CustomerInput;
      return [field, (given[field] === undefined ? customer[field] : given[field]) ?? ''];
    }),
  );
  return told as CustomerInput;
};

/** The day of the mail as it would be told now. */
const storedMail = ({ accountMailOn }: Customer): AccountMail => accountMailOn?.toString() ?? 'never';

/** Changes what is stored of a customer; the day of the account-created mail only while that was not sent. */
export const editCustomer = defineUseCase({
  kind: 'command',
  name: 'customer edit',
  needs: 'license',
  input,
  result: z.object({
    customerId: z.string(),
    account: z.string(),
    before: customerResult,
    after: customerResult,
  }),

  async run({ uow, reads, actor, now }, { customer: named, accountMail: when, ...fields }) {
    const { account, ...others } = fields;
    const wanted = named ?? account;
    if (wanted === undefined) throw invalid('input.required', 'customer');
    const blamed = named === undefined ? 'account' : 'customer';
    const customerId = await reads.customers.idOf(wanted);
    if (customerId === null) throw notFound('customer', blamed);
    const customer = await uow.lock(Customer, customerId, blamed);
    const before = customerOf(customer);

    const told = toldOf(customer, named === undefined ? others : fields);
    const renamed = told.account.toLowerCase() !== customer.account.toLowerCase();
    // Two callers at once pass this check both: the unique index then refuses the slower one with the same code.
    if (renamed && (await reads.customers.accountTaken(tierOneOf(actor), told.account)))
      throw rule('customer.account_taken', { field: 'account' });
    Object.assign(customer, storedFields(told));

    if (when !== undefined && when !== storedMail(customer)) {
      const today = dayAt(now, actor.timeZone);
      const accountMailOn = accountMailDay(when, today);
      const isSame = when === 'now' && customer.accountMailOn?.equals(today);
      if (!isSame && (await reads.customers.accountMailSent(customerId)))
        throw rule('customer.account_mail_sent', { field: 'accountMail' });
      customer.accountMailOn = accountMailOn;
      if (accountMailOn?.equals(today)) announceAccount(uow, customerId);
    }
    return { customerId, account: customer.account, before, after: customerOf(customer) };
  },
});
