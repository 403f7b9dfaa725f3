import type { ServicePlan } from '../plans/service-plan.ts';
import type { Context } from '../use-case.ts';
import { SuiteChange } from './suite-change.ts';

/**
 * Whether a plan that just came to offer a product has to wait for a suite change, as all plans of that suite do. The
 * plan is written first: it refers to the product, which an import that changes it holds; and the change is held, so
 * that whoever approves it beside this sees the plan.
 */
export const waitsForApproval = async (
  { uow, reads }: Pick<Context, 'uow' | 'reads'>,
  { partnerId, productId }: Pick<ServicePlan, 'partnerId' | 'productId'>,
): Promise<boolean> => {
  await uow.flush();
  const changeId = await reads.suites.waitingId(partnerId, productId);
  if (changeId === null) return false;
  const { approvedAt, replacedAt } = await uow.lock(SuiteChange, changeId);
  return approvedAt === null && replacedAt === null;
};
