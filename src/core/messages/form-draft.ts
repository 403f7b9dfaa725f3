import type { Data } from '../data.ts';

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
  createdAt!: Temporal.Instant;

  constructor(init: Data<FormDraft>) {
    Object.assign(this, init);
  }
}
