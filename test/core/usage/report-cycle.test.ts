import { describe, expect, test } from 'vitest';
import { startOfDay } from '../../../src/core/calendar.ts';
import { cycleName, endedCycles, parseCycle } from '../../../src/core/usage/report-cycle.ts';

const at = (text: string) => Temporal.Instant.from(text);

describe('report cycle', () => {
  test.for([
    ['Berlin, a second before midnight', '2026-02-28T22:59:59Z', 'Europe/Berlin', ['2026-01']],
    ['Berlin, at midnight', '2026-02-28T23:00:00Z', 'Europe/Berlin', ['2026-01', '2026-02']],
    ['Auckland is ahead of the world', '2026-02-28T11:00:00Z', 'Pacific/Auckland', ['2026-01', '2026-02']],
    ['Honolulu is behind it', '2026-03-01T09:59:59Z', 'Pacific/Honolulu', ['2026-01']],
  ] as const)('%s', ([, now, zone, cycles]) => {
    expect(endedCycles(Temporal.PlainDate.from('2026-01-15'), at(now), zone).map(cycleName)).toEqual(cycles);
  });

  test('cycles tile', () => {
    const cycles = endedCycles(Temporal.PlainDate.from('2024-01-31'), at('2026-03-05T00:00:00Z'), 'Asia/Tokyo');
    expect(cycles).toHaveLength(26);
    for (const [index, cycle] of cycles.entries()) {
      if (index > 0) expect(cycle.from.equals(cycles[index - 1]!.to)).toBe(true);
    }
  });

  test('a day that a clock change begins late begins at the first instant after the gap', () => {
    // Cairo skips 00:00–00:59 on 24 April 2026.
    expect(startOfDay(Temporal.PlainDate.from('2026-04-24'), 'Africa/Cairo').toString()).toBe('2026-04-23T22:00:00Z');
    // Azores: midnight of 25 October 2026 happens twice; the first counts.
    expect(startOfDay(Temporal.PlainDate.from('2026-10-25'), 'Atlantic/Azores').toString()).toBe(
      '2026-10-25T00:00:00Z',
    );
  });

  test.for(['2026-13', '2026', 'Feb', '2026-02-01', '0000-01', '9999-12', ''])('%s is no cycle', (name) => {
    expect(() => parseCycle(name, 'cycle')).toThrow(
      expect.objectContaining({ code: 'report.bad_cycle', field: 'cycle' }),
    );
  });
});
