import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FileLinks } from './bot/sender.ts';
import { Refusal } from './core/errors.ts';
import { readFile } from './core/messages/read-file.ts';
import type { Execute } from './core/use-case.ts';

export interface FilesParts {
  readonly execute: Execute;
  /** Without a slash at the end. */
  readonly publicUrl: string;
  readonly secretKey: string;
  /** Links signed with these are still good. */
  readonly previousKeys: readonly string[];
  /** Real time: links do not age when a playground turns its clock. */
  readonly realTime: () => Temporal.Instant;
  readonly log: { info(fields: object, message: string): void; error(fields: object, message: string): void };
}

export interface Files extends FileLinks {
  /** A link for people: it ends in the file's name, and is good for seven days for whoever holds it. */
  linkFor(fileId: string, name: string): string;
  /** Answers `/files/…`. Every download is logged. */
  handler(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

const goodForSeconds = 7 * 24 * 3600;
const path = /^\/files\/([0-9a-f-]{36})(?:\/[^/]*)?$/;

const sign = (key: string, fileId: string, expires: number): string =>
  // The key has other uses; the words in front keep its signatures apart.
  createHmac('sha256', key).update(`seatwise file link\n${fileId}\n${expires}`).digest('base64url');

const isSame = (given: string, expected: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
};

/** RFC 6266: an ASCII name for old programs, the real one for the rest. */
const disposition = (kind: 'inline' | 'attachment', name: string): string => {
  const ascii = name.replace(/[^\x20-\x7e]|["\\]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
};

/**
 * Signed, expiring addresses of stored files, and the door that answers them. A link is the right to the file: it may
 * be handed to colleagues, and whoever guesses or changes one gets the answer for a file that is not there.
 */
export const createFiles = (parts: FilesParts): Files => {
  const { execute, publicUrl, secretKey, previousKeys, realTime, log } = parts;
  const nowSeconds = (): number => Math.floor(realTime().epochMilliseconds / 1000);

  const address = (fileId: string, tail: string): string => {
    const expires = nowSeconds() + goodForSeconds;
    return `${publicUrl}/files/${fileId}${tail}?exp=${expires}&sig=${sign(secretKey, fileId, expires)}`;
  };

  const isSigned = (fileId: string, query: URLSearchParams): boolean => {
    const expires = Number(query.get('exp'));
    const signature = query.get('sig') ?? '';
    if (!Number.isSafeInteger(expires) || expires < nowSeconds()) return false;
    return [secretKey, ...previousKeys].some((key) => isSame(signature, sign(key, fileId, expires)));
  };

  const refuse = (response: ServerResponse): void => {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
    response.end('There is no such file, or the link to it has expired.\n');
  };

  return {
    urlOf: (fileId) => address(fileId, ''),
    linkFor: (fileId, name) => address(fileId, `/${encodeURIComponent(name.toWellFormed())}`),

    async handler(request, response) {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { allow: 'GET, HEAD' }).end();
        return;
      }
      const url = new URL(request.url ?? '/', 'http://files');
      const fileId = path.exec(url.pathname)?.[1];
      if (!fileId || !isSigned(fileId, url.searchParams)) return refuse(response);
      const caller = { actor: { type: 'system', name: 'files' }, requestId: `file:${fileId}` } as const;
      try {
        const { name, contentType, bytes, partnerId } = await execute(readFile, caller, { fileId });
        log.info({ file: fileId, partner: partnerId, method: request.method }, 'file fetched by link');
        response.writeHead(200, {
          'content-type': contentType,
          'content-length': bytes.length,
          'content-disposition': disposition(contentType.startsWith('image/') ? 'inline' : 'attachment', name),
          'cache-control': 'private, max-age=3600',
          'x-content-type-options': 'nosniff',
          'content-security-policy': "default-src 'none'; sandbox",
          'referrer-policy': 'no-referrer',
        });
        response.end(request.method === 'HEAD' ? undefined : bytes);
      } catch (error) {
        if (error instanceof Refusal) return refuse(response);
        log.error({ err: error, file: fileId }, 'file could not be read');
        response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' }).end('Something broke on our side.\n');
      }
    },
  };
};
