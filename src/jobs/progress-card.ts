import { randomUUID } from 'node:crypto';
import type { Message } from '../bot/view.ts';
import { postMessages } from '../core/messages/post-messages.ts';
import type { SystemDoor } from './door.ts';

export interface ProgressCardParts {
  readonly door: SystemDoor;
  /** Who sees it, in the private chat on each platform where he is linked. */
  readonly personId: string;
  /** What it is about (`import:<id>`): with it the card is found again by a job that goes on after a kill. */
  readonly tag: string;
  /** Least time between two pictures of it, in real milliseconds. */
  readonly everyMs?: number;
}

/**
 * A message that a long job keeps true: posted at its first `show`, replaced by each later one. One job at a time may
 * hold the card of a tag, or an older figure could come after a newer one.
 */
export interface ProgressCard {
  /** May be called as often as there is news: what comes too soon after the last picture is left out. */
  show(message: Message): Promise<void>;
  /** How it ended: never left out. */
  end(message: Message): Promise<void>;
}

export const createProgressCard = ({ door, personId, tag, everyMs = 1000 }: ProgressCardParts): ProgressCard => {
  let shownAt = -Infinity;
  const put = async (message: Message): Promise<void> => {
    await door(postMessages, {
      notices: [
        { to: 'person', personId, key: tag, tag, message },
        // Nothing to replace when it was posted just now; all copies when it stood there before.
        { to: 'copies', tag, key: `${tag}:${randomUUID()}`, message, latest: true },
      ],
    });
    shownAt = performance.now();
  };
  return {
    async show(message) {
      if (performance.now() - shownAt >= everyMs) await put(message);
    },
    end: put,
  };
};
