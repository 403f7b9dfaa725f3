import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { StoredFile } from '../src/core/messages/stored-file.ts';
import { createFiles, type Files } from '../src/files.ts';
import { createWorld, partnerIds, type World } from './support/world.ts';

let world: World;
let server: Server;
let files: Files;
let origin: string;
let realTime = Temporal.Instant.from('2026-11-24T12:00:00Z');
const logged: object[] = [];
const bytes = new Uint8Array([80, 75, 3, 4, 0, 255]);
const fileId = randomUUID();

const filesWith = (secretKey: string, previousKeys: readonly string[] = []): Files =>
  createFiles({
    execute: world.execute,
    publicUrl: origin,
    secretKey,
    previousKeys,
    realTime: () => realTime,
    log: { info: (fields) => void logged.push(fields), error: (fields) => void logged.push(fields) },
  });

beforeAll(async () => {
  world = await createWorld();
  await world.given(
    new StoredFile({
      id: fileId,
      partnerId: partnerIds.brightside,
      name: 'summary "Söhne".xlsx',
      contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      bytes,
      createdAt: world.clock.now(),
      expiresAt: realTime.add({ hours: 168 }),
    }),
  );
  server = createServer((request, response) => void files.handler(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await world.close();
});
beforeEach(() => {
  realTime = Temporal.Instant.from('2026-11-24T12:00:00Z');
  files = filesWith('key');
  logged.length = 0;
});

describe('a link to a file', () => {
  test('is good for whoever holds it, and each download is logged', async () => {
    for (const link of [files.linkFor(fileId, 'summary "Söhne".xlsx'), files.urlOf(fileId)]) {
      const response = await fetch(link);
      expect(response.status).toBe(200);
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
      expect(response.headers.get('content-disposition')).toBe(
        `attachment; filename="summary _S_hne_.xlsx"; filename*=UTF-8''summary%20%22S%C3%B6hne%22.xlsx`,
      );
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect(logged).toEqual([
      { file: fileId, partner: partnerIds.brightside, method: 'GET' },
      { file: fileId, partner: partnerIds.brightside, method: 'GET' },
    ]);
    const head = await fetch(files.urlOf(fileId), { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '6']);
  });

  test('expires after seven days of real time', async () => {
    const link = files.urlOf(fileId);
    realTime = realTime.add({ hours: 7 * 24 });
    expect((await fetch(link)).status).toBe(200);
    realTime = realTime.add({ seconds: 1 });
    expect((await fetch(link)).status).toBe(404);
  });

  test('survives a change of keys while the old one is known', async () => {
    const link = files.urlOf(fileId);
    files = filesWith('new key', ['key']);
    expect((await fetch(link)).status).toBe(200);
    files = filesWith('new key');
    expect((await fetch(link)).status).toBe(404);
  });

  test.for([
    ['no signature', (link: string) => link.replace(/&sig=.*/, '')],
    ['another signature', (link: string) => link.replace(/&sig=./, '&sig=_')],
    ['a later expiry', (link: string) => link.replace(/exp=\d+/, 'exp=9999999999')],
    ['an expiry that is no number', (link: string) => link.replace(/exp=\d+/, 'exp=soon')],
    ['another file', (link: string) => link.replace(fileId, randomUUID())],
    ['a path that climbs', (link: string) => link.replace(fileId, '..%2f..%2fetc%2fpasswd')],
    ['a broken path', (link: string) => link.replace(fileId, '%zz')],
  ] as const)('with %s is answered like a file that is not there', async ([, change]) => {
    const response = await fetch(change(files.urlOf(fileId)));
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('There is no such file, or the link to it has expired.\n');
    expect(logged).toEqual([]);
  });

  test('to a file that is gone is answered in the same words', async () => {
    expect((await fetch(files.urlOf(randomUUID()))).status).toBe(404);
  });

  test('only reads', async () => {
    expect((await fetch(files.urlOf(fileId), { method: 'POST' })).status).toBe(405);
  });
});
