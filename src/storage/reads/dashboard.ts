import { exactTimes } from '../../core/money/money.ts';
import { toPage } from '../../core/page.ts';
import type {
  CreditRow,
  CycleUsage,
  DashboardReads,
  ListedLicense,
  UsageRow,
} from '../../core/licenses/dashboard-reads.ts';
import type { LicenseRow } from '../../core/licenses/reads.ts';
import type { ReportStatus } from '../../core/reports/usage-report.ts';
import type { Em } from '../orm.ts';
import { isId } from '../unit-of-work.ts';
import { bundleOf, creditParts, creditPartsOf, rateOf } from './derived-credits.ts';
import { licenseStatus, openLicense, planStatus, unitsOn } from './derived-status.ts';

interface LicenseRecord {
  id: string;
  partner_id: string;
  account: string;
  company: string;
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

const toLicense = (row: LicenseRecord): ListedLicense => ({
  licenseId: row.id,
  partnerId: row.partner_id,
  customer: row.account,
  company: row.company,
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
});

const withPlan = 'left join service_plan s on s.id = l.plan_id left join product sp on sp.id = s.product_id';

/** Open, with a term that runs on the day or later at the price of the term before it. The first test has an index. */
const priceKept = (d: string): string => `(l.terms @> '[{"priceKept": true}]' and ${openLicense(d)}
  and exists (select from jsonb_array_elements(l.terms) term
               where term @> '{"priceKept": true}' and (term ->> 'endsOn')::date > ${d}))`;

/**
 * The peaks of each customer and product in each month, by the product's usage basis: each figure's own highest, or
 * both from the day with the most provisioned, the earliest of such days. Parameters: the partner's id and days [from, to).
 */
const usagePeaks = (more = ''): string => `
  select u.customer_id, u.product_id, u.month, u.provisioned,
         case p.usage_basis when 'peak_each' then u.used when 'peak_day' then u.peak[3] end as used
    from (select product_id, customer_id, date_trunc('month', day::timestamp)::date as month,
                 max(provisioned) as provisioned, max(used) as used,
                 max(array[provisioned, date '2000-01-01' - day, used]) as peak
            from usage_day
           where partner_id = ?::uuid and day >= ?::date and day < ?::date ${more}
           group by product_id, customer_id, 3) u
    join product p on p.id = u.product_id`;

/** Licences with what stands beside them; `t.d` is today in the zone of the partner that owns the customer. */
const licenses = `
    from license l
    join customer c on c.id = l.customer_id
    join partner o on o.id = l.partner_id
    join product p on p.id = l.product_id ${withPlan}
    cross join lateral (select (?::timestamptz at time zone o.time_zone)::date as d) t`;

const licenseColumns = `
  l.id, l.partner_id, c.account, c.company, l.assignment_id, p.sku, p.name as product_name, l.version,
  l.subscription_type, s.name as plan, ${unitsOn('t.d')} as units, l.unit_type, l.starts_on::text, l.ends_on::text,
  ${licenseStatus('t.d')} as status, l.auto_renewal, l.units_at_renewal`;

export const dashboardReads = (em: Em): DashboardReads => ({
  async figures(partnerId, today) {
    const day = today.toString();
    const counting = em.execute<
      {
        customers: number;
        plans_enabled: number;
        plans_locked: number;
        waiting: number;
        prices_kept: number;
      }[]
    >(
      `select (select count(*)::int from customer where partner_id = ?::uuid and status = 'enabled') as customers,
              plans.enabled as plans_enabled, plans.locked as plans_locked,
              (select count(*)::int from waiting_crossgrade
                where partner_id = ?::uuid and resolved_at is null) as waiting,
              (select count(*)::int from license l, (select ?::date as d) t
                where l.partner_id = ?::uuid and ${priceKept('t.d')}) as prices_kept
         from (select count(*) filter (where x.status = 'enabled')::int as enabled,
                      count(*) filter (where x.status = 'locked')::int as locked
                 from (select ${planStatus('t.d')} as status
                         from service_plan s join product sp on sp.id = s.product_id, (select ?::date as d) t
                        where s.partner_id = ?::uuid) x) plans`,
      [partnerId, partnerId, day, partnerId, day, partnerId],
    );
    // One look at the licences, from which both are summed up.
    const looking = em.execute<
      {
        licenses: { status: LicenseRow['status']; licenses: number; units: number }[] | null;
        credits: string | null;
      }[]
    >(
      `with open as materialized (
         select ${unitsOn('t.d')} as units, ${licenseStatus('t.d')} as status, ${bundleOf} as bundle, ${rateOf} as rate
           from license l
           join customer c on c.id = l.customer_id
           join product p on p.id = l.product_id ${withPlan}, (select ?::date as d) t
          where l.partner_id = ?::uuid and ${openLicense('t.d')})
       select (select json_agg(x order by x.status)
                 from (select status, count(*) as licenses, sum(units) as units from open group by status) x) as licenses,
              (select sum(x.units * x.rate)
                 from (select max(units) as units, max(rate) as rate from open group by bundle) x)::text as credits`,
      [day, partnerId],
    );
    const [[counts], [open]] = await Promise.all([counting, looking]);
    return {
      customers: counts?.customers ?? 0,
      plansEnabled: counts?.plans_enabled ?? 0,
      plansLocked: counts?.plans_locked ?? 0,
      licenses: open?.licenses ?? [],
      credits: shortest(open?.credits ?? '0'),
      waitingCrossgrades: counts?.waiting ?? 0,
      pricesKept: counts?.prices_kept ?? 0,
    };
  },

  async usageByCycle(partnerId, from, to) {
    const rows = await em.execute<CycleUsage[]>(
      `select to_char(x.month, 'YYYY-MM') as cycle, sum(x.provisioned)::float8 as provisioned, sum(x.used)::float8 as used
         from (select peak.month, peak.provisioned, peak.used from (${usagePeaks()}) peak
                union all
               select r.cycle_from, n.provisioned, n.used
                 from partner o
                 join usage_report r on r.partner_id = o.id
                 join usage_report_line n on n.report_id = r.id
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

  customerCounts: () =>
    em.execute<{ partner: string; customers: number }[]>(
      `select o.company as partner, coalesce(n.customers, 0) as customers
         from partner o left join wall.customer_counts() n on n.partner_id = o.id
        where o.parent_id = wall.partner() order by lower(o.company)`,
    ),

  async find({ customerId, partnerId, status, priceKept: kept }, page, now) {
    const conditions: [sql: string, parameter?: string][] = [];
    if (customerId !== undefined) conditions.push(['l.customer_id = ?::uuid', customerId]);
    if (partnerId !== undefined) conditions.push(['l.partner_id = ?::uuid', partnerId]);
    if (status === 'open') conditions.push([openLicense('t.d')]);
    else if (status !== undefined) conditions.push([`${licenseStatus('t.d')} = ?`, status]);
    if (kept) conditions.push([priceKept('t.d')]);
    const from = `${licenses} where ${conditions.map(([sql]) => sql).join(' and ') || 'true'}`;
    const parameters = [now.toString(), ...conditions.flatMap(([, parameter]) => parameter ?? [])];
    const [count] = await em.execute<{ n: number; units: number }[]>(
      `select count(*)::int as n, coalesce(sum(${unitsOn('t.d')}), 0)::float8 as units ${from}`,
      parameters,
    );
    const rows = await em.execute<LicenseRecord[]>(
      `select ${licenseColumns} ${from}
       order by lower(c.company), lower(c.account), not ${openLicense('t.d')}, lower(coalesce(s.name, '')),
                l.assignment_id, lower(p.name), l.id
       ${page ? 'limit ? offset ?' : ''}`,
      page ? [...parameters, page.size, (page.page - 1) * page.size] : parameters,
    );
    const total = count?.n ?? 0;
    const request = page ?? { page: 1, size: Math.max(1, total) };
    return { ...toPage(rows.map(toLicense), total, request), units: count?.units ?? 0 };
  },

  async usageOf({ partnerId, customerId, productId }, { from, to }, page) {
    const ofOne = `${customerId ? 'and customer_id = ?::uuid' : ''} ${productId ? 'and product_id = ?::uuid' : ''}`;
    const rows = `from (${usagePeaks(ofOne)}) x
       join customer c on c.id = x.customer_id
       join product p on p.id = x.product_id`;
    const parameters = [partnerId, from.toString(), to.toString(), customerId, productId].filter(
      (one) => one !== undefined,
    );
    const [sums] = await em.execute<{ n: number; provisioned: number; used: number | null }[]>(
      `select count(*)::int as n, coalesce(sum(x.provisioned), 0)::float8 as provisioned, sum(x.used)::float8 as used
       ${rows}`,
      parameters,
    );
    const items = await em.execute<UsageRow[]>(
      `select c.account as customer, c.company, p.sku as product, p.name as "productName", x.provisioned, x.used ${rows}
        order by lower(c.company), lower(c.account), lower(p.name), p.sku limit ? offset ?`,
      [...parameters, page.size, (page.page - 1) * page.size],
    );
    return {
      ...toPage(items, sums?.n ?? 0, page),
      provisioned: sums?.provisioned ?? 0,
      used: sums?.used ?? null,
    };
  },

  async one(licenseId, now) {
    if (!isId(licenseId)) return null;
    const [row] = await em.execute<LicenseRecord[]>(`select ${licenseColumns} ${licenses} where l.id = ?::uuid`, [
      now.toString(),
      licenseId,
    ]);
    return row ? toLicense(row) : null;
  },

  async credits(partnerId, today, page) {
    const parts = `(select x.*, x.units * x.rate as credits from (${creditParts}) x where x.rate is not null) x`;
    const parameters: unknown[] = creditPartsOf(partnerId, today);
    const [count] = await em.execute<{ n: number; credits: string }[]>(
      `select count(*)::int as n, coalesce(sum(x.credits), 0)::text as credits from ${parts}`,
      parameters,
    );
    const rows = await em.execute<(Omit<CreditRow, 'credits'> & { rate: string })[]>(
      `select c.account as customer, c.company, s.name as plan, p.sku as product, p.name as "productName", x.units,
              coalesce(s.unit_type, l.unit_type) as "unitType", x.rate::text as rate
         from ${parts}
         left join plan_assignment a on a.id = x.assignment_id
         left join service_plan s on s.id = a.plan_id
         left join license l on l.id = x.license_id
         join customer c on c.id = coalesce(a.customer_id, l.customer_id)
         join product p on p.id = coalesce(s.product_id, l.product_id)
        order by x.credits desc, lower(c.company), lower(c.account), coalesce(x.assignment_id, x.license_id)
        limit ? offset ?`,
      [...parameters, page.size, (page.page - 1) * page.size],
    );
    const items = rows.map(({ rate, ...row }): CreditRow => ({
      ...row,
      creditsPerUnit: shortest(rate),
      credits: exactTimes(rate, row.units),
    }));
    return { ...toPage(items, count?.n ?? 0, page), credits: shortest(count?.credits ?? '0') };
  },
});

/** `40`, not `40.0`: as short as an exact decimal can be written. */
const shortest = (decimal: string): string =>
  decimal.includes('.') ? decimal.replace(/0+$/, '').replace(/\.$/, '') : decimal;
