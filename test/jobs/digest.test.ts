import exceljs from 'exceljs';
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { digestsFeature, drawDigest } from '../../src/bot/features/digests.ts';
import { SendFailure, type FileToSend, type Sender } from '../../src/bot/sender.ts';
import type { Message } from '../../src/bot/view.ts';
import type { Product } from '../../src/core/catalog/product.ts';
import { addDigest } from '../../src/core/digests/add-digest.ts';
import { ChannelAddress } from '../../src/core/digests/channel-address.ts';
import { DigestPost } from '../../src/core/digests/digest.ts';
import { runDigests } from '../../src/core/digests/run-digests.ts';
import { CustomerTransaction } from '../../src/core/licenses/customer-transaction.ts';
import { Mail } from '../../src/core/messages/mail.ts';
import { Outgoing } from '../../src/core/messages/outgoing.ts';
import { StoredFile } from '../../src/core/messages/stored-file.ts';
import { PlanAssignment } from '../../src/core/plans/plan-assignment.ts';
import { ServicePlan } from '../../src/core/plans/service-plan.ts';
import { UsageReport, UsageReportLine } from '../../src/core/reports/usage-report.ts';
import { queues } from '../../src/jobs/queues.ts';
import { createTick } from '../../src/jobs/minute.ts';
import { createJobHandlers, startWorkers, type JobHandlers, type WorkerParts } from '../../src/jobs/worker.ts';
import { createExecute } from '../../src/core/use-case.ts';
import { createBoss, enqueueWith, startBoss } from '../../src/storage/boss.ts';
import { createGround, type Ground } from '../support/reports.ts';
import { createWorld, partnerIds, type World } from '../support/world.ts';

let world: World;
let ground: Ground;
const day = (text: string): Temporal.PlainDate => Temporal.PlainDate.from(text);
const log = { info: () => {}, warn: () => {}, error: () => {} };
const slot = '2026-03-09T08:00:00Z';

interface Seen {
  readonly posts: { readonly to: Readonly<Record<string, string>>; readonly message: Message }[];
  readonly files: { readonly file: FileToSend; readonly comment: string }[];
}
const slack = (refuse: (to: Readonly<Record<string, string>>) => boolean = () => false) => {
  const seen: Seen = { posts: [], files: [] };
  const sender: Sender = {
    async post(to, message) {
      if (refuse(to)) throw new SendFailure('not_in_channel', { permanent: true });
      seen.posts.push({ to, message });
      return { messageId: `m${seen.posts.length}` };
    },
    async update() {},
    async file(to, file, comment) {
      if (refuse(to)) throw new SendFailure('not_in_channel', { permanent: true });
      seen.files.push({ file, comment });
      return { messageId: `f${seen.files.length}` };
    },
    privateAddress: async ({ userId }) => ({ channel: `D-${userId}` }),
    channelOf: async () => null,
  };
  return { sender, seen };
};
const partsFor = (sender: Sender, over: Partial<WorkerParts> = {}): WorkerParts => ({
  execute: world.execute,
  notices: digestsFeature.notices ?? [],
  senders: { slack: sender, teams: sender },
  links: { urlOf: (fileId) => `https://desk.example/files/${fileId}` },
  letterbox: null,
  drawDigest,
  importCard: { draw: ({ fileName }) => ({ title: fileName, blocks: [] }), faults: 10 },
  acceptanceCard: { draw: ({ suiteName }) => ({ title: suiteName, blocks: [] }), failures: 10 },
  now: () => world.clock.now(),
  realTime: () => Temporal.Instant.from('2026-11-24T12:00:00Z'),
  log,
  ...over,
});

/** Does the jobs that were queued, in order, until none is left. */
const work = async ({ handle }: JobHandlers): Promise<void> => {
  for (let job = world.jobs.shift(); job; job = world.jobs.shift())
    await handle[job.name](randomUUID(), job.data as never, true);
};

const subscribe = async (): Promise<string> => {
  const { digestId } = await world.execute(addDigest, await world.as('leo@brightside.example'), {
    platform: 'slack',
    workspace: 'T0TEST',
    channel: 'C0LICENCES',
    channelName: '#licences',
    address: new ChannelAddress({ channel: 'C0LICENCES' }),
  });
  return digestId;
};

const planOf = async (product: Product, name: string): Promise<ServicePlan> => {
  const plan = new ServicePlan({
    id: randomUUID(),
    partnerId: partnerIds.brightside,
    name,
    enabled: true,
    locked: false,
    productId: product.id,
    subscriptionType: 'monthly_plan',
    nfr: false,
    version: 'full',
    unitType: 'seat',
    trialForm: false,
    defaultUnits: 25,
    settings: {
      activation: 'immediately',
      dataCentre: null,
      remoteManager: false,
      initialMonths: 12,
      initialDays: null,
      autoRenewal: true,
      renewalMonths: 12,
      notifyDays: [30],
      graceDays: 30,
    },
    createdAt: Temporal.Instant.from('2025-01-01T00:00:00Z'),
  });
  await world.given(plan);
  return plan;
};

beforeAll(async () => {
  world = await createWorld();
  ground = await createGround(world);
  // A suite of two, 25 seats at 1.6 credits; its licences carry the suite's credits once.
  const mail = await ground.product('MAIL', { name: 'Mail', creditsPerUnit: '0.4' });
  const endpoint = await ground.product('END', { name: 'Endpoint', creditsPerUnit: '1.2', usageBasis: 'peak_day' });
  const suite = await ground.product('SUITE', {
    name: 'Suite',
    kind: 'suite',
    creditsPerUnit: '1.6',
    componentIds: [mail.id, endpoint.id],
  });
  const plan = await planOf(suite, 'Suite 25');
  const acme = await ground.customer('acme', 'brightside', { company: '=HYPERLINK("x") & Söhne', country: 'DE' });
  const assignment = new PlanAssignment({
    id: randomUUID(),
    partnerId: partnerIds.brightside,
    customerId: acme.id,
    planId: plan.id,
    status: 'active',
    units: 25,
    startsOn: day('2025-06-01'),
    composition: [mail.id, endpoint.id],
    settings: plan.settings,
    createdAt: Temporal.Instant.from('2025-06-01T00:00:00Z'),
  });
  await world.given(assignment);
  const bundled = { assignmentId: assignment.id, planId: plan.id, autoRenewal: true };
  await ground.license({ customer: acme, product: endpoint, units: 25, over: bundled });
  await ground.license({ customer: acme, product: mail, units: 25, over: bundled });
  await ground.usage(acme, mail, '2026-02-01', [
    [24, 10],
    [20, 18],
  ]);
  await ground.usage(acme, endpoint, '2026-02-01', [
    [20, 19],
    [25, 11],
  ]);
  await ground.usage(acme, mail, '2026-03-01', [[99, 99]]);
  // Unbundled, seats raised after the slot; and a customer with nothing.
  const beta = await ground.customer('beta', 'brightside', { company: 'Beta' });
  const raised = await ground.license({ customer: beta, product: mail, units: 10, over: { units: 12 } });
  await world.given(
    new CustomerTransaction({
      id: randomUUID(),
      at: Temporal.Instant.from('2026-03-10T08:00:00Z'),
      effectiveOn: day('2026-03-10'),
      partnerId: partnerIds.brightside,
      customerId: beta.id,
      licenseId: raised.id,
      productId: mail.id,
      planBeforeId: null,
      planAfterId: null,
      type: 'License change',
      reason: 'seats',
      unitsBefore: 10,
      delta: 2,
      unitsAfter: 12,
      termBefore: null,
      termAfter: null,
      personId: null,
      requestId: 'r',
    }),
  );
  await ground.customer('empty', 'brightside', { company: 'Empty', status: 'suspended' });
  const gone = await ground.customer('gone', 'brightside', { company: 'Gone' });
  await ground.license({ customer: gone, product: mail, from: '2024-01-01', to: '2025-01-01' });
  const elsewhere = await ground.customer('elsewhere', 'sakura', { company: 'Elsewhere' });
  await ground.license({ customer: elsewhere, product: mail, units: 1000 });
  const report = new UsageReport({
    id: randomUUID(),
    partnerId: partnerIds.sakura,
    cycleFrom: day('2026-02-01'),
    cycleTo: day('2026-03-01'),
    status: 'under_review',
    submission: 'manual',
    version: 2,
    dueOn: day('2026-03-06'),
    autoSubmitDays: 5,
    overProvisionThresholdPct: 20,
    autoApproveUncommented: true,
    fourEyesAbove: null,
    currency: 'JPY',
    submittedBy: null,
    submittedAt: null,
    createdAt: Temporal.Instant.from('2026-03-01T00:00:00Z'),
  });
  await world.given(report);
  await world.given(
    new UsageReportLine({
      id: randomUUID(),
      partnerId: partnerIds.sakura,
      reportId: report.id,
      productId: mail.id,
      version: 'full',
      unitType: 'seat',
      provisioned: 5000,
      used: 4000,
      usedWithin: 4000,
      proposed: 4000,
      chargeable: 4000,
      edited: false,
      penalty: 0,
      comment: null,
      mark: null,
      unitPrice: null,
      amountMinor: null,
    }),
  );
});
afterAll(() => world?.close());

beforeEach(async () => {
  await world.sql('delete from digest_post');
  await world.sql('delete from outgoing');
  await world.sql('delete from stored_file');
  await world.sql('delete from digest');
  await world.sql('delete from channel_claim');
  await world.sql('delete from mail');
  world.setNow('2026-03-05T09:00:00Z');
  world.jobs.length = 0;
});

const rowsOf = async (bytes: Uint8Array): Promise<unknown[][]> => {
  const workbook = new exceljs.Workbook();
  await workbook.xlsx.load(Buffer.from(bytes) as never);
  const rows: unknown[][] = [];
  workbook.worksheets[0]!.eachRow({ includeEmpty: true }, (row) => {
    rows.push(Array.from({ length: 20 }, (_, index) => row.getCell(index + 1).value));
  });
  return rows;
};

describe('a digest at its slot', () => {
  test('posts the dashboard with a picture, then the customer summary as a file', async () => {
    const digestId = await subscribe();
    world.setNow(slot);
    await world.execute(runDigests, world.system, {});
    const { sender, seen } = slack();
    await work(createJobHandlers(partsFor(sender)));

    expect(seen.posts).toHaveLength(1);
    const { message, to } = seen.posts[0]!;
    expect(to).toEqual({ channel: 'C0LICENCES' });
    expect(message.title).toBe('License summary, 9 Mar 2026');
    const facts = message.blocks.flatMap((block) => (block.kind === 'facts' ? block.facts : []));
    expect(Object.fromEntries(facts.map(({ label, value }) => [label, value]))).toMatchObject({
      'Enabled customers': '3',
      'Open licenses': '3',
      'By status': 'Active 3',
      Units: '60',
      Credits: '44 credits',
      // Its own alone: the other partner's report of that cycle is none of this channel's business.
      'Usage in Feb 2026': '29 used of 49 provisioned',
    });
    const image = message.blocks.find((block) => block.kind === 'image');
    const chart = await world.stored(StoredFile, image?.kind === 'image' ? image.fileId : '');
    expect(Buffer.from(chart.bytes.subarray(1, 4)).toString()).toBe('PNG');

    expect(seen.files).toHaveLength(1);
    expect(seen.files[0]!.file.name).toBe('seatwise-customers-brightside-2026-02.xlsx');
    const rows = await rowsOf(seen.files[0]!.file.bytes);
    const brief = rows.slice(1).map((row) => [row[0], row[7], row[8], row[11], row[15], row[17], row[18], row[19]]);
    expect(brief).toEqual([
      // The suite's credits stand on its first component; its peaks by each product's basis, of February alone.
      ['=HYPERLINK("x") & Söhne', 'Endpoint', 'Suite 25', 25, 'Active', 25, 11, null],
      ['=HYPERLINK("x") & Söhne', 'Mail', 'Suite 25', 25, 'Active', 24, 18, 40],
      // As of the slot: the two seats of the day after are not there yet.
      ['Beta', 'Mail', null, 10, 'Active', null, null, 4],
      ['Empty', null, null, null, null, null, null, null],
      ['Gone', null, null, null, null, null, null, null],
      [null, null, null, null, null, null, null, null],
      ['Total', 'Endpoint', null, 25, null, 25, 11, null],
      ['Total', 'Mail', null, 35, null, 24, 18, 44],
      ['Total', 'All products', null, 60, null, 49, 29, 44],
    ]);
    expect(rows[1]![13]).toEqual(new Date('2026-02-01T00:00:00Z'));
    expect(rows[1]![14]).toEqual(new Date('2027-05-31T00:00:00Z'));
    const [post] = await world.all(DigestPost);
    expect(post).toMatchObject({ digestId, late: false });
    expect(post!.outgoingId).not.toBeNull();
  });

  test('drawn twice is posted once', async () => {
    const digestId = await subscribe();
    world.setNow(slot);
    await world.execute(runDigests, world.system, {});
    const { sender, seen } = slack();
    const { handle } = createJobHandlers(partsFor(sender));
    const job = { digestId, slot };
    await handle.digest('a', job, true);
    await handle.digest('b', job, true);
    await work({ handle, stop: async () => {} });
    expect(seen.posts).toHaveLength(1);
    expect(seen.files).toHaveLength(1);
  });

  test('passed over says that it is late', async () => {
    await subscribe();
    world.setNow('2026-03-24T12:00:00Z');
    await world.execute(runDigests, world.system, {});
    const { sender, seen } = slack();
    await work(createJobHandlers(partsFor(sender)));
    expect(seen.posts).toHaveLength(1);
    expect(seen.posts[0]!.message.blocks[0]).toMatchObject({
      kind: 'notice',
      text: 'Posted late: the figures are those of Mon 23 Mar 2026, 09:00.',
    });
  });

  test('that cannot be posted is told to its owner, once', async () => {
    await subscribe();
    world.setNow(slot);
    await world.execute(runDigests, world.system, {});
    const { sender, seen } = slack(({ channel }) => channel === 'C0LICENCES');
    await work(createJobHandlers(partsFor(sender)));
    const told = seen.posts.map(({ to, message }) => [to.channel, message.title]);
    expect(told.toSorted()).toEqual([
      ['D-29:leo', 'A digest could not be posted'],
      ['D-U0LEO', 'A digest could not be posted'],
    ]);
    expect(await world.all(Mail)).toMatchObject([{ to: 'leo@brightside.example', state: 'kept' }]);
    expect((await world.all(Outgoing)).filter(({ personId }) => !personId)).toMatchObject([
      { state: 'failed' },
      { state: 'failed' },
    ]);
  });

  test('that cannot be built is given up after the last attempt, and its owner is told', async () => {
    await subscribe();
    world.setNow(slot);
    await world.execute(runDigests, world.system, {});
    const { sender, seen } = slack();
    const broken = partsFor(sender, {
      drawDigest: () => {
        throw new Error('no ink');
      },
    });
    const { handle } = createJobHandlers(broken);
    const { data } = world.jobs.shift()!;
    await expect(handle.digest('a', data as never, false)).rejects.toThrow('no ink');
    expect(await world.all(DigestPost)).toMatchObject([{ outgoingId: null }]);
    await handle.digest('b', data as never, true);
    await work({ handle, stop: async () => {} });
    expect(seen.posts.map(({ message }) => message.title)).toContain('A digest could not be posted');
    expect(await world.all(StoredFile)).toEqual([]);
  });

  test('keeps the bytes of its files out of the audit', async () => {
    await subscribe();
    world.setNow(slot);
    await world.execute(runDigests, world.system, {});
    const { sender } = slack();
    await work(createJobHandlers(partsFor(sender)));
    const [entry] = await world.sql<{ input: string }>(
      `select input::text as input from audit_entry where use_case = 'digests post' order by sequence desc limit 1`,
    );
    expect(entry!.input.length).toBeLessThan(4000);
  });
});

describe('the workers', () => {
  test('take a digest from the minute to the channel, through the real queue, once for two processes', async () => {
    await subscribe();
    const { sender, seen } = slack();
    const { orm, url } = world.database;
    // On an embedded database there is one process, and it has the one connection.
    const processes = await Promise.all(
      Array.from({ length: url ? 2 : 1 }, async () => {
        const boss = await createBoss(orm, url, () => {});
        await startBoss(boss, queues);
        const execute = createExecute(world.database.host(world.clock, enqueueWith(boss)));
        const realTime = (): Temporal.Instant => Temporal.Now.instant();
        const workers = await startWorkers(boss, partsFor(sender, { execute, realTime }));
        return { boss, workers, tick: createTick({ execute, realTime }) };
      }),
    );
    try {
      world.setNow(slot);
      await Promise.all(processes.map(({ tick }) => tick()));
      await expect.poll(() => seen.files.length, { timeout: 15_000, interval: 50 }).toBe(1);
      await Promise.all(processes.map(({ tick }) => tick()));
      expect(seen.posts).toHaveLength(1);
      expect(createHash('sha256').update(seen.files[0]!.file.bytes).digest('hex')).toHaveLength(64);
    } finally {
      for (const { boss, workers } of processes) {
        await workers.stop();
        await boss.stop({ graceful: true, timeout: 2000 });
      }
    }
    expect((await world.all(Outgoing)).map(({ state }) => state)).toEqual(['sent', 'sent']);
  });
});
