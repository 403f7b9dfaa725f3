import type { ParseArgsOptionsConfig } from 'node:util';
import type { Clock } from '../core/clock.ts';
import type { Execute } from '../core/use-case.ts';
import type { Database } from '../storage/database.ts';
import type { Enqueue } from '../storage/transaction.ts';

/** Where a word reads and writes: this terminal, or one that passed the line on through the socket. */
export interface Terminal {
  /** The folder that file names are relative to. */
  readonly cwd: string;
  readonly stdin: AsyncIterable<string>;
  out(line: string): void;
  err(line: string): void;
}

/** The desk as a word works with it. */
export interface OpenDesk {
  readonly database: Database;
  readonly clock: Clock;
  /** Queues jobs inside a transaction. */
  readonly enqueue: Enqueue;
  /** The one door, at the desk's own business time or at another. */
  execute(clock?: Clock): Execute;
}

/** What a word stands on: opening is left to it, since `--help` needs no database. */
export interface Ground {
  readonly terminal: Terminal;
  open(): Promise<OpenDesk>;
  /**
   * Throws all data away and opens the desk anew; null while another process serves from the same data, since its
   * feet stand on it.
   */
  readonly startOver: (() => Promise<OpenDesk>) | null;
  /** Tells the log of a defect, under the reference that the caller was given. */
  defect(error: unknown, reference: string): void;
}

/** What a word answers: text for people, data for scripts, and whether all is well. */
export interface Answer {
  readonly text: string;
  readonly data: unknown;
  /** Exit code 1 when false. */
  readonly ok?: boolean;
}

export interface Given {
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

/** One word of the command line, in one file. */
export interface Word {
  /** `partner add`. */
  readonly name: string;
  /** What may stand behind it: `catalog|prices|customers FILE [--partner SLUG] [--dry-run]`. */
  readonly usage: string;
  readonly does: string;
  /** One line for each option that needs an explanation. */
  readonly notes?: readonly string[];
  readonly options: ParseArgsOptionsConfig;
  /** An answer, or an exit code when the word wrote its own lines. */
  run(ground: Ground, given: Given): Promise<Answer | number>;
}

/** A word was used wrongly; its usage is shown. */
export class WrongUse extends Error {}

export const textValue = ({ values }: Given, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

export const neededText = (given: Given, name: string): string => {
  const value = textValue(given, name);
  if (value === undefined || value.trim() === '') throw new WrongUse(`--${name} is needed.`);
  return value;
};
