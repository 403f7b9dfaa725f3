import { invariant, type Invariant } from './invariant.ts';

export const suiteInvariants: readonly Invariant[] = [
  invariant(
    'I14',
    'plans are locked exactly while a suite change waits',
    () => ({
      query: `
        with waiting as (select partner_id, product_id, min(id::text) as id from suite_change
                          where approved_at is null and replaced_at is null group by 1, 2)
        select 'service_plan' as "table", s.id, p.slug as partner,
               case when s.locked then 'it is locked, and no suite change waits' else 'a suite change waits, and it is not locked' end as what,
               case when s.locked then 'open' else 'locked by suite_change ' || w.id end as expected,
               case when s.locked then 'locked' else 'open' end as found
          from service_plan s join partner p on p.id = s.partner_id
          left join waiting w on w.partner_id = s.partner_id and w.product_id = s.product_id
         where s.locked <> (w.id is not null)`,
    }),
    () => ({
      query: `
        with counted as (select c.*, row_number() over (partition by partner_id, product_id order by opened_at, id) as nth
                           from suite_change c where approved_at is null and replaced_at is null)
        select 'suite_change' as "table", c.id, p.slug as partner, 'another change of the suite waits' as what,
               'one' as expected, c.product_id::text as found
          from counted c join partner p on p.id = c.partner_id where c.nth > 1`,
    }),
  ),
];
