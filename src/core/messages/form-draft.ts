import { z } from 'zod';
import type { Data } from '../data.ts';
import { notFound, rule } from '../errors.ts';

/** Business time that a half-typed form is kept. */
const keptHours = 7 * 24;

/** What a form is about or where it came from: ids and names, never long. */
export const draftWords = z.record(z.string().max(100), z.string().max(2000));
export const draftAnswers = z.record(
  z.string().max(100),
  z.union([z.string().max(10_000), z.array(z.string().max(2000)).max(100).readonly()]),
);

/** What a person typed into the earlier steps of a form: kept here, since a chat client carries little. */
export class FormDraft {
  id!: string;
  partnerId!: string;
  personId!: string;
  form!: string;
  /** What the form is about; parsed like any other input. */
  context!: Readonly<Record<string, string>>;
  answers!: Readonly<Record<string, string | readonly string[]>>;
  step!: number;
  /** Where the form was opened, in the adapter's own words: its receipt goes there. Null: nowhere in particular. */
  origin!: Readonly<Record<string, string>> | null;
  createdAt!: Temporal.Instant;

  constructor(init: Data<FormDraft>) {
    Object.assign(this, init);
  }

  /** A draft belongs to the person who opened it, for seven days. */
  requireUsable(personId: string, now: Temporal.Instant): void {
    if (this.personId !== personId) throw notFound('form');
    if (Temporal.Instant.compare(now, this.createdAt.add({ hours: keptHours })) >= 0) throw rule('form.expired');
  }
}
