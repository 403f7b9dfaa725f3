import type { z } from 'zod';
import type { previewCrossgrade } from '../../core/crossgrades/commit-crossgrade.ts';
import type { showDoneCrossgrade } from '../../core/crossgrades/show-done.ts';
import type { PersonActor } from '../../core/caller.ts';
import { may } from '../../core/permissions.ts';
import { firstOf, firstRows } from '../first-of.ts';
import {
  fitted,
  none,
  showCount,
  showDay,
  showDelta,
  showInstant,
  showMoney,
  showNumber,
  showUnits,
  versionWords,
} from '../format.ts';
import { speak } from '../speak.ts';
import { bold, limits, type Block, type Button, type Compared, type Message, type Row } from '../view.ts';

/** How a crossgrade looks: the simulator's before and after, and the receipt with what becomes of it. */

export type Preview = z.output<typeof previewCrossgrade.result>;
type Done = z.output<typeof showDoneCrossgrade.result>;

type After = Preview['after'][number];

const outcomeWords: Readonly<Record<After['outcome'], string>> = {
  transferred: 'moves',
  new: 'is new',
  ending: 'runs out',
  superseded: 'falls away',
  unbundled: 'becomes unbundled',
  removed: 'is removed',
};

const moneyWords: Readonly<Record<string, string>> = {
  charge: 'Charge',
  credit: 'Credit',
  proration: 'Proration',
  correction: 'Correction',
};

/** What the customer holds of a product, in lines. */
const sideOf = (license: Omit<After, 'licenseId' | 'outcome'>): string =>
  [
    license.plan ?? 'Without a plan',
    ...(license.version === 'full' ? [] : [versionWords[license.version]]),
    showUnits(license.units, license.unitType),
    // Replaced on the day on which it began, nothing of its term is left.
    license.expiresOn < license.termStartsOn
      ? `Over as of ${showDay(license.endsOn)}`
      : `${showDay(license.termStartsOn)} to ${showDay(license.expiresOn)}`,
  ].join('\n');

const isGone = ({ outcome }: After): boolean => outcome === 'removed' || outcome === 'superseded';

const compared = ({ before, after }: Preview): Compared[] =>
  after.map((license) => {
    const was = before.find(({ licenseId }) => licenseId === license.licenseId);
    return {
      name: [bold(license.productName), ` ${outcomeWords[license.outcome]}`],
      before: was ? sideOf(was) : none,
      after: isGone(license) ? none : sideOf(license),
    };
  });

const unitsWords = (before: number, after: number, unitType: Done['ledger'][number]['unitType']): string =>
  before === after ? showUnits(after, unitType) : `${showNumber(before)} → ${showUnits(after, unitType)}`;

const ledgerBlocks = ({ ledger }: Preview): Block[] => {
  // Almost always all of it is of today.
  const dated = new Set(ledger.map(({ effectiveOn }) => effectiveOn)).size > 1;
  return [
    { kind: 'heading', text: 'Customer transactions' },
    ...firstRows(
      [
        { label: 'Product/Service' },
        { label: 'Type' },
        { label: 'Units', align: 'right' },
        { label: 'Change', align: 'right' },
        ...(dated ? [{ label: 'Effective' }] : []),
      ],
      ledger.map((row) => [
        fitted(row.productName, 40),
        row.type,
        `${showNumber(row.unitsBefore)} → ${showNumber(row.unitsAfter)}`,
        showDelta(row.delta),
        ...(dated ? [showDay(row.effectiveOn)] : []),
      ]),
    ),
  ];
};

type Lines = readonly { kind: string; productName: string; amount: Parameters<typeof showMoney>[0] }[];

const moneyBlocks = (lines: Lines, net: Preview['net']): Block[] =>
  net === null
    ? []
    : lines.length === 0
      ? [{ kind: 'context', text: 'Nothing is charged up front or credited.' }]
      : [
          { kind: 'heading', text: 'Amounts' },
          ...firstRows(
            [{ label: 'Product/Service' }, { label: 'Kind' }, { label: 'Amount', align: 'right' }],
            lines.map(({ kind, productName, amount }) => [
              fitted(productName, 40),
              moneyWords[kind] ?? kind,
              showMoney(amount),
            ]),
          ),
          { kind: 'text', text: ['Net: ', bold(showMoney(net))] },
        ];

const namesOf = (licenses: readonly After[]): string => licenses.map(({ productName }) => productName).join(', ');

/** Before and after side by side, with all that follows from it. */
export const previewBlocks = (preview: Preview): Block[] => {
  const rows = compared(preview);
  const unbundled = preview.after.filter(({ outcome }) => outcome === 'unbundled');
  const removed = preview.after.filter(({ outcome }) => outcome === 'removed');
  const { credits, units } = preview;
  const nameOf = (sku: string): string => preview.after.find(({ product }) => product === sku)?.productName ?? sku;
  return [
    { kind: 'text', text: [bold(preview.customer.company), ' gets ', bold(preview.plan.name), ':'] },
    { kind: 'compare', labels: ['Before', 'After'], rows: rows.slice(0, limits.rows) },
    ...firstOf(limits.rows, rows.length),
    ...(unbundled.length > 0
      ? [
          {
            kind: 'notice',
            tone: 'warning',
            text: [
              'Without a plan from now on: ',
              bold(namesOf(unbundled)),
              `. ${unbundled.length === 1 ? 'It stays until it expires, and never renews.' : 'They stay until they expire, and never renew.'}`,
            ],
          } as const,
        ]
      : []),
    ...(removed.length > 0
      ? [
          {
            kind: 'notice',
            tone: 'danger',
            text: ['Removed today, without a refund: ', bold(namesOf(removed)), '.'],
          } as const,
        ]
      : []),
    {
      kind: 'facts',
      facts: [
        { label: 'Units of each license', value: showNumber(units) },
        {
          label: 'Vision One credits',
          value:
            credits.before === credits.after
              ? showNumber(credits.after)
              : `${showNumber(credits.before)} → ${showNumber(credits.after)}`,
        },
      ],
    },
    ...ledgerBlocks(preview),
    ...moneyBlocks(
      preview.money.map((line) => ({ ...line, productName: nameOf(line.product) })),
      preview.net,
    ),
  ];
};

/** Ledger rows on a receipt; more of them are behind its button. */
const rowsShown = 12;

const planWords = ({ type, planBefore, planAfter, unitsAfter }: Done['ledger'][number]): string => {
  if (unitsAfter === 0) return `of ${planBefore ?? 'no plan'}, removed`;
  if (type === 'New purchase' || planBefore === planAfter) return planAfter ?? 'without a plan';
  return `${planBefore ?? 'without a plan'} → ${planAfter ?? 'without a plan'}`;
};

const rowOf = (row: Done['ledger'][number]): Row => ({
  title: [bold(row.productName), ` · ${unitsWords(row.unitsBefore, row.unitsAfter, row.unitType)}`],
  detail: [
    row.type,
    planWords(row),
    ...(row.expiresOn && row.unitsAfter > 0 ? [`until ${showDay(row.expiresOn)}`] : []),
  ].join(' · '),
});

const standingBlock = (done: Done, timeZone: string): Block => {
  const doneWords = `${done.by} did it on ${showInstant(done.at, timeZone)}.`;
  switch (done.undo) {
    case 'open':
      return {
        kind: 'notice',
        tone: 'success',
        text: `${doneWords} It can be undone until ${showInstant(done.undoUntil, timeZone)}.`,
      };
    case 'undone':
      return {
        kind: 'notice',
        tone: 'info',
        text: `${done.undone?.by ?? none} took it back on ${showInstant(done.undone?.at ?? done.at, timeZone)}: all licenses are as they were before.`,
      };
    case 'over':
      return { kind: 'notice', tone: 'success', text: `${doneWords} The time in which it could be undone is over.` };
    case 'touched':
      return {
        kind: 'notice',
        tone: 'success',
        text: `${doneWords} One of the licenses was changed since, so it can be undone no longer.`,
      };
  }
};

/** Every posted copy of a receipt carries it, so that all are drawn anew together. */
export const receiptTag = (crossgradeId: string): string => `crossgrade:${crossgradeId}`;

const undoButton = ({ crossgradeId, customer, plan }: Done): Button => ({
  kind: 'run',
  label: 'Undo',
  action: 'crossgrade.undo',
  args: { crossgrade: crossgradeId },
  style: 'danger',
  decides: true,
  confirm: {
    title: 'Undo this crossgrade?',
    text: `${fitted(customer.company, 80)} loses ${fitted(plan, 80)} again: moved licenses go back, new ones are removed, and what was charged is corrected.`,
    ok: 'Undo',
  },
});

/** What was done, with the button that takes it back for as long as that is possible for this person. */
export const receiptMessage = (done: Done, person: Pick<PersonActor, 'tier' | 'roles' | 'timeZone'>): Message => {
  const { customer } = done;
  const shown = done.ledger.slice(0, rowsShown);
  return {
    title: fitted(
      `${done.undo === 'undone' ? 'Crossgrade undone' : 'Crossgrade done'}: ${customer.company}, ${done.plan}`,
      limits.messageTitle,
    ),
    blocks: [
      standingBlock(done, person.timeZone),
      ...(done.undo === 'undone'
        ? []
        : ([
            { kind: 'rows', rows: shown.map(rowOf) },
            ...(done.ledger.length > shown.length
              ? [{ kind: 'context', text: `And ${showCount(done.ledger.length - shown.length, 'more row')}.` } as const]
              : []),
            ...moneyBlocks(done.money ?? [], done.net),
          ] as const)),
      {
        kind: 'buttons',
        buttons: [
          ...(done.undo === 'open' && may(person, 'license') ? [undoButton(done)] : []),
          speak('Licenses', `license list ${customer.account}`),
          speak('Transactions', `transactions ${customer.account}`),
        ],
      },
    ],
  };
};
