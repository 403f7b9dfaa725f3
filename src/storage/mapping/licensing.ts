import { defineEntity, p } from '@mikro-orm/core';
import { Product } from '../../core/catalog/product.ts';
import { Crossgrade } from '../../core/crossgrades/crossgrade.ts';
import { CustomerEvent } from '../../core/customers/customer-event.ts';
import { Customer } from '../../core/customers/customer.ts';
import { CustomerTransaction } from '../../core/licenses/customer-transaction.ts';
import { License } from '../../core/licenses/license.ts';
import { MoneyLine } from '../../core/licenses/money-line.ts';
import { Partner } from '../../core/people/partner.ts';
import { Person } from '../../core/people/person.ts';
import { PlanAssignment } from '../../core/plans/plan-assignment.ts';
import { ServicePlan } from '../../core/plans/service-plan.ts';
import { TrialSignUp } from '../../core/plans/trial-sign-up.ts';
import { WaitingCrossgrade } from '../../core/plans/waiting-crossgrade.ts';
import { SuiteAcceptance, SuiteChange } from '../../core/suites/suite-change.ts';
import { InstantType, PlainDateType, type Columns } from '../columns.ts';
import { customerRows } from '../walls.ts';

const partner = () => p.manyToOne(Partner).mapToPk().fieldName('partner_id');
const customer = () => p.manyToOne(Customer).mapToPk().fieldName('customer_id');
const product = () => p.manyToOne(Product).mapToPk().fieldName('product_id');

export const CustomerMapping = defineEntity({
  class: Customer,
  tableName: 'customer',
  ...customerRows,
  indexes: [
    {
      name: 'customer_account_unique',
      expression: `create unique index "customer_account_unique" on "customer" ("tier_one_id", lower("account"))`,
    },
    {
      name: 'customer_company',
      expression: `create index "customer_company" on "customer" ("partner_id", lower("company"))`,
    },
    {
      name: 'customer_mail_waiting',
      expression: `create index "customer_mail_waiting" on "customer" ("account_mail_on") where not account_mail_settled`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    tierOneId: () => p.manyToOne(Partner).mapToPk().fieldName('tier_one_id'),
    account: p.text(),
    company: p.text(),
    city: p.text(),
    state: p.text(),
    firstName: p.text(),
    lastName: p.text(),
    email: p.text(),
    emergencyEmail: p.text().nullable(),
    phone: p.text().nullable(),
    address: p.text().nullable(),
    postalCode: p.text().nullable(),
    country: p.text().nullable(),
    language: p.text().nullable(),
    accountMailOn: p.type(PlainDateType).nullable(),
    status: p.text(),
    createdAt: p.type(InstantType),
    accountMailSettled: p.boolean().default(false),
  } satisfies Columns<Customer>,
} as any);

export const TrialSignUpMapping = defineEntity({
  class: TrialSignUp,
  tableName: 'trial_sign_up',
  ...customerRows,
  uniques: [{ name: 'trial_sign_up_request_unique', properties: ['planId', 'requestId'] }],
  indexes: [{ name: 'trial_sign_up_email', properties: ['planId', 'email'] }],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    planId: () => p.manyToOne(ServicePlan).mapToPk().fieldName('plan_id'),
    customerId: customer,
    assignmentId: () => p.manyToOne(PlanAssignment).mapToPk().fieldName('assignment_id'),
    email: p.text(),
    requestId: p.text(),
    createdAt: p.type(InstantType),
  } satisfies Columns<TrialSignUp>,
} as any);

export const CustomerEventMapping = defineEntity({
  class: CustomerEvent,
  tableName: 'customer_event',
  ...customerRows,
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    customerId: () => customer().index('customer_event_customer'),
    kind: p.text(),
    at: p.type(InstantType),
    personId: () => p.manyToOne(Person).mapToPk().fieldName('person_id'),
    requestId: p.text(),
  } satisfies Columns<CustomerEvent>,
} as any);

export const ServicePlanMapping = defineEntity({
  class: ServicePlan,
  tableName: 'service_plan',
  ...customerRows,
  indexes: [
    {
      name: 'service_plan_name_unique',
      expression: `create unique index "service_plan_name_unique" on "service_plan" ("partner_id", lower("name"))`,
    },
    {
      name: 'service_plan_nfr_unique',
      expression: `create unique index "service_plan_nfr_unique" on "service_plan" ("partner_id", "product_id") where nfr`,
    },
  ],
  checks: [{ name: 'service_plan_units', expression: 'default_units >= 1 and default_units <= 1000000' }],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    name: p.text(),
    enabled: p.boolean(),
    locked: p.boolean(),
    productId: product,
    subscriptionType: p.text(),
    nfr: p.boolean(),
    version: p.text(),
    unitType: p.text(),
    trialForm: p.boolean(),
    defaultUnits: p.integer(),
    settings: p.json(),
    createdAt: p.type(InstantType),
  } satisfies Columns<ServicePlan>,
} as any);

export const PlanAssignmentMapping = defineEntity({
  class: PlanAssignment,
  tableName: 'plan_assignment',
  ...customerRows,
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    customerId: () => customer().index('plan_assignment_customer'),
    planId: () => p.manyToOne(ServicePlan).mapToPk().fieldName('plan_id').index('plan_assignment_plan'),
    status: p.text(),
    units: p.integer(),
    startsOn: p.type(PlainDateType),
    composition: p.json(),
    settings: p.json(),
    createdAt: p.type(InstantType),
  } satisfies Columns<PlanAssignment>,
} as any);

export const WaitingCrossgradeMapping = defineEntity({
  class: WaitingCrossgrade,
  tableName: 'waiting_crossgrade',
  ...customerRows,
  indexes: [
    {
      name: 'waiting_crossgrade_unique',
      expression: `create unique index "waiting_crossgrade_unique" on "waiting_crossgrade" ("customer_id", "plan_id") where resolved_at is null`,
    },
    {
      name: 'waiting_crossgrade_partner',
      expression: `create index "waiting_crossgrade_partner" on "waiting_crossgrade" ("partner_id") where resolved_at is null`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    customerId: customer,
    planId: () => p.manyToOne(ServicePlan).mapToPk().fieldName('plan_id'),
    units: p.integer(),
    personId: () => p.manyToOne(Person).mapToPk().fieldName('person_id'),
    createdAt: p.type(InstantType),
    resolvedAt: p.type(InstantType).nullable(),
  } satisfies Columns<WaitingCrossgrade>,
} as any);

export const CrossgradeMapping = defineEntity({
  class: Crossgrade,
  tableName: 'crossgrade',
  ...customerRows,
  indexes: [
    {
      name: 'crossgrade_undo_open',
      expression: `create index "crossgrade_undo_open" on "crossgrade" ("at") where undone_at is null and undo_closed_at is null`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    customerId: () => customer().index('crossgrade_customer'),
    planId: () => p.manyToOne(ServicePlan).mapToPk().fieldName('plan_id'),
    assignmentId: () => p.manyToOne(PlanAssignment).mapToPk().fieldName('assignment_id'),
    personId: () => p.manyToOne(Person).mapToPk().fieldName('person_id'),
    at: p.type(InstantType),
    former: p.json(),
    undoneAt: p.type(InstantType).nullable(),
    undoneById: () => p.manyToOne(Person).mapToPk().fieldName('undone_by_id').nullable(),
    undoClosedAt: p.type(InstantType).nullable(),
  } satisfies Columns<Crossgrade>,
} as any);

export const LicenseMapping = defineEntity({
  class: License,
  tableName: 'license',
  ...customerRows,
  indexes: [
    { name: 'license_customer', properties: ['customerId', 'productId'] },
    {
      name: 'license_partner',
      expression: `create index "license_partner" on "license" ("partner_id", "customer_id")`,
    },
    { name: 'license_assignment', properties: ['assignmentId'] },
    {
      name: 'license_nfr',
      expression: `create index "license_nfr" on "license" ("partner_id", "product_id") where version = 'nfr'`,
    },
    {
      name: 'license_due',
      expression: `create index "license_due" on "license" (license_due("ends_on", "notify_days", "grace_days", "settled_on", "removed_on"))`,
    },
    {
      name: 'license_units_ahead',
      expression: `create index "license_units_ahead" on "license" ("id") where jsonb_path_exists("terms", '$[*].units')`,
    },
    {
      name: 'license_hindered',
      expression: `create index "license_hindered" on "license" ("ends_on") where auto_renewal and removed_on is null and settled_on >= ends_on`,
    },
    {
      name: 'license_price_kept',
      expression: `create index "license_price_kept" on "license" ("partner_id") where terms @> '[{"priceKept": true}]'`,
    },
  ],
  checks: [{ name: 'license_units', expression: 'units >= 0' }],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    customerId: customer,
    assignmentId: () => p.manyToOne(PlanAssignment).mapToPk().nullable().fieldName('assignment_id'),
    planId: () => p.manyToOne(ServicePlan).mapToPk().nullable().fieldName('plan_id'),
    productId: product,
    version: p.text(),
    subscriptionType: p.text(),
    unitType: p.text(),
    units: p.integer(),
    unitsAtRenewal: p.integer().nullable(),
    terms: p.json(),
    startsOn: p.type(PlainDateType),
    endsOn: p.type(PlainDateType),
    autoRenewal: p.boolean(),
    notifyDays: p.json(),
    graceDays: p.integer(),
    activation: p.text(),
    activatedAt: p.type(InstantType).nullable(),
    activationCode: p.text().nullable(),
    dataCentre: p.text().nullable(),
    suspended: p.boolean(),
    removedOn: p.type(PlainDateType).nullable(),
    settledOn: p.type(PlainDateType).nullable(),
    createdAt: p.type(InstantType),
  } satisfies Columns<License>,
} as any);

export const CustomerTransactionMapping = defineEntity({
  class: CustomerTransaction,
  tableName: 'customer_transaction',
  ...customerRows,
  indexes: [
    {
      name: 'customer_transaction_partner_at',
      expression: `create index "customer_transaction_partner_at" on "customer_transaction" ("partner_id", "at" desc, "id" desc)`,
    },
    { name: 'customer_transaction_license', properties: ['licenseId'] },
    { name: 'customer_transaction_customer', properties: ['customerId'] },
    {
      name: 'customer_transaction_moved',
      expression: `create index "customer_transaction_moved" on "customer_transaction" ("plan_before_id") where plan_before_id <> plan_after_id`,
    },
  ],
  checks: [{ name: 'customer_transaction_adds_up', expression: 'units_before + delta = units_after' }],
  properties: {
    id: p.uuid().primary(),
    at: p.type(InstantType),
    effectiveOn: p.type(PlainDateType),
    partnerId: partner,
    customerId: customer,
    licenseId: () => p.manyToOne(License).mapToPk().fieldName('license_id'),
    productId: product,
    planBeforeId: () => p.manyToOne(ServicePlan).mapToPk().nullable().fieldName('plan_before_id'),
    planAfterId: () => p.manyToOne(ServicePlan).mapToPk().nullable().fieldName('plan_after_id'),
    type: p.text(),
    reason: p.text(),
    unitsBefore: p.integer(),
    delta: p.integer(),
    unitsAfter: p.integer(),
    termBefore: p.json().nullable(),
    termAfter: p.json().nullable(),
    personId: () => p.manyToOne(Person).mapToPk().nullable().fieldName('person_id'),
    requestId: p.text(),
  } satisfies Columns<CustomerTransaction>,
} as any);

export const MoneyLineMapping = defineEntity({
  class: MoneyLine,
  tableName: 'money_line',
  ...customerRows,
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    customerId: customer,
    licenseId: () => p.manyToOne(License).mapToPk().fieldName('license_id').index('money_line_license'),
    transactionId: () =>
      p.manyToOne(CustomerTransaction).mapToPk().fieldName('transaction_id').index('money_line_transaction'),
    productId: product,
    kind: p.text(),
    amountMinor: p.bigint(),
    currency: p.text(),
    effectiveOn: p.type(PlainDateType),
  } satisfies Columns<MoneyLine>,
} as any);

export const SuiteChangeMapping = defineEntity({
  class: SuiteChange,
  tableName: 'suite_change',
  ...customerRows,
  indexes: [
    {
      name: 'suite_change_waiting_unique',
      expression: `create unique index "suite_change_waiting_unique" on "suite_change" ("partner_id", "product_id") where approved_at is null and replaced_at is null`,
    },
    { name: 'suite_change_partner', properties: ['partnerId', 'productId'] },
  ],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    productId: product,
    before: p.json(),
    after: p.json(),
    openedAt: p.type(InstantType),
    approvedAt: p.type(InstantType).nullable(),
    approvedBy: () => p.manyToOne(Person).mapToPk().nullable().fieldName('approved_by'),
    replacedAt: p.type(InstantType).nullable(),
    dataCentres: p.json(),
  } satisfies Columns<SuiteChange>,
} as any);

export const SuiteAcceptanceMapping = defineEntity({
  class: SuiteAcceptance,
  tableName: 'suite_acceptance',
  ...customerRows,
  uniques: [{ name: 'suite_acceptance_once', properties: ['suiteChangeId', 'assignmentId'] }],
  indexes: [
    {
      name: 'suite_acceptance_queued',
      expression: `create index "suite_acceptance_queued" on "suite_acceptance" ("suite_change_id", "person_id") where status = 'queued'`,
    },
  ],
  properties: {
    id: p.uuid().primary(),
    partnerId: partner,
    suiteChangeId: () => p.manyToOne(SuiteChange).mapToPk().fieldName('suite_change_id'),
    customerId: customer,
    assignmentId: () => p.manyToOne(PlanAssignment).mapToPk().fieldName('assignment_id'),
    status: p.text(),
    code: p.text().nullable(),
    params: p.json().nullable(),
    personId: () => p.manyToOne(Person).mapToPk().fieldName('person_id'),
    queuedAt: p.type(InstantType),
    doneAt: p.type(InstantType).nullable(),
  } satisfies Columns<SuiteAcceptance>,
} as any);
