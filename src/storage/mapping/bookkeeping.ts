import { defineEntity, p } from '@mikro-orm/core';
import { AuditEntry } from '../../core/audit/audit-entry.ts';
import { Partner } from '../../core/people/partner.ts';
import { Person } from '../../core/people/person.ts';
import { InstantType, type Columns } from '../columns.ts';
import { ownRows, systemRows } from '../walls.ts';

export const AuditEntryMapping = defineEntity({
  class: AuditEntry,
  tableName: 'audit_entry',
  ...ownRows,
  indexes: [
    {
      name: 'audit_entry_request_unique',
      expression: `create unique index "audit_entry_request_unique" on "audit_entry" ("person_id", "request_id") where person_id is not null`,
    },
    {
      name: 'audit_entry_sequence_unique',
      expression: `create unique index "audit_entry_sequence_unique" on "audit_entry" ("partner_id", "sequence") nulls not distinct`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    partnerId: () => p.manyToOne(Partner).mapToPk().nullable().fieldName('partner_id'),
    sequence: p.bigint(),
    at: p.type(InstantType),
    useCase: p.text(),
    actorName: p.text(),
    personId: () => p.manyToOne(Person).mapToPk().nullable().fieldName('person_id'),
    requestId: p.text(),
    input: p.json(),
    inputHash: p.text(),
    answer: p.json(),
    written: p.json().nullable(),
    previousHash: p.text(),
    hash: p.text(),
  } satisfies Columns<AuditEntry>,
} as any);

/** Where a chain of the audit ends; the database keeps it by itself, so that an end that was cut off is missed. */
export class AuditHead {
  /** The partner's id, or `system`. */
  chain!: string;
  sequence!: bigint;
  hash!: string;
}
export const AuditHeadMapping = defineEntity({
  class: AuditHead,
  tableName: 'audit_head',
  ...systemRows,
  properties: { chain: p.text().primary(), sequence: p.bigint(), hash: p.text() } satisfies Columns<AuditHead>,
} as any);

/** Deliveries that were taken, on any instance: an exact replay is answered and does nothing. */
export class SeenDelivery {
  key!: string;
  seenAt!: Temporal.Instant;
}
export const SeenDeliveryMapping = defineEntity({
  class: SeenDelivery,
  tableName: 'seen_delivery',
  ...systemRows,
  properties: {
    key: p.text().primary(),
    seenAt: p.type(InstantType).index('seen_delivery_at'),
  } satisfies Columns<SeenDelivery>,
} as any);

/** What this database is: whether it is marked for play, and where its business clock stands. */
export class Installation {
  key!: string;
  value!: string;
}
export const InstallationMapping = defineEntity({
  class: Installation,
  tableName: 'installation',
  ...systemRows,
  properties: { key: p.text().primary(), value: p.text() } satisfies Columns<Installation>,
} as any);
