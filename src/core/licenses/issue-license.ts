import { dayOf } from '../calendar.ts';
import type { UnitType } from '../catalog/product.ts';
import type { CatalogProduct } from '../catalog/reads.ts';
import { PlanAssignment } from '../plans/plan-assignment.ts';
import type { Activation, PlanSettings, ServicePlan } from '../plans/service-plan.ts';
import type { Context } from '../use-case.ts';
import { License, type LicenseTerm } from './license.ts';

/** A plan is a customer's from a day on, with the plan's settings of this moment. */
export const newAssignment = (
  { uow, now }: Pick<Context, 'uow' | 'now'>,
  plan: ServicePlan,
  given: Pick<PlanAssignment, 'partnerId' | 'customerId' | 'units' | 'startsOn' | 'composition'>,
): PlanAssignment => {
  const { partnerId, customerId, units, startsOn, composition } = given;
  const assignment = new PlanAssignment({
    partnerId,
    customerId,
    id: uow.newId(),
    planId: plan.id,
    status: 'active',
    units,
    startsOn,
    composition,
    settings: plan.settings,
    createdAt: now,
  });
  uow.add(assignment);
  return assignment;
};

/** Software is unlocked by a code: five groups of an id that nobody has seen. */
const activationCodeOf = (id: string): string =>
  (id.replaceAll('-', '').toUpperCase().slice(-25).match(/.{5}/g) ?? []).join('-');

/** How a licence of a product is activated: software by its code, whatever the plan says of services. */
export const activationOf = ({ kind }: Pick<CatalogProduct, 'kind'>, settings: PlanSettings): Activation =>
  kind === 'service' ? settings.activation : 'immediately';

/** What of a licence its plan and its assignment do not say. */
export interface GivenLicense {
  readonly product: CatalogProduct;
  readonly unitType: UnitType;
  readonly units: number;
  readonly unitsAtRenewal: number | null;
  /** At least one. */
  readonly terms: readonly LicenseTerm[];
  readonly graceDays: number;
  readonly dataCentre: string | null;
}

/** A new licence under an assignment; its ledger rows are the caller's to write. */
export const newLicense = (
  { uow, now }: Pick<Context, 'uow' | 'now'>,
  { plan, assignment }: { readonly plan: ServicePlan; readonly assignment: PlanAssignment },
  { product, unitType, units, unitsAtRenewal, terms, graceDays, dataCentre }: GivenLicense,
): License => {
  const { settings } = assignment;
  const license = new License({
    partnerId: assignment.partnerId,
    customerId: assignment.customerId,
    id: uow.newId(),
    assignmentId: assignment.id,
    planId: plan.id,
    productId: product.id,
    version: plan.version,
    subscriptionType: plan.subscriptionType,
    unitType,
    units,
    unitsAtRenewal,
    terms: [...terms],
    startsOn: dayOf(terms[0]!.startsOn),
    endsOn: dayOf(terms.at(-1)!.endsOn),
    autoRenewal: settings.autoRenewal,
    notifyDays: settings.notifyDays,
    graceDays,
    activation: activationOf(product, settings),
    activatedAt: null,
    activationCode: product.kind === 'software' ? activationCodeOf(uow.newId()) : null,
    dataCentre,
    suspended: false,
    removedOn: null,
    settledOn: null,
    createdAt: now,
  });
  uow.add(license);
  return license;
};
