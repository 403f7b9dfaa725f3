import { z } from 'zod';
import { dayAt } from '../calendar.ts';
import type { PersonActor } from '../caller.ts';
import { productKinds, unitTypes } from '../catalog/product.ts';
import type { CatalogProduct } from '../catalog/reads.ts';
import { notFound, refusedResult } from '../errors.ts';
import { isChargedByTerm } from '../licenses/license-terms.ts';
import { moneyResult, toMoney } from '../money/money.ts';
import { seesPrices } from '../permissions.ts';
import { ServicePlan } from '../plans/service-plan.ts';
import type { Context } from '../use-case.ts';
import { findAcceptances, type Acceptance } from './acceptance-ground.ts';
import { suiteChangeStatuses, type Concerned, type SuiteChangeRow } from './reads.ts';

const productResult = z.object({
  /** SKU. */
  product: z.string(),
  productName: z.string(),
  kind: z.enum(productKinds),
  unitType: z.enum(unitTypes),
});

export const suiteChangeResult = z.object({
  changeId: z.string(),
  /** SKU. */
  suite: z.string(),
  suiteName: z.string(),
  status: z.enum(suiteChangeStatuses),
  openedAt: z.iso.datetime(),
  approvedAt: z.iso.datetime().nullable(),
  /** Name; null: not approved. */
  approvedBy: z.string().nullable(),
  added: z.array(
    productResult.extend({
      /** Those that the product offers; empty where it is installed at the customer. */
      dataCentres: z.array(z.string()),
      /** Plans for which one of them has to be chosen, since the plan's own is none of them. */
      unplaced: z.array(z.string()),
    }),
  ),
  removed: z.array(productResult),
  /** The own plans of the suite; while the change waits, they are locked. */
  plans: z.array(z.object({ planId: z.string(), name: z.string(), dataCentre: z.string().nullable() })),
  /** Customers' assignments that still have the old composition; those that failed or are queued are among them. */
  left: z.int(),
  queued: z.int(),
  accepted: z.int(),
  failed: z.int(),
});

export const concernedOf = (partnerId: string, row: Omit<Concerned, 'partnerId'>): Concerned => ({
  partnerId,
  changeId: row.changeId,
  productId: row.productId,
  after: row.after,
});

/** Services whose place has to be chosen for a plan: what the plan says is not offered. */
export const unplacedIn = (
  product: CatalogProduct,
  plans: readonly { readonly name: string; readonly dataCentre: string | null }[],
): string[] =>
  product.kind === 'service'
    ? plans
        .filter(({ dataCentre }) => dataCentre === null || !product.dataCentres.includes(dataCentre))
        .map(({ name }) => name)
    : [];

const showProduct = ({ sku, name, kind, unitTypes: types }: CatalogProduct): z.input<typeof productResult> => ({
  product: sku,
  productName: name,
  kind,
  unitType: types[0] ?? 'seat',
});

/** Changes as they are shown, with the names of their products. */
export const showSuiteChanges = async (
  { reads }: Pick<Context, 'reads'>,
  rows: readonly SuiteChangeRow[],
): Promise<z.input<typeof suiteChangeResult>[]> => {
  const ids = [...new Set(rows.flatMap(({ productId, before, after }) => [productId, ...before, ...after]))];
  const products = new Map((await reads.catalog.products(ids)).map((product) => [product.id, product]));
  const named = (some: readonly string[]): CatalogProduct[] => some.flatMap((id) => products.get(id) ?? []);
  return rows.map(({ productId, before, after, plans, ...row }) => ({
    ...row,
    suite: products.get(productId)?.sku ?? '',
    suiteName: products.get(productId)?.name ?? '',
    plans: [...plans],
    added: named(after.filter((id) => !before.includes(id))).map((product) => ({
      ...showProduct(product),
      dataCentres: product.dataCentres,
      unplaced: unplacedIn(product, plans),
    })),
    removed: named(before.filter((id) => !after.includes(id))).map(showProduct),
  }));
};

/** One change of the own partner. @throws Refusal `not_found` blaming `change`. */
export const findSuiteChange = async (
  { reads, actor, now }: Context<PersonActor>,
  change: string,
): Promise<SuiteChangeRow> => {
  const changeId = await reads.suites.changeId(actor.partnerId, change);
  if (!changeId) throw notFound('suite change', 'change');
  const today = dayAt(now, actor.timeZone);
  const { items } = await reads.suites.changes({ partnerId: actor.partnerId, changeId }, { page: 1, size: 1 }, today);
  return items[0]!;
};

/** What is charged, less what is credited, by an acceptance, in minor units. */
export const costOf = ({ planned }: Acceptance): bigint =>
  [...(planned?.changes ?? []), ...(planned?.added ?? [])]
    .flatMap(({ rows }) => rows.flatMap(({ money }) => money))
    .reduce((sum, { minor }) => sum + minor, 0n);

/** What accepting all that are left would cost today, and who could not be accepted. */
export const foreseenResult = z.object({
  /** Null: nothing is charged by the term, or amounts are not for this person's eyes. */
  cost: moneyResult.nullable(),
  /** How many could be accepted now. */
  ready: z.int(),
  /** How many could not, and why the first of them. */
  hindered: z.int(),
  obstacles: z.array(refusedResult.extend({ /** Account name. */ customer: z.string(), company: z.string() })),
});

/** So many of those who cannot be accepted are named beforehand. */
const namedObstacles = 10;

/** What carrying these acceptances out would come to. */
export const sumUp = (acceptances: readonly Acceptance[], actor: PersonActor): z.input<typeof foreseenResult> => {
  const ready = acceptances.filter(({ planned }) => planned !== null);
  const isPaid = acceptances.some(({ plan }) => isChargedByTerm(plan));
  const minor = ready.reduce((sum, acceptance) => sum + costOf(acceptance), 0n);
  const obstacles = acceptances.flatMap(({ refusal, concerned: { customer, company } }) =>
    refusal ? [{ customer, company, code: refusal.code, params: { ...refusal.params } }] : [],
  );
  return {
    cost: isPaid && seesPrices(actor) ? toMoney(minor, actor.currency) : null,
    ready: ready.length,
    hindered: obstacles.length,
    obstacles: obstacles.slice(0, namedObstacles),
  };
};

export const foresee = async (
  context: Context<PersonActor>,
  row: SuiteChangeRow,
): Promise<z.input<typeof foreseenResult>> => {
  const { reads, actor, now } = context;
  const today = dayAt(now, actor.timeZone);
  const left =
    row.left === 0 || row.status === 'replaced'
      ? []
      : await reads.suites.left(concernedOf(actor.partnerId, row), today);
  if (left.length === 0) return sumUp([], actor);
  const { acceptances } = await findAcceptances(context, row.changeId, left, { hold: false });
  return sumUp(acceptances, actor);
};

/** The plans of a suite change, held by id. */
export const lockPlans = async ({ uow, reads }: Context<PersonActor>, row: SuiteChangeRow, partnerId: string) => {
  const found = await reads.suites.plansOf([row.productId]);
  return uow.lockAll(
    ServicePlan,
    found.filter((plan) => plan.partnerId === partnerId).map(({ planId }) => planId),
  );
};
