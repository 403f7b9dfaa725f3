import { z } from 'zod';
import { dayResult } from '../calendar.ts';
import type { PersonActor } from '../caller.ts';
import { moneyResult, toMoney } from '../money/money.ts';
import { seesPrices } from '../permissions.ts';
import { transactionTypes } from './customer-transaction.ts';
import { statusOf, type HeldLicense, type LicenseGround } from './license-ground.ts';
import { licenseResult, showLicense, type LicenseResult } from './license-result.ts';
import type { RowDraft } from './ledger-draft.ts';
import type { License } from './license.ts';
import { moneyLineKinds } from './money-line.ts';
import type { WriteLedger } from './write-ledger.ts';

/** What becomes of one licence: the fields that change, and the ledger rows that say so. */
export interface LicenseChange {
  readonly held: HeldLicense;
  readonly set: Partial<License>;
  readonly rows: readonly RowDraft[];
}

/** Carries out what was drafted. */
export const applyChanges = (changes: readonly LicenseChange[], write: WriteLedger): void => {
  for (const { held, set, rows } of changes) {
    for (const row of rows) write(held.license.id, row);
    Object.assign(held.license, set);
  }
};

/** How a licence verb answers. */
export const licenseChangeResult = z.object({
  license: licenseResult,
  /** Every licence that was changed with it, itself included. */
  licenses: z.array(licenseResult),
  /** The same licences as they were, in the same order. */
  before: z.array(licenseResult),
  /** The ledger rows, in the order in which they are written; none for what waits for a renewal. */
  ledger: z.array(
    z.object({
      type: z.enum(transactionTypes),
      reason: z.string(),
      /** SKU. */
      product: z.string(),
      productName: z.string(),
      effectiveOn: dayResult,
      unitsBefore: z.int(),
      delta: z.int(),
      unitsAfter: z.int(),
    }),
  ),
  /** What was charged and credited; left out for who may not see amounts. */
  money: z
    .array(z.object({ kind: z.enum(moneyLineKinds), /** SKU. */ product: z.string(), amount: moneyResult }))
    .optional(),
  net: moneyResult.optional(),
});

/** A licence as lists show it, from what is at hand. */
export const showHeld = (ground: LicenseGround, held: HeldLicense): LicenseResult => {
  const { license, product } = held;
  return showLicense({
    licenseId: license.id,
    assignmentId: license.assignmentId,
    product: product.sku,
    productName: product.name,
    version: license.version,
    subscriptionType: license.subscriptionType,
    plan: license.planId === null ? null : (ground.plan?.name ?? null),
    units: license.units,
    unitType: license.unitType,
    startsOn: license.startsOn.toString(),
    endsOn: license.endsOn.toString(),
    status: statusOf(ground, held),
    autoRenewal: license.autoRenewal,
    unitsAtRenewal: license.unitsAtRenewal,
  });
};

/**
 * The changes as a person sees them. Drafts that were not carried out (a preview) are shown as if they were. `next`:
 * what the licences stand on afterwards, where that is another plan.
 */
export const showChanges = (
  ground: LicenseGround,
  changes: readonly LicenseChange[],
  actor: PersonActor,
  next: Partial<Pick<LicenseGround, 'plan' | 'planProduct'>> = {},
): z.input<typeof licenseChangeResult> => {
  const after = ({ held, set }: LicenseChange): LicenseResult =>
    showHeld({ ...ground, ...next }, { ...held, license: { ...held.license, ...set } });
  const { asked } = ground;
  const changed = changes.find(({ held }) => held.license.id === asked.license.id);
  const lines = changes.flatMap(({ held, rows }) =>
    rows.flatMap(({ money }) => money.map((line) => ({ ...line, product: held.product.sku }))),
  );
  return {
    license: changed ? after(changed) : showHeld(ground, asked),
    licenses: changes.map(after),
    before: changes.map(({ held }) => showHeld(ground, { ...held, license: held.was })),
    ledger: changes.flatMap(({ held: { product }, rows }) =>
      rows.map(({ type, reason, effectiveOn, unitsBefore, delta, unitsAfter }) => ({
        type,
        reason,
        product: product.sku,
        productName: product.name,
        effectiveOn: effectiveOn.toString(),
        unitsBefore,
        delta,
        unitsAfter,
      })),
    ),
    ...(seesPrices(actor) && {
      money: lines.map(({ kind, product, minor, currency }) => ({ kind, product, amount: toMoney(minor, currency) })),
      net: toMoney(
        lines.reduce((sum, { minor }) => sum + minor, 0n),
        lines[0]?.currency ?? actor.currency,
      ),
    }),
  };
};
