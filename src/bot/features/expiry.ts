import { expiryContent } from '../../core/licenses/expiry-mail.ts';
import { listLicenses } from '../../core/licenses/list-licenses.ts';
import { fitted, licenseStatusWords, showCount, showDay, showNumber, showUnits } from '../format.ts';
import type { Notice } from '../notice.ts';
import type { Ask, Feature } from '../feature.ts';
import { speak } from '../speak.ts';
import { bold, limits, type Block, type Button } from '../view.ts';
import { showButton } from './license-card.ts';

/** The end that comes, or that came: a mail to the customer, a card to the partner's people who can renew. */
const licenseExpiry: Notice = {
  topic: 'license.expiry',
  async compose(ask, { key = '', licenseIds = '', notice = '' }) {
    const told = await ask.execute(expiryContent, { licenseIds: licenseIds.split(',') });
    const isOver = notice === 'expired';
    const what = told.plan ?? told.licenses[0]?.productName ?? '';
    const day = showDay(told.expiresOn);
    const table: Block = {
      kind: 'table',
      columns: [{ label: 'Product/Service' }, { label: 'Units', align: 'right' }],
      rows: told.licenses
        .slice(0, limits.tableRows)
        .map(({ productName, units, unitType }) => [productName, showUnits(units, unitType)]),
    };
    const subject = fitted(isOver ? `${what} has expired` : `${what} expires on ${day}`, limits.messageTitle);
    const left = `in ${showCount(Math.max(told.daysLeft, 0), 'day')}`;
    return [
      {
        to: 'customer',
        customerId: told.customerId,
        key,
        subject,
        message: {
          title: subject,
          blocks: [
            { kind: 'text', text: `Hello ${told.contact},` },
            {
              kind: 'text',
              text: isOver
                ? [bold(what), ` of ${told.company} has expired; its last day was `, bold(day), '.']
                : [bold(what), ` of ${told.company} ends ${left}; its last day is `, bold(day), '.'],
            },
            table,
            { kind: 'text', text: `To go on using it, write to ${told.partner} at ${told.partnerEmail}.` },
          ],
        },
      },
      ...told.people.map((person) => ({
        to: 'person' as const,
        person,
        key,
        message: {
          title: fitted(
            isOver ? `${told.company}: ${what} has expired` : `${told.company}: ${what} expires on ${day}`,
            limits.messageTitle,
          ),
          blocks: [
            {
              kind: 'notice' as const,
              tone: isOver ? ('danger' as const) : ('warning' as const),
              text: isOver
                ? [bold(told.company), ` can no longer use ${what}: it was not renewed.`]
                : [bold(told.company), ` loses ${what} ${left}: it does not renew by itself.`],
            },
            table,
            { kind: 'buttons' as const, buttons: [speak('Licenses', `license list ${told.account}`)] },
          ],
        },
      })),
    ];
  },
};

/** Rows that the work list shows of what ends. */
const atHome = 5;

/** What ends soon or is in its days of grace, and does not renew by itself: the most pressing first. */
const ending = async (ask: Ask): Promise<readonly Block[]> => {
  const grace = await ask.execute(listLicenses, { status: 'grace', page: 1 });
  const expiring = await ask.execute(listLicenses, { status: 'expiring', page: 1 });
  const total = grace.total + expiring.total;
  if (total === 0) return [];
  const more = (status: 'grace' | 'expiring', count: number): Button[] => {
    const label = `${licenseStatusWords[status]}: ${showNumber(count)}`;
    return count > 0 ? [{ kind: 'run', label, action: 'license.open-list', args: { status } }] : [];
  };
  const byEnd = [...grace.items, ...expiring.items].toSorted((a, b) => a.expiresOn.localeCompare(b.expiresOn));
  return [
    { kind: 'heading', text: `Licenses that end (${showNumber(total)})` },
    {
      kind: 'rows',
      rows: byEnd.slice(0, atHome).map((license) => ({
        title: [bold(license.company), ` · ${license.productName}`],
        detail: `${showUnits(license.units, license.unitType)} · ${licenseStatusWords[license.status]} · last day ${showDay(license.expiresOn)}`,
        button: showButton(license.licenseId, 'Show'),
      })),
    },
    ...(total > atHome
      ? [
          {
            kind: 'buttons',
            buttons: [...more('grace', grace.total), ...more('expiring', expiring.total)],
          } as const,
        ]
      : []),
  ];
};

/** Nobody learns of an expiry too late. */
export const expiryFeature: Feature = {
  notices: [licenseExpiry],
  home: { needs: 'license', draw: ending },
};
