import type { LicenseVersion, SubscriptionType, UnitType } from '../../core/catalog/product.ts';
import type { SummaryLicense, SummaryRow } from '../../core/customers/customer-summary.ts';
import type { CustomerReads } from '../../core/customers/reads.ts';
import { creditsByLicense } from '../../core/licenses/credits.ts';
import { licenseStatus } from '../../core/licenses/license-status.ts';
import { cycleOf } from '../../core/usage/report-cycle.ts';
import { dayAt, earliest } from '../../core/calendar.ts';
import type { Activation } from '../../core/plans/service-plan.ts';
import type { Em } from '../orm.ts';
import { openLicense } from './derived-status.ts';

interface CustomerPart {
  id: string;
  company_key: string;
  company: string;
  account: string;
  city: string;
  state: string;
  country: string | null;
  status: 'enabled' | 'suspended';
}

interface LicensePart {
  id: string;
  customer_id: string;
  assignment_id: string | null;
  product_id: string;
  vendor: string;
  sku: string;
  product: string;
  credits_per_unit: string | null;
  end_of_life_on: string | null;
  plan: string | null;
  composition: string[];
  plan_credits_per_unit: string | null;
  plan_end_of_sale_on: string | null;
  plan_end_of_life_on: string | null;
  subscription_type: SubscriptionType;
  version: LicenseVersion;
  units: number;
  unit_type: UnitType;
  starts_on: string;
  ends_on: string;
  grace_days: number;
  notify_days: number[];
  auto_renewal: boolean;
  activation: Activation;
  activated: boolean;
  suspended: boolean;
  provisioned: number | null;
  used: number | null;
}

const asDay = (day: string | null): Temporal.PlainDate | null => (day === null ? null : Temporal.PlainDate.from(day));

/**
 * Licences as they stood at an instant. The units are those of the ledger by then, before the first term
 * those of its first day; what was entered since is left out. A usage record counts for the licence held on its day; where an NFR licence stands
 * beside another of the same product, for the other.
 */
const licensesAt = `
  select l.id, l.customer_id, l.assignment_id, l.product_id, v.name as vendor, p.sku, p.name as product,
         p.credits_per_unit::text as credits_per_unit, p.end_of_life_on::text as end_of_life_on,
         sp.name as plan, coalesce(a.composition, '[]') as composition, pp.credits_per_unit::text as plan_credits_per_unit, pp.end_of_sale_on::text as plan_end_of_sale_on,
         pp.end_of_life_on::text as plan_end_of_life_on,
         l.subscription_type, l.version,
         (select coalesce(sum(t.delta), 0) from customer_transaction t
           where t.license_id = l.id and t.at <= at.instant
             and t.effective_on <= greatest(at.day, l.starts_on))::int as units,
         l.unit_type, l.starts_on::text as starts_on, l.ends_on::text as ends_on, l.grace_days, l.notify_days,
         l.auto_renewal, l.activation, (l.activated_at is not null and l.activated_at <= at.instant) as activated,
         l.suspended, peak.provisioned, case when p.usage_basis = 'none' then null else peak.used end as used
    from (select ?::timestamptz as instant, ?::date as day, ?::date as cycle_from, ?::date as cycle_to) at
    cross join license l
    join product p on p.id = l.product_id
    join vendor v on v.id = p.vendor_id
    left join service_plan sp on sp.id = l.plan_id
    left join product pp on pp.id = sp.product_id
    left join plan_assignment a on a.id = l.assignment_id
    left join lateral (
      select max(u.provisioned) as provisioned,
             case when p.usage_basis = 'peak_day'
                  then (array_agg(u.used order by u.provisioned desc, u.day))[1]
                  else max(u.used) end as used
        from usage_day u
       where u.partner_id = l.partner_id and u.product_id = l.product_id and u.customer_id = l.customer_id
         and u.day >= at.cycle_from and u.day < at.cycle_to
         and u.day >= l.starts_on and u.day < l.ends_on + l.grace_days
         and (l.version <> 'nfr' or not exists (
               select 1 from license other
                where other.customer_id = l.customer_id and other.product_id = l.product_id and other.version <> 'nfr'
                  and u.day >= other.starts_on and u.day < other.ends_on + other.grace_days
                  and (other.removed_on is null or u.day < other.removed_on)))
    ) peak on true
   where l.customer_id = any (string_to_array(?, ',')::uuid[])
     and l.created_at <= at.instant
     and ${openLicense('at.day')}
   order by p.name, l.starts_on, l.id`;

export const summaryReads = (em: Em): Pick<CustomerReads, 'summary'> => ({
  async summary({ partnerId, at, cycleFrom, after, customers: size }) {
    const [partner] = await em.execute<{ time_zone: string }[]>('select time_zone from partner where id = ?::uuid', [
      partnerId,
    ]);
    if (!partner) return { rows: [], next: null };
    const day = dayAt(at, partner.time_zone);
    const customers = await em.execute<CustomerPart[]>(
      `select id, lower(company) as company_key, company, account, city, state, country, status
         from customer
        where partner_id = ?::uuid and created_at <= ?::timestamptz
          and (?::uuid is null or (lower(company), id) > (?::text, ?::uuid))
        order by lower(company), id limit ?`,
      [partnerId, at.toString(), after?.customerId ?? null, after?.company ?? null, after?.customerId ?? null, size],
    );
    const last = customers.at(-1);
    if (!last) return { rows: [], next: null };
    const cycle = cycleOf(cycleFrom);
    const licenses = await em.execute<LicensePart[]>(licensesAt, [
      at.toString(),
      day.toString(),
      cycle.from.toString(),
      cycle.to.toString(),
      customers.map(({ id }) => id).join(','),
    ]);
    const credits = creditsByLicense(
      licenses.map((part) => ({
        licenseId: part.id,
        assignmentId: part.assignment_id,
        productId: part.product_id,
        units: part.units,
        ownRate: part.credits_per_unit,
        planRate: part.plan_credits_per_unit,
        composition: part.composition,
      })),
    );
    const held = Map.groupBy(licenses, ({ customer_id: customerId }) => customerId);

    const rows = customers.flatMap(({ id, company_key: _key, ...customer }): SummaryRow[] => {
      const own = held.get(id) ?? [];
      if (own.length === 0) return [{ ...customer, license: null }];
      return own.map((part) => ({
        ...customer,
        license: toLicense(part, customer.status, day, credits.get(part.id) ?? null),
      }));
    });
    return {
      rows,
      next: customers.length < size ? null : { company: last.company_key, customerId: last.id },
    };
  },
});

const toLicense = (
  part: LicensePart,
  customerStatus: CustomerPart['status'],
  day: Temporal.PlainDate,
  credits: string | null,
): SummaryLicense => {
  const endsOn = Temporal.PlainDate.from(part.ends_on);
  return {
    licenseId: part.id,
    vendor: part.vendor,
    sku: part.sku,
    product: part.product,
    plan: part.plan,
    subscriptionType: part.subscription_type,
    version: part.version,
    units: part.units,
    unitType: part.unit_type,
    startsOn: part.starts_on,
    expiresOn: endsOn.subtract({ days: 1 }).toString(),
    status: licenseStatus(
      {
        startsOn: Temporal.PlainDate.from(part.starts_on),
        endsOn,
        graceDays: part.grace_days,
        notifyDays: part.notify_days,
        // A licence without a plan never renews.
        autoRenewal: part.auto_renewal && part.assignment_id !== null,
        activation: part.activation,
        activatedAt: part.activated ? Temporal.Instant.fromEpochMilliseconds(0) : null,
        suspended: part.suspended,
        removedOn: null,
        customerSuspended: customerStatus === 'suspended',
        saleEndsOn: earliest(
          asDay(part.plan_end_of_sale_on),
          asDay(part.plan_end_of_life_on),
          asDay(part.end_of_life_on),
        ),
      },
      day,
    ),
    autoRenewal: part.auto_renewal,
    provisioned: part.provisioned,
    used: part.used,
    credits,
  };
};
