import { invariant, type Invariant } from './invariant.ts';

/** The terms of a licence `l`, one row each, in order. What is no day is null, and told as such by I9. */
const terms = (l: string): string => {
  const day = (name: string): string =>
    `case when pg_input_is_valid(x.t ->> '${name}', 'date') then (x.t ->> '${name}')::date end`;
  return `(select x.nth, ${day('startsOn')} as starts_on, ${day('endsOn')} as ends_on, ${day('anchorOn')} as anchor_on,
                  (x.t ->> 'months') as months
             from jsonb_array_elements(case jsonb_typeof(${l}.terms) when 'array' then ${l}.terms else '[]' end)
                  with ordinality as x (t, nth))`;
};

const ofPartner = 'join partner p on p.id = l.partner_id';

/**
 * Σ Δ by day. The day that counts is today in the partner's zone, or a later one on which scripts touched the licence;
 * before the first term it is its first day. A term renewed ahead brings its units when the renewals next run: until
 * then the licence has those of the day on which it was touched last.
 */
const sums = (now: string): string => `
  with touched as (select license_id, max(at) as at from customer_transaction group by license_id),
  held as (select l.*, p.slug,
                  greatest((${now} at time zone p.time_zone)::date, (t.at at time zone p.time_zone)::date, l.settled_on, l.starts_on) as as_of,
                  greatest((t.at at time zone p.time_zone)::date, l.settled_on, l.starts_on) as touched_on
             from license l ${ofPartner} left join touched t on t.license_id = l.id),
  summed as (select h.id, count(x.id) as rows,
                    coalesce(sum(x.delta) filter (where x.effective_on <= h.as_of), 0) as units_now,
                    coalesce(sum(x.delta) filter (where x.effective_on <= h.touched_on), 0) as units_then,
                    coalesce(sum(x.delta) filter (where x.effective_on <= h.removed_on), 0) as units_left,
                    coalesce(sum(x.delta), 0) as units_ever,
                    bool_or(h.removed_on in (x.effective_on, (x.at at time zone 'UTC')::date,
                                             (x.at at time zone 'UTC')::date - 1, (x.at at time zone 'UTC')::date + 1)) as removal_told
               from held h left join customer_transaction x on x.license_id = h.id group by h.id)`;

const ledgerInvariant = invariant(
  'I6',
  'the ledger rows effective by today add up to the units of each license, removed ones to 0',
  ({ now }) => ({
    query: `${sums('?::timestamptz')}, faults as (
      select h.id, h.slug, h.units, s.units_now, case
          when s.rows = 0 then 'no ledger row tells of it'
          when h.removed_on is null and h.units = 0 then 'it has no units and was not removed'
          when h.removed_on is not null and h.units <> 0 then 'it was removed and has units'
          when h.removed_on is not null and (s.units_ever <> 0 or s.units_left <> 0)
            then 'it was removed, and the ledger leaves it units'
          when h.removed_on is not null and not s.removal_told then 'no ledger row is of the day it was removed on'
          when h.units not in (s.units_now, s.units_then) then 'its units are not the sum of its ledger rows' end as fault
        from held h join summed s on s.id = h.id)
      select 'license' as "table", f.id, f.slug as partner, f.fault as what, f.units_now || ' units by the ledger' as expected,
             f.units || ' units' as found
        from faults f where f.fault is not null`,
    parameters: [now.toString()],
  }),
  () => ({
    query: `
      with told as (
        select x.*, p.slug,
               sum(x.delta) over (partition by x.license_id order by x.effective_on) as by_day,
               count(*) filter (where x.units_before = 0) over (partition by x.license_id) as beginnings
          from customer_transaction x join partner p on p.id = x.partner_id)
      select 'customer_transaction' as "table", x.id, x.slug as partner,
             case when x.units_before + x.delta <> x.units_after then 'before and change do not make what is after'
                  when x.by_day < 0 then 'the units of its license fall below 0'
                  when x.beginnings = 0 then 'the row that brought its license is gone'
                  else 'nothing made the units that it begins with' end as what,
             null as expected, format('%s %s → %s on %s', x.units_before, to_char(x.delta, 'SG999999990'), x.units_after, x.effective_on) as found
        from told x
       where x.units_before + x.delta <> x.units_after or x.by_day < 0 or x.beginnings = 0
          or (x.units_before <> 0
              -- Rows not yet effective are taken back on their own days, so that there are several ways to count.
              and not exists (select from customer_transaction y where y.license_id = x.license_id and y.id <> x.id and y.units_after = x.units_before)
              and x.units_before <> (select coalesce(sum(y.delta), 0) from customer_transaction y
                                      where y.license_id = x.license_id and y.id <> x.id and y.at <= x.at and y.effective_on <= x.effective_on)
              and x.units_before <> (select coalesce(sum(y.delta), 0) from customer_transaction y
                                      where y.license_id = x.license_id and y.id <> x.id and y.at <= x.at))`,
  }),
  () => ({
    query: `
      select 'money_line' as "table", m.id, p.slug as partner, 'it does not go with its ledger row' as what,
             format('%s, product %s', x.effective_on, x.product_id) as expected,
             format('%s, product %s', m.effective_on, m.product_id) as found
        from money_line m join partner p on p.id = m.partner_id join customer_transaction x on x.id = m.transaction_id
       where m.license_id <> x.license_id or m.product_id <> x.product_id or m.effective_on <> x.effective_on`,
  }),
);

const overlapInvariant = invariant(
  'I7',
  'no customer has two licenses of one product whose terms overlap, NFR and pending crossgrades aside',
  () => ({
    query: `
      with several as (select customer_id, product_id from license where version <> 'nfr' group by 1, 2 having count(*) > 1),
      held as (select l.id, l.partner_id, l.customer_id, l.product_id, t.starts_on, least(t.ends_on, l.removed_on) as over_on
                 from license l join several s on s.customer_id = l.customer_id and s.product_id = l.product_id
                 cross join lateral ${terms('l')} t where l.version <> 'nfr'),
      doubled as (select a.id, a.partner_id, b.id as other, a.product_id, greatest(a.starts_on, b.starts_on) as since
                    from held a join held b on b.customer_id = a.customer_id and b.product_id = a.product_id and a.id > b.id
                     and a.starts_on < b.over_on and b.starts_on < a.over_on and a.starts_on < a.over_on and b.starts_on < b.over_on)
      select 'license' as "table", d.id, p.slug as partner, 'the customer has another license of the product for the same days' as what,
             'none beside it' as expected, format('license %s of %s, from %s', d.other, q.sku, d.since) as found
        from doubled d join partner p on p.id = d.partner_id join product q on q.id = d.product_id
         -- What an undone crossgrade had brought stood for its days; what it had taken stands for them again.
       where not exists (select from crossgrade g where g.undone_at is not null
                          and jsonb_exists_any(g.former -> 'newIds', array[d.id::text, d.other::text]))`,
  }),
);

const nfrInvariant = invariant(
  'I8',
  'NFR licenses and plans have the units and dates that are fixed',
  () => ({
    query: `
      select 'service_plan' as "table", s.id, p.slug as partner,
             case when s.nfr <> (s.version = 'nfr') then 'NFR is its version or it is not' else 'it is not as NFR plans are' end as what,
             'version nfr, 12 months, renewed by itself' as expected,
             format('version %s, %s months, renewal %s', s.version, s.settings ->> 'initialMonths', s.settings ->> 'autoRenewal') as found
        from service_plan s join partner p on p.id = s.partner_id
       where s.nfr <> (s.version = 'nfr')
          or (s.nfr and ((s.settings ->> 'initialMonths') is distinct from '12' or (s.settings ->> 'renewalMonths') is distinct from '12'
                      or (s.settings ->> 'autoRenewal') is distinct from 'true'))`,
  }),
  () => ({
    query: `
      select 'license' as "table", l.id, p.slug as partner, 'its version is not that of an NFR plan, or its plan is none' as what,
             format('as plan %s, version %s', s.name, s.version) as expected, 'version ' || l.version as found
        from license l ${ofPartner} join service_plan s on s.id = l.plan_id where s.nfr <> (l.version = 'nfr')`,
  }),
  () => ({
    query: `
      with nfr as (select l.*, p.slug, p.time_zone, s.default_units, q.nfr_units, q.end_of_life_on
                     from license l ${ofPartner} join product q on q.id = l.product_id left join service_plan s on s.id = l.plan_id
                    where l.version = 'nfr'),
      told as (select n.id,
                      bool_or(x.type = 'New purchase' and x.effective_on = n.starts_on
                              and n.starts_on between (x.at at time zone 'UTC')::date - 1 and (x.at at time zone 'UTC')::date + 1) as begun_at_once,
                      bool_or(x.delta <> 0 and x.units_before <> 0 and x.units_after <> 0) as changed,
                      max(x.units_after) as units
                 from nfr n left join customer_transaction x on x.license_id = n.id group by n.id),
      dated as (select n.id, bool_or(t.ends_on is distinct from (t.anchor_on + make_interval(months => 12 *
                                       (1 + extract(year from age(t.starts_on, t.anchor_on))::int)))::date
                                 and t.ends_on is distinct from n.end_of_life_on) as wrong
                  from nfr n cross join lateral ${terms('n')} t group by n.id),
      faults as (select n.*, t.units as told_units, case
            when coalesce(t.units, 0) not in (coalesce(n.default_units, n.nfr_units), n.nfr_units) or coalesce(t.changed, true)
              or (n.removed_on is null and n.units <> t.units) then 'its units are not those of an NFR license'
            when not t.begun_at_once then 'it did not begin on the day it was given'
            when d.wrong then 'a term of it is not twelve months long'
            when n.units_at_renewal is not null then 'its units are to change'
            when n.plan_id is not null and not n.auto_renewal then 'it does not renew by itself'
            when exists (select from money_line m where m.license_id = n.id and m.amount_minor <> 0) then 'it was charged' end as fault
          from nfr n join told t on t.id = n.id left join dated d on d.id = n.id)
      select 'license' as "table", f.id, f.slug as partner, f.fault as what,
             format('%s units, 12 months', f.nfr_units) as expected,
             format('%s units, %s … %s', f.units, f.starts_on, f.ends_on) as found from faults f where f.fault is not null`,
  }),
);

const termInvariant = invariant(
  'I9',
  'the terms of a license neither overlap nor leave gaps without expiry',
  () => ({
    query: `
      select 'license' as "table", l.id, p.slug as partner, 'its terms cannot be read' as what,
             'a list of terms with days' as expected, left(l.terms::text, 200) as found
        from license l ${ofPartner}
       where jsonb_typeof(l.terms) <> 'array' or not exists (select from ${terms('l')} t)
          or exists (select from ${terms('l')} t where t.starts_on is null or t.ends_on is null or t.anchor_on is null)`,
  }),
  () => ({
    query: `
      with spread as (select l.id, l.partner_id, l.starts_on as first_day, l.ends_on as last_day, l.grace_days, l.product_id, t.*,
                             lag(t.ends_on) over w as before_ends, lead(t.nth) over w as next,
                             count(*) over (partition by l.id) as many
                        from license l cross join lateral ${terms('l')} t window w as (partition by l.id order by t.nth)),
      faults as (select s.*, p.slug, q.end_of_life_on, case
            -- Software that its successor replaces on its first day keeps an empty term.
            when s.ends_on < s.starts_on or (s.ends_on = s.starts_on and s.many > 1) then 'a term of it ends before it begins'
            when s.anchor_on > s.starts_on then 'a term of it is counted from a day after it began'
            when s.starts_on < s.before_ends then 'its terms overlap'
            when s.starts_on > s.before_ends and not exists (
                   select from customer_transaction x where x.license_id = s.id and x.term_after ->> 'startsOn' = s.starts_on::text
                      and (x.reason <> 'renewal' or q.end_of_life_on is not null or s.starts_on >= s.before_ends + s.grace_days
                        or exists (select from customer_transaction y where y.license_id = s.id
                                    and (y.type = 'License conversion' or y.reason like 'crossgrade%'))))
              then 'its terms leave a gap'
            when s.nth = 1 and s.starts_on <> s.first_day then 'its first term does not begin on its first day'
            -- One whose product's end of life came before its first day keeps an empty term, and is over on that day.
            when s.next is null and s.ends_on <> s.last_day and not (s.nth = 1 and s.ends_on = s.starts_on and s.last_day < s.starts_on
                   and q.end_of_life_on is not null) then 'its last term does not end on its last day' end as fault
          from spread s join partner p on p.id = s.partner_id join product q on q.id = s.product_id)
      select 'license' as "table", f.id, f.slug as partner, f.fault as what,
             format('%s … %s', f.first_day, f.last_day) as expected,
             format('term %s: %s … %s, after one that ends %s', f.nth, f.starts_on, f.ends_on, coalesce(f.before_ends::text, '—')) as found
        from faults f where f.fault is not null`,
  }),
  () => ({
    query: `
      with told as (select license_id, term_after ->> 'startsOn' as starts_on, term_after ->> 'endsOn' as ends_on
                      from customer_transaction where jsonb_typeof(term_after) = 'object'),
      spread as (select l.id, p.slug, q.end_of_life_on, t.nth, t.starts_on, t.ends_on, lead(t.nth) over (partition by l.id order by t.nth) as next
                   from license l ${ofPartner} join product q on q.id = l.product_id cross join lateral ${terms('l')} t
                  where exists (select from told where told.license_id = l.id))
      select 'license' as "table", s.id, s.slug as partner, 'no ledger row tells of a term of it' as what,
             (select string_agg(distinct format('%s … %s', told.starts_on, told.ends_on), ', ') from told where told.license_id = s.id) as expected,
             format('%s … %s', s.starts_on, s.ends_on) as found
        from spread s
       where not exists (select from told where told.license_id = s.id and told.starts_on = s.starts_on::text)
          or (s.next is null and s.ends_on <> s.starts_on and s.ends_on is distinct from s.end_of_life_on
              and not exists (select from told where told.license_id = s.id and told.starts_on = s.starts_on::text and told.ends_on = s.ends_on::text)
              -- A product's end of life cuts its licences' terms without a row; a later import may have moved that day.
              and not exists (select from audit_entry a where a.use_case = 'import catalog'
                               and jsonb_path_exists(a.input, ?::jsonpath, jsonb_build_object('day', s.ends_on::text))))`,
    parameters: ['$.**.endOfLifeOn ? (@ == $day)'],
  }),
);

export const licenseInvariants: readonly Invariant[] = [ledgerInvariant, overlapInvariant, nfrInvariant, termInvariant];
