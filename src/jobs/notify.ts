import type { Notice, NoticeAsk, Notification } from '../bot/notice.ts';
import { Content } from '../core/messages/content.ts';
import { postMessages } from '../core/messages/post-messages.ts';
import type { Jobs } from '../core/unit-of-work.ts';
import type { Execute } from '../core/use-case.ts';
import { systemDoor } from './door.ts';
import type { DrawMail, DrawnMail } from './mail/draw-mail.ts';

export interface NotifyParts {
  readonly execute: Execute;
  readonly notices: readonly Notice[];
  readonly drawMail: DrawMail;
  /** Business time. */
  readonly now: () => Temporal.Instant;
}

/** Draws what happened for everyone who is to be told, and puts it into the outgoing queue. Safe to run again. */
export const createNotify =
  ({ execute, notices, drawMail, now }: NotifyParts) =>
  async (jobId: string, { topic, data }: Jobs['notify']): Promise<void> => {
    const actor = { type: 'system', name: 'notify' } as const;
    const door = systemDoor(execute, 'notify', jobId);
    const ask: NoticeAsk = {
      actor,
      execute: door as NoticeAsk['execute'],
      as: (person) =>
        ((useCase, input) =>
          execute(useCase, { actor: person, requestId: `notify:${jobId}` }, input)) as NoticeAsk['execute'],
      now: now(),
    };
    const told: Notification[] = [];
    for (const notice of notices) if (notice.topic === topic) told.push(...(await notice.compose(ask, data)));
    if (told.length === 0) return;
    const posts = await Promise.all(told.map((notification) => toPost(notification, drawMail)));
    await door(postMessages, { notices: posts });
  };

const toPost = async (notification: Notification, drawMail: DrawMail): Promise<object> => {
  if (notification.to === 'copies') return notification;
  if (notification.to === 'customer') {
    const { customerId, key, message, subject } = notification;
    const letter = await drawMail(message, subject, 'customer');
    return { to: 'customer', customerId, key, mail: contentsOf(letter) };
  }
  const { person, key, message, tag, mail } = notification;
  const letter = mail && (await drawMail(message, mail.subject, 'person'));
  return {
    to: 'person',
    personId: person.personId,
    key,
    message,
    ...(tag !== undefined && { tag }),
    ...(letter && { mail: contentsOf(letter) }),
  };
};

const contentsOf = ({ subject, html, text }: DrawnMail): object => ({
  subject,
  html: new Content(html),
  text: new Content(text),
});
