import type { CustomerInput } from '../core/customers/customer-fields.ts';
import type { Fault } from '../core/import/fault.ts';
import type { TableRow } from '../core/import/table.ts';

/** What the thread that reads a file of customers is given, and what it answers: a part at a time. */
export interface ToReader {
  readonly bytes: Uint8Array;
  readonly maximumRows: number;
  readonly rowsInPart: number;
}

export type FromReader =
  | {
      readonly kind: 'read';
      readonly total: number;
      readonly rows: number;
      readonly ignored: readonly string[];
      /** The first hundred; of the rest the number. */
      readonly faults: readonly Fault[];
      readonly faultCount: number;
    }
  | { readonly kind: 'refused'; readonly code: string; readonly params: Readonly<Record<string, string | number>> }
  /** The answer to `next`; no rows: that was all. */
  | { readonly kind: 'part'; readonly rows: readonly TableRow<CustomerInput>[] };
