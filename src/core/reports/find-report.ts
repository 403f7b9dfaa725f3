import type { Actor, PersonActor } from '../caller.ts';
import { invalid, notFound } from '../errors.ts';
import { lineOf } from '../text.ts';
import type { Context } from '../use-case.ts';
import { parseCycle } from '../usage/report-cycle.ts';
import { closedRefusal, type History } from './decision.ts';
import { UsageReport, UsageReportLine } from './usage-report.ts';

/** A report as people name it: an id, `brightside 2026-02`, or for the own ones `2026-02`. */
export const reportName = lineOf(200);

const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const what = 'usage report';

/** @throws Refusal `not_found`, also for reports out of the caller's reach, or `report.partner_ambiguous`. */
export const findReport = async (
  { reads, actor }: Pick<Context<Actor>, 'reads' | 'actor'>,
  name: string,
): Promise<string> => {
  if (id.test(name)) {
    const found = await reads.reports.idOf({ id: name.toLowerCase() });
    if (found) return found;
    throw notFound(what, 'report');
  }
  const cycle = /^(?:(?<partner>.+?)[\s/]+)?(?<month>\d{4}-\d{2})$/.exec(name)?.groups;
  const partner = cycle?.partner ?? (actor.type === 'person' ? actor.partnerId : undefined);
  if (!cycle?.month || !partner) throw notFound(what, 'report');
  const { from } = parseCycle(cycle.month, 'report');
  const found = await reads.reports.idOf({ partner, cycleFrom: from });
  // Companies may share a name, and nobody should decide on the report of another.
  if (found === 'several') throw invalid('report.partner_ambiguous', 'report', { partner });
  if (!found) throw notFound(what, 'report');
  return found;
};

export interface HeldReport {
  readonly report: UsageReport;
  readonly lines: readonly UsageReportLine[];
  readonly history: History;
}

/** Holds the report, then its lines: everybody who changes a report begins here, so they queue up behind each other. */
export const holdReport = async (context: Pick<Context, 'uow' | 'reads'>, reportId: string): Promise<HeldReport> => {
  const report = await context.uow.lock(UsageReport, reportId, 'report');
  const rows = await context.reads.reports.lines(reportId);
  const lines = await context.uow.lockAll(
    UsageReportLine,
    rows.map(({ lineId }) => lineId),
  );
  return { report, lines, history: await context.reads.reports.events(reportId) };
};

/**
 * Holds one of the caller's own reports while it is in his hands.
 * @throws Refusal `not_found`, or who took it out of his hands and when
 */
export const holdOpenReport = async (context: Context<PersonActor>, name: string): Promise<HeldReport> => {
  const held = await holdReport(context, await findReport(context, name));
  const { report, history } = held;
  if (report.partnerId !== context.actor.partnerId) throw notFound(what, 'report');
  const refusal = closedRefusal(report, history, context.actor.timeZone);
  if (refusal) throw refusal;
  return held;
};

/** Holds a report of one of the caller's Tier 2 partners. */
export const holdPartnersReport = async (context: Context<PersonActor>, name: string): Promise<HeldReport> => {
  const held = await holdReport(context, await findReport(context, name));
  if (!context.actor.childIds.includes(held.report.partnerId)) throw notFound(what, 'report');
  return held;
};

/**
 * The line that a person names: by id, or by SKU where that names one line, the charged one before those listed only.
 * @throws Refusal `not_found` or `report.line_ambiguous`
 */
export const findLine = async (
  { reads }: Pick<Context, 'reads'>,
  { report, lines }: HeldReport,
  name: string,
): Promise<UsageReportLine> => {
  const byId = lines.find(({ id }) => id === name);
  if (byId) return byId;
  const rows = await reads.reports.lines(report.id);
  const named = rows.filter(({ product }) => product.toLowerCase() === name.toLowerCase());
  const charged = named.filter(({ version }) => version === 'full');
  const [row, second] = charged.length > 0 ? charged : named;
  if (second) throw invalid('report.line_ambiguous', 'line', { line: name });
  const line = lines.find((each) => each.id === row?.lineId);
  if (!line) throw notFound('line of this report', 'line');
  return line;
};
