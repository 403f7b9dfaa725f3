import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commitCrossgrade, previewCrossgrade } from '../../src/core/crossgrades/commit-crossgrade.ts';
import { undoCrossgrade } from '../../src/core/crossgrades/undo-crossgrade.ts';
import { addDigest } from '../../src/core/digests/add-digest.ts';
import { ChannelAddress } from '../../src/core/digests/channel-address.ts';
import { DigestPost } from '../../src/core/digests/digest.ts';
import { changeSeats } from '../../src/core/licenses/change-seats.ts';
import { convertLicense } from '../../src/core/licenses/convert-license.ts';
import { removeLicense } from '../../src/core/licenses/remove-license.ts';
import { renewLicense } from '../../src/core/licenses/renew-license.ts';
import { resumeLicense, suspendLicense } from '../../src/core/licenses/suspend-license.ts';
import { Mail } from '../../src/core/messages/mail.ts';
import { waiting } from '../../src/core/messages/outgoing.ts';
import { autoSubmitReports } from '../../src/core/reports/auto-submit-reports.ts';
import { closeCycles } from '../../src/core/reports/close-cycles.ts';
import { editReportLine } from '../../src/core/reports/edit-report-line.ts';
import { reviewReport } from '../../src/core/reports/review-report.ts';
import { showReport } from '../../src/core/reports/show-report.ts';
import { submitReport } from '../../src/core/reports/submit-report.ts';
import { ServicePlan } from '../../src/core/plans/service-plan.ts';
import { SuiteChange } from '../../src/core/suites/suite-change.ts';
import { UsageDay } from '../../src/core/usage/usage-day.ts';
import { checkInvariants, invariants, type CheckVerdict } from '../../src/storage/check/check-invariants.ts';
import type { Em } from '../../src/storage/orm.ts';
import { expectInvariants } from '../support/invariants.ts';
import { scriptOf, stockCatalog } from '../support/licensing.ts';
import { createWorld, isPostgres, partnerIds, type World } from '../support/world.ts';

let world: World;
/** Ids of the story's rows, by the name that a tampering calls them. */
const ids: Record<string, string> = {};

const idOf = async (query: string): Promise<string> => {
  const [row] = await world.sql<{ id: string }>(query);
  return row!.id;
};

/** A spring at Brightside: what customers, reports and messages go through, all by the doors. */
const tellStory = async (): Promise<void> => {
  const leo = scriptOf(world);
  const bob = scriptOf(world, 'bob@brightside.example');
  const [mia, jonas] = [scriptOf(world, 'mia@northwind.example'), scriptOf(world, 'jonas@northwind.example')];
  world.setNow('2026-02-02T09:00:00Z');
  await world.sql(
    `update partner set created_at = '2026-02-01T09:00:00Z', auto_approve_uncommented = (slug = 'sakura')`,
  );
  await stockCatalog(world);
  await leo.plan('S1', 'SP');
  await leo.plan('S2', 'WFS-ADV', { defaultUnits: 30 });
  await leo.plan('Waiting', 'SPC');
  await leo.plan('Endpoint', 'WFS');
  await leo.plan('Web', 'WEB');
  await leo.plan('Endpoint Year', 'WFS', { subscriptionType: 'annual_license' });
  await leo.plan('Trial', 'WFS', { version: 'trial', initialMonths: undefined, initialDays: 30 });
  await leo.plan('NFR', 'WFS', {
    nfr: true,
    subscriptionType: undefined,
    version: undefined,
    dataCentre: undefined,
    defaultUnits: undefined,
  });
  for (const account of ['suite', 'undone', 'year', 'trial', 'nfr', 'gone', 'later', 'web'])
    ids[`customer ${account}`] = await leo.customer(account);

  const license = async (account: string, plan: string, over: object = {}): Promise<string> => {
    const { licenses } = await leo.assign(account, plan, over);
    return (ids[account] = licenses[0]!.licenseId);
  };
  await license('suite', 'S1', { units: 25 });
  await license('undone', 'S1', { units: 25 });
  const year = await license('year', 'Endpoint Year', { units: 20 });
  const trial = await license('trial', 'Trial', { units: 5 });
  await license('nfr', 'NFR');
  const gone = await license('gone', 'Endpoint', { units: 9 });
  const later = await license('later', 'Endpoint Year', { units: 7, startsOn: '2026-06-01' });
  await license('web', 'Web', { units: 130 });

  world.setNow('2026-02-10T09:00:00Z');
  for (const account of ['suite', 'undone']) {
    const { hash } = await leo.run(previewCrossgrade, { customer: account, plan: 'S2' });
    const { crossgradeId } = await leo.run(commitCrossgrade, { customer: account, plan: 'S2', hash });
    if (account === 'undone') await leo.run(undoCrossgrade, { crossgrade: crossgradeId });
  }
  await leo.run(changeSeats, { license: year, units: 30 });
  await leo.run(changeSeats, { license: year, units: 24 });
  await leo.run(renewLicense, { license: year });
  await leo.run(suspendLicense, { license: gone });
  await leo.run(resumeLicense, { license: gone });
  world.setNow('2026-02-20T09:00:00Z');
  await leo.run(removeLicense, { license: gone });
  await leo.run(removeLicense, { license: later });

  const product = await idOf(`select id from product where sku = 'WEB'`);
  await world.given(
    new UsageDay({
      id: randomUUID(),
      partnerId: partnerIds.brightside,
      productId: product,
      customerId: ids['customer web']!,
      day: Temporal.PlainDate.from('2026-02-25'),
      provisioned: 130,
      used: 60,
    }),
  );
  world.setNow('2026-03-01T09:00:00Z');
  await world.execute(closeCycles, world.system, {});
  const february = 'brightside 2026-02';
  const review = async (who: typeof mia, decision: string, report = february) => {
    const { version } = await who.run(showReport, { report });
    await who.run(reviewReport, { report, version, decision, reason: 'It has to be so.' });
  };
  await bob.run(editReportLine, { report: february, line: 'WEB', chargeable: 50, comment: 'Seasonal staff left.' });
  const shown = await bob.run(showReport, { report: february });
  const comments = shown.lines
    .filter(({ needsComment }) => needsComment)
    .map(({ product: line }) => ({ line, comment: 'As agreed.' }));
  await bob.run(submitReport, { report: february, comments });
  await review(mia, 'question');
  await review(mia, 'reject');
  await bob.run(editReportLine, { report: february, line: 'WEB', chargeable: 55 });
  await bob.run(submitReport, { report: february });
  await review(mia, 'approve');
  world.setNow('2026-03-06T23:00:00Z');
  await world.execute(autoSubmitReports, world.system, {});

  // A trial that was over becomes full; March needs four eyes.
  world.setNow('2026-03-20T09:00:00Z');
  await leo.run(convertLicense, { license: trial, plan: 'Endpoint' });
  await world.sql(`update partner set four_eyes_above = 1 where slug = 'brightside'`);
  world.setNow('2026-04-01T09:00:00Z');
  await world.execute(closeCycles, world.system, {});
  const march = 'brightside 2026-03';
  await bob.run(submitReport, { report: march });
  await review(mia, 'approve', march);
  await review(jonas, 'approve', march);

  const channel = { platform: 'slack', workspace: 'T0TEST', channel: 'C0LICENCES', channelName: '#licences' };
  const { digestId } = await leo.run(addDigest, { ...channel, address: new ChannelAddress({ channel: 'C0LICENCES' }) });
  const about = {
    partnerId: partnerIds.brightside,
    platform: 'slack',
    lane: 'slack:T0TEST:U0LEO',
    address: {},
    createdAt: world.clock.now(),
  } as const;
  const notice = waiting({ ...about, id: randomUUID(), kind: 'post', message: { title: 'News' }, noticeKey: 'news:1' });
  await world.given(
    notice,
    new Mail({
      id: randomUUID(),
      partnerId: partnerIds.brightside,
      noticeKey: 'news:1',
      to: 'leo@brightside.example',
      subject: 'News',
      html: '',
      text: '',
      state: 'kept',
      createdAt: world.clock.now(),
    }),
    new DigestPost({
      id: randomUUID(),
      partnerId: partnerIds.brightside,
      digestId,
      slotAt: Temporal.Instant.from('2026-03-30T07:00:00Z'),
      late: false,
      outgoingId: notice.id,
      createdAt: world.clock.now(),
    }),
  );
  const suite = await idOf(`select id from product where sku = 'SPC'`);
  await world.given(
    new SuiteChange({
      id: randomUUID(),
      partnerId: partnerIds.brightside,
      productId: suite,
      before: [],
      after: [],
      openedAt: world.clock.now(),
      approvedAt: null,
      approvedBy: null,
      replacedAt: null,
      dataCentres: {},
    }),
  );
  await world.change(ServicePlan, { name: 'Waiting' }, (plan) => (plan.locked = true));

  ids['report'] = await idOf(
    `select id from usage_report where partner_id = '${partnerIds.brightside}' and cycle_from = '2026-02-01'`,
  );
  ids['march'] = await idOf(
    `select id from usage_report where partner_id = '${partnerIds.brightside}' and cycle_from = '2026-03-01'`,
  );
  ids['sakura report'] = await idOf(
    `select id from usage_report where partner_id = '${partnerIds.sakura}' and cycle_from = '2026-02-01'`,
  );
  ids['line'] = await idOf(
    `select l.id from usage_report_line l join product q on q.id = l.product_id where l.report_id = '${ids.report}' and q.sku = 'WEB'`,
  );
  for (const [name, email] of [
    ['bob', 'bob@brightside.example'],
    ['leo', 'leo@brightside.example'],
    ['olga', 'olga@fjord.example'],
    ['vera', 'vera@brightside.example'],
    ['jonas', 'jonas@northwind.example'],
    ['yuki', 'yuki@sakura.example'],
  ] as const)
    ids[name] = await idOf(`select id from person where email = '${email}'`);
  for (const [slug, id] of Object.entries(partnerIds)) ids[slug] = id;
};

beforeAll(async () => {
  world = await createWorld();
  await tellStory();
}, 60_000);
afterAll(() => world?.close());

/** As whoever owns the server could: past roles, policies, constraints and references; taken back afterwards. */
const tampered = async (name: string, statements: string): Promise<CheckVerdict> => {
  const filled = statements.replaceAll(/\$\{([^}]+)\}/g, (_, name: string) => `'${ids[name] ?? name}'`);
  let verdict: CheckVerdict | undefined;
  const undone = new Error('undone');
  await (world.database.orm.em.fork() as Em)
    .transactional(async (inner) => {
      const em = inner as Em;
      await em.execute(`set local session_replication_role = replica`);
      for (const statement of filled.split(';;')) await em.execute(statement);
      verdict = await checkInvariants(world.database.orm, world.clock.now(), {
        within: (work) => work(em),
        which: invariants.filter((each) => each.name === name),
      });
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
  return verdict!;
};

test('a story told by the doors breaks nothing', async () => {
  await expectInvariants(world);
  expect(invariants.map(({ name }) => name)).toEqual(Array.from({ length: 14 }, (_, index) => `I${index + 1}`));
});

const relax = (table: string, constraint: string): string => `alter table ${table} drop constraint ${constraint};;`;

/** What somebody with the database in his hands may do, the invariant that it breaks, and the table of the row named. */
const tamperings: readonly (readonly [invariant: string, table: string | null, statements: string])[] = [
  // I1, I2: decisions.
  ['I1', 'usage_report', `delete from usage_report_event where report_id = \${report} and kind = 'approved'`],
  [
    'I1',
    'usage_report',
    `delete from usage_report_event where id = (select id from usage_report_event where report_id = \${march} and kind = 'approved' limit 1)`,
  ],
  [
    'I1',
    'usage_report',
    `update usage_report_event set person_id = \${jonas} where report_id = \${march} and kind = 'approved'`,
  ],
  ['I1', 'usage_report', `update usage_report set status = 'rejected' where id = \${report}`],
  [
    'I1',
    'usage_report',
    `update usage_report set status = 'approved' where id = (select report_id from usage_report_event group by 1 having count(*) = 1 limit 1)`,
  ],
  [
    'I1',
    'usage_report_event',
    `update usage_report_event set person_id = \${vera} where report_id = \${report} and kind = 'approved'`,
  ],
  [
    'I1',
    'usage_report_event',
    `update usage_report_event set person_id = \${olga} where report_id = \${report} and kind = 'rejected'`,
  ],
  [
    'I1',
    'usage_report_event',
    `update usage_report_event set person_id = \${jonas} where report_id = \${report} and kind = 'approved'`,
  ],
  [
    'I1',
    'usage_report_event',
    `update usage_report_event set person_id = null where report_id = \${report} and kind = 'approved'`,
  ],
  ['I1', 'usage_report_event', `update usage_report set auto_approve_uncommented = false where id = \${sakura report}`],
  ['I1', 'usage_report', `update usage_report set four_eyes_above = 1 where id = \${report}`],
  [
    'I2',
    'usage_report_event',
    `update usage_report_event set person_id = \${bob} where report_id = \${report} and kind = 'approved'`,
  ],
  [
    'I2',
    'usage_report_event',
    `update usage_report_event set person_id = \${olga} where report_id = \${report} and kind = 'submitted'`,
  ],
  // I3: the walk.
  ['I3', 'usage_report_event', `delete from usage_report_event where report_id = \${report} and version = 3`],
  [
    'I3',
    'usage_report_event',
    `update usage_report_event set version = version + 1 where report_id = \${report} and version = (select max(version) from usage_report_event where report_id = \${report})`,
  ],
  [
    'I3',
    'usage_report_event',
    `update usage_report_event set status_after = 'completed' where report_id = \${report} and kind = 'rejected'`,
  ],
  [
    'I3',
    'usage_report_event',
    `update usage_report_event set kind = 'returned' where report_id = \${report} and kind = 'questioned'`,
  ],
  ['I3', 'usage_report', `update usage_report set version = version + 1 where id = \${report}`],
  ['I3', 'usage_report', `update usage_report set status = 'completed' where id = \${report}`],
  ['I3', 'usage_report', `update usage_report set submission = 'automatic' where id = \${report}`],
  ['I3', 'usage_report', `update usage_report set submitted_by = \${leo} where id = \${report}`],
  [
    'I3',
    'usage_report',
    `update usage_report set submitted_at = submitted_at - interval '1 day' where id = \${report}`,
  ],
  ['I3', 'usage_report', `delete from usage_report_event where report_id = \${march}`],
  // I4: totals.
  ['I4', 'usage_report_line', `update usage_report_line set amount_minor = amount_minor + 1 where id = \${line}`],
  ['I4', 'usage_report_line', `update usage_report_line set unit_price = unit_price + 1 where id = \${line}`],
  [
    'I4',
    'usage_report_line',
    `update usage_report_line set amount_minor = null, unit_price = null where id = \${line}`,
  ],
  ['I4', 'usage_report_line', `update usage_report_line set chargeable = chargeable - 1 where id = \${line}`],
  ['I4', 'usage_report_line', `update usage_report_line set comment = 'Something else.' where id = \${line}`],
  ['I4', null, `delete from usage_report_line where id = \${line}`],
  [
    'I4',
    'usage_report_line',
    `insert into usage_report_line select (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid(), 'version', 'trial', 'chargeable', 0, 'proposed', 0, 'edited', false, 'comment', null, 'unit_price', null, 'amount_minor', null))).* from usage_report_line l where l.id = \${line}`,
  ],
  // I5: chargeable, comments.
  [
    'I5',
    'usage_report_line',
    `${relax('usage_report_line', 'usage_report_line_chargeable')}update usage_report_line set chargeable = provisioned + 1 where id = \${line}`,
  ],
  [
    'I5',
    'usage_report_line',
    `${relax('usage_report_line', 'usage_report_line_edit_has_comment')}update usage_report_line set comment = null where id = \${line}`,
  ],
  ['I5', 'usage_report_line', `update usage_report_line set comment = 'x' where id = \${line}`],
  ['I5', 'usage_report_line', `update usage_report_line set edited = false where id = \${line}`],
  ['I5', 'usage_report_line', `update usage_report_line set proposed = proposed - 1 where id = \${line}`],
  [
    'I5',
    'usage_report_line',
    `update usage_report_line set used_within = 0, proposed = 0 where used is null and version = 'full' and report_id = \${report}`,
  ],
  ['I5', 'usage_report_line', `update usage_report_line set penalty = 3 where id = \${line}`],
  [
    'I5',
    'usage_report_line',
    `update usage_report_line set edited = false, chargeable = proposed, comment = null where id = \${line}`,
  ],
  // I6: ledger and units.
  ['I6', 'license', `update license set units = units + 1 where id = \${suite}`],
  ['I6', 'license', `update license set units = 3 where id = \${gone}`],
  ['I6', 'license', `update license set removed_on = null where id = \${gone}`],
  ['I6', 'license', `update license set removed_on = date '2026-03-09' where id = \${gone}`],
  ['I6', 'license', `update license set removed_on = date '2026-02-05' where id = \${gone}`],
  ['I6', 'license', `update license set removed_on = date '2026-03-09', units = 0 where id = \${suite}`],
  [
    'I6',
    'license',
    `${relax('customer_transaction', 'customer_transaction_adds_up')}update customer_transaction set delta = delta + 1 where license_id = \${suite} and reason = 'assign'`,
  ],
  [
    'I6',
    'license',
    `update customer_transaction set delta = delta + 1, units_after = units_after + 1 where license_id = \${suite} and reason = 'assign'`,
  ],
  ['I6', 'license', `delete from customer_transaction where license_id = \${suite} and reason = 'assign'`],
  ['I6', 'license', `delete from customer_transaction where license_id = \${year} and reason = 'seats'`],
  ['I6', 'license', `delete from customer_transaction where license_id = \${nfr}`],
  [
    'I6',
    'license',
    `update customer_transaction set effective_on = date '2027-01-01' where license_id = \${suite} and reason = 'crossgrade'`,
  ],
  [
    'I6',
    'customer_transaction',
    `update customer_transaction set units_before = units_before + 100, units_after = units_after + 100 where license_id = \${year} and reason = 'seats'`,
  ],
  [
    'I6',
    'customer_transaction',
    `update customer_transaction set units_before = 4, units_after = 4 where license_id = \${gone} and reason = 'resumption'`,
  ],
  ['I6', 'money_line', `update money_line set effective_on = effective_on + 40 where license_id = \${year}`],
  // I7: two of one product.
  ['I7', 'license', `update license set customer_id = \${customer undone} where id = \${suite}`],
  [
    'I7',
    'license',
    `insert into license select (jsonb_populate_record(l, jsonb_build_object('id', gen_random_uuid()))).* from license l where id = \${web}`,
  ],
  // I8: NFR.
  ['I8', 'license', `update license set units = units + 1 where id = \${nfr}`],
  ['I8', 'license', `update license set units_at_renewal = 1 where id = \${nfr}`],
  ['I8', 'license', `update license set auto_renewal = false where id = \${nfr}`],
  [
    'I8',
    'license',
    `update license set starts_on = starts_on - 10, terms = jsonb_set(terms, '{0,startsOn}', to_jsonb((starts_on - 10)::text)) where id = \${nfr}`,
  ],
  [
    'I8',
    'license',
    `update license set ends_on = ends_on + 31, terms = jsonb_set(terms, '{0,endsOn}', to_jsonb((ends_on + 31)::text)) where id = \${nfr}`,
  ],
  ['I8', 'license', `update license set version = 'nfr' where id = \${web}`],
  ['I8', 'service_plan', `update service_plan set settings = jsonb_set(settings, '{initialMonths}', '24') where nfr`],
  ['I8', 'service_plan', `update service_plan set nfr = false where nfr`],
  // I9: terms.
  ['I9', 'license', `update license set terms = jsonb_set(terms, '{1,startsOn}', '"2026-12-01"') where id = \${year}`],
  ['I9', 'license', `update license set terms = jsonb_set(terms, '{1,startsOn}', '"2027-03-01"') where id = \${year}`],
  ['I9', 'license', `update license set terms = jsonb_set(terms, '{0,endsOn}', '"2027-01-15"') where id = \${year}`],
  ['I9', 'license', `update license set ends_on = ends_on + 1 where id = \${web}`],
  ['I9', 'license', `update license set starts_on = starts_on + 1 where id = \${web}`],
  [
    'I9',
    'license',
    `update license set ends_on = ends_on + 30, terms = jsonb_set(terms, '{0,endsOn}', to_jsonb((ends_on + 30)::text)) where id = \${web}`,
  ],
  ['I9', 'license', `update license set terms = '[]' where id = \${web}`],
  ['I9', 'license', `update license set terms = '{"no":"terms"}' where id = \${web}`],
  ['I9', 'license', `update license set terms = jsonb_set(terms, '{0,endsOn}', '"2027-02-31"') where id = \${web}`],
  ['I9', 'license', `update license set terms = jsonb_set(terms, '{0,startsOn}', 'null') where id = \${web}`],
  [
    'I9',
    'license',
    `update license set terms = terms - 0, starts_on = (terms -> 1 ->> 'startsOn')::date + 1 where id = \${year}`,
  ],
  ['I6', 'the database', `update partner set time_zone = 'Nowhere/Land'`],
  // I10, I11: messages.
  [
    'I10',
    'outgoing',
    `drop index outgoing_notice_unique;;insert into outgoing select (jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid(), 'position', 9999))).* from outgoing o where notice_key = 'news:1'`,
  ],
  [
    'I10',
    'mail',
    `alter table mail drop constraint mail_notice_unique;;insert into mail select (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid()))).* from mail m where notice_key = 'news:1'`,
  ],
  [
    'I10',
    'mail',
    `insert into mail select (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), 'to', upper("to")))).* from mail m where notice_key = 'news:1'`,
  ],
  [
    'I11',
    'digest_post',
    `alter table digest_post drop constraint digest_post_slot_unique;;insert into digest_post select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'outgoing_id', null))).* from digest_post d`,
  ],
  [
    'I11',
    'digest_post',
    `insert into digest_post select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'slot_at', slot_at + interval '7 days'))).* from digest_post d`,
  ],
  [
    'I11',
    'digest_post',
    `insert into digest_post select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'outgoing_id', null, 'slot_at', slot_at + interval '1 second'))).* from digest_post d`,
  ],
  // I12: whose row it is.
  ['I12', null, `update license set partner_id = \${sakura} where id = \${web}`],
  ['I12', null, `update usage_report_line set partner_id = \${sakura} where id = \${line}`],
  ['I12', null, `update customer set partner_id = \${sakura} where id = \${customer nfr}`],
  ...[
    'customer_transaction',
    'money_line',
    'plan_assignment',
    'crossgrade',
    'usage_day',
    'usage_report_event',
    'digest_post',
    'digest',
    'linked_identity',
    'service_plan',
  ].map(
    (table) => ['I12', null, `update ${table} set partner_id = \${fjord} where partner_id = \${brightside}`] as const,
  ),
  ['I12', 'license', `update license set customer_id = \${customer nfr} where id = \${web}`],
  [
    'I12',
    'customer_transaction',
    `update customer_transaction set product_id = (select id from product where sku = 'MOB') where license_id = \${web}`,
  ],
  ['I12', 'money_line', `update money_line set customer_id = \${customer web} where license_id = \${year}`],
  ['I12', 'customer', `update customer set tier_one_id = \${fjord} where id = \${customer web}`],
  ['I12', 'customer_transaction', `delete from license where id = \${web}`],
  [
    'I12',
    'partner',
    `update partner set parent_id = \${fjord} where slug = 'sakura';;update partner set parent_id = \${brightside} where slug = 'sakura'`,
  ],
  // I13: the chain, and what it tells of.
  ['I13', 'audit_entry', `update audit_entry set input = '{}' where partner_id = \${brightside} and sequence = 5`],
  [
    'I13',
    'audit_entry',
    `update audit_entry set person_id = \${bob} where partner_id = \${brightside} and sequence = 5`,
  ],
  [
    'I13',
    'audit_entry',
    `update audit_entry set written = '{"usage_report_event":5}' where partner_id = \${brightside} and sequence = 2`,
  ],
  [
    'I13',
    'audit_entry',
    `update audit_entry set written = null where id = (select id from audit_entry where written is not null limit 1)`,
  ],
  ['I13', 'audit_entry', `delete from audit_entry where partner_id = \${brightside} and sequence = 5`],
  [
    'I13',
    'audit_entry',
    `update audit_entry set sequence = -1 where partner_id = \${brightside} and sequence = 5;;update audit_entry set sequence = 5 where partner_id = \${brightside} and sequence = 6;;update audit_entry set sequence = 6 where partner_id = \${brightside} and sequence = -1`,
  ],
  ['I13', 'audit_entry', `delete from audit_entry where partner_id = \${brightside} and sequence > 20`],
  ['I13', 'audit_entry', `delete from audit_entry where partner_id is null`],
  ['I13', 'audit_entry', `truncate audit_entry`],
  ['I13', 'audit_entry', `delete from audit_head where chain = \${brightside}`],
  ['I13', 'audit_entry', `delete from audit_head where chain = 'system'`],
  ['I13', null, `truncate audit_entry;;truncate audit_head`],
  [
    'I13',
    null,
    `delete from audit_entry where partner_id = \${brightside} and sequence > 20;;delete from audit_head where chain = \${brightside}`,
  ],
  [
    'I13',
    'money_line',
    `update money_line set amount_minor = amount_minor + 1 where id = (select id from money_line order by id limit 1)`,
  ],
  [
    'I13',
    'money_line',
    `update money_line set kind = 'credit' where id = (select id from money_line order by id limit 1)`,
  ],
  ['I13', 'money_line', `delete from money_line where id = (select id from money_line order by id limit 1)`],
  [
    'I13',
    'money_line',
    `insert into money_line select (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid()))).* from money_line m where id = (select id from money_line order by id limit 1)`,
  ],
  [
    'I13',
    'customer_transaction',
    `update customer_transaction set reason = 'other' where license_id = \${suite} and reason = 'crossgrade'`,
  ],
  [
    'I13',
    'customer_transaction',
    `update customer_transaction set at = at - interval '1 microsecond' where license_id = \${suite} and reason = 'crossgrade'`,
  ],
  ['I13', 'customer_transaction', `delete from customer_transaction where license_id = \${gone} and delta = 0`],
  ['I13', 'license', `update license set version = 'trial' where id = \${web}`],
  ['I13', 'license', `update license set subscription_type = 'annual_license' where id = \${web}`],
  ['I13', 'license', `update license set suspended = not suspended where id = \${suite}`],
  ['I13', 'license', `update license set units_at_renewal = 1 where id = \${year}`],
  ['I13', 'license', `update license set grace_days = grace_days + 1 where id = \${web}`],
  ['I13', 'license', `update license set auto_renewal = not auto_renewal where id = \${year}`],
  ['I13', 'license', `update license set settled_on = date '2999-01-01' where id = \${year}`],
  ['I13', 'license', `update license set data_centre = 'Elsewhere' where id = \${web}`],
  ['I13', 'license', `update license set terms = jsonb_set(terms, '{0,yearlyPrice}', '"0.01"') where id = \${year}`],
  ['I13', 'license', `delete from license where id = \${web}`],
  ['I13', 'plan_assignment', `update plan_assignment set units = units + 1`],
  ['I13', 'plan_assignment', `update plan_assignment set settings = jsonb_set(settings, '{renewalMonths}', '1')`],
  [
    'I13',
    'service_plan',
    `update service_plan set settings = jsonb_set(settings, '{graceDays}', '99') where name = 'Web'`,
  ],
  ['I13', 'service_plan', `update service_plan set default_units = 77 where name = 'Web'`],
  ['I13', 'customer', `update customer set company = 'Another' where id = \${customer web}`],
  ['I13', 'product', `update product set credits_per_unit = '9' where sku = 'WFS'`],
  ['I13', 'price', `update price set price = '0.01' where id = (select id from price order by id limit 1)`],
  ['I13', 'suite_change', `update suite_change set opened_at = opened_at - interval '1 hour'`],
  ['I13', 'crossgrade', `update crossgrade set at = at - interval '1 day'`],
  ['I13', 'usage_report', `update usage_report set due_on = due_on + 1 where id = \${report}`],
  [
    'I13',
    'usage_report_line',
    `update usage_report_line set used_within = used_within + 1 where report_id = \${report}`,
  ],
  [
    'I13',
    'usage_report_event',
    `update usage_report_event set reason = 'It was otherwise.' where report_id = \${report} and kind = 'rejected'`,
  ],
  // I14: suites.
  ['I14', 'service_plan', `update service_plan set locked = false where name = 'Waiting'`],
  ['I14', 'service_plan', `update service_plan set locked = true where name = 'Web'`],
  ['I14', 'service_plan', `delete from suite_change`],
  ['I14', 'service_plan', `update suite_change set approved_at = opened_at`],
  [
    'I14',
    'suite_change',
    `drop index suite_change_waiting_unique;;insert into suite_change select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid()))).* from suite_change s`,
  ],
];

// The auditor is the same on both databases; one is enough, and the other needs its owner to be a superuser.
describe.skipIf(isPostgres)('hand-written SQL is found', () => {
  test.each(tamperings)('%s: %s: %s', async (name, table, statements) => {
    const { broken } = await tampered(name, statements);
    expect(broken).toMatchObject([{ invariant: name, what: expect.stringMatching(/\w/), ...(table && { table }) }]);
  });
});
