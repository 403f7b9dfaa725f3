import { z } from 'zod';

// Control characters and halves of surrogate pairs: no database stores them, and no platform draws them.
const unprintable = /[\p{Cc}\p{Cs}]/u;
const unprintableButBreaks = /(?![\n\r\t])[\p{Cc}\p{Cs}]/u;

const email =
  /^(?:[\p{L}\p{N}_'+-]+\.)*[\p{L}\p{N}_'+-]*[\p{L}\p{N}_+-]@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+[\p{L}]{2,}$/u;

/** One line that a person types and that must be there: trimmed, 1 to `max` characters, nothing unprintable. */
export const lineOf = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((line) => !unprintable.test(line), 'input.unprintable');

/** One line that may be left out; an empty one counts as left out. */
export const optionalLineOf = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((line) => !unprintable.test(line), 'input.unprintable')
    .optional();

/** Several lines, such as a reason or a comment: trimmed, 1 to `max` characters. */
export const textOf = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((text) => !unprintableButBreaks.test(text), 'input.unprintable');

/** Several lines that may be left out; empty is kept apart from left out, since it takes an earlier text away. */
export const optionalTextOf = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((text) => !unprintableButBreaks.test(text), 'input.unprintable')
    .optional();

export const emailAddress = z
  .string()
  .trim()
  .min(1)
  .max(254)
  .refine((text) => email.test(text), 'input.not_email');

export const optionalEmailAddress = z
  .string()
  .trim()
  .max(254)
  .refine((text) => text === '' || email.test(text), 'input.not_email')
  .optional();

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Text that must fit a place of so many characters: what is left out is shown to be left out, and no letter is halved. */
export const shortened = (text: string, maximum: number): string => {
  if (text.length <= maximum) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (kept.length + segment.length > maximum - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
};

/** What was left out, in the one form that is stored. */
export const orNull = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);

/** Compares names as people do: whatever the case, and however the accents are encoded. */
export const sameName = (one: string, other: string): boolean =>
  one.normalize('NFC').toLowerCase() === other.normalize('NFC').toLowerCase();
