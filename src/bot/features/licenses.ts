import type { z } from 'zod';
import { licenseStatuses } from '../../core/licenses/license-status.ts';
import { listCredits } from '../../core/licenses/list-credits.ts';
import { listLicenses } from '../../core/licenses/list-licenses.ts';
import { present, textAnswer } from '../answers.ts';
import type { Ask, Feature, Form } from '../feature.ts';
import {
  fitted,
  licenseStatusWords,
  showCount,
  showCredits,
  showDay,
  showNumber,
  showUnits,
  versionWords,
} from '../format.ts';
import { speak } from '../speak.ts';
import { activateButton } from './activation.ts';
import { showCustomerButton } from './customer-card.ts';
import { showButton } from './license-card.ts';
import { bold, limits, type Answers, type Args, type Block, type Message, type Row } from '../view.ts';

type Listed = z.output<typeof listLicenses.result>;

/** What a list may be narrowed to, in the words of the form and behind the command. */
const statusWords: Readonly<Record<string, string>> = { open: 'Open', ...licenseStatusWords };
const statusOptions = ['open', ...licenseStatuses.toReversed()].map((value) => ({
  value,
  label: statusWords[value] ?? value,
}));

const filters = ['customer', 'status', 'priceKept'] as const;
const chosen = (from: Args | Answers): Args =>
  present(Object.fromEntries(filters.map((name) => [name, textAnswer(from, name)]))) as Args;

/** Nothing where there is no more to renew. */
const renewalOf = ({ status, autoRenewal }: Listed['items'][number]): string[] =>
  status === 'removed' || status === 'expired' ? [] : [autoRenewal ? 'renews by itself' : 'does not renew by itself'];

/** A license in a list: whose it is where the list is not of one customer. */
const rowOf = (ask: Ask, { own, account }: Listed, license: Listed['items'][number]): Row => ({
  title: [
    ...(account === null ? [bold(license.company), ' · '] : []),
    bold(license.productName),
    ` · ${showUnits(license.units, license.unitType)} · `,
    bold(licenseStatusWords[license.status]),
  ],
  detail: [
    ...(account === null ? [license.customer] : []),
    license.plan ?? 'Unbundled',
    versionWords[license.version],
    `${showDay(license.startsOn)} to ${showDay(license.expiresOn)}`,
    ...renewalOf(license),
  ].join(' · '),
  button:
    (own ? activateButton(ask, license, license.customer) : null) ??
    (account === null
      ? { kind: 'run', label: 'Show', action: 'license.open-list', args: { customer: license.customer } }
      : showButton(license.licenseId, 'Show')),
});

const titleOf = ({ total, units, company }: Listed, { status, priceKept }: Args): string => {
  const open = priceKept !== undefined || status === 'open';
  const counted = open ? showCount(total, 'open license') : showCount(total, 'license');
  const narrowed = status === undefined || status === 'open' ? '' : `, ${statusWords[status] ?? status}`;
  const kept = priceKept === undefined ? '' : ' renewed at the old price';
  const held = total === 0 || company !== null ? '' : `, ${showCount(units, 'unit')}`;
  return fitted(`${counted}${kept}${narrowed}${held}${company === null ? '' : ` of ${company}`}`, limits.messageTitle);
};

export const licenseListMessage = async (ask: Ask, args: Args): Promise<Message> => {
  const filter = chosen(args);
  const found = await ask.execute(listLicenses, {
    ...filter,
    ...(filter.priceKept !== undefined && { priceKept: filter.priceKept === 'true' }),
    page: args.page ?? '1',
  });
  const { account, items, pages } = found;
  const blocks: Block[] =
    items.length > 0
      ? [{ kind: 'rows', rows: items.map((license) => rowOf(ask, found, license)) }]
      : [
          {
            kind: 'text',
            text:
              Object.keys(filter).length > (account === null ? 0 : 1)
                ? 'No license is like this now.'
                : account === null
                  ? 'No customer holds a license yet.'
                  : 'It holds no licenses yet.',
          },
        ];
  if (pages > 1) blocks.push({ kind: 'pager', action: 'license.list', args: filter, page: found.page, pages });
  blocks.push({
    kind: 'buttons',
    buttons: [
      ...(account === null ? [] : [showCustomerButton(account), speak('Transactions', `transactions ${account}`)]),
      { kind: 'form', label: 'Filter…', form: 'license-list', context: filter },
    ],
  });
  return { title: titleOf(found, filter), blocks };
};

const creditsMessage = async (ask: Ask, { page = '1' }: Args): Promise<Message> => {
  const found = await ask.execute(listCredits, { page });
  const blocks: Block[] =
    found.items.length > 0
      ? [
          {
            kind: 'rows',
            rows: found.items.map((item) => ({
              title: [bold(item.company), ` · ${item.plan ?? item.productName} · `, bold(showCredits(item.credits))],
              detail: [
                item.customer,
                ...(item.plan === null ? ['Unbundled'] : [item.productName]),
                `${showNumber(item.creditsPerUnit)} × ${showUnits(item.units, item.unitType)}`,
              ].join(' · '),
              button: { kind: 'run', label: 'Show', action: 'license.open-list', args: { customer: item.customer } },
            })),
          },
        ]
      : [{ kind: 'text', text: 'Nothing that is open converts into credits.' }];
  if (found.pages > 1)
    blocks.push({ kind: 'pager', action: 'license.credits', args: {}, page: found.page, pages: found.pages });
  blocks.push({
    kind: 'context',
    text: "A plan converts at its product's own rate, a suite's licenses together; an unbundled license by itself.",
  });
  return { title: `${showCredits(found.credits)} in all`, blocks };
};

const filterForm: Form = {
  name: 'license-list',
  needs: 'see',
  steps: [
    {
      fields: ['customer', 'status'],
      // oxlint-disable-next-line require-await -- nothing has to be read
      async draw(_ask, { customer, status }) {
        return {
          title: 'Licenses',
          submit: 'Show',
          fields: [
            {
              kind: 'lookup',
              name: 'customer',
              label: 'Customer',
              hint: 'All of your customers when it is left empty',
              source: 'customer',
              optional: true,
              ...(customer && { value: { value: customer, label: fitted(customer, limits.optionLabel) } }),
            },
            {
              kind: 'select',
              name: 'status',
              label: 'License status',
              options: statusOptions,
              optional: true,
              ...(status && { value: status }),
            },
          ],
        };
      },
    },
  ],
  submit: async (ask, answers) => ({ kind: 'message', message: await licenseListMessage(ask, chosen(answers)) }),
};

const statusOf = (words: string): string | undefined => {
  const said = words.toLowerCase();
  return Object.keys(statusWords).find(
    (status) => status.replaceAll('_', ' ') === said || statusWords[status]!.toLowerCase() === said,
  );
};

/** `acme`, `expiring`, `acme grace period`: a customer, a status, or both. */
const wordsOf = (rest: string): Args => {
  const words = rest.split(/\s+/).filter(Boolean);
  for (let first = 0; first < words.length; first++) {
    const status = statusOf(words.slice(first).join(' '));
    if (status !== undefined) return { ...(first > 0 && { customer: words.slice(0, first).join(' ') }), status };
  }
  return rest ? { customer: rest } : {};
};

/** Licenses with their status today, a customer's or everybody's, and what they convert into. */
export const licensesFeature: Feature = {
  commands: [
    {
      words: 'license list',
      usage: 'license list [CUSTOMER] [STATUS]',
      does: 'lists licenses with their status: of a customer, of one status, or both',
      needs: 'see',
      shortcut: 'Licenses',
      run: async (ask, rest) =>
        rest
          ? { kind: 'message', message: await licenseListMessage(ask, wordsOf(rest)) }
          : { kind: 'form', form: 'license-list', context: {} },
    },
    {
      words: 'license credits',
      usage: 'license credits',
      does: 'lists what converts into credits, the most first',
      needs: 'see',
      run: async (ask) => ({ kind: 'message', message: await creditsMessage(ask, {}) }),
    },
  ],
  forms: [filterForm],
  actions: [
    {
      name: 'license.list',
      needs: 'see',
      run: async (ask, args) => ({ kind: 'replace', message: await licenseListMessage(ask, args) }),
    },
    {
      name: 'license.open-list',
      needs: 'see',
      run: async (ask, args) => ({ kind: 'message', message: await licenseListMessage(ask, args) }),
    },
    {
      name: 'license.credits',
      needs: 'see',
      run: async (ask, args) => ({ kind: 'replace', message: await creditsMessage(ask, args) }),
    },
  ],
};
