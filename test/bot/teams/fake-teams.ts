/** A Teams connector on loopback with keys of its own, and our adapter behind real HTTP: what the tests talk to. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { pino } from 'pino';
import { createTeams, type Teams, type TeamsOptions } from '../../../src/bot/teams/adapter.ts';

export const clientId = '11111111-1111-4111-8111-111111111111';
export const tenantId = '5a1e0000-0000-4000-8000-000000000001';
export const botId = `28:${clientId}`;
const issuer = 'https://api.botframework.com';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
}

const listen = async (serve: Parameters<typeof createServer>[1]): Promise<{ server: Server; url: string }> => {
  const server = createServer(serve as never);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};
const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
const readAll = async (request: IncomingMessage): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
};

export interface Refusal {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

export const startFakeTeams = async (given: Omit<TeamsOptions, 'log' | 'clientId' | 'clientSecret' | 'tenantId'>) => {
  const calls: Call[] = [];
  const refusals: Refusal[] = [];
  let sent = 0;
  const own = await generateKeyPair('RS256');
  const stranger = await generateKeyPair('RS256');
  const publicKey = { ...(await exportJWK(own.publicKey)), kid: 'k1', use: 'sig', alg: 'RS256' };
  const token = (key: CryptoKey, kid: string, claims: Record<string, unknown>, iss: string, aud: string, exp: string) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid })
      .setIssuer(iss)
      .setAudience(aud)
      .setIssuedAt()
      .setExpirationTime(exp)
      .sign(key);

  const connector = await listen(async (request, response) => {
    const body = await readAll(request);
    const path = request.url ?? '';
    const answer = (status: number, json: unknown, headers: Record<string, string> = {}): void =>
      void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json));
    // Also where Entra's own keys would be: a token that Entra issued would pass for the SDK.
    if (path === '/keys' || path.endsWith('/discovery/v2.0/keys')) return answer(200, { keys: [publicKey] });
    let json: unknown;
    try {
      json = JSON.parse(body.toString('utf8'));
    } catch {
      json = undefined;
    }
    calls.push({
      method: request.method ?? '',
      path,
      authorization: request.headers.authorization,
      headers: request.headers,
      body,
      json,
    });
    const refusal = refusals.shift();
    if (refusal)
      return answer(refusal.status, refusal.body ?? { error: { code: 'Refused', message: 'no' } }, refusal.headers);
    if (path.endsWith('/oauth2/v2.0/token')) {
      const access_token = await token(own.privateKey, 'k1', { appid: clientId }, 'login', 'connector', '1h');
      return answer(200, { token_type: 'Bearer', expires_in: 3600, access_token });
    }
    if (path.startsWith('/upload/')) return answer(201, {});
    if (path === '/v3/conversations')
      return answer(201, { id: `a:private-${(json as { members: { id: string }[] }).members[0]!.id}` });
    if (/^\/v3\/teams\/[^/]+\/conversations$/.test(path)) {
      return answer(200, {
        conversations: [{ id: '19:general@thread.tacv2' }, { id: '19:licences@thread.tacv2', name: 'Licences' }],
      });
    }
    if (/\/pagedMembers/.test(path)) {
      if (path.includes('19:gone')) return answer(404, { error: { code: 'ConversationNotFound' } });
      if (path.includes('19:closed')) return answer(403, { error: { code: 'BotNotInConversationRoster' } });
      return answer(200, { members: [] });
    }
    return answer(request.method === 'POST' ? 201 : 200, { id: `sent-${++sent}` });
  });

  const logged: string[] = [];
  const teams: Teams = await createTeams({
    serviceUrl: connector.url,
    loginUrl: connector.url,
    openIdUrl: `${connector.url}/keys`,
    ...given,
    clientId,
    clientSecret: 'the-secret',
    tenantId,
    log: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }),
  });
  const app = await listen(async (request, response) => {
    await teams.handle(request, response, await readAll(request));
  });

  const run = crypto.randomUUID();
  let ids = 0;
  const activity = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
    type: 'message',
    id: `activity-${run}-${++ids}`,
    text: 'help',
    channelId: 'msteams',
    serviceUrl: connector.url,
    from: { id: '29:yuki', name: 'Yuki' },
    recipient: { id: botId, name: 'Seatwise' },
    conversation: { id: 'a:chat-yuki', conversationType: 'personal', tenantId },
    channelData: { tenant: { id: tenantId } },
    entities: [{ type: 'clientInfo', locale: 'en-US' }],
    ...over,
  });

  return {
    teams,
    url: connector.url,
    calls,
    /** The next calls are refused, in order. */
    refusals,
    logged,
    activity,
    channel: (over: Record<string, unknown> = {}): Record<string, unknown> =>
      activity({
        conversation: {
          id: '19:licences@thread.tacv2;messageid=17',
          conversationType: 'channel',
          tenantId,
          isGroup: true,
        },
        channelData: {
          tenant: { id: tenantId },
          team: { id: '19:team@thread.tacv2' },
          channel: { id: '19:licences@thread.tacv2' },
        },
        ...over,
      }),
    invoke: (name: string, value: unknown, over: Record<string, unknown> = {}): Record<string, unknown> =>
      activity({ type: 'invoke', name, value, text: undefined, replyToId: 'clicked-1', ...over }),
    /** The posts that reached the connector, each with the conversation it went to. */
    posts: () =>
      calls
        .filter(({ method, path }) => method === 'POST' && path.endsWith('/activities'))
        .map(({ path, json }) => ({ ...json, conversation: decodeURIComponent(path.split('/')[3]!) })),
    token: (
      over: { iss?: string; aud?: string; exp?: string; serviceurl?: string; forged?: boolean; tid?: string } = {},
    ) =>
      token(
        over.forged ? stranger.privateKey : own.privateKey,
        'k1',
        { serviceurl: over.serviceurl ?? connector.url, ...(over.tid && { tid: over.tid }) },
        over.iss ?? issuer,
        over.aud ?? clientId,
        over.exp ?? '1h',
      ),
    /** Delivers as Teams does; `bearer: null` leaves the token out. */
    async deliver(body: unknown, { bearer }: { bearer?: string | null } = {}) {
      const authorization = bearer === undefined ? await this.token() : bearer;
      const response = await fetch(`${app.url}/api/messages`, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: {
          'content-type': 'application/json',
          ...(authorization !== null && { authorization: `Bearer ${authorization}` }),
        },
      });
      const text = await response.text();
      // oxlint-disable-next-line typescript/no-explicit-any
      return { status: response.status, text, body: (text ? JSON.parse(text) : null) as any };
    },
    async stop() {
      await teams.stop();
      await close(app.server);
      await close(connector.server);
    },
  };
};
export type FakeTeams = Awaited<ReturnType<typeof startFakeTeams>>;
