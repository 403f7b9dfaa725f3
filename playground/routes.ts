/** Who may ask for what: the page and its endpoints for browsers on this machine, the fakes for the app. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { createEndpoints } from './endpoints.ts';
import { readBody, respondJson, respondText, TooLarge } from './http.ts';
import { servePage } from './page-files.ts';
import type { Answer } from './protocol.ts';
import type { WebApi } from './slack/web-api.ts';
import type { Store } from './store.ts';
import type { Connector } from './teams/connector.ts';
import { maxUploadBytes, type UploadedFile } from './uploads.ts';

const maxPageBody = 1024 * 1024;
const maxFakeBody = 64 * 1024 * 1024;

export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface Doors {
  readonly port: number;
  readonly store: Store;
  readonly webApi: WebApi;
  readonly connector: Connector;
  readonly endpoint: ReturnType<typeof createEndpoints>;
  /** Keeps a file that the page gives in a person's name. */
  upload(persona: string, name: string, bytes: Uint8Array): Answer<{ readonly file: UploadedFile }>;
  /** Opens the event stream. */
  events(request: IncomingMessage, response: ServerResponse): void;
  appUrl(): string | undefined;
}

export const createRoutes = ({ port, store, webApi, connector, endpoint, upload, events, appUrl }: Doors): Route => {
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
    if (request.method === 'GET' && area === 'files-pri') {
      // Slack answers whoever has no right to a file with a page to sign in at.
      if (request.headers.authorization !== `Bearer ${store.secrets.slackBotToken}`)
        return respondText(response, 200, '<title>Sign in</title>', { 'content-type': 'text/html; charset=utf-8' });
      return serveFile(response, id.split('-').at(-1) ?? '', true);
    }
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
    if (request.method === 'GET' && area === 'download') {
      const file = store.get('file', id);
      if (!file?.persona || file.ticket !== rest) return respondText(response, 404, 'No such file\n');
      return serveFile(response, id, true);
    }
    const body = await readBody(request, maxFakeBody);
    if (area === 'login' && path.slice(2).join('/') === 'oauth2/v2.0/token' && request.method === 'POST') {
      return connector.token(response, id, body);
    }
    if (area === 'v3') return connector.call(request, response, path.slice(1), url.searchParams, body);
    if (area === 'upload' && request.method === 'PUT') return connector.upload(request, response, id, rest, body);
    respondText(response, 404, 'Not found\n');
  };

  return async (request, response) => {
    // A name that resolves to 127.0.0.1 is not enough: only our own names are served (DNS rebinding).
    if (!hosts.has(request.headers.host ?? '')) return respondText(response, 403, 'Unknown host\n');
    const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`);
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
      if (url.pathname === '/api/upload' && request.headers['content-type'] === 'application/octet-stream') {
        const bytes = await readBody(request, maxUploadBytes);
        return respondJson(
          response,
          200,
          upload(url.searchParams.get('persona') ?? '', url.searchParams.get('name') ?? '', bytes),
        );
      }
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
    if (url.pathname === '/events') return events(request, response);
    if (url.pathname === '/healthz') return respondText(response, 200, 'ok\n');
    return servePage(response, url.pathname, appUrl());
  };
};

/** Answers a request that threw. */
export const answerFailure = (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
  const isMalformed = error instanceof URIError || (error as NodeJS.ErrnoException).code === 'ERR_INVALID_URL';
  if (isMalformed) return respondText(response, 400, 'Malformed path\n');
  if (error instanceof TooLarge) return respondText(response, 413, 'Too large\n', { connection: 'close' });
  // The other side hung up while it was sending: nobody is left to answer.
  if (request.destroyed && !request.complete) return;
  console.error('playground:', error);
  if (response.headersSent) response.end();
  else respondJson(response, 500, { ok: false, error: 'Something broke in the playground.' });
};
