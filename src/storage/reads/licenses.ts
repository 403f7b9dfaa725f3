import { tierOneOf, type Actor } from '../../core/caller.ts';
import type {
  AddedLicense,
  ChargedSum,
  DiscontinuedLicense,
  HeldLicense,
  LedgerDay,
  LicensePlace,
  LicenseReads,
} from '../../core/licenses/reads.ts';
import type { Em } from '../orm.ts';
import { isId } from '../unit-of-work.ts';
import { among } from './among.ts';
import { dashboardReads } from './dashboard.ts';
import { openLicense, unitsOn } from './derived-status.ts';
import { ledgerReads } from './ledger.ts';
import { isLate } from './renewals.ts';

export const licenseReads = (em: Em, actor: Actor): LicenseReads => {
  const own = actor.type === 'person' ? actor.partnerId : null;
  const tierOne = actor.type === 'person' ? tierOneOf(actor) : null;
  const dashboard = dashboardReads(em);

  return {
    ...ledgerReads(em),
    ...dashboard,

    async assignTarget(customer, plan, today) {
      // Accounts are found within the Tier 1, where they are unique: there is the index.
      const [row] = await em.execute<{ customer_id: string | null; plan_id: string | null; late: boolean }[]>(
        `select a.customer_id, a.plan_id, ${isLate('a.customer_id', 't.d')} as late from (select (select id from customer
                  where ${isId(customer) ? 'id = ?::uuid' : 'lower(account) = lower(?)'}
                    and tier_one_id = ?::uuid and partner_id = ?::uuid) as customer_id,
                (select id from service_plan
                  where ${isId(plan) ? 'id = ?::uuid' : 'lower(name) = lower(?)'} and partner_id = ?::uuid) as plan_id) a
          cross join (select ?::date as d) t`,
        [customer, tierOne, own, plan, own, today.toString()],
      );
      return { customerId: row?.customer_id ?? null, planId: row?.plan_id ?? null, late: row?.late ?? false };
    },

    async assignGround({ customerId, planId, productIds, startsOn, today }) {
      const products = productIds.join(',');
      // A licence that is over stands in the way of one that would have begun before its end.
      const [row] = await em.execute<{ held: HeldLicense[]; waiting_id: string | null; nfr_product: string | null }[]>(
        `select (select coalesce(json_agg(json_build_object('productName', h.name, 'planId', h.plan_id, 'open', h.open, 'units', h.units)
                                          order by h.name), '[]')
                   from (select p.name, l.plan_id, ${openLicense('t.d')} as open, ${unitsOn('t.d')} as units, l.starts_on,
                                least(l.ends_on, l.removed_on) as over_on
                           from license l join product p on p.id = l.product_id
                          where l.customer_id = ?::uuid and l.version <> 'nfr'
                            and l.product_id = any (string_to_array(?, ',')::uuid[])) h
                  where h.open or (h.starts_on < h.over_on and h.over_on > ?::date)) as held,
                (select w.id from waiting_crossgrade w
                  where w.customer_id = ?::uuid and w.plan_id = ?::uuid and w.resolved_at is null) as waiting_id,
                (select p.name from license l join product p on p.id = l.product_id
                  where l.partner_id = (select partner_id from service_plan where id = ?::uuid) and l.version = 'nfr'
                    and l.product_id = any (string_to_array(?, ',')::uuid[]) 
                    and (${openLicense('t.d')} or (l.auto_renewal and l.removed_on is null
                                                   and coalesce(l.settled_on < l.ends_on + l.grace_days, true)))
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

    list: async (customerId, now) => (await dashboard.find({ customerId }, null, now)).items,

    async exists(licenseId) {
      if (!isId(licenseId)) return false;
      const rows = await em.execute('select from license where id = ?::uuid', [licenseId]);
      return rows.length > 0;
    },

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
  };
};
