import type { UnitType } from '../../core/catalog/product.ts';
import { showDay, showUnits } from '../format.ts';
import type { Column } from '../view.ts';

/** Licenses as they are given: what tables of them have in common. A table may go on with more columns. */
export const licenseColumns: readonly Column[] = [
  { label: 'Product/Service' },
  { label: 'Units', align: 'right' },
  { label: 'Start date' },
  { label: 'Expiration date' },
];

/** The cells of one license below `licenseColumns`. */
export const licenseCells = (license: {
  readonly productName: string;
  readonly units: number;
  readonly unitType: UnitType;
  readonly startsOn: string;
  readonly expiresOn: string;
}): string[] => [
  license.productName,
  showUnits(license.units, license.unitType),
  showDay(license.startsOn),
  showDay(license.expiresOn),
];
