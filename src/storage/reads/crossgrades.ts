import type { CrossgradeReads, WaitingRow, WrittenRow } from '../../core/crossgrades/reads.ts';
import { toPage } from '../../core/page.ts';
import type { Em } from '../orm.ts';
import { among } from './among.ts';
import { openLicense } from './derived-status.ts';

export const crossgradeReads = (em: Em): CrossgradeReads => ({
  async openLicenses(customerId, today) {
    return em.execute<{ id: string; productId: string }[]>(
      `select l.id, l.product_id as "productId" from license l, (select ?::date as d) t
        where l.customer_id = ?::uuid and l.version <> 'nfr' and ${openLicense('t.d')} order by l.id`,
      [today.toString(), customerId],
    );
  },

  async ledgerRows(licenseIds) {
    const [row] = await em.execute<{ rows: number }[]>(
      `select count(*)::int as rows from customer_transaction where ${among('license_id')}`,
      [licenseIds.join(',')],
    );
    return row?.rows ?? 0;
  },

  async planRates(planIds) {
    const rows = await em.execute<{ id: string; rate: string | null }[]>(
      `select s.id, p.credits_per_unit::text as rate from service_plan s join product p on p.id = s.product_id
        where ${among('s.id')}`,
      [planIds.join(',')],
    );
    return new Map(rows.map(({ id, rate }) => [id, rate]));
  },

  async planNames(planIds) {
    const rows = await em.execute<{ id: string; name: string }[]>(
      `select id, name from service_plan where ${among('id')}`,
      [planIds.join(',')],
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  },

  async waitingId(customerId, planId) {
    const [row] = await em.execute<{ id: string }[]>(
      'select id from waiting_crossgrade where customer_id = ?::uuid and plan_id = ?::uuid and resolved_at is null',
      [customerId, planId],
    );
    return row?.id ?? null;
  },

  async waiting(partnerId, customerId, page) {
    const where = `w.partner_id = ?::uuid and w.resolved_at is null${customerId === null ? '' : ' and w.customer_id = ?::uuid'}`;
    const parameters = customerId === null ? [partnerId] : [partnerId, customerId];
    const [count] = await em.execute<{ n: number }[]>(
      `select count(*)::int as n from waiting_crossgrade w where ${where}`,
      parameters,
    );
    const rows = await em.execute<WaitingRow[]>(
      `select c.account as customer, c.company, s.id as "planId", s.name as plan, w.units,
              s.unit_type as "unitType", b.first_name || ' ' || b.last_name as by,
              to_char(w.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
         from waiting_crossgrade w
         join customer c on c.id = w.customer_id
         join service_plan s on s.id = w.plan_id
         join person b on b.id = w.person_id
        where ${where} order by w.created_at, w.id limit ? offset ?`,
      [...parameters, page.size, (page.page - 1) * page.size],
    );
    const items = rows.map(({ at, ...row }) => ({ ...row, at: Temporal.Instant.from(at).toString() }));
    return toPage(items, count?.n ?? 0, page);
  },

  async personNames(personIds) {
    const rows = await em.execute<{ id: string; name: string }[]>(
      `select id, first_name || ' ' || last_name as name from person where ${among('id')}`,
      [personIds.join(',')],
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  },

  async undosToClose(now, limit) {
    // A count for each crossgrade whose time still runs, and those are few: the others are closed or undone.
    const rows = await em.execute<{ id: string }[]>(
      `select g.id from crossgrade g join partner o on o.id = g.partner_id
        where g.undone_at is null and g.undo_closed_at is null
          and (?::timestamptz > g.at + make_interval(mins => o.crossgrade_undo_minutes)
               or (g.former ->> 'ledgerRows')::int <> (
                 select count(*) from customer_transaction x
                  where x.license_id in (select (f ->> 'licenseId')::uuid
                                           from jsonb_array_elements(g.former -> 'licenses') f
                                          union all
                                         select n::uuid from jsonb_array_elements_text(g.former -> 'newIds') n)))
        order by g.at, g.id limit ?`,
      [now.toString(), limit],
    );
    return rows.map(({ id }) => id);
  },

  async written(transactionIds) {
    return em.execute<WrittenRow[]>(
      `select t.id as "transactionId", t.license_id as "licenseId", t.product_id as "productId",
              p.sku, p.name as "productName", l.unit_type as "unitType", t.plan_before_id as "planBeforeId", t.plan_after_id as "planAfterId", t.type, t.reason,
              t.effective_on::text as "effectiveOn", t.units_before as "unitsBefore", t.delta,
              t.units_after as "unitsAfter", t.term_before as "termBefore", t.term_after as "termAfter",
              (select coalesce(json_agg(json_build_object('kind', m.kind, 'amountMinor', m.amount_minor::text, 'currency', m.currency)
                                        order by m.id), '[]')
                 from money_line m where m.transaction_id = t.id) as money
         from customer_transaction t
         join product p on p.id = t.product_id
         join license l on l.id = t.license_id
        where ${among('t.id')}
        order by array_position(string_to_array(?, ',')::uuid[], t.id)`,
      [transactionIds.join(','), transactionIds.join(',')],
    );
  },
});
