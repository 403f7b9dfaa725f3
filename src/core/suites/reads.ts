import type { Page, PageRequest } from '../page.ts';
import type { EntityClass, Stored } from '../unit-of-work.ts';
import type { SuiteAcceptance } from './suite-change.ts';

/** An assignment that a suite change concerns. */
export interface ConcernedAssignment {
  readonly assignmentId: string;
  readonly customerId: string;
  readonly planId: string;
  /** Account name and company. */
  readonly customer: string;
  readonly company: string;
  readonly plan: string;
  readonly units: number;
}

/** One with how its acceptance stands. */
export interface ConcernedRow extends ConcernedAssignment {
  /** `left`: nobody tried yet. */
  readonly status: 'left' | SuiteAcceptance['status'];
  readonly code: string | null;
  readonly params: SuiteAcceptance['params'];
}

export const suiteChangeStatuses = ['waiting', 'approved', 'done', 'replaced'] as const;
export type SuiteChangeStatus = (typeof suiteChangeStatuses)[number];

export interface SuiteChangeRow {
  readonly changeId: string;
  readonly productId: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly status: SuiteChangeStatus;
  readonly openedAt: string;
  readonly approvedAt: string | null;
  /** Name; null: not approved. */
  readonly approvedBy: string | null;
  readonly plans: readonly {
    readonly planId: string;
    readonly name: string;
    readonly dataCentre: string | null;
  }[];
  /** Assignments that still have the old composition. Those that were tried in vain and those that wait are in it. */
  readonly left: number;
  readonly queued: number;
  readonly accepted: number;
  readonly failed: number;
}

/** Whose customers a change is about, and what they are to have. */
export interface Concerned {
  readonly changeId: string;
  readonly partnerId: string;
  /** The suite. */
  readonly productId: string;
  readonly after: readonly string[];
}

export interface SuiteReads {
  /** Things as they stand, to look at many at once; what is to be changed is locked by the unit of work. */
  all<T extends Stored>(type: EntityClass<T>, ids: readonly string[]): Promise<readonly T[]>;
  /** The assignments that these licences belong to. */
  assignmentsOf(licenseIds: readonly string[]): Promise<readonly string[]>;
  /** Of the own partner: by id, or the newest of a suite by SKU, name or id. */
  changeId(partnerId: string, change: string): Promise<string | null>;
  /** By state (waiting, approved, done, replaced), then newest first; of one change alone where it is named. */
  changes(
    about: {
      readonly partnerId: string;
      readonly changeId?: string | undefined;
      readonly status?: SuiteChangeStatus | undefined;
    },
    page: PageRequest,
    today: Temporal.PlainDate,
  ): Promise<Page<SuiteChangeRow>>;
  /** How many changes wait for approval, and how many assignments are left of approved ones. */
  figures(
    partnerId: string,
    today: Temporal.PlainDate,
  ): Promise<{ readonly waiting: number; readonly approved: number; readonly left: number }>;
  /** Plans that offer one of these products, of all partners within reach, by id. */
  plansOf(
    productIds: readonly string[],
  ): Promise<readonly { readonly planId: string; readonly partnerId: string; readonly productId: string }[]>;
  /** The newest change of the suite that was approved, replaced or not. */
  lastApproved(partnerId: string, productId: string): Promise<string | null>;
  /** The change of the suite that waits for approval. */
  waitingId(partnerId: string, productId: string): Promise<string | null>;
  /** By product id: where services stand that approved changes added to the suite, the newest approval last. */
  dataCentres(partnerId: string, productId: string): Promise<Readonly<Record<string, string>>>;
  /** Active assignments with open licences whose composition is another one, by account name. */
  left(about: Concerned, today: Temporal.PlainDate): Promise<readonly ConcernedAssignment[]>;
  /** These assignments, as a change speaks of them. */
  assignments(assignmentIds: readonly string[]): Promise<readonly ConcernedAssignment[]>;
  /** What the change concerns: what is left, and what was accepted, by account name. */
  concerned(
    about: Concerned,
    filter: { readonly search?: string | undefined; readonly status?: ConcernedRow['status'] | 'open' | undefined },
    page: PageRequest,
    today: Temporal.PlainDate,
  ): Promise<Page<ConcernedRow>>;
  /** The outcome rows of these assignments under a change. */
  acceptances(
    changeId: string,
    assignmentIds: readonly string[],
  ): Promise<readonly { readonly id: string; readonly assignmentId: string }[]>;
  /** What a person has queued under a change and is not done, the oldest first. */
  queued(
    changeId: string,
    personId: string,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly assignmentId: string }[]>;
  /** What the person queued last under a change, all at one moment, and how far it is; null: never anything. */
  lastRun(
    changeId: string,
    personId: string,
  ): Promise<{
    readonly since: string;
    readonly total: number;
    readonly queued: number;
    readonly accepted: number;
    readonly failed: number;
  } | null>;
  /** Assignments whose last try under a change failed. */
  failed(changeId: string): Promise<readonly string[]>;
  /** Changes with something queued, and by whom: what a sweep wakes up. */
  waitingAcceptances(): Promise<readonly { readonly changeId: string; readonly personId: string }[]>;
  /** By account name or id: own customers among these names, as they were given. */
  customersNamed(
    partnerId: string,
    names: readonly string[],
  ): Promise<readonly { readonly name: string; readonly customerId: string; readonly company: string }[]>;
  /** Ids of the open licences of these customers: their own and their NFR ones. */
  openLicenses(customerIds: readonly string[], today: Temporal.PlainDate): Promise<readonly string[]>;
  /** Products of which the partner has an open NFR licence. */
  nfrProducts(partnerId: string, today: Temporal.PlainDate): Promise<readonly string[]>;
  /** Licences of these products, or under plans of them, that would go on after the day, by id. */
  outliving(productIds: readonly string[], day: Temporal.PlainDate): Promise<readonly string[]>;
}
