import type { ReportLineView, ReportListItem, ReportView } from '../../core/reports/report-view.ts';
import {
  fitted,
  none,
  reportStatusWords,
  showCount,
  showDay,
  showInstant,
  showMoney,
  showMonth,
  showNumber,
  showUnits,
  versionWords,
} from '../format.ts';
import { bold, type Block, type Button, type Fact, type Message, type Row, type Text } from '../view.ts';

/** How usage reports look: the lists, the report itself, the approver's card and what becomes of it. */

const submissionWords = {
  manual: 'Manual',
  automatic: 'Automatic',
  automatic_with_penalty: 'Automatic, with penalty',
} as const;

const eventWords: Readonly<Record<ReportView['history'][number]['kind'], string>> = {
  created: 'Created',
  submitted: 'Submitted',
  approved: 'Approved',
  rejected: 'Rejected',
  questioned: 'Question',
  sent: 'Submitted to the vendor',
  completed: 'Completed',
  returned: 'Returned by the vendor',
  reopened: 'Put under review again',
};

/** `Usage report Feb 2026`, with the partner where several are about. */
export const reportTitle = ({ cycle, partner }: { readonly cycle: string; readonly partner: string }): string =>
  fitted(`${partner}: usage report ${showMonth(`${cycle}-01`)}`, 100);

/** `due today`, `3 days left`, `2 days overdue`. */
export const showDaysLeft = (days: number): string =>
  days === 0 ? 'due today' : days > 0 ? `${showCount(days, 'day')} left` : `${showCount(-days, 'day')} overdue`;

const lineName = ({ productName, version }: ReportLineView): string =>
  fitted(version === 'full' ? productName : `${productName} (${versionWords[version]})`, 40);

/** Lines in one table; Slack draws it as text, which has its limit. */
const linesPerTable = 10;

const share = ({ overProvisioned, above }: ReportLineView): string =>
  overProvisioned === null ? none : `${overProvisioned}${above ? ' !' : ''}`;

const linesTable = (lines: readonly ReportLineView[], withAmounts: boolean): Block => ({
  kind: 'table',
  columns: [
    { label: 'Product/Service' },
    { label: 'Provisioned', align: 'right' },
    { label: 'Used', align: 'right' },
    { label: 'Over (%)', align: 'right' },
    { label: 'Chargeable', align: 'right' },
    { label: withAmounts ? 'Amount' : 'Proposed', align: 'right' },
  ],
  rows: lines.map((line) => [
    lineName(line),
    showNumber(line.provisioned),
    line.used === null ? none : showNumber(line.used),
    share(line),
    `${showNumber(line.chargeable)}${line.chargeable === line.proposed ? '' : ' *'}`,
    withAmounts ? showMoney(line.amount) : showNumber(line.proposed),
  ]),
});

/** What is out of the ordinary about a line: a change, a penalty, a comment, a missing one, a mark. */
const deviation = (line: ReportLineView): Text | null => {
  const said: string[] = [];
  if (line.penalty > 0)
    said.push(
      `${showUnits(line.chargeable, line.unitType)} charged, ${showNumber(line.penalty)} of them as a penalty: above the threshold without a comment`,
    );
  else if (line.chargeable !== line.proposed)
    said.push(`${showNumber(line.proposed)} proposed → ${showUnits(line.chargeable, line.unitType)} chargeable`);
  if (line.above && line.overProvisioned !== null && line.penalty === 0)
    said.push(`${line.overProvisioned} % over-provisioned, above the threshold`);
  if (line.needsComment) said.push('needs a comment');
  if (line.mark === 'disputed') said.push('disputed');
  if (line.comment !== null) said.push(`“${line.comment}”`);
  return said.length > 0 ? said.join(' · ') : null;
};

/** Only explained, and otherwise as proposed: it needs fewer words than what is out of the ordinary. */
const isOrdinary = (line: ReportLineView): boolean =>
  line.chargeable === line.proposed && line.penalty === 0 && !line.above && line.mark !== 'disputed';

/** What a reader should know of the lines beyond their figures, the unusual first, at most ten. */
const deviationBlocks = (report: ReportView): Block[] => {
  const said = report.lines.flatMap((line) => {
    const detail = deviation(line);
    return detail === null ? [] : [{ line, detail }];
  });
  const unusual = said.filter(({ line }) => !isOrdinary(line)).slice(0, linesPerTable);
  const ordinary = said.filter(({ line }) => isOrdinary(line)).slice(0, linesPerTable - unusual.length);
  const more = said.length - unusual.length - ordinary.length;
  return [
    ...(unusual.length > 0
      ? [
          { kind: 'heading', text: 'Out of the ordinary' } as const,
          {
            kind: 'rows',
            rows: unusual.map(({ line, detail }): Row => ({ title: [bold(lineName(line))], detail })),
          } as const,
        ]
      : [{ kind: 'notice', tone: 'success', text: 'All lines as proposed, none above the threshold.' } as const]),
    ...ordinary.map(
      ({ line, detail }) => ({ kind: 'context', text: [bold(lineName(line)), ': ', ...[detail].flat()] }) as const,
    ),
    ...(more > 0 ? [{ kind: 'context', text: `And ${showCount(more, 'line')} more: open the report.` } as const] : []),
  ];
};

/** On a resubmission: only what differs from what was rejected. */
const changeBlocks = (report: ReportView): Block[] => {
  const rejection = report.history.findLast(({ kind }) => kind === 'rejected');
  const answered: Block[] = rejection
    ? [{ kind: 'context', text: `${rejection.by} had rejected it: “${rejection.reason ?? ''}”` }]
    : [];
  const changed = report.lines.filter(({ rejected }) => rejected !== null);
  if (changed.length === 0)
    return [...answered, { kind: 'notice', tone: 'warning', text: 'Resubmitted without any change to its lines.' }];
  const rows = changed.slice(0, linesPerTable).map((line): Row => {
    const before = line.rejected!;
    const figures =
      before.chargeable === line.chargeable
        ? `${showUnits(line.chargeable, line.unitType)}, as before`
        : `${showNumber(before.chargeable)} → ${showUnits(line.chargeable, line.unitType)}`;
    const said =
      line.comment === before.comment ? [] : [line.comment === null ? 'comment removed' : `“${line.comment}”`];
    const shares = line.overProvisioned === null ? [] : [`${line.overProvisioned} % over-provisioned`];
    return { title: [bold(lineName(line))], detail: [figures, ...shares, ...said].join(' · ') };
  });
  const more = changed.length - linesPerTable;
  return [
    ...answered,
    { kind: 'heading', text: 'Changed since the rejection' },
    { kind: 'rows', rows },
    ...(more > 0 ? [{ kind: 'context', text: `And ${showCount(more, 'line')} more: open the report.` } as const] : []),
  ];
};

const linesInShort = ({ lines, thresholdPct }: ReportView): string => {
  const above = lines.filter((line) => line.above).length;
  return above === 0
    ? showNumber(lines.length)
    : `${showNumber(lines.length)}, ${showNumber(above)} above the threshold of ${thresholdPct} %`;
};

const headFacts = (report: ReportView, timeZone: string): Fact[] => [
  { label: 'Status', value: [bold(reportStatusWords[report.status])] },
  ...(report.daysLeft === null
    ? []
    : [{ label: 'Due', value: `${showDay(report.dueOn)} (${showDaysLeft(report.daysLeft)})` }]),
  ...(report.submission && report.submittedBy && report.submittedAt
    ? [
        {
          label: 'Submitted',
          value: `${report.submittedBy}, ${showInstant(report.submittedAt, timeZone)} (${submissionWords[report.submission]})`,
        },
      ]
    : []),
  { label: 'Lines', value: linesInShort(report) },
  ...(report.pricesShown
    ? [{ label: 'Total', value: report.total ? [bold(showMoney(report.total))] : `${none} (a price is missing)` }]
    : []),
];

export const openReport = (reportId: string, label = 'Open the report'): Button => ({
  kind: 'run',
  label,
  action: 'report.show',
  args: { report: reportId },
});
export const correctLine = (reportId: string): Button => ({
  kind: 'form',
  label: 'Correct a line…',
  form: 'report.edit',
  context: { report: reportId },
});
export const submitAgain = (reportId: string): Button => ({
  kind: 'form',
  label: 'Submit…',
  form: 'report.submit',
  context: { report: reportId },
  style: 'primary',
});
export const decide = ({ reportId, version }: Pick<ReportView, 'reportId' | 'version'>): Button => ({
  kind: 'form',
  label: 'Decide…',
  form: 'report.review',
  context: { report: reportId, version: String(version) },
  style: 'primary',
});

const historyBlocks = (report: ReportView, timeZone: string): Block[] => {
  const shown = report.history.slice(-6);
  const earlier = report.history.length - shown.length;
  return [
    { kind: 'heading', text: 'History' },
    {
      kind: 'rows',
      rows: shown.map(({ version, kind, by, at, reason }) => ({
        title: `${version}. ${eventWords[kind]}: ${by}`,
        detail: [showInstant(at, timeZone), ...(reason === null ? [] : [`“${reason}”`])].join(' · '),
      })),
    },
    ...(earlier > 0
      ? [{ kind: 'context', text: `And ${showCount(earlier, 'earlier entry', 'earlier entries')}.` } as const]
      : []),
  ];
};

/** The lines, a page of ten at a time. */
export const lineBlocks = (report: ReportView, page = 1): Block[] => {
  if (report.lines.length === 0) return [{ kind: 'text', text: 'This report has no lines: nothing was provisioned.' }];
  const pages = Math.ceil(report.lines.length / linesPerTable);
  const current = Math.min(Math.max(1, page), pages);
  const lines = report.lines.slice((current - 1) * linesPerTable, current * linesPerTable);
  const signs = [
    ...(lines.some(({ above }) => above) ? [`! above the threshold of ${report.thresholdPct} %`] : []),
    ...(lines.some(({ chargeable, proposed }) => chargeable !== proposed) ? ['* differs from the proposal'] : []),
  ];
  return [
    linesTable(lines, report.pricesShown),
    ...(signs.length > 0 ? [{ kind: 'context', text: signs.join(' · ') } as const] : []),
    ...(pages > 1
      ? [
          {
            kind: 'pager',
            action: 'report.show',
            args: { report: report.reportId },
            page: current,
            pages,
          } as const,
        ]
      : []),
  ];
};

/** The whole report, with what this person may do about it. */
export const reportMessage = (report: ReportView, timeZone: string, page = 1): Message => {
  const buttons: Button[] = [
    ...(report.mayDecide ? [decide(report)] : []),
    ...(report.mayEdit ? [submitAgain(report.reportId)] : []),
    ...(report.lines.some(({ editable }) => editable) ? [correctLine(report.reportId)] : []),
  ];
  return {
    title: reportTitle(report),
    blocks: [
      { kind: 'facts', facts: headFacts(report, timeZone) },
      ...lineBlocks(report, page),
      ...(report.lines.length > 0 ? deviationBlocks(report) : []),
      ...historyBlocks(report, timeZone),
      ...(buttons.length > 0 ? [{ kind: 'buttons', buttons } as const] : []),
    ],
  };
};

const listRow = (item: ReportListItem): Row => ({
  title: [bold(fitted(item.partner, 80)), ` · ${showMonth(`${item.cycle}-01`)}`],
  detail: [
    reportStatusWords[item.status],
    ...(item.daysLeft === null ? [] : [showDaysLeft(item.daysLeft)]),
    ...(item.submission === 'automatic_with_penalty' ? ['with penalty'] : []),
    ...(item.total ? [showMoney(item.total)] : []),
  ].join(' · '),
  button: openReport(item.reportId, 'Open'),
});

export const reportListMessage = (
  list: {
    readonly items: readonly ReportListItem[];
    readonly total: number;
    readonly page: number;
    readonly pages: number;
  },
  args: Readonly<Record<string, string>>,
): Message => ({
  title: list.total === 0 ? 'No usage reports' : `Usage reports (${showNumber(list.total)})`,
  blocks: [
    ...(list.items.length > 0
      ? [{ kind: 'rows', rows: list.items.map(listRow) } as const]
      : [{ kind: 'text', text: 'There is no usage report that fits.' } as const]),
    ...(list.pages > 1
      ? [{ kind: 'pager', action: 'report.list', args, page: list.page, pages: list.pages } as const]
      : []),
  ],
});

/** What the approver reads before deciding: everything but the buttons. */
export const reviewBlocks = (report: ReportView, timeZone: string): Block[] => {
  const questions = report.history.filter(
    ({ kind, version }) =>
      kind === 'questioned' && version > (report.history.findLast((row) => row.kind === 'submitted')?.version ?? 0),
  );
  return [
    { kind: 'facts', facts: headFacts(report, timeZone) },
    ...(report.submission === 'automatic_with_penalty'
      ? [
          {
            kind: 'notice',
            tone: 'warning',
            text: 'Submitted automatically with a penalty: lines above the threshold that nobody explained are charged as provisioned.',
          } as const,
        ]
      : []),
    ...(report.priceMissing
      ? [
          {
            kind: 'notice',
            tone: 'danger',
            text: 'A price is missing: the report cannot be approved until the price list has it.',
          } as const,
        ]
      : []),
    ...(report.resubmitted
      ? changeBlocks(report)
      : [...lineBlocks({ ...report, lines: report.lines.slice(0, linesPerTable) }), ...deviationBlocks(report)]),
    ...(report.lines.length > linesPerTable && !report.resubmitted
      ? [
          {
            kind: 'context',
            text: `${showCount(report.lines.length - linesPerTable, 'more line')}: open the report.`,
          } as const,
        ]
      : []),
    ...(report.fourEyes
      ? [
          {
            kind: 'notice',
            tone: 'info',
            text:
              report.approvals.length > 0
                ? `Approved by ${report.approvals.map(({ by, at }) => `${by} on ${showInstant(at, timeZone)}`).join(', ')}. A second person has to approve.`
                : 'Two different people have to approve this report.',
          } as const,
        ]
      : []),
    ...questions
      .slice(-3)
      .map(({ by, reason }) => ({ kind: 'context', text: `${by} asked: “${reason ?? ''}”` }) as const),
  ];
};

/** The card with the decision on it; `version` is what a decision names. */
export const reviewCard = (report: ReportView, timeZone: string): Message => {
  const context = { report: report.reportId, version: String(report.version) };
  const total = report.total ? ` Total: ${showMoney(report.total)}.` : '';
  return {
    title: report.resubmitted ? `${reportTitle(report)}, resubmitted` : `${reportTitle(report)} waits for you`,
    blocks: [
      ...reviewBlocks(report, timeZone),
      {
        kind: 'buttons',
        buttons: [
          {
            kind: 'run',
            label: 'Approve',
            action: 'report.approve',
            args: context,
            style: 'primary',
            decides: true,
            confirm: {
              title: 'Approve this report?',
              text: `${reportTitle(report)}.${total}`,
              ok: 'Approve',
            },
          },
          { kind: 'form', label: 'Reject…', form: 'report.reject', context, style: 'danger', decides: true },
          { kind: 'form', label: 'Question…', form: 'report.question', context, decides: true },
          openReport(report.reportId),
        ],
      },
    ],
  };
};

const outcomeTone = { approved: 'success', rejected: 'danger' } as const;

/** What a card becomes when it was decided on: the outcome, and no buttons. */
export const outcomeCard = (report: ReportView, timeZone: string): Message => {
  const decision = report.history.findLast(({ kind }) => kind !== 'questioned');
  const tone = decision?.kind === 'approved' || decision?.kind === 'rejected' ? outcomeTone[decision.kind] : 'info';
  const said = decision
    ? `${eventWords[decision.kind]}: ${decision.by}, ${showInstant(decision.at, timeZone)}`
    : reportStatusWords[report.status];
  return {
    title: `${reportTitle(report)}: ${reportStatusWords[report.status].toLowerCase()}`,
    blocks: [
      { kind: 'notice', tone, text: said },
      ...(decision?.reason ? [{ kind: 'text', text: `“${decision.reason}”` } as const] : []),
      { kind: 'facts', facts: headFacts(report, timeZone) },
    ],
  };
};

/** What older cards become when the report was submitted again. */
export const supersededCard = (report: ReportView, timeZone: string): Message => {
  const opening = report.history.findLast(({ kind }) => kind === 'submitted' || kind === 'reopened');
  const verb = opening?.kind === 'reopened' ? 'Put under review again' : 'Resubmitted';
  return {
    title: `${reportTitle(report)}: ${verb.toLowerCase()}, see the newer card`,
    blocks: [
      {
        kind: 'notice',
        tone: 'info',
        text: opening ? `${verb} by ${opening.by} on ${showInstant(opening.at, timeZone)}: see the newer card.` : verb,
      },
    ],
  };
};
