import { z } from 'zod';
import { invalid } from '../errors.ts';
import { countryCode, languageTag } from '../places.ts';
import { emailAddress, lineOf, optionalEmailAddress, optionalLineOf, orNull } from '../text.ts';
import type { Customer } from './customer.ts';

/** Account names: 3–64 characters of letters, digits and `. _ -`. */
const accountName = z
  .string()
  .trim()
  .min(1)
  .min(3)
  .max(64)
  .refine((account) => /^[A-Za-z0-9._-]+$/.test(account), 'customer.account_form');

/** What one tells of a customer, by form, script or file. */
export const customerFields = {
  account: accountName,
  company: lineOf(120),
  city: lineOf(80),
  state: lineOf(80),
  firstName: lineOf(80),
  lastName: lineOf(80),
  email: emailAddress,
  emergencyEmail: optionalEmailAddress,
  phone: optionalLineOf(40),
  address: optionalLineOf(200),
  postalCode: optionalLineOf(20),
  country: optionalLineOf(80).refine((text) => !text || countryCode(text) !== null, 'customer.country_unknown'),
  language: optionalLineOf(35).refine((text) => !text || languageTag(text) !== null, 'customer.language_unknown'),
};

const customerInput = z.object(customerFields);
export type CustomerInput = z.output<typeof customerInput>;

/** When the account-created mail goes out: at once, never, or on a day of the partner's zone. */
export const accountMail = z.union([z.enum(['now', 'never']), z.iso.date({ error: 'customer.account_mail_form' })], {
  error: 'customer.account_mail_form',
});
export type AccountMail = z.output<typeof accountMail>;

/** The day the account-created mail goes out, or null for never. @throws Refusal when the day is past. */
export const accountMailDay = (when: AccountMail, today: Temporal.PlainDate): Temporal.PlainDate | null => {
  if (when === 'never') return null;
  if (when === 'now') return today;
  const day = Temporal.PlainDate.from(when);
  if (Temporal.PlainDate.compare(day, today) < 0) {
    throw invalid('customer.account_mail_past', 'accountMail', { today: today.toString() });
  }
  return day;
};

/** The typed fields as they are stored: what was left out is null, countries and languages are codes. */
export const storedFields = (input: CustomerInput) =>
  ({
    account: input.account,
    company: input.company,
    city: input.city,
    state: input.state,
    firstName: input.firstName,
    lastName: input.lastName,
    email: input.email,
    emergencyEmail: orNull(input.emergencyEmail),
    phone: orNull(input.phone),
    address: orNull(input.address),
    postalCode: orNull(input.postalCode),
    country: input.country ? countryCode(input.country) : null,
    language: input.language ? languageTag(input.language) : null,
  }) satisfies Partial<Customer>;
