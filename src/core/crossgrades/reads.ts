import type { LicenseTerm } from '../licenses/license.ts';
import type { TransactionType } from '../licenses/customer-transaction.ts';

/** One ledger row with what was charged by it, as an undo turns it round. */
export interface WrittenRow {
  readonly transactionId: string;
  readonly licenseId: string;
  readonly productId: string;
  readonly planBeforeId: string | null;
  readonly planAfterId: string | null;
  readonly type: TransactionType;
  readonly effectiveOn: string;
  readonly unitsBefore: number;
  readonly delta: number;
  readonly unitsAfter: number;
  readonly termBefore: Pick<LicenseTerm, 'startsOn' | 'endsOn'> | null;
  readonly termAfter: Pick<LicenseTerm, 'startsOn' | 'endsOn'> | null;
  readonly money: readonly { readonly amountMinor: string; readonly currency: string }[];
}

export interface CrossgradeReads {
  /** The customer's open licences, NFR aside, by id. */
  openLicenses(customerId: string, today: Temporal.PlainDate): Promise<readonly { id: string; productId: string }[]>;
  /** How many ledger rows these licences have. */
  ledgerRows(licenseIds: readonly string[]): Promise<number>;
  planNames(planIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The draft of this plan for this customer that waits. */
  waitingId(customerId: string, planId: string): Promise<string | null>;
  /** These rows with their money lines. */
  written(transactionIds: readonly string[]): Promise<readonly WrittenRow[]>;
}
