import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { slackPerson } from '../../playground/driver.ts';
import type { Endpoints, Snapshot } from '../../playground/protocol.ts';
import type { Product } from '../../playground/app-link.ts';
import { startPlayground, type Playground } from '../../playground/server.ts';
import { callSlack } from './stand-in.ts';

const running: Playground[] = [];
const start = async (dataDir = ':memory:', port = 0): Promise<Playground> => {
  const playground = await startPlayground({ port, dataDir });
  running.push(playground);
  return playground;
};
afterEach(async () => {
  for (const playground of running.splice(0)) await playground.stop();
});

const post = async <P extends keyof Endpoints>(playground: Playground, path: P, body: Endpoints[P]['body']) => {
  const response = await fetch(playground.url + path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return (await response.json()) as Endpoints[P]['answer'];
};
/** A request with headers that fetch does not let one set. */
const raw = (
  playground: Playground,
  path: string,
  headers: Record<string, string>,
  method = 'GET',
  body = '',
): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: playground.port, path, method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    sent.on('error', reject);
    sent.end(body);
  });

/** Reads events of the stream until there are `count`, then hangs up. */
const events = async (playground: Playground, count: number, lastId?: number) => {
  const abort = new AbortController();
  const response = await fetch(`${playground.url}/events`, {
    signal: abort.signal,
    headers: lastId === undefined ? {} : { 'last-event-id': String(lastId) },
  });
  const found: { id: number; event: string; data: unknown }[] = [];
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const frames = text.split('\n\n');
    text = frames.pop()!;
    for (const frame of frames) {
      const [, id, event, data] = /^id: (\d+)\nevent: (.+)\ndata: (.+)$/.exec(frame) ?? [];
      if (id) found.push({ id: Number(id), event: event!, data: JSON.parse(data!) });
    }
    if (found.length >= count) break;
  }
  abort.abort();
  return found;
};

describe('who may call', () => {
  test.for<[string, string, Record<string, string>, string, number]>([
    ['a foreign name that points here', '/', { host: 'evil.example' }, 'GET', 403],
    ['the event stream by a foreign name', '/events', { host: 'evil.example:3001' }, 'GET', 403],
    [
      'a foreign page',
      '/api/traffic/clear',
      { origin: 'https://evil.example', 'content-type': 'application/json' },
      'POST',
      403,
    ],
    ['a plain form of any page', '/api/traffic/clear', { 'content-type': 'text/plain' }, 'POST', 415],
    ['a page that calls the fakes', '/slack/api/auth.test', { origin: 'https://evil.example' }, 'POST', 403],
    ['a GET of an endpoint', '/api/traffic/clear', {}, 'GET', 405],
    ['an unknown endpoint', '/api/nothing', { 'content-type': 'application/json' }, 'POST', 404],
    ['a malformed path', '/%E0%A4%A', {}, 'GET', 400],
    ['a path that is none', '//', {}, 'GET', 400],
    ['a path out of the page', '/..%2f..%2fpackage.json', {}, 'GET', 404],
  ])('%s', async ([, path, headers, method, status]) => {
    const playground = await start();
    const answered = await raw(
      playground,
      path,
      { host: `localhost:${playground.port}`, ...headers },
      method,
      method === 'POST' ? '{}' : '',
    );
    // Without a built page every path of it explains how to build it.
    expect(status === 404 && method === 'GET' ? [404, 503] : [status]).toContain(answered);
  });

  test('the own page may', async () => {
    const playground = await start();
    const host = `localhost:${playground.port}`;
    const headers = { host, origin: `http://${host}`, 'content-type': 'application/json' };
    expect(await raw(playground, '/api/traffic/clear', headers, 'POST', '{}')).toBe(200);
  });

  test('a command before the app runs fails as Slack says it', async () => {
    const playground = await start();
    const leo = slackPerson(playground, 'leo');
    await leo.command('help');
    expect(leo.messages().at(-1)!.text).toBe('/lmp failed with the error dispatch_failed');
  });

  test('a body that is not what the protocol says is refused with words', async () => {
    const playground = await start();
    expect(await post(playground, '/api/slack/read', { persona: 'nobody', channel: 'C' })).toMatchObject({ ok: false });
    expect(await post(playground, '/api/slack/message', { persona: 'yuki', channel: 'C', text: 'x' })).toEqual({
      ok: false,
      error: 'Yuki Tanaka has no Slack account.',
    });
  });
});

describe('the event stream', () => {
  test('begins with all there is', async () => {
    const playground = await start();
    const [first] = await events(playground, 1);
    const snapshot = first!.data as Snapshot;
    expect(first!.event).toBe('snapshot');
    expect(snapshot.personas.map((persona) => persona.id)).toEqual([
      'mia',
      'jonas',
      'ada',
      'leo',
      'yuki',
      'vera',
      'olga',
    ]);
    expect(snapshot.slack.channels.some((channel) => channel.name === 'approvals')).toBe(true);
    expect(JSON.stringify(snapshot)).not.toContain(playground.environment().SLACK_BOT_TOKEN);
  });

  test('gives what was missed, and all when too much was', async () => {
    const playground = await start();
    playground.desk.clearTraffic();
    const [first] = await events(playground, 1);
    for (const id of ['a', 'b']) playground.desk.setTour({ done: [id], dismissed: false });
    const missed = await events(playground, 2, first!.id);
    expect(missed.map(({ id, event }) => [id, event])).toEqual([
      [first!.id + 1, 'tour'],
      [first!.id + 2, 'tour'],
    ]);
    for (let n = 0; n < 600; n++) playground.desk.clearTraffic();
    expect((await events(playground, 1, first!.id))[0]!.event).toBe('snapshot');
  });

  test('an id of another process gets all', async () => {
    const playground = await start();
    expect((await events(playground, 1, 57))[0]!.event).toBe('snapshot');
    expect((await events(playground, 1, Number.MAX_SAFE_INTEGER))[0]!.event).toBe('snapshot');
  });
});

describe('what is remembered', () => {
  test('survives a process that ended without a word', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'playground-'));
    try {
      const first = await start(dir);
      const { body } = await callSlack(first, 'chat.postMessage', { channel: 'C0APPROVALS', text: 'kept' });
      first.desk.setFaults({ slack: 'down' });
      const then = first.clock.now();
      // Not stopped: what a killed process wrote is all there is.
      const second = await start(dir);
      expect(second.snapshot().slack.messages).toMatchObject([{ ts: body.ts, text: 'kept' }]);
      expect(second.snapshot().unread).toEqual({ mia: { C0APPROVALS: 1 }, ada: { C0APPROVALS: 1 } });
      expect(second.faults().slack).toBe('down');
      expect(second.environment().SLACK_BOT_TOKEN).toBe(first.environment().SLACK_BOT_TOKEN);
      expect(second.teams.keys.publicKeys).toEqual(first.teams.keys.publicKeys);
      expect(Temporal.Instant.compare(second.clock.now(), then)).toBe(1);
    } finally {
      for (const playground of running.splice(0)) await playground.stop();
      rmSync(dir, { recursive: true });
    }
  });

  test('is all gone after a reset', async () => {
    const playground = await start();
    await callSlack(playground, 'chat.postMessage', { channel: 'C0APPROVALS', text: 'kept' });
    const before = playground.environment().SLACK_BOT_TOKEN;
    playground.store.reset();
    expect(playground.snapshot().slack.messages).toEqual([]);
    expect(playground.environment().SLACK_BOT_TOKEN).not.toBe(before);
  });

  test('a read place has nothing unread', async () => {
    const playground = await start();
    await callSlack(playground, 'chat.postMessage', { channel: 'U0MIA', text: 'x' });
    const mia = slackPerson(playground, 'mia');
    expect(playground.snapshot().unread).toEqual({ mia: { [mia.dm]: 1 } });
    await post(playground, '/api/slack/read', { persona: 'mia', channel: mia.dm });
    expect(playground.snapshot().unread).toEqual({});
  });
});

describe('the clock', () => {
  const product = (): Product & { ticks: string[] } => {
    const ticks: string[] = [];
    return {
      ticks,
      async tick() {
        ticks.push(running[0]!.clock.now().toString().slice(0, 16));
      },
      keptMails: async (after) =>
        after
          ? []
          : [{ id: 'm1', at: '2026-03-05T09:00:00Z', to: 'mia@northwind.example', subject: 's', html: 'h', text: 't' }],
      nextDue: async () => Temporal.Instant.from('2026-03-09T08:00:00Z'),
    };
  };
  const connected = async () => {
    const playground = await start();
    playground.setApp('http://127.0.0.1:1');
    const app = product();
    await playground.connect(app);
    return { playground, app };
  };

  test('starts with the demo world, turns forward only, and makes the app look', async () => {
    const { playground, app } = await connected();
    expect(playground.clock.now().toString()).toMatch(/^2026-03-05T09:00:0/);
    expect(await post(playground, '/api/clock', { by: 'minutes', minutes: 90 })).toMatchObject({ ok: true });
    expect(await post(playground, '/api/clock', { by: 'next_due' })).toMatchObject({ ok: true });
    // What is due by now makes the app look again, at the same time.
    expect(await post(playground, '/api/clock', { by: 'next_due' })).toMatchObject({ ok: true });
    expect(app.ticks).toEqual(['2026-03-05T10:30', '2026-03-09T08:00', '2026-03-09T08:00']);
    expect(await post(playground, '/api/clock', { by: 'instant', instant: '2026-03-06T00:00:00Z' })).toEqual({
      ok: false,
      error: 'The clock only goes forward.',
    });
    expect(await post(playground, '/api/clock', { by: 'instant', instant: 'Monday' })).toEqual({
      ok: false,
      error: 'That is not a point in time.',
    });
  });

  test('mails of the app are shown once and counted', async () => {
    const { playground } = await connected();
    await post(playground, '/api/clock', { by: 'minutes', minutes: 1 });
    expect(playground.snapshot().mails.map((mail) => mail.subject)).toEqual(['s']);
    expect(playground.snapshot().unread).toMatchObject({ mia: { mail: 1 } });
  });
});

test('a taken port is an error of the system', async () => {
  const playground = await start();
  await expect(startPlayground({ port: playground.port, dataDir: ':memory:' })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
