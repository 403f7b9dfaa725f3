import type { Data } from '../data.ts';

export const moneyLineKinds = ['charge', 'credit', 'proration', 'usage', 'correction'] as const;
export type MoneyLineKind = (typeof moneyLineKinds)[number];

/** An amount, beside the ledger row it comes from. Append-only. */
export class MoneyLine {
  id!: string;
  partnerId!: string;
  customerId!: string;
  licenseId!: string;
  transactionId!: string;
  productId!: string;
  kind!: MoneyLineKind;
  /** Signed, in minor units of `currency`. */
  amountMinor!: bigint;
  currency!: string;
  effectiveOn!: Temporal.PlainDate;

  constructor(init: Data<MoneyLine>) {
    Object.assign(this, init);
  }
}
