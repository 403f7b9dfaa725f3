import { verifyOwnAudit } from '../../core/audit/verify-audit.ts';
import type { Feature } from '../feature.ts';
import { showCount } from '../format.ts';
import type { Block, Fact, Message } from '../view.ts';

const verdict = (entries: number): Block => ({
  kind: 'notice',
  tone: 'success',
  text: `The audit is whole: ${showCount(entries, 'entry', 'entries')}, each in its place and as it was written.`,
});

/** `audit verify`: the own partner's chain, recomputed while one waits. */
export const auditFeature: Feature = {
  commands: [
    {
      words: 'audit verify',
      usage: 'audit verify',
      does: 'recomputes the audit of your company and names the first bad row',
      needs: 'audit',
      async run({ execute }) {
        const { entries, broken } = await execute(verifyOwnAudit, {});
        const title = 'Audit';
        if (!broken) return { kind: 'message', message: { title, blocks: [verdict(entries)] } };
        const facts: Fact[] = [
          { label: 'What', value: broken.reason },
          { label: 'Entry', value: broken.sequence ?? 'none' },
          { label: 'Table', value: broken.table },
          ...(broken.rowId === null ? [] : [{ label: 'Row', value: broken.rowId }]),
        ];
        const message: Message = {
          title,
          blocks: [
            { kind: 'notice', tone: 'danger', text: 'The audit is broken: somebody changed what was written.' },
            { kind: 'facts', facts },
            {
              kind: 'context',
              text: `${showCount(entries, 'entry', 'entries')} before it are whole. Tell the person who runs Seatwise.`,
            },
          ],
        };
        return { kind: 'message', message };
      },
    },
  ],
};
