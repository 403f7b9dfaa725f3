import type { Actor } from '../../core/caller.ts';
import type { Reads } from '../../core/reads.ts';
import type { Em } from '../orm.ts';
import { auditReads } from './audit.ts';
import { catalogReads } from './catalog.ts';
import { crossgradeReads } from './crossgrades.ts';
import { customerReads } from './customers.ts';
import { digestReads } from './digests.ts';
import { licenseReads } from './licenses.ts';
import { renewalReads } from './renewals.ts';
import { messageReads } from './messages.ts';
import { peopleReads } from './people.ts';
import { planReads } from './plans.ts';
import { reportReads } from './reports.ts';
import { suiteReads } from './suites.ts';
import { usageReads } from './usage.ts';

/** All reads of one transaction; the walls of its actor hold for each. */
export const createReads = (em: Em, actor: Actor): Reads => ({
  audit: auditReads(em),
  people: peopleReads(em),
  catalog: catalogReads(em, actor),
  customers: customerReads(em, actor),
  plans: planReads(em, actor),
  licenses: licenseReads(em, actor),
  renewals: renewalReads(em),
  crossgrades: crossgradeReads(em),
  suites: suiteReads(em),
  usage: usageReads(em, actor),
  reports: reportReads(em, actor),
  digests: digestReads(em, actor),
  messages: messageReads(em, actor),
});
