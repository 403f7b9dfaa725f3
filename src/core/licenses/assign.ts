import { z } from 'zod';
import { dayResult } from '../calendar.ts';
import { unitTypes } from '../catalog/product.ts';
import type { PersonActor } from '../caller.ts';
import { unitsAsked } from '../crossgrades/plan-crossgrade.ts';
import { moneyResult, toMoney } from '../money/money.ts';
import { seesPrices } from '../permissions.ts';
import { WaitingCrossgrade } from '../plans/waiting-crossgrade.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import { tellAdded } from './added-mail.ts';
import { assignInput, findAssigning, licensesOf, type Assigning } from './assign-ground.ts';
import { bounds, chargeOf } from './ledger-draft.ts';
import { heldRefusal } from './held-refusal.ts';
import { newAssignment, newLicense } from './issue-license.ts';
import { lastDay, licenseResult, showLicense } from './license-result.ts';
import { licenseStatus, saleEndsOn } from './license-status.ts';
import type { IssuedLicense } from './license-terms.ts';
import { ledgerWriter } from './write-ledger.ts';

/** Keeps what was asked for where only a crossgrade can bring it; a draft of the same plan and customer is renewed. */
const keepDraft = async (context: Context<PersonActor>, assigning: Assigning): Promise<void> => {
  const { uow, actor, now } = context;
  const { customer, plan, typedUnits, ground } = assigning;
  const old = ground.held.flatMap(({ open, units }) => (open ? units : []));
  const asked = { units: unitsAsked(typedUnits, plan, old), personId: actor.personId, createdAt: now };
  if (ground.waitingId !== null) {
    Object.assign(await uow.lock(WaitingCrossgrade, ground.waitingId), asked);
    return;
  }
  uow.add(
    new WaitingCrossgrade({
      id: uow.newId(),
      partnerId: customer.partnerId,
      customerId: customer.id,
      planId: plan.id,
      ...asked,
      resolvedAt: null,
    }),
  );
};

/** @throws Refusal where licences stand in the way; the draft of a needed crossgrade outlives it. */
const requireFree = async (context: Context<PersonActor>, assigning: Assigning): Promise<void> => {
  const refusal = await heldRefusal(context, assigning);
  if (!refusal) return;
  if (refusal.keeps) await keepDraft(context, assigning);
  throw refusal;
};

/** The assignment, and for each product its licence, ledger row and, where it is charged, money line. */
export const issue = (
  context: Context,
  { customer, plan, units, startsOn }: Pick<Assigning, 'customer' | 'plan' | 'units' | 'startsOn'>,
  issued: readonly IssuedLicense[],
) => {
  const owned = { partnerId: customer.partnerId, customerId: customer.id };
  const write = ledgerWriter(context, owned);
  const composition = issued.map(({ product }) => product.id);
  const assignment = newAssignment(context, plan, { ...owned, units, startsOn, composition });
  const licenses = issued.map((of) => {
    const { product, unitType, term, graceDays, dataCentre } = of;
    const license = newLicense(
      context,
      { plan, assignment },
      { product, unitType, units, unitsAtRenewal: null, terms: [term], graceDays, dataCentre },
    );
    write(license.id, {
      effectiveOn: startsOn,
      productId: product.id,
      planBeforeId: null,
      planAfterId: plan.id,
      type: 'New purchase',
      reason: 'assign',
      unitsBefore: 0,
      delta: units,
      unitsAfter: units,
      termBefore: null,
      termAfter: bounds(term),
      money: chargeOf(of),
    });
    return { license, product };
  });
  return { assignment, licenses };
};

/**
 * Gives a plan to a customer: one licence per product with dates, units and status, a `New purchase` row for each, and
 * what an annual term costs. Where the customer has one of the products already, a crossgrade is needed: the
 * assignment is refused and kept as a draft.
 */
export const assign = defineUseCase({
  kind: 'command',
  name: 'assign',
  needs: 'license',
  input: assignInput,
  result: z.object({ assignmentId: z.string(), licenses: z.array(licenseResult) }),

  async run(context, input) {
    const { uow, now } = context;
    const assigning = await findAssigning(context, input, { hold: true });
    await requireFree(context, assigning);
    const issued = await licensesOf(context, assigning);
    const { assignment, licenses } = issue(context, assigning, issued);
    const { waitingId } = assigning.ground;
    if (waitingId !== null) (await uow.lock(WaitingCrossgrade, waitingId)).resolvedAt = now;
    tellAdded(uow, assignment.id);
    const { plan, offer, today } = assigning;
    return {
      assignmentId: assignment.id,
      licenses: licenses.map(({ license, product }) =>
        showLicense({
          licenseId: license.id,
          assignmentId: assignment.id,
          product: product.sku,
          productName: product.name,
          version: license.version,
          subscriptionType: license.subscriptionType,
          plan: plan.name,
          units: license.units,
          unitType: license.unitType,
          startsOn: license.startsOn.toString(),
          endsOn: license.endsOn.toString(),
          status: licenseStatus(
            { ...license, customerSuspended: false, saleEndsOn: saleEndsOn(offer.product, product) },
            today,
          ),
          autoRenewal: license.autoRenewal,
          unitsAtRenewal: null,
        }),
      ),
    };
  },
});

/**
 * Keeps the draft of an assignment that only a crossgrade can bring, and refuses as the assignment would: the form
 * asks this before its preview. Where nothing stands in the way it does nothing.
 */
export const draftCrossgrade = defineUseCase({
  kind: 'command',
  name: 'crossgrade draft',
  needs: 'license',
  input: assignInput,
  result: z.object({}),

  async run(context, input) {
    await requireFree(context, await findAssigning(context, input, { hold: true }));
    return {};
  },
});

/** What an assignment would issue and cost, without doing it; amounts only for who sees prices. */
export const previewAssign = defineUseCase({
  kind: 'rehearsal',
  name: 'assign preview',
  needs: 'license',
  input: assignInput,
  result: z.object({
    customer: z.object({ customerId: z.string(), account: z.string(), company: z.string() }),
    plan: z.object({ planId: z.string(), name: z.string() }),
    units: z.int(),
    startsOn: dayResult,
    licenses: z.array(
      z.object({
        product: z.string(),
        productName: z.string(),
        unitType: z.enum(unitTypes),
        units: z.int(),
        startsOn: dayResult,
        endsOn: dayResult,
        expiresOn: dayResult,
        amount: moneyResult.nullable(),
      }),
    ),
    /** What is charged up front; null: nothing, or not for this person's eyes. */
    total: moneyResult.nullable(),
  }),

  async run(context, input) {
    const { actor } = context;
    const assigning = await findAssigning(context, input, { hold: false });
    const refusal = await heldRefusal(context, assigning);
    if (refusal) throw refusal;
    const issued = await licensesOf(context, assigning);
    const { customer, plan, units, startsOn } = assigning;
    const shown = (minor: bigint) => (seesPrices(actor) && minor !== 0n ? toMoney(minor, actor.currency) : null);
    return {
      customer: { customerId: customer.id, account: customer.account, company: customer.company },
      plan: { planId: plan.id, name: plan.name },
      units,
      startsOn: startsOn.toString(),
      licenses: issued.map(({ product, unitType, endsOn, charge }) => ({
        product: product.sku,
        productName: product.name,
        unitType,
        units,
        startsOn: startsOn.toString(),
        endsOn: endsOn.toString(),
        expiresOn: lastDay(endsOn.toString()),
        amount: shown(charge),
      })),
      total: shown(issued.reduce((sum, { charge }) => sum + charge, 0n)),
    };
  },
});
