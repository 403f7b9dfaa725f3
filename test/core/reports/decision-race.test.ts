import { afterAll, beforeAll, expect, test } from 'vitest';
import { Refusal } from '../../../src/core/errors.ts';
import { closeCycles } from '../../../src/core/reports/close-cycles.ts';
import { reviewReport } from '../../../src/core/reports/review-report.ts';
import { showReport } from '../../../src/core/reports/show-report.ts';
import { submitReport } from '../../../src/core/reports/submit-report.ts';
import { refusalText } from '../../../src/texts/refusal-text.ts';
import { createGround } from '../../support/reports.ts';
import { createWorld, isPostgres, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.sql(`update partner set created_at = '2026-02-02T00:00:00Z', auto_approve_uncommented = false`);
  const ground = await createGround(world);
  const product = await ground.product('RACE');
  await ground.price(product, '1.00');
  const customer = await ground.customer('race');
  await ground.license({ customer, product });
  await world.execute(closeCycles, world.system, {});
  await world.execute(submitReport, await world.as('leo@brightside.example'), { report: '2026-02' });
});
afterAll(() => world?.close());

test('of 200 decisions at once one wins, and 199 people read who decided and when', { timeout: 60_000 }, async () => {
  world.setNow('2026-03-05T09:02:00Z');
  const report = 'brightside 2026-02';
  const people = ['mia@northwind.example', 'jonas@northwind.example', 'ada@northwind.example'];
  const callers = await Promise.all(Array.from({ length: 200 }, (_, index) => world.as(people[index % 3]!)));
  const decide = (caller: (typeof callers)[number], index: number) =>
    world.execute(reviewReport, caller, {
      report,
      version: 2,
      decision: index % 2 === 0 ? 'approve' : 'reject',
      reason: 'A reason',
    });

  const outcomes = await Promise.allSettled(callers.map(decide));

  const won = outcomes.filter(({ status }) => status === 'fulfilled');
  expect(won).toHaveLength(1);
  const after = await world.execute(showReport, callers[0]!, { report });
  const [decision] = after.history.filter(({ kind }) => kind === 'approved' || kind === 'rejected');
  expect(after.history.map(({ version }) => version)).toEqual([1, 2, 3]);
  const texts = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' && outcome.reason instanceof Refusal ? [refusalText(outcome.reason)] : [],
  );
  expect(texts).toHaveLength(199);
  expect(new Set(texts)).toEqual(new Set([`${decision!.by} ${decision!.kind} this report on 5 Mar 2026, 10:02.`]));
  expect(world.jobs.filter(({ data }) => (data as { topic?: string }).topic === 'report.decided')).toHaveLength(1);
});

test('the same delivery several times at once decides once and answers alike', async () => {
  const ground = await createGround(world);
  const product = await ground.product('RACE-2');
  const customer = await ground.customer('race-2');
  await ground.price(product, '1.00');
  await ground.license({ customer, product });
  world.setNow('2026-04-02T09:00:00Z');
  await world.execute(closeCycles, world.system, {});
  await world.execute(submitReport, await world.as('leo@brightside.example'), { report: '2026-03' });
  const caller = await world.as('mia@northwind.example', 'one-click');
  const once = () =>
    world.execute(reviewReport, caller, { report: 'brightside 2026-03', version: 2, decision: 'approve' });
  // PGlite has one connection: there they can only come one after the other.
  const answers = isPostgres ? await Promise.all(Array.from({ length: 8 }, once)) : [await once(), await once()];
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]!.history.map(({ kind }) => kind)).toEqual(['created', 'submitted', 'approved']);
});
