import type { Actor } from '../../core/caller.ts';
import { accountMailKey } from '../../core/customers/account-mail.ts';
import type { AssignmentRow, CustomerReads, CustomerRow } from '../../core/customers/reads.ts';
import { toPage } from '../../core/page.ts';
import type { Em } from '../orm.ts';
import { among } from './among.ts';
import { openLicense, unitsOn } from './derived-status.ts';
import { summaryReads } from './summary.ts';
import { isId } from '../unit-of-work.ts';

/** `%` and `_` typed by a person are letters, not wildcards. */
export const likeText = (typed: string): string => `%${typed.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;

/** A row of a page beside the number of all; without an id where the page is empty. */
type ListedRow = Omit<CustomerRow, 'customerId'> & { readonly id: string | null; readonly total: number };

export const customerReads = (em: Em, actor: Actor): CustomerReads => ({
  ...summaryReads(em),

  async list({ search, status, partnerId }, page, today) {
    const typed = search?.trim() || null;
    const like = likeText(typed ?? '');
    // Who typed a whole account name means that one: it comes first.
    const exact = typed === null ? [] : [typed.toLowerCase()];
    const order = `${typed === null ? '' : 'lower(c.account) is distinct from ?, '}lower(c.company), lower(c.city), lower(c.account)`;
    // Within one partner the index has this order; that a person reaches no more than the own one, the walls do not tell.
    const of = partnerId ?? (actor.type === 'person' && actor.managedIds.length === 0 ? actor.partnerId : undefined);
    const conditions: [sql: string, ...parameters: string[]][] = [];
    if (typed !== null)
      conditions.push([
        '(lower(c.company) like ? or lower(c.account) like ? or lower(c.city) like ?)',
        like,
        like,
        like,
      ]);
    if (status !== undefined) conditions.push(['c.status = ?', status]);
    if (of !== undefined) conditions.push(['c.partner_id = ?::uuid', of]);
    const where = conditions.map(([sql]) => sql).join(' and ') || 'true';
    const parameters = conditions.flatMap(([, ...given]) => given);
    // The number of all stands beside each row, and alone where the page has none: a second statement would cost more
    // than it finds out. The size of a page stands in the text: not knowing it, the server would plan each list anew.
    const rows = await em.execute<ListedRow[]>(
      `select a.total, c.id, c.account, c.company, c.city, c.status,
              coalesce(l.n, 0) as licenses, coalesce(l.units, 0) as units
         from (select count(*)::int as total from customer c where ${where}) a
         left join (select * from customer c where ${where}
                     order by ${order}
                     limit ${page.size} offset ?) c on true
         left join lateral (
           select count(*)::int as n, sum(${unitsOn('t.d')})::float8 as units
             from license l, (select ?::date as d) t
            where l.customer_id = c.id and ${openLicense('t.d')}) l on true
        order by ${order}`,
      [...parameters, ...parameters, ...exact, (page.page - 1) * page.size, today.toString(), ...exact],
    );
    const items = rows.flatMap((row): CustomerRow[] => {
      const { id, total: _, ...customer } = row;
      return id === null ? [] : [{ customerId: id, ...customer }];
    });
    return toPage(items, rows[0]!.total, page);
  },

  async idOf(customer) {
    const [row] = await em.execute<{ id: string }[]>(
      isId(customer)
        ? 'select id from customer where id = ?::uuid'
        : 'select id from customer where lower(account) = lower(?)',
      [customer],
    );
    return row?.id ?? null;
  },

  async assignments(customerId) {
    const rows = await em.execute<
      { id: string; plan_id: string; plan: string; units: number; starts_on: string; status: AssignmentRow['status'] }[]
    >(
      `select a.id, a.plan_id, s.name as plan, a.units, a.starts_on::text, a.status
         from plan_assignment a join service_plan s on s.id = a.plan_id
        where a.customer_id = ?::uuid order by a.created_at desc, a.id desc`,
      [customerId],
    );
    return rows.map(({ id, plan_id, plan, units, starts_on, status }) => ({
      assignmentId: id,
      planId: plan_id,
      plan,
      units,
      startsOn: starts_on,
      status,
    }));
  },

  async accountMailsDue(now) {
    // No zone is more than a day ahead of UTC: an index has the few that are looked at.
    const rows = await em.execute<{ id: string; written: boolean }[]>(
      `select c.id, exists (select from mail m where m.notice_key = 'customer.account_created:' || c.id) as written
         from (select ?::timestamptz as at, ?::date as utc) n
         join customer c on c.account_mail_on <= n.utc + 1 and not c.account_mail_settled
         join partner o on o.id = c.partner_id
        where c.account_mail_on <= (n.at at time zone o.time_zone)::date
        order by c.account_mail_on, c.id limit 500`,
      [now.toString(), now.toZonedDateTimeISO('UTC').toPlainDate().toString()],
    );
    return rows.map(({ id, written }) => ({ customerId: id, written }));
  },

  async accountMailsSettled(customerIds) {
    await em.execute(`update customer set account_mail_settled = true where ${among('id')}`, [customerIds.join(',')]);
  },

  async accountMailSent(customerId) {
    const rows = await em.execute('select from mail where notice_key = ? limit 1', [accountMailKey(customerId)]);
    return rows.length > 0;
  },

  async accountTaken(tierOneId, account) {
    const rows = await em.execute('select from customer where tier_one_id = ?::uuid and lower(account) = lower(?)', [
      tierOneId,
      account,
    ]);
    return rows.length > 0;
  },

  async importParts(importId) {
    const rows = await em.execute<{ id: string }[]>(
      'select id from customer_import_part where import_id = ?::uuid order by place',
      [importId],
    );
    return rows.map(({ id }) => id);
  },

  async importsWaiting(realTime) {
    const rows = await em.execute<{ id: string }[]>(
      `select id from customer_import
        where state in ('looking', 'saving') and (held_until is null or held_until <= ?::timestamptz)
        order by id limit 100`,
      [realTime.toString()],
    );
    return rows.map(({ id }) => id);
  },

  async endImportLeases() {
    const rows = await em.execute<unknown[]>(
      `update customer_import set held_until = null where held_until is not null returning id`,
    );
    return rows.length;
  },

  async accountsTaken(tierOneId, accounts) {
    const rows = await em.execute<{ account: string }[]>(
      `select lower(account) as account from customer
        where tier_one_id = ?::uuid and lower(account) in (select lower(a) from json_array_elements_text(?::json) as a)`,
      [tierOneId, JSON.stringify(accounts)],
    );
    return new Set(rows.map(({ account }) => account));
  },
});
