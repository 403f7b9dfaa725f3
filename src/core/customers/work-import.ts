import { z } from 'zod';
import { invalid, rule } from '../errors.ts';
import { fault, faultOf, faultsTold } from '../import/fault.ts';
import { Content } from '../messages/content.ts';
import { StoredFile } from '../messages/stored-file.ts';
import { Partner } from '../people/partner.ts';
import type { PersonActor } from '../caller.ts';
import { defineUseCase } from '../use-case.ts';
import { CustomerImport, CustomerImportPart, importStep, mostAttempts } from './customer-import.ts';
import type { CustomerInput } from './customer-fields.ts';
import { emptyFile } from './decide-import.ts';
import { importView, showImport } from './show-import.ts';
import type { TableRow } from '../import/table.ts';

/**
 * What the worker of an import does, in short transactions: each says for which taking of it the worker speaks, and
 * is not heard when another one has taken it since.
 */
const held = { importId: z.string(), attempt: z.int(), realTime: z.iso.datetime() };
const heard = z.object({ heard: z.boolean(), view: importView });

/** Takes an import that waits for its worker; null: there is nothing to do, or a living worker does it. */
export const takeImport = defineUseCase({
  kind: 'scratch',
  name: 'customer import take',
  needs: 'system',
  input: z.strictObject({ importId: z.string(), realTime: z.iso.datetime() }),
  result: z.object({
    taken: z
      .object({
        attempt: z.int(),
        partnerId: z.string(),
        personId: z.string(),
        fileId: z.string(),
        /** Rows that were laid down before a kill: the worker goes on behind them. */
        laidDown: z.int(),
        view: importView,
      })
      .nullable(),
  }),

  async run({ uow, reads }, { importId, realTime }) {
    const at = Temporal.Instant.from(realTime);
    const found = await uow.lock(CustomerImport, importId);
    if (!found.mayBeTaken(at)) return { taken: null };
    found.take(at);
    // Whoever works on it dies of it.
    if (found.attempts > mostAttempts) throw rule('import.broken');
    const parts = await reads.customers.importParts(importId);
    return {
      taken: {
        attempt: found.attempts,
        partnerId: found.partnerId,
        personId: found.personId,
        fileId: found.fileId,
        laidDown: Math.min(parts.length * importStep, found.rows ?? 0),
        view: showImport(found),
      },
    };
  },
});

/** What could not be done now is left for another try. */
export const letGoImport = defineUseCase({
  kind: 'scratch',
  name: 'customer import let go',
  needs: 'system',
  input: z.strictObject({ importId: z.string(), attempt: z.int() }),
  result: z.object({}),

  async run({ uow }, { importId, attempt }) {
    const found = await uow.lock(CustomerImport, importId);
    if (found.attempts === attempt) found.heldUntil = null;
    return {};
  },
});

const accountsAt = z.array(z.object({ line: z.int(), account: z.string() })).max(importStep);

/** Which of some accounts of the file are taken already, as faults; and how far the check has come. */
export const checkImportRows = defineUseCase({
  kind: 'scratch',
  name: 'customer import check',
  needs: 'system',
  input: z.strictObject({ ...held, rows: z.int(), done: z.int(), accounts: accountsAt }),
  result: heard.extend({ faults: z.array(fault) }),

  async run({ uow, reads }, { importId, attempt, realTime, rows, done, accounts }) {
    const found = await uow.lock(CustomerImport, importId);
    if (!found.isHeldBy(attempt, 'looking')) return { heard: false, view: showImport(found), faults: [] };
    found.hold(Temporal.Instant.from(realTime));
    Object.assign(found, { rows, done });
    const tierOneId = await tierOneIdOf(uow, found.partnerId);
    const taken = await reads.customers.accountsTaken(
      tierOneId,
      accounts.map(({ account }) => account),
    );
    return {
      heard: true,
      view: showImport(found),
      faults: accounts
        .filter(({ account }) => taken.has(account.toLowerCase()))
        .map(({ line, account }) => faultOf(line, 'account', account, invalid('customer.account_taken', 'account'))),
    };
  },
});

const tierOneIdOf = async (
  uow: { get(type: typeof Partner, id: string): Promise<Partner> },
  partnerId: string,
): Promise<string> => (await uow.get(Partner, partnerId)).parentId ?? partnerId;

const sample = z.array(z.object({ company: z.string(), account: z.string(), city: z.string() })).max(10);

/** How the look through a file ended: it may be decided on, or everything that is wrong is told. */
export const settleImportCheck = defineUseCase({
  kind: 'scratch',
  name: 'customer import looked',
  needs: 'system',
  input: z.strictObject({
    ...held,
    rows: z.int(),
    ignored: z.array(z.string()),
    sample,
    faults: z.array(fault).max(faultsTold),
    faultCount: z.int(),
    /** The faults as a workbook. */
    faultFile: z
      .object({
        name: z.string(),
        contentType: z.string(),
        content: z.custom<Content<Uint8Array>>((value) => value instanceof Content),
      })
      .nullable(),
  }),
  result: heard,

  async run({ uow, now }, { importId, attempt, rows, ignored, sample: first, faults, faultCount, faultFile }) {
    const found = await uow.lock(CustomerImport, importId);
    if (!found.isHeldBy(attempt, 'looking')) return { heard: false, view: showImport(found) };
    Object.assign(found, { rows, done: rows, ignored, sample: first, faults, faultCount });
    if (faultCount === 0 && rows > 0) {
      found.ready(rows);
      return { heard: true, view: showImport(found) };
    }
    if (faultFile) {
      const file = new StoredFile({
        id: uow.newId(),
        partnerId: found.partnerId,
        name: faultFile.name,
        contentType: faultFile.contentType,
        bytes: faultFile.content.value,
        createdAt: now,
        expiresAt: now.add({ hours: 14 * 24 }),
      });
      uow.add(file);
      await uow.flush();
      found.faultFileId = file.id;
    }
    if (rows === 0 && faultCount === 0) found.reason = { code: rule('file.no_rows').code, params: {} };
    found.refuse();
    await emptyFile(uow, found);
    return { heard: true, view: showImport(found) };
  },
});

/** The import cannot go on, for a reason that is no cell's: nothing of it was taken. */
export const refuseImport = defineUseCase({
  kind: 'scratch',
  name: 'customer import refuse',
  needs: 'system',
  input: z.strictObject({
    importId: z.string(),
    /** Null: whoever holds it, its work has failed for good. */
    attempt: z.int().nullable(),
    code: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  }),
  result: heard.extend({ personId: z.string() }),

  async run({ uow }, { importId, attempt, code, params }) {
    const found = await uow.lock(CustomerImport, importId);
    const isOpen = found.state === 'looking' || found.state === 'saving';
    if (!isOpen || (attempt !== null && found.attempts !== attempt))
      return { heard: false, view: showImport(found), personId: found.personId };
    found.reason = { code, params };
    found.refuse();
    await emptyFile(uow, found);
    return { heard: true, view: showImport(found), personId: found.personId };
  },
});

const importRows = z.custom<Content<string>>((value) => value instanceof Content);

/** Lays down a part of the rows, in the order of the file; a part that lies there already is left as it is. */
export const layDownPart = defineUseCase({
  kind: 'scratch',
  name: 'customer import lay down',
  needs: 'system',
  input: z.strictObject({
    ...held,
    place: z.int().min(0),
    /** Rows as JSON. */
    rows: importRows,
    done: z.int(),
  }),
  result: heard,

  async run({ uow, reads }, { importId, attempt, realTime, place, rows, done }) {
    const found = await uow.lock(CustomerImport, importId);
    if (!found.isHeldBy(attempt, 'saving')) return { heard: false, view: showImport(found) };
    found.hold(Temporal.Instant.from(realTime));
    found.done = done;
    if ((await reads.customers.importParts(importId)).length <= place) {
      uow.add(
        new CustomerImportPart({
          id: uow.newId(),
          partnerId: found.partnerId,
          importId,
          place,
          rows: JSON.parse(rows.value) as TableRow<CustomerInput>[],
        }),
      );
    }
    return { heard: true, view: showImport(found) };
  },
});

/** Something of the file was taken by others since it was looked through: it is looked through anew. */
export const lookAgain = defineUseCase({
  kind: 'scratch',
  name: 'customer import look again',
  needs: 'system',
  input: z.strictObject(held),
  result: heard,

  async run({ uow }, { importId, attempt, realTime }) {
    const found = await uow.lock(CustomerImport, importId);
    if (!found.isHeldBy(attempt, 'saving')) return { heard: false, view: showImport(found) };
    found.lookAgain();
    found.hold(Temporal.Instant.from(realTime));
    return { heard: true, view: showImport(found) };
  },
});

/** The import as it stands, and the person in whose name its customers are added; null: he is no longer active. */
export const importOwner = defineUseCase({
  kind: 'query',
  name: 'customer import owner',
  needs: 'system',
  input: z.strictObject({ importId: z.string() }),
  result: z.object({ actor: z.custom<PersonActor>().nullable(), view: importView }),

  async run({ uow, reads }, { importId }) {
    const found = await uow.get(CustomerImport, importId);
    return { actor: await reads.people.actorById(found.personId), view: showImport(found) };
  },
});

/** Wakes imports whose worker is gone: rows are the truth, a lost job loses nothing. */
export const wakeImports = defineUseCase({
  kind: 'scratch',
  name: 'customer import wake',
  needs: 'system',
  input: z.strictObject({ realTime: z.iso.datetime() }),
  result: z.object({ woken: z.int() }),

  async run({ uow, reads }, { realTime }) {
    const waiting = await reads.customers.importsWaiting(Temporal.Instant.from(realTime));
    for (const importId of waiting) uow.enqueue('customer_import', { importId });
    return { woken: waiting.length };
  },
});

/** Gives up every lease on imports: only right when no other process can be at work. */
export const releaseImports = defineUseCase({
  kind: 'scratch',
  name: 'customer import release',
  needs: 'system',
  input: z.strictObject({}),
  result: z.object({ released: z.int() }),

  async run({ reads }) {
    return { released: await reads.customers.endImportLeases() };
  },
});
