import { z } from 'zod';
import { defineUseCase } from '../use-case.ts';
import { promisePost } from './change-digest.ts';
import { Digest } from './digest.ts';
import { dueSlot } from './slots.ts';

const atOnce = 200;

/** How many digests have a slot that has come: asked each minute, so that an idle minute leaves no trace. */
export const dueDigests = defineUseCase({
  kind: 'query',
  name: 'digests due',
  needs: 'system',
  input: z.strictObject({}),
  result: z.object({ due: z.int() }),

  async run({ reads, now }) {
    return { due: (await reads.digests.due(now, atOnce)).length };
  },
});

/**
 * Promises one post for every digest whose slot has come and moves it on to its next slot. Several passed slots give
 * one post, marked late. The digest's row is held meanwhile, so any number of processes promise one post per slot.
 */
export const runDigests = defineUseCase({
  kind: 'command',
  name: 'digests run',
  needs: 'system',
  input: z.strictObject({}),
  result: z.object({ posts: z.array(z.object({ digestId: z.string(), slot: z.iso.datetime(), late: z.boolean() })) }),

  async run(context) {
    const { uow, reads, now } = context;
    const posts: { digestId: string; slot: string; late: boolean }[] = [];
    for (const digest of await uow.lockAll(Digest, await reads.digests.due(now, atOnce))) {
      // Another process may have been here between the question and the lock.
      if (!digest.isDue(now)) continue;
      const { slot, late, next } = dueSlot(digest, digest.nextSlotAt, now);
      digest.nextSlotAt = next;
      if (await reads.digests.postOf(digest.id, slot)) continue;
      promisePost(context, digest, slot, late);
      uow.enqueue('digest', { digestId: digest.id, slot: slot.toString() }, { key: `${digest.id}:${slot}` });
      posts.push({ digestId: digest.id, slot: slot.toString(), late });
    }
    return { posts };
  },
});

/** Wakes the work on posts that were promised and never reached the queue. */
export const wakeDigests = defineUseCase({
  kind: 'scratch',
  name: 'digests wake',
  needs: 'system',
  input: z.strictObject({}),
  result: z.object({ woken: z.int() }),

  async run({ uow, reads }) {
    const posts = await reads.digests.unposted(atOnce);
    for (const { digestId, slotAt } of posts)
      uow.enqueue('digest', { digestId, slot: slotAt.toString() }, { key: `${digestId}:${slotAt}` });
    return { woken: posts.length };
  },
});
