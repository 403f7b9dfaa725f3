/**
 * The playground as one HTTP server on the loopback address: the page, its event stream and endpoints, the fake
 * Slack below `/slack` and the fake Teams below `/teams`.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { demoStart } from '../src/demo/people.ts';
import { createAppLink, type Product } from './app-link.ts';
import { createTurnableClock, type Clock } from './clock.ts';
import { createEndpoints, type Desk } from './endpoints.ts';
import { respondText } from './http.ts';
import { NotPossible, type Parts } from './parts.ts';
import type { Faults, ProductState, Snapshot, TourState, Unread } from './protocol.ts';
import { answerFailure, createRoutes, type Route } from './routes.ts';
import { createSlackDelivery } from './slack/delivery.ts';
import { createSlackPeople } from './slack/people.ts';
import { createWebApi } from './slack/web-api.ts';
import { createWorkspace } from './slack/workspace.ts';
import { openStore } from './store.ts';
import { createStream } from './stream.ts';
import { createConnector } from './teams/connector.ts';
import { createTeamsDelivery } from './teams/delivery.ts';
import { openKeys } from './teams/keys.ts';
import { createTeamsPeople } from './teams/people.ts';
import { createTenant } from './teams/tenant.ts';
import { createTraffic } from './traffic.ts';
import { keepUpload } from './uploads.ts';
import { personas, teamsClientId, teamsTenant } from './world.ts';

const calm: Faults = {
  slack: 'ok',
  teams: 'ok',
  retryAfterSeconds: 3,
  duplicateDeliveries: false,
  slowNetwork: false,
};

export interface PlaygroundOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Where `playground.sqlite` lies; `:memory:` keeps nothing. */
  readonly dataDir: string;
  /** Where the app listens; may be told later by `setApp`. */
  readonly appUrl?: string;
  /** Real time in milliseconds, for tests of expiries. */
  readonly realNow?: () => number;
  /** Waits before Slack delivers an event again. */
  readonly retryEventsAfterMs?: readonly number[];
}

export type Playground = Awaited<ReturnType<typeof startPlayground>>;

/** Starts it on 127.0.0.1. Rejects with the system's `EADDRINUSE` when the port is taken. */
export const startPlayground = async (options: PlaygroundOptions) => {
  const memory = options.dataDir === ':memory:';
  const server = createServer();
  // Set when everything behind it is ready; the port is taken first.
  const served: { route?: Route } = {};
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!served.route) return respondText(response, 503, 'Starting\n', { 'retry-after': '1' });
    served.route(request, response).catch((error: unknown) => answerFailure(request, response, error));
  });
  // Before anything is written: a second playground on the same port must leave the first one's file alone.
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  const ownUrl = `http://127.0.0.1:${port}`;

  const store = openStore(memory ? ':memory:' : join(options.dataDir, 'playground.sqlite'));
  const clock = createTurnableClock(store, demoStart);
  let appUrl = options.appUrl;
  let productState: ProductState = { state: 'starting', url: appUrl ?? '' };
  let turning = false;

  const faults = (): Faults => store.get('faults', '') ?? calm;
  const tour = (): TourState => store.get('tour', '') ?? { done: [], dismissed: false };
  const setUnread = (persona: string, place: string, count: number): void => {
    if (count > 0) store.put('unread', `${persona}/${place}`, count);
    else store.delete('unread', `${persona}/${place}`);
    stream.emit('unread', { persona, place, count });
  };
  const countUnread = (persona: string, place: string): void =>
    setUnread(persona, place, (store.get('unread', `${persona}/${place}`) ?? 0) + 1);
  const unread = (): Unread => {
    const counts: Record<string, Record<string, number>> = {};
    for (const [key, count] of store.entries('unread')) {
      const cut = key.indexOf('/');
      (counts[key.slice(0, cut)] ??= {})[key.slice(cut + 1)] = count;
    }
    return counts;
  };

  const stream = createStream(() => snapshot());
  const traffic = createTraffic(() => stream);
  const parts: Parts = {
    store,
    stream,
    traffic,
    now: () => clock.now(),
    realNow: options.realNow ?? Date.now,
    appUrl: () => {
      if (!appUrl) throw new NotPossible('The app is not running yet.');
      return appUrl;
    },
    ownUrl: () => ownUrl,
    faults,
    countUnread,
  };

  const link = createAppLink(stream, {
    onMail(mail) {
      stream.emit('mail', mail);
      const isNew = !store.get('mail_shown', mail.id);
      store.put('mail_shown', mail.id, mail.id);
      const reader = personas.find((persona) => persona.email === mail.to.toLowerCase());
      if (reader && isNew) countUnread(reader.id, 'mail');
    },
    onNextDue: () => stream.emit('clock', clockState()),
  });

  const workspace = createWorkspace(parts);
  const slackDelivery = createSlackDelivery(parts, options.retryEventsAfterMs);
  const slackPeople = createSlackPeople(parts, workspace, slackDelivery);
  const webApi = createWebApi(parts, workspace);

  const tenant = createTenant(parts);
  const keys = await openKeys(store);
  const teamsDelivery = createTeamsDelivery(parts, keys);
  const teamsPeople = createTeamsPeople(parts, tenant, teamsDelivery);
  const connector = createConnector(parts, tenant, keys);

  const clockState = (): Snapshot['clock'] => ({
    now: clock.now().toString(),
    readAt: new Date().toISOString(),
    nextDue: link.nextDue?.toString() ?? null,
    turning,
  });
  const snapshot = (): Snapshot => ({
    personas,
    product: productState,
    slack: workspace.state(),
    teams: tenant.state(),
    mails: link.mails,
    clock: clockState(),
    faults: faults(),
    traffic: traffic.entries,
    unread: unread(),
    tour: tour(),
  });

  const desk: Desk = {
    slack: slackPeople,
    teams: teamsPeople,
    markRead: (persona, place) => setUnread(persona, place, 0),
    async turnClock(turn) {
      if (turning) throw new NotPossible('The clock is being turned already.');
      const from = clock.now();
      const to = target(turn, from, link.nextDue);
      if (Temporal.Instant.compare(to, from) < 0) throw new NotPossible('The clock only goes forward.');
      if (to.since(from).total('days') > 800) throw new NotPossible('Turn at most 800 days at a time.');
      turning = true;
      // Real time has passed since: a turn to this very moment is no turn.
      if (Temporal.Instant.compare(to, clock.now()) > 0) clock.turnTo(to);
      stream.emit('clock', clockState());
      try {
        await link.tick();
      } finally {
        turning = false;
        stream.emit('clock', clockState());
      }
      return clock.now().toString();
    },
    setFaults(change) {
      store.put('faults', '', { ...faults(), ...change });
      stream.emit('faults', faults());
    },
    setTour(next) {
      store.put('tour', '', next);
      stream.emit('tour', next);
    },
    clearTraffic: () => traffic.clear(),
  };

  served.route = createRoutes({
    port,
    store,
    webApi,
    connector,
    endpoint: createEndpoints(desk),
    upload(persona, name, bytes) {
      try {
        return { ok: true, file: keepUpload(parts, persona, name, bytes) };
      } catch (error) {
        if (error instanceof NotPossible) return { ok: false, error: error.message };
        throw error;
      }
    },
    events: (request, response) => stream.serve(request, response),
    appUrl: () => appUrl,
  });

  return {
    /** For people and programs on this machine, without a slash at the end. */
    url: ownUrl,
    port,
    /** True until an app was connected for the first time. */
    get isNew(): boolean {
      return !store.get('installed', '');
    },
    clock: clock as Clock,
    store,
    stream,
    traffic,
    snapshot,
    desk,
    faults,
    /** Keeps a file that a person puts into a form or sends along. */
    upload: (persona: string, name: string, bytes: Uint8Array) => keepUpload(parts, persona, name, bytes),
    slack: { workspace, people: slackPeople, delivery: slackDelivery },
    teams: { tenant, people: teamsPeople, delivery: teamsDelivery, keys },

    /** The part of the app's environment that points it at this playground. */
    environment: (): Record<string, string> => ({
      SLACK_SIGNING_SECRET: store.secrets.slackSigningSecret,
      SLACK_BOT_TOKEN: store.secrets.slackBotToken,
      SLACK_API_URL: `${ownUrl}/slack/api/`,
      CLIENT_ID: teamsClientId,
      CLIENT_SECRET: store.secrets.teamsClientSecret,
      TENANT_ID: teamsTenant.id,
      TEAMS_SERVICE_URL: `${ownUrl}/teams`,
      TEAMS_LOGIN_URL: `${ownUrl}/teams/login`,
      TEAMS_OPENID_URL: `${ownUrl}/teams/v1/.well-known/openidconfiguration`,
    }),

    /** Tells where the app listens. */
    setApp(url: string): void {
      appUrl = url.replace(/\/$/, '');
    },
    /** The app is up: takes over its mails and due times, and installs the bot in Teams the first time. */
    async connect(app: Product): Promise<void> {
      link.connect(app);
      productState = { state: 'up', url: parts.appUrl() };
      stream.emit('product', productState);
      await link.ask();
      if (store.get('installed', '')) return;
      await teamsPeople.installEverywhere();
      store.put('installed', '', true);
    },
    /** The app failed; `message` is one sentence for the page. */
    disconnect(message: string): void {
      link.disconnect();
      productState = { state: 'down', url: appUrl ?? '', message };
      stream.emit('product', productState);
    },

    async stop(): Promise<void> {
      slackDelivery.stop();
      stream.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // Whatever the app still has under way gets a moment, then the line is cut.
      const cut = setTimeout(() => server.closeAllConnections(), 500);
      await closed;
      clearTimeout(cut);
      await link.stop();
      clock.stop();
      store.close();
    },
  };
};

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });

const target = (
  turn: Parameters<Desk['turnClock']>[0],
  from: Temporal.Instant,
  nextDue: Temporal.Instant | null,
): Temporal.Instant => {
  if (turn.by === 'minutes') return from.add({ seconds: Math.round(turn.minutes * 60) });
  if (turn.by === 'instant') {
    try {
      return Temporal.Instant.from(turn.instant);
    } catch {
      throw new NotPossible('That is not a point in time.');
    }
  }
  if (!nextDue) throw new NotPossible('Nothing is due.');
  return Temporal.Instant.compare(nextDue, from) > 0 ? nextDue : from;
};
