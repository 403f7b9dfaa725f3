import type { Data } from '../data.ts';

/** The draft of an assignment that was refused for duplicates: what lists and the dashboard count as waiting. */
export class WaitingCrossgrade {
  id!: string;
  partnerId!: string;
  customerId!: string;
  planId!: string;
  units!: number;
  personId!: string;
  createdAt!: Temporal.Instant;
  /** Null while it waits. */
  resolvedAt!: Temporal.Instant | null;

  constructor(init: Data<WaitingCrossgrade>) {
    Object.assign(this, init);
  }
}
