import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Delivery, Desk, OpenForm, Outcome } from '../../../src/bot/desk.ts';
import { faultsOfCard, inputsOf, textsOf } from '../../../playground/teams/adaptive-card.ts';
import { clientId, startFakeTeams, tenantId, type FakeTeams } from './fake-teams.ts';

const said = (title: string): Outcome => ({ kind: 'message', message: { title, blocks: [] } });
const form = (over: Partial<OpenForm> = {}): Outcome => ({
  kind: 'open',
  form: {
    draftId: 'draft-1',
    step: 1,
    steps: 2,
    errors: {},
    view: { title: 'Create a plan', submit: 'Next', fields: [{ kind: 'text', name: 'name', label: 'Service plan' }] },
    ...over,
  },
});

/** What reached the desk, and what it answers next. */
interface Asked {
  readonly method: string;
  readonly delivery: Delivery;
  readonly rest: readonly unknown[];
}
const asked: Asked[] = [];
const answers: (Outcome | Error)[] = [];
const answer = async (method: string, delivery: Delivery, ...rest: readonly unknown[]): Promise<Outcome> => {
  asked.push({ method, delivery, rest });
  const next = answers.shift() ?? said(`Answer to ${method}`);
  if (next instanceof Error) throw next;
  return next;
};
const desk: Desk = {
  command: (delivery, text) => answer('command', delivery, text),
  action: (delivery, action, args) => answer('action', delivery, action, args),
  openForm: (delivery, name, context) => answer('openForm', delivery, name, context),
  resume: (delivery, draft) => answer('resume', delivery, draft),
  submit: (delivery, draft, typed) => answer('submit', delivery, draft, typed),
  back: (delivery, draft, typed) => answer('back', delivery, draft, typed),
  async lookup(delivery, source, typed) {
    asked.push({ method: 'lookup', delivery, rest: [source, typed] });
    return [{ value: 'c1', label: '*Acme*' }];
  },
  async home(delivery) {
    asked.push({ method: 'home', delivery, rest: [] });
    return { title: 'Your work', blocks: [] };
  },
};

const seenKeys = new Set<string>();
let memory: 'up' | 'down' = 'up';
const seen = async (key: string): Promise<boolean> => {
  if (memory === 'down') throw new Error('database is down');
  const before = seenKeys.has(key);
  seenKeys.add(key);
  return before;
};
const file = { name: 'summary.xlsx', contentType: 'application/vnd.ms-excel', bytes: Buffer.from('0123456789') };

let teams: FakeTeams;
beforeAll(async () => {
  // The SDK reads these when an option is left out; none may get through.
  vi.stubEnv('CLIENT_ID', 'env-client');
  vi.stubEnv('CLIENT_SECRET', 'env-secret');
  vi.stubEnv('TENANT_ID', 'env-tenant');
  vi.stubEnv('SERVICE_URL', 'https://env.example');
  vi.stubEnv('CLOUD', 'China');
  vi.stubEnv('MANAGED_IDENTITY_CLIENT_ID', 'system');
  vi.stubEnv('DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS', 'true');
  teams = await startFakeTeams({
    desk,
    seen,
    links: { urlOf: (fileId) => `https://desk.example/files/${fileId}` },
    fileBytes: async (fileId, by) => (fileId === 'file-1' && by.userId === '29:yuki' ? file : null),
  });
});
afterEach(() => {
  asked.length = 0;
  answers.length = 0;
  teams.calls.length = 0;
  teams.refusals.length = 0;
  teams.logged.length = 0;
  memory = 'up';
});
afterAll(async () => {
  await teams.stop();
  vi.unstubAllEnvs();
});

const cardOf = (post: { attachments: { content: unknown }[] } | undefined): Record<string, unknown> =>
  post?.attachments[0]?.content as Record<string, unknown>;
const soon = <T>(check: () => T): Promise<T> => vi.waitFor(check, { timeout: 3000, interval: 10 });
const posted = (count: number) =>
  soon(() => {
    expect(teams.posts()).toHaveLength(count);
    return teams.posts();
  });
/** Long enough for something that must not happen to have happened. */
const aWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

describe('who is let in', () => {
  const unheard = async (): Promise<void> => {
    await aWhile();
    expect(asked).toEqual([]);
    expect(teams.posts()).toEqual([]);
  };

  test('a signed activity of our tenant', async () => {
    expect(await teams.deliver(teams.activity())).toMatchObject({ status: 200 });
    await posted(1);
    expect(asked).toMatchObject([{ method: 'command', rest: ['help'] }]);
  });

  test.for([
    ['no token', null],
    ['a token that is none', 'x'],
    ['nonsense in three parts', 'a.b.c'],
  ] as const)('not: %s', async ([, bearer]) => {
    const answered = await teams.deliver(teams.activity(), { bearer });
    expect([401, 403]).toContain(answered.status);
    await unheard();
  });

  test.for([
    ['signed with another key', { forged: true }, 401],
    ['for another app', { aud: 'other' }, 401],
    ['run out', { exp: '-10m' }, 401],
    ['for another service url', { serviceurl: 'https://smba.trafficmanager.net/emea' }, 401],
    ['issued by Entra', { iss: `https://login.microsoftonline.com/${tenantId}/v2.0` }, 403],
    ['issued by Entra, version 1', { iss: `https://sts.windows.net/${tenantId}/` }, 403],
    ['issued by anybody', { iss: 'https://evil.example' }, 403],
  ] as const)('not: a token %s', async ([, over, status]) => {
    const answered = await teams.deliver(teams.activity(), { bearer: await teams.token(over) });
    expect(answered.status).toBe(status);
    await unheard();
  });

  test('not: a token that Entra itself issued to somebody in any tenant, though its signature is good', async () => {
    const bearer = await teams.token({ iss: `${teams.url}/attacker/v2.0`, tid: 'attacker' });
    expect(await teams.deliver(teams.activity(), { bearer })).toMatchObject({ status: 403, body: { error: 'issuer' } });
    await unheard();
  });

  test.for([
    ['https://evil.example', 'another host'],
    ['https://smba.trafficmanager.net.evil.example', 'a host that begins alike'],
    ['https://smba.trafficmanager.net@evil.example', 'a host hidden behind a name'],
    ['http://smba.trafficmanager.net', 'the host without TLS'],
    ['nonsense', 'no address'],
  ])('not: answers to %s, %s', async ([serviceUrl]) => {
    const bearer = await teams.token({ serviceurl: serviceUrl! });
    const answered = await teams.deliver(teams.activity({ serviceUrl }), { bearer });
    expect(answered).toMatchObject({ status: 403, body: { error: 'service_url' } });
    await unheard();
  });

  test('not: an activity without a service url, though its token is good', async () => {
    const { serviceUrl: _dropped, ...rest } = teams.activity();
    expect((await teams.deliver(rest)).status).toBe(400);
    await unheard();
  });

  test.for([
    ['of another tenant', { channelData: { tenant: { id: 'other' } } }],
    ['of two tenants at once', { conversation: { id: 'a:x', conversationType: 'personal', tenantId: 'other' } }],
    ['of no tenant', { channelData: {}, conversation: { id: 'a:x', conversationType: 'personal' } }],
  ] as const)('not: an activity %s', async ([, over]) => {
    expect(await teams.deliver(teams.activity(over))).toMatchObject({ status: 403, body: { error: 'tenant' } });
    await unheard();
  });

  test.for([
    'null',
    '[]',
    '"text"',
    '{}',
    '{"type":"message"}',
    'not json',
    '',
    '{"type":"invoke","name":"adaptiveCard/action","value":null}',
    '[[[[[[[[[[[[[[[[',
  ])('nonsense is refused, not stumbled over: %s', async (body) => {
    const answered = await teams.deliver(body);
    expect(answered.status).toBe(400);
    expect(answered.text).not.toMatch(/\bat .+:\d+/);
    await unheard();
  });

  test.for([
    ['from', undefined],
    ['conversation', null],
    ['id', ''],
    ['recipient', 'bot'],
    ['channelId', 'webchat'],
    ['entities', [{ type: 'mention' }]],
    ['text', 7],
  ] as const)('a message with a broken %s is refused', async ([name, value]) => {
    expect((await teams.deliver(teams.activity({ [name]: value }))).status).toBe(400);
    await unheard();
  });

  test.for([
    ['adaptiveCard/action', null],
    ['adaptiveCard/action', { action: 'x' }],
    ['task/submit', null],
    ['fileConsent/invoke', { action: 'maybe' }],
    ['application/search', 'x'],
  ] as const)('an invoke %s with a broken value is refused', async ([name, value]) => {
    expect((await teams.deliver(teams.invoke(name, value))).status).toBe(400);
    await unheard();
  });

  test('whatever stands in the place of anything, nothing breaks', async () => {
    const whole = [
      teams.activity(),
      teams.channel(),
      teams.invoke('adaptiveCard/action', { action: { verb: 'x', data: { args: { a: 'b' } } } }),
      teams.invoke('task/fetch', { data: { open: { form: 'x', context: {} } } }),
      teams.invoke('task/submit', { data: { form: { draft: 'x', go: 'next' }, 'one:name': 'Gold' } }),
      teams.invoke('application/search', { queryText: 'a', dataset: 'customer' }),
      teams.invoke('fileConsent/invoke', { action: 'decline', context: { fileId: 'f', name: 'n' } }),
      teams.activity({ type: 'installationUpdate', action: 'add' }),
    ];
    const pathsOf = (value: unknown): string[][] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([name, part]) => [[name], ...pathsOf(part).map((path) => [name, ...path])])
        : [];
    const cases = whole.flatMap((activity) => pathsOf(activity).map((path) => ({ activity, path })));
    const odd = fc.oneof(
      fc.constantFrom(null, '', [], {}, true, -1, [null], '__proto__', 'x'.repeat(1200)),
      fc.jsonValue(),
    );
    const bearer = await teams.token();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...cases), odd, async ({ activity, path }, value) => {
        const changed = structuredClone(activity);
        const parent = path.slice(0, -1).reduce((at, name) => at[name] as Record<string, unknown>, changed);
        parent[path.at(-1)!] = value;
        const answered = await teams.deliver(changed, { bearer });
        expect([200, 400, 401, 403]).toContain(answered.status);
        expect(answered.text).not.toMatch(/\bat .+:\d+|Error/);
      }),
      { numRuns: 400 },
    );
    // Answers to what was taken come later; the next test must not hear them.
    for (let before = -1; before !== teams.calls.length; await aWhile()) before = teams.calls.length;
    expect(teams.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  test('kinds of activity that we do not know are taken and ignored', async () => {
    for (const over of [
      { type: 'typing' },
      { type: 'conversationUpdate', membersAdded: [{ id: 'x' }] },
      { type: 'messageReaction' },
      { type: 'invoke', name: 'signin/verifyStateX', value: {} },
      { type: 'invoke', name: 'composeExtension/submitAction', value: {} },
    ]) {
      expect((await teams.deliver(teams.activity(over))).status).toBe(200);
    }
    await unheard();
  });

  test('more than a megabyte is refused', async () => {
    expect((await teams.deliver(teams.activity({ text: 'x'.repeat(1_000_001) }))).status).toBe(413);
    await unheard();
  });

  test('neither secret nor token reaches the log', async () => {
    answers.push(new Error('boom'));
    await teams.deliver(teams.activity());
    await teams.deliver(teams.activity(), { bearer: await teams.token({ forged: true }) });
    teams.refusals.push({ status: 403 });
    await teams.deliver(teams.activity());
    await aWhile();
    expect(teams.logged.length).toBeGreaterThan(0);
    for (const line of teams.logged) expect(line).not.toMatch(/the-secret|Bearer|eyJ/);
  });

  test('what is sent goes out with our own token, whatever the environment holds', async () => {
    await teams.deliver(teams.activity());
    await posted(1);
    const [post] = teams.calls.filter(({ path }) => path.endsWith('/activities'));
    const claims = JSON.parse(Buffer.from(post!.authorization!.split('.')[1]!, 'base64url').toString());
    expect(claims.appid).toBe(clientId);
  });
});

describe('the same delivery again', () => {
  test('of a message: 200, and nothing is done', async () => {
    const activity = teams.activity({ text: 'customer list' });
    expect((await teams.deliver(activity)).status).toBe(200);
    await posted(1);
    expect((await teams.deliver(activity)).status).toBe(200);
    await aWhile();
    expect(asked).toHaveLength(1);
    expect(teams.posts()).toHaveLength(1);
  });

  test('of a click: the first answer, also when both come at once', async () => {
    answers.push({ kind: 'replace', message: { title: 'Approved', blocks: [] } });
    const click = teams.invoke('adaptiveCard/action', { action: { verb: 'report.approve', data: { args: {} } } });
    const both = await Promise.all([teams.deliver(click), teams.deliver(click)]);
    expect(both[0].body).toEqual(both[1].body);
    expect(await teams.deliver(click)).toMatchObject({ body: { value: { fallbackText: 'Approved' } } });
    expect(asked).toHaveLength(1);
  });

  test('of a click that another instance answered: asked anew under the same id, not said twice', async () => {
    const click = teams.invoke('adaptiveCard/action', { action: { verb: 'report.show', data: { args: {} } } });
    seenKeys.add(`teams:${tenantId}:a:chat-yuki:${String(click.id)}`);
    expect(await teams.deliver(click)).toMatchObject({ status: 200, body: { value: 'Answer to action' } });
    expect(asked).toMatchObject([{ method: 'action', delivery: { deliveryId: click.id } }]);
    await aWhile();
    expect(teams.posts()).toEqual([]);
  });

  test('of a form that another instance took: a sentence', async () => {
    const submit = teams.invoke('task/submit', { data: { form: { draft: 'd', go: 'next' } } });
    seenKeys.add(`teams:${tenantId}:a:chat-yuki:${String(submit.id)}`);
    expect(await teams.deliver(submit)).toMatchObject({
      status: 200,
      body: { task: { type: 'message', value: 'This was already received.' } },
    });
    expect(asked).toEqual([]);
  });
});

describe('messages are commands', () => {
  test.for([
    ['plan create', 'plan create'],
    ['lmp plan create', 'plan create'],
    ['/LMP  plan create ', 'plan create'],
    ['lmp', ''],
    ['lmpx', 'lmpx'],
    ['customer\u00a0show&nbsp;acme', 'customer show acme'],
  ])('“%s” is “%s”', async ([text, command]) => {
    await teams.deliver(teams.activity({ text }));
    await posted(1);
    expect(asked[0]!.rest).toEqual([command]);
  });

  test('a private answer is a card in the same chat, and the way back is kept', async () => {
    answers.push(said('Your <customers>'));
    await teams.deliver(teams.activity({ text: 'customer list' }));
    const [post] = await posted(1);
    expect(post).toMatchObject({ conversation: 'a:chat-yuki', summary: 'Your <customers>' });
    expect(faultsOfCard(cardOf(post))).toEqual([]);
    expect(asked[0]!.delivery).toMatchObject({
      platform: 'teams',
      workspace: tenantId,
      userId: '29:yuki',
      channel: null,
      address: { kind: 'personal', serviceUrl: teams.url, conversation: 'a:chat-yuki', user: '29:yuki' },
    });
  });

  test('a command that opens a form is answered with a button that opens it', async () => {
    answers.push(form());
    await teams.deliver(teams.activity({ text: 'plan create' }));
    const [post] = await posted(1);
    expect(JSON.stringify(cardOf(post))).toContain('"resume":"draft-1"');
  });

  test('a refusal is said in its own words', async () => {
    answers.push({ kind: 'refused', text: 'There is no such plan *x*.' });
    await teams.deliver(teams.activity());
    expect(textsOf(cardOf((await posted(1))[0]))).toContain('There is no such plan *x*.');
  });

  test('in a channel the answer goes to the private chat, and the thread is told', async () => {
    answers.push(said('Dashboard'));
    const mention = { type: 'mention', mentioned: { id: `28:${clientId}` }, text: '<at>Seatwise</at>' };
    await teams.deliver(
      teams.channel({ from: { id: '29:new' }, text: '<at>Seatwise</at>&nbsp;dashboard', entities: [mention] }),
    );
    const [answered, told] = await posted(2);
    expect(asked[0]).toMatchObject({
      rest: ['dashboard'],
      delivery: {
        channel: {
          id: '19:licences@thread.tacv2',
          name: 'Licences',
          address: { kind: 'channel', conversation: '19:licences@thread.tacv2' },
          botIsMember: true,
        },
        address: { conversation: 'a:private-29:new' },
      },
    });
    expect(answered).toMatchObject({ conversation: 'a:private-29:new', summary: 'Dashboard' });
    expect(told).toMatchObject({
      conversation: '19:licences@thread.tacv2;messageid=17',
      text: 'I answered in our private chat.',
      textFormat: 'plain',
    });
  });

  test('in a channel, somebody to whom no private chat can be opened is told so, and nothing is shown there', async () => {
    const refusal = { status: 403, body: { error: { code: 'ForbiddenOperationException' } } };
    teams.refusals.push(refusal);
    await teams.deliver(teams.channel({ from: { id: '29:nobody' } }));
    const [told] = await posted(1);
    expect(told.text).toMatch(/cannot write to you in private/);
    expect(asked).toEqual([]);
  });

  test('an answer waits as long as Teams asks, then is given', async () => {
    teams.refusals.push({ status: 429, headers: { 'retry-after': '1' } });
    const started = performance.now();
    await teams.deliver(teams.activity());
    // Acknowledged although the answer waits.
    expect(teams.posts().length).toBeLessThan(2);
    await posted(2);
    expect(performance.now() - started).toBeGreaterThan(900);
  });

  test('when the memory of deliveries is down, the person is told and nothing is done', async () => {
    memory = 'down';
    await teams.deliver(teams.activity());
    expect((await posted(1))[0].text).toMatch(/broke on our side/);
    expect(asked).toEqual([]);
  });

  test('who installs the bot is welcomed with his work', async () => {
    await teams.deliver(teams.activity({ type: 'installationUpdate', action: 'add', text: undefined }));
    const [post] = await posted(1);
    expect(post.summary).toBe('Your work');
    expect(textsOf(cardOf(post)).join(' ')).toMatch(/Welcome to Seatwise/);
    expect(asked[0]).toMatchObject({ method: 'home', delivery: { address: { conversation: 'a:chat-yuki' } } });
  });
});

describe('buttons', () => {
  const click = (verb: unknown, data: unknown, over: Record<string, unknown> = {}) =>
    teams.deliver(teams.invoke('adaptiveCard/action', { action: { type: 'Action.Execute', verb, data } }, over));

  test('a replacing answer takes the place of the card', async () => {
    answers.push({ kind: 'replace', message: { title: 'Page 2', blocks: [] } });
    const { status, body } = await click('customer.list', { args: { page: '2' } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive' });
    expect(faultsOfCard(body.value)).toEqual([]);
    expect(asked[0]).toMatchObject({ method: 'action', rest: ['customer.list', { page: '2' }] });
  });

  test('any other answer is said in the private chat, with a receipt at once', async () => {
    answers.push(said('Customer Acme'));
    expect(await click('customer.show', { args: {} })).toMatchObject({
      body: { type: 'application/vnd.microsoft.activity.message', value: 'Customer Acme' },
    });
    expect((await posted(1))[0]).toMatchObject({ conversation: 'a:chat-yuki', summary: 'Customer Acme' });
  });

  test('in a channel nothing of the answer is shown', async () => {
    answers.push(said('Secret figures'));
    const channel = teams.channel();
    const { body } = await click(
      'x',
      { args: {} },
      { conversation: channel.conversation, channelData: channel.channelData },
    );
    expect(body.value).toBe('I answered in our private chat.');
    expect((await posted(1))[0].conversation).not.toMatch(/^19:/);
  });

  test('a refusal answers the clicker', async () => {
    answers.push({ kind: 'refused', text: 'Mia approved this 2 minutes ago.' });
    expect((await click('report.approve', { args: {} })).body.value).toBe('Mia approved this 2 minutes ago.');
    await aWhile();
    expect(teams.posts()).toEqual([]);
  });

  test.for([
    ['no verb', undefined, { args: {} }],
    ['no data', 'x', undefined],
    ['data that are no texts', 'x', { args: { a: 1 } }],
  ] as const)('a button of another time (%s) is out of date', async ([, verb, data]) => {
    expect((await click(verb, data)).body.value).toBe('This message is out of date.');
    expect(asked).toEqual([]);
  });

  test('a broken desk still gives an answer', async () => {
    answers.push(new Error('boom'));
    const { status, body, text } = await click('x', { args: {} });
    expect(status).toBe(200);
    expect(body.value).toMatch(/broke on our side/);
    expect(text).not.toContain('boom');
  });
});

describe('dialogs', () => {
  const fetchDialog = (data: unknown) =>
    teams.deliver(teams.invoke('task/fetch', { data, context: { theme: 'dark' } }));
  const submit = (data: unknown, over: Record<string, unknown> = {}) =>
    teams.deliver(teams.invoke('task/submit', { data }, over));
  const typed = { 'one:name': 'Gold', 'many:days': '7,14', 'one:note': '' };

  test('a button opens the form it names', async () => {
    answers.push(form());
    const { body } = await fetchDialog({
      msteams: { type: 'task/fetch' },
      open: { form: 'plan.create', context: { a: 'b' } },
    });
    expect(asked[0]).toMatchObject({
      method: 'openForm',
      rest: ['plan.create', { a: 'b' }],
      delivery: { origin: { conversation: 'a:chat-yuki', message: 'clicked-1' } },
    });
    expect(body.task).toMatchObject({ type: 'continue', value: { title: 'Create a plan' } });
    expect(faultsOfCard(body.task.value.card.content)).toEqual([]);
    expect(inputsOf(body.task.value.card.content)).toMatchObject([{ label: 'Service plan' }]);
  });

  test('a drafted form is resumed', async () => {
    answers.push(form());
    expect((await fetchDialog({ resume: 'draft-1' })).body.task.type).toBe('continue');
    expect(asked[0]).toMatchObject({ method: 'resume', rest: ['draft-1'] });
  });

  test('a form that may not be opened says why', async () => {
    answers.push({ kind: 'refused', text: 'You do not have the right to do this.' });
    expect((await fetchDialog({ open: { form: 'x', context: {} } })).body.task).toEqual({
      type: 'message',
      value: 'You do not have the right to do this.',
    });
    expect((await fetchDialog({ odd: true })).body.task.value).toBe('This message is out of date.');
    expect((await fetchDialog(null)).body.task.value).toBe('This message is out of date.');
  });

  test('next and back carry what was typed; the next step stands in the same dialog', async () => {
    answers.push(form({ step: 2 }), form());
    const next = await submit({ ...typed, form: { draft: 'draft-1', go: 'next' } });
    expect(next.body.task.type).toBe('continue');
    const back = await submit({ ...typed, form: { draft: 'draft-1', go: 'back' } });
    expect(back.body.task.type).toBe('continue');
    expect(asked).toMatchObject([
      { method: 'submit', rest: ['draft-1', { name: 'Gold', days: ['7', '14'] }] },
      { method: 'back', rest: ['draft-1', { name: 'Gold', days: ['7', '14'] }] },
    ]);
  });

  test('complaints come back in the same dialog', async () => {
    answers.push(form({ errors: { name: 'This name is taken.' } }));
    const { body } = await submit({ form: { draft: 'draft-1', go: 'next' } });
    expect(textsOf(body.task.value.card.content)).toContain('This name is taken.');
  });

  test('when it is done, the dialog closes and the receipt stands in the chat', async () => {
    answers.push(said('Plan created'));
    expect(await submit({ form: { draft: 'd', go: 'next' } })).toMatchObject({ status: 200, body: null });
    expect((await posted(1))[0]).toMatchObject({ conversation: 'a:chat-yuki', summary: 'Plan created' });
  });

  test('a replacing receipt takes the place of the message whose button opened the form', async () => {
    answers.push({
      kind: 'replace',
      message: { title: 'Rejected', blocks: [] },
      origin: { conversation: 'a:chat-yuki', message: 'clicked-1' },
    });
    expect((await submit({ form: { draft: 'd', go: 'next' } })).status).toBe(200);
    await soon(() => expect(teams.calls.filter(({ method }) => method === 'PUT')).toHaveLength(1));
    expect(teams.calls.at(-1)).toMatchObject({
      path: '/v3/conversations/a:chat-yuki/activities/clicked-1',
      json: { summary: 'Rejected' },
    });
  });

  test('nonsense is out of date', async () => {
    for (const data of [null, 'x', {}, { form: { draft: 'd', go: 'sideways' } }]) {
      expect((await submit(data)).body.task.value).toBe('This message is out of date.');
    }
    expect(asked).toEqual([]);
  });
});

test('a search is a lookup of its data set', async () => {
  const search = { queryText: 'ac', queryOptions: { skip: 0, top: 15 }, dataset: 'customer' };
  const { status, body } = await teams.deliver(teams.invoke('application/search', search));
  expect(status).toBe(200);
  expect(body).toEqual({
    statusCode: 200,
    type: 'application/vnd.microsoft.search.searchResponse',
    value: { results: [{ title: '*Acme*', value: 'c1' }] },
  });
  expect(asked[0]).toMatchObject({ method: 'lookup', rest: ['customer', 'ac'] });
});

describe('files', () => {
  const decide = (value: object, over: Record<string, unknown> = {}) =>
    teams.deliver(teams.invoke('fileConsent/invoke', { type: 'fileUpload', ...value }, over));
  const context = { fileId: 'file-1', name: 'summary.xlsx' };
  const uploadInfo = (uploadUrl: string) => ({
    uploadUrl,
    contentUrl: 'https://x.sharepoint.com/f',
    uniqueId: 'u1',
    fileType: 'xlsx',
  });

  test('accepted: the bytes go up without our token, and the file is shown', async () => {
    expect((await decide({ action: 'accept', context, uploadInfo: uploadInfo(`${teams.url}/upload/1`) })).status).toBe(
      200,
    );
    const [post] = await posted(1);
    const put = teams.calls.find(({ method }) => method === 'PUT');
    expect(put).toMatchObject({ path: '/upload/1', headers: { 'content-range': 'bytes 0-9/10' } });
    expect(put!.body.toString()).toBe('0123456789');
    expect(put!.authorization).toBeUndefined();
    expect(post.attachments).toMatchObject([
      {
        contentType: 'application/vnd.microsoft.teams.card.file.info',
        name: 'summary.xlsx',
        content: { uniqueId: 'u1', fileType: 'xlsx' },
      },
    ]);
  });

  test.for([
    'https://evil.example/upload',
    'http://x.sharepoint.com/upload',
    'https://sharepoint.com.evil.example/',
    'x',
  ])('never to %s', async (uploadUrl) => {
    await decide({ action: 'accept', context, uploadInfo: uploadInfo(uploadUrl) });
    expect((await posted(1))[0].text).toMatch(/could not be saved/);
    expect(teams.calls.some(({ method }) => method === 'PUT')).toBe(false);
  });

  test('somebody else does not get it', async () => {
    const over = { from: { id: '29:olga' }, conversation: { id: 'a:olga', conversationType: 'personal', tenantId } };
    await decide({ action: 'accept', context, uploadInfo: uploadInfo(`${teams.url}/upload/1`) }, over);
    expect((await posted(1))[0].text).toMatch(/no longer there/);
    expect(teams.calls.some(({ method }) => method === 'PUT')).toBe(false);
  });

  test('declined: a sentence', async () => {
    await decide({ action: 'decline', context });
    expect((await posted(1))[0].text).toBe('summary.xlsx was not saved. Ask again when you want it.');
  });
});

test('a stop waits for what was acknowledged', async () => {
  const waiting = Promise.withResolvers<void>();
  const other = await startFakeTeams({
    desk: { ...desk, command: () => waiting.promise.then(() => said('Late')) },
    seen,
    links: { urlOf: (fileId) => fileId },
    fileBytes: async () => null,
  });
  await other.deliver(other.activity());
  await aWhile();
  const stopped = other.stop();
  expect(other.posts()).toEqual([]);
  waiting.resolve();
  await stopped;
  expect(other.posts()).toHaveLength(1);
});
