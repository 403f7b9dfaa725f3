import type { Invariant } from './invariant.ts';

export const auditInvariant: Invariant = {
  name: 'I13',
  says: 'the audit chain is whole, and so is everything that it says was written',
  async find(ground) {
    const { broken } = await ground.verifyAudit();
    if (!broken) return null;
    const { table, rowId, partner, sequence, reason } = broken;
    return {
      table,
      id: rowId,
      partner,
      what: reason,
      expected: null,
      found: sequence === null ? null : `entry ${sequence} of ${partner ?? 'the system'}`,
    };
  },
};
