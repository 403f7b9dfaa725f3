import { z } from 'zod';
import { defineUseCase } from '../use-case.ts';
import { StoredFile } from './stored-file.ts';

/** A stored file by its id, for whoever holds a signed link to it and for the outgoing queue. */
export const readFile = defineUseCase({
  kind: 'query',
  name: 'file read',
  needs: 'system',
  input: z.object({ fileId: z.uuid() }),
  result: z.object({
    name: z.string(),
    contentType: z.string(),
    bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    partnerId: z.uuid(),
  }),

  async run({ uow }, { fileId }) {
    const { name, contentType, bytes, partnerId } = await uow.get(StoredFile, fileId);
    return { name, contentType, bytes, partnerId };
  },
});

/** Bytes of one piece: a large file read at once would keep an embedded database, and the process, too long. */
const pieceBytes = 256 * 1024;

/** A piece of a stored file, from a byte on; shorter than the others, and at last empty, where the file ends. */
export const readFilePiece = defineUseCase({
  kind: 'query',
  name: 'file read piece',
  needs: 'system',
  input: z.object({ fileId: z.uuid(), from: z.int().min(0) }),
  result: z.object({ bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array) }),

  async run({ reads }, { fileId, from }) {
    return { bytes: await reads.messages.filePiece(fileId, from, pieceBytes) };
  },
});
