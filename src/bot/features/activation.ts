import type { z } from 'zod';
import { notFound } from '../../core/errors.ts';
import { activateLicense } from '../../core/licenses/activate-license.ts';
import { listLicenses } from '../../core/licenses/list-licenses.ts';
import { may } from '../../core/permissions.ts';
import type { Ask, Feature, Form } from '../feature.ts';
import { fitted, licenseStatusWords, showCount, showDay, showUnits } from '../format.ts';
import { speak } from '../speak.ts';
import { bold, limits, type Args, type Block, type Button, type Message } from '../view.ts';

type Listed = z.output<typeof listLicenses.result>['items'][number];

/** For a licence that waits for its first sign-in, and a person who may tell of it. */
export const activateButton = (
  ask: Ask,
  { licenseId, status }: Pick<Listed, 'licenseId' | 'status'>,
  customer: string,
): Button | null =>
  status === 'pending_activation' && may(ask.actor, 'license')
    ? { kind: 'form', label: 'Activate…', form: 'license-activate', context: { license: licenseId, customer } }
    : null;

const pendingOf = (ask: Ask, { customer = '', page = '1' }: Args) =>
  ask.execute(listLicenses, { ...(customer && { customer }), status: 'pending_activation', page });

const heldIn = ({ units, unitType, plan }: Listed): string =>
  [showUnits(units, unitType), plan ?? 'Unbundled'].join(' · ');

const listMessage = async (ask: Ask, { customer = '', page = '1' }: Args): Promise<Message> => {
  const found = await pendingOf(ask, { customer, page });
  const { items, total, pages, company } = found;
  const blocks: Block[] =
    items.length > 0
      ? [
          {
            kind: 'rows',
            rows: items.map((license) => {
              const button = activateButton(ask, license, license.customer);
              return {
                title: [bold(license.company), ' · ', bold(license.productName)],
                detail: `${license.customer} · ${heldIn(license)} · from ${showDay(license.startsOn)}`,
                ...(button && { button }),
              };
            }),
          },
        ]
      : [{ kind: 'text', text: 'No license waits for its first sign-in.' }];
  if (pages > 1) blocks.push({ kind: 'pager', action: 'activation.list', args: { customer }, page: found.page, pages });
  const counted = total === 0 ? 'Nothing to activate' : `${showCount(total, 'license')} to activate`;
  return { title: fitted(`${counted}${company === null ? '' : ` of ${company}`}`, limits.messageTitle), blocks };
};

const licenseOf = async (ask: Ask, { license = '', customer = '' }: Args): Promise<Listed> => {
  const { items } = await ask.execute(listLicenses, { customer });
  const found = items.find(({ licenseId }) => licenseId === license);
  if (!found) throw notFound('license', 'license');
  return found;
};

const activateForm: Form = {
  name: 'license-activate',
  needs: 'license',
  steps: [
    {
      fields: [],
      async draw(ask, context) {
        const license = await licenseOf(ask, context);
        return {
          title: 'Activate a license',
          submit: 'Activate',
          intro: [
            { kind: 'text', text: [bold(license.productName), ' of ', bold(license.company)] },
            { kind: 'text', text: `${heldIn(license)} · ${licenseStatusWords[license.status]}` },
            {
              kind: 'text',
              text: 'Say so when somebody signed in for the first time. Its dates and units stay as they are; this is not taken back.',
            },
          ],
          fields: [],
        };
      },
    },
  ],

  async submit(ask, _answers, context) {
    const { license } = await ask.execute(activateLicense, { license: context.license });
    return {
      kind: 'message',
      message: {
        title: 'License activated',
        blocks: [
          {
            kind: 'facts',
            facts: [
              { label: 'Customer', value: context.customer ?? '' },
              { label: 'Product/Service', value: license.productName },
              { label: 'License status', value: licenseStatusWords[license.status] },
              { label: 'Expiration date', value: showDay(license.expiresOn) },
            ],
          },
          { kind: 'buttons', buttons: [speak('Licenses', `license list ${context.customer ?? ''}`)] },
        ],
      },
    };
  },
};

/** The first sign-in to a service: what waits for it, and the form that tells of it. */
export const activationFeature: Feature = {
  commands: [
    {
      words: 'license activate',
      usage: 'license activate [CUSTOMER]',
      does: 'tells of the first sign-in to a service',
      needs: 'license',
      async run(ask, rest) {
        const { items } = rest ? await pendingOf(ask, { customer: rest }) : { items: [] };
        const [only] = items;
        return only && items.length === 1
          ? {
              kind: 'form',
              form: 'license-activate',
              context: { license: only.licenseId, customer: only.customer },
            }
          : { kind: 'message', message: await listMessage(ask, { customer: rest }) };
      },
    },
  ],
  forms: [activateForm],
  actions: [
    {
      name: 'activation.list',
      needs: 'license',
      run: async (ask, args) => ({ kind: 'replace', message: await listMessage(ask, args) }),
    },
  ],
};
