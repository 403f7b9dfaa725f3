/** A licence whose day has come, with what is held before it. */
export interface DueLicense {
  readonly licenseId: string;
  readonly customerId: string;
  /** Null: unbundled. */
  readonly planId: string | null;
  readonly assignmentId: string | null;
}

/** A customer was suspended, or a plan locked, in [from, to); to null: still. */
export interface Stretch {
  readonly id: string;
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant | null;
}

export interface RenewalReads {
  /**
   * Customers, over all partners, with licences whose day has come at this moment in the zone of their partner; fewer
   * than the limit where there are no more.
   */
  dueCustomers(now: Temporal.Instant, limit: number): Promise<readonly string[]>;
  /** The licences of these customers whose day has come. */
  dueLicenses(customerIds: readonly string[], now: Temporal.Instant): Promise<readonly DueLicense[]>;
  /**
   * The customer of a partner's licence, and its plan, where the job of renewals may be late for that customer: something of it
   * ended, and the job has not been there since. Null: it is not late.
   */
  lateHolder(
    partnerId: string,
    licenseId: string,
    today: Temporal.PlainDate,
  ): Promise<{ readonly customerId: string; readonly planId: string | null } | null>;
  /** Those of the customers for which the job may be late. */
  lateAmong(customerIds: readonly string[], today: Temporal.PlainDate): Promise<readonly string[]>;
  /** Those of a partner who hold a suite of which a change is known, and for whom the job may be late. */
  lateOnSuites(partnerId: string, today: Temporal.PlainDate): Promise<readonly string[]>;
  suspensions(customerIds: readonly string[]): Promise<readonly Stretch[]>;
  locks(planIds: readonly string[]): Promise<readonly Stretch[]>;
  /** The next moment at which a licence's day comes; null: none is ahead. */
  nextAt(now: Temporal.Instant): Promise<Temporal.Instant | null>;
}
