/** A small app on the real SDKs, so that the fakes are tested against what Bolt and the Teams SDK accept and send. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PUBLIC } from '@microsoft/teams.api';
import { App as TeamsApp, type HttpRouteHandler, type IHttpServerAdapter } from '@microsoft/teams.apps';
import { ConsoleLogger } from '@microsoft/teams.common';
import { App as SlackApp, HTTPReceiver, LogLevel } from '@slack/bolt';
import { readBody } from '../../playground/http.ts';
import { startPlayground, type PlaygroundOptions } from '../../playground/server.ts';
import { slackBot } from '../../playground/world.ts';

class NodeAdapter implements IHttpServerAdapter {
  readonly routes = new Map<string, HttpRouteHandler>();
  registerRoute(_method: 'POST', path: string, handler: HttpRouteHandler): void {
    this.routes.set(path, handler);
  }
  async stop(): Promise<void> {}
}

const silent = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

/** Starts a playground and an app against it, both on free ports. `status` forces what the app answers. */
export const startStandIn = async (options: Partial<PlaygroundOptions> = {}) => {
  const playground = await startPlayground({ port: 0, dataDir: ':memory:', ...options });
  const env = playground.environment();

  const receiver = new HTTPReceiver({
    signingSecret: env.SLACK_SIGNING_SECRET!,
    endpoints: '/slack/events',
    logger: silent,
  });
  const slack = new SlackApp({
    receiver,
    logger: silent,
    convoStore: false,
    clientOptions: {
      slackApiUrl: env.SLACK_API_URL!,
      timeout: 5000,
      rejectRateLimitedCalls: true,
      retryConfig: { retries: 0 },
    },
    authorize: async () => ({ botToken: env.SLACK_BOT_TOKEN!, botId: slackBot.botId, botUserId: slackBot.userId }),
  });

  const adapter = new NodeAdapter();
  let token: { value: string; until: number } | undefined;
  const teams = new TeamsApp({
    clientId: env.CLIENT_ID!,
    tenantId: env.TENANT_ID!,
    serviceUrl: env.TEAMS_SERVICE_URL!,
    httpServerAdapter: adapter,
    logger: new ConsoleLogger('teams', { level: 'error' }),
    dangerouslyAllowUnauthenticatedRequests: false,
    client: { timeout: 5000 },
    cloud: { ...PUBLIC, openIdMetadataUrl: env.TEAMS_OPENID_URL! },
    token: async () => {
      if (token && token.until > Date.now()) return token.value;
      const response = await fetch(`${env.TEAMS_LOGIN_URL}/${env.TENANT_ID}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: env.CLIENT_ID!,
          client_secret: env.CLIENT_SECRET!,
          scope: 'https://api.botframework.com/.default',
        }),
      });
      const answer = (await response.json()) as { access_token: string; expires_in: number };
      token = { value: answer.access_token, until: Date.now() + answer.expires_in * 1000 };
      return token.value;
    },
  });
  await teams.initialize();

  const received: { path: string; body: string; headers: IncomingMessage['headers'] }[] = [];
  const forced: { status?: number; silent?: boolean } = {};
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const raw = await readBody(request, 1024 * 1024);
    received.push({ path: request.url ?? '', body: raw.toString(), headers: request.headers });
    if (forced.silent) return;
    if (forced.status) return void response.writeHead(forced.status).end();
    if (request.url === '/slack/events') {
      (request as IncomingMessage & { rawBody?: Buffer }).rawBody = raw;
      return void receiver.requestListener(request, response);
    }
    const answer = await adapter.routes.get('/api/messages')!({
      body: JSON.parse(raw.toString()),
      headers: request.headers as Record<string, string | string[]>,
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(answer.body === undefined || answer.body === null ? '' : JSON.stringify(answer.body));
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  playground.setApp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  return {
    playground,
    slack,
    teams,
    received,
    forced,
    async stop(): Promise<void> {
      server.close();
      server.closeAllConnections();
      await playground.stop();
    },
  };
};
export type StandIn = Awaited<ReturnType<typeof startStandIn>>;

/** Calls a Web API method as the SDK does: a form with JSON inside. */
export const callSlack = async (
  playground: StandIn['playground'],
  method: string,
  args: Record<string, unknown>,
  token = playground.environment().SLACK_BOT_TOKEN,
): Promise<{ status: number; headers: Headers; body: Record<string, never> }> => {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(args)) {
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const response = await fetch(`${playground.url}/slack/api/${method}`, {
    method: 'POST',
    body: form.toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
  });
  const text = await response.text();
  let body: Record<string, never> = {};
  try {
    body = JSON.parse(text) as Record<string, never>;
  } catch {
    // Slack in trouble answers no JSON.
  }
  return { status: response.status, headers: response.headers, body };
};
