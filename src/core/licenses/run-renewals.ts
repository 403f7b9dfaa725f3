import { z } from 'zod';
import { dayAt, dayOf, dayResult, isBefore, isOnOrAfter, startOfDay } from '../calendar.ts';
import { Customer } from '../customers/customer.ts';
import { Partner } from '../people/partner.ts';
import { PlanAssignment } from '../plans/plan-assignment.ts';
import { ServicePlan } from '../plans/service-plan.ts';
import type { Reads } from '../reads.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import { tellExpiry } from './expiry-mail.ts';
import { applyChanges } from './license-change.ts';
import { heldOf, type HeldLicense } from './license-ground.ts';
import { License } from './license.ts';
import { graceEndsOn, isOpen, renewsByItself, saleEndsOn } from './license-status.ts';
import type { DueLicense, Stretch } from './renewal-reads.ts';
import { isRenewedBetween, renewed, type Hindrance } from './renewal-terms.ts';
import { ledgerWriter } from './write-ledger.ts';

/** Customers that one transaction holds. */
const batch = 25;

/** Everything that decides about the licences of one customer, held. */
interface Ground {
  readonly customer: Customer;
  readonly partner: Partner;
  readonly today: Temporal.PlainDate;
  readonly plans: ReadonlyMap<string, ServicePlan>;
  readonly assignments: ReadonlyMap<string, PlanAssignment>;
  readonly planProducts: ReadonlyMap<string, Parameters<typeof saleEndsOn>[0]>;
  readonly suspensions: readonly Stretch[];
  readonly locks: readonly Stretch[];
}

/** What is said to be so now although nobody wrote since when, has always been so. */
const since = (stretches: readonly Stretch[], isNow: boolean): Hindrance[] =>
  isNow && !stretches.some(({ to }) => to === null) ? [...stretches, { from: null, to: null }] : [...stretches];

const hindrancesOf = (ground: Ground, { license, product }: HeldLicense): Hindrance[] => {
  const { customer, partner, plans, planProducts, suspensions, locks } = ground;
  const plan = plans.get(license.planId!)!;
  const ends = saleEndsOn(planProducts.get(plan.productId)!, product);
  return [
    ...since(
      suspensions.filter(({ id }) => id === customer.id),
      customer.status === 'suspended',
    ),
    ...since(
      locks.filter(({ id }) => id === plan.id),
      plan.locked,
    ),
    ...(ends ? [{ from: startOfDay(ends, partner.timeZone), to: null }] : []),
  ];
};

/** Whether the licence renews by itself at its end, as things stood from then on until now. */
const renewsAtEnd = (ground: Ground, held: HeldLicense, now: Temporal.Instant): boolean => {
  const { license } = held;
  const { timeZone } = ground.partner;
  if (!license.autoRenewal || license.version === 'trial' || license.planId === null || license.removedOn) return false;
  const first = startOfDay(license.endsOn, timeZone);
  const graceEnd = startOfDay(graceEndsOn(license), timeZone);
  // What lies ahead of the present moment is not known yet.
  const known = hindrancesOf(ground, held).filter(({ from }) => !from || Temporal.Instant.compare(from, now) <= 0);
  return isRenewedBetween(first, graceEnd, known);
};

/** Renews as often as terms have ended: each time as if on its day. Gives the new terms. */
const renewUpTo = async (
  context: Context,
  ground: Ground,
  held: HeldLicense,
): Promise<{ readonly startsOn: string; readonly endsOn: string; readonly units: number }[]> => {
  const { license } = held;
  const { customer, partner, today } = ground;
  const write = ledgerWriter(context, { partnerId: customer.partnerId, customerId: customer.id });
  const terms: { startsOn: string; endsOn: string; units: number }[] = [];
  let current = held;
  while (isOnOrAfter(today, license.endsOn) && renewsAtEnd(ground, current, context.now)) {
    const { settings } = ground.assignments.get(license.assignmentId!)!;
    const startsOn = license.endsOn;
    const change = renewed(current, {
      startsOn,
      months: settings.renewalMonths ?? settings.initialMonths ?? 0,
      breaks: await context.reads.catalog.breaks(
        partner.parentId ?? partner.id,
        [held.product.id],
        partner.currency,
        startsOn,
      ),
      currency: partner.currency,
      today,
      graceDays: settings.graceDays,
    });
    applyChanges([change], write);
    const [row] = change.rows;
    current = {
      ...current,
      ledger: [...current.ledger, { effectiveOn: startsOn.toString(), delta: row?.delta ?? 0 }],
    };
    terms.push({ startsOn: startsOn.toString(), endsOn: license.endsOn.toString(), units: license.units });
  }
  return terms;
};

/** A term that was renewed ahead has begun: the number of units that it brings is the licence's now. */
const takeUnits = (license: License, today: Temporal.PlainDate, assignment: PlanAssignment | undefined): void => {
  const begun = license.terms.findLast(({ startsOn }) => isOnOrAfter(today, dayOf(startsOn)));
  if (begun?.units === undefined) return;
  license.units = begun.units;
  if (assignment) assignment.units = begun.units;
  license.terms = license.terms.map((term) => {
    if (term !== begun) return term;
    const { units: _, ...rest } = term;
    return rest;
  });
};

/** The notice that a day calls for: the nearest window that was reached since, or that the licence is over. */
const noticeOf = (license: License, today: Temporal.PlainDate): number | 'expired' | null => {
  const isNew = (day: Temporal.PlainDate): boolean =>
    isOnOrAfter(today, day) && (license.settledOn === null || isBefore(license.settledOn, day));
  if (!isOpen(license, today)) return isNew(graceEndsOn(license)) ? 'expired' : null;
  if (isOnOrAfter(today, license.endsOn)) return null;
  const windows = license.notifyDays.filter((days) => isNew(license.endsOn.subtract({ days })));
  return windows.length === 0 ? null : Math.min(...windows);
};

const settle = async (context: Context, ground: Ground, held: HeldLicense) => {
  const { license } = held;
  const { today, customer, assignments } = ground;
  const assignment = license.assignmentId === null ? undefined : assignments.get(license.assignmentId);
  takeUnits(license, today, assignment);
  const terms = await renewUpTo(context, ground, held);
  if (terms.length > 0 && assignment) assignment.units = license.units;
  const notice = noticeOf(license, today);
  license.settledOn = today;
  const isFollowed =
    notice !== null &&
    (await context.reads.licenses.openOf(customer.id, [license.productId], today)).some(
      ({ licenseId }) => licenseId !== license.id,
    );
  const planProduct =
    license.planId === null ? null : ground.planProducts.get(ground.plans.get(license.planId)!.productId);
  const goesOn = renewsByItself({
    autoRenewal: license.autoRenewal,
    endsOn: license.endsOn,
    saleEndsOn: saleEndsOn(planProduct ?? held.product, held.product),
  });
  const isCalledFor = notice === 'expired' || (notice !== null && !goesOn);
  return { held, terms, notice: isCalledFor && !isFollowed ? notice : null };
};

const groundOf = async (
  { uow, reads, now }: Context,
  customers: readonly Customer[],
  due: readonly DueLicense[],
): Promise<(customer: Customer) => Promise<Ground>> => {
  const planIds = [...new Set(due.flatMap(({ planId }) => planId ?? []))];
  const plans = new Map((await uow.lockAll(ServicePlan, planIds)).map((plan) => [plan.id, plan]));
  const assignmentIds = due.flatMap(({ assignmentId }) => assignmentId ?? []);
  const assignments = new Map((await uow.lockAll(PlanAssignment, assignmentIds)).map((one) => [one.id, one]));
  const suspensions = await reads.renewals.suspensions(customers.map(({ id }) => id));
  const locks = await reads.renewals.locks(planIds);
  const planProducts = await productsOf(reads, [...plans.values()]);
  return async (customer) => {
    const partner = await uow.get(Partner, customer.partnerId);
    const today = dayAt(now, partner.timeZone);
    return { customer, partner, today, plans, assignments, planProducts, suspensions, locks };
  };
};

const productsOf = async (reads: Reads, plans: readonly ServicePlan[]) =>
  new Map(
    (await reads.catalog.products([...new Set(plans.map(({ productId }) => productId))])).map((product) => [
      product.id,
      product,
    ]),
  );

/**
 * What time brings to licences, for some customers in each call until none is left (`more`): automatic renewals, each
 * dated as on its day however late this runs, and the notices of ends that come and that came. Doing it again does
 * nothing.
 */
export const runRenewals = defineUseCase({
  kind: 'command',
  name: 'renewals run',
  needs: 'system',
  input: z.strictObject({}),
  result: z.object({
    renewed: z.array(
      z.object({
        licenseId: z.string(),
        /** Account name. */
        customer: z.string(),
        /** SKU. */
        product: z.string(),
        units: z.int(),
        startsOn: dayResult,
        endsOn: dayResult,
      }),
    ),
    /** Notices queued. */
    notices: z.int(),
    more: z.boolean(),
  }),

  async run(context) {
    const { uow, reads, now } = context;
    const ids = await reads.renewals.dueCustomers(now, batch);
    const customers = await uow.lockAll(Customer, ids);
    // Read again behind the customers' locks: another process may have been here.
    const due = await reads.renewals.dueLicenses(ids, now);
    const groundFor = await groundOf(context, customers, due);
    const held = await heldOf(
      reads,
      await uow.lockAll(
        License,
        due.map(({ licenseId }) => licenseId),
      ),
    );
    const ofCustomer = Map.groupBy(held, ({ license }) => license.customerId);
    const done: { customer: Customer; settled: Awaited<ReturnType<typeof settle>> }[] = [];
    for (const customer of customers) {
      const mine = ofCustomer.get(customer.id);
      if (!mine) continue;
      const ground = await groundFor(customer);
      for (const one of mine) done.push({ customer, settled: await settle(context, ground, one) });
    }
    const notices = tellExpiry(
      uow,
      done.flatMap(
        ({
          settled: {
            held: { license },
            notice,
          },
        }) => (notice === null ? [] : [{ license, notice }]),
      ),
    );
    return {
      renewed: done.flatMap(({ customer, settled: { held: one, terms } }) =>
        terms.map((term) => ({
          licenseId: one.license.id,
          customer: customer.account,
          product: one.product.sku,
          ...term,
        })),
      ),
      notices,
      more: ids.length === batch,
    };
  },
});

/** Whether any licence's day has come: asked each minute, so that an idle minute leaves no trace. */
export const renewalsDue = defineUseCase({
  kind: 'query',
  name: 'renewals due',
  needs: 'system',
  input: z.strictObject({}),
  result: z.object({ due: z.boolean() }),

  async run({ reads, now }) {
    return { due: (await reads.renewals.dueCustomers(now, 1)).length > 0 };
  },
});
