import { join, resolve } from 'node:path';
import type { Config } from '../config.ts';
import type { Where } from './orm.ts';

/** Where the database of this environment is: a server, or a folder of its own within the data folder. */
export const whereOf = ({ databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>): Where =>
  databaseUrl === null ? { folder: join(resolve(dataDir), 'database') } : { url: databaseUrl };
