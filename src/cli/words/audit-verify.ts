import { brokenText, verifyAudit } from '../../storage/audit-verify.ts';
import { textValue, WrongUse, type Word } from '../word.ts';

export const auditVerify: Word = {
  name: 'audit verify',
  usage: '[--partner SLUG]',
  does: 'Recomputes the audit chains and names the first bad row; exit code 1 when there is one.',
  options: { partner: { type: 'string' } },

  async run(ground, given) {
    if (given.positionals.length > 0) throw new WrongUse(`"${given.positionals[0]}" means nothing here.`);
    const { database } = await ground.open();
    const { chains, entries, broken } = await verifyAudit(database.orm, textValue(given, 'partner') ?? null);
    if (!broken) {
      return {
        text: `The audit is whole: ${entries} entries in ${chains} chains.`,
        data: { ok: true, chains, entries },
      };
    }
    return {
      ok: false,
      text: `The audit is broken: ${brokenText(broken)}`,
      data: { ok: false, code: 'audit.broken', chains, entries, broken },
    };
  },
};
