import { z } from 'zod';
import { isTimeZone } from '../calendar.ts';
import { weekdays, type Schedule } from './slots.ts';

/** `1`–`7`, `Monday`, `mon`: ISO numbers and English names, whatever the case. */
const weekday = z
  .union([z.int(), z.string().trim()])
  .transform((given) => {
    if (typeof given === 'number' || /^\d$/.test(given)) return Number(given);
    if (given.length < 2) return 0;
    return weekdays.findIndex((name) => name.toLowerCase().startsWith(given.toLowerCase())) + 1;
  })
  .refine((number) => number >= 1 && number <= 7, 'digest.bad_weekday');

/** `09:00`, also `9:00`. */
const time = z
  .string()
  .trim()
  .regex(/^([01]?\d|2[0-3]):[0-5]\d$/, 'digest.bad_time')
  .transform((given) => given.padStart(5, '0'));

/** When a digest is posted; the zone is the partner's where none is given. */
export const scheduleFields = {
  weekday: weekday.default(1),
  time: time.default('09:00'),
  timeZone: z.string().trim().refine(isTimeZone, 'digest.unknown_time_zone').optional(),
};

/** The schedule that was typed, in the partner's zone where no other is given. */
export const scheduleOf = (
  { weekday, time, timeZone }: { weekday: number; time: string; timeZone?: string | undefined },
  partnerZone: string,
): Schedule => ({ weekday, time, timeZone: timeZone ?? partnerZone });
