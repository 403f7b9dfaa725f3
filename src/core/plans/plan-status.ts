import { isOnOrAfter } from '../calendar.ts';
import type { Product } from '../catalog/product.ts';
import type { ServicePlan } from './service-plan.ts';

export const planStatuses = ['locked', 'end_of_life', 'end_of_sale', 'disabled', 'enabled'] as const;
export type PlanStatus = (typeof planStatuses)[number];

/**
 * The status of a plan on a day, the first that holds: locked, end of life, end of sale, disabled, enabled. Derived,
 * never stored. Lists derive the same in the database (`planStatus` in `src/storage/reads/derived-status.ts`).
 */
export const planStatus = (
  plan: Pick<ServicePlan, 'enabled' | 'locked'>,
  product: Pick<Product, 'endOfSaleOn' | 'endOfLifeOn'>,
  day: Temporal.PlainDate,
): PlanStatus => {
  if (plan.locked) return 'locked';
  if (product.endOfLifeOn && isOnOrAfter(day, product.endOfLifeOn)) return 'end_of_life';
  if (product.endOfSaleOn && isOnOrAfter(day, product.endOfSaleOn)) return 'end_of_sale';
  return plan.enabled ? 'enabled' : 'disabled';
};
