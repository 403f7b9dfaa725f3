import { z } from 'zod';
import type { Refusal } from '../errors.ts';
import { shortened } from '../text.ts';

/** What is wrong in one place of a file: where, what was found, and by its code what is allowed. */
export const fault = z.object({
  /** As the file counts them: the header is line 1. */
  line: z.int(),
  column: z.string(),
  found: z.string(),
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Fault = z.output<typeof fault>;

/** So many faults are told one by one; of the rest only the number. */
export const faultsTold = 100;

/** A refusal of one cell: `line` counts from 1 as editors do, `column` is the header's name. */
export const faultOf = (line: number, column: string, found: string, refusal: Refusal): Fault => ({
  line,
  column,
  // A cell may hold a whole novel; the start of it is enough to find the place.
  found: shortened(found, 80),
  code: refusal.code,
  params: refusal.params,
});

/** What looking through a file gives: nothing of it is taken unless there are no faults. */
export const fileCheck = z.object({
  /** Rows (catalogue: products) that were found. */
  rows: z.int(),
  /** Columns that mean nothing here and were passed over. */
  ignored: z.array(z.string()),
  faults: z.array(fault).max(faultsTold),
  faultCount: z.int(),
});
export type FileCheck = z.output<typeof fileCheck>;

/** What was found in a file, its faults in the order of their lines. */
export const checkOf = (rows: number, ignored: readonly string[], faults: readonly Fault[]): FileCheck => ({
  rows,
  ignored: [...ignored],
  faults: [...faults].sort((one, other) => one.line - other.line).slice(0, faultsTold),
  faultCount: faults.length,
});
