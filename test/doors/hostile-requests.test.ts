/** Ten thousand requests that nobody should send: no crash, no stack trace, no change of state. */
import { createHmac, randomBytes } from 'node:crypto';
import { Agent, request as send } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { startService, type Service } from '../../src/main.ts';

const total = 10_000;
const atOnce = 40;
const secret = 'a secret that signs';
const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

const folder = mkdtempSync(join(tmpdir(), 'seatwise-hostile-'));
let service: Service;
beforeAll(async () => {
  service = await startService(
    readConfig({
      DEVELOPMENT_IDENTITY: '1',
      PORT: '0',
      DATA_DIR: folder,
      LOG_LEVEL: 'silent',
      SLACK_SIGNING_SECRET: secret,
      SLACK_BOT_TOKEN: 'xoxb-test',
      SLACK_API_URL: 'http://127.0.0.1:9/',
      CLIENT_ID: 'client',
      CLIENT_SECRET: 'secret',
      TENANT_ID: 'tenant',
      TEAMS_SERVICE_URL: 'http://127.0.0.1:9/',
      TEAMS_LOGIN_URL: 'http://127.0.0.1:9/',
      TEAMS_OPENID_URL: 'http://127.0.0.1:9/v1/.well-known/openidconfiguration',
    }),
  );
}, 60_000);
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** mulberry32: the same seed sends the same requests. */
let state = seed;
const random = (): number => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

const bodies: readonly (() => string | Buffer)[] = [
  () => '',
  () => 'null',
  () => '[]',
  () => '"words"',
  () => '{',
  () => '{"type":"event_callback"}',
  () => '{"type":"event_callback","team_id":7,"event_id":{},"event":null}',
  () => '{"__proto__":{"admin":true},"type":"message"}',
  () => `${'['.repeat(5000)}${']'.repeat(5000)}`,
  () => 'payload=null',
  () => 'payload=%7B%22type%22%3A%22view_submission%22%7D',
  () => `payload=${encodeURIComponent('{"type":"block_actions","actions":[],"team":{"id":"T"},"user":{"id":"U"}}')}`,
  () => 'command=%2Flmp&text=help',
  () => 'command=/lmp&team_id=&user_id=&trigger_id=&response_url=http://127.0.0.1:9/',
  () => `text=${'a'.repeat(20_000)}`,
  () => '%E0%A4%A',
  () => randomBytes(64),
  () => Buffer.from([0xff, 0xfe, 0x00, 0x22]),
  () => '{"type":"message","text":"help","from":{"id":"x"},"conversation":{"id":"y"}}',
  () => '{"type":"invoke","name":"adaptiveCard/action","value":null,"serviceUrl":"http://127.0.0.1:9/"}',
  () => '{"type":"invoke","name":"task/submit","serviceUrl":"file:///etc/passwd","conversation":[]}',
];
const types = ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data', ''];
const paths = [
  '/slack/events',
  '/slack/events',
  '/api/messages',
  '/api/messages',
  '/',
  '/files/x',
  '/%00',
  '/healthz/../x',
];

const signature = (timestamp: string, body: string | Buffer): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;

const headersFor = (body: string | Buffer): Record<string, string> => {
  const now = Math.floor(Date.now() / 1000);
  const type = pick(types);
  const base: Record<string, string> = type === '' ? {} : { 'content-type': type };
  const timestamp = pick([now, now, now - 1000, now + 1000, 0, 'soon', -1]).toString();
  switch (pick(['none', 'wrong', 'right', 'right', 'bearer', 'twice'])) {
    case 'wrong':
      return { ...base, 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${'0'.repeat(64)}` };
    case 'right':
      return { ...base, 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature(timestamp, body) };
    case 'bearer':
      return { ...base, authorization: pick(['Bearer a.b.c', 'Bearer', 'Basic eA==', `Bearer ${'x'.repeat(4000)}`]) };
    case 'twice':
      return { ...base, 'x-slack-signature': 'v0=', 'x-slack-request-timestamp': `${now},${now}` };
    default:
      return base;
  }
};

// A connection each: the server may close one that sent it nonsense.
const agent = new Agent({ keepAlive: false, maxSockets: atOnce });
const port = (): number => Number(new URL(service.url).port);

const ask = (): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const body = pick(bodies)();
    const method = pick(['POST', 'POST', 'POST', 'POST', 'GET', 'PUT', 'DELETE']);
    const sent = send({ agent, port: port(), host: '127.0.0.1', path: pick(paths), method, headers: headersFor(body) });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.end(body);
  });

test(`no request changes or breaks anything (SEED=${seed})`, { timeout: 120_000 }, async () => {
  const statuses = new Map<number, number>();
  const worker = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) {
      const { status, text } = await ask();
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 500) throw new Error(`a request was answered ${status}: ${text}`);
      expect(text).not.toMatch(/\bat .*\.(ts|js):\d+|node_modules|Error:/);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, () => worker(total / atOnce)));
  expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(total);
  // Some were signed and well-formed, and asked nothing of us: those alone may be answered 200.
  expect(statuses.get(401) ?? 0).toBeGreaterThan(1000);
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
  const mails = await service.keptMails();
  expect(mails).toEqual([]);
});
