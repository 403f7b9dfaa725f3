/**
 * What core derives from dates, in SQL: `licenseStatus`, `isOpen`, `saleEndsOn`, `renewsByItself` and `planStatus` of
 * `src/core`. A test holds each pair together. Fragments name their tables by alias: `l` license, `c` customer of it, `p` its product, `s` the plan
 * and `sp` the plan's product (both may be missing), `d` an expression of type date.
 */

/** Open: not removed, and the last term and its grace are not over. */
export const openLicense = (d: string): string =>
  `((l.removed_on is null or l.removed_on > ${d}) and ${d} < l.ends_on + l.grace_days)`;

/** Units: a term that was renewed ahead brings its own number with its first day; few licences have one. */
export const unitsOn = (d: string): string => `case
  when l.removed_on is not null or not jsonb_path_exists(l.terms, '$[*].units') then l.units else coalesce(
  (select (x ->> 'units')::int from jsonb_array_elements(l.terms) x
    where x ->> 'units' is not null and coalesce(x ->> 'unitsOn', x ->> 'startsOn')::date <= ${d} order by x ->> 'startsOn' desc limit 1),
  l.units) end`;

const window = `(select coalesce(max(n::int), 0) from jsonb_array_elements_text(l.notify_days) n)`;
/** The first day on which renewing is refused; null: none is known. */
export const saleEndsOn = 'least(sp.end_of_sale_on, sp.end_of_life_on, p.end_of_life_on)';

/** Whether nobody has to act for it to go on after its last term. */
const renewsByItself = `(l.auto_renewal and coalesce(l.ends_on < ${saleEndsOn}, true))`;

export const licenseStatus = (d: string): string => `case
  when l.removed_on <= ${d} then 'removed'
  when ${d} >= l.ends_on + l.grace_days then 'expired'
  when l.suspended or c.status = 'suspended' then 'suspended'
  when ${d} < l.starts_on then 'scheduled'
  when l.activation = 'on_first_sign_in' and l.activated_at is null then 'pending_activation'
  when ${d} >= l.ends_on then 'grace'
  when not ${renewsByItself}
       and l.notify_days <> '[]' and ${d} >= l.ends_on - ${window} then 'expiring'
  else 'active' end`;

/** `s` is the plan, `sp` its product. */
export const planStatus = (d: string): string => `case
  when s.locked then 'locked'
  when sp.end_of_life_on <= ${d} then 'end_of_life'
  when sp.end_of_sale_on <= ${d} then 'end_of_sale'
  when s.enabled then 'enabled' else 'disabled' end`;
