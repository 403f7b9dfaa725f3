import { dayAt } from '../calendar.ts';
import type { CatalogProduct } from '../catalog/reads.ts';
import type { PersonActor } from '../caller.ts';
import { Customer } from '../customers/customer.ts';
import { notFound, rule, type Refusal } from '../errors.ts';
import { PlanAssignment } from '../plans/plan-assignment.ts';
import { planStatus, type PlanStatus } from '../plans/plan-status.ts';
import { ServicePlan } from '../plans/service-plan.ts';
import type { Reads } from '../reads.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import type { Context } from '../use-case.ts';
import type { Held } from './ledger-draft.ts';
import { License } from './license.ts';
import { isOpen, licenseStatus, saleEndsOn, type LicenseStanding, type LicenseStatus } from './license-status.ts';

/** A licence with its product and ledger, as it may be changed, and as it was when it was found. */
export type HeldLicense = Held & { readonly license: License; readonly was: Readonly<License> };

/** A licence that a person named, and everything that decides what may be done with it. */
export interface LicenseGround {
  readonly customer: Customer;
  /** Null: unbundled. */
  readonly assignment: PlanAssignment | null;
  readonly plan: ServicePlan | null;
  /** What the plan offers: for a suite not the licence's own product. */
  readonly planProduct: CatalogProduct | null;
  /** In the zone of the partner. */
  readonly today: Temporal.PlainDate;
  readonly asked: HeldLicense;
  /** The licences of its assignment that are not removed, by id; an unbundled one or a removed one stands alone. */
  readonly together: readonly HeldLicense[];
}

/** Licences by id, in order: to look at, or held in order to change them. */
export const findLicenses = (
  uow: UnitOfWork,
  ids: readonly string[],
  { hold }: { readonly hold: boolean },
): Promise<License[]> => (hold ? uow.lockAll(License, ids) : Promise.all(ids.map((id) => uow.get(License, id))));

/** Licences with their products, ledger and money, in the order they are given. */
export const heldOf = async (reads: Reads, licenses: readonly License[]): Promise<HeldLicense[]> => {
  const ids = licenses.map(({ id }) => id);
  const ledger = Map.groupBy(await reads.licenses.ledgerDays(ids), (row) => row.licenseId);
  const charged = Map.groupBy(await reads.licenses.charged(ids), (sum) => sum.licenseId);
  const productIds = [...new Set(licenses.map(({ productId }) => productId))];
  const products = new Map((await reads.catalog.products(productIds)).map((product) => [product.id, product]));
  return licenses.map((license) => ({
    license,
    was: { ...license } as License,
    product: products.get(license.productId)!,
    ledger: ledger.get(license.id) ?? [],
    charged: (charged.get(license.id) ?? []).map(({ minor, currency }) => ({ minor: BigInt(minor), currency })),
  }));
};

/**
 * Finds a licence of the caller's own partner with what stands around it. To change it, all of that is held: customer,
 * its plan and the one that it is to have, assignment, then the licences by id.
 * @throws Refusal `not_found` blaming `license`.
 */
export const findLicense = async (
  { uow, reads, actor, now }: Context<PersonActor>,
  licenseId: string,
  { hold, nextPlanId }: { readonly hold: boolean; /** A plan that it is to have. */ readonly nextPlanId?: string },
): Promise<LicenseGround> => {
  const found = await reads.licenses.place(licenseId);
  if (!found) throw notFound('license', 'license');
  const customer = hold ? await uow.lock(Customer, found.customerId) : await uow.get(Customer, found.customerId);
  // Whatever moves a licence to another plan holds its customer: from here on it stays where it is.
  const { assignmentId, planId } = (await reads.licenses.place(licenseId)) ?? found;
  const take = hold ? uow.lock.bind(uow) : uow.get.bind(uow);
  // Two plans are taken by id: another caller may go from the second to the first.
  if (hold && nextPlanId !== undefined)
    await uow.lockAll(ServicePlan, [nextPlanId, ...(planId === null ? [] : [planId])]);
  const plan = planId === null ? null : await take(ServicePlan, planId);
  const assignment = assignmentId === null ? null : await take(PlanAssignment, assignmentId);
  const kept = assignmentId === null ? [] : await reads.licenses.keptOf(assignmentId);
  const ids = kept.includes(licenseId) ? kept : [licenseId];
  const held = await heldOf(reads, await findLicenses(uow, ids, { hold }));
  const [planProduct = null] = plan ? await reads.catalog.products([plan.productId]) : [];
  const asked = held.find(({ license }) => license.id === licenseId)!;
  return { customer, assignment, plan, planProduct, today: dayAt(now, actor.timeZone), asked, together: held };
};

/**
 * The products of the licences around a named one that the customer has by another open licence as well: these stay as
 * they are. @throws Refusal blaming `license`, where the named one's is among them.
 */
export const productsHeldOtherwise = async (
  reads: Reads,
  { asked, together, customer, today }: LicenseGround,
): Promise<ReadonlySet<string>> => {
  const ids = new Set(together.map(({ license }) => license.id));
  const productIds = together.map(({ product }) => product.id);
  const open = await reads.licenses.openOf(customer.id, productIds, today);
  const others = new Set(open.filter(({ licenseId }) => !ids.has(licenseId)).map(({ productId }) => productId));
  if (others.has(asked.product.id))
    throw rule('license.other_open', { field: 'license', params: { product: asked.product.name } });
  return others;
};

/** What a licence's status depends on besides the day. */
export const standingOf = (
  { customer, planProduct }: Pick<LicenseGround, 'customer' | 'planProduct'>,
  { license, product }: HeldLicense,
): LicenseStanding => ({
  startsOn: license.startsOn,
  endsOn: license.endsOn,
  graceDays: license.graceDays,
  notifyDays: license.notifyDays,
  autoRenewal: license.autoRenewal,
  activation: license.activation,
  activatedAt: license.activatedAt,
  suspended: license.suspended,
  removedOn: license.removedOn,
  customerSuspended: customer.status === 'suspended',
  saleEndsOn: saleEndsOn(planProduct ?? product, product),
});

export const statusOf = (ground: LicenseGround, held: HeldLicense): LicenseStatus =>
  licenseStatus(standingOf(ground, held), ground.today);

/** Why nothing can be done with a licence any more: it was removed, or it is over. Null: it is open. */
export const overRefusal = ({ today }: LicenseGround, { license, product }: HeldLicense): Refusal | null => {
  const detail = { field: 'license', params: { product: product.name } };
  if (license.removedOn !== null) return rule('license.removed', detail);
  return isOpen(license, today) ? null : rule('license.expired', detail);
};

/** The status of the licence's plan today; null: unbundled. */
export const planStatusOf = ({ plan, planProduct, today }: LicenseGround): PlanStatus | null =>
  plan && planProduct ? planStatus(plan, planProduct, today) : null;

/** @throws Refusal where the licence has no plan, or that waits for a suite change: nothing can be changed by it. */
export const requireBundled = ({ plan, asked }: LicenseGround): ServicePlan => {
  const product = asked.product.name;
  if (!plan) throw rule('license.unbundled', { field: 'license', params: { product } });
  if (plan.locked) throw rule('license.plan_locked', { field: 'license', params: { plan: plan.name, product } });
  return plan;
};
