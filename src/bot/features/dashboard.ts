import type { z } from 'zod';
import { licenseStatuses } from '../../core/licenses/license-status.ts';
import { showDashboard } from '../../core/licenses/show-dashboard.ts';
import type { Ask, Feature } from '../feature.ts';
import { licenseStatusWords, none, reportStatusWords, showCount, showDay, showMonth, showNumber } from '../format.ts';
import { speak } from '../speak.ts';
import { limits, type Block, type Message } from '../view.ts';

type Figures = z.output<typeof showDashboard.result>;

const leftWords = (days: number | null): string =>
  days === null ? none : days < 0 ? 'overdue' : days === 0 ? 'today' : showCount(days, 'day');

const licenseBlocks = ({ licensesByStatus }: Figures): Block[] => {
  const rows = licenseStatuses
    .flatMap((status) => {
      const count = licensesByStatus[status];
      return count === undefined ? [] : [[licenseStatusWords[status], showNumber(count)]];
    })
    .toReversed();
  return rows.length === 0
    ? []
    : [
        { kind: 'heading', text: 'Open licenses' },
        { kind: 'table', columns: [{ label: 'License status' }, { label: 'Licenses', align: 'right' }], rows },
      ];
};

const reportBlocks = ({ reports }: Figures): Block[] =>
  !reports || reports.length === 0
    ? []
    : [
        { kind: 'heading', text: 'Usage reports' },
        {
          kind: 'table',
          columns: [
            { label: 'Status' },
            { label: 'Reports', align: 'right' },
            { label: 'First is due in', align: 'right' },
          ],
          rows: reports.map(({ status, reports: count, daysLeft }) => [
            reportStatusWords[status],
            showNumber(count),
            leftWords(daysLeft),
          ]),
        },
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
      ];

const partnerBlocks = ({ partners }: Figures): Block[] =>
  !partners || partners.length === 0
    ? []
    : [
        { kind: 'heading', text: 'Tier 2 partners' },
        {
          kind: 'table',
          columns: [{ label: 'Partner' }, { label: 'Enabled customers', align: 'right' }],
          rows: partners.slice(0, limits.tableRows).map(({ partner, customers }) => [partner, showNumber(customers)]),
        },
        ...(partners.length > limits.tableRows
          ? [{ kind: 'context', text: `The first ${limits.tableRows} of ${showNumber(partners.length)}.` } as const]
          : []),
      ];

const dashboardMessage = async (ask: Ask): Promise<Message> => {
  const figures = await ask.execute(showDashboard, {});
  return {
    title: `Dashboard, ${showDay(figures.day)}`,
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: 'Enabled customers', value: showNumber(figures.customers) },
          {
            label: 'Service plans',
            value: `${showNumber(figures.plans.enabled)} enabled, ${showNumber(figures.plans.locked)} locked`,
          },
          { label: 'Open licenses', value: showNumber(figures.licenses) },
          { label: 'Units', value: showNumber(figures.units) },
          { label: 'Credits', value: showNumber(figures.credits) },
          { label: 'Waiting crossgrades', value: showNumber(figures.waitingCrossgrades) },
        ],
      },
      ...licenseBlocks(figures),
      ...reportBlocks(figures),
      ...usageBlocks(figures),
      ...partnerBlocks(figures),
      {
        kind: 'buttons',
        buttons: [
          speak('Customers', 'customer list'),
          speak('Plans', 'plan list'),
          speak('Transactions', 'transactions'),
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
