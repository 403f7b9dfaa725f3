import { dayOf, daysBetween, isBefore, isOnOrAfter, monthsAfter } from '../calendar.ts';
import { yearlyPriceOf } from '../catalog/price-for.ts';
import type { CatalogProduct, PriceBreak } from '../catalog/reads.ts';
import { proration, termCharge } from '../money/annual.ts';
import type { PlanSettings } from '../plans/service-plan.ts';
import type { Reads } from '../reads.ts';
import { cutByLife } from './end-of-life.ts';
import type { LicenseChange } from './license-change.ts';
import type { HeldLicense } from './license-ground.ts';
import { bounds, rowOf, takeBacks, unitsOn, type MoneyDraft } from './ledger-draft.ts';
import type { LicenseTerm } from './license.ts';
import { isChargedByTerm } from './license-terms.ts';

/** Whole months from an anchor to a day that such a step reaches, clamped; null: none does. */
const monthsFrom = (anchor: Temporal.PlainDate, to: Temporal.PlainDate): number | null => {
  const months = (to.year - anchor.year) * 12 + to.month - anchor.month;
  return months >= 0 && monthsAfter(anchor, months).equals(to) ? months : null;
};

/** Units that came between the first day of the new term and today. */
const addedSince = (
  { ledger }: HeldLicense,
  startsOn: Temporal.PlainDate,
  today: Temporal.PlainDate,
): readonly { readonly on: Temporal.PlainDate; readonly delta: number }[] =>
  ledger
    .map(({ effectiveOn, delta }) => ({ on: dayOf(effectiveOn), delta }))
    .filter(({ on, delta }) => delta !== 0 && isBefore(startsOn, on) && isOnOrAfter(today, on));

/** What a renewal of some months is made of. */
interface RenewalAsked {
  /** The old end, or today after a break. */
  readonly startsOn: Temporal.PlainDate;
  readonly months: number;
  /** The breaks in force on the first day, in the currency of the partner. */
  readonly breaks: readonly PriceBreak[];
  readonly currency: string;
  readonly today: Temporal.PlainDate;
  /** Of the assignment: end of life knows none. */
  readonly graceDays: number;
  /** Of the plan's product: for a suite not that of the licence. */
  readonly endOfLifeOn: Temporal.PlainDate | null;
}

/**
 * The next term, its price and its ledger row. A term from the old end keeps the anchor of the month steps; one after a
 * break sets a new one. A stored decrease is applied; without a price in the list the old term's is kept. Units that
 * were added in the days of grace are charged for the part of the new term that was left on their day; a decrease that
 * was stored after them takes them back.
 */
const renewed = (held: HeldLicense, asked: RenewalAsked): LicenseChange => {
  const { license, product } = held;
  const { startsOn, months, breaks, currency, today } = asked;
  const last = license.terms.at(-1)!;
  const steps = startsOn.equals(dayOf(last.endsOn)) ? monthsFrom(dayOf(last.anchorOn), startsOn) : null;
  const anchor = steps === null ? startsOn : dayOf(last.anchorOn);
  const termEnd = monthsAfter(anchor, (steps ?? 0) + months);
  const { endsOn, graceDays } = cutByLife(termEnd, asked.graceDays, product.endOfLifeOn, asked.endOfLifeOn);

  const isPaid = isChargedByTerm(license);
  const listed = isPaid ? yearlyPriceOf(breaks, product.id) : null;
  const yearlyPrice = isPaid ? (listed ?? last.yearlyPrice) : null;
  const priceIn = listed === null ? last.currency : currency;

  const about = { type: 'License change', reason: 'renewal', planAfterId: license.planId } as const;
  const unitsBefore = unitsOn(held, startsOn);
  const unitsAfter = license.unitsAtRenewal ?? unitsBefore;
  const isAhead = isBefore(today, startsOn);
  const added = isAhead ? [] : addedSince(held, startsOn, today);
  const takesBack = license.unitsAtRenewal !== null && added.length > 0;
  const term: LicenseTerm = {
    startsOn: startsOn.toString(),
    endsOn: endsOn.toString(),
    anchorOn: anchor.toString(),
    version: license.version,
    subscriptionType: license.subscriptionType,
    months,
    yearlyPrice,
    currency: yearlyPrice === null ? null : priceIn,
    ...(isAhead && unitsAfter !== unitsBefore && { units: unitsAfter }),
    ...(isPaid && listed === null && { priceKept: true as const }),
  };
  const price = yearlyPrice === null || priceIn === null ? null : { yearlyPrice, months, currency: priceIn };
  const money: MoneyDraft[] = [];
  const charge = (kind: MoneyDraft['kind'], minor: bigint): void => {
    if (minor !== 0n) money.push({ kind, minor, currency: price!.currency });
  };
  if (price) charge('charge', termCharge(price, unitsAfter));
  if (price && !takesBack)
    for (const { on, delta } of added)
      charge(
        'proration',
        proration(price, delta, { daysLeft: daysBetween(on, endsOn), daysInTerm: daysBetween(startsOn, endsOn) }),
      );
  return {
    held,
    set: {
      terms: [...license.terms, term],
      endsOn,
      graceDays,
      unitsAtRenewal: null,
      ...(!isAhead && { units: takesBack ? unitsAfter : added.reduce((sum, { delta }) => sum + delta, unitsAfter) }),
    },
    rows: [
      ...(takesBack ? takeBacks(held, startsOn.add({ days: 1 }), about).rows : []),
      rowOf(held, { ...about, effectiveOn: startsOn, unitsBefore, unitsAfter, termAfter: bounds(term), money }),
    ],
  };
};

/** Under what a licence is renewed. */
export interface RenewedUnder {
  /** Of its assignment. */
  readonly settings: PlanSettings;
  /** For a suite not the licence's own product. */
  readonly planProduct: CatalogProduct | null;
  readonly tierOneId: string;
  /** Of the partner. */
  readonly currency: string;
  readonly today: Temporal.PlainDate;
}

/** The renewal of a licence from a day on, for the assignment's renewal period, else its initial one. */
export const renewedFrom = async (
  reads: Pick<Reads, 'catalog'>,
  held: HeldLicense,
  { settings, planProduct, tierOneId, currency, today }: RenewedUnder,
  startsOn: Temporal.PlainDate,
): Promise<LicenseChange> => {
  const isPaid = isChargedByTerm(held.license);
  return renewed(held, {
    startsOn,
    months: settings.renewalMonths ?? settings.initialMonths ?? 0,
    breaks: isPaid ? await reads.catalog.breaks(tierOneId, [held.product.id], currency, startsOn) : [],
    currency,
    today,
    graceDays: settings.graceDays,
    endOfLifeOn: planProduct?.endOfLifeOn ?? null,
  });
};

/** A stretch of time in which a condition of renewal is not met; null: it still lasts, or nobody knows since when. */
export interface Hindrance {
  readonly from: Temporal.Instant | null;
  readonly to: Temporal.Instant | null;
}

const lasts = ({ from, to }: Hindrance, at: Temporal.Instant): boolean =>
  (from === null || Temporal.Instant.compare(from, at) <= 0) && (to === null || Temporal.Instant.compare(at, to) < 0);

/**
 * Whether an automatic renewal happens: at the first moment from local 00:00 of the end at which nothing hinders it,
 * before the end of grace. Without grace that first moment decides alone.
 */
export const isRenewedBetween = (
  first: Temporal.Instant,
  graceEnd: Temporal.Instant,
  hindrances: readonly Hindrance[],
): boolean => {
  const moments = [
    first,
    ...hindrances.flatMap(({ to }) =>
      to && Temporal.Instant.compare(first, to) < 0 && Temporal.Instant.compare(to, graceEnd) < 0 ? [to] : [],
    ),
  ];
  return moments.some((at) => !hindrances.some((hindrance) => lasts(hindrance, at)));
};

/** A term renewed ahead is there already. */
export const isRenewedAhead = ({ license }: HeldLicense, today: Temporal.PlainDate): boolean =>
  license.terms.length > 1 && !isOnOrAfter(today, dayOf(license.terms.at(-1)!.startsOn));
