import { z } from 'zod';
import { defineUseCase } from '../use-case.ts';

/** What the end of the month left to do: asked each minute, so that an idle minute leaves no trace. */
export const monthEndDue = defineUseCase({
  kind: 'query',
  name: 'month end due',
  needs: 'system',
  input: z.strictObject({}),
  result: z.object({
    /** Partners whose last cycle is over and has no report yet. */
    unclosed: z.int(),
    /** Reports whose automatic submission has come. */
    unsubmitted: z.int(),
  }),

  async run({ reads, now }) {
    const { unclosed, unsubmitted } = await reads.reports.monthEnd(now);
    return { unclosed, unsubmitted };
  },
});

/** The next moment at which the desk does something by itself; null: nothing is ahead. */
export const nextDue = defineUseCase({
  kind: 'query',
  name: 'due next',
  needs: 'system',
  input: z.strictObject({}),
  result: z.object({ at: z.string().nullable() }),

  async run({ reads, now }) {
    const moments = [
      (await reads.reports.monthEnd(now)).nextAt,
      await reads.digests.nextSlotAt(),
      await reads.renewals.nextAt(now),
    ].filter((at) => at !== null);
    const first = moments.toSorted(Temporal.Instant.compare)[0];
    return { at: first?.toString() ?? null };
  },
});
