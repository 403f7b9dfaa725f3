import { z } from 'zod';
import { defineUseCase } from '../use-case.ts';
import { Mail } from './mail.ts';

/** A mail that is still to be sent; null when it was dealt with. */
export const takeMail = defineUseCase({
  kind: 'query',
  name: 'mail take',
  needs: 'system',
  input: z.object({ mailId: z.uuid() }),
  result: z.object({ to: z.string(), subject: z.string(), html: z.string(), text: z.string() }).nullable(),

  async run({ uow }, { mailId }) {
    const { state, to, subject, html, text } = await uow.get(Mail, mailId);
    return state === 'waiting' ? { to, subject, html, text } : null;
  },
});

/** Writes down what became of a mail. `kept`: there is no mail server, it is shown instead. */
export const settleMail = defineUseCase({
  kind: 'scratch',
  name: 'mail settle',
  needs: 'system',
  input: z.object({ mailId: z.uuid(), state: z.enum(['sent', 'kept', 'failed']) }),
  result: z.object({}),

  async run({ uow }, { mailId, state }) {
    const mail = await uow.lock(Mail, mailId);
    if (mail.state === 'waiting') mail.state = state;
    return {};
  },
});

const letter = z.object({
  mailId: z.uuid(),
  to: z.string(),
  subject: z.string(),
  html: z.string(),
  text: z.string(),
  state: z.enum(['waiting', 'sent', 'kept', 'failed']),
  at: z.string(),
});

/** The newest mails first, for whoever watches the outbox. */
export const listMails = defineUseCase({
  kind: 'query',
  name: 'mail list',
  needs: 'system',
  input: z.object({ limit: z.int().min(1).max(500).default(100) }),
  result: z.object({ items: z.array(letter) }),

  async run({ reads }, { limit }) {
    const mails = await reads.messages.mails(limit);
    return { items: mails.map(({ createdAt, id, ...mail }) => ({ ...mail, mailId: id, at: createdAt.toString() })) };
  },
});
