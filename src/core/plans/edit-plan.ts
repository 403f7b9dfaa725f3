import { z } from 'zod';
import { dayAt } from '../calendar.ts';
import type { PersonActor } from '../caller.ts';
import { invalid, notFound, rule } from '../errors.ts';
import { lineOf, sameName } from '../text.ts';
import { waitsForApproval } from '../suites/waits-for-approval.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import { findOffer, offerOf } from './offer.ts';
import { dataCentresOf, planInput, planTerms, unitTypesOf, type Offer, type PlanInput } from './plan-fields.ts';
import { planTermsResult, showTerms } from './plan-result.ts';
import { planStatus, planStatuses } from './plan-status.ts';
import { ServicePlan } from './service-plan.ts';

const told = planInput.shape;

/**
 * What is given changes, what is left out stays. Null takes a setting back to what a new plan would have; an empty
 * list of notification days means none.
 */
const input = z.strictObject({
  /** Name or id. Left out: `name` names the plan, and stays. */
  plan: lineOf(120).optional(),
  ...planInput.partial().shape,
  unitType: told.unitType.nullable(),
  activation: told.activation.nullable(),
  dataCentre: told.dataCentre.nullable(),
  initialMonths: told.initialMonths.nullable(),
  initialDays: told.initialDays.nullable(),
  autoRenewal: told.autoRenewal.nullable(),
  renewalMonths: told.renewalMonths.nullable(),
  notifyDays: told.notifyDays.nullable(),
  graceDays: told.graceDays.nullable(),
});
type Given = Omit<z.output<typeof input>, 'plan'>;

/** A saved plan as it would be told. */
const toldOf = ({ settings, ...plan }: ServicePlan): PlanInput => ({
  name: plan.name,
  product: plan.productId,
  subscriptionType: plan.subscriptionType,
  version: plan.version,
  nfr: plan.nfr,
  unitType: plan.unitType,
  activation: settings.activation,
  dataCentre: settings.dataCentre ?? undefined,
  remoteManager: settings.remoteManager,
  trialForm: plan.trialForm,
  defaultUnits: plan.defaultUnits,
  initialMonths: settings.initialMonths ?? undefined,
  initialDays: settings.initialDays ?? undefined,
  autoRenewal: settings.autoRenewal,
  renewalMonths: settings.renewalMonths ?? undefined,
  notifyDays: [...settings.notifyDays],
  graceDays: settings.graceDays,
  enabled: plan.enabled,
});

/** Settings whose defaults depend on the version: of another version they begin anew. */
const ofVersion = [
  'trialForm',
  'initialMonths',
  'initialDays',
  'autoRenewal',
  'renewalMonths',
  'notifyDays',
  'graceDays',
] as const;

/** What was stored, without what cannot be kept beside what is given: settings that the product does not know. */
const keptOf = (plan: ServicePlan, given: Given, offer: Offer): PlanInput => {
  const kept = toldOf(plan);
  const drop = (...names: readonly (keyof PlanInput)[]): void => {
    for (const name of names) delete kept[name];
  };
  if ((given.version ?? plan.version) !== plan.version || (given.nfr ?? plan.nfr) !== plan.nfr) drop(...ofVersion);
  if (given.initialMonths !== undefined || given.initialDays !== undefined) drop('initialMonths', 'initialDays');
  if (!unitTypesOf(offer).includes(plan.unitType)) drop('unitType');
  if (dataCentresOf(offer) === null) drop('dataCentre', 'activation');
  if (!offer.product.remoteManager) drop('remoteManager');
  return kept;
};

/** The plan as it would be told with what is given in place. */
const editedOf = (plan: ServicePlan, given: Given, offer: Offer): PlanInput => ({
  ...keptOf(plan, given, offer),
  ...(Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value ?? undefined]])),
  ) as Partial<PlanInput>),
});

/** What a plan offers already stays possible for it, whatever the catalogue says of its product by now. */
const stillOffering = (offer: Offer, plan: ServicePlan): Offer => {
  const { dataCentre } = plan.settings;
  const { versions, unitTypes } = offer.product;
  return {
    product: {
      ...offer.product,
      versions: [...new Set([...versions, plan.version])],
      unitTypes: [...new Set([...unitTypes, plan.unitType])],
    },
    components: offer.components.map((component) =>
      dataCentre === null || component.kind !== 'service'
        ? component
        : { ...component, dataCentres: [...new Set([...component.dataCentres, dataCentre])] },
    ),
  };
};

/** @throws Refusal naming the first field that is fixed once a customer was given the plan. */
const requireUnfixed = (plan: ServicePlan, given: Given, offer: Offer): void => {
  const unitType = given.unitType === null ? unitTypesOf(offer)[0] : given.unitType;
  const changed: readonly (readonly [string, boolean])[] = [
    ['product', offer.product.id !== plan.productId],
    ['version', (given.version ?? plan.version) !== plan.version],
    ['nfr', (given.nfr ?? plan.nfr) !== plan.nfr],
    ['subscriptionType', (given.subscriptionType ?? plan.subscriptionType) !== plan.subscriptionType],
    ['unitType', (unitType ?? plan.unitType) !== plan.unitType],
  ];
  const [field] = changed.find(([, isChanged]) => isChanged) ?? [];
  if (field !== undefined) throw rule('plan.assigned', { field, params: { plan: plan.name } });
};

const isSame = (stored: unknown, given: unknown): boolean =>
  typeof stored === 'string' && typeof given === 'string'
    ? sameName(stored, given)
    : JSON.stringify(stored ?? null) === JSON.stringify(given ?? null);

/** Of an NFR plan only the name is anybody's choice. @throws Refusal naming the first other field that would change. */
const requireNfrFixed = (plan: ServicePlan, { name: _name, ...given }: Given, offer: Offer): void => {
  const stored = toldOf(plan);
  const wanted = { ...given, ...(given.product !== undefined && { product: offer.product.id }) };
  const field = Object.entries(wanted).find(
    ([name, value]) => value !== undefined && !isSame(stored[name as keyof PlanInput], value),
  )?.[0];
  if (field !== undefined) throw rule('plan.nfr_fixed', { field });
};

/** Finds the plan, holds it when it is to be changed, and works out its new terms. @throws Refusal naming the field. */
const findEdited = async (
  { uow, reads, actor, now }: Context<PersonActor>,
  { plan: named, ...fields }: z.output<typeof input>,
  { hold }: { readonly hold: boolean },
) => {
  const wanted = named ?? fields.name;
  if (wanted === undefined) throw invalid('input.required', 'plan');
  const blamed = named === undefined ? 'name' : 'plan';
  const given: Given = named === undefined ? { ...fields, name: undefined } : fields;
  const planId = await reads.plans.idOf(wanted);
  if (!planId) throw notFound('service plan', blamed);
  const plan = await (hold ? uow.lock(ServicePlan, planId, blamed) : uow.get(ServicePlan, planId, blamed));

  const today = dayAt(now, actor.timeZone);
  const present = await offerOf(reads, plan.productId);
  const status = planStatus(plan, present.product, today);
  if (status !== 'enabled' && status !== 'disabled')
    throw rule(`plan.${status}`, { field: blamed, params: { plan: plan.name, product: present.product.name } });
  const found = given.product === undefined ? present : await findOffer(reads, given.product);
  const isOther = found.product.id !== plan.productId;
  const offer = isOther ? found : stillOffering(found, plan);

  // Who assigns the plan holds its row as well: what is read here stays true until this is saved.
  const assigned = await reads.plans.wasAssigned(planId);
  if (plan.nfr) requireNfrFixed(plan, given, offer);
  else if (assigned) requireUnfixed(plan, given, offer);
  const terms = plan.nfr
    ? { ...planDataOf(plan), name: given.name ?? plan.name }
    : planTerms(offer, editedOf(plan, given, offer), today);
  // Two callers at once pass these two checks both: the unique indexes then refuse the slower one with the same codes.
  if (await reads.plans.nameTaken(plan.partnerId, terms.name, planId)) throw rule('plan.name_taken', { field: 'name' });
  if (terms.nfr && !plan.nfr && (await reads.plans.nfrExists(plan.partnerId, offer.product.id)))
    throw rule('plan.nfr_exists', { field: 'nfr', params: { product: offer.product.name } });

  const { locked } = plan;
  return {
    plan,
    terms,
    assigned,
    before: showTerms(plan, present, today),
    after: showTerms({ ...terms, locked }, isOther ? found : present, today),
  };
};

const planDataOf = ({
  id: _id,
  partnerId: _partnerId,
  locked: _locked,
  createdAt: _createdAt,
  ...terms
}: ServicePlan) => terms;

/**
 * Changes a plan for whoever is given it from now on: what was assigned keeps its copy of the settings. Product,
 * version, subscription type and unit type stay once a customer was given it.
 */
export const editPlan = defineUseCase({
  kind: 'command',
  name: 'plan edit',
  needs: 'license',
  input,
  result: z.object({
    planId: z.string(),
    name: z.string(),
    status: z.enum(planStatuses),
    credits: z.string().nullable(),
    before: planTermsResult,
    after: planTermsResult,
  }),

  async run(context, given) {
    const { plan, terms, before, after: planned } = await findEdited(context, given, { hold: true });
    const isOther = terms.productId !== plan.productId;
    Object.assign(plan, terms);
    if (isOther) plan.locked = await waitsForApproval(context, plan);
    const after = plan.locked ? { ...planned, status: 'locked' as const } : planned;
    return { planId: plan.id, name: after.name, status: after.status, credits: after.credits, before, after };
  },
});

/** The plan as it is and as it would be saved, and whether it was ever assigned: what the form asks before Save. */
export const previewPlanEdit = defineUseCase({
  kind: 'query',
  name: 'plan edit preview',
  needs: 'license',
  input,
  result: z.object({
    planId: z.string(),
    /** Product, version, subscription type and unit type are fixed by then. */
    assigned: z.boolean(),
    before: planTermsResult,
    after: planTermsResult,
  }),

  async run(context, given) {
    const { plan, assigned, before, after } = await findEdited(context, given, { hold: false });
    return { planId: plan.id, assigned, before, after };
  },
});
