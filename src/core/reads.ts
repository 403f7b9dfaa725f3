import type { AuditReads } from './audit/reads.ts';
import type { CatalogReads } from './catalog/reads.ts';
import type { CrossgradeReads } from './crossgrades/reads.ts';
import type { CustomerReads } from './customers/reads.ts';
import type { DigestReads } from './digests/reads.ts';
import type { LicenseReads } from './licenses/reads.ts';
import type { RenewalReads } from './licenses/renewal-reads.ts';
import type { MessageReads } from './messages/reads.ts';
import type { PeopleReads } from './people/reads.ts';
import type { PlanReads } from './plans/reads.ts';
import type { ReportReads } from './reports/reads.ts';
import type { SuiteReads } from './suites/reads.ts';
import type { UsageReads } from './usage/reads.ts';

/** Lists and figures, one interface per area, read in the same transaction as the rest and behind the same walls. */
export interface Reads {
  readonly audit: AuditReads;
  readonly people: PeopleReads;
  readonly catalog: CatalogReads;
  readonly customers: CustomerReads;
  readonly plans: PlanReads;
  readonly licenses: LicenseReads;
  readonly renewals: RenewalReads;
  readonly crossgrades: CrossgradeReads;
  readonly suites: SuiteReads;
  readonly usage: UsageReads;
  readonly reports: ReportReads;
  readonly digests: DigestReads;
  readonly messages: MessageReads;
}
