import type { Data } from '../data.ts';
import type { Platform } from '../people/linked-identity.ts';

/** A weekly post of the dashboard summary and the customer summary into one channel. */
export class Digest {
  id!: string;
  partnerId!: string;
  platform!: Platform;
  workspace!: string;
  channelId!: string;
  channelName!: string;
  /** How the platform's adapter reaches the channel. */
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
