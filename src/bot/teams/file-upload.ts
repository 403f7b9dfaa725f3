import type { Guard } from './guard.ts';

export interface StoredBytes {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

const timeoutMs = 30_000;

export const createFileUploads = (guard: Guard) => ({
  /**
   * Puts a file to the address that Teams gave for it. The address carries its own right: no token of ours goes
   * along, and only to where Microsoft keeps files. Gives `saved`, or why not.
   */
  async put({ contentType, bytes }: StoredBytes, uploadUrl: string | undefined): Promise<string> {
    if (!uploadUrl || !guard.allowsUpload(uploadUrl)) return 'address not allowed';
    const size = bytes.byteLength;
    if (size === 0) return 'empty file';
    try {
      const response = await fetch(uploadUrl, {
        method: 'PUT',
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        headers: { 'content-type': contentType, 'content-range': `bytes 0-${size - 1}/${size}` },
        body: Buffer.from(bytes),
      });
      await response.body?.cancel();
      return response.ok ? 'saved' : `HTTP ${response.status}`;
    } catch (error) {
      return error instanceof Error ? error.name : 'no answer';
    }
  },
});
