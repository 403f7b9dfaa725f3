/** Calendar arithmetic on `YYYY-MM-DD` texts, for drawing only. */

const toDate = (day: string): Date => new Date(`${day}T00:00:00Z`);
const toDay = (date: Date): string => date.toISOString().slice(0, 10);

export const addDays = (day: string, days: number): string =>
  toDay(new Date(toDate(day).getTime() + days * 86_400_000));

/** The same day of another month, or that month's last. */
export const addMonths = (day: string, months: number): string => {
  const first = toDate(`${day.slice(0, 7)}-01`);
  first.setUTCMonth(first.getUTCMonth() + months);
  const start = toDay(first).slice(0, 8);
  const last = daysInMonth(start + '01');
  return start + String(Math.min(Number(day.slice(8)), last)).padStart(2, '0');
};

export const daysInMonth = (day: string): number =>
  new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).getUTCDate();

/** 0 for Sunday. */
export const weekday = (day: string): number => toDate(day).getUTCDay();

export const formatDay = (day: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', ...options }).format(toDate(day));

export const dayAt = (at: Date, timeZone: string): string => new Intl.DateTimeFormat('en-CA', { timeZone }).format(at);

/** `HH:MM` on a 24-hour clock. */
export const timeAt = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at);

/** The instant of a wall time in a zone; where the zone skips it, the moment an hour's shift would give. */
export const instantOf = (day: string, time: string, timeZone: string): Date => {
  const guess = Date.parse(`${day}T${time}:00Z`);
  const shown = (at: number): number =>
    Date.parse(`${dayAt(new Date(at), timeZone)}T${timeAt(new Date(at), timeZone)}:00Z`);
  const first = guess - (shown(guess) - guess);
  return new Date(first - (shown(first) - guess));
};
