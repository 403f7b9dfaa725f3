import { randomUUID } from 'node:crypto';
import type { Message } from '../bot/view.ts';
import { Refusal } from '../core/errors.ts';
import type { Jobs } from '../core/unit-of-work.ts';
import type { Execute } from '../core/use-case.ts';
import {
  abandonAcceptances,
  acceptanceOwner,
  acceptNext,
  continueAcceptance,
  type AcceptanceProgress,
} from '../core/suites/accept-suite-change.ts';
import { listSuiteCustomers, type SuiteCustomer } from '../core/suites/list-suite-changes.ts';
import { systemDoor } from './door.ts';
import { createProgressCard, type ProgressCard } from './progress-card.ts';

/** The card of an acceptance, as a feature draws it. */
export interface AcceptanceCard {
  draw(progress: AcceptanceProgress, failed: readonly SuiteCustomer[]): Message;
  /** How many failures it has room for. */
  readonly failures: number;
}

export interface SuiteAcceptanceParts {
  readonly execute: Execute;
  readonly acceptanceCard: AcceptanceCard;
}

/** One transaction takes over so few: whoever works beside it, on an embedded database, waits for no more than these. */
const batch = 5;
/** Real time after which a job makes room for the others and goes on as another one. */
const longestMs = 60_000;

/** Every posted copy of the card of one run carries it: what a person asked for at one moment. */
const tagOf = ({ changeId, personId }: Jobs['suite_acceptance'], since: string): string =>
  `accept:${changeId.slice(-12)}:${personId.slice(-12)}:${Temporal.Instant.from(since).epochMilliseconds}`;

/**
 * Takes over what a person queued, in that person's name, a few at a time. Each transaction leaves the rest queued:
 * after a kill the next run goes on where this one was.
 */
export const createSuiteAcceptanceJob =
  ({ execute, acceptanceCard }: SuiteAcceptanceParts) =>
  async (jobId: string, data: Jobs['suite_acceptance']): Promise<void> => {
    const { changeId, personId, part } = data;
    const door = systemDoor(execute, 'suite_acceptance', jobId);
    const { actor } = await door(acceptanceOwner, { personId });
    if (!actor) {
      await door(abandonAcceptances, { changeId, personId });
      return;
    }
    let card: ProgressCard | null = null;
    const asPerson = () => ({ actor, requestId: `suite_acceptance:${randomUUID()}` });
    const until = performance.now() + longestMs;
    for (;;) {
      let progress: AcceptanceProgress & { readonly more: boolean };
      try {
        progress = await execute(acceptNext, asPerson(), { change: changeId, limit: batch });
      } catch (error) {
        if (!(error instanceof Refusal && error.kind === 'forbidden')) throw error;
        await door(abandonAcceptances, { changeId, personId });
        return;
      }
      if (progress.total === 0) return;
      card ??= createProgressCard({ door, personId, tag: tagOf(data, progress.since) });
      if (progress.more) {
        await card.show(acceptanceCard.draw(progress, []));
        if (performance.now() < until) continue;
        await door(continueAcceptance, { changeId, personId, part: Number(part) + 1 });
        return;
      }
      const failed = await execute(listSuiteCustomers, asPerson(), {
        change: changeId,
        status: 'failed',
        size: acceptanceCard.failures,
      });
      await card.end(acceptanceCard.draw(progress, failed.items));
      return;
    }
  };
