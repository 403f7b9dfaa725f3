import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayAt, dayInput, daysBetween, isBefore, monthsAfter } from '../../src/core/calendar.ts';

const day = (iso: string) => Temporal.PlainDate.from(iso);

describe('month steps', () => {
  test.for([
    ['2026-01-31', 1, '2026-02-28'],
    ['2028-01-31', 1, '2028-02-29'],
    ['2026-01-31', 2, '2026-03-31'],
    ['2026-01-31', 12, '2027-01-31'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2026-03-15', 36, '2029-03-15'],
  ] as const)('%s and %i months is %s', ([anchor, months, expected]) => {
    expect(String(monthsAfter(day(anchor), months))).toBe(expected);
  });

  test('counted from the anchor, terms tile and keep the anchor day wherever the month has it', () => {
    const days = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 36 }), fc.integer({ min: 1, max: 24 }), (date, step, times) => {
        const anchor = day(date.toISOString().slice(0, 10));
        const before = monthsAfter(anchor, step * (times - 1));
        const end = monthsAfter(anchor, step * times);
        expect(isBefore(before, end)).toBe(true);
        expect(end.day).toBe(Math.min(anchor.day, end.daysInMonth));
        expect(daysBetween(anchor, end)).toBe(daysBetween(anchor, before) + daysBetween(before, end));
      }),
    );
  });
});

describe('days of a zone', () => {
  test('one instant is two days in two zones', () => {
    const now = Temporal.Instant.from('2026-03-05T15:30:00Z');
    expect(String(dayAt(now, 'Asia/Tokyo'))).toBe('2026-03-06');
    expect(String(dayAt(now, 'Europe/Berlin'))).toBe('2026-03-05');
  });

  test('only real days are taken', () => {
    expect(dayInput.safeParse('2026-02-29').success).toBe(false);
    expect(dayInput.safeParse('2028-02-29').success).toBe(true);
    expect(dayInput.safeParse('5.3.2026').success).toBe(false);
    // No database counts a zone's day of the year 0.
    expect(dayInput.safeParse('0000-01-01').success).toBe(false);
    expect(dayInput.safeParse('9999-12-31').success).toBe(false);
  });
});
