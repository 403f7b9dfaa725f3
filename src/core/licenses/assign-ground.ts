import { z } from 'zod';
import { dayAt, dayInput, isBefore } from '../calendar.ts';
import { tierOneOf, type PersonActor } from '../caller.ts';
import { Customer } from '../customers/customer.ts';
import { invalid, notFound, rule } from '../errors.ts';
import { Partner } from '../people/partner.ts';
import { unitLimits, type Offer } from '../plans/plan-fields.ts';
import { offerOf } from '../plans/offer.ts';
import { planStatus } from '../plans/plan-status.ts';
import { ServicePlan } from '../plans/service-plan.ts';
import { lineOf } from '../text.ts';
import type { Context } from '../use-case.ts';
import { renewLate } from './automatic-renewal.ts';
import { isChargedByTerm, issuedLicenses, type IssuedLicense } from './license-terms.ts';
import type { AssignGround } from './reads.ts';

/** Furthest start: twelve months ahead for everyone, thirty days back for admins. */
const monthsAhead = 12;
const daysBack = 30;

export const assignInput = z.strictObject({
  /** Account name or id. */
  customer: lineOf(120),
  /** Name or id. */
  plan: lineOf(120),
  /** Default: the plan's. */
  units: z.int().min(unitLimits.minimum).max(unitLimits.maximum).optional(),
  /** Default: today, in the partner's zone. */
  startsOn: dayInput.optional(),
});
export type AssignInput = z.output<typeof assignInput>;

/** Everything an assignment stands on, before anything is written. */
export interface Assigning {
  readonly customer: Customer;
  readonly plan: ServicePlan;
  readonly offer: Offer;
  readonly units: number;
  /** As typed; undefined: left to the plan. */
  readonly typedUnits: number | undefined;
  readonly today: Temporal.PlainDate;
  readonly startsOn: Temporal.PlainDate;
  readonly ground: AssignGround;
}

/** Whether a plan may be given to anybody on that day. @throws Refusal blaming `plan`. */
const requireAssignable = (plan: ServicePlan, { product }: Offer, today: Temporal.PlainDate): void => {
  const status = planStatus(plan, product, today);
  if (status !== 'enabled')
    throw rule(`plan.${status}`, { field: 'plan', params: { plan: plan.name, product: product.name } });
};

/** The first day of the licences: today … twelve months ahead; admins up to thirty days back; NFR today. */
const chooseStart = (plan: ServicePlan, input: AssignInput, today: Temporal.PlainDate, actor: PersonActor) => {
  const startsOn = input.startsOn ?? today;
  if (plan.nfr) {
    if (!startsOn.equals(today)) throw invalid('license.nfr_start', 'startsOn');
    return startsOn;
  }
  const latest = today.add({ months: monthsAhead });
  if (isBefore(latest, startsOn)) throw invalid('license.start_too_late', 'startsOn', { latest: latest.toString() });
  const isAdmin = actor.roles.includes('admin');
  const earliestStart = isAdmin ? today.subtract({ days: daysBack }) : today;
  if (isBefore(startsOn, earliestStart))
    throw invalid(isAdmin ? 'license.start_too_early' : 'license.start_past', 'startsOn', {
      earliest: earliestStart.toString(),
    });
  return startsOn;
};

const chooseUnits = (plan: ServicePlan, input: AssignInput): number => {
  const units = input.units ?? plan.defaultUnits;
  if (plan.nfr && units !== plan.defaultUnits)
    throw invalid('license.nfr_units', 'units', { units: plan.defaultUnits });
  return units;
};

/**
 * Finds what is named and checks it; what of the customer's ended is renewed before. To change something it is held:
 * customer, then plan, then (NFR: one per product and partner) the partner, always in this order. Duplicates are
 * reported, not refused. @throws Refusal naming the field.
 */
export const findAssigning = async (
  context: Context<PersonActor>,
  input: AssignInput,
  { hold }: { readonly hold: boolean },
): Promise<Assigning> => {
  const { uow, reads, actor, now } = context;
  const today = dayAt(now, actor.timeZone);
  const target = await reads.licenses.assignTarget(input.customer, input.plan, today);
  if (!target.customerId) throw notFound('customer', 'customer');
  if (!target.planId) throw notFound('service plan', 'plan');
  if (target.late) await renewLate(context, [target.customerId], [target.planId]);
  const find = hold ? uow.lock.bind(uow) : uow.get.bind(uow);
  // Asked for at once, held in this order.
  const [customer, plan] = await Promise.all([
    find(Customer, target.customerId, 'customer'),
    find(ServicePlan, target.planId, 'plan'),
  ]);
  if (hold && plan.nfr) await uow.lock(Partner, actor.partnerId);

  if (customer.status === 'suspended')
    throw rule('license.customer_suspended', { field: 'customer', params: { customer: customer.company } });
  const offer = await offerOf(reads, plan.productId);
  requireAssignable(plan, offer, today);
  const units = chooseUnits(plan, input);
  const startsOn = chooseStart(plan, input, today, actor);
  const ground = await reads.licenses.assignGround({
    customerId: customer.id,
    planId: plan.id,
    productIds: offer.components.map(({ id }) => id),
    startsOn,
    today,
  });
  return { customer, plan, offer, units, typedUnits: input.units, today, startsOn, ground };
};

/** The licences that the assignment gives. @throws Refusal `license.no_price`. */
export const licensesOf = async (
  { reads, actor }: Context<PersonActor>,
  { plan, offer, units, startsOn }: Assigning,
): Promise<IssuedLicense[]> => {
  const { components } = offer;
  const breaks = isChargedByTerm(plan)
    ? await reads.catalog.breaks(
        tierOneOf(actor),
        components.map(({ id }) => id),
        actor.currency,
        startsOn,
      )
    : [];
  const { currency, partnerId } = actor;
  const dataCentres = offer.product.kind === 'suite' ? await reads.suites.dataCentres(partnerId, plan.productId) : {};
  const { endOfLifeOn } = offer.product;
  return issuedLicenses({ plan, components, units, startsOn, breaks, currency, dataCentres, endOfLifeOn });
};
