import type { Actor } from '../../core/caller.ts';
import type { LicenseVersion, UnitType } from '../../core/catalog/product.ts';
import type { UsageReads } from '../../core/usage/reads.ts';
import type { Em } from '../orm.ts';

interface UsageRow {
  customer_id: string;
  product_id: string;
  version: LicenseVersion;
  unit_type: UnitType;
  provisioned: number;
  used: number | null;
}

/**
 * held: the days of the cycle on which each licence was held, one stretch per term, as what the term was sold.
 * counted: every usage day with the one licence it counts for. peaks: these by the product's basis. silent: full
 * monthly licences of which nobody reported a day, with the units of the ledger.
 */
const customerUsage = `
  with cycle as (select ?::uuid as partner_id, ?::date as from_day, ?::date as to_day),
  held as (
    select l.id as license_id, l.customer_id, l.product_id, t.version, t.subscription_type, l.unit_type, l.units,
           l.suspended, t.starts_on,
           greatest(t.starts_on, cycle.from_day) as from_day,
           least(t.ends_on + l.grace_days, t.next_on, cycle.to_day, l.removed_on + 1) as to_day
      from cycle
      join license l on l.partner_id = cycle.partner_id
      cross join lateral (
        select (term ->> 'startsOn')::date as starts_on, (term ->> 'endsOn')::date as ends_on,
               term ->> 'version' as version, term ->> 'subscriptionType' as subscription_type,
               lead((term ->> 'startsOn')::date) over (order by term ->> 'startsOn') as next_on
          from jsonb_array_elements(l.terms) as term) t
     where greatest(t.starts_on, cycle.from_day)
           < least(t.ends_on + l.grace_days, t.next_on, cycle.to_day, l.removed_on + 1)
  ),
  counted as (
    select distinct on (u.customer_id, u.product_id, u.day)
           u.customer_id, u.product_id, u.day, u.provisioned, u.used, h.unit_type, h.subscription_type, h.version
      from cycle
      join usage_day u on u.partner_id = cycle.partner_id and u.day >= cycle.from_day and u.day < cycle.to_day
      join held h on h.customer_id = u.customer_id and h.product_id = u.product_id
                 and h.from_day <= u.day and u.day < h.to_day
     order by u.customer_id, u.product_id, u.day, h.version = 'nfr', h.starts_on desc, h.license_id
  ),
  ranked as (
    select *, row_number() over (
             partition by customer_id, product_id, version, unit_type order by provisioned desc, day) as rank
      from counted
     where not (version = 'full' and subscription_type = 'annual_license')
  ),
  peaks as (
    select r.customer_id, r.product_id, r.version, r.unit_type, max(r.provisioned) as provisioned,
           case p.usage_basis
             when 'peak_each' then max(r.used)
             when 'peak_day' then max(r.used) filter (where r.rank = 1)
           end as used
      from ranked r join product p on p.id = r.product_id
     group by r.customer_id, r.product_id, r.version, r.unit_type, p.usage_basis
  ),
  charged as (
    select h.license_id, h.customer_id, h.product_id, h.unit_type, h.units, h.suspended, h.from_day,
           h.to_day
      from held h
     where h.version = 'full' and h.subscription_type = 'monthly_plan'
  ),
  silent as (
    select c.customer_id, c.product_id, 'full' as version, c.unit_type,
           max(coalesce(ledger.units, c.units)) as provisioned, null::int as used
      from charged c
      join customer on customer.id = c.customer_id
      join partner on partner.id = customer.partner_id
      cross join lateral (
        select (array_agg(e.kind order by e.at desc, e.id desc)
                  filter (where e.at <= c.from_day::timestamp at time zone partner.time_zone))[1] = 'suspended'
               and not coalesce(bool_or(e.kind = 'resumed'
                          and e.at > c.from_day::timestamp at time zone partner.time_zone
                          and e.at < c.to_day::timestamp at time zone partner.time_zone), false) as throughout
          from customer_event e where e.customer_id = c.customer_id) customer_suspension
      cross join lateral (
        select max(moment.units)::int as units
          from (select effective_on, sum(delta) over in_order as units, lead(effective_on) over in_order as next_on
                  from customer_transaction where license_id = c.license_id
                window in_order as (order by effective_on, at, id)) moment
         where moment.effective_on < c.to_day and (moment.next_on is null or moment.next_on >= c.from_day)) ledger
      cross join lateral (
        select (array_agg(reason order by effective_on desc, at desc) filter (where effective_on <= c.from_day))[1]
                 as before,
               bool_or(effective_on > c.from_day and effective_on < c.to_day) as changed,
               count(*) as changes
          from customer_transaction
         where license_id = c.license_id and reason in ('suspension', 'resumption')) suspension
     where not exists (select from counted k
                        where k.customer_id = c.customer_id and k.product_id = c.product_id
                          and k.version = 'full' and k.subscription_type = 'monthly_plan')
       and customer_suspension.throughout is not true
       and not (suspension.before = 'suspension' and not suspension.changed) is true
       and not (c.suspended and suspension.changes = 0)
     group by c.customer_id, c.product_id, c.unit_type
  )
  select customer_id, product_id, version, unit_type, provisioned, used from peaks
  union all
  select customer_id, product_id, version, unit_type, provisioned, used from silent
  order by product_id, version, unit_type, customer_id`;

export const usageReads = (em: Em, _actor: Actor): UsageReads => ({
  async customerUsage(partnerId, cycle) {
    const rows = await em.execute<UsageRow[]>(customerUsage, [partnerId, cycle.from.toString(), cycle.to.toString()]);
    return rows.map((row) => ({
      customerId: row.customer_id,
      productId: row.product_id,
      version: row.version,
      unitType: row.unit_type,
      provisioned: Number(row.provisioned),
      used: row.used === null ? null : Number(row.used),
    }));
  },
});
