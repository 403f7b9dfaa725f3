import { minorDigits } from '../../core/money/money.ts';
import { moves } from '../../core/reports/report-states.ts';
import { approvalPolicy } from '../../core/reports/submission.ts';
import { commentLength } from '../../core/reports/usage-report.ts';
import { invariant, type Invariant } from './invariant.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Every step of the graph, and what keeps a report where it is: kind, status before, status after. */
const steps = [
  `('created', null, 'msp_preparing')`,
  `('questioned', 'under_review', 'under_review')`,
  // The first of two approvals.
  `('approved', 'under_review', 'under_review')`,
  ...Object.entries(moves).flatMap(([kind, { from, to }]) =>
    from.map((before) => `(${quoted(kind)}, ${quoted(before)}, ${quoted(to)})`),
  ),
].join(', ');

/** Since when a report is under review: its last submission or reopening. */
const opened = `select report_id, max(version) as version from usage_report_event
                 where kind in ('submitted', 'reopened') group by report_id`;

/** Σ of the charged lines; null where a price is missing. */
const totals = `select report_id, case when bool_or(version = 'full' and amount_minor is null) then null
                       else coalesce(sum(amount_minor) filter (where version = 'full'), 0) end as total
                  from usage_report_line group by report_id`;

const isDecided = `r.status in ('approved', 'submitted_to_vendor', 'completed', 'returned_by_vendor')`;
/** Out of the partner's hands: nothing about the lines changes any more, marks aside. */
const isHandedOver = `r.status not in ('msp_preparing', 'rejected')`;

/** Greater than the threshold by the figure shown: hundredths of a percent, half up. */
const isAbove = `(l.provisioned > 0 and
  ((l.provisioned - l.used_within)::bigint * 20000 + l.provisioned) / (2 * l.provisioned::bigint) > r.over_provision_threshold_pct * 100)`;

const ofReport = `join partner p on p.id = r.partner_id`;

export const reportInvariants: readonly Invariant[] = [
  invariant(
    'I1',
    'an approved or rejected report has exactly one effective decision, by someone with the right or by the policy',
    () => ({
      query: `
        with opened as (${opened}), totals as (${totals}), decided as (
          select e.report_id, count(*) filter (where e.kind = 'approved') as approvals,
                 count(distinct coalesce(e.person_id::text, e.by)) filter (where e.kind = 'approved') as approvers,
                 count(*) filter (where e.kind = 'approved' and e.status_after = 'approved') as final,
                 count(*) filter (where e.kind = 'rejected') as rejections
            from usage_report_event e join opened o on o.report_id = e.report_id and e.version > o.version
           where e.kind in ('approved', 'rejected') group by e.report_id),
        counted as (
          select r.*, p.slug, coalesce(d.approvals, 0) as approvals, coalesce(d.approvers, 0) as approvers,
                 coalesce(d.final, 0) as final, coalesce(d.rejections, 0) as rejections,
                 case when r.four_eyes_above is not null and coalesce(t.total, case when t.report_id is null then 0 end)
                           >= r.four_eyes_above then 2 else 1 end as needed
            from usage_report r ${ofReport} left join decided d on d.report_id = r.id
            left join totals t on t.report_id = r.id)
        select 'usage_report' as "table", r.id, r.slug as partner,
               'its decision is not the one that its status needs' as what,
               case when r.status = 'rejected' then 'one rejection' when ${isDecided} then r.needed || ' approvals by as many people'
                    else 'no decision' end as expected,
               format('%s approvals by %s, %s rejections, status %s', r.approvals, r.approvers, r.rejections, r.status) as found
          from counted r
         where case when r.status = 'rejected' then r.rejections <> 1 or r.final > 0 or r.approvals > 1
                    when ${isDecided} then r.rejections > 0 or r.final <> 1 or r.approvals <> r.needed or r.approvers <> r.needed
                    else r.rejections > 0 or r.final > 0 or r.approvals >= r.needed end`,
    }),
    () => ({
      query: `
        with wrote as (select k.id, a.person_id from audit_entry a
                         cross join lateral jsonb_object_keys(case jsonb_typeof(a.written -> 'usage_report_event')
                                                         when 'object' then a.written -> 'usage_report_event' else '{}' end) as k(id)
                        where jsonb_exists(a.written, 'usage_report_event'))
        select 'usage_report_event' as "table", e.id, p.slug as partner,
               'who ' || e.kind || ' it had no right to' as what,
               'a person of the partner''s Tier 1 who may decide' as expected, coalesce(d.email, e.by) as found
          from usage_report_event e join usage_report r on r.id = e.report_id ${ofReport}
          left join person d on d.id = e.person_id left join wrote w on w.id = e.id::text
         where e.kind not in ('created', 'submitted')
           and case when e.person_id is null
                    then e.kind <> 'approved' or e.by <> ${quoted(approvalPolicy.by)}
                    else d.partner_id is distinct from p.parent_id
                      -- Rights are asked when the deed is done, and the deed is audited; without that, today's roles tell.
                      or case when w.id is null then not coalesce(d.roles && array['admin', 'billing'], false)
                              else w.person_id is distinct from e.person_id end end`,
    }),
    () => ({
      query: `
        with opened as (select report_id, min(version) as first from usage_report_event where kind = 'submitted' group by report_id)
        select 'usage_report_event' as "table", e.id, p.slug as partner,
               'the policy approved what it may not approve' as what,
               'a first submission without changes, comments and penalties, where the policy is on' as expected,
               format('version %s, policy %s', e.version, case when r.auto_approve_uncommented then 'on' else 'off' end) as found
          from usage_report_event e join usage_report r on r.id = e.report_id ${ofReport}
          left join opened o on o.report_id = r.id
         where e.kind = 'approved' and e.person_id is null
           and (not r.auto_approve_uncommented or o.first is null or e.version <> o.first + 1
             or (${isDecided} and e.version >= (select max(x.version) from usage_report_event x where x.report_id = r.id and x.kind = 'approved')
                 and exists (select from usage_report_line l where l.report_id = r.id
                              and (l.chargeable <> l.proposed or l.comment is not null or l.penalty <> 0))))`,
    }),
  ),
  invariant(
    'I2',
    'who submitted a report never decides on it',
    () => ({
      query: `
        select 'usage_report_event' as "table", e.id, p.slug as partner, 'it was decided by who had submitted it' as what,
               'somebody else' as expected, coalesce(d.email, e.person_id::text) as found
          from usage_report_event e join usage_report r on r.id = e.report_id ${ofReport} left join person d on d.id = e.person_id
         where e.kind in ('approved', 'rejected', 'questioned')
           and exists (select from usage_report_event s where s.report_id = e.report_id and s.kind = 'submitted' and s.person_id = e.person_id)`,
    }),
    () => ({
      query: `
        select 'usage_report_event' as "table", e.id, p.slug as partner, 'it was submitted by somebody of another partner' as what,
               p.slug as expected, d.email as found
          from usage_report_event e join usage_report r on r.id = e.report_id ${ofReport} join person d on d.id = e.person_id
         where e.kind = 'submitted' and d.partner_id <> r.partner_id`,
    }),
  ),
  invariant(
    'I3',
    'the states of a report are a walk in the graph, versions without gap',
    () => ({
      query: `
        with walked as (select e.*, lag(e.status_after) over w as came, row_number() over w as nth
                          from usage_report_event e window w as (partition by report_id order by version, id))
        select 'usage_report_event' as "table", e.id, p.slug as partner,
               case when e.version <> e.nth then 'a version is missing before it'
                    when e.status_before is distinct from e.came then 'it does not begin where the one before it ended'
                    else 'the graph has no such step' end as what,
               case when e.version <> e.nth then 'version ' || e.nth
                    when e.status_before is distinct from e.came then coalesce(e.came, 'nothing before') end as expected,
               case when e.version <> e.nth then 'version ' || e.version
                    else format('%s: %s → %s', e.kind, coalesce(e.status_before, '—'), e.status_after) end as found
          from walked e join usage_report r on r.id = e.report_id ${ofReport}
         where e.version <> e.nth or e.status_before is distinct from e.came
            or not exists (select from (values ${steps}) s (kind, came, went)
                            where s.kind = e.kind and s.came is not distinct from e.status_before and s.went = e.status_after)`,
    }),
    () => ({
      query: `
        select 'usage_report' as "table", r.id, p.slug as partner, 'it does not stand where its history ends' as what,
               case when e.id is null then 'a history' else format('version %s, %s', e.version, e.status_after) end as expected,
               format('version %s, %s', r.version, r.status) as found
          from usage_report r ${ofReport}
          left join lateral (select * from usage_report_event e where e.report_id = r.id order by e.version desc limit 1) e on true
         where e.id is null or e.version <> r.version or e.status_after <> r.status`,
    }),
    () => ({
      query: `
        select 'usage_report' as "table", r.id, p.slug as partner, 'its submission is not that of its history' as what,
               case when s.id is null then 'never submitted' else coalesce('by ' || s.by, '') || ' at ' || s.at end as expected,
               format('%s by %s at %s', coalesce(r.submission, 'none'), coalesce(r.submitted_by::text, 'no person'), r.submitted_at) as found
          from usage_report r ${ofReport}
          left join lateral (select * from usage_report_event e where e.report_id = r.id and e.kind = 'submitted'
                              order by e.version desc limit 1) s on true
         where (s.id is null) <> (r.submission is null) or (s.id is null) <> (r.submitted_at is null)
            or s.at <> r.submitted_at or s.person_id is distinct from r.submitted_by
            or (r.submission = 'manual') <> (r.submitted_by is not null)
            or (${isHandedOver} and r.submission in ('automatic', 'automatic_with_penalty')
                and (r.submission = 'automatic_with_penalty')
                    <> exists (select from usage_report_line l where l.report_id = r.id and l.penalty > 0))`,
    }),
  ),
  {
    ...invariant('I4', 'the amounts of the lines add up to the total that was decided on', () => ({ query: '' })),
    async find(ground) {
      const used = await ground.rows<{ currency: string }>(`select distinct currency from usage_report`);
      const digits = used.map(({ currency }) => `(${quoted(currency)}, ${minorDigits(currency)})`).join(', ');
      const sums = digits === '' ? null : await lineAmounts(digits).find(ground);
      return sums ?? (await decidedLines.find(ground));
    },
  },
  invariant(
    'I5',
    'nothing is charged beyond what was provisioned, and nothing changed by hand without a comment',
    () => ({
      query: `
        with judged as (select l.*, p.slug, r.status, r.submission, ${isAbove} as above,
                               ${isHandedOver} as handed_over, char_length(btrim(l.comment)) as commented
                          from usage_report_line l join usage_report r on r.id = l.report_id ${ofReport}),
        faults as (select l.*, case
            when l.chargeable < 0 or l.chargeable > l.provisioned then 'more is charged than was provisioned'
            when l.used_within < 0 or l.used_within > l.provisioned then 'more counts as used than was provisioned'
            when l.used is null and l.used_within <> l.provisioned then 'nothing was reported, and less than all counts as used'
            when l.version <> 'full' and (l.chargeable <> 0 or l.proposed <> 0 or l.edited or l.penalty <> 0 or l.comment is not null)
              then 'a line that is only listed is charged'
            when l.version = 'full' and l.proposed <> l.used_within then 'the proposal is not what was used within the provisioned'
            when l.penalty < 0 or (l.penalty > 0 and (l.chargeable <> l.provisioned or l.penalty <> l.chargeable - l.proposed))
              then 'the penalty is not what is charged beyond the proposal'
            when l.penalty = 0 and l.chargeable <> l.proposed and not l.edited then 'it differs from the proposal, and nobody changed it'
            when l.edited and coalesce(l.commented, 0) < ${commentLength.minimum} then 'it was changed by hand without a comment'
            when l.handed_over and l.submission is not null and l.version = 'full' and l.above and l.penalty = 0 and l.comment is null
              then 'it is above the threshold, without comment and penalty' end as fault from judged l)
        select 'usage_report_line' as "table", l.id, l.slug as partner, l.fault as what,
               format('at most %s, proposed %s', l.provisioned, l.proposed) as expected,
               format('chargeable %s, penalty %s, comment %s', l.chargeable, l.penalty, coalesce('"' || l.comment || '"', '—')) as found
          from faults l where l.fault is not null`,
    }),
  ),
];

const lineAmounts = (digits: string): Invariant =>
  invariant('I4', '', () => ({
    query: `
        with priced as (select l.*, p.slug, r.currency, ${isDecided} as decided,
                               case when l.unit_type = 'credit' then (l.chargeable + 50) / 100 else l.chargeable end as quantity, c.digits
                          from usage_report_line l join usage_report r on r.id = l.report_id ${ofReport}
                          join (values ${digits}) c (currency, digits) on c.currency = r.currency)
        select 'usage_report_line' as "table", l.id, l.slug as partner,
               case when l.version <> 'full' then 'a line that is only listed has an amount'
                    when l.decided and l.amount_minor is null then 'it was approved without a price'
                    else 'its amount is not price times quantity' end as what,
               case when l.version = 'full' then round(l.unit_price * l.quantity * 10::numeric ^ l.digits)::bigint end as expected,
               format('%s minor units %s', l.amount_minor, l.currency) as found
          from priced l
         where case when l.version <> 'full' then l.amount_minor is not null or l.unit_price is not null
                    else (l.unit_price is null) <> (l.amount_minor is null) or (l.decided and l.amount_minor is null)
                      or l.amount_minor <> round(l.unit_price * l.quantity * 10::numeric ^ l.digits) end`,
  }));

/** Since a report left the partner's hands its lines are those of its last version. */
const decidedLines = invariant('I4', '', () => ({
  query: `
    with handed as (select r.id, p.slug, e.lines, e.version from usage_report r ${ofReport}
                      join lateral (select * from usage_report_event e where e.report_id = r.id order by e.version desc limit 1) e on true
                     where ${isHandedOver}),
    then_lines as (select h.id as report_id, h.slug, h.version, (x ->> 'lineId') as line_id, (x ->> 'chargeable') as chargeable, x ->> 'comment' as comment
                     from handed h cross join lateral jsonb_array_elements(case jsonb_typeof(h.lines) when 'array' then h.lines else '[]' end) x),
    now_lines as (select l.* from usage_report_line l join handed h on h.id = l.report_id)
    select 'usage_report_line' as "table", coalesce(n.id::text, t.line_id) as id, coalesce(t.slug, h.slug) as partner,
           case when n.id is null then 'the line is gone' when t.line_id is null then 'the line came after the decision'
                else 'it is not as it was submitted' end as what,
           case when t.line_id is not null then format('chargeable %s, comment %s', t.chargeable, coalesce('"' || t.comment || '"', '—')) end as expected,
           case when n.id is not null then format('chargeable %s, comment %s', n.chargeable, coalesce('"' || n.comment || '"', '—')) end as found
      from then_lines t full join now_lines n on n.id::text = t.line_id and n.report_id = t.report_id
      left join handed h on h.id = n.report_id
     where n.id is null or t.line_id is null or n.chargeable::text <> t.chargeable or n.comment is distinct from t.comment`,
}));
