import type { Context } from '../use-case.ts';
import { CustomerTransaction } from './customer-transaction.ts';
import type { RowDraft } from './ledger-draft.ts';
import { MoneyLine } from './money-line.ts';

/** Writes a drafted ledger row of one licence, and its money lines; gives the row's id. */
export type WriteLedger = (licenseId: string, row: RowDraft) => string;

/** The one way into the ledger: every row of a request carries its moment, its person and its id. */
export const ledgerWriter =
  (
    { uow, actor, now, requestId }: Pick<Context, 'uow' | 'actor' | 'now' | 'requestId'>,
    owned: { readonly partnerId: string; readonly customerId: string },
  ): WriteLedger =>
  (licenseId, { money, ...row }) => {
    const id = uow.newId();
    const { partnerId, customerId } = owned;
    const personId = actor.type === 'person' ? actor.personId : null;
    uow.add(
      new CustomerTransaction({ ...row, partnerId, customerId, id, at: now, licenseId, personId, requestId }),
      ...money.map(
        ({ kind, minor, currency }) =>
          new MoneyLine({
            partnerId,
            customerId,
            id: uow.newId(),
            licenseId,
            transactionId: id,
            productId: row.productId,
            kind,
            amountMinor: minor,
            currency,
            effectiveOn: row.effectiveOn,
          }),
      ),
    );
    return id;
  };
