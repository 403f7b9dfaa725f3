import { dayAt, isOnOrAfter, startOfDay } from '../calendar.ts';
import type { CatalogProduct } from '../catalog/reads.ts';
import { Customer } from '../customers/customer.ts';
import type { PersonActor } from '../caller.ts';
import { Partner } from '../people/partner.ts';
import { PlanAssignment } from '../plans/plan-assignment.ts';
import { ServicePlan } from '../plans/service-plan.ts';
import type { Context } from '../use-case.ts';
import { applyChanges } from './license-change.ts';
import { findLicense, heldOf, type HeldLicense, type LicenseGround } from './license-ground.ts';
import { License } from './license.ts';
import { unitsComeOn, withoutUnits } from './ledger-draft.ts';
import { graceEndsOn, saleEndsOn } from './license-status.ts';
import type { Stretch } from './renewal-reads.ts';
import { isRenewedBetween, renewedFrom, type Hindrance } from './renewal-terms.ts';
import { ledgerWriter } from './write-ledger.ts';

/** What decides whether a licence renews by itself, held. */
export interface RenewalGround {
  readonly customer: Customer;
  readonly partner: Partner;
  readonly today: Temporal.PlainDate;
  /** All three null: unbundled. */
  readonly plan: ServicePlan | null;
  readonly planProduct: CatalogProduct | null;
  readonly assignment: PlanAssignment | null;
  /** Of this customer and this plan. */
  readonly suspensions: readonly Stretch[];
  readonly locks: readonly Stretch[];
}

/** A term that was added, by its days and units. */
export interface RenewedTerm {
  readonly startsOn: string;
  readonly endsOn: string;
  readonly units: number;
}

/** What is said to be so now although nobody wrote since when, has always been so. */
const since = (stretches: readonly Stretch[], isNow: boolean): Hindrance[] =>
  isNow && !stretches.some(({ to }) => to === null) ? [...stretches, { from: null, to: null }] : [...stretches];

const hindrancesOf = (ground: RenewalGround, { product }: HeldLicense): Hindrance[] => {
  const { customer, partner, plan, planProduct, suspensions, locks } = ground;
  const ends = saleEndsOn(planProduct ?? product, product);
  return [
    ...since(suspensions, customer.status === 'suspended'),
    ...since(locks, plan?.locked === true),
    ...(ends ? [{ from: startOfDay(ends, partner.timeZone), to: null }] : []),
  ];
};

/** Whether the licence renewed by itself at its end, as things stood from then on until now. */
const renewsAtEnd = (ground: RenewalGround, held: HeldLicense, now: Temporal.Instant): boolean => {
  const { license } = held;
  const { timeZone } = ground.partner;
  if (!license.autoRenewal || license.version === 'trial' || !ground.assignment || license.removedOn) return false;
  const graceEnd = startOfDay(graceEndsOn(license), timeZone);
  // What lies ahead of the present moment is not known yet.
  const known = hindrancesOf(ground, held).filter(({ from }) => !from || Temporal.Instant.compare(from, now) <= 0);
  return isRenewedBetween(startOfDay(license.endsOn, timeZone), graceEnd, known);
};

/** Whether the customer has the product by another licence, given while this one stood ended and the job was late. */
const isFollowed = async (
  reads: Context['reads'],
  { customer }: RenewalGround,
  { license }: HeldLicense,
): Promise<boolean> => {
  if (license.version === 'nfr') return false;
  const others = await reads.licenses.openOf(customer.id, [license.productId], license.endsOn);
  return others.some(({ licenseId }) => licenseId !== license.id);
};

/**
 * Renews a licence as often as terms have ended until today, each time as if on its day, however late that is. It comes
 * before whatever else changes the licence that day. Gives the new terms.
 */
const renewUpToToday = async (
  context: Pick<Context, 'uow' | 'reads' | 'actor' | 'now' | 'requestId'>,
  ground: RenewalGround,
  held: HeldLicense,
): Promise<readonly RenewedTerm[]> => {
  const { license } = held;
  const { customer, partner, today, assignment } = ground;
  // Nobody asked for it, whoever's request it is that finds it due.
  const bySystem = { ...context, actor: { type: 'system', name: 'renewal' } as const };
  const write = ledgerWriter(bySystem, { partnerId: customer.partnerId, customerId: customer.id });
  const terms: RenewedTerm[] = [];
  let ledger = held.ledger;
  const isDue = (): boolean => isOnOrAfter(today, license.endsOn) && renewsAtEnd(ground, held, context.now);
  // Nobody has two licences of one product: what came in its place stays.
  if (isDue() && (await isFollowed(context.reads, ground, held))) return terms;
  while (isDue()) {
    const startsOn = license.endsOn;
    const under = {
      settings: assignment!.settings,
      planProduct: ground.planProduct,
      tierOneId: partner.parentId ?? partner.id,
      currency: partner.currency,
      today,
    };
    const change = await renewedFrom(context.reads, { ...held, ledger }, under, startsOn);
    applyChanges([change], write);
    ledger = [
      ...ledger,
      ...change.rows.map(({ effectiveOn, delta }) => ({ effectiveOn: effectiveOn.toString(), delta })),
    ];
    terms.push({ startsOn: startsOn.toString(), endsOn: license.endsOn.toString(), units: license.units });
  }
  if (terms.length > 0 && assignment) assignment.units = license.units;
  return terms;
};

/** The day has come on which a term that was renewed ahead brings its number of units: it is the licence's now. */
const takeUnits = (license: License, today: Temporal.PlainDate, assignment: PlanAssignment | null): void => {
  const begun = license.terms.findLast((term) => {
    const on = unitsComeOn(term);
    return on !== null && isOnOrAfter(today, on);
  });
  if (begun?.units === undefined) return;
  license.units = begun.units;
  if (assignment) assignment.units = begun.units;
  license.terms = license.terms.map((term) => (term === begun ? withoutUnits(term) : term));
};

/** What time brought to a licence until now, as if on its days: units, and terms, which it gives. */
export const bringUpToDate = (
  context: Parameters<typeof renewUpToToday>[0],
  ground: RenewalGround,
  held: HeldLicense,
): Promise<readonly RenewedTerm[]> => {
  takeUnits(held.license, ground.today, ground.assignment);
  return renewUpToToday(context, ground, held);
};

/** Licences whose day has come, each with what decides about it; all of it held, the customers by the caller. */
export const holdDue = async (
  { uow, reads, now }: Pick<Context, 'uow' | 'reads' | 'now'>,
  customers: readonly Customer[],
  { besides = [] }: { /** Plans that are to be held with theirs, by id. */ readonly besides?: readonly string[] } = {},
): Promise<{ readonly ground: RenewalGround; readonly held: HeldLicense }[]> => {
  const customerIds = customers.map(({ id }) => id);
  const due = await reads.renewals.dueLicenses(customerIds, now);
  const planIds = [...new Set(due.flatMap(({ planId }) => planId ?? []))];
  const plans = await uow.lockAll(ServicePlan, [...new Set([...planIds, ...besides])]);
  const assignments = await uow.lockAll(
    PlanAssignment,
    due.flatMap(({ assignmentId }) => assignmentId ?? []),
  );
  const products = await reads.catalog.products([...new Set(plans.map(({ productId }) => productId))]);
  const suspensions = Map.groupBy(await reads.renewals.suspensions(customerIds), ({ id }) => id);
  const locks = Map.groupBy(await reads.renewals.locks(planIds), ({ id }) => id);
  const licenses = await uow.lockAll(
    License,
    due.map(({ licenseId }) => licenseId),
  );
  const found = [];
  for (const held of await heldOf(reads, licenses)) {
    const { license } = held;
    const customer = customers.find(({ id }) => id === license.customerId)!;
    const partner = await uow.get(Partner, customer.partnerId);
    const plan = plans.find(({ id }) => id === license.planId) ?? null;
    const ground = {
      customer,
      partner,
      today: dayAt(now, partner.timeZone),
      plan,
      planProduct: products.find(({ id }) => id === plan?.productId) ?? null,
      assignment: assignments.find(({ id }) => id === license.assignmentId) ?? null,
      suspensions: suspensions.get(customer.id) ?? [],
      locks: plan ? (locks.get(plan.id) ?? []) : [],
    };
    found.push({ ground, held });
  }
  return found;
};

/**
 * Renews what of these customers ended and was not renewed yet, because the job is late: what a person does next then
 * counts from licences as they should stand. `planIds`: what that holds of plans.
 */
export const renewLate = async (
  context: Pick<Context, 'uow' | 'reads' | 'actor' | 'now' | 'requestId'>,
  customerIds: readonly string[],
  planIds: readonly string[] = [],
): Promise<void> => {
  if (customerIds.length === 0) return;
  const customers = await context.uow.lockAll(Customer, customerIds);
  for (const { ground, held } of await holdDue(context, customers, { besides: planIds }))
    await bringUpToDate(context, ground, held);
  await context.uow.flush();
};

/** The same for those of the customers for whom the job is late. */
export const renewLateAmong = async (
  context: Context<PersonActor>,
  customerIds: readonly string[],
  planIds: readonly string[] = [],
): Promise<void> => {
  const { reads, actor, now } = context;
  await renewLate(context, await reads.renewals.lateAmong(customerIds, dayAt(now, actor.timeZone)), planIds);
};

/** Renews what ended of the customer of an own licence; nothing where there is no such licence. */
export const renewLateOf = async (
  context: Context<PersonActor>,
  licenseId: string,
  { nextPlanId }: { readonly nextPlanId?: string } = {},
): Promise<void> => {
  const { reads, actor, now } = context;
  const late = await reads.renewals.lateHolder(actor.partnerId, licenseId, dayAt(now, actor.timeZone));
  if (!late) return;
  const planIds = [late.planId, nextPlanId].flatMap((id) => id ?? []);
  await renewLate(context, [late.customerId], planIds);
};

/**
 * Finds a licence as `findLicense` does, once what of its customer ended was renewed: to change it, or in a rehearsal.
 * @throws Refusal `not_found` blaming `license`.
 */
export const findRenewed = async (
  context: Context<PersonActor>,
  licenseId: string,
  options: Parameters<typeof findLicense>[2],
): Promise<LicenseGround> => {
  await renewLateOf(context, licenseId, options);
  return findLicense(context, licenseId, options);
};
