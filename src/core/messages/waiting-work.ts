import { z } from 'zod';
import { defineUseCase } from '../use-case.ts';

/** Lanes whose head may leave now, and mails that were not sent: what a sweep wakes up, since rows are the truth. */
export const waitingWork = defineUseCase({
  kind: 'scratch',
  name: 'messages wake',
  needs: 'system',
  input: z.object({ realTime: z.iso.datetime() }),
  result: z.object({ lanes: z.int(), mails: z.int() }),

  async run({ uow, reads }, { realTime }) {
    const lanes = await reads.messages.lanesWaiting(Temporal.Instant.from(realTime), 200);
    const mails = await reads.messages.mailsWaiting(200);
    for (const lane of lanes) uow.enqueue('deliver', { lane });
    for (const mailId of mails) uow.enqueue('mail', { mailId }, { key: mailId });
    return { lanes: lanes.length, mails: mails.length };
  },
});

/**
 * Gives up every lease. Only right when no other process can be at work: an embedded database that was just opened,
 * whose last process died in the middle of sending.
 */
export const releaseMessages = defineUseCase({
  kind: 'scratch',
  name: 'messages release',
  needs: 'system',
  input: z.object({ realTime: z.iso.datetime() }),
  result: z.object({ released: z.int() }),

  async run({ reads }, { realTime }) {
    return { released: await reads.messages.endLeases(Temporal.Instant.from(realTime)) };
  },
});
