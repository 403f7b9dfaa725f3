import type { Data } from '../data.ts';

export const transactionTypes = [
  'New purchase',
  'License change',
  'License conversion',
  'Suite Composition Change',
] as const;
export type TransactionType = (typeof transactionTypes)[number];

/** One row of the append-only ledger: Σ `delta` of the rows effective by a day = the licence's units that day. */
export class CustomerTransaction {
  id!: string;
  at!: Temporal.Instant;
  effectiveOn!: Temporal.PlainDate;
  partnerId!: string;
  customerId!: string;
  licenseId!: string;
  productId!: string;
  planBeforeId!: string | null;
  planAfterId!: string | null;
  type!: TransactionType;
  /** `assign`, `seats`, `renewal`, `crossgrade` …; finer than the type. */
  reason!: string;
  unitsBefore!: number;
  delta!: number;
  unitsAfter!: number;
  /** The term before and after, [from, to) as ISO days; null where there was none. */
  termBefore!: { readonly startsOn: string; readonly endsOn: string } | null;
  termAfter!: { readonly startsOn: string; readonly endsOn: string } | null;
  /** Null: the system. */
  personId!: string | null;
  requestId!: string;

  constructor(init: Data<CustomerTransaction>) {
    Object.assign(this, init);
  }
}
