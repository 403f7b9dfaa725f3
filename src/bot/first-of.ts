import { showNumber } from './format.ts';
import { limits, type Block, type Column } from './view.ts';

/** What stands below a list that shows its first things alone; nothing where it shows them all. */
export const firstOf = (shown: number, all: number): Block[] =>
  all > shown ? [{ kind: 'context', text: `The first ${showNumber(shown)} of ${showNumber(all)}.` }] : [];

/** A table of as many rows as one may have, and how many there are when these are more. */
export const firstRows = (columns: readonly Column[], rows: readonly (readonly string[])[]): Block[] => [
  { kind: 'table', columns, rows: rows.slice(0, limits.tableRows) },
  ...firstOf(limits.tableRows, rows.length),
];
