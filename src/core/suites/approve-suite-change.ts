import { z } from 'zod';
import type { PersonActor } from '../caller.ts';
import type { CatalogProduct } from '../catalog/reads.ts';
import { invalid, rule, type Refusal } from '../errors.ts';
import { lineOf } from '../text.ts';
import { defineUseCase, type Context } from '../use-case.ts';
import type { SuiteChangeRow } from './reads.ts';
import { findSuiteChange, lockPlans, showSuiteChanges, suiteChangeResult, unplacedIn } from './suite-change-result.ts';
import { SuiteChange } from './suite-change.ts';
import { tellSuiteChange } from './tell-suite-change.ts';

const input = z.strictObject({
  /** Id, or the suite's SKU or name. */
  change: lineOf(120),
  /** By SKU: where an added service stands. Needed where a plan's own data centre is not offered by it. */
  dataCentres: z.record(lineOf(64), lineOf(80)).default({}),
});

/** Why a change cannot be approved, or null. */
const approvalRefusal = ({ approvedAt, replacedAt }: SuiteChange): Refusal | null => {
  if (replacedAt) return rule('suite.replaced', { field: 'change' });
  return approvedAt ? rule('suite.approved', { field: 'change' }) : null;
};

/**
 * By product id, where the services that the change adds stand, as far as it was said. What is said holds for all
 * plans; else each plan's own data centre does. @throws Refusal blaming `dataCentres`.
 */
const placesOf = (
  added: readonly CatalogProduct[],
  plans: SuiteChangeRow['plans'],
  said: Readonly<Record<string, string>>,
): Record<string, string> => {
  const places: Record<string, string> = {};
  for (const [sku, wanted] of Object.entries(said)) {
    const product = added.find((one) => one.sku.toLowerCase() === sku.toLowerCase());
    if (!product) throw invalid('suite.not_added', 'dataCentres', { sku });
    const params = { product: product.name, allowed: product.dataCentres.join(', ') };
    if (product.kind !== 'service') throw invalid('plan.data_centre_unneeded', 'dataCentres', params);
    const centre = product.dataCentres.find((one) => one.toLowerCase() === wanted.toLowerCase());
    if (centre === undefined) throw invalid('plan.data_centre_unknown', 'dataCentres', params);
    places[product.id] = centre;
  }
  const unplaced = added.filter(
    ({ id, ...product }) => !(id in places) && unplacedIn({ id, ...product }, plans).length > 0,
  );
  if (unplaced.length > 0)
    throw invalid('suite.data_centre_required', 'dataCentres', {
      products: unplaced.map(({ name, dataCentres }) => `${name} (${dataCentres.join(', ')})`).join('; '),
    });
  return places;
};

/** The change with everything that its approval is decided by, held: plans, then the change. */
const hold = async (context: Context<PersonActor>, named: string) => {
  const { uow, actor } = context;
  const found = await findSuiteChange(context, named);
  const first = await lockPlans(context, found, actor.partnerId);
  const change = await uow.lock(SuiteChange, found.changeId, 'change');
  // A plan that was being made beside this holds the change; now it is there.
  const plans = await lockPlans(context, found, actor.partnerId);
  return { found, change, plans: plans.length > first.length ? plans : first };
};

/**
 * Approves a suite's new composition: its plans are unlocked and give it from now on. Customers keep what they have
 * until each is accepted.
 */
export const approveSuiteChange = defineUseCase({
  kind: 'command',
  name: 'suite approve',
  needs: 'license',
  input,
  result: suiteChangeResult,

  async run(context, { change: named, dataCentres }) {
    const { uow, reads, actor, now } = context;
    const { found, change, plans } = await hold(context, named);
    const refusal = approvalRefusal(change);
    if (refusal) throw refusal;
    const ids = change.after.filter((id) => !change.before.includes(id));
    const added = await reads.catalog.products(ids);
    const settings = plans.map(({ id, name, settings: { dataCentre } }) => ({ planId: id, name, dataCentre }));
    Object.assign(change, {
      dataCentres: placesOf(added, settings, dataCentres),
      approvedAt: now,
      approvedBy: actor.personId,
    });
    for (const plan of plans) plan.locked = false;
    tellSuiteChange(uow, change.id);
    await uow.flush();
    const [shown] = await showSuiteChanges(context, [await findSuiteChange(context, found.changeId)]);
    return shown!;
  },
});
