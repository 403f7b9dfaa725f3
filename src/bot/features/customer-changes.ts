import type { z } from 'zod';
import { checkCustomer } from '../../core/customers/check-customer.ts';
import type { CustomerResult } from '../../core/customers/customer-result.ts';
import { editCustomer } from '../../core/customers/edit-customer.ts';
import { showCustomer } from '../../core/customers/show-customer.ts';
import { resumeCustomer, suspendCustomer } from '../../core/customers/suspend-customer.ts';
import { countryName } from '../../core/places.ts';
import { present, textAnswer } from '../answers.ts';
import { changeBlocks, changedFacts } from '../compare.ts';
import { keepStored, storedAnswers, withStored } from '../edit-context.ts';
import type { Form } from '../feature.ts';
import { showCount } from '../format.ts';
import { bold, type Answers, type Args, type Fact, type Field } from '../view.ts';
import {
  customerFacts,
  customerMessage,
  customerStatusWords,
  dealButtons,
  heldBlocks,
  showCustomerButton,
} from './customer-card.ts';
import {
  accountMailOf,
  blamingTheDay,
  first,
  firstFields,
  given,
  languageField,
  mailFields,
  second,
  secondFields,
} from './customer-fields.ts';

type Shown = z.output<typeof showCustomer.result>;

/** A customer as the answers that would have made it. */
const asAnswered = (customer: CustomerResult): Record<string, string> => ({
  ...Object.fromEntries(
    [...first, ...second].flatMap((name) =>
      name === 'accountMail' || name === 'accountMailDay' ? [] : [[name, customer[name] ?? '']],
    ),
  ),
  country: customer.country === null ? '' : countryName(customer.country),
  accountMail: customer.accountMailOn === null ? 'never' : 'day',
  accountMailDay: customer.accountMailOn ?? '',
});

/** What is stored when the form is opened; a customer that one may only read is shown. */
const openEdit: NonNullable<Form['opens']> = async (ask, { customer: named = '' }) => {
  const customer = await ask.execute(showCustomer, { customer: named });
  if (!customer.own) return { kind: 'message', message: await customerMessage(ask, customer.customerId) };
  return {
    kind: 'form',
    form: 'customer-edit',
    context: {
      customer: customer.customerId,
      mail: customer.accountMailSent ? 'sent' : '',
      ...keepStored(asAnswered(customer)),
    },
  };
};

/** What the person changed, in the use case's words: a field that was emptied is an empty text. */
const changesOf = (context: Args, answers: Answers): Record<string, string> => {
  const stored = storedAnswers(context);
  const changed = [...first, ...second].filter(
    (name) => (textAnswer(answers, name) ?? '') !== (textAnswer(stored, name) ?? '') && !name.startsWith('accountMail'),
  );
  const mail = context.mail === 'sent' ? undefined : accountMailOf(answers);
  return present({
    ...Object.fromEntries(changed.map((name) => [name, textAnswer(answers, name) ?? ''])),
    accountMail: mail === accountMailOf(stored) ? undefined : mail,
  }) as Record<string, string>;
};

const edited = (context: Args, fields: readonly Field[]): readonly Field[] =>
  fields.map((field) => withStored(field, context));

export const editForm: Form = {
  name: 'customer-edit',
  needs: 'license',
  opens: openEdit,
  steps: [
    {
      fields: first,
      // oxlint-disable-next-line require-await -- nothing has to be read
      async draw(_ask, context) {
        return { title: 'Edit a customer', submit: 'Next', fields: edited(context, firstFields) };
      },
      async check(ask, context, answers) {
        await ask.execute(checkCustomer, { ...given(answers, first), customer: context.customer });
      },
    },
    {
      fields: second,
      // oxlint-disable-next-line require-await -- nothing has to be read
      async draw(ask, context, answers) {
        const today = ask.now.toZonedDateTimeISO(ask.actor.timeZone).toPlainDate();
        const optional = secondFields.map((field) =>
          field.name === 'language' ? languageField(textAnswer(storedAnswers(context), 'language')) : field,
        );
        return {
          title: 'Edit a customer',
          submit: 'Save',
          intro: [
            {
              kind: 'text',
              text: ['All of this may be left out for ', bold(textAnswer(answers, 'company') ?? ''), '.'],
            },
            ...(context.mail === 'sent'
              ? [{ kind: 'context', text: 'The account-created mail was sent already.' } as const]
              : []),
          ],
          fields: edited(context, [...optional, ...(context.mail === 'sent' ? [] : mailFields(today, 'never'))]),
        };
      },
    },
  ],

  async submit(ask, answers, context) {
    const { customerId, before, after } = await ask
      .execute(editCustomer, {
        customer: context.customer,
        ...changesOf(context, answers),
      })
      .catch(blamingTheDay);
    const named = (customer: CustomerResult): Fact[] => [{ label: 'Company', value: customer.company }];
    const changed = changedFacts(
      [...named(before), ...customerFacts(before)],
      [...named(after), ...customerFacts(after)],
    );
    return {
      kind: 'message',
      message: {
        title: changed.length > 0 ? 'Customer changed' : 'Nothing was changed',
        blocks: [
          { kind: 'text', text: [bold(after.company), ` · ${after.account}`] },
          ...changeBlocks(changed, 'It is stored as it was.'),
          {
            kind: 'buttons',
            buttons: [showCustomerButton(customerId, 'Show')],
          },
        ],
      },
    };
  },
};

/** What it means for its licences, in the words of the rules. */
const suspending = ({ licenses }: Shown): string => {
  const open = licenses.filter(({ status }) => status !== 'removed' && status !== 'expired').length;
  const shown =
    open === 0 ? 'It holds no open license' : `Its ${showCount(open, 'open license')} will show as suspended`;
  return `${shown}. Nothing can be assigned, crossgraded or renewed by hand, and automatic renewal waits until it is resumed. Terms run on, and what it uses is charged all the same.`;
};

export const turnForm = (verb: 'suspend' | 'resume'): Form => ({
  name: `customer-${verb}`,
  needs: 'license',
  /** A customer that is so already, or that one may only read, is shown as it stands. */
  async opens(ask, { customer: named = '' }) {
    const { customerId, status, own } = await ask.execute(showCustomer, { customer: named });
    return !own || status === (verb === 'suspend' ? 'suspended' : 'enabled')
      ? { kind: 'message', message: await customerMessage(ask, customerId) }
      : { kind: 'form', form: `customer-${verb}`, context: { customer: customerId } };
  },
  steps: [
    {
      fields: [],
      async draw(ask, { customer = '' }) {
        const shown = await ask.execute(showCustomer, { customer });
        return {
          title: verb === 'suspend' ? 'Suspend a customer' : 'Resume a customer',
          submit: verb === 'suspend' ? 'Suspend' : 'Resume',
          intro: [
            { kind: 'text', text: [bold(shown.company), ` · ${shown.account} · ${customerStatusWords[shown.status]}`] },
            {
              kind: 'text',
              text:
                verb === 'suspend'
                  ? suspending(shown)
                  : 'Its licenses show their own status again, plans can be assigned, and renewals that waited are made up for.',
            },
          ],
          fields: [],
        };
      },
    },
  ],

  async submit(ask, _answers, { customer = '' }) {
    const after = await ask.execute(verb === 'suspend' ? suspendCustomer : resumeCustomer, { customer });
    return {
      kind: 'message',
      message: {
        title: verb === 'suspend' ? 'Customer suspended' : 'Customer resumed',
        blocks: [
          {
            kind: 'text',
            text: [
              bold(after.company),
              verb === 'suspend'
                ? ` (${after.account}) is suspended until somebody resumes it.`
                : ` (${after.account}) is enabled again.`,
            ],
          },
          ...(after.licenses.length > 0 ? heldBlocks(after) : []),
          {
            kind: 'buttons',
            buttons: [...dealButtons(ask, after), showCustomerButton(after.customerId, 'Show')],
          },
        ],
      },
    };
  },
});
