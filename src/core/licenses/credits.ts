import { exactTimes } from '../money/money.ts';

/** What an open licence converts into credits by. Rates are credits per unit, exact decimals; null: no rate. */
export interface CreditedLicense {
  readonly licenseId: string;
  /** Null: unbundled. */
  readonly assignmentId: string | null;
  readonly productId: string;
  readonly units: number;
  /** Of its own product. */
  readonly ownRate: string | null;
  /** Of its plan's product: a suite has its own rate, which is not the sum of its components'. */
  readonly planRate: string | null;
  /** Product ids of its assignment, in the catalogue's order; of an unbundled one nothing. */
  readonly composition: readonly string[];
}

const place = ({ composition, productId }: CreditedLicense): number => {
  const index = composition.indexOf(productId);
  return index < 0 ? composition.length : index;
};

const isBefore = (one: CreditedLicense, other: CreditedLicense): boolean =>
  place(one) === place(other) ? one.licenseId < other.licenseId : place(one) < place(other);

/**
 * Vision One credits of open licences (any customers, whole assignments), by licence id, exact decimals. An assignment
 * converts once: its plan's product's rate × its units, on the row of the first component that is still held; its other
 * licences have none. An unbundled licence converts by its own product. Without a rate there are no credits.
 *
 * Lists and figures count the same in the database (`creditParts` in `src/storage/reads/derived-credits.ts`); a test
 * holds the two together.
 */
export const creditsByLicense = (licenses: readonly CreditedLicense[]): ReadonlyMap<string, string> => {
  const carriers = new Map<string, CreditedLicense>();
  for (const license of licenses) {
    const key = license.assignmentId ?? license.licenseId;
    const carrier = carriers.get(key);
    if (!carrier || isBefore(license, carrier)) carriers.set(key, license);
  }
  return new Map(
    [...carriers.values()].flatMap((license) => {
      const rate = license.assignmentId === null ? license.ownRate : license.planRate;
      return rate === null ? [] : [[license.licenseId, exactTimes(rate, license.units)] as const];
    }),
  );
};
