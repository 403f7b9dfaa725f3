import type { LicenseStatus } from '../licenses/license-status.ts';

/** What the customer summary adds up to: the same licences that stand in the file, so post and file agree. */
export interface DigestSummary {
  /** Open licences by status, in the order of the statuses; those without any are absent. */
  readonly licenses: readonly { readonly status: LicenseStatus; readonly licenses: number; readonly units: number }[];
  /** Licence units of all products. */
  readonly units: number;
  /** Exact decimal; null: no product of them converts. */
  readonly credits: string | null;
}
