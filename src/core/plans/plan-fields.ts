import { z } from 'zod';
import { isOnOrAfter } from '../calendar.ts';
import {
  licenseVersions,
  subscriptionTypes,
  unitTypes,
  type LicenseVersion,
  type SubscriptionType,
  type UnitType,
} from '../catalog/product.ts';
import type { CatalogProduct } from '../catalog/reads.ts';
import { invalid, rule } from '../errors.ts';
import { lineOf } from '../text.ts';
import type { Data } from '../data.ts';
import type { Activation, ServicePlan } from './service-plan.ts';

export const activations = ['immediately', 'on_first_sign_in'] as const satisfies readonly Activation[];

/** Days before the end at which an expiry may be announced. */
export const notificationDays = [7, 14, 30, 60, 90] as const;

export const unitLimits = { minimum: 1, maximum: 1_000_000 } as const;
export const monthLimits = { minimum: 1, maximum: 36 } as const;
export const trialDayLimits = { minimum: 1, maximum: 90 } as const;
export const graceLimits = { minimum: 0, maximum: 90 } as const;

const whole = ({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }) =>
  z.int().min(minimum).max(maximum);

/** What one tells of a plan, by form or script. An NFR plan takes the name alone: the rest is fixed. */
export const planInput = z.strictObject({
  name: lineOf(80),
  /** SKU, name or id. */
  product: lineOf(120),
  subscriptionType: z.enum(subscriptionTypes).optional(),
  version: z.enum(licenseVersions).optional(),
  nfr: z.boolean().optional(),
  unitType: z.enum(unitTypes).optional(),
  activation: z.enum(activations).optional(),
  dataCentre: lineOf(80).optional(),
  remoteManager: z.boolean().optional(),
  trialForm: z.boolean().optional(),
  defaultUnits: whole(unitLimits).optional(),
  initialMonths: whole(monthLimits).optional(),
  initialDays: whole(trialDayLimits).optional(),
  autoRenewal: z.boolean().optional(),
  renewalMonths: whole(monthLimits).optional(),
  notifyDays: z
    .array(z.int().refine((days) => (notificationDays as readonly number[]).includes(days), 'plan.notify_days'))
    .max(notificationDays.length)
    .optional(),
  graceDays: whole(graceLimits).optional(),
  enabled: z.boolean().optional(),
});
export type PlanInput = z.output<typeof planInput>;

/** A product and what a plan of it gives licences of. */
export interface Offer {
  readonly product: CatalogProduct;
  readonly components: readonly CatalogProduct[];
}

/** A plan before it is anybody's. */
export type PlanTerms = Omit<Data<ServicePlan>, 'id' | 'partnerId' | 'locked' | 'createdAt'>;

const nfrMonths = 12;
const defaultGraceDays = { trial: 0, full: 30, nfr: 30 } as const;
const defaultNotifyDays = { trial: [7], full: [30], nfr: [30] } as const;
const defaultTrialDays = 30;
const defaultMonths = 12;

const listed = (values: readonly string[]): string => values.join(', ');

/**
 * The data centres a plan may choose from: those of a service; of a suite, those that all its services share. Null:
 * nothing in it is a service.
 */
export const dataCentresOf = ({ components }: Offer): readonly string[] | null => {
  const services = components.filter((product) => product.kind === 'service');
  if (services.length === 0) return null;
  const [first, ...rest] = services.map((product) => product.dataCentres);
  return (first ?? []).filter((centre) => rest.every((others) => others.includes(centre)));
};

/** The unit types a plan may choose from; a suite is counted in seats. */
export const unitTypesOf = ({ product }: Offer): readonly UnitType[] =>
  product.kind === 'suite' ? ['seat'] : product.unitTypes;

/** @throws Refusal blaming `product`, when no plan of it may be made on that day. */
export const requireOnSale = ({ product, components }: Offer, today: Temporal.PlainDate): void => {
  const params = { product: product.name };
  if ([product, ...components].some(({ provisioning }) => provisioning === 'customer_overview'))
    throw rule('catalog.customer_overview', { field: 'product', params });
  if (product.endOfLifeOn && isOnOrAfter(today, product.endOfLifeOn))
    throw rule('plan.product_end_of_life', { field: 'product', params });
  if (product.endOfSaleOn && isOnOrAfter(today, product.endOfSaleOn))
    throw rule('plan.product_end_of_sale', { field: 'product', params });
};

/** Which data centre the plan's services are in; null where it has no service. */
const chooseDataCentre = (offer: Offer, wanted: string | undefined): string | null => {
  const centres = dataCentresOf(offer);
  if (centres === null) {
    if (wanted !== undefined) throw invalid('plan.data_centre_unneeded', 'dataCentre', { product: offer.product.name });
    return null;
  }
  const params = { product: offer.product.name, allowed: listed(centres) };
  if (wanted === undefined) throw invalid('plan.data_centre_required', 'dataCentre', params);
  const chosen = centres.find((centre) => centre.toLowerCase() === wanted.toLowerCase());
  if (chosen === undefined) throw invalid('plan.data_centre_unknown', 'dataCentre', params);
  return chosen;
};

/** An NFR plan: everything but the name is fixed. A service stands where it was asked for, else in its first place. */
const nfrTerms = (offer: Offer, input: PlanInput): PlanTerms => {
  const { product } = offer;
  if (!product.nfrAllowed || product.nfrUnits === null)
    throw rule('plan.nfr_not_allowed', { field: 'nfr', params: { product: product.name } });
  const centres = dataCentresOf(offer);
  return {
    name: input.name,
    enabled: true,
    productId: product.id,
    subscriptionType: 'annual_license',
    nfr: true,
    version: 'nfr',
    unitType: unitTypesOf(offer)[0] ?? 'seat',
    trialForm: false,
    defaultUnits: product.nfrUnits,
    settings: {
      activation: 'immediately',
      dataCentre: input.dataCentre === undefined ? (centres?.[0] ?? null) : chooseDataCentre(offer, input.dataCentre),
      remoteManager: false,
      initialMonths: nfrMonths,
      initialDays: null,
      autoRenewal: true,
      renewalMonths: nfrMonths,
      notifyDays: defaultNotifyDays.nfr,
      graceDays: defaultGraceDays.nfr,
    },
  };
};

const requireWholeYears = (type: SubscriptionType, months: number | undefined, field: string): void => {
  if (type === 'annual_license' && months !== undefined && months % 12 !== 0) throw invalid('plan.whole_years', field);
};

const initialPeriod = (
  input: PlanInput,
  version: LicenseVersion,
  type: SubscriptionType,
): { readonly initialMonths: number | null; readonly initialDays: number | null } => {
  const { initialMonths, initialDays } = input;
  if (initialMonths !== undefined && initialDays !== undefined) throw invalid('plan.one_period', 'initialDays');
  if (initialDays !== undefined) {
    if (version !== 'trial') throw invalid('plan.days_trial_only', 'initialDays');
    return { initialMonths: null, initialDays };
  }
  requireWholeYears(type, initialMonths, 'initialMonths');
  if (initialMonths !== undefined) return { initialMonths, initialDays: null };
  return version === 'trial'
    ? { initialMonths: null, initialDays: defaultTrialDays }
    : { initialMonths: defaultMonths, initialDays: null };
};

const needed = <T>(value: T | undefined, field: string): T => {
  if (value === undefined) throw invalid('input.required', field);
  return value;
};

/**
 * The terms of a plan as they are stored: checked against what the product allows, with what was left out filled in.
 * Form preview and deed both ask this, so that they cannot disagree. @throws Refusal naming the field.
 */
export const planTerms = (offer: Offer, input: PlanInput, today: Temporal.PlainDate): PlanTerms => {
  const { product } = offer;
  requireOnSale(offer, today);
  if (input.nfr || input.version === 'nfr') return nfrTerms(offer, input);

  const subscriptionType = needed(input.subscriptionType, 'subscriptionType');
  const version = needed(input.version, 'version');
  const defaultUnits = needed(input.defaultUnits, 'defaultUnits');
  if (!product.versions.includes(version))
    throw invalid('plan.version_not_offered', 'version', {
      product: product.name,
      allowed: listed(product.versions.filter((offered) => offered !== 'nfr')),
    });
  const allowedUnits = unitTypesOf(offer);
  const unitType = input.unitType ?? allowedUnits[0] ?? 'seat';
  if (!allowedUnits.includes(unitType))
    throw invalid('plan.unit_type_not_offered', 'unitType', { product: product.name, allowed: listed(allowedUnits) });
  const dataCentre = chooseDataCentre(offer, input.dataCentre);
  const activation = input.activation ?? 'immediately';
  if (activation === 'on_first_sign_in' && dataCentre === null)
    throw invalid('plan.activation_services_only', 'activation');
  if (input.remoteManager && !product.remoteManager)
    throw invalid('plan.remote_manager_not_offered', 'remoteManager', { product: product.name });
  if (input.trialForm && version !== 'trial') throw invalid('plan.trial_form_trial_only', 'trialForm');
  if (input.autoRenewal && version === 'trial') throw invalid('plan.trial_never_renews', 'autoRenewal');
  const period = initialPeriod(input, version, subscriptionType);
  requireWholeYears(subscriptionType, input.renewalMonths, 'renewalMonths');

  return {
    name: input.name,
    enabled: input.enabled ?? true,
    productId: product.id,
    subscriptionType,
    nfr: false,
    version,
    unitType,
    trialForm: input.trialForm ?? false,
    defaultUnits,
    settings: {
      activation,
      dataCentre,
      remoteManager: input.remoteManager ?? false,
      ...period,
      autoRenewal: input.autoRenewal ?? version === 'full',
      renewalMonths: version === 'trial' ? null : (input.renewalMonths ?? period.initialMonths),
      notifyDays: [...new Set(input.notifyDays ?? defaultNotifyDays[version])].toSorted((a, b) => a - b),
      graceDays: input.graceDays ?? defaultGraceDays[version],
    },
  };
};
