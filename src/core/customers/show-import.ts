import { z } from 'zod';
import { fault, faultsTold } from '../import/fault.ts';
import { importStates, type CustomerImport } from './customer-import.ts';

const reason = z.object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) });

/** An import as its card shows it. */
export const importView = z.object({
  importId: z.string(),
  fileName: z.string(),
  state: z.enum(importStates),
  /** Null: the file is being read. */
  rows: z.int().nullable(),
  done: z.int(),
  ignored: z.array(z.string()),
  sample: z.array(z.object({ company: z.string(), account: z.string(), city: z.string() })),
  faults: z.array(fault).max(faultsTold),
  faultCount: z.int(),
  reason: reason.nullable(),
  faultFileId: z.string().nullable(),
});
export type ImportView = z.output<typeof importView>;

export const showImport = (shown: CustomerImport): ImportView => ({
  importId: shown.id,
  fileName: shown.fileName,
  state: shown.state,
  rows: shown.rows,
  done: shown.done,
  ignored: [...shown.ignored],
  sample: [...shown.sample],
  faults: [...shown.faults],
  faultCount: shown.faultCount,
  reason: shown.reason,
  faultFileId: shown.faultFileId,
});
