import type { CustomerUsage } from './customer-usage.ts';
import type { ReportCycle } from './report-cycle.ts';

export interface UsageReads {
  /**
   * What each customer of the partner had in the cycle: one peak read over its usage days. A record counts for the
   * licence of its product held on that day, in the version in force that day; a full monthly licence without any
   * record stands with its highest units and no use.
   */
  customerUsage(partnerId: string, cycle: ReportCycle): Promise<readonly CustomerUsage[]>;
}
