import { z } from 'zod';
import { invalid } from '../errors.ts';
import { Content } from '../messages/content.ts';
import { StoredFile } from '../messages/stored-file.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { CustomerImport, importLimits } from './customer-import.ts';

/** Business time that the file is kept at most. */
const keptHours = 14 * 24;

/** Takes a file of customers in, to be looked through: nothing of it is a customer before somebody decides so. */
export const beginImport = defineUseCase({
  kind: 'command',
  name: 'customer import',
  needs: 'license',
  input: z.strictObject({
    fileName: lineOf(255),
    content: z.custom<Content<Uint8Array>>((value) => value instanceof Content),
  }),
  result: z.object({ importId: z.string() }),

  async run({ uow, actor, now }, { fileName, content }) {
    const bytes = content.value;
    if (bytes.length === 0) throw invalid('file.empty', 'file');
    if (bytes.length > importLimits.bytes)
      throw invalid('file.too_large', 'file', { megabytes: importLimits.bytes / 1024 / 1024 });
    const file = new StoredFile({
      id: uow.newId(),
      partnerId: actor.partnerId,
      name: fileName,
      contentType: 'application/octet-stream',
      bytes,
      createdAt: now,
      expiresAt: now.add({ hours: keptHours }),
    });
    uow.add(file);
    await uow.flush();
    const begun = new CustomerImport({
      id: uow.newId(),
      partnerId: actor.partnerId,
      personId: actor.personId,
      fileId: file.id,
      fileName,
      state: 'looking',
      rows: null,
      done: 0,
      ignored: [],
      sample: [],
      faults: [],
      faultCount: 0,
      reason: null,
      faultFileId: null,
      attempts: 0,
      heldUntil: null,
      createdAt: now,
    });
    uow.add(begun);
    uow.enqueue('customer_import', { importId: begun.id });
    return { importId: begun.id };
  },
});
