import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addDigest } from '../../../src/core/digests/add-digest.ts';
import { ChannelAddress } from '../../../src/core/digests/channel-address.ts';
import { pauseDigest, removeDigest, sendDigest } from '../../../src/core/digests/change-digest.ts';
import { composeDigest } from '../../../src/core/digests/compose-digest.ts';
import { ChannelClaim, Digest, DigestPost } from '../../../src/core/digests/digest.ts';
import { listDigests } from '../../../src/core/digests/list-digests.ts';
import { dueDigests, runDigests } from '../../../src/core/digests/run-digests.ts';
import { createWorld, isPostgres, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.sql('delete from digest_post');
  await world.sql('delete from digest');
  await world.sql('delete from channel_claim');
  world.jobs.length = 0;
  world.setNow('2026-03-05T09:00:00Z');
});

const channel = {
  platform: 'slack',
  workspace: 'T0TEST',
  channel: 'C0LICENCES',
  channelName: '#licences',
  address: new ChannelAddress({ channel: 'C0LICENCES' }),
} as const;
const add = async (
  email = 'leo@brightside.example',
  over: object = {},
): Promise<{ digestId: string; next: string[] }> =>
  world.execute(addDigest, await world.as(email), { ...channel, ...over });

describe('digest add', () => {
  test('plans weekly posts in the zone of the partner, and shows the next three', async () => {
    const { digestId, next } = await add();
    // Berlin's clocks go forward on 29 March.
    expect(next).toEqual(['2026-03-09T08:00:00Z', '2026-03-16T08:00:00Z', '2026-03-23T08:00:00Z']);
    expect(await world.stored(Digest, digestId)).toMatchObject({
      weekday: 1,
      time: '09:00',
      timeZone: 'Europe/Berlin',
      paused: false,
      workspace: 'T0TEST',
    });
    expect(await world.all(ChannelClaim)).toHaveLength(1);
  });

  test('takes weekday, time and zone as people write them', async () => {
    const { next } = await add('yuki@sakura.example', { weekday: 'wed', time: '7:30', timeZone: 'Asia/Kathmandu' });
    expect(next[0]).toBe('2026-03-11T01:45:00Z');
    const second = await add('yuki@sakura.example', { weekday: 5 });
    expect(second.next[0]).toBe('2026-03-06T00:00:00Z');
  });

  test('finds the workspace of a script in the links of its person', async () => {
    const leo = await world.as('leo@brightside.example');
    const { digestId } = await world.execute(addDigest, leo, { platform: 'slack', channel: '#C0OTHER' });
    expect(await world.stored(Digest, digestId)).toMatchObject({
      workspace: 'T0TEST',
      channelId: 'C0OTHER',
      address: {},
    });
  });

  test.for([
    ['a weekday that is none', { weekday: 'someday' }, 'digest.bad_weekday', 'weekday'],
    ['a time that is none', { time: '25:00' }, 'digest.bad_time', 'time'],
    ['a zone that is none', { timeZone: 'Mars/Olympus' }, 'digest.unknown_time_zone', 'timeZone'],
    ['a bare offset as zone', { timeZone: '+02:00' }, 'digest.unknown_time_zone', 'timeZone'],
    ['a channel the bot is not in', { botIsMember: false }, 'digest.not_a_member', 'channel'],
    ['an address that a script made up', { address: { channel: 'C0OTHERS' } }, 'input.wrong_type', 'address'],
    ['a workspace in which the person is nobody', { workspace: 'T0ELSE' }, 'digest.no_workspace', 'platform'],
    ['an unknown field', { cron: '* * * * *' }, 'input.unknown_field', 'cron'],
  ] as const)('refuses %s and leaves no trace', async ([, over, code, field]) => {
    await expect(add('leo@brightside.example', over)).rejects.toMatchObject({ code, field });
    expect(await world.all(Digest)).toEqual([]);
    expect(await world.all(ChannelClaim)).toEqual([]);
  });

  test('refuses the same time in the same channel twice, another time not', async () => {
    await add();
    await expect(add()).rejects.toMatchObject({ code: 'digest.exists' });
    await add('leo@brightside.example', { time: '10:00' });
    expect(await world.all(ChannelClaim)).toHaveLength(1);
  });

  test('a channel belongs to the partner that first claimed it, also after its digest was removed', async () => {
    const { digestId } = await add();
    await expect(add('yuki@sakura.example')).rejects.toMatchObject({ code: 'digest.channel_taken', params: {} });
    await world.execute(removeDigest, await world.as('leo@brightside.example'), { digest: digestId });
    await expect(add('olga@fjord.example')).rejects.toMatchObject({ code: 'digest.channel_taken' });
    expect(await world.all(Digest)).toHaveLength(1);
  });

  test('is for admins', async () => {
    for (const email of ['lise@brightside.example', 'bob@brightside.example', 'vera@brightside.example'])
      await expect(add(email)).rejects.toMatchObject({ code: 'not_allowed' });
  });
});

describe('the digests of a partner', () => {
  test('are listed for it alone', async () => {
    const { digestId, next } = await add();
    const own = await world.execute(listDigests, await world.as('leo@brightside.example'), {});
    expect(own.items).toEqual([
      {
        digestId,
        platform: 'slack',
        channel: 'C0LICENCES',
        channelName: '#licences',
        weekday: 1,
        time: '09:00',
        timeZone: 'Europe/Berlin',
        paused: false,
        owner: 'Leo Example',
        next,
      },
    ]);
    for (const other of ['ada@northwind.example', 'yuki@sakura.example', 'olga@fjord.example'])
      expect((await world.execute(listDigests, await world.as(other), {})).items).toEqual([]);
  });

  test('cannot be reached by others, in the words for what does not exist', async () => {
    const { digestId } = await add();
    for (const verb of [pauseDigest, removeDigest, sendDigest]) {
      const other = await world.as('olga@fjord.example');
      await expect(world.execute(verb, other, { digest: digestId })).rejects.toMatchObject({ code: 'not_found' });
      const invented = '00000000-0000-4000-8000-00000000dead';
      await expect(world.execute(verb, other, { digest: invented })).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  test('pause and resume: slots in between are dropped', async () => {
    const { digestId } = await add();
    const leo = () => world.as('leo@brightside.example');
    await world.execute(pauseDigest, await leo(), { digest: digestId });
    world.setNow('2026-03-20T09:00:00Z');
    expect((await world.execute(dueDigests, world.system, {})).due).toBe(0);
    const resumed = await world.execute(pauseDigest, await leo(), { digest: digestId, paused: false });
    expect(resumed).toMatchObject({ paused: false, channelName: '#licences' });
    expect((await world.execute(dueDigests, world.system, {})).due).toBe(0);
    const { items } = await world.execute(listDigests, await leo(), {});
    expect(items[0]?.next[0]).toBe('2026-03-23T08:00:00Z');
  });

  test('send now: one post, however often it is asked in one moment', async () => {
    const { digestId } = await add();
    const send = async () => world.execute(sendDigest, await world.as('leo@brightside.example'), { digest: digestId });
    await send();
    world.setNow('2026-03-05T09:00:00.4Z');
    await send();
    expect(await world.all(DigestPost)).toMatchObject([{ digestId, late: false, outgoingId: null }]);
    expect(world.jobs.filter(({ name }) => name === 'digest')[0]).toMatchObject({
      data: { digestId, slot: '2026-03-05T09:00:00Z' },
    });
    world.setNow('2026-03-05T09:00:30Z');
    await send();
    expect(await world.all(DigestPost)).toHaveLength(2);
  });
});

describe('digests run', () => {
  test('promises one post per slot and moves on', async () => {
    const { digestId } = await add();
    world.setNow('2026-03-09T07:59:59Z');
    expect((await world.execute(runDigests, world.system, {})).posts).toEqual([]);
    world.setNow('2026-03-09T08:00:00Z');
    expect((await world.execute(runDigests, world.system, {})).posts).toEqual([
      { digestId, slot: '2026-03-09T08:00:00Z', late: false },
    ]);
    expect((await world.execute(runDigests, world.system, {})).posts).toEqual([]);
    expect(world.jobs).toMatchObject([{ name: 'digest', data: { digestId, slot: '2026-03-09T08:00:00Z' } }]);
    expect(`${(await world.stored(Digest, digestId)).nextSlotAt}`).toBe('2026-03-16T08:00:00Z');
  });

  test('gives one post for several passed slots, marked late', async () => {
    const { digestId } = await add();
    world.setNow('2026-03-24T00:00:00Z');
    expect((await world.execute(runDigests, world.system, {})).posts).toEqual([
      { digestId, slot: '2026-03-23T08:00:00Z', late: true },
    ]);
    expect(await world.all(DigestPost)).toMatchObject([{ late: true }]);
  });

  test('passes over what is paused or removed', async () => {
    const { digestId } = await add();
    await world.execute(removeDigest, await world.as('leo@brightside.example'), { digest: digestId });
    world.setNow('2026-03-10');
    expect((await world.execute(runDigests, world.system, {})).posts).toEqual([]);
  });

  test.runIf(isPostgres)('eight processes at once promise one post', async () => {
    await add();
    world.setNow('2026-03-09T08:00:00Z');
    const runs = await Promise.all(Array.from({ length: 8 }, () => world.execute(runDigests, world.system, {})));
    expect(runs.flatMap(({ posts }) => posts)).toHaveLength(1);
    expect(await world.all(DigestPost)).toHaveLength(1);
  });

  test('is the system’s alone', async () => {
    const ada = await world.as('ada@northwind.example');
    await expect(world.execute(runDigests, ada, {})).rejects.toMatchObject({ code: 'not_allowed' });
  });
});

describe('what a digest says', () => {
  test('is as of its slot, with the last ended cycle and thirteen cycles of usage', async () => {
    const { digestId } = await add();
    world.setNow('2026-03-09T08:00:00Z');
    await world.execute(runDigests, world.system, {});
    const figures = await world.execute(composeDigest, world.system, { digestId, slot: '2026-03-09T08:00:00Z' });
    expect(figures).toMatchObject({
      late: false,
      cycle: { from: '2026-02-01', name: '2026-02' },
      partner: { slug: 'brightside', company: 'Brightside' },
      timeZone: 'Europe/Berlin',
    });
    expect(figures?.usage).toHaveLength(13);
    expect(figures?.usage[0]?.cycle).toBe('2025-02');
    expect(figures?.usage.at(-1)?.cycle).toBe('2026-02');
  });

  test('is nothing for a slot that was never promised', async () => {
    const { digestId } = await add();
    expect(await world.execute(composeDigest, world.system, { digestId, slot: '2026-03-09T08:00:00Z' })).toBeNull();
  });
});
