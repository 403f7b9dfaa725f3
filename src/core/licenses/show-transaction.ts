import { z } from 'zod';
import { dayResult } from '../calendar.ts';
import { notFound } from '../errors.ts';
import { moneyResult } from '../money/money.ts';
import { seesPrices } from '../permissions.ts';
import { lineOf } from '../text.ts';
import { defineUseCase } from '../use-case.ts';
import { moneyLineKinds } from './money-line.ts';
import { showTransactionTo, transactionResult } from './transaction-result.ts';

/** One ledger row with the money lines that stand beside it. */
export const showTransaction = defineUseCase({
  kind: 'query',
  name: 'transaction show',
  needs: 'see',
  input: z.strictObject({ transaction: lineOf(120) }),
  result: transactionResult.extend({
    /** In the order they were written; null: not for this person's eyes. */
    money: z.array(z.object({ kind: z.enum(moneyLineKinds), amount: moneyResult, effectiveOn: dayResult })).nullable(),
  }),

  async run({ reads, actor }, { transaction }) {
    const row = await reads.licenses.transaction(transaction);
    if (!row) throw notFound('transaction', 'transaction');
    const money = seesPrices(actor) ? [...(await reads.licenses.moneyOf(row.transactionId))] : null;
    return { ...showTransactionTo(actor, row), money };
  },
});
