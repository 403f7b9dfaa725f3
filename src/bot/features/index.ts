import type { Feature } from '../feature.ts';
import { createRegistry } from '../registry.ts';
import { activationFeature } from './activation.ts';
import { assignFeature } from './assign.ts';
import { auditFeature } from './audit.ts';
import { crossgradesFeature } from './crossgrades.ts';
import { customerImportFeature } from './customer-import.ts';
import { customersFeature } from './customers.ts';
import { dashboardFeature } from './dashboard.ts';
import { digestsFeature } from './digests.ts';
import { expiryFeature } from './expiry.ts';
import { helpFeature } from './help.ts';
import { homeFeature } from './home.ts';
import { licenseChangesFeature } from './license-changes.ts';
import { licensesFeature } from './licenses.ts';
import { plansFeature } from './plans.ts';
import { productsFeature } from './products.ts';
import { reportsFeature } from './reports.ts';
import { trialFeature } from './trial-notices.ts';
import { suitesFeature } from './suites.ts';
import { usageFeature } from './usage.ts';
import { transactionsFeature } from './transactions.ts';

/** Every capability of the desk: the one table behind parser, help, "did you mean", Teams command list and manifests. */
export const features: readonly Feature[] = [
  helpFeature(() => createRegistry(features).commands),
  homeFeature(() => createRegistry(features)),
  dashboardFeature,
  customersFeature,
  customerImportFeature,
  productsFeature,
  plansFeature,
  assignFeature,
  crossgradesFeature,
  suitesFeature,
  trialFeature,
  licensesFeature,
  licenseChangesFeature,
  activationFeature,
  expiryFeature,
  transactionsFeature,
  usageFeature,
  reportsFeature,
  digestsFeature,
  auditFeature,
];
