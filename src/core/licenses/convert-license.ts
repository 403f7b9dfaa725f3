import { z } from 'zod';
import { isBefore, isOnOrAfter } from '../calendar.ts';
import { subscriptionTypes, type SubscriptionType } from '../catalog/product.ts';
import { tierOneOf, type PersonActor } from '../caller.ts';
import { invalid, notFound, Refusal, rule } from '../errors.ts';
import { moneyResult, type Money } from '../money/money.ts';
import { offerOf } from '../plans/offer.ts';
import type { Offer } from '../plans/plan-fields.ts';
import { planStatus } from '../plans/plan-status.ts';
import { ServicePlan } from '../plans/service-plan.ts';
import { WaitingCrossgrade } from '../plans/waiting-crossgrade.ts';
import { lineOf } from '../text.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import { findRenewed } from './automatic-renewal.ts';
import { bounds, chargeOf, takeBacks, rowOf, unitsOn } from './ledger-draft.ts';
import { activationOf, newAssignment } from './issue-license.ts';
import { applyChanges, licenseChangeResult, showChanges, showHeld, type LicenseChange } from './license-change.ts';
import { productsHeldOtherwise, type HeldLicense, type LicenseGround } from './license-ground.ts';
import { licenseResult } from './license-result.ts';
import { graceEndsOn } from './license-status.ts';
import { isChargedByTerm, issuedLicenses, movedTo, type IssuedLicense } from './license-terms.ts';
import { ledgerWriter } from './write-ledger.ts';

/** A trial can still become full so many days after the end of its grace, that day included. */
const daysAfterGrace = 30;

const convertInput = z.strictObject({
  /** Id. */
  license: lineOf(64),
  /** Name or id of the plan that it is to have. */
  plan: lineOf(120),
});
type ConvertInput = z.output<typeof convertInput>;

/** The last day on which a trial can be converted. */
const convertibleUntil = ({ license }: HeldLicense): Temporal.PlainDate =>
  graceEndsOn(license).add({ days: daysAfterGrace });

/** @throws Refusal where the licence, whatever the plan, does not become full. */
const requireConvertible = ({ asked, customer, today }: LicenseGround): void => {
  const { license, product } = asked;
  const detail = { field: 'license', params: { product: product.name, customer: customer.company } };
  if (license.removedOn !== null) throw rule('license.removed', detail);
  if (license.version !== 'trial') throw rule('license.not_trial', detail);
  const latest = convertibleUntil(asked);
  if (isBefore(latest, today))
    throw rule('license.convert_too_late', {
      field: 'license',
      params: { product: product.name, latest: latest.toString(), days: daysAfterGrace },
    });
  if (customer.status === 'suspended') throw rule('license.customer_suspended', detail);
};

/** @throws Refusal blaming `plan`, where a trial cannot go on under it. */
const requireFitting = ({ asked, plan: held, today }: LicenseGround, plan: ServicePlan, { product }: Offer): void => {
  const params = { plan: plan.name, product: product.name };
  if (plan.version !== 'full') throw invalid('license.convert_full_only', 'plan', params);
  if (plan.productId !== (held?.productId ?? asked.license.productId))
    throw invalid('license.convert_other_product', 'plan', { plan: plan.name, product: asked.product.name });
  const unitType = held?.unitType ?? asked.license.unitType;
  if (plan.unitType !== unitType)
    throw invalid('license.convert_unit_type', 'plan', { ...params, held: unitType, planned: plan.unitType });
  const status = planStatus(plan, product, today);
  if (status !== 'enabled') throw rule(`plan.${status}`, { field: 'plan', params });
};

/**
 * The trials that become full together: those of the assignment that still can, of products that still live. One whose
 * product the customer has otherwise stays behind. @throws Refusal where that is so of the one that was asked for.
 */
const convertedWith = async (
  { reads }: Context<PersonActor>,
  ground: LicenseGround,
): Promise<readonly HeldLicense[]> => {
  const { asked, together, today } = ground;
  const others = await productsHeldOtherwise(reads, ground);
  return together.filter(
    (held) =>
      held === asked ||
      (held.license.version === 'trial' &&
        isOnOrAfter(convertibleUntil(held), today) &&
        !others.has(held.product.id) &&
        !(held.product.endOfLifeOn && isOnOrAfter(today, held.product.endOfLifeOn))),
  );
};

/**
 * The full term starts today with the new plan's settings, its activation policy among them; id, history, units, a first
 * sign-in and suspension stay (domain: licence transitions).
 */
const converted = (
  held: HeldLicense,
  issued: IssuedLicense,
  plan: ServicePlan,
  today: Temporal.PlainDate,
): LicenseChange => {
  const { license, product } = held;
  if (license.dataCentre !== issued.dataCentre)
    throw invalid('license.convert_data_centre', 'plan', {
      product: product.name,
      held: license.dataCentre ?? 'none',
      planned: issued.dataCentre ?? 'none',
    });
  const about = { type: 'License conversion', reason: 'conversion', planAfterId: plan.id } as const;
  const { rows, left } = takeBacks(held, today.add({ days: 1 }), about);
  const units = unitsOn(held, today);
  return {
    held,
    set: {
      ...movedTo(plan, issued, { license, units, today }),
      activation: activationOf(product, plan.settings),
    },
    rows: [
      ...rows,
      rowOf(held, {
        ...about,
        effectiveOn: today,
        unitsBefore: left,
        unitsAfter: units,
        termAfter: bounds(issued.term),
        money: chargeOf(issued),
      }),
    ],
  };
};

/** What becomes of the trials under a plan. @throws Refusal where it does not fit, or a licence cannot move. */
const conversionTo = async (context: Context<PersonActor>, ground: LicenseGround, planId: string) => {
  const { uow, reads, actor } = context;
  const plan = await uow.get(ServicePlan, planId, 'plan');
  const offer = await offerOf(reads, plan.productId);
  requireFitting(ground, plan, offer);

  const { today } = ground;
  const trials = await convertedWith(context, ground);
  const { currency } = actor;
  const productIds = trials.map(({ product }) => product.id);
  const breaks = isChargedByTerm(plan) ? await reads.catalog.breaks(tierOneOf(actor), productIds, currency, today) : [];
  const changes = trials.map((held): LicenseChange => {
    const { endOfLifeOn } = offer.product;
    const issued = { plan, components: [held.product], startsOn: today, breaks, currency, endOfLifeOn };
    const about = { ...issued, units: unitsOn(held, today) };
    return converted(held, issuedLicenses(about)[0]!, plan, today);
  });
  return { plan, planProduct: offer.product, changes };
};

/** Finds the trial and the plan, checks and plans. @throws Refusal naming the field. */
const findConversion = async (
  context: Context<PersonActor>,
  input: ConvertInput,
  { hold }: { readonly hold: boolean },
) => {
  const nextPlanId = await context.reads.plans.idOf(input.plan);
  const ground = await findRenewed(context, input.license, { hold, ...(nextPlanId !== null && { nextPlanId }) });
  requireConvertible(ground);
  if (nextPlanId === null) throw notFound('service plan', 'plan');
  return { ground, ...(await conversionTo(context, ground, nextPlanId)) };
};

/** Whether any plan could make the trial full now. @throws Refusal where none can. */
export const requireConvertibleNow = async (context: Context<PersonActor>, ground: LicenseGround): Promise<void> => {
  requireConvertible(ground);
  await convertedWith(context, ground);
};

/** The plans that a trial can go on under, by name, with what each would cost. */
export const conversionChoices = defineUseCase({
  kind: 'rehearsal',
  name: 'license convert choices',
  needs: 'license',
  input: convertInput.omit({ plan: true }),
  result: z.object({
    license: licenseResult,
    plans: z.array(
      z.object({
        planId: z.string(),
        name: z.string(),
        subscriptionType: z.enum(subscriptionTypes),
        /** What is charged up front; left out for who may not see amounts. */
        net: moneyResult.optional(),
      }),
    ),
  }),

  async run(context, { license }) {
    const ground = await findRenewed(context, license, { hold: false });
    await requireConvertibleNow(context, ground);
    const productId = ground.plan?.productId ?? ground.asked.license.productId;
    const plans: { planId: string; name: string; subscriptionType: SubscriptionType; net?: Money }[] = [];
    for (const planId of await context.reads.plans.fullOf(productId)) {
      try {
        const { plan, planProduct, changes } = await conversionTo(context, ground, planId);
        const { net } = showChanges(ground, changes, context.actor, { plan, planProduct });
        plans.push({ planId, name: plan.name, subscriptionType: plan.subscriptionType, ...(net && { net }) });
      } catch (error) {
        // One that cannot be had now is not offered; why not is said when it is asked for by name.
        if (!(error instanceof Refusal)) throw error;
      }
    }
    return { license: showHeld(ground, ground.asked), plans };
  },
});

/** What a conversion would bring and cost, without doing it. */
export const previewConversion = defineUseCase({
  kind: 'rehearsal',
  name: 'license convert preview',
  needs: 'license',
  input: convertInput,
  result: licenseChangeResult,

  async run(context, input) {
    const { ground, changes, plan, planProduct } = await findConversion(context, input, { hold: false });
    return showChanges(ground, changes, context.actor, { plan, planProduct });
  },
});

/**
 * Makes a trial full under another plan of its product, from today on: with it, in a suite, all of the assignment. The
 * licence stays the same one; what the plan costs for its first term is charged, and a draft that waited is resolved.
 */
export const convertLicense = defineUseCase({
  kind: 'command',
  name: 'license convert',
  needs: 'license',
  input: convertInput,
  result: licenseChangeResult,

  async run(context, input) {
    const { uow, reads, now, actor } = context;
    const { ground, plan, planProduct, changes } = await findConversion(context, input, { hold: true });
    const { customer, assignment: former, today, asked } = ground;
    const owned = { partnerId: customer.partnerId, customerId: customer.id };

    applyChanges(changes, ledgerWriter(context, owned));
    const assignment = newAssignment(context, plan, {
      ...owned,
      units: asked.license.units,
      startsOn: today,
      // A suite stays as the customer has it until a change of it is accepted.
      composition: former?.composition ?? [asked.product.id],
    });
    for (const { held } of changes) held.license.assignmentId = assignment.id;
    if (former) former.status = 'replaced';

    const waitingId = await reads.crossgrades.waitingId(customer.id, plan.id);
    if (waitingId !== null) (await uow.lock(WaitingCrossgrade, waitingId)).resolvedAt = now;
    return showChanges(ground, changes, actor, { plan, planProduct });
  },
});
