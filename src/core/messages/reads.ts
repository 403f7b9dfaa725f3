import type { Mail } from './mail.ts';
import type { Outgoing } from './outgoing.ts';

export type PostedCopy = Pick<Outgoing, 'id' | 'partnerId' | 'platform' | 'lane' | 'address' | 'personId'>;

export interface MessageReads {
  /** Waits until nobody else looks at the lane, and holds it until this transaction ends. */
  holdLane(lane: string): Promise<void>;
  /** What has to leave next: the first of the lane that is neither sent nor failed. */
  headOf(lane: string): Promise<string | null>;
  /** Lanes whose head may leave at this real time. */
  lanesWaiting(realTime: Temporal.Instant, limit: number): Promise<readonly string[]>;
  /** Ends every lease; tells how many messages were held. */
  endLeases(realTime: Temporal.Instant): Promise<number>;
  /** Posts that carry the tag and did not fail. */
  postsTagged(tag: string): Promise<readonly PostedCopy[]>;
  /** The newest update of a post, whatever became of it. */
  lastUpdateOf(postId: string): Promise<string | null>;
  /** Bytes of a stored file from a place on (from 0), at most so many; none where it ends. */
  filePiece(fileId: string, from: number, length: number): Promise<Uint8Array>;
  isNoticed(lane: string, noticeKey: string): Promise<boolean>;
  isMailed(to: string, noticeKey: string): Promise<boolean>;
  mailsWaiting(limit: number): Promise<readonly string[]>;
  mails(
    limit: number,
  ): Promise<readonly Pick<Mail, 'id' | 'to' | 'subject' | 'html' | 'text' | 'state' | 'createdAt'>[]>;
}
