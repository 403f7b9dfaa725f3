import { dayAt } from '../calendar.ts';
import { tierOneOf, type PersonActor } from '../caller.ts';
import type { PriceBreak } from '../catalog/reads.ts';
import { Customer } from '../customers/customer.ts';
import { Refusal, rule } from '../errors.ts';
import { renewLate } from '../licenses/automatic-renewal.ts';
import { heldOf, type HeldLicense } from '../licenses/license-ground.ts';
import { License } from '../licenses/license.ts';
import { isChargedByTerm } from '../licenses/license-terms.ts';
import { PlanAssignment } from '../plans/plan-assignment.ts';
import { ServicePlan } from '../plans/service-plan.ts';
import type { EntityClass, Stored } from '../unit-of-work.ts';
import type { Context } from '../use-case.ts';
import { planAcceptance, pricedDays, type AcceptancePlan, type AcceptanceQuestion } from './plan-acceptance.ts';
import type { ConcernedAssignment } from './reads.ts';
import { SuiteChange } from './suite-change.ts';

/** One assignment, and what accepting it would do or why it cannot be done now. */
export interface Acceptance {
  readonly concerned: ConcernedAssignment;
  readonly customer: Customer;
  readonly plan: ServicePlan;
  readonly assignment: PlanAssignment;
  /** Null: refused. */
  readonly planned: AcceptancePlan | null;
  readonly refusal: Refusal | null;
}

/** Why a change is not carried out, or null. @see SuiteChange */
export const changeRefusal = ({ approvedAt, replacedAt }: SuiteChange): Refusal | null => {
  if (replacedAt) return rule('suite.replaced', { field: 'change' });
  return approvedAt ? null : rule('suite.not_approved', { field: 'change' });
};

const planned = (question: AcceptanceQuestion): Pick<Acceptance, 'planned' | 'refusal'> => {
  try {
    return { planned: planAcceptance(question), refusal: null };
  } catch (error) {
    if (error instanceof Refusal) return { planned: null, refusal: error };
    throw error;
  }
};

/** Renews what ended, while the job is late, of all whom suite changes may concern: only then is asked who is left. */
export const renewLateOnSuites = async (context: Context<PersonActor>): Promise<void> => {
  const { reads, actor, now } = context;
  await renewLate(context, await reads.renewals.lateOnSuites(actor.partnerId, dayAt(now, actor.timeZone)));
};

/**
 * Plans the acceptance of some assignments, one of each customer. To carry them out everything they stand on is held:
 * customers, plans, the change, assignments, licences, each kind by id. What meanwhile was accepted is left out.
 */
export const findAcceptances = async (
  { uow, reads, actor, now }: Context<PersonActor>,
  changeId: string,
  asked: readonly ConcernedAssignment[],
  { hold }: { readonly hold: boolean },
): Promise<{ readonly change: SuiteChange; readonly acceptances: Acceptance[] }> => {
  const take = async <T extends Stored>(type: EntityClass<T>, ids: readonly string[]): Promise<Map<string, T>> => {
    const things = hold ? await uow.lockAll(type, ids) : await reads.suites.all(type, ids);
    return new Map(things.map((thing) => [thing.id, thing]));
  };
  const today = dayAt(now, actor.timeZone);
  const customers = await take(
    Customer,
    asked.map(({ customerId }) => customerId),
  );
  const plans = await take(
    ServicePlan,
    asked.map(({ planId }) => planId),
  );
  // An import that replaces the change holds the plans first: from here on it stays as it is.
  const change = hold
    ? await uow.lock(SuiteChange, changeId, 'change')
    : await uow.get(SuiteChange, changeId, 'change');
  const refusal = hold ? changeRefusal(change) : null;
  if (refusal) throw refusal;

  const openIds = await reads.suites.openLicenses([...customers.keys()], today);
  const assignmentIds = await reads.suites.assignmentsOf(openIds);
  const assignments = await take(PlanAssignment, [
    ...new Set([...asked.map(({ assignmentId }) => assignmentId), ...assignmentIds]),
  ]);
  const licenses = await take(License, openIds);
  const ofCustomer = Map.groupBy(await heldOf(reads, [...licenses.values()]), ({ license }) => license.customerId);

  const found = await reads.catalog.products([...change.after, change.productId]);
  const products = new Map(found.map((product) => [product.id, product]));
  const after = change.after.flatMap((id) => products.get(id) ?? []);
  const isNfr = [...plans.values()].some(({ nfr }) => nfr);
  const nfrProducts = new Set(isNfr ? await reads.suites.nfrProducts(change.partnerId, today) : []);
  const standing = asked.flatMap((concerned) => {
    const assignment = assignments.get(concerned.assignmentId)!;
    const held: readonly HeldLicense[] = ofCustomer.get(concerned.customerId) ?? [];
    return hold && hasComposition(assignment, change.after)
      ? []
      : [
          {
            concerned,
            assignment,
            held,
            customer: customers.get(concerned.customerId)!,
            plan: plans.get(assignment.planId)!,
            today,
          },
        ];
  });

  const breaks = new Map<string, readonly PriceBreak[]>();
  for (const one of standing.filter(({ plan }) => isChargedByTerm(plan)))
    for (const day of pricedDays(one)) {
      const key = day.toString();
      if (!breaks.has(key))
        breaks.set(key, await reads.catalog.breaks(tierOneOf(actor), change.after, actor.currency, day));
    }

  return {
    change,
    acceptances: standing.map(({ held, ...one }) => ({
      ...one,
      ...planned({
        ...one,
        held,
        after,
        endOfLifeOn: products.get(change.productId)?.endOfLifeOn ?? null,
        dataCentres: change.dataCentres,
        unplaced: change.approvedAt === null,
        breaksOn: (day) => breaks.get(day.toString()) ?? [],
        currency: actor.currency,
        nfrProducts,
      }),
    })),
  };
};

/** Whether an assignment was given exactly these products. */
const hasComposition = ({ composition }: Pick<PlanAssignment, 'composition'>, ids: readonly string[]): boolean =>
  composition.length === ids.length && ids.every((id) => composition.includes(id));
