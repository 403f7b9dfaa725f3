import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pino } from 'pino';
import { z } from 'zod';
import { createDesk } from '../../src/bot/create-desk.ts';
import type { Delivery, Desk, OpenForm, Outcome } from '../../src/bot/desk.ts';
import type { Feature } from '../../src/bot/feature.ts';
import type { Answers, Message } from '../../src/bot/view.ts';
import { invalid, rule } from '../../src/core/errors.ts';
import { actorByAccount } from '../../src/core/people/resolve-actor.ts';
import { meetPerson } from '../../src/core/people/meet-person.ts';
import { defineUseCase } from '../../src/core/use-case.ts';
import { createWorld, type World } from '../support/world.ts';

/** Every parcel that was sent: what the form's command did. */
const sent: { name: string; size: string }[] = [];

const sendParcel = defineUseCase({
  kind: 'command',
  name: 'parcel send',
  needs: 'license',
  input: z.object({ name: z.string().min(1), size: z.string(), note: z.string().optional() }),
  result: z.object({ name: z.string() }),
  async run(_context, { name, size }) {
    if (name === 'taken') throw invalid('input.invalid', 'name');
    if (size === 'huge') throw rule('form.expired', { field: 'nowhere' });
    sent.push({ name, size });
    return { name };
  },
});

const boxes = [
  { value: 'b1', label: 'Blue box' },
  { value: 'b2', label: 'Red box' },
];

const parcels: Feature = {
  commands: [
    {
      words: 'parcel list',
      usage: 'parcel list',
      does: 'lists',
      needs: 'see',
      run: async (_ask, rest) => said(`rest:${rest}`),
    },
    {
      words: 'parcel send',
      usage: 'parcel send',
      does: 'sends',
      needs: 'license',
      shortcut: 'Send a parcel',
      run: async () => ({ kind: 'form', form: 'parcel', context: { from: 'here' } }),
    },
    {
      words: 'explode',
      usage: 'explode',
      does: 'fails',
      needs: 'see',
      run: async () => {
        throw new Error('secret detail');
      },
    },
  ],
  forms: [
    {
      name: 'parcel',
      needs: 'license',
      steps: [
        {
          fields: ['name', 'box'],
          draw: async () => ({
            title: 'Parcel',
            submit: 'Next',
            fields: [
              { kind: 'text', name: 'name', label: 'Name', value: 'default name' },
              { kind: 'lookup', name: 'box', label: 'Box', source: 'box', optional: true },
            ],
          }),
          check: async (_ask, _context, { name }) => {
            if (name === 'bad') throw invalid('input.invalid', 'name');
          },
        },
        {
          fields: ['ribbon'],
          applies: ({ name }) => name === 'gift',
          draw: async () => ({
            title: 'Ribbon',
            submit: 'Next',
            fields: [{ kind: 'toggle', name: 'ribbon', label: 'Ribbon' }],
          }),
        },
        {
          fields: ['size', 'note'],
          draw: async (_ask, { from }) => ({
            title: 'Size',
            submit: 'Send',
            intro: [{ kind: 'text', text: `from ${from}` }],
            fields: [
              { kind: 'number', name: 'count', label: 'Count', optional: true, minimum: 1 },
              {
                kind: 'select',
                name: 'size',
                label: 'Size',
                options: ['small', 'huge'].map((value) => ({ value, label: value })),
              },
              { kind: 'text', name: 'note', label: 'Note', optional: true, value: 'fragile' },
            ],
          }),
        },
      ],
      submit: async (ask, answers) => {
        const { name } = await ask.execute(sendParcel, answers);
        return said(`sent ${name} ${JSON.stringify(answers)}`);
      },
    },
  ],
  actions: [{ name: 'parcel.note', needs: 'license', run: async (_ask, args) => said(JSON.stringify(args)) }],
  lookups: [
    {
      source: 'box',
      needs: 'see',
      find: async (_ask, typed) =>
        boxes.filter(({ value, label }) => value === typed || label.toLowerCase().includes(typed.toLowerCase())),
    },
  ],
  home: { needs: 'license', draw: async () => [{ kind: 'text', text: 'Two parcels wait.' }] },
};

const said = (title: string) => ({ kind: 'message' as const, message: { title, blocks: [] } });

let world: World;
let desk: Desk;
const logged: Record<string, unknown>[] = [];
let deliveries = 0;

const from = (userId: string): Delivery => ({
  platform: 'slack',
  workspace: 'T0TEST',
  userId,
  deliveryId: `d${++deliveries}`,
  channel: null,
  address: null,
  channelOf: async () => null,
});
const leo = () => from('U0LEO');
const vera = () => from('U0VERA');

const textOf = (outcome: Outcome): string => JSON.stringify(outcome);
const messageOf = (outcome: Outcome): Message => {
  if (outcome.kind !== 'message') throw new Error(`a message was expected: ${textOf(outcome)}`);
  return outcome.message;
};
const formOf = (outcome: Outcome): OpenForm => {
  if (outcome.kind !== 'open') throw new Error(`a form was expected: ${textOf(outcome)}`);
  return outcome.form;
};
const valuesOf = ({ view }: OpenForm) =>
  Object.fromEntries(view.fields.map((field) => [field.name, 'value' in field ? field.value : undefined]));
const opened = async (delivery = leo()): Promise<OpenForm> => formOf(await desk.command(delivery, 'parcel send'));
const submitted = async (form: OpenForm, typed: Answers) => desk.submit(leo(), form.draftId, typed);

beforeAll(async () => {
  world = await createWorld();
  const system = { actor: { type: 'system', name: 'test' } as const, requestId: 'test' };
  desk = createDesk({
    features: [parcels],
    execute: world.execute,
    now: world.clock.now,
    log: pino({ level: 'error' }, { write: (line: string) => void logged.push(JSON.parse(line) as never) }),
    people: {
      find: async (platform, workspace, userId) =>
        (await world.execute(actorByAccount, system, { platform, workspace, userId })).actor,
      met: async (platform, workspace, userId, address) =>
        void (await world.execute(meetPerson, system, { platform, workspace, userId, address })),
    },
  });
});
afterAll(() => world.close());
beforeEach(() => {
  world.setNow('2026-03-05T09:00:00Z');
  sent.length = 0;
  logged.length = 0;
});

describe('words', () => {
  test.for([
    ['parcel list', ''],
    ['lmp parcel list', ''],
    ['  /LMP Parcel   LIST  "Two Words"  x ', '"Two Words"  x'],
  ] as const)('%s is understood', async ([line, rest]) => {
    expect(messageOf(await desk.command(leo(), line)).title).toBe(`rest:${rest}`);
  });

  test('a mistyped command is answered by the nearest ones, with what stood behind it', async () => {
    const { blocks } = messageOf(await desk.command(leo(), 'parcle lsit red'));
    expect(JSON.stringify(blocks[0])).toContain('parcel list');
    expect(JSON.stringify(blocks[1])).toContain('"text":"parcel list red"');
  });

  test.for(['parcels', 'list parcel'])('"%s" is near enough', async (line) => {
    expect(textOf(await desk.command(leo(), line))).toContain('Did you mean');
  });

  test('nothing is suggested that the person may not do', async () => {
    expect(textOf(await desk.command(vera(), 'parcel sendd'))).not.toContain('parcel send"');
    expect(textOf(await desk.command(leo(), 'parcel sendd'))).toContain('parcel send"');
  });

  test('help is offered once, also when it is what was meant', async () => {
    const { blocks } = messageOf(await desk.command(leo(), 'hlep'));
    expect(JSON.stringify(blocks).match(/"label":"help"/g)).toHaveLength(1);
  });

  test('words near nothing lead to help', async () => {
    expect(textOf(await desk.command(leo(), 'abracadabra'))).toContain('lists what you can do');
  });

  test('a word that only begins commands lists them, and nothing lists everything one may do', async () => {
    expect(textOf(await desk.command(vera(), 'parcel'))).toContain('parcel list');
    expect(textOf(await desk.command(vera(), 'parcel'))).not.toContain('parcel send');
    expect(textOf(await desk.command(leo(), ''))).toContain('parcel send');
  });

  test('a button that stands for words does what the words do', async () => {
    expect(messageOf(await desk.action(leo(), 'command', { text: 'parcel list x' })).title).toBe('rest:x');
  });
});

describe('who may', () => {
  test('an account that is not linked learns its own ids and nothing else', async () => {
    for (const outcome of [
      await desk.command(from('U0NOBODY'), 'parcel list'),
      await desk.openForm(from('U0NOBODY'), 'parcel', {}),
      await desk.action(from('U0NOBODY'), 'parcel.note', {}),
      await desk.submit(from('U0NOBODY'), '00000000-0000-4000-8000-000000000000', {}),
    ]) {
      expect(messageOf(outcome).title).toBe('This account is not linked yet');
      expect(textOf(outcome)).toContain('U0NOBODY');
    }
    expect(await desk.lookup(from('U0NOBODY'), 'box', '')).toEqual([]);
  });

  test('a form does not open without the right, nor does a button work', async () => {
    const refusal = { kind: 'refused', text: expect.stringContaining('do not have the right') as unknown };
    expect(await desk.command(vera(), 'parcel send')).toMatchObject(refusal);
    expect(await desk.openForm(vera(), 'parcel', {})).toMatchObject(refusal);
    expect(await desk.action(vera(), 'parcel.note', {})).toMatchObject(refusal);
  });

  test("somebody else's form is out of date, also for a colleague", async () => {
    const form = await opened();
    const outcome = await desk.submit(from('U0LISE'), form.draftId, { name: 'mine now' });
    expect(outcome).toMatchObject({ kind: 'refused', text: 'This message is out of date.' });
  });

  test.for([
    ['an unknown button', () => desk.action(leo(), 'gone', {})],
    ['an unknown form', () => desk.openForm(leo(), 'gone', {})],
    ['an invented draft', () => desk.submit(leo(), '0b0e3f6c-7d57-4c1c-9d0a-000000000000', {})],
    ['nonsense for a draft', () => desk.back(leo(), "' or 1=1", {})],
  ] as const)('%s is out of date', async ([, ask]) => {
    expect(await ask()).toEqual({ kind: 'refused', text: 'This message is out of date.' });
  });
});

describe('a form in steps', () => {
  test('goes forward over the steps that apply, and hands all answers to the command', async () => {
    const first = await opened();
    expect(first).toMatchObject({ step: 1, steps: 2, errors: {} });
    const ribbon = formOf(await submitted(first, { name: 'gift' }));
    expect(ribbon).toMatchObject({ step: 2, steps: 3, view: { title: 'Ribbon' } });
    const last = formOf(await submitted(ribbon, { ribbon: 'true' }));
    expect(last).toMatchObject({ step: 3, steps: 3, view: { intro: [{ text: 'from here' }] } });
    const receipt = await submitted(last, { size: 'small' });
    expect(messageOf(receipt).title).toBe('sent gift {"name":"gift","ribbon":"true","size":"small"}');
    expect(sent).toEqual([{ name: 'gift', size: 'small' }]);
  });

  test('goes back with everything that was typed, a cleared default stays cleared', async () => {
    const first = await opened();
    expect(valuesOf(first)).toEqual({ name: 'default name', box: undefined });
    const last = formOf(await submitted(first, { name: 'plain', box: 'b2' }));
    const back = formOf(await desk.back(leo(), last.draftId, { size: 'huge' }));
    expect(back).toMatchObject({ step: 1, steps: 2 });
    expect(valuesOf(back)).toEqual({ name: 'plain', box: { value: 'b2', label: 'Red box' } });
    const again = formOf(await submitted(back, { name: 'plain' }));
    expect(valuesOf(again)).toEqual({ count: undefined, size: 'huge', note: undefined });
  });

  test('answers of a step that no longer applies are left out', async () => {
    const ribbon = formOf(await submitted(await opened(), { name: 'gift' }));
    const last = formOf(await submitted(ribbon, { ribbon: 'true' }));
    const toRibbon = formOf(await desk.back(leo(), last.draftId, {}));
    const toFirst = formOf(await desk.back(leo(), toRibbon.draftId, { ribbon: 'true' }));
    const plain = formOf(await submitted(toFirst, { name: 'plain' }));
    expect(plain.view.title).toBe('Size');
    expect(messageOf(await submitted(plain, { size: 'small' })).title).not.toContain('ribbon');
  });

  test('complains beside the field about what is missing or malformed, before the command sees it', async () => {
    const first = await opened();
    expect(formOf(await submitted(first, {})).errors).toEqual({ name: 'This is needed.' });
    const last = formOf(await submitted(first, { name: 'plain' }));
    const wrong = formOf(await submitted(last, { size: 'invented', note: 'kept' }));
    expect(wrong.errors).toEqual({ size: 'This is not valid.' });
    expect(valuesOf(wrong)).toMatchObject({ size: 'invented', note: 'kept' });
    expect(sent).toEqual([]);
  });

  test('a check holds the person at the step', async () => {
    const held = formOf(await submitted(await opened(), { name: 'bad' }));
    expect(held).toMatchObject({ step: 1, errors: { name: 'This is not valid.' } });
    expect(valuesOf(held).name).toBe('bad');
  });

  test('a late refusal returns to the step that has the field, with everything kept', async () => {
    const last = formOf(await submitted(await opened(), { name: 'taken', box: 'b1' }));
    const back = formOf(await submitted(last, { size: 'small', note: 'mind' }));
    expect(back).toMatchObject({ step: 1, errors: { name: 'This is not valid.' } });
    expect(valuesOf(back)).toMatchObject({ name: 'taken', box: { label: 'Blue box' } });
    const again = formOf(await submitted(back, { name: 'free' }));
    expect(valuesOf(again)).toMatchObject({ size: 'small', note: 'mind' });
    expect(messageOf(await submitted(again, { size: 'small' })).title).toContain('sent free');
  });

  test('a complaint about no field of the form stands above the fields', async () => {
    const last = formOf(await submitted(await opened(), { name: 'plain' }));
    expect(formOf(await submitted(last, { size: 'huge' }))).toMatchObject({
      step: 2,
      errors: { '': expect.any(String) as unknown },
    });
  });

  test('sent twice, it is done once and answered twice; with other answers it was already sent', async () => {
    const last = formOf(await submitted(await opened(), { name: 'once' }));
    const [one, two] = [await submitted(last, { size: 'small' }), await submitted(last, { size: 'small' })];
    expect(two).toEqual(one);
    expect(sent).toHaveLength(1);
    expect(await submitted(last, { size: 'small', note: 'changed' })).toMatchObject({
      kind: 'refused',
      text: 'This form was already sent.',
    });
  });

  test('"Next" clicked twice stays before the step behind it, and sends nothing', async () => {
    const first = await opened();
    for (const _click of [1, 2]) {
      const last = formOf(await submitted(first, { name: 'twice', box: 'b1' }));
      expect(last).toMatchObject({ step: 2, view: { title: 'Size' }, errors: {} });
    }
    expect(sent).toEqual([]);
    const last = formOf(await submitted(first, { name: 'changed' }));
    expect(messageOf(await submitted(last, { size: 'small' })).title).toContain('sent changed');
  });

  test('a step that the form has not come to is not believed', async () => {
    const first = await opened();
    const ahead = { ...first, draftId: first.draftId.replace(/:0$/, ':2') };
    expect(ahead.draftId).not.toBe(first.draftId);
    expect(formOf(await submitted(ahead, { size: 'small' }))).toMatchObject({ step: 1, view: { title: 'Parcel' } });
    expect(formOf(await desk.back(leo(), ahead.draftId, {}))).toMatchObject({ step: 1 });
    expect(sent).toEqual([]);
  });

  test('characters that no database stores are left out of what was typed', async () => {
    const form = formOf(await desk.openForm(leo(), 'parcel', { from: 'he\0re\ud800' }));
    const last = formOf(await submitted(form, { name: 'nul\0l\udc00' }));
    expect(JSON.stringify(last.view.intro)).toContain('from here\ufffd');
    expect(messageOf(await submitted(last, { size: 'small' })).title).toContain('sent null\ufffd');
    expect(messageOf(await desk.action(leo(), 'parcel.note', { a: 'x\0y' })).title).toBe('{"a":"xy"}');
  });

  test('what does not belong to the step is not believed', async () => {
    const last = formOf(await submitted(await opened(), { name: 'plain', size: 'huge' }));
    expect(valuesOf(last).size).toBeUndefined();
  });

  test('can be drawn again as it stands, for seven days', async () => {
    const last = formOf(await submitted(await opened(), { name: 'plain' }));
    world.setNow('2026-03-12T08:59:59Z');
    expect(formOf(await desk.resume(leo(), last.draftId))).toMatchObject({ step: 2, errors: {} });
    world.setNow('2026-03-12T09:00:00Z');
    expect(await desk.resume(leo(), last.draftId)).toMatchObject({
      kind: 'refused',
      text: 'This form is out of date. Open it again.',
    });
  });

  test('remembers where it was opened and tells with the receipt', async () => {
    const origin = { place: 'here' };
    const first = formOf(await desk.command({ ...leo(), origin }, 'parcel send'));
    const last = formOf(await submitted(first, { name: 'plain' }));
    expect(await submitted(last, { size: 'small' })).toMatchObject({ kind: 'message', origin });
  });
});

describe('the rest', () => {
  test('what broke is logged once with the reference that the person reads, and tells nothing else', async () => {
    const outcome = await desk.command(leo(), 'explode');
    expect(outcome).toMatchObject({ kind: 'refused' });
    const { text } = outcome as { text: string };
    const [, ref] = /Quote ([A-Z2-9]{6}) if you ask/.exec(text) ?? [];
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({ ref, err: { message: 'secret detail' }, userId: 'U0LEO' });
    expect(text).not.toContain('secret');
  });

  test('the work list shows what waits to whom it concerns, and what can be begun', async () => {
    expect(JSON.stringify(await desk.home(leo()))).toContain('Two parcels wait.');
    expect(JSON.stringify(await desk.home(leo()))).toContain('Send a parcel');
    expect(JSON.stringify(await desk.home(vera()))).toContain('Nothing waits for you.');
    expect(JSON.stringify(await desk.home(vera()))).not.toContain('Send a parcel');
    expect((await desk.home(from('U0NOBODY'))).title).toBe('This account is not linked yet');
  });

  test('the way to a person is kept when he first writes', async () => {
    await desk.command({ ...leo(), address: { conversation: 'a:1' } }, 'help');
    expect(
      await world.sql(`select address from linked_identity where user_id = 'U0LEO' and platform = 'slack'`),
    ).toEqual([{ address: { conversation: 'a:1' } }]);
  });
});
