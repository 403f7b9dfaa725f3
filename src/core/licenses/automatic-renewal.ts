import { isOnOrAfter, startOfDay } from '../calendar.ts';
import type { CatalogProduct } from '../catalog/reads.ts';
import type { Customer } from '../customers/customer.ts';
import type { PersonActor } from '../caller.ts';
import { Partner } from '../people/partner.ts';
import type { PlanAssignment } from '../plans/plan-assignment.ts';
import type { ServicePlan } from '../plans/service-plan.ts';
import type { Context } from '../use-case.ts';
import { applyChanges } from './license-change.ts';
import { findLicense, type HeldLicense, type LicenseGround } from './license-ground.ts';
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
export const renewUpToToday = async (
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

/**
 * Renews what ended and was not renewed yet, because the job is late: what a person does next then counts from licences
 * as they should stand. Tells whether something changed.
 */
const renewWhatEnded = async (context: Context<PersonActor>, ground: LicenseGround): Promise<boolean> => {
  const { customer, plan, planProduct, assignment, today, together } = ground;
  const ended = together.filter(({ license }) => license.autoRenewal && isOnOrAfter(today, license.endsOn));
  if (ended.length === 0 || !plan) return false;
  const { uow, reads } = context;
  const partner = await uow.get(Partner, customer.partnerId);
  const suspensions = await reads.renewals.suspensions([customer.id]);
  const locks = await reads.renewals.locks([plan.id]);
  const about = { customer, partner, today, plan, planProduct, assignment, suspensions, locks };
  let changed = false;
  for (const held of ended) changed = (await renewUpToToday(context, about, held)).length > 0 || changed;
  if (changed) await uow.flush();
  return changed;
};

/**
 * Holds a licence, with what stands around it, to change it: as it stands once its ended terms were renewed.
 * @throws Refusal `not_found` blaming `license`.
 */
export const holdLicense = async (context: Context<PersonActor>, licenseId: string): Promise<LicenseGround> => {
  const found = await findLicense(context, licenseId, { hold: true });
  return (await renewWhatEnded(context, found)) ? findLicense(context, licenseId, { hold: true }) : found;
};
