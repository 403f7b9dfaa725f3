import { defineEntity, p } from '@mikro-orm/core';
import { CustomerImport, CustomerImportPart } from '../../core/customers/customer-import.ts';
import { StoredFile } from '../../core/messages/stored-file.ts';
import { Partner } from '../../core/people/partner.ts';
import { Person } from '../../core/people/person.ts';
import { InstantType, type Columns } from '../columns.ts';
import { ownRows } from '../walls.ts';

const partner = () => p.manyToOne(Partner).mapToPk().fieldName('partner_id');

export const CustomerImportMapping = defineEntity({
  class: CustomerImport,
  tableName: 'customer_import',
  ...ownRows,
  indexes: [
    {
      name: 'customer_import_waiting',
      expression: `create index "customer_import_waiting" on "customer_import" ("held_until") where state in ('looking', 'saving')`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    personId: () => p.manyToOne(Person).mapToPk().fieldName('person_id'),
    fileId: () => p.manyToOne(StoredFile).mapToPk().fieldName('file_id'),
    fileName: p.text(),
    state: p.text(),
    rows: p.integer().nullable(),
    done: p.integer(),
    ignored: p.json(),
    sample: p.json(),
    faults: p.json(),
    faultCount: p.integer(),
    reason: p.json().nullable(),
    faultFileId: () => p.manyToOne(StoredFile).mapToPk().nullable().fieldName('fault_file_id'),
    attempts: p.integer(),
    heldUntil: p.type(InstantType).nullable(),
    createdAt: p.type(InstantType),
  } satisfies Columns<CustomerImport>,
} as any);

export const CustomerImportPartMapping = defineEntity({
  class: CustomerImportPart,
  tableName: 'customer_import_part',
  ...ownRows,
  uniques: [{ name: 'customer_import_part_place_unique', properties: ['importId', 'place'] }],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    importId: () => p.manyToOne(CustomerImport).mapToPk().fieldName('import_id'),
    place: p.integer(),
    rows: p.json(),
  } satisfies Columns<CustomerImportPart>,
} as any);
