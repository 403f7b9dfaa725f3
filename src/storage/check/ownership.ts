import {
  invariant,
  type Breach,
  type BreachQuery,
  type CheckGround,
  type Invariant,
  type Reference,
} from './invariant.ts';

/** References to rows that another partner owns by design, with the partners that may stand there. */
const acrossPartners: Readonly<Record<string, string>> = {
  // A Tier 1's people decide on what its Tier 2s report.
  'usage_report_event.person_id':
    'u.partner_id in (c.partner_id, (select parent_id from partner where partner.id = c.partner_id))',
};

/** Rows that are referred to and gone, or that belong to another partner than those that refer to them. */
const alongReference = ({ table, column, to, partner, owned }: Reference): string => {
  const isShared = partner !== 'partner_id' || !owned;
  const same = acrossPartners[`${table}.${column}`] ?? 'u.partner_id is not distinct from c.partner_id';
  return `
    select '${table}' as "table", c.id, p.slug as partner,
           case when u.id is null then 'its ${to} is not there' else 'its ${to} belongs to another partner' end as what,
           ${isShared ? 'null' : 'p.slug'} as expected,
           coalesce(${isShared ? 'null' : '(select slug from partner where partner.id = u.partner_id)'}, c."${column}"::text) as found
      from "${table}" c left join "${to}" u on u.id = c."${column}"
      left join partner p on ${partner === null ? 'false' : `p.id = c.${partner}`}
     where c."${column}" is not null and (u.id is null ${isShared ? '' : `or not (${same})`})`;
};

/** Pairs that say the same of the same thing: child, its column, parent, its column. */
const repeated: readonly (readonly [child: string, via: string, parent: string, columns: readonly string[]])[] = [
  ['license', 'assignment_id', 'plan_assignment', ['customer_id', 'plan_id']],
  ['customer_transaction', 'license_id', 'license', ['customer_id', 'product_id']],
  ['money_line', 'transaction_id', 'customer_transaction', ['customer_id', 'license_id', 'product_id']],
  ['crossgrade', 'assignment_id', 'plan_assignment', ['customer_id', 'plan_id']],
  ['suite_acceptance', 'assignment_id', 'plan_assignment', ['customer_id']],
];

const ofOneThing: readonly BreachQuery[] = repeated.flatMap(([child, via, parent, columns]) =>
  columns.map((column) => () => ({
    query: `
      select '${child}' as "table", c.id, p.slug as partner, 'its ${column} is not that of its ${parent}' as what,
             u."${column}"::text as expected, c."${column}"::text as found
        from "${child}" c join "${parent}" u on u.id = c."${via}" join partner p on p.id = c.partner_id
       where c."${column}" is distinct from u."${column}"`,
  })),
);

/** Who entered a thing owns it: the audit tells in whose chain that was. */
const asEntered =
  (table: string, useCase: string, answer: string): BreachQuery =>
  () => ({
    query: `
    select '${table}' as "table", c.id, p.slug as partner, 'another partner entered it' as what, o.slug as expected, p.slug as found
      from "${table}" c join partner p on p.id = c.partner_id
      join audit_entry a on a.use_case = '${useCase}' and a.answer ->> '${answer}' = c.id::text and a.partner_id <> c.partner_id
      join partner o on o.id = a.partner_id`,
  });

const trees = invariant(
  'I12',
  "every row's partner equals its parent's",
  () => ({
    query: `
      select 'partner' as "table", p.id, p.slug as partner, 'it does not stand where its tier stands' as what,
             'a Tier 1 alone, or a Tier 2 under a Tier 1' as expected, format('%s under %s', p.tier, coalesce(u.tier, 'nobody')) as found
        from partner p left join partner u on u.id = p.parent_id
       where case p.tier when 'tier_1' then p.parent_id is not null else coalesce(u.tier, '') <> 'tier_1' end`,
  }),
  () => ({
    query: `
      select 'customer' as "table", c.id, p.slug as partner, 'its Tier 1 is not that of its partner' as what,
             (select slug from partner t where t.id = coalesce(p.parent_id, p.id)) as expected,
             (select slug from partner t where t.id = c.tier_one_id) as found
        from customer c join partner p on p.id = c.partner_id where c.tier_one_id <> coalesce(p.parent_id, p.id)`,
  }),
  ...ofOneThing,
  asEntered('customer', 'customer add', 'customerId'),
  asEntered('service_plan', 'plan create', 'planId'),
);

export const ownershipInvariant: Invariant = {
  name: trees.name,
  says: trees.says,
  async find(ground: CheckGround): Promise<Breach | null> {
    for (const reference of ground.references) {
      const breach = await invariant('I12', '', () => ({ query: alongReference(reference) })).find(ground);
      if (breach) return breach;
    }
    return trees.find(ground);
  },
};
