import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { startService, type Service } from '../src/main.ts';

const folder = mkdtempSync(join(tmpdir(), 'seatwise-main-'));
const logged: string[] = [];
let service: Service;

beforeAll(async () => {
  const config = readConfig({
    DEVELOPMENT_IDENTITY: '1',
    PORT: '0',
    DATA_DIR: folder,
    SLACK_SIGNING_SECRET: 'secret',
    SLACK_BOT_TOKEN: 'xoxb-test',
    SLACK_API_URL: 'http://127.0.0.1:9/',
  });
  service = await startService(config, {
    log: pino({ level: 'error' }, { write: (line: string) => void logged.push(line) }),
  });
});
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true });
});

/** The first line of the answer to bytes that no HTTP client would send. */
const answerTo = async (bytes: string, hangUp = false): Promise<string> => {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (piece: string) => (answer += piece));
  await once(socket, 'connect');
  socket.write(bytes);
  if (hangUp) setTimeout(() => socket.destroy(), 50);
  await once(socket, 'close');
  return answer.split('\r\n')[0]!;
};

test.for(['GET //', 'GET http://[::1', 'POST //'])('%s is malformed, and not our failure', async (line) => {
  expect(await answerTo(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toBe('HTTP/1.1 400 Bad Request');
  expect(logged).toEqual([]);
});

test('who hangs up in the middle of a body is not logged as our failure', async () => {
  await answerTo('POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{', true);
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
  expect(logged).toEqual([]);
});

test('a body that is too large is told so, however it is sent', async () => {
  const head = 'POST /slack/events HTTP/1.1\r\nHost: x\r\n';
  const body = 'x'.repeat(2 * 1024 * 1024);
  const refused = 'HTTP/1.1 413 Payload Too Large';
  expect(await answerTo(`${head}Content-Length: ${body.length}\r\n\r\n${body}`)).toBe(refused);
  expect(await answerTo(`${head}Transfer-Encoding: chunked\r\n\r\n200000\r\n${body}\r\n0\r\n\r\n`)).toBe(refused);
  expect(logged).toEqual([]);
});
