import type { JobName } from '../core/unit-of-work.ts';

/** How pg-boss treats one queue. Jobs only wake: what has to be done stands in rows, which a sweep finds again. */
export interface QueueSettings {
  readonly name: JobName;
  /** `exclusive`: a second job of the same key is not queued while one waits or runs. */
  readonly policy: 'standard' | 'exclusive';
  readonly retryLimit: number;
  /** Seconds; doubled with each retry. */
  readonly retryDelay: number;
  readonly retryBackoff: true;
  readonly retryDelayMax: number;
  /** A job that runs longer counts as lost and is given to another worker. */
  readonly expireInSeconds: number;
  readonly deleteAfterSeconds: number;
  /** Wakes workers in milliseconds instead of at the next poll. */
  readonly notify: true;
}

const settings = (name: JobName, over: Partial<QueueSettings> = {}): QueueSettings => ({
  name,
  policy: 'standard',
  retryLimit: 5,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
  expireInSeconds: 300,
  deleteAfterSeconds: 3600,
  notify: true,
  ...over,
});

/** Every queue, and how many of its jobs one process does at a time. */
export const queues: readonly QueueSettings[] = [
  settings('notify', { retryLimit: 10 }),
  // Not keyed by lane: a message written while a drain ends would lose its wake-up.
  settings('deliver'),
  settings('mail', { policy: 'exclusive', retryLimit: 8 }),
  settings('digest', { policy: 'exclusive', retryLimit: 3, expireInSeconds: 600 }),
  settings('customer_import', { retryLimit: 3, expireInSeconds: 600 }),
  // A lost one is found again soon: the person looks at its bar.
  settings('suite_acceptance', { policy: 'exclusive', expireInSeconds: 120 }),
];

export const atATime: Readonly<Record<JobName, number>> = {
  notify: 2,
  deliver: 4,
  mail: 1,
  digest: 1,
  customer_import: 1,
  suite_acceptance: 1,
};
