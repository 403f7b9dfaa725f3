import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SendFailure, type Sender } from '../../../src/bot/sender.ts';
import { createSlackSender, singleInstall } from '../../../src/bot/slack/sender.ts';
import { startFakeSlack, type FakeSlack } from './fake-slack.ts';

let slack: FakeSlack;
let sender: Sender;
const log = pino({ level: 'silent' });
const address = { workspace: 'T0TEST', channel: 'C1' };
const hello = { title: 'Hello <!channel>', blocks: [] };

beforeAll(async () => {
  slack = await startFakeSlack();
  const links = { urlOf: (id: string) => `https://desk.example/${id}` };
  sender = createSlackSender({
    installs: singleInstall('xoxb-1', slack.apiUrl, log),
    links,
    apiUrl: slack.apiUrl,
    log,
  });
});
afterAll(() => slack.close());
afterEach(() => {
  slack.calls.length = 0;
});

const failing = async (work: Promise<unknown>): Promise<SendFailure> => {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SendFailure);
  return error as SendFailure;
};

test('posts with the workspace’s token, and updates by the id it was given', async () => {
  const { messageId } = await sender.post(address, hello);
  await sender.update(address, messageId, hello);
  expect(slack.of('chat.postMessage')[0]).toMatchObject({
    token: 'xoxb-1',
    args: { channel: 'C1', text: 'Hello &lt;!channel&gt;' },
  });
  expect(slack.of('chat.update')[0]!.args).toMatchObject({ channel: 'C1', ts: 100.1 });
});

test('uploads a file with its comment as literal words', async () => {
  const file = {
    fileId: 'f',
    name: 'a.xlsx',
    contentType: 'x/y',
    bytes: new Uint8Array([1, 2, 3]),
    url: 'https://x.example',
  };
  expect(await sender.file(address, file, '<!channel> *all*')).toEqual({ messageId: 'F1' });
  const { args } = slack.of('files.completeUploadExternal')[0]!;
  expect(args).toMatchObject({
    channel_id: 'C1',
    blocks: [{ type: 'section', text: { type: 'plain_text', text: '<!channel> *all*' } }],
  });
  expect(args.initial_comment).toBeUndefined();
});

test('finds the way to a person, and a channel the way people name it', async () => {
  expect(await sender.privateAddress({ workspace: 'T0TEST', userId: 'U0LEO', address: null })).toEqual({
    workspace: 'T0TEST',
    channel: 'D0LEO',
  });
  for (const named of ['#licences', 'Licences', 'C1', '<#C1|licences>', '<#C1>']) {
    expect(await sender.channelOf('T0TEST', named)).toMatchObject({ id: 'C1', name: 'licences', botIsMember: true });
  }
  expect(await sender.channelOf('T0TEST', 'lounge')).toMatchObject({ botIsMember: false });
  expect(await sender.channelOf('T0TEST', 'nowhere')).toBeNull();
  slack.next['conversations.info'] = [{ body: { ok: false, error: 'channel_not_found' } }];
  expect(await sender.channelOf('T0TEST', 'C404')).toBeNull();
});

test.for(['channel_not_found', 'not_in_channel', 'is_archived', 'invalid_auth', 'message_not_found'])(
  '%s is final',
  async (error) => {
    slack.next['chat.postMessage'] = [{ body: { ok: false, error } }];
    expect(await failing(sender.post(address, hello))).toMatchObject({ permanent: true, reason: error });
  },
);

test('a rate limit passes, in the time that Slack names', async () => {
  slack.next['chat.postMessage'] = [{ status: 429, headers: { 'retry-after': '7' }, body: { ok: false } }];
  expect(await failing(sender.post(address, hello))).toMatchObject({ permanent: false, retryAfterSeconds: 7 });
});

test('an outage passes', async () => {
  slack.next['chat.postMessage'] = Array.from({ length: 2 }, () => ({ status: 503, body: {} }));
  expect(await failing(sender.post(address, hello))).toMatchObject({
    permanent: false,
    reason: expect.any(String) as unknown,
  });
  slack.next['chat.postMessage'] = [{ body: { ok: false, error: 'internal_error' } }];
  expect(await failing(sender.post(address, hello))).toMatchObject({ permanent: false });
});

test('what we ourselves made too big, or a workspace without us, is final', async () => {
  const huge = { title: 'x', blocks: Array.from({ length: 60 }, () => ({ kind: 'divider' as const })) };
  expect(await failing(sender.post(address, huge))).toMatchObject({ permanent: true });
  expect(await failing(sender.post({ ...address, workspace: 'T0OTHER' }, hello))).toMatchObject({ permanent: true });
});
