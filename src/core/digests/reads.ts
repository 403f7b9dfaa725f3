import type { Platform } from '../people/linked-identity.ts';

export interface DigestRow {
  readonly id: string;
  readonly platform: Platform;
  readonly channelId: string;
  readonly channelName: string;
  readonly weekday: number;
  readonly time: string;
  readonly timeZone: string;
  readonly paused: boolean;
  readonly nextSlotAt: Temporal.Instant;
  readonly owner: string;
}

export interface DigestReads {
  /** The partner's digests that were not removed, by channel and next slot. */
  list(): Promise<readonly DigestRow[]>;
  /** Whether the partner already holds the channel. What others hold stays behind their walls. */
  holdsChannel(platform: Platform, workspace: string, channelId: string): Promise<boolean>;
  /** Id of the partner that holds the channel, whoever it is; for the system. */
  holderOf(platform: Platform, workspace: string, channelId: string): Promise<string | null>;
  isScheduled(about: {
    readonly platform: Platform;
    readonly workspace: string;
    readonly channelId: string;
    readonly weekday: number;
    readonly time: string;
    readonly timeZone: string;
  }): Promise<boolean>;
  /** Digests whose next slot has come, of all partners. */
  due(now: Temporal.Instant, limit: number): Promise<readonly string[]>;
  /** The first slot that is ahead of anybody; null: nothing is scheduled. */
  nextSlotAt(): Promise<Temporal.Instant | null>;
  /** Posts that were promised and have not been put into the outgoing queue. */
  unposted(limit: number): Promise<readonly { readonly digestId: string; readonly slotAt: Temporal.Instant }[]>;
  postOf(digestId: string, slotAt: Temporal.Instant): Promise<string | null>;
  /** The latest slot in (after, until] for which a post was promised. */
  latestSlot(digestId: string, after: Temporal.Instant, until: Temporal.Instant): Promise<Temporal.Instant | null>;
}
