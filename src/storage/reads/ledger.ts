import type { CustomerTransaction } from '../../core/licenses/customer-transaction.ts';
import type { LedgerReads, TransactionFilter, TransactionRow } from '../../core/licenses/ledger-reads.ts';
import type { MoneyLineKind } from '../../core/licenses/money-line.ts';
import { toMoney } from '../../core/money/money.ts';
import { toPage } from '../../core/page.ts';
import type { Em } from '../orm.ts';
import { isId } from '../unit-of-work.ts';

interface TransactionRecord {
  id: string;
  license_id: string;
  at: string;
  effective_on: string;
  type: TransactionRow['type'];
  reason: string;
  account: string;
  company: string;
  sku: string;
  product_name: string;
  unit_type: TransactionRow['unitType'];
  plan_before: string | null;
  plan_after: string | null;
  units_before: number;
  delta: number;
  units_after: number;
  term: CustomerTransaction['termAfter'];
  amount_minor: string | null;
  currency: string | null;
  by: string | null;
  running: number;
}

/** Rows of the ledger (`from` selects them as `x`, with a column `running`) as lists show them. */
const shown = (from: string, order: string): string => `
  select x.id, x.license_id, to_char(x.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
         x.effective_on::text, x.type, x.reason, c.account, c.company, p.sku, p.name as product_name,
         l.unit_type, before.name as plan_before, after.name as plan_after, x.units_before, x.delta,
         x.units_after, x.term_after as term, m.amount_minor, m.currency,
         (select w.first_name || ' ' || w.last_name from person w where w.id = x.person_id) as by, x.running
    from (${from}) x
    join customer c on c.id = x.customer_id
    join product p on p.id = x.product_id
    join license l on l.id = x.license_id
    left join service_plan before on before.id = x.plan_before_id
    left join service_plan after on after.id = x.plan_after_id
    left join lateral (select sum(m.amount_minor)::text as amount_minor, min(m.currency) as currency
                         from money_line m where m.transaction_id = x.id) m on true
   order by ${order}`;

const toRow = (row: TransactionRecord): TransactionRow => ({
  transactionId: row.id,
  licenseId: row.license_id,
  at: Temporal.Instant.from(row.at).toString(),
  effectiveOn: row.effective_on,
  type: row.type,
  reason: row.reason,
  customer: row.account,
  company: row.company,
  product: row.sku,
  productName: row.product_name,
  unitType: row.unit_type,
  planBefore: row.plan_before,
  planAfter: row.plan_after,
  unitsBefore: row.units_before,
  delta: row.delta,
  unitsAfter: row.units_after,
  startsOn: row.term?.startsOn ?? null,
  endsOn: row.term?.endsOn ?? null,
  amount: row.amount_minor === null ? null : toMoney(BigInt(row.amount_minor), row.currency ?? ''),
  by: row.by,
});

const conditionsOf = ({ customerId, licenseId, type, productId, from, to }: TransactionFilter): [string, string][] => {
  const conditions: [string, string][] = [];
  if (customerId !== undefined) conditions.push(['x.customer_id = ?::uuid', customerId]);
  if (licenseId !== undefined) conditions.push(['x.license_id = ?::uuid', licenseId]);
  if (productId !== undefined) conditions.push(['x.product_id = ?::uuid', productId]);
  if (type !== undefined) conditions.push(['x.type = ?', type]);
  if (from !== undefined) conditions.push(['x.at >= ?::timestamptz', from.toString()]);
  if (to !== undefined) conditions.push(['x.at < ?::timestamptz', to.toString()]);
  return conditions;
};

export const ledgerReads = (em: Em): LedgerReads => ({
  async transactions(filter, page) {
    const conditions = conditionsOf(filter);
    const where = conditions.length > 0 ? `where ${conditions.map(([sql]) => sql).join(' and ')}` : '';
    const parameters = conditions.map(([, parameter]) => parameter);
    const [count] = await em.execute<{ n: number }[]>(
      `select count(*)::int as n from customer_transaction x ${where}`,
      parameters,
    );
    const newest = 'order by x.at desc, x.id desc';
    const before = (page.page - 1) * page.size;
    const isOfOne = filter.customerId !== undefined || filter.licenseId !== undefined;
    // The index has the order within one partner: so many of each within reach are enough to find the page.
    const rows = await em.execute<TransactionRecord[]>(
      shown(
        isOfOne
          ? `select x.*, 0 as running from customer_transaction x ${where} ${newest} limit ${page.size} offset ?`
          : `select x.*, 0 as running from unnest(wall.readable()) o (id) cross join lateral (
               select x.* from customer_transaction x
                where ${['x.partner_id = o.id', ...conditions.map(([sql]) => sql)].join(' and ')}
                ${newest} limit ?::int + ${page.size}) x
             ${newest} limit ${page.size} offset ?`,
        'x.at desc, x.id desc',
      ),
      isOfOne ? [...parameters, before] : [...parameters, before, before],
    );
    return toPage(rows.map(toRow), count?.n ?? 0, page);
  },

  async transaction(transactionId) {
    if (!isId(transactionId)) return null;
    const [row] = await em.execute<TransactionRecord[]>(
      shown('select x.*, 0 as running from customer_transaction x where x.id = ?::uuid', 'x.id'),
      [transactionId],
    );
    return row ? toRow(row) : null;
  },

  async moneyOf(transactionId) {
    const rows = await em.execute<
      { kind: MoneyLineKind; amount_minor: string; currency: string; effective_on: string }[]
    >(
      `select kind, amount_minor::text as amount_minor, currency, effective_on::text as effective_on
         from money_line where transaction_id = ?::uuid order by id`,
      [transactionId],
    );
    return rows.map(({ kind, amount_minor: minor, currency, effective_on: effectiveOn }) => ({
      kind,
      amount: toMoney(BigInt(minor), currency),
      effectiveOn,
    }));
  },

  async history(licenseId, page) {
    const [count] = await em.execute<{ n: number }[]>(
      'select count(*)::int as n from customer_transaction where license_id = ?::uuid',
      [licenseId],
    );
    const rows = await em.execute<TransactionRecord[]>(
      shown(
        `select x.*, sum(x.delta) over (order by x.effective_on, x.at, x.id)::int as running
           from customer_transaction x where x.license_id = ?::uuid
          order by x.effective_on desc, x.at desc, x.id desc limit ? offset ?`,
        'x.effective_on desc, x.at desc, x.id desc',
      ),
      [licenseId, page.size, (page.page - 1) * page.size],
    );
    return toPage(
      rows.map((row) => ({ ...toRow(row), running: row.running })),
      count?.n ?? 0,
      page,
    );
  },

  async effectiveUnits(licenseId, on) {
    const [row] = await em.execute<{ units: number }[]>(
      `select coalesce(sum(delta), 0)::int as units from customer_transaction
        where license_id = ?::uuid and effective_on <= ?::date`,
      [licenseId, on.toString()],
    );
    return row?.units ?? 0;
  },
});
