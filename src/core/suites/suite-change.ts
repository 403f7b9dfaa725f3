import type { Data } from '../data.ts';

/**
 * A suite's products changed in the catalogue, as one partner with plans of it has to deal with it. Its plans are
 * locked from `openedAt` until it is approved, or until another import replaces it.
 */
export class SuiteChange {
  id!: string;
  partnerId!: string;
  /** The suite. */
  productId!: string;
  /** Flattened product ids, in the catalogue's order: what the partner's plans gave until now, and what they will. */
  before!: readonly string[];
  after!: readonly string[];
  openedAt!: Temporal.Instant;
  /** Null: it waits for approval, unless it was replaced. */
  approvedAt!: Temporal.Instant | null;
  approvedBy!: string | null;
  /** A later import took its place. */
  replacedAt!: Temporal.Instant | null;
  /** By product id: where the services stand that it adds; given with the approval. */
  dataCentres!: Readonly<Record<string, string>>;

  constructor(init: Data<SuiteChange>) {
    Object.assign(this, init);
  }
}

/** One customer's assignment that is to be taken over to the new composition, and how that went. */
export class SuiteAcceptance {
  id!: string;
  partnerId!: string;
  suiteChangeId!: string;
  customerId!: string;
  assignmentId!: string;
  status!: 'queued' | 'accepted' | 'failed';
  /** Of a failure: the refusal's code and its parameters. */
  code!: string | null;
  params!: Readonly<Record<string, string | number>> | null;
  personId!: string;
  queuedAt!: Temporal.Instant;
  doneAt!: Temporal.Instant | null;

  constructor(init: Data<SuiteAcceptance>) {
    Object.assign(this, init);
  }
}
