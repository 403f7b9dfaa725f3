import { dayOf, daysBetween, earliest, isBefore } from '../calendar.ts';
import type { Reads } from '../reads.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import { bringsUnitsFrom, termsUntil, unitsComeOn } from './ledger-draft.ts';
import { License } from './license.ts';

/**
 * The end of a term and the grace after it, cut by ends of life: neither reaches beyond the first of these days, that of
 * the licence's product or that of the suite under whose plan it stands.
 */
export const cutByLife = (
  termEnd: Temporal.PlainDate,
  graceDays: number,
  ...endsOfLife: readonly (Temporal.PlainDate | null | undefined)[]
): { readonly endsOn: Temporal.PlainDate; readonly graceDays: number } => {
  const over = earliest(...endsOfLife.map((day) => day ?? null));
  if (!over) return { endsOn: termEnd, graceDays };
  const endsOn = isBefore(over, termEnd) ? over : termEnd;
  return { endsOn, graceDays: Math.min(graceDays, daysBetween(endsOn, over)) };
};

/** So many licences are held in memory at a time. */
const batch = 500;

/**
 * What a licence is once its product's end of life is known: over on that day at the latest. Later terms are dropped,
 * grace does not reach beyond the day, a decrease that waited for the next renewal waits no more. Nothing is refunded
 * and no ledger row is written, nor taken back: units that a dropped term was to bring come on their day, over as the
 * licence is. Of one that would begin later, an empty term is left.
 */
export const endedOn = (
  { terms, endsOn, graceDays, unitsAtRenewal }: Pick<License, 'terms' | 'endsOn' | 'graceDays' | 'unitsAtRenewal'>,
  day: Temporal.PlainDate,
): Pick<License, 'terms' | 'endsOn' | 'graceDays' | 'unitsAtRenewal'> => {
  if (isBefore(endsOn, day)) return { terms, ...cutByLife(endsOn, graceDays, day), unitsAtRenewal };
  const kept = termsUntil(terms, day);
  const told = terms.findLast((term) => bringsUnitsFrom(term, day));
  const still = told?.units === undefined ? {} : { units: told.units, unitsOn: unitsComeOn(told)!.toString() };
  return {
    terms:
      kept.length > 0
        ? kept.with(-1, { ...kept.at(-1)!, ...still })
        : terms.slice(0, 1).map((term) => ({ ...term, endsOn: term.startsOn })),
    endsOn: kept.length > 0 ? dayOf(kept.at(-1)!.endsOn) : day,
    graceDays: 0,
    unitsAtRenewal: null,
  };
};

/**
 * Ends the licences of products on the day of their end of life: the products' own, and of a suite those under its
 * plans. Plans of them are held by the caller, so that none is given meanwhile.
 */
export const endLicenses = async (
  { uow, reads }: { readonly uow: UnitOfWork; readonly reads: Reads },
  productIds: readonly string[],
  day: Temporal.PlainDate,
): Promise<number> => {
  const ids = await reads.suites.outliving(productIds, day);
  for (let from = 0; from < ids.length; from += batch) {
    for (const license of await uow.lockAll(License, ids.slice(from, from + batch)))
      Object.assign(license, endedOn(license, day));
    await uow.flush();
  }
  return ids.length;
};
