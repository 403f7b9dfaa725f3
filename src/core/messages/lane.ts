import type { Platform } from '../people/linked-identity.ts';

/** One conversation: a channel, or the private chat with one account. What waits in a lane leaves in order. */
export interface Conversation {
  readonly platform: Platform;
  readonly workspace: string;
  /** A channel's id, or the account's. */
  readonly id: string;
}

/** Platforms and workspaces have no colon; ids of conversations may. */
export const laneOf = ({ platform, workspace, id }: Conversation): string => `${platform}:${workspace}:${id}`;

/** The conversation that a lane is of: `laneOf`, undone. */
export const conversationOf = (lane: string): Conversation => {
  const [platform = '', workspace = '', ...id] = lane.split(':');
  return { platform: platform as Platform, workspace, id: id.join(':') };
};
