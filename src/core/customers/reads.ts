import type { Page, PageRequest } from '../page.ts';
import type { AssignmentStatus } from '../plans/plan-assignment.ts';
import type { SummaryCursor, SummaryRow } from './customer-summary.ts';

export interface CustomerRow {
  readonly customerId: string;
  readonly account: string;
  readonly company: string;
  readonly city: string;
  readonly status: 'enabled' | 'suspended';
  /** Open licences and their units, today. */
  readonly licenses: number;
  readonly units: number;
}

export interface AssignmentRow {
  readonly assignmentId: string;
  readonly planId: string;
  readonly plan: string;
  readonly units: number;
  /** ISO day. */
  readonly startsOn: string;
  readonly status: AssignmentStatus;
}

export interface CustomerReads {
  list(
    filter: {
      readonly search?: string | undefined;
      readonly status?: 'enabled' | 'suspended' | undefined;
      /** Of this partner alone. */
      readonly partnerId?: string | undefined;
    },
    page: PageRequest,
    today: Temporal.PlainDate,
  ): Promise<Page<CustomerRow>>;
  /** By id or account name, whatever its case. */
  idOf(customer: string): Promise<string | null>;
  /** Every plan it was given, the newest first. */
  assignments(customerId: string): Promise<readonly AssignmentRow[]>;
  /**
   * Customers whose account-created mail is due at `now`, each in its partner's zone, and whether it was written
   * meanwhile; without those who were settled.
   */
  accountMailsDue(
    now: Temporal.Instant,
  ): Promise<readonly { readonly customerId: string; readonly written: boolean }[]>;
  /** Their mail was written: they are not looked at again. */
  accountMailsSettled(customerIds: readonly string[]): Promise<void>;
  /** Whether the account-created mail was written. */
  accountMailSent(customerId: string): Promise<boolean>;
  accountTaken(tierOneId: string, account: string): Promise<boolean>;
  /** Which of these account names somebody holds, in lower case. */
  accountsTaken(tierOneId: string, accounts: readonly string[]): Promise<ReadonlySet<string>>;
  /** Ids of the parts of an import that are laid down, in the order of the file. */
  importParts(importId: string): Promise<readonly string[]>;
  /** Imports with work to do that no living worker does, at this real time. */
  importsWaiting(realTime: Temporal.Instant): Promise<readonly string[]>;
  /** Ends every lease on an import; tells how many were held. */
  endImportLeases(): Promise<number>;
  /** A page of the customer summary as of an instant: customers by company, each with its open licences. */
  summary(request: {
    readonly partnerId: string;
    readonly at: Temporal.Instant;
    /** First day of the cycle whose usage peaks are shown. */
    readonly cycleFrom: Temporal.PlainDate;
    readonly after: SummaryCursor | null;
    /** Customers on the page. */
    readonly customers: number;
  }): Promise<{ readonly rows: readonly SummaryRow[]; readonly next: SummaryCursor | null }>;
}
