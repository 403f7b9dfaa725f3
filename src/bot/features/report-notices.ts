import { reportAudience } from '../../core/reports/report-audience.ts';
import type { ReportView } from '../../core/reports/report-view.ts';
import { showReport } from '../../core/reports/show-report.ts';
import { showInstant } from '../format.ts';
import type { Notice, Notification } from '../notice.ts';
import type { Block, Button, Message } from '../view.ts';
import {
  correctLine,
  openReport,
  outcomeCard,
  reportTitle,
  reviewCard,
  submitAgain,
  supersededCard,
} from './report-card.ts';

/** Every posted card of a report carries it, so that all are replaced together. */
const tagOf = ({ reportId }: Pick<ReportView, 'reportId'>): string => `report:${reportId}`;

/** A card for everyone who may decide; the cards of an earlier submission point to it. */
export const reportSubmittedNotice: Notice = {
  topic: 'report.submitted',
  async compose({ execute, as }, { report: reportId = '' }) {
    const { report, deciders } = await execute(reportAudience, { report: reportId });
    if (report.status !== 'under_review') return [];
    const opening = report.history.findLast(({ kind }) => kind === 'submitted' || kind === 'reopened');
    const key = `report.submitted:${reportId}:${opening?.version ?? report.version}`;
    const cards: Notification[] = [];
    for (const person of deciders) {
      const seen = await as(person)(showReport, { report: reportId });
      // Who submitted it once never decides on it: no card for him.
      if (!seen.mayDecide) continue;
      cards.push({ to: 'person', person, key, tag: tagOf(report), message: reviewCard(seen, person.timeZone) });
    }
    const isFirst = report.history.filter(({ kind }) => kind === 'submitted' || kind === 'reopened').length === 1;
    if (isFirst) return cards;
    const timeZone = deciders[0]?.timeZone ?? 'UTC';
    return [
      { to: 'copies', tag: tagOf(report), key: `${key}:superseded`, message: supersededCard(report, timeZone) },
      ...cards,
    ];
  },
};

type Event = ReportView['history'][number];

/** What the partner reads: what was decided, why, and what he can do about it. */
const partnerMessage = (report: ReportView, event: Event, timeZone: string): Message => {
  const said =
    { approved: 'approved', rejected: 'rejected', questioned: 'question' }[event.kind as string] ?? event.kind;
  const when = showInstant(event.at, timeZone);
  const buttons: Button[] =
    event.kind === 'rejected' && report.status === 'rejected'
      ? [correctLine(report.reportId), submitAgain(report.reportId), openReport(report.reportId)]
      : [openReport(report.reportId)];
  const sentence: Block =
    event.kind === 'approved'
      ? { kind: 'notice', tone: 'success', text: `${event.by} approved it on ${when}.` }
      : event.kind === 'rejected'
        ? {
            kind: 'notice',
            tone: 'danger',
            text: `${event.by} rejected it on ${when}. Correct it and submit it again.`,
          }
        : {
            kind: 'notice',
            tone: 'info',
            text: `${event.by} has a question about it (${when}). It stays under review.`,
          };
  return {
    title: `${reportTitle(report)}: ${said}`,
    blocks: [
      sentence,
      ...(event.reason === null ? [] : [{ kind: 'text', text: `“${event.reason}”` } as const]),
      { kind: 'buttons', buttons },
    ],
  };
};

/** The outcome on every posted card, and the news to the partner's people, by direct message and by mail. */
export const reportDecidedNotice: Notice = {
  topic: 'report.decided',
  async compose({ execute, as }, { report: reportId = '', version }) {
    const { report, deciders, reporters } = await execute(reportAudience, { report: reportId });
    const event = report.history.find((row) => String(row.version) === version);
    if (!event) return [];
    const timeZone = deciders[0]?.timeZone ?? 'UTC';
    const key = `report.decided:${reportId}:${event.version}`;
    const told: Notification[] = [];
    // A later step has its own notice: cards always show the newest state.
    if (event.version === report.version)
      told.push({
        to: 'copies',
        tag: tagOf(report),
        key: `${key}:copies`,
        message: report.status === 'under_review' ? reviewCard(report, timeZone) : outcomeCard(report, timeZone),
      });
    const concernsPartner =
      event.kind === 'rejected' ||
      event.kind === 'questioned' ||
      (event.kind === 'approved' && event.statusAfter === 'approved');
    if (concernsPartner)
      for (const person of reporters) {
        const message = partnerMessage(await as(person)(showReport, { report: reportId }), event, person.timeZone);
        told.push({ to: 'person', person, key, message, mail: { subject: message.title } });
      }
    return told;
  },
};
