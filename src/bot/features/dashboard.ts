import type { z } from 'zod';
import { licenseStatuses } from '../../core/licenses/license-status.ts';
import { showDashboard } from '../../core/licenses/show-dashboard.ts';
import { reportStatuses } from '../../core/reports/usage-report.ts';
import { buttonRows } from '../button-rows.ts';
import type { Ask, Feature } from '../feature.ts';
import { firstRows } from '../first-of.ts';
import {
  licenseStatusWords,
  none,
  reportStatusWords,
  showCount,
  showCredits,
  showDay,
  showMonth,
  showNumber,
} from '../format.ts';
import { speak } from '../speak.ts';
import { type Args, type Block, type Button, type Message } from '../view.ts';

type Figures = z.output<typeof showDashboard.result>;

/** A figure that opens the list behind it. */
const figure = (label: string, action: string, args: Args): Button => ({ kind: 'run', label, action, args });

/** What there is of a kind, each number a button. */
const holdings = ({ customers, plans, licenses, units, credits }: Figures): Button[] => [
  figure(showCount(customers, 'enabled customer'), 'customer.open-list', { status: 'enabled', own: 'true' }),
  figure(showCount(plans.enabled, 'enabled plan'), 'plan.open-list', { status: 'enabled' }),
  figure(showCount(licenses, 'open license'), 'license.open-list', { status: 'open' }),
  figure(showCount(units, 'unit'), 'license.open-list', { status: 'open' }),
  speak(showCredits(credits), 'license credits'),
];

/** What somebody has to see to: a button for each, and in small words what there is nothing of. */
const matterBlocks = ({ plans, waitingCrossgrades, suiteChanges, pricesKept }: Figures): Block[] => {
  const matters: readonly (readonly [count: number, one: string, many: string, button: (label: string) => Button])[] = [
    [plans.locked, 'locked plan', 'locked plans', (label) => figure(label, 'plan.open-list', { status: 'locked' })],
    [waitingCrossgrades, 'pending crossgrade', 'pending crossgrades', (label) => figure(label, 'crossgrade.list', {})],
    [
      suiteChanges.waiting,
      'suite change to approve',
      'suite changes to approve',
      (label) => speak(label, 'suite list'),
    ],
    [
      suiteChanges.left,
      'customer to accept into a changed suite',
      'customers to accept into changed suites',
      (label) => speak(label, 'suite list'),
    ],
    [
      pricesKept,
      'license renewed at the old price',
      'licenses renewed at the old price',
      (label) => figure(label, 'license.open-list', { priceKept: 'true' }),
    ],
  ];
  const there = matters.filter(([count]) => count > 0);
  const none = matters.filter(([count]) => count === 0);
  return [
    ...buttonRows(there.map(([count, one, many, button]) => button(showCount(count, one, many)))),
    ...(none.length > 0 ? [{ kind: 'context', text: none.map(([, , many]) => `0 ${many}`).join(' · ') } as const] : []),
  ];
};

const licenseBlocks = ({ licensesByStatus }: Figures): Block[] => {
  const buttons = licenseStatuses.toReversed().flatMap((status) => {
    const count = licensesByStatus[status];
    return count === undefined
      ? []
      : [figure(`${licenseStatusWords[status]}: ${showNumber(count)}`, 'license.open-list', { status })];
  });
  return buttons.length === 0 ? [] : [{ kind: 'heading', text: 'Open licenses' }, ...buttonRows(buttons)];
};

const leftWords = (days: number): string =>
  days < 0 ? 'overdue' : days === 0 ? 'due today' : `due in ${showCount(days, 'day')}`;

/** In the order in which a report goes through them. */
const inOrder = (reports: NonNullable<Figures['reports']>) =>
  reports.toSorted((one, other) => reportStatuses.indexOf(one.status) - reportStatuses.indexOf(other.status));

const reportBlocks = ({ reports }: Figures): Block[] =>
  !reports || reports.length === 0
    ? []
    : [
        { kind: 'heading', text: 'Usage reports' },
        ...buttonRows(
          inOrder(reports).map(({ status, reports: count, daysLeft }) => {
            const due = daysLeft === null ? '' : `, ${count === 1 ? '' : 'the first '}${leftWords(daysLeft)}`;
            return speak(
              `${reportStatusWords[status]}: ${showNumber(count)}${due}`,
              `report list ${reportStatusWords[status].toLowerCase()}`,
            );
          }),
        ),
      ];

const usageBlocks = ({ usage }: Figures): Block[] =>
  usage.length === 0
    ? []
    : [
        { kind: 'heading', text: 'Usage against provisioned' },
        {
          kind: 'table',
          columns: [
            { label: 'Report cycle' },
            { label: 'Provisioned', align: 'right' },
            { label: 'Used', align: 'right' },
          ],
          rows: usage.map(({ cycle, provisioned, used }) => [
            showMonth(`${cycle}-01`),
            showNumber(provisioned),
            used === null ? none : showNumber(used),
          ]),
        },
        { kind: 'buttons', buttons: [speak('Usage by customer', `usage show ${usage.at(-1)?.cycle ?? ''}`.trim())] },
      ];

const partnerBlocks = ({ partners }: Figures): Block[] =>
  !partners || partners.length === 0
    ? []
    : [
        { kind: 'heading', text: 'Tier 2 partners' },
        ...firstRows(
          [{ label: 'Partner' }, { label: 'Enabled customers', align: 'right' }],
          partners.map(({ partner, customers }) => [partner, showNumber(customers)]),
        ),
      ];

/** A distributor that sells by its partners alone would read nothing but zeros above what it came for. */
const sellsByPartners = ({ customers, plans, licenses, partners }: Figures): boolean =>
  customers + plans.enabled + plans.locked + licenses === 0 && partners !== null && partners.length > 0;

const dashboardMessage = async (ask: Ask): Promise<Message> => {
  const figures = await ask.execute(showDashboard, {});
  const month = `${figures.day.slice(0, 7)}-01`;
  const title = `Dashboard, ${showDay(figures.day)}`;
  if (sellsByPartners(figures)) {
    const own: Block = { kind: 'context', text: 'Your company has no customers, plans or licenses of its own.' };
    return { title, blocks: [...reportBlocks(figures), ...partnerBlocks(figures), own] };
  }
  return {
    title,
    blocks: [
      ...buttonRows(holdings(figures)),
      ...matterBlocks(figures),
      ...licenseBlocks(figures),
      ...reportBlocks(figures),
      ...usageBlocks(figures),
      ...partnerBlocks(figures),
      {
        kind: 'buttons',
        buttons: [
          figure(`Transactions of ${showMonth(month)}`, 'transactions.open', { from: month }),
          speak('All transactions', 'transactions'),
        ],
      },
    ],
  };
};

/** The partner's figures at a glance. */
export const dashboardFeature: Feature = {
  commands: [
    {
      words: 'dashboard',
      usage: 'dashboard',
      does: 'shows your figures at a glance',
      needs: 'see',
      shortcut: 'Dashboard',
      run: async (ask) => ({ kind: 'message', message: await dashboardMessage(ask) }),
    },
  ],
};
