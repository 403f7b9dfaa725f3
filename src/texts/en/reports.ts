export const reports: Readonly<Record<string, string>> = {
  'report.bad_cycle': '"{cycle}" is no report cycle. A cycle is a month such as 2026-02.',
  'report.partner_ambiguous': 'Several partners are called {partner}. Name the one you mean by its short name.',
  'report.line_ambiguous': 'Several lines of this report are called {line}. Name the line by its id.',
  'report.line_not_charged': 'Trial and NFR lines are listed for information: they cannot be changed.',
  'report.line_closed': 'Only the disputed lines can be changed.',
  'report.chargeable_out_of_range': 'Chargeable units lie between 0 and the provisioned {maximum, number}.',
  'report.change_needs_comment': 'The proposal is {proposed, number}. A different figure needs a comment.',
  'report.comment_too_short': 'A comment has at least {minimum, number} characters.',
  'report.comment_needed':
    '{product} is over-provisioned by {share} %, above the threshold of {threshold, number} %. It needs a comment before the report can be submitted.',
  'report.already_submitted':
    '{kind, select, reopened {{by} put this report under review again on {at}.} other {{by} submitted this report on {at}. It is under review.}}',
  'report.already_decided':
    '{by} {decision, select, approved {approved} rejected {rejected} other {decided on}} this report on {at}.',
  'report.stale':
    '{decision, select, none {} approved {{by} approved this report on {at}. } other {{by} rejected this report on {at}. }}{opening, select, reopened {{openedBy} put it under review again} other {It was resubmitted}} on {openedAt}: decide on the newer card.',
  'report.no_such_version': 'This report has no such version: it stands at version {version, number}.',
  'report.not_under_review': 'This report is not under review: its partner is still preparing it.',
  'report.own_submission': 'You submitted this report. Somebody else has to decide on it.',
  'report.second_approver': 'You approved this report on {at}. A second person has to approve it as well.',
  'report.disputed': 'A line is disputed: the report cannot be approved.',
  'report.no_price': 'A price in {currency} is missing: the report cannot be approved.',
  'report.reject_needs_reason': 'A rejection needs a reason: the partner reads it.',
  'report.question_needs_reason': 'Write the question: the partner reads it.',
  'report.wrong_status':
    'This cannot be done with a report that is {status, select, msp_preparing {being prepared} under_review {under review} submitted_to_vendor {submitted to the vendor} returned_by_vendor {returned by the vendor} other {{status}}}.',
};
