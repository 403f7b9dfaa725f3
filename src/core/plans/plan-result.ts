import { z } from 'zod';
import { licenseVersions, productKinds, subscriptionTypes, unitTypes } from '../catalog/product.ts';
import { exactTimes } from '../money/money.ts';
import { activations, type Offer, type PlanTerms } from './plan-fields.ts';
import { planStatus, planStatuses } from './plan-status.ts';

/** A plan's terms as they are shown before and after they are saved. */
export const planTermsResult = z.object({
  name: z.string(),
  /** SKU. */
  product: z.string(),
  productName: z.string(),
  kind: z.enum(productKinds),
  /** What licences are given of; the product itself where it is no suite. */
  components: z.array(z.object({ sku: z.string(), name: z.string(), unitType: z.enum(unitTypes) })),
  subscriptionType: z.enum(subscriptionTypes),
  nfr: z.boolean(),
  version: z.enum(licenseVersions),
  unitType: z.enum(unitTypes),
  activation: z.enum(activations),
  dataCentre: z.string().nullable(),
  remoteManager: z.boolean(),
  trialForm: z.boolean(),
  defaultUnits: z.int(),
  initialMonths: z.int().nullable(),
  initialDays: z.int().nullable(),
  autoRenewal: z.boolean(),
  renewalMonths: z.int().nullable(),
  notifyDays: z.array(z.int()),
  graceDays: z.int(),
  enabled: z.boolean(),
  status: z.enum(planStatuses),
  /** Credits per unit of the product, and of the default units: exact decimals; null where it has no rate. */
  creditsPerUnit: z.string().nullable(),
  credits: z.string().nullable(),
});
export type PlanTermsResult = z.output<typeof planTermsResult>;

/** Credit conversion of a plan: the product's rate × default units, exact; null where the product has no rate. */
export const planCredits = (creditsPerUnit: string | null, defaultUnits: number): string | null =>
  creditsPerUnit === null ? null : exactTimes(creditsPerUnit, defaultUnits);

/** A plan's terms with what follows from them on a day: status, licences given, credits. */
export const showTerms = (
  plan: PlanTerms & { readonly locked: boolean },
  { product, components }: Offer,
  today: Temporal.PlainDate,
): PlanTermsResult => {
  const { settings } = plan;
  return {
    name: plan.name,
    product: product.sku,
    productName: product.name,
    kind: product.kind,
    components: components.map(({ sku, name, unitTypes: allowed }) => ({
      sku,
      name,
      unitType: product.kind === 'suite' ? (allowed[0] ?? 'seat') : plan.unitType,
    })),
    subscriptionType: plan.subscriptionType,
    nfr: plan.nfr,
    version: plan.version,
    unitType: plan.unitType,
    activation: settings.activation,
    dataCentre: settings.dataCentre,
    remoteManager: settings.remoteManager,
    trialForm: plan.trialForm,
    defaultUnits: plan.defaultUnits,
    initialMonths: settings.initialMonths,
    initialDays: settings.initialDays,
    autoRenewal: settings.autoRenewal,
    renewalMonths: settings.renewalMonths,
    notifyDays: [...settings.notifyDays],
    graceDays: settings.graceDays,
    enabled: plan.enabled,
    status: planStatus(plan, product, today),
    creditsPerUnit: product.creditsPerUnit,
    credits: planCredits(product.creditsPerUnit, plan.defaultUnits),
  };
};
