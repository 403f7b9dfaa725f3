import type { Data } from '../data.ts';

/** A company that uses the products. It belongs to one partner and stays there. */
export class Customer {
  id!: string;
  partnerId!: string;
  /** The Tier 1 above (or the partner itself): account names are unique within it. */
  tierOneId!: string;
  /** 3–64 characters of letters, digits and `. _ -`. */
  account!: string;
  company!: string;
  city!: string;
  state!: string;
  firstName!: string;
  lastName!: string;
  email!: string;
  emergencyEmail!: string | null;
  phone!: string | null;
  address!: string | null;
  postalCode!: string | null;
  country!: string | null;
  language!: string | null;
  /** When the account-created mail goes out: a day of the partner's zone, or never (null). */
  accountMailOn!: Temporal.PlainDate | null;
  /** Whether that mail was written, which happens once: nobody need look again. */
  accountMailSettled?: boolean = false;
  status!: 'enabled' | 'suspended';
  createdAt!: Temporal.Instant;

  constructor(init: Data<Customer>) {
    Object.assign(this, init);
  }
}
