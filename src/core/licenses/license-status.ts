import { earliest, isBefore, isOnOrAfter } from '../calendar.ts';
import type { Product } from '../catalog/product.ts';
import type { License } from './license.ts';

export const licenseStatuses = [
  'removed',
  'expired',
  'suspended',
  'scheduled',
  'pending_activation',
  'grace',
  'expiring',
  'active',
] as const;
export type LicenseStatus = (typeof licenseStatuses)[number];

/** What a licence's status depends on besides the day. */
export interface LicenseStanding extends Pick<
  License,
  | 'startsOn'
  | 'endsOn'
  | 'graceDays'
  | 'notifyDays'
  | 'autoRenewal'
  | 'activation'
  | 'activatedAt'
  | 'suspended'
  | 'removedOn'
> {
  readonly customerSuspended: boolean;
  /** See `saleEndsOn`; null: no such day is known. */
  readonly saleEndsOn: Temporal.PlainDate | null;
}

/** The first day on which renewing is refused: the plan's product left the market, or the licence's own ended. */
export const saleEndsOn = (
  planProduct: Pick<Product, 'endOfSaleOn' | 'endOfLifeOn'>,
  product: Pick<Product, 'endOfLifeOn'> = planProduct,
): Temporal.PlainDate | null => earliest(planProduct.endOfSaleOn, planProduct.endOfLifeOn, product.endOfLifeOn);

/** The first day on which the licence is over: the end of its last term and the days of grace. */
export const graceEndsOn = (license: Pick<License, 'endsOn' | 'graceDays'>): Temporal.PlainDate =>
  license.endsOn.add({ days: license.graceDays });

/** Open: not removed, and its last term and grace are not over. */
export const isOpen = (
  license: Pick<License, 'endsOn' | 'graceDays' | 'removedOn'>,
  day: Temporal.PlainDate,
): boolean => !(license.removedOn && isOnOrAfter(day, license.removedOn)) && isBefore(day, graceEndsOn(license));

/** Whether nobody has to act for it to go on after its last term. */
export const renewsByItself = ({
  autoRenewal,
  saleEndsOn,
  endsOn,
}: Pick<LicenseStanding, 'autoRenewal' | 'saleEndsOn' | 'endsOn'>): boolean =>
  autoRenewal && !(saleEndsOn && isOnOrAfter(endsOn, saleEndsOn));

/**
 * The status of a licence on a day, the first that holds. Derived, never stored. Lists and figures derive the same in
 * the database (`licenseStatus` in `src/storage/reads/derived-status.ts`); a test holds the two together.
 */
export const licenseStatus = (license: LicenseStanding, day: Temporal.PlainDate): LicenseStatus => {
  if (license.removedOn && isOnOrAfter(day, license.removedOn)) return 'removed';
  if (isOnOrAfter(day, graceEndsOn(license))) return 'expired';
  if (license.suspended || license.customerSuspended) return 'suspended';
  if (isBefore(day, license.startsOn)) return 'scheduled';
  if (license.activation === 'on_first_sign_in' && !license.activatedAt) return 'pending_activation';
  if (isOnOrAfter(day, license.endsOn)) return 'grace';
  const window = Math.max(0, ...license.notifyDays);
  if (window > 0 && isOnOrAfter(day, license.endsOn.subtract({ days: window })) && !renewsByItself(license))
    return 'expiring';
  return 'active';
};
