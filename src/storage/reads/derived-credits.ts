import { openLicense, unitsOn } from './derived-status.ts';

/**
 * What core's `creditsByLicense` derives, in SQL: one row for each assignment with an open licence and for each
 * unbundled one, with units and rate; either `assignment_id` or `license_id` is there. A test holds the pair together.
 * Its parameters are the day and the partner's id, twice over.
 */
export const creditParts = `
  select l.assignment_id, null::uuid as license_id, max(${unitsOn('t.d')}) as units, max(sp.credits_per_unit) as rate
    from license l join service_plan s on s.id = l.plan_id join product sp on sp.id = s.product_id,
         (select ?::date as d) t
   where l.partner_id = ?::uuid and l.assignment_id is not null and ${openLicense('t.d')}
   group by l.assignment_id
   union all
  select null, l.id, ${unitsOn('t.d')}, p.credits_per_unit
    from license l join product p on p.id = l.product_id, (select ?::date as d) t
   where l.partner_id = ?::uuid and l.assignment_id is null and ${openLicense('t.d')}`;

/** The parameters of `creditParts`. */
export const creditPartsOf = (partnerId: string, day: Temporal.PlainDate): string[] => [
  day.toString(),
  partnerId,
  day.toString(),
  partnerId,
];
