import type { Data } from '../data.ts';

/** What one customer had provisioned and used of one product on one day of the feed. The last import wins. */
export class UsageDay {
  /** Surrogate for the unit of work; the key is customer, product and day. */
  id!: string;
  partnerId!: string;
  productId!: string;
  customerId!: string;
  /** The feed's calendar date, a label. */
  day!: Temporal.PlainDate;
  provisioned!: number;
  /** Null: not reported. */
  used!: number | null;

  constructor(init: Data<UsageDay>) {
    Object.assign(this, init);
  }
}
