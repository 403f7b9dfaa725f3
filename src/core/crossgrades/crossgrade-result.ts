import { z } from 'zod';
import { dayResult } from '../calendar.ts';
import { licenseVersions, unitTypes } from '../catalog/product.ts';
import type { PersonActor } from '../caller.ts';
import { transactionTypes } from '../licenses/customer-transaction.ts';
import { termOn, type Held } from '../licenses/ledger-draft.ts';
import { creditsByLicense, type CreditedLicense } from '../licenses/credits.ts';
import { lastDay } from '../licenses/license-result.ts';
import { isOpen } from '../licenses/license-status.ts';
import { moneyLineKinds } from '../licenses/money-line.ts';
import { exactSum, moneyResult, toMoney } from '../money/money.ts';
import { seesPrices } from '../permissions.ts';
import type { Reads } from '../reads.ts';
import { crossgradeHash, type CrossgradeGround } from './crossgrade-ground.ts';

const outcomes = ['transferred', 'new', 'ending', 'superseded', 'unbundled', 'removed'] as const;

const licenseBefore = z.object({
  licenseId: z.string(),
  /** SKU. */
  product: z.string(),
  productName: z.string(),
  /** Name; null: unbundled. */
  plan: z.string().nullable(),
  version: z.enum(licenseVersions),
  units: z.int(),
  unitType: z.enum(unitTypes),
  startsOn: dayResult,
  /** First day of the term that runs, or will be the first to run. */
  termStartsOn: dayResult,
  endsOn: dayResult,
  /** The last day. */
  expiresOn: dayResult,
});

/** A ledger row of a crossgrade, to come or written. */
export const ledgerLine = z.object({
  type: z.enum(transactionTypes),
  reason: z.string(),
  /** SKU. */
  product: z.string(),
  productName: z.string(),
  unitType: z.enum(unitTypes),
  /** Names; null: without a plan. */
  planBefore: z.string().nullable(),
  planAfter: z.string().nullable(),
  effectiveOn: dayResult,
  unitsBefore: z.int(),
  delta: z.int(),
  unitsAfter: z.int(),
});

export const crossgradePreviewResult = z.object({
  /** What a commit has to name: it is refused once anything that is shown here would change. */
  hash: z.string(),
  customer: z.object({ customerId: z.string(), account: z.string(), company: z.string() }),
  plan: z.object({ planId: z.string(), name: z.string() }),
  units: z.int(),
  /** Vision One credits of the licences that are shown, exact decimals: before, and right after. */
  credits: z.object({ before: z.string(), after: z.string() }),
  before: z.array(licenseBefore),
  /** Each licence of `before`, then the new ones (without an id). Removed ones have no units. */
  after: z.array(licenseBefore.extend({ licenseId: z.string().nullable(), outcome: z.enum(outcomes) })),
  ledger: z.array(ledgerLine),
  /** Amounts are null where they are not for this person's eyes. */
  money: z.array(z.object({ kind: z.enum(moneyLineKinds), product: z.string(), amount: moneyResult.nullable() })),
  net: moneyResult.nullable(),
  /** Software that stands in the way: whether its licence moves or a new one starts, and between which days. */
  asks: z.array(
    z.object({
      product: z.string(),
      productName: z.string(),
      earliest: dayResult,
      /** Null: no new licence can follow. */
      latest: dayResult.nullable(),
    }),
  ),
});

/** The ledger rows in the order in which they are written, each with its product. */
const draftedRows = ({ planned }: CrossgradeGround) => [
  ...planned.changes.flatMap(({ held, rows }) =>
    rows.map((row) => ({ row, product: held.product, unitType: held.license.unitType })),
  ),
  ...planned.fresh.map(({ issued, row }) => ({ row, product: issued.product, unitType: issued.unitType })),
];

/**
 * Credits of the licences that a crossgrade is about, before it and right after: an assignment converts by its plan's
 * product, an unbundled licence by its own. What is removed, or ends today, converts no more.
 */
const creditsAround = async ({ plan, planned, today }: CrossgradeGround, reads: Reads) => {
  const rates = await reads.crossgrades.planRates([
    plan.id,
    ...planned.changes.flatMap(({ held }) => held.license.planId ?? []),
  ]);
  const rateOf = (planId: string | null): string | null => (planId === null ? null : (rates.get(planId) ?? null));
  const credited = (
    { license, product }: Held,
    { assignmentId, planId, units }: Pick<Held['license'], 'assignmentId' | 'planId' | 'units'>,
  ): CreditedLicense => ({
    licenseId: license.id,
    assignmentId,
    productId: product.id,
    units,
    ownRate: product.creditsPerUnit,
    planRate: rateOf(planId),
    composition: [],
  });
  const total = (licenses: readonly CreditedLicense[]): string => exactSum(creditsByLicense(licenses).values());
  const after = planned.changes.flatMap(({ held, outcome, set }) => {
    const license = { ...held.license, ...set, ...(outcome === 'transferred' && { assignmentId: 'new' }) };
    return isOpen(license, today) ? [credited(held, license)] : [];
  });
  const fresh = planned.fresh.map(({ issued: { product } }, index): CreditedLicense => ({
    licenseId: `new-${index}`,
    assignmentId: 'new',
    productId: product.id,
    units: planned.units,
    ownRate: product.creditsPerUnit,
    planRate: rateOf(plan.id),
    composition: [],
  }));
  return {
    before: total(planned.changes.map(({ held }) => credited(held, held.license))),
    after: total([...after, ...fresh]),
  };
};

/** What a crossgrade does, as a person sees it. */
export const showCrossgrade = async (
  ground: CrossgradeGround,
  { reads, actor }: { readonly reads: Reads; readonly actor: PersonActor },
): Promise<z.input<typeof crossgradePreviewResult>> => {
  const { customer, plan, planned, today } = ground;
  const names = await reads.crossgrades.planNames([
    plan.id,
    ...planned.changes.flatMap(({ held }) => held.license.planId ?? []),
  ]);
  const nameOf = (planId: string | null): string | null => (planId === null ? null : (names.get(planId) ?? null));
  const shown = ({ license, product }: Held, over: Partial<Held['license']> = {}) => {
    const { planId, version, units, unitType, startsOn, endsOn, terms } = { ...license, ...over };
    return {
      licenseId: license.id,
      product: product.sku,
      productName: product.name,
      plan: nameOf(planId),
      version,
      units,
      unitType,
      startsOn: startsOn.toString(),
      termStartsOn: termOn({ terms }, today)?.startsOn ?? startsOn.toString(),
      endsOn: endsOn.toString(),
      expiresOn: lastDay(endsOn.toString()),
    };
  };
  const rows = draftedRows(ground);
  const money = rows.flatMap(({ row, product }) => row.money.map((line) => ({ ...line, product })));
  const sees = seesPrices(actor);
  return {
    hash: await crossgradeHash(ground),
    customer: { customerId: customer.id, account: customer.account, company: customer.company },
    plan: { planId: plan.id, name: plan.name },
    units: planned.units,
    credits: await creditsAround(ground, reads),
    before: planned.changes.map(({ held }) => shown(held)),
    after: [
      ...planned.changes.map(({ held, set, outcome }) => ({ ...shown(held, set), outcome })),
      ...planned.fresh.map(({ issued }) => ({
        licenseId: null,
        outcome: 'new' as const,
        product: issued.product.sku,
        productName: issued.product.name,
        plan: plan.name,
        version: plan.version,
        units: planned.units,
        unitType: issued.unitType,
        startsOn: issued.startsOn.toString(),
        termStartsOn: issued.startsOn.toString(),
        endsOn: issued.endsOn.toString(),
        expiresOn: lastDay(issued.endsOn.toString()),
      })),
    ],
    ledger: rows.map(({ row, product, unitType }) => ({
      type: row.type,
      reason: row.reason,
      product: product.sku,
      productName: product.name,
      unitType,
      planBefore: nameOf(row.planBeforeId),
      planAfter: nameOf(row.planAfterId),
      effectiveOn: row.effectiveOn.toString(),
      unitsBefore: row.unitsBefore,
      delta: row.delta,
      unitsAfter: row.unitsAfter,
    })),
    money: money.map(({ kind, product, minor, currency }) => ({
      kind,
      product: product.sku,
      amount: sees ? toMoney(minor, currency) : null,
    })),
    net: sees
      ? toMoney(
          money.reduce((sum, { minor }) => sum + minor, 0n),
          money[0]?.currency ?? actor.currency,
        )
      : null,
    asks: planned.asks.map(({ product, earliest, latest }) => ({
      product: product.sku,
      productName: product.name,
      earliest: earliest.toString(),
      latest: latest?.toString() ?? null,
    })),
  };
};
