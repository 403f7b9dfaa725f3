import { z } from 'zod';
import { defineUseCase } from '../use-case.ts';
import { Outgoing } from './outgoing.ts';

/**
 * Writes down how sending went. A worker whose lease ran out no longer speaks for the message: its word is ignored.
 * What failed for good in a channel is told to whom it concerns, by the tag of the post.
 */
export const settleMessage = defineUseCase({
  kind: 'scratch',
  name: 'messages settle',
  needs: 'system',
  input: z.object({
    id: z.uuid(),
    attempt: z.int(),
    outcome: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('sent'),
        messageId: z.string().nullable(),
        address: z.record(z.string(), z.string()),
      }),
      z.object({ kind: z.literal('later'), until: z.iso.datetime(), reason: z.string() }),
      z.object({ kind: z.literal('failed'), reason: z.string() }),
    ]),
  }),
  result: z.object({ settled: z.boolean() }),

  async run({ uow }, { id, attempt, outcome }) {
    const message = await uow.lock(Outgoing, id);
    if (!message.isHeldBy(attempt)) return { settled: false };
    switch (outcome.kind) {
      case 'sent':
        message.arrive(outcome.messageId, outcome.address);
        break;
      case 'later':
        message.postpone(Temporal.Instant.from(outcome.until), outcome.reason);
        break;
      case 'failed':
        message.fail(outcome.reason);
        if (!message.personId && message.tag)
          uow.enqueue('notify', { topic: 'message.failed', data: { tag: message.tag, reason: outcome.reason } });
        break;
    }
    return { settled: true };
  },
});
