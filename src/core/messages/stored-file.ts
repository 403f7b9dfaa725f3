import type { Data } from '../data.ts';

/** A file made for a partner: sent to a chat, or fetched by a signed link. */
export class StoredFile {
  id!: string;
  partnerId!: string;
  name!: string;
  contentType!: string;
  bytes!: Uint8Array;
  createdAt!: Temporal.Instant;
  /** Links to it end here. */
  expiresAt!: Temporal.Instant;

  constructor(init: Data<StoredFile>) {
    Object.assign(this, init);
  }
}
