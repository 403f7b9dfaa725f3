import { dayOf, daysBetween, isBefore, isOnOrAfter, latest } from '../calendar.ts';
import type { CatalogProduct } from '../catalog/reads.ts';
import { proration } from '../money/annual.ts';
import type { CustomerTransaction, TransactionType } from './customer-transaction.ts';
import type { License, LicenseTerm } from './license.ts';
import type { IssuedLicense } from './license-terms.ts';
import type { MoneyLineKind } from './money-line.ts';

/** A licence, what the ledger says of it by day, and what was charged for it so far, by currency. */
export interface Held {
  readonly license: Readonly<License>;
  readonly product: CatalogProduct;
  readonly ledger: readonly { readonly effectiveOn: string; readonly delta: number }[];
  /** In minor units, less what was credited. */
  readonly charged: readonly { readonly minor: bigint; readonly currency: string }[];
}

export interface MoneyDraft {
  readonly kind: Exclude<MoneyLineKind, 'usage'>;
  /** Signed. */
  readonly minor: bigint;
  readonly currency: string;
}

/** A ledger row to be written, with its money: drafted first, so that a preview and the deed cannot disagree. */
export interface RowDraft extends Pick<
  CustomerTransaction,
  'effectiveOn' | 'productId' | 'planBeforeId' | 'planAfterId' | 'reason' | 'unitsBefore' | 'delta' | 'unitsAfter'
> {
  readonly type: TransactionType;
  readonly termBefore: CustomerTransaction['termBefore'];
  readonly termAfter: CustomerTransaction['termAfter'];
  readonly money: readonly MoneyDraft[];
}

/** What a row of a held licence has to say; the licence and the units tell the rest. */
interface RowOfHeld extends Pick<
  RowDraft,
  'type' | 'reason' | 'effectiveOn' | 'planAfterId' | 'unitsBefore' | 'unitsAfter'
> {
  /** Where the term stays as it is: left out. */
  readonly termAfter?: RowDraft['termAfter'];
  readonly money?: readonly MoneyDraft[];
}

/** A row of a licence that is held: its product, its plan so far, and the term of the row's day before it. */
export const rowOf = ({ license, product }: Held, row: RowOfHeld): RowDraft => {
  const termBefore = bounds(termOn(license, row.effectiveOn));
  return {
    termAfter: termBefore,
    money: [],
    ...row,
    productId: product.id,
    planBeforeId: license.planId,
    delta: row.unitsAfter - row.unitsBefore,
    termBefore,
  };
};

/** Units on a day by the ledger; before the first term those of its first day. */
export const unitsOn = ({ license, ledger }: Held, on: Temporal.PlainDate): number => {
  const asked = isBefore(on, license.startsOn) ? license.startsOn : on;
  return ledger.reduce(
    (sum, { effectiveOn, delta }) => (isOnOrAfter(asked, dayOf(effectiveOn)) ? sum + delta : sum),
    0,
  );
};

/** Units by the rows that are effective by a day, and no more. */
export const effectiveUnits = ({ ledger }: Held, on: Temporal.PlainDate): number =>
  ledger.reduce((sum, { effectiveOn, delta }) => (isOnOrAfter(on, dayOf(effectiveOn)) ? sum + delta : sum), 0);

/** The term that runs on a day; before the first, the first; after the last, the last. */
export const termOn = ({ terms }: Pick<License, 'terms'>, on: Temporal.PlainDate): LicenseTerm | null =>
  terms.findLast(({ startsOn }) => isOnOrAfter(on, dayOf(startsOn))) ?? terms[0] ?? null;

export const bounds = (term: Pick<LicenseTerm, 'startsOn' | 'endsOn'> | null): CustomerTransaction['termBefore'] =>
  term && { startsOn: term.startsOn, endsOn: term.endsOn };

/** A term that brings no other number of units. */
export const withoutUnits = (term: LicenseTerm): LicenseTerm => {
  const { units: _, unitsOn: __, ...rest } = term;
  return rest;
};

/** The day on which a term brings another number of units; null: it brings none. */
export const unitsComeOn = ({ startsOn, units, unitsOn: on }: LicenseTerm): Temporal.PlainDate | null =>
  units === undefined ? null : dayOf(on ?? startsOn);

/** Whether a term brings another number of units on that day or later. */
export const bringsUnitsFrom = (term: LicenseTerm, day: Temporal.PlainDate): boolean => {
  const on = unitsComeOn(term);
  return on !== null && isOnOrAfter(on, day);
};

/** The terms as far as a day; what would begin on it or later is dropped, and units that would come. */
export const termsUntil = (terms: readonly LicenseTerm[], end: Temporal.PlainDate): LicenseTerm[] =>
  terms
    .filter(({ startsOn }) => isBefore(dayOf(startsOn), end))
    .map((term) => (isBefore(end, dayOf(term.endsOn)) ? { ...term, endsOn: end.toString() } : term))
    .map((term) => (bringsUnitsFrom(term, end) ? withoutUnits(term) : term));

/** What is left of what was charged for a licence: one credit for each term that is not over. */
export const creditsOf = (held: Held, today: Temporal.PlainDate): MoneyDraft[] =>
  held.license.terms.flatMap(({ startsOn, endsOn, pricedFrom, yearlyPrice, months, currency }) => {
    if (yearlyPrice === null || currency === null || !isBefore(today, dayOf(endsOn))) return [];
    const minor = -proration(
      { yearlyPrice, months: months ?? 0, currency },
      unitsOn(held, latest(today, dayOf(startsOn))),
      {
        daysLeft: daysBetween(today, dayOf(endsOn)),
        daysInTerm: daysBetween(dayOf(pricedFrom ?? startsOn), dayOf(endsOn)),
      },
    );
    return minor === 0n ? [] : [{ kind: 'credit' as const, minor, currency }];
  });

/**
 * Rows that take back, on their own days, what is not effective before a day: the last first. They have the type and
 * the reason of the action that takes back; `left` is what counts before it.
 */
export const takeBacks = (
  held: Held,
  from: Temporal.PlainDate,
  row: Pick<RowDraft, 'type' | 'reason' | 'planAfterId'>,
): { rows: RowDraft[]; left: number } => {
  const later = held.ledger.filter(({ effectiveOn, delta }) => delta !== 0 && isOnOrAfter(dayOf(effectiveOn), from));
  let left = held.ledger.reduce((sum, { delta }) => sum + delta, 0);
  const rows = later.toReversed().map(({ effectiveOn, delta }) => {
    const unitsBefore = left;
    left -= delta;
    return rowOf(held, { ...row, effectiveOn: dayOf(effectiveOn), unitsBefore, unitsAfter: left });
  });
  return { rows, left };
};

/** A row of today. Where it carries nothing beside rows that say it all, it is left out and they carry its money. */
export const close = (rows: readonly RowDraft[], own: RowDraft | null, money: readonly MoneyDraft[]): RowDraft[] => {
  if (own) return [...rows, { ...own, money }];
  return rows.map((row, index) => (index === rows.length - 1 ? { ...row, money } : row));
};

/** What the first term of a licence costs up front, if anything. */
export const chargeOf = ({ charge, term }: IssuedLicense): MoneyDraft[] =>
  charge === 0n || term.currency === null ? [] : [{ kind: 'charge', minor: charge, currency: term.currency }];
