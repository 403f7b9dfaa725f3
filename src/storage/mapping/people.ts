import { defineEntity, p } from '@mikro-orm/core';
import { LinkedIdentity } from '../../core/people/linked-identity.ts';
import { Partner } from '../../core/people/partner.ts';
import { Person } from '../../core/people/person.ts';
import { InstantType, type Columns } from '../columns.ts';
import { ownRows, partnerRows } from '../walls.ts';

export const PartnerMapping = defineEntity({
  class: Partner,
  tableName: 'partner',
  ...partnerRows,
  checks: [
    { name: 'partner_tier_two_has_parent', expression: `(tier = 'tier_2') = (parent_id is not null)` },
    { name: 'partner_auto_submit_days', expression: 'auto_submit_days >= 1 and auto_submit_days <= 28' },
  ],
  properties: {
    id: p.uuid().primary(),
    slug: p.text().unique('partner_slug_unique'),
    tier: p.text(),
    kind: p.text().nullable(),
    parentId: () => p.manyToOne(Partner).mapToPk().nullable().fieldName('parent_id').index('partner_parent'),
    company: p.text(),
    guid: p.text(),
    street: p.text().nullable(),
    city: p.text(),
    state: p.text(),
    postalCode: p.text().nullable(),
    country: p.text(),
    contactFirstName: p.text(),
    contactLastName: p.text(),
    email: p.text(),
    phone: p.text().nullable(),
    timeZone: p.text(),
    language: p.text(),
    currency: p.text(),
    managedByDistributor: p.boolean(),
    autoSubmitDays: p.integer(),
    overProvisionThresholdPct: p.integer(),
    autoApproveUncommented: p.boolean(),
    fourEyesAbove: p.bigint().nullable(),
    pricesPublished: p.boolean(),
    crossgradeUndoMinutes: p.integer(),
    createdAt: p.type(InstantType),
  } satisfies Columns<Partner>,
} as any);

export const PersonMapping = defineEntity({
  class: Person,
  tableName: 'person',
  ...ownRows,
  properties: {
    id: p.uuid().primary(),
    partnerId: () => p.manyToOne(Partner).mapToPk().fieldName('partner_id').index('person_partner'),
    email: p.text().unique('person_email_unique'),
    firstName: p.text(),
    lastName: p.text(),
    roles: p.array(),
    active: p.boolean(),
    createdAt: p.type(InstantType),
  } satisfies Columns<Person>,
} as any);

export const LinkedIdentityMapping = defineEntity({
  class: LinkedIdentity,
  tableName: 'linked_identity',
  ...ownRows,
  uniques: [{ name: 'linked_identity_unique', properties: ['platform', 'workspace', 'userId'] }],
  properties: {
    id: p.uuid().primary(),
    partnerId: () => p.manyToOne(Partner).mapToPk().fieldName('partner_id'),
    personId: () => p.manyToOne(Person).mapToPk().fieldName('person_id').index('linked_identity_person'),
    platform: p.text(),
    workspace: p.text(),
    userId: p.text(),
    address: p.json().nullable(),
    createdAt: p.type(InstantType),
  } satisfies Columns<LinkedIdentity>,
} as any);
