import { defineEntity, p } from '@mikro-orm/core';
import { Product } from '../../core/catalog/product.ts';
import { Customer } from '../../core/customers/customer.ts';
import { Partner } from '../../core/people/partner.ts';
import { Person } from '../../core/people/person.ts';
import { UsageReport, UsageReportEvent, UsageReportLine } from '../../core/reports/usage-report.ts';
import { UsageDay } from '../../core/usage/usage-day.ts';
import { InstantType, PlainDateType, type Columns } from '../columns.ts';
import { customerRows, reportRows } from '../walls.ts';

const partner = () => p.manyToOne(Partner).mapToPk().fieldName('partner_id');

export const UsageDayMapping = defineEntity({
  class: UsageDay,
  tableName: 'usage_day',
  ...customerRows,
  indexes: [
    {
      // With its figures: a partner's months are summed up without a look at the rows.
      name: 'usage_day_unique',
      expression: `create unique index "usage_day_unique" on "usage_day" ("partner_id", "product_id", "customer_id", "day") include ("provisioned", "used")`,
    },
  ],
  checks: [{ name: 'usage_day_not_negative', expression: 'provisioned >= 0 and (used is null or used >= 0)' }],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    productId: () => p.manyToOne(Product).mapToPk().fieldName('product_id'),
    customerId: () => p.manyToOne(Customer).mapToPk().fieldName('customer_id'),
    day: p.type(PlainDateType),
    provisioned: p.integer(),
    used: p.integer().nullable(),
  } satisfies Columns<UsageDay>,
} as any);

export const UsageReportMapping = defineEntity({
  class: UsageReport,
  tableName: 'usage_report',
  ...reportRows,
  uniques: [{ name: 'usage_report_cycle_unique', properties: ['partnerId', 'cycleFrom'] }],
  indexes: [{ name: 'usage_report_status', properties: ['status', 'dueOn'] }],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    cycleFrom: p.type(PlainDateType),
    cycleTo: p.type(PlainDateType),
    status: p.text(),
    submission: p.text().nullable(),
    version: p.integer(),
    dueOn: p.type(PlainDateType),
    autoSubmitDays: p.integer(),
    overProvisionThresholdPct: p.integer(),
    autoApproveUncommented: p.boolean(),
    fourEyesAbove: p.bigint().nullable(),
    currency: p.text(),
    submittedBy: () => p.manyToOne(Person).mapToPk().nullable().fieldName('submitted_by'),
    submittedAt: p.type(InstantType).nullable(),
    createdAt: p.type(InstantType),
  } satisfies Columns<UsageReport>,
} as any);

const report = () => p.manyToOne(UsageReport).mapToPk().fieldName('report_id');

export const UsageReportLineMapping = defineEntity({
  class: UsageReportLine,
  tableName: 'usage_report_line',
  ...reportRows,
  uniques: [{ name: 'usage_report_line_unique', properties: ['reportId', 'productId', 'version', 'unitType'] }],
  checks: [
    { name: 'usage_report_line_chargeable', expression: 'chargeable >= 0 and chargeable <= provisioned' },
    { name: 'usage_report_line_edit_has_comment', expression: 'not edited or comment is not null' },
  ],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    reportId: report,
    productId: () => p.manyToOne(Product).mapToPk().fieldName('product_id'),
    version: p.text(),
    unitType: p.text(),
    provisioned: p.integer(),
    used: p.integer().nullable(),
    usedWithin: p.integer(),
    proposed: p.integer(),
    chargeable: p.integer(),
    edited: p.boolean(),
    penalty: p.integer(),
    comment: p.text().nullable(),
    mark: p.text().nullable(),
    unitPrice: p.decimal().columnType('numeric').nullable(),
    amountMinor: p.bigint().nullable(),
  } satisfies Columns<UsageReportLine>,
} as any);

export const UsageReportEventMapping = defineEntity({
  class: UsageReportEvent,
  tableName: 'usage_report_event',
  ...reportRows,
  uniques: [{ name: 'usage_report_event_version_unique', properties: ['reportId', 'version'] }],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    reportId: report,
    version: p.integer(),
    kind: p.text(),
    statusBefore: p.text().nullable(),
    statusAfter: p.text(),
    at: p.type(InstantType),
    personId: () => p.manyToOne(Person).mapToPk().nullable().fieldName('person_id'),
    by: p.text(),
    reason: p.text().nullable(),
    lines: p.json(),
  } satisfies Columns<UsageReportEvent>,
} as any);
