import { dayOf, daysBetween, earliest, isBefore, isOnOrAfter, latest } from '../calendar.ts';
import { yearlyPriceOf } from '../catalog/price-for.ts';
import type { CatalogProduct, PriceBreak } from '../catalog/reads.ts';
import type { Customer } from '../customers/customer.ts';
import { rule } from '../errors.ts';
import type { GivenLicense } from '../licenses/issue-license.ts';
import type { LicenseChange } from '../licenses/license-change.ts';
import { cutByLife } from '../licenses/end-of-life.ts';
import type { HeldLicense } from '../licenses/license-ground.ts';
import {
  bounds,
  close,
  creditsOf,
  takeBacks,
  rowOf,
  termsUntil,
  unitsOn,
  type MoneyDraft,
  type RowDraft,
} from '../licenses/ledger-draft.ts';
import type { LicenseTerm } from '../licenses/license.ts';
import { isOpen } from '../licenses/license-status.ts';
import { isChargedByTerm } from '../licenses/license-terms.ts';
import { removal } from '../licenses/removal.ts';
import { unbundling } from '../licenses/unbundling.ts';
import { proration, termCharge } from '../money/annual.ts';
import type { PlanAssignment } from '../plans/plan-assignment.ts';
import type { ServicePlan } from '../plans/service-plan.ts';

const type = 'Suite Composition Change';

export interface AcceptanceQuestion {
  readonly customer: Pick<Customer, 'company' | 'status'>;
  readonly plan: ServicePlan;
  readonly assignment: PlanAssignment;
  /** What the suite gives from now on, in the catalogue's order. */
  readonly after: readonly CatalogProduct[];
  /** Of the suite. */
  readonly endOfLifeOn: Temporal.PlainDate | null;
  /** The customer's open licences. */
  readonly held: readonly HeldLicense[];
  readonly today: Temporal.PlainDate;
  /** By product id: where services that the change added stand; absent: where the assignment's do. */
  readonly dataCentres: Readonly<Record<string, string>>;
  /** Nothing was said yet of where services stand: a place will be given that they are offered in. */
  readonly unplaced: boolean;
  /** The breaks in force on a day, in `currency`. */
  readonly breaksOn: (day: Temporal.PlainDate) => readonly PriceBreak[];
  readonly currency: string;
  /** Ids of products of which the partner has an open NFR licence: one per product. */
  readonly nfrProducts: ReadonlySet<string>;
}

/** A licence that is not there yet. */
export interface AddedLicense extends GivenLicense {
  readonly rows: readonly RowDraft[];
}

/** What the acceptance of one assignment does. */
export interface AcceptancePlan {
  readonly changes: readonly (LicenseChange & { readonly outcome: 'transferred' | 'superseded' | 'unbundled' })[];
  readonly added: readonly AddedLicense[];
  /** Other assignments that lose their licences by it. */
  readonly replacedIds: readonly string[];
}

/** Products of the suite that the assignment was never given, and that can still be given. */
const missingIn = (
  { composition }: PlanAssignment,
  after: readonly CatalogProduct[],
  today: Temporal.PlainDate,
): CatalogProduct[] =>
  after.filter(({ id, endOfLifeOn }) => !composition.includes(id) && !(endOfLifeOn && isOnOrAfter(today, endOfLifeOn)));

const openOf = ({ assignment, held, today }: Pick<AcceptanceQuestion, 'assignment' | 'held' | 'today'>) =>
  held.filter(({ license }) => license.assignmentId === assignment.id && isOpen(license, today));

/**
 * The licence whose terms and units stand for the assignment's: one that runs since the assignment began, and of
 * these one that nothing ended early.
 */
const modelOf = (
  open: readonly HeldLicense[],
  { startsOn }: Pick<PlanAssignment, 'startsOn'>,
): HeldLicense | undefined => {
  const sinceThen = ({ license }: HeldLicense): number =>
    license.terms.some((term) => term.startsOn === startsOn.toString()) ? 0 : 1;
  return open.toSorted(
    (a, b) => sinceThen(a) - sinceThen(b) || Temporal.PlainDate.compare(b.license.endsOn, a.license.endsOn),
  )[0];
};

/** The terms that are not over on a day. */
const termsFrom = ({ license }: HeldLicense, today: Temporal.PlainDate): LicenseTerm[] =>
  license.terms.filter(({ endsOn }) => isBefore(today, dayOf(endsOn)));

/** Days whose price lists the acceptance of an assignment needs: the first day of each term that it gives. */
export const pricedDays = (
  question: Pick<AcceptanceQuestion, 'assignment' | 'plan' | 'held' | 'today'>,
): Temporal.PlainDate[] => {
  const { today, plan, assignment } = question;
  const model = isChargedByTerm(plan) ? modelOf(openOf(question), assignment) : undefined;
  return model ? termsFrom(model, today).map(({ startsOn }) => latest(today, dayOf(startsOn))) : [];
};

interface Stretch {
  readonly term: LicenseTerm;
  readonly units: number;
  readonly money: readonly MoneyDraft[];
}

/**
 * The terms of an added product: what is left of the assignment's running one, and each later one whole. Annual: the
 * running one costs the part that is left of its price, counted over the days of the assignment's term; a later one
 * costs all of it. @throws Refusal `license.no_price`.
 */
const stretchesOf = (question: AcceptanceQuestion, model: HeldLicense, product: CatalogProduct): Stretch[] => {
  const { today, plan, breaksOn, currency } = question;
  const stretches: Stretch[] = [];
  for (const term of termsFrom(model, today)) {
    const begins = dayOf(term.startsOn);
    const startsOn = latest(today, begins);
    const endsOn = earliest(dayOf(term.endsOn), product.endOfLifeOn)!;
    if (!isBefore(startsOn, endsOn)) break;
    const before = stretches.at(-1)?.term;
    const listed = isChargedByTerm(plan) ? yearlyPriceOf(breaksOn(startsOn), product.id) : null;
    const yearlyPrice = listed ?? before?.yearlyPrice ?? null;
    if (isChargedByTerm(plan) && yearlyPrice === null)
      throw rule('license.no_price', { field: 'customers', params: { product: product.name, currency } });
    const units = unitsOn(model, startsOn);
    const pricedFrom = term.pricedFrom ?? term.startsOn;
    const price = yearlyPrice === null ? null : { yearlyPrice, months: term.months ?? 0, currency };
    const isWhole = isBefore(today, begins);
    const minor =
      price === null
        ? 0n
        : isWhole
          ? termCharge(price, units)
          : proration(price, units, {
              daysLeft: daysBetween(startsOn, endsOn),
              daysInTerm: daysBetween(dayOf(pricedFrom), endsOn),
            });
    stretches.push({
      units,
      money: minor === 0n ? [] : [{ kind: isWhole ? 'charge' : 'proration', minor, currency }],
      term: {
        startsOn: startsOn.toString(),
        endsOn: endsOn.toString(),
        anchorOn: term.anchorOn,
        version: plan.version,
        subscriptionType: plan.subscriptionType,
        months: term.months,
        yearlyPrice,
        currency: yearlyPrice === null ? null : currency,
        ...(yearlyPrice !== null && pricedFrom !== startsOn.toString() && { pricedFrom }),
        ...(term.units !== undefined && { units: term.units }),
        ...(yearlyPrice !== null && listed === null && { priceKept: true as const }),
      },
    });
  }
  return stretches;
};

/** Where a service that the change adds stands. @throws Refusal where none of the known places is offered. */
const dataCentreOf = (
  { plan, assignment, dataCentres, unplaced, customer }: AcceptanceQuestion,
  product: CatalogProduct,
): string | null => {
  if (product.kind !== 'service') return null;
  const known = [
    dataCentres[product.id],
    assignment.settings.dataCentre,
    plan.settings.dataCentre,
    unplaced ? product.dataCentres[0] : null,
  ];
  const offered = known.find((centre) => centre != null && product.dataCentres.includes(centre));
  if (offered == null)
    throw rule('suite.data_centre_missing', {
      field: 'customers',
      params: { customer: customer.company, product: product.name, allowed: product.dataCentres.join(', ') },
    });
  return offered;
};

/** A row for each term after the first, as a renewal ahead has one: with its units and what it costs. */
const laterRows = (
  stretches: readonly Stretch[],
  row: Pick<RowDraft, 'type' | 'reason' | 'productId' | 'planBeforeId' | 'planAfterId'>,
): RowDraft[] =>
  stretches.slice(1).map(({ units, term, money }, index): RowDraft => {
    const before = stretches[index]!;
    return {
      ...row,
      effectiveOn: dayOf(term.startsOn),
      unitsBefore: before.units,
      delta: units - before.units,
      unitsAfter: units,
      termBefore: bounds(before.term),
      termAfter: bounds(term),
      money,
    };
  });

const give = (question: AcceptanceQuestion, model: HeldLicense, product: CatalogProduct): AddedLicense[] => {
  const { plan, assignment } = question;
  const stretches = stretchesOf(question, model, product);
  const [first] = stretches;
  if (!first) return [];
  const end = dayOf(stretches.at(-1)!.term.endsOn);
  const about = { type, reason: 'suite_added', productId: product.id, planAfterId: plan.id } as const;
  return [
    {
      product,
      unitType: product.unitTypes[0] ?? 'seat',
      dataCentre: dataCentreOf(question, product),
      units: first.units,
      unitsAtRenewal: model.license.unitsAtRenewal,
      terms: stretches.map(({ term }) => term),
      graceDays: cutByLife(end, assignment.settings.graceDays, product.endOfLifeOn, question.endOfLifeOn).graceDays,
      rows: [
        {
          ...about,
          planBeforeId: null,
          effectiveOn: dayOf(first.term.startsOn),
          unitsBefore: 0,
          delta: first.units,
          unitsAfter: first.units,
          termBefore: null,
          termAfter: bounds(first.term),
          money: first.money,
        },
        ...laterRows(stretches, { ...about, planBeforeId: plan.id }),
      ],
    },
  ];
};

/** The licence that the customer has of an added product goes on under the assignment, as the assignment's others do. */
const transfer = (
  question: AcceptanceQuestion,
  held: HeldLicense,
  added: AddedLicense,
): AcceptancePlan['changes'][number] => {
  const { plan, assignment, today } = question;
  const { license, product } = held;
  const names = { product: product.name, plan: plan.name };
  if (plan.version === 'trial' && license.version === 'full')
    throw rule('crossgrade.trial_over_full', { field: 'customers', params: names });
  if (license.unitType !== added.unitType)
    throw rule('crossgrade.unit_type', {
      field: 'customers',
      params: { ...names, held: license.unitType, planned: added.unitType },
    });
  if (license.dataCentre !== added.dataCentre)
    throw rule('crossgrade.data_centre', {
      field: 'customers',
      params: { ...names, held: license.dataCentre ?? 'none', planned: added.dataCentre ?? 'none' },
    });
  const about = { type, reason: 'suite_transfer', planAfterId: plan.id } as const;
  const { rows, left } = takeBacks(held, today.add({ days: 1 }), about);
  const terms = [...termsUntil(license.terms, today), ...added.terms];
  const [{ money = [] } = {}, ...later] = added.rows;
  const own = rowOf(held, {
    ...about,
    effectiveOn: today,
    unitsBefore: left,
    unitsAfter: added.units,
    termAfter: bounds(added.terms[0]!),
  });
  return {
    held,
    outcome: 'transferred',
    set: {
      assignmentId: assignment.id,
      planId: plan.id,
      version: plan.version,
      subscriptionType: plan.subscriptionType,
      units: added.units,
      unitsAtRenewal: added.unitsAtRenewal,
      terms,
      startsOn: dayOf(terms[0]!.startsOn),
      endsOn: dayOf(terms.at(-1)!.endsOn),
      autoRenewal: assignment.settings.autoRenewal,
      notifyDays: assignment.settings.notifyDays,
      graceDays: added.graceDays,
    },
    rows: [
      ...close(rows, own, [...creditsOf(held, today), ...money]),
      ...later.map((row) => ({ ...row, reason: about.reason })),
    ],
  };
};

/** What was to follow the licence that moves is not needed any more. */
const supersede = (held: HeldLicense, today: Temporal.PlainDate): AcceptancePlan['changes'][number] => {
  const { set, rows } = removal(held, today, 'crossgrade');
  return { held, outcome: 'superseded', set, rows: rows.map((row) => ({ ...row, type, reason: 'suite_transfer' })) };
};

/**
 * What accepting a suite's new composition does for one assignment, without doing it. Products that it was not given
 * yet come with the assignment's units and dates; where the customer has one already, that licence moves, and what
 * else stood under its plan becomes unbundled. Products that the suite lost become unbundled.
 * @throws Refusal that says why the customer cannot be taken over now.
 */
export const planAcceptance = (question: AcceptanceQuestion): AcceptancePlan => {
  const { customer, plan, assignment, after, held, today } = question;
  const params = { customer: customer.company, plan: plan.name };
  if (customer.status === 'suspended') throw rule('license.customer_suspended', { field: 'customers', params });
  const open = openOf(question);
  const model = modelOf(open, assignment);
  if (!model) throw rule('suite.nothing_open', { field: 'customers', params });
  // What stands under the assignment is there, whatever its composition says.
  const there = new Set(open.map(({ license }) => license.productId));
  const missing = missingIn(assignment, after, today).filter(({ id }) => !there.has(id));
  if (missing.length > 0 && termsFrom(model, today).length === 0)
    throw rule('suite.term_over', {
      field: 'customers',
      params: { ...params, endedOn: model.license.endsOn.toString() },
    });

  const changes: AcceptancePlan['changes'][number][] = [];
  const added: AddedLicense[] = [];
  const emptied = new Set<string>();
  for (const product of missing) {
    const twins = plan.nfr
      ? []
      : held
          .filter(
            ({ license }) => license.productId === product.id && license.version !== 'nfr' && isOpen(license, today),
          )
          .toSorted((a, b) => Temporal.PlainDate.compare(a.license.startsOn, b.license.startsOn));
    const [first, ...others] = twins;
    if (plan.nfr && question.nfrProducts.has(product.id))
      throw rule('license.nfr_exists', { field: 'customers', params: { product: product.name } });
    const [given] = give(question, model, product);
    if (!given) continue;
    if (!first) {
      added.push(given);
      continue;
    }
    // It would have to move before the assignment begins.
    if (isBefore(today, dayOf(model.license.terms[0]!.startsOn)))
      throw rule('suite.not_begun', {
        field: 'customers',
        params: { ...params, product: product.name, startsOn: model.license.startsOn.toString() },
      });
    changes.push(transfer(question, first, given), ...others.map((other) => supersede(other, today)));
    for (const { license } of twins) if (license.assignmentId !== null) emptied.add(license.assignmentId);
  }

  const inSuite = new Set(after.map(({ id }) => id));
  const touched = new Set(changes.map((change) => change.held));
  const loose = held.filter(
    (one) =>
      !touched.has(one) &&
      isOpen(one.license, today) &&
      one.license.assignmentId !== null &&
      (emptied.has(one.license.assignmentId) ||
        (one.license.assignmentId === assignment.id && !inSuite.has(one.license.productId))),
  );
  changes.push(...loose.map((one) => ({ held: one, outcome: 'unbundled' as const, ...unbundling(one, today, type) })));
  return { changes, added, replacedIds: [...emptied] };
};
