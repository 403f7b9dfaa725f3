import { setImmediate as breathe } from 'node:timers/promises';
import { notFound } from '../core/errors.ts';
import type { EntityClass, JobName, JobOptions, Jobs, Stored, UnitOfWork } from '../core/unit-of-work.ts';
import { newId } from './new-id.ts';
import type { Em } from './orm.ts';
import { insertStatement, jsonOf, lockStatement } from './statements.ts';
import { writtenRows, type Written } from './witness.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isId = (value: string): boolean => uuid.test(value);

/** More rows in one statement would keep an embedded database, and with it the whole process, too long. */
const rowsAtOnce = 100;

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
  /** Digests of what was stored and forgotten. */
  forgotten: Written | null = null;
  /** How many of these are in the database. */
  #stored = 0;

  constructor(em: Em) {
    this.#em = em;
  }

  async get<T extends Stored>(type: EntityClass<T>, id: string, field?: string): Promise<T> {
    const found = isId(id) ? await this.#em.findOne(type as never, { id } as never) : null;
    if (!found) throw notFound(nounOf(type), field);
    return found as T;
  }

  async lock<T extends Stored>(type: EntityClass<T>, id: string, field?: string): Promise<T> {
    const [found] = isId(id) ? await this.#lockRows(type, [id]) : [];
    if (!found) throw notFound(nounOf(type), field);
    return found;
  }

  async lockAll<T extends Stored>(type: EntityClass<T>, ids: readonly string[]): Promise<T[]> {
    const wanted = [...new Set(ids)];
    if (wanted.length === 0) return [];
    if (!wanted.every(isId)) throw notFound(nounOf(type));
    const found = await this.#lockRows(type, wanted);
    if (found.length !== wanted.length) throw notFound(nounOf(type));
    return found;
  }

  async #lockRows<T extends Stored>(type: EntityClass<T>, ids: readonly string[]): Promise<T[]> {
    const rows = await this.#em.execute<object[]>(lockStatement(this.#em.getMetadata(type as never)), [ids.join(',')]);
    // What was read before the lock may be old by now: mapping a row refreshes the thing.
    return rows.map((row) => this.#em.map(type as never, row as never) as T);
  }

  add(...things: readonly Stored[]): void {
    this.added.push(...things);
  }

  async insertAll<T extends Stored>(type: EntityClass<T>, things: readonly T[]): Promise<void> {
    const meta = this.#em.getMetadata().get(type as never);
    const platform = this.#em.getPlatform();
    const properties = meta.props.filter(({ persist, fieldNames }) => persist !== false && fieldNames?.length === 1);
    const columns = properties.map(({ fieldNames }) => `"${fieldNames[0]}"`).join(', ');
    const rowOf = (thing: T) =>
      Object.fromEntries(
        properties.map(({ name, fieldNames, customType }) => {
          const value = thing[name as keyof T];
          return [fieldNames[0], customType ? customType.convertToDatabaseValue(value, platform) : value];
        }),
      );
    for (let from = 0; from < things.length; from += rowsAtOnce) {
      // One parameter instead of some thousand: a third of the time.
      await this.#em.execute(
        `insert into "${meta.tableName}" (${columns})
         select ${columns} from json_populate_recordset(null::"${meta.tableName}", ?::json)`,
        [JSON.stringify(things.slice(from, from + rowsAtOnce).map(rowOf))],
      );
      // An embedded database answers within the same turn: without this nothing else would get one.
      await breathe();
    }
    this.forgotten = writtenRows(things, this.forgotten);
  }

  enqueue<N extends JobName>(name: N, data: Jobs[N], options: JobOptions = {}): void {
    this.jobs.push({ name, data, options });
  }

  async flush(): Promise<void> {
    const fresh = this.added.slice(this.#stored);
    if (fresh.length > 0) {
      // New rows first: what was changed may point to them.
      await this.#insert(Map.groupBy(fresh, (thing) => thing.constructor));
      this.#stored = this.added.length;
      for (const thing of fresh) this.#em.merge(thing);
    }
    await this.#em.flush();
  }

  /** All in one statement: a round trip costs more than a row. */
  async #insert(byType: ReadonlyMap<unknown, readonly Stored[]>): Promise<void> {
    const kinds = [...byType]
      .map(([type, things]) => ({ meta: this.#em.getMetadata(type as never), things }))
      .toSorted((a, b) => (a.meta.tableName < b.meta.tableName ? -1 : 1));
    await this.#em.execute(
      insertStatement(kinds.map(({ meta }) => meta)),
      kinds.map(({ meta, things }) => jsonOf(meta, things)),
    );
  }

  newId(): string {
    return newId();
  }
}
