import { z } from 'zod';
import { dayResult } from '../calendar.ts';
import { licenseVersions, subscriptionTypes, unitTypes } from '../catalog/product.ts';
import { licenseStatuses } from './license-status.ts';
import type { LicenseRow } from './reads.ts';

/** A licence as lists and receipts show it. */
export const licenseResult = z.object({
  licenseId: z.string(),
  assignmentId: z.string().nullable(),
  /** SKU. */
  product: z.string(),
  productName: z.string(),
  version: z.enum(licenseVersions),
  subscriptionType: z.enum(subscriptionTypes),
  /** Name; null: unbundled. */
  plan: z.string().nullable(),
  units: z.int(),
  unitType: z.enum(unitTypes),
  startsOn: dayResult,
  /** The day after the last. */
  endsOn: dayResult,
  /** The last day. */
  expiresOn: dayResult,
  status: z.enum(licenseStatuses),
  autoRenewal: z.boolean(),
  /** The number that the next renewal brings, where a decrease waits for it. */
  unitsAtRenewal: z.int().optional(),
});
export type LicenseResult = z.output<typeof licenseResult>;

/** Shown "expires on": the last day of the term. */
export const lastDay = (endsOn: string): string => Temporal.PlainDate.from(endsOn).subtract({ days: 1 }).toString();

/** A license as it is read, with its last day; `unitsAtRenewal` only where a decrease waits. */
export const showLicense = ({ unitsAtRenewal, ...row }: LicenseRow): LicenseResult => ({
  ...row,
  expiresOn: lastDay(row.endsOn),
  ...(unitsAtRenewal !== null && { unitsAtRenewal }),
});
