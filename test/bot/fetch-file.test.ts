/** Files that people give us, fetched from where the platforms keep them: and from nowhere else. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { webApi } from '@slack/bolt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fetchBytes } from '../../src/bot/fetch-file.ts';
import { fetchSlackFile } from '../../src/bot/slack/files-in.ts';
import { parseActivity, sentFiles, type MessageActivity } from '../../src/bot/teams/activity.ts';
import { createGuard } from '../../src/bot/teams/guard.ts';

let server: Server;
let base: string;
let asked: { readonly path: string; readonly authorization: string | undefined }[] = [];
const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {};

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
    const route = routes[new URL(request.url ?? '/', base).pathname];
    if (route) route(request, response);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  asked = [];
});

describe('bytes', () => {
  test('come as they are, and not one more than allowed', async () => {
    routes['/ok'] = (_request, response) => response.end(Buffer.from([1, 2, 3]));
    expect(await fetchBytes(`${base}/ok`, 3)).toEqual(new Uint8Array([1, 2, 3]));
    await expect(fetchBytes(`${base}/ok`, 2)).rejects.toMatchObject({ code: 'file.too_large' });
  });

  test('without end are given up, whatever their sender says of their length', async () => {
    routes['/endless'] = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/csv' });
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    await expect(fetchBytes(`${base}/endless`, 1024 * 1024)).rejects.toMatchObject({ code: 'file.too_large' });
  });

  test.for([
    [
      'a redirect',
      (response: ServerResponse) => response.writeHead(302, { location: '/ok' }).end(),
      'file.not_fetched',
    ],
    [
      'a page to sign in at',
      (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/html' }).end('x'),
      'file.not_fetched',
    ],
    ['a failure', (response: ServerResponse) => response.writeHead(500).end(), 'file.not_fetched'],
    ['what is gone', (response: ServerResponse) => response.writeHead(410).end(), 'file.gone'],
    [
      'a line that is cut',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half');
        response.destroy();
      },
      'file.not_fetched',
    ],
  ] as const)('%s is no file', async ([, answer, code]) => {
    routes['/bad'] = (_request, response) => answer(response);
    await expect(fetchBytes(`${base}/bad`, 1000)).rejects.toMatchObject({ code });
  });
});

describe('Slack', () => {
  let file: Record<string, unknown>;
  const fetched = (userId = 'U0LEO', maximum = 1000) =>
    fetchSlackFile(
      {
        client: new webApi.WebClient('xoxb-test', { slackApiUrl: `${base}/api/`, retryConfig: { retries: 0 } }),
        token: 'xoxb-test',
        apiUrl: `${base}/api/`,
      },
      'F0FILE',
      userId,
      maximum,
    );
  beforeEach(() => {
    file = { id: 'F0FILE', name: 'new.csv', size: 3, user: 'U0LEO', url_private_download: `${base}/download` };
    routes['/api/files.info'] = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, file }));
    };
    routes['/download'] = (_request, response) => response.end('abc');
  });

  test('gives the file with our token', async () => {
    expect(await fetched()).toEqual({ name: 'new.csv', bytes: new Uint8Array(Buffer.from('abc')) });
    expect(asked.at(-1)).toEqual({ path: '/download', authorization: 'Bearer xoxb-test' });
  });

  test('does not give one person’s file to another', async () => {
    await expect(fetched('U0EVE')).rejects.toMatchObject({ code: 'file.gone' });
    expect(asked.map(({ path }) => path)).toEqual(['/api/files.info']);
  });

  test('our token goes to no other host', async () => {
    for (const address of [
      'http://127.0.0.1:9/download',
      'https://files.slack.com.evil.example/x',
      'file:///etc/passwd',
      '',
    ]) {
      file.url_private_download = address;
      await expect(fetched()).rejects.toMatchObject({ code: 'file.not_fetched' });
    }
    expect(asked.every(({ path }) => path === '/api/files.info')).toBe(true);
  });

  test('what is too large is not even asked for', async () => {
    file.size = 1001;
    await expect(fetched()).rejects.toMatchObject({ code: 'file.too_large' });
    expect(asked.map(({ path }) => path)).toEqual(['/api/files.info']);
  });

  test('a file that was deleted', async () => {
    routes['/api/files.info'] = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":false,"error":"file_not_found"}');
    };
    await expect(fetched()).rejects.toMatchObject({ code: 'file.gone' });
  });
});

describe('Teams', () => {
  const activity = (attachments: unknown): MessageActivity =>
    parseActivity(
      Buffer.from(
        JSON.stringify({
          type: 'message',
          id: '1',
          channelId: 'msteams',
          serviceUrl: 'https://smba.trafficmanager.net/teams',
          from: { id: '29:leo' },
          recipient: { id: '28:bot' },
          conversation: { id: 'a:1' },
          text: 'customer import',
          attachments,
        }),
      ),
    ) as MessageActivity;
  const info = 'application/vnd.microsoft.teams.file.download.info';

  test('files are told from what else Teams attaches, and nonsense is none', () => {
    const sent = activity([
      { contentType: 'text/html', content: '<p>customer import</p>' },
      { contentType: info, name: 'new.csv', content: { downloadUrl: 'https://x.sharepoint.com/a', uniqueId: '1' } },
      { contentType: info, name: 'no address' },
      null,
      7,
    ]);
    expect(sentFiles(sent)).toEqual([{ name: 'new.csv', url: 'https://x.sharepoint.com/a' }]);
    expect(sentFiles(activity('nonsense'))).toEqual([]);
    expect(sentFiles(activity(undefined))).toEqual([]);
  });

  test.for([
    ['https://contoso-my.sharepoint.com/personal/x?tempauth=y', true],
    ['http://contoso-my.sharepoint.com/x', false],
    ['https://evil.example/x', false],
    ['https://sharepoint.com.evil.example/x', false],
    ['https://a@contoso.sharepoint.com/x', false],
    ['http://169.254.169.254/latest/meta-data', false],
    ['file:///etc/passwd', false],
  ] as const)('%s: %s', ([address, allowed]) => {
    const guard = createGuard({ tenants: ['t'], issuer: 'i', otherOrigins: [] });
    expect(guard.allowsDownload(address)).toBe(allowed);
  });
});
