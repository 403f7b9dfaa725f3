import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { SendFailure } from '../../../src/bot/sender.ts';
import { faultsOfCard } from '../../../playground/teams/adaptive-card.ts';
import { startFakeTeams, tenantId, type FakeTeams } from './fake-teams.ts';

let teams: FakeTeams;
beforeAll(async () => {
  teams = await startFakeTeams({
    desk: { home: async () => ({ title: 'x', blocks: [] }) } as never,
    seen: async () => true,
    links: { urlOf: (fileId) => `https://desk.example/files/${fileId}` },
    fileBytes: async () => null,
  });
});
afterEach(() => {
  teams.calls.length = 0;
  teams.refusals.length = 0;
});
afterAll(() => teams.stop());

const personal = () => ({
  kind: 'personal',
  serviceUrl: teams.url,
  tenant: tenantId,
  user: '29:yuki',
  conversation: 'a:yuki',
});
const channel = () => ({
  kind: 'channel',
  serviceUrl: teams.url,
  tenant: tenantId,
  conversation: '19:licences@thread.tacv2',
});
const message = { title: 'A report waits', blocks: [{ kind: 'text' as const, text: '*x*' }] };
const file = {
  fileId: 'file-1',
  name: 'summary.xlsx',
  contentType: 'application/x',
  bytes: Buffer.from('123'),
  url: 'https://desk.example/f',
};

describe('what leaves for Teams', () => {
  test('a post to a person, and one to a channel', async () => {
    expect(await teams.teams.sender.post(personal(), message)).toEqual({ messageId: expect.stringMatching(/^sent-/) });
    await teams.teams.sender.post(channel(), message);
    expect(teams.posts()).toMatchObject([
      { conversation: 'a:yuki', summary: 'A report waits' },
      { conversation: '19:licences@thread.tacv2' },
    ]);
    expect(faultsOfCard(teams.posts()[0].attachments[0].content)).toEqual([]);
  });

  test('a post to somebody of whom only the account is known opens the private chat', async () => {
    const { conversation: _unknown, ...address } = personal();
    await teams.teams.sender.post(address, message);
    expect(teams.posts()).toMatchObject([{ conversation: 'a:private-29:yuki' }]);
    const [created] = teams.calls.filter(({ path }) => path === '/v3/conversations');
    expect(created!.json).toMatchObject({ members: [{ id: '29:yuki' }], tenantId });
  });

  test('the private address of an account is opened once and then known', async () => {
    const recipient = { workspace: tenantId, userId: '29:jonas', address: null };
    const address = await teams.teams.sender.privateAddress(recipient);
    expect(address).toEqual({
      kind: 'personal',
      serviceUrl: teams.url,
      tenant: tenantId,
      user: '29:jonas',
      conversation: 'a:private-29:jonas',
    });
    teams.calls.length = 0;
    expect(await teams.teams.sender.privateAddress({ ...recipient, address })).toEqual(address);
    expect(teams.calls).toEqual([]);
  });

  test('an update in place', async () => {
    await teams.teams.sender.update(personal(), '17', { title: 'Approved', blocks: [] });
    expect(teams.calls.at(-1)).toMatchObject({ method: 'PUT', path: '/v3/conversations/a:yuki/activities/17' });
  });

  test('a file: asked for in a private chat, a link in a channel', async () => {
    await teams.teams.sender.file(personal(), file, 'February');
    await teams.teams.sender.file(channel(), file, 'Of *February*');
    const [asked, linked] = teams.posts();
    expect(asked.attachments).toEqual([
      {
        contentType: 'application/vnd.microsoft.teams.card.file.consent',
        name: 'summary.xlsx',
        content: {
          description: 'February',
          sizeInBytes: 3,
          acceptContext: { fileId: 'file-1', name: 'summary.xlsx' },
          declineContext: { fileId: 'file-1', name: 'summary.xlsx' },
        },
      },
    ]);
    const card = linked.attachments[0].content;
    expect(faultsOfCard(card)).toEqual([]);
    expect(JSON.stringify(card)).toContain('https://desk.example/f');
    expect(JSON.stringify(card)).toContain('Of \\\\*February\\\\*');
  });

  test('the token is fetched once for many posts', async () => {
    await Promise.all([1, 2, 3].map(() => teams.teams.sender.post(personal(), message)));
    expect(teams.calls.filter(({ path }) => path.includes('/oauth2/'))).toEqual([]);
  });
});

describe('what cannot be sent', () => {
  const failureOf = async (work: Promise<unknown>): Promise<SendFailure> => {
    const error: unknown = await work.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(SendFailure);
    return error as SendFailure;
  };

  test.for([
    [429, { 'retry-after': '7' }, false, 7],
    [429, {}, false, undefined],
    [503, { 'retry-after': 'Fri, 01 Jan 2100 00:00:00 GMT' }, false, expect.any(Number)],
    [500, {}, false, undefined],
    [401, {}, false, undefined],
    [400, {}, true, undefined],
    [403, {}, true, undefined],
    [404, {}, true, undefined],
    [413, {}, true, undefined],
  ] as const)('HTTP %i', async ([status, headers, permanent, retryAfterSeconds]) => {
    teams.refusals.push({ status, headers, body: { error: { code: 'Some_Code' } } });
    const failure = await failureOf(teams.teams.sender.post(personal(), message));
    expect(failure).toMatchObject({ permanent, retryAfterSeconds, reason: 'Some_Code' });
    expect(JSON.stringify({ ...failure, cause: failure.cause })).not.toMatch(/Bearer|eyJ/);
  });

  test('nobody listening is passing', async () => {
    teams.refusals.push({ status: 418, body: 'no json object' });
    expect(await failureOf(teams.teams.sender.post(personal(), message))).toMatchObject({ reason: 'HTTP 418' });
  });

  test('an address of another time, or of a service that is not allowed, is permanent and gets no token', async () => {
    for (const address of [{}, { ...personal(), serviceUrl: 'https://evil.example' }, { kind: 'odd' }]) {
      expect(await failureOf(teams.teams.sender.post(address as never, message))).toMatchObject({ permanent: true });
    }
    expect(teams.calls).toEqual([]);
  });
});

describe('a channel as a person names it', () => {
  test('by id', async () => {
    expect(await teams.teams.sender.channelOf(tenantId, ' 19:other@thread.tacv2;messageid=4 ')).toMatchObject({
      platform: 'teams',
      workspace: tenantId,
      id: '19:other@thread.tacv2',
      botIsMember: true,
      address: { kind: 'channel', conversation: '19:other@thread.tacv2', serviceUrl: teams.url },
    });
  });

  test('by name, once a team was heard of', async () => {
    expect(await teams.teams.sender.channelOf(tenantId, 'licences')).toBeNull();
    await teams.deliver(teams.channel({ type: 'conversationUpdate', text: undefined }));
    for (const name of ['licences', '#Licences']) {
      expect(await teams.teams.sender.channelOf(tenantId, name)).toMatchObject({
        id: '19:licences@thread.tacv2',
        name: 'Licences',
        botIsMember: true,
      });
    }
    expect(await teams.teams.sender.channelOf(tenantId, 'General')).toMatchObject({ id: '19:general@thread.tacv2' });
  });

  test('one that is gone is none; one without the bot says so', async () => {
    expect(await teams.teams.sender.channelOf(tenantId, '19:gone@thread.tacv2')).toBeNull();
    expect(await teams.teams.sender.channelOf(tenantId, '19:closed@thread.tacv2')).toMatchObject({
      botIsMember: false,
    });
    expect(await teams.teams.sender.channelOf(tenantId, 'No such')).toBeNull();
  });
});
