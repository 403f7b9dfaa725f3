import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Delivery, OpenForm, Outcome } from '../../../src/bot/desk.ts';
import type { Channel } from '../../../src/bot/feature.ts';
import { drawDigest } from '../../../src/bot/features/digests.ts';
import { limits, type Answers, type Args, type Button, type Message } from '../../../src/bot/view.ts';
import type { DigestFigures } from '../../../src/core/digests/compose-digest.ts';
import { Digest, DigestPost } from '../../../src/core/digests/digest.ts';
import { deskOn, formOf, hostile, textIn } from '../../support/desk-on.ts';
import { drawn, drawnMessage } from '../../support/drawn.ts';
import { createWorld, type World } from '../../support/world.ts';

let world: World;
const { desk, from } = deskOn(() => world);

const channels: readonly Channel[] = [
  { id: 'C0LICENCES', name: '#licences', botIsMember: true },
  { id: 'C0LOUNGE', name: '#lounge', botIsMember: false },
  { id: 'C0EVIL', name: hostile, botIsMember: true },
].map((channel) => ({ ...channel, platform: 'slack', workspace: 'T0TEST', address: { channel: channel.id } }));
const channelOf = async (wanted: string): Promise<Channel | null> =>
  channels.find(({ id, name }) => id === wanted || name.replace(/^#/, '') === wanted.replace(/^#/, '')) ?? null;

const by = (userId: string, channel: Channel | null = null): Delivery => ({ ...from(userId), channel, channelOf });

const messageOf = (outcome: Outcome, kind: 'message' | 'replace' = 'message'): Message => {
  if (outcome.kind !== kind) throw new Error(textIn(outcome));
  return (outcome as { message: Message }).message;
};
const buttonOf = (message: Message, label: string): Extract<Button, { kind: 'run' }> => {
  const button = message.blocks
    .flatMap((block) => (block.kind === 'buttons' ? block.buttons : []))
    .find((each) => each.label === label);
  if (button?.kind !== 'run') throw new Error(`no button ${label}`);
  return button;
};
const say = async (text: string, userId = 'U0LEO', channel: Channel | null = null): Promise<Outcome> =>
  drawn(await desk().command(by(userId, channel), text));
const act = async (action: string, args: Args, userId = 'U0LEO'): Promise<Outcome> =>
  drawn(await desk().action(by(userId), action, args));
const submit = async (form: OpenForm, typed: Answers = {}, userId = 'U0LEO', channel: Channel | null = null) =>
  drawn(await desk().submit(by(userId, channel), form.draftId, typed));
const save = async (channel = '#licences', weekday = 'Monday', time = '09:00'): Promise<Message> => {
  const first = formOf(await say('digest add'));
  const preview = formOf(await submit(first, { channel, weekday, time }));
  return messageOf(await submit(preview));
};

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.sql('delete from digest_post');
  await world.sql('delete from digest');
  await world.sql('delete from channel_claim');
});

describe('digest add', () => {
  test('types the channel in, shows the next three times before and after saving', async () => {
    const first = formOf(await say('digest add', 'U0LEO', channels[0]!));
    expect(first.view.fields.map(({ name, ...field }) => [name, 'value' in field ? field.value : null])).toEqual([
      ['channel', 'licences'],
      ['weekday', 'Monday'],
      ['time', '09:00'],
    ]);
    const typed = { channel: 'licences', weekday: 'Friday', time: '17:30' };
    const second = formOf(await submit(first, typed, 'U0LEO', channels[0]!));
    expect([second.step, second.steps, second.view.submit]).toEqual([2, 2, 'Save']);
    const times = ['Fri 6 Mar 2026, 17:30', 'Fri 13 Mar 2026, 17:30', 'Fri 20 Mar 2026, 17:30'];
    for (const time of times) expect(textIn(second.view.intro)).toContain(time);
    expect(await world.all(Digest)).toEqual([]);

    const receipt = messageOf(await submit(second, {}, 'U0LEO', channels[0]!));
    for (const time of times) expect(textIn(receipt)).toContain(time);
    expect(await world.all(Digest)).toMatchObject([
      {
        channelId: 'C0LICENCES',
        channelName: '#licences',
        address: { channel: 'C0LICENCES' },
        weekday: 5,
        time: '17:30',
      },
    ]);
  });

  test('takes channel, day and time as arguments', async () => {
    const { view } = formOf(await say('digest add #licences wed 8:15'));
    expect(view.fields.map((field) => ('value' in field ? field.value : null))).toEqual([
      'licences',
      'Wednesday',
      '08:15',
    ]);
  });

  test.for([
    ['a channel that is not there', { channel: '#nowhere' }, 'channel'],
    ['a channel the bot is not in', { channel: '#lounge' }, 'channel'],
    ['a time that is none', { time: '9am' }, 'time'],
  ] as const)('says no to %s beside the field, and keeps what was typed', async ([, wrong, field]) => {
    const first = formOf(await say('digest add'));
    const typed = { channel: '#licences', weekday: 'Tuesday', time: '10:00', ...wrong };
    const again = formOf(await submit(first, typed));
    expect(Object.keys(again.errors)).toEqual([field]);
    expect(again.errors[field]).not.toContain('digest.');
    expect(
      Object.fromEntries(again.view.fields.map((each) => [each.name, 'value' in each ? each.value : null])),
    ).toEqual(typed);
    expect(await world.all(Digest)).toEqual([]);
  });

  test('returns to the channel when somebody else holds it, without telling who', async () => {
    await save();
    const first = formOf(await say('digest add', 'U0OLGA'));
    const typed = { channel: '#licences', weekday: 'Monday', time: '09:00' };
    const preview = formOf(await submit(first, typed, 'U0OLGA'));
    const again = formOf(await submit(preview, {}, 'U0OLGA'));
    expect(again).toMatchObject({ step: 1, errors: { channel: 'This channel is not available for a digest.' } });
    expect(textIn(again)).not.toContain('Brightside');
  });

  test('takes the name of a channel literally', async () => {
    expect(textIn(await save(hostile))).toContain('A&B');
  });

  test('is not for everyone', async () => {
    expect((await say('digest add', 'U0VERA')).kind).toBe('refused');
    expect((await say('digest list', 'U0BOB')).kind).toBe('refused');
  });
});

describe('digest list', () => {
  test('pauses, resumes, sends and removes in place', async () => {
    await save();
    let list = messageOf(await say('digest list'));
    expect(list.title).toBe('1 digest');
    const press = async (label: string): Promise<Message> => {
      const { action, args } = buttonOf(list, label);
      return messageOf(await act(action, args), 'replace');
    };
    expect(buttonOf(list, 'Send now').confirm).toBeDefined();
    expect(buttonOf(list, 'Remove').confirm).toBeDefined();

    list = await press('Pause');
    expect(textIn(list)).toContain('is paused');
    expect((await world.all(Digest))[0]).toMatchObject({ paused: true });
    list = await press('Resume');
    expect((await world.all(Digest))[0]).toMatchObject({ paused: false });
    list = await press('Send now');
    expect(textIn(list)).toContain('on its way');
    expect(await world.all(DigestPost)).toHaveLength(1);
    list = await press('Remove');
    expect(list.title).toBe('No digests yet');
  });

  test('pages in place', async () => {
    for (let hour = 10; hour < 17; hour++) await save('#licences', 'Monday', `${hour}:00`);
    const list = messageOf(await say('digest list'));
    expect(list.blocks).toContainEqual({ kind: 'pager', action: 'digest.list', args: {}, page: 1, pages: 2 });
    const second = messageOf(await act('digest.list', { page: '2' }), 'replace');
    expect(textIn(second)).toContain('at 16:00');
    expect(messageOf(await act('digest.list', { page: 'x' }), 'replace').title).toBe('7 digests');
  });

  test('a word is enough where it names one digest', async () => {
    await save();
    expect(textIn(messageOf(await say('digest pause #licences')))).toContain('is paused');
    messageOf(await say('digest remove #nowhere'));
    expect((await world.all(Digest))[0]).toMatchObject({ paused: true, removedAt: null });
    expect(textIn(messageOf(await say('digest remove licences')))).toContain('was removed');
  });

  test('a button of a digest that is gone, or of another partner, is answered', async () => {
    await save();
    const [digest] = await world.all(Digest);
    expect((await act('digest.remove', { digest: digest!.id }, 'U0OLGA')).kind).toBe('refused');
    expect((await act('digest.remove', { digest: 'nonsense' })).kind).toBe('refused');
    expect((await world.all(Digest))[0]?.removedAt).toBeNull();
  });
});

describe('the post', () => {
  const figures: DigestFigures = {
    postId: '00000000-0000-4000-8000-000000000001',
    late: true,
    slot: '2026-03-09T08:00:00Z',
    timeZone: 'Europe/Berlin',
    partner: { partnerId: '00000000-0000-4000-8000-000000000002', slug: 'brightside', company: hostile },
    cycle: { from: '2026-02-01', name: '2026-02' },
    customers: 1200,
    plansEnabled: 12,
    plansLocked: 1,
    waitingCrossgrades: 2,
    reports: [
      { status: 'approved', reports: 9, daysLeft: null },
      { status: 'msp_preparing', reports: 1, daysLeft: 1 },
      { status: 'under_review', reports: 2, daysLeft: null },
    ],
    usage: [{ cycle: '2026-02', provisioned: 580, used: 412 }],
  };

  test('fits both platforms, with the widest figures and a hostile name', () => {
    const { message, comment } = drawDigest(
      figures,
      {
        units: 1_234_567,
        credits: '98765.4',
        licenses: [
          { status: 'suspended', licenses: 2, units: 20 },
          { status: 'active', licenses: 1214, units: 1_234_547 },
        ],
      },
      '00000000-0000-4000-8000-000000000003',
    );
    drawnMessage(message);
    const text = textIn(message);
    for (const words of [
      'Posted late: the figures are those of Mon 9 Mar 2026, 09:00.',
      '1,216',
      'Active 1,214 · Suspended 2',
      '98,765.4 credits',
      '412 used of 580 provisioned',
      '12 enabled, 1 locked',
      '1 in preparation (1 day left), 2 under review',
    ])
      expect(text).toContain(words);
    expect(comment).toContain('Feb 2026');
    expect(message.blocks.filter(({ kind }) => kind === 'facts')[0]).toSatisfy(
      (block: { facts: unknown[] }) => block.facts.length <= limits.facts,
    );
  });

  test('has something to say where there is nothing yet', () => {
    const empty = {
      ...figures,
      late: false,
      reports: [],
      usage: [{ cycle: '2026-02', provisioned: null, used: null }],
    };
    const { message } = drawDigest(empty, { units: 0, credits: null, licenses: [] }, figures.postId);
    drawnMessage(message);
    expect(textIn(message)).not.toMatch(/NaN|undefined|null/);
  });
});
