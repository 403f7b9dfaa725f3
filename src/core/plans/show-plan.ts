import { z } from 'zod';
import { dayAt } from '../calendar.ts';
import { notFound, rule } from '../errors.ts';
import { pageInput, pageOf, pageSize } from '../page.ts';
import { lineOf, optionalLineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { licenseVersions, subscriptionTypes, unitTypes } from '../catalog/product.ts';
import { offerOf, findOffer } from './offer.ts';
import { dataCentresOf, requireOnSale, unitTypesOf } from './plan-fields.ts';
import { planTermsResult, showTerms } from './plan-result.ts';
import { planStatuses } from './plan-status.ts';
import { ServicePlan } from './service-plan.ts';
import { takesSignUps } from './trial-sign-up.ts';

/** The partner's plans, by name; those of a product past its end of life are gone. */
export const listPlans = defineUseCase({
  kind: 'query',
  name: 'plan list',
  needs: 'see',
  input: z.strictObject({
    search: optionalLineOf(120),
    /** Only what can be assigned today. */
    assignable: z.boolean().optional(),
    status: z.enum(planStatuses).optional(),
    page: pageInput,
  }),
  result: pageOf(
    z.object({
      planId: z.string(),
      name: z.string(),
      product: z.string(),
      productName: z.string(),
      subscriptionType: z.enum(subscriptionTypes),
      version: z.enum(licenseVersions),
      unitType: z.enum(unitTypes),
      defaultUnits: z.int(),
      status: z.enum(planStatuses),
      credits: z.string().nullable(),
      customers: z.int(),
    }),
  ),

  async run({ reads, actor, now }, { search, assignable, status, page }) {
    const today = dayAt(now, actor.timeZone);
    const filter = { search: search || undefined, assignable, status };
    const found = await reads.plans.list(filter, { page, size: pageSize }, today);
    return { ...found, items: [...found.items] };
  },
});

/** One plan with all its settings, named by name or id. */
export const showPlan = defineUseCase({
  kind: 'query',
  name: 'plan show',
  needs: 'see',
  input: z.strictObject({ plan: lineOf(120) }),
  result: planTermsResult.extend({
    planId: z.string(),
    customers: z.int(),
    /** Where strangers sign up for the trial; null: nobody can. */
    trialLink: z.string().nullable(),
  }),

  async run({ uow, reads, actor, now, links }, input) {
    const planId = await reads.plans.idOf(input.plan);
    if (!planId) throw notFound('service plan', 'plan');
    const plan = await uow.get(ServicePlan, planId, 'plan');
    const offer = await offerOf(reads, plan.productId);
    const today = dayAt(now, actor.timeZone);
    return {
      planId,
      ...showTerms(plan, offer, today),
      customers: await reads.plans.customersOf(planId),
      trialLink: takesSignUps(plan, offer.product, today) ? links.trialPage(planId) : null,
    };
  },
});

/** What a plan of this product may choose from: the form's later steps are made of it. */
export const planChoices = defineUseCase({
  kind: 'query',
  name: 'plan choices',
  needs: 'license',
  input: z.strictObject({
    product: lineOf(120),
    /** Refused when another plan of the partner has it. */
    name: lineOf(80).optional(),
    /** Id of the plan that is edited: its own name is not taken. */
    plan: z.uuid().optional(),
  }),
  result: z.object({
    sku: z.string(),
    name: z.string(),
    creditsPerUnit: z.string().nullable(),
    versions: z.array(z.enum(licenseVersions)),
    unitTypes: z.array(z.enum(unitTypes)),
    /** Null: no service in it, none is asked for. */
    dataCentres: z.array(z.string()).nullable(),
    nfrUnits: z.int().nullable(),
    /** Whether a plan of it may be managed by Remote Manager. */
    remoteManager: z.boolean(),
  }),

  async run({ reads, actor, now }, input) {
    const offer = await findOffer(reads, input.product);
    requireOnSale(offer, dayAt(now, actor.timeZone));
    if (input.name !== undefined && (await reads.plans.nameTaken(actor.partnerId, input.name, input.plan)))
      throw rule('plan.name_taken', { field: 'name' });
    const { product } = offer;
    const centres = dataCentresOf(offer);
    return {
      sku: product.sku,
      name: product.name,
      creditsPerUnit: product.creditsPerUnit,
      versions: product.versions.filter((version) => version !== 'nfr'),
      unitTypes: [...unitTypesOf(offer)],
      dataCentres: centres && [...centres],
      nfrUnits: product.nfrAllowed ? product.nfrUnits : null,
      remoteManager: product.remoteManager,
    };
  },
});
