import { dayAt, isBefore } from '../calendar.ts';
import { invalid } from '../errors.ts';

/** A calendar month in the partner's zone, half-open: `to` is the first day of the next month. */
export interface ReportCycle {
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
}

/** The cycle that a day lies in. */
export const cycleOf = (day: Temporal.PlainDate): ReportCycle => {
  const from = day.with({ day: 1 });
  return { from, to: from.add({ months: 1 }) };
};

/** `2026-02`, as people and scripts name a cycle. */
export const cycleName = (cycle: { readonly from: Temporal.PlainDate }): string =>
  cycle.from.toPlainYearMonth().toString();

/**
 * No day comes after the last month that has four digits in its year, so that it has no end.
 * @throws Refusal `report.bad_cycle`, blaming `field`, for anything but a month such as `2026-02`.
 */
export const parseCycle = (name: string, field: string): ReportCycle => {
  if (!/^(?!9999-12)[1-9]\d{3}-(0[1-9]|1[0-2])$/.test(name)) throw invalid('report.bad_cycle', field, { cycle: name });
  return cycleOf(Temporal.PlainDate.from(`${name}-01`));
};

/**
 * The cycles of a partner that are over, from the one that `firstDay` lies in to the last, oldest first. A cycle is over
 * from local midnight of its `to`.
 */
export const endedCycles = (
  firstDay: Temporal.PlainDate,
  now: Temporal.Instant,
  timeZone: string,
): readonly ReportCycle[] => {
  const cycles: ReportCycle[] = [];
  const running = cycleOf(dayAt(now, timeZone));
  let cycle = cycleOf(firstDay);
  while (isBefore(cycle.from, running.from)) {
    cycles.push(cycle);
    cycle = cycleOf(cycle.to);
  }
  return cycles;
};
