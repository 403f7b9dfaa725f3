/** Business time that a person turns forward. It runs with real time and goes on after a restart where it was. */
import type { Store } from './store.ts';

export interface Clock {
  now(): Temporal.Instant;
}

export interface TurnableClock extends Clock {
  /** Throws a RangeError when `instant` is before the clock's own time. */
  turnTo(instant: Temporal.Instant): void;
  stop(): void;
}

const saveEveryMs = 5000;

/** `start` is the time of a clock that was never started before. */
export const createTurnableClock = (store: Store, start: string): TurnableClock => {
  const resumed = Temporal.Instant.from(store.get('clock', '') ?? start);
  let base = resumed.epochMilliseconds;
  let since = performance.now();
  const now = (): Temporal.Instant =>
    Temporal.Instant.fromEpochMilliseconds(Math.floor(base + performance.now() - since));
  const save = (aheadMs: number): void => store.put('clock', '', now().add({ milliseconds: aheadMs }).toString());

  // What is saved lies a little ahead, so that a clock resumed after kill -9 never shows an earlier time again.
  save(2 * saveEveryMs);
  const timer = setInterval(() => save(2 * saveEveryMs), saveEveryMs);
  timer.unref();
  return {
    now,
    turnTo(instant) {
      if (Temporal.Instant.compare(instant, now()) < 0) throw new RangeError('The clock only goes forward.');
      base = instant.epochMilliseconds;
      since = performance.now();
      save(2 * saveEveryMs);
    },
    stop() {
      clearInterval(timer);
      save(0);
    },
  };
};
