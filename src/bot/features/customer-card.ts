import type { z } from 'zod';
import type { CustomerResult } from '../../core/customers/customer-result.ts';
import { showCustomer } from '../../core/customers/show-customer.ts';
import { may } from '../../core/permissions.ts';
import { countryName, languageName } from '../../core/places.ts';
import type { Ask } from '../feature.ts';
import { licenseStatusWords, none, showDay, showNumber, showUnits } from '../format.ts';
import { speak } from '../speak.ts';
import { bold, limits, type Block, type Button, type Fact, type Message } from '../view.ts';

type Shown = z.output<typeof showCustomer.result>;

export const customerStatusWords = { enabled: 'Enabled', suspended: 'Suspended' } as const;

const placeOf = ({ address, postalCode, city, state, country }: CustomerResult): string =>
  [address, [postalCode, city].filter(Boolean).join(' '), state, country && countryName(country)]
    .filter(Boolean)
    .join(', ');

export const customerFacts = (customer: CustomerResult): Fact[] => {
  const given = (label: string, value: string | null): Fact[] => (value === null ? [] : [{ label, value }]);
  return [
    { label: 'Account name', value: customer.account },
    { label: 'Status', value: customerStatusWords[customer.status] },
    { label: 'Contact', value: `${customer.firstName} ${customer.lastName}` },
    { label: 'E-mail', value: customer.email },
    ...given('Emergency e-mail', customer.emergencyEmail),
    ...given('Phone', customer.phone),
    { label: 'Address', value: placeOf(customer) },
    ...given('Language', customer.language && languageName(customer.language)),
    { label: 'Account mail', value: customer.accountMailOn ? showDay(customer.accountMailOn) : 'Never' },
  ];
};

export const heldBlocks = ({ licenses, account }: Shown): Block[] => {
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

export const showCustomerButton = (customer: string, label = 'Show customer'): Button => ({
  kind: 'run',
  label,
  action: 'customer.show',
  args: { customer },
});

/** What the person may do with the customer as it stands. */
export const dealButtons = (ask: Ask, { customerId, account, status, own }: Shown): Button[] => {
  if (!own || !may(ask.actor, 'license')) return [];
  const args = { customer: customerId };
  const edit: Button = { kind: 'form', label: 'Edit…', form: 'customer-edit', context: args };
  return status === 'enabled'
    ? [
        speak('Assign a plan', `assign ${account}`, 'primary'),
        edit,
        { kind: 'form', label: 'Suspend…', form: 'customer-suspend', context: args },
      ]
    : [{ kind: 'form', label: 'Resume…', form: 'customer-resume', context: args, style: 'primary' }, edit];
};

export const customerMessage = async (ask: Ask, customerNamed: string): Promise<Message> => {
  const customer = await ask.execute(showCustomer, { customer: customerNamed });
  const active = customer.assignments.filter(({ status }) => status === 'active');
  const plans = active.map(({ plan, units }) => `${plan} (${showNumber(units)})`);
  const told = plans.slice(0, 10).join(', ') + (plans.length > 10 ? `, and ${plans.length - 10} more` : '');
  return {
    title: customer.company,
    blocks: [
      ...(customer.status === 'suspended'
        ? [
            {
              kind: 'notice',
              tone: 'warning',
              text: 'Suspended: nothing can be assigned, and renewals wait until it is resumed.',
            } as const,
          ]
        : []),
      { kind: 'facts', facts: customerFacts(customer) },
      ...(active.length > 0 ? [{ kind: 'text', text: [bold('Service plans: '), told] } as const] : []),
      ...heldBlocks(customer),
      {
        kind: 'buttons',
        buttons: [
          ...dealButtons(ask, customer),
          speak('Licenses', `license list ${customer.account}`),
          speak('Transactions', `transactions ${customer.account}`),
        ],
      },
    ],
  };
};
