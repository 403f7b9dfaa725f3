import { Price } from '../core/catalog/price.ts';
import { Product } from '../core/catalog/product.ts';
import { Crossgrade } from '../core/crossgrades/crossgrade.ts';
import { Customer } from '../core/customers/customer.ts';
import { CustomerEvent } from '../core/customers/customer-event.ts';
import { CustomerTransaction } from '../core/licenses/customer-transaction.ts';
import { License } from '../core/licenses/license.ts';
import { MoneyLine } from '../core/licenses/money-line.ts';
import { PlanAssignment } from '../core/plans/plan-assignment.ts';
import { ServicePlan } from '../core/plans/service-plan.ts';
import { UsageReport, UsageReportEvent, UsageReportLine } from '../core/reports/usage-report.ts';
import { SuiteChange } from '../core/suites/suite-change.ts';
import type { EntityClass, Stored } from '../core/unit-of-work.ts';
import { canonicalJson, sha256 } from './canonical.ts';

/**
 * What is written once, by table: ledger, money, histories. Beside the grants, which keep our own roles from changing
 * a row, the audit entry of the deed carries a digest of each, which tells when somebody above the grants did.
 */
export const appendOnly: ReadonlyMap<string, EntityClass<Stored>> = new Map<string, EntityClass<Stored>>([
  ['customer_transaction', CustomerTransaction],
  ['money_line', MoneyLine],
  ['usage_report_event', UsageReportEvent],
  ['customer_event', CustomerEvent],
]);

/**
 * What deeds change and money follows from, by table. No invariant could tell of each of these fields whether it is
 * true: the audit entry carries a digest of the state in which the deed left the row.
 */
export const changing: ReadonlyMap<string, EntityClass<Stored>> = new Map<string, EntityClass<Stored>>([
  ['product', Product],
  ['price', Price],
  ['customer', Customer],
  ['license', License],
  ['plan_assignment', PlanAssignment],
  ['service_plan', ServicePlan],
  ['suite_change', SuiteChange],
  ['crossgrade', Crossgrade],
  ['usage_report', UsageReport],
  ['usage_report_line', UsageReportLine],
]);

const tableOf = new Map([...appendOnly, ...changing].map(([table, type]) => [type as unknown, table]));

/** What is hashed is what the database keeps: microseconds. */
const asKept = (value: unknown): unknown =>
  value instanceof Temporal.Instant
    ? value.round({ smallestUnit: 'microsecond', roundingMode: 'halfExpand' }).toString()
    : value;

/** What no deed says: marks of the work that is done after it. */
const marks: ReadonlySet<string> = new Set(['accountMailSettled', 'undoClosedAt']);

/** A digest of everything that a row says. What is null takes no part, so that a later column changes no digest. */
export const rowDigest = (row: object): string =>
  sha256(
    canonicalJson(
      Object.fromEntries(
        Object.entries(row)
          .filter(([name, value]) => value !== null && value !== undefined && !marks.has(name))
          .map(([name, value]) => [name, asKept(value)]),
      ),
    ),
  ).slice(0, 32);

export type Written = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * The witnessed rows among what was stored, by table and id, beside those of which only the digests are left; null:
 * none.
 */
export const writtenRows = (stored: Iterable<Stored>, before: Written | null = null): Written | null => {
  const written: Record<string, Record<string, string>> = Object.fromEntries(
    Object.entries(before ?? {}).map(([table, digests]) => [table, { ...digests }]),
  );
  for (const row of stored) {
    const table = tableOf.get(row.constructor);
    if (table) (written[table] ??= {})[row.id] = rowDigest(row);
  }
  return Object.keys(written).length === 0 ? null : written;
};
