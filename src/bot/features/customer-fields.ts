import { invalid, Refusal } from '../../core/errors.ts';
import { languageName } from '../../core/places.ts';
import { textAnswer } from '../answers.ts';
import { fitted, showDay } from '../format.ts';
import { limits, type Answers, type Field } from '../view.ts';

/** What forms ask of a customer, in two steps: what must be told, and what may be left out. */

/** Languages that the form offers; scripts and files may name any. */
const offeredLanguages = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt', 'pt-BR', 'nb', 'sv', 'da', 'ja', 'ko', 'zh'];

const mailChoices = [
  { value: 'now', label: 'Now' },
  { value: 'day', label: 'On a day' },
  { value: 'never', label: 'Never' },
];

export const first = ['company', 'account', 'city', 'state', 'firstName', 'lastName', 'email'] as const;
export const second = [
  'emergencyEmail',
  'phone',
  'address',
  'postalCode',
  'country',
  'language',
  'accountMail',
  'accountMailDay',
] as const;

export const given = (answers: Answers, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const text = textAnswer(answers, name);
      return text === undefined ? [] : [[name, text]];
    }),
  );

/** When the account-created mail goes out, in the use case's words. */
export const accountMailOf = (answers: Answers): string => {
  const choice = textAnswer(answers, 'accountMail') ?? 'now';
  if (choice !== 'day') return choice;
  const day = textAnswer(answers, 'accountMailDay');
  if (day === undefined) throw invalid('input.required', 'accountMailDay');
  return day;
};

/** Core knows one answer for when the mail goes out; the form asks for its day beside it. */
export const blamingTheDay = (error: unknown): never => {
  throw error instanceof Refusal && error.code === 'customer.account_mail_past'
    ? invalid(error.code, 'accountMailDay', error.params)
    : error;
};

export const firstFields: readonly Field[] = [
  { kind: 'text', name: 'company', label: 'Company', maxLength: 120 },
  {
    kind: 'text',
    name: 'account',
    label: 'Account name',
    hint: '3 to 64 letters, digits and . _ -',
    maxLength: 64,
  },
  { kind: 'text', name: 'city', label: 'City', maxLength: 80 },
  { kind: 'text', name: 'state', label: 'State', maxLength: 80 },
  { kind: 'text', name: 'firstName', label: 'First name', maxLength: 80 },
  { kind: 'text', name: 'lastName', label: 'Last name', maxLength: 80 },
  { kind: 'email', name: 'email', label: 'E-mail' },
];

export const languageField = (stored = ''): Field => ({
  kind: 'select',
  name: 'language',
  label: 'Language',
  options: [...new Set([...offeredLanguages, ...(stored ? [stored] : [])])].map((tag) => ({
    value: tag,
    label: fitted(languageName(tag), limits.optionLabel),
  })),
  optional: true,
});

export const secondFields: readonly Field[] = [
  { kind: 'email', name: 'emergencyEmail', label: 'Emergency e-mail', optional: true },
  { kind: 'text', name: 'phone', label: 'Phone', maxLength: 40, optional: true },
  { kind: 'text', name: 'address', label: 'Address', maxLength: 200, optional: true },
  { kind: 'text', name: 'postalCode', label: 'Postal code', maxLength: 20, optional: true },
  {
    kind: 'text',
    name: 'country',
    label: 'Country',
    hint: 'Its English name or its two-letter code',
    maxLength: 80,
    optional: true,
  },
  languageField(),
];

export const mailFields = (today: Temporal.PlainDate, choice: string): readonly Field[] => [
  { kind: 'select', name: 'accountMail', label: 'Account-created mail', options: mailChoices, value: choice },
  {
    kind: 'date',
    name: 'accountMailDay',
    label: 'Day of the mail',
    hint: `When it goes out on a day: ${showDay(today)} or later`,
    optional: true,
  },
];
