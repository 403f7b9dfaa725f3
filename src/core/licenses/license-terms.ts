import { dayOf, isOnOrAfter, monthsAfter } from '../calendar.ts';
import { yearlyPriceOf } from '../catalog/price-for.ts';
import type { UnitType } from '../catalog/product.ts';
import type { CatalogProduct, PriceBreak } from '../catalog/reads.ts';
import { rule } from '../errors.ts';
import { termCharge } from '../money/annual.ts';
import type { ServicePlan } from '../plans/service-plan.ts';
import { cutByLife } from './end-of-life.ts';
import { termsUntil } from './ledger-draft.ts';
import type { License, LicenseTerm } from './license.ts';

/** One licence as an assignment issues it. */
export interface IssuedLicense {
  readonly product: CatalogProduct;
  readonly unitType: UnitType;
  readonly startsOn: Temporal.PlainDate;
  /** Exclusive; not later than the product's end of life. */
  readonly endsOn: Temporal.PlainDate;
  readonly term: LicenseTerm;
  readonly graceDays: number;
  readonly dataCentre: string | null;
  /** What the first term costs, in minor units; zero where nothing is charged up front. */
  readonly charge: bigint;
}

/** Whether a licence, or those of a plan, are paid by the term: annual and full. Trials and NFR are never charged. */
export const isChargedByTerm = ({
  subscriptionType,
  version,
}: Pick<License, 'subscriptionType' | 'version'>): boolean =>
  subscriptionType === 'annual_license' && version === 'full';

/** The end of a first term that starts on a day: so many months from it, clamped, or so many days. */
const firstTermEnd = (
  { initialMonths, initialDays }: Pick<ServicePlan['settings'], 'initialMonths' | 'initialDays'>,
  startsOn: Temporal.PlainDate,
): Temporal.PlainDate =>
  initialDays === null ? monthsAfter(startsOn, initialMonths ?? 0) : startsOn.add({ days: initialDays });

/**
 * The licences of a plan from a day on: one for each product, all with the plan's dates and number of units. The
 * preview and the deed both ask this. @throws Refusal `license.no_price` where an annual licence has none.
 */
export const issuedLicenses = (about: {
  readonly plan: ServicePlan;
  readonly components: readonly CatalogProduct[];
  readonly units: number;
  readonly startsOn: Temporal.PlainDate;
  /** The breaks in force on the first day of the term. */
  readonly breaks: readonly PriceBreak[];
  readonly currency: string;
  /** By product id: where services that a suite change added stand; absent: where the plan's do. */
  readonly dataCentres?: Readonly<Record<string, string>>;
  /** Of the plan's product: for a suite not that of a licence. */
  readonly endOfLifeOn?: Temporal.PlainDate | null;
}): IssuedLicense[] => {
  const { plan, components, units, startsOn, breaks, currency, dataCentres = {} } = about;
  const { settings } = plan;
  const termEnd = firstTermEnd(settings, startsOn);
  // A product that has ended by then gives no licence; the rest of the suite does.
  const isOver = (endOfLifeOn?: Temporal.PlainDate | null): boolean =>
    endOfLifeOn != null && isOnOrAfter(startsOn, endOfLifeOn);
  const alive = isOver(about.endOfLifeOn) ? [] : components.filter(({ endOfLifeOn }) => !isOver(endOfLifeOn));
  if (alive.length === 0) throw rule('plan.end_of_life', { field: 'plan', params: { plan: plan.name } });
  const isSuite = components.length > 1 || components[0]?.id !== plan.productId;

  return alive.map((product) => {
    const { endsOn, graceDays } = cutByLife(termEnd, settings.graceDays, product.endOfLifeOn, about.endOfLifeOn);
    const isService = product.kind === 'service';
    const yearlyPrice = isChargedByTerm(plan) ? yearlyPriceOf(breaks, product.id) : null;
    if (isChargedByTerm(plan) && yearlyPrice === null)
      throw rule('license.no_price', { field: 'plan', params: { product: product.name, currency } });
    const months = settings.initialMonths;
    return {
      product,
      unitType: isSuite ? (product.unitTypes[0] ?? 'seat') : plan.unitType,
      startsOn,
      endsOn,
      term: {
        startsOn: startsOn.toString(),
        endsOn: endsOn.toString(),
        anchorOn: startsOn.toString(),
        version: plan.version,
        subscriptionType: plan.subscriptionType,
        months,
        yearlyPrice,
        currency: yearlyPrice === null ? null : currency,
      },
      graceDays,
      dataCentre: isService ? (dataCentres[product.id] ?? settings.dataCentre) : null,
      charge: yearlyPrice === null ? 0n : termCharge({ yearlyPrice, months: months ?? 0, currency }, units),
    };
  });
};

/**
 * What a licence becomes that moves to a plan on a day: the new term cuts the one that runs, and the plan's settings
 * hold from then on. Id, activation, suspension and data centre stay; a decrease that waited is dropped.
 */
export const movedTo = (
  plan: ServicePlan,
  issued: IssuedLicense,
  {
    license,
    units,
    today,
  }: { readonly license: Readonly<License>; readonly units: number; readonly today: Temporal.PlainDate },
): Partial<License> => {
  const terms = [...termsUntil(license.terms, today), issued.term];
  return {
    planId: plan.id,
    version: plan.version,
    subscriptionType: plan.subscriptionType,
    units,
    unitsAtRenewal: null,
    terms,
    startsOn: dayOf(terms[0]!.startsOn),
    endsOn: issued.endsOn,
    autoRenewal: plan.settings.autoRenewal,
    notifyDays: plan.settings.notifyDays,
    graceDays: issued.graceDays,
  };
};
