import { cardAttachment, MessageActivityInput } from '@microsoft/teams.api';
import { decodeJwt, generateKeyPair, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { teamsPerson, type TeamsPerson } from '../../playground/driver.ts';
import { teamsBot, teamsClientId, teamsTenant } from '../../playground/world.ts';
import { startStandIn, type StandIn } from './stand-in.ts';

const channel = '19:approvals@thread.tacv2';
const card = (title: string, actions: object[] = [], body: object[] = []) =>
  ({ type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: title }, ...body], actions }) as never;
const execute = (title: string, verb: string, data: object = {}) => ({ type: 'Action.Execute', title, verb, data });
const openDialog = { type: 'Action.Submit', title: 'Reject…', data: { msteams: { type: 'task/fetch' }, id: '7' } };
const reason = { type: 'Input.Text', id: 'reason', label: 'Reason', isRequired: true, errorMessage: 'Say why.' };
const lookup = {
  type: 'Input.ChoiceSet',
  id: 'who',
  label: 'Customer',
  style: 'filtered',
  choices: [],
  'choices.data': { type: 'Data.Query', dataset: 'customers' },
};
const dialogCard = (text = 'Why?') => card(text, [{ type: 'Action.Submit', title: 'Reject' }], [reason, lookup]);

let app: StandIn;
let jonas: TeamsPerson;
let ada: TeamsPerson;
const seen: unknown[] = [];

beforeAll(async () => {
  app = await startStandIn();
  const { teams } = app;
  teams.on('message', async ({ activity, send }) => {
    seen.push({
      text: activity.text,
      conversation: activity.conversation.id,
      from: activity.from.aadObjectId,
      value: activity.value,
    });
    if (activity.text?.includes('card')) {
      await send(
        new MessageActivityInput('').addCard(
          'adaptive',
          card('Report', [execute('Approve', 'approve', { id: '7' }), openDialog], [lookup]),
        ),
      );
    } else if (activity.text?.includes('file')) {
      await send({
        type: 'message',
        attachments: [
          {
            contentType: 'application/vnd.microsoft.teams.card.file.consent',
            name: 'a.xlsx',
            content: { description: 'd', sizeInBytes: 10, acceptContext: { id: '7' }, declineContext: { id: '8' } },
          },
        ],
      } as never);
    } else if (activity.text) await send(`you said ${activity.text}`);
  });
  teams.on('card.action', async ({ activity }) => {
    seen.push(activity.value);
    const { verb } = activity.value.action as unknown as { verb: string };
    if (verb === 'broken')
      return {
        statusCode: 200,
        type: 'application/vnd.microsoft.card.adaptive',
        value: { ...(card('x') as object), version: '2.0' },
      } as never;
    return {
      statusCode: 200,
      type: 'application/vnd.microsoft.card.adaptive',
      value: card('Approved', [execute('Break', 'broken')]),
    } as never;
  });
  teams.on('dialog.open', async ({ activity }) => {
    seen.push(activity.value);
    return {
      task: {
        type: 'continue',
        value: { title: 'Reject', height: 'small', width: 'medium', card: cardAttachment('adaptive', dialogCard()) },
      },
    } as never;
  });
  teams.on('dialog.submit', async ({ activity }) => {
    seen.push(activity.value.data);
    const data = activity.value.data as { reason: string };
    if (data.reason === 'x')
      return {
        task: { type: 'continue', value: { title: 'Reject', card: cardAttachment('adaptive', dialogCard('Longer.')) } },
      } as never;
    return { task: { type: 'message', value: 'Rejected.' } } as never;
  });
  teams.on('card.search', async ({ activity }) => {
    seen.push(activity.value);
    return {
      statusCode: 200,
      type: 'application/vnd.microsoft.search.searchResponse',
      value: { results: Array.from({ length: 20 }, (_, i) => ({ title: `Acme ${i}`, value: `c${i}` })) },
    } as never;
  });
  teams.on('file.consent', async ({ activity }) => {
    seen.push(activity.value.action);
    const url = activity.value.uploadInfo?.uploadUrl;
    if (url) {
      await fetch(url, { method: 'PUT', body: '01234', headers: { 'content-range': 'bytes 0-4/10' } });
      const last = await fetch(url, { method: 'PUT', body: '56789', headers: { 'content-range': 'bytes 5-9/10' } });
      seen.push(last.status);
    }
    return { status: 200 };
  });
  jonas = teamsPerson(app.playground, 'jonas');
  ada = teamsPerson(app.playground, 'ada');
});
afterAll(() => app.stop());
afterEach(() => {
  seen.length = 0;
  app.received.length = 0;
  delete app.forced.status;
  jonas.closeDialog();
  app.playground.desk.setFaults({ teams: 'ok' });
});

const token = async (): Promise<string> => (await app.playground.teams.keys.appToken()).access_token;
const connector = async (method: string, path: string, body?: unknown, bearer?: string) => {
  const response = await fetch(`${app.playground.url}/teams/v3/${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    headers: { authorization: `Bearer ${bearer ?? (await token())}`, 'content-type': 'application/json' },
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, never> };
};
const message = (more: object = { text: 'hello' }) => ({ type: 'message', ...more });
const withCard = (content: unknown) =>
  message({ attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] });

describe('the token endpoint', () => {
  const ask = async (change: Record<string, string>, tenant: string = teamsTenant.id) => {
    const env = app.playground.environment();
    const response = await fetch(`${env.TEAMS_LOGIN_URL}/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: env.CLIENT_ID!,
        client_secret: env.CLIENT_SECRET!,
        scope: 'https://api.botframework.com/.default',
        ...change,
      }),
    });
    return (await response.json()) as Record<string, string>;
  };

  test('gives a signed token for id and secret', async () => {
    const { access_token, token_type } = await ask({});
    expect(token_type).toBe('Bearer');
    expect(decodeJwt(access_token!)).toMatchObject({
      appid: teamsClientId,
      tid: teamsTenant.id,
      aud: 'https://api.botframework.com',
    });
  });

  test.for<[string, Record<string, string>, string]>([
    ['a wrong secret', { client_secret: 'guessed' }, 'invalid_client'],
    ['another app', { client_id: 'x' }, 'unauthorized_client'],
    ['another grant', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['another scope', { scope: 'https://graph.microsoft.com/.default' }, 'invalid_scope'],
  ])('refuses %s', async ([, change, error]) => {
    expect((await ask(change)).error).toBe(error);
  });

  test('refuses another tenant', async () => {
    expect((await ask({}, 'elsewhere')).error).toBe('invalid_request');
  });
});

describe('what the connector refuses', () => {
  const chat = (): string => jonas.personal;
  test.for<[string, string, () => string, unknown, number, string]>([
    [
      'an unknown conversation',
      'POST',
      () => 'conversations/19:nowhere@thread.tacv2/activities',
      message(),
      404,
      'ConversationNotFound',
    ],
    [
      'a post to answer that is not there',
      'POST',
      () => `conversations/${channel};messageid=1/activities`,
      message(),
      404,
      'ActivityNotFoundInConversation',
    ],
    ['nothing to show', 'POST', () => `conversations/${chat()}/activities`, message({}), 400, 'BadArgument'],
    ['no activity', 'POST', () => `conversations/${chat()}/activities`, [], 400, 'BadSyntax'],
    ['no JSON', 'POST', () => `conversations/${chat()}/activities`, '{', 400, 'BadSyntax'],
    [
      'a card of version 1.6',
      'POST',
      () => `conversations/${chat()}/activities`,
      withCard({ type: 'AdaptiveCard', version: '1.6', body: [] }),
      400,
      'BadSyntax',
    ],
    [
      'a card of seven actions',
      'POST',
      () => `conversations/${chat()}/activities`,
      withCard(
        card(
          'x',
          Array.from({ length: 7 }, (_, i) => execute(`a${i}`, 'v')),
        ),
      ),
      400,
      'BadSyntax',
    ],
    [
      'a message of 60,000 characters',
      'POST',
      () => `conversations/${chat()}/activities`,
      message({ text: 'x'.repeat(60_000) }),
      413,
      'MessageSizeTooBig',
    ],
    [
      'a file consent card in a channel',
      'POST',
      () => `conversations/${channel}/activities`,
      message({
        attachments: [
          { contentType: 'application/vnd.microsoft.teams.card.file.consent', name: 'a', content: { sizeInBytes: 1 } },
        ],
      }),
      400,
      'BadArgument',
    ],
    [
      'a change of what is not there',
      'PUT',
      () => `conversations/${chat()}/activities/1`,
      message(),
      404,
      'ActivityNotFoundInConversation',
    ],
    [
      'a chat with a stranger',
      'POST',
      () => 'conversations',
      { members: [{ id: '29:nobody' }], tenantId: teamsTenant.id },
      404,
      'ConversationNotFound',
    ],
    [
      'a chat in another tenant',
      'POST',
      () => 'conversations',
      { members: [{ id: '29:jonas' }], tenantId: 'other' },
      403,
      'Forbidden',
    ],
    [
      'a group chat',
      'POST',
      () => 'conversations',
      { members: [{ id: '29:jonas' }, { id: '29:ada' }], tenantId: teamsTenant.id },
      400,
      'BadArgument',
    ],
    [
      'a member who is not in it',
      'GET',
      () => `conversations/${channel}/members/29:yuki`,
      undefined,
      404,
      'MemberNotFoundInConversation',
    ],
    ['an unknown path', 'GET', () => 'meetings/1', undefined, 404, 'NotFound'],
  ])('%s', async ([, method, path, body, status, code]) => {
    const before = app.playground.store.all('teams_activity').length;
    const answer = await connector(method, path(), body);
    expect([answer.status, (answer.body.error as unknown as { code: string }).code]).toEqual([status, code]);
    expect(app.playground.store.all('teams_activity').length).toBe(before);
  });

  test('a call without a token of ours', async () => {
    const foreign = await new SignJWT({ appid: teamsClientId })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(`https://sts.windows.net/${teamsTenant.id}/`)
      .setAudience('https://api.botframework.com')
      .setExpirationTime('1h')
      .sign((await generateKeyPair('RS256')).privateKey);
    for (const bearer of ['x', foreign]) {
      expect((await connector('POST', `conversations/${jonas.personal}/activities`, message(), bearer)).status).toBe(
        401,
      );
    }
  });

  test('a change of what a person wrote', async () => {
    await jonas.say('mine');
    const { id } = jonas.messages(jonas.personal).findLast((activity) => activity.text === 'mine')!;
    expect((await connector('PUT', `conversations/${jonas.personal}/activities/${id}`, message())).status).toBe(403);
  });

  test('everything, by a switch', async () => {
    app.playground.desk.setFaults({ teams: 'rate_limited', retryAfterSeconds: 9 });
    const limited = await connector('POST', `conversations/${jonas.personal}/activities`, message());
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '9']);
    app.playground.desk.setFaults({ teams: 'down' });
    expect((await connector('POST', `conversations/${jonas.personal}/activities`, message())).status).toBe(500);
  });
});

describe('proactive', () => {
  test('a chat is opened by Teams id or Entra id, and a channel post starts a thread', async () => {
    for (const id of ['29:jonas', jonas.persona.teamsAadObjectId!]) {
      const made = await connector('POST', 'conversations', { members: [{ id }], tenantId: teamsTenant.id });
      expect(made).toMatchObject({ status: 201, body: { id: jonas.personal } });
    }
    const post = await connector('POST', 'conversations', {
      channelData: { channel: { id: channel } },
      tenantId: teamsTenant.id,
      activity: message({ text: 'digest' }),
    });
    expect(post.body.id).toBe(`${channel};messageid=${String(post.body.activityId)}`);
    await connector('POST', `conversations/${String(post.body.id)}/activities`, message({ text: 'in the thread' }));
    expect(ada.messages(channel).at(-1)).toMatchObject({ text: 'in the thread', threadId: post.body.activityId });
  });

  test('activities are changed and deleted, and members are listed with their Entra ids', async () => {
    const path = `conversations/${jonas.personal}/activities`;
    const { id } = (await connector('POST', path, message({ text: 'first' }))).body;
    await connector('PUT', `${path}/${id}`, message({ text: 'second' }));
    expect(jonas.messages().at(-1)).toMatchObject({ text: 'second', edited: true });
    await connector('DELETE', `${path}/${id}`);
    expect(jonas.messages().at(-1)).toMatchObject({ deleted: true, text: '' });
    const paged = await connector('GET', `conversations/${channel}/pagedmembers?pageSize=1`);
    expect(paged.body).toMatchObject({
      members: [{ id: '29:jonas', aadObjectId: jonas.persona.teamsAadObjectId }],
      continuationToken: '1',
    });
  });
});

describe('what a person does', () => {
  test('a message reaches the app signed, and its answer the chat', async () => {
    await jonas.say('lmp help');
    await jonas.sees('you said lmp help');
    expect(seen).toEqual([
      { text: 'lmp help', conversation: jonas.personal, from: jonas.persona.teamsAadObjectId, value: undefined },
    ]);
    const claims = decodeJwt(app.received[0]!.headers.authorization!.slice('Bearer '.length));
    expect(claims).toMatchObject({
      iss: 'https://api.botframework.com',
      aud: teamsClientId,
      serviceurl: app.playground.environment().TEAMS_SERVICE_URL,
    });
  });

  test('in a channel the app hears only what is said to it, and answers in the thread', async () => {
    await jonas.say('among us', { in: channel, mention: false });
    expect(app.received).toEqual([]);
    await jonas.say('help', { in: channel });
    const answer = await ada.sees('you said', channel);
    const asked = ada.messages(channel).findLast((activity) => activity.from === '29:jonas')!;
    expect(answer.threadId).toBe(asked.id);
    expect(seen).toMatchObject([
      {
        text: expect.stringContaining(`<at>${teamsBot.name}</at> help`),
        conversation: `${channel};messageid=${asked.id}`,
      },
    ]);
  });

  test('a card answers in place to the clicker alone, until it is updated for all', async () => {
    await jonas.say('card', { in: channel });
    const shown = await jonas.sees('Report', channel);
    await jonas.click('Approve', { in: channel });
    expect(seen.at(-1)).toMatchObject({
      action: { type: 'Action.Execute', verb: 'approve', data: { id: '7' } },
      trigger: 'manual',
    });
    const now = () => app.playground.teams.tenant.activityOf(channel, shown.id)!;
    expect([jonas.text(now()).includes('Approved'), ada.text(now()).includes('Approved')]).toEqual([true, false]);
    await expect(jonas.click('Approve', { message: shown })).rejects.toThrow('sees no button');
    await connector('PUT', `conversations/${channel}/activities/${shown.id}`, withCard(card('Decided')));
    expect([jonas.text(now()), ada.text(now())]).toEqual(['Decided', 'Decided']);
  });

  test('a card that Teams does not take is not shown', async () => {
    await jonas.say('card');
    await jonas.sees('Report', jonas.personal);
    await jonas.click('Approve', { in: jonas.personal });
    const notices: unknown[] = [];
    const stop = app.playground.stream.listen((event, data) => event === 'notice' && notices.push(data));
    await jonas.click('Break', { in: jonas.personal });
    stop();
    expect(notices).toMatchObject([{ persona: 'jonas', tone: 'error' }]);
    expect(jonas.canClick('Break', { in: jonas.personal })).toBe(true);
  });

  test('a dialog opens, comes back with complaints, and closes', async () => {
    await jonas.say('card');
    await jonas.sees('Report', jonas.personal);
    await jonas.click('Reject…', { in: jonas.personal });
    expect(seen.at(-1)).toMatchObject({ data: { msteams: { type: 'task/fetch' }, id: '7' } });
    await jonas.seesDialog('Reject');
    await expect(jonas.click('Reject')).rejects.toThrow('"Reason" is required');
    await jonas.fill('Reason', 'x');
    await jonas.click('Reject');
    expect(jonas.dialog()!.text).toContain('Longer.');
    await jonas.fill('Reason', 'wrong month');
    await jonas.choose('Customer', 'Acme 3');
    await jonas.click('Reject');
    expect(seen.at(-1)).toEqual({ reason: 'wrong month', who: 'c3' });
    expect(jonas.dialog()).toBeUndefined();
  });

  test('a search shows fifteen at most, and only for a field that is there', async () => {
    await jonas.say('card');
    await jonas.sees('Report', jonas.personal);
    expect((await jonas.choices('Customer', 'ac')).length).toBe(15);
    expect(seen.at(-1)).toEqual({ queryText: 'ac', queryOptions: { skip: 0, top: 15 }, dataset: 'customers' });
    await expect(
      app.playground.teams.people.search({
        persona: 'jonas',
        source: { in: 'dialog' },
        dataset: 'customers',
        queryText: '',
      }),
    ).rejects.toThrow('no longer open');
  });

  test('a file comes after consent, in pieces, once', async () => {
    await jonas.say('file');
    const asked = await jonas.sees('a.xlsx', jonas.personal);
    await jonas.acceptFile(asked);
    expect(seen.slice(-2)).toEqual(['accept', 201]);
    expect(Buffer.from(jonas.file('a.xlsx')).toString()).toBe('0123456789');
    await expect(jonas.acceptFile(asked)).rejects.toThrow('no file to decide');
    await jonas.say('file');
    const other = await jonas.until(() => jonas.messages().findLast((activity) => activity.consent === 'open'));
    await jonas.declineFile(other);
    expect(seen.at(-1)).toBe('decline');
  });

  test('an app that fails leaves a dialog open with a word', async () => {
    await jonas.say('card');
    await jonas.sees('Report', jonas.personal);
    await jonas.click('Reject…', { in: jonas.personal });
    await jonas.fill('Reason', 'because');
    app.forced.status = 500;
    await jonas.click('Reject');
    expect(jonas.dialog()!.problem).toMatch(/Unable to reach app/);
  });

  test('a click in a chat of others is refused', async () => {
    await jonas.say('card');
    const shown = await jonas.sees('Report', jonas.personal);
    await expect(
      app.playground.teams.people.execute({
        persona: 'ada',
        chat: jonas.personal,
        activityId: shown.id,
        verb: 'approve',
        data: {},
      }),
    ).rejects.toThrow('not in that chat');
  });

  test('the bot is installed in every chat and team', async () => {
    await app.playground.connect({ tick: async () => {}, keptMails: async () => [], nextDue: async () => null });
    await vi.waitFor(() => expect(app.received.length).toBe(14));
    const first = JSON.parse(app.received[0]!.body) as Record<string, never>;
    expect(first).toMatchObject({
      type: 'installationUpdate',
      action: 'add',
      channelData: { tenant: { id: teamsTenant.id }, channel: { id: '19:licences@thread.tacv2' } },
    });
  });
});
