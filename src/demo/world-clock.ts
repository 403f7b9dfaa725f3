import type { Clock } from '../core/clock.ts';
import type { Database } from '../storage/database.ts';

/** Setting of a database for play: where its business time stood when it was last left. */
export const businessTime = 'business_time';

/** The business time of a world made for play, going on from where it was left; null: this database lives in ours. */
export const worldClock = async (database: Database): Promise<Clock | null> => {
  const left = (await database.isForPlay()) ? await database.setting(businessTime) : null;
  if (left === null) return null;
  const start = Temporal.Instant.from(left);
  const opened = performance.now();
  return { now: () => start.add({ milliseconds: Math.round(performance.now() - opened) }) };
};
