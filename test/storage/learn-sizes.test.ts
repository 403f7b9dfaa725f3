import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, isPostgres, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const known = async (): Promise<number> =>
  (await world.sql<{ n: number }>(`select reltuples::int as n from pg_class where relname = 'seen_delivery'`))[0]!.n;
const fill = (name: string, rows: number) =>
  world.sql(`insert into seen_delivery (key, seen_at) select '${name}' || n, now() from generate_series(1, ${rows}) n`);

test.skipIf(isPostgres)('an embedded database is told what it holds once that has changed much', async () => {
  await fill('some', 2000);
  expect(await known()).toBeLessThan(1);
  await world.database.learnSizes();
  expect(await known()).toBe(2000);
  await fill('few', 300);
  await world.database.learnSizes();
  expect(await known()).toBe(2000);
  await fill('many', 700);
  await world.database.learnSizes();
  expect(await known()).toBe(3000);
});

test.runIf(isPostgres)('a server looks after that itself', async () => {
  await fill('some', 2000);
  const before = await known();
  await world.database.learnSizes();
  expect(await known()).toBe(before);
});
