import type { Data } from '../data.ts';
import { rule } from '../errors.ts';
import type { Fault } from '../import/fault.ts';
import type { TableRow } from '../import/table.ts';
import type { CustomerInput } from './customer-fields.ts';

/** A worker holds an import this long at most between two signs of life, in real time. */
const leaseSeconds = 120;
/** Business time that a file which was looked through waits for a decision. */
const keptHours = 7 * 24;

export const importLimits = { rows: 10_000, bytes: 10 * 1024 * 1024 } as const;

/** A file that so many workers could not bring to an end is given up. */
export const mostAttempts = 8;

/** How many rows are checked or laid down in one short transaction. */
export const importStep = 250;

export const importStates = ['looking', 'faulty', 'ready', 'saving', 'done', 'discarded'] as const;
export type ImportState = (typeof importStates)[number];

/** Why nothing of a file can be taken, when it is no single cell's fault: a refusal's code and values. */
export interface ImportReason {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/** The first customers of a file, for whoever decides on it to recognise. */
export interface ImportSample {
  readonly company: string;
  readonly account: string;
  readonly city: string;
}

/** Nobody is at work any more, or not yet. */
const enter = (entered: CustomerImport, state: ImportState): void => {
  Object.assign(entered, { state, heldUntil: null } satisfies Partial<CustomerImport>);
};

/** A file of customers on its way in: looked through, decided on, laid down in parts, then taken whole or not at all. */
export class CustomerImport {
  id!: string;
  partnerId!: string;
  /** Who sent it. */
  personId!: string;
  /** The file as it came; emptied when the import has ended. */
  fileId!: string;
  fileName!: string;
  state!: ImportState;
  /** Rows of the file; null: not read yet. */
  rows!: number | null;
  /** Rows that the stage it is in is done with. */
  done!: number;
  /** Columns that mean nothing here. */
  ignored!: readonly string[];
  sample!: readonly ImportSample[];
  /** The first hundred of them. */
  faults!: readonly Fault[];
  faultCount!: number;
  reason!: ImportReason | null;
  /** The faults as a workbook, where they are more than a card shows. */
  faultFileId!: string | null;
  /** How often a worker took it: the last one speaks for it. */
  attempts!: number;
  /** Real time until which its worker may be at work; null: nobody is. */
  heldUntil!: Temporal.Instant | null;
  createdAt!: Temporal.Instant;

  constructor(init: Data<CustomerImport>) {
    Object.assign(this, init);
  }

  /** Whether there is work to do on it that no living worker does. */
  mayBeTaken(realTime: Temporal.Instant): boolean {
    const isWork = this.state === 'looking' || this.state === 'saving';
    return isWork && (this.heldUntil === null || Temporal.Instant.compare(this.heldUntil, realTime) <= 0);
  }

  take(realTime: Temporal.Instant): void {
    this.attempts += 1;
    this.hold(realTime);
  }

  hold(realTime: Temporal.Instant): void {
    this.heldUntil = realTime.add({ seconds: leaseSeconds });
  }

  /** Whether the worker that took it the `attempt`-th time still speaks for it, in the stage it believes it is in. */
  isHeldBy(attempt: number, state: ImportState): boolean {
    return this.attempts === attempt && this.state === state;
  }

  ready(rows: number): void {
    enter(this, 'ready');
    Object.assign(this, { rows, done: 0 });
  }

  refuse(): void {
    enter(this, 'faulty');
  }

  /** @throws Refusal when there is nothing to decide, or not any more. */
  requireOpen(now: Temporal.Instant): void {
    if (this.state !== 'ready') throw rule('import.decided');
    if (Temporal.Instant.compare(now, this.createdAt.add({ hours: keptHours })) >= 0) throw rule('import.expired');
  }

  save(): void {
    enter(this, 'saving');
    this.done = 0;
  }

  /** Something of it was taken by others meanwhile: it is looked through anew. */
  lookAgain(): void {
    enter(this, 'looking');
    this.done = 0;
  }

  finish(): void {
    enter(this, 'done');
  }

  discard(): void {
    enter(this, 'discarded');
  }
}

/** Some hundred rows of an import, laid down before all of them are taken at once; emptied then. */
export class CustomerImportPart {
  id!: string;
  partnerId!: string;
  importId!: string;
  /** From 0: the order of the file. */
  place!: number;
  rows!: readonly TableRow<CustomerInput>[];

  constructor(init: Data<CustomerImportPart>) {
    Object.assign(this, init);
  }
}
