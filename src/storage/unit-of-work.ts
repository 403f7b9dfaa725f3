import { LockMode } from '@mikro-orm/core';
import { randomUUIDv7 } from 'node:crypto';
import { notFound } from '../core/errors.ts';
import type { EntityClass, JobName, JobOptions, Jobs, Stored, UnitOfWork } from '../core/unit-of-work.ts';
import type { Em } from './orm.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isId = (value: string): boolean => uuid.test(value);

export interface QueuedJob {
  readonly name: JobName;
  readonly data: Jobs[JobName];
  readonly options: JobOptions;
}

/** `ServicePlan` → `service plan`: what a person would call it. */
const nounOf = (type: EntityClass<Stored>): string =>
  type.name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();

/** UnitOfWork over one transaction's entity manager. Jobs are collected; the transaction queues them at its end. */
export class StoredUnitOfWork implements UnitOfWork {
  readonly #em: Em;
  readonly jobs: QueuedJob[] = [];
  /** Everything new, in order. */
  readonly added: Stored[] = [];

  constructor(em: Em) {
    this.#em = em;
  }

  get<T extends Stored>(type: EntityClass<T>, id: string, field?: string): Promise<T> {
    return this.#find(type, id, field, {});
  }

  lock<T extends Stored>(type: EntityClass<T>, id: string, field?: string): Promise<T> {
    // What was read before the lock may be old by now.
    return this.#find(type, id, field, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  }

  async #find<T extends Stored>(
    type: EntityClass<T>,
    id: string,
    field: string | undefined,
    options: object,
  ): Promise<T> {
    const found = isId(id) ? await this.#em.findOne(type as never, { id } as never, options as never) : null;
    if (!found) throw notFound(nounOf(type), field);
    return found as T;
  }

  async lockAll<T extends Stored>(type: EntityClass<T>, ids: readonly string[]): Promise<T[]> {
    const wanted = [...new Set(ids)];
    if (wanted.length === 0) return [];
    if (!wanted.every(isId)) throw notFound(nounOf(type));
    const found = await this.#em.find(
      type as never,
      { id: { $in: wanted } } as never,
      { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' }, refresh: true } as never,
    );
    if (found.length !== wanted.length) throw notFound(nounOf(type));
    return found as T[];
  }

  add(...things: readonly Stored[]): void {
    this.added.push(...things);
    this.#em.persist(things as never);
  }

  async insertAll<T extends Stored>(type: EntityClass<T>, things: readonly T[]): Promise<void> {
    if (things.length > 0) await this.#em.insertMany(type as never, things.map((thing) => ({ ...thing })) as never);
  }

  enqueue<N extends JobName>(name: N, data: Jobs[N], options: JobOptions = {}): void {
    this.jobs.push({ name, data, options });
  }

  async flush(): Promise<void> {
    await this.#em.flush();
  }

  newId(): string {
    return randomUUIDv7();
  }
}
