import pg from 'pg';
import type { Clock } from '../core/clock.ts';
import type { Host } from '../core/use-case.ts';
import { lockFolder } from './folder-lock.ts';
import { nativePglite, openOrm, type Em, type Orm, type Where } from './orm.ts';
import { createHost, type Enqueue } from './transaction.ts';
import { systemRole } from './walls.ts';

export interface Database {
  readonly orm: Orm;
  /** Null on an embedded database. */
  readonly url: string | null;
  host(clock: Clock, enqueue: Enqueue): Host;
  /** Whether business time may be set by scripts: made by `seed` and `reset --empty`. */
  isForPlay(): Promise<boolean>;
  setting(key: string): Promise<string | null>;
  setSetting(key: string, value: string): Promise<void>;
  /** Takes a delivery: true the first time, false for an exact replay, on any instance. */
  takeDelivery(key: string): Promise<boolean>;
  /** Forgets deliveries that no platform would send again. */
  forgetDeliveries(before: Temporal.Instant): Promise<void>;
  /**
   * Tells an embedded database what it holds by now. A server looks after that itself; without it, plans are made for
   * empty tables, and lists of some thousand customers take seconds. Tables that have hardly changed are passed over.
   */
  learnSizes(): Promise<void>;
  close(): Promise<void>;
}

/** So many changed rows of a small table do not matter; of a large one it is a fifth. */
const hardly = 200;

const migrate = async (orm: Orm, url: string | null): Promise<void> => {
  if (!url) {
    await orm.migrator.up();
    return;
  }
  // The migrator takes no lock; several instances may start at once. A session of its own holds one for all.
  const session = new pg.Client(url);
  await session.connect();
  try {
    await session.query(`select pg_advisory_lock(hashtextextended('seatwise:migrate', 0))`);
    await orm.migrator.up();
  } finally {
    await session.end();
  }
};

/** Opens the database, holds its folder when it is embedded, and brings its schema up to date. */
export const openDatabase = async (where: Where): Promise<Database> => {
  const lock = 'folder' in where ? lockFolder(where.folder) : null;
  const url = 'url' in where ? where.url : null;
  let orm: Orm;
  try {
    orm = await openOrm(where);
    await migrate(orm, url);
  } catch (error) {
    lock?.release();
    throw error;
  }
  const asSystem = <T>(work: (em: Em) => Promise<T>): Promise<T> =>
    (orm.em.fork({ session: { role: systemRole } }) as Em).transactional((em) => work(em as Em));

  const database: Database = {
    orm,
    url,
    host: (clock, enqueue) => createHost(orm, clock, enqueue),
    isForPlay: async () => (await database.setting('for_play')) === 'yes',
    setting: (key) =>
      asSystem(async (em) => {
        const [row] = await em.execute<{ value: string }[]>('select value from installation where key = ?', [key]);
        return row?.value ?? null;
      }),
    setSetting: (key, value) =>
      asSystem(async (em) => {
        await em.execute(
          'insert into installation (key, value) values (?, ?) on conflict (key) do update set value = excluded.value',
          [key, value],
        );
      }),
    takeDelivery: (key) =>
      asSystem(async (em) => {
        const rows = await em.execute<unknown[]>(
          'insert into seen_delivery (key, seen_at) values (?, now()) on conflict do nothing returning key',
          [key],
        );
        return rows.length === 1;
      }),
    forgetDeliveries: (before) =>
      asSystem(async (em) => {
        await em.execute('delete from seen_delivery where seen_at < ?::timestamptz', [before.toString()]);
      }),
    async learnSizes() {
      if (url) return;
      // Its owner alone may do this. One table at a time: whatever waits for the only connection goes in between.
      const em = orm.em.fork();
      // What the last statements changed is counted with a delay.
      await em.execute('select pg_stat_force_next_flush()');
      const grown = await em.execute<{ name: string }[]>(
        `select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables
          where n_mod_since_analyze > ${hardly} + n_live_tup / 5 order by 1`,
      );
      for (const { name } of grown) await em.execute(`analyze ${name}`);
    },
    async close() {
      // One in memory was made for us and is ours to close; the ORM leaves it open.
      const memory = 'memory' in where ? await nativePglite(orm) : null;
      await orm.close(true);
      await memory?.close();
      lock?.release();
    },
  };
  return database;
};
