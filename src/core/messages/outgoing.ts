import type { Data } from '../data.ts';
import type { Platform } from '../people/linked-identity.ts';

/** A worker holds a message this long at most, in real time: longer than any sender waits for its platform. */
export const leaseSeconds = 90;

/** One thing that leaves for a chat: a post, the update of an earlier post, or a file. */
export class Outgoing {
  id!: string;
  /** Order within the lane: the order in which rows are written. */
  position!: bigint;
  partnerId!: string;
  platform!: Platform;
  /** One conversation; what waits in a lane leaves in order. */
  lane!: string;
  address!: Readonly<Record<string, string>>;
  kind!: 'post' | 'update' | 'file';
  /** The neutral message (post, update), drawn when it leaves; of a file its title alone, the comment above it. */
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
  /** Real time. While it waits: not before this (Retry-After and back-off). While it is sent: the lease's end. */
  notBefore!: Temporal.Instant | null;
  /** What the platform calls the message. */
  messageId!: string | null;
  error!: string | null;
  /** Business time. */
  createdAt!: Temporal.Instant;

  constructor(init: Omit<Data<Outgoing>, 'position'>) {
    Object.assign(this, init);
  }

  /** Whether nobody may touch it yet: held by a worker, or told to wait. */
  restsAt(realTime: Temporal.Instant): boolean {
    return this.notBefore !== null && Temporal.Instant.compare(this.notBefore, realTime) > 0;
  }

  /** A worker died between taking it and telling how it went: it may have arrived. */
  mayHaveArrived(): boolean {
    return this.state === 'sending';
  }

  isDone(): boolean {
    return this.state === 'sent' || this.state === 'failed';
  }

  take(realTime: Temporal.Instant): void {
    this.state = 'sending';
    this.attempts += 1;
    this.notBefore = realTime.add({ seconds: leaseSeconds });
  }

  /** Whether the worker that took it the `attempt`-th time still speaks for it. */
  isHeldBy(attempt: number): boolean {
    return this.state === 'sending' && this.attempts === attempt;
  }

  arrive(messageId: string | null, address: Readonly<Record<string, string>>): void {
    this.state = 'sent';
    this.messageId = messageId;
    this.address = address;
    this.notBefore = null;
    this.error = null;
  }

  postpone(until: Temporal.Instant, reason: string): void {
    this.state = 'waiting';
    this.notBefore = until;
    this.error = reason;
  }

  fail(reason: string): void {
    this.state = 'failed';
    this.notBefore = null;
    this.error = reason;
  }
}

/** A new thing to send: everything else about it is still open. */
export const waiting = (
  init: Pick<Outgoing, 'id' | 'partnerId' | 'platform' | 'lane' | 'address' | 'kind' | 'message' | 'createdAt'> &
    Partial<Pick<Outgoing, 'fileId' | 'updatesId' | 'tag' | 'personId' | 'noticeKey'>>,
): Outgoing =>
  new Outgoing({
    fileId: null,
    updatesId: null,
    tag: null,
    personId: null,
    noticeKey: null,
    state: 'waiting',
    attempts: 0,
    notBefore: null,
    messageId: null,
    error: null,
    ...init,
  });
