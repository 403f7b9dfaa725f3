/** A weekly moment on the wall: ISO weekday (1 = Monday), `HH:MM`, IANA zone. */
export interface Schedule {
  readonly weekday: number;
  readonly time: string;
  readonly timeZone: string;
}

export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/**
 * The instant at which a wall clock shows this time. A time that a clock change skips is the first valid moment
 * after the gap; one that occurs twice is its first occurrence.
 */
export const firstMoment = (wall: Temporal.PlainDateTime, timeZone: string): Temporal.Instant => {
  const earlier = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(wall)) return earlier.toInstant();
  // In a gap Temporal steps back by the gap's length; the change that made the gap is the next one from there.
  const change = earlier.getTimeZoneTransition('next');
  return (change ?? wall.toZonedDateTime(timeZone)).toInstant();
};

/** The first slot strictly after an instant. */
export const nextSlot = (schedule: Schedule, after: Temporal.Instant): Temporal.Instant => {
  const local = after.toZonedDateTimeISO(schedule.timeZone).toPlainDate();
  // One week back: a slot that a clock change pushed past midnight belongs to the day before.
  let day = local.subtract({ days: 7 + ((local.dayOfWeek - schedule.weekday + 7) % 7) });
  const time = Temporal.PlainTime.from(schedule.time);
  for (;;) {
    const slot = firstMoment(day.toPlainDateTime(time), schedule.timeZone);
    if (Temporal.Instant.compare(slot, after) > 0) return slot;
    day = day.add({ weeks: 1 });
  }
};

/** The next few slots strictly after an instant, in order. */
export const nextSlots = (schedule: Schedule, after: Temporal.Instant, count: number): Temporal.Instant[] => {
  const slots: Temporal.Instant[] = [];
  for (let from = after; slots.length < count; from = slots.at(-1)!) slots.push(nextSlot(schedule, from));
  return slots;
};

/** A single slot this long past is late as well: whoever reads the post must know that its figures are older. */
const lateAfter = Temporal.Duration.from({ hours: 1 });

export interface DueSlot {
  /** The last slot that has passed. */
  readonly slot: Temporal.Instant;
  /** Earlier slots were passed over, or this one is long past. */
  readonly late: boolean;
  /** The first slot that is still to come. */
  readonly next: Temporal.Instant;
}

/** What is due at a moment when `nextSlotAt` has come: several passed slots give one post, marked late. */
export const dueSlot = (schedule: Schedule, nextSlotAt: Temporal.Instant, now: Temporal.Instant): DueSlot => {
  // A long sleep has thousands of slots behind it; only the last weeks can hold the last one.
  const recent = now.subtract({ hours: 24 * 15 });
  let slot = nextSlotAt;
  let next = nextSlot(schedule, Temporal.Instant.compare(slot, recent) < 0 ? recent : slot);
  while (Temporal.Instant.compare(next, now) <= 0) {
    slot = next;
    next = nextSlot(schedule, slot);
  }
  const passedOver = !slot.equals(nextSlotAt);
  return { slot, late: passedOver || Temporal.Instant.compare(slot.add(lateAfter), now) < 0, next };
};
