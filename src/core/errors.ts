import { z } from 'zod';

/** What kind of "no" it is; adapters choose the drawing by it, never the wording. */
export type RefusalKind = 'invalid' | 'forbidden' | 'not_found' | 'conflict' | 'rule';

export type RefusalParams = Readonly<Record<string, string | number>>;

export interface RefusalDetail {
  /** The input field to blame, as the use case names it. */
  readonly field?: string;
  /** Values the message speaks of, kept apart so that other languages can place them themselves. */
  readonly params?: RefusalParams;
  /** See `Refusal.keeps`. */
  readonly keeps?: boolean;
}

/**
 * A "no" that a person should read: thrown by core, drawn once by each door. Anything else that is thrown is a
 * defect or an outage. The `code` is `area.reason`, stable, and never reused for another meaning; the English
 * text belongs to the code and lives in `src/texts/en`.
 */
export class Refusal extends Error {
  readonly kind: RefusalKind;
  readonly code: string;
  readonly field: string | undefined;
  readonly params: RefusalParams;
  /**
   * What was changed before this "no" stays: a draft of what was asked for. Everything else that is thrown takes all
   * of its transaction back.
   */
  readonly keeps: boolean;

  constructor(kind: RefusalKind, code: string, detail: RefusalDetail = {}) {
    super(code);
    this.name = 'Refusal';
    this.kind = kind;
    this.code = code;
    this.field = detail.field;
    this.params = detail.params ?? {};
    this.keeps = detail.keeps ?? false;
  }
}

/** What was typed cannot be taken: blames its field. */
export const invalid = (code: string, field: string, params?: RefusalParams): Refusal =>
  new Refusal('invalid', code, { field, ...(params && { params }) });

/** A business rule says no. */
export const rule = (code: string, detail: RefusalDetail = {}): Refusal => new Refusal('rule', code, detail);

/** Somebody or something was faster. */
export const conflict = (code: string, detail: RefusalDetail = {}): Refusal => new Refusal('conflict', code, detail);

/**
 * The thing is missing, or out of this caller's reach: the two read alike, so that nobody learns what exists
 * elsewhere.
 */
export const notFound = (what: string, field?: string): Refusal =>
  new Refusal('not_found', 'not_found', { params: { what }, ...(field && { field }) });

/** The person's roles do not have the right, whatever the thing. */
export const notAllowed = (): Refusal => new Refusal('forbidden', 'not_allowed');

/** Why something was refused, for whoever shows it: the text belongs to the code. */
export const refusedResult = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
