import { z } from 'zod';
import { StoredFile } from '../messages/stored-file.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import { defineUseCase } from '../use-case.ts';
import { CustomerImport } from './customer-import.ts';
import { importView, showImport } from './show-import.ts';

const input = z.strictObject({ importId: z.string() });

/** What came in is somebody's address book: it does not outlive its import. */
export const emptyFile = async (uow: UnitOfWork, { fileId }: CustomerImport): Promise<void> => {
  (await uow.lock(StoredFile, fileId)).bytes = new Uint8Array();
};

/** Has the customers of a file that was looked through added. */
export const confirmImport = defineUseCase({
  kind: 'command',
  name: 'customer import confirm',
  needs: 'license',
  input,
  result: importView,

  async run({ uow, now }, { importId }) {
    const decided = await uow.lock(CustomerImport, importId, 'importId');
    decided.requireOpen(now);
    decided.save();
    uow.enqueue('customer_import', { importId });
    return showImport(decided);
  },
});

/** Lets a file that was looked through go, with nothing taken. */
export const discardImport = defineUseCase({
  kind: 'command',
  name: 'customer import discard',
  needs: 'license',
  input,
  result: importView,

  async run({ uow, now }, { importId }) {
    const decided = await uow.lock(CustomerImport, importId, 'importId');
    decided.requireOpen(now);
    decided.discard();
    await emptyFile(uow, decided);
    return showImport(decided);
  },
});
