import type { UnitType } from '../catalog/product.ts';
import type { Money } from '../money/money.ts';
import type { Page, PageRequest } from '../page.ts';
import type { TransactionType } from './customer-transaction.ts';
import type { MoneyLineKind } from './money-line.ts';

export interface TransactionRow {
  readonly transactionId: string;
  readonly licenseId: string;
  readonly at: string;
  readonly effectiveOn: string;
  readonly type: TransactionType;
  readonly reason: string;
  /** Account name and company. */
  readonly customer: string;
  readonly company: string;
  /** SKU. */
  readonly product: string;
  readonly productName: string;
  readonly unitType: UnitType;
  readonly planBefore: string | null;
  readonly planAfter: string | null;
  readonly unitsBefore: number;
  readonly delta: number;
  readonly unitsAfter: number;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  /** Sum of the row's money lines; null: none. */
  readonly amount: Money | null;
  /** Null: the system. */
  readonly by: string | null;
}

export interface TransactionFilter {
  readonly customerId?: string | undefined;
  readonly licenseId?: string | undefined;
  readonly type?: TransactionType | undefined;
  readonly productId?: string | undefined;
  /** Instants at which the rows were written, half-open. */
  readonly from?: Temporal.Instant | undefined;
  readonly to?: Temporal.Instant | undefined;
}

/** One amount of a ledger row. */
export interface MoneyRow {
  readonly kind: MoneyLineKind;
  readonly amount: Money;
  /** ISO day. */
  readonly effectiveOn: string;
}

/** A row of one licence's history, with Σ Δ of this row and all that take effect before it. */
export interface HistoryRow extends TransactionRow {
  readonly running: number;
}

export interface LedgerReads {
  /** Newest first. */
  transactions(filter: TransactionFilter, page: PageRequest): Promise<Page<TransactionRow>>;
  /** One row; null: none of this id is within reach. */
  transaction(transactionId: string): Promise<TransactionRow | null>;
  /** The money lines of one row, in the order they were written. */
  moneyOf(transactionId: string): Promise<readonly MoneyRow[]>;
  /** All that happened to a licence, in the order of effect, the last first. */
  history(licenseId: string, page: PageRequest): Promise<Page<HistoryRow>>;
  /** Σ Δ of a licence's rows that are effective by a day. */
  effectiveUnits(licenseId: string, on: Temporal.PlainDate): Promise<number>;
}
