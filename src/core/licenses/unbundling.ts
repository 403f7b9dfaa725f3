import { bounds, effectiveUnits, termOn, type Held, type RowDraft } from './ledger-draft.ts';
import type { License } from './license.ts';

/** A licence loses its plan: it runs to its end, does not renew, and is charged as before. */
export const unbundling = (
  held: Held,
  today: Temporal.PlainDate,
  type: 'License change' | 'Suite Composition Change',
): { readonly set: Partial<License>; readonly rows: readonly RowDraft[] } => {
  const { license, product } = held;
  const units = effectiveUnits(held, today);
  const term = bounds(termOn(license, today));
  return {
    set: { assignmentId: null, planId: null, autoRenewal: false, unitsAtRenewal: null },
    rows: [
      {
        type,
        reason: 'unbundled',
        effectiveOn: today,
        productId: product.id,
        planBeforeId: license.planId,
        planAfterId: null,
        unitsBefore: units,
        delta: 0,
        unitsAfter: units,
        termBefore: term,
        termAfter: term,
        money: [],
      },
    ],
  };
};
