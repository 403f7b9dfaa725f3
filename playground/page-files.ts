/** The built page: made anew when its sources changed since, and served from memory-safe paths only. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { respondText } from './http.ts';

const pageDir = join(import.meta.dirname, 'page');
export const distDir = join(pageDir, 'dist');
const stampFile = join(distDir, '.stamp');

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** A hash of everything that the page is built from. */
const sourceStamp = (): string => {
  const hash = createHash('sha256');
  const files = readdirSync(pageDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(distDir) && !file.includes(`${sep}node_modules${sep}`));
  for (const file of [...files.toSorted(), join(import.meta.dirname, 'protocol.ts')]) {
    hash.update(file.slice(pageDir.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
};

/** True when the page on disk was built from the sources as they are. */
const isFresh = (): boolean => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sourceStamp();

/** Builds the page in this process when it is missing or stale. Throws what the bundler throws. */
export const buildPageWhenStale = async (): Promise<'built' | 'fresh'> => {
  if (isFresh()) return 'fresh';
  // Loaded only when needed: the bundler is the largest part of a start.
  const { build } = await import('vite');
  const stamp = sourceStamp();
  // Beside its place, then into it at once: two that build at a time do not take each other's files away.
  const outDir = `${distDir}.${process.pid}`;
  await build({ root: pageDir, configFile: join(pageDir, 'vite.config.ts'), logLevel: 'error', build: { outDir } });
  writeFileSync(join(outDir, '.stamp'), stamp);
  try {
    rmSync(distDir, { recursive: true, force: true });
    renameSync(outDir, distDir);
  } catch (error) {
    rmSync(outDir, { recursive: true, force: true });
    if (!isFresh()) throw error;
  }
  return 'built';
};

const notBuilt = `The playground page is not built yet.

Run:  npm run build:page
or start the playground with npm start, which builds it.
`;

/** The app may show pictures on the page: it serves those it links to, under either name of this machine. */
const pictureSources = (appUrl: string | undefined): string =>
  appUrl ? ['localhost', '127.0.0.1'].map((host) => ` http://${host}:${new URL(appUrl).port}`).join('') : '';

const securityHeaders = (appUrl: string | undefined): Record<string, string> => ({
  'content-security-policy': [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob:${pictureSources(appUrl)}`,
    "font-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
});

/** Serves a file of the page; unknown paths get 404, and everything an explanation while the page is not built. */
export const servePage = async (
  response: ServerResponse,
  pathname: string,
  appUrl: string | undefined,
): Promise<void> => {
  const file = resolve(distDir, `.${pathname === '/' ? '/index.html' : decodeURIComponent(pathname)}`);
  const inside = file.startsWith(distDir + sep) && !file.endsWith('.stamp');
  const content = inside ? await readFile(file).catch(() => undefined) : undefined;
  if (!content) {
    const built = existsSync(join(distDir, 'index.html'));
    return built ? respondText(response, 404, 'Not found\n') : respondText(response, 503, notBuilt);
  }
  const isAsset = pathname.startsWith('/assets/');
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    // The bundler puts a hash into each name below /assets.
    'cache-control': isAsset ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...securityHeaders(appUrl),
  });
  response.end(content);
};
