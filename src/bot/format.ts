import type { LicenseVersion, SubscriptionType, UnitType } from '../core/catalog/product.ts';
import type { LicenseStatus } from '../core/licenses/license-status.ts';
import type { Money } from '../core/money/money.ts';
import type { PlanStatus } from '../core/plans/plan-status.ts';
import type { ReportStatus } from '../core/reports/usage-report.ts';
import { asDay, monthNames, showDay } from '../texts/days.ts';

/** How days, instants, units, money and the rules' words are written for people. Nothing here is markup. */

/** What stands where there is no figure. */
export const none = '—';

export { shortened as fitted } from '../core/text.ts';
export { showDay } from '../texts/days.ts';

/** `Mar 2026`: a report cycle, by any day of it. */
export const showMonth = (day: Temporal.PlainDate | string): string => {
  const date = asDay(day);
  return `${monthNames[date.month - 1]} ${date.year}`;
};

/** `5 Mar 2026, 10:00`, in the partner's zone. */
export const showInstant = (at: Temporal.Instant | string, timeZone: string): string => {
  const local = (typeof at === 'string' ? Temporal.Instant.from(at) : at).toZonedDateTimeISO(timeZone);
  return `${showDay(local.toPlainDate())}, ${String(local.hour).padStart(2, '0')}:${String(local.minute).padStart(2, '0')}`;
};

/** `1,250`; also exact decimals: `1,250.5`. */
export const showNumber = (value: number | bigint | string): string => {
  const [whole = '0', fraction] = String(value).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
};

/** `1 customer`, `2 customers`. */
export const showCount = (count: number, one: string, many: string = `${one}s`): string =>
  `${showNumber(count)} ${count === 1 || count === -1 ? one : many}`;

const unitWords: Readonly<Record<UnitType, readonly [string, string]>> = {
  seat: ['seat', 'seats'],
  device: ['device', 'devices'],
  mailbox: ['mailbox', 'mailboxes'],
  server: ['server', 'servers'],
  gateway: ['gateway', 'gateways'],
  credit: ['credit', 'credits'],
};

/** `25 seats`, `1 mailbox`. */
export const showUnits = (units: number, unitType: UnitType): string => showCount(units, ...unitWords[unitType]);

/** `+5 seats`, `−5 seats`. */
export const showDelta = (delta: number, unitType?: UnitType): string => {
  const figure = unitType ? showUnits(Math.abs(delta), unitType) : showNumber(Math.abs(delta));
  return delta > 0 ? `+${figure}` : delta < 0 ? `−${figure}` : figure;
};

const barCells = 20;

/** `████████░░░░░░░░░░░░ 42 % · 4,200 of 10,000`; the last cell and the hundred belong to what is done whole. */
export const showProgress = (done: number, total: number): string => {
  const reached = Math.min(Math.max(done, 0), Math.max(total, 0));
  const part = total > 0 ? reached / total : 0;
  const cells = Math.floor(part * barCells);
  const bar = '█'.repeat(cells) + '░'.repeat(barCells - cells);
  return `${bar} ${Math.floor(part * 100)} % · ${showNumber(reached)} of ${showNumber(Math.max(total, 0))}`;
};

/** `1,288.00 EUR`; nothing to show: `—`. */
export const showMoney = (money: Money | null): string =>
  money ? `${showNumber(money.amount.replace('-', '−'))} ${money.currency}` : none;

/** `40 credits`, `—` where the product has no rate. */
export const showCredits = (credits: string | null): string =>
  credits === null ? none : `${showNumber(credits)} ${credits === '1' ? 'credit' : 'credits'}`;

/** `Yes` or `No`. */
export const showYes = (yes: boolean): string => (yes ? 'Yes' : 'No');

export const unitTypeWords: Readonly<Record<UnitType, string>> = {
  seat: 'Seat',
  device: 'Device',
  mailbox: 'Mailbox',
  server: 'Server',
  gateway: 'Gateway',
  credit: 'Credit',
};

export const versionWords: Readonly<Record<LicenseVersion, string>> = { trial: 'Trial', full: 'Full', nfr: 'NFR' };

export const subscriptionTypeWords: Readonly<Record<SubscriptionType, string>> = {
  monthly_plan: 'Monthly plan',
  annual_license: 'Annual license',
};

export const planStatusWords: Readonly<Record<PlanStatus, string>> = {
  locked: 'Locked',
  end_of_life: 'End of life',
  end_of_sale: 'End of sale',
  disabled: 'Disabled',
  enabled: 'Enabled',
};

export const licenseStatusWords: Readonly<Record<LicenseStatus, string>> = {
  removed: 'Removed',
  expired: 'Expired',
  suspended: 'Suspended',
  scheduled: 'Scheduled',
  pending_activation: 'Pending activation',
  grace: 'Grace period',
  expiring: 'Expiring',
  active: 'Active',
};

/** What the ledger's reasons are called. */
export const reasonWords: Readonly<Record<string, string>> = {
  assign: 'Assigned',
  seats: 'Units changed',
  renewal: 'Renewed',
  conversion: 'Trial became full',
  crossgrade: 'Crossgrade',
  crossgrade_undo: 'Crossgrade undone',
  unbundled: 'Unbundled',
  suspension: 'Suspended',
  resumption: 'Resumed',
  removal: 'Removed',
  suite_added: 'Added by a suite change',
  suite_transfer: 'Moved by a suite change',
};

/** A ledger row's reason as people read it. */
export const showReason = (reason: string): string => {
  const words = reason.replaceAll('_', ' ');
  return reasonWords[reason] ?? `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
};

export const reportStatusWords: Readonly<Record<ReportStatus, string>> = {
  msp_preparing: 'In preparation',
  under_review: 'Under review',
  approved: 'Approved',
  rejected: 'Rejected',
  submitted_to_vendor: 'Submitted to vendor',
  completed: 'Completed',
  returned_by_vendor: 'Returned by vendor',
};
