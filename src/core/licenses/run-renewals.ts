import { z } from 'zod';
import { dayAt, dayOf, dayResult, isBefore, isOnOrAfter } from '../calendar.ts';
import type { CatalogProduct } from '../catalog/reads.ts';
import { Customer } from '../customers/customer.ts';
import { Partner } from '../people/partner.ts';
import { PlanAssignment } from '../plans/plan-assignment.ts';
import { ServicePlan } from '../plans/service-plan.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import { renewUpToToday, type RenewalGround } from './automatic-renewal.ts';
import { tellExpiry } from './expiry-mail.ts';
import { heldOf, type HeldLicense } from './license-ground.ts';
import { License } from './license.ts';
import { graceEndsOn, isOpen, renewsByItself, saleEndsOn } from './license-status.ts';
import type { DueLicense, Stretch } from './renewal-reads.ts';

/** Customers that one transaction holds. */
const batch = 25;

/** Everything that decides about the licences of a batch, held. */
interface Ground {
  readonly plans: ReadonlyMap<string, ServicePlan>;
  readonly planProducts: ReadonlyMap<string, CatalogProduct>;
  readonly assignments: ReadonlyMap<string, PlanAssignment>;
  readonly suspensions: readonly Stretch[];
  readonly locks: readonly Stretch[];
}

/** A term that was renewed ahead has begun: the number of units that it brings is the licence's now. */
const takeUnits = (license: License, today: Temporal.PlainDate, assignment: PlanAssignment | null): void => {
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

const settle = async (context: Context, ground: RenewalGround, held: HeldLicense) => {
  const { license } = held;
  const { today, customer, assignment, planProduct } = ground;
  takeUnits(license, today, assignment);
  const terms = await renewUpToToday(context, ground, held);
  const notice = noticeOf(license, today);
  license.settledOn = today;
  if (notice === null) return { held, terms, notice };
  const goesOn = renewsByItself({
    autoRenewal: license.autoRenewal,
    endsOn: license.endsOn,
    saleEndsOn: saleEndsOn(planProduct ?? held.product, held.product),
  });
  const open = await context.reads.licenses.openOf(customer.id, [license.productId], today);
  const isFollowed = open.some(({ licenseId }) => licenseId !== license.id);
  const isCalledFor = !isFollowed && (notice === 'expired' || !goesOn);
  return { held, terms, notice: isCalledFor ? notice : null };
};

const groundOf = async (
  { uow, reads }: Context,
  customerIds: readonly string[],
  due: readonly DueLicense[],
): Promise<Ground> => {
  const planIds = [...new Set(due.flatMap(({ planId }) => planId ?? []))];
  const plans = await uow.lockAll(ServicePlan, planIds);
  const assignments = await uow.lockAll(
    PlanAssignment,
    due.flatMap(({ assignmentId }) => assignmentId ?? []),
  );
  const products = await reads.catalog.products([...new Set(plans.map(({ productId }) => productId))]);
  return {
    plans: new Map(plans.map((plan) => [plan.id, plan])),
    planProducts: new Map(products.map((product) => [product.id, product])),
    assignments: new Map(assignments.map((assignment) => [assignment.id, assignment])),
    suspensions: await reads.renewals.suspensions(customerIds),
    locks: await reads.renewals.locks(planIds),
  };
};

const groundFor = (
  { plans, planProducts, assignments, suspensions, locks }: Ground,
  { license }: HeldLicense,
  customer: Customer,
  partner: Partner,
  now: Temporal.Instant,
): RenewalGround => {
  const plan = license.planId === null ? null : (plans.get(license.planId) ?? null);
  return {
    customer,
    partner,
    today: dayAt(now, partner.timeZone),
    plan,
    planProduct: plan && (planProducts.get(plan.productId) ?? null),
    assignment: license.assignmentId === null ? null : (assignments.get(license.assignmentId) ?? null),
    suspensions: suspensions.filter(({ id }) => id === customer.id),
    locks: locks.filter(({ id }) => id === plan?.id),
  };
};

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
    const ground = await groundOf(context, ids, due);
    const licenses = await uow.lockAll(
      License,
      due.map(({ licenseId }) => licenseId),
    );
    const byId = new Map(customers.map((customer) => [customer.id, customer]));
    const done: { customer: Customer; settled: Awaited<ReturnType<typeof settle>> }[] = [];
    for (const held of await heldOf(reads, licenses)) {
      const customer = byId.get(held.license.customerId)!;
      const partner = await uow.get(Partner, customer.partnerId);
      done.push({ customer, settled: await settle(context, groundFor(ground, held, customer, partner, now), held) });
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
