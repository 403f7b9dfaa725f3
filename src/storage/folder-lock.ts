import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export class FolderInUse extends Error {
  constructor(folder: string) {
    super(
      `The data in ${folder} is in use by another Seatwise. Stop that one first, or set DATA_DIR to another folder.`,
    );
    this.name = 'FolderInUse';
  }
}

/**
 * Holds a folder for this process. PGlite has no lock of its own and two processes lose each other's rows; the kernel
 * releases this one on any death. @throws FolderInUse
 */
export const lockFolder = (folder: string): { release(): void } => {
  mkdirSync(dirname(folder), { recursive: true });
  const lock = new DatabaseSync(`${folder}.lock`);
  try {
    lock.exec('pragma busy_timeout = 0; begin exclusive');
  } catch {
    lock.close();
    throw new FolderInUse(folder);
  }
  return { release: () => lock.close() };
};
