import { z } from 'zod';
import { notFound } from '../errors.ts';
import type { Context } from '../use-case.ts';
import { defineUseCase } from '../use-case.ts';
import { Digest, DigestPost } from './digest.ts';

const result = z.object({ digestId: z.string(), channelName: z.string(), paused: z.boolean() });
const digestInput = z.string().trim().min(1);

const lockDigest = async ({ uow }: Pick<Context, 'uow'>, digestId: string): Promise<Digest> => {
  const digest = await uow.lock(Digest, digestId, 'digest');
  if (digest.removedAt) throw notFound('digest', 'digest');
  return digest;
};

const shown = ({ id, channelName, paused }: Digest): z.input<typeof result> => ({ digestId: id, channelName, paused });

/** Stops the posts of a digest until it is resumed (`paused: false`); slots in between are dropped. */
export const pauseDigest = defineUseCase({
  kind: 'command',
  name: 'digest pause',
  needs: 'administer',
  input: z.strictObject({ digest: digestInput, paused: z.boolean().default(true) }),
  result,

  async run(context, { digest: digestId, paused }) {
    const digest = await lockDigest(context, digestId);
    if (paused) digest.pause();
    else digest.resume(context.now);
    return shown(digest);
  },
});

/** Ends a digest. The channel stays with the partner. */
export const removeDigest = defineUseCase({
  kind: 'command',
  name: 'digest remove',
  needs: 'administer',
  input: z.strictObject({ digest: digestInput }),
  result,

  async run(context, { digest: digestId }) {
    const digest = await lockDigest(context, digestId);
    digest.remove(context.now);
    return shown(digest);
  },
});

/** Who clicks twice means one post; a later click means another. */
const oneClickSeconds = 10;

/** Posts a digest now, beside its schedule, with the figures of this moment. Asked twice within seconds it posts once. */
export const sendDigest = defineUseCase({
  kind: 'command',
  name: 'digest send',
  needs: 'administer',
  input: z.strictObject({ digest: digestInput }),
  result,

  async run(context, { digest: digestId }) {
    const { uow, reads, now } = context;
    const digest = await lockDigest(context, digestId);
    const promised = await reads.digests.latestSlot(digestId, now.subtract({ seconds: oneClickSeconds }), now);
    const slot = promised ?? now;
    if (!promised) promisePost(context, digest, slot, false);
    uow.enqueue('digest', { digestId, slot: slot.toString() }, { key: `${digestId}:${slot}` });
    return shown(digest);
  },
});

/** Writes the row that stands for one post: whoever comes second finds it there. */
export const promisePost = (
  { uow, now }: Pick<Context, 'uow' | 'now'>,
  digest: Digest,
  slotAt: Temporal.Instant,
  late: boolean,
): void =>
  uow.add(
    new DigestPost({
      id: uow.newId(),
      partnerId: digest.partnerId,
      digestId: digest.id,
      slotAt,
      late,
      outgoingId: null,
      createdAt: now,
    }),
  );
