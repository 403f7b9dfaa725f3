import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Delivery, Desk, Outcome } from '../../../src/bot/desk.ts';
import { createSlackAdapter, type SlackAdapter } from '../../../src/bot/slack/adapter.ts';
import { createSlackSender, singleInstall } from '../../../src/bot/slack/sender.ts';
import type { Answers, Args, FormView, Message } from '../../../src/bot/view.ts';
import {
  commandBody,
  deliver,
  eventBody,
  jsonHeaders,
  payloadBody,
  serveApp,
  signed,
  signingSecret,
  startFakeSlack,
  type FakeSlack,
} from './fake-slack.ts';

const list: Message = {
  title: 'Customers',
  blocks: [
    {
      kind: 'rows',
      rows: [{ title: 'Acme', button: { kind: 'run', label: 'Show', action: 'show', args: { id: '7' } } }],
    },
    { kind: 'pager', action: 'page', args: { of: 'customers' }, page: 3, pages: 17 },
  ],
};
const view: FormView = {
  title: 'Customer',
  submit: 'Save',
  fields: [
    { kind: 'text', name: 'company', label: 'Company' },
    { kind: 'lookup', name: 'plan', label: 'Plan', source: 'plan', optional: true },
  ],
};
const draftId = randomUUID();
const open = (over: object = {}): Outcome => ({
  kind: 'open',
  form: { draftId, view, step: 1, steps: 1, errors: {}, ...over },
});
const said = (message: Message): Outcome => ({ kind: 'message', message });

/** What the desk was asked, and what it answers: set by each test. */
const asked: { what: string; delivery: Delivery; with: unknown[] }[] = [];
let reply: (delivery: Delivery) => Promise<Outcome> = async () => said(list);
const ask =
  (what: string) =>
  (delivery: Delivery, ...rest: unknown[]) => {
    asked.push({ what, delivery, with: rest });
    return reply(delivery);
  };
const desk: Desk = {
  command: ask('command'),
  action: ask('action') as (delivery: Delivery, action: string, args: Args) => Promise<Outcome>,
  openForm: ask('openForm'),
  resume: ask('resume'),
  submit: ask('submit') as (delivery: Delivery, draftId: string, typed: Answers) => Promise<Outcome>,
  back: ask('back'),
  lookup: async (delivery, ...rest) => {
    asked.push({ what: 'lookup', delivery, with: rest });
    return [{ value: 'p1', label: 'Gold & <Silver>' }];
  },
  home: async (delivery) => {
    asked.push({ what: 'home', delivery, with: [] });
    return { title: 'Your work list', blocks: [] };
  },
};

let slack: FakeSlack;
let adapter: SlackAdapter;
let app: Awaited<ReturnType<typeof serveApp>>;
const seen = new Set<string>();
let databaseIsAway = false;
const logged: string[] = [];
const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) });

beforeAll(async () => {
  slack = await startFakeSlack();
  const installs = singleInstall('xoxb-test', slack.apiUrl, log);
  const links = { urlOf: (id: string) => `https://seatwise.example/files/${id}` };
  adapter = createSlackAdapter({
    signingSecret,
    desk,
    installs,
    links,
    log,
    apiUrl: slack.apiUrl,
    sender: createSlackSender({ installs, links, log, apiUrl: slack.apiUrl }),
    takeDelivery: async (key) => {
      if (databaseIsAway) throw new Error('connection refused');
      return !seen.has(key) && Boolean(seen.add(key));
    },
    patience: { skeletonMs: 80, workingMs: 150 },
  });
  app = await serveApp(adapter.handle);
});
afterAll(async () => {
  await app.close();
  await slack.close();
});
afterEach(async () => {
  await adapter.stop();
  asked.length = 0;
  slack.calls.length = 0;
  logged.length = 0;
  slack.respondWith(200);
  reply = async () => said(list);
});

const command = (text: string, over = {}) => deliver(app.url, commandBody(text, slack.responseUrl, over));
const act = (payload: object) => deliver(app.url, payloadBody({ type: 'block_actions', ...payload }));
const button = (action_id: string, value?: object) => ({
  actions: [{ type: 'button', action_id, ...(value && { value: JSON.stringify(value) }) }],
});
const inMessage = (isEphemeral: boolean) => ({
  response_url: slack.responseUrl,
  channel: { id: 'C1', name: 'licences' },
  container: { type: 'message', message_ts: '55.5', is_ephemeral: isEphemeral },
});
const inView = (over: object = {}) => ({
  container: { type: 'view', view_id: 'V1' },
  view: {
    id: 'V1',
    hash: 'h1',
    type: 'modal',
    callback_id: 'form',
    private_metadata: draftId,
    blocks: [
      { type: 'input', block_id: 'company' },
      { type: 'input', block_id: 'plan' },
    ],
    state: {
      values: {
        company: { text: { type: 'plain_text_input', value: 'Acme' } },
        plan: { 'lookup:plan': { type: 'external_select', selected_option: { value: 'p1' } } },
        days: { multi: { type: 'checkboxes', selected_options: [{ value: '7' }, { value: '30' }] } },
        trial: { toggle: { type: 'checkboxes', selected_options: [] } },
        starts: { date: { type: 'datepicker', selected_date: '2026-03-05' } },
        note: { text: { type: 'plain_text_input', value: null } },
      },
    },
    ...over,
  },
});
const typed = { company: 'Acme', plan: 'p1', days: ['7', '30'], trial: 'false', starts: '2026-03-05' };
const submit = (over: object = {}) => deliver(app.url, payloadBody({ type: 'view_submission', ...inView(over) }));

describe('the way in', () => {
  const body = () => commandBody('help', slack.responseUrl);
  const now = () => Math.floor(Date.now() / 1000);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  test.for([
    ['unsigned', (b: string) => ({ ...form, b: b && '' }), 401],
    ['signed by somebody else', (b: string) => ({ ...form, ...signed(b, now(), 'other') }), 401],
    ['older than five minutes', (b: string) => ({ ...form, ...signed(b, now() - 310) }), 401],
    ['more than five minutes ahead', (b: string) => ({ ...form, ...signed(b, now() + 310) }), 401],
    ['of another body', (b: string) => ({ ...form, ...signed(`${b}x`) }), 401],
    [
      'with a timestamp that is no number',
      (b: string) => ({ ...form, ...signed(b), 'x-slack-request-timestamp': 'NaN' }),
      401,
    ],
    ['of a type that Slack never sends', (b: string) => ({ 'content-type': 'text/plain', ...signed(b) }), 415],
    ['of no type', (b: string) => ({ 'content-type': '', ...signed(b) }), 415],
  ] as const)('a delivery %s is turned away', async ([, headers, status]) => {
    const b = body();
    expect(await deliver(app.url, b, headers(b) as unknown as Record<string, string>)).toMatchObject({
      status,
      text: '',
    });
    expect(asked).toEqual([]);
  });

  test.for([
    'null',
    '[]',
    '{}',
    '0',
    '"x"',
    '{"type":null}',
    '{"type":"event_callback"}',
    '{"type":"event_callback","event":null}',
    '',
    '{',
    '\u0000',
    '{"type":"event_callback","team_id":"T","event_id":"E","event":[]}',
    `${'['.repeat(100_000)}`,
  ])('a signed body of nonsense (%#) is a bad request', async (nonsense) => {
    for (const b of [nonsense, `payload=${encodeURIComponent(nonsense)}`]) {
      const type = b === nonsense ? 'application/json' : 'application/x-www-form-urlencoded';
      expect((await deliver(app.url, b, { 'content-type': type, ...signed(b) })).status).toBe(400);
    }
    expect(asked).toEqual([]);
  });

  test.for([
    'command=%2Flmp',
    'x',
    'payload=1&payload=2',
    '__proto__=1',
    'payload=%7B%22type%22%3A%22block_actions%22%7D',
  ])('a signed form that lacks what we read (%s) is a bad request', async (b) =>
    expect((await deliver(app.url, b)).status).toBe(400),
  );

  test('bytes that are no text do no harm', async () => {
    const b = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    expect((await deliver(app.url, b)).status).toBe(400);
  });

  test('a body over a megabyte is too large', async () => {
    const b = `text=${'x'.repeat(1024 * 1024)}`;
    expect((await deliver(app.url, b)).status).toBe(413);
  });

  test('the challenge is answered, a check of the line too, and what we do not serve is nodded at', async () => {
    const b = JSON.stringify({ type: 'url_verification', challenge: 'c4' });
    expect(await deliver(app.url, b, jsonHeaders(b))).toMatchObject({ status: 200, json: { challenge: 'c4' } });
    expect((await deliver(app.url, 'ssl_check=1')).status).toBe(200);
    expect((await deliver(app.url, payloadBody({ type: 'shortcut' }))).status).toBe(200);
  });

  test('a charset behind the type is no reason to refuse', async () => {
    const b = body();
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', ...signed(b) };
    expect((await deliver(app.url, b, headers)).status).toBe(200);
    await slack.until('respond');
  });

  test('a command is answered with a reference while the database is away', async () => {
    databaseIsAway = true;
    const { status } = await command('help');
    await adapter.stop();
    databaseIsAway = false;
    expect(status).toBe(200);
    expect(asked).toEqual([]);
    expect(JSON.stringify(slack.calls)).toMatch(/Quote [A-Z2-9]{6} if you ask for help/);
  });

  test('a command of many opened brackets takes no longer than another', async () => {
    const started = performance.now();
    await command('<http://'.repeat(50_000));
    await adapter.stop();
    expect(performance.now() - started).toBeLessThan(2000);
    expect(asked).toHaveLength(1);
  });

  test('an exact replay is answered 200 and does nothing', async () => {
    const b = body();
    const headers = { 'content-type': 'application/x-www-form-urlencoded', ...signed(b) };
    expect((await deliver(app.url, b, headers)).status).toBe(200);
    expect((await deliver(app.url, b, headers)).status).toBe(200);
    const clicked = payloadBody({ type: 'block_actions', ...inMessage(false), ...button('run:show', { id: '7' }) });
    expect((await deliver(app.url, clicked)).status).toBe(200);
    expect((await deliver(app.url, clicked)).status).toBe(200);
    await adapter.stop();
    expect(asked.map(({ what }) => what)).toEqual(['command', 'action']);
  });

  test('an event that Slack sends again is taken once, whatever its signature', async () => {
    const event = { type: 'app_home_opened', user: 'U0LEO', tab: 'home' };
    const b = eventBody(event);
    for (const at of [now(), now() - 1]) {
      const headers = { 'content-type': 'application/json', ...signed(b, at), 'x-slack-retry-num': '1' };
      expect((await deliver(app.url, b, headers)).status).toBe(200);
    }
    await adapter.stop();
    expect(slack.of('views.publish')).toHaveLength(1);
    expect(slack.of('views.publish')[0]!.args).toMatchObject({ user_id: 'U0LEO' });
  });

  test('words in the direct message are answered there; what bots and edits say is not', async () => {
    const words = { type: 'message', channel: 'D1', channel_type: 'im', user: 'U0LEO', text: 'customer list' };
    const said = [
      words,
      { ...words, bot_id: 'B1' },
      { ...words, subtype: 'message_changed' },
      { ...words, channel: 'C1', channel_type: 'channel' },
    ];
    for (const [index, event] of said.entries()) {
      const b = JSON.stringify({ ...(JSON.parse(eventBody(event)) as object), event_id: `Ev-words-${index}` });
      expect((await deliver(app.url, b, { 'content-type': 'application/json', ...signed(b, now()) })).status).toBe(200);
    }
    await adapter.stop();
    expect(asked.map(({ with: words }) => words)).toEqual([['customer list']]);
    expect(slack.of('chat.postMessage')).toHaveLength(1);
  });

  test('a workspace where we are not installed gets nothing', async () => {
    expect((await command('help', { team_id: 'T0OTHER' })).status).toBe(200);
    await adapter.stop();
    expect(asked).toEqual([]);
  });
});

describe('a command', () => {
  test('is acknowledged at once and answered to the one who typed it', async () => {
    const { status, text } = await command('customer list');
    expect({ status, text }).toEqual({ status: 200, text: '' });
    const { args } = await slack.until('respond');
    expect(args).toMatchObject({ response_type: 'ephemeral', replace_original: false, text: 'Customers' });
    expect(JSON.stringify(args.blocks)).toContain('run:show');
    expect(asked[0]).toMatchObject({
      what: 'command',
      with: ['customer list'],
      delivery: { platform: 'slack', workspace: 'T0TEST', userId: 'U0LEO', channel: { id: 'C1', name: 'licences' } },
    });
  });

  test('arrives as it was typed, channels stay marked', async () => {
    await command('find A&amp;B &lt;x&gt; <mailto:a@b.example|a@b.example> <#C1|licences>');
    await slack.until('respond');
    expect(asked[0]!.with).toEqual(['find A&B <x> a@b.example <#C1|licences>']);
  });

  test('in a direct message comes from no channel', async () => {
    await command('help', { channel_id: 'D1', channel_name: 'directmessage' });
    await slack.until('respond');
    expect(asked[0]!.delivery.channel).toBeNull();
  });

  test('opens its form, which carries only the id of the draft', async () => {
    reply = async () => open();
    await command('customer add');
    const { args } = await slack.until('views.open');
    expect(args.view).toMatchObject({ type: 'modal', private_metadata: draftId, title: { text: 'Customer' } });
  });

  test('shows a skeleton when its form takes long, and puts the form in its place', async () => {
    reply = async (delivery) => {
      delivery.opening?.();
      await sleep(160);
      return open();
    };
    await command('customer add');
    expect((await slack.until('views.open')).args.view).toMatchObject({ callback_id: 'skeleton' });
    expect((await slack.until('views.update')).args).toMatchObject({
      view_id: 'V1',
      hash: 'h1',
      view: { callback_id: 'form' },
    });
  });

  test('a refusal after the skeleton stands in its place', async () => {
    reply = async (delivery) => {
      delivery.opening?.();
      await sleep(160);
      return { kind: 'refused', text: 'No such plan.' };
    };
    await command('assign');
    expect(JSON.stringify((await slack.until('views.update')).args.view)).toContain('No such plan.');
  });

  test('is answered by direct message when the response address is dead', async () => {
    slack.respondWith(404);
    await command('customer list');
    expect((await slack.until('chat.postMessage')).args).toMatchObject({ channel: 'D0LEO', text: 'Customers' });
  });

  test('whose form comes too late says so', async () => {
    slack.next['views.open'] = [{ body: { ok: false, error: 'expired_trigger_id' } }];
    reply = async () => open();
    await command('customer add');
    expect(JSON.stringify((await slack.until('respond')).args.blocks)).toContain('took too long');
  });

  test('that breaks in the drawing is answered with a reference, and logged with it', async () => {
    reply = async () => said({ title: 'x', blocks: Array.from({ length: 60 }, () => ({ kind: 'divider' })) });
    await command('customer list');
    const words = JSON.stringify((await slack.until('respond')).args.blocks);
    const [, ref = 'none'] = /Quote ([A-Z2-9]{6})/.exec(words) ?? [];
    expect(logged.join('')).toContain(ref);
    expect(words).not.toContain('more than Slack');
  });
});

describe('a button', () => {
  test('is answered beside its message, and the message stays', async () => {
    await act({ ...inMessage(false), ...button('run:show#2', { id: '7' }) });
    expect((await slack.until('respond')).args).toMatchObject({ replace_original: false });
    expect(asked[0]).toMatchObject({ what: 'action', with: ['show', { id: '7' }] });
  });

  test('that pages replaces its list in place', async () => {
    reply = async () => ({ kind: 'replace', message: list });
    await act({ ...inMessage(true), ...button('run:page', { page: '4' }) });
    expect((await slack.until('respond')).args).toMatchObject({ replace_original: true });
  });

  test('has done its work when it is acknowledged', async () => {
    let done = false;
    reply = async () => {
      await sleep(60);
      done = true;
      return said(list);
    };
    await act({ ...inMessage(false), ...button('run:approve', {}) });
    expect(done).toBe(true);
  });

  test('that takes long says so in time, and answers later', async () => {
    let finish = (): void => {};
    reply = async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      return said(list);
    };
    // Acknowledged although the work goes on.
    await act({ ...inMessage(false), ...button('run:approve', {}) });
    expect(JSON.stringify((await slack.until('respond')).args.blocks)).toContain('Working on it');
    finish();
    expect((await slack.until('respond', 2)).args).toMatchObject({ text: 'Customers' });
  });

  test('of an older make is out of date', async () => {
    await act({ ...inMessage(false), actions: [{ type: 'button', action_id: 'approve_7', value: 'approve-7' }] });
    expect(JSON.stringify((await slack.until('respond')).args.blocks)).toContain('This message is out of date.');
    expect(asked).toEqual([]);
  });

  test('that opens an address asks nothing of us', async () => {
    expect((await act({ ...inMessage(false), ...button('link#3') })).status).toBe(200);
    await adapter.stop();
    expect(asked).toEqual([]);
  });

  test('in the home answers in a modal, and the home is drawn anew', async () => {
    await act({
      container: { type: 'view' },
      view: { id: 'VH', type: 'home', callback_id: 'home' },
      ...button('run:show', {}),
    });
    expect((await slack.until('views.open')).args.view).toMatchObject({ callback_id: 'message' });
    await slack.until('views.publish');
  });

  test('in a modal pushes its answer, pages replace the modal', async () => {
    await act({ ...inView({ callback_id: 'message' }), ...button('run:show', {}) });
    await slack.until('views.push');
    reply = async () => ({ kind: 'replace', message: list });
    await act({ ...inView({ callback_id: 'message' }), ...button('run:page', {}) });
    expect((await slack.until('views.update')).args).toMatchObject({ view_id: 'V1', hash: 'h1' });
  });

  test('a form button opens the form with what it is about', async () => {
    reply = async () => open();
    await act({ ...inMessage(false), ...button('form:report reject', { report: '9' }) });
    await slack.until('views.open');
    expect(asked[0]).toMatchObject({ what: 'openForm', with: ['report reject', { report: '9' }] });
  });

  test('Back keeps what was typed', async () => {
    reply = async () => open();
    await act({ ...inView(), ...button('back') });
    expect((await slack.until('views.update')).args).toMatchObject({ view_id: 'V1', hash: 'h1' });
    expect(asked[0]).toMatchObject({ what: 'back', with: [draftId, typed] });
  });

  test('clicked twice, the second Back finds the form moved on and says nothing', async () => {
    slack.next['views.update'] = [{ body: { ok: false, error: 'hash_conflict' } }];
    reply = async () => open();
    await act({ ...inView(), ...button('back') });
    await adapter.stop();
    expect(slack.of('chat.postMessage')).toEqual([]);
    expect(logged).toEqual([]);
  });
});

describe('a form', () => {
  const origin = () => ({ place: 'conversation', responseUrl: slack.responseUrl });

  test('hands over what was typed, by field', async () => {
    await submit();
    expect(asked[0]).toMatchObject({ what: 'submit', with: [draftId, typed] });
  });

  test('complaints stand beside their fields and the form stays', async () => {
    reply = async () => open({ errors: { company: 'Taken.' } });
    expect((await submit()).json).toEqual({ response_action: 'errors', errors: { company: 'Taken.' } });
  });

  test('a complaint about another step brings that step, with the complaint in it', async () => {
    reply = async () => open({ errors: { elsewhere: 'Wrong.' }, step: 1, steps: 3 });
    expect((await submit()).json).toMatchObject({ response_action: 'update', view: { callback_id: 'form' } });
    reply = async () => open({ errors: { '': 'The preview is stale.' } });
    expect((await submit()).text).toContain('The preview is stale.');
  });

  test('closes, and the receipt stands where the form was opened', async () => {
    reply = async () => ({ ...said(list), origin: origin() });
    expect(await submit()).toMatchObject({ status: 200, text: '' });
    expect((await slack.until('respond')).args).toMatchObject({ text: 'Customers', replace_original: false });
  });

  test('opened from a message of the bot replaces that message', async () => {
    reply = async () => ({ kind: 'replace', message: list, origin: { ...origin(), ts: '55.5', channel: 'C1' } });
    await submit();
    expect((await slack.until('chat.update')).args).toMatchObject({ channel: 'C1', ts: 55.5, text: 'Customers' });
  });

  test('opened in the home shows its receipt in the modal, and the home is drawn anew', async () => {
    reply = async () => ({ ...said(list), origin: { place: 'home' } });
    expect((await submit()).json).toMatchObject({ response_action: 'update', view: { callback_id: 'message' } });
    await slack.until('views.publish');
  });

  test('a last "no" stands in the modal', async () => {
    reply = async () => ({ kind: 'refused', text: 'This form was already sent.', origin: origin() });
    expect((await submit()).text).toContain('This form was already sent.');
  });

  test('that takes long is acknowledged with "working", then shows its answer', async () => {
    reply = async () => {
      await sleep(300);
      return { ...said(list), origin: origin() };
    };
    expect((await submit()).json).toMatchObject({ response_action: 'update', view: { callback_id: 'working' } });
    expect((await slack.until('views.update')).args).toMatchObject({ view_id: 'V1', view: { callback_id: 'message' } });
  });

  test('that was closed meanwhile gives its receipt by direct message', async () => {
    slack.next['views.update'] = [{ body: { ok: false, error: 'not_found' } }];
    reply = async () => {
      await sleep(300);
      return said(list);
    };
    await submit();
    expect((await slack.until('chat.postMessage')).args).toMatchObject({ channel: 'D0LEO' });
  });

  test('searches while one types, the same letters as often as one likes', async () => {
    const b = payloadBody({ type: 'block_suggestion', action_id: 'lookup:plan', value: 'go', trigger_id: undefined });
    for (let times = 0; times < 2; times++) {
      expect((await deliver(app.url, b)).json).toEqual({
        options: [{ text: { type: 'plain_text', text: 'Gold & <Silver>', emoji: false }, value: 'p1' }],
      });
    }
    expect(asked[0]).toMatchObject({ what: 'lookup', with: ['plan', 'go'] });
  });
});

test('stopping waits for what was acknowledged', async () => {
  let done = false;
  reply = async () => {
    await sleep(100);
    done = true;
    return said(list);
  };
  await command('customer list');
  await sleep(20);
  expect(done).toBe(false);
  await adapter.stop();
  expect(done).toBe(true);
  expect(slack.of('respond')).toHaveLength(1);
});
