/**
 * How long a person waits for the dashboard and for the first page of customers, with 2,000 partners, 100,000
 * customers and 500,000 licences: the use cases whole, behind the walls, against hand-written statements that give
 * the same figures without walls. And how much longer one partner's pages take than among a tenth of that.
 */
import { deepStrictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { PersonActor } from '../src/core/caller.ts';
import { listCustomers } from '../src/core/customers/list-customers.ts';
import { showDashboard } from '../src/core/licenses/show-dashboard.ts';
import { createExecute } from '../src/core/use-case.ts';
import { openDatabase } from '../src/storage/database.ts';
import { adminsOf, dataSetNow, enterDataSet } from './data-set.ts';
import { median, quantile, rounded } from './figures.ts';
import { onServer, pipelined } from './server.ts';

const sizes = { whole: { partners: 2000, customers: 100_000 }, tenth: { partners: 200, customers: 10_000 } } as const;
const rounds = 7;
const callsPerRound = 120;
const today = '2026-03-05';
/** The pages that are asked for in both databases belong to this one. */
const samePartner = 17;

const isOpen = `(l.removed_on is null or l.removed_on > $2::date) and $2::date < l.ends_on + l.grace_days`;
const units = `case when l.removed_on is not null or not jsonb_path_exists(l.terms, '$[*].units') then l.units else coalesce(
  (select (x ->> 'units')::int from jsonb_array_elements(l.terms) x
    where x ->> 'units' is not null and (x ->> 'startsOn')::date <= $2::date order by x ->> 'startsOn' desc limit 1),
  l.units) end`;

/**
 * Three statements that leave together: as one, the planner takes longer than the work. $1 partner, $2 today; of the
 * months $2 and $3 are the first and the one after the last.
 */
const dashboardByHand = {
  licenses: `
  with open as materialized (
    select coalesce(l.assignment_id, l.id) as bundle, ${units} as units,
           case when l.assignment_id is null then p.credits_per_unit else sp.credits_per_unit end as rate,
           case when l.suspended or c.status = 'suspended' then 'suspended'
                when $2::date < l.starts_on then 'scheduled'
                when l.activation = 'on_first_sign_in' and l.activated_at is null then 'pending_activation'
                when $2::date >= l.ends_on then 'grace'
                when not (l.auto_renewal and coalesce(
                            l.ends_on < least(sp.end_of_sale_on, sp.end_of_life_on, p.end_of_life_on), true))
                     and l.notify_days <> '[]'
                     and $2::date >= l.ends_on - (select max(n::int) from jsonb_array_elements_text(l.notify_days) n)
                then 'expiring' else 'active' end as status
      from license l
      join customer c on c.id = l.customer_id
      join product p on p.id = l.product_id
      left join service_plan s on s.id = l.plan_id
      left join product sp on sp.id = s.product_id
     where l.partner_id = $1 and ${isOpen})
  select (select json_agg(x) from (select status, count(*)::int as licenses, sum(units) as units
                                     from open group by status) x) as licenses,
         (select sum(x.units * x.rate)::text
            from (select max(units) as units, max(rate) as rate from open group by bundle) x) as credits`,
  months: `
  select json_agg(x order by x.cycle) as usage
    from (select to_char(month, 'YYYY-MM') as cycle, sum(provisioned) as provisioned, sum(used) as used
            from (select u.month, u.provisioned,
                         case p.usage_basis when 'peak_each' then u.used when 'peak_day' then u.peak[3] end as used
                    from (select product_id, date_trunc('month', day::timestamp)::date as month,
                                 max(provisioned) as provisioned, max(used) as used,
                                 max(array[provisioned, date '2000-01-01' - day, used]) as peak
                            from usage_day where partner_id = $1 and day >= $2 and day < $3
                           group by product_id, customer_id, 2) u
                    join product p on p.id = u.product_id
                  union all
                  select r.cycle_from, n.provisioned, n.used
                    from partner o
                    join usage_report r on r.partner_id = o.id
                    join usage_report_line n on n.report_id = r.id
                   where o.parent_id = $1 and r.cycle_from >= $2 and r.cycle_from < $3) peak
           group by month) x`,
  counts: `
  select (select count(*)::int from customer where partner_id = $1 and status = 'enabled') as customers,
         (select json_build_object('enabled', count(*) filter (where not s.locked and s.enabled
                                     and coalesce(sp.end_of_life_on > $2::date, true)
                                     and coalesce(sp.end_of_sale_on > $2::date, true)),
                                   'locked', count(*) filter (where s.locked))
            from service_plan s join product sp on sp.id = s.product_id where s.partner_id = $1) as plans,
         (select count(*)::int from waiting_crossgrade where partner_id = $1 and resolved_at is null) as waiting,
         (select json_build_object('waiting', count(*) filter (where approved_at is null), 'left', coalesce(sum(n.left), 0))
            from suite_change h
           cross join lateral (
             select count(*)::int as left from plan_assignment a join service_plan s on s.id = a.plan_id
              where h.approved_at is not null and s.partner_id = h.partner_id and s.product_id = h.product_id
                and a.status = 'active' and a.composition <> h.after
                and exists (select from license l where l.assignment_id = a.id and ${isOpen})) n
           where h.partner_id = $1 and h.replaced_at is null) as suites,
         (select count(*)::int from license l
           where l.partner_id = $1 and l.terms @> '[{"priceKept": true}]' and ${isOpen}
             and exists (select from jsonb_array_elements(l.terms) term
                          where term @> '{"priceKept": true}' and (term ->> 'endsOn')::date > $2::date)) as kept,
         (select json_agg(x order by x.status)
            from (select r.status, count(*)::int as reports,
                         min(r.due_on) filter (where r.status in ('msp_preparing', 'rejected')) - $2::date as "daysLeft"
                    from partner o join usage_report r on r.partner_id = o.id
                   where o.id = $1 or o.parent_id = $1 group by r.status) x) as reports,
         (select json_agg(json_build_object('partner', o.company, 'customers', n.customers) order by lower(o.company))
            from partner o
           cross join lateral (select count(*) as customers from customer c
                                where c.partner_id = o.id and c.status = 'enabled') n
           where o.parent_id = $1) as partners`,
};

/** $1 the partners whose customers may be read, $2 today. */
const customersByHand = `
  select (select count(*)::int from customer where partner_id = any ($1::uuid[])) as total,
         (select json_agg(json_build_object('customerId', c.id, 'account', c.account, 'company', c.company,
                                            'city', c.city, 'status', c.status, 'licenses', l.n, 'units', l.units)
                          order by lower(c.company), lower(c.city), lower(c.account))
            from (select id, account, company, city, status from customer where partner_id = any ($1::uuid[])
                   order by lower(company), lower(city), lower(account) limit 10) c
           cross join lateral (select count(*)::int as n, coalesce(sum(${units}), 0) as units
                                 from license l where l.customer_id = c.id and ${isOpen}) l) as items`;

const kinds = ['dashboard', 'customers'] as const;
type Kind = (typeof kinds)[number];

interface Desk {
  readonly people: readonly PersonActor[];
  ours(kind: Kind, actor: PersonActor): Promise<unknown>;
  byHand(kind: Kind, actor: PersonActor): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

const openDesk = async (url: string, partners: number): Promise<Desk> => {
  const database = await openDatabase({ url, connections: 2 });
  const host = database.host({ now: () => Temporal.Instant.from(dataSetNow) }, async () => {});
  const execute = createExecute(host);
  const people = await adminsOf(host, partners);
  const client = await pipelined(url);
  return {
    people,
    ours: (kind, actor) =>
      kind === 'dashboard'
        ? execute(showDashboard, { actor, requestId: randomUUID() }, {})
        : execute(listCustomers, { actor, requestId: randomUUID() }, {}),
    async byHand(kind, { partnerId, managedIds }) {
      const ask = async (name: string, text: string, values: readonly unknown[]) =>
        (await client.query<Record<string, unknown>>({ name, text, values: [...values] })).rows[0]!;
      if (kind === 'customers') return ask(kind, customersByHand, [[partnerId, ...managedIds], today]);
      const { licenses, months, counts } = dashboardByHand;
      const parts = await Promise.all([
        ask('licenses', licenses, [partnerId, today]),
        ask('months', months, [partnerId, '2025-02-01', '2026-03-01']),
        ask('counts', counts, [partnerId, today]),
      ]);
      return Object.assign({}, ...parts) as Record<string, unknown>;
    },
    async close() {
      await client.end();
      await database.close();
    },
  };
};

interface Board {
  readonly customers: number;
  readonly plans: object;
  readonly licensesByStatus: object;
  readonly units: number;
  readonly credits: string;
  readonly waitingCrossgrades: number;
  readonly suiteChanges: object;
  readonly pricesKept: number;
  readonly reports: readonly object[] | null;
  readonly usage: readonly object[];
  readonly partners: readonly object[] | null;
}

/** Both ways say the same, or there is nothing to compare. */
const requireSame = async (desk: Desk, actor: PersonActor): Promise<void> => {
  const board = (await desk.ours('dashboard', actor)) as Board;
  const hand = await desk.byHand('dashboard', actor);
  const held = (hand.licenses ?? []) as { status: string; licenses: number; units: number }[];
  deepStrictEqual(
    [board.customers, board.plans, board.licensesByStatus, board.units, Number(board.credits)],
    [
      hand.customers,
      hand.plans,
      Object.fromEntries(held.map(({ status, licenses }) => [status, licenses])),
      held.reduce((sum, { units: some }) => sum + some, 0),
      Number(hand.credits),
    ],
  );
  deepStrictEqual(
    [board.waitingCrossgrades, board.suiteChanges, board.pricesKept, board.reports ?? [], board.usage, board.partners],
    [hand.waiting, hand.suites, hand.kept, hand.reports ?? [], hand.usage ?? [], hand.partners],
  );
  const { items, total } = (await desk.ours('customers', actor)) as { items: unknown[]; total: number };
  deepStrictEqual({ items, total }, await desk.byHand('customers', actor));
};

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

interface Times {
  readonly ours: number[];
  readonly limit: number[];
}

export const run = (): Promise<object> =>
  onServer(async (url) => {
    const urlOf = (name: string): string => url.replace(/\/[^/]*$/, `/${name}`);
    const admin = new pg.Client(url);
    await admin.connect();
    for (const [name, size] of Object.entries(sizes)) {
      await admin.query(`create database ${name}`);
      const began = performance.now();
      await enterDataSet({ url: urlOf(name), ...size, audit: false });
      console.log(`${size.customers} customers in ${Math.round((performance.now() - began) / 1000)} s`);
    }
    await admin.end();
    const whole = await openDesk(urlOf('whole'), sizes.whole.partners);
    const tenth = await openDesk(urlOf('tenth'), sizes.tenth.partners);
    for (const actor of [whole.people[0]!, whole.people[samePartner]!, whole.people[9]!])
      await requireSame(whole, actor);

    const results: Record<Kind, Times>[] = [];
    const growths: Record<Kind, { readonly whole: number[]; readonly tenth: number[] }>[] = [];
    let next = 0;
    /** Another partner each time, with strides that meet all sizes. */
    const someone = (): PersonActor => whole.people[(next++ * 97) % whole.people.length]!;
    for (let round = -1; round < rounds; round++) {
      const times = { dashboard: { ours: [], limit: [] }, customers: { ours: [], limit: [] } } as Record<Kind, Times>;
      const growth = {
        dashboard: { whole: [], tenth: [] },
        customers: { whole: [], tenth: [] },
      } as (typeof growths)[number];
      for (let call = 0; call < callsPerRound; call++) {
        const actor = someone();
        for (const kind of kinds) {
          // Who comes first finds the partner's rows cold: that is each in turn.
          const one = async (who: 'ours' | 'limit'): Promise<unknown> =>
            times[kind][who].push(await timed(() => (who === 'ours' ? whole.ours : whole.byHand)(kind, actor)));
          const order = call % 2 === 0 ? (['ours', 'limit'] as const) : (['limit', 'ours'] as const);
          for (const who of order) await one(who);
          growth[kind].whole.push(await timed(() => whole.ours(kind, whole.people[samePartner]!)));
          growth[kind].tenth.push(await timed(() => tenth.ours(kind, tenth.people[samePartner]!)));
        }
      }
      if (round < 0) continue;
      results.push(times);
      growths.push(growth);
      const say = (kind: Kind): string =>
        `${kind} p95 ${rounded(quantile(times[kind].ours, 0.95))} of ${rounded(quantile(times[kind].limit, 0.95))} ms`;
      console.log(`round ${round + 1}: ${kinds.map(say).join(', ')}`);
    }
    await whole.close();
    await tenth.close();

    const figure = (kind: Kind, who: 'ours' | 'limit', q: number): number =>
      rounded(median(results.map((round) => quantile(round[kind][who], q))));
    const ratio = (kind: Kind, q: number): number =>
      rounded(median(results.map((round) => quantile(round[kind].ours, q) / quantile(round[kind].limit, q))));
    const growth = (kind: Kind, q: number): number =>
      rounded(median(growths.map((round) => quantile(round[kind].whole, q) / quantile(round[kind].tenth, q))));
    const of = (who: 'ours' | 'limit') => ({
      dashboardP50: figure('dashboard', who, 0.5),
      dashboardP95: figure('dashboard', who, 0.95),
      customersP50: figure('customers', who, 0.5),
      customersP95: figure('customers', who, 0.95),
    });
    return {
      ours: of('ours'),
      limit: of('limit'),
      ratio: Math.max(ratio('dashboard', 0.95), ratio('customers', 0.95)),
      dashboardRatio: ratio('dashboard', 0.95),
      customersRatio: ratio('customers', 0.95),
      medianRatio: Math.max(ratio('dashboard', 0.5), ratio('customers', 0.5)),
      growth: Math.max(growth('dashboard', 0.95), growth('customers', 0.95)),
      medianGrowth: Math.max(growth('dashboard', 0.5), growth('customers', 0.5)),
      unit: 'ms',
      rounds,
    };
  });
