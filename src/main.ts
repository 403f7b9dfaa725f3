/** The composition root: wires everything together, and is the only file that may import everything. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createDesk, type People } from './bot/create-desk.ts';
import { faultsOnCard, importMessage } from './bot/features/customer-import.ts';
import { drawDigest } from './bot/features/digests.ts';
import { features } from './bot/features/index.ts';
import { acceptanceMessage, failuresOnCard } from './bot/features/suite-card.ts';
import { noticesOf } from './bot/offers.ts';
import { createSlackAdapter } from './bot/slack/adapter.ts';
import { createSlackSender, singleInstall } from './bot/slack/sender.ts';
import { createTeams } from './bot/teams/adapter.ts';
import { deskOver } from './cli/open.ts';
import { runCli } from './cli/run-cli.ts';
import { serveCli, socketPath } from './cli/socket.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import type { Clock } from './core/clock.ts';
import { readFile } from './core/messages/read-file.ts';
import { listMails } from './core/messages/send-mail.ts';
import { meetPerson } from './core/people/meet-person.ts';
import { actorByAccount } from './core/people/resolve-actor.ts';
import { nextDue } from './core/reports/month-end.ts';
import { createExecute, type Execute } from './core/use-case.ts';
import { seedDemo } from './demo/seed.ts';
import { businessTime, worldClock } from './demo/world-clock.ts';
import { createFiles } from './files.ts';
import { createLetterbox } from './jobs/mail/post-office.ts';
import { createTick, everyMinute, releaseLeases } from './jobs/minute.ts';
import { queues } from './jobs/queues.ts';
import { systemDoor } from './jobs/door.ts';
import { startWorkers } from './jobs/worker.ts';
import { createLog, withLog, type Logger } from './log.ts';
import { createBoss, enqueueWith, startBoss } from './storage/boss.ts';
import { openDatabase, type Database } from './storage/database.ts';
import { FolderInUse } from './storage/folder-lock.ts';
import { whereOf } from './storage/where.ts';
import { createTrialLinks } from './trial-page/trial-links.ts';
import { createTrialPage } from './trial-page/trial-page.ts';

export interface KeptMail {
  readonly id: string;
  /** Business time, an instant. */
  readonly at: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

/** The running product. */
export interface Service {
  /** Where it listens on this machine, without a slash at the end. */
  readonly url: string;
  /** Looks at business time now and starts what is due. */
  tick(): Promise<void>;
  /** Mails kept instead of sent, oldest first; with `after`, those after the mail with that id. */
  keptMails(after?: string): Promise<readonly KeptMail[]>;
  /** When the desk does something by itself next. */
  nextDue(): Promise<Temporal.Instant | null>;
  /** Takes nothing new, finishes what was acknowledged, and lets go of the database. */
  stop(): Promise<void>;
}

export interface Overrides {
  /** Business time; the machine's when left out. */
  readonly clock?: Clock;
  readonly log?: Logger;
  /** Fills an empty database with the demo world. */
  readonly demo?: boolean;
}

const bodyLimit = 1024 * 1024;
const realTime = (): Temporal.Instant => Temporal.Now.instant();

class BodyTooLarge extends Error {}

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > bodyLimit) throw new BodyTooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
};

const isEmpty = async (database: Database): Promise<boolean> => {
  const [row] = await database.orm.em
    .fork({ session: { role: 'seatwise_system' } })
    .transactional((em) =>
      (em as typeof database.orm.em).execute<{ n: number }[]>('select count(*)::int as n from partner'),
    );
  return row?.n === 0;
};

const peopleBehind = (execute: Execute): People => {
  const door = systemDoor(execute, 'people', 'people');
  return {
    find: async (platform, workspace, userId) => (await door(actorByAccount, { platform, workspace, userId })).actor,
    met: async (platform, workspace, userId, address) => {
      await door(meetPerson, { platform, workspace, userId, address });
    },
  };
};

/** Starts everything that the configuration asks for, and listens. @throws FolderInUse, or the system's EADDRINUSE. */
export const startService = async (config: Config, overrides: Overrides = {}): Promise<Service> => {
  const log = overrides.log ?? createLog(config.logLevel);

  // The port first: whoever else serves there must not find his data migrated under his feet.
  let answer: ((request: IncomingMessage, response: ServerResponse) => void) | null = null;
  const server = createServer((request, response) => {
    if (answer) answer(request, response);
    else response.writeHead(503, { 'retry-after': '5', connection: 'close' }).end();
  });
  server.listen(config.port, config.developmentIdentity ? '127.0.0.1' : undefined);
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]) => Promise.reject(error as Error)),
  ]);
  const { port } = server.address() as AddressInfo;
  const stops: (() => Promise<unknown> | void)[] = [
    async () => {
      server.closeIdleConnections();
      await new Promise((done) => server.close(done));
    },
  ];
  const stopAll = async (): Promise<void> => {
    // What was opened last leans on what was opened before.
    for (const stop of stops.toReversed()) await stop();
  };

  try {
    const database = await openDatabase(whereOf(config));
    stops.push(() => database.close());
    // A world made for play keeps its own time, whoever serves it.
    const ownClock = overrides.clock ?? (await worldClock(database));
    const clock: Clock = ownClock ?? { now: realTime };
    const boss = await createBoss(database.orm, database.url, (error) =>
      log.error({ err: error }, 'the job queue failed'),
    );
    await startBoss(boss, queues);
    stops.push(() => boss.stop({ graceful: true, timeout: 2000 }));
    const enqueue = enqueueWith(boss);
    if (overrides.demo && (await isEmpty(database))) await seedDemo(database, enqueue);

    const publicUrl = config.port === 0 ? `http://localhost:${port}` : config.publicUrl;
    const links = createTrialLinks({ publicUrl, secretKey: config.secretKey, previousKeys: config.previousKeys });
    const execute = withLog(createExecute(database.host(clock, enqueue), links), log);
    if (!database.url) await releaseLeases(execute, realTime);
    const files = createFiles({
      execute,
      publicUrl,
      secretKey: config.secretKey,
      previousKeys: config.previousKeys,
      realTime,
      log,
    });
    const trialPage = createTrialPage({ execute, links, publicUrl, realTime, log });
    const desk = createDesk({ features, execute, people: peopleBehind(execute), now: () => clock.now(), log });

    const slackSender = config.slack && createSlackSenderFor(config.slack, files, log);
    const slack =
      config.slack && slackSender
        ? createSlackAdapter({
            signingSecret: config.slack.signingSecret,
            desk,
            ...slackSender,
            links: files,
            takeDelivery: (key) => database.takeDelivery(key),
            log,
            apiUrl: config.slack.apiUrl,
          })
        : null;
    const teams = config.teams
      ? await createTeams({
          desk,
          log,
          links: files,
          clientId: config.teams.clientId,
          clientSecret: config.teams.clientSecret,
          tenantId: config.teams.tenantId,
          ...(config.teams.serviceUrl && { serviceUrl: config.teams.serviceUrl }),
          ...(config.teams.loginUrl && { loginUrl: config.teams.loginUrl }),
          ...(config.teams.openIdUrl && { openIdUrl: config.teams.openIdUrl }),
          seen: async (key) => !(await database.takeDelivery(key)),
          fileBytes: fileFor(execute),
        })
      : null;

    const tick = createTick({ execute, realTime });
    const workers = await startWorkers(boss, {
      execute,
      notices: noticesOf(features),
      senders: { ...(slackSender && { slack: slackSender.sender }), ...(teams && { teams: teams.sender }) },
      links: files,
      letterbox: createLetterbox(config.smtpUrl, config.mailFrom),
      drawDigest,
      importCard: { draw: importMessage, faults: faultsOnCard },
      acceptanceCard: { draw: acceptanceMessage, failures: failuresOnCard },
      now: () => clock.now(),
      realTime,
      log,
    });
    stops.push(() => workers.stop());
    // A world with a clock of its own goes on where it was left, also for a command line that opens it in between.
    const leaveTime = async (): Promise<void> => {
      if (ownClock) await database.setSetting(businessTime, clock.now().toString());
    };
    stops.push(leaveTime);
    const minute = everyMinute(async () => {
      await tick();
      await leaveTime();
      await database.forgetDeliveries(realTime().subtract({ hours: 24 }));
      await database.learnSizes();
    }, log);
    stops.push(() => minute.stop());

    if (!database.url) {
      const cli = await serveCli({
        path: socketPath(config.dataDir),
        run: (argv, terminal) =>
          runCli(argv, {
            terminal,
            open: async () => deskOver(database, clock, enqueue, links),
            startOver: null,
            defect: (error, reference) => log.error({ err: error, ref: reference }, 'command line failed'),
          }),
      });
      stops.push(() => cli.close());
    }
    stops.push(async () => {
      await slack?.stop();
      await teams?.stop();
    });

    const serve = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
      const address = request.url ?? '/';
      if (!URL.canParse(address, 'http://seatwise')) return response.writeHead(400).end();
      const { pathname } = new URL(address, 'http://seatwise');
      if (pathname === '/healthz') return response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
      if (pathname.startsWith('/files/')) return files.handler(request, response);
      if (pathname.startsWith('/trial/')) return trialPage.handler(request, response);
      const door =
        pathname === '/slack/events' ? slack?.handle : pathname === '/api/messages' ? teams?.handle : undefined;
      if (!door) return response.writeHead(404).end();
      if (request.method !== 'POST') return response.writeHead(405, { allow: 'POST' }).end();
      return door(request, response, await readBody(request));
    };
    answer = (request, response) => {
      serve(request, response).catch((error: unknown) => {
        const tooLarge = error instanceof BodyTooLarge;
        // The other side hung up while it was sending: nobody is left to answer.
        if (!tooLarge && request.destroyed && !request.complete) return;
        if (!tooLarge) log.error({ err: error }, 'request failed');
        if (!response.headersSent) response.writeHead(tooLarge ? 413 : 500, { connection: 'close' });
        response.end();
      });
    };

    await tick();
    await leaveTime();
    const door = systemDoor(execute, 'service', 'service');
    return {
      url: `http://127.0.0.1:${port}`,
      tick,
      async keptMails(after) {
        const { items } = await door(listMails, { limit: 500 });
        const oldestFirst = items.toReversed().map(({ mailId, at, to, subject, html, text }) => ({
          id: mailId,
          at,
          to,
          subject,
          html,
          text,
        }));
        return oldestFirst.slice(oldestFirst.findIndex(({ id }) => id === after) + 1);
      },
      async nextDue() {
        const { at } = await door(nextDue, {});
        return at === null ? null : Temporal.Instant.from(at);
      },
      stop: stopAll,
    };
  } catch (error) {
    await stopAll().catch(() => {});
    throw error;
  }
};

const createSlackSenderFor = (
  { botToken, apiUrl }: NonNullable<Config['slack']>,
  links: ReturnType<typeof createFiles>,
  log: Logger,
) => {
  const installs = singleInstall(botToken, apiUrl, log);
  return { installs, sender: createSlackSender({ installs, links, apiUrl, log }) };
};

/** A stored file for the person behind a Teams account: his own partner's, or none. */
const fileFor =
  (execute: Execute): Parameters<typeof createTeams>[0]['fileBytes'] =>
  async (fileId, { workspace, userId }) => {
    const door = systemDoor(execute, 'files', `consent:${fileId}`);
    const { actor } = await door(actorByAccount, { platform: 'teams', workspace, userId });
    if (!actor) return null;
    const { name, contentType, bytes, partnerId } = await door(readFile, { fileId });
    return partnerId === actor.partnerId ? { name, contentType, bytes } : null;
  };

const sentenceFor = (error: unknown): string | null => {
  if (error instanceof ConfigError || error instanceof FolderInUse) return error.message;
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} is taken: stop what uses it, or set PORT to another one.`;
  if (code === 'ECONNREFUSED') return 'The database does not answer at DATABASE_URL.';
  return null;
};

if (import.meta.url === pathToFileURL(resolve(process.argv[1] ?? '')).href) {
  try {
    const service = await startService(readConfig(process.env));
    console.log(`Seatwise listens at ${service.url}`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        setTimeout(() => process.exit(1), 10_000).unref();
        service.stop().then(
          () => process.exit(0),
          () => process.exit(1),
        );
      });
  } catch (error) {
    console.error(sentenceFor(error) ?? error);
    process.exit(1);
  }
}
