import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import pg from 'pg';
import type { Config } from '../config.ts';
import type { Clock } from '../core/clock.ts';
import { rule } from '../core/errors.ts';
import { noPages, type Links } from '../core/links.ts';
import { createExecute } from '../core/use-case.ts';
import { worldClock } from '../demo/world-clock.ts';
import { queues } from '../jobs/queues.ts';
import { createBoss, enqueueWith, startBoss } from '../storage/boss.ts';
import { openDatabase, type Database } from '../storage/database.ts';
import type { Enqueue } from '../storage/transaction.ts';
import { lockFolder } from '../storage/folder-lock.ts';
import { whereOf } from '../storage/where.ts';
import { createTrialLinks } from '../trial-page/trial-links.ts';
import type { OpenDesk } from './word.ts';

/** The desk over a database that somebody opened. */
export const deskOver = (database: Database, clock: Clock, enqueue: Enqueue, links: Links = noPages): OpenDesk => ({
  database,
  clock,
  enqueue,
  execute: (at = clock) => createExecute(database.host(at, enqueue), links),
});

/** What this process opened and closes again. */
export interface OwnDesk extends OpenDesk {
  close(): Promise<void>;
}

/** Opens the database of this environment for one line: jobs are queued, and done by whoever serves next. */
export const openOwnDesk = async (config: Config): Promise<OwnDesk> => {
  const database = await openDatabase(whereOf(config));
  // It only puts jobs in here: what fails with it fails in the line that asked, and is told there.
  const boss = await createBoss(database.orm, database.url, () => {});
  try {
    await startBoss(boss, queues);
  } catch (error) {
    await database.close();
    throw error;
  }
  return {
    ...deskOver(
      database,
      (await worldClock(database)) ?? { now: () => Temporal.Now.instant() },
      enqueueWith(boss),
      createTrialLinks(config),
    ),
    async close() {
      await boss.stop({ graceful: false });
      await database.close();
    },
  };
};

const emptyServer = async (url: string): Promise<void> => {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<{ installed: string | null }>(
      `select to_regclass('public.installation')::text as installed`,
    );
    if (rows[0]?.installed) {
      const { rows: marks } = await client.query(
        `select from installation where key = 'for_play' and value = 'yes'
          union all select from (select count(*) as n from partner) p where n = 0`,
      );
      if (marks.length === 0) throw rule('data.not_for_play');
    }
    await client.query('drop schema if exists public, pgboss, wall cascade');
    await client.query('create schema public');
  } finally {
    await client.end();
  }
};

/** Throws away everything that this environment's desk knows. @throws Refusal on a server that is not for play. */
export const throwAway = async (config: Config): Promise<void> => {
  const where = whereOf(config);
  if ('url' in where) await emptyServer(where.url);
  // Nothing is removed under the feet of another process. An embedded database serves play alone, so it needs no
  // mark, and one that no longer opens can be thrown away too.
  const lock = 'folder' in where ? lockFolder(where.folder) : null;
  // Chat history of the playground, stored files: all of it speaks of the data that is gone.
  await rm(resolve(config.dataDir), { recursive: true, force: true });
  lock?.release();
};
