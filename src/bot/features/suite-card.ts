import { may } from '../../core/permissions.ts';
import type { PersonActor } from '../../core/caller.ts';
import type { AcceptanceProgress } from '../../core/suites/accept-suite-change.ts';
import type { listSuiteChanges, SuiteCustomer } from '../../core/suites/list-suite-changes.ts';
import { reasonText } from '../../texts/refusal-text.ts';
import type { z } from 'zod';
import { firstOf } from '../first-of.ts';
import { fitted, none, showCount, showInstant, showMoney, showNumber } from '../format.ts';
import { bold, limits, type Block, type Button, type Fact, type Message, type Text } from '../view.ts';
import { progressMessage } from './progress.ts';

export type Change = z.output<typeof listSuiteChanges.result>['items'][number];
export const statusWords: Readonly<Record<Change['status'], string>> = {
  waiting: 'Waiting for approval',
  approved: 'Approved',
  done: 'Done',
  replaced: 'Replaced',
};

export const openSuite = (change: string, label = 'Open the suite change'): Button => ({
  kind: 'run',
  label,
  action: 'suite.open',
  args: { change },
});

const approveButton = (change: string): Button => ({
  kind: 'form',
  label: 'Approve…',
  form: 'suite-approve',
  context: { change },
  style: 'primary',
});

export const acceptButton = (change: string): Button => ({
  kind: 'form',
  label: 'Accept customers…',
  form: 'suite-accept',
  context: { change },
  style: 'primary',
});

export const customersButton = (change: string, label = 'One by one'): Button => ({
  kind: 'run',
  label,
  action: 'suite.customers',
  args: { change, status: 'open' },
});

/** What can be done with a change now, by who may. */
export const nextButtons = ({ changeId, status, left }: Change, actor: PersonActor): Button[] => {
  if (!may(actor, 'license')) return left > 0 ? [customersButton(changeId, 'Customers')] : [];
  if (status === 'waiting')
    return [approveButton(changeId), ...(left > 0 ? [customersButton(changeId, 'Customers')] : [])];
  if (status === 'approved') return [acceptButton(changeId), customersButton(changeId)];
  return [];
};

const named = (products: Change['removed']): string =>
  products.length === 0 ? none : fitted(products.map(({ productName }) => productName).join(', '), 500);

/** `+ Web Security, − Mail`: what a change does to the suite, in one line. */
export const differenceText = ({ added, removed }: Pick<Change, 'added' | 'removed'>): string =>
  fitted(
    [
      ...added.map(({ productName }) => `+ ${productName}`),
      ...removed.map(({ productName }) => `− ${productName}`),
    ].join(', '),
    500,
  );

const sentence = ({ status, left }: Change): { readonly tone: 'warning' | 'info' | 'success'; readonly text: Text } => {
  switch (status) {
    case 'waiting':
      return {
        tone: 'warning',
        text: 'Its service plans are locked until you approve: no assignments, no seats, no renewals.',
      };
    case 'approved':
      return {
        tone: 'info',
        text: `${showCount(left, 'customer keeps', 'customers keep')} the old products until accepted.`,
      };
    case 'done':
      return { tone: 'success', text: 'Everybody has the new products.' };
    case 'replaced':
      return { tone: 'info', text: 'A newer change of the suite took the place of this one.' };
  }
};

/** Who cannot be accepted now, and why; the first of them. */
export const obstacleBlocks = ({ obstacles, hindered }: Pick<Change, 'obstacles' | 'hindered'>): Block[] =>
  hindered === 0
    ? []
    : [
        {
          kind: 'text',
          text: [bold(showCount(hindered, 'customer')), ' cannot be accepted now:'],
        },
        {
          kind: 'rows',
          rows: obstacles.map(({ company, customer, ...told }) => ({
            title: `${fitted(company, 100)} (${customer})`,
            detail: reasonText(told),
          })),
        },
        ...firstOf(obstacles.length, hindered),
      ];

const changeFacts = (change: Change): Fact[] => {
  const { plans, left, accepted, failed, status, cost, queued } = change;
  const standing = [
    ...(status === 'waiting' ? [`${showNumber(left)} concerned`] : [`${showNumber(left)} left`]),
    ...(queued > 0 ? [`${showNumber(queued)} being accepted`] : []),
    ...(accepted > 0 ? [`${showNumber(accepted)} accepted`] : []),
    ...(failed > 0 ? [`${showNumber(failed)} failed`] : []),
  ];
  return [
    { label: 'Added', value: named(change.added) },
    { label: 'Removed', value: named(change.removed) },
    {
      label: 'Service plans',
      value: fitted(`${plans.length}: ${plans.map(({ name }) => name).join(', ')}`, 500),
    },
    { label: 'Customers', value: standing.join(' · ') },
    ...(cost ? [{ label: 'Cost of accepting all today', value: [bold(showMoney(cost))] }] : []),
  ];
};

/** A change as it stands, with what can be done about it. */
export const changeMessage = (change: Change, actor: PersonActor): Message => {
  const { suiteName, status, openedAt, approvedAt, approvedBy } = change;
  const buttons = nextButtons(change, actor);
  const when = [
    `Opened on ${showInstant(openedAt, actor.timeZone)}`,
    ...(approvedAt ? [`approved on ${showInstant(approvedAt, actor.timeZone)} by ${approvedBy ?? none}`] : []),
  ];
  return {
    title: fitted(`${suiteName}: its products have changed`, limits.messageTitle),
    blocks: [
      { kind: 'notice', ...sentence(change) },
      { kind: 'facts', facts: [{ label: 'Status', value: statusWords[status] }, ...changeFacts(change)] },
      ...obstacleBlocks(change),
      ...(buttons.length > 0 ? [{ kind: 'buttons', buttons } as const] : []),
      { kind: 'context', text: `${when.join(', ')}.` },
    ],
  };
};

/** How many failures a card names: the rest stands in the list behind its button. */
export const failuresOnCard = limits.rows;

const failures = (failed: readonly SuiteCustomer[], all: number): Block[] =>
  failed.length === 0
    ? []
    : [
        { kind: 'heading', text: 'Not accepted' },
        {
          kind: 'rows',
          rows: failed.slice(0, failuresOnCard).map(({ company, customer, failure }) => ({
            title: `${fitted(company, 100)} (${customer})`,
            ...(failure && { detail: reasonText(failure) }),
          })),
        },
        ...firstOf(failuresOnCard, all),
      ];

const endButtons = ({ changeId, failed, left }: AcceptanceProgress): Button[] => [
  ...(failed > 0
    ? [
        {
          kind: 'run',
          label: `Try ${showNumber(failed)} again`,
          action: 'suite.retry',
          args: { change: changeId },
          style: 'primary',
          decides: true,
        } as const,
        {
          kind: 'run',
          label: 'All that failed',
          action: 'suite.customers',
          args: { change: changeId, status: 'failed' },
        } as const,
      ]
    : []),
  ...(left > failed ? [customersButton(changeId, 'Customers left')] : []),
  openSuite(changeId),
];

const stages = ['Chosen', 'Accepting', 'Done'];

/** The card with the bar while customers are taken over, and what came of it. */
export const acceptanceMessage = (progress: AcceptanceProgress, failed: readonly SuiteCustomer[]): Message => {
  const { suiteName, total, queued, accepted, left } = progress;
  const title = fitted(`${suiteName}: customers get the new products`, limits.messageTitle);
  if (queued > 0)
    return progressMessage({
      title,
      stages,
      stage: 1,
      counted: { done: total - queued, total },
      ...(progress.failed > 0 && {
        blocks: [{ kind: 'text', text: `${showCount(progress.failed, 'customer')} could not be accepted so far.` }],
      }),
      note: 'You can go on with other things. After a restart it goes on where it was.',
    });
  const done = showCount(accepted, 'customer was accepted', 'customers were accepted');
  const rest =
    left === 0
      ? 'Nobody is left.'
      : `${showCount(left, 'customer keeps', 'customers keep')} the old products until accepted.`;
  return progressMessage({
    title,
    stages,
    stage: 2,
    counted: { done: total, total },
    blocks: [
      {
        kind: 'notice',
        tone: progress.failed > 0 ? 'warning' : left === 0 ? 'success' : 'info',
        text: `${done}. ${rest}`,
      },
      ...failures(failed, progress.failed),
      { kind: 'buttons', buttons: endButtons(progress) },
    ],
  });
};

/** A run whose rest is being tried again: its buttons would only do it once more. */
export const triedAgainMessage = (suiteName: string, queued: number): Message => ({
  title: fitted(`${suiteName}: customers get the new products`, limits.messageTitle),
  blocks: [
    {
      kind: 'notice',
      tone: 'info',
      text: `${showCount(queued, 'customer is', 'customers are')} tried again: the new card that I sent shows how far it is.`,
    },
  ],
});
