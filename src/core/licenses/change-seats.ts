import { z } from 'zod';
import { dayOf, daysBetween, isBefore } from '../calendar.ts';
import type { PersonActor } from '../caller.ts';
import { invalid, rule } from '../errors.ts';
import { proration, termCharge } from '../money/annual.ts';
import { unitLimits } from '../plans/plan-fields.ts';
import { lineOf } from '../text.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import { findRenewed } from './automatic-renewal.ts';
import { applyChanges, licenseChangeResult, showChanges, type LicenseChange } from './license-change.ts';
import { requireBundled, statusOf, type HeldLicense, type LicenseGround } from './license-ground.ts';
import { effectiveUnits, rowOf, takeBacks, termOn, unitsOn, withoutUnits, type MoneyDraft } from './ledger-draft.ts';
import { isOpen } from './license-status.ts';
import { isChargedByTerm } from './license-terms.ts';
import { ledgerWriter } from './write-ledger.ts';

/** Days, today included, whose used units a lower number is held against. */
const usedDays = 7;

const seatsInput = z.strictObject({
  /** Id. */
  license: lineOf(64),
  units: z.int().min(unitLimits.minimum).max(unitLimits.maximum),
  /** Says yes to a number below what was used in the last days. */
  confirm: z.boolean().default(false),
});
type SeatsInput = z.output<typeof seatsInput>;

/** What more units cost: the rest of the term that runs, pro rata; each term renewed ahead, in full. */
const priceOf = (held: HeldLicense, units: number, today: Temporal.PlainDate): MoneyDraft[] => {
  if (!isChargedByTerm(held.license)) return [];
  const current = termOn(held.license, today);
  return held.license.terms.flatMap((term): MoneyDraft[] => {
    const { yearlyPrice, currency, months, startsOn, endsOn, pricedFrom } = term;
    const isAhead = isBefore(today, dayOf(startsOn)) && term !== current;
    if (yearlyPrice === null || currency === null || !(isAhead || term === current)) return [];
    const price = { yearlyPrice, months: months ?? 0, currency };
    const more = units - unitsOn(held, isAhead ? dayOf(startsOn) : today);
    const minor = isAhead
      ? termCharge(price, more)
      : proration(price, more, {
          daysLeft: daysBetween(today, dayOf(endsOn)),
          daysInTerm: daysBetween(dayOf(pricedFrom ?? startsOn), dayOf(endsOn)),
        });
    return minor === 0n ? [] : [{ kind: isAhead ? 'charge' : 'proration', minor, currency }];
  });
};

/** Another number at once: what was to come later is taken back, and the row counts from today's units. */
const changeNow = (held: HeldLicense, units: number, today: Temporal.PlainDate): LicenseChange => {
  const { license } = held;
  const about = { type: 'License change', reason: 'seats', planAfterId: license.planId } as const;
  const { rows } = takeBacks(held, today.add({ days: 1 }), about);
  const unitsBefore = effectiveUnits(held, today);
  return {
    held,
    set: { units, unitsAtRenewal: null, terms: license.terms.map(withoutUnits) },
    rows: [
      ...rows,
      rowOf(held, {
        ...about,
        effectiveOn: today,
        unitsBefore,
        unitsAfter: units,
        money: priceOf(held, units, today),
      }),
    ],
  };
};

const change = (held: HeldLicense, units: number, today: Temporal.PlainDate): LicenseChange[] => {
  const present = unitsOn(held, today);
  // Paid until the end of the term: fewer units wait for the next one.
  if (isChargedByTerm(held.license) && units < present) return [{ held, set: { unitsAtRenewal: units }, rows: [] }];
  if (units !== present) return [changeNow(held, units, today)];
  return held.license.unitsAtRenewal === null ? [] : [{ held, set: { unitsAtRenewal: null }, rows: [] }];
};

/** @throws Refusal where the number of units can never be changed. */
export const requireChangeable = (ground: LicenseGround): void => {
  const { asked } = ground;
  const refuse = (code: string) => rule(code, { field: 'license', params: { product: asked.product.name } });
  if (asked.license.version === 'nfr') throw refuse('license.nfr_fixed');
  const status = statusOf(ground, asked);
  if (status === 'removed') throw refuse('license.removed');
  if (status === 'expired') throw refuse('license.expired');
  requireBundled(ground);
};

/**
 * What another number of units does to the licence and, in a suite, to all open ones of its assignment. More is given
 * at once; less at once too, save on annual licences, where it waits for the next renewal. The present number takes
 * back a decrease that waits. @throws Refusal naming the field.
 */
const planSeats = async (
  { reads }: Context<PersonActor>,
  ground: LicenseGround,
  { units, confirm }: SeatsInput,
): Promise<LicenseChange[]> => {
  requireChangeable(ground);
  const { today, customer, asked } = ground;
  const open = ground.together.filter(({ license }) => isOpen(license, today));
  const changes = open.flatMap((held) => change(held, units, today));
  if (changes.length === 0) throw invalid('license.units_same', 'units', { product: asked.product.name, units });
  if (!confirm)
    for (const { product } of open) {
      const used = await reads.licenses.peakUsed(
        customer.id,
        product.id,
        today.subtract({ days: usedDays - 1 }),
        today,
      );
      if (used !== null && units < used)
        throw rule('license.below_used', { field: 'confirm', params: { product: product.name, used, units } });
    }
  return changes;
};

/** What another number of units would do and cost, without doing it. */
export const previewSeats = defineUseCase({
  kind: 'rehearsal',
  name: 'license seats preview',
  needs: 'license',
  input: seatsInput,
  result: licenseChangeResult,

  async run(context, input) {
    const ground = await findRenewed(context, input.license, { hold: false });
    return showChanges(ground, await planSeats(context, ground, input), context.actor);
  },
});

/** Changes the number of units: of a suite, of all licences of the assignment together. */
export const changeSeats = defineUseCase({
  kind: 'command',
  name: 'license seats',
  needs: 'license',
  input: seatsInput,
  result: licenseChangeResult,

  async run(context, input) {
    const ground = await findRenewed(context, input.license, { hold: true });
    const { customer, assignment, asked } = ground;
    const changes = await planSeats(context, ground, input);
    applyChanges(changes, ledgerWriter(context, { partnerId: customer.partnerId, customerId: customer.id }));
    if (assignment) assignment.units = asked.license.units;
    return showChanges(ground, changes, context.actor);
  },
});
