import { effectiveUnits, rowOf, type Held, type RowDraft } from './ledger-draft.ts';
import type { License } from './license.ts';

/** A licence loses its plan: it runs to its end, does not renew, and is charged as before. */
export const unbundling = (
  held: Held,
  today: Temporal.PlainDate,
  type: 'License change' | 'Suite Composition Change',
): { readonly set: Partial<License>; readonly rows: readonly RowDraft[] } => {
  const units = effectiveUnits(held, today);
  const row = rowOf(held, {
    type,
    reason: 'unbundled',
    effectiveOn: today,
    planAfterId: null,
    unitsBefore: units,
    unitsAfter: units,
  });
  return { set: { assignmentId: null, planId: null, autoRenewal: false, unitsAtRenewal: null }, rows: [row] };
};
