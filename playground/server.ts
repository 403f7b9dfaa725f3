/**
 * The playground as one HTTP server on the loopback address: the page, its event stream and endpoints, the fake
 * Slack below `/slack` and the fake Teams below `/teams`.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { demoStart } from '../src/demo/people.ts';
import { createTurnableClock, type Clock } from './clock.ts';
import { createEndpoints, type Desk } from './endpoints.ts';
import { readBody, respondJson, respondText, TooLarge } from './http.ts';
import { servePage } from './page-files.ts';
import { NotPossible, type Parts } from './parts.ts';
import type { Faults, Mail, ProductState, Snapshot, TourState, Unread } from './protocol.ts';
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
import { personas, teamsClientId, teamsTenant } from './world.ts';

const maxPageBody = 1024 * 1024;
const maxFakeBody = 64 * 1024 * 1024;
const askProductEveryMs = 2000;
/** So long after the last message the app is asked at every round, then at every so many-th. */
const askForMs = 20_000;
const askSeldom = 10;

const calm: Faults = {
  slack: 'ok',
  teams: 'ok',
  retryAfterSeconds: 3,
  duplicateDeliveries: false,
  slowNetwork: false,
};

/** What the playground asks of the app behind it, beside chat. */
export interface Product {
  /** Look at business time now, and do what is due. */
  tick(): Promise<void>;
  /** Mails kept instead of sent, oldest first; with `after`, those after the mail with that id. */
  keptMails(after?: string): Promise<readonly Mail[]>;
  /** When something is due next. */
  nextDue(): Promise<Temporal.Instant | null>;
}

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
  const served: { route?: (request: IncomingMessage, response: ServerResponse) => Promise<void> } = {};
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!served.route) return respondText(response, 503, 'Starting\n', { 'retry-after': '1' });
    served.route(request, response).catch((error: unknown) => failed(request, response, error));
  });
  // Before anything is written: a second playground on the same port must leave the first one's file alone.
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  const ownUrl = `http://127.0.0.1:${port}`;

  const store = openStore(memory ? ':memory:' : join(options.dataDir, 'playground.sqlite'));
  const clock = createTurnableClock(store, demoStart);
  let appUrl = options.appUrl;
  let product: Product | undefined;
  let productState: ProductState = { state: 'starting', url: appUrl ?? '' };
  const mails: Mail[] = [];
  let nextDue: Temporal.Instant | null = null;
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
    nextDue: nextDue?.toString() ?? null,
    turning,
  });
  const snapshot = (): Snapshot => ({
    personas,
    product: productState,
    slack: workspace.state(),
    teams: tenant.state(),
    mails,
    clock: clockState(),
    faults: faults(),
    traffic: traffic.entries,
    unread: unread(),
    tour: tour(),
  });

  // ------------------------------------------------------------------------------------ the app's other side

  const askProduct = async (): Promise<void> => {
    if (!product) return;
    const fresh = await product.keptMails(mails.at(-1)?.id);
    const known = new Set(mails.map((mail) => mail.id));
    for (const mail of fresh) {
      if (known.has(mail.id)) continue;
      mails.push(mail);
      stream.emit('mail', mail);
      const shown = store.get('mail_shown', mail.id);
      store.put('mail_shown', mail.id, mail.id);
      const reader = personas.find((persona) => persona.email === mail.to);
      if (reader && !shown) countUnread(reader.id, 'mail');
    }
    const due = await product.nextDue();
    if (String(due) !== String(nextDue)) {
      nextDue = due;
      stream.emit('clock', clockState());
    }
  };
  let asking: Promise<void> | undefined;
  let stirredAt = performance.now();
  let quietRounds = 0;
  stream.listen((event) => {
    if (event === 'traffic' || event === 'clock') stirredAt = performance.now();
  });
  const askTimer = setInterval(() => {
    // When nothing goes over the wire hardly anything happens: the app's one database connection is left in peace.
    const isQuiet = performance.now() - stirredAt > askForMs;
    quietRounds = isQuiet ? quietRounds + 1 : 0;
    if (quietRounds % askSeldom !== 0) return;
    // A slow answer must not pile up questions; a failed one is asked again at the next turn.
    asking ??= askProduct()
      .catch((error: unknown) => console.error('playground: the app did not tell its mails or next due time:', error))
      .finally(() => (asking = undefined));
  }, askProductEveryMs);
  askTimer.unref();

  const desk: Desk = {
    slack: slackPeople,
    teams: teamsPeople,
    markRead: (persona, place) => setUnread(persona, place, 0),
    async turnClock(turn) {
      if (turning) throw new NotPossible('The clock is being turned already.');
      const from = clock.now();
      const to = target(turn, from, nextDue);
      if (Temporal.Instant.compare(to, from) < 0) throw new NotPossible('The clock only goes forward.');
      if (to.since(from).total('days') > 800) throw new NotPossible('Turn at most 800 days at a time.');
      turning = true;
      clock.turnTo(to);
      stream.emit('clock', clockState());
      try {
        await product?.tick();
        await askProduct();
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
  const endpoint = createEndpoints(desk);

  // ------------------------------------------------------------------------------------ HTTP

  const hosts = new Set([`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]);
  const origins = new Set([...hosts].map((host) => `http://${host}`));

  const serveFile = (response: ServerResponse, id: string, download: boolean): void => {
    const file = store.get('file', id);
    const bytes = file && store.bytes(id);
    if (!file || !bytes) return respondText(response, 404, 'No such file\n');
    const shown = !download && /^(image\/(png|jpeg)|text\/|application\/pdf)/.test(file.mimetype);
    response.writeHead(200, {
      'content-type': file.mimetype.startsWith('text/') ? `${file.mimetype}; charset=utf-8` : file.mimetype,
      'content-length': bytes.length,
      'content-disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=3600',
    });
    response.end(bytes);
  };

  const slackRoute = async (
    request: IncomingMessage,
    response: ServerResponse,
    path: readonly string[],
    url: URL,
  ): Promise<void> => {
    const [area, id = '', rest = ''] = path;
    if (request.method === 'GET' && area === 'files') return serveFile(response, id, url.searchParams.has('download'));
    if (request.method !== 'POST' && !(request.method === 'GET' && area === 'api')) {
      return respondText(response, 405, 'Method not allowed\n');
    }
    const body = await readBody(request, maxFakeBody);
    if (area === 'api') return webApi.method(request, response, id, body);
    if (area === 'response') return webApi.responseUrl(request, response, id, body);
    if (area === 'upload') return webApi.upload(request, response, id, rest, body);
    respondText(response, 404, 'Not found\n');
  };

  const teamsRoute = async (
    request: IncomingMessage,
    response: ServerResponse,
    path: readonly string[],
    url: URL,
  ): Promise<void> => {
    const [area, id = '', rest = ''] = path;
    const joined = path.join('/');
    if (request.method === 'GET' && joined === 'v1/.well-known/openidconfiguration') {
      return connector.openIdConfiguration(response);
    }
    if (request.method === 'GET' && joined === 'v1/.well-known/keys') return connector.keys(response);
    if (request.method === 'GET' && area === 'files') return serveFile(response, id, url.searchParams.has('download'));
    const body = await readBody(request, maxFakeBody);
    if (area === 'login' && path.slice(2).join('/') === 'oauth2/v2.0/token' && request.method === 'POST') {
      return connector.token(response, id, body);
    }
    if (area === 'v3') return connector.call(request, response, path.slice(1), url.searchParams, body);
    if (area === 'upload' && request.method === 'PUT') return connector.upload(request, response, id, rest, body);
    respondText(response, 404, 'Not found\n');
  };

  served.route = async (request, response) => {
    // A name that resolves to 127.0.0.1 is not enough: only our own names are served (DNS rebinding).
    if (!hosts.has(request.headers.host ?? '')) return respondText(response, 403, 'Unknown host\n');
    const url = new URL(request.url ?? '/', ownUrl);
    const [area, ...path] = url.pathname.slice(1).split('/').map(decodeURIComponent);
    const { origin } = request.headers;
    if (area === 'slack' || area === 'teams') {
      // Only servers call the fakes. A page that was lured into it says where it comes from; reading files is fine.
      if (origin !== undefined && request.method !== 'GET') return respondText(response, 403, 'Not for browsers\n');
      return area === 'slack' ? slackRoute(request, response, path, url) : teamsRoute(request, response, path, url);
    }
    if (area === 'api') {
      if (request.method !== 'POST') return respondText(response, 405, 'Method not allowed\n');
      if (origin !== undefined && !origins.has(origin)) return respondText(response, 403, 'Foreign origin\n');
      if (!request.headers['content-type']?.startsWith('application/json')) {
        return respondText(response, 415, 'Send application/json\n');
      }
      const body = (await readBody(request, maxPageBody)).toString('utf8');
      let given: unknown;
      try {
        given = JSON.parse(body);
      } catch {
        return respondJson(response, 400, { ok: false, error: 'The body is not JSON.' });
      }
      const answer = endpoint(url.pathname, given);
      return answer ? respondJson(response, 200, await answer) : respondText(response, 404, 'No such endpoint\n');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return respondText(response, 405, 'Method not allowed\n');
    if (url.pathname === '/events') return stream.serve(request, response);
    if (url.pathname === '/healthz') return respondText(response, 200, 'ok\n');
    return servePage(response, url.pathname, appUrl);
  };

  return {
    /** For people and programs on this machine, without a slash at the end. */
    url: ownUrl,
    port,
    clock: clock as Clock,
    store,
    stream,
    traffic,
    snapshot,
    desk,
    faults,
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
      product = app;
      productState = { state: 'up', url: parts.appUrl() };
      stream.emit('product', productState);
      await askProduct();
      if (store.get('installed', '')) return;
      await teamsPeople.installEverywhere();
      store.put('installed', '', true);
    },
    /** The app failed; `message` is one sentence for the page. */
    disconnect(message: string): void {
      product = undefined;
      productState = { state: 'down', url: appUrl ?? '', message };
      stream.emit('product', productState);
    },

    async stop(): Promise<void> {
      clearInterval(askTimer);
      slackDelivery.stop();
      stream.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // Whatever the app still has under way gets a moment, then the line is cut.
      const cut = setTimeout(() => server.closeAllConnections(), 500);
      await closed;
      clearTimeout(cut);
      await asking;
      clock.stop();
      store.close();
    },
  };
};

const failed = (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
  if (error instanceof URIError) return respondText(response, 400, 'Malformed path\n');
  if (error instanceof TooLarge) return respondText(response, 413, 'Too large\n', { connection: 'close' });
  // The other side hung up while it was sending: nobody is left to answer.
  if (request.destroyed && !request.complete) return;
  console.error('playground:', error);
  if (response.headersSent) response.end();
  else respondJson(response, 500, { ok: false, error: 'Something broke in the playground.' });
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
