import type { Data } from '../data.ts';

export type Platform = 'slack' | 'teams';

/** A chat account that acts as a person. The account decides who somebody is; the workspace never does. */
export class LinkedIdentity {
  id!: string;
  partnerId!: string;
  personId!: string;
  platform!: Platform;
  /** Slack team id, or Entra tenant id. */
  workspace!: string;
  /** Slack user id, or Teams user id (`29:…`). */
  userId!: string;
  /** How to reach the person by direct message, as the platform's adapter wants it; null until first met. */
  address!: Readonly<Record<string, string>> | null;
  createdAt!: Temporal.Instant;

  constructor(init: Data<LinkedIdentity>) {
    Object.assign(this, init);
  }
}
