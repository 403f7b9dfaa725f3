import { dayAt } from '../calendar.ts';
import { Partner } from '../people/partner.ts';
import type { ServicePlan } from '../plans/service-plan.ts';
import type { Context } from '../use-case.ts';
import { SuiteChange } from './suite-change.ts';
import { tellSuiteChange } from './tell-suite-change.ts';

/** A suite whose flattened composition an import changes: ids in the catalogue's order. */
export interface Recomposed {
  readonly productId: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Whether two compositions give the same products, in whatever order. */
export const isSameComposition = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((id) => other.includes(id));

/**
 * What one partner has to deal with from now on. A change that waits gives way to the newer one, which keeps its
 * `before`, since nothing was given by it; where the suite is again what it was before, there is nothing to approve,
 * and what was approved last goes on.
 */
const succeed = async (
  { uow, reads, now }: Pick<Context, 'uow' | 'reads' | 'now'>,
  partnerId: string,
  { productId, before, after }: Recomposed,
): Promise<SuiteChange | null> => {
  const waitingId = await reads.suites.waitingId(partnerId, productId);
  const waiting = waitingId === null ? null : await uow.lock(SuiteChange, waitingId);
  const approvedId = await reads.suites.lastApproved(partnerId, productId);
  const approved = approvedId === null ? null : await uow.lock(SuiteChange, approvedId);
  const former = waiting?.before ?? before;
  if (waiting) {
    waiting.replacedAt = now;
    tellSuiteChange(uow, waiting.id);
  }
  if (isSameComposition(former, after)) {
    if (approved?.replacedAt && isSameComposition(approved.after, after)) {
      approved.replacedAt = null;
      tellSuiteChange(uow, approved.id);
    }
    return null;
  }
  // Who is not accepted yet goes from what he has to the newest composition at once.
  if (approved && approved.replacedAt === null) {
    const today = dayAt(now, (await uow.get(Partner, partnerId)).timeZone);
    const about = { changeId: approved.id, partnerId, productId, after: approved.after };
    if ((await reads.suites.left(about, today)).length > 0) {
      approved.replacedAt = now;
      tellSuiteChange(uow, approved.id);
    }
  }
  // The waiting row must be out of the way: only one may wait.
  await uow.flush();
  const change = new SuiteChange({
    id: uow.newId(),
    partnerId,
    productId,
    before: former,
    after,
    openedAt: now,
    approvedAt: null,
    approvedBy: null,
    replacedAt: null,
    dataCentres: {},
  });
  uow.add(change);
  return change;
};

/**
 * Opens a change for each partner with plans of a suite that is composed anew, and locks these plans, which the caller
 * holds already; they are unlocked where nothing waits any more.
 */
export const openSuiteChanges = async (
  context: Pick<Context, 'uow' | 'reads' | 'now'>,
  recomposed: readonly Recomposed[],
  plans: readonly ServicePlan[],
): Promise<number> => {
  const { uow } = context;
  let opened = 0;
  for (const suite of recomposed) {
    const offered = plans.filter(({ productId }) => productId === suite.productId);
    for (const [partnerId, own] of Map.groupBy(offered, (plan) => plan.partnerId)) {
      const change = await succeed(context, partnerId, suite);
      for (const plan of own) plan.locked = change !== null;
      if (!change) continue;
      opened++;
      tellSuiteChange(uow, change.id);
    }
  }
  return opened;
};
