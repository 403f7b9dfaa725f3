import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SendFailure, type Sender } from '../../src/bot/sender.ts';
import type { Message } from '../../src/bot/view.ts';
import { ChannelClaim } from '../../src/core/digests/digest.ts';
import { laneOf } from '../../src/core/messages/lane.ts';
import { Outgoing, waiting } from '../../src/core/messages/outgoing.ts';
import { postMessages } from '../../src/core/messages/post-messages.ts';
import { StoredFile } from '../../src/core/messages/stored-file.ts';
import { takeMessage } from '../../src/core/messages/take-message.ts';
import { waitingWork, releaseMessages } from '../../src/core/messages/waiting-work.ts';
import { Person } from '../../src/core/people/person.ts';
import { backOff, createCourier, type Courier } from '../../src/jobs/courier.ts';
import { createWorld, isPostgres, partnerIds, type World } from '../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.sql('delete from outgoing');
  await world.sql('delete from channel_claim');
  world.jobs.length = 0;
  realTime = Temporal.Instant.from('2026-11-24T12:00:00Z');
});

let realTime: Temporal.Instant;
const log = { info: () => {}, warn: () => {}, error: () => {} };
const links = { urlOf: (fileId: string) => `https://desk.example/files/${fileId}` };

interface Arrived {
  readonly what: 'post' | 'update' | 'file';
  readonly to: Readonly<Record<string, string>>;
  readonly title: string;
  readonly messageId: string;
  readonly blocks?: number;
}

/** A platform that takes what it is told to take. */
const platform = (trouble: (title: string, attempt: number) => SendFailure | Error | null = () => null) => {
  const arrived: Arrived[] = [];
  const attempts = new Map<string, number>();
  let inLane = 0;
  let mostInLane = 0;
  const take = async (title: string, entry: Omit<Arrived, 'messageId' | 'title'>, messageId: string) => {
    const attempt = (attempts.get(title) ?? 0) + 1;
    attempts.set(title, attempt);
    mostInLane = Math.max(mostInLane, ++inLane);
    await new Promise((resolve) => setTimeout(resolve, 2));
    inLane--;
    const failure = trouble(title, attempt);
    if (failure) throw failure;
    arrived.push({ ...entry, title, messageId });
    return { messageId };
  };
  const sender: Sender = {
    post: (to, message) =>
      take(message.title, { what: 'post', to, blocks: message.blocks.length }, `m-${message.title}`),
    update: async (to, messageId, message) => {
      await take(message.title, { what: 'update', to }, messageId);
    },
    file: (to, file, comment) => take(comment, { what: 'file', to }, `f-${file.name}`),
    privateAddress: ({ userId }) => Promise.resolve({ channel: `D-${userId}` }),
    channelOf: (workspace, id) =>
      Promise.resolve(
        id === 'C0GONE'
          ? null
          : { platform: 'slack', workspace, id, name: id, address: { channel: id }, botIsMember: true },
      ),
  };
  return { sender, arrived, attempts, mostInLane: () => mostInLane };
};

const courierFor = (sender: Sender): Courier =>
  createCourier({ execute: world.execute, senders: { slack: sender }, links, realTime: () => realTime, log });

const lane = laneOf({ platform: 'slack', workspace: 'T0TEST', id: 'C0LICENCES' });
const message = (title: string): Message => ({ title, blocks: [] });
const post = (title: string, over: Partial<Parameters<typeof waiting>[0]> = {}): Outgoing =>
  waiting({
    id: randomUUID(),
    partnerId: partnerIds.brightside,
    platform: 'slack',
    lane,
    address: { channel: 'C0LICENCES' },
    kind: 'post',
    message: message(title),
    createdAt: world.clock.now(),
    ...over,
  });
/** In the order given: each row is written before the next. */
const queue = async (...rows: readonly Outgoing[]): Promise<void> => {
  for (const row of rows) await world.given(row);
};
const states = async (): Promise<string[]> =>
  (await world.sql<{ state: string }>('select state from outgoing order by position')).map(({ state }) => state);

describe('a lane', () => {
  test('leaves in order, each message once', async () => {
    const { sender, arrived } = platform();
    await queue(...['1', '2', '3', '4'].map((title) => post(title)));
    await courierFor(sender).drain(lane);
    expect(arrived.map(({ title }) => title)).toEqual(['1', '2', '3', '4']);
    expect(await states()).toEqual(['sent', 'sent', 'sent', 'sent']);
    expect((await world.all(Outgoing)).every(({ messageId }) => messageId?.startsWith('m-'))).toBe(true);
  });

  test('keeps its order when the platform asks to wait, and waits that long', async () => {
    const { sender, arrived } = platform((title, attempt) =>
      title === '2' && attempt === 1
        ? new SendFailure('ratelimited', { permanent: false, retryAfterSeconds: 30 })
        : null,
    );
    await queue(post('1'), post('2'), post('3'));
    const courier = courierFor(sender);
    await courier.drain(lane);
    expect(arrived.map(({ title }) => title)).toEqual(['1']);
    expect(await states()).toEqual(['sent', 'waiting', 'waiting']);

    realTime = realTime.add({ seconds: 29 });
    await courier.drain(lane);
    expect(arrived).toHaveLength(1);
    expect((await world.execute(waitingWork, world.system, { realTime: `${realTime}` })).lanes).toBe(0);

    realTime = realTime.add({ seconds: 1 });
    expect((await world.execute(waitingWork, world.system, { realTime: `${realTime}` })).lanes).toBe(1);
    await courier.drain(lane);
    expect(arrived.map(({ title }) => title)).toEqual(['1', '2', '3']);
    await courier.stop();
  });

  test('comes back by itself after Retry-After', async () => {
    const { sender, arrived } = platform((_title, attempt) =>
      attempt === 1 ? new SendFailure('ratelimited', { permanent: false, retryAfterSeconds: 0.7 }) : null,
    );
    await queue(post('1'));
    const started = realTime;
    const courier = createCourier({
      execute: world.execute,
      senders: { slack: sender },
      links,
      realTime: () => Temporal.Now.instant(),
      log,
    });
    await courier.drain(lane);
    expect(arrived).toEqual([]);
    await expect.poll(() => arrived.length, { timeout: 3000 }).toBe(1);
    expect(started).toBeDefined();
    await courier.stop();
  });

  test('backs off, doubling to a cap', () => {
    expect([1, 2, 3, 4, 9, 10, 300].map(backOff)).toEqual([1, 2, 4, 8, 256, 300, 300]);
  });

  test('gives up what can never arrive, and goes on with the next', async () => {
    const { sender, arrived } = platform((title) =>
      title === '1' ? new SendFailure('channel_not_found', { permanent: true }) : null,
    );
    await queue(post('1', { tag: 'digest:abc' }), post('2'));
    await courierFor(sender).drain(lane);
    expect(arrived.map(({ title }) => title)).toEqual(['2']);
    expect(await states()).toEqual(['failed', 'sent']);
    expect(world.jobs).toEqual([
      {
        name: 'notify',
        data: { topic: 'message.failed', data: { tag: 'digest:abc', reason: 'channel_not_found' } },
        options: {},
      },
    ]);
  });

  test('gives up a message that breaks its sender, after a few tries', async () => {
    const { sender, attempts } = platform(() => new TypeError('drawn wrongly'));
    await queue(post('1'), post('2'));
    const courier = courierFor(sender);
    for (let turn = 0; turn < 20; turn++) {
      await courier.drain(lane);
      realTime = realTime.add({ minutes: 10 });
    }
    expect(await states()).toEqual(['failed', 'failed']);
    expect(attempts.get('1')).toBe(6);
    await courier.stop();
  });

  test('of a channel that is not there fails, without asking for ever', async () => {
    const { sender } = platform();
    const gone = laneOf({ platform: 'slack', workspace: 'T0TEST', id: 'C0GONE' });
    await queue(post('1', { lane: gone, address: {} }));
    await courierFor(sender).drain(gone);
    expect(await world.all(Outgoing)).toMatchObject([{ state: 'failed', error: 'not_in_channel' }]);
  });

  test('without an address asks the platform for it', async () => {
    const { sender, arrived } = platform();
    await queue(post('1', { address: {} }));
    await courierFor(sender).drain(lane);
    expect(arrived[0]?.to).toEqual({ channel: 'C0LICENCES' });
    expect(await world.all(Outgoing)).toMatchObject([{ address: { channel: 'C0LICENCES' } }]);
  });

  test('without an address goes to no channel that somebody else holds, whatever it was called', async () => {
    await world.given(
      new ChannelClaim({
        id: randomUUID(),
        partnerId: partnerIds.fjord,
        platform: 'slack',
        workspace: 'T0TEST',
        channelId: 'C0FJORD',
      }),
    );
    const { sender, arrived } = platform();
    const named = laneOf({ platform: 'slack', workspace: 'T0TEST', id: 'fjord-licences' });
    const found = { platform: 'slack', workspace: 'T0TEST', id: 'C0FJORD', name: 'fjord-licences' } as const;
    sender.channelOf = async () => ({ ...found, address: { channel: 'C0FJORD' }, botIsMember: true });
    await queue(post('1', { lane: named, address: {} }));
    await courierFor(sender).drain(named);
    expect(arrived).toEqual([]);
    expect(await world.all(Outgoing)).toMatchObject([{ state: 'failed', error: 'channel_not_available' }]);
  });

  test('sends a file with its link and its comment', async () => {
    const { sender, arrived } = platform();
    const file = new StoredFile({
      id: randomUUID(),
      partnerId: partnerIds.brightside,
      name: 'summary.xlsx',
      contentType: 'application/octet-stream',
      bytes: new Uint8Array([1, 2, 3]),
      createdAt: world.clock.now(),
      expiresAt: realTime.add({ hours: 1 }),
    });
    await world.given(file);
    await queue(post('The summary', { kind: 'file', message: { title: 'The summary' }, fileId: file.id }));
    await courierFor(sender).drain(lane);
    expect(arrived).toMatchObject([{ what: 'file', title: 'The summary', messageId: 'f-summary.xlsx' }]);
  });
});

describe('two workers', () => {
  test.runIf(isPostgres)('never drain one lane at once, and nothing is sent twice', async () => {
    const { sender, arrived, mostInLane } = platform();
    await queue(...Array.from({ length: 12 }, (_, index) => post(`${index}`)));
    const couriers = [courierFor(sender), courierFor(sender), courierFor(sender)];
    await Promise.all(couriers.map((courier) => courier.drain(lane)));
    // Those that found the lane held come back later; here the test does it for them.
    await couriers[0]!.drain(lane);
    expect(arrived.map(({ title }) => title)).toEqual(Array.from({ length: 12 }, (_, index) => `${index}`));
    expect(mostInLane()).toBe(1);
    await Promise.all(couriers.map((courier) => courier.stop()));
  });

  test('what a killed worker had taken is sent by the next, marked as possibly a repeat, in order', async () => {
    const { sender, arrived } = platform();
    await queue(post('1'), post('2'));
    // Killed between taking and telling: the row says "sending" and nobody speaks for it.
    const taken = await world.execute(takeMessage, world.system, { lane, realTime: `${realTime}` });
    expect(taken).toMatchObject({ kind: 'taken', repeat: false });

    const courier = courierFor(sender);
    realTime = realTime.add({ seconds: 89 });
    await courier.drain(lane);
    expect(arrived).toEqual([]);

    realTime = realTime.add({ seconds: 1 });
    await courier.drain(lane);
    expect(arrived.map(({ title, blocks }) => [title, blocks])).toEqual([
      ['1', 1],
      ['2', 0],
    ]);
    await courier.stop();
  });

  test('an embedded database that was just opened has no living worker to wait for', async () => {
    const { sender, arrived } = platform();
    await queue(post('1'));
    await world.execute(takeMessage, world.system, { lane, realTime: `${realTime}` });
    await world.execute(releaseMessages, world.system, { realTime: `${realTime}` });
    await courierFor(sender).drain(lane);
    expect(arrived).toMatchObject([{ title: '1', blocks: 1 }]);
  });

  test('a worker whose lease ran out no longer speaks for the message', async () => {
    const { sender } = platform();
    await queue(post('1'));
    const first = await world.execute(takeMessage, world.system, { lane, realTime: `${realTime}` });
    realTime = realTime.add({ minutes: 2 });
    const { settleMessage } = await import('../../src/core/messages/settle-message.ts');
    await courierFor(sender).drain(lane);
    if (first.kind !== 'taken') throw new Error('not taken');
    const late = await world.execute(settleMessage, world.system, {
      id: first.id,
      attempt: first.attempt,
      outcome: { kind: 'failed', reason: 'too late' },
    });
    expect(late.settled).toBe(false);
    expect(await states()).toEqual(['sent']);
  });
});

describe('notices', () => {
  const personId = async (email: string): Promise<string> => (await world.stored(Person, { email })).id;
  const notice = async (title: string, key = 'report.submitted:1', tag = 'report:1'): Promise<object> => ({
    to: 'person',
    personId: await personId('mia@northwind.example'),
    key,
    message: message(title),
    tag,
  });

  test('go to every account of a person once, however often they are asked for', async () => {
    const { sender, arrived } = platform();
    const first = await world.execute(postMessages, world.system, { notices: [await notice('Card')] });
    const second = await world.execute(postMessages, world.system, { notices: [await notice('Card again')] });
    expect([first.queued, second.queued]).toEqual([2, 0]);
    const courier = createCourier({
      execute: world.execute,
      senders: { slack: sender, teams: sender },
      links,
      realTime: () => realTime,
      log,
    });
    for (const { lane: each } of await world.all(Outgoing)) await courier.drain(each);
    expect(arrived.map(({ to, title }) => [to.channel, title]).toSorted()).toEqual([
      ['D-29:mia', 'Card'],
      ['D-U0MIA', 'Card'],
    ]);
  });

  test.runIf(isPostgres)('asked for by many at once go out once', async () => {
    const notices = [await notice('Card', 'race:1')];
    const asked = await Promise.allSettled(
      Array.from({ length: 6 }, () => world.execute(postMessages, world.system, { notices })),
    );
    expect(asked.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(await world.all(Outgoing)).toHaveLength(2);
  });

  test('an update waits for the post it updates, and replaces every copy', async () => {
    const { sender, arrived } = platform();
    const courier = createCourier({
      execute: world.execute,
      senders: { slack: sender, teams: sender },
      links,
      realTime: () => realTime,
      log,
    });
    await world.execute(postMessages, world.system, { notices: [await notice('Card')] });
    const update = { to: 'copies', tag: 'report:1', key: 'report.decided:1', message: message('Decided') };
    await world.execute(postMessages, world.system, { notices: [update] });
    await world.execute(postMessages, world.system, { notices: [update] });
    const lanes = new Set((await world.all(Outgoing)).map((row) => row.lane));
    expect(await world.all(Outgoing)).toHaveLength(4);
    for (const each of lanes) await courier.drain(each);
    for (const account of ['D-29:mia', 'D-U0MIA'])
      expect(
        arrived
          .filter(({ to }) => to.channel === account)
          .map(({ what, title, messageId }) => [what, title, messageId]),
      ).toEqual([
        ['post', 'Card', 'm-Card'],
        ['update', 'Decided', 'm-Card'],
      ]);
  });

  test('an update of a post that never arrived is dropped', async () => {
    const { sender, arrived } = platform((title) =>
      title === 'Card' ? new SendFailure('user_not_found', { permanent: true }) : null,
    );
    await world.execute(postMessages, world.system, { notices: [await notice('Card')] });
    const update = { to: 'copies', tag: 'report:1', key: 'report.decided:1', message: message('Decided') };
    await world.execute(postMessages, world.system, { notices: [update] });
    const dm = laneOf({ platform: 'slack', workspace: 'T0TEST', id: 'U0MIA' });
    await courierFor(sender).drain(dm);
    expect(arrived).toEqual([]);
    const rows = await world.all(Outgoing, { lane: dm });
    expect(rows.map(({ state, error }) => [state, error])).toEqual([
      ['failed', 'user_not_found'],
      ['failed', 'post_not_there'],
    ]);
    // A person's own mishap is nobody else's business.
    expect(world.jobs.filter(({ name }) => name === 'notify')).toEqual([]);
  });
});
