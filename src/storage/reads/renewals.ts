import type { DueLicense, RenewalReads, Stretch } from '../../core/licenses/renewal-reads.ts';
import type { Em } from '../orm.ts';
import { isId } from '../unit-of-work.ts';
import { among } from './among.ts';
import { saleEndsOn } from './derived-status.ts';

const dueOn = 'license_due(l.ends_on, l.notify_days, l.grace_days, l.settled_on, l.removed_on)';
const hindered = `(c.status = 'suspended' or s.locked
  or coalesce(${saleEndsOn} <= t.d, false))`;

/** A term that was renewed ahead with another number of units has begun. */
const bringsUnits = (
  d: string,
): string => `(jsonb_path_exists(l.terms, '$[*].units') and l.removed_on is null and exists (
  select from jsonb_array_elements(l.terms) x where x ->> 'units' is not null and coalesce(x ->> 'unitsOn', x ->> 'startsOn')::date <= ${d}))`;

/** Its renewal was hindered at its end and is not any more while grace runs. */
const isFree = `(l.auto_renewal and l.removed_on is null and l.settled_on >= l.ends_on and l.ends_on <= t.d
  and t.d < l.ends_on + l.grace_days and l.plan_id is not null and l.version <> 'trial' and not ${hindered})`;

/** A day of it has come (a notification window, its end, the end of grace), or units, or its renewal is free now. */
const isDue = `(${dueOn} <= t.d or ${bringsUnits('t.d')} or ${isFree})`;

/**
 * Whether the job may be late for a licence: it ended and the job did not look since. Units that a term brings need no
 * such question: whoever changes a licence counts them by the ledger.
 */
const isLateLicense = (d: string): string => `(l.ends_on <= ${d} and l.auto_renewal and l.removed_on is null
  and l.plan_id is not null and l.version <> 'trial' and coalesce(l.settled_on < l.ends_on + l.grace_days, true))`;
export const isLate = (customerId: string, d: string): string =>
  `exists (select from license l where l.customer_id = ${customerId} and ${isLateLicense(d)})`;

const around = `join customer c on c.id = l.customer_id
  join partner o on o.id = l.partner_id
  join product p on p.id = l.product_id
  left join service_plan s on s.id = l.plan_id
  left join product sp on sp.id = s.product_id
  cross join lateral (select (n.at at time zone o.time_zone)::date as d) t`;

/**
 * The reasons one by one, each behind an index of its own that finds the few licences among all: no zone is more than a
 * day ahead of UTC, and grace is 90 days at most. What has waited longest comes first.
 */
const dueOneByOne = (
  [
    [`${dueOn} <= n.utc + 1`, `${dueOn} <= t.d`, dueOn],
    [`jsonb_path_exists(l.terms, '$[*].units')`, bringsUnits('t.d'), 'l.ends_on'],
    [
      'l.auto_renewal and l.removed_on is null and l.settled_on >= l.ends_on and l.ends_on > n.utc - 92',
      isFree,
      'l.ends_on',
    ],
  ] as const
).map(
  ([narrow, exact, since]) =>
    `(select l.customer_id as id, ${since} as since
        from (select ?::timestamptz as at, ?::date as utc) n join license l on ${narrow} ${around}
       where ${exact} order by since limit ?)`,
);

const toStretch = (row: { id: string; from: string; to: string | null }): Stretch => ({
  id: row.id,
  from: Temporal.Instant.from(row.from),
  to: row.to === null ? null : Temporal.Instant.from(row.to),
});

const instant = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export const renewalReads = (em: Em): RenewalReads => ({
  async dueCustomers(now, limit) {
    const utc = now.toZonedDateTimeISO('UTC').toPlainDate();
    // A customer may hold many licences that are due: then more of them are looked at.
    for (let most = limit * 4; ; most *= 4) {
      const rows = await em.execute<{ id: string }[]>(
        `select id from (${dueOneByOne.join(' union all ')}) due order by since, id limit ?`,
        [...dueOneByOne.flatMap(() => [now.toString(), utc.toString(), most]), most],
      );
      const ids = new Set(rows.map(({ id }) => id));
      if (ids.size >= limit || rows.length < most) return [...ids].slice(0, limit);
    }
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

  async lateHolder(partnerId, licenseId, today) {
    if (!isId(licenseId)) return null;
    const [row] = await em.execute<{ customerId: string; planId: string | null }[]>(
      `select h.customer_id as "customerId", h.plan_id as "planId"
         from license h cross join (select ?::date as d) t
        where h.id = ?::uuid and h.partner_id = ?::uuid and ${isLate('h.customer_id', 't.d')}`,
      [today.toString(), licenseId, partnerId],
    );
    return row ?? null;
  },

  async lateAmong(customerIds, today) {
    const rows = await em.execute<{ id: string }[]>(
      `select c.id from customer c cross join (select ?::date as d) t
        where ${among('c.id')} and ${isLate('c.id', 't.d')} order by c.id`,
      [today.toString(), customerIds.join(',')],
    );
    return rows.map(({ id }) => id);
  },

  async lateOnSuites(partnerId, today) {
    const rows = await em.execute<{ id: string }[]>(
      `select distinct l.customer_id as id
         from (select distinct s.id from service_plan s join suite_change x
                 on x.partner_id = s.partner_id and x.product_id = s.product_id
                where s.partner_id = ?::uuid and x.replaced_at is null) s
         join license l on l.plan_id = s.id cross join (select ?::date as d) t
        where ${isLateLicense('t.d')} order by 1`,
      [partnerId, today.toString()],
    );
    return rows.map(({ id }) => id);
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
