import type { Role } from '../caller.ts';
import type { Data } from '../data.ts';

/** Somebody who acts for one partner, through linked chat accounts or scripts. Never deleted: switched inactive. */
export class Person {
  id!: string;
  partnerId!: string;
  /** Unique in lower case; names the person in scripts. */
  email!: string;
  firstName!: string;
  lastName!: string;
  roles!: Role[];
  active!: boolean;
  createdAt!: Temporal.Instant;

  constructor(init: Data<Person>) {
    Object.assign(this, init);
  }
}
