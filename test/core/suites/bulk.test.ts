import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { execLine } from '../../../src/cli/exec.ts';
import type { Execute } from '../../../src/core/use-case.ts';
import { License } from '../../../src/core/licenses/license.ts';
import { resumeCustomer, suspendCustomer } from '../../../src/core/customers/suspend-customer.ts';
import {
  acceptNext,
  beginSuiteAcceptance,
  suiteAcceptanceProgress,
  wakeAcceptances,
  type AcceptanceProgress,
} from '../../../src/core/suites/accept-suite-change.ts';
import { listSuiteCustomers, type SuiteCustomer } from '../../../src/core/suites/list-suite-changes.ts';
import { createSuiteAcceptanceJob } from '../../../src/jobs/suite-acceptance.ts';
import { expectInvariants } from '../../support/invariants.ts';
import { emptied, manyOn, parts, suite, suiteScript } from '../../support/suites.ts';
import { createWorld, partnerIds, type World } from '../../support/world.ts';

let world: World;
let as: ReturnType<typeof suiteScript>;
const many = 220;

beforeAll(async () => {
  world = await createWorld();
  as = suiteScript(world, 'lise@brightside.example');
});
afterAll(() => world.close());
beforeEach(async () => {
  await emptied(world);
  world.setNow('2026-03-05T09:00:00Z');
  await as.take(...parts(), suite('S', ['A', 'B']));
  await as.plan('One', 'S');
  await manyOn(world, 'One', many);
  await as.take(suite('S', ['A', 'C']));
  await as.approve('S');
  world.jobs.splice(0);
});

const pictures: { progress: AcceptanceProgress; failed: readonly SuiteCustomer[] }[] = [];
const acceptanceCard = {
  failures: 20,
  draw: (progress: AcceptanceProgress, failed: readonly SuiteCustomer[]) => {
    pictures.push({ progress, failed });
    return { title: progress.suiteName, blocks: [] };
  },
};
const runJob = (execute: Execute = world.execute) => {
  const job = world.jobs.findLast(({ name }) => name === 'suite_acceptance');
  if (!job) throw new Error('nothing was queued');
  return createSuiteAcceptanceJob({ execute, acceptanceCard })('job', job.data as never);
};
/** Licences of the added product by customer: never two. */
const givenTwice = async (): Promise<number> => {
  const [row] = await world.sql<{ n: number }>(
    `select count(*)::int as n from (select 1 from license l join product p on p.id = l.product_id
      where p.sku = 'C' group by l.customer_id having count(*) > 1) x`,
  );
  return row?.n ?? 0;
};

describe('more than two hundred customers', () => {
  test('one line of a script takes all of them over, save the exceptions, and names who failed', async () => {
    for (const account of ['many-7', 'many-8']) await as.run(suspendCustomer, { customer: account });
    const door = {
      execute: () => world.execute,
      isForPlay: async () => true,
      defect: (error: unknown) => {
        throw error;
      },
    };
    const line = {
      id: 'accept',
      as: 'lise@brightside.example',
      do: 'suite accept',
      input: { change: 'S', except: ['many-1', 'MANY-2'] },
    };
    const answer = await execLine(JSON.stringify(line), door);
    expect(answer).toMatchObject({
      ok: true,
      result: {
        accepted: many - 4,
        failed: ['many-7', 'many-8'].map((customer) => ({
          customer,
          code: 'license.customer_suspended',
          message: `Company ${customer} is suspended: nothing can be assigned until it is resumed.`,
        })),
      },
    });
    // The same line again is answered, and does nothing.
    expect(await execLine(JSON.stringify(line), door)).toEqual(answer);
    expect(await givenTwice()).toBe(0);
    expect(await as.changes()).toMatchObject([{ status: 'approved', left: 4, accepted: many - 4, failed: 2 }]);
    await as.run(resumeCustomer, { customer: 'many-7' });
    expect(await as.accept('S', { except: ['many-1'] })).toMatchObject({
      accepted: 2,
      failed: [{ customer: 'many-8' }],
    });
    // The copies' rows stand in no audit entry.
    await expectInvariants(world, { except: ['I13'] });
  });

  test('in the background: what a kill leaves is queued, the next run does the rest, and nothing twice', async () => {
    await as.run(suspendCustomer, { customer: 'many-3' });
    expect(await as.run(beginSuiteAcceptance, { change: 'S', except: ['many-5'] })).toMatchObject({ queued: many - 1 });
    let portions = 0;
    const killed: Execute = (useCase, caller, input) => {
      if ((useCase as { name: string }).name === acceptNext.name && ++portions > 3) throw new Error('killed');
      return world.execute(useCase, caller, input);
    };
    await expect(runJob(killed)).rejects.toThrow('killed');
    expect(await as.run(suiteAcceptanceProgress, { change: 'S' })).toMatchObject({
      total: many - 1,
      queued: many - 16,
      left: many - 15,
    });
    // Its job is lost; the minute finds the rows.
    world.jobs.splice(0);
    expect(await world.execute(wakeAcceptances, world.system, {})).toEqual({ woken: 1 });
    pictures.splice(0);
    await runJob();
    expect(pictures.at(-1)).toMatchObject({
      progress: { total: many - 1, queued: 0, accepted: many - 2, failed: 1, left: 2 },
      failed: [{ customer: 'many-3', failure: { code: 'license.customer_suspended' } }],
    });
    expect(await givenTwice()).toBe(0);
    expect(await world.execute(wakeAcceptances, world.system, {})).toEqual({ woken: 0 });
    const rows = await world.sql<{ n: number; people: number }>(
      `select count(*)::int as n, count(distinct person_id)::int as people from customer_transaction
        where type = 'Suite Composition Change'`,
    );
    expect(rows).toEqual([{ n: 2 * (many - 2), people: 1 }]);

    // Who failed is tried again by queueing what is left.
    await as.run(resumeCustomer, { customer: 'many-3' });
    world.setNow('2026-03-05T09:01:00Z');
    expect(await as.run(beginSuiteAcceptance, { change: 'S', again: true })).toMatchObject({ queued: 1 });
    await runJob();
    expect(pictures.at(-1)).toMatchObject({ progress: { total: 1, accepted: 1, failed: 0, left: 1 }, failed: [] });
    await expect(as.run(beginSuiteAcceptance, { change: 'S', except: ['many-5'] })).rejects.toMatchObject({
      code: 'suite.nobody_left',
    });
    // The copies' rows stand in no audit entry.
    await expectInvariants(world, { except: ['I13'] });
  });

  test('whoever may not do it any more takes nobody over: what he queued is given up', async () => {
    await as.run(beginSuiteAcceptance, { change: 'S' });
    await world.sql(`update person set roles = array['viewer'] where email = 'lise@brightside.example'`);
    await runJob();
    await world.sql(`update person set roles = array['licensing'] where email = 'lise@brightside.example'`);
    expect(await as.changes()).toMatchObject([{ queued: 0, accepted: 0, failed: many, left: many }]);
    const { items } = await as.run(listSuiteCustomers, { change: 'S', status: 'failed', size: 1 });
    expect(items).toMatchObject([{ failure: { code: 'suite.right_lost' }, hindrance: null }]);
  });

  test('a newer composition ends what was queued for the older one', async () => {
    await as.run(beginSuiteAcceptance, { change: 'S' });
    await as.take(suite('S', ['A', 'D']));
    await runJob();
    expect((await as.changes()).map(({ status, left, failed }) => [status, left, failed])).toEqual([
      ['waiting', many, 0],
      ['replaced', 0, many],
    ]);
    expect(await world.all(License, { partnerId: partnerIds.brightside })).toHaveLength(2 * many);
  });

  test('lists them in pages, by name and by how they stand', async () => {
    await as.accept('S', { customers: ['many-10', 'many-11'] });
    const list = (input: object) => as.run(listSuiteCustomers, { change: 'S', ...input });
    expect(await list({ status: 'open', page: 2 })).toMatchObject({ total: many - 2, pages: 22, page: 2 });
    expect((await list({ status: 'accepted' })).items.map(({ customer }) => customer)).toEqual(['many-10', 'many-11']);
    expect((await list({ search: 'many-10' })).items.map(({ customer, status }) => [customer, status])).toEqual([
      ['many-10', 'accepted'],
      ...Array.from({ length: 9 }, (_, n) => [`many-10${n}`, 'left']),
    ]);
    await expect(
      suiteScript(world, 'yuki@sakura.example').run(listSuiteCustomers, { change: randomUUID() }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});
