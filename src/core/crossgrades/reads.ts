import type { LicenseTerm } from '../licenses/license.ts';
import type { UnitType } from '../catalog/product.ts';
import type { TransactionType } from '../licenses/customer-transaction.ts';
import type { MoneyLineKind } from '../licenses/money-line.ts';
import type { Page, PageRequest } from '../page.ts';

/** One ledger row with what was charged by it, as an undo turns it round. */
export interface WrittenRow {
  readonly transactionId: string;
  readonly licenseId: string;
  readonly productId: string;
  readonly sku: string;
  readonly productName: string;
  readonly unitType: UnitType;
  readonly planBeforeId: string | null;
  readonly planAfterId: string | null;
  readonly type: TransactionType;
  readonly reason: string;
  readonly effectiveOn: string;
  readonly unitsBefore: number;
  readonly delta: number;
  readonly unitsAfter: number;
  readonly termBefore: Pick<LicenseTerm, 'startsOn' | 'endsOn'> | null;
  readonly termAfter: Pick<LicenseTerm, 'startsOn' | 'endsOn'> | null;
  readonly money: readonly { readonly kind: MoneyLineKind; readonly amountMinor: string; readonly currency: string }[];
}

/** A crossgrade that waits: an assignment that was refused for what the customer has already. */
export interface WaitingRow {
  /** Account name. */
  readonly customer: string;
  readonly company: string;
  readonly planId: string;
  readonly plan: string;
  readonly units: number;
  readonly unitType: UnitType;
  /** Who asked for it last, and when. */
  readonly by: string;
  readonly at: string;
}

export interface CrossgradeReads {
  /** The customer's open licences, NFR aside, by id. */
  openLicenses(customerId: string, today: Temporal.PlainDate): Promise<readonly { id: string; productId: string }[]>;
  /** How many ledger rows these licences have. */
  ledgerRows(licenseIds: readonly string[]): Promise<number>;
  /** Credits per unit of each plan's product; null: it has no rate. */
  planRates(planIds: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
  planNames(planIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The draft of this plan for this customer that waits. */
  waitingId(customerId: string, planId: string): Promise<string | null>;
  /** The partner's crossgrades that wait, longest first; of one customer where it is named. */
  waiting(partnerId: string, customerId: string | null, page: PageRequest): Promise<Page<WaitingRow>>;
  personNames(personIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Crossgrades that are not undone and can be undone no longer, whose receipts do not say so yet. */
  undosToClose(now: Temporal.Instant, limit: number): Promise<readonly string[]>;
  /** These rows with their money lines. */
  written(transactionIds: readonly string[]): Promise<readonly WrittenRow[]>;
}
