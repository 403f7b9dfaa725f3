/** A class whose instances are stored under `id`. */
export interface Stored {
  readonly id: string;
}
export type EntityClass<T extends Stored> = abstract new (...args: never[]) => T;

/** Work that is done after the transaction, by name, with the data each needs. Ids only: jobs are not walled. */
export interface Jobs {
  /** Tells people about something that happened; `src/bot` draws the topic and the outgoing queue delivers it. */
  notify: { readonly topic: string; readonly data: Readonly<Record<string, string>> };
  /** Sends one kept mail. */
  mail: { readonly mailId: string };
  /** Delivers what waits for one lane (one conversation). */
  deliver: { readonly lane: string };
  /** Builds and posts one digest for one slot. */
  digest: { readonly digestId: string; readonly slot: string };
  /** Looks through a file of customers, or adds what was decided to be added. */
  customer_import: { readonly importId: string };
  /** Takes over the next of the customers that a person queued for a suite change; `part` counts the job's own runs. */
  suite_acceptance: { readonly changeId: string; readonly personId: string; readonly part: string };
}
export type JobName = keyof Jobs;

export interface JobOptions {
  /** A second job with the same key is not queued while the first waits or runs. */
  readonly key?: string;
}

/**
 * The only port for changes. Everything happens in the one transaction that execute opened for the caller, behind
 * the walls of the partner: another partner's id is simply not found.
 */
export interface UnitOfWork {
  /** Reads one thing. @throws Refusal `not_found`, blaming `field`. */
  get<T extends Stored>(type: EntityClass<T>, id: string, field?: string): Promise<T>;
  /** Reads one thing and holds its row until the end: always before the check that guards a change. */
  lock<T extends Stored>(type: EntityClass<T>, id: string, field?: string): Promise<T>;
  /** Locks several of one kind in the order of their ids, so that two callers cannot deadlock. Missing ids refuse. */
  lockAll<T extends Stored>(type: EntityClass<T>, ids: readonly string[]): Promise<T[]>;
  /** Stores new things at the end of the transaction. */
  add(...things: readonly Stored[]): void;
  /** Stores many new things of one kind now, and forgets them: what is added one by one is watched until the end. */
  insertAll<T extends Stored>(type: EntityClass<T>, things: readonly T[]): Promise<void>;
  /** Queues work that exists if, and only if, this transaction commits. */
  enqueue<N extends JobName>(name: N, data: Jobs[N], options?: JobOptions): void;
  /** Writes what was changed so far, so that reads of the same transaction see it. */
  flush(): Promise<void>;
  newId(): string;
}
