import { z } from 'zod';
import { dayAt } from '../calendar.ts';
import { rule } from '../errors.ts';
import type { Reads } from '../reads.ts';
import { waitsForApproval } from '../suites/waits-for-approval.ts';
import { defineUseCase } from '../use-case.ts';
import { findOffer } from './offer.ts';
import { planInput, planTerms, type Offer, type PlanInput, type PlanTerms } from './plan-fields.ts';
import { planTermsResult, showTerms } from './plan-result.ts';
import { planStatuses } from './plan-status.ts';
import { ServicePlan } from './service-plan.ts';
import { takesSignUps } from './trial-sign-up.ts';

/** The terms of a new plan of this partner. @throws Refusal naming the field. */
const newTerms = async (
  reads: Reads,
  partnerId: string,
  input: PlanInput,
  today: Temporal.PlainDate,
): Promise<{ readonly offer: Offer; readonly terms: PlanTerms }> => {
  const offer = await findOffer(reads, input.product);
  const terms = planTerms(offer, input, today);
  // Two callers at once pass these two checks both: the unique indexes then refuse the slower one with the same codes.
  if (await reads.plans.nameTaken(partnerId, terms.name)) throw rule('plan.name_taken', { field: 'name' });
  if (terms.nfr && (await reads.plans.nfrExists(partnerId, offer.product.id)))
    throw rule('plan.nfr_exists', { field: 'nfr', params: { product: offer.product.name } });
  return { offer, terms };
};

/** Puts a product or suite on offer, with the settings that its assignments will copy. */
export const createPlan = defineUseCase({
  kind: 'command',
  name: 'plan create',
  needs: 'license',
  input: planInput,
  result: z.object({
    planId: z.string(),
    name: z.string(),
    status: z.enum(planStatuses),
    /** Credit conversion: the product's rate × default units, an exact decimal; null where it has no rate. */
    credits: z.string().nullable(),
    /** Where strangers sign up for the trial; null: nobody can. */
    trialLink: z.string().nullable(),
  }),

  async run(context, input) {
    const { uow, reads, actor, now, links } = context;
    const today = dayAt(now, actor.timeZone);
    const { offer, terms } = await newTerms(reads, actor.partnerId, input, today);
    const plan = new ServicePlan({
      ...terms,
      id: uow.newId(),
      partnerId: actor.partnerId,
      locked: false,
      createdAt: now,
    });
    uow.add(plan);
    if (offer.product.kind === 'suite') plan.locked = await waitsForApproval(context, plan);
    const { name, status, credits } = showTerms(plan, offer, today);
    const trialLink = takesSignUps(plan, offer.product, today) ? links.trialPage(plan.id) : null;
    return { planId: plan.id, name, status, credits, trialLink };
  },
});

/** The same plan as it would be saved: what the form shows before Save. */
export const previewPlan = defineUseCase({
  kind: 'query',
  name: 'plan preview',
  needs: 'license',
  input: planInput,
  result: planTermsResult,

  async run({ reads, actor, now }, input) {
    const today = dayAt(now, actor.timeZone);
    const { offer, terms } = await newTerms(reads, actor.partnerId, input, today);
    return showTerms({ ...terms, locked: false }, offer, today);
  },
});
