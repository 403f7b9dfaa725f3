import { z } from 'zod';
import { rule } from '../errors.ts';
import { lineOf } from '../text.ts';
import type { Context } from '../use-case.ts';
import { defineUseCase } from '../use-case.ts';
import type { PersonActor } from '../caller.ts';
import { ChannelClaim, Digest } from './digest.ts';
import { scheduleFields, scheduleOf } from './schedule-fields.ts';
import { nextSlots } from './slots.ts';

/**
 * Subscribes a channel to a weekly digest. A channel belongs to the partner that first claimed it; whose it is
 * stays untold. `botIsMember` is what the platform says; a script does not know, and is believed until the first post.
 */
export const addDigest = defineUseCase({
  kind: 'command',
  name: 'digest add',
  needs: 'administer',
  input: z.strictObject({
    platform: z.enum(['slack', 'teams']),
    /** The platform's id of the channel. */
    channel: lineOf(200),
    channelName: lineOf(200).optional(),
    workspace: lineOf(200).optional(),
    address: z.record(z.string().max(100), z.string().max(2000)).default({}),
    botIsMember: z.boolean().default(true),
    ...scheduleFields,
  }),
  result: z.object({ digestId: z.string(), next: z.array(z.iso.datetime()) }),

  async run(context, { platform, channel, channelName, address, botIsMember, workspace: given, ...fields }) {
    const { uow, reads, actor, now } = context;
    const schedule = scheduleOf(fields, actor.timeZone);
    const workspace = given ?? (await ownWorkspace(context, platform));
    const channelId = channel.replace(/^#/, '');
    if (!botIsMember)
      throw rule('digest.not_a_member', { field: 'channel', params: { channel: channelName ?? channel } });
    if (await reads.digests.isScheduled({ platform, workspace, channelId, ...schedule }))
      throw rule('digest.exists', { field: 'time' });

    if (!(await reads.digests.holdsChannel(platform, workspace, channelId)))
      uow.add(new ChannelClaim({ id: uow.newId(), partnerId: actor.partnerId, platform, workspace, channelId }));

    const next = nextSlots(schedule, now, 3);
    const digest = new Digest({
      id: uow.newId(),
      partnerId: actor.partnerId,
      platform,
      workspace,
      channelId,
      channelName: channelName ?? channelId,
      address,
      ...schedule,
      paused: false,
      ownerId: actor.personId,
      nextSlotAt: next[0]!,
      createdAt: now,
      removedAt: null,
    });
    uow.add(digest);
    return { digestId: digest.id, next: next.map(String) };
  },
});

/** A script names no workspace: it is the one in which its person is linked. */
const ownWorkspace = async ({ reads, actor }: Context<PersonActor>, platform: 'slack' | 'teams'): Promise<string> => {
  const identities = await reads.people.identitiesOf(actor.personId);
  const own = identities.find((identity) => identity.platform === platform);
  if (!own) throw rule('digest.no_workspace', { field: 'platform', params: { platform } });
  return own.workspace;
};
