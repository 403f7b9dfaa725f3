import { fromKysely, fromPglite, PgBoss, type Queue } from 'pg-boss';
import { listenOn } from './listen.ts';
import type { Em, Orm } from './orm.ts';
import { nativePglite } from './orm.ts';
import type { Enqueue } from './transaction.ts';

/** One queue: its name and how pg-boss shall treat it. */
export type QueueDefinition = { readonly name: string } & Omit<Queue, 'name'>;

/**
 * pg-boss in the same database, on the ORM's own connection when that is embedded. `onError` hears what went wrong
 * beside its calls, such as a connection that the server dropped: unheard, it would end the process.
 */
export const createBoss = async (orm: Orm, url: string | null, onError: (error: unknown) => void): Promise<PgBoss> => {
  const boss = url
    ? new PgBoss({ connectionString: url, useListenNotify: true, max: 4 })
    : new PgBoss({
        db: fromPglite((await nativePglite(orm)) as never),
        backend: 'pglite',
        useListenNotify: true,
      } as never);
  boss.on('error', onError);
  if (url) boss.getDb().listen = listenOn(url, onError);
  return boss;
};

export const startBoss = async (boss: PgBoss, queues: readonly QueueDefinition[]): Promise<void> => {
  await boss.start();
  for (const { name, ...options } of queues) {
    if (await boss.getQueue(name)) continue;
    await boss.createQueue(name, { name, ...options } as never);
  }
};

/** Puts jobs into the caller's transaction: they exist if, and only if, it commits. */
export const enqueueWith =
  (boss: PgBoss): Enqueue =>
  async (em: Em, jobs) => {
    const db = fromKysely(em.getKysely() as never);
    for (const { name, data, options } of jobs) {
      await boss.send(name, data as object, { db, ...(options.key && { singletonKey: options.key }) } as never);
    }
  };
