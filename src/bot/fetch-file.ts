import { invalid, type Refusal } from '../core/errors.ts';

/** A file that a person gave us, fetched from where his platform keeps it. */
export interface IncomingFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const withinMs = 20_000;

export const tooLargeFile = (maximumBytes: number): Refusal =>
  invalid('file.too_large', 'file', { megabytes: Math.floor(maximumBytes / 1024 / 1024) });
export const goneFile = (): Refusal => invalid('file.gone', 'file');
export const unfetchedFile = (): Refusal => invalid('file.not_fetched', 'file');

/**
 * Fetches a file, and not a byte more than allowed, whatever its sender says of its size. Redirects are not followed:
 * the address was judged, another one was not. @throws Refusal with a `file.` code
 */
export const fetchBytes = async (
  url: string,
  maximumBytes: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> => {
  let response: Response;
  try {
    response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(withinMs) });
  } catch {
    throw unfetchedFile();
  }
  const stop = async (refusal: Refusal): Promise<never> => {
    await response.body?.cancel().catch(() => {});
    throw refusal;
  };
  if (response.status === 404 || response.status === 410) return stop(goneFile());
  // A page to sign in at is how some say that a token is not enough.
  if (!response.ok || response.headers.get('content-type')?.startsWith('text/html')) return stop(unfetchedFile());
  if (Number(response.headers.get('content-length') ?? 0) > maximumBytes) return stop(tooLargeFile(maximumBytes));
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of response.body ?? []) {
      size += piece.length;
      if (size > maximumBytes) break;
      pieces.push(piece);
    }
  } catch {
    throw unfetchedFile();
  }
  if (size > maximumBytes) throw tooLargeFile(maximumBytes);
  return new Uint8Array(Buffer.concat(pieces));
};
