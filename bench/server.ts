import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../test/support/postgres.ts';

/** A PostgreSQL of its own while something is measured, with as much memory as a small server has. */
export const onServer = async <T>(measured: (url: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'seatwise-bench-'));
  const server = await startPostgres(folder, ['max_connections=50', 'shared_buffers=1GB', 'max_wal_size=4GB']);
  try {
    return await measured(server.url);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** For what is written by hand: statements leave without waiting for the answers before them. */
export const pipelined = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url, pipeline: true } as pg.ClientConfig);
  await client.connect();
  return client;
};
