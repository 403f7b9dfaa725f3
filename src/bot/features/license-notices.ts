import type { z } from 'zod';
import { addedMailContent, addedMailKey } from '../../core/licenses/added-mail.ts';
import { discontinuedMailContent, discontinuedMailKey } from '../../core/licenses/discontinued-mail.ts';
import { firstRows } from '../first-of.ts';
import { fitted, none, showDay, showUnits } from '../format.ts';
import type { Notice } from '../notice.ts';
import { bold, limits, type Block } from '../view.ts';
import { licenseCells, licenseColumns } from './license-table.ts';

type Gone = z.output<typeof discontinuedMailContent.result>['licenses'];

const goneTable = (licenses: Gone): Block[] =>
  firstRows(
    [{ label: 'Product/Service' }, { label: 'Service plan' }, { label: 'Units', align: 'right' }],
    licenses.map((license) => [license.productName, license.plan ?? none, showUnits(license.units, license.unitType)]),
  );

/** Ids in a job's data, which holds texts. */
const idsIn = (joined: string): string[] => joined.split(',').filter((id) => id !== '');

/** Tells a customer of the licences that an assignment or a crossgrade brought; of a crossgrade only the new ones. */
export const licenseAdded: Notice = {
  topic: 'license.added',
  async compose(ask, { assignmentId = '', licenseIds = '', reason = '' }) {
    const mail = await ask.execute(addedMailContent, {
      assignmentId,
      ...(licenseIds && { licenseIds: idsIn(licenseIds) }),
    });
    // Whatever was taken back meanwhile is not announced.
    if (mail.licenses.length === 0) return [];
    const subject = fitted(`New licenses from ${mail.partner}`, limits.messageTitle);
    const codes = mail.licenses.flatMap(({ productName, activationCode }) =>
      activationCode === null ? [] : [{ label: productName, value: [bold(activationCode)] }],
    );
    return [
      {
        to: 'customer',
        customerId: mail.customerId,
        key: addedMailKey(assignmentId, reason),
        subject,
        message: {
          title: subject,
          blocks: [
            { kind: 'text', text: `Hello ${mail.contact},` },
            { kind: 'text', text: [bold(mail.partner), ` added ${mail.plan} for `, bold(mail.company), '.'] },
            ...firstRows(licenseColumns, mail.licenses.map(licenseCells)),
            ...(codes.length > 0
              ? [
                  { kind: 'heading', text: 'Activation codes' } as const,
                  { kind: 'facts', facts: codes.slice(0, limits.facts) } as const,
                ]
              : []),
            { kind: 'text', text: `Questions are welcome at ${mail.partnerEmail}.` },
          ],
        },
      },
    ];
  },
};

/** Tells a customer of licences that were removed: by hand, by a crossgrade, or because one was undone. */
export const licenseDiscontinued: Notice = {
  topic: 'license.discontinued',
  async compose(ask, { customerId = '', transactionId = '', licenseIds = '' }) {
    const mail = await ask.execute(discontinuedMailContent, {
      customerId,
      transactionId,
      licenseIds: idsIn(licenseIds),
    });
    // Whatever is back again meanwhile was not discontinued.
    const [first] = mail.licenses;
    if (!first) return [];
    const subject = fitted(`Licenses discontinued by ${mail.partner}`, limits.messageTitle);
    return [
      {
        to: 'customer',
        customerId,
        key: discontinuedMailKey(transactionId),
        subject,
        message: {
          title: subject,
          blocks: [
            { kind: 'text', text: `Hello ${mail.contact},` },
            {
              kind: 'text',
              text: [
                bold(mail.partner),
                ' discontinued these licenses of ',
                bold(mail.company),
                ` on ${showDay(first.removedOn)}:`,
              ],
            },
            ...goneTable(mail.licenses),
            { kind: 'text', text: `Questions are welcome at ${mail.partnerEmail}.` },
          ],
        },
      },
    ];
  },
};
