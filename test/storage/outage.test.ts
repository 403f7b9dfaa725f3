import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBoss } from '../../src/storage/boss.ts';
import { createWorld, isPostgres, type World } from '../support/world.ts';

// An embedded database lives and dies with its process.
describe.runIf(isPostgres)('a server that drops its connections', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world?.close());

  /** By a connection of its own, which sees what others do: the pool's are all taken. */
  const outside = async (sql: string): Promise<{ n: number }[]> => {
    const client = new pg.Client(world.database.url!);
    await client.connect();
    const { rows } = await client.query(sql);
    await client.end();
    return rows;
  };

  const dropAll = (): Promise<unknown> =>
    outside(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );

  const busyWith = async (statement: string): Promise<number> => {
    const [row] = await outside(
      `select count(*)::int as n from pg_stat_activity
        where datname = current_database() and query ilike '${statement}%'`,
    );
    return row!.n;
  };
  const listeners = (): Promise<number> => busyWith('listen ');

  test('fails what was under way, and serves what comes after', async () => {
    // More than the pool holds: some wait for a connection while all others are dropped.
    const underWay = Array.from({ length: 30 }, () => world.sql('select pg_sleep(1)'));
    const ended = Promise.allSettled(underWay);
    await expect.poll(() => busyWith('select pg_sleep')).toBeGreaterThan(4);
    await dropAll();
    const outcomes = await ended;
    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await world.sql('select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('is heard of by whoever runs the job queue, who listens again, and ends no process', async () => {
    const heard: unknown[] = [];
    const { orm, url } = world.database;
    const boss = await createBoss(orm, url, (error) => heard.push(error));
    await boss.start();
    expect(await listeners()).toBe(1);
    await dropAll();
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    await expect.poll(listeners, { timeout: 10_000 }).toBe(1);
    await boss.stop({ graceful: false });
    await expect.poll(listeners).toBe(0);
  });

  test('ends no process that is just stopping', async () => {
    const { orm, url } = world.database;
    for (let round = 0; round < 10; round++) {
      const boss = await createBoss(orm, url, () => {});
      await boss.start();
      await Promise.all([dropAll(), boss.stop({ graceful: false }).catch(() => {})]);
    }
    expect(await world.sql('select 1 as one')).toEqual([{ one: 1 }]);
  });
});
