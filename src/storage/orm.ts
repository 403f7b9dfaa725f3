import { MikroORM as PostgresOrm } from '@mikro-orm/postgresql';
import { MikroORM as PgliteOrm } from '@mikro-orm/pglite';
import { Migrator } from '@mikro-orm/migrations';
import { FlushMode, type MikroORM } from '@mikro-orm/core';
import { createPostgreSqlTypeParsers, type SqlEntityManager } from '@mikro-orm/sql';
import { parse as parseArray } from 'postgres-array';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { fileURLToPath } from 'node:url';

import type { Pool } from 'pg';
import { releaseDropped } from './dropped-connections.ts';
import { mappings } from './mapping/index.ts';
import { PipelinedClient } from './pipelined-client.ts';

export type Em = SqlEntityManager;
export type Orm = MikroORM & { em: Em };

export type Where =
  | { readonly url: string; readonly connections?: number }
  /** An embedded database in a folder. */
  | { readonly folder: string }
  /** An embedded database in memory, perhaps made from a dump of another: tests. */
  | { readonly memory: PGliteOptions };

const migrationsFolder = fileURLToPath(new URL('migrations', import.meta.url));

const common = {
  entities: mappings,
  extensions: [Migrator],
  flushMode: FlushMode.COMMIT,
  discovery: { warnWhenNoEntities: false },
  migrations: {
    path: migrationsFolder,
    pathTs: migrationsFolder,
    glob: '!(*.d).{js,ts}',
    // Drift is checked against a real database, which sees more than a snapshot would.
    snapshot: false,
    dropTables: false,
    silent: true,
  },
  // Functions, and the trigger that keeps the heads of the audit, are written by hand in their migrations.
  schemaGenerator: { ignoreTriggers: true, ignoreRoutines: true },
} as const;

/** The only place that knows the drivers. */
export const openOrm = async (where: Where): Promise<Orm> => {
  if ('url' in where) {
    const orm = (await PostgresOrm.init({
      ...common,
      clientUrl: where.url,
      pool: { min: 1, max: where.connections ?? 8 },
      driverOptions: {
        pipeline: true,
        onPoolCreated: (pool: { Client: unknown }) => (pool.Client = PipelinedClient),
      },
    } as never)) as unknown as Orm;
    releaseDropped(await nativeClient<Pool>(orm));
    return orm;
  }
  return (await PgliteOrm.init({
    ...common,
    dbName: 'folder' in where ? where.folder : 'memory://',
    // The configuration is cloned deeply, which a dump (a Blob) does not survive: hence made by a function.
    ...('memory' in where && {
      driverOptions: {
        pglite: () => PGlite.create({ ...where.memory, parsers: createPostgreSqlTypeParsers(parseArray) }),
      },
    }),
  } as never)) as unknown as Orm;
};

const nativeClient = async <T>(orm: Orm): Promise<T> =>
  (orm.em.getConnection() as unknown as { getNativeClient(): T | Promise<T> }).getNativeClient();

/** The embedded database behind the ORM, for the job queue that shares its one connection. */
export const nativePglite = (orm: Orm): Promise<PGlite> => nativeClient<PGlite>(orm);
