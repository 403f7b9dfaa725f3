import type { PersonActor } from '../caller.ts';
import type { Platform } from './linked-identity.ts';

export interface PeopleReads {
  /** Everything that execute needs to know of the person behind a chat account; null: not linked, or not active. */
  actorByIdentity(platform: Platform, workspace: string, userId: string): Promise<PersonActor | null>;
  /** The row that links this account. */
  identityId(platform: Platform, workspace: string, userId: string): Promise<string | null>;
  actorByEmail(email: string): Promise<PersonActor | null>;
  actorById(personId: string): Promise<PersonActor | null>;
  /** Whether anybody, active or not, has this address. */
  emailTaken(email: string): Promise<boolean>;
  partnerIdBySlug(slug: string): Promise<string | null>;
  /** Active people of the partner's Tier 1 who may decide on its reports. */
  decidersFor(partnerId: string): Promise<readonly PersonActor[]>;
  /** Active people of the partner who edit and submit its reports. */
  reportersOf(partnerId: string): Promise<readonly PersonActor[]>;
  /** Active people of the partner who add, change and renew licences. */
  licensersOf(partnerId: string): Promise<readonly PersonActor[]>;
  /** The linked chat accounts of a person. */
  identitiesOf(personId: string): Promise<
    readonly {
      readonly platform: Platform;
      readonly workspace: string;
      readonly userId: string;
      readonly address: Readonly<Record<string, string>> | null;
    }[]
  >;
}
