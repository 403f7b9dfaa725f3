import { createInflateRaw } from 'node:zlib';
import { invalid } from '../core/errors.ts';

/** One file inside a ZIP, as its directory tells of it. */
export interface ZipEntry {
  readonly name: string;
  /** Its packed bytes. */
  readonly packed: Uint8Array;
  readonly isDeflated: boolean;
}

const notZip = () => invalid('file.not_xlsx', 'file');

const endSignature = 0x06054b50;
const directorySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endLength = 22;
const directoryLength = 46;
const localLength = 30;
/** Behind an entry may stand its sizes once more: at most this long. */
const descriptorLength = 24;
/** A workbook has some dozens. */
const maximumEntries = 2000;

/**
 * The entries of a ZIP by its directory. What lies in the file must be what the directory tells of, piece by piece:
 * a reader that goes through the file from its start would else find more than was looked at here.
 * @throws Refusal `file.not_xlsx`
 */
export const zipEntries = (bytes: Uint8Array): readonly ZipEntry[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    let end = bytes.length - endLength;
    while (end >= 0 && view.getUint32(end, true) !== endSignature) end--;
    if (end < 0) throw notZip();
    const count = view.getUint16(end + 10, true);
    const directory = view.getUint32(end + 16, true);
    if (count > maximumEntries) throw notZip();
    const entries: (ZipEntry & { readonly from: number; readonly to: number })[] = [];
    let at = directory;
    for (let index = 0; index < count; index++) {
      if (view.getUint32(at, true) !== directorySignature) throw notZip();
      const flags = view.getUint16(at + 8, true);
      const method = view.getUint16(at + 10, true);
      const size = view.getUint32(at + 20, true);
      const nameLength = view.getUint16(at + 28, true);
      const rest = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
      const from = view.getUint32(at + 42, true);
      const isEncrypted = (flags & 1) === 1;
      if (isEncrypted || (method !== 0 && method !== 8)) throw notZip();
      if (view.getUint32(from, true) !== localSignature) throw notZip();
      const start = from + localLength + view.getUint16(from + 26, true) + view.getUint16(from + 28, true);
      if (start + size > directory) throw notZip();
      entries.push({
        name: new TextDecoder().decode(bytes.subarray(at + directoryLength, at + directoryLength + nameLength)),
        packed: bytes.subarray(start, start + size),
        isDeflated: method === 8,
        from,
        to: start + size,
      });
      at += directoryLength + nameLength + rest;
    }
    let reached = 0;
    for (const { from, to } of entries.toSorted((one, other) => one.from - other.from)) {
      if (from < reached || from - reached > descriptorLength) throw notZip();
      reached = to;
    }
    if (directory - reached > descriptorLength) throw notZip();
    return entries;
  } catch (error) {
    // Offsets that lead out of the file.
    if (error instanceof RangeError) throw notZip();
    throw error;
  }
};

/** Unpacks one entry, and tells its pieces as they come; stops where `allowed` bytes are exceeded. */
const unpack = async (entry: ZipEntry, allowed: number, take: (piece: Buffer) => void): Promise<number> => {
  if (!entry.isDeflated) {
    if (entry.packed.length > allowed) throw invalid('file.too_large_inside', 'file');
    take(Buffer.from(entry.packed));
    return entry.packed.length;
  }
  const inflate = createInflateRaw();
  inflate.end(entry.packed);
  let size = 0;
  try {
    for await (const piece of inflate as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > allowed) throw invalid('file.too_large_inside', 'file');
      take(piece);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw notZip();
    throw error;
  }
  return size;
};

/** Unpacks everything and keeps nothing: whether it fits. @throws Refusal `file.too_large_inside`, `file.not_xlsx` */
export const requireUnpacked = async (entries: readonly ZipEntry[], maximumBytes: number): Promise<void> => {
  let left = maximumBytes;
  for (const entry of entries) left -= await unpack(entry, left, () => {});
};

/** The text of one entry; empty where there is none. @throws Refusal `file.too_large_inside`, `file.not_xlsx` */
export const unpackedText = async (
  entries: readonly ZipEntry[],
  name: string,
  maximumBytes: number,
): Promise<string> => {
  const entry = entries.find((each) => each.name === name);
  if (!entry) return '';
  const pieces: Buffer[] = [];
  await unpack(entry, maximumBytes, (piece) => pieces.push(piece));
  return Buffer.concat(pieces).toString('utf8');
};
