import type { z } from 'zod';
import { accountMailContent, accountMailKey } from '../../core/customers/account-mail.ts';
import { addCustomer } from '../../core/customers/add-customer.ts';
import { checkCustomer } from '../../core/customers/check-customer.ts';
import { listCustomers } from '../../core/customers/list-customers.ts';
import { showCustomer } from '../../core/customers/show-customer.ts';
import { invalid } from '../../core/errors.ts';
import { may } from '../../core/permissions.ts';
import { countryName, languageName } from '../../core/places.ts';
import type { Action, Ask, Feature, Form, Lookup } from '../feature.ts';
import { fitted, licenseStatusWords, none, showCount, showDay, showNumber, showUnits } from '../format.ts';
import type { Notice } from '../notice.ts';
import { bold, limits, type Answers, type Args, type Block, type Button, type Fact, type Message } from '../view.ts';

type Shown = z.output<typeof showCustomer.result>;
type Listed = z.output<typeof listCustomers.result>['items'][number];

const statusWords = { enabled: 'Enabled', suspended: 'Suspended' } as const;

const textOf = (answer: Answers[string] | undefined): string | undefined =>
  typeof answer === 'string' ? answer : undefined;

/** `Acme (acme-berlin)`: several customers may share a company name, so the account name is always whole. */
const optionLabel = ({ company, account }: Pick<Listed, 'company' | 'account'>): string => {
  const behind = ` (${account})`;
  return `${fitted(company, limits.optionLabel - behind.length)}${behind}`;
};

const showButton = ({ customerId }: Listed): Button => ({
  kind: 'run',
  label: 'Show',
  action: 'customer.show',
  args: { customer: customerId },
});

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
        button: showButton(customer),
      })),
    });
  } else {
    blocks.push({
      kind: 'text',
      text: search
        ? 'No company, account name or city has these letters.'
        : status
          ? 'No customer is like this now.'
          : 'The first one is quickly added.',
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
  return { title: search ? fitted(`${counted} for "${search}"`, limits.messageTitle) : counted, blocks };
};

const placeOf = ({ address, postalCode, city, state, country }: Shown): string =>
  [address, [postalCode, city].filter(Boolean).join(' '), state, country && countryName(country)]
    .filter(Boolean)
    .join(', ');

const factsOf = (customer: Shown): Fact[] => {
  const given = (label: string, value: string | null): Fact[] => (value === null ? [] : [{ label, value }]);
  return [
    { label: 'Account name', value: customer.account },
    { label: 'Status', value: statusWords[customer.status] },
    { label: 'Contact', value: `${customer.firstName} ${customer.lastName}` },
    { label: 'E-mail', value: customer.email },
    ...given('Emergency e-mail', customer.emergencyEmail),
    ...given('Phone', customer.phone),
    { label: 'Address', value: placeOf(customer) },
    ...given('Language', customer.language && languageName(customer.language)),
    { label: 'Account mail', value: customer.accountMailOn ? showDay(customer.accountMailOn) : 'Never' },
  ];
};

const licenseBlocks = ({ licenses, account }: Shown): Block[] => {
  if (licenses.length === 0) return [{ kind: 'text', text: 'It holds no licenses yet.' }];
  const shown = licenses.slice(0, limits.tableRows);
  return [
    { kind: 'heading', text: 'Licenses' },
    {
      kind: 'table',
      columns: [
        { label: 'Product/Service' },
        { label: 'Service plan' },
        { label: 'Units', align: 'right' },
        { label: 'Start date' },
        { label: 'Expiration date' },
        { label: 'License status' },
      ],
      rows: shown.map((license) => [
        license.productName,
        license.plan ?? none,
        showUnits(license.units, license.unitType),
        showDay(license.startsOn),
        showDay(license.expiresOn),
        licenseStatusWords[license.status],
      ]),
    },
    ...(licenses.length > shown.length
      ? [
          {
            kind: 'context',
            text: `The first ${shown.length} of ${showNumber(licenses.length)}. All of them: license list ${account}`,
          } as const,
        ]
      : []),
  ];
};

/** A button that stands for typed words. */
const speak = (label: string, text: string, style?: 'primary'): Button => ({
  kind: 'run',
  label,
  action: 'command',
  args: { text },
  ...(style && { style }),
});

const showMessage = async (ask: Ask, customerNamed: string): Promise<Message> => {
  const customer = await ask.execute(showCustomer, { customer: customerNamed });
  const active = customer.assignments.filter(({ status }) => status === 'active');
  const plans = active.map(({ plan, units }) => `${plan} (${showNumber(units)})`);
  const told = plans.slice(0, 10).join(', ') + (plans.length > 10 ? `, and ${plans.length - 10} more` : '');
  return {
    title: customer.company,
    blocks: [
      { kind: 'facts', facts: factsOf(customer) },
      ...(active.length > 0 ? [{ kind: 'text', text: [bold('Service plans: '), told] } as const] : []),
      ...licenseBlocks(customer),
      {
        kind: 'buttons',
        buttons: [
          ...(may(ask.actor, 'license') && customer.status === 'enabled'
            ? [speak('Assign a plan', `assign ${customer.account}`, 'primary')]
            : []),
          speak('Licenses', `license list ${customer.account}`),
          speak('Transactions', `transactions ${customer.account}`),
        ],
      },
    ],
  };
};

/** Languages that the form offers; scripts and files may name any. */
const offeredLanguages = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt', 'pt-BR', 'nb', 'sv', 'da', 'ja', 'ko', 'zh'];

const mailChoices = [
  { value: 'now', label: 'Now' },
  { value: 'day', label: 'On a day' },
  { value: 'never', label: 'Never' },
];

const first = ['company', 'account', 'city', 'state', 'firstName', 'lastName', 'email'] as const;
const second = [
  'emergencyEmail',
  'phone',
  'address',
  'postalCode',
  'country',
  'language',
  'accountMail',
  'accountMailDay',
] as const;

const given = (answers: Answers, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const text = textOf(answers[name]);
      return text === undefined ? [] : [[name, text]];
    }),
  );

/** When the account-created mail goes out, in the use case's words. */
const accountMailOf = (answers: Answers): string => {
  const choice = textOf(answers.accountMail) ?? 'now';
  if (choice !== 'day') return choice;
  const day = textOf(answers.accountMailDay);
  if (day === undefined) throw invalid('input.required', 'accountMailDay');
  return day;
};

/** The company as an account name might be made of it: a start for whoever types, and nothing more. */
const suggestedAccount = (company: string): string => {
  const letters = company
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 64);
  return letters.length >= 3 ? letters : '';
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
          fields: [
            {
              kind: 'text',
              name: 'company',
              label: 'Company',
              maxLength: 120,
              ...(company && { value: fitted(company, 120) }),
            },
            {
              kind: 'text',
              name: 'account',
              label: 'Account name',
              hint: '3 to 64 letters, digits and . _ -',
              maxLength: 64,
              ...(account && { value: account }),
            },
            { kind: 'text', name: 'city', label: 'City', maxLength: 80 },
            { kind: 'text', name: 'state', label: 'State', maxLength: 80 },
            { kind: 'text', name: 'firstName', label: 'First name', maxLength: 80 },
            { kind: 'text', name: 'lastName', label: 'Last name', maxLength: 80 },
            { kind: 'email', name: 'email', label: 'E-mail' },
          ],
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
            { kind: 'text', text: ['All of this may be left out for ', bold(textOf(answers.company) ?? ''), '.'] },
          ],
          fields: [
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
            {
              kind: 'select',
              name: 'language',
              label: 'Language',
              options: offeredLanguages.map((tag) => ({ value: tag, label: languageName(tag) })),
              optional: true,
            },
            {
              kind: 'select',
              name: 'accountMail',
              label: 'Account-created mail',
              options: mailChoices,
              value: 'now',
            },
            {
              kind: 'date',
              name: 'accountMailDay',
              label: 'Day of the mail',
              hint: `When it goes out on a day: ${showDay(today)} or later`,
              optional: true,
            },
          ],
        };
      },
    },
  ],

  async submit(ask, answers) {
    const accountMail = accountMailOf(answers);
    const { customerId, account } = await ask.execute(addCustomer, {
      ...given(answers, first),
      ...given(
        answers,
        second.filter((name) => name !== 'accountMail' && name !== 'accountMailDay'),
      ),
      accountMail,
    });
    const mail =
      accountMail === 'never'
        ? 'No mail goes out.'
        : accountMail === 'now'
          ? `The account-created mail goes out to ${textOf(answers.email) ?? ''} now.`
          : `The account-created mail goes out on ${showDay(accountMail)}.`;
    return {
      kind: 'message',
      message: {
        title: 'Customer added',
        blocks: [
          {
            kind: 'text',
            text: [bold(textOf(answers.company) ?? account), ` has the account name ${account}. ${mail}`],
          },
          {
            kind: 'buttons',
            buttons: [
              speak('Assign a plan', `assign ${account}`, 'primary'),
              { kind: 'run', label: 'Show', action: 'customer.show', args: { customer: customerId } },
            ],
          },
        ],
      },
    };
  },
};

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
    run: async (ask, { customer = '' }) => ({ kind: 'message', message: await showMessage(ask, customer) }),
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
        message: rest ? await showMessage(ask, rest) : await listMessage(ask, {}),
      }),
    },
  ],
  forms: [addForm],
  actions,
  lookups: [customerLookup],
  notices: [accountCreated],
};
