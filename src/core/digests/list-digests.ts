import { z } from 'zod';
import { onlyPage, pageOf } from '../page.ts';
import { defineUseCase } from '../use-case.ts';
import { nextSlots } from './slots.ts';

const item = z.object({
  digestId: z.string(),
  platform: z.enum(['slack', 'teams']),
  channel: z.string(),
  channelName: z.string(),
  weekday: z.int(),
  time: z.string(),
  timeZone: z.string(),
  paused: z.boolean(),
  owner: z.string(),
  /** The next three posts; none while it is paused. */
  next: z.array(z.iso.datetime()),
});
export type DigestItem = z.output<typeof item>;

/** The digests of the caller's partner, by channel. */
export const listDigests = defineUseCase({
  kind: 'query',
  name: 'digest list',
  needs: 'administer',
  input: z.strictObject({}),
  result: pageOf(item),

  async run({ reads, now }) {
    const digests = await reads.digests.list();
    return onlyPage(
      digests.map(({ id, channelId, nextSlotAt, ...digest }) => ({
        ...digest,
        digestId: id,
        channel: channelId,
        // A slot that has come and waits for the next minute is still the next one.
        next: digest.paused
          ? []
          : [nextSlotAt, ...nextSlots(digest, Temporal.Instant.compare(nextSlotAt, now) > 0 ? nextSlotAt : now, 2)].map(
              String,
            ),
      })),
    );
  },
});
