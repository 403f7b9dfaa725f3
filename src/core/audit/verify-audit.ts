import { z } from 'zod';
import { defineUseCase } from '../use-case.ts';

/**
 * Whether the audit of the own partner is whole: every entry in its place and as it was written, down to the last, and
 * with it the ledger rows and histories that the entries speak of. Names the first bad row.
 */
export const verifyOwnAudit = defineUseCase({
  kind: 'query',
  name: 'audit verify',
  needs: 'audit',
  input: z.strictObject({}),
  result: z.object({
    ok: z.boolean(),
    entries: z.int(),
    broken: z
      .object({
        sequence: z.string().nullable(),
        table: z.string(),
        rowId: z.string().nullable(),
        reason: z.string(),
      })
      .nullable(),
  }),

  async run({ reads }) {
    const { entries, broken } = await reads.audit.verifyOwn();
    return { ok: broken === null, entries, broken };
  },
});
