import { z } from 'zod';
import { dayResult } from '../calendar.ts';
import type { PersonActor } from '../caller.ts';
import { unitTypes } from '../catalog/product.ts';
import { moneyResult } from '../money/money.ts';
import { seesPrices } from '../permissions.ts';
import { transactionTypes } from './customer-transaction.ts';
import type { TransactionRow } from './ledger-reads.ts';

/** A ledger row as lists show it. */
export const transactionResult = z.object({
  transactionId: z.string(),
  licenseId: z.string(),
  at: z.string(),
  effectiveOn: dayResult,
  type: z.enum(transactionTypes),
  reason: z.string(),
  /** Account name. */
  customer: z.string(),
  company: z.string(),
  /** SKU. */
  product: z.string(),
  productName: z.string(),
  unitType: z.enum(unitTypes),
  planBefore: z.string().nullable(),
  planAfter: z.string().nullable(),
  unitsBefore: z.int(),
  delta: z.int(),
  unitsAfter: z.int(),
  /** The term after; `endsOn` is the day after the last. */
  startsOn: dayResult.nullable(),
  endsOn: dayResult.nullable(),
  /** Sum of the row's money lines; null: none, or not for this person's eyes. */
  amount: moneyResult.nullable(),
  /** A person's name; null: the system. */
  by: z.string().nullable(),
});

/** The row as this person may see it: amounts only for who sees prices. */
export const showTransactionTo = <T extends TransactionRow>(actor: PersonActor, row: T): T => ({
  ...row,
  amount: seesPrices(actor) ? row.amount : null,
});
