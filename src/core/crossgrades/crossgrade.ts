import type { Data } from '../data.ts';

/** A licence's terms and standing as they were before a crossgrade: what an undo brings back. Days are ISO days. */
export interface FormerLicense {
  readonly licenseId: string;
  readonly assignmentId: string | null;
  readonly planId: string | null;
  readonly version: 'trial' | 'full' | 'nfr';
  readonly subscriptionType: 'monthly_plan' | 'annual_license';
  readonly units: number;
  readonly unitsAtRenewal: number | null;
  readonly terms: readonly object[];
  readonly startsOn: string;
  readonly endsOn: string;
  readonly autoRenewal: boolean;
  readonly notifyDays: readonly number[];
  readonly graceDays: number;
  readonly removedOn: string | null;
}

/** What an undo needs to know. */
export interface Former {
  readonly licenses: readonly FormerLicense[];
  /** The assignments that it left without a licence. */
  readonly replacedIds: readonly string[];
  /** Left over and removed: the customer was told so. */
  readonly removedIds: readonly string[];
  /** The licences that it brought. */
  readonly newIds: readonly string[];
  /** The customer's open licences right after it. */
  readonly openIds: readonly string[];
  /** The draft that it resolved. */
  readonly waitingId: string | null;
  /** The ledger rows that it wrote, in their order. */
  readonly transactionIds: readonly string[];
  /** How many ledger rows its licences had when it was done: one more means that something touched them since. */
  readonly ledgerRows: number;
}

/** One crossgrade that was carried out. */
export class Crossgrade {
  id!: string;
  partnerId!: string;
  customerId!: string;
  planId!: string;
  /** The assignment that it made. */
  assignmentId!: string;
  personId!: string;
  at!: Temporal.Instant;
  former!: Former;
  /** Null while it stands. */
  undoneAt!: Temporal.Instant | null;
  /** Who took it back. */
  undoneById!: string | null;
  /** When the button of its receipts was taken off because an undo had become impossible. */
  undoClosedAt!: Temporal.Instant | null;

  constructor(init: Data<Crossgrade>) {
    Object.assign(this, init);
  }
}
