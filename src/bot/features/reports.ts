import { notFound } from '../../core/errors.ts';
import { editReportLine } from '../../core/reports/edit-report-line.ts';
import { listReports } from '../../core/reports/list-reports.ts';
import type { ReportView } from '../../core/reports/report-view.ts';
import { reviewReport } from '../../core/reports/review-report.ts';
import { showReport } from '../../core/reports/show-report.ts';
import { submitReport } from '../../core/reports/submit-report.ts';
import { commentLength, reportStatuses } from '../../core/reports/usage-report.ts';
import {
  fitted,
  none,
  reportStatusWords,
  showCount,
  showDay,
  showMonth,
  showMoney,
  showNumber,
  showUnits,
} from '../format.ts';
import { textAnswer } from '../answers.ts';
import type { Ask, Feature, Form, Step } from '../feature.ts';
import { bold, limits, type Args, type Block, type Button, type Reply, type Row } from '../view.ts';
import {
  correctLine,
  decide,
  openReport,
  outcomeCard,
  reportListMessage,
  reportMessage,
  reportTitle,
  reviewBlocks,
  reviewCard,
  showDaysLeft,
  submitAgain,
} from './report-card.ts';
import { reportDecidedNotice, reportSubmittedNotice } from './report-notices.ts';

const show = (ask: Ask, report: string): Promise<ReportView> => ask.execute(showReport, { report });

/** `2026-02`, `under review`, both, or nothing. */
const filterOf = (rest: string): { cycle?: string; status?: string } => {
  const words = rest.toLowerCase().split(/\s+/).filter(Boolean);
  const cycle = words.find((word) => /^\d{4}-\d{2}$/.test(word));
  const said = words.filter((word) => word !== cycle).join('_');
  const status = reportStatuses.find(
    (known) => known === said || reportStatusWords[known].toLowerCase().replaceAll(' ', '_') === said,
  );
  return { ...(cycle && { cycle }), ...(said && { status: status ?? said }) };
};

const list = async (ask: Ask, filter: Args, page: string | undefined) =>
  reportListMessage(await ask.execute(listReports, { ...filter, page: page ?? 1 }), filter);

/** The reports that wait in this partner's own hands, soonest due first. */
const openOnes = async (ask: Ask) => {
  const found = await Promise.all(
    (['msp_preparing', 'rejected'] as const).map((status) => ask.execute(listReports, { status })),
  );
  return found.flatMap(({ items }) => items).toSorted((a, b) => (a.dueOn < b.dueOn ? -1 : 1));
};

/** The report that was named, or the one that is meant when nothing was: the open one that is due first. */
const ownReport = async (ask: Ask, rest: string): Promise<string> => {
  if (rest) return (await show(ask, rest)).reportId;
  const [first] = await openOnes(ask);
  if (!first) throw notFound('usage report to prepare', 'report');
  return first.reportId;
};

const versionOf = (args: Args): number => Number(args.version);

const review = async (ask: Ask, args: Args, decision: string, reason?: string): Promise<ReportView> =>
  ask.execute(reviewReport, { report: args.report, version: versionOf(args), decision, ...(reason && { reason }) });

const reasonField = { kind: 'text', name: 'reason', label: 'Reason', multiline: true, maxLength: 1000 } as const;

/** A form that takes one decision, with its reason. */
const decisionForm = (
  name: string,
  decision: 'reject' | 'question',
  { title, label, hint, submit }: { title: string; label: string; hint: string; submit: string },
): Form => ({
  name,
  needs: 'decide',
  steps: [
    {
      fields: ['reason'],
      draw: async (ask, context) => {
        const report = await show(ask, context.report ?? '');
        return {
          title,
          submit,
          intro: [{ kind: 'text', text: [bold(reportTitle(report))] }],
          fields: [{ ...reasonField, label, hint }],
        };
      },
    },
  ],
  submit: async (ask, answers, context) => {
    const report = await review(ask, context, decision, textAnswer(answers, 'reason'));
    return { kind: 'message', message: outcomeReceipt(report, ask, decision) };
  },
});

const outcomeReceipt = (report: ReportView, ask: Ask, decision: string) =>
  decision === 'question'
    ? {
        title: `${reportTitle(report)}: question sent`,
        blocks: [
          { kind: 'text', text: 'The partner reads it by direct message and by mail. The report stays under review.' },
        ] as const,
      }
    : report.status === 'under_review'
      ? reviewCard(report, ask.actor.timeZone)
      : outcomeCard(report, ask.actor.timeZone);

const reviewForm: Form = {
  name: 'report.review',
  needs: 'decide',
  steps: [
    {
      fields: ['decision', 'reason'],
      draw: async (ask, context) => {
        const report = await show(ask, context.report ?? '');
        return {
          title: 'Review usage report',
          submit: 'Decide',
          intro: [{ kind: 'text', text: [bold(reportTitle(report))] }, ...reviewBlocks(report, ask.actor.timeZone)],
          fields: [
            {
              kind: 'select',
              name: 'decision',
              label: 'Decision',
              options: [
                { value: 'approve', label: 'Approve' },
                { value: 'reject', label: 'Reject' },
                { value: 'question', label: 'Ask a question' },
              ],
            },
            { ...reasonField, optional: true, hint: 'Needed to reject or to ask: the partner reads it.' },
          ],
        };
      },
    },
  ],
  submit: async (ask, answers, context) => {
    const decision = textAnswer(answers, 'decision') ?? '';
    const report = await review(ask, context, decision, textAnswer(answers, 'reason'));
    if (decision === 'question' || report.status !== 'under_review')
      return { kind: 'message', message: outcomeReceipt(report, ask, decision) };
    return {
      kind: 'message',
      message: {
        title: `${reportTitle(report)}: first approval`,
        blocks: [{ kind: 'text', text: 'Your approval counts. A second person has to approve as well.' }],
      },
    };
  },
};

/** Which line is meant: answered in the first step. */
const chooseLine: Step = {
  fields: ['line'],
  draw: async (ask, context) => {
    const report = await show(ask, context.report ?? '');
    const options = report.lines
      .filter(({ editable }) => editable)
      .slice(0, limits.options)
      .map(({ lineId, productName, chargeable, unitType, needsComment }) => ({
        value: lineId,
        label: fitted(productName, limits.optionLabel),
        description: `${showUnits(chargeable, unitType)} chargeable${needsComment ? ', needs a comment' : ''}`,
      }));
    if (options.length === 0) throw notFound('line that you can change', 'line');
    const [first] = report.lines.filter(({ editable, needsComment }) => editable && needsComment);
    return {
      title: 'Correct a line',
      submit: 'Next',
      intro: rejectionBlocks(report),
      fields: [
        { kind: 'select', name: 'line', label: 'Product/Service', options, value: first?.lineId ?? options[0]!.value },
      ],
    };
  },
};

const changeLine: Step = {
  fields: ['chargeable', 'comment'],
  draw: async (ask, context, answers) => {
    const report = await show(ask, context.report ?? '');
    const line = report.lines.find(({ lineId }) => lineId === textAnswer(answers, 'line'));
    if (!line) throw notFound('line of this report', 'line');
    return {
      title: 'Correct a line',
      submit: 'Save',
      intro: [
        ...rejectionBlocks(report),
        {
          kind: 'facts',
          facts: [
            { label: 'Product/Service', value: [bold(line.productName)] },
            { label: 'Provisioned', value: showUnits(line.provisioned, line.unitType) },
            { label: 'Used', value: line.used === null ? none : showUnits(line.used, line.unitType) },
            { label: 'Proposed', value: showUnits(line.proposed, line.unitType) },
            {
              label: 'Over-provisioned (%)',
              value: `${line.overProvisioned ?? none}${line.above ? `, above the threshold of ${report.thresholdPct} %` : ''}`,
            },
          ],
        },
      ],
      fields: [
        {
          kind: 'number',
          name: 'chargeable',
          label: 'Chargeable',
          hint: `0 to ${showNumber(line.provisioned)}. A figure other than the proposal needs a comment.`,
          value: String(line.chargeable),
        },
        {
          kind: 'text',
          name: 'comment',
          label: 'Comment',
          multiline: true,
          maxLength: commentLength.maximum,
          optional: true,
          ...(line.comment !== null && { value: line.comment }),
        },
      ],
    };
  },
};

const rejectionBlocks = (report: ReportView): Block[] => {
  const rejection = report.history.findLast(({ kind }) => kind === 'rejected');
  return report.status === 'rejected' && rejection
    ? [{ kind: 'notice', tone: 'warning', text: `${rejection.by} rejected it: “${rejection.reason ?? ''}”` }]
    : [];
};

const editForm: Form = {
  name: 'report.edit',
  needs: 'report',
  steps: [chooseLine, changeLine],
  submit: async (ask, answers, context) => {
    const lineId = textAnswer(answers, 'line') ?? '';
    const report = await ask.execute(editReportLine, {
      report: context.report,
      line: lineId,
      chargeable: Number(textAnswer(answers, 'chargeable')),
      comment: textAnswer(answers, 'comment') ?? '',
    });
    const line = report.lines.find((each) => each.lineId === lineId)!;
    return {
      kind: 'message',
      message: {
        title: `${reportTitle(report)}: line saved`,
        blocks: [
          {
            kind: 'facts',
            facts: [
              { label: 'Product/Service', value: [bold(line.productName)] },
              { label: 'Proposed', value: showUnits(line.proposed, line.unitType) },
              { label: 'Chargeable', value: showUnits(line.chargeable, line.unitType) },
              { label: 'Comment', value: line.comment ?? none },
            ],
          },
          {
            kind: 'buttons',
            buttons: [submitAgain(report.reportId), correctLine(report.reportId), openReport(report.reportId)],
          },
        ],
      },
    };
  },
};

/** Lines whose comments the submission asks for: as many as a form holds; more are explained line by line. */
const commentFields = Array.from({ length: 100 }, (_, index) => `comments.${index}`);
const commentsAsked = 15;

const submitForm: Form = {
  name: 'report.submit',
  needs: 'report',
  steps: [
    {
      fields: [...commentFields, 'comment'],
      draw: async (ask, context) => {
        const report = await show(ask, context.report ?? '');
        const due = report.lines
          .map((line, index) => ({ line, name: commentFields[index] }))
          .filter((each): each is { line: (typeof report.lines)[number]; name: string } =>
            Boolean(each.name && each.line.needsComment),
          );
        const changed = report.lines.filter(({ edited }) => edited).length;
        return {
          title: 'Submit usage report',
          submit: 'Submit',
          intro: [
            { kind: 'text', text: [bold(reportTitle(report))] },
            ...rejectionBlocks(report),
            {
              kind: 'facts',
              facts: [
                { label: 'Lines', value: `${showNumber(report.lines.length)}, ${showNumber(changed)} changed by hand` },
                {
                  label: 'Above the threshold',
                  value: showCount(report.lines.filter(({ above }) => above).length, 'line'),
                },
                { label: 'Submitted automatically', value: showDay(report.dueOn) },
              ],
            },
          ],
          fields: [
            ...due.slice(0, commentsAsked).map(
              ({ line, name }) =>
                ({
                  kind: 'text',
                  name,
                  label: fitted(`Comment: ${line.productName}`, limits.optionLabel),
                  hint: `${line.overProvisioned} % over-provisioned, above ${report.thresholdPct} %: why?`,
                  maxLength: commentLength.maximum,
                  optional: true,
                }) as const,
            ),
            {
              kind: 'text',
              name: 'comment',
              label: 'Remark on the report',
              hint: 'The approver reads it in the history.',
              multiline: true,
              maxLength: commentLength.maximum,
              optional: true,
            },
          ],
        };
      },
    },
  ],
  submit: async (ask, answers, context) => {
    const before = await show(ask, context.report ?? '');
    const report = await ask.execute(submitReport, {
      report: before.reportId,
      comment: textAnswer(answers, 'comment'),
      // Every line keeps its place, so that a complaint finds the field of the line it is about.
      comments: before.lines
        .slice(0, commentFields.length)
        .map(({ lineId }, index) => ({ line: lineId, comment: textAnswer(answers, commentFields[index]!) })),
    });
    return { kind: 'message', message: submittedReceipt(report) };
  },
};

const submittedReceipt = (report: ReportView) => ({
  title:
    report.status === 'approved' ? `${reportTitle(report)}: approved at once` : `${reportTitle(report)}: submitted`,
  blocks: [
    {
      kind: 'text',
      text:
        report.status === 'approved'
          ? 'All lines are as proposed and need no comment: the policy of your distributor approved the report.'
          : 'Your distributor has it now. You will be told of the decision here and by mail.',
    },
    { kind: 'buttons', buttons: [openReport(report.reportId)] },
  ] as const,
});

/** What waits for this person: reports to decide on as Tier 1, reports to prepare as Tier 2. */
const waiting = async (ask: Ask): Promise<readonly Block[]> => {
  if (ask.actor.tier === 'tier_1') {
    const { items, total } = await ask.execute(listReports, { status: 'under_review' });
    if (total === 0) return [];
    const more: Button = { kind: 'run', label: 'All of them', action: 'report.list', args: { status: 'under_review' } };
    return [
      { kind: 'heading', text: `Usage reports to decide on (${showNumber(total)})` },
      {
        kind: 'rows',
        rows: items.map((item): Row => ({
          title: [bold(fitted(item.partner, 80)), ` · ${showMonth(`${item.cycle}-01`)}`],
          detail: item.total ? `${reportStatusWords[item.status]} · ${showMoney(item.total)}` : 'A price is missing',
          button: decide(item),
        })),
      },
      ...(total > items.length ? [{ kind: 'buttons', buttons: [more] } as const] : []),
    ];
  }
  const items = await openOnes(ask);
  if (items.length === 0) return [];
  return [
    { kind: 'heading', text: `Usage reports to prepare (${showNumber(items.length)})` },
    {
      kind: 'rows',
      rows: items.map((item): Row => ({
        title: [bold(showMonth(`${item.cycle}-01`)), ` · ${reportStatusWords[item.status]}`],
        detail: `Submitted automatically on ${showDay(item.dueOn)}: ${showDaysLeft(item.daysLeft ?? 0)}`,
        button: openReport(item.reportId, 'Open'),
      })),
    },
  ];
};

const showReply = async (ask: Ask, report: string, page?: string): Promise<Reply> => {
  const message = reportMessage(await show(ask, report), ask.actor.timeZone, page === undefined ? 1 : Number(page));
  return { kind: page === undefined ? 'message' : 'replace', message };
};

/** Usage reports: what a partner prepares and submits, and what its Tier 1 decides on. */
export const reportsFeature: Feature = {
  commands: [
    {
      words: 'report list',
      usage: 'report list [CYCLE] [STATUS]',
      does: 'lists usage reports with status and days left',
      needs: 'see_reports',
      shortcut: 'Usage reports',
      run: async (ask, rest) => ({ kind: 'message', message: await list(ask, filterOf(rest) as Args, undefined) }),
    },
    {
      words: 'report show',
      usage: 'report show [PARTNER] CYCLE',
      does: 'shows one usage report: lines, total, history',
      needs: 'see_reports',
      run: async (ask, rest) =>
        rest ? showReply(ask, rest) : { kind: 'message', message: await list(ask, {}, undefined) },
    },
    {
      words: 'report edit',
      usage: 'report edit [CYCLE]',
      does: 'corrects a line of your usage report',
      needs: 'report',
      run: async (ask, rest) => ({
        kind: 'form',
        form: 'report.edit',
        context: { report: await ownReport(ask, rest) },
      }),
    },
    {
      words: 'report submit',
      usage: 'report submit [CYCLE]',
      does: 'hands your usage report over for review',
      needs: 'report',
      run: async (ask, rest) => ({
        kind: 'form',
        form: 'report.submit',
        context: { report: await ownReport(ask, rest) },
      }),
    },
    {
      words: 'report review',
      usage: 'report review PARTNER CYCLE',
      does: 'approves, rejects or questions a usage report',
      needs: 'decide',
      run: async (ask, rest) => {
        if (!rest) return { kind: 'message', message: await list(ask, { status: 'under_review' }, undefined) };
        const { reportId, version } = await show(ask, rest);
        return { kind: 'form', form: 'report.review', context: { report: reportId, version: String(version) } };
      },
    },
  ],
  forms: [
    editForm,
    submitForm,
    reviewForm,
    decisionForm('report.reject', 'reject', {
      title: 'Reject usage report',
      submit: 'Reject',
      label: 'Reason',
      hint: 'The partner reads it, corrects the report and submits it again.',
    }),
    decisionForm('report.question', 'question', {
      title: 'Ask a question',
      submit: 'Ask',
      label: 'Question',
      hint: 'The partner reads it. The report stays under review.',
    }),
  ],
  actions: [
    { name: 'report.show', needs: 'see_reports', run: (ask, { report = '', page }) => showReply(ask, report, page) },
    {
      name: 'report.list',
      needs: 'see_reports',
      run: async (ask, { page, ...filter }) => ({
        kind: page === undefined ? 'message' : 'replace',
        message: await list(ask, filter, page),
      }),
    },
    {
      name: 'report.approve',
      needs: 'decide',
      run: async (ask, args) => {
        const report = await review(ask, args, 'approve');
        return {
          kind: 'replace',
          message:
            report.status === 'under_review'
              ? reviewCard(report, ask.actor.timeZone)
              : outcomeCard(report, ask.actor.timeZone),
        };
      },
    },
  ],
  notices: [reportSubmittedNotice, reportDecidedNotice],
  home: { needs: 'see_reports', draw: waiting },
};
