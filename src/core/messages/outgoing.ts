import type { Data } from '../data.ts';
import type { Platform } from '../people/linked-identity.ts';

/** One thing that leaves for a chat: a post, the update of an earlier post, or a file. */
export class Outgoing {
  id!: string;
  /** Order within the lane. */
  position!: bigint;
  partnerId!: string;
  platform!: Platform;
  /** One conversation; what waits in a lane leaves in order. */
  lane!: string;
  address!: Readonly<Record<string, string>>;
  kind!: 'post' | 'update' | 'file';
  /** The neutral message (post, update), drawn when it leaves. */
  message!: unknown;
  fileId!: string | null;
  /** Of an update: the post it replaces. */
  updatesId!: string | null;
  /** What the post is about (`report:<id>`): every posted copy with the tag can be updated together. */
  tag!: string | null;
  /** The person it was posted to privately; null: a channel. */
  personId!: string | null;
  /** Once per event, recipient and reason; null: no such promise. */
  noticeKey!: string | null;
  state!: 'waiting' | 'sending' | 'sent' | 'failed';
  attempts!: number;
  /** Real time: not before this (Retry-After and back-off). */
  notBefore!: Temporal.Instant | null;
  /** What the platform calls the message. */
  messageId!: string | null;
  error!: string | null;
  /** Business time. */
  createdAt!: Temporal.Instant;

  constructor(init: Data<Outgoing>) {
    Object.assign(this, init);
  }
}
