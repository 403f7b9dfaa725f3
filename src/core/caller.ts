export type Tier = 'tier_1' | 'tier_2';
export type PartnerKind = 'msp' | 'reseller';
export const roles = ['admin', 'licensing', 'billing', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** Somebody who acts for exactly one partner. */
export interface PersonActor {
  readonly type: 'person';
  readonly personId: string;
  readonly email: string;
  readonly name: string;
  readonly partnerId: string;
  readonly tier: Tier;
  /** Of a Tier 2: its distributor. Null for a Tier 1. */
  readonly parentId: string | null;
  /** Tier 2 partners whose reports, billing and customer counts this person's Tier 1 may see. */
  readonly childIds: readonly string[];
  /** The children that switched "managed by distributor" on: their customers may be read. */
  readonly managedIds: readonly string[];
  /** Whether the Tier 1 of this Tier 2 publishes its purchase prices; see `seesPrices` for who then reads them. */
  readonly pricesPublished: boolean;
  readonly roles: readonly Role[];
  /** IANA zone of the partner: every day shown or typed is a day of this zone. */
  readonly timeZone: string;
  /** ISO 4217 currency of the partner. */
  readonly currency: string;
}

/** The Tier 1 whose catalogue, prices and account names hold for this person: his own partner or the one above it. */
export const tierOneOf = (person: Pick<PersonActor, 'partnerId' | 'parentId'>): string =>
  person.parentId ?? person.partnerId;

/** A job, the seed or the operator's command line: may run `system` use cases, and nothing a person decides. */
export interface SystemActor {
  readonly type: 'system';
  /** What runs, for the audit: a queue's name, `cli`, `seed`. */
  readonly name: string;
  /**
   * Set where it does something for one partner on a stranger's word (a sign-up page): it then stands behind that
   * partner's walls, and its deeds in that partner's audit.
   */
  readonly partnerId?: string;
}

export type Actor = PersonActor | SystemActor;

export interface Caller {
  readonly actor: Actor;
  /** The delivery this call answers; unique per person. The same delivery again gets the first answer. */
  readonly requestId: string;
}
