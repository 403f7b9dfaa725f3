/** The whole way: a person in Teams, signed HTTP, the adapter, the desk, a database, and what he then reads. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { teamsPerson, type TeamsPerson } from '../../../playground/driver.ts';
import { readBody } from '../../../playground/http.ts';
import { startPlayground, type Playground } from '../../../playground/server.ts';
import { createDesk } from '../../../src/bot/create-desk.ts';
import type { Feature } from '../../../src/bot/feature.ts';
import { helpFeature } from '../../../src/bot/features/help.ts';
import { createRegistry } from '../../../src/bot/registry.ts';
import { createTeams, type Teams } from '../../../src/bot/teams/adapter.ts';
import { rule } from '../../../src/core/errors.ts';
import { meetPerson } from '../../../src/core/people/meet-person.ts';
import { actorByAccount } from '../../../src/core/people/resolve-actor.ts';
import { LinkedIdentity } from '../../../src/core/people/linked-identity.ts';
import { createWorld, type World } from '../../support/world.ts';

const channel = '19:licences@thread.tacv2';
const made: object[] = [];

/** A capability with all that a form can have. */
const things: Feature = {
  commands: [
    {
      words: 'thing add',
      usage: 'thing add',
      does: 'Add a thing',
      needs: 'license',
      run: async (_ask, rest) => ({ kind: 'form', form: 'thing.add', context: { name: rest } }),
    },
    {
      words: 'thing list',
      usage: 'thing list',
      does: 'List things',
      needs: 'see',
      run: async () => ({ kind: 'message', message: pageOfThings(1) }),
    },
  ],
  forms: [
    {
      name: 'thing.add',
      needs: 'license',
      steps: [
        {
          fields: ['name', 'customer'],
          draw: async (_ask, context) => ({
            title: 'Add a thing',
            submit: 'Next',
            fields: [
              { kind: 'text', name: 'name', label: 'Name', ...(context.name && { value: context.name }) },
              { kind: 'lookup', name: 'customer', label: 'Customer', source: 'customer' },
            ],
          }),
          check: async (_ask, _context, { name }) => {
            if (name === 'taken') throw rule('not_found', { field: 'name', params: { what: '<b>name</b>' } });
          },
        },
        {
          fields: ['units', 'renew'],
          draw: async (_ask, _context, { name }) => ({
            title: 'Add a thing',
            submit: 'Add',
            intro: [{ kind: 'text', text: `About ${String(name)}` }],
            fields: [
              { kind: 'number', name: 'units', label: 'Units', minimum: 1 },
              { kind: 'toggle', name: 'renew', label: 'Auto-renewal' },
            ],
          }),
        },
      ],
      submit: async (_ask, answers) => {
        made.push(answers);
        return { kind: 'message', message: { title: 'Thing added', blocks: [] } };
      },
    },
  ],
  actions: [
    {
      name: 'thing.page',
      needs: 'see',
      run: async (_ask, { page }) => ({ kind: 'replace', message: pageOfThings(Number(page)) }),
    },
    {
      name: 'thing.drop',
      needs: 'license',
      run: async () => ({ kind: 'replace', message: { title: 'Thing dropped', blocks: [] } }),
    },
  ],
  lookups: [
    {
      source: 'customer',
      needs: 'see',
      find: async (_ask, typed) =>
        [
          { value: 'c1', label: 'Acme *Corp*' },
          { value: 'c2', label: 'Bolt Ltd.' },
        ].filter(({ value, label }) => value === typed || label.toLowerCase().includes(typed.toLowerCase())),
    },
  ],
};
const pageOfThings = (page: number) =>
  ({
    title: `Things, page ${page}`,
    blocks: [
      {
        kind: 'rows',
        rows: [
          {
            title: `Thing _${page}_ {{DATE(2026-01-01T00:00:00Z)}}`,
            button: {
              kind: 'run',
              label: 'Drop…',
              action: 'thing.drop',
              args: {},
              confirm: { title: 'Drop it?', text: 'It is gone then.', ok: 'Drop' },
            },
          },
        ],
      },
      { kind: 'pager', action: 'thing.page', args: {}, page, pages: 3 },
    ],
  }) as const;

let world: World;
let playground: Playground;
let teams: Teams;
let close: () => Promise<void>;
let yuki: TeamsPerson;
let vera: TeamsPerson;

beforeAll(async () => {
  world = await createWorld();
  playground = await startPlayground({ port: 0, dataDir: ':memory:' });
  const log = pino({ level: 'silent' });
  const { execute } = world;
  const features: Feature[] = [things, helpFeature(() => createRegistry(features).commands)];
  const env = playground.environment();
  teams = await createTeams({
    desk: createDesk({
      features,
      execute,
      people: {
        find: async (platform, workspace, userId) =>
          (await execute(actorByAccount, world.system, { platform, workspace, userId })).actor,
        met: async (platform, workspace, userId, address) => {
          await execute(meetPerson, world.system, { platform, workspace, userId, address });
        },
      },
      now: () => world.clock.now(),
      log,
    }),
    log,
    links: { urlOf: (fileId) => `http://127.0.0.1/files/${fileId}` },
    clientId: env.CLIENT_ID!,
    clientSecret: env.CLIENT_SECRET!,
    tenantId: env.TENANT_ID!,
    serviceUrl: env.TEAMS_SERVICE_URL!,
    loginUrl: env.TEAMS_LOGIN_URL!,
    openIdUrl: env.TEAMS_OPENID_URL!,
    seen: async (key) => !(await world.database.takeDelivery(key)),
    fileBytes: async () => ({ name: 'a.xlsx', contentType: 'application/x', bytes: Buffer.from('0123456789') }),
  });
  const server = createServer((request, response) => {
    void readBody(request, 1e6).then((raw) => teams.handle(request, response, Buffer.from(raw as Uint8Array)));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  playground.setApp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  yuki = teamsPerson(playground, 'yuki');
  vera = teamsPerson(playground, 'vera');
});
beforeEach(() => {
  made.length = 0;
});
afterAll(async () => {
  await teams.stop();
  await close();
  await playground.stop();
  await world.close();
});

test('a command is answered in the private chat, and the way there is kept', async () => {
  await yuki.say('help');
  await yuki.sees('thing add');
  const identity = await world.stored(LinkedIdentity, { platform: 'teams', userId: yuki.user });
  expect(identity.address).toMatchObject({ kind: 'personal', conversation: yuki.personal, user: yuki.user });
});

test('in a channel only the receipt is public', async () => {
  await yuki.say('thing list', { in: channel });
  await yuki.sees('I answered in our private chat.', channel);
  await yuki.sees('Things, page 1', yuki.personal);
  expect(yuki.messages(channel).map(yuki.text).join()).not.toContain('Things, page');
});

test('a list turns its pages in place, and its text is literal', async () => {
  await yuki.say('thing list');
  const list = await yuki.sees(['Things, page 1', 'Thing _1_ {{DATE(2026-01-01T00:00:00Z)}}', '1/3']);
  expect(yuki.canClick('‹', { message: list })).toBe(false);
  await yuki.click('›', { message: list });
  expect((await yuki.sees(['Things, page 2', '2/3'])).id).toBe(list.id);
});

test('a confirmation is asked before anything is done', async () => {
  await yuki.say('thing list');
  const list = await yuki.sees('Things, page 1');
  expect(yuki.canClick('Drop', { message: list })).toBe(false);
  await yuki.click('Drop…', { message: list });
  expect(yuki.canClick('Drop', { message: list })).toBe(true);
  await yuki.click('Drop', { message: list });
  await yuki.sees('Thing dropped');
});

describe('a form', () => {
  const openForm = async (): Promise<void> => {
    await yuki.say('thing add Gold');
    const said = yuki.messages(yuki.personal).at(-1)!;
    const prompt = await yuki.until(() => yuki.messages(yuki.personal).find(({ id }) => Number(id) > Number(said.id)));
    await yuki.click('Open the form', { message: prompt });
    await yuki.seesDialog('Add a thing');
  };

  test('goes on, back and on again with all that was typed, and ends in a receipt', async () => {
    await openForm();
    expect(await yuki.choices('Customer', 'acme')).toEqual(['Acme *Corp*']);
    await yuki.choose('Customer', 'Acme *Corp*');
    await yuki.click('Next');
    expect(yuki.dialog()!.text).toContain('About Gold');
    await yuki.fill('Units', '25');
    await yuki.toggle('Auto-renewal', true);
    await yuki.click('Back');
    expect(yuki.dialog()!.text).toContain('Step 1 of 2');
    expect(await yuki.choices('Customer')).toContain('Acme *Corp*');
    await yuki.fill('Name', 'Silver');
    await yuki.click('Next');
    expect(yuki.dialog()!.text).toContain('About Silver');
    await yuki.click('Add');
    await yuki.sees('Thing added');
    expect(yuki.dialog()).toBeUndefined();
    expect(made).toEqual([{ name: 'Silver', customer: 'c1', units: '25', renew: 'true' }]);
  });

  test('that is refused stands again with the complaint by its field and nothing lost', async () => {
    await openForm();
    await yuki.fill('Name', '');
    await yuki.choose('Customer', 'Bolt');
    await yuki.click('Next');
    expect(yuki.dialog()!.text).toMatch(/One answer needs another look[\s\S]*This is needed/);
    await yuki.fill('Name', 'taken');
    await yuki.click('Next');
    expect(yuki.dialog()!.text).toContain('There is no such <b>name</b>.');
    await yuki.fill('Name', 'free');
    await yuki.click('Next');
    await yuki.fill('Units', '0');
    await yuki.click('Add');
    expect(yuki.dialog()!.text).toContain('The least is 1.');
    await yuki.fill('Units', '1');
    await yuki.click('Add');
    await yuki.sees('Thing added');
    expect(made).toMatchObject([{ name: 'free', customer: 'c2', units: '1' }]);
  });

  test('is not opened for somebody without the right, who is told', async () => {
    await vera.say('thing add');
    await vera.sees('You do not have the right to do this.');
    expect(vera.canClick('Open the form')).toBe(false);
  });
});

test('somebody whose account is linked to nobody is told how to link it', async () => {
  await world.sql(`delete from linked_identity where user_id = '29:jonas'`);
  const jonas = teamsPerson(playground, 'jonas');
  await jonas.say('thing list');
  await jonas.sees('This account is not linked yet');
});

test('everything delivered twice is done once', async () => {
  playground.desk.setFaults({ duplicateDeliveries: true });
  try {
    const before = yuki.messages(yuki.personal).length;
    await yuki.say('thing add Twice');
    await vi.waitFor(() => expect(yuki.messages(yuki.personal)).toHaveLength(before + 2));
    await yuki.click('Open the form');
    await yuki.choose('Customer', 'Bolt');
    await yuki.click('Next');
    await yuki.fill('Units', '3');
    await yuki.click('Add');
    await yuki.sees('Thing added');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(made).toHaveLength(1);
    expect(yuki.messages(yuki.personal)).toHaveLength(before + 3);
  } finally {
    playground.desk.setFaults({ duplicateDeliveries: false });
  }
});

test('a file is put into the chat when the person agrees', async () => {
  const file = {
    fileId: 'file-1',
    name: 'summary.xlsx',
    contentType: 'application/x',
    bytes: Buffer.from('0123456789'),
    url: 'http://127.0.0.1/f',
  };
  const recipient = { workspace: playground.environment().TENANT_ID!, userId: yuki.user, address: null };
  const address = await teams.sender.privateAddress(recipient);
  await teams.sender.file(address, file, 'The summary of February');
  const asked = yuki.messages(yuki.personal).at(-1)!;
  await yuki.acceptFile(asked);
  await vi.waitFor(() => expect(Buffer.from(yuki.file('summary.xlsx')).toString()).toBe('0123456789'));
});

test('a channel is found by its name once the bot heard from its team, and posted to', async () => {
  const found = await teams.sender.channelOf(playground.environment().TENANT_ID!, '#licences');
  expect(found).toMatchObject({ id: channel, name: 'Licences', botIsMember: true });
  const { messageId } = await teams.sender.post(found!.address, { title: 'Digest', blocks: [] });
  await yuki.sees('Digest', channel);
  await teams.sender.update(found!.address, messageId, { title: 'Digest, late', blocks: [] });
  await yuki.sees('Digest, late', channel);
});
