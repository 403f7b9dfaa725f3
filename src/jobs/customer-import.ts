import { setImmediate as breathe } from 'node:timers/promises';
import type { Message } from '../bot/view.ts';
import { commitImport } from '../core/customers/commit-import.ts';
import { importLimits, importStep } from '../core/customers/customer-import.ts';
import type { ImportView } from '../core/customers/show-import.ts';
import {
  checkImportRows,
  importOwner,
  letGoImport,
  layDownPart,
  lookAgain,
  refuseImport,
  settleImportCheck,
  takeImport,
} from '../core/customers/work-import.ts';
import { Refusal } from '../core/errors.ts';
import { faultsTold, type Fault } from '../core/import/fault.ts';
import { Content } from '../core/messages/content.ts';
import { readFilePiece } from '../core/messages/read-file.ts';
import type { Jobs } from '../core/unit-of-work.ts';
import type { Execute } from '../core/use-case.ts';
import { openCustomerFile, type CustomerFile } from '../files-in/open-customer-file.ts';
import { refusalText } from '../texts/refusal-text.ts';
import { systemDoor, type RealTime, type SystemDoor } from './door.ts';
import { createProgressCard, type ProgressCard } from './progress-card.ts';
import { faultRow, faultSheet } from './workbook/faults.ts';
import { workbookType, writeWorkbook } from './workbook/write-workbook.ts';

/** The card of an import, as a feature draws it. */
export interface ImportCard {
  draw(view: ImportView): Message;
  /** How many faults it has room for: more than these are offered as a workbook. */
  readonly faults: number;
}

export interface CustomerImportParts {
  readonly execute: Execute;
  readonly importCard: ImportCard;
  readonly realTime: RealTime;
}

/** Every posted copy of an import's card carries it. */
const tagOf = (importId: string): string => `import:${importId}`;

/** Another worker has taken the import, or somebody has decided on it: this one has nothing more to say. */
class NotHeard extends Error {}

interface Work extends CustomerImportParts {
  readonly door: SystemDoor;
  readonly card: ProgressCard;
  readonly importId: string;
  readonly attempt: number;
  readonly fileId: string;
  readonly file: CustomerFile;
}

const heard = <T extends { readonly heard: boolean }>(answer: T): T => {
  if (!answer.heard) throw new NotHeard();
  return answer;
};

const held = ({ importId, attempt, realTime }: Work) => ({ importId, attempt, realTime: realTime().toString() });

const allowed = ({ code, params }: Fault): string => refusalText(new Refusal('invalid', code, { params }));

const faultFileOf = async (work: Work, faults: readonly Fault[], count: number) => {
  if (count <= work.importCard.faults) return null;
  const rows = async function* () {
    yield faults.map((fault) => faultRow(fault, allowed(fault)));
    if (count > faults.length) yield [[null, null, `… and ${count - faults.length} more`, null]];
  };
  const bytes = await writeWorkbook(faultSheet, rows(), () => []);
  return { name: 'seatwise-import-faults.xlsx', contentType: workbookType, content: new Content(bytes) };
};

/** Looks through the rows against the customers there are, and leaves the import ready for a decision or refused. */
const look = async (work: Work): Promise<void> => {
  const { door, card, file, importCard } = work;
  const faults = [...file.faults];
  let { faultCount } = file;
  let done = 0;
  const sample: { company: string; account: string; city: string }[] = [];
  for await (const part of file.parts()) {
    done += part.length;
    if (sample.length === 0)
      sample.push(...part.slice(0, 3).map(({ value: { company, account, city } }) => ({ company, account, city })));
    const accounts = part.map(({ line, value }) => ({ line, account: value.account }));
    const checked = heard(await door(checkImportRows, { ...held(work), rows: file.rows, done, accounts }));
    faultCount += checked.faults.length;
    faults.push(...checked.faults.slice(0, faultsTold));
    await card.show(importCard.draw(checked.view));
    await breathe();
  }
  const told = faults.toSorted((one, other) => one.line - other.line).slice(0, faultsTold);
  const settled = heard(
    await door(settleImportCheck, {
      ...held(work),
      rows: file.total,
      ignored: file.ignored,
      sample,
      faults: told,
      faultCount,
      faultFile: await faultFileOf(work, told, faultCount),
    }),
  );
  await card.end(importCard.draw(settled.view));
};

/** Lays the rows down part by part, goes on where a kill ended it, and then adds all of them at once. */
const save = async (work: Work, laidDown: number): Promise<void> => {
  const { execute, door, card, file, importId, importCard } = work;
  let done = 0;
  let place = 0;
  for await (const rows of file.parts()) {
    done += rows.length;
    if (done > laidDown) {
      const rowsAsJson = new Content(JSON.stringify(rows));
      const laid = heard(await door(layDownPart, { ...held(work), place, rows: rowsAsJson, done }));
      await card.show(importCard.draw(laid.view));
      await breathe();
    }
    place += 1;
  }
  const { actor, view } = await door(importOwner, { importId });
  if (!actor) {
    const refused = heard(await door(refuseImport, { importId, attempt: work.attempt, code: 'import.owner_gone' }));
    return card.end(importCard.draw(refused.view));
  }
  try {
    // In the name of whoever sent it, with the rights he has now: once, however often this is tried.
    const committed = await execute(commitImport, { actor, requestId: tagOf(importId) }, { importId });
    await card.end(importCard.draw(committed.view));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === 'not_allowed') {
      const refused = heard(await door(refuseImport, { importId, attempt: work.attempt, code: 'import.owner_gone' }));
      return card.end(importCard.draw(refused.view));
    }
    if (error.code !== 'customer.account_taken') throw error;
    heard(await door(lookAgain, held(work)));
    await card.show(importCard.draw({ ...view, state: 'looking', done: 0 }));
    const again = { ...work, file: await openFile(work) };
    try {
      await look(again);
    } finally {
      await again.file.close();
    }
  }
};

const openFile = async ({ door, fileId }: Pick<Work, 'door' | 'fileId'>): Promise<CustomerFile> => {
  const pieces: Uint8Array[] = [];
  for (let from = 0; ;) {
    const { bytes: piece } = await door(readFilePiece, { fileId, from });
    if (piece.length === 0) break;
    pieces.push(piece);
    from += piece.length;
    await breathe();
  }
  const bytes = new Uint8Array(Buffer.concat(pieces));
  return openCustomerFile({ bytes, maximumRows: importLimits.rows, rowsInPart: importStep });
};

/** Works on one import until it waits for a person or has ended. Safe to run again at any moment. */
export const createCustomerImportJob =
  (parts: CustomerImportParts) =>
  async (jobId: string, { importId }: Jobs['customer_import']): Promise<void> => {
    const door = systemDoor(parts.execute, 'customer import', jobId);
    const { taken } = await door(takeImport, { importId, realTime: parts.realTime().toString() });
    if (!taken) return;
    const card = createProgressCard({ door, personId: taken.personId, tag: tagOf(importId) });
    await card.show(parts.importCard.draw(taken.view));
    const { attempt, fileId } = taken;
    try {
      const file = await openFile({ door, fileId });
      const work: Work = { ...parts, door, card, importId, attempt, fileId, file };
      try {
        await (taken.view.state === 'saving' ? save(work, taken.laidDown) : look(work));
      } finally {
        await file.close();
      }
    } catch (error) {
      if (error instanceof NotHeard) return;
      if (!(error instanceof Refusal)) {
        await door(letGoImport, { importId, attempt });
        throw error;
      }
      const { code, params } = error;
      const refused = await door(refuseImport, { importId, attempt, code, params });
      if (refused.heard) await card.end(parts.importCard.draw(refused.view));
    }
  };

/** The last attempt failed as well: the card says so, and that nothing was added. */
export const giveUpImport = async (
  { execute, importCard }: Pick<CustomerImportParts, 'execute' | 'importCard'>,
  jobId: string,
  { importId }: Jobs['customer_import'],
): Promise<void> => {
  const door = systemDoor(execute, 'customer import', jobId);
  const refused = await door(refuseImport, { importId, attempt: null, code: 'import.broken' });
  if (refused.heard)
    await createProgressCard({ door, personId: refused.personId, tag: tagOf(importId) }).end(
      importCard.draw(refused.view),
    );
};
