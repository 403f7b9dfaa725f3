import { z } from 'zod';
import type { Context } from '../use-case.ts';
import { defineUseCase } from '../use-case.ts';
import { laneOf } from './lane.ts';
import { Outgoing } from './outgoing.ts';
import { neutralMessage } from './post-messages.ts';

const address = z.record(z.string(), z.string());

const taken = z.object({
  kind: z.literal('taken'),
  id: z.uuid(),
  attempt: z.int(),
  platform: z.enum(['slack', 'teams']),
  what: z.enum(['post', 'update', 'file']),
  address,
  message: neutralMessage,
  fileId: z.uuid().nullable(),
  /** Of an update: what the platform calls the post. */
  messageId: z.string().nullable(),
  /** The account behind a private conversation; null: a channel. */
  recipient: z.object({ workspace: z.string(), userId: z.string(), address: address.nullable() }).nullable(),
  /** An earlier attempt was broken off and may have arrived. */
  repeat: z.boolean(),
});
export type TakenMessage = z.output<typeof taken>;

const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('empty') }),
  z.object({ kind: z.literal('wait'), until: z.iso.datetime() }),
  taken,
]);

/**
 * Takes the head of a lane for one worker, before it is sent: the row is the truth, so a worker that dies leaves it
 * for the next. Only the head may leave, and while it is held nothing else of the lane is given out.
 */
export const takeMessage = defineUseCase({
  kind: 'scratch',
  name: 'messages take',
  needs: 'system',
  input: z.object({ lane: z.string().min(1), realTime: z.iso.datetime() }),
  result: answer,

  async run(context, { lane, realTime }): Promise<z.input<typeof answer>> {
    const { uow, reads } = context;
    const at = Temporal.Instant.from(realTime);
    // Two workers at one lane take turns here, so both cannot find it free.
    await reads.messages.holdLane(lane);
    for (;;) {
      const id = await reads.messages.headOf(lane);
      if (!id) return { kind: 'empty' };
      const head = await uow.lock(Outgoing, id);
      // Its worker may have told how it went while this lock was waited for.
      if (head.isDone()) continue;
      if (head.restsAt(at)) return { kind: 'wait', until: head.notBefore!.toString() };
      const post = head.updatesId ? await uow.get(Outgoing, head.updatesId) : null;
      if (post && post.messageId === null) {
        // Posts leave before their updates: one without a name at the platform never arrived.
        head.fail('post_not_there');
        await uow.flush();
        continue;
      }
      const repeat = head.mayHaveArrived();
      head.take(at);
      return {
        kind: 'taken',
        id,
        attempt: head.attempts,
        platform: head.platform,
        what: head.kind,
        address: { ...(post ?? head).address },
        message: head.message as z.input<typeof neutralMessage>,
        fileId: head.fileId,
        messageId: post?.messageId ?? null,
        recipient: await recipientOf(context, head),
        repeat,
      };
    }
  },
});

const recipientOf = async ({ reads }: Context, { personId, lane }: Outgoing): Promise<TakenMessage['recipient']> => {
  if (!personId) return null;
  const identities = await reads.people.identitiesOf(personId);
  const found = identities.find(
    ({ platform, workspace, userId }) => laneOf({ platform, workspace, id: userId }) === lane,
  );
  return found
    ? { workspace: found.workspace, userId: found.userId, address: found.address && { ...found.address } }
    : null;
};
