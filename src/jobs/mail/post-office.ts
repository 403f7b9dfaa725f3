import { createTransport } from 'nodemailer';
import { settleMail, takeMail } from '../../core/messages/send-mail.ts';
import type { Jobs } from '../../core/unit-of-work.ts';
import type { Execute } from '../../core/use-case.ts';
import { systemDoor, type JobLog } from '../door.ts';

/** Hands one mail to a server. @throws whatever the server or the way to it says. */
export interface Letterbox {
  send(letter: {
    readonly id: string;
    readonly to: string;
    readonly subject: string;
    readonly html: string;
    readonly text: string;
  }): Promise<void>;
  close(): void;
}

/** The mail server of SMTP_URL; null where there is none: mail is then kept and shown. */
export const createLetterbox = (smtpUrl: string | null, from: string): Letterbox | null => {
  if (smtpUrl === null) return null;
  const transport = createTransport(smtpUrl, { from });
  const domain = /@([^\s>@]+)>?\s*$/.exec(from)?.[1] ?? 'seatwise.invalid';
  return {
    async send({ id, to, subject, html, text }) {
      await transport.sendMail({
        to: { name: '', address: to },
        subject,
        html,
        text,
        // The same mail sent twice after a crash keeps its id, so that mailboxes can tell.
        messageId: `<${id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    },
    close: () => transport.close(),
  };
};

const isFinal = (error: unknown): boolean => {
  const code = (error as { responseCode?: number }).responseCode;
  return code !== undefined && code >= 500 && code < 600;
};

/** Sends one mail, or keeps it; what the server refuses for good is marked, the rest is tried again. */
export const createMailJob =
  ({ execute, letterbox, log }: { execute: Execute; letterbox: Letterbox | null; log: JobLog }) =>
  async (jobId: string, { mailId }: Jobs['mail']): Promise<void> => {
    const door = systemDoor(execute, 'mail', jobId);
    const letter = await door(takeMail, { mailId });
    if (!letter) return;
    if (!letterbox) {
      await door(settleMail, { mailId, state: 'kept' });
      return;
    }
    try {
      await letterbox.send({ id: mailId, ...letter });
    } catch (error) {
      if (!isFinal(error)) throw error;
      log.warn({ err: error, mail: mailId }, 'mail was refused');
      await door(settleMail, { mailId, state: 'failed' });
      return;
    }
    await door(settleMail, { mailId, state: 'sent' });
  };
