import type { Data } from '../data.ts';

/** What happened to a customer as a whole: no licence has a ledger row for it. Append-only. */
export class CustomerEvent {
  id!: string;
  partnerId!: string;
  customerId!: string;
  kind!: 'suspended' | 'resumed';
  at!: Temporal.Instant;
  personId!: string;
  requestId!: string;

  constructor(init: Data<CustomerEvent>) {
    Object.assign(this, init);
  }
}
