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

  /** By a connection of its own: the pool's are all taken. */
  const dropAll = async (): Promise<void> => {
    const outside = new pg.Client(world.database.url!);
    await outside.connect();
    await outside.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    await outside.end();
  };

  test('fails what was under way, and serves what comes after', async () => {
    // More than the pool holds: some wait for a connection while all others are dropped.
    const underWay = Array.from({ length: 30 }, () => world.sql('select pg_sleep(1)'));
    const ended = Promise.allSettled(underWay);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await dropAll();
    const outcomes = await ended;
    expect(outcomes.some(({ status }) => status === 'rejected')).toBe(true);
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await world.sql('select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('is heard of by whoever runs the job queue, and ends no process', async () => {
    const heard: unknown[] = [];
    const { orm, url } = world.database;
    const boss = await createBoss(orm, url, (error) => heard.push(error));
    await boss.start();
    await dropAll();
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    await boss.stop({ graceful: false });
  });
});
