/** A Slack on this machine that records what is called and refuses what Slack refuses; and its signed deliveries. */
import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { faultsOfBlocks, faultsOfView } from '../../../playground/slack/block-kit.ts';

export const signingSecret = 'test-signing-secret';

export interface Call {
  readonly method: string;
  readonly args: Record<string, unknown>;
  readonly token: string | undefined;
}

const read = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};
const listening = (handler: (request: IncomingMessage, response: ServerResponse) => Promise<unknown>) => {
  const server = createServer((request, response) => {
    handler(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  return new Promise<{ url: string; close: () => Promise<void> }>((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      }),
    );
  });
};

const jsonOr = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

export const startFakeSlack = async () => {
  const calls: Call[] = [];
  /** Answers in place of success, by method, used once each. */
  const next: Record<string, { status?: number; headers?: Record<string, string>; body: object }[]> = {};
  let responseStatus = 200;

  const faultsOf = (method: string, args: Record<string, unknown>): string[] => {
    if (args.view) return faultsOfView(args.view, method === 'views.publish' ? 'home' : 'modal');
    return args.blocks ? faultsOfBlocks(args.blocks) : [];
  };
  const answers: Record<string, (args: Record<string, unknown>) => object> = {
    'auth.test': () => ({ team_id: 'T0TEST', bot_id: 'B0', user_id: 'UB0T' }),
    'chat.postMessage': ({ channel }) => ({ channel, ts: '100.1' }),
    'views.open': ({ view }) => ({ view: { ...(view as object), id: 'V1', hash: 'h1' } }),
    'views.push': ({ view }) => ({ view: { ...(view as object), id: 'V2', hash: 'h1' } }),
    'conversations.open': ({ users }) => ({ channel: { id: `D${String(users).slice(1)}` } }),
    'conversations.info': ({ channel }) => ({ channel: { id: channel, name: 'licences', is_member: true } }),
    'conversations.list': () => ({
      channels: [
        { id: 'C1', name: 'licences', is_member: true },
        { id: 'C2', name: 'lounge', is_member: false },
      ],
    }),
    'files.getUploadURLExternal': () => ({ upload_url: `${web.url}/upload/F1`, file_id: 'F1' }),
    'files.completeUploadExternal': () => ({ files: [{ id: 'F1' }] }),
  };

  const web = await listening(async (request, response) => {
    const body = (await read(request)).toString();
    const path = request.url ?? '';
    const token = request.headers.authorization?.replace('Bearer ', '');
    const send = (status: number, answer: object, headers = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(answer));
    if (path.startsWith('/upload/')) {
      calls.push({ method: 'upload', args: { bytes: body.length }, token });
      return send(200, {});
    }
    if (path.startsWith('/respond/')) {
      const args = JSON.parse(body) as Record<string, unknown>;
      const faults = faultsOfBlocks(args.blocks);
      calls.push({ method: 'respond', args, token });
      return send(faults.length > 0 ? 400 : responseStatus, { faults });
    }
    const method = path.replace('/api/', '');
    const args = Object.fromEntries([...new URLSearchParams(body)].map(([key, value]) => [key, jsonOr(value)]));
    calls.push({ method, args, token });
    const given = next[method]?.shift();
    if (given) return send(given.status ?? 200, given.body, given.headers);
    const faults = faultsOf(method, args);
    if (faults.length > 0) return send(200, { ok: false, error: 'invalid_arguments', faults });
    return send(200, { ok: true, ...answers[method]?.(args) });
  });

  return {
    calls,
    next,
    url: web.url,
    apiUrl: `${web.url}/api/`,
    responseUrl: `${web.url}/respond/1`,
    close: web.close,
    respondWith: (status: number) => {
      responseStatus = status;
    },
    of: (method: string) => calls.filter((call) => call.method === method),
    /** Waits until so many calls of a method were made. */
    async until(method: string, count = 1): Promise<Call> {
      for (let tries = 0; tries < 400; tries++) {
        const found = calls.filter((call) => call.method === method);
        if (found.length >= count) return found[count - 1]!;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`${method} was not called ${count} times: ${JSON.stringify(calls)}`);
    },
  };
};
export type FakeSlack = Awaited<ReturnType<typeof startFakeSlack>>;

export const serveApp = (handle: (request: IncomingMessage, response: ServerResponse, raw: Buffer) => Promise<void>) =>
  listening(async (request, response) => handle(request, response, await read(request)));

// ---------------------------------------------------------------------------------------------- deliveries

export const signed = (body: string | Buffer, at = Math.floor(Date.now() / 1000), secret = signingSecret) => ({
  'x-slack-request-timestamp': String(at),
  'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${at}:`).update(body).digest('hex')}`,
});
const formType = { 'content-type': 'application/x-www-form-urlencoded' };

export const deliver = async (
  appUrl: string,
  body: string | Buffer,
  headers: Record<string, string> = { ...formType, ...signed(body) },
) => {
  const response = await fetch(`${appUrl}/slack/events`, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers,
  });
  const text = await response.text();
  return { status: response.status, text, json: jsonOr(text) as Record<string, unknown> };
};

export const commandBody = (text: string, responseUrl: string, over: Record<string, string> = {}): string =>
  new URLSearchParams({
    command: '/lmp',
    text,
    team_id: 'T0TEST',
    user_id: 'U0LEO',
    channel_id: 'C1',
    channel_name: 'licences',
    trigger_id: randomUUID(),
    response_url: responseUrl,
    ...over,
  }).toString();

export const payloadBody = (payload: object): string =>
  new URLSearchParams({
    payload: JSON.stringify({
      team: { id: 'T0TEST' },
      user: { id: 'U0LEO' },
      trigger_id: randomUUID(),
      ...payload,
    }),
  }).toString();

export const eventBody = (event: object, over: object = {}): string =>
  JSON.stringify({ type: 'event_callback', team_id: 'T0TEST', event_id: `Ev${randomUUID()}`, event, ...over });
export const jsonHeaders = (body: string) => ({ 'content-type': 'application/json', ...signed(body) });
