/**
 * What `npm start` runs when no platform credentials are set: the playground, and the product in the same process
 * against it. The product's own port is PORT (3000), the playground's the next one.
 */
import { resolve } from 'node:path';
import { readConfig } from '../src/config.ts';
import { startService, type Service } from '../src/main.ts';
import { buildPageWhenStale } from './page-files.ts';
import { startPlayground, type Playground } from './server.ts';

const stopWithinMs = 2500;

/** A fault that one sentence explains to whoever typed `npm start`. */
class CannotStart extends Error {}

const readPort = (): number => {
  const port = Number(process.env.PORT?.trim() || '3000');
  if (!Number.isInteger(port) || port < 1 || port > 65_534) {
    throw new CannotStart('PORT must be a whole number from 1 to 65534.');
  }
  return port;
};

/** The sentence for an error of the system, undefined when it is none that people can do something about. */
const sentenceFor = (error: unknown): string | undefined => {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code, port } = each as NodeJS.ErrnoException & { port?: number };
    if (code === 'EADDRINUSE') {
      return `Port ${port} is taken: stop what uses it, or start with another one, as in PORT=4000 npm start.`;
    }
    if (code === 'EACCES' || code === 'EROFS' || code === 'ENOSPC')
      return `The data folder cannot be written: ${each.message}.`;
    if (each.name === 'SqliteError' || code === 'ERR_SQLITE_ERROR') {
      return `The playground's chat history cannot be read (${each.message}): start over with npm run cli -- reset.`;
    }
  }
  return undefined;
};

const start = async (): Promise<() => Promise<void>> => {
  const port = readPort();
  const dataDir = resolve(process.env.DATA_DIR?.trim() || './data');
  let playground: Playground | undefined;
  let service: Service | undefined;
  const stop = async (): Promise<void> => {
    await service?.stop();
    await playground?.stop();
  };
  try {
    playground = await startPlayground({ port: port + 1, dataDir });
    const building = buildPageWhenStale().catch((error: unknown) => {
      // The product works without its page, and the server says how to build it.
      console.error('The playground page could not be built:', error);
    });
    const config = readConfig({
      ...playground.environment(),
      PORT: String(port),
      DATA_DIR: dataDir,
      DEVELOPMENT_IDENTITY: '1',
      // A terminal that someone has just typed `npm start` in wants one address, not a log.
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
      DATABASE_URL: process.env.DATABASE_URL,
    });
    playground.setApp(`http://127.0.0.1:${port}`);
    if (playground.isNew) {
      console.log('Setting up the demo world. This first start takes about half a minute, later ones some seconds.');
    }
    [service] = await Promise.all([startService(config, { clock: playground.clock, demo: true }), building]);
    await playground.connect(service);
    console.log(`Seatwise playground: http://localhost:${playground.port}`);
    return stop;
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
};

let stopping: Promise<void> | undefined;
const began = start();
const quit = (): void => {
  stopping ??= (async () => {
    const giveUp = setTimeout(() => process.exit(1), stopWithinMs);
    giveUp.unref();
    const stop = await began.catch(() => undefined);
    await stop?.();
    process.exit(0);
  })().catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, quit);

try {
  await began;
} catch (error) {
  if (!stopping) {
    const sentence = sentenceFor(error) ?? (error instanceof Error ? error.message : String(error));
    console.error(process.env.LOG_LEVEL === 'debug' ? error : sentence);
    process.exit(1);
  }
}
