import type { Data } from '../data.ts';

/** A mail as it leaves; without an SMTP server it is kept and shown. */
export class Mail {
  id!: string;
  partnerId!: string;
  /** Once per event, recipient and reason. */
  noticeKey!: string;
  to!: string;
  subject!: string;
  html!: string;
  text!: string;
  state!: 'waiting' | 'sent' | 'kept' | 'failed';
  createdAt!: Temporal.Instant;

  constructor(init: Data<Mail>) {
    Object.assign(this, init);
  }
}
