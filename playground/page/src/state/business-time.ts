import type { ClockState, Persona } from '../../../protocol.ts';

/** Business time at this moment: the server's reading, and the real time passed since. */
export const businessNow = (clock: ClockState): Date =>
  new Date(Date.parse(clock.now) + Math.max(0, Date.now() - Date.parse(clock.readAt)));

/** The zone in which this person reads times. */
export const zoneOf = (persona: Persona): string => persona.timeZone ?? 'UTC';

export const clockTime = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-US', { timeZone, timeStyle: 'short' }).format(at);

export const clockDay = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', day: 'numeric', month: 'short' }).format(at);

/** The heading of a day's messages: Today, Yesterday, or the date. */
export const dayHeading = (at: Date, now: Date, timeZone: string): string => {
  const day = (date: Date): string => new Intl.DateTimeFormat('en-CA', { timeZone }).format(date);
  if (day(at) === day(now)) return 'Today';
  if (day(at) === day(new Date(now.getTime() - 86_400_000))) return 'Yesterday';
  return new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'long', month: 'long', day: 'numeric' }).format(at);
};
