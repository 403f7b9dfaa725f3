import type { PersonActor } from '../caller.ts';
import type { Data } from '../data.ts';
import { conflict, Refusal, rule } from '../errors.ts';
import type { UsageReport, UsageReportEvent } from './usage-report.ts';

export type History = readonly Data<UsageReportEvent>[];
type Row = History[number];

const last = (history: History, ...kinds: readonly Row['kind'][]): Row | undefined =>
  history.findLast(({ kind }) => kinds.includes(kind));

/** What put the report under review: its last submission, or a reopening. */
export const openingOf = (history: History): Row | undefined => last(history, 'submitted', 'reopened');

/** The last approval or rejection, whatever came of it. */
export const lastDecisionOf = (history: History): Row | undefined => last(history, 'approved', 'rejected');

/** Approvals that count now: those since the report was last put under review. */
export const approvalsOf = (history: History): readonly Row[] => {
  const opening = openingOf(history);
  return history.filter(({ kind, version }) => kind === 'approved' && version > (opening?.version ?? 0));
};

/** The rejection that a resubmission answers: what the approver saw last. */
export const answeredRejectionOf = (history: History): Row | undefined => {
  const opening = openingOf(history);
  return opening?.kind === 'submitted'
    ? history.findLast(({ kind, version }) => kind === 'rejected' && version < opening.version)
    : undefined;
};

/** `5 Mar 2026, 10:02`, as the refusals say it. */
export const shownMoment = (at: Temporal.Instant, timeZone: string): string =>
  at.toZonedDateTimeISO(timeZone).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });

/** "Mia Torres approved this report on 5 Mar 2026, 10:02." */
export const alreadyDecided = (decision: Row, timeZone: string): Refusal =>
  conflict('report.already_decided', {
    params: { by: decision.by, decision: decision.kind, at: shownMoment(decision.at, timeZone) },
  });

/** Why the partner cannot edit or submit the report now, or null: it is out of his hands. */
export const closedRefusal = (report: UsageReport, history: History, timeZone: string): Refusal | null => {
  if (report.isOpen()) return null;
  const decided = lastDecisionOf(history);
  if (report.status !== 'under_review' && decided) return alreadyDecided(decided, timeZone);
  const opening = openingOf(history);
  if (!opening) return rule('report.wrong_status', { params: { status: report.status } });
  return conflict('report.already_submitted', {
    params: { by: opening.by, kind: opening.kind, at: shownMoment(opening.at, timeZone) },
  });
};

/**
 * Why this person cannot decide on this version now, or null. A decision names the version it was taken on; questions
 * and a first approval change nothing that was seen, so every version since the report was put under review counts.
 */
export const decisionRefusal = (
  report: Pick<UsageReport, 'status' | 'version'>,
  history: History,
  person: Pick<PersonActor, 'personId' | 'timeZone'>,
  decision: 'approve' | 'reject' | 'question',
  version: number,
): Refusal | null => {
  const decided = lastDecisionOf(history);
  if (report.status !== 'under_review')
    return decided ? alreadyDecided(decided, person.timeZone) : rule('report.not_under_review');
  const opening = openingOf(history);
  if (opening && version < opening.version)
    return conflict('report.stale', {
      field: 'version',
      params: {
        by: decided?.by ?? opening.by,
        decision: decided?.kind ?? 'none',
        at: shownMoment(decided?.at ?? opening.at, person.timeZone),
        opening: opening.kind,
        openedBy: opening.by,
        openedAt: shownMoment(opening.at, person.timeZone),
      },
    });
  if (version > report.version)
    return conflict('report.no_such_version', { field: 'version', params: { version: report.version } });
  // Whatever else this person may do: who submitted a report never decides on it.
  if (history.some(({ kind, personId }) => kind === 'submitted' && personId === person.personId))
    return new Refusal('forbidden', 'report.own_submission');
  const own = approvalsOf(history).find(({ personId }) => personId === person.personId);
  if (decision === 'approve' && own)
    return conflict('report.second_approver', { params: { at: shownMoment(own.at, person.timeZone) } });
  return null;
};
