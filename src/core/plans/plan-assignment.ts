import type { Data } from '../data.ts';
import type { PlanSettings } from './service-plan.ts';

export const assignmentStatuses = ['active', 'replaced', 'ended'] as const;
export type AssignmentStatus = (typeof assignmentStatuses)[number];

/** One plan given to one customer, with a copy of the plan's settings at that moment. */
export class PlanAssignment {
  id!: string;
  partnerId!: string;
  customerId!: string;
  planId!: string;
  /** `replaced`: its licences went on under another plan. `ended`: all of them were removed. */
  status!: AssignmentStatus;
  units!: number;
  startsOn!: Temporal.PlainDate;
  /** Ids of the products it gave licences of: a suite's composition, which stays until a suite change is accepted. */
  composition!: readonly string[];
  settings!: PlanSettings;
  createdAt!: Temporal.Instant;

  constructor(init: Data<PlanAssignment>) {
    Object.assign(this, init);
  }
}
