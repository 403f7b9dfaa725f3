import { openLicense, unitsOn } from './derived-status.ts';

/** What counts together: the licences of an assignment, or one unbundled licence. */
export const bundleOf = 'coalesce(l.assignment_id, l.id)';

/** Credits per unit: an assignment's at the rate of its plan's product, an unbundled licence's at its own. */
export const rateOf = 'case when l.assignment_id is null then p.credits_per_unit else sp.credits_per_unit end';

/**
 * What core's `creditsByLicense` derives, in SQL: one row for each assignment with an open licence and for each
 * unbundled one, with units and rate; either `assignment_id` or `license_id` is there. A test holds the pair together.
 * Its parameters are the day and the partner's id.
 */
export const creditParts = `
  select l.assignment_id, case when l.assignment_id is null then ${bundleOf} end as license_id,
         max(${unitsOn('t.d')}) as units, max(${rateOf}) as rate
    from license l join product p on p.id = l.product_id
    left join service_plan s on s.id = l.plan_id left join product sp on sp.id = s.product_id,
         (select ?::date as d) t
   where l.partner_id = ?::uuid and ${openLicense('t.d')}
   group by l.assignment_id, ${bundleOf}`;

/** The parameters of `creditParts`. */
export const creditPartsOf = (partnerId: string, day: Temporal.PlainDate): string[] => [day.toString(), partnerId];
