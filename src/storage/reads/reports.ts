import type { Actor } from '../../core/caller.ts';
import type { Data } from '../../core/data.ts';
import { toPage } from '../../core/page.ts';
import type { ReportLineRow, ReportReads, ReportRow } from '../../core/reports/reads.ts';
import type { ReportStatus, Submission, UsageReportEvent } from '../../core/reports/usage-report.ts';
import type { Em } from '../orm.ts';

interface StoredRow {
  report_id: string;
  partner_id: string;
  partner: string;
  slug: string;
  time_zone: string;
  cycle_from: string;
  status: ReportStatus;
  submission: Submission | null;
  version: number;
  due_on: string;
  currency: string;
  total: string | null;
}

// Money and instants leave as text: the two drivers disagree about them otherwise.
const rowsOf = (reports: string): string => `
  select r.id as report_id, r.partner_id, p.company as partner, p.slug, p.time_zone, r.cycle_from::text, r.status,
         r.submission, r.version, r.due_on::text, r.currency, line.total
    from ${reports} r
    join partner p on p.id = r.partner_id
    cross join lateral (
      select case when bool_or(amount_minor is null) then null else coalesce(sum(amount_minor), 0)::text end as total
        from usage_report_line where report_id = r.id and version = 'full') line`;

const toRow = (row: StoredRow): ReportRow => ({
  reportId: row.report_id,
  partnerId: row.partner_id,
  partner: row.partner,
  partnerSlug: row.slug,
  timeZone: row.time_zone,
  cycleFrom: Temporal.PlainDate.from(row.cycle_from),
  status: row.status,
  submission: row.submission,
  version: row.version,
  dueOn: Temporal.PlainDate.from(row.due_on),
  currency: row.currency,
  totalMinor: row.total === null ? null : BigInt(row.total),
});

export const reportReads = (em: Em, _actor: Actor): ReportReads => ({
  async list({ cycleFrom, status, partnerId }, page) {
    const where = `where (?::date is null or r.cycle_from = ?::date) and (?::text is null or r.status = ?)
      and (?::uuid is null or r.partner_id = ?::uuid)`;
    const [cycle, state, partner] = [cycleFrom?.toString() ?? null, status ?? null, partnerId ?? null];
    const parameters = [cycle, cycle, state, state, partner, partner];
    const [count] = await em.execute<{ n: number }[]>(
      `select count(*)::int as n from usage_report r ${where}`,
      parameters,
    );
    const rows = await em.execute<StoredRow[]>(
      // Sums are made for the reports of the page alone.
      `${rowsOf(`(select r.* from usage_report r join partner p on p.id = r.partner_id ${where}
                   order by r.cycle_from desc, lower(p.company), r.id limit ? offset ?)`)}
        order by r.cycle_from desc, lower(p.company), r.id`,
      [...parameters, page.size, (page.page - 1) * page.size],
    );
    return toPage(rows.map(toRow), count?.n ?? 0, page);
  },

  async idOf(name) {
    const [row, second] = await em.execute<{ id: string; exact: boolean }[]>(
      'id' in name
        ? 'select id, true as exact from usage_report where id = ?::uuid'
        : `select r.id, (p.id::text = ? or p.slug = lower(?)) as exact
             from usage_report r join partner p on p.id = r.partner_id
            where r.cycle_from = ?::date and (p.id::text = ? or p.slug = lower(?) or lower(p.company) = lower(?))
            order by exact desc limit 2`,
      'id' in name
        ? [name.id]
        : [name.partner, name.partner, name.cycleFrom.toString(), name.partner, name.partner, name.partner],
    );
    return second && !row?.exact ? 'several' : (row?.id ?? null);
  },

  async row(reportId) {
    const [row] = await em.execute<StoredRow[]>(`${rowsOf('usage_report')} where r.id = ?::uuid`, [reportId]);
    return row ? toRow(row) : null;
  },

  async lines(reportId) {
    const rows = await em.execute<
      (Omit<ReportLineRow, 'lineId' | 'productName' | 'unitType' | 'usedWithin' | 'unitPrice' | 'amountMinor'> & {
        line_id: string;
        product_name: string;
        unit_type: ReportLineRow['unitType'];
        used_within: number;
        unit_price: string | null;
        amount_minor: string | null;
      })[]
    >(
      `select l.id as line_id, p.sku as product, p.name as product_name, l.version, l.unit_type, l.provisioned, l.used, l.used_within,
              l.proposed, l.chargeable, l.edited, l.penalty, l.comment, l.mark, l.unit_price::text,
              l.amount_minor::text
         from usage_report_line l join product p on p.id = l.product_id
        where l.report_id = ?::uuid
        order by l.version <> 'full', lower(p.name), l.version, l.unit_type, l.id`,
      [reportId],
    );
    return rows.map(({ line_id, product_name, unit_type, used_within, unit_price, amount_minor, ...row }) => ({
      ...row,
      lineId: line_id,
      productName: product_name,
      unitType: unit_type,
      usedWithin: used_within,
      unitPrice: unit_price,
      amountMinor: amount_minor === null ? null : BigInt(amount_minor),
    }));
  },

  async events(reportId) {
    const rows = await em.execute<
      {
        id: string;
        partner_id: string;
        report_id: string;
        version: number;
        kind: UsageReportEvent['kind'];
        status_before: ReportStatus | null;
        status_after: ReportStatus;
        at: string;
        person_id: string | null;
        by: string;
        reason: string | null;
        lines: UsageReportEvent['lines'];
      }[]
    >(
      `select id, partner_id, report_id, version, kind, status_before, status_after, to_json("at") #>> '{}' as "at",
              person_id, "by", reason, lines
         from usage_report_event where report_id = ?::uuid order by version`,
      [reportId],
    );
    return rows.map((row): Data<UsageReportEvent> => ({
      id: row.id,
      partnerId: row.partner_id,
      reportId: row.report_id,
      version: row.version,
      kind: row.kind,
      statusBefore: row.status_before,
      statusAfter: row.status_after,
      at: Temporal.Instant.from(row.at),
      personId: row.person_id,
      by: row.by,
      reason: row.reason,
      lines: row.lines,
    }));
  },

  async reporters() {
    const rows = await em.execute<{ partner_id: string; cycles: string[] | null; held_from: string | null }[]>(
      `select p.id as partner_id,
              (select json_agg(r.cycle_from::text) from usage_report r where r.partner_id = p.id) as cycles,
              (select min(l.starts_on)::text from license l where l.partner_id = p.id) as held_from
         from partner p where p.tier = 'tier_2' and p.kind = 'msp' order by p.id`,
    );
    return rows.map(({ partner_id, cycles, held_from }) => ({
      partnerId: partner_id,
      cycles: cycles ?? [],
      heldFrom: held_from === null ? null : Temporal.PlainDate.from(held_from),
    }));
  },

  async due(latest) {
    const rows = await em.execute<{ id: string; partner_id: string }[]>(
      `select id, partner_id from usage_report
        where status in ('msp_preparing', 'rejected') and due_on <= ?::date order by id`,
      [latest.toString()],
    );
    return rows.map(({ id, partner_id }) => ({ reportId: id, partnerId: partner_id }));
  },

  async monthEnd(now) {
    const at = now.toString();
    // One report is asked for by each partner: as an anti-join, the reports of all months would be read each minute.
    const [row] = await em.execute<{ unclosed: number; unsubmitted: number; next_at: string | null }[]>(
      `with msp as (
         select p.id, date_trunc('month', ?::timestamptz at time zone p.time_zone) as running,
                date_trunc('month', p.created_at at time zone p.time_zone) as first
           from partner p where p.tier = 'tier_2' and p.kind = 'msp'),
       open as (
         select r.due_on::timestamp at time zone p.time_zone as due
           from usage_report r join partner p on p.id = r.partner_id where r.status in ('msp_preparing', 'rejected'))
       select (select count(*)::int from msp where (
                 select r.id from usage_report r
                  where r.partner_id = msp.id and r.cycle_from = (running - interval '1 month')::date) is null
                 and (first < running or exists (
                   select from license l where l.partner_id = msp.id and l.starts_on < running))) as unclosed,
              (select count(*)::int from open where due <= ?::timestamptz) as unsubmitted,
              (select to_json(min(due)) #>> '{}' from open where due > ?::timestamptz) as next_at`,
      [at, at, at],
    );
    return {
      unclosed: row?.unclosed ?? 0,
      unsubmitted: row?.unsubmitted ?? 0,
      nextAt: row?.next_at ? Temporal.Instant.from(row.next_at) : null,
    };
  },
});
