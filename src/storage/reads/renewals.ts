import type { DueLicense, RenewalReads, Stretch } from '../../core/licenses/renewal-reads.ts';
import type { Em } from '../orm.ts';
import { among } from './among.ts';
import { saleEndsOn } from './derived-status.ts';

const dueOn = 'license_due(l.ends_on, l.notify_days, l.grace_days, l.settled_on, l.removed_on)';
const hindered = `(c.status = 'suspended' or s.locked
  or coalesce(${saleEndsOn} <= t.d, false))`;

/** A term that was renewed ahead with another number of units has begun. */
const bringsUnits = (
  d: string,
): string => `(jsonb_path_exists(l.terms, '$[*].units') and l.removed_on is null and exists (
  select from jsonb_array_elements(l.terms) x where x ->> 'units' is not null and (x ->> 'startsOn')::date <= ${d}))`;

/**
 * A day of it has come (a notification window, its end, the end of grace); or its renewal was hindered at its end and
 * is not any more while grace runs. No zone is more than a day ahead of UTC, which keeps the search within an index.
 */
const isDue = `(${dueOn} <= t.d or ${bringsUnits('t.d')}
  or (l.auto_renewal and l.removed_on is null and l.settled_on >= l.ends_on and l.ends_on <= t.d
      and t.d < l.ends_on + l.grace_days and l.plan_id is not null and l.version <> 'trial' and not ${hindered}))`;

const around = `join customer c on c.id = l.customer_id
  join partner o on o.id = l.partner_id
  join product p on p.id = l.product_id
  left join service_plan s on s.id = l.plan_id
  left join product sp on sp.id = s.product_id
  cross join lateral (select (n.at at time zone o.time_zone)::date as d) t`;

const candidates = `(${dueOn} <= (n.at at time zone 'UTC')::date + 1
  or jsonb_path_exists(l.terms, '$[*].units')
  or (l.auto_renewal and l.removed_on is null and l.settled_on >= l.ends_on
      and l.ends_on > (n.at at time zone 'UTC')::date - 92))`;

const toStretch = (row: { id: string; from: string; to: string | null }): Stretch => ({
  id: row.id,
  from: Temporal.Instant.from(row.from),
  to: row.to === null ? null : Temporal.Instant.from(row.to),
});

const instant = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export const renewalReads = (em: Em): RenewalReads => ({
  async dueCustomers(now, limit) {
    const rows = await em.execute<{ id: string }[]>(
      `select distinct l.customer_id as id
         from (select ?::timestamptz as at) n join license l on ${candidates} ${around}
        where ${isDue} order by id limit ?`,
      [now.toString(), limit],
    );
    return rows.map(({ id }) => id);
  },

  async dueLicenses(customerIds, now) {
    return em.execute<DueLicense[]>(
      `select l.id as "licenseId", l.customer_id as "customerId", l.plan_id as "planId",
              l.assignment_id as "assignmentId"
         from (select ?::timestamptz as at) n join license l on ${among('l.customer_id')} ${around}
        where ${isDue} order by l.id`,
      [now.toString(), customerIds.join(',')],
    );
  },

  async suspensions(customerIds) {
    const rows = await em.execute<{ id: string; from: string; to: string | null }[]>(
      `select e.customer_id as id, ${instant('e.at')} as from, ${instant('e.next_at')} as to
         from (select customer_id, kind, at, lead(at) over (partition by customer_id order by at, id) as next_at
                 from customer_event where ${among('customer_id')}) e
        where e.kind = 'suspended'`,
      [customerIds.join(',')],
    );
    return rows.map(toStretch);
  },

  async locks(planIds) {
    const rows = await em.execute<{ id: string; from: string; to: string | null }[]>(
      `select s.id, ${instant('x.opened_at')} as from, ${instant('coalesce(x.approved_at, x.replaced_at)')} as to
         from service_plan s join suite_change x on x.partner_id = s.partner_id and x.product_id = s.product_id
        where ${among('s.id')}`,
      [planIds.join(',')],
    );
    return rows.map(toStretch);
  },

  async nextAt(now) {
    const [row] = await em.execute<{ at: string | null }[]>(
      `select ${instant('min(x.due_on::timestamp at time zone x.time_zone)')} as at
         from (select o.time_zone, ${dueOn} as due_on, (?::timestamptz at time zone o.time_zone)::date as today
                 from license l join partner o on o.id = l.partner_id) x
        where x.due_on > x.today`,
      [now.toString()],
    );
    return row?.at ? Temporal.Instant.from(row.at) : null;
  },
});
