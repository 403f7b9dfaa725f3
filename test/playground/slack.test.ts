import { createHmac } from 'node:crypto';
import { WebClient } from '@slack/web-api';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { slackPerson, type SlackPerson } from '../../playground/driver.ts';
import { callSlack, startStandIn, type StandIn } from './stand-in.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });
const nameField = {
  type: 'input' as const,
  block_id: 'name',
  label: plain('Name'),
  element: { type: 'plain_text_input' as const, action_id: 'v' },
};
const modal = (title = 'New plan', more: object = {}) => ({
  type: 'modal' as const,
  callback_id: 'plan',
  title: plain(title),
  submit: plain('Save'),
  close: plain('Cancel'),
  blocks: [nameField],
  ...more,
});

let app: StandIn;
let leo: SlackPerson;
let mia: SlackPerson;
let realNow = 0;
let onCommand: (text: string, tools: { trigger: string; client: never }) => Promise<unknown>;
let onSubmit: (values: Record<string, Record<string, Record<string, unknown>>>) => object | undefined;
const opened: { trigger: string; error: string }[] = [];
const closed: unknown[] = [];
const events: string[] = [];

beforeAll(async () => {
  app = await startStandIn({ realNow: () => Date.now() + realNow, retryEventsAfterMs: [100, 100] });
  const { slack } = app;
  slack.command(/.*/, async ({ command, ack, client, respond, body }) => {
    const [word] = command.text.split(' ');
    if (word === 'slow') return;
    if (word === 'words') return void (await ack('just words'));
    if (word === 'public') return void (await ack({ response_type: 'in_channel', text: 'for all' }));
    if (word === 'bad') return void (await ack({ blocks: [{ type: 'marquee' } as never] }));
    await ack();
    if (word === 'respond')
      for (let n = 1; n <= 6; n++) await respond(`answer ${n}`).catch(() => events.push(`refused ${n}`));
    await onCommand?.(command.text, { trigger: body.trigger_id, client: client as never });
    if (word === 'open') await client.views.open({ trigger_id: body.trigger_id, view: modal() });
  });
  slack.action(/.*/, async ({ action, ack, body, respond, client }) => {
    await ack();
    if (body.type !== 'block_actions') return;
    const id = 'action_id' in action ? action.action_id : '';
    events.push(`action ${id} ${body.container.is_ephemeral} ${body.message ? 'message' : 'no message'}`);
    if (id === 'replace') await respond({ replace_original: true, text: 'replaced' });
    if (id === 'push') {
      const error = await client.views
        .push({ trigger_id: body.trigger_id, view: modal('Deeper', { blocks: [pushRow] }) })
        .then(
          () => 'ok',
          (problem: { data: { error: string } }) => problem.data.error,
        );
      opened.push({ trigger: body.trigger_id, error });
    }
  });
  slack.options(/.*/, async ({ ack, options }) => {
    const all = ['Acme', 'Apex', 'Zeta'].filter((name) => name.toLowerCase().startsWith(options.value.toLowerCase()));
    await ack({ options: all.map((name) => ({ text: plain(name), value: name })) });
  });
  slack.view({ type: 'view_submission', callback_id: /.*/ }, async ({ ack, view }) => {
    await ack(onSubmit?.(view.state.values as never) as never);
  });
  slack.view({ type: 'view_closed', callback_id: /.*/ }, async ({ ack, body }) => {
    closed.push([body.view.title.text, 'is_cleared' in body && body.is_cleared]);
    await ack();
  });
  slack.event('app_home_opened', async ({ event, client, context }) => {
    events.push(`home ${event.user} ${String(context.retryNum ?? '')}`);
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [{ type: 'section', text: mrkdwn('Your work') }] },
    });
  });
  slack.message(async ({ message }) => {
    events.push(`message ${'text' in message ? message.text : ''} ${message.channel_type}`);
  });
  leo = slackPerson(app.playground, 'leo');
  mia = slackPerson(app.playground, 'mia');
});
afterAll(() => app.stop());
afterEach(async () => {
  realNow = 0;
  delete app.forced.status;
  delete app.forced.silent;
  onCommand = async () => {};
  onSubmit = () => undefined;
  opened.length = closed.length = events.length = app.received.length = 0;
  app.playground.desk.setFaults({ slack: 'ok', duplicateDeliveries: false });
  for (const person of [leo, mia]) await person.dismiss();
});

const pushRow = {
  type: 'actions' as const,
  elements: [{ type: 'button' as const, text: plain('Deeper'), action_id: 'push' }],
};
const call = (method: string, args: Record<string, unknown>, token?: string) =>
  callSlack(app.playground, method, args, token);
const post = async (channel: string, more: object = { text: 'hello' }) =>
  (await call('chat.postMessage', { channel, ...more })).body;

describe('what the Web API refuses', () => {
  test.for<[string, string, Record<string, unknown>, string]>([
    ['an unknown method', 'chat.shout', {}, 'unknown_method'],
    ['a prototype name as a method', 'toString', {}, 'unknown_method'],
    ['a message to nowhere', 'chat.postMessage', { channel: 'C0NOWHERE', text: 'x' }, 'channel_not_found'],
    [
      'a message to a channel without the bot',
      'chat.postMessage',
      { channel: 'C0LOUNGE', text: 'x' },
      'not_in_channel',
    ],
    ['a message without words', 'chat.postMessage', { channel: 'C0LICENCES' }, 'no_text'],
    ['a message too long', 'chat.postMessage', { channel: 'C0LICENCES', text: 'x'.repeat(40_001) }, 'msg_too_long'],
    ['blocks that are no JSON', 'chat.postMessage', { channel: 'C0LICENCES', blocks: '[{' }, 'invalid_blocks_format'],
    [
      'blocks that Slack does not draw',
      'chat.postMessage',
      { channel: 'C0LICENCES', blocks: [{ type: 'marquee' }] },
      'invalid_blocks',
    ],
    [
      'a picture from a file that is not there',
      'chat.postMessage',
      { channel: 'C0LICENCES', blocks: [{ type: 'image', alt_text: 'a', slack_file: { id: 'F0' } }] },
      'invalid_blocks',
    ],
    [
      'an answer to a message that is not there',
      'chat.postMessage',
      { channel: 'C0LICENCES', text: 'x', thread_ts: '1.2' },
      'thread_not_found',
    ],
    [
      'an ephemeral for someone outside',
      'chat.postEphemeral',
      { channel: 'C0LICENCES', user: 'U0MIA', text: 'x' },
      'user_not_in_channel',
    ],
    [
      'a change of what is not there',
      'chat.update',
      { channel: 'C0LICENCES', ts: '1.2', text: 'x' },
      'message_not_found',
    ],
    ['a person who is not there', 'users.info', { user: 'U0NOBODY' }, 'user_not_found'],
    ['a DM with nobody', 'conversations.open', { users: 'U0NOBODY' }, 'user_not_found'],
    ['members of nowhere', 'conversations.members', { channel: 'C0NOWHERE' }, 'channel_not_found'],
    ['a modal without a trigger', 'views.open', { view: modal() }, 'invalid_arguments'],
    ['a made-up trigger', 'views.open', { trigger_id: '1.2.x', view: modal() }, 'invalid_trigger_id'],
    ['an update of a view that is not there', 'views.update', { view_id: 'V0', view: modal() }, 'not_found'],
    [
      'a home for nobody',
      'views.publish',
      { user_id: 'U0NOBODY', view: { type: 'home', blocks: [] } },
      'invalid_arguments',
    ],
    ['a file without a length', 'files.getUploadURLExternal', { filename: 'a.csv' }, 'invalid_arguments'],
    [
      'a file that never came',
      'files.completeUploadExternal',
      { files: [{ id: 'F0' }], channel_id: 'C0LICENCES' },
      'file_not_found',
    ],
  ])('%s', async ([, method, args, error]) => {
    const before = leo.messages().length;
    const { status, body } = await call(method, args);
    expect([status, body.ok, body.error]).toEqual([200, false, error]);
    expect(leo.messages().length).toBe(before);
  });

  test('who has no or a wrong token', async () => {
    expect((await call('auth.test', {}, '')).body.error).toBe('not_authed');
    expect((await call('auth.test', {}, 'xoxb-guessed')).body.error).toBe('invalid_auth');
  });

  test('says where a block is wrong', async () => {
    const { body } = await call('chat.postMessage', {
      channel: 'C0LICENCES',
      blocks: [{ type: 'section', text: mrkdwn('x'.repeat(3001)) }],
    });
    expect(body).toMatchObject({
      error: 'invalid_blocks',
      response_metadata: { messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'] },
    });
  });

  test('another person’s message and ephemerals cannot be changed', async () => {
    await leo.say('mine', 'C0LICENCES');
    const { ts } = await leo.until(() => leo.messages('C0LICENCES').find((message) => message.text === 'mine'));
    expect((await call('chat.update', { channel: 'C0LICENCES', ts, text: 'x' })).body.error).toBe(
      'cant_update_message',
    );
    const ephemeral = (await call('chat.postEphemeral', { channel: 'C0LICENCES', user: 'U0LEO', text: 'psst' })).body;
    expect((await call('chat.delete', { channel: 'C0LICENCES', ts: ephemeral.message_ts })).body.error).toBe(
      'message_not_found',
    );
  });

  test('is rate limited and down by a switch', async () => {
    app.playground.desk.setFaults({ slack: 'rate_limited', retryAfterSeconds: 7 });
    const limited = await call('chat.postMessage', { channel: 'C0LICENCES', text: 'limited' });
    expect([limited.status, limited.headers.get('retry-after'), limited.body.error]).toEqual([429, '7', 'ratelimited']);
    app.playground.desk.setFaults({ slack: 'down' });
    expect((await call('chat.postMessage', { channel: 'C0LICENCES', text: 'down' })).status).toBe(500);
    expect(leo.messages().some((message) => ['limited', 'down'].includes(message.text))).toBe(false);
  });
});

describe('messages', () => {
  test('are posted, changed, deleted, and an ephemeral is seen by one', async () => {
    const { ts } = await post('C0APPROVALS', { text: 'first' });
    await call('chat.update', { channel: 'C0APPROVALS', ts, text: 'second' });
    const ada = slackPerson(app.playground, 'ada');
    expect(mia.messages('C0APPROVALS').at(-1)).toMatchObject({ text: 'second', edited: true });
    await call('chat.postEphemeral', { channel: 'C0APPROVALS', user: 'U0MIA', text: 'only Mia' });
    expect(mia.messages('C0APPROVALS').at(-1)!.text).toBe('only Mia');
    expect(ada.messages('C0APPROVALS').at(-1)!.text).toBe('second');
    await call('chat.delete', { channel: 'C0APPROVALS', ts });
    expect(ada.messages('C0APPROVALS').some((message) => message.ts === ts)).toBe(false);
  });

  test('a DM is addressed by the person’s id', async () => {
    const { channel } = await post('U0MIA', { text: 'for Mia' });
    expect(channel).toBe(mia.dm);
    expect(leo.messages().some((message) => message.text === 'for Mia')).toBe(false);
  });

  test('a file goes the three steps of an upload and opens', async () => {
    const content = Buffer.from('a,b\n1,2\n');
    const { SLACK_BOT_TOKEN, SLACK_API_URL } = app.playground.environment();
    const client = new WebClient(SLACK_BOT_TOKEN, { slackApiUrl: SLACK_API_URL! });
    await client.filesUploadV2({
      channel_id: 'C0LICENCES',
      file: content,
      filename: 'customers.csv',
      title: 'Customers',
      initial_comment: 'Here it is',
    });
    const message = await leo.sees(['Here it is', 'customers.csv'], 'C0LICENCES');
    expect(Buffer.from(leo.file(message))).toEqual(content);
    const download = await fetch(`${app.playground.url}${message.files[0]!.url}?download`);
    expect(download.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''customers.csv");
    expect(Buffer.from(await download.arrayBuffer())).toEqual(content);
  });

  test('an upload of another size than announced is refused', async () => {
    const { body } = await call('files.getUploadURLExternal', { filename: 'a.csv', length: '10' });
    const upload = await fetch(String(body.upload_url), { method: 'POST', body: 'short' });
    expect(upload.status).toBe(400);
    expect((await call('files.completeUploadExternal', { files: [{ id: body.file_id }] })).body.error).toBe(
      'file_not_found',
    );
  });
});

describe('commands', () => {
  test('are signed over the raw form, without a charset', async () => {
    await leo.command('words', 'C0LICENCES');
    const { headers, body } = app.received[0]!;
    const at = headers['x-slack-request-timestamp'];
    const secret = app.playground.environment().SLACK_SIGNING_SECRET!;
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(headers['x-slack-signature']).toBe(
      `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`,
    );
    expect(Object.fromEntries(new URLSearchParams(body))).toMatchObject({
      command: '/lmp',
      text: 'words',
      user_id: 'U0LEO',
      channel_id: 'C0LICENCES',
      channel_name: 'licences',
    });
    expect(leo.messages().at(-1)).toMatchObject({ text: 'just words', visibleTo: 'U0LEO' });
  });

  test.for([
    ['public', 'for all', undefined],
    ['bad', '/lmp failed with the error invalid_blocks', 'U0LEO'],
  ] as const)('an answer “%s”', async ([text, shown, visibleTo]) => {
    await leo.command(text, 'C0LICENCES');
    const last = leo.messages('C0LICENCES').at(-1)!;
    expect([last.text, last.visibleTo]).toEqual([shown, visibleTo]);
  });

  test('an app that fails or is silent is told as Slack tells it', async () => {
    app.forced.status = 500;
    await leo.command('help');
    expect(leo.messages(leo.dm).at(-1)).toMatchObject({
      text: '/lmp failed with the error http_service_error',
      user: 'USLACKBOT',
      visibleTo: 'U0LEO',
    });
    delete app.forced.status;
    app.forced.silent = true;
    await leo.command('help');
    expect(leo.messages(leo.dm).at(-1)!.text).toBe('/lmp failed with the error operation_timeout');
  });

  test('a response address serves five times, and not after half an hour', async () => {
    await leo.command('respond', 'C0LOUNGE');
    await vi.waitFor(() => expect(events).toEqual(['refused 6']));
    // The bot is not in that channel, yet may answer there what was asked there.
    expect(leo.messages('C0LOUNGE').map((message) => message.text)).toEqual([1, 2, 3, 4, 5].map((n) => `answer ${n}`));
    await leo.command('words', 'C0LOUNGE');
    const url = new URLSearchParams(app.received.at(-1)!.body).get('response_url')!;
    realNow = 31 * 60_000;
    const late = await fetch(url, { method: 'POST', body: JSON.stringify({ text: 'late' }) });
    expect([late.status, await late.json()]).toEqual([404, { ok: false, error: 'expired_url' }]);
  });

  test('are delivered twice by a switch, with the same trigger', async () => {
    app.playground.desk.setFaults({ duplicateDeliveries: true });
    await leo.command('nothing');
    await vi.waitFor(() => expect(app.received.length).toBe(2));
    expect(app.received[0]!.body).toBe(app.received[1]!.body);
  });
});

describe('modals', () => {
  const open = (trigger: string, view: object = modal()) =>
    call('views.open', { trigger_id: trigger, view }).then(({ body }) => (body.ok ? 'ok' : body.error));
  /** Types a command and hands the trigger out. */
  const trigger = async (person = leo): Promise<string> => {
    const taken = Promise.withResolvers<string>();
    onCommand = async (_text, tools) => taken.resolve(tools.trigger);
    await person.command('take');
    return taken.promise;
  };

  test('a trigger serves once, and for three seconds', async () => {
    const once = await trigger();
    expect([await open(once), await open(once)]).toEqual(['ok', 'exchanged_trigger_id']);
    const late = await trigger();
    realNow = 3001;
    expect(await open(late)).toBe('expired_trigger_id');
  });

  test('a refused view leaves the trigger usable', async () => {
    const taken = await trigger();
    expect([await open(taken, modal('x'.repeat(25))), await open(taken)]).toEqual(['invalid_arguments', 'ok']);
    expect(
      await open(
        await trigger(),
        modal('Big', {
          blocks: Array.from({ length: 90 }, () => ({ type: 'section', text: mrkdwn('x'.repeat(2900)) })),
        }),
      ),
    ).toBe('view_too_large');
  });

  test('collects the state, shows errors beside the field, and closes', async () => {
    await leo.command('open');
    await leo.seesModal('New plan');
    await leo.submit();
    expect(leo.modal()!.errors).toEqual({ Name: 'Please complete this required field.' });
    expect(app.received.length).toBe(1);
    onSubmit = () => ({ response_action: 'errors', errors: { name: 'Taken.' } });
    await leo.fill('Name', 'Mail');
    await leo.submit();
    expect(leo.modal()!.errors).toEqual({ Name: 'Taken.' });
    let seen: unknown;
    onSubmit = (values) => void (seen = values);
    await leo.submit();
    expect(seen).toEqual({ name: { v: { type: 'plain_text_input', value: 'Mail' } } });
    expect(leo.modal()).toBeUndefined();
  });

  test.for<[string, object, RegExp | undefined, string | undefined]>([
    ['update', { response_action: 'update', view: modal('Next step') }, undefined, 'Next step'],
    ['push', { response_action: 'push', view: modal('On top') }, undefined, 'On top'],
    ['clear', { response_action: 'clear' }, undefined, undefined],
    [
      'errors for a field that is not there',
      { response_action: 'errors', errors: { nope: 'x' } },
      /trouble connecting/,
      'New plan',
    ],
    [
      'a view that Slack does not take',
      { response_action: 'update', view: modal('x'.repeat(25)) },
      /trouble connecting/,
      'New plan',
    ],
  ])('answers a submission with %s', async ([, answer, problem, title]) => {
    await open(await trigger());
    await leo.fill('Name', 'Mail');
    onSubmit = () => answer;
    await leo.submit();
    expect(leo.modal()?.title).toBe(title);
    if (problem) expect(leo.modal()!.problem).toMatch(problem);
  });

  test('cannot be submitted again while the answer is awaited', async () => {
    await open(await trigger());
    await leo.fill('Name', 'Mail');
    const first = leo.submit();
    await expect(leo.submit()).rejects.toThrow('being sent already');
    await first;
    expect(leo.modal()).toBeUndefined();
  });

  test('an app that fails keeps the modal and what was typed', async () => {
    await open(await trigger());
    await leo.fill('Name', 'Mail');
    app.forced.status = 500;
    await leo.submit();
    expect(leo.modal()).toMatchObject({ title: 'New plan', problem: expect.stringMatching(/trouble connecting/) });
  });

  test('stack three high and tell when they close', async () => {
    await open(await trigger(), modal('Bottom', { blocks: [pushRow], notify_on_close: true }));
    await leo.click('Deeper');
    await leo.seesModal('Deeper');
    await leo.click('Deeper');
    await leo.until(() => leo.modal()?.depth === 3);
    await leo.click('Deeper');
    await vi.waitFor(() => expect(opened.map((each) => each.error)).toEqual(['ok', 'ok', 'push_limit_reached']));
    await leo.cancel();
    expect(leo.modal()!.depth).toBe(2);
    await leo.dismiss();
    expect(leo.modal()).toBeUndefined();
    expect(closed).toEqual([['Bottom', true]]);
  });

  test('only a click inside a modal may push', async () => {
    const { body } = await call('views.push', { trigger_id: await trigger(), view: modal() });
    expect(body.error).toBe('invalid_trigger_id');
  });

  test('an update with an old hash is refused', async () => {
    await open(await trigger());
    const { view } = leo.modal()!;
    expect((await call('views.update', { view_id: view.id, hash: view.hash, view: modal('Second') })).body.ok).toBe(
      true,
    );
    expect((await call('views.update', { view_id: view.id, hash: view.hash, view: modal('Third') })).body.error).toBe(
      'hash_conflict',
    );
    expect(leo.modal()!.title).toBe('Second');
  });

  test('search while typing', async () => {
    const lookup = {
      type: 'input',
      block_id: 'who',
      label: plain('Customer'),
      element: { type: 'external_select', action_id: 'who', min_query_length: 0 },
    };
    await open(await trigger(), modal('Assign', { blocks: [lookup] }));
    expect(await leo.choices('Customer', 'a')).toEqual(['Acme', 'Apex']);
    let seen: unknown;
    onSubmit = (values) => void (seen = values);
    await leo.choose('Customer', 'Apex');
    await leo.submit();
    expect(seen).toEqual({
      who: { who: { type: 'external_select', selected_option: { text: plain('Apex'), value: 'Apex' } } },
    });
  });

  test('are of one person', async () => {
    await open(await trigger());
    expect(mia.modal()).toBeUndefined();
  });
});

describe('clicks and events', () => {
  const buttons = {
    type: 'actions',
    elements: [{ type: 'button', text: plain('Replace'), action_id: 'replace', value: '7' }],
  };

  test('a click carries the message, and the answer replaces it', async () => {
    const { ts } = await post('C0LICENCES', { text: 'x', blocks: [buttons] });
    await leo.click('Replace', { in: 'C0LICENCES' });
    await leo.until(() => leo.messages('C0LICENCES').find((message) => message.ts === ts)?.text === 'replaced');
    expect(events).toEqual(['action replace false message']);
  });

  test('a click on an ephemeral comes without the message', async () => {
    await call('chat.postEphemeral', { channel: 'C0LICENCES', user: 'U0LEO', text: 'x', blocks: [buttons] });
    await leo.click('Replace', { in: 'C0LICENCES' });
    await vi.waitFor(() => expect(events).toEqual(['action replace true no message']));
  });

  test('a button that is gone cannot be clicked, nor one in a channel of others', async () => {
    const { ts } = await post('C0APPROVALS', { text: 'x', blocks: [{ ...buttons, block_id: 'row' }] });
    const click = {
      source: { in: 'message' as const, channel: 'C0APPROVALS', ts: String(ts) },
      blockId: 'row',
      actionId: 'replace',
      action: {},
      state: {},
    };
    await expect(app.playground.slack.people.action({ persona: 'leo', ...click })).rejects.toThrow(
      'not in that channel',
    );
    await call('chat.update', { channel: 'C0APPROVALS', ts, text: 'done', blocks: [] });
    await expect(app.playground.slack.people.action({ persona: 'mia', ...click })).rejects.toThrow('no longer there');
    expect(app.received).toEqual([]);
  });

  test('the home is published when it is opened', async () => {
    expect(await leo.home()).toContain('Your work');
  });

  test('an event that failed comes again, and says so', async () => {
    app.forced.status = 503;
    const opening = leo.home();
    await vi.waitFor(() => expect(app.received.length).toBeGreaterThan(0));
    delete app.forced.status;
    await opening;
    expect(app.received[1]!.headers).toMatchObject({ 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_error' });
    expect(app.received[1]!.body).toBe(app.received[0]!.body);
    expect(events).toEqual(['home U0LEO 1']);
  });

  test('the app hears what is said in a DM, and nothing of a channel', async () => {
    await leo.say('hello there');
    await leo.say('among us', 'C0LICENCES');
    await vi.waitFor(() => expect(events).toEqual(['message hello there im']));
    expect(app.received.length).toBe(1);
  });
});
