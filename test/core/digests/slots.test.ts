import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dueSlot, nextSlot, nextSlots, weekdays, type Schedule } from '../../../src/core/digests/slots.ts';

const at = (text: string): Temporal.Instant => Temporal.Instant.from(text);
const wall = (slot: Temporal.Instant, timeZone: string): string =>
  slot.toZonedDateTimeISO(timeZone).toString({ timeZoneName: 'never' });

describe('the next slot', () => {
  test.for([
    ['a gap at midnight', 5, '00:30', 'Africa/Cairo', '2026-04-20T00:00Z', '2026-04-24T01:00:00+03:00'],
    ['the start of a gap', 5, '00:00', 'Africa/Cairo', '2026-04-20T00:00Z', '2026-04-24T01:00:00+03:00'],
    ['the minute after a gap', 5, '01:00', 'Africa/Cairo', '2026-04-20T00:00Z', '2026-04-24T01:00:00+03:00'],
    ['a gap of half an hour', 7, '02:15', 'Australia/Lord_Howe', '2026-10-01T00:00Z', '2026-10-04T02:30:00+11:00'],
    ['a gap of an hour', 7, '02:30', 'Europe/Berlin', '2026-03-25T00:00Z', '2026-03-29T03:00:00+02:00'],
    ['a time that comes twice', 7, '02:30', 'Europe/Berlin', '2026-10-20T00:00Z', '2026-10-25T02:30:00+02:00'],
    [
      'half an hour that comes twice',
      7,
      '01:45',
      'Australia/Lord_Howe',
      '2026-04-01T00:00Z',
      '2026-04-05T01:45:00+11:00',
    ],
    ['an ordinary Monday', 1, '09:00', 'Asia/Tokyo', '2026-03-05T09:00Z', '2026-03-09T09:00:00+09:00'],
  ] as const)('of %s', ([, weekday, time, timeZone, after, expected]) => {
    expect(wall(nextSlot({ weekday, time, timeZone }, at(after)), timeZone)).toBe(expected);
  });

  test('of a time that comes twice is the first occurrence only', () => {
    const schedule: Schedule = { weekday: 7, time: '02:30', timeZone: 'Europe/Berlin' };
    expect(wall(nextSlot(schedule, at('2026-10-25T00:30Z')), 'Europe/Berlin')).toBe('2026-11-01T02:30:00+01:00');
  });

  test('is strictly after the moment asked about', () => {
    const schedule: Schedule = { weekday: 1, time: '09:00', timeZone: 'UTC' };
    expect(nextSlot(schedule, at('2026-03-09T08:59:59.999Z')).toString()).toBe('2026-03-09T09:00:00Z');
    expect(nextSlot(schedule, at('2026-03-09T09:00Z')).toString()).toBe('2026-03-16T09:00:00Z');
  });

  test('three next times', () => {
    const schedule: Schedule = { weekday: 1, time: '09:00', timeZone: 'America/New_York' };
    expect(nextSlots(schedule, at('2026-02-28T00:00Z'), 3).map((slot) => wall(slot, schedule.timeZone))).toEqual([
      '2026-03-02T09:00:00-05:00',
      '2026-03-09T09:00:00-04:00',
      '2026-03-16T09:00:00-04:00',
    ]);
  });

  const schedules = fc.record({
    weekday: fc.integer({ min: 1, max: 7 }),
    time: fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([hour, minute]) => `${hour}`.padStart(2, '0') + ':' + `${minute}`.padStart(2, '0')),
    timeZone: fc.constantFrom(
      'Africa/Cairo',
      'Australia/Lord_Howe',
      'Europe/Berlin',
      'America/New_York',
      'America/Sao_Paulo',
      'Asia/Tokyo',
      'Asia/Kathmandu',
      'Pacific/Chatham',
      'Pacific/Apia',
      'UTC',
    ),
  });
  const instants = fc
    .integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) })
    .map((ms) => Temporal.Instant.fromEpochMilliseconds(ms));

  test('lies after the moment, within eight days, and nothing lies between', () => {
    fc.assert(
      fc.property(schedules, instants, (schedule, after) => {
        const slot = nextSlot(schedule, after);
        expect(Temporal.Instant.compare(slot, after)).toBe(1);
        expect(slot.since(after).total('hours')).toBeLessThan(8 * 24);
        const justBefore = slot.subtract({ milliseconds: 1 });
        if (Temporal.Instant.compare(justBefore, after) >= 0)
          expect(nextSlot(schedule, justBefore).equals(slot)).toBe(true);
      }),
    );
  });

  test('shows the wall time and weekday, unless a clock change skipped them', () => {
    fc.assert(
      fc.property(schedules, instants, (schedule, after) => {
        const shown = nextSlot(schedule, after).toZonedDateTimeISO(schedule.timeZone);
        const before = shown.subtract({ nanoseconds: 1 });
        const change = before.getTimeZoneTransition('next');
        const skipped = change !== null && change.toInstant().equals(shown.toInstant());
        if (!skipped) {
          expect(shown.dayOfWeek).toBe(schedule.weekday);
          expect(shown.toPlainTime().toString({ smallestUnit: 'minute' })).toBe(schedule.time);
        }
      }),
    );
  });
});

describe('what is due', () => {
  const monday: Schedule = { weekday: 1, time: '09:00', timeZone: 'UTC' };

  test('the slot itself, when it is noticed in time', () => {
    const due = dueSlot(monday, at('2026-03-09T09:00Z'), at('2026-03-09T09:00:30Z'));
    expect(`${due.slot}`).toBe('2026-03-09T09:00:00Z');
    expect(due.late).toBe(false);
    expect(`${due.next}`).toBe('2026-03-16T09:00:00Z');
  });

  test('one late post for several passed slots', () => {
    const due = dueSlot(monday, at('2026-03-09T09:00Z'), at('2026-03-23T09:00Z'));
    expect(`${due.slot}`).toBe('2026-03-23T09:00:00Z');
    expect(due.late).toBe(true);
    expect(`${due.next}`).toBe('2026-03-30T09:00:00Z');
  });

  test('a single slot noticed much later is late', () => {
    expect(dueSlot(monday, at('2026-03-09T09:00Z'), at('2026-03-11T09:00Z')).late).toBe(true);
  });

  test('a sleep of years finds the last slot at once', () => {
    const due = dueSlot(monday, at('1996-01-01T09:00Z'), at('2026-03-11T00:00Z'));
    expect(`${due.slot}`).toBe('2026-03-09T09:00:00Z');
    expect(`${due.next}`).toBe('2026-03-16T09:00:00Z');
  });

  test('weekdays are counted from Monday', () => {
    expect(weekdays[0]).toBe('Monday');
    expect(weekdays[6]).toBe('Sunday');
  });
});
