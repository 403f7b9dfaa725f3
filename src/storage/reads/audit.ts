import type { AuditReads } from '../../core/audit/reads.ts';
import { verifyOwnChain } from '../audit-verify.ts';
import type { Em } from '../orm.ts';

export const auditReads = (em: Em): AuditReads => ({
  async verifyOwn() {
    const { entries, broken } = await verifyOwnChain(em);
    if (!broken) return { entries, broken };
    const { sequence, table, rowId, reason } = broken;
    return { entries, broken: { sequence, table, rowId, reason } };
  },
});
