/**
 * Starts what the suite runs on, once: a real PostgreSQL with a migrated template database, and a dump of a migrated
 * PGlite. Workers copy these, which takes a tenth of a second where a fresh one takes five.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/storage/database.ts';
import { nativePglite } from '../../src/storage/orm.ts';
import { startPostgres } from './postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Server with a `template_seatwise` database to copy; user may create databases. */
    postgresUrl: string;
    pgliteDump: string;
    /** Where the demo world is filled when it is first asked for; see `copyDemo`. */
    demoFolder: string;
  }
}

export default async (project: TestProject): Promise<() => Promise<void>> => {
  const folder = mkdtempSync(join(tmpdir(), 'seatwise-test-'));
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? null : await startPostgres(folder, ['fsync=off', 'max_connections=200']);
  const url = given ?? server!.url;
  const admin = new pg.Client(url);
  await admin.connect();
  await admin.query('drop database if exists template_seatwise');
  await admin.query('create database template_seatwise');
  await admin.end();
  const template = await openDatabase({ url: url.replace(/\/[^/]*$/, '/template_seatwise') });
  await template.close();

  const lite = await openDatabase({ memory: {} });
  const dump = await (await nativePglite(lite.orm)).dumpDataDir('none');
  const dumpFile = join(folder, 'pglite.tar');
  writeFileSync(dumpFile, Buffer.from(await dump.arrayBuffer()));
  await lite.close();

  project.provide('postgresUrl', url);
  project.provide('pgliteDump', dumpFile);
  project.provide('demoFolder', join(folder, 'demo'));
  return async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
};
