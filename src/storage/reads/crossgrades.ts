import type { CrossgradeReads, WrittenRow } from '../../core/crossgrades/reads.ts';
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

  async written(transactionIds) {
    return em.execute<WrittenRow[]>(
      `select t.id as "transactionId", t.license_id as "licenseId", t.product_id as "productId",
              t.plan_before_id as "planBeforeId", t.plan_after_id as "planAfterId", t.type,
              t.effective_on::text as "effectiveOn", t.units_before as "unitsBefore", t.delta,
              t.units_after as "unitsAfter", t.term_before as "termBefore", t.term_after as "termAfter",
              (select coalesce(json_agg(json_build_object('amountMinor', m.amount_minor::text, 'currency', m.currency)
                                        order by m.id), '[]')
                 from money_line m where m.transaction_id = t.id) as money
         from customer_transaction t where ${among('t.id')}
        order by array_position(string_to_array(?, ',')::uuid[], t.id)`,
      [transactionIds.join(','), transactionIds.join(',')],
    );
  },
});
