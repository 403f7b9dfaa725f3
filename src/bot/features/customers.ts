import type { z } from 'zod';
import { accountMailContent, accountMailKey } from '../../core/customers/account-mail.ts';
import { addCustomer } from '../../core/customers/add-customer.ts';
import { checkCustomer } from '../../core/customers/check-customer.ts';
import { listCustomers } from '../../core/customers/list-customers.ts';
import { suggestedAccount } from '../../core/customers/suggest-account.ts';
import { may } from '../../core/permissions.ts';
import { textAnswer } from '../answers.ts';
import type { Action, Ask, Feature, Form, Lookup } from '../feature.ts';
import { fitted, showCount, showDay } from '../format.ts';
import type { Notice } from '../notice.ts';
import { speak } from '../speak.ts';
import { bold, limits, type Args, type Block, type Button, type Field, type Message, type Reply } from '../view.ts';
import { customerMessage, showCustomerButton } from './customer-card.ts';
import { editForm, turnForm } from './customer-changes.ts';
import {
  accountMailOf,
  blamingTheDay,
  first,
  firstFields,
  given,
  mailFields,
  second,
  secondFields,
} from './customer-fields.ts';

type Listed = z.output<typeof listCustomers.result>['items'][number];

/** `Acme (acme-berlin)`: several customers may share a company name, so the account name is always whole. */
const optionLabel = ({ company, account }: Pick<Listed, 'company' | 'account'>): string => {
  const behind = ` (${account})`;
  return `${fitted(company, limits.optionLabel - behind.length)}${behind}`;
};

const addButton = (ask: Ask): Button[] =>
  may(ask.actor, 'license')
    ? [{ kind: 'form', label: 'Add customer', form: 'customer-add', context: {}, style: 'primary' }]
    : [];

const holdings = ({ licenses, units }: Listed): string =>
  licenses === 0 ? 'no open licenses' : `${showCount(licenses, 'open license')}, ${showCount(units, 'unit')}`;

const listMessage = async (ask: Ask, { search = '', status = '', own = '', page = '1' }: Args): Promise<Message> => {
  const found = await ask.execute(listCustomers, {
    ...(search && { search }),
    ...(status && { status }),
    ...(own && { own: own === 'true' }),
    page,
  });
  const { items, total, pages } = found;
  const add = addButton(ask);
  const blocks: Block[] = [];
  if (items.length > 0) {
    blocks.push({
      kind: 'rows',
      rows: items.map((customer) => ({
        title: [bold(customer.company), ` · ${customer.account}`],
        detail: `${customer.city} · ${customer.status === 'suspended' ? 'Suspended · ' : ''}${holdings(customer)}`,
        button: showCustomerButton(customer.customerId, 'Show'),
      })),
    });
  } else {
    blocks.push({
      kind: 'text',
      text: search
        ? 'No company, account name or city has these letters.'
        : status
          ? 'No customer is like this now.'
          : add.length > 0
            ? 'The first one is quickly added.'
            : 'Nobody has been added yet.',
    });
  }
  if (pages > 1) {
    const args = { search, ...(status && { status }), ...(own && { own }) };
    blocks.push({ kind: 'pager', action: 'customer.list', args, page: found.page, pages });
  }
  if (add.length > 0) blocks.push({ kind: 'buttons', buttons: add });
  const counted = status
    ? showCount(total, `${status} customer`)
    : total === 0
      ? 'No customers'
      : showCount(total, 'customer');
  return { title: search ? fitted(`${counted} for “${search}”`, limits.messageTitle) : counted, blocks };
};

const addForm: Form = {
  name: 'customer-add',
  needs: 'license',
  steps: [
    {
      fields: first,
      // oxlint-disable-next-line require-await -- nothing has to be read
      async draw(_ask, { company = '' }) {
        const account = suggestedAccount(company);
        return {
          title: 'Add a customer',
          submit: 'Next',
          fields: firstFields.map((field) =>
            field.name === 'company' && company
              ? ({ ...field, value: fitted(company, 120) } as Field)
              : field.name === 'account' && account
                ? ({ ...field, value: account } as Field)
                : field,
          ),
        };
      },
      async check(ask, _context, answers) {
        await ask.execute(checkCustomer, given(answers, first));
      },
    },
    {
      fields: second,
      // oxlint-disable-next-line require-await -- nothing has to be read
      async draw(ask, _context, answers) {
        const today = ask.now.toZonedDateTimeISO(ask.actor.timeZone).toPlainDate();
        return {
          title: 'Add a customer',
          submit: 'Save',
          intro: [
            {
              kind: 'text',
              text: ['All of this may be left out for ', bold(textAnswer(answers, 'company') ?? ''), '.'],
            },
          ],
          fields: [...secondFields, ...mailFields(today, 'now')],
        };
      },
    },
  ],

  async submit(ask, answers) {
    const accountMail = accountMailOf(answers);
    const { customerId, account } = await ask
      .execute(addCustomer, {
        ...given(answers, first),
        ...given(
          answers,
          second.filter((name) => name !== 'accountMail' && name !== 'accountMailDay'),
        ),
        accountMail,
      })
      .catch(blamingTheDay);
    const mail =
      accountMail === 'never'
        ? 'No mail goes out.'
        : accountMail === 'now'
          ? `The account-created mail goes out to ${textAnswer(answers, 'email') ?? ''} now.`
          : `The account-created mail goes out on ${showDay(accountMail)}.`;
    return {
      kind: 'message',
      message: {
        title: 'Customer added',
        blocks: [
          {
            kind: 'text',
            text: [bold(textAnswer(answers, 'company') ?? account), ` has the account name ${account}. ${mail}`],
          },
          {
            kind: 'buttons',
            buttons: [speak('Assign a plan', `assign ${account}`, 'primary'), showCustomerButton(customerId, 'Show')],
          },
        ],
      },
    };
  },
};

/** A form about the customer that is named; without a name the list, where one is found. */
const openNamed = async (ask: Ask, form: string, customer: string): Promise<Reply> =>
  customer ? { kind: 'form', form, context: { customer } } : { kind: 'message', message: await listMessage(ask, {}) };

const actions: readonly Action[] = [
  {
    name: 'customer.list',
    needs: 'see',
    run: async (ask, args) => ({ kind: 'replace', message: await listMessage(ask, args) }),
  },
  {
    name: 'customer.open-list',
    needs: 'see',
    run: async (ask, args) => ({ kind: 'message', message: await listMessage(ask, args) }),
  },
  {
    name: 'customer.show',
    needs: 'see',
    run: async (ask, { customer = '' }) => ({ kind: 'message', message: await customerMessage(ask, customer) }),
  },
];

const customerLookup: Lookup = {
  source: 'customer',
  needs: 'see',
  async find(ask, typed) {
    const { items } = await ask.execute(listCustomers, { ...(typed.trim() && { search: typed.trim().slice(0, 120) }) });
    return items.map((customer) => ({ value: customer.account, label: optionLabel(customer) }));
  },
};

const accountCreated: Notice = {
  topic: 'customer.account_created',
  async compose(ask, { customerId = '' }) {
    const mail = await ask.execute(accountMailContent, { customerId });
    if (!mail.due) return [];
    return [
      {
        to: 'customer',
        customerId: mail.customerId,
        key: accountMailKey(mail.customerId),
        subject: `Your account at ${mail.partner}`,
        message: {
          title: `Your account at ${mail.partner}`,
          blocks: [
            { kind: 'text', text: `Hello ${mail.contact},` },
            {
              kind: 'text',
              text: [bold(mail.partner), ' opened an account for ', bold(mail.company), ' to manage its licenses.'],
            },
            {
              kind: 'facts',
              facts: [
                { label: 'Account name', value: mail.account },
                { label: 'Company', value: mail.company },
              ],
            },
            { kind: 'text', text: `Questions are welcome at ${mail.partnerEmail}.` },
          ],
        },
      },
    ];
  },
};

/** Customers: the list, one with all it holds, and the form that adds one. */
export const customersFeature: Feature = {
  commands: [
    {
      words: 'customer add',
      usage: 'customer add [COMPANY]',
      does: 'adds a customer',
      needs: 'license',
      shortcut: 'Add customer',
      async run(_ask, rest) {
        const context: Args = rest ? { company: fitted(rest, 120) } : {};
        return { kind: 'form', form: 'customer-add', context };
      },
    },
    {
      words: 'customer list',
      usage: 'customer list [SEARCH]',
      does: 'lists your customers',
      needs: 'see',
      shortcut: 'Customers',
      run: async (ask, rest) => ({
        kind: 'message',
        message: await listMessage(ask, { search: rest.slice(0, 120) }),
      }),
    },
    {
      words: 'customer show',
      usage: 'customer show CUSTOMER',
      does: 'shows a customer with its plans and licenses',
      needs: 'see',
      run: async (ask, rest) => ({
        kind: 'message',
        message: rest ? await customerMessage(ask, rest) : await listMessage(ask, {}),
      }),
    },
    {
      words: 'customer edit',
      usage: 'customer edit CUSTOMER',
      does: 'changes what is stored of a customer',
      needs: 'license',
      run: async (ask, rest) => openNamed(ask, 'customer-edit', rest),
    },
    {
      words: 'customer suspend',
      usage: 'customer suspend CUSTOMER',
      does: 'suspends a customer: renewals wait, nothing can be assigned',
      needs: 'license',
      run: async (ask, rest) => openNamed(ask, 'customer-suspend', rest),
    },
    {
      words: 'customer resume',
      usage: 'customer resume CUSTOMER',
      does: 'ends the suspension of a customer',
      needs: 'license',
      run: async (ask, rest) => openNamed(ask, 'customer-resume', rest),
    },
  ],
  forms: [addForm, editForm, turnForm('suspend'), turnForm('resume')],
  actions,
  lookups: [customerLookup],
  notices: [accountCreated],
};
