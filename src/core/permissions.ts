import type { PersonActor, Role, Tier } from './caller.ts';

type Granted = Readonly<Record<Tier, readonly Role[]>>;

const everyone: Granted = {
  tier_1: ['admin', 'licensing', 'billing', 'viewer'],
  tier_2: ['admin', 'licensing', 'billing', 'viewer'],
};
const licensing: Granted = { tier_1: ['admin', 'licensing'], tier_2: ['admin', 'licensing'] };
const billing: Granted = { tier_1: ['admin', 'billing'], tier_2: ['admin', 'billing'] };
const admin: Granted = { tier_1: ['admin'], tier_2: ['admin'] };

/**
 * Who may do what. The one table: execute, help, buttons and the permission test read it. A right on a kind of
 * deed says nothing about reach: which rows a person reaches is decided by partner, in the database as well.
 */
export const permissions = {
  /** Own customers, plans, licences, dashboard, transactions, the catalogue. */
  see: everyone,
  /** Add, edit, suspend customers; plans; assign; seats; convert; renew; crossgrade; suite changes. */
  license: licensing,
  import_usage: billing,
  /** Edit, comment and submit the own usage report. */
  report: { tier_1: [], tier_2: ['admin', 'billing'] },
  /** Approve, reject or question a Tier 2's report; send, complete, return, reopen. */
  decide: { tier_1: ['admin', 'billing'], tier_2: [] },
  /** Usage reports: the own ones, and as Tier 1 those of the Tier 2 partners. */
  see_reports: billing,
  see_billing: billing,
  /** Purchase prices and amounts; of a Tier 2 only when its Tier 1 publishes them, see `seesPrices`. */
  see_prices: billing,
  /** Exports other than billing and usage report. */
  export: everyone,
  export_billing: billing,
  /** Account, company, branding, templates, digests, people. */
  administer: admin,
  /** Tier 2 partners, price lists, policies of each Tier 2. */
  distribute: { tier_1: ['admin'], tier_2: [] },
  audit: admin,
} satisfies Record<string, Granted>;

export type Permission = keyof typeof permissions;

/** Whether one of the person's roles grants the right in his partner's tier. */
export const may = (person: Pick<PersonActor, 'tier' | 'roles'>, permission: Permission): boolean =>
  person.roles.some((role) => (permissions[permission][person.tier] as readonly Role[]).includes(role));

/** Whether purchase prices and amounts are shown: to a Tier 1's own, to a Tier 2's when its Tier 1 publishes them. */
export const seesPrices = (person: Pick<PersonActor, 'tier' | 'roles' | 'pricesPublished'>): boolean =>
  may(person, 'see_prices') && (person.tier === 'tier_1' || person.pricesPublished);
