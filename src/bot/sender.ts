import type { Channel } from './feature.ts';
import type { Args, Message } from './view.ts';

/** A chat account, as far as a sender needs it to find the way to a person. */
export interface Recipient {
  readonly workspace: string;
  readonly userId: string;
  /** What an earlier delivery told of the way; null until the person was first met. */
  readonly address: Args | null;
}

export interface FileToSend {
  /** The stored file's id: Teams asks the person first and fetches the bytes when he agrees. */
  readonly fileId: string;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** Signed link to the same file, for conversations that take no upload. */
  readonly url: string;
}

/**
 * Why something could not be sent. `permanent`: trying again cannot help (the channel is gone, the bot was removed,
 * the token was revoked). `retryAfterSeconds`: what the platform asked for; absent when it named no time.
 */
export class SendFailure extends Error {
  readonly permanent: boolean;
  readonly retryAfterSeconds: number | undefined;
  /** The platform's own word for it (`not_in_channel`, `HTTP 503`), for the log and the owner's notice. */
  readonly reason: string;

  constructor(
    reason: string,
    detail: { readonly permanent: boolean; readonly retryAfterSeconds?: number; readonly cause?: unknown },
  ) {
    super(`not sent: ${reason}`, { cause: detail.cause });
    this.name = 'SendFailure';
    this.reason = reason;
    this.permanent = detail.permanent;
    this.retryAfterSeconds = detail.retryAfterSeconds;
  }
}

/**
 * What leaves for one platform without being an answer: notices, updates of posted copies, digests, files. An
 * address is the sender's own words, stored and given back unread. Every method throws SendFailure, and only that.
 */
export interface Sender {
  post(address: Args, message: Message): Promise<{ readonly messageId: string }>;
  /** Replaces an earlier post. @throws SendFailure, permanent when the post is gone. */
  update(address: Args, messageId: string, message: Message): Promise<void>;
  /** Posts a file with a comment above it. */
  file(address: Args, file: FileToSend, comment: string): Promise<{ readonly messageId: string }>;
  /** The address of the private conversation with a person; opens it where the platform asks for that. */
  privateAddress(recipient: Recipient): Promise<Args>;
  /** What the platform says of a channel the way a person names it (`#licences`, an id); null: none that we can see. */
  channelOf(workspace: string, channel: string): Promise<Channel | null>;
}

/** Signed, expiring addresses of stored files, for pictures and downloads inside messages. */
export interface FileLinks {
  urlOf(fileId: string): string;
}
