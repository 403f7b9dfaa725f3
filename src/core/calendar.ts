import { z } from 'zod';

/** Business days are calendar days of one partner's zone; a stretch of them is half-open, [from, to). */

/** The day it is at `now` in `timeZone`. */
export const dayAt = (now: Temporal.Instant, timeZone: string): Temporal.PlainDate =>
  now.toZonedDateTimeISO(timeZone).toPlainDate();

/** Local midnight, or the first instant after it where a clock change skips it; the first where it occurs twice. */
export const startOfDay = (day: Temporal.PlainDate, timeZone: string): Temporal.Instant =>
  day.toZonedDateTime(timeZone).toInstant();

/**
 * The day `months` after the anchor, clamped to the month's last day. Steps are counted from the anchor, never from
 * the step before: 31 Jan gives 28 Feb after one month and 31 Mar after two.
 */
export const monthsAfter = (anchor: Temporal.PlainDate, months: number): Temporal.PlainDate =>
  anchor.add({ months }, { overflow: 'constrain' });

/** A day as it is stored in documents, `YYYY-MM-DD`. */
export const dayOf = (iso: string): Temporal.PlainDate => Temporal.PlainDate.from(iso);

/** Days in [from, to); negative when `to` lies before `from`. */
export const daysBetween = (from: Temporal.PlainDate, to: Temporal.PlainDate): number =>
  from.until(to, { largestUnit: 'days' }).days;

export const isBefore = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean => Temporal.PlainDate.compare(a, b) < 0;

export const isOnOrAfter = (a: Temporal.PlainDate, b: Temporal.PlainDate): boolean =>
  Temporal.PlainDate.compare(a, b) >= 0;

/** The earliest of the days that are given; null when none is. */
export const earliest = (...days: readonly (Temporal.PlainDate | null)[]): Temporal.PlainDate | null =>
  days.reduce((first, day) => (day && (!first || isBefore(day, first)) ? day : first), null);

/** The later of two days. */
export const latest = (a: Temporal.PlainDate, b: Temporal.PlainDate): Temporal.PlainDate => (isBefore(a, b) ? b : a);

/** Whether a place's zone is called so (IANA). An offset such as +02:00 is none: it knows nothing of clock changes. */
export const isTimeZone = (name: string): boolean => {
  if (/^[+-]/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
};

/** A day as people and scripts give it: `YYYY-MM-DD`, from 1900 on; no database counts back to the year 0. */
export const dayInput = z.iso
  .date()
  .refine((day) => day >= '1900-01-01' && day < '9999-01-01', 'input.not_date')
  .transform((day) => Temporal.PlainDate.from(day));

/** A day as results carry it. */
export const dayResult = z.iso.date();
