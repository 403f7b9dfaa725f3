import { listLicenses } from '../../core/licenses/list-licenses.ts';
import type { Ask, Feature, Form } from '../feature.ts';
import { textAnswer } from '../answers.ts';
import { fitted, licenseStatusWords, showCount, showDay, showUnits, versionWords } from '../format.ts';
import { speak } from '../speak.ts';
import { bold, limits, type Args, type Block, type Message } from '../view.ts';

const perPage = 10;

const listMessage = async (ask: Ask, { customer = '', page = '1' }: Args): Promise<Message> => {
  const { account, company, items } = await ask.execute(listLicenses, { customer });
  const pages = Math.max(1, Math.ceil(items.length / perPage));
  const current = Math.min(Math.max(1, Math.trunc(Number(page)) || 1), pages);
  const shown = items.slice((current - 1) * perPage, current * perPage);
  const blocks: Block[] =
    shown.length > 0
      ? [
          {
            kind: 'rows',
            rows: shown.map((license) => ({
              title: [
                bold(license.productName),
                ` · ${showUnits(license.units, license.unitType)} · `,
                bold(licenseStatusWords[license.status]),
              ],
              detail: [
                license.plan ?? 'Unbundled',
                versionWords[license.version],
                `${showDay(license.startsOn)} to ${showDay(license.expiresOn)}`,
                license.autoRenewal ? 'renews by itself' : 'does not renew by itself',
              ].join(' · '),
            })),
          },
        ]
      : [{ kind: 'text', text: 'It holds no licenses yet.' }];
  if (pages > 1)
    blocks.push({ kind: 'pager', action: 'license.list', args: { customer: account }, page: current, pages });
  blocks.push({
    kind: 'buttons',
    buttons: [
      { kind: 'run', label: 'Show customer', action: 'customer.show', args: { customer: account } },
      speak('Transactions', `transactions ${account}`),
    ],
  });
  return { title: fitted(`${showCount(items.length, 'license')} of ${company}`, limits.messageTitle), blocks };
};

const askForm: Form = {
  name: 'license-list',
  needs: 'see',
  steps: [
    {
      fields: ['customer'],
      // oxlint-disable-next-line require-await -- nothing has to be read
      async draw() {
        return {
          title: 'Licenses of a customer',
          submit: 'Show',
          fields: [{ kind: 'lookup', name: 'customer', label: 'Customer', source: 'customer' }],
        };
      },
    },
  ],
  submit: async (ask, answers) => ({
    kind: 'message',
    message: await listMessage(ask, { customer: textAnswer(answers, 'customer') ?? '' }),
  }),
};

/** A customer's licences with their status today. */
export const licensesFeature: Feature = {
  commands: [
    {
      words: 'license list',
      usage: 'license list [CUSTOMER]',
      does: "lists a customer's licenses with their status",
      needs: 'see',
      run: async (ask, rest) =>
        rest
          ? { kind: 'message', message: await listMessage(ask, { customer: rest }) }
          : { kind: 'form', form: 'license-list', context: {} },
    },
  ],
  forms: [askForm],
  actions: [
    {
      name: 'license.list',
      needs: 'see',
      run: async (ask, args) => ({ kind: 'replace', message: await listMessage(ask, args) }),
    },
  ],
};
