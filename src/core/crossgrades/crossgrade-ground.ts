import { z } from 'zod';
import { dayInput, isOnOrAfter } from '../calendar.ts';
import { tierOneOf, type PersonActor } from '../caller.ts';
import { assignInput, findAssigning } from '../licenses/assign-ground.ts';
import { findLicenses, heldOf } from '../licenses/license-ground.ts';
import { isChargedByTerm, issuedLicenses } from '../licenses/license-terms.ts';
import { lineOf } from '../text.ts';
import type { Context } from '../use-case.ts';
import { planCrossgrade } from './plan-crossgrade.ts';

const choiceInput = z.strictObject({
  mode: z.enum(['transfer', 'new']),
  /** Of a new licence: between today and the end of the old one; default today. */
  startsOn: dayInput.optional(),
});

/** Customer and plan by name or id; units, and by SKU what is chosen for software and for what is left over. */
export const crossgradeInput = assignInput.omit({ startsOn: true }).extend({
  choices: z.record(lineOf(64), choiceInput).default({}),
  leftovers: z.record(lineOf(64), z.enum(['keep', 'remove'])).default({}),
});
export type CrossgradeInput = z.output<typeof crossgradeInput>;

/**
 * Finds what a crossgrade stands on and plans it. To carry it out it is held: customer, plan, then the customer's
 * open licences by id. @throws Refusal naming the field.
 */
export const findCrossgrade = async (
  context: Context<PersonActor>,
  { choices, leftovers, ...asked }: CrossgradeInput,
  { hold }: { readonly hold: boolean },
) => {
  const { uow, reads, actor } = context;
  const { customer, plan, offer, today } = await findAssigning(context, asked, { hold });
  const open = await reads.crossgrades.openLicenses(customer.id, today);
  const licenses = await findLicenses(
    uow,
    open.map(({ id }) => id),
    { hold },
  );
  const held = await heldOf(reads, licenses);

  const components = offer.components.filter(({ endOfLifeOn }) => !endOfLifeOn || !isOnOrAfter(today, endOfLifeOn));
  const starts = [today, ...Object.values(choices).flatMap(({ startsOn }) => startsOn ?? [])];
  const breaks = new Map<string, Awaited<ReturnType<typeof reads.catalog.breaks>>>();
  if (isChargedByTerm(plan))
    for (const startsOn of starts)
      breaks.set(
        startsOn.toString(),
        await reads.catalog.breaks(
          tierOneOf(actor),
          components.map(({ id }) => id),
          actor.currency,
          startsOn,
        ),
      );

  const isSuite = offer.product.kind === 'suite';
  const dataCentres = isSuite ? await reads.suites.dataCentres(actor.partnerId, plan.productId) : {};
  const planned = planCrossgrade({
    plan,
    components,
    units: asked.units,
    today,
    held,
    choices,
    leftovers,
    issue: (some, units, startsOn) =>
      issuedLicenses({
        plan,
        components: some,
        units,
        startsOn,
        breaks: breaks.get(startsOn.toString()) ?? [],
        currency: actor.currency,
        dataCentres,
        endOfLifeOn: offer.product.endOfLifeOn,
      }),
  });
  return { customer, plan, components, today, licenses, planned };
};
export type CrossgradeGround = Awaited<ReturnType<typeof findCrossgrade>>;

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A digest of plan, licences, units, dates and money: it changes when anything that was shown would. */
export const crossgradeHash = async ({
  customer,
  plan,
  today,
  licenses,
  planned,
}: CrossgradeGround): Promise<string> => {
  const content = {
    today,
    customer: customer.id,
    plan: [plan.id, plan.name, plan.version, plan.subscriptionType, plan.unitType, plan.settings],
    licenses: licenses.map((license) => [
      license.id,
      license.assignmentId,
      license.planId,
      license.version,
      license.units,
      license.unitsAtRenewal,
      license.terms.map(({ startsOn, endsOn }) => [startsOn, endsOn]),
      license.suspended,
      license.removedOn,
    ]),
    units: planned.units,
    changes: planned.changes.map(({ held, outcome, set, rows }) => [held.license.id, outcome, set, rows]),
    fresh: planned.fresh.map(({ issued, row }) => [issued.product.id, issued.startsOn, issued.endsOn, row]),
  };
  const text = JSON.stringify(content, (_key, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    // Terms that were just renewed and terms that were read again name their fields in another order.
    return value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : value;
  });
  return hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
};
