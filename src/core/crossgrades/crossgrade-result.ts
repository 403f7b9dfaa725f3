import { z } from 'zod';
import { dayResult } from '../calendar.ts';
import { licenseVersions, unitTypes } from '../catalog/product.ts';
import type { PersonActor } from '../caller.ts';
import { transactionTypes } from '../licenses/customer-transaction.ts';
import type { Held } from '../licenses/ledger-draft.ts';
import { lastDay } from '../licenses/license-result.ts';
import { moneyLineKinds } from '../licenses/money-line.ts';
import { moneyResult, toMoney } from '../money/money.ts';
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
  endsOn: dayResult,
  /** The last day. */
  expiresOn: dayResult,
});

export const crossgradePreviewResult = z.object({
  /** What a commit has to name: it is refused once anything that is shown here would change. */
  hash: z.string(),
  customer: z.object({ customerId: z.string(), account: z.string(), company: z.string() }),
  plan: z.object({ planId: z.string(), name: z.string() }),
  units: z.int(),
  before: z.array(licenseBefore),
  /** Each license of `before`, then the new ones (without an id). Removed ones have no units. */
  after: z.array(licenseBefore.extend({ licenseId: z.string().nullable(), outcome: z.enum(outcomes) })),
  ledger: z.array(
    z.object({
      type: z.enum(transactionTypes),
      reason: z.string(),
      product: z.string(),
      planBefore: z.string().nullable(),
      planAfter: z.string().nullable(),
      effectiveOn: dayResult,
      unitsBefore: z.int(),
      delta: z.int(),
      unitsAfter: z.int(),
    }),
  ),
  /** Amounts are null where they are not for this person's eyes. */
  money: z.array(z.object({ kind: z.enum(moneyLineKinds), product: z.string(), amount: moneyResult.nullable() })),
  net: moneyResult.nullable(),
  /** Software that stands in the way: whether its license moves or a new one starts, and between which days. */
  asks: z.array(
    z.object({
      product: z.string(),
      productName: z.string(),
      earliest: dayResult,
      /** Null: no new license can follow. */
      latest: dayResult.nullable(),
    }),
  ),
});

/** The ledger rows in the order in which they are written, each with its product's SKU. */
export const draftedRows = ({ planned }: CrossgradeGround) => [
  ...planned.changes.flatMap(({ held, rows }) =>
    rows.map((row) => ({ row, sku: held.product.sku, licenseId: held.license.id })),
  ),
  ...planned.fresh.map(({ issued, row }) => ({ row, sku: issued.product.sku, licenseId: null })),
];

/** What a crossgrade does, as a person sees it. */
export const showCrossgrade = async (
  ground: CrossgradeGround,
  { reads, actor }: { readonly reads: Reads; readonly actor: PersonActor },
): Promise<z.input<typeof crossgradePreviewResult>> => {
  const { customer, plan, planned } = ground;
  const names = await reads.crossgrades.planNames([
    plan.id,
    ...planned.changes.flatMap(({ held }) => held.license.planId ?? []),
  ]);
  const nameOf = (planId: string | null): string | null => (planId === null ? null : (names.get(planId) ?? null));
  const shown = ({ license, product }: Held, over: Partial<Held['license']> = {}) => {
    const { planId, version, units, unitType, startsOn, endsOn } = { ...license, ...over };
    return {
      licenseId: license.id,
      product: product.sku,
      productName: product.name,
      plan: nameOf(planId),
      version,
      units,
      unitType,
      startsOn: startsOn.toString(),
      endsOn: endsOn.toString(),
      expiresOn: lastDay(endsOn.toString()),
    };
  };
  const rows = draftedRows(ground);
  const money = rows.flatMap(({ row, sku }) => row.money.map((line) => ({ ...line, product: sku })));
  const sees = seesPrices(actor);
  return {
    hash: await crossgradeHash(ground),
    customer: { customerId: customer.id, account: customer.account, company: customer.company },
    plan: { planId: plan.id, name: plan.name },
    units: planned.units,
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
        endsOn: issued.endsOn.toString(),
        expiresOn: lastDay(issued.endsOn.toString()),
      })),
    ],
    ledger: rows.map(({ row, sku }) => ({
      type: row.type,
      reason: row.reason,
      product: sku,
      planBefore: nameOf(row.planBeforeId),
      planAfter: nameOf(row.planAfterId),
      effectiveOn: row.effectiveOn.toString(),
      unitsBefore: row.unitsBefore,
      delta: row.delta,
      unitsAfter: row.unitsAfter,
    })),
    money: money.map(({ kind, product, minor, currency }) => ({
      kind,
      product,
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
