import type { Actor } from '../../core/caller.ts';
import { toPage } from '../../core/page.ts';
import type { PlanReads, PlanRow } from '../../core/plans/reads.ts';
import { planCredits } from '../../core/plans/plan-result.ts';
import type { Em } from '../orm.ts';
import { isId } from '../unit-of-work.ts';
import { likeText } from './customers.ts';
import { planStatus } from './derived-status.ts';

interface Row {
  id: string;
  name: string;
  sku: string;
  product_name: string;
  subscription_type: PlanRow['subscriptionType'];
  version: PlanRow['version'];
  unit_type: PlanRow['unitType'];
  default_units: number;
  credits_per_unit: string | null;
  status: PlanRow['status'];
  customers: number;
}

export const planReads = (em: Em, actor: Actor): PlanReads => {
  // A distributor may read plans of partners it manages; what is named, listed and assigned is the own.
  const own = actor.type === 'person' ? actor.partnerId : null;

  return {
    async idOf(plan) {
      const [row] = await em.execute<{ id: string }[]>(
        `select id from service_plan
          where ${isId(plan) ? 'id = ?::uuid' : 'lower(name) = lower(?)'} and (?::uuid is null or partner_id = ?::uuid)`,
        [plan, own, own],
      );
      return row?.id ?? null;
    },

    async nameTaken(partnerId, name, exceptId) {
      const rows = await em.execute(
        'select from service_plan where partner_id = ?::uuid and lower(name) = lower(?) and id is distinct from ?::uuid limit 1',
        [partnerId, name, exceptId ?? null],
      );
      return rows.length > 0;
    },

    async wasAssigned(planId) {
      // A conversion moves an assignment to another plan: then its row of the ledger alone remembers this one.
      const [row] = await em.execute<{ assigned: boolean }[]>(
        `select exists (select from plan_assignment where plan_id = s.id)
             or exists (select from customer_transaction t where t.plan_before_id = s.id and t.plan_before_id <> t.plan_after_id) as assigned
           from service_plan s where s.id = ?::uuid`,
        [planId],
      );
      return row?.assigned ?? false;
    },

    async fullOf(productId) {
      const rows = await em.execute<{ id: string }[]>(
        `select id from service_plan where partner_id = ?::uuid and product_id = ?::uuid and version = 'full'
          order by lower(name), id`,
        [own, productId],
      );
      return rows.map(({ id }) => id);
    },

    async nfrExists(partnerId, productId) {
      const rows = await em.execute(
        'select from service_plan where partner_id = ?::uuid and product_id = ?::uuid and nfr limit 1',
        [partnerId, productId],
      );
      return rows.length > 0;
    },

    async list({ search, assignable, status }, page, today) {
      const typed = search?.trim() || null;
      const like = likeText(typed ?? '');
      const from = `from (select s.*, sp.sku, sp.name as product_name, sp.credits_per_unit,
                                 ${planStatus('t.d')} as status
                            from service_plan s join product sp on sp.id = s.product_id,
                                 (select ?::date as d) t
                           where ?::uuid is null or s.partner_id = ?::uuid) s
                    where s.status <> 'end_of_life' and (not ?::boolean or s.status = 'enabled')
                      and (?::text is null or s.status = ?)
                      and (?::text is null or lower(s.name) like ? or lower(s.product_name) like ? or lower(s.sku) like ?)`;
      const parameters = [
        today.toString(),
        own,
        own,
        assignable ?? false,
        status ?? null,
        status ?? null,
        typed,
        like,
        like,
        like,
      ];
      const [count] = await em.execute<{ n: number }[]>(`select count(*)::int as n ${from}`, parameters);
      const rows = await em.execute<Row[]>(
        `select s.id, s.name, s.sku, s.product_name, s.subscription_type, s.version, s.unit_type, s.default_units,
                s.credits_per_unit::text as credits_per_unit, s.status,
                (select count(distinct a.customer_id)::int from plan_assignment a
                  where a.plan_id = s.id and a.status = 'active') as customers
           ${from} order by lower(s.name), s.id limit ? offset ?`,
        [...parameters, page.size, (page.page - 1) * page.size],
      );
      const items = rows.map((row): PlanRow => ({
        planId: row.id,
        name: row.name,
        product: row.sku,
        productName: row.product_name,
        subscriptionType: row.subscription_type,
        version: row.version,
        unitType: row.unit_type,
        defaultUnits: row.default_units,
        status: row.status,
        credits: planCredits(row.credits_per_unit, row.default_units),
        customers: row.customers,
      }));
      return toPage(items, count?.n ?? 0, page);
    },

    async signedUp(planId, { email, since, requestId }) {
      const [row] = await em.execute<{ account: string }[]>(
        `select c.account from trial_sign_up s join customer c on c.id = s.customer_id
          where s.plan_id = ?::uuid and (s.request_id = ? or (s.email = ? and s.created_at > ?::timestamptz))
          order by s.request_id = ? desc, s.created_at desc limit 1`,
        [planId, requestId, email, since.toString(), requestId],
      );
      return row?.account ?? null;
    },

    async customersOf(planId) {
      const [row] = await em.execute<{ n: number }[]>(
        `select count(distinct customer_id)::int as n from plan_assignment where plan_id = ?::uuid and status = 'active'`,
        [planId],
      );
      return row?.n ?? 0;
    },
  };
};
