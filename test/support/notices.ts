/** The notices that a test's world has queued, told as the queue would tell them, and the messages that wait then. */
import { features } from '../../src/bot/features/index.ts';
import type { Message } from '../../src/bot/view.ts';
import { Outgoing } from '../../src/core/messages/outgoing.ts';
import type { Jobs } from '../../src/core/unit-of-work.ts';
import { createDrawMail } from '../../src/jobs/mail/draw-mail.ts';
import { createNotify } from '../../src/jobs/notify.ts';
import { drawnMessage } from './drawn.ts';
import type { World } from './world.ts';

export interface TestNotices {
  tell(notice: Jobs['notify']): Promise<void>;
  /** Tells whatever waits; other jobs are dropped. */
  notify(): Promise<void>;
  /** What waits to be sent to somebody in Slack, in order: posts, changes of posts, or both. */
  sent(userId: string, kind?: Outgoing['kind']): Promise<Message[]>;
}

/** As `deskOn`: the world is there when a test runs. */
export const noticesOn = (world: () => World): TestNotices => {
  let told = 0;
  const tell = (notice: Jobs['notify']): Promise<void> =>
    createNotify({
      execute: world().execute,
      notices: features.flatMap(({ notices = [] }) => notices),
      drawMail: createDrawMail({ urlOf: (fileId) => `https://desk.example/files/${fileId}` }),
      now: world().clock.now,
    })(`notice-${++told}`, notice);
  return {
    tell,
    async notify() {
      for (const { name, data } of world().jobs.splice(0)) if (name === 'notify') await tell(data as Jobs['notify']);
    },
    sent: async (userId, kind) =>
      (await world().all(Outgoing, { platform: 'slack', ...(kind && { kind }) }))
        .filter(({ lane }) => lane.endsWith(userId))
        .toSorted((a, b) => (a.position < b.position ? -1 : 1))
        .map(({ message }) => {
          drawnMessage(message as Message);
          return message as Message;
        }),
  };
};
