import { z } from 'zod';
import { conversationOf } from '../messages/lane.ts';
import { Outgoing } from '../messages/outgoing.ts';
import { defineUseCase } from '../use-case.ts';
import { ChannelClaim } from './digest.ts';

/**
 * Whether a waiting message may go to the channel that the platform found behind its name: a script names a channel
 * as it likes, and only here is it known which one is meant. One that nobody has becomes the partner's.
 * @throws Refusal `digest.channel_taken` when somebody else claims it in the same moment.
 */
export const claimChannel = defineUseCase({
  kind: 'scratch',
  name: 'digests claim',
  needs: 'system',
  input: z.object({ outgoingId: z.uuid(), channel: z.string().min(1) }),
  result: z.object({ own: z.boolean() }),

  async run({ uow, reads }, { outgoingId, channel: channelId }) {
    const { partnerId, lane } = await uow.get(Outgoing, outgoingId);
    const { platform, workspace } = conversationOf(lane);
    const holder = await reads.digests.holderOf(platform, workspace, channelId);
    if (holder === null) uow.add(new ChannelClaim({ id: uow.newId(), partnerId, platform, workspace, channelId }));
    return { own: holder === null || holder === partnerId };
  },
});
