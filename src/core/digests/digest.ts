import type { Data } from '../data.ts';
import type { Platform } from '../people/linked-identity.ts';
import { nextSlot } from './slots.ts';

/** A weekly post of the dashboard summary and the customer summary into one channel. */
export class Digest {
  id!: string;
  partnerId!: string;
  platform!: Platform;
  workspace!: string;
  channelId!: string;
  channelName!: string;
  /** How the platform's adapter reaches the channel; empty: it is asked when the first post leaves. */
  address!: Readonly<Record<string, string>>;
  /** ISO weekday, 1 = Monday. */
  weekday!: number;
  /** Wall time `HH:MM` in `timeZone`. */
  time!: string;
  timeZone!: string;
  paused!: boolean;
  ownerId!: string;
  /** The next slot that is due; compared with business time each minute. */
  nextSlotAt!: Temporal.Instant;
  createdAt!: Temporal.Instant;
  removedAt!: Temporal.Instant | null;

  constructor(init: Data<Digest>) {
    Object.assign(this, init);
  }

  isDue(now: Temporal.Instant): boolean {
    return !this.paused && this.removedAt === null && Temporal.Instant.compare(this.nextSlotAt, now) <= 0;
  }

  pause(): void {
    this.paused = true;
  }

  /** Slots that passed in between are gone: they were not wanted. */
  resume(now: Temporal.Instant): void {
    if (!this.paused) return;
    this.paused = false;
    this.nextSlotAt = nextSlot(this, now);
  }

  remove(now: Temporal.Instant): void {
    this.removedAt = now;
  }
}

/** One post of one digest for one slot: the key that makes any number of processes post once. */
export class DigestPost {
  id!: string;
  partnerId!: string;
  digestId!: string;
  slotAt!: Temporal.Instant;
  /** Slots that were passed over because the clock had gone by: the post is then marked late. */
  late!: boolean;
  outgoingId!: string | null;
  createdAt!: Temporal.Instant;

  constructor(init: Data<DigestPost>) {
    Object.assign(this, init);
  }
}

/** A channel belongs to the partner that first claimed it. */
export class ChannelClaim {
  id!: string;
  partnerId!: string;
  platform!: Platform;
  workspace!: string;
  channelId!: string;

  constructor(init: Data<ChannelClaim>) {
    Object.assign(this, init);
  }
}

/** Every copy and file of one digest post carries it; what fails in the channel is traced back by it. */
export const tagOfPost = (postId: string): string => `digest:${postId}`;

/** The post that a tag speaks of; null: the tag is of something else. */
export const postOfTag = (tag: string): string | null =>
  tag.startsWith('digest:') ? tag.slice('digest:'.length) : null;
