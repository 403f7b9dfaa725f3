import type { Actor } from '../../core/caller.ts';
import type { CustomerTransaction } from '../../core/licenses/customer-transaction.ts';
import type {
  AddedLicense,
  ChargedSum,
  CycleUsage,
  DiscontinuedLicense,
  HeldLicense,
  LedgerDay,
  LicensePlace,
  LicenseReads,
  LicenseRow,
  TransactionRow,
  WaitingRow,
} from '../../core/licenses/reads.ts';
import { toMoney } from '../../core/money/money.ts';
import { toPage } from '../../core/page.ts';
import type { ReportStatus } from '../../core/reports/usage-report.ts';
import type { Em } from '../orm.ts';
import { isId } from '../unit-of-work.ts';
import { among } from './among.ts';
import { creditParts, creditPartsOf } from './derived-credits.ts';
import { licenseStatus, openLicense, planStatus } from './derived-status.ts';

interface LicenseRecord {
  id: string;
  assignment_id: string | null;
  sku: string;
  product_name: string;
  version: LicenseRow['version'];
  subscription_type: LicenseRow['subscriptionType'];
  plan: string | null;
  units: number;
  unit_type: LicenseRow['unitType'];
  starts_on: string;
  ends_on: string;
  status: LicenseRow['status'];
  auto_renewal: boolean;
  units_at_renewal: number | null;
}

interface TransactionRecord {
  id: string;
  license_id: string;
  at: string;
  effective_on: string;
  type: TransactionRow['type'];
  reason: string;
  account: string;
  company: string;
  sku: string;
  product_name: string;
  unit_type: TransactionRow['unitType'];
  plan_before: string | null;
  plan_after: string | null;
  units_before: number;
  delta: number;
  units_after: number;
  term: CustomerTransaction['termAfter'];
  amount_minor: string | null;
  currency: string | null;
  by: string | null;
}

const withPlan = 'left join service_plan s on s.id = l.plan_id left join product sp on sp.id = s.product_id';

export const licenseReads = (em: Em, actor: Actor): LicenseReads => {
  const own = actor.type === 'person' ? actor.partnerId : null;

  return {
    async assignTarget(customer, plan) {
      const [row] = await em.execute<{ customer_id: string | null; plan_id: string | null }[]>(
        `select (select id from customer
                  where ${isId(customer) ? 'id = ?::uuid' : 'lower(account) = lower(?)'} and partner_id = ?::uuid) as customer_id,
                (select id from service_plan
                  where ${isId(plan) ? 'id = ?::uuid' : 'lower(name) = lower(?)'} and partner_id = ?::uuid) as plan_id`,
        [customer, own, plan, own],
      );
      return { customerId: row?.customer_id ?? null, planId: row?.plan_id ?? null };
    },

    async assignGround({ customerId, planId, productIds, startsOn, today }) {
      const products = productIds.join(',');
      // A licence that is over stands in the way of one that would have begun before its end.
      const [row] = await em.execute<{ held: HeldLicense[]; waiting_id: string | null; nfr_product: string | null }[]>(
        `select (select coalesce(json_agg(json_build_object('productName', h.name, 'planId', h.plan_id, 'open', h.open)
                                          order by h.name), '[]')
                   from (select p.name, l.plan_id, ${openLicense('t.d')} as open, l.starts_on,
                                least(l.ends_on, l.removed_on) as over_on
                           from license l join product p on p.id = l.product_id
                          where l.customer_id = ?::uuid and l.version <> 'nfr'
                            and l.product_id = any (string_to_array(?, ',')::uuid[])) h
                  where h.open or (h.starts_on < h.over_on and h.over_on > ?::date)) as held,
                (select w.id from waiting_crossgrade w
                  where w.customer_id = ?::uuid and w.plan_id = ?::uuid and w.resolved_at is null) as waiting_id,
                (select p.name from license l join product p on p.id = l.product_id
                  where l.partner_id = (select partner_id from service_plan where id = ?::uuid) and l.version = 'nfr'
                    and l.product_id = any (string_to_array(?, ',')::uuid[]) and ${openLicense('t.d')}
                  order by p.name limit 1) as nfr_product
           from (select ?::date as d) t`,
        [customerId, products, startsOn.toString(), customerId, planId, planId, products, today.toString()],
      );
      return {
        held: row?.held ?? [],
        waitingId: row?.waiting_id ?? null,
        nfrProduct: row?.nfr_product ?? null,
      };
    },

    async place(licenseId) {
      if (!isId(licenseId)) return null;
      const [row] = await em.execute<LicensePlace[]>(
        `select customer_id as "customerId", assignment_id as "assignmentId", plan_id as "planId"
           from license where id = ?::uuid and partner_id = ?::uuid`,
        [licenseId, own],
      );
      return row ?? null;
    },

    async keptOf(assignmentId) {
      const rows = await em.execute<{ id: string }[]>(
        'select id from license where assignment_id = ?::uuid and removed_on is null order by id',
        [assignmentId],
      );
      return rows.map(({ id }) => id);
    },

    async ledgerDays(licenseIds) {
      return em.execute<LedgerDay[]>(
        `select license_id as "licenseId", effective_on::text as "effectiveOn", sum(delta)::int as delta
           from customer_transaction where ${among('license_id')} group by 1, 2 order by 1, 2`,
        [licenseIds.join(',')],
      );
    },

    async charged(licenseIds) {
      return em.execute<ChargedSum[]>(
        `select license_id as "licenseId", currency, sum(amount_minor)::text as minor
           from money_line where kind <> 'usage' and ${among('license_id')} group by 1, 2 order by 1, 2`,
        [licenseIds.join(',')],
      );
    },

    async peakUsed(customerId, productId, from, to) {
      const [row] = await em.execute<{ used: number | null }[]>(
        `select max(used)::int as used from usage_day
          where customer_id = ?::uuid and product_id = ?::uuid and day between ?::date and ?::date`,
        [customerId, productId, from.toString(), to.toString()],
      );
      return row?.used ?? null;
    },

    async openOf(customerId, productIds, today) {
      return em.execute<{ licenseId: string; productId: string; productName: string }[]>(
        `select l.id as "licenseId", l.product_id as "productId", p.name as "productName"
           from license l join product p on p.id = l.product_id, (select ?::date as d) t
          where l.customer_id = ?::uuid and l.version <> 'nfr' and ${among('l.product_id')} and ${openLicense('t.d')}
          order by l.id`,
        [today.toString(), customerId, productIds.join(',')],
      );
    },

    async list(customerId, now) {
      const rows = await em.execute<LicenseRecord[]>(
        `select l.id, l.assignment_id, p.sku, p.name as product_name, l.version, l.subscription_type, s.name as plan,
                l.units, l.unit_type, l.starts_on::text, l.ends_on::text, ${licenseStatus('t.d')} as status,
                l.auto_renewal, l.units_at_renewal
           from customer c
           join partner o on o.id = c.partner_id
           join license l on l.customer_id = c.id
           join product p on p.id = l.product_id ${withPlan}
           cross join lateral (select (?::timestamptz at time zone o.time_zone)::date as d) t
          where c.id = ?::uuid
          order by not ${openLicense('t.d')}, lower(coalesce(s.name, '')), l.assignment_id, lower(p.name), l.id`,
        [now.toString(), customerId],
      );
      return rows.map((row): LicenseRow => ({
        licenseId: row.id,
        assignmentId: row.assignment_id,
        product: row.sku,
        productName: row.product_name,
        version: row.version,
        subscriptionType: row.subscription_type,
        plan: row.plan,
        units: row.units,
        unitType: row.unit_type,
        startsOn: row.starts_on,
        endsOn: row.ends_on,
        status: row.status,
        autoRenewal: row.auto_renewal,
        unitsAtRenewal: row.units_at_renewal,
      }));
    },

    async exists(licenseId) {
      if (!isId(licenseId)) return false;
      const rows = await em.execute('select from license where id = ?::uuid', [licenseId]);
      return rows.length > 0;
    },

    async transactions({ customerId, licenseId, type, productId, from, to }, page) {
      const conditions: [string, string][] = [];
      if (customerId !== undefined) conditions.push(['x.customer_id = ?::uuid', customerId]);
      if (licenseId !== undefined) conditions.push(['x.license_id::text = lower(?)', licenseId]);
      if (productId !== undefined) conditions.push(['x.product_id = ?::uuid', productId]);
      if (type !== undefined) conditions.push(['x.type = ?', type]);
      if (from !== undefined) conditions.push(['x.at >= ?::timestamptz', from.toString()]);
      if (to !== undefined) conditions.push(['x.at < ?::timestamptz', to.toString()]);
      const where = conditions.length > 0 ? `where ${conditions.map(([sql]) => sql).join(' and ')}` : '';
      const parameters = conditions.map(([, parameter]) => parameter);
      const [count] = await em.execute<{ n: number }[]>(
        `select count(*)::int as n from customer_transaction x ${where}`,
        parameters,
      );
      const rows = await em.execute<TransactionRecord[]>(
        `select x.id, x.license_id, to_char(x.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
                x.effective_on::text, x.type, x.reason, c.account, c.company, p.sku, p.name as product_name,
                l.unit_type, before.name as plan_before, after.name as plan_after, x.units_before, x.delta,
                x.units_after, x.term_after as term, m.amount_minor, m.currency,
                (select w.first_name || ' ' || w.last_name from person w where w.id = x.person_id) as by
           from (select * from customer_transaction x ${where} order by x.at desc, x.id desc limit ? offset ?) x
           join customer c on c.id = x.customer_id
           join product p on p.id = x.product_id
           join license l on l.id = x.license_id
           left join service_plan before on before.id = x.plan_before_id
           left join service_plan after on after.id = x.plan_after_id
           left join lateral (select sum(m.amount_minor)::text as amount_minor, min(m.currency) as currency
                                from money_line m where m.transaction_id = x.id) m on true
          order by x.at desc, x.id desc`,
        [...parameters, page.size, (page.page - 1) * page.size],
      );
      const items = rows.map((row): TransactionRow => ({
        transactionId: row.id,
        licenseId: row.license_id,
        at: Temporal.Instant.from(row.at).toString(),
        effectiveOn: row.effective_on,
        type: row.type,
        reason: row.reason,
        customer: row.account,
        company: row.company,
        product: row.sku,
        productName: row.product_name,
        unitType: row.unit_type,
        planBefore: row.plan_before,
        planAfter: row.plan_after,
        unitsBefore: row.units_before,
        delta: row.delta,
        unitsAfter: row.units_after,
        startsOn: row.term?.startsOn ?? null,
        endsOn: row.term?.endsOn ?? null,
        amount: row.amount_minor === null ? null : toMoney(BigInt(row.amount_minor), row.currency ?? ''),
        by: row.by,
      }));
      return toPage(items, count?.n ?? 0, page);
    },

    async figures(partnerId, today) {
      const day = today.toString();
      const [counts] = await em.execute<
        { customers: number; plans_enabled: number; plans_locked: number; waiting: number }[]
      >(
        `select (select count(*)::int from customer where partner_id = ?::uuid and status = 'enabled') as customers,
                plans.enabled as plans_enabled, plans.locked as plans_locked,
                (select count(*)::int from waiting_crossgrade
                  where partner_id = ?::uuid and resolved_at is null) as waiting
           from (select count(*) filter (where x.status = 'enabled')::int as enabled,
                        count(*) filter (where x.status = 'locked')::int as locked
                   from (select ${planStatus('t.d')} as status
                           from service_plan s join product sp on sp.id = s.product_id, (select ?::date as d) t
                          where s.partner_id = ?::uuid) x) plans`,
        [partnerId, partnerId, day, partnerId],
      );
      const licenses = await em.execute<{ status: LicenseRow['status']; licenses: number; units: number }[]>(
        `select x.status, count(*)::int as licenses, sum(x.units)::float8 as units
           from (select l.units, ${licenseStatus('t.d')} as status
                   from license l
                   join customer c on c.id = l.customer_id
                   join product p on p.id = l.product_id ${withPlan}, (select ?::date as d) t
                  where l.partner_id = ?::uuid and ${openLicense('t.d')}) x
          group by x.status order by x.status`,
        [day, partnerId],
      );
      const [credits] = await em.execute<{ credits: string }[]>(
        `select coalesce(sum(x.units * x.rate), 0)::text as credits from (${creditParts}) x`,
        creditPartsOf(partnerId, today),
      );
      return {
        customers: counts?.customers ?? 0,
        plansEnabled: counts?.plans_enabled ?? 0,
        plansLocked: counts?.plans_locked ?? 0,
        licenses,
        credits: plain(credits?.credits ?? '0'),
        waitingCrossgrades: counts?.waiting ?? 0,
      };
    },

    async usageByCycle(partnerId, from, to) {
      const rows = await em.execute<CycleUsage[]>(
        `select to_char(x.month, 'YYYY-MM') as cycle, sum(x.provisioned)::float8 as provisioned, sum(x.used)::float8 as used
           from (select date_trunc('month', u.day::timestamp)::date as month, max(u.provisioned) as provisioned,
                        case p.usage_basis
                          when 'peak_each' then max(u.used)
                          when 'peak_day' then (array_agg(u.used order by u.provisioned desc, u.day))[1]
                        end as used
                   from usage_day u join product p on p.id = u.product_id
                  where u.partner_id = ?::uuid and u.day >= ?::date and u.day < ?::date
                  group by u.customer_id, u.product_id, p.usage_basis, 1
                  union all
                 select r.cycle_from, n.provisioned, n.used
                   from usage_report r
                   join usage_report_line n on n.report_id = r.id
                   join partner o on o.id = r.partner_id
                  where o.parent_id = ?::uuid and r.cycle_from >= ?::date and r.cycle_from < ?::date) x
          group by x.month order by x.month`,
        [partnerId, from.toString(), to.toString(), partnerId, from.toString(), to.toString()],
      );
      return rows;
    },

    reportsByStatus: (partnerId) =>
      em.execute<{ status: ReportStatus; reports: number; dueOn: string | null }[]>(
        `select r.status, count(*)::int as reports,
                (min(r.due_on) filter (where r.status in ('msp_preparing', 'rejected')))::text as "dueOn"
           from usage_report r join partner o on o.id = r.partner_id
          where o.id = ?::uuid or o.parent_id = ?::uuid
          group by r.status order by r.status`,
        [partnerId, partnerId],
      ),

    waiting: (partnerId, limit) =>
      em.execute<WaitingRow[]>(
        `select c.account as customer, c.company, s.name as plan, w.units, s.unit_type as "unitType"
           from waiting_crossgrade w
           join customer c on c.id = w.customer_id
           join service_plan s on s.id = w.plan_id
          where w.partner_id = ?::uuid and w.resolved_at is null
          order by w.created_at, w.id limit ?`,
        [partnerId, limit],
      ),

    async ofAssignment(assignmentId) {
      return em.execute<AddedLicense[]>(
        `select l.id as "licenseId", p.name as "productName", l.units, l.unit_type as "unitType",
                l.starts_on::text as "startsOn", (l.ends_on - 1)::text as "expiresOn",
                l.activation_code as "activationCode"
           from license l join product p on p.id = l.product_id
          where l.assignment_id = ?::uuid and l.removed_on is null order by lower(p.name), l.id`,
        [assignmentId],
      );
    },

    async discontinued(transactionId, licenseIds) {
      return em.execute<DiscontinuedLicense[]>(
        `select p.name as "productName", s.name as plan, gone.units, l.unit_type as "unitType",
                l.removed_on::text as "removedOn"
           from customer_transaction x
           join license l on l.customer_id = x.customer_id and l.id = any (string_to_array(?, ',')::uuid[])
           join product p on p.id = l.product_id
           join lateral (select -sum(y.delta)::int as units, min(y.plan_before_id::text)::uuid as plan_id
                           from customer_transaction y
                          where y.license_id = l.id and y.request_id = x.request_id and y.at = x.at
                            and y.person_id is not distinct from x.person_id) gone on true
           left join service_plan s on s.id = gone.plan_id
          where x.id = ?::uuid and l.removed_on is not null order by lower(p.name), l.id`,
        [licenseIds.join(','), transactionId],
      );
    },

    customerCounts: () =>
      em.execute<{ partner: string; customers: number }[]>(
        `select o.company as partner, coalesce(n.customers, 0) as customers
           from partner o left join wall.customer_counts() n on n.partner_id = o.id
          where o.parent_id = wall.partner() order by lower(o.company)`,
      ),
  };
};

/** `40`, not `40.0`: as short as an exact decimal can be written. */
const plain = (decimal: string): string =>
  decimal.includes('.') ? decimal.replace(/0+$/, '').replace(/\.$/, '') : decimal;
