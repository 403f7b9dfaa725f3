import type { AcceptanceProgress } from '../../core/suites/accept-suite-change.ts';
import type { SuiteCustomer } from '../../core/suites/list-suite-changes.ts';
import { Refusal } from '../../core/errors.ts';
import { refusalText } from '../../texts/refusal-text.ts';
import { showCount, showNumber } from '../format.ts';
import { limits, type Block, type Button, type Message } from '../view.ts';
import { progressMessage } from './progress.ts';

/** Why something did not go, as a sentence. */
export const reasonText = ({
  code,
  params,
}: {
  code: string;
  params: Readonly<Record<string, string | number>>;
}): string => refusalText(new Refusal('rule', code, { params }));

export const openSuite = (change: string, label = 'Open the suite change'): Button => ({
  kind: 'run',
  label,
  action: 'suite.open',
  args: { change },
});

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
            title: `${company} (${customer})`,
            detail: failure ? reasonText(failure) : '',
          })),
        },
        ...(all > failuresOnCard
          ? [{ kind: 'context', text: `The first ${failuresOnCard} of ${showNumber(all)}.` } as const]
          : []),
      ];

/** The card with the bar while customers are taken over, and what came of it. */
export const acceptanceMessage = (progress: AcceptanceProgress, failed: readonly SuiteCustomer[]): Message => {
  const { changeId, suiteName, total, queued, accepted, left } = progress;
  const title = `${suiteName}: customers are accepted`;
  if (queued > 0)
    return progressMessage({
      title,
      stages: ['Chosen', 'Accepting', 'Done'],
      stage: 1,
      counted: { done: total - queued, total },
      ...(progress.failed > 0 && {
        blocks: [{ kind: 'context', text: `${showCount(progress.failed, 'customer')} could not be accepted so far.` }],
      }),
      note: 'You can go on with other things. After a restart it goes on where it was.',
    });
  const done = showCount(accepted, 'customer was accepted', 'customers were accepted');
  const sentence: Block =
    left === 0
      ? { kind: 'notice', tone: 'success', text: `${done}. Nobody is left.` }
      : {
          kind: 'notice',
          tone: progress.failed > 0 ? 'warning' : 'info',
          text: `${done}. ${showCount(left, 'customer keeps', 'customers keep')} the old products until accepted.`,
        };
  const buttons: Button[] = [
    ...(progress.failed > 0
      ? [
          {
            kind: 'run',
            label: `Try the ${showNumber(left)} left again`,
            action: 'suite.retry',
            args: { change: changeId },
            style: 'primary',
            decides: true,
          } as const,
        ]
      : []),
    ...(left > 0
      ? [
          {
            kind: 'run',
            label: 'Customers left',
            action: 'suite.customers',
            args: { change: changeId, status: 'open' },
          } as const,
        ]
      : []),
    openSuite(changeId),
  ];
  const ended = progressMessage({
    title,
    stages: ['Chosen', 'Accepting', 'Done'],
    stage: 2,
    counted: { done: total, total },
    blocks: [sentence, ...failures(failed, progress.failed), { kind: 'buttons', buttons }],
  });
  return ended;
};
