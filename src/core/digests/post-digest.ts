import { z } from 'zod';
import type { PersonActor } from '../caller.ts';
import { Content } from '../messages/content.ts';
import { laneOf } from '../messages/lane.ts';
import { waiting } from '../messages/outgoing.ts';
import { neutralMessage } from '../messages/post-messages.ts';
import { StoredFile } from '../messages/stored-file.ts';
import { defineUseCase } from '../use-case.ts';
import { Digest, DigestPost, tagOfPost } from './digest.ts';

const file = z.object({
  fileId: z.uuid(),
  name: z.string().min(1),
  contentType: z.string().min(1),
  bytes: z.custom<Content<Uint8Array>>((value) => value instanceof Content),
});

/**
 * Puts a drawn digest into the outgoing queue: the message with its picture, then the workbook. Done once per post,
 * however many workers drew it.
 */
export const postDigest = defineUseCase({
  kind: 'command',
  name: 'digests post',
  needs: 'system',
  input: z.object({
    postId: z.uuid(),
    message: neutralMessage,
    chart: file,
    workbook: file,
    /** What stands above the workbook. */
    comment: z.string().min(1),
    /** Real time: links to the files end here. */
    linksUntil: z.iso.datetime(),
  }),
  result: z.object({ posted: z.boolean() }),

  async run({ uow, now }, { postId, message, chart, workbook, comment, linksUntil }) {
    const post = await uow.lock(DigestPost, postId);
    if (post.outgoingId) return { posted: false };
    const { partnerId, platform, workspace, channelId, address } = await uow.get(Digest, post.digestId);
    for (const { fileId, name, contentType, bytes } of [chart, workbook]) {
      const expiresAt = Temporal.Instant.from(linksUntil);
      uow.add(
        new StoredFile({ id: fileId, partnerId, name, contentType, bytes: bytes.value, createdAt: now, expiresAt }),
      );
    }
    await uow.flush();
    const lane = laneOf({ platform, workspace, id: channelId });
    const common = { partnerId, platform, lane, address, tag: tagOfPost(postId), createdAt: now };
    const outgoing = waiting({ ...common, id: uow.newId(), kind: 'post', message, noticeKey: tagOfPost(postId) });
    uow.add(outgoing);
    await uow.flush();
    uow.add(
      waiting({ ...common, id: uow.newId(), kind: 'file', message: { title: comment }, fileId: workbook.fileId }),
    );
    post.outgoingId = outgoing.id;
    uow.enqueue('deliver', { lane });
    return { posted: true };
  },
});

/** Gives a post up that could not be drawn, and has its owner told. */
export const failDigest = defineUseCase({
  kind: 'command',
  name: 'digests fail',
  needs: 'system',
  input: z.object({ digestId: z.uuid(), slot: z.iso.datetime(), reason: z.string().max(500) }),
  result: z.object({ failed: z.boolean() }),

  async run({ uow, reads, now }, { digestId, slot, reason }) {
    const postId = await reads.digests.postOf(digestId, Temporal.Instant.from(slot));
    if (!postId) return { failed: false };
    const post = await uow.lock(DigestPost, postId);
    if (post.outgoingId) return { failed: false };
    const { partnerId, platform, workspace, channelId, address } = await uow.get(Digest, digestId);
    const failed = waiting({
      id: uow.newId(),
      partnerId,
      platform,
      lane: laneOf({ platform, workspace, id: channelId }),
      address,
      kind: 'post',
      message: { title: '' },
      tag: tagOfPost(postId),
      noticeKey: tagOfPost(postId),
      createdAt: now,
    });
    failed.fail(reason);
    uow.add(failed);
    await uow.flush();
    post.outgoingId = failed.id;
    uow.enqueue('notify', { topic: 'message.failed', data: { tag: tagOfPost(postId), reason } });
    return { failed: true };
  },
});

/** Whose digest a post was, for the notice of its failure; null when the owner is gone. */
export const digestOfPost = defineUseCase({
  kind: 'query',
  name: 'digest of post',
  needs: 'system',
  input: z.object({ postId: z.uuid() }),
  result: z
    .object({
      owner: z.custom<PersonActor>((value) => value !== null && typeof value === 'object'),
      digestId: z.uuid(),
      channelName: z.string(),
      slot: z.iso.datetime(),
      timeZone: z.string(),
    })
    .nullable(),

  async run({ uow, reads }, { postId }) {
    const { digestId, slotAt } = await uow.get(DigestPost, postId);
    const { ownerId, channelName, timeZone } = await uow.get(Digest, digestId);
    const owner = await reads.people.actorById(ownerId);
    if (!owner) return null;
    return { owner, digestId, channelName, slot: slotAt.toString(), timeZone };
  },
});
