import type { ConcernedAssignment, ConcernedRow, SuiteChangeRow, SuiteReads } from '../../core/suites/reads.ts';
import { toPage } from '../../core/page.ts';
import type { Em } from '../orm.ts';
import { isId } from '../unit-of-work.ts';
import { among } from './among.ts';
import { likeText } from './customers.ts';
import { openLicense } from './derived-status.ts';

/**
 * Whether an assignment `a` was given other products than the list `after` says, on the day `t.d`: one that cannot be
 * given any more is not missed. Which these are is asked once, not for each assignment.
 */
const differs = (after: string): string => `(not a.composition @> (
    select coalesce(jsonb_agg(n), '[]') from jsonb_array_elements_text(${after}) n join product np on np.id = n::uuid
     where coalesce(np.end_of_life_on > t.d, true))
  or not ${after} @> a.composition)`;

/** An assignment that still has to be accepted: in force, with something open, and of another composition. */
const isLeft = (after: string): string => `(a.status = 'active' and ${differs(after)}
  and exists (select from license l where l.assignment_id = a.id and ${openLicense('t.d')}))`;

const assignmentColumns = `a.id as "assignmentId", a.customer_id as "customerId", a.plan_id as "planId",
  c.account as customer, c.company, s.name as plan, a.units`;

interface ChangeRecord extends Omit<SuiteChangeRow, 'openedAt' | 'approvedAt'> {
  openedAt: string;
  approvedAt: string | null;
}

const instant = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export const suiteReads = (em: Em): SuiteReads => ({
  async all(type, ids) {
    if (ids.length === 0) return [];
    return (await em.find(
      type as never,
      { id: { $in: [...new Set(ids)] } } as never,
      { orderBy: { id: 'asc' } } as never,
    )) as never;
  },

  async assignmentsOf(licenseIds) {
    const rows = await em.execute<{ id: string }[]>(
      `select distinct assignment_id as id from license where ${among('id')} and assignment_id is not null order by 1`,
      [licenseIds.join(',')],
    );
    return rows.map(({ id }) => id);
  },

  async changeId(partnerId, change) {
    const [row] = await em.execute<{ id: string }[]>(
      isId(change)
        ? `select h.id from suite_change h where h.partner_id = ?::uuid and (h.id = ?::uuid or h.product_id = ?::uuid)
            order by h.opened_at desc, h.id desc limit 1`
        : `select h.id from suite_change h join product p on p.id = h.product_id
            where h.partner_id = ?::uuid and (lower(p.sku) = lower(?) or lower(p.name) = lower(?))
            order by h.replaced_at is null desc, h.opened_at desc, h.id desc limit 1`,
      [partnerId, change, change],
    );
    return row?.id ?? null;
  },

  async changes({ partnerId, changeId, status }, page, today) {
    const from = `from (
      select h.*, case when h.replaced_at is not null then 'replaced' when h.approved_at is null then 'waiting'
                       when n.left > 0 then 'approved' else 'done' end as status,
             case when h.replaced_at is null then n.left else 0 end as left
        from suite_change h
        cross join (select ?::date as d) t
        cross join lateral (
          select count(*)::int as left from plan_assignment a join service_plan s on s.id = a.plan_id
           where h.replaced_at is null and s.partner_id = h.partner_id and s.product_id = h.product_id
             and ${isLeft('h.after')}) n
       where h.partner_id = ?::uuid ${changeId === undefined ? '' : 'and h.id = ?::uuid'}) h
      ${status === undefined ? '' : 'where h.status = ?'}`;
    const parameters = [
      today.toString(),
      partnerId,
      ...(changeId === undefined ? [] : [changeId]),
      ...(status === undefined ? [] : [status]),
    ];
    // A single one is its own count; who is left of many is not looked for twice.
    const [count] =
      changeId === undefined
        ? await em.execute<{ n: number }[]>(`select count(*)::int as n ${from}`, parameters)
        : [{ n: 1 }];
    const rows = await em.execute<ChangeRecord[]>(
      `select h.id as "changeId", h.product_id as "productId", h.before, h.after, h.status, h.left,
              ${instant('h.opened_at')} as "openedAt", ${instant('h.approved_at')} as "approvedAt",
              (select w.first_name || ' ' || w.last_name from person w where w.id = h.approved_by) as "approvedBy",
              (select coalesce(json_agg(json_build_object('planId', s.id, 'name', s.name,
                                                          'dataCentre', s.settings->>'dataCentre')
                                        order by lower(s.name), s.id), '[]')
                 from service_plan s where s.partner_id = h.partner_id and s.product_id = h.product_id) as plans,
              x.queued, x.accepted, x.failed
         from (select h.* ${from}) h
         cross join lateral (
           select count(*) filter (where x.status = 'queued')::int as queued,
                  count(*) filter (where x.status = 'accepted')::int as accepted,
                  count(*) filter (where x.status = 'failed')::int as failed
             from suite_acceptance x where x.suite_change_id = h.id) x
        order by array_position(array['waiting', 'approved', 'done', 'replaced'], h.status), h.opened_at desc, h.id desc
        limit ? offset ?`,
      [...parameters, page.size, (page.page - 1) * page.size],
    );
    const items = rows.map((row): SuiteChangeRow => ({
      ...row,
      openedAt: Temporal.Instant.from(row.openedAt).toString(),
      approvedAt: row.approvedAt === null ? null : Temporal.Instant.from(row.approvedAt).toString(),
    }));
    return toPage(items, count?.n ?? 0, page);
  },

  async figures(partnerId, today) {
    const [row] = await em.execute<{ waiting: number; approved: number; left: number }[]>(
      `select count(*) filter (where h.approved_at is null)::int as waiting,
              count(*) filter (where h.approved_at is not null and n.left > 0)::int as approved,
              coalesce(sum(n.left) filter (where h.approved_at is not null), 0)::int as left
         from suite_change h
         cross join (select ?::date as d) t
         cross join lateral (
           select count(*)::int as left from plan_assignment a join service_plan s on s.id = a.plan_id
            where h.approved_at is not null and s.partner_id = h.partner_id and s.product_id = h.product_id
              and ${isLeft('h.after')}) n
        where h.partner_id = ?::uuid and h.replaced_at is null`,
      [today.toString(), partnerId],
    );
    return row ?? { waiting: 0, approved: 0, left: 0 };
  },

  plansOf: (productIds) =>
    em.execute<{ planId: string; partnerId: string; productId: string }[]>(
      `select id as "planId", partner_id as "partnerId", product_id as "productId" from service_plan
        where ${among('product_id')} order by id`,
      [productIds.join(',')],
    ),

  async lastApproved(partnerId, productId) {
    const [row] = await em.execute<{ id: string }[]>(
      `select id from suite_change where partner_id = ?::uuid and product_id = ?::uuid and approved_at is not null
        order by approved_at desc, id desc limit 1`,
      [partnerId, productId],
    );
    return row?.id ?? null;
  },

  async waitingId(partnerId, productId) {
    const [row] = await em.execute<{ id: string }[]>(
      `select id from suite_change where partner_id = ?::uuid and product_id = ?::uuid
          and approved_at is null and replaced_at is null`,
      [partnerId, productId],
    );
    return row?.id ?? null;
  },

  async dataCentres(partnerId, productId) {
    const rows = await em.execute<{ centres: Record<string, string> }[]>(
      `select data_centres as centres from suite_change
        where partner_id = ?::uuid and product_id = ?::uuid and approved_at is not null order by approved_at, id`,
      [partnerId, productId],
    );
    return Object.assign({}, ...rows.map(({ centres }) => centres)) as Record<string, string>;
  },

  left: ({ partnerId, productId, after }, today) =>
    em.execute<ConcernedAssignment[]>(
      `select ${assignmentColumns}
         from plan_assignment a
         join service_plan s on s.id = a.plan_id
         join customer c on c.id = a.customer_id
         cross join (select ?::date as d, ?::jsonb as after) t
        where s.partner_id = ?::uuid and s.product_id = ?::uuid and ${isLeft('t.after')}
        order by lower(c.account), a.id`,
      [today.toString(), JSON.stringify(after), partnerId, productId],
    ),

  assignments: (assignmentIds) =>
    em.execute<ConcernedAssignment[]>(
      `select ${assignmentColumns}
         from plan_assignment a
         join service_plan s on s.id = a.plan_id
         join customer c on c.id = a.customer_id
        where ${among('a.id')} order by a.id`,
      [assignmentIds.join(',')],
    ),

  async concerned({ changeId, partnerId, productId, after }, { search, status }, page, today) {
    const typed = search?.trim() || null;
    const like = likeText(typed ?? '');
    const from = `from (
      select ${assignmentColumns}, x.code, x.params,
             case when h.replaced_at is null and ${isLeft('t.after')}
                  then case when x.status in ('queued', 'failed') then x.status else 'left' end
                  when h.replaced_at is not null or x.status = 'accepted' then x.status end as status
        from suite_change h
        cross join (select ?::date as d, ?::jsonb as after) t
        join service_plan s on s.partner_id = h.partner_id and s.product_id = h.product_id
        join plan_assignment a on a.plan_id = s.id
        join customer c on c.id = a.customer_id
        left join suite_acceptance x on x.suite_change_id = h.id and x.assignment_id = a.id
       where h.id = ?::uuid and s.partner_id = ?::uuid and s.product_id = ?::uuid) y
      where y.status is not null and (?::text is null or y.status = ? or (? = 'open' and y.status <> 'accepted'))
        and (?::text is null or lower(y.company) like ? or lower(y.customer) like ?)`;
    const wanted = status ?? null;
    const parameters = [
      today.toString(),
      JSON.stringify(after),
      changeId,
      partnerId,
      productId,
      wanted,
      wanted,
      wanted,
      typed,
      like,
      like,
    ];
    const [count] = await em.execute<{ n: number }[]>(`select count(*)::int as n ${from}`, parameters);
    const items = await em.execute<ConcernedRow[]>(
      `select y.* ${from} order by lower(y.customer), y."assignmentId" limit ? offset ?`,
      [...parameters, page.size, (page.page - 1) * page.size],
    );
    return toPage(items, count?.n ?? 0, page);
  },

  acceptances: (changeId, assignmentIds) =>
    em.execute<{ id: string; assignmentId: string }[]>(
      `select id, assignment_id as "assignmentId" from suite_acceptance
        where suite_change_id = ?::uuid and ${among('assignment_id')} order by id`,
      [changeId, assignmentIds.join(',')],
    ),

  queued: (changeId, personId, limit) =>
    em.execute<{ id: string; assignmentId: string }[]>(
      `select id, assignment_id as "assignmentId" from suite_acceptance
        where suite_change_id = ?::uuid and person_id = ?::uuid and status = 'queued' order by id limit ?`,
      [changeId, personId, limit],
    ),

  async lastRun(changeId, personId) {
    const [row] = await em.execute<
      { since: string; total: number; queued: number; accepted: number; failed: number }[]
    >(
      `select ${instant('queued_at')} as since, count(*)::int as total,
              count(*) filter (where status = 'queued')::int as queued,
              count(*) filter (where status = 'accepted')::int as accepted,
              count(*) filter (where status = 'failed')::int as failed
         from suite_acceptance where suite_change_id = ?::uuid and person_id = ?::uuid
        group by queued_at order by queued_at desc limit 1`,
      [changeId, personId],
    );
    return row ?? null;
  },

  async failed(changeId) {
    const rows = await em.execute<{ id: string }[]>(
      `select assignment_id as id from suite_acceptance where suite_change_id = ?::uuid and status = 'failed' order by 1`,
      [changeId],
    );
    return rows.map(({ id }) => id);
  },

  waitingAcceptances: () =>
    em.execute<{ changeId: string; personId: string }[]>(
      `select distinct suite_change_id as "changeId", person_id as "personId" from suite_acceptance
        where status = 'queued' order by 1, 2 limit 200`,
    ),

  async customersNamed(partnerId, names) {
    if (names.length === 0) return [];
    return em.execute<{ name: string; customerId: string; company: string }[]>(
      // As one condition, each name would be compared with each customer.
      `with named as (select n, lower(n) as key from jsonb_array_elements_text(?::jsonb) n),
            own as (select id, lower(account) as account, id::text as id_text, company from customer where partner_id = ?::uuid)
       select n as name, id as "customerId", company from named join own on account = key
        union
       select n, id, company from named join own on id_text = key`,
      [JSON.stringify([...new Set(names)]), partnerId],
    );
  },

  async openLicenses(customerIds, today) {
    const rows = await em.execute<{ id: string }[]>(
      `select l.id from license l, (select ?::date as d) t
        where ${among('l.customer_id')} and ${openLicense('t.d')} order by l.id`,
      [today.toString(), customerIds.join(',')],
    );
    return rows.map(({ id }) => id);
  },

  async nfrProducts(partnerId, today) {
    const rows = await em.execute<{ id: string }[]>(
      `select distinct l.product_id as id from license l, (select ?::date as d) t
        where l.partner_id = ?::uuid and l.version = 'nfr' and ${openLicense('t.d')} order by 1`,
      [today.toString(), partnerId],
    );
    return rows.map(({ id }) => id);
  },

  async outliving(productIds, day) {
    const ids = productIds.join(',');
    const rows = await em.execute<{ id: string }[]>(
      `select l.id from license l
        where (${among('l.product_id')}
               or l.plan_id in (select s.id from service_plan s where ${among('s.product_id')}))
          and l.removed_on is null and l.ends_on + l.grace_days > ?::date
        order by l.id`,
      [ids, ids, day.toString()],
    );
    return rows.map(({ id }) => id);
  },
});
