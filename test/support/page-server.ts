/**
 * The playground's page on a server that says what a test wants it to say: a snapshot, events, and answers to
 * what the page posts. The page is built from its sources, with the content policy of the real server.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { build } from 'vite';
import type { EndpointPath, Endpoints, EventName, Events, Snapshot } from '../../playground/protocol.ts';

const page = join(import.meta.dirname, '../../playground/page');

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'";

export interface Posted {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

type Answers = { [P in EndpointPath]?: (body: Endpoints[P]['body']) => unknown };

export interface PageServer {
  readonly url: string;
  /** All that the page posted, oldest first. */
  readonly posted: Posted[];
  /** What the next page to open sees. */
  show(snapshot: Snapshot): void;
  /** Answers of endpoints; without one an endpoint says that it is done. */
  answer(answers: Answers): void;
  emit<N extends EventName>(name: N, data: Events[N]): void;
  /** Ends every event stream, as a restart does. */
  drop(): void;
  close(): Promise<void>;
}

export const startPageServer = async (): Promise<PageServer> => {
  const outDir = await mkdtemp(join(tmpdir(), 'seatwise-page-'));
  await build({
    root: page,
    configFile: join(page, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  });

  let snapshot: Snapshot | undefined;
  let answers: Record<string, ((body: never) => unknown) | undefined> = {};
  const posted: Posted[] = [];
  const streams = new Set<ServerResponse>();
  const frame = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    if (path === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(`retry: 100\n\n${frame('snapshot', snapshot)}`);
      streams.add(response);
      response.on('close', () => streams.delete(response));
      return;
    }
    if (request.method === 'POST') {
      let text = '';
      for await (const chunk of request) text += String(chunk);
      const body = JSON.parse(text) as Record<string, unknown>;
      posted.push({ path, body });
      const answer = await answers[path]?.(body as never);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? { ok: true }));
      return;
    }
    const file = await readFile(join(outDir, path === '/' ? 'index.html' : path)).catch(() => null);
    response.writeHead(file ? 200 : 404, {
      'content-type': types[extname(path === '/' ? '.html' : path)] ?? 'text/html; charset=utf-8',
      'content-security-policy': policy,
    });
    response.end(file ?? 'Not found');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posted,
    show: (next) => {
      snapshot = next;
      answers = {};
      posted.length = 0;
    },
    answer: (next) => {
      answers = { ...answers, ...next };
    },
    emit: (name, data) => {
      for (const stream of streams) stream.write(frame(name, data));
    },
    drop: () => {
      for (const stream of streams) stream.destroy();
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(outDir, { recursive: true, force: true });
    },
  };
};
