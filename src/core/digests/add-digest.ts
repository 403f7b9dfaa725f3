import { z } from 'zod';
import { rule } from '../errors.ts';
import { lineOf } from '../text.ts';
import type { Context } from '../use-case.ts';
import { defineUseCase } from '../use-case.ts';
import type { PersonActor } from '../caller.ts';
import { ChannelAddress } from './channel-address.ts';
import { ChannelClaim, Digest } from './digest.ts';
import { scheduleFields, scheduleOf } from './schedule-fields.ts';
import { nextSlots } from './slots.ts';

/**
 * Subscribes a channel to a weekly digest. A channel belongs to the partner that first claimed it; whose it is
 * stays untold. Address and `botIsMember` are what the platform says; a script knows neither, and is believed until the
 * first post asks.
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
    /** One in which the person is linked; needed where there are several. */
    workspace: lineOf(200).optional(),
    address: z.instanceof(ChannelAddress).optional(),
    botIsMember: z.boolean().default(true),
    ...scheduleFields,
  }),
  result: z.object({ digestId: z.string(), next: z.array(z.iso.datetime()) }),

  async run(context, { platform, channel, channelName, address, botIsMember, workspace: given, ...fields }) {
    const { uow, reads, actor, now } = context;
    const schedule = scheduleOf(fields, actor.timeZone);
    const workspace = await ownWorkspace(context, platform, given);
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
      address: address?.words ?? {},
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

/** The workspace that was named, or the one that must be meant; never one in which the person is nobody. */
const ownWorkspace = async (
  { reads, actor }: Context<PersonActor>,
  platform: 'slack' | 'teams',
  named: string | undefined,
): Promise<string> => {
  const identities = await reads.people.identitiesOf(actor.personId);
  const own = identities.find(
    ({ platform: of, workspace }) => of === platform && (named === undefined || workspace === named),
  );
  if (!own) throw rule('digest.no_workspace', { field: 'platform', params: { platform } });
  return own.workspace;
};
