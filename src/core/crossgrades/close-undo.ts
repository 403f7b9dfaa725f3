import { z } from 'zod';
import type { UnitOfWork } from '../unit-of-work.ts';
import { defineUseCase } from '../use-case.ts';
import { Crossgrade } from './crossgrade.ts';

/** So many at a time: the next minute goes on. */
const atOnce = 200;

/** Has the receipts of a crossgrade drawn anew: it was undone, or can be undone no longer. */
export const tellChanged = (uow: Pick<UnitOfWork, 'enqueue'>, crossgradeId: string, why: 'undone' | 'closed'): void =>
  uow.enqueue(
    'notify',
    { topic: 'crossgrade.changed', data: { crossgrade: crossgradeId } },
    { key: `crossgrade.changed:${crossgradeId}:${why}` },
  );

/**
 * Finds the crossgrades whose undo has come to its end, by the time or by a later transaction, and has the button taken
 * off their receipts, once for each. Nothing else changes: whether an undo is possible is decided when it is asked for.
 */
export const closeUndos = defineUseCase({
  kind: 'scratch',
  name: 'crossgrade close undo',
  needs: 'system',
  input: z.strictObject({}),
  result: z.object({ closed: z.int() }),

  async run({ uow, reads, now }) {
    const ids = await reads.crossgrades.undosToClose(now, atOnce);
    for (const crossgrade of await uow.lockAll(Crossgrade, ids)) {
      crossgrade.undoClosedAt = now;
      tellChanged(uow, crossgrade.id, 'closed');
    }
    return { closed: ids.length };
  },
});
