/** Files that a person gives to the playground, to send them along or to put them into a form. */
import { randomBytes } from 'node:crypto';
import { NotPossible, type Parts } from './parts.ts';
import { mimetypeOf } from './slack/workspace.ts';
import { personaOf } from './world.ts';

export const maxUploadBytes = 32 * 1024 * 1024;

/** What the page is told of a file it gave. */
export interface UploadedFile {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

/** Keeps a file in a person's name. */
export const keepUpload = (parts: Parts, persona: string, name: string, bytes: Uint8Array): UploadedFile => {
  if (personaOf(persona)?.id !== persona) throw new NotPossible('Nobody has that persona id.');
  if (bytes.length === 0) throw new NotPossible('The file is empty.');
  const id = `F${randomBytes(8).toString('hex').toUpperCase()}`;
  const kept = name.trim().slice(0, 255) || 'file';
  parts.store.putBytes(id, bytes);
  parts.store.put('file', id, {
    id,
    name: kept,
    title: kept,
    mimetype: mimetypeOf(kept),
    size: bytes.length,
    state: 'shared',
    ticket: randomBytes(18).toString('base64url'),
    persona,
  });
  return { id, name: kept, size: bytes.length };
};
