import type { Context } from '../use-case.ts';
import { Partner } from '../people/partner.ts';
import { dayAt } from '../calendar.ts';
import type { Crossgrade } from './crossgrade.ts';

/**
 * Whether a crossgrade can be undone: `open` while its time runs and nothing touched its licences since; `over` when
 * that time has passed; `touched` when a later transaction touched one of them, or another licence of one of its
 * products was issued since.
 */
export const undoStandings = ['open', 'undone', 'over', 'touched'] as const;
export type UndoStanding = (typeof undoStandings)[number];

/** The licences that a crossgrade changed or brought. */
export const touchedBy = ({ former }: Pick<Crossgrade, 'former'>): string[] => [
  ...former.licenses.map(({ licenseId }) => licenseId),
  ...former.newIds,
];

/** The last moment, inclusive, at which a crossgrade can be undone; its partner's policy says how many minutes it is. */
export const undoUntilOf = (
  { at }: Pick<Crossgrade, 'at'>,
  { crossgradeUndoMinutes }: Pick<Partner, 'crossgradeUndoMinutes'>,
): Temporal.Instant => at.add({ minutes: crossgradeUndoMinutes });

/** How it stands with the undo now. To undo, its licences are held first. */
export const undoStandingOf = async (
  { uow, reads, now }: Pick<Context, 'uow' | 'reads' | 'now'>,
  crossgrade: Crossgrade,
  productIds: readonly string[],
): Promise<UndoStanding> => {
  if (crossgrade.undoneAt) return 'undone';
  const partner = await uow.get(Partner, crossgrade.partnerId);
  if (Temporal.Instant.compare(now, undoUntilOf(crossgrade, partner)) > 0) return 'over';

  const ids = touchedBy(crossgrade);
  if ((await reads.crossgrades.ledgerRows(ids)) !== crossgrade.former.ledgerRows) return 'touched';
  // What was added to its plan since, by a suite change, would be left without one.
  if ((await reads.licenses.keptOf(crossgrade.assignmentId)).some((id) => !ids.includes(id))) return 'touched';
  // Bringing a removed licence back must not make a second one of its product.
  const open = await reads.crossgrades.openLicenses(crossgrade.customerId, dayAt(now, partner.timeZone));
  const known = new Set([...ids, ...crossgrade.former.openIds]);
  return open.some(({ id, productId }) => !known.has(id) && productIds.includes(productId)) ? 'touched' : 'open';
};
