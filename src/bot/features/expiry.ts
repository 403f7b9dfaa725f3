import { expiryContent } from '../../core/licenses/expiry-mail.ts';
import { fitted, showCount, showDay, showUnits } from '../format.ts';
import type { Notice } from '../notice.ts';
import type { Feature } from '../feature.ts';
import { speak } from '../speak.ts';
import { bold, limits, type Block } from '../view.ts';

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

/** Nobody learns of an expiry too late. */
export const expiryFeature: Feature = { notices: [licenseExpiry] };
