import { isBefore } from '../calendar.ts';
import { close, rowOf, takeBacks, type Held, type MoneyDraft, type RowDraft } from './ledger-draft.ts';
import type { License } from './license.ts';

/** What was charged for a licence, given back to the cent. */
const inFull = ({ charged }: Held): MoneyDraft[] =>
  charged.flatMap(({ minor, currency }) => (minor === 0n ? [] : [{ kind: 'credit', minor: -minor, currency }]));

/**
 * A licence is gone as of today. Nothing is refunded, save before its first term: then all that was charged for it is
 * credited. What was to take effect later is taken back on its own day.
 */
export const removal = (
  held: Held,
  today: Temporal.PlainDate,
  reason: 'removal' | 'crossgrade',
): { readonly set: Partial<License>; readonly rows: readonly RowDraft[] } => {
  const about = { type: 'License change', reason, planAfterId: null } as const;
  const { rows, left } = takeBacks(held, today.add({ days: 1 }), about);
  const own = rowOf(held, { ...about, effectiveOn: today, unitsBefore: left, unitsAfter: 0, termAfter: null });
  const credits = isBefore(today, held.license.startsOn) ? inFull(held) : [];
  return {
    set: { units: 0, unitsAtRenewal: null, removedOn: today },
    rows: close(rows, left === 0 && rows.length > 0 ? null : own, credits),
  };
};
